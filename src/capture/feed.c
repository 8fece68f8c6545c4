/* SPDX-License-Identifier: MIT */
/* The plain bytes of a stream or a compressed file. */
#include "capture/feed.h"
#include "system/files.h"

#include <netmon.h>
#include <string.h>

#define BUFFER                                                                                     \
	(128u << 10) /* twice that was slower by half: it shares the cache with what comes out */
#define MAGIC_BYTES 6u

static ssize_t take(struct nm_feed *f, uint8_t *p, size_t n)
{
	ssize_t r = f->is_file ? nm_prim_pread(f->fd, p, n, f->at) : nm_prim_read(f->fd, p, n);

	f->err = r < 0 ? (int)-r : 0;
	f->at += r > 0 ? (uint64_t)r : 0;
	return r;
}

/* As much as tells a compressed stream; false: cannot be read. */
static bool look_at_head(struct nm_feed *f)
{
	if (!f->is_file)
		nm_prim_wait(f->fd); /* a named pipe may have nobody at its other end yet */
	while (f->in_n < MAGIC_BYTES) {
		ssize_t r = take(f, f->in + f->in_n, BUFFER - f->in_n);

		if (r <= 0)
			return r == 0;
		f->in_n += (size_t)r;
	}
	return true;
}

uint32_t nm_feed_open(struct nm_feed *f, int fd, bool is_file, struct nm_diag *d)
{
	*f = (struct nm_feed){ .fd = fd, .is_file = is_file, .in = nm_prim_alloc(BUFFER) };
	if (!f->in)
		goto no_memory;
	if (!look_at_head(f))
		return nm_diag_set(d, NMERR_FILE_READ_ERROR, NM_NO_OFFSET, "cannot be read");
	if (f->in_n == 0)
		return nm_diag_set(
		    d, NMERR_INVALID_FILE_FORMAT, 0, "not a capture: the stream is empty");
	f->packing = nm_unpack_detect(f->in, f->in_n);
	if (f->packing)
		f->unpacker = nm_unpacker_new(f->packing);
	if (!f->packing || f->unpacker)
		return NMERR_SUCCESS;
no_memory:
	return nm_diag_set(d, NMERR_OUT_OF_MEMORY, NM_NO_OFFSET, "no memory to read it");
}

void nm_feed_done(struct nm_feed *f)
{
	nm_unpacker_free(f->unpacker);
	nm_prim_free(f->in);
	f->unpacker = NULL;
	f->in = NULL;
}

bool nm_feed_is_ready(const struct nm_feed *f)
{
	return f->is_file || f->in_at < f->in_n || nm_prim_is_ready(f->fd);
}

/* Zeros behind a whole compressed stream; false: there is nothing else yet. Another stream may
 * follow them, as xz has it. */
static bool skip_padding(struct nm_feed *f)
{
	while (f->in_at < f->in_n && f->in[f->in_at] == 0)
		f->in_at++;
	return f->in_at < f->in_n;
}

static enum nm_fed unpack_some(struct nm_feed *f, uint8_t *out, size_t room, size_t *ret_n,
    uint32_t *ret_code, const char **ret_why)
{
	const uint8_t *p;
	size_t left;
	enum nm_unpacked r;

	if (f->between && !skip_padding(f))
		return NM_FED_MORE;
	p = f->in + f->in_at;
	left = f->in_n - f->in_at;
	r = nm_unpack(f->unpacker, &p, &left, out, room, ret_n);
	f->in_at = f->in_n - left;
	f->between = r == NM_UNPACKED_WHOLE;
	*ret_code = NMERR_INVALID_FILE_FORMAT;
	switch (r) {
	case NM_UNPACKED_MORE:
	case NM_UNPACKED_WHOLE: return NM_FED_MORE;
	case NM_UNPACKED_BAD: *ret_why = "the compressed data is damaged"; break;
	case NM_UNPACKED_LARGE:
		*ret_why = "it was compressed with a dictionary of over 64 MiB, which is the limit";
		break;
	case NM_UNPACKED_NO_MEMORY:
		*ret_code = NMERR_OUT_OF_MEMORY;
		*ret_why = "no memory to unpack it";
		break;
	}
	return NM_FED_HARMED;
}

static enum nm_fed pass_on(struct nm_feed *f, uint8_t *out, size_t room, size_t *ret_n)
{
	size_t n = f->in_n - f->in_at;

	n = n < room ? n : room;
	memcpy(out, f->in + f->in_at, n);
	f->in_at += n;
	*ret_n = n;
	return NM_FED_MORE;
}

/* The input is at its end, or failed with r. */
static enum nm_fed stop(
    const struct nm_feed *f, ssize_t r, uint32_t *ret_code, const char **ret_why)
{
	*ret_code = r < 0 ? NMERR_FILE_READ_ERROR : NMERR_INVALID_FILE_FORMAT;
	*ret_why = r < 0 ? "it can't be read on" : "the compressed data is cut here";
	return r < 0 || (f->unpacker && !f->between) ? NM_FED_HARMED : NM_FED_END;
}

enum nm_fed nm_feed_next(struct nm_feed *f, uint8_t *out, size_t room, size_t *ret_n,
    uint32_t *ret_code, const char **ret_why)
{
	*ret_n = 0;
	if (f->in_at == f->in_n) {
		ssize_t r;

		/* A pipe that brings pages at a time is passed on without a copy. */
		if (!f->unpacker) {
			r = take(f, out, room < BUFFER ? room : BUFFER);
			*ret_n = r > 0 ? (size_t)r : 0;
			return r > 0 ? NM_FED_MORE : stop(f, r, ret_code, ret_why);
		}
		r = take(f, f->in, BUFFER);
		f->in_at = 0;
		f->in_n = r > 0 ? (size_t)r : 0;
		if (r <= 0)
			return stop(f, r, ret_code, ret_why);
	}
	return f->unpacker ? unpack_some(f, out, room, ret_n, ret_code, ret_why)
			   : pass_on(f, out, room, ret_n);
}
