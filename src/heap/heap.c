/* SPDX-License-Identifier: MIT */
/* Allocate, free, resize, ask. Each call has a quick path for blocks up to 16 KiB
 * in a process of one thread, and one for everything else. */
#include "heap/heap_int.h"

/* ---- entering --------------------------------------------------------------- */

/* False: this is the only thread there ever was and no lock is needed. A second
 * thread can't start while the first is in here, so asking once is enough. */
static bool enter(struct nm_heap *h)
{
	if (!nm_load(h->threaded) && nm_one_thread())
		return false;
	(void)pthread_mutex_lock(&h->lock);
	if (!h->threaded) {
		nm_store(h->threaded, true);
		nm_store(h->fast_end, 0);
		nm_store(h->fast_limit, 0);
	}
	return true;
}

/* ---- blocks ------------------------------------------------------------------ */

/* n may be 0; whole granules are written. Sizes up to 256, which most are, take
 * overlapping stores: four branches and no call. */
static inline void zero_block(char *p, size_t n)
{
	size_t m = (n + 15) & ~(size_t)15;

	if (m <= 32) {
		memset(p, 0, 16);
		memset(p + (m ? m - 16 : 0), 0, 16);
	} else if (m <= 64) {
		memset(p, 0, 32);
		memset(p + m - 32, 0, 32);
	} else if (m <= 128) {
		memset(p, 0, 64);
		memset(p + m - 64, 0, 64);
	} else if (m <= 256) {
		memset(p, 0, 128);
		memset(p + m - 128, 0, 128);
	} else {
		memset(p, 0, m);
	}
}

static inline void count_alloc(struct cache *c, size_t n)
{
	c->allocs++;
	c->bytes += (int64_t)n;
	if (c->bytes > c->peak)
		c->peak = c->bytes;
}

static inline void count_free(struct cache *c, size_t n)
{
	c->frees++;
	c->bytes -= (int64_t)n;
}

static inline void set_live(struct nm_heap *h, void *p, size_t n)
{
	struct spot at = nm_spot(h, (uintptr_t)p - h->base);
	uint32_t size = h->class[word_class(at.word)].size;

	nm_store(h->states[at.state], (uint16_t)(STATE_LIVE + size - n));
}

static inline void push(struct bin *b, void *p)
{
	b->ring[b->head++ & b->mask] = p;
}

static inline bool is_full(const struct bin *b)
{
	return b->head - b->tail > b->mask;
}

/* ---- allocating --------------------------------------------------------------- */

static void *take_slot(struct nm_heap *h, struct cache *c, size_t n, bool *ret_zero)
{
	unsigned class = h->class_of[(n + 15) / 16];
	struct bin *b = &c->bin[class];

	*ret_zero = false;
	if (b->head != b->tail || nm_slots_refill(h, c, class))
		return b->ring[--b->head & b->mask];
	*ret_zero = true;
	return class > SMALL_CLASS ? nm_slots_fresh(h, c, class) : NULL;
}

static void *take_once(struct nm_heap *h, struct cache *c, size_t n, size_t room, bool *ret_zero)
{
	void *p;

	if (n > SLOT_MAX) {
		*ret_zero = true;
		return nm_large_alloc(h, n, room);
	}
	p = take_slot(h, c, n, ret_zero);
	if (p)
		set_live(h, p, n);
	return p;
}

/* A block whose bytes are zero if *ret_zero, else unknown; not yet counted. When
 * the quota refuses, what the cache holds is given up for it. */
static void *take(struct nm_heap *h, struct cache *c, size_t n, size_t room, bool *ret_zero)
{
	void *p = take_once(h, c, n, room, ret_zero);

	if (!p && pages_of(n) <= h->quota_pages) {
		nm_cache_flush(h, c);
		p = take_once(h, c, n, room, ret_zero);
	}
	return p;
}

static __attribute__((noinline)) void *alloc_slow(struct nm_heap *h, size_t n)
{
	bool taken = enter(h);
	bool zero;
	char *p = take(h, &h->cache, n, n, &zero);

	if (p) {
		if (!zero)
			zero_block(p, n);
		count_alloc(&h->cache, n);
	} else {
		h->cache.refused++;
	}
	nm_unlock(&h->lock, taken);
	return p;
}

