/* SPDX-License-Identifier: MIT */
/* Bytes out of files, pipes and compressed files. */
#include "capture/source.h"
#include "capture/prim.h"
#include "capture/unpack.h"

#include <netmon.h>
#include <stdatomic.h>
#include <string.h>

#define BUFFER (256u << 10)
#ifndef NM_SOURCE_PIECE
#define NM_SOURCE_PIECE (1u << 20)
#endif
#define PIECE       NM_SOURCE_PIECE /* written at once, so that the page cache gets large folios */
#define OVERLAP     (PIECE / 4)     /* of the piece before, kept for windows that began in it */
#define WAIT_MIN_US 20u
#define WAIT_MAX_US 2000u
#define MAGIC_BYTES 6u

struct shown {
	_Atomic uint64_t bytes; /* in the temporary file */
	_Atomic uint32_t ended;
};

struct nm_source {
	int read_fd; /* borrowed; the temporary file, to read only; -1: none */
	bool lent;   /* the temporary file is borrowed */
	int fd;      /* where bytes are: the file (borrowed), or the temporary file (owned) */
	uint64_t file_bytes; /* of a file; streams: see shown */
	struct shown *shown; /* owned mapping; NULL: a file */
	int shown_fd;
	bool reader;
	bool instant; /* its input never makes anyone wait */

	/* the process that pulls */
	int in_fd; /* borrowed */
	const char *packing;
	struct nm_unpacker *unpacker; /* owned; NULL: the bytes are plain */
	uint8_t *in;                  /* owned */
	size_t in_at, in_n;
	uint8_t *tail;      /* owned, OVERLAP + PIECE bytes; NULL once the stream has ended */
	uint64_t tail_base; /* where in the stream the first of them is */
	size_t tail_n;      /* how many there are, the last of them not yet written */
	uint64_t input_bytes;
	bool between; /* a compressed stream is whole, and nothing of another was seen */
	struct nm_diag harm;
};

static uint64_t available(const struct nm_source *s)
{
	return s->shown ? atomic_load_explicit(&s->shown->bytes, memory_order_acquire)
			: s->file_bytes;
}

static bool has_ended(const struct nm_source *s)
{
	return !s->shown || atomic_load_explicit(&s->shown->ended, memory_order_acquire) != 0;
}

/* ---- pulling ---- */

static void end(struct nm_source *s)
{
	atomic_store_explicit(&s->shown->ended, 1, memory_order_release);
}

static void end_harmed(struct nm_source *s, uint32_t code, const char *what, const char *why)
{
	(void)nm_diag_set(&s->harm, code, available(s), "at byte %llu%s: %s%s%s",
	    (unsigned long long)available(s), s->packing ? " of what was unpacked" : "", what,
	    why ? ": " : "", why ? why : "");
	end(s);
}

/* All that was taken in, with what waits to be written. */
static uint64_t taken(const struct nm_source *s)
{
	return s->tail ? s->tail_base + s->tail_n : available(s);
}

/* Write what waits, and let readers see it. False: there is no room for it. */
static bool flush(struct nm_source *s)
{
	uint64_t at = available(s);
	size_t n = (size_t)(taken(s) - at);
	int err = n ? nm_prim_pwrite(s->fd, s->tail + (at - s->tail_base), n, at) : 0;

	if (err) {
		s->tail_n -= n;
		end_harmed(s, NMERR_FILE_WRITE_ERROR,
		    "no room for more of it in the temporary folder", strerror(err));
		return false;
	}
	atomic_store_explicit(&s->shown->bytes, at + n, memory_order_release);
	return true;
}

/* Where the next bytes go, up to the next whole piece; NULL: see flush. */
static uint8_t *next_room(struct nm_source *s, size_t *ret_room)
{
	size_t old;

	if (taken(s) % PIECE == 0 && s->tail_n > OVERLAP) {
		if (!flush(s))
			return NULL;
		old = s->tail_n - OVERLAP;
		memcpy(s->tail, s->tail + old, OVERLAP);
		s->tail_base += old;
		s->tail_n = OVERLAP;
	}
	*ret_room = PIECE - (size_t)(taken(s) % PIECE);
	return s->tail + s->tail_n;
}

/* Fill the empty input buffer. False: the input is at its end, or failed. */
static bool take_in(struct nm_source *s)
{
	ssize_t r = nm_prim_read(s->in_fd, s->in, BUFFER);

	s->in_at = 0;
	s->in_n = r > 0 ? (size_t)r : 0;
	s->input_bytes += s->in_n;
	if (r > 0)
		return true;
	if (!flush(s))
		return false;
	if (r < 0)
		end_harmed(s, NMERR_FILE_READ_ERROR, "it can't be read on", strerror((int)-r));
	else if (s->unpacker && !s->between)
		end_harmed(s, NMERR_INVALID_FILE_FORMAT, "the compressed data is cut here", NULL);
	else
		end(s);
	return false;
}

