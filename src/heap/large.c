/* SPDX-License-Identifier: MIT */
/* Large blocks: a run each. Their first unit's word carries CLASS_LARGE and leads
 * to a state that is constantly STATE_OTHER; their other words are 0. */
#include "heap/heap_int.h"

static uint32_t units_for(size_t n)
{
	return n ? (uint32_t)((n + UNIT_BYTES - 1) >> UNIT_SHIFT) : 1;
}

/* room: bytes of address space, at least n, that the block may grow into later;
 * only a wish. */
void *nm_large_alloc(struct nm_heap *h, size_t n, size_t room)
{
	uint32_t u = NO_UNIT;

	if (n > h->range_bytes)
		return NULL;
	if (room > n && room <= h->range_bytes)
		u = nm_units_take(h, &h->pool, units_for(room), RUN_LARGE);
	if (u == NO_UNIT)
		u = nm_units_take(h, &h->pool, units_for(n), RUN_LARGE);
	if (u == NO_UNIT)
		return NULL;
	if (!nm_units_charge(h, u, 0, n, true)) {
		nm_units_give(h, &h->pool, u, h->runs[u].len);
		return NULL;
	}
	h->runs[u].requested = n;
	nm_store(h->units[u].states, h->states + 1);
	nm_publish(h, u, (uint64_t)u << UNIT_SHIFT | CLASS_LARGE);
	return unit_address(h, u);
}

void nm_large_free(struct nm_heap *h, uint32_t unit)
{
	nm_no_run(h, unit);
	nm_units_give(h, &h->pool, unit, h->runs[unit].len);
}

static void shrink(struct nm_heap *h, uint32_t unit, uint32_t need)
{
	struct run *r = &h->runs[unit];
	uint32_t spare = r->len - need;

	h->runs[unit + r->len - 1].kind = RUN_NONE;
	r->len = need;
	r->kind = h->runs[unit + need - 1].kind = RUN_LARGE;
	nm_units_give(h, &h->pool, unit + need, spare);
}

bool nm_large_resize(struct nm_heap *h, uint32_t unit, size_t n)
{
	struct run *r = &h->runs[unit];
	uint32_t need, had = r->len;

	if (n > h->range_bytes)
		return false;
	need = units_for(n);
	if (need > had && !nm_units_extend(h, unit, had, need - had))
		return false;
	if (n > r->requested && !nm_units_charge(h, unit, (size_t)r->requested, n, true)) {
		if (need > had)
			shrink(h, unit, had);
		return false;
	}
	if (n < r->requested && need < had)
		shrink(h, unit, need);
	r->requested = n;
	return true;
}
