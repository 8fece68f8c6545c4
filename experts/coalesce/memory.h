/* SPDX-License-Identifier: MIT */
/* memory.h -- memory within the budget, for which what was not touched for longest makes room.
 *
 * Owns:     the budget. Blocks are whoever's took them.
 * Uses:     common/budget.h.
 * Threads:  belongs to one.
 */
#ifndef COALESCE_MEMORY_H
#define COALESCE_MEMORY_H

#include "../common/budget.h"

#include <stdbool.h>

struct memory {
	struct budget budget;
	/* Give something back. False: there is nothing more that may go. */
	bool (*make_room)(void *ctx);
	void *ctx;
};

/* n bytes of zeros. NULL: not even after all that may go is gone, or the host refused. */
void *memory_take(struct memory *m, size_t n);
void memory_give(struct memory *m, void *p, size_t n);

/* The two halves of taking. Count n bytes as taken: false as above, and none are. */
bool memory_reserve(struct memory *m, size_t n);
void memory_release(struct memory *m, size_t n);
/* n bytes of zeros that count already or do not have to. NULL: the host refused. */
void *memory_uncounted(struct memory *m, size_t n);
void memory_give_uncounted(struct memory *m, void *p);

#endif
