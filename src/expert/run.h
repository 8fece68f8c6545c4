/* SPDX-License-Identifier: MIT */
/* expert/run.h -- one activation of an expert: its key, heap, frames, events.
 *
 * Owns:     the key, the heap and the walking view of each open run.
 * Uses:     capture/, heap/, base/.
 * Threads:  any thread of the expert, while the run is open.
 * Trust:    everything an expert passes is hostile: keys are looked up, never
 *           followed; its own pointers may fault, which costs only itself.
 *
 * A key is a number that was never used before in this process, so a stale key
 * cannot come alive again.
 */
#ifndef NM_EXPERT_RUN_H
#define NM_EXPERT_RUN_H

#include "expert/status.h"
#include "heap/heap.h"
#include "netmon.h"

#include <stdbool.h>

struct nm_capture;

/* Where a run's events go. submit gets a checked event (version, column types;
 * strings may be wild) and returns an NMERR code for the expert. */
struct nm_run_ops {
	uint32_t (*submit)(void *ctx, const NMEVENTDATA *ev);
	void *ctx;
};

struct nm_run_config {
	struct nm_capture *capture;       /* borrowed; NULL: no frames (Configure without one) */
	const EXPERTSTARTUPINFO *startup; /* copied */
	struct nm_heap_options heap;
	bool no_events; /* EXPERT_ENUM_FLAG_NO_VIEWER, or Configure */
	bool lazy;      /* recognize protocols once the expert reads them: nm_parse_be_lazy */
	struct nm_run_ops ops;
	struct nm_status *status; /* borrowed; never NULL */
};

/* NMERR_SUCCESS and *ret_key, or NMERR_OUT_OF_MEMORY, NMERR_NO_HANDLES. */
uint32_t nm_run_open(const struct nm_run_config *cfg, HEXPERTKEY *ret_key);

/* The key dies, its memory goes back at once, *ret_heap (may be NULL) says what
 * was left. Unknown keys are ignored. No thread may be inside a call. */
void nm_run_close(HEXPERTKEY key, struct nm_heap_stats *ret_heap);

/* A copy of a configuration of n bytes as a block of the key, which the expert may
 * enlarge or free like its own; NULL: no memory. */
PEXPERTCONFIG nm_run_lend(HEXPERTKEY key, const void *config, size_t n);

/* What Configure left: NMERR_SUCCESS and its RawConfigLength, or NMERR_INVALID_DATA
 * when it is no live block of the key or its length does not lie within it. Any
 * pointer will do. */
uint32_t nm_run_config_length(HEXPERTKEY key, const EXPERTCONFIG *block, uint32_t *ret_n);

/* nm_heap_explain and nm_heap_sites for the heap of an open run; false, and no
 * call, for other keys. The first may be called in a signal handler. */
bool nm_run_explain(HEXPERTKEY key, const void *addr, struct nm_heap_info *ret);
bool nm_run_sites(HEXPERTKEY key, void (*each)(const struct nm_heap_site *s, void *arg), void *arg);

/* The Expert* functions behind the exported ones; each does the checks of
 * spec order: key, pending abort, arguments, resources. */
void *nm_run_alloc(HEXPERTKEY key, size_t n, uint32_t *ret_err);
void *nm_run_realloc(HEXPERTKEY key, void *p, size_t n, uint32_t *ret_err);
uint32_t nm_run_free(HEXPERTKEY key, void *p);
size_t nm_run_size(HEXPERTKEY key, const void *p);
uint32_t nm_run_get_frame(HEXPERTKEY key, DWORD direction, DWORD flags, DWORD n, HFILTER filter,
    EXPERTFRAMEDESCRIPTOR *ret);
uint32_t nm_run_startup(HEXPERTKEY key, EXPERTSTARTUPINFO *ret);
uint32_t nm_run_indicate(
    HEXPERTKEY key, uint32_t status, uint32_t substatus, const char *text, int32_t percent);
uint32_t nm_run_submit(HEXPERTKEY key, const NMEVENTDATA *ev);

#endif
