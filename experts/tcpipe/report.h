/* SPDX-License-Identifier: MIT */
/* report.h -- what was found, as events: totals, time, connections worst first, findings.
 *
 * Uses:     rules.h, common/expert.h, <netmon.h>.
 * Threads:  belongs to one.
 */
#ifndef TCPIPE_REPORT_H
#define TCPIPE_REPORT_H

#include "../common/expert.h"
#include "rules.h"

#include <netmon.h>

enum ident {
	IDENT_TOTALS = 1,
	IDENT_CONNECTION,
	IDENT_INCOMPLETE,  /* something was left out, and how much */
	IDENT_SLICE,       /* of time */
	IDENT_FINDING = 10 /* plus the kind */
};

/* Everything, `top` connections, 0 for all that have something to say. NMERR_SUCCESS, or
 * what ExpertSubmitEvent refused with. */
DWORD report_analysis(const struct analysis *a, HEXPERTKEY key, DWORD top);

/* Whose the events are that say what is missing. */
struct expert_gap report_gap(HEXPERTKEY key);

/* Segments that were sent again, of either kind. */
uint64_t report_sent_again(const struct analysis *a);

#endif
