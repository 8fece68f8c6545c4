/* SPDX-License-Identifier: MIT */
/* Taking in a stream, and reading behind it. */
#include "capture/stream_int.h"

#include <errno.h>
#include <netmon.h>
#include <string.h>

#define STEPS       16    /* into a ring; less room is not worth one */
#define EXPECT_MS   2000u /* how long the first reader may take to come */
#define BLOCKED_US  100   /* how long readers may take to get on */
#define ASK_US      2000  /* how often readers are asked what they miss */
#define WAIT_MIN_US 20u
#define WAIT_MAX_US 2000u

/* What has just been unpacked should still be in the nearest caches when it is read: rings and
 * steps are small, but lz4 unpacks blocks of up to 4 MiB in place where there is room for
 * them, and with a copy elsewhere. */
static bool is_large(const struct nm_stream *s)
{
	return s->feed.packing && strcmp(s->feed.packing, "lz4") == 0;
}

static uint32_t step_least(const struct nm_stream *s)
{
	return s->ring->size / STEPS;
}

static uint32_t step_most(const struct nm_stream *s)
{
	return is_large(s) ? s->ring->size / 2 : step_least(s);
}

static uint64_t available(const struct nm_stream *s)
{
	return nm_ring_get(&s->ring->bytes);
}

bool nm_stream_has_ended(const struct nm_stream *s)
{
	return nm_ring_has_ended(s->ring);
}

/* ---- taking in ---- */

static void end(struct nm_stream *s)
{
	nm_feed_done(&s->feed);
	nm_ring_end(s->ring);
}

static void end_harmed(struct nm_stream *s, uint32_t code, const char *what, const char *why)
{
	unsigned long long at = available(s);

	(void)nm_diag_set(&s->harm, code, at, "at byte %llu%s: %s%s%s", at,
	    s->feed.packing ? " of what was unpacked" : "", what, why ? ": " : "", why ? why : "");
	end(s);
}

/* Write what comes before `to`, where all must be kept; false: that has ended the stream. */
static bool keep_until(struct nm_stream *s, uint64_t to)
{
	int err = s->keeping ? nm_spill_until(s, to) : 0;

	if (err && s->must_keep)
		end_harmed(s, NMERR_FILE_WRITE_ERROR,
		    "no room for more of it in the temporary folder", strerror(err));
	return !err || !s->must_keep;
}

/* Whether a reader keeps the writer waiting: not who is behind the ring already, nor who
 * wants more at once than it holds. */
static bool holds(struct nm_stream *s, const struct nm_ring_reader *r, uint64_t *ret_at)
{
	uint64_t want = nm_ring_get(&r->end);

	*ret_at = nm_ring_get(&r->at);
	if (atomic_load_explicit(&r->far, memory_order_relaxed) ||
	    (want > *ret_at && want - *ret_at > s->ring->size - step_least(s))) {
		(void)nm_spill_begin(s);
		return false;
	}
	return *ret_at >= nm_ring_get(&s->ring->oldest);
}

/* The first byte that some reader still needs in the ring. *ret_hungry: another one waits
 * for what comes next. */
static uint64_t held_at(struct nm_stream *s, bool *ret_hungry)
{
	uint64_t low = s->expecting ? 0 : UINT64_MAX, at, bytes = available(s);

	for (unsigned i = 0; i < NM_READERS_MAX; i++) {
		const struct nm_ring_reader *r = nm_ring_reader(s->readers, i);

		if (!nm_ring_reader_is_active(r))
			continue;
		*ret_hungry |= nm_ring_get(&r->end) > bytes;
		if (holds(s, r, &at) && at < low)
			low = at;
	}
	return low;
}

/* Readers are behind: true when they are waited for no longer. */
static bool is_enough(struct nm_stream *s, uint64_t low, bool hungry)
{
	uint64_t now = nm_prim_now_ms();

	if (low != s->blocked_at) {
		s->blocked_at = low;
		s->blocked_ms = now;
		return false;
	}
	if (s->expecting && now - s->blocked_ms >= EXPECT_MS) {
		s->expecting = false;
		return true;
	}
	return hungry && !s->expecting && now - s->blocked_ms >= NM_PATIENCE_MS &&
	       nm_spill_begin(s);
}

/* Bytes that may come next; 0: readers have to get further first. `from` is what the
 * writer itself reads from. */
static size_t room_for(struct nm_stream *s, uint64_t from, enum nm_wait wait)
{
	uint64_t bytes = available(s), low = UINT64_MAX, room;
	const uint32_t least = step_least(s), most = step_most(s);
	bool hungry = false;

	if (!s->keeping && wait == NM_WAIT_NOT)
		low = held_at(s, &hungry);
	if (s->keeping)
		return most;
	low = low < bytes ? low : bytes;
	room = s->ring->size - (bytes - low);
	if (room < least && !is_enough(s, low, hungry))
		return 0;
	if (room < least || (from < bytes && bytes - from > s->ring->size - least)) {
		(void)nm_spill_begin(s); /* who is behind goes on from the file */
		return least;
	}
	if (from < bytes && room > s->ring->size - (bytes - from))
		room = s->ring->size - (bytes - from);
	return room < most ? (size_t)room : most;
}

