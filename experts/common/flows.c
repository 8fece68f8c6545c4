/* SPDX-License-Identifier: MIT */
/* An open-addressed table of flows. */
#include "flows.h"
#include "fold.h"

#include <stdio.h>

#define CHUNK_SHIFT 8u    /* 256 items taken at a time */
#define INDEX_FIRST 1024u /* slots */

void flows_init(struct flows *t, struct budget *b, size_t each, uint64_t seed)
{
	memset(t, 0, sizeof *t);
	t->budget = b;
	pool_init(&t->items, b, each, CHUNK_SHIFT);
	t->seed[0] = seed ^ UINT64_C(0x9e3779b97f4a7c15);
	t->seed[1] = (seed << 32 | seed >> 32) ^ UINT64_C(0xd1b54a32d192ed03);
}

static size_t index_bytes(const struct flows *t)
{
	return t->index ? (t->mask + 1u) * sizeof *t->index : 0;
}

void flows_done(struct flows *t)
{
	pool_done(&t->items);
	budget_give(t->budget, t->index, index_bytes(t));
	memset(t, 0, sizeof *t);
}

static struct flow *at(const struct flows *t, uint32_t number)
{
	return flows_at(t, number);
}

/* ---- looking up --------------------------------------------------------------------- */

/* The same for both directions. */
static uint64_t hash(const struct flows *t, const struct address *a, const struct address *b,
    const uint16_t port[WAYS])
{
	return fold_product(
	    address_hash(a, port[0], t->seed) + address_hash(b, port[1], t->seed), t->seed[0]);
}

static uint64_t hash_of(const struct flows *t, const struct flow *f)
{
	return hash(t, &f->address[0], &f->address[1], f->port);
}

static bool is_way(const struct flow *f, unsigned way, const struct flow_key *k)
{
	return f->port[way] == k->port[0] && f->port[!way] == k->port[1] &&
	       address_same(&f->address[way], k->src) && address_same(&f->address[!way], k->dst);
}

static bool is(const struct flow *f, const struct flow_key *k, unsigned *ret_way)
{
	unsigned way = !is_way(f, 0, k);

	if (f->kind != k->kind || f->free || (way == 1 && !is_way(f, 1, k)))
		return false;
	*ret_way = way;
	return true;
}

static struct flow *find(struct flows *t, const struct flow_key *k, uint64_t h, unsigned *ret_way)
{
	uint32_t *recent = &t->recent[h >> 56];

	if (*recent && is(at(t, *recent), k, ret_way))
		return at(t, *recent);
	for (uint32_t i = (uint32_t)h & t->mask; t->index && t->index[i]; i = (i + 1) & t->mask) {
		struct flow *f = at(t, t->index[i]);

		if (is(f, k, ret_way)) {
			*recent = f->number;
			return f;
		}
	}
	return NULL;
}

void *flows_find(struct flows *t, const struct flow_key *k, unsigned *ret_way)
{
	return find(t, k, hash(t, k->src, k->dst, k->port), ret_way);
}

/* ---- growing ------------------------------------------------------------------------- */

static uint32_t *free_slot(uint32_t *index, uint32_t mask, uint64_t h)
{
	uint32_t i = (uint32_t)h & mask;

	while (index[i])
		i = (i + 1) & mask;
	return &index[i];
}

static uint32_t slot_that_is(const struct flows *t, const struct flow *f)
{
	uint32_t i = (uint32_t)hash_of(t, f) & t->mask;

	while (t->index[i] && t->index[i] != f->number)
		i = (i + 1) & t->mask;
	return i;
}

/* At most half full, so that runs of taken slots stay short. Of ends that were used again
 * only the latest item is in it. */
static bool grow_index(struct flows *t)
{
	uint32_t slots = t->index ? (t->mask + 1) * 2 : INDEX_FIRST, *bigger;

	if (t->index && t->indexed < (t->mask + 1) / 2)
		return true;
	bigger = budget_take(t->budget, slots * sizeof *bigger);
	if (!bigger)
		return false;
	for (uint32_t i = 0; t->index && i <= t->mask; i++)
		if (t->index[i])
			*free_slot(bigger, slots - 1, hash_of(t, at(t, t->index[i]))) = t->index[i];
	budget_give(t->budget, t->index, index_bytes(t));
	t->index = bigger;
	t->mask = slots - 1;
	return true;
}

static struct flow *add(struct flows *t, const struct flow_key *k)
{
	uint32_t number = grow_index(t) ? pool_take(&t->items) : 0;
	struct flow *f;

	if (!number)
		return NULL;
	f = at(t, number);
	*f = (struct flow){ .address = { *k->src, *k->dst },
		.port = { k->port[0], k->port[1] },
		.kind = k->kind,
		.number = number };
	return f;
}

void *flows_find_or_add(struct flows *t, const struct flow_key *k, unsigned *ret_way)
{
	uint64_t h = hash(t, k->src, k->dst, k->port);
	struct flow *f = find(t, k, h, ret_way);

	if (f)
		return f;
	f = add(t, k);
	if (!f)
		return NULL;
	*ret_way = 0;
	*free_slot(t->index, t->mask, h) = t->recent[h >> 56] = f->number;
	t->indexed++;
	return f;
}

void *flows_renew(struct flows *t, const struct flow *f, unsigned way)
{
	const struct flow_key k = { &f->address[way], &f->address[!way],
		{ f->port[way], f->port[!way] }, f->kind };
	struct flow *n = add(t, &k);

	if (!n)
		return NULL;
	t->index[slot_that_is(t, f)] = t->recent[hash_of(t, n) >> 56] = n->number;
	return n;
}

/* ---- giving back ------------------------------------------------------------------------ */

/* Those behind a slot that is now free move up, unless they stand where they belong. */
static void close_gap(struct flows *t, uint32_t gap)
{
	for (uint32_t i = (gap + 1) & t->mask; t->index[i]; i = (i + 1) & t->mask) {
		uint32_t home = (uint32_t)hash_of(t, at(t, t->index[i])) & t->mask;

		if (((i - home) & t->mask) < ((i - gap) & t->mask))
			continue;
		t->index[gap] = t->index[i];
		gap = i;
	}
	t->index[gap] = 0;
}

void flows_give_back(struct flows *t, struct flow *f)
{
	uint32_t slot = slot_that_is(t, f);

	if (t->index[slot]) {
		close_gap(t, slot);
		t->indexed--;
	}
	pool_give(&t->items, f->number);
	f->free = true;
}

/* ---- text --------------------------------------------------------------------------------- */

void flow_end_text(const struct flow *f, unsigned way, char text[static FLOW_END_TEXT_MAX])
{
	bool v6 = f->kind & FLOW_V6;
	char address[ADDRESS_TEXT_MAX];

	if (v6)
		address_ipv6_text(&f->address[way], address);
	else
		address_ipv4_text(&f->address[way], address);
	(void)snprintf(text, FLOW_END_TEXT_MAX, v6 ? "[%s]:%u" : "%s:%u", address, f->port[way]);
}
