/* SPDX-License-Identifier: MIT */
/* Two bits a frame, in chunks that are there where marks are. */
#include "plan.h"

#define CHUNK       65536u /* frames */
#define CHUNK_BYTES (CHUNK / 4)
#define LIST_FIRST  16u

void plan_init(struct plan *p, const struct budget *b)
{
	*p = (struct plan){ .budget = *b };
}

void plan_done(struct plan *p)
{
	for (uint32_t i = 0; i < p->n; i++)
		budget_give(&p->budget, p->chunks[i], CHUNK_BYTES);
	budget_give(&p->budget, p->chunks, p->room * sizeof *p->chunks);
	p->chunks = NULL;
	p->n = p->room = 0;
}

static uint8_t *chunk_for(struct plan *p, uint32_t i)
{
	uint32_t more = p->room ? p->room : LIST_FIRST;
	uint8_t **list;

	while (more <= i)
		more *= 2;
	if (more > p->room) {
		list = budget_grow(&p->budget, p->chunks, p->n, &p->room, more, sizeof *list);
		if (!list)
			return NULL;
		p->chunks = list;
	}
	if (!p->chunks[i])
		p->chunks[i] = budget_take(&p->budget, CHUNK_BYTES);
	if (p->chunks[i] && i >= p->n)
		p->n = i + 1;
	return p->chunks[i];
}

void plan_mark(struct plan *p, uint32_t frame, enum mark mark)
{
	uint32_t at = frame % CHUNK;
	uint8_t *chunk = chunk_for(p, frame / CHUNK);

	if (chunk)
		chunk[at / 4] |= (uint8_t)(mark << at % 4 * 2);
	else
		p->full = true;
}

bool plan_has(const struct plan *p, uint32_t frame, enum mark mark)
{
	uint32_t i = frame / CHUNK, at = frame % CHUNK;

	return i < p->n && p->chunks[i] && (p->chunks[i][at / 4] >> at % 4 * 2 & mark);
}
