/* SPDX-License-Identifier: MIT */
/* common/slices.h -- amounts of several kinds over time.
 *
 * Owns:     its counters, from a budget.
 * Uses:     common/budget.h.
 * Threads:  belongs to one.
 *
 * The capture's length is not known before its end: slices begin short, and whenever
 * there are too many, each two become one.
 */
#ifndef EXPERTS_COMMON_SLICES_H
#define EXPERTS_COMMON_SLICES_H

#include "budget.h"

#include <stdbool.h>
#include <stdint.h>

#define SLICES 32u /* at most; half of them at least, unless the capture is very short */

struct slices {
	struct budget *budget;  /* borrowed */
	uint64_t *amounts;      /* [slice][kind] */
	uint64_t times[SLICES]; /* that something was counted */
	unsigned kinds;
	unsigned n;    /* slices in use */
	int64_t start; /* microseconds: the first time */
	int64_t width; /* microseconds of a slice; 0: nothing was counted yet */
	/* the slice of the last time */
	unsigned last;
	uint64_t from; /* its begin, in microseconds */
	uint64_t *row; /* its amounts */
};

/* For kinds below the number. False: no memory, and nothing is counted. */
bool slices_init(struct slices *s, struct budget *b, unsigned kinds);
void slices_done(struct slices *s);

/* slices_count() of a time that is not in the slice of the last one. */
void slices_count_elsewhere(struct slices *s, int64_t time, unsigned kind, uint32_t amount);

/* An amount at a time in microseconds; one before the first counts in the first slice. */
static inline void slices_count(struct slices *s, int64_t time, unsigned kind, uint32_t amount)
{
	if ((uint64_t)time - s->from >= (uint64_t)s->width || kind >= s->kinds) {
		slices_count_elsewhere(s, time, kind, amount);
		return;
	}
	s->times[s->last]++;
	s->row[kind] += amount;
}

static inline uint64_t slices_amount(const struct slices *s, unsigned slice, unsigned kind)
{
	return s->amounts[slice * s->kinds + kind];
}

#endif
