/* SPDX-License-Identifier: MIT */
/* common/top.h -- the largest of many rows, in a list of a few.
 *
 * Owns:     nothing: the list is the caller's.
 * Uses:     the C library.
 * Threads:  belongs to one.
 */
#ifndef EXPERTS_COMMON_TOP_H
#define EXPERTS_COMMON_TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOP_ROW_MOST 256u /* bytes of a row */

struct top {
	void *rows;       /* borrowed; room for `room` rows */
	size_t each;      /* bytes of a row, at most TOP_ROW_MOST */
	uint32_t n, room; /* used; 0 is fine for the room */
	/* Row a has less of a claim to a place than b. */
	bool (*smaller)(const void *a, const void *b);
};

/* Copy the row in, if there is room or a smaller one to make it. */
void top_offer(struct top *t, const void *row);

/* The largest first. To be called once, after the last offer. */
void top_sort(struct top *t);

#endif
