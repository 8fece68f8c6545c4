/* SPDX-License-Identifier: MIT */
/* report.h -- what was counted, as events.
 *
 * Uses:     table.h, <netmon.h>.
 * Threads:  belongs to one.
 */
#ifndef TOPUSER_REPORT_H
#define TOPUSER_REPORT_H

#include "../common/expert.h"
#include "table.h"

/* The kinds of addresses; the EventIdent of their events is one more. */
enum kind { LINK_LAYER, IPV4, IPV6, KINDS };

enum ident {
	IDENT_TOTALS = KINDS + 1, /* what the percentages are of, and what has no addresses */
	IDENT_INCOMPLETE,         /* something was left out, and how much */
};

/* Frames that are rows of their own. */
enum total {
	ALL_FRAMES,
	NO_IP,        /* neither an IPv4 nor an IPv6 header */
	BROKEN_IP,    /* one was announced and was none, or was cut */
	UNKNOWN_LINK, /* part of NO_IP: no MAC type, and nothing that looks like IP */
	TOTALS
};

struct counts {
	struct table tables[KINDS];
	struct tally totals[TOTALS];
	struct budget budget; /* of the tables */
	bool shown[KINDS];    /* in the report */
};

/* All events, `top` rows for each direction of each kind, 0 for every address.
 * NMERR_SUCCESS, or what ExpertSubmitEvent refused with. */
DWORD report_counts(struct counts *c, HEXPERTKEY key, DWORD top);

/* Whose the events are that say what is missing. */
struct expert_gap report_gap(HEXPERTKEY key);

/* The address that sent the most bytes: IPv4 or IPv6 when there is any, else of
 * the link. "" when there is none. */
void report_busiest(const struct counts *c, char text[static ADDRESS_TEXT_MAX]);

#endif
