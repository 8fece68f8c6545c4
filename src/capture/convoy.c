/* SPDX-License-Identifier: MIT */
/* A file that is read once for all who walk it. */
#include "capture/convoy.h"
#include "capture/ring.h"
#include "system/files.h"

#define LEAD    (NM_CONVOY_BYTES / 2) /* so far ahead it waits ... */
#define CLOSE   (NM_CONVOY_BYTES / 4) /* ... until the last is as close as this */
#define FOLLOWS (NM_CONVOY_BYTES * 4) /* who is further behind is not waited for */
#define ENOUGH  (NM_CONVOY_BYTES / 64)
#define REST_US 50
#define RESTS   16u /* of a reader */

struct nm_convoy {
	struct nm_ring *ring; /* owned */
	int ring_fd;
	int fd;                    /* borrowed */
	void *readers;             /* owned; see ring.h */
	struct nm_ring_reader *me; /* in a reader */
	_Atomic bool alone;        /* in a reader: the index has not come by for long */

	/* who indexes */
	uint64_t paid;      /* up to here bytes gave it time to wait */
	uint64_t credit_ms; /* of which so much is left */
	uint64_t asked_ms;  /* when it last asked */
	bool expecting;
	bool followed;
	bool waits;
};

struct nm_convoy *nm_convoy_new(int fd)
{
	struct nm_convoy *v = nm_prim_alloc(sizeof *v);

	if (!v)
		return NULL;
	*v = (struct nm_convoy){ .fd = fd, .ring_fd = -1, .credit_ms = NM_CONVOY_MS };
	v->ring = nm_ring_new(NM_CONVOY_BYTES, &v->ring_fd);
	v->readers = nm_ring_readers_new();
	if (v->ring && v->readers)
		return v;
	nm_convoy_free(v);
	return NULL;
}

void nm_convoy_free(struct nm_convoy *v)
{
	if (!v)
		return;
	if (v->me)
		nm_ring_reader_leave(v->me);
	else if (v->readers)
		nm_ring_readers_free(v->readers);
	if (v->ring)
		nm_ring_free(v->ring, v->ring_fd);
	nm_prim_free(v);
}

/* ---- who indexes ---- */

void nm_convoy_expect(struct nm_convoy *v, bool expected)
{
	v->expecting = expected;
}

void nm_convoy_reader_begin(struct nm_convoy *v, unsigned reader)
{
	v->expecting = false;
	nm_ring_reader_begin(v->readers, reader);
}

void nm_convoy_reader_end(struct nm_convoy *v, unsigned reader)
{
	nm_ring_reader_end(v->readers, reader);
}

/* How far behind `at` the last of those is that follow; 0 when there is none, or when one
 * waits for the end. */
static uint64_t lag(struct nm_convoy *v, uint64_t at)
{
	uint64_t most = v->expecting ? at : 0;

	v->followed = v->expecting;
	for (unsigned i = 0; i < NM_READERS_MAX; i++) {
		const struct nm_ring_reader *r = nm_ring_reader(v->readers, i);
		uint64_t is;

		if (!nm_ring_reader_is_active(r))
			continue;
		if (atomic_load_explicit(&r->far, memory_order_relaxed))
			return 0;
		is = nm_ring_get(&r->at);
		if (is > at || at - is > FOLLOWS)
			continue;
		v->followed = true;
		most = at - is > most ? at - is : most;
	}
	return most;
}

/* What was indexed since gives it time to wait. */
static void earn(struct nm_convoy *v, uint64_t at)
{
	for (; v->paid + NM_CONVOY_PACE <= at; v->paid += NM_CONVOY_PACE)
		v->credit_ms += v->credit_ms < NM_CONVOY_MS;
}

bool nm_convoy_waits(struct nm_convoy *v, uint64_t at)
{
	uint64_t now = nm_prim_now_ms(), spent = v->waits ? now - v->asked_ms : 0;

	earn(v, at);
	v->credit_ms -= spent < v->credit_ms ? spent : v->credit_ms;
	v->expecting &= v->credit_ms > 0;
	v->waits = lag(v, at) > (v->waits ? CLOSE : LEAD) && v->credit_ms > 0;
	v->asked_ms = now;
	return v->waits;
}

int nm_convoy_due(const struct nm_convoy *v)
{
	return v->waits ? REST_US : -1;
}

uint8_t *nm_convoy_take(struct nm_convoy *v, uint64_t offset, size_t n)
{
	uint64_t have = nm_ring_get(&v->ring->bytes), end = offset + n;
	uint64_t oldest = nm_ring_get(&v->ring->oldest);

	if (!v->followed || n > NM_CONVOY_BYTES || offset < oldest)
		return NULL;
	if (offset > have) { /* it was read otherwise up to here */
		oldest = offset;
		have = offset;
	}
	if (end > oldest + NM_CONVOY_BYTES)
		oldest = end - NM_CONVOY_BYTES;
	nm_ring_drop(v->ring, oldest);
	if (end > have) {
		uint8_t *p = nm_ring_place(v->ring, have);

		if (nm_prim_pread(v->fd, p, (size_t)(end - have), have) != (ssize_t)(end - have))
			return NULL;
		nm_ring_put(&v->ring->bytes, end);
	}
	return nm_ring_place(v->ring, offset);
}

void nm_convoy_end(struct nm_convoy *v)
{
	nm_ring_end(v->ring);
}

/* ---- a reader ---- */

bool nm_convoy_make_reader(struct nm_convoy *v, unsigned reader)
{
	if (v->me)
		return true;
	if (!nm_ring_seal(v->ring, v->ring_fd))
		return false;
	v->ring_fd = -1;
	v->me = nm_ring_readers_keep(v->readers, reader);
	return true;
}

uint64_t nm_convoy_await(struct nm_convoy *v, uint64_t from, uint64_t want, uint64_t better)
{
	uint64_t least = from + ENOUGH > want ? from + ENOUGH : want, bytes;

	if (!v->me)
		return better;
	least = least < better ? least : better;
	nm_ring_put(&v->me->at, from);
	for (unsigned i = 0;; i++) {
		bytes = nm_ring_get(&v->ring->bytes);
		if (bytes >= least) {
			v->alone = false;
			return bytes < better ? bytes : better;
		}
		if (i == 0 && v->alone)
			return better;
		if (i == RESTS || nm_ring_has_ended(v->ring))
			break;
		nm_prim_sleep_us(REST_US);
	}
	v->alone = true;
	return better;
}

bool nm_convoy_copy(struct nm_convoy *v, void *to, size_t n, uint64_t offset)
{
	if (!v->me)
		return false;
	if (offset + n > nm_ring_get(&v->ring->bytes))
		return false;
	return nm_ring_copy(v->ring, to, n, offset);
}

void nm_convoy_wait_far(struct nm_convoy *v, bool far)
{
	if (v->me)
		atomic_store_explicit(&v->me->far, far, memory_order_relaxed);
}
