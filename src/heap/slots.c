/* SPDX-License-Identifier: MIT */
/* Runs of slots, and the caches of dead blocks in front of them.
 *
 * A slot is free (with its run), cached (in one ring) or live. A run counts the
 * slots that are not free (used) and those that were ever handed out (bump);
 * which of the latter are free is found by looking at their states, four at a
 * time, so that free slots cost no list.
 */
#include "heap/heap_int.h"

#define FRESH_LEAST 16 /* slots made ready at a time, where the run has them */

void nm_cache_init(struct nm_heap *h, struct cache *c, void **rings)
{
	for (unsigned k = 1; k < CLASSES; k++) {
		struct bin *b = &c->bin[k];

		b->ring = rings;
		b->head = b->tail = 0;
		b->mask = h->class[k].cap - 1u;
		b->fresh = NO_UNIT;
		rings += h->class[k].cap;
	}
}

/* ---- a class's list of runs with room ------------------------------------- */

static void list_run(struct nm_heap *h, unsigned class, uint32_t u)
{
	struct run *r = &h->runs[u];

	r->listed = true;
	r->prev = NO_UNIT;
	r->next = h->partial[class];
	if (r->next != NO_UNIT)
		h->runs[r->next].prev = u;
	h->partial[class] = u;
}

static void unlist_run(struct nm_heap *h, unsigned class, uint32_t u)
{
	struct run *r = &h->runs[u];

	r->listed = false;
	if (r->next != NO_UNIT)
		h->runs[r->next].prev = r->prev;
	if (r->prev != NO_UNIT)
		h->runs[r->prev].next = r->next;
	else
		h->partial[class] = r->next;
}

/* ---- state arrays --------------------------------------------------------- */

/* An array for one run of the class, all STATE_FREE; 0 when there is no memory.
 * A recycled array's link to the next stands in its first four bytes. */
static uint32_t take_states(struct nm_heap *h, const struct slot_class *k)
{
	uint32_t group = h->state_list[k->bucket];
	uint32_t groups = k->slots / STATE_GROUP;
	size_t bytes = (size_t)k->slots * sizeof(uint16_t);
	size_t need = ((size_t)h->state_top + groups) * STATE_GROUP * sizeof(uint16_t);
	size_t step = (size_t)256 << 10;

	if (group) {
		memcpy(&h->state_list[k->bucket], &h->states[(size_t)group * STATE_GROUP], 4);
		memset(&h->states[(size_t)group * STATE_GROUP], 0, bytes);
		return group;
	}
	if (need > h->states_bytes)
		return 0;
	if (need > h->states_committed) {
		if (step > h->states_bytes - h->states_committed)
			step = h->states_bytes - h->states_committed;
		if (!nm_prim_commit((char *)h->states + h->states_committed, step))
			return 0;
		h->states_committed += step;
	}
	group = h->state_top;
	h->state_top += groups;
	memset(&h->states[(size_t)group * STATE_GROUP], 0, bytes);
	return group;
}

static void give_states(struct nm_heap *h, const struct slot_class *k, uint32_t group)
{
	memcpy(&h->states[(size_t)group * STATE_GROUP], &h->state_list[k->bucket], 4);
	h->state_list[k->bucket] = group;
}

/* ---- runs ------------------------------------------------------------------ */

static uint32_t new_run(struct nm_heap *h, unsigned class)
{
	const struct slot_class *k = &h->class[class];
	uint32_t u = nm_units_take(h, k->units, RUN_SLOTS);
	struct run *r;
	uint32_t group;

	if (u == NO_UNIT)
		return NO_UNIT;
	group = take_states(h, k);
	if (!group) {
		nm_units_give(h, u, k->units);
		return NO_UNIT;
	}
	r = &h->runs[u];
	r->bump = r->used = 0;
	r->listed = r->current = false;
	for (uint32_t i = 0; i < k->units; i++)
		nm_store(h->words[u + i],
		    (uint64_t)group << WORD_BASE_SHIFT | (uint64_t)i << WORD_PLACE_SHIFT | class);
	return u;
}

static void retire_run(struct nm_heap *h, unsigned class, uint32_t u)
{
	const struct slot_class *k = &h->class[class];
	uint32_t group = (uint32_t)(h->words[u] >> WORD_BASE_SHIFT);

	if (h->runs[u].listed)
		unlist_run(h, class, u);
	for (uint32_t i = 0; i < k->units; i++)
		nm_store(h->words[u + i], 0);
	give_states(h, k, group);
	nm_units_give(h, u, k->units);
}

/* The run that fresh slots come from; NO_UNIT when there is no memory. */
static uint32_t fresh_run(struct nm_heap *h, struct bin *b, unsigned class)
{
	if (b->fresh == NO_UNIT) {
		b->fresh = new_run(h, class);
		if (b->fresh != NO_UNIT)
			h->runs[b->fresh].current = true;
	}
	return b->fresh;
}

/* n slots of the run have just left it for good. */
static void bumped(struct nm_heap *h, struct bin *b, const struct slot_class *k, uint32_t n)
{
	struct run *r = &h->runs[b->fresh];

	r->bump = (uint16_t)(r->bump + n);
	r->used = (uint16_t)(r->used + n);
	if (r->bump == k->slots) {
		r->current = false;
		b->fresh = NO_UNIT;
	}
}

