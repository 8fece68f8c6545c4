/* SPDX-License-Identifier: MIT */
/* An open-addressed table of addresses. */
#include "table.h"

#define CHUNK_BITS  10
#define CHUNK       (1u << CHUNK_BITS) /* entries taken at a time: 64 KiB */
#define INDEX_FIRST 1024u              /* slots */
#define ENTRY_BITS  24
#define ENTRY_MAX   ((1u << ENTRY_BITS) - 2) /* numbers that fit beside 8 bits of hash */
#define NONE        UINT32_MAX

void table_init(struct table *t, struct budget *b, uint64_t seed)
{
	memset(t, 0, sizeof *t);
	t->budget = b;
	t->seed[0] = seed ^ UINT64_C(0x9e3779b97f4a7c15);
	t->seed[1] = (seed << 32 | seed >> 32) ^ UINT64_C(0xd1b54a32d192ed03);
}

void table_done(struct table *t)
{
	for (uint32_t i = 0; i < t->n_chunks; i++)
		budget_give(t->budget, t->chunks[i], CHUNK * sizeof(struct entry));
	budget_give(t->budget, t->chunks, t->cap_chunks * sizeof *t->chunks);
	budget_give(t->budget, t->index, t->index ? (t->mask + 1u) * sizeof *t->index : 0);
	t->chunks = NULL;
	t->index = NULL;
	t->n_chunks = t->cap_chunks = t->n = t->mask = 0;
	memset(t->pairs, 0, sizeof t->pairs);
}

/* ---- looking up ------------------------------------------------------------- */

static struct entry *entry(const struct table *t, uint32_t i)
{
	return &t->chunks[i >> CHUNK_BITS][i & (CHUNK - 1)];
}

const struct entry *table_entry(const struct table *t, uint32_t i)
{
	return entry(t, i);
}

static uint64_t hash(const struct table *t, const struct address *a)
{
	return address_hash(a, 0, t->seed);
}

static uint32_t tag(uint64_t h)
{
	return (uint32_t)(h >> 56) << ENTRY_BITS;
}

/* Its number; NONE when it is new. */
static uint32_t find(const struct table *t, const struct address *a, uint64_t h)
{
	if (!t->index)
		return NONE;
	for (uint32_t i = (uint32_t)h & t->mask; t->index[i]; i = (i + 1) & t->mask) {
		uint32_t slot = t->index[i];

		if (((slot ^ tag(h)) >> ENTRY_BITS) == 0) {
			uint32_t number = (slot & ((1u << ENTRY_BITS) - 1)) - 1;

			if (address_same(&entry(t, number)->key, a))
				return number;
		}
	}
	return NONE;
}

/* ---- growing ------------------------------------------------------------------ */

static void put(uint32_t *index, uint32_t mask, uint64_t h, uint32_t number)
{
	uint32_t i = (uint32_t)h & mask;

	while (index[i])
		i = (i + 1) & mask;
	index[i] = tag(h) | (number + 1);
}

/* Keep the index at most half full, so that runs of taken slots stay short. */
static bool grow_index(struct table *t)
{
	uint32_t slots = t->index ? (t->mask + 1) * 2 : INDEX_FIRST;
	uint32_t *bigger;

	if (t->index && t->n < (t->mask + 1) / 2)
		return true;
	bigger = budget_take(t->budget, slots * sizeof *bigger);
	if (!bigger)
		return false;
	for (uint32_t i = 0; i < t->n; i++)
		put(bigger, slots - 1, hash(t, &entry(t, i)->key), i);
	budget_give(t->budget, t->index, t->index ? (t->mask + 1u) * sizeof *t->index : 0);
	t->index = bigger;
	t->mask = slots - 1;
	return true;
}

static bool grow_chunk_list(struct table *t)
{
	uint32_t cap = t->cap_chunks ? t->cap_chunks * 2 : 16;
	struct entry **bigger;

	if (t->n_chunks < t->cap_chunks)
		return true;
	bigger =
	    budget_grow(t->budget, t->chunks, t->n_chunks, &t->cap_chunks, cap, sizeof(*bigger));
	if (!bigger)
		return false;
	t->chunks = bigger;
	return true;
}

static bool grow_entries(struct table *t)
{
	struct entry *chunk;

	if (t->n < t->n_chunks * CHUNK)
		return true;
	if (!grow_chunk_list(t))
		return false;
	chunk = budget_take(t->budget, CHUNK * sizeof *chunk);
	if (!chunk)
		return false;
	t->chunks[t->n_chunks++] = chunk;
	return true;
}

static uint32_t add(struct table *t, const struct address *a, uint64_t h)
{
	if (t->n >= ENTRY_MAX || !grow_entries(t) || !grow_index(t))
		return NONE;
	entry(t, t->n)->key = *a;
	put(t->index, t->mask, h, t->n);
	return t->n++;
}

