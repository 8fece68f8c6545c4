/* SPDX-License-Identifier: MIT */
/* The engine's loop on Linux: index the capture, listen, fork workers, tell how they ended. */
#include "engine/linux/workers.h"
#include "system/files.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#define NUDGE_MS 1000

/* poll() for so many microseconds; less than 0: without end. */
static int wait_for(struct pollfd *p, nfds_t n, int us)
{
	struct timespec t = { us / 1000000, (long)(us % 1000000) * 1000 };

	return ppoll(p, n, us < 0 ? NULL : &t, NULL);
}

void nm_engine_await_input(const struct nm_engine *e)
{
	struct pollfd p = { .fd = e->cfg->door->capture_input(e->capture), .events = POLLIN };

	(void)wait_for(&p, 1, e->cfg->door->capture_due(e->capture));
}

static int sigchld_as_fd(void)
{
	sigset_t set;

	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -1;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static void loop(struct nm_engine *e, int sigchld_fd)
{
	uint64_t nudged_ms = nm_prim_now_ms();

	for (;;) {
		bool busy = e->capture && !e->indexed;
		int input = busy ? e->cfg->door->capture_input(e->capture) : -1;
		int due = e->capture ? e->cfg->door->capture_due(e->capture) : -1;
		struct pollfd p[] = { { .fd = e->cfg->ctl.in, .events = POLLIN },
			{ .fd = sigchld_fd, .events = POLLIN }, { .fd = input, .events = POLLIN } };
		int wait_us = due < 0 && nm_workers_are_there(e) ? NUDGE_MS * 1000 : due;
		struct signalfd_siginfo si;

		if (wait_for(p, 3, wait_us) < 0 && errno != EINTR)
			return;
		if (p[1].revents) {
			while (read(sigchld_fd, &si, sizeof si) > 0)
				;
			if (!nm_workers_reap(e))
				return;
		}
		if (p[0].revents && !nm_engine_take_packet(e))
			return;
		if (due >= 0)
			e->cfg->door->capture_serve(e->capture);
		if (busy && (due >= 0 || p[2].revents) && !nm_engine_index_some(e))
			return;
		if (nm_prim_now_ms() - nudged_ms >= NUDGE_MS) {
			nm_workers_nudge(e);
			nudged_ms = nm_prim_now_ms();
		}
	}
}

/* Before a byte of the capture is read. What is missing here is missing in the
 * workers too, and they say so. */
static void engine_sandbox(const struct nm_engine_config *cfg, pid_t parent)
{
	struct nm_sandbox_policy p = { .role = NM_ROLE_ENGINE,
		.read_fds = cfg->read_fds,
		.n_read_fds = cfg->n_read_fds,
		.write_fd = cfg->write_fd,
		.core_fd = cfg->core_fd,
		.keep_core = cfg->keep_core };
	struct nm_sandbox_report ret;

	(void)nm_sandbox_enter(&p, &ret);
	/* Becoming another user has made the kernel forget it. */
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
}

int nm_engine_serve(const struct nm_engine_config *cfg)
{
	struct nm_workers workers = { 0 };
	struct nm_engine e = { .cfg = cfg, .workers = &workers };
	int sigchld_fd = sigchld_as_fd();

	if (sigchld_fd < 0)
		return 1;
	if (!cfg->in_process && cfg->sandbox != NM_SANDBOX_OFF)
		engine_sandbox(cfg, getppid());
	if (cfg->capture_fd >= 0 && !nm_engine_open(&e))
		return 1;
	loop(&e, sigchld_fd);
	nm_workers_end(&e);
	(void)close(sigchld_fd);
	return 0;
}
