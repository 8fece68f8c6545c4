/* SPDX-License-Identifier: MIT */
/* Counting in slices of time that grow. */
#include "slices.h"

#include <string.h>

#define FIRST_WIDTH 1000 /* microseconds */

bool slices_init(struct slices *s, struct budget *b, unsigned protocols)
{
	*s = (struct slices){ .budget = b, .protocols = protocols };
	s->bytes = budget_take(b, SLICES * protocols * sizeof *s->bytes);
	return s->bytes != NULL;
}

void slices_done(struct slices *s)
{
	budget_give(s->budget, s->bytes, SLICES * s->protocols * sizeof *s->bytes);
	s->bytes = NULL;
}

static void halve(struct slices *s)
{
	for (unsigned i = 0; i < SLICES; i++) {
		uint64_t *to = s->bytes + i / 2 * s->protocols, *from = s->bytes + i * s->protocols;
		uint64_t frames = s->frames[i];

		s->frames[i] = 0;
		s->frames[i / 2] += frames;
		for (unsigned p = 0; p < s->protocols; p++) {
			uint64_t bytes = from[p];

			from[p] = 0;
			to[p] += bytes;
		}
	}
	s->n = (s->n + 1) / 2;
	s->width *= 2;
}

void slices_count(struct slices *s, int64_t time, unsigned protocol, uint32_t bytes)
{
	uint64_t since;

	if (!s->bytes || protocol >= s->protocols)
		return;
	if (s->width == 0) {
		s->start = time;
		s->width = FIRST_WIDTH;
	}
	since = time > s->start ? (uint64_t)time - (uint64_t)s->start : 0;
	while (since / (uint64_t)s->width >= SLICES)
		halve(s);
	since /= (uint64_t)s->width;
	if (s->n <= since)
		s->n = (unsigned)since + 1;
	s->frames[since]++;
	s->bytes[since * s->protocols + protocol] += bytes;
}
