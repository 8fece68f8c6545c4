/* SPDX-License-Identifier: MIT */
/* expert/parsed.h -- the protocols and properties of the frame behind a handle.
 *
 * Owns:     a parse for each thread that asks about frames of its own choice.
 * Uses:     parse/, session.h.
 * Threads:  any; what is handed out belongs to the calling thread, or to the run whose
 *           ExpertGetFrame was the last on it.
 * Trust:    every handle is hostile.
 */
#ifndef NM_EXPERT_PARSED_H
#define NM_EXPERT_PARSED_H

#include "parse/parse.h"

#include <stdatomic.h>

/* The parse that is about h: the one whose parser is running, else that of the frame
 * which ExpertGetFrame gave last on this thread, else the thread's own. NULL and the
 * last error when h is no frame of the open capture, or out of memory. */
struct nm_parse *nm_parsed(HFRAME h);

/* What ExpertGetFrame has set last on this thread. */
extern _Thread_local __attribute__((tls_model("initial-exec"))) struct nm_parsed_last {
	struct nm_parse *parse;
	const _Atomic uintptr_t *alive; /* not `key` any more: the parse went away */
	uintptr_t key;
} nm_parsed_last;

#endif
