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

/* What there is a table of. The first three are kinds of addresses. */
enum kind { LINK_LAYER, IPV4, IPV6, IPV4_TALKS, IPV6_TALKS, PORTS, KINDS };

/* Never given another meaning: pages and who reads reports go by them. */
enum ident {
	IDENT_LINK_LAYER = 1,
	IDENT_IPV4 = 2,
	IDENT_IPV6 = 3,
	IDENT_TOTALS = 4,     /* what the percentages are of, and what has no addresses */
	IDENT_INCOMPLETE = 5, /* something was left out, and how much */
	IDENT_IPV4_TALKS = 6,
	IDENT_IPV6_TALKS = 7,
	IDENT_PORTS = 8,
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
	struct budget budget; /* of the tables of addresses */
	struct budget rest;   /* of the others: a flood of conversations costs no address */
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
