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

/* Sixteen zero bytes at a time; blocks are aligned to that. */
typedef long long zero16 __attribute__((vector_size(16), may_alias));

static inline size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* n may be 0; whole granules are written, which a slot has. Which sizes come is
 * hard to foresee for the processor and a wrong guess costs more than stores do:
 * so there are two ways for small blocks, and within them the stores that a
 * smaller block doesn't need fall on its last granule. */
static inline void zero_block(char *p, size_t n)
{
	size_t last = n ? (n - 1) & ~(size_t)15 : 0;
	zero16 z = { 0, 0 };

	if (last < 64) {
		*(zero16 *)(void *)p = z;
		*(zero16 *)(void *)(p + smaller(last, 16)) = z;
		*(zero16 *)(void *)(p + smaller(last, 32)) = z;
		*(zero16 *)(void *)(p + last) = z;
	} else if (last < 256) {
		for (size_t i = 0; i < 4; i++)
			*(zero16 *)(void *)(p + i * 16) = z;
		for (size_t i = 4; i < 15; i++)
			*(zero16 *)(void *)(p + smaller(last, i * 16)) = z;
		*(zero16 *)(void *)(p + last) = z;
	} else {
		memset(p, 0, n);
	}
}

static inline void count_alloc(struct cache *c, size_t n)
{
	c->allocs++;
	c->bytes += (int64_t)n;
	c->peak = c->bytes > c->peak ? c->bytes : c->peak;
}

static inline void count_free(struct cache *c, size_t n)
{
	c->frees++;
	c->bytes -= (int64_t)n;
}

static inline void set_live(struct nm_heap *h, const struct bin *b, void *p, size_t n)
{
	size_t off = (uintptr_t)p - h->base;
	const struct unit *u = &h->units[off >> UNIT_SHIFT];

	nm_store(u->states[nm_slot(u->word, b, off)], (uint16_t)(STATE_LIVE + b->size - n));
}

/* ---- allocating --------------------------------------------------------------- */

static void *take_slot(struct nm_heap *h, struct cache *c, size_t n, bool *ret_zero)
{
	unsigned class = h->class_of[(n + 15) / 16];
	struct bin *b = &c->bin[class];
	void *p = NULL;

	*ret_zero = false;
	if (b->top != b->bottom || nm_slots_refill(h, c, class)) {
		p = *--b->top;
	} else if (class > SMALL_CLASS) {
		*ret_zero = true;
		p = nm_slots_fresh(h, c, class);
	}
	if (p)
		set_live(h, b, p, n);
	return p;
}

static void *take_once(struct nm_heap *h, struct cache *c, size_t n, size_t room, bool *ret_zero)
{
	if (n <= SLOT_MAX)
		return take_slot(h, c, n, ret_zero);
	*ret_zero = true;
	return nm_large_alloc(h, n, room);
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

		if (nm_likely(b->top != b->bottom)) {
			char *p = *--b->top;

			set_live(h, b, p, n);
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
	uint32_t unit;   /* its run */
	uint32_t size;   /* of its slot; 0: large */
	uint16_t *state; /* of its slot */
	size_t requested;
	unsigned class;
};

/* Where the state of what starts at off is; NULL: nothing can start there. off is
 * below the limit. */
static inline uint16_t *state_at(
    const struct nm_heap *h, const struct cache *c, size_t off, const struct bin **ret_bin)
{
	const struct unit *u = &h->units[off >> UNIT_SHIFT];
	uint64_t w = __atomic_load_n(&u->word, __ATOMIC_ACQUIRE);
	const struct bin *b = &c->bin[word_class(w)];
	uint32_t slot = nm_slot(w, b, off);

	*ret_bin = b;
	return nm_likely((w & WORD_START_MASK) + (size_t)slot * b->size == off)
		   ? nm_load(u->states) + slot
		   : NULL;
}

static bool find(const struct nm_heap *h, const void *p, struct found *ret)
{
	size_t off = (uintptr_t)p - h->base;
	const struct bin *b;
	uint16_t *s;

	if (off >= nm_load(h->limit))
		return false;
	s = state_at(h, &h->cache, off, &b);
	if (!s || nm_load(*s) < STATE_LIVE)
		return false;
	ret->unit = word_unit(h->units[off >> UNIT_SHIFT].word);
	ret->class = (unsigned)(b - h->cache.bin);
	ret->size = b->size;
	ret->state = s;
	ret->requested = b->size ? b->size + STATE_LIVE - *s : h->runs[ret->unit].requested;
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
	const struct bin *b;
	uint16_t *at, s;

	if (nm_unlikely(off >= nm_load(h->fast_limit) || !nm_one_thread()))
		return size_slow(h, p, ret_n);
	at = state_at(h, &h->cache, off, &b);
	if (!at)
		return false;
	s = nm_load(*at);
	if (s < STATE_LIVE)
		return false;
	if (nm_unlikely(s == STATE_OTHER))
		return size_slow(h, p, ret_n);
	*ret_n = b->size + STATE_LIVE - s;
	return true;
}

/* ---- freeing ------------------------------------------------------------------ */

/* A slot whose state already says that it is dead. */
static void put_slot(struct nm_heap *h, struct cache *c, unsigned class, void *p)
{
	struct bin *b = &c->bin[class];

	if (b->top == b->limit)
		nm_slots_spill(h, c, class, h->class[class].cap / 2u);
	*b->top++ = p;
}

static void drop_found(struct nm_heap *h, struct cache *c, const struct found *f, void *p)
{
	if (f->size == 0) {
		nm_large_free(h, f->unit);
		return;
	}
	nm_store(*f->state, STATE_CACHED);
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
	const struct bin *judge;
	struct bin *b;
	uint16_t *at, s;

	if (nm_unlikely(off >= nm_load(h->fast_limit) || !nm_one_thread()))
		return free_slow(h, p);
	at = state_at(h, &h->cache, off, &judge);
	if (nm_unlikely(!at))
		return NMERR_INVALID_PARAMETER;
	s = nm_load(*at);
	b = &h->cache.bin[judge - h->cache.bin];
	if (nm_unlikely(s < STATE_LIVE))
		return NMERR_INVALID_PARAMETER;
	if (nm_unlikely(b->top == b->limit)) /* full, or no slot */
		return free_slow(h, p);
	nm_store(*at, STATE_CACHED);
	*b->top++ = p;
	count_free(&h->cache, b->size + STATE_LIVE - s);
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
	nm_store(*f->state, (uint16_t)(STATE_LIVE + f->size - n));
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
