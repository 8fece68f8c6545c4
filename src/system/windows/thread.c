/* SPDX-License-Identifier: MIT */
/* Threads of ours. */
#include "system/windows/thread.h"

#include <stdatomic.h>
#include <stdlib.h>

#define PATIENCE_MS 100 /* a library that is loaded may hold every thread that begins */

struct start {
	DWORD(WINAPI *fn)(void *arg);
	void *arg;
	/* Who begins it and, until it has begun, the thread; the last frees it. */
	_Atomic int users;
};

static void let_go(struct start *s)
{
	if (atomic_fetch_sub(&s->users, 1) == 1)
		free(s);
}

static DWORD WINAPI run(void *arg)
{
	struct start *s = arg;
	DWORD(WINAPI * fn)(void *) = s->fn;

	arg = s->arg;
	let_go(s);
	return fn(arg);
}

HANDLE nm_thread_begin(DWORD(WINAPI *fn)(void *arg), void *arg)
{
	struct start *s = malloc(sizeof *s);
	HANDLE thread;

	if (!s)
		return NULL;
	*s = (struct start){ .fn = fn, .arg = arg, .users = 2 };
	thread = CreateThread(NULL, 0, run, s, 0, NULL);
	if (!thread)
		let_go(s);
	for (unsigned ms = 0; atomic_load(&s->users) > 1 && ms < PATIENCE_MS; ms++)
		Sleep(ms != 0);
	let_go(s);
	return thread;
}
