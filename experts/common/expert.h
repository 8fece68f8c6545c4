/* SPDX-License-Identifier: MIT */
/* common/expert.h -- how an expert introduces itself, and how its report ends.
 *
 * Owns:     nothing.
 * Uses:     row.h, <netmon.h>.
 * Threads:  pure functions.
 */
#ifndef EXPERTS_COMMON_EXPERT_H
#define EXPERTS_COMMON_EXPERT_H

#include "row.h"

/* Register's work. */
BOOL expert_register(PEXPERTENUMINFO ret, const char *name, const char *description);

/* What is said of a report that is not whole: its event, and whose it is. */
struct expert_gap {
	HEXPERTKEY key;
	char *source; /* the expert's name */
	DWORD ident;
};

/* One event without columns: `n what`. why is its justification. */
DWORD expert_left_out(
    const struct expert_gap *g, DWORD severity, uint64_t n, const char *what, char *why);

/* The walk ended with `end`, of which NMERR_NO_MORE_FRAMES is the good one; last is its
 * last frame, and text is what there is to say in one line when all went well. NMERR_SUCCESS,
 * or why the event was refused. */
DWORD expert_end(const struct expert_gap *g, DWORD end, DWORD last, const char *text);

/* The event of a walk that ended early, alone. */
DWORD expert_stopped(const struct expert_gap *g, DWORD end, DWORD last);

#endif