/* What follows a whole compressed stream: another, or padding that ends it. */
static bool another_follows(const struct nm_source *s)
{
	return s->in[s->in_at] != 0;
}

static void unpack_some(struct nm_source *s)
{
	const uint8_t *p = s->in + s->in_at;
	size_t left = s->in_n - s->in_at, made = 0, room;
	uint8_t *out;
	enum nm_unpacked r;

	if (s->between && !another_follows(s)) {
		if (flush(s))
			end(s);
		return;
	}
	s->between = false;
	out = next_room(s, &room);
	if (!out)
		return;
	r = nm_unpack(s->unpacker, &p, &left, out, room, &made);
	s->in_at = s->in_n - left;
	s->tail_n += made;
	if (r == NM_UNPACKED_BAD && flush(s))
		end_harmed(s, NMERR_INVALID_FILE_FORMAT, "the compressed data is damaged", NULL);
	s->between = r == NM_UNPACKED_WHOLE;
}

static void take_plain(struct nm_source *s)
{
	size_t n = s->in_n - s->in_at, room;
	uint8_t *out = next_room(s, &room);

	if (!out)
		return;
	n = n < room ? n : room;
	memcpy(out, s->in + s->in_at, n);
	s->tail_n += n;
	s->in_at += n;
}

/* One step further; the input may make it wait. */
static void pull(struct nm_source *s)
{
	if (s->in_at == s->in_n && !take_in(s))
		return;
	if (s->unpacker)
		unpack_some(s);
	else
		take_plain(s);
}

static bool can_pull_at_once(const struct nm_source *s)
{
	return s->instant || s->in_at < s->in_n || nm_prim_is_ready(s->in_fd);
}

static void wait_for_other(const struct nm_source *s, uint64_t want, const volatile uint32_t *stop)
{
	unsigned us = WAIT_MIN_US;

	while (available(s) < want && !has_ended(s) && !(stop && *stop)) {
		nm_prim_sleep_us(us);
		us = us * 2 < WAIT_MAX_US ? us * 2 : WAIT_MAX_US;
	}
}

/* Pull on to byte `goal`, and behind `want` as long as that costs no waiting. */
static void pull_to(struct nm_source *s, uint64_t want, uint64_t goal, enum nm_wait wait)
{
	if (goal > PIECE) /* the first bytes come at once, all others in whole pieces */
		goal = (goal + PIECE - 1) / PIECE * PIECE;
	while (!has_ended(s) && taken(s) < goal) {
		if (!can_pull_at_once(s)) {
			if (!flush(s) || wait == NM_WAIT_NOT || available(s) >= want)
				break;
		}
		pull(s);
	}
	if (!has_ended(s))
		(void)flush(s);
	if (has_ended(s)) {
		nm_prim_free(s->tail);
		s->tail = NULL;
	}
}

uint64_t nm_source_await(struct nm_source *s, uint64_t want, uint64_t better, enum nm_wait wait,
    const volatile uint32_t *stop, uint64_t *ret_total)
{
	bool ended;
	uint64_t n;

	if (s->reader && wait == NM_WAIT)
		wait_for_other(s, want, stop);
	else if (!has_ended(s) && !s->reader && available(s) < better)
		pull_to(s, want, better, wait);
	ended = has_ended(s); /* first: what is there when it has ended is all */
	n = available(s);
	*ret_total = ended ? n : NM_BYTES_UNKNOWN;
	return n;
}

ssize_t nm_source_pread(const struct nm_source *s, void *buf, size_t n, uint64_t offset)
{
	if (s->tail && offset >= s->tail_base && offset + n <= s->tail_base + s->tail_n) {
		memcpy(buf, s->tail + (offset - s->tail_base), n);
		return (ssize_t)n;
	}
	return nm_prim_pread(s->fd, buf, n, offset);
}

/* ---- opening ---- */

static uint32_t no_memory(struct nm_diag *d)
{
	return nm_diag_set(d, NMERR_OUT_OF_MEMORY, NM_NO_OFFSET, "no memory to read it");
}

/* Take in as much as tells a compressed stream; false: cannot be read. */
static bool look_at_head(struct nm_source *s)
{
	nm_prim_wait(s->in_fd); /* a named pipe may have nobody at its other end yet */
	while (s->in_n < MAGIC_BYTES) {
		ssize_t r = nm_prim_read(s->in_fd, s->in + s->in_n, BUFFER - s->in_n);

		if (r <= 0)
			return r == 0;
		s->in_n += (size_t)r;
		s->input_bytes += (uint64_t)r;
	}
	return true;
}

static int given_full = -1, given_read = -1; /* see nm_source_use_temporary */

void nm_source_use_temporary(int full_fd, int read_fd)
{
	given_full = full_fd;
	given_read = read_fd;
}

/* The temporary file. One that was given serves one stream: another would write
 * over it. */
