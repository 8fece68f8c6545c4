/* SPDX-License-Identifier: MIT */
/* Requests to stop, on Linux: signals become bytes in a pipe. */
#include "system/interrupt.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

#define N_SIGNALS (sizeof signals / sizeof signals[0])
#define PATIENCE  3 /* signals until the process ends as if nobody had looked */

/* A handler can reach nothing but these. */
static int pipe_fds[2] = { -1, -1 };
static volatile sig_atomic_t count;
static struct sigaction before[N_SIGNALS];

static void on_signal(int sig)
{
	int saved = errno;

	count++;
	if (count >= PATIENCE) {
		(void)signal(sig, SIG_DFL);
		(void)raise(sig);
	}
	(void)!write(pipe_fds[1], "x", 1); /* a full pipe holds requests enough */
	errno = saved;
}

int nm_interrupt_begin(void)
{
	struct sigaction sa = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	if (pipe2(pipe_fds, O_CLOEXEC | O_NONBLOCK) < 0) {
		pipe_fds[0] = pipe_fds[1] = -1;
		return -1;
	}
	count = 0;
	(void)sigemptyset(&sa.sa_mask);
	for (unsigned i = 0; i < N_SIGNALS; i++) {
		(void)sigaction(signals[i], NULL, &before[i]);
		if (before[i].sa_handler != SIG_IGN)
			(void)sigaction(signals[i], &sa, NULL);
	}
	return pipe_fds[0];
}

void nm_interrupt_end(void)
{
	if (pipe_fds[0] < 0)
		return;
	for (unsigned i = 0; i < N_SIGNALS; i++)
		(void)sigaction(signals[i], &before[i], NULL);
	(void)close(pipe_fds[0]);
	(void)close(pipe_fds[1]);
	pipe_fds[0] = pipe_fds[1] = -1;
}
