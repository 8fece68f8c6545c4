/* SPDX-License-Identifier: MIT */
/* table.h -- what each address, port or conversation sent and received; bounded in memory.
 *
 * Owns:     its index and chunks of entries, from ExpertAllocMemory.
 * Uses:     common/address.h, common/budget.h.
 * Threads:  belongs to one.
 * Trust:    addresses are hostile: the hash is seeded, the size is capped. When
 *           the cap is reached, addresses seen before go on being counted, and
 *           what belongs to new ones is counted as lost.
 *
 * Entries never move, and are numbered in the order of their first appearance.
 */
#ifndef TOPUSER_TABLE_H
#define TOPUSER_TABLE_H

#include "../common/address.h"
#include "../common/budget.h"

/* One direction of an address, or of everything. */
struct tally {
	uint64_t frames, bytes;
	DWORD first, last; /* frame numbers; meaningless while frames is 0 */
};

static inline void tally_add(struct tally *t, DWORD frame, uint32_t bytes)
{
	if (t->frames++ == 0)
		t->first = frame;
	t->last = frame;
	t->bytes += bytes;
}

enum way { SENT, RECEIVED, WAYS }; /* WAYS, where entries are ranked: both together */

struct entry {
	struct address key;
	struct tally way[WAYS];
}; /* 64 bytes: a cache line */

/* Who talked to whom a moment ago: frames of one conversation come in bursts. */
struct pair {
	struct address src, dst;
	struct entry *from, *to; /* NULL: an unused pair */
	uint32_t from_n, to_n;   /* their numbers */
	struct tally *talk;      /* for the caller, NULL in a new pair: what the pair counts as */
};

#define PAIR_BITS 9

struct table {
	struct budget *budget; /* of all tables together; borrowed */
	uint64_t seed[2];
	uint32_t *index;       /* owned; entry number + 1 and 8 bits of its hash, 0 free */
	uint32_t mask;         /* slots of the index - 1 */
	struct entry **chunks; /* owned, and each of them */
	uint32_t n_chunks, cap_chunks;
	uint32_t n; /* entries */
	struct tally lost[WAYS];
	struct pair pairs[1 << PAIR_BITS];
};

/* Nothing is taken before the first address. */
void table_init(struct table *t, struct budget *b, uint64_t seed);

/* Give everything back. An empty table will do. */
void table_done(struct table *t);

/* Count a frame of so many bytes from src to dst. The pair they are, good until the next
 * call; NULL when there was no room for one of them. */
struct pair *table_count(struct table *t, const struct address *src, const struct address *dst,
    DWORD frame, uint32_t bytes);

/* The entry of a key, a new one without frames if need be; NULL: there is no room. */
struct entry *table_find(struct table *t, const struct address *key);

/* Entry i < t->n. */
const struct entry *table_entry(const struct table *t, uint32_t i);

/* The `want` entries with the most bytes in a direction (frames and then the
 * address decide ties) into best[], most first; those without a frame are left
 * out. Returns how many there are. */
uint32_t table_top(const struct table *t, enum way way, const struct entry **best, uint32_t want);

/* Entries that have a frame in a direction, WAYS: in any. */
uint32_t table_users(const struct table *t, enum way way);

#endif
