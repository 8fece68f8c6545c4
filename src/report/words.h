/* SPDX-License-Identifier: MIT */
/* report/words.h -- the fixed words of reports that nmhost.h does not name.
 *
 * Threads:  everything is static.
 */
#ifndef NM_REPORT_WORDS_H
#define NM_REPORT_WORDS_H

#include "nmhost.h"

/* NMEVENTFLAG_DO_NOT_DISPLAY_*: the fixed columns an event hides. */
#define NM_HIDE_SEVERITY    UINT32_C(0x80000000)
#define NM_HIDE_SOURCE      UINT32_C(0x40000000)
#define NM_HIDE_EVENT       UINT32_C(0x20000000)
#define NM_HIDE_DESCRIPTION UINT32_C(0x10000000)
#define NM_HIDE_MACHINE     UINT32_C(0x08000000)
#define NM_HIDE_TIME        UINT32_C(0x04000000)
#define NM_HIDE_DATE        UINT32_C(0x02000000)

/* EXPERTSTATUSENUMERATION */
enum nm_status {
	NM_STATUS_INACTIVE,
	NM_STATUS_STARTING,
	NM_STATUS_RUNNING,
	NM_STATUS_PROBLEM,
	NM_STATUS_ABORTED,
	NM_STATUS_DONE,
};

/* What a person reads after "then": "crashed", "ran out of time". */
const char *nm_verdict_phrase(enum nm_verdict v);

/* Where it was: "in Run", "while loading". */
const char *nm_phase_phrase(enum nm_phase p);

/* "DONE", "PROBLEM" or "ABORTED". The host's final status when it gave one of
 * them, else what the verdict implies. */
const char *nm_end_state(const struct nm_expert_end *end);

/* Share of the frames seen, 0 to 100, in tenths. Never 1000 while one is
 * missing, never 0 when one was seen. */
unsigned nm_coverage_tenths(const struct nm_expert_end *end);

#endif
