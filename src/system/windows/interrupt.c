/* SPDX-License-Identifier: MIT */
/* Requests to stop, on Windows: events of the console become bytes in a pipe. */
#include "system/interrupt.h"

#include <io.h>

#define PATIENCE 3 /* requests until the process ends as if nobody had looked */

/* The handler runs on a thread of its own and can reach nothing but these. */
static int pipe_fds[2] = { -1, -1 };
static volatile LONG count;

static BOOL WINAPI on_event(DWORD event)
{
	(void)event;
	if (InterlockedIncrement(&count) >= PATIENCE)
		return FALSE;
	(void)!_write(pipe_fds[1], "x", 1);
	return TRUE;
}

int nm_interrupt_begin(void)
{
	if (_pipe(pipe_fds, 256, O_CLOEXEC) < 0) {
		pipe_fds[0] = pipe_fds[1] = -1;
		return -1;
	}
	count = 0;
	(void)SetConsoleCtrlHandler(on_event, TRUE);
	return pipe_fds[0];
}

void nm_interrupt_end(void)
{
	if (pipe_fds[0] < 0)
		return;
	(void)SetConsoleCtrlHandler(on_event, FALSE);
	(void)_close(pipe_fds[0]);
	(void)_close(pipe_fds[1]);
	pipe_fds[0] = pipe_fds[1] = -1;
}
