/* SPDX-License-Identifier: MIT */
/* Bins as people count: 1, 2, 5. */
#include "spread.h"

static const uint64_t ends[SPREAD_BINS] = { 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000,
	20000, 50000, 100000, 200000, 500000, 1000000, 2000000, 5000000, 10000000, 20000000,
	50000000, 100000000, 200000000, 500000000, 1000000000, 2000000000, 5000000000 };

uint64_t spread_end(unsigned bin)
{
	return ends[bin];
}

void spread_add(struct spread *s, uint32_t microseconds)
{
	unsigned bin = 0;

	while (microseconds >= ends[bin])
		bin++;
	s->counts[bin]++;
}
