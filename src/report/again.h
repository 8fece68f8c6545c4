/* SPDX-License-Identifier: MIT */
/* report/again.h -- reading a capture once more, when its run has been told.
 *
 * Owns:     its copy of the options. It must stay where it is.
 * Uses:     nmhost.h.
 * Threads:  belongs to one thread.
 * Trust:    what is said on the way is for people, and clean already.
 */
#ifndef NM_REPORT_AGAIN_H
#define NM_REPORT_AGAIN_H

#include "nmhost.h"

struct nm_again {
	struct nm_run_options options; /* of the run, without what only a run has a use for */
	const char *source;            /* borrowed: what options.captures holds */
	char why[1024];                /* the last line that was said; "" for none */
};

/* For the capture that has just ended. False: it can't be read again, as it came out of a pipe
 * or is gone. */
bool nm_again_init(
    struct nm_again *a, const struct nm_run_options *run, const struct nm_capture_report *c);

#endif
