/* SPDX-License-Identifier: MIT */
/* Things in chunks. */
#include "pool.h"

#include <string.h>

#define LIST_FIRST 16u /* chunks */
#define MOST       (1u << 28)

void pool_init(struct pool *p, struct budget *b, size_t each, unsigned shift)
{
	*p = (struct pool){
		.budget = b, .each = (uint32_t)each, .chunk = 1u << shift, .shift = shift
	};
}

void pool_done(struct pool *p)
{
	for (uint32_t i = 0; i < p->n_chunks; i++)
		budget_give(p->budget, p->chunks[i], (size_t)p->chunk * p->each);
	budget_give(p->budget, p->chunks, p->room * sizeof *p->chunks);
	memset(p, 0, sizeof *p);
}

static int room_for_one(struct pool *p)
{
	uint8_t *chunk;
	void *list;

	if (p->n < p->n_chunks << p->shift)
		return 1;
	if (p->n >= MOST)
		return 0;
	if (p->n_chunks == p->room) {
		list = budget_grow(p->budget, p->chunks, p->n_chunks, &p->room,
		    p->room ? p->room * 2 : LIST_FIRST, sizeof *p->chunks);
		if (!list)
			return 0;
		p->chunks = list;
	}
	chunk = budget_take(p->budget, (size_t)p->chunk * p->each);
	if (!chunk)
		return 0;
	p->chunks[p->n_chunks++] = chunk;
	return 1;
}

/* One that is free has the next free one's number in its first bytes. */
uint32_t pool_take(struct pool *p)
{
	uint32_t number = p->free;

	if (number) {
		memcpy(&p->free, pool_at(p, number), sizeof p->free);
		memset(pool_at(p, number), 0, p->each);
		return number;
	}
	return room_for_one(p) ? ++p->n : 0;
}

void pool_give(struct pool *p, uint32_t number)
{
	memcpy(pool_at(p, number), &p->free, sizeof p->free);
	p->free = number;
}
