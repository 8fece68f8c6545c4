/* SPDX-License-Identifier: MIT */
/* Chains in buckets, and a list by age. */
#include "table.h"

#define FIRST 256u /* buckets */
#define MOST  (1u << 24)

void table_init(struct table *t, struct memory *m, uint64_t seed)
{
	*t = (struct table){ .memory = m,
		.seed = { seed ^ UINT64_C(0x9e3779b97f4a7c15),
		    (seed << 32 | seed >> 32) ^ UINT64_C(0xd1b54a32d192ed03) } };
}

void table_done(struct table *t)
{
	memory_give(t->memory, t->buckets, t->buckets ? (t->mask + 1u) * sizeof *t->buckets : 0);
	*t = (struct table){ .memory = t->memory };
}

static struct entry **bucket(const struct table *t, const struct key *k)
{
	uint64_t h =
	    address_hash(&k->a, k->more, t->seed) + 3 * address_hash(&k->b, k->more >> 32, t->seed);

	return &t->buckets[(h ^ h >> 32) & t->mask];
}

static bool same(const struct key *a, const struct key *b)
{
	return a->more == b->more && address_same(&a->a, &b->a) && address_same(&a->b, &b->b);
}

/* ---- by age ------------------------------------------------------------------------ */

static void append(struct table *t, struct entry *e, uint64_t now)
{
	e->touched = now;
	e->older = t->newest;
	e->newer = NULL;
	if (t->newest)
		t->newest->newer = e;
	else
		t->oldest = e;
	t->newest = e;
}

static void unlink_age(struct table *t, struct entry *e)
{
	if (e->older)
		e->older->newer = e->newer;
	else
		t->oldest = e->newer;
	if (e->newer)
		e->newer->older = e->older;
	else
		t->newest = e->older;
}

/* ---- by key ------------------------------------------------------------------------ */

struct entry *table_find(struct table *t, const struct key *k, uint64_t now)
{
	struct entry *e = t->buckets ? *bucket(t, k) : NULL;

	while (e && !same(&e->key, k))
		e = e->next;
	if (!e)
		return NULL;
	if (e != t->newest) {
		unlink_age(t, e);
		append(t, e, now);
	}
	e->touched = now;
	return e;
}

/* False: there are no buckets at all. Longer chains are better than none. */
static bool grow(struct table *t)
{
	uint32_t want = t->buckets ? (t->mask + 1) * 2 : FIRST, old_mask = t->mask;
	struct entry **old = t->buckets;

	if (old && (t->n <= t->mask || want > MOST))
		return true;
	t->buckets = budget_take(&t->memory->budget, want * sizeof *old);
	if (!t->buckets) {
		t->buckets = old;
		return old != NULL;
	}
	t->mask = want - 1;
	for (struct entry *e = t->oldest; e; e = e->newer) {
		struct entry **b = bucket(t, &e->key);

		e->next = *b;
		*b = e;
	}
	memory_give(t->memory, old, old ? (old_mask + 1u) * sizeof *old : 0);
	return true;
}

bool table_add(struct table *t, struct entry *e, uint64_t now)
{
	struct entry **b;

	if (!grow(t))
		return false;
	b = bucket(t, &e->key);
	e->next = *b;
	*b = e;
	append(t, e, now);
	t->n++;
	return true;
}

void table_remove(struct table *t, struct entry *e)
{
	struct entry **link = bucket(t, &e->key);

	while (*link != e)
		link = &(*link)->next;
	*link = e->next;
	unlink_age(t, e);
	t->n--;
}
