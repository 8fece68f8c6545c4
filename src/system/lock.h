/* SPDX-License-Identifier: MIT */
/* system/lock.h -- a mutex that costs nothing while the process has one thread.
 *
 * The C library says whether a second thread was ever started; it cannot start
 * while the only thread is inside one of our calls, so asking once on entry is
 * enough. The answer must be carried to the release: a lock that was not taken
 * must not be given back.
 */
#ifndef NM_SYSTEM_LOCK_H
#define NM_SYSTEM_LOCK_H

#include <pthread.h>
#include <stdbool.h>
#if defined(__GLIBC__)
#include <sys/single_threaded.h>
#define nm_one_thread() (__libc_single_threaded != 0)
#else
#define nm_one_thread() false
#endif

static inline bool nm_lock(pthread_mutex_t *m)
{
	if (nm_one_thread())
		return false;
	(void)pthread_mutex_lock(m);
	return true;
}

static inline void nm_unlock(pthread_mutex_t *m, bool taken)
{
	if (taken)
		(void)pthread_mutex_unlock(m);
}

#endif
