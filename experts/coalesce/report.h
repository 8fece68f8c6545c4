/* SPDX-License-Identifier: MIT */
/* report.h -- what was joined and what could not be, as events.
 *
 * Uses:     datagrams.h, streams.h, common/row.h, <netmon.h>.
 * Threads:  belongs to one.
 */
#ifndef COALESCE_REPORT_H
#define COALESCE_REPORT_H

#include "datagrams.h"
#include "streams.h"

#include <netmon.h>

enum ident {
	IDENT_WRITTEN = 1,
	IDENT_TOTALS,
	IDENT_CONVERSATION,
	IDENT_DATAGRAM,   /* never became whole */
	IDENT_DIFFERS,    /* the same bytes twice, and not the same */
	IDENT_INCOMPLETE, /* something was left out, and how much */
	IDENT_NO_FOLDER,
	IDENT_NOT_WRITTEN
};

struct result {
	const struct stage *stage;
	const struct datagrams *datagrams;
	const struct streams *streams;
	const struct output *output;
};

/* Everything, of a new capture that was finished. NMERR_SUCCESS, or what ExpertSubmitEvent
 * refused with. */
DWORD report_result(const struct result *r, HEXPERTKEY key);

/* There is no folder to write to. */
DWORD report_no_folder(HEXPERTKEY key);

/* The new capture could not be written. */
DWORD report_not_written(HEXPERTKEY key, const char *why);

/* The walk ended before the capture did, with this NMERR code. */
DWORD report_stopped(HEXPERTKEY key, DWORD error, DWORD last_frame);

#endif