/* ---- filling a bin ---------------------------------------------------------- */

static void push_old(struct bin *b, void *p)
{
	b->ring[--b->tail & b->mask] = p;
}

/* Up to want free slots of a listed run into the bin. */
static void collect(struct nm_heap *h, struct bin *b, unsigned class, uint32_t u, uint32_t want)
{
	const struct slot_class *k = &h->class[class];
	struct run *r = &h->runs[u];
	uint16_t *s = &h->states[(size_t)(h->words[u] >> WORD_BASE_SHIFT) * STATE_GROUP];
	char *start = unit_address(h, u);
	uint32_t room = (uint32_t)(r->bump - r->used);

	if (want > room)
		want = room;
	r->used = (uint16_t)(r->used + want);
	for (uint32_t i = 0; want; i++) {
		if (nm_load(s[i]) != STATE_FREE)
			continue;
		nm_store(s[i], STATE_CACHED);
		push_old(b, start + (size_t)i * k->size);
		want--;
	}
	if (r->bump == r->used)
		unlist_run(h, class, u);
}

/* How many fresh slots to make ready: to the end of the page they end on. */
static uint32_t fresh_batch(const struct slot_class *k, const struct run *r)
{
	uint32_t left = (uint32_t)k->slots - r->bump;
	uint32_t end = (r->bump + FRESH_LEAST) * k->size;
	uint32_t n = (end + NM_PRIM_PAGE - 1) / NM_PRIM_PAGE * NM_PRIM_PAGE / k->size - r->bump;

	if (n > k->cap / 2u)
		n = k->cap / 2u;
	return n < left ? n : left;
}

static bool refill_fresh(struct nm_heap *h, struct bin *b, unsigned class)
{
	const struct slot_class *k = &h->class[class];
	uint32_t u = fresh_run(h, b, class);
	struct run *r = &h->runs[u];
	uint32_t first, n;
	uint16_t *s;

	if (u == NO_UNIT)
		return false;
	first = r->bump;
	n = fresh_batch(k, r);
	if (!nm_units_charge(h, u, (size_t)first * k->size, (size_t)(first + n) * k->size, false)) {
		n = 1;
		if (!nm_units_charge(
			h, u, (size_t)first * k->size, (size_t)(first + 1) * k->size, false))
			return false;
	}
	s = &h->states[(size_t)(h->words[u] >> WORD_BASE_SHIFT) * STATE_GROUP + first];
	for (uint32_t i = 0; i < n; i++) {
		nm_store(s[i], STATE_CACHED);
		push_old(b, unit_address(h, u) + (size_t)(first + i) * k->size);
	}
	bumped(h, b, k, n);
	return true;
}

bool nm_slots_refill(struct nm_heap *h, struct cache *c, unsigned class)
{
	struct bin *b = &c->bin[class];
	uint32_t u = h->partial[class];

	if (u != NO_UNIT) {
		collect(h, b, class, u, h->class[class].cap / 2u);
		return true;
	}
	return class <= SMALL_CLASS && refill_fresh(h, b, class);
}

void *nm_slots_fresh(struct nm_heap *h, struct cache *c, unsigned class)
{
	const struct slot_class *k = &h->class[class];
	struct bin *b = &c->bin[class];
	uint32_t u = fresh_run(h, b, class);
	size_t from;

	if (u == NO_UNIT)
		return NULL;
	from = (size_t)h->runs[u].bump * k->size;
	if (!nm_units_charge(h, u, from, from + k->size, true))
		return NULL;
	bumped(h, b, k, 1);
	return unit_address(h, u) + from;
}

/* ---- emptying a bin --------------------------------------------------------- */

static void give_slot(struct nm_heap *h, unsigned class, void *p)
{
	const struct slot_class *k = &h->class[class];
	size_t off = (uintptr_t)p - h->base;
	struct spot at = nm_spot(h, off);
	uint32_t u = (uint32_t)(off >> UNIT_SHIFT) - word_place(at.word);
	struct run *r = &h->runs[u];

	nm_store(h->states[at.state], STATE_FREE);
	r->used--;
	if (r->used == 0 && !r->current)
		retire_run(h, class, u);
	else if (!r->listed && r->bump - r->used > k->slots / 64)
		list_run(h, class, u);
}

void nm_slots_spill(struct nm_heap *h, struct cache *c, unsigned class, uint32_t n)
{
	struct bin *b = &c->bin[class];

	for (; n; n--)
		give_slot(h, class, b->ring[b->tail++ & b->mask]);
}

void nm_cache_flush(struct nm_heap *h, struct cache *c)
{
	for (unsigned k = 1; k < CLASSES; k++) {
		struct bin *b = &c->bin[k];
		uint32_t u = b->fresh;

		nm_slots_spill(h, c, k, b->head - b->tail);
		if (u != NO_UNIT && h->runs[u].used == 0) {
			b->fresh = NO_UNIT;
			retire_run(h, k, u);
		}
	}
}
