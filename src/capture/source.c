/* SPDX-License-Identifier: MIT */
/* Bytes out of files, pipes and compressed files. */
#include "capture/source.h"
#include "capture/convoy.h"
#include "system/files.h"
#include "capture/stream.h"
#include "capture/unpack.h"

#include <netmon.h>
#include <stdatomic.h>
#include <string.h>

#define MAGIC_BYTES 6u
#define LOOK_MIN_US 20u   /* between two looks whether a file has grown */
#define LOOK_MAX_US 8000u /* when it has not for some time */

struct nm_source {
	int fd;                         /* borrowed; what was opened */
	bool is_file;                   /* nothing can be polled */
	const _Atomic uint32_t *coming; /* borrowed; zero: it grows no more; NULL: never did */
	uint64_t file_bytes;            /* of a file that is read in place */
	struct nm_stream *stream;       /* owned; NULL: a file that is read in place */
	struct nm_convoy *convoy; /* owned; of such a file, when readers were expected; or NULL */
};

/* ---- opening ---- */

void nm_source_use_temporary(int full_fd, int read_fd)
{
	nm_stream_use_temporary(full_fd, read_fd);
}

static uint32_t open_file(struct nm_source *s, struct nm_diag *d)
{
	uint8_t head[MAGIC_BYTES];
	ssize_t n = nm_prim_pread(s->fd, head, sizeof head, 0);

	if (s->file_bytes == 0)
		return nm_diag_set(
		    d, NMERR_INVALID_FILE_FORMAT, 0, "not a capture: the file is empty");
	if (n < 0)
		return nm_diag_set(d, NMERR_FILE_READ_ERROR, NM_NO_OFFSET, "cannot be read: %s",
		    strerror((int)-n));
	s->is_file = true;
	if (n == 0 || !nm_unpack_detect(head, (size_t)n))
		return NMERR_SUCCESS;
	return nm_stream_open(s->fd, true, &s->stream, d);
}

static uint32_t open_any(struct nm_source *s, struct nm_diag *d)
{
	enum nm_prim_kind kind;
	int err = nm_prim_stat(s->fd, &kind, &s->file_bytes);

	if (err)
		return nm_diag_set(
		    d, NMERR_FILE_READ_ERROR, NM_NO_OFFSET, "cannot be read: %s", strerror(err));
	switch (kind) {
	case NM_PRIM_FILE: return open_file(s, d);
	case NM_PRIM_STREAM: return nm_stream_open(s->fd, false, &s->stream, d);
	case NM_PRIM_DIRECTORY:
		return nm_diag_set(
		    d, NMERR_INVALID_FILE_FORMAT, NM_NO_OFFSET, "is a directory, not a capture");
	case NM_PRIM_TERMINAL:
		return nm_diag_set(
		    d, NMERR_INVALID_FILE_FORMAT, NM_NO_OFFSET, "is a terminal, not a capture");
	case NM_PRIM_DEVICE: break;
	}
	return nm_diag_set(
	    d, NMERR_INVALID_FILE_FORMAT, NM_NO_OFFSET, "is a device, not a capture");
}

static uint32_t open_growing(struct nm_source *s, struct nm_diag *d)
{
	enum nm_prim_kind kind;
	int err = nm_prim_stat(s->fd, &kind, &s->file_bytes);

	if (err || kind != NM_PRIM_FILE)
		return nm_diag_set(d, NMERR_FILE_READ_ERROR, NM_NO_OFFSET, "cannot be read: %s",
		    err ? strerror(err) : "it is no file");
	s->is_file = true;
	return NMERR_SUCCESS;
}

uint32_t nm_source_open_growing(
    int fd, const _Atomic uint32_t *coming, struct nm_source **ret_s, struct nm_diag *d)
{
	struct nm_source *s = nm_prim_alloc(sizeof *s);
	uint32_t err;

	if (!s)
		return nm_diag_set(d, NMERR_OUT_OF_MEMORY, NM_NO_OFFSET, "no memory to read it");
	*s = (struct nm_source){ .fd = fd, .coming = coming };
	err = coming ? open_growing(s, d) : open_any(s, d);
	if (err)
		nm_source_close(s);
	else
		*ret_s = s;
	return err;
}

uint32_t nm_source_open(int fd, struct nm_source **ret_s, struct nm_diag *d)
{
	return nm_source_open_growing(fd, NULL, ret_s, d);
}

void nm_source_close(struct nm_source *s)
{
	if (!s)
		return;
	nm_stream_close(s->stream);
	nm_convoy_free(s->convoy);
	nm_prim_free(s);
}

/* ---- bytes ---- */

static uint64_t bytes_now(const struct nm_source *s)
{
	enum nm_prim_kind kind;
	uint64_t n;

	return nm_prim_stat(s->fd, &kind, &n) ? 0 : n;
}

