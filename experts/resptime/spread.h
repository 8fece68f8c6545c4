/* SPDX-License-Identifier: MIT */
/* spread.h -- how many durations there were of each length.
 *
 * Threads:  belongs to one.
 *
 * Bins end at 10, 20, 50, 100, 200, 500 microseconds and so on up to 5000 seconds, which is
 * more than a duration can have. Counts are exact.
 */
#ifndef RESPTIME_SPREAD_H
#define RESPTIME_SPREAD_H

#include <stdint.h>

#define SPREAD_BINS 27u

struct spread {
	uint64_t counts[SPREAD_BINS];
};

void spread_add(struct spread *s, uint32_t microseconds);

/* The first duration that is too long for the bin, in microseconds; it begins at the end of
 * the one before, the first at 0. */
uint64_t spread_end(unsigned bin);

#endif
