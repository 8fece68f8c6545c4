/* SPDX-License-Identifier: MIT */
/* The temporary file of a stream. */
#include "capture/stream_int.h"

#include <errno.h>
#include <netmon.h>
#include <string.h>

/* Written at once, so that the page cache gets large folios. */
#ifndef NM_SPILL_PIECE
#define NM_SPILL_PIECE (UINT32_C(1) << 20)
#endif

static int given_full = -1, given_read = -1; /* see nm_source_use_temporary */

void nm_stream_use_temporary(int full_fd, int read_fd)
{
	given_full = full_fd;
	given_read = read_fd;
}

/* One that was given serves one stream: another would write over it. */
uint32_t nm_spill_open(struct nm_stream *s, struct nm_diag *d)
{
	s->read_fd = -1;
	if (given_full >= 0) {
		s->fd = given_full;
		s->read_fd = given_read;
		s->lent = true;
		given_full = given_read = -1;
		return NMERR_SUCCESS;
	}
	s->fd = nm_prim_temporary();
	if (s->fd >= 0)
		return NMERR_SUCCESS;
	return nm_diag_set(d, NMERR_FILE_WRITE_ERROR, NM_NO_OFFSET,
	    "no temporary file can be made to unpack it: %s", strerror(-s->fd));
}

void nm_spill_close(struct nm_stream *s)
{
	nm_feed_done(&s->again);
	nm_prim_free(s->piece);
	s->piece = NULL;
	if (s->fd >= 0 && !s->lent)
		nm_prim_close(s->fd);
}

bool nm_spill_begin(struct nm_stream *s)
{
	uint64_t oldest = nm_ring_get(&s->ring->oldest);

	if (s->keeping || s->full)
		return s->keeping;
	nm_ring_put(&s->ring->kept_to, oldest);
	nm_ring_put(&s->ring->kept_from, oldest);
	s->keeping = true;
	return true;
}

/* There is no room: what is gone from the ring can't be had any more. */
static int give_up(struct nm_stream *s, int err)
{
	s->keeping = false;
	s->full = true;
	atomic_store_explicit(&s->ring->lost, 1, memory_order_release);
	return err;
}

int nm_spill_until(struct nm_stream *s, uint64_t to)
{
	uint64_t at = nm_ring_get(&s->ring->kept_to), bytes = nm_ring_get(&s->ring->bytes);

	while (at < to) {
		uint64_t end = (at / NM_SPILL_PIECE + 1) * NM_SPILL_PIECE;
		size_t n = (size_t)((end < bytes ? end : bytes) - at);
		int err = nm_prim_pwrite(s->fd, nm_ring_place(s->ring, at), n, at);

		if (err)
			return give_up(s, err);
		at += n;
		nm_ring_put(&s->ring->kept_to, at);
	}
	return 0;
}

ssize_t nm_spill_read(const struct nm_stream *s, void *buf, size_t n, uint64_t offset)
{
	uint64_t end = nm_ring_get(&s->ring->again_to);
	ssize_t r;

	if (offset >= nm_ring_get(&s->ring->kept_from))
		end = nm_ring_get(&s->ring->kept_to);
	if (offset >= end)
		return 0;
	r = nm_prim_pread(s->fd, buf, n < end - offset ? n : (size_t)(end - offset), offset);
	return r == 0 ? -EIO : r;
}

static bool make_again(struct nm_stream *s)
{
	if (s->piece)
		return true;
	s->piece = nm_prim_alloc(NM_SPILL_PIECE);
	if (s->piece && nm_feed_open(&s->again, s->feed.fd, true, NULL) == NMERR_SUCCESS &&
	    s->again.packing == s->feed.packing)
		return true;
	nm_feed_done(&s->again);
	nm_prim_free(s->piece);
	s->piece = NULL;
	return false;
}

/* The same bytes as the first time, unless the file has changed since. */
static bool again_piece(struct nm_stream *s, uint64_t goal)
{
	uint64_t at = nm_ring_get(&s->ring->again_to), left = goal - at;
	uint32_t code;
	const char *why;
	size_t n = 0, made;
	enum nm_fed fed = NM_FED_MORE;

	while (fed == NM_FED_MORE && n < NM_SPILL_PIECE && n < left) {
		fed = nm_feed_next(&s->again, s->piece + n, NM_SPILL_PIECE - n, &made, &code, &why);
		n += made;
	}
	n = n < left ? n : (size_t)left;
	if (nm_prim_pwrite(s->fd, s->piece, n, at) != 0)
		return false;
	nm_ring_put(&s->ring->again_to, at + n);
	return fed == NM_FED_MORE || n == left;
}

bool nm_spill_again(struct nm_stream *s, uint64_t to)
{
	uint64_t goal;

	if (!s->feed.is_file || !nm_spill_begin(s) || !make_again(s))
		goto lost;
	goal = nm_ring_get(&s->ring->kept_from);
	for (unsigned i = 0; i < 4 && nm_ring_get(&s->ring->again_to) < (to < goal ? to : goal);
	     i++)
		if (!again_piece(s, goal))
			goto lost;
	if (nm_ring_get(&s->ring->again_to) == goal) {
		nm_feed_done(&s->again);
		nm_prim_free(s->piece);
		s->piece = NULL;
	}
	return true;

lost:
	atomic_store_explicit(&s->ring->lost, 1, memory_order_release);
	return false;
}
