/* SPDX-License-Identifier: MIT */
/* common/budget.h -- memory of the host's, up to a limit of the expert's own.
 *
 * Owns:     the count of what is left. Blocks are whoever's took them.
 * Uses:     <netmon.h>.
 * Threads:  belongs to one.
 */
#ifndef EXPERTS_COMMON_BUDGET_H
#define EXPERTS_COMMON_BUDGET_H

#include <netmon.h>

#include <stddef.h>
#include <stdint.h>

struct budget {
	HEXPERTKEY key;
	size_t left; /* bytes that may still be taken */
	DWORD error; /* why memory was refused: NMERR_ code; 0: not by the host */
};

/* n bytes of zeros; NULL: beyond the limit, or the host refused. Once it has, nothing
 * more is had. */
void *budget_take(struct budget *b, size_t n);

/* A list of *room elements of `each` bytes, of which n are in use, moved to one of `more`:
 * returned, with *room set. NULL: no memory, and the old one stays. list may be NULL. */
void *budget_grow(
    struct budget *b, void *list, uint32_t n, uint32_t *room, uint32_t more, size_t each);

/* A block of n bytes back; p may be NULL. */
void budget_give(struct budget *b, void *p, size_t n);

#endif
