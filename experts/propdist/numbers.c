/* SPDX-License-Identifier: MIT */
/* Numbers in buckets. */
#include "numbers.h"

#define FINE 64u /* buckets to a power of two */
#define BITS 6u

static unsigned bucket_of(uint64_t v)
{
	unsigned power;

	if (v < FINE)
		return (unsigned)v;
	power = 63u - (unsigned)__builtin_clzll(v) - BITS;
	return FINE + power * FINE + (unsigned)(v >> power) - FINE;
}

static uint64_t middle_of(unsigned bucket)
{
	unsigned power;

	if (bucket < FINE)
		return bucket;
	power = (bucket - FINE) / FINE;
	return ((uint64_t)(FINE + (bucket - FINE) % FINE) << power) +
	       (power ? UINT64_C(1) << (power - 1) : 0);
}

void numbers_add(struct numbers *n, uint64_t v)
{
	if (n->count == 0 || v < n->smallest)
		n->smallest = v;
	if (v > n->largest)
		n->largest = v;
	n->count++;
	n->total += (double)v;
	n->buckets[bucket_of(v)]++;
}

uint64_t numbers_median(const struct numbers *n)
{
	uint64_t rank = (n->count + 1) / 2, seen = 0, middle;
	unsigned bucket = 0;

	if (rank == 0)
		return 0;
	while ((seen += n->buckets[bucket]) < rank)
		bucket++;
	middle = middle_of(bucket);
	return middle < n->largest ? middle : n->largest;
}
