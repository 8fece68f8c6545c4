/* SPDX-License-Identifier: MIT */
/* Few are remembered, many are counted in buckets. */
#include "times.h"

#include <string.h>

#define FINE    64u /* buckets to a power of two */
#define BITS    6u  /* FINE = 1 << BITS */
#define POWERS  (32u - BITS)
#define BUCKETS (FINE + POWERS * FINE)

static unsigned bucket_of(uint32_t v)
{
	unsigned top;

	if (v < FINE)
		return v;
	top = 31u - (unsigned)__builtin_clz(v);
	return FINE + (top - BITS) * FINE + (v >> (top - BITS)) - FINE;
}

static uint32_t middle_of(unsigned bucket)
{
	unsigned power, at;
	uint64_t width;

	if (bucket < FINE)
		return bucket;
	power = (bucket - FINE) / FINE;
	at = (bucket - FINE) % FINE;
	width = UINT64_C(1) << power;
	return (uint32_t)(((uint64_t)(FINE + at) << power) + width / 2);
}

/* From the one that exact[] has no room for. */
static void begin_buckets(struct times *t, struct budget *b)
{
	t->buckets = budget_take(b, BUCKETS * sizeof *t->buckets);
	for (unsigned i = 0; t->buckets && i < TIMES_EXACT; i++)
		t->buckets[bucket_of(t->exact[i])]++;
}

void times_add(struct times *t, struct budget *b, uint32_t microseconds)
{
	if (t->count == TIMES_EXACT)
		begin_buckets(t, b);
	if (t->count < TIMES_EXACT)
		t->exact[t->count] = microseconds;
	else if (t->buckets)
		t->buckets[bucket_of(microseconds)]++;
	else
		t->left_out++;
	t->count++;
	t->total += microseconds;
	if (microseconds > t->longest)
		t->longest = microseconds;
}

static uint32_t exact_rank(const struct times *t, uint64_t n, uint64_t rank)
{
	uint32_t sorted[TIMES_EXACT];

	for (unsigned i = 0; i < n; i++) {
		unsigned at = i;

		for (; at > 0 && sorted[at - 1] > t->exact[i]; at--)
			sorted[at] = sorted[at - 1];
		sorted[at] = t->exact[i];
	}
	return sorted[rank - 1];
}

uint32_t times_percentile(const struct times *t, unsigned tenths)
{
	uint64_t n = t->count - t->left_out;
	uint64_t rank = (n * tenths + 999) / 1000, seen = 0;
	unsigned bucket = 0;
	uint32_t middle;

	if (rank == 0)
		return 0;
	if (!t->buckets)
		return exact_rank(t, n, rank);
	while ((seen += t->buckets[bucket]) < rank)
		bucket++;
	middle = middle_of(bucket);
	return middle < t->longest ? middle : t->longest;
}

double times_mean(const struct times *t)
{
	return t->count ? (double)t->total / (double)t->count : 0;
}

void times_done(struct times *t, struct budget *b)
{
	budget_give(b, t->buckets, BUCKETS * sizeof *t->buckets);
	t->buckets = NULL;
}
