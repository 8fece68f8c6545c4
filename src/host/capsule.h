/* SPDX-License-Identifier: MIT */
/* host/capsule.h -- what is needed to repeat the failure of an expert.
 *
 * A *capsule* is a folder with capsule.json (manifest.h) and the frames that the
 * expert was given, as few of them as still make it end in the same way.
 *
 * Owns:     nothing between calls.
 * Uses:     the rest of host/, which runs the expert again and writes the frames.
 * Threads:  one.
 * Trust:    the supervisor reads no frame here either: the engine writes them.
 */
#ifndef NM_HOST_CAPSULE_H
#define NM_HOST_CAPSULE_H

#include "host/manifest.h"

/* A failure that a capsule can hold: not done, not the user's wish, not ours. */
bool nm_is_for_capsule(enum nm_verdict v);

struct nm_target;

/* Put a new folder for this failure of t into o->capsule_dir and say so; or say why not.
 * frames: where the capture can be read again; NULL: nowhere. True when the user
 * asked meanwhile to stop. */
bool nm_capsule_make(const struct nm_run_options *o, const struct nm_target *t, const char *capture,
    const char *frames, const struct nm_expert_info *e, const struct nm_expert_end *end);

/* ---- repeat.c --------------------------------------------------------------------- */

struct nm_outcome nm_outcome_of(const struct nm_expert_end *end);
bool nm_same_outcome(const struct nm_outcome *a, const struct nm_outcome *b);

/* Run the expert over the frames with the settings of m; what base says of the
 * sandbox, messages and cancelling holds. NM_EXIT_COMPLETE and *ret_end and, if it
 * is not NULL, *ret_reason (owned by the caller) when it ended in any way, else an
 * enum nm_exit value. */
int nm_repeat(const struct nm_run_options *base, const struct nm_manifest *m, const char *expert,
    const char *frames, struct nm_outcome *ret_end, char **ret_reason);

#endif
