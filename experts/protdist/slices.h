/* SPDX-License-Identifier: MIT */
/* slices.h -- bytes of each protocol over time.
 *
 * Owns:     its counters, from a budget.
 * Uses:     common/budget.h.
 * Threads:  belongs to one.
 *
 * The capture's length is not known before its end: slices begin short, and whenever
 * there are too many, each two become one.
 */
#ifndef PROTDIST_SLICES_H
#define PROTDIST_SLICES_H

#include "../common/budget.h"

#include <stdbool.h>
#include <stdint.h>

#define SLICES 32u /* at most; half of them at least, unless the capture is very short */

struct slices {
	struct budget *budget; /* borrowed */
	uint64_t *bytes;       /* [slice][protocol] */
	uint64_t frames[SLICES];
	unsigned protocols;
	unsigned n;    /* slices in use */
	int64_t start; /* microseconds: the first frame's time */
	int64_t width; /* microseconds of a slice; 0: no frame yet */
};

/* For protocols below the number. False: no memory, and nothing is counted. */
bool slices_init(struct slices *s, struct budget *b, unsigned protocols);
void slices_done(struct slices *s);

/* A frame before the first one counts in the first slice. */
void slices_count(struct slices *s, int64_t time, unsigned protocol, uint32_t bytes);

static inline uint64_t slices_bytes(const struct slices *s, unsigned slice, unsigned protocol)
{
	return s->bytes[slice * s->protocols + protocol];
}

#endif
