/* SPDX-License-Identifier: MIT */
/* Programs: room for them, and their steps, whatever they are made from. */
#include "filter/program.h"

#include <stdlib.h>

void nm_program_free(struct nm_program *p)
{
	if (!p || atomic_fetch_sub_explicit(&p->uses, 1, memory_order_acq_rel) > 1)
		return;
	for (uint32_t i = 0; i < p->n_patterns; i++)
		nm_regex_free(p->patterns[i]);
	free(p->steps);
	free(p->tests);
	free(p->operands);
	free(p->ranges);
	free(p->members);
	free(p->data);
	free(p);
}

struct nm_program *nm_program_share(struct nm_program *p)
{
	atomic_fetch_add_explicit(&p->uses, 1, memory_order_relaxed);
	return p;
}

struct nm_program *nm_program_room(const struct nm_program_room *room)
{
	struct nm_program *p = calloc(1, sizeof *p);

	if (!p)
		return NULL;
	p->uses = 1;
	p->steps = calloc(room->steps + 1, sizeof *p->steps);
	p->tests = calloc(room->tests + 1, sizeof *p->tests);
	p->operands = calloc(room->operands + 1, sizeof *p->operands);
	p->ranges = room->ranges ? calloc(room->ranges, sizeof *p->ranges) : NULL;
	p->members = room->members ? calloc(room->members, sizeof *p->members) : NULL;
	p->data = room->data ? calloc(1, room->data) : NULL;
	if (p->steps && p->tests && p->operands && (p->ranges || !room->ranges) &&
	    (p->members || !room->members) && (p->data || !room->data))
		return p;
	nm_program_free(p);
	return NULL;
}

struct nm_step *nm_program_step(struct nm_program *p, uint8_t op)
{
	struct nm_step *s = &p->steps[p->n_steps++];

	*s = (struct nm_step){ .op = op };
	return s;
}

void nm_program_join(struct nm_program *p, uint8_t op, uint32_t right)
{
	if (op != STEP_XOR) {
		struct nm_step *end = &p->steps[right - 1];

		end->skips = true;
		end->when = op == STEP_OR;
		end->skip = p->n_steps;
	}
	(void)nm_program_step(p, op);
}
