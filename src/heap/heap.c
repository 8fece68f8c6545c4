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
	nm_store(h->threaded, true);
	nm_store(h->quick_limit, 0);
	nm_store(h->quick_end, 0);
	return true;
}

/* ---- blocks ------------------------------------------------------------------ */

/* Sixteen zero bytes at a time; blocks are aligned to that. */
typedef long long zero16 __attribute__((vector_size(16), may_alias));

static inline size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

#define ZERO16(p) (*(zero16 *)(void *)(p) = (zero16){ 0, 0 })

/* n may be 0; whole granules are written, which a slot has. Which sizes come is
 * hard to foresee for the processor, and a wrong guess costs more than a store:
 * up to 64 bytes the stores that a smaller block doesn't need fall on its last
 * granule, and beyond that 64 bytes go at a time, the last of them overlapping. */
/* size is that of the slot, and n at most that. Which sizes come is hard to foresee
 * for the processor, and a wrong guess costs more than a store: up to 64 bytes the
 * stores that a smaller block doesn't need fall on its last granule. */
static inline void *zero_block(char *p, size_t n, size_t size)
{
	size_t last = size - 16;

	if (nm_unlikely(last >= 64))
		return memset(p, 0, n);
	ZERO16(p);
	ZERO16(p + smaller(last, 16));
	ZERO16(p + smaller(last, 32));
	ZERO16(p + last);
	return p;
}

static inline void count_out(struct cache *c, size_t n)
{
	uint64_t live;

	c->bytes_out += n;
	live = c->bytes_out - c->bytes_in;
	if (nm_unlikely(live > c->peak))
		c->peak = live;
}

static inline void set_live(const struct dead *d, size_t n)
{
	nm_store(*d->state, (uint16_t)(STATE_LIVE + n));
}

/* ---- allocating --------------------------------------------------------------- */

static void *take_slot(struct nm_heap *h, struct cache *c, size_t n, bool *ret_zero)
{
	unsigned class = h->class_of[(n + 15) / 16];
	struct bin *b = &c->bin[class];
	struct dead d;

	*ret_zero = false;
	if (b->next != b->end || nm_slots_refill(h, c, class)) {
		d = *b->next++;
	} else {
		*ret_zero = true;
		if (class <= SMALL_CLASS || !nm_slots_fresh(h, c, class, &d))
			return NULL;
	}
	set_live(&d, n);
	return d.p;
}

static void *take_once(struct nm_heap *h, struct cache *c, size_t n, size_t room, bool *ret_zero)
{
	void *p;

	if (n <= SLOT_MAX)
		return take_slot(h, c, n, ret_zero);
	*ret_zero = true;
	p = nm_large_alloc(h, n, room);
	c->allocs += p != NULL;
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
			memset(p, 0, n);
		count_out(&h->cache, n);
	} else {
		h->cache.refused++;
	}
	nm_unlock(&h->lock, taken);
	return p;
}

