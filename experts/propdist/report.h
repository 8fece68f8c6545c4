/* SPDX-License-Identifier: MIT */
/* report.h -- how a property is distributed, as events.
 *
 * Uses:     values.h, numbers.h, common/expert.h, <netmon.h>.
 * Threads:  belongs to one.
 */
#ifndef PROPDIST_REPORT_H
#define PROPDIST_REPORT_H

#include "../common/expert.h"
#include "numbers.h"
#include "values.h"

enum ident {
	IDENT_PROPERTY = 1, /* in how many frames it is */
	IDENT_VALUE,
	IDENT_INCOMPLETE, /* something was left out, and how much */
	IDENT_NUMBERS
};

/* One property; or, without one, every protocol. */
struct counts {
	LPPROPERTYINFO property; /* NULL: presence of protocols */
	char protocol[17];       /* whose it is */
	struct values values;
	struct numbers numbers;
	bool is_number;
	uint64_t all_frames, frames, instances;
	uint64_t unreadable; /* instances without a value that could be read */
	uint32_t first;      /* frame */
	/* Without a property: by number of the protocol. */
	const PROTOCOLTABLE *protocols;
	uint64_t *present; /* n_present; NULL: no memory */
	unsigned n_present;
};

/* `top` values, 0 for all. */
DWORD report_counts(const struct counts *c, HEXPERTKEY key, uint32_t top);

/* The property that was asked for is not there. */
DWORD report_unknown(HEXPERTKEY key, const char *name);

/* Whose the events are that say what is missing. */
struct expert_gap report_gap(HEXPERTKEY key);

#endif
