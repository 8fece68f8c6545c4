/* SPDX-License-Identifier: MIT */
/* system/windows/thread.h -- a thread of ours, beside those of whoever is loaded.
 *
 * Threads:  any.
 */
#ifndef NM_SYSTEM_WINDOWS_THREAD_H
#define NM_SYSTEM_WINDOWS_THREAD_H

/* A thread that calls fn with arg, and has begun when this returns, unless that takes long: of a process that ends
 * while one of its threads begins, Wine complains on standard error. NULL: there is none, for lack of memory. The
 * handle is the caller's. */
HANDLE nm_thread_begin(DWORD(WINAPI *fn)(void *arg), void *arg);

#endif
