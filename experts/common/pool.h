/* SPDX-License-Identifier: MIT */
/* common/pool.h -- many things of one size, which never move and have numbers.
 *
 * Owns:     chunks of things, from its budget.
 * Uses:     budget.h.
 * Threads:  belongs to one.
 */
#ifndef EXPERTS_COMMON_POOL_H
#define EXPERTS_COMMON_POOL_H

#include "budget.h"

struct pool {
	struct budget *budget; /* borrowed */
	uint32_t each;         /* bytes of a thing; at least 4, and a multiple of its alignment */
	uint32_t chunk;        /* things taken at a time; a power of 2 */
	uint32_t shift;        /* chunk = 1 << shift */
	uint32_t n;            /* numbers in use or given back: 1 to n */
	uint32_t free;         /* a number to use again; 0: none */
	uint8_t **chunks;
	uint32_t n_chunks, room;
};

/* Things of `each` bytes, 1 << shift of them taken at a time. */
void pool_init(struct pool *p, struct budget *b, size_t each, unsigned shift);
void pool_done(struct pool *p);

/* The number of a thing of zeros, from 1. 0: no memory. */
uint32_t pool_take(struct pool *p);

/* The number is used for another thing. */
void pool_give(struct pool *p, uint32_t number);

static inline void *pool_at(const struct pool *p, uint32_t number)
{
	return p->chunks[(number - 1) >> p->shift] +
	       (size_t)((number - 1) & (p->chunk - 1)) * p->each;
}

#endif
