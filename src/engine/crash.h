/* SPDX-License-Identifier: MIT */
/* engine/crash.h -- a dying worker's last words.
 *
 * A handler for the signals that end a process writes what it knows into the
 * status page and lets the signal do its work. The verdict never depends on
 * it: an expert may replace the handler, or break it.
 */
#ifndef NM_ENGINE_CRASH_H
#define NM_ENGINE_CRASH_H

#include "expert/status.h"

/* Install on the calling thread's own signal stack. s is borrowed for the rest
 * of the process. */
void nm_crash_install(struct nm_status *s);

#endif