void *nm_heap_alloc(struct nm_heap *h, size_t n)
{
	if (nm_likely(n < nm_load(h->quick_end) && nm_one_thread())) {
		struct bin *b = &h->cache.bin[h->class_of[(n + 15) / 16]];

		if (nm_likely(b->next != b->end)) {
			const struct dead *d = b->next++;
			char *p = d->p;

			set_live(d, n);
			count_out(&h->cache, n);
			return zero_block(p, n, b->size);
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

/* What the bookkeeping says about an address. */
struct verdict {
	uint16_t *at;    /* a state: that of what starts there, if something can */
	uint16_t state;  /* what it was */
	bool start;      /* something can */
	struct bin *bin; /* of its class */
};

/* p may be anything, and what it is can't be foreseen: so nothing here branches on
 * it, and an address beyond the limit is taken for the range's first byte, where
 * nothing ever is. */
static inline struct verdict judge(const struct nm_heap *h, struct cache *c, size_t limit,
    const void *p)
{
	size_t off = (uintptr_t)p - h->base;
	const struct unit *u;
	struct verdict v;
	uint64_t w, slot;

	off &= 0 - (size_t)(off < limit);
	u = &h->units[off >> UNIT_SHIFT];
	w = __atomic_load_n(&u->word, __ATOMIC_ACQUIRE);
	v.bin = &c->bin[word_class(w)];
	slot = nm_slot(w, v.bin, off);
	v.at = nm_load(u->states) + (slot >> 32);
	v.state = nm_load(*v.at);
	v.start = (uint32_t)slot < v.bin->recip;
	return v;
}

static bool find(struct nm_heap *h, const void *p, struct found *ret)
{
	struct verdict v = judge(h, &h->cache, nm_load(h->limit), p);

	if (!v.start || v.state < STATE_LIVE)
		return false;
	ret->unit = word_unit(h->units[((uintptr_t)p - h->base) >> UNIT_SHIFT].word);
	ret->class = (unsigned)(v.bin - h->cache.bin);
	ret->size = v.bin->size;
	ret->state = v.at;
	ret->requested = v.bin->size ? (size_t)v.state - STATE_LIVE : h->runs[ret->unit].requested;
	return true;
}

static __attribute__((noinline)) bool size_slow(
    const struct nm_heap *h, const void *p, size_t *ret_n)
{
	struct nm_heap *m = (struct nm_heap *)(uintptr_t)h; /* its lock moves, nothing else */
	bool taken = enter(m);
	struct found f;
	bool ok = find(m, p, &f);

	if (ok)
		*ret_n = f.requested;
	nm_unlock(&m->lock, taken);
	return ok;
}

bool nm_heap_size(const struct nm_heap *h, const void *p, size_t *ret_n)
{
	struct cache *c = (struct cache *)(uintptr_t)&h->cache; /* only looked at */
	size_t limit = nm_load(h->quick_limit), sink;
	struct verdict v;
	bool live;

	if (nm_unlikely(!limit || !nm_one_thread()))
		return size_slow(h, p, ret_n);
	v = judge(h, c, limit, p);
	if (nm_unlikely(v.state == STATE_OTHER))
		return size_slow(h, p, ret_n);
	live = v.start & (v.state >= STATE_LIVE);
	*(live ? ret_n : &sink) = (size_t)v.state - STATE_LIVE;
	return live;
}

/* ---- freeing ------------------------------------------------------------------ */

/* A slot whose state already says that it is dead. */
static void put_slot(struct nm_heap *h, struct cache *c, unsigned class, void *p, uint16_t *state)
{
	struct bin *b = &c->bin[class];

	if (b->top == b->limit)
		nm_slots_spill(h, c, class);
	*b->top++ = (struct dead){ p, state };
}

static void drop_found(struct nm_heap *h, struct cache *c, const struct found *f, void *p)
{
	if (f->size == 0) {
		nm_large_free(h, f->unit);
		c->frees++;
		return;
	}
	nm_store(*f->state, STATE_CACHED);
	put_slot(h, c, f->class, p, f->state);
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
		h->cache.bytes_in += f.requested;
	}
	nm_unlock(&h->lock, taken);
	return ok ? NMERR_SUCCESS : NMERR_INVALID_PARAMETER;
}

uint32_t nm_heap_free(struct nm_heap *h, void *p)
{
	struct verdict v;
	struct bin *b;

	if (nm_unlikely(!nm_one_thread()))
		return free_slow(h, p);
	v = judge(h, &h->cache, nm_load(h->quick_limit), p);
	b = v.bin;
	if (nm_unlikely(!v.start || v.state < STATE_LIVE || b->top == b->limit))
		return free_slow(h, p); /* wrong, or large, or there is no room */
	nm_store(*v.at, STATE_CACHED);
	*b->top++ = (struct dead){ p, v.at };
	h->cache.bytes_in += (size_t)v.state - STATE_LIVE;
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
	nm_store(*f->state, (uint16_t)(STATE_LIVE + n));
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
	c->allocs--; /* neither was a call */
	c->frees--;
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
	c->bytes_in += f.requested;
	count_out(c, n);
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
	uint64_t allocs, frees;

	nm_cache_count(c, &allocs, &frees);
	*ret = (struct nm_heap_stats){
		.live_blocks = allocs - frees,
		.live_bytes = c->bytes_out - c->bytes_in,
		.peak_bytes = c->peak,
		.allocs = allocs,
		.frees = frees,
		.refused = c->refused,
		.charged_bytes = (uint64_t)h->charged * NM_PRIM_PAGE,
	};
	nm_unlock(&m->lock, taken);
}
