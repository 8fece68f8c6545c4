/* SPDX-License-Identifier: MIT */
/* system/interrupt.h -- what a person or the system asks a program to stop with.
 *
 * Owns:     the pipe, until nm_interrupt_end().
 * Uses:     signals; on Windows the events of a console.
 * Threads:  one begins and ends; requests come whenever they come.
 */
#ifndef NM_SYSTEM_INTERRUPT_H
#define NM_SYSTEM_INTERRUPT_H

/* From here on each request (SIGINT, SIGTERM, SIGHUP; Ctrl-C, Ctrl-Break, a console that closes)
 * is a byte in a pipe, whose end for reading is returned; -1: none can be had, and requests
 * end the process as ever. The third ends it, too. Those that were ignored stay so. */
int nm_interrupt_begin(void);

/* As it was before. */
void nm_interrupt_end(void);

#endif