static void take_temporary(struct nm_source *s)
{
	s->read_fd = -1;
	if (given_full < 0) {
		s->fd = nm_prim_temporary();
		return;
	}
	s->fd = given_full;
	s->read_fd = given_read;
	s->lent = true;
	given_full = given_read = -1;
}

static uint32_t open_stream(struct nm_source *s, struct nm_diag *d)
{
	s->in = nm_prim_alloc(BUFFER);
	s->tail = nm_prim_alloc(OVERLAP + PIECE);
	s->shown = nm_prim_shared_new(sizeof *s->shown, &s->shown_fd);
	if (!s->in || !s->tail || !s->shown)
		return no_memory(d);
	take_temporary(s);
	if (s->fd < 0)
		return nm_diag_set(d, NMERR_FILE_WRITE_ERROR, NM_NO_OFFSET,
		    "no temporary file can be made to unpack it: %s", strerror(-s->fd));
	if (!look_at_head(s))
		return nm_diag_set(d, NMERR_FILE_READ_ERROR, NM_NO_OFFSET, "cannot be read");
	if (s->in_n == 0)
		return nm_diag_set(
		    d, NMERR_INVALID_FILE_FORMAT, 0, "not a capture: the stream is empty");
	s->packing = nm_unpack_detect(s->in, s->in_n);
	if (!s->packing)
		return NMERR_SUCCESS;
	s->unpacker = nm_unpacker_new(s->packing);
	return s->unpacker ? NMERR_SUCCESS : no_memory(d);
}

static uint32_t open_file(struct nm_source *s, struct nm_diag *d)
{
	uint8_t head[MAGIC_BYTES];
	ssize_t n = nm_prim_pread(s->in_fd, head, sizeof head, 0);

	if (s->file_bytes == 0)
		return nm_diag_set(
		    d, NMERR_INVALID_FILE_FORMAT, 0, "not a capture: the file is empty");
	s->instant = true;
	s->fd = s->in_fd;
	if (n <= 0 || !nm_unpack_detect(head, (size_t)n))
		return NMERR_SUCCESS;
	s->fd = -1;
	if (!nm_prim_rewind(s->in_fd))
		return nm_diag_set(d, NMERR_FILE_READ_ERROR, NM_NO_OFFSET, "cannot be read");
	return open_stream(s, d);
}

static uint32_t open_any(struct nm_source *s, struct nm_diag *d)
{
	enum nm_prim_kind kind;
	int err = nm_prim_stat(s->in_fd, &kind, &s->file_bytes);

	if (err)
		return nm_diag_set(
		    d, NMERR_FILE_READ_ERROR, NM_NO_OFFSET, "cannot be read: %s", strerror(err));
	switch (kind) {
	case NM_PRIM_FILE: return open_file(s, d);
	case NM_PRIM_STREAM: return open_stream(s, d);
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

uint32_t nm_source_open(int fd, struct nm_source **ret_s, struct nm_diag *d)
{
	struct nm_source *s = nm_prim_alloc(sizeof *s);
	uint32_t err;

	if (!s)
		return no_memory(d);
	*s = (struct nm_source){ .fd = -1, .in_fd = fd, .shown_fd = -1 };
	err = open_any(s, d);
	if (err)
		nm_source_close(s);
	else
		*ret_s = s;
	return err;
}

static void drop_pulling(struct nm_source *s)
{
	nm_unpacker_free(s->unpacker);
	nm_prim_free(s->in);
	nm_prim_free(s->tail);
	s->unpacker = NULL;
	s->in = s->tail = NULL;
}

void nm_source_close(struct nm_source *s)
{
	if (!s)
		return;
	drop_pulling(s);
	if (s->shown)
		nm_prim_shared_free(s->shown, sizeof *s->shown, s->shown_fd);
	if (s->fd >= 0 && s->fd != s->in_fd && !s->lent)
		nm_prim_close(s->fd);
	nm_prim_free(s);
}

bool nm_source_make_reader(struct nm_source *s)
{
	if (s->reader || !s->shown)
		return true;
	if (!nm_prim_shared_seal(s->shown, sizeof *s->shown, s->shown_fd))
		return false;
	s->shown_fd = -1;
	s->reader = true;
	if (s->lent && s->read_fd >= 0)
		s->fd = s->read_fd; /* what a reader could write, all would read */
	drop_pulling(s);
	return true;
}

/* ---- what it is ---- */

bool nm_source_is_stream(const struct nm_source *s)
{
	return s->shown != NULL;
}

const char *nm_source_packing(const struct nm_source *s)
{
	return s->packing;
}

uint64_t nm_source_input_bytes(const struct nm_source *s)
{
	return s->shown ? s->input_bytes : s->file_bytes;
}

int nm_source_input(const struct nm_source *s)
{
	return s->instant || has_ended(s) ? -1 : s->in_fd;
}

int nm_source_fd(const struct nm_source *s)
{
	return s->fd;
}

const struct nm_diag *nm_source_harm(const struct nm_source *s)
{
	return s->harm.code ? &s->harm : NULL;
}