void *nm_heap_alloc(struct nm_heap *h, size_t n)
{
	if (nm_likely(n < nm_load(h->fast_end) && nm_one_thread())) {
		struct bin *b = &h->cache.bin[h->class_of[(n + 15) / 16]];

		if (nm_likely(b->head != b->tail)) {
			char *p = b->ring[--b->head & b->mask];

			set_live(h, p, n);
			count_alloc(&h->cache, n);
			zero_block(p, n);
			return p;
		}
	}
	return alloc_slow(h, n);
}

/* ---- judging ------------------------------------------------------------------ */

/* What a live block is. */
struct found {
	uint32_t unit; /* large: its run */
	uint32_t size; /* of its slot; 0: large */
	size_t state;  /* index of its slot's state */
	size_t requested;
	unsigned class;
};

static bool find(const struct nm_heap *h, const void *p, struct found *ret)
{
	size_t off = (uintptr_t)p - h->base;
	struct spot at;
	uint16_t s;

	if (off >= nm_load(h->limit))
		return false;
	at = nm_spot(h, off);
	s = nm_load(h->states[at.state]);
	if (!at.start || s < STATE_LIVE)
		return false;
	ret->unit = (uint32_t)(off >> UNIT_SHIFT);
	ret->class = word_class(at.word);
	ret->size = h->class[ret->class].size;
	ret->state = at.state;
	ret->requested =
	    s == STATE_OTHER ? h->runs[ret->unit].requested : ret->size + STATE_LIVE - s;
	return true;
}

static __attribute__((noinline)) bool size_slow(
    const struct nm_heap *h, const void *p, size_t *ret_n)
{
	struct nm_heap *m = (struct nm_heap *)(uintptr_t)h; /* its lock moves, nothing else */
	bool taken = enter(m);
	struct found f;
	bool ok = find(h, p, &f);

	if (ok)
		*ret_n = f.requested;
	nm_unlock(&m->lock, taken);
	return ok;
}

bool nm_heap_size(const struct nm_heap *h, const void *p, size_t *ret_n)
{
	size_t off = (uintptr_t)p - h->base;
	struct spot at;
	uint16_t s;

	if (nm_unlikely(off >= nm_load(h->fast_limit) || !nm_one_thread()))
		return size_slow(h, p, ret_n);
	at = nm_spot(h, off);
	s = nm_load(h->states[at.state]);
	if (!at.start || s < STATE_LIVE)
		return false;
	if (nm_unlikely(s == STATE_OTHER))
		return size_slow(h, p, ret_n);
	*ret_n = h->class[word_class(at.word)].size + STATE_LIVE - s;
	return true;
}

/* ---- freeing ------------------------------------------------------------------ */

/* A slot whose state already says that it is dead. */
static void put_slot(struct nm_heap *h, struct cache *c, unsigned class, void *p)
{
	struct bin *b = &c->bin[class];

	if (is_full(b))
		nm_slots_spill(h, c, class, h->class[class].cap / 2u);
	push(b, p);
}

static void drop_found(struct nm_heap *h, struct cache *c, const struct found *f, void *p)
{
	if (f->size == 0) {
		nm_large_free(h, f->unit);
		return;
	}
	nm_store(h->states[f->state], STATE_CACHED);
	put_slot(h, c, f->class, p);
}

static __attribute__((noinline)) uint32_t free_slow(struct nm_heap *h, void *p)
{
	struct found f;
	bool taken, ok;

	if (!p)
		return NMERR_SUCCESS;
	taken = enter(h);
	ok = find(h, p, &f);
	if (ok) {
		drop_found(h, &h->cache, &f, p);
		count_free(&h->cache, f.requested);
	}
	nm_unlock(&h->lock, taken);
	return ok ? NMERR_SUCCESS : NMERR_INVALID_PARAMETER;
}

