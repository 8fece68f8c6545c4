/* SPDX-License-Identifier: MIT */
/* common/flows.h -- a table by addresses and ports of both ends; bounded in memory.
 *
 * Owns:     its index and its items, from its budget.
 * Uses:     address.h, pool.h.
 * Threads:  belongs to one.
 * Trust:    addresses are hostile: the hash is seeded, the size is capped.
 *
 * An *item* is a struct of the user's that begins with a struct flow. Items never move,
 * and are numbered from 1 in the order of their first appearance. One that is given back is
 * used again for the next, under its old number.
 */
#ifndef EXPERTS_COMMON_FLOWS_H
#define EXPERTS_COMMON_FLOWS_H

#include "address.h"
#include "pool.h"

/* The directions; 0 is that of the first packet seen. */
#define WAYS 2u

#define FLOW_V6  0x1u /* addresses are IPv6's */
#define FLOW_UDP 0x2u /* ports are UDP's; else TCP's */

struct flow {
	struct address address[WAYS]; /* the senders of each way */
	uint16_t port[WAYS];
	uint8_t kind;    /* FLOW_* */
	bool free;       /* given back */
	uint32_t number; /* from 1 */
};

/* What one packet says. */
struct flow_key {
	const struct address *src, *dst;
	uint16_t port[WAYS]; /* source, destination */
	uint8_t kind;        /* FLOW_* */
};

#define FLOWS_RECENT 256u

struct flows {
	struct budget *budget; /* borrowed */
	uint64_t seed[2];
	struct pool items;
	uint32_t *index; /* numbers; 0 free */
	uint32_t mask;
	uint32_t indexed;              /* slots of the index in use */
	uint32_t recent[FLOWS_RECENT]; /* numbers of those of a moment ago, by hash */
};

void flows_init(struct flows *t, struct budget *b, size_t each, uint64_t seed);
void flows_done(struct flows *t);

/* The item numbered so, 1 to t->items.n. It may be one that is given back. */
static inline void *flows_at(const struct flows *t, uint32_t number)
{
	return pool_at(&t->items, number);
}

/* The latest item between the two ends; *ret_way is the direction of the packet. NULL: none. */
void *flows_find(struct flows *t, const struct flow_key *k, unsigned *ret_way);

/* The same, and a new one of zeros with *ret_way 0 where there is none. NULL: no memory. */
void *flows_find_or_add(struct flows *t, const struct flow_key *k, unsigned *ret_way);

/* A new item in place of f for the same ends, as seen from `way` of it; f stays, and is not
 * found any more. NULL: no memory, and f is still found. */
void *flows_renew(struct flows *t, const struct flow *f, unsigned way);

/* Not needed any more: not found, and its item is used for another. */
void flows_give_back(struct flows *t, struct flow *f);

#define FLOW_END_TEXT_MAX (ADDRESS_TEXT_MAX + 8)

/* "10.0.0.1:80", "[2001::1]:80" */
void flow_end_text(const struct flow *f, unsigned way, char text[static FLOW_END_TEXT_MAX]);

#endif
