/* SPDX-License-Identifier: MIT */
/* engine/windows/trial.h -- a parser is tried by an nmapi-engine.exe of its own, and watched when the
 * engine then loads it, too.
 *
 * Owns:     a thread that watches, as long as the process.
 * Uses:     libnmapi through its door.
 * Threads:  one.
 * Trust:    the parser may do anything in the process that tries it, which has nothing to lose. Where it then
 *           acts otherwise, the engine ends, which costs the run but no time.
 */
#ifndef NM_ENGINE_WINDOWS_TRIAL_H
#define NM_ENGINE_WINDOWS_TRIAL_H

#include "expert/door.h"

/* Load and register it. What the process is to end with: NM_WORKER_DONE, or 0 and why not in a
 * sentence to the descriptor out. */
int nm_parser_try(const struct nm_door *door, const char *path, int out);

/* What nm_parser_survives began to watch has come to its end. */
void nm_parser_is_loaded(void);

#endif
