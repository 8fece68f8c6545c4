/* SPDX-License-Identifier: MIT */
/* engine/windows/program.h -- what the engine's program and the worker's have in common.
 *
 * Owns:     nothing.
 * Uses:     the C library's descriptors.
 * Threads:  one; first of all.
 * Trust:    what is loaded later may print anything, anywhere.
 */
#ifndef NM_ENGINE_WINDOWS_PROGRAM_H
#define NM_ENGINE_WINDOWS_PROGRAM_H

#include <stdbool.h>

/* No failure opens a window from here on, and standard input and output are kept under other
 * numbers: what plug-ins then read is nothing, and what they print goes to standard error, the log.
 * False: the system refused. */
bool nm_program_begin(int *ret_in, int *ret_out);

#endif
