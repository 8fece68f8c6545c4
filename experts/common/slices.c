/* SPDX-License-Identifier: MIT */
/* Counting in slices of time that grow. */
#include "slices.h"

#include <string.h>

#define FIRST_WIDTH 1000 /* microseconds */

bool slices_init(struct slices *s, struct budget *b, unsigned kinds)
{
	*s = (struct slices){ .budget = b, .kinds = kinds };
	s->amounts = budget_take(b, SLICES * kinds * sizeof *s->amounts);
	return s->amounts != NULL;
}

void slices_done(struct slices *s)
{
	budget_give(s->budget, s->amounts, SLICES * s->kinds * sizeof *s->amounts);
	s->amounts = NULL;
}

static void halve(struct slices *s)
{
	for (unsigned i = 0; i < SLICES; i++) {
		uint64_t *to = s->amounts + i / 2 * s->kinds, *from = s->amounts + i * s->kinds;
		uint64_t times = s->times[i];

		s->times[i] = 0;
		s->times[i / 2] += times;
		for (unsigned k = 0; k < s->kinds; k++) {
			uint64_t amount = from[k];

			from[k] = 0;
			to[k] += amount;
		}
	}
	s->n = (s->n + 1) / 2;
	s->width *= 2;
}

/* A division, where most times need none. */
static void find(struct slices *s, uint64_t since)
{
	while (since / (uint64_t)s->width >= SLICES)
		halve(s);
	s->last = (unsigned)(since / (uint64_t)s->width);
	s->from = (uint64_t)s->start + s->last * (uint64_t)s->width;
	s->row = s->amounts + s->last * s->kinds;
	if (s->n <= s->last)
		s->n = s->last + 1;
}

void slices_count_elsewhere(struct slices *s, int64_t time, unsigned kind, uint32_t amount)
{
	if (!s->amounts || kind >= s->kinds)
		return;
	if (s->width == 0) {
		s->start = time;
		s->width = FIRST_WIDTH;
	}
	find(s, time > s->start ? (uint64_t)time - (uint64_t)s->start : 0);
	s->times[s->last]++;
	s->row[kind] += amount;
}