/* ---- counting ------------------------------------------------------------------- */

static uint32_t find_or_add(struct table *t, const struct address *a)
{
	uint64_t h = hash(t, a);
	uint32_t number = find(t, a, h);

	return number != NONE ? number : add(t, a, h);
}

struct entry *table_find(struct table *t, const struct address *key)
{
	uint32_t number = find_or_add(t, key);

	return number != NONE ? entry(t, number) : NULL;
}

static struct pair *pair_of(struct table *t, const struct address *src, const struct address *dst)
{
	uint64_t h = (src->w[0] ^ src->w[1]) * UINT64_C(0x9e3779b97f4a7c15) +
		     (dst->w[0] ^ dst->w[1]) * UINT64_C(0xd1b54a32d192ed03);

	return &t->pairs[h >> (64 - PAIR_BITS)];
}

/* False when one of the two has no entry: then the pair is not kept either. */
static bool fill_pair(struct table *t, struct pair *p, const struct address *src,
    const struct address *dst, DWORD frame, uint32_t bytes)
{
	uint32_t from_n = find_or_add(t, src), to_n = find_or_add(t, dst);
	struct entry *from = from_n != NONE ? entry(t, from_n) : NULL;
	struct entry *to = to_n != NONE ? entry(t, to_n) : NULL;

	if (from && to) {
		*p = (struct pair){ *src, *dst, from, to, from_n, to_n, NULL };
		return true;
	}
	tally_add(from ? &from->way[SENT] : &t->lost[SENT], frame, bytes);
	tally_add(to ? &to->way[RECEIVED] : &t->lost[RECEIVED], frame, bytes);
	return false;
}

struct pair *table_count(struct table *t, const struct address *src, const struct address *dst,
    DWORD frame, uint32_t bytes)
{
	struct pair *p = pair_of(t, src, dst);
	bool hit = address_same(&p->src, src) && address_same(&p->dst, dst) && p->from;

	if (!hit && !fill_pair(t, p, src, dst, frame, bytes))
		return NULL;
	tally_add(&p->from->way[SENT], frame, bytes);
	tally_add(&p->to->way[RECEIVED], frame, bytes);
	return p;
}

static uint64_t frames_of(const struct entry *e, enum way way)
{
	return way == WAYS ? e->way[SENT].frames + e->way[RECEIVED].frames : e->way[way].frames;
}

static uint64_t bytes_of(const struct entry *e, enum way way)
{
	return way == WAYS ? e->way[SENT].bytes + e->way[RECEIVED].bytes : e->way[way].bytes;
}

uint32_t table_users(const struct table *t, enum way way)
{
	uint32_t users = 0;

	for (uint32_t i = 0; i < t->n; i++)
		users += frames_of(entry(t, i), way) != 0;
	return users;
}

/* ---- ranking -------------------------------------------------------------------- */

/* Does a stand before b? A total order: no two entries have one address. */
static bool before(const struct entry *a, const struct entry *b, enum way way)
{
	uint64_t bytes_a = bytes_of(a, way), bytes_b = bytes_of(b, way);
	uint64_t frames_a = frames_of(a, way), frames_b = frames_of(b, way);

	if (bytes_a != bytes_b)
		return bytes_a > bytes_b;
	if (frames_a != frames_b)
		return frames_a > frames_b;
	return memcmp(a->key.b, b->key.b, sizeof a->key.b) < 0;
}

/* heap[0..n) with the last in rank on top; heap[i] may stand too high. */
static void sink(const struct entry **heap, uint32_t n, uint32_t i, enum way way)
{
	const struct entry *e = heap[i];

	for (uint32_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && before(heap[child], heap[child + 1], way))
			child++;
		if (!before(e, heap[child], way))
			break;
		heap[i] = heap[child];
	}
	heap[i] = e;
}

static void swap(const struct entry **a, const struct entry **b)
{
	const struct entry *e = *a;

	*a = *b;
	*b = e;
}

uint32_t table_top(const struct table *t, enum way way, const struct entry **best, uint32_t want)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < t->n && want > 0; i++) {
		const struct entry *e = entry(t, i);

		if (frames_of(e, way) == 0)
			continue;
		if (n < want) {
			best[n++] = e;
			for (uint32_t at = n == want ? n / 2 : 0; at-- > 0;)
				sink(best, n, at, way);
		} else if (before(e, best[0], way)) {
			best[0] = e;
			sink(best, n, 0, way);
		}
	}
	for (uint32_t at = n < want ? n / 2 : 0; at-- > 0;)
		sink(best, n, at, way);
	for (uint32_t last = n; last > 1;) {
		swap(&best[0], &best[--last]);
		sink(best, last, 0, way);
	}
	return n;
}
