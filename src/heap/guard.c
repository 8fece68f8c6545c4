/* SPDX-License-Identifier: MIT */
/* Guarded blocks: each a run of its own, in units that are inaccessible but for the
 * pages of live blocks.
 *
 *   | page that faults | pages of the block | page that faults ... |
 *
 * A freed block's pages fault again, and its run rests until the budget of address
 * space is spent; then the oldest is given up. The system bounds how many areas of
 * different access a process may have: beyond GUARDS_MOST live blocks, or when it
 * refuses earlier, blocks are ordinary ones.
 */
#include "heap/special.h"

#define GUARDS_MOST 24000u /* the usual limit is 65,530 areas; a block takes two */
#if UINTPTR_MAX > UINT32_MAX
#define REST_DEFAULT ((uint64_t)2 << 30)
#define LIVE_SPACE   ((uint64_t)1 << 30) /* beside what rests and for the quota */
#define FOR_QUOTA(n) (2 * (n))
#else
#define REST_DEFAULT ((uint64_t)64 << 20)
#define LIVE_SPACE   ((uint64_t)64 << 20)
#define FOR_QUOTA(n) (n)
#endif
#define REST_MOST ((uint64_t)1 << 40)

static uint64_t rest_of(const struct nm_heap_options *o)
{
	if (!o->guard_rest_bytes)
		return REST_DEFAULT;
	return o->guard_rest_bytes < REST_MOST ? o->guard_rest_bytes : REST_MOST;
}

uint64_t nm_guard_space(const struct nm_heap_options *o)
{
	return o->guard == NM_GUARD_OFF ? 0 : FOR_QUOTA(o->quota_bytes) + LIVE_SPACE + rest_of(o);
}

void nm_guard_init(struct nm_heap *h, const struct nm_heap_options *o)
{
	struct special *s = h->special;
	uint32_t units = (uint32_t)(nm_guard_space(o) >> UNIT_SHIFT);

	s->guard = o->guard;
	s->rest = rest_of(o);
	s->oldest = s->newest = NO_UNIT;
	s->first = h->unit_count - units;
	nm_pool_init(&s->pool, s->first, h->unit_count);
	h->pool.end = s->first;
}

static size_t data_pages(size_t n)
{
	return n ? pages_of(n) : 1;
}

static char *data_of(const struct nm_heap *h, uint32_t unit)
{
	return unit_address(h, unit) + NM_PRIM_PAGE;
}

uintptr_t nm_guard_block(const struct nm_heap *h, uint32_t unit)
{
	size_t n = (size_t)h->runs[unit].requested;
	uintptr_t data = (uintptr_t)data_of(h, unit);

	if (h->special->guard == NM_GUARD_START)
		return data;
	return data + data_pages(n) * NM_PRIM_PAGE - (n ? n : 16);
}

static void give_up_oldest(struct nm_heap *h)
{
	struct special *s = h->special;
	uint32_t u = s->oldest, n = h->runs[u].len;

	s->oldest = h->runs[u].next;
	if (s->oldest == NO_UNIT)
		s->newest = NO_UNIT;
	s->resting -= (uint64_t)n << UNIT_SHIFT;
	for (uint32_t i = 0; i < n; i++)
		nm_no_run(h, u + i);
	nm_units_give(h, &s->pool, u, n);
}

void *nm_guard_alloc(struct nm_heap *h, size_t n)
{
	struct special *s = h->special;
	size_t pages = data_pages(n);
	uint32_t units, u;

	if (s->guard == NM_GUARD_OFF || s->live >= GUARDS_MOST || n > h->range_bytes ||
	    !nm_units_have(h, pages))
		return NULL;
	units = (uint32_t)(((pages + 2) * NM_PRIM_PAGE + UNIT_BYTES - 1) >> UNIT_SHIFT);
	u = nm_units_take(h, &s->pool, units, RUN_GUARD);
	if (u == NO_UNIT)
		return NULL;
	if (!nm_prim_commit(data_of(h, u), pages * NM_PRIM_PAGE)) {
		nm_units_give(h, &s->pool, u, units);
		return NULL;
	}
	h->charged += pages;
	s->live++;
	h->runs[u].requested = n;
	h->runs[u].used = 1;
	for (uint32_t i = 0; i < units; i++)
		nm_publish(h, u + i, (uint64_t)u << UNIT_SHIFT | CLASS_GUARD);
	return (void *)nm_guard_block(h, u);
}

uint32_t nm_guard_run(const struct nm_heap *h, size_t off)
{
	uint64_t w;

	if (!h->special || h->special->guard == NM_GUARD_OFF || off >= h->range_bytes ||
	    off >> UNIT_SHIFT < h->special->first)
		return NO_UNIT;
	w = nm_load(h->units[off >> UNIT_SHIFT].word);
	return word_class(w) == CLASS_GUARD ? word_unit(w) : NO_UNIT;
}

uint32_t nm_guard_find(const struct nm_heap *h, const void *p)
{
	uint32_t u = nm_guard_run(h, (uintptr_t)p - h->base);

	return u != NO_UNIT && h->runs[u].used && nm_guard_block(h, u) == (uintptr_t)p ? u
										       : NO_UNIT;
}

/* If pages can't be made to fault, they are at least dropped, so that the quota stays
 * true. */
static void fence_off(char *at, size_t pages)
{
	if (!nm_prim_seal(at, pages * NM_PRIM_PAGE))
		(void)nm_prim_drop(at, pages * NM_PRIM_PAGE);
}

/* Within its own pages, which needs no memory. */
void *nm_guard_shrink(struct nm_heap *h, uint32_t unit, size_t n)
{
	struct run *r = &h->runs[unit];
	size_t had = data_pages((size_t)r->requested), pages = data_pages(n);
	const void *old = (const void *)nm_guard_block(h, unit);
	char *beyond = data_of(h, unit) + pages * NM_PRIM_PAGE;

	r->requested = n;
	memmove((void *)nm_guard_block(h, unit), old, n);
	if (pages < had) {
		fence_off(beyond, had - pages);
		h->charged -= had - pages;
	}
	return (void *)nm_guard_block(h, unit);
}

void nm_guard_free(struct nm_heap *h, uint32_t unit)
{
	struct special *s = h->special;
	struct run *r = &h->runs[unit];
	size_t pages = data_pages((size_t)r->requested);

	fence_off(data_of(h, unit), pages);
	h->charged -= pages;
	s->live--;
	r->used = 0;
	r->next = NO_UNIT;
	if (s->newest == NO_UNIT)
		s->oldest = unit;
	else
		h->runs[s->newest].next = unit;
	s->newest = unit;
	s->resting += (uint64_t)r->len << UNIT_SHIFT;
	while (s->resting > s->rest)
		give_up_oldest(h);
}
