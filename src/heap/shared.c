/* SPDX-License-Identifier: MIT */
/* The calls once a second thread exists.
 *
 * Every thread has a cache of its own and hands out from it without a lock. What
 * decides whose free of a block counts is the change of its state from live to
 * cached. In a run that a cache owns only that cache's thread makes it, by a plain
 * store; in a run that is shared anyone does, by compare and exchange. A thread
 * that has to free in another's run makes it shared first (nm_disown), which costs
 * microseconds once a run. Then the block is the freeing thread's to hand out.
 *
 * Large blocks and everything about runs is done under the heap's lock. */
#include "heap/heap_int.h"

static void add(uint64_t *at, uint64_t n)
{
	nm_store(*at, *at + n);
}

/* ---- claiming a live slot -------------------------------------------------------- */

enum claim { CLAIM_WRONG, CLAIM_SLOT, CLAIM_LARGE, CLAIM_OWNED };

/* One attempt; CLAIM_OWNED: another cache owns the run. A large block's word and
 * states don't change together: it is only recognised here, and judged again under
 * the lock. */
static enum claim try_claim(struct nm_heap *h, struct cache *c, const void *p, struct found *ret)
{
	struct verdict v = nm_judge(h, c, nm_limit(h), p);
	unsigned owner = word_owner(v.word);

