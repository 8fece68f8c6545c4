/* SPDX-License-Identifier: MIT */
/* report.h -- what was measured, as events: by protocol, by server, the slowest, what got no
 * answer.
 *
 * Uses:     exchanges.h, common/expert.h, <netmon.h>.
 * Threads:  belongs to one.
 */
#ifndef RESPTIME_REPORT_H
#define RESPTIME_REPORT_H

#include "../common/expert.h"
#include "exchanges.h"

enum ident {
	IDENT_PROTOCOL = 1,
	IDENT_SERVER,
	IDENT_INCOMPLETE, /* something was left out, and how much */
	IDENT_SLOW,       /* an exchange */
	IDENT_UNANSWERED, /* a server that left requests without answer */
	IDENT_SPREAD      /* how many response times there were of a length */
};

struct report {
	HEXPERTKEY key;
	uint32_t top;     /* servers; 0: all */
	uint32_t slow_us; /* from here on an exchange is a warning */
};

/* Everything. NMERR_SUCCESS, or what ExpertSubmitEvent refused with. */
DWORD report_exchanges(struct exchanges *x, const struct report *r);

/* Whose the events are that say what is missing. */
struct expert_gap report_gap(HEXPERTKEY key);

#endif
