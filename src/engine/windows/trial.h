/* SPDX-License-Identifier: MIT */
/* engine/windows/trial.h -- what nmapi-engine.exe does when it is started to try a parser.
 *
 * Owns:     nothing.
 * Uses:     libnmapi through its door.
 * Threads:  one.
 * Trust:    the parser may do anything in this process, which has nothing to lose.
 */
#ifndef NM_ENGINE_WINDOWS_TRIAL_H
#define NM_ENGINE_WINDOWS_TRIAL_H

#include "expert/door.h"

/* Load and register it. What the process is to end with: NM_WORKER_DONE, or 0 and why not in a
 * sentence to the descriptor out. */
int nm_parser_try(const struct nm_door *door, const char *path, int out);

#endif
