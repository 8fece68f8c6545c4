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
#include "heap/heap.h"
#include "netmon.h"
#include "system/fault.h"

/* Install on the calling thread's own signal stack. s is borrowed for the rest
 * of the process. `first` (may be NULL) is asked before anything is said: true, or not
 * to return at all, when the signal is its own business. */
void nm_crash_install(struct nm_status *s, bool (*first)(const struct nm_fault *f));

#if defined(_WIN32)
/* Call fn with arg. A crash in it that nothing inside of fn handles is told, whatever filters
 * and handlers the process has set besides. */
void nm_crash_guard(void (*fn)(void *arg), void *arg);
#endif

/* From here on a fault's address is looked up in the heap of key; fn NULL ends
 * that. fn is called in a signal handler. */
void nm_crash_explain(
    bool (*fn)(HEXPERTKEY key, const void *addr, struct nm_heap_info *ret), HEXPERTKEY key);

/* For the handlers alone: what nm_crash_explain() makes known of c->address, into c->heap. */
void nm_crash_write_block(struct nm_crash *c);

#endif