/* What the next n bytes are put over is dropped, or written before. */
static bool make_room(struct nm_stream *s, size_t n)
{
	uint64_t end = available(s) + n, oldest;

	oldest = end > s->ring->size ? end - s->ring->size : 0;
	if (oldest <= nm_ring_get(&s->ring->oldest))
		return true;
	if (!keep_until(s, oldest))
		return false;
	nm_ring_drop(s->ring, oldest);
	return true;
}

/* One step further; the input may make it wait. False: it can't be done now. */
static bool pull(struct nm_stream *s, uint64_t from, enum nm_wait wait)
{
	size_t room = room_for(s, from, wait), n;
	uint64_t bytes = available(s), whole = step_least(s);
	const char *why;
	uint32_t code;

	s->blocked = room == 0;
	if (s->blocked || !make_room(s, room))
		return false;
	switch (nm_feed_next(&s->feed, nm_ring_place(s->ring, bytes), room, &n, &code, &why)) {
	case NM_FED_MORE:
		nm_ring_put(&s->ring->bytes, bytes + n);
		return !s->must_keep || keep_until(s, (bytes + n) / whole * whole);
	case NM_FED_END:
		if (!s->must_keep || keep_until(s, bytes))
			end(s);
		return false;
	case NM_FED_HARMED:
		nm_ring_put(&s->ring->bytes, bytes + n);
		if (!s->must_keep || keep_until(s, bytes + n))
			end_harmed(s, code, why, s->feed.err ? strerror(s->feed.err) : NULL);
		return false;
	}
	return false;
}

/* Pull on until byte `want` is there, and to `goal` as long as that costs no waiting. */
static void pull_to(
    struct nm_stream *s, uint64_t from, uint64_t want, uint64_t goal, enum nm_wait wait)
{
	while (!nm_stream_has_ended(s) && available(s) < goal) {
		if (!nm_feed_is_ready(&s->feed) &&
		    (!keep_until(s, s->must_keep ? available(s) : 0) || wait == NM_WAIT_NOT ||
			available(s) >= want))
			return;
		if (!pull(s, from, wait))
			return;
	}
}

void nm_stream_keep(struct nm_stream *s)
{
	(void)nm_spill_begin(s);
}

void nm_stream_all_read(struct nm_stream *s)
{
	if (s->must_keep && !nm_stream_has_ended(s))
		(void)keep_until(s, available(s));
}

/* ---- readers, seen by the writer ---- */

void nm_stream_expect_readers(struct nm_stream *s, bool expected)
{
	s->expecting = expected;
}

void nm_stream_reader_begin(struct nm_stream *s, unsigned reader)
{
	s->expecting = false;
	nm_ring_reader_begin(s->readers, reader);
}

void nm_stream_reader_end(struct nm_stream *s, unsigned reader)
{
	nm_ring_reader_end(s->readers, reader);
}

void nm_stream_serve(struct nm_stream *s)
{
	uint64_t want = 0;

	for (unsigned i = 0; i < NM_READERS_MAX; i++) {
		const struct nm_ring_reader *r = nm_ring_reader(s->readers, i);
		uint64_t lost = nm_ring_reader_is_active(r) ? nm_ring_get(&r->lost) : 0;

		want = lost > want ? lost : want;
	}
	if (want && !atomic_load_explicit(&s->ring->lost, memory_order_relaxed))
		(void)nm_spill_again(s, want);
}

static bool has_readers(const struct nm_stream *s)
{
	for (unsigned i = 0; i < NM_READERS_MAX; i++)
		if (nm_ring_reader_is_active(nm_ring_reader(s->readers, i)))
			return true;
	return false;
}

int nm_stream_due(const struct nm_stream *s)
{
	bool all_there = nm_ring_get(&s->ring->again_to) == nm_ring_get(&s->ring->kept_from);

	if (!nm_stream_has_ended(s)) {
		if (s->blocked)
			return BLOCKED_US;
		if (nm_feed_is_ready(&s->feed))
			return 0;
	}
	return !all_there && !s->must_keep && has_readers(s) ? ASK_US : -1;
}

/* ---- reading ---- */

static void rest(unsigned *us)
{
	nm_prim_sleep_us(*us);
	*us = *us * 2 < WAIT_MAX_US ? *us * 2 : WAIT_MAX_US;
}

static void wait_for_writer(const struct nm_stream *s, uint64_t want)
{
	unsigned us = WAIT_MIN_US;

	while (available(s) < want && !nm_stream_has_ended(s) && !nm_is_told(s->stop))
		rest(&us);
}

uint64_t nm_stream_await(struct nm_stream *s, uint64_t from, uint64_t want, uint64_t better,
    enum nm_wait wait, const volatile uint32_t *stop, uint64_t *ret_total)
{
	bool ended;
	uint64_t n;

