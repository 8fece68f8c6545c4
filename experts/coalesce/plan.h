/* SPDX-License-Identifier: MIT */
/* plan.h -- what the first walk finds out about each frame, for the second.
 *
 * Owns:     its chunks, from a budget of its own: two bits a frame.
 * Uses:     common/budget.h.
 * Threads:  belongs to one.
 */
#ifndef COALESCE_PLAN_H
#define COALESCE_PLAN_H

#include "../common/budget.h"

#include <stdbool.h>

enum mark {
	MARK_LAST = 1,  /* the last of what is joined: the joined frame is due */
	MARK_ALONE = 2, /* a fragment of what never became whole */
};

struct plan {
	struct budget budget;
	uint8_t **chunks;
	uint32_t n, room;
	bool full; /* a mark found no memory */
};

void plan_init(struct plan *p, const struct budget *b);
void plan_done(struct plan *p);
void plan_mark(struct plan *p, uint32_t frame, enum mark mark);
bool plan_has(const struct plan *p, uint32_t frame, enum mark mark);

#endif