	if (!v.start)
		return CLAIM_WRONG;
	if (word_class(v.word) == CLASS_LARGE)
		return CLAIM_LARGE;
	if (v.state < STATE_LIVE)
		return CLAIM_WRONG;
	if (owner == c->id)
		nm_store(*v.at, STATE_CACHED);
	else if (owner != OWNER_SHARED)
		return CLAIM_OWNED;
	else
		while (!__atomic_compare_exchange_n(
		    v.at, &v.state, STATE_CACHED, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
			if (v.state < STATE_LIVE)
				return CLAIM_WRONG;
	*ret = (struct found){ .unit = word_unit(v.word),
		.size = v.bin->size,
		.state = v.at,
		.requested = (size_t)v.state - STATE_LIVE,
		.class = word_class(v.word) };
	return CLAIM_SLOT;
}

/* CLAIM_SLOT: the block is dead, and this thread's to do with what it likes. */
static enum claim claim(struct nm_heap *h, struct cache *c, const void *p, struct found *ret)
{
	enum claim r;

	do {
		nm_op_begin(h, c);
		r = try_claim(h, c, p, ret);
		nm_op_end(c);
		if (r == CLAIM_OWNED) {
			(void)pthread_mutex_lock(&h->lock);
			nm_disown(h, (uint32_t)(((uintptr_t)p - h->base) >> UNIT_SHIFT));
			(void)pthread_mutex_unlock(&h->lock);
		}
	} while (r == CLAIM_OWNED);
	return r;
}

/* A dead slot of this thread joins its queue. */
static void put(struct nm_heap *h, struct cache *c, const struct found *f, void *p)
{
	struct bin *b = &c->bin[f->class];

	if (b->top == b->limit) {
		(void)pthread_mutex_lock(&h->lock);
		nm_slots_spill(h, c, f->class);
		nm_note_peak(h);
		(void)pthread_mutex_unlock(&h->lock);
	}
	*b->top++ = (struct dead){ p, f->state };
}

/* ---- allocating ------------------------------------------------------------------ */

static void *take(struct nm_heap *h, struct cache *c, size_t n, size_t room, bool *ret_zero)
{
	unsigned class = n <= SLOT_MAX ? h->class_of[(n + 15) / 16] : CLASS_LARGE;
	struct bin *b = &c->bin[class];
	const struct dead *d;
	void *p;

	if (nm_likely(b->next != b->end) || (class != CLASS_LARGE && nm_slots_turn(h, c, class))) {
		d = b->next++;
		nm_store(*d->state, (uint16_t)(STATE_LIVE + n));
		*ret_zero = false;
		return d->p;
	}
	(void)pthread_mutex_lock(&h->lock);
	nm_note_peak(h);
	p = nm_take(h, c, n, room, ret_zero);
	(void)pthread_mutex_unlock(&h->lock);
	return p;
}

static __attribute__((noinline)) void *alloc_slow(struct nm_heap *h, size_t n)
{
	struct cache *c = nm_cache_enter(h);
	bool zero;
	char *p = take(h, c, n, n, &zero);

	if (p) {
		add(&c->bytes_out, n);
		add(&c->calls_out, 1);
		if (!zero)
			(void)nm_zero(p, n, c->bin[h->class_of[(n + 15) / 16]].size);
	} else {
		add(&c->refused, 1);
	}
	nm_cache_leave(h, c);
	return p;
}

void *nm_shared_alloc(struct nm_heap *h, size_t n)
{
	struct cache *c = nm_cache_mine(h);
	struct bin *b;
	const struct dead *d;

	if (nm_unlikely(!c || n > SLOT_MAX))
		return alloc_slow(h, n);
	b = &c->bin[h->class_of[(n + 15) / 16]];
	if (nm_unlikely(b->next == b->end))
		return alloc_slow(h, n);
	d = b->next++;
	nm_store(*d->state, (uint16_t)(STATE_LIVE + n));
	add(&c->bytes_out, n);
	add(&c->calls_out, 1);
	return nm_zero(d->p, n, b->size);
}

/* ---- freeing --------------------------------------------------------------------- */

static bool free_large(struct nm_heap *h, struct cache *c, void *p, size_t *ret_n)
{
	struct found f;
	bool ok;

	(void)pthread_mutex_lock(&h->lock);
	ok = nm_find(h, p, &f) && f.size == 0;
	if (ok) {
		nm_drop(h, c, &f, p);
		*ret_n = f.requested;
	}
	(void)pthread_mutex_unlock(&h->lock);
	return ok;
}

static __attribute__((noinline)) uint32_t free_slow(struct nm_heap *h, void *p)
{
	struct cache *c = nm_cache_enter(h);
	struct found f = { 0 };
	enum claim r = claim(h, c, p, &f);
	bool ok = r == CLAIM_SLOT;

	if (ok)
		put(h, c, &f, p);
	else if (r == CLAIM_LARGE)
		ok = free_large(h, c, p, &f.requested);
	if (ok) {
		add(&c->bytes_in, f.requested);
		add(&c->calls_in, 1);
	}
	nm_cache_leave(h, c);
	return ok ? NMERR_SUCCESS : NMERR_INVALID_PARAMETER;
}

/* The change of state that makes the block this thread's. The unit's word is as it
 * was judged by, for as long as the thread judges. */
static inline bool win(const struct cache *c, const struct verdict *v)
{
	uint16_t was = v->state;

	if (nm_likely(word_owner(v->word) == c->id)) {
		nm_store(*v->at, STATE_CACHED);
		return true;
	}
	return word_owner(v->word) == OWNER_SHARED &&
	       __atomic_compare_exchange_n(
		   v->at, &was, STATE_CACHED, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

uint32_t nm_shared_free(struct nm_heap *h, void *p)
{
	struct cache *c = nm_cache_mine(h);
	struct verdict v;
	bool ok;

	if (nm_unlikely(!c))
		return p ? free_slow(h, p) : NMERR_SUCCESS;
	nm_op_begin(h, c);
	v = nm_judge(h, c, nm_limit(h), p);
	ok = v.start && v.state >= STATE_LIVE && v.bin->top != v.bin->limit && win(c, &v);
	nm_op_end(c);
	if (nm_unlikely(!ok))
		return p ? free_slow(h, p) : NMERR_SUCCESS;
	*v.bin->top++ = (struct dead){ p, v.at };
	add(&c->bytes_in, (uint64_t)v.state - STATE_LIVE);
	add(&c->calls_in, 1);
	return NMERR_SUCCESS;
}

/* ---- resizing -------------------------------------------------------------------- */

/* A claimed slot. While it is resized it is dead to all other threads. */
static void *resize_slot(struct nm_heap *h, struct cache *c, struct found *f, char *p, size_t n)
{
	size_t keep = f->requested < n ? f->requested : n;
	bool zero;
	char *q;

	if (nm_fits_slot(f, n) && nm_resize_here(h, f, p, n, false))
		return p;
	q = take(h, c, n, nm_room_for(h, f, n), &zero);
	if (!q) {
		if (nm_resize_here(h, f, p, n, true))
			return p;
		nm_store(*f->state, (uint16_t)(STATE_LIVE + f->requested));
		return NULL;
	}
	memcpy(q, p, keep);
	if (!zero && n > keep)
		memset(q + keep, 0, n - keep);
	put(h, c, f, p);
	return q;
}

static uint32_t resize_large(struct nm_heap *h, struct cache *c, char *p, size_t n, void **ret_p)
{
	struct found f;
	uint32_t err = NMERR_INVALID_PARAMETER;

	(void)pthread_mutex_lock(&h->lock);
	if (nm_find(h, p, &f) && f.size == 0)
		err = nm_resize(h, c, p, n, ret_p);
	(void)pthread_mutex_unlock(&h->lock);
	return err;
}

uint32_t nm_shared_realloc(struct nm_heap *h, char *p, size_t n, void **ret_p)
{
	struct cache *c = nm_cache_enter(h);
	uint32_t err = NMERR_INVALID_PARAMETER;
	struct found f = { 0 };
	enum claim r = claim(h, c, p, &f);
	void *q;

	if (r == CLAIM_LARGE) {
		err = resize_large(h, c, p, n, ret_p);
	} else if (r == CLAIM_SLOT) {
		q = resize_slot(h, c, &f, p, n);
		err = q ? NMERR_SUCCESS : NMERR_OUT_OF_MEMORY;
		if (q) {
			*ret_p = q;
			add(&c->bytes_in, f.requested);
			add(&c->bytes_out, n);
		} else {
			add(&c->refused, 1);
		}
	}
	nm_cache_leave(h, c);
	return err;
}

/* ---- asking ---------------------------------------------------------------------- */

static bool large_size(struct nm_heap *h, const void *p, size_t *ret_n)
{
	struct found f;
	bool ok;

	(void)pthread_mutex_lock(&h->lock);
	ok = nm_find(h, p, &f);
	if (ok)
		*ret_n = f.requested;
	(void)pthread_mutex_unlock(&h->lock);
	return ok;
}

bool nm_shared_size(struct nm_heap *h, const void *p, size_t *ret_n)
{
	struct cache *c = nm_cache_enter(h);
	struct verdict v;
	bool ok;

	nm_op_begin(h, c);
	v = nm_judge(h, c, nm_limit(h), p);
	nm_op_end(c);
	if (v.start && word_class(v.word) == CLASS_LARGE) {
		ok = large_size(h, p, ret_n);
	} else {
		ok = v.start && v.state >= STATE_LIVE;
		if (ok)
			*ret_n = (size_t)v.state - STATE_LIVE;
	}
	nm_cache_leave(h, c);
	return ok;
}

/* ---- figures --------------------------------------------------------------------- */

void nm_shared_stats(struct nm_heap *h, struct nm_heap_stats *ret)
{
	uint64_t out = h->allocs, in = h->frees, bytes = 0, refused = 0;

	(void)pthread_mutex_lock(&h->lock);
	nm_note_peak(h);
	for (unsigned i = 0; i < CACHES_MOST; i++) {
		const struct cache *c = h->caches[i];

		if (!c)
			continue;
		out += nm_load(c->calls_out);
		in += nm_load(c->calls_in);
		bytes += nm_load(c->bytes_out) - nm_load(c->bytes_in);
		refused += nm_load(c->refused);
	}
	*ret = (struct nm_heap_stats){
		.live_blocks = out - in,
		.live_bytes = bytes,
		.peak_bytes = h->peak,
		.allocs = out,
		.frees = in,
		.refused = refused,
		.charged_bytes = (uint64_t)h->charged * NM_PRIM_PAGE,
		.idle_bytes = (uint64_t)h->idle * NM_PRIM_PAGE,
	};
	(void)pthread_mutex_unlock(&h->lock);
}
