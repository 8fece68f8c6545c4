/* SPDX-License-Identifier: MIT */
/* system/windows/frames.h -- who would handle an exception, and room for that.
 *
 * Owns:     nothing.
 * Threads:  any; what is said is of the calling thread.
 */
#ifndef NM_SYSTEM_WINDOWS_FRAMES_H
#define NM_SYSTEM_WINDOWS_FRAMES_H

#include <stdbool.h>
#include <windows.h>

/* Call fn with arg; `last` is called with each exception of fn's that no frame inside of it
 * handles, before any filter that the process has set, where it was raised. It goes on to
 * those when `last` returns. */
void nm_frames_call(void (*fn)(void *arg), void *arg, void (*last)(EXCEPTION_POINTERS *e));

/* Would nobody handle it but the system's loader, which makes an error of it, or nothing at all
 * where a library is unloaded? An exception in the system itself is not said to be lost. */
bool nm_frames_are_loaders(const CONTEXT *at);

/* Keep room below the calling thread's stack for what handles its overflow. */
void nm_frames_keep_room(void);

#endif