static uint64_t await_growth(const struct nm_source *s, uint64_t end, enum nm_wait wait,
    const volatile uint32_t *stop, uint64_t *ret_total)
{
	unsigned us = LOOK_MIN_US;

	for (;;) {
		bool coming = atomic_load(s->coming) != 0; /* first: then what is there is all */
		uint64_t n = bytes_now(s);

		*ret_total = coming ? NM_BYTES_UNKNOWN : n;
		if (!coming || n >= end || wait == NM_WAIT_NOT || nm_is_told(stop))
			return n;
		nm_prim_sleep_us(us);
		us = us * 2 < LOOK_MAX_US ? us * 2 : LOOK_MAX_US;
	}
}

uint64_t nm_source_await(struct nm_source *s, uint64_t from, uint64_t end, uint64_t better,
    enum nm_wait wait, const volatile uint32_t *stop, uint64_t *ret_total)
{
	if (s->stream)
		return nm_stream_await(s->stream, from, end, better, wait, stop, ret_total);
	if (s->coming)
		return await_growth(s, end, wait, stop, ret_total);
	*ret_total = s->file_bytes;
	if (!s->convoy)
		return s->file_bytes;
	return nm_convoy_await(s->convoy, from, end < s->file_bytes ? end : s->file_bytes,
	    better < s->file_bytes ? better : s->file_bytes);
}

ssize_t nm_source_pread(const struct nm_source *s, void *buf, size_t n, uint64_t offset)
{
	if (s->stream)
		return nm_stream_pread(s->stream, buf, n, offset);
	if (s->convoy && nm_convoy_copy(s->convoy, buf, n, offset))
		return (ssize_t)n;
	return nm_prim_pread(s->fd, buf, n, offset);
}

uint8_t *nm_source_lend(const struct nm_source *s, uint64_t offset, size_t n)
{
	if (s->stream)
		return nm_stream_lend(s->stream, offset, n);
	return s->convoy ? nm_convoy_take(s->convoy, offset, n) : NULL;
}

void nm_source_keep(struct nm_source *s)
{
	if (s->stream)
		nm_stream_keep(s->stream);
}

/* ---- readers ---- */

void nm_source_expect_readers(struct nm_source *s, bool expected)
{
	if (s->stream)
		nm_stream_expect_readers(s->stream, expected);
	else if (expected && !s->convoy)
		s->convoy = nm_convoy_new(s->fd);
	if (s->convoy)
		nm_convoy_expect(s->convoy, expected);
}

void nm_source_reader_begin(struct nm_source *s, unsigned reader)
{
	if (s->stream)
		nm_stream_reader_begin(s->stream, reader);
	if (s->convoy)
		nm_convoy_reader_begin(s->convoy, reader);
}

void nm_source_reader_end(struct nm_source *s, unsigned reader)
{
	if (s->stream)
		nm_stream_reader_end(s->stream, reader);
	if (s->convoy)
		nm_convoy_reader_end(s->convoy, reader);
}

bool nm_source_make_reader(struct nm_source *s, unsigned reader)
{
	if (s->convoy)
		return nm_convoy_make_reader(s->convoy, reader);
	return !s->stream || nm_stream_make_reader(s->stream, reader);
}

void nm_source_wait_far(struct nm_source *s, bool far)
{
	if (s->stream)
		nm_stream_wait_far(s->stream, far);
	if (s->convoy)
		nm_convoy_wait_far(s->convoy, far);
}

void nm_source_all_read(struct nm_source *s)
{
	if (s->stream)
		nm_stream_all_read(s->stream);
	if (s->convoy)
		nm_convoy_end(s->convoy);
}

bool nm_source_waits(struct nm_source *s, uint64_t at)
{
	return s->convoy && nm_convoy_waits(s->convoy, at);
}

void nm_source_serve(struct nm_source *s)
{
	if (s->stream)
		nm_stream_serve(s->stream);
}

int nm_source_due(const struct nm_source *s)
{
	if (s->stream)
		return nm_stream_due(s->stream);
	return s->convoy ? nm_convoy_due(s->convoy) : -1;
}

/* ---- what it is ---- */

bool nm_source_is_stream(const struct nm_source *s)
{
	return s->stream || s->coming;
}

const char *nm_source_packing(const struct nm_source *s)
{
	return s->stream ? nm_stream_packing(s->stream) : NULL;
}

uint64_t nm_source_input_bytes(const struct nm_source *s)
{
	if (s->coming)
		return bytes_now(s);
	return s->stream ? nm_stream_input_bytes(s->stream) : s->file_bytes;
}

int nm_source_input(const struct nm_source *s)
{
	return s->is_file || nm_stream_has_ended(s->stream) ? -1 : s->fd;
}

bool nm_source_is_open_to_all(const struct nm_source *s)
{
	return !s->convoy && (!s->stream || nm_stream_has_ended(s->stream));
}

int nm_source_fd(const struct nm_source *s)
{
	return s->stream ? nm_stream_fd(s->stream) : s->fd;
}

const struct nm_diag *nm_source_harm(const struct nm_source *s)
{
	return s->stream ? nm_stream_harm(s->stream) : NULL;
}
