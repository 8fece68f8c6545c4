/* SPDX-License-Identifier: MIT */
/* report.h -- what was counted, as events: totals, the hierarchy, protocols, time.
 *
 * Uses:     tree.h, common/slices.h, common/expert.h, <netmon.h>.
 * Threads:  belongs to one.
 */
#ifndef PROTDIST_REPORT_H
#define PROTDIST_REPORT_H

#include "../common/expert.h"
#include "../common/slices.h"
#include "tree.h"

enum ident {
	IDENT_TOTALS = 1,
	IDENT_STACK,    /* a protocol behind others */
	IDENT_PROTOCOL, /* wherever it stands */
	IDENT_SLICE,    /* of time */
	IDENT_INCOMPLETE
};

#define HIDE_STACKS    0x1u
#define HIDE_PROTOCOLS 0x2u
#define HIDE_SLICES    0x4u

struct counts {
	struct tree tree;
	struct slices slices;
	const PROTOCOLTABLE *names; /* borrowed from the host */
	int64_t first, last;        /* microseconds */
};

/* All events but those that `hidden` names, HIDE_*. NMERR_SUCCESS, or what
 * ExpertSubmitEvent refused with. */
DWORD report_counts(struct counts *c, HEXPERTKEY key, DWORD hidden);

/* Whose the events are that say what is missing. */
struct expert_gap report_gap(HEXPERTKEY key);

#endif