	s->stop = stop;
	if (s->me) {
		nm_ring_put(&s->me->at, from);
		nm_ring_put(&s->me->end, want);
		if (wait == NM_WAIT)
			wait_for_writer(s, want);
	} else if (available(s) < better) {
		pull_to(s, from, want, better, wait);
	}
	ended = nm_stream_has_ended(s); /* first: what is there when it has ended is all */
	n = available(s);
	*ret_total = ended ? n : NM_BYTES_UNKNOWN;
	return n;
}

void nm_stream_wait_far(struct nm_stream *s, bool far)
{
	if (s->me)
		atomic_store_explicit(&s->me->far, far, memory_order_relaxed);
}

/* Byte `offset` is neither in the ring nor in the file. False: nor will it be. */
static bool get_back(struct nm_stream *s, uint64_t offset, unsigned *us)
{
	bool lost = atomic_load_explicit(&s->ring->lost, memory_order_acquire) != 0;

	if (lost)
		return false;
	if (!s->me)
		return nm_spill_again(s, offset + 1);
	nm_ring_put(&s->me->lost, offset + 1);
	rest(us);
	return !nm_is_told(s->stop);
}

ssize_t nm_stream_pread(struct nm_stream *s, void *buf, size_t n, uint64_t offset)
{
	uint64_t bytes = available(s);
	unsigned us = WAIT_MIN_US;
	size_t done = 0;
	ssize_t r = 0;

	if (offset >= bytes)
		return 0;
	n = n < bytes - offset ? n : (size_t)(bytes - offset);
	while (done < n) {
		uint8_t *to = (uint8_t *)buf + done;

		if (nm_ring_copy(s->ring, to, n - done, offset + done)) {
			done = n;
			break;
		}
		r = nm_spill_read(s, to, n - done, offset + done);
		if (r < 0 || (r == 0 && !get_back(s, offset + done, &us)))
			break;
		done += (size_t)r;
	}
	if (s->me)
		nm_ring_put(&s->me->lost, 0);
	if (done == 0)
		return r < 0 ? r : -EIO;
	return (ssize_t)done;
}

uint8_t *nm_stream_lend(const struct nm_stream *s, uint64_t offset, size_t n)
{
	if (s->me || offset < nm_ring_get(&s->ring->oldest) || n > s->ring->size ||
	    offset + n > available(s))
		return NULL;
	return nm_ring_place(s->ring, offset);
}

/* ---- opening ---- */

static uint32_t take_memory(struct nm_stream *s, struct nm_diag *d)
{
	s->ring = nm_ring_new(is_large(s) ? NM_RING_BYTES : NM_RING_BYTES / 2, &s->ring_fd);
	s->readers = nm_ring_readers_new();
	if (s->ring && s->readers)
		return NMERR_SUCCESS;
	return nm_diag_set(d, NMERR_OUT_OF_MEMORY, NM_NO_OFFSET, "no memory to read it");
}

uint32_t nm_stream_open(int fd, bool is_file, struct nm_stream **ret_s, struct nm_diag *d)
{
	struct nm_stream *s = nm_prim_alloc(sizeof *s);
	uint32_t err;

	if (!s)
		return nm_diag_set(d, NMERR_OUT_OF_MEMORY, NM_NO_OFFSET, "no memory to read it");
	*s = (struct nm_stream){
		.fd = -1, .ring_fd = -1, .must_keep = !is_file, .blocked_at = UINT64_MAX
	};
	err = nm_feed_open(&s->feed, fd, is_file, d);
	if (!err)
		err = take_memory(s, d);
	if (!err)
		err = nm_spill_open(s, d);
	if (err) {
		nm_stream_close(s);
		return err;
	}
	if (s->must_keep)
		(void)nm_spill_begin(s);
	*ret_s = s;
	return NMERR_SUCCESS;
}

void nm_stream_close(struct nm_stream *s)
{
	if (!s)
		return;
	nm_feed_done(&s->feed);
	nm_spill_close(s);
	if (s->me)
		nm_ring_reader_leave(s->me);
	else if (s->readers)
		nm_ring_readers_free(s->readers);
	if (s->ring)
		nm_ring_free(s->ring, s->ring_fd);
	nm_prim_free(s);
}

bool nm_stream_make_reader(struct nm_stream *s, unsigned reader)
{
	if (s->me)
		return true;
	if (!nm_ring_seal(s->ring, s->ring_fd))
		return false;
	s->ring_fd = -1;
	s->me = nm_ring_readers_keep(s->readers, reader);
	if (s->lent && s->read_fd >= 0)
		s->fd = s->read_fd; /* what a reader could write, all would read */
	nm_feed_done(&s->feed);
	nm_feed_done(&s->again);
	return true;
}

/* ---- what it is ---- */

const char *nm_stream_packing(const struct nm_stream *s)
{
	return s->feed.packing;
}

uint64_t nm_stream_input_bytes(const struct nm_stream *s)
{
	return s->feed.at;
}

int nm_stream_fd(const struct nm_stream *s)
{
	return s->fd;
}

const struct nm_diag *nm_stream_harm(const struct nm_stream *s)
{
	return s->harm.code ? &s->harm : NULL;
}
