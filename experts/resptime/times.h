/* SPDX-License-Identifier: MIT */
/* times.h -- durations: how many, their sum, the longest, and any percentile.
 *
 * Owns:     a histogram, from a budget, once there are more than TIMES_EXACT.
 * Uses:     common/budget.h.
 * Threads:  belongs to one.
 *
 * Up to TIMES_EXACT percentiles are exact. Beyond, a duration is known by its bucket: of
 * 1 microsecond up to 64, then 64 to each power of two, and a percentile is the bucket's
 * middle: wrong by at most 1/128, 0.8 %.
 */
#ifndef RESPTIME_TIMES_H
#define RESPTIME_TIMES_H

#include "../common/budget.h"

#include <stdint.h>

#define TIMES_EXACT 64u
#define TIMES_MOST  UINT32_MAX /* microseconds; what took longer counts as this: 71 minutes */

struct times {
	uint64_t count, total; /* total in microseconds */
	uint64_t left_out;     /* of percentiles: there was no memory */
	uint32_t *buckets;     /* NULL: exact[] has them all */
	uint32_t longest;
	uint32_t exact[TIMES_EXACT];
};

void times_add(struct times *t, struct budget *b, uint32_t microseconds);

/* The shortest duration that `tenths` thousandths of all do not exceed, in microseconds;
 * 0 when there are none. 500 is the median. */
uint32_t times_percentile(const struct times *t, unsigned tenths);

/* In microseconds; 0 when there are none. */
double times_mean(const struct times *t);

void times_done(struct times *t, struct budget *b);

#endif