uint32_t nm_heap_free(struct nm_heap *h, void *p)
{
	size_t off = (uintptr_t)p - h->base;
	const struct slot_class *k;
	struct spot at;
	struct bin *b;
	uint16_t s;

	if (nm_unlikely(off >= nm_load(h->fast_limit) || !nm_one_thread()))
		return free_slow(h, p);
	at = nm_spot(h, off);
	s = nm_load(h->states[at.state]);
	if (nm_unlikely(!at.start || s < STATE_LIVE))
		return NMERR_INVALID_PARAMETER;
	b = &h->cache.bin[word_class(at.word) % CLASSES];
	k = &h->class[word_class(at.word)];
	if (nm_unlikely(s == STATE_OTHER || is_full(b)))
		return free_slow(h, p);
	nm_store(h->states[at.state], STATE_CACHED);
	push(b, p);
	count_free(&h->cache, k->size + STATE_LIVE - s);
	return NMERR_SUCCESS;
}

/* ---- resizing ----------------------------------------------------------------- */

/* A slot keeps a block that grows while it fits, and one that shrinks while it
 * fills half of it. */
static bool fits_slot(const struct found *f, size_t n)
{
	return f->size && n <= f->size && (n > f->size / 2 || f->size <= 64);
}

/* any: also where the block would be wasteful; then only growth can fail. */
static bool resize_in_place(struct nm_heap *h, struct found *f, char *p, size_t n, bool any)
{
	if (f->size == 0)
		return (n > SLOT_MAX || any) && nm_large_resize(h, f->unit, n);
	if (!fits_slot(f, n) && !(any && n <= f->size))
		return false;
	if (n > f->requested)
		memset(p + f->requested, 0, n - f->requested);
	nm_store(h->states[f->state], (uint16_t)(STATE_LIVE + f->size - n));
	return true;
}

/* To another place; NULL when there is none. Blocks that grow past 16 KiB get
 * room to grow further, so that growth in steps copies only now and then. */
static void *move(struct nm_heap *h, struct cache *c, const struct found *f, char *p, size_t n)
{
	size_t keep = f->requested < n ? f->requested : n;
	size_t room = n > f->requested && n <= h->range_bytes / 4 ? n + n / 2 : n;
	bool zero;
	char *q = take(h, c, n, room, &zero);

	if (!q)
		return NULL;
	memcpy(q, p, keep);
	if (!zero && n > keep)
		memset(q + keep, 0, n - keep);
	drop_found(h, c, f, p);
	return q;
}

static uint32_t resize(struct nm_heap *h, struct cache *c, char *p, size_t n, void **ret_p)
{
	struct found f;
	void *q = p;

	if (!find(h, p, &f))
		return NMERR_INVALID_PARAMETER;
	if (!resize_in_place(h, &f, p, n, false)) {
		q = move(h, c, &f, p, n);
		if (!q && !resize_in_place(h, &f, p, n, true)) {
			c->refused++;
			return NMERR_OUT_OF_MEMORY;
		}
		q = q ? q : p;
	}
	c->bytes += (int64_t)(n - f.requested);
	if (c->bytes > c->peak)
		c->peak = c->bytes;
	*ret_p = q;
	return NMERR_SUCCESS;
}

uint32_t nm_heap_realloc(struct nm_heap *h, void *p, size_t n, void **ret_p)
{
	bool taken;
	uint32_t err;

	if (!p) {
		p = nm_heap_alloc(h, n);
		if (!p)
			return NMERR_OUT_OF_MEMORY;
		*ret_p = p;
		return NMERR_SUCCESS;
	}
	taken = enter(h);
	err = resize(h, &h->cache, p, n, ret_p);
	nm_unlock(&h->lock, taken);
	return err;
}

/* ---- figures ------------------------------------------------------------------ */

void nm_heap_stats(const struct nm_heap *h, struct nm_heap_stats *ret)
{
	struct nm_heap *m = (struct nm_heap *)(uintptr_t)h; /* its lock moves, nothing else */
	bool taken = enter(m);
	const struct cache *c = &h->cache;

	*ret = (struct nm_heap_stats){
		.live_blocks = c->allocs - c->frees,
		.live_bytes = (uint64_t)c->bytes,
		.peak_bytes = (uint64_t)c->peak,
		.allocs = c->allocs,
		.frees = c->frees,
		.refused = c->refused,
		.charged_bytes = (uint64_t)h->charged * NM_PRIM_PAGE,
	};
	nm_unlock(&m->lock, taken);
}
