/* SPDX-License-Identifier: MIT */
/* The doors of the heap. Each call has a quick path for blocks up to 16 KiB in a
 * process of one thread; everything else is told apart behind it. */
#include "heap/special.h"

/* ---- allocating --------------------------------------------------------------- */

static __attribute__((noinline)) void *alloc_slow(struct nm_heap *h, size_t n)
{
	bool zero;
	char *p;

	if (nm_unlikely(h->special != NULL))
		return nm_special_alloc(h, n);
	if (nm_is_shared(h))
		return nm_shared_alloc(h, n);
	p = nm_take(h, &h->cache, n, n, &zero);
	if (!p) {
		h->cache.refused++;
		return NULL;
	}
	nm_count_out(&h->cache, n);
	return zero ? p : memset(p, 0, n);
}

static inline void *hand_out(struct nm_heap *h, struct bin *b, size_t n)
{
	const struct dead *d = b->next++;

	nm_store(*d->state, (uint16_t)(STATE_LIVE + n));
	nm_count_out(&h->cache, n);
	__builtin_prefetch(d[1].p, 1); /* the next to be handed out; past the end: anything */
	return memset(d->p, 0, n);
}

/* Where few blocks of a class circulate its queues change places often. */
static __attribute__((noinline)) void *alloc_turn(struct nm_heap *h, struct bin *b, size_t n)
{
	if (nm_slots_turn(h, &h->cache, (unsigned)(b - h->cache.bin)))
		return hand_out(h, b, n);
	return alloc_slow(h, n);
}

void *nm_heap_alloc(struct nm_heap *h, size_t n)
{
	struct bin *b;

	if (nm_unlikely(n >= nm_load(h->quick_end) || !nm_one_thread()))
		return nm_already_shared(h) ? nm_shared_alloc(h, n) : alloc_slow(h, n);
	b = &h->cache.bin[h->class_of[(n + 15) / 16]];
	return nm_likely(b->next != b->end) ? hand_out(h, b, n) : alloc_turn(h, b, n);
}

/* ---- asking -------------------------------------------------------------------- */

static __attribute__((noinline)) bool size_slow(
    const struct nm_heap *h, const void *p, size_t *ret_n)
{
	struct nm_heap *m = (struct nm_heap *)(uintptr_t)h; /* its locks move, nothing else */
	struct found f;

	if (nm_unlikely(h->special != NULL))
		return nm_special_size(m, p, ret_n);
	if (nm_is_shared(m))
		return nm_shared_size(m, p, ret_n);
	if (!nm_find(m, p, &f))
		return false;
	*ret_n = f.requested;
	return true;
}

bool nm_heap_size(const struct nm_heap *h, const void *p, size_t *ret_n)
{
	struct cache *c = (struct cache *)(uintptr_t)&h->cache; /* only looked at */
	size_t limit = nm_load(h->quick_limit), sink;
	struct verdict v;
	bool live;

	if (nm_unlikely(!limit || !nm_one_thread()))
		return size_slow(h, p, ret_n);
	v = nm_judge(h, c, limit, p);
	if (nm_unlikely(v.state == STATE_OTHER))
		return size_slow(h, p, ret_n);
	live = v.start & (v.state >= STATE_LIVE);
	*(live ? ret_n : &sink) = (size_t)v.state - STATE_LIVE;
	return live;
}

bool nm_heap_is_live(const struct nm_heap *h, const void *p)
{
	struct cache *c = (struct cache *)(uintptr_t)&h->cache; /* only looked at */
	size_t limit = nm_load(h->quick_limit), n;
	struct verdict v;

	if (nm_unlikely(!limit || !nm_one_thread()))
		return size_slow(h, p, &n);
	v = nm_judge(h, c, limit, p);
	return v.start & (v.state >= STATE_LIVE);
}

/* ---- freeing ------------------------------------------------------------------- */

static __attribute__((noinline)) uint32_t free_slow(struct nm_heap *h, void *p)
{
	struct found f;

	if (nm_unlikely(h->special != NULL))
		return nm_special_free(h, p);
	if (nm_is_shared(h))
		return nm_shared_free(h, p);
	if (!p)
		return NMERR_SUCCESS;
	if (!nm_find(h, p, &f))
		return NMERR_INVALID_PARAMETER;
	nm_drop(h, &h->cache, &f, p);
	h->cache.bytes_in += f.requested;
	return NMERR_SUCCESS;
}

/* Here the address is expected to be right. */
uint32_t nm_heap_free(struct nm_heap *h, void *p)
{
	size_t off = (uintptr_t)p - h->base;
	struct verdict v;
	struct bin *b;

	if (nm_unlikely(off >= nm_load(h->quick_limit) || !nm_one_thread()))
		return nm_already_shared(h) ? nm_shared_free(h, p) : free_slow(h, p);
	v = nm_judge_at(h, &h->cache, off);
	b = v.bin;
	if (nm_unlikely(!v.start || v.state < STATE_LIVE || b->top == b->limit))
		return free_slow(h, p); /* wrong, or large, or there is no room */
	nm_store(*v.at, STATE_CACHED);
	*b->top++ = (struct dead){ p, v.at };
	h->cache.bytes_in += (size_t)v.state - STATE_LIVE;
	return NMERR_SUCCESS;
}

/* ---- resizing ------------------------------------------------------------------ */

uint32_t nm_heap_realloc(struct nm_heap *h, void *p, size_t n, void **ret_p)
{
	if (!p) {
		p = nm_heap_alloc(h, n);
		if (!p)
			return NMERR_OUT_OF_MEMORY;
		*ret_p = p;
		return NMERR_SUCCESS;
	}
	if (nm_unlikely(h->special != NULL))
		return nm_special_realloc(h, p, n, ret_p);
	if (nm_is_shared(h))
		return nm_shared_realloc(h, p, n, ret_p);
	return nm_resize(h, &h->cache, p, n, ret_p);
}

/* ---- figures ------------------------------------------------------------------- */

void nm_heap_stats(const struct nm_heap *h, struct nm_heap_stats *ret)
{
	struct nm_heap *m = (struct nm_heap *)(uintptr_t)h; /* its locks move, nothing else */
	const struct cache *c = &h->cache;
	uint64_t allocs, frees;
	bool taken;

	if (!h->special && nm_is_shared(m)) {
		nm_shared_stats(m, ret);
		return;
	}
	taken = h->special && nm_lock(&m->lock);
	nm_cache_count(c, &allocs, &frees);
	*ret = (struct nm_heap_stats){
		.live_blocks = allocs - frees,
		.live_bytes = c->bytes_out - c->bytes_in,
		.peak_bytes = c->peak,
		.allocs = allocs,
		.frees = frees,
		.refused = c->refused,
		.charged_bytes = (uint64_t)h->charged * NM_PRIM_PAGE,
		.idle_bytes = (uint64_t)h->idle * NM_PRIM_PAGE,
	};
	nm_unlock(&m->lock, taken);
}
