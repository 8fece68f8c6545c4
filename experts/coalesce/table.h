/* SPDX-License-Identifier: MIT */
/* table.h -- things found by two addresses and a number, in the order in which they were
 * last touched.
 *
 * Owns:     its buckets. Entries are parts of what is found, which is whoever's added it.
 * Uses:     memory.h, common/address.h.
 * Threads:  belongs to one.
 * Trust:    keys are hostile: the hash is seeded.
 */
#ifndef COALESCE_TABLE_H
#define COALESCE_TABLE_H

#include "../common/address.h"
#include "memory.h"

struct key {
	struct address a, b;
	uint64_t more; /* what tells apart those between the same addresses */
};

/* The first member of what is found. */
struct entry {
	struct key key;
	uint64_t touched;   /* when, in the caller's count */
	struct entry *next; /* in its bucket */
	struct entry *older, *newer;
};

struct table {
	struct memory *memory; /* borrowed */
	uint64_t seed[2];
	struct entry **buckets;
	uint32_t mask, n;
	struct entry *oldest, *newest;
};

void table_init(struct table *t, struct memory *m, uint64_t seed);
/* Its buckets go; entries that are still in it are left alone. */
void table_done(struct table *t);

/* NULL: none. A hit is the newest then. */
struct entry *table_find(struct table *t, const struct key *k, uint64_t now);
/* e->key is set and not in the table. False: no memory, and it is not added. */
bool table_add(struct table *t, struct entry *e, uint64_t now);
void table_remove(struct table *t, struct entry *e);

#endif
