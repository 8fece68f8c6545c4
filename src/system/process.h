/* SPDX-License-Identifier: MIT */
/* system/process.h -- what the system counts.
 *
 * Threads:  any; who asks for threads of processes does so from one.
 */
#ifndef NM_SYSTEM_PROCESS_H
#define NM_SYSTEM_PROCESS_H

#include <stdint.h>

/* Look at all processes, for what is asked of them from here on: where that is as dear as a look at
 * one, it is done once for many. */
void nm_processes_look(void);

/* Threads that a process has now, or had at the last look; 0: nobody knows. */
unsigned nm_process_threads(uint32_t pid);

/* Processors that are there to be used, at least 1. */
unsigned nm_processors(void);

#endif
