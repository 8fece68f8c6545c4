/* SPDX-License-Identifier: MIT */
/* Workers as the engine knows them: forked, ended, and how they ended. */
#include "engine/linux/workers.h"
#include "engine/task.h"
#include "system/fault.h"
#include "system/shared.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static bool tell_exit(struct nm_engine *e, uint32_t index, int wait_status, const struct rusage *ru,
    const char *parser)
{
	uint8_t buf[256];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct nm_ctl_exited m = {
		.index = index,
		.wait_status = wait_status,
		.cpu_us = (uint64_t)(ru->ru_utime.tv_sec + ru->ru_stime.tv_sec) * 1000000 +
			  (uint64_t)(ru->ru_utime.tv_usec + ru->ru_stime.tv_usec),
		.peak_kib = (uint64_t)ru->ru_maxrss,
		.parser = parser && *parser ? parser : NULL,
	};

	nm_enc_exited(&o, &m);
	return nm_engine_send(e, &o);
}

/* --in-process: nothing else is done meanwhile. */
static bool run_here(
    struct nm_engine *e, const struct nm_ctl_start *start, const int fds[NM_START_FDS])
{
	struct nm_worker w = { .door = e->cfg->door,
		.do_task = nm_task_do,
		.start = start,
		.capture = e->capture,
		.events_fd = fds[NM_FD_EVENTS],
		.file_fd = -1,
		.config = nm_worker_config(fds[NM_FD_CONFIG], start->config_bytes),
		.status = nm_shared_map(fds[NM_FD_STATUS], NM_STATUS_BYTES) };
	struct rusage ru;

	if (!w.status || (start->config_bytes && !w.config))
		return false;
	if (!nm_engine_index_all(e) || !nm_engine_seal(e))
		return false;
	nm_worker_main(&w);
	nm_shared_unmap(w.status, NM_STATUS_BYTES);
	(void)getrusage(RUSAGE_SELF, &ru);
	return tell_exit(e, start->index, NM_WORKER_DONE << 8, &ru, NULL);
}

static bool fork_worker(
    struct nm_engine *e, const struct nm_ctl_start *start, const int fds[NM_START_FDS])
{
	uint8_t buf[16];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct nm_workers *all = e->workers;
	struct rusage none = { 0 };
	struct nm_birth b = { .e = e, .start = start, .fds = fds, .engine = getpid() };
	pid_t pid;

	while (b.slot < NM_WORKERS_MAX && all->each[b.slot].pid)
		b.slot++;
	if (!nm_engine_seal(e))
		return false;
	b.status = nm_shared_map(fds[NM_FD_STATUS], NM_STATUS_BYTES);
	if (e->capture && b.slot < NM_WORKERS_MAX)
		e->cfg->door->capture_reader_begin(e->capture, b.slot);
	pid = b.status && b.slot < NM_WORKERS_MAX ? fork() : -1;
	if (pid == 0)
		nm_worker_become(&b);
	if (pid < 0) {
		if (e->capture && b.slot < NM_WORKERS_MAX)
			e->cfg->door->capture_reader_end(e->capture, b.slot);
		nm_shared_unmap(b.status, NM_STATUS_BYTES);
		return tell_exit(e, start->index, NM_WORKER_NONE << 8, &none, NULL);
	}
	all->each[b.slot].pid = pid;
	all->each[b.slot].index = start->index;
	all->each[b.slot].status = b.status;
	nm_enc_started(&o, start->index, (uint32_t)pid);
	return nm_engine_send(e, &o);
}

bool nm_engine_start(
    struct nm_engine *e, const struct nm_ctl_start *start, const int fds[NM_START_FDS])
{
	return e->cfg->in_process ? run_here(e, start, fds) : fork_worker(e, start, fds);
}

static void end(pid_t pid)
{
	(void)kill(-pid, SIGKILL);
	(void)kill(pid, SIGKILL);
}

void nm_engine_kill(struct nm_engine *e, uint32_t index)
{
	const struct nm_workers *all = e->workers;

	for (unsigned i = 0; i < NM_WORKERS_MAX; i++)
		if (all->each[i].pid && all->each[i].index == index)
			end(all->each[i].pid);
}

void nm_workers_end(struct nm_engine *e)
{
	for (unsigned i = 0; i < NM_WORKERS_MAX; i++)
		if (e->workers->each[i].pid)
			end(e->workers->each[i].pid);
}

/* A dead worker is kept as a zombie until its whole group is gone, so that its
 * number cannot pass to somebody else meanwhile. */
bool nm_workers_reap(struct nm_engine *e)
{
	struct nm_workers *all = e->workers;

	for (unsigned i = 0; i < NM_WORKERS_MAX; i++) {
		siginfo_t si = { 0 };
		char parser[96];
		struct rusage ru;
		int status;
		pid_t pid = all->each[i].pid;

		if (!pid || waitid(P_PID, (id_t)pid, &si, WEXITED | WNOHANG | WNOWAIT) < 0 ||
		    si.si_pid != pid)
			continue;
		(void)kill(-pid, SIGKILL);
		if (wait4(pid, &status, 0, &ru) != pid)
			continue;
		all->each[i].pid = 0;
		if (e->capture)
			e->cfg->door->capture_reader_end(e->capture, i);
		e->cfg->door->parse_name(
		    atomic_load(&all->each[i].status->parsers.inside), parser, sizeof parser);
		nm_shared_unmap(all->each[i].status, NM_STATUS_BYTES);
		if (!tell_exit(e, all->each[i].index, status, &ru, parser))
			return false;
	}
	return true;
}

void nm_workers_nudge(const struct nm_engine *e)
{
	const struct nm_workers *all = e->workers;

	for (unsigned i = 0; i < NM_WORKERS_MAX; i++)
		if (all->each[i].pid && atomic_load(&all->each[i].status->parsers.inside))
			nm_ticks_ask(all->each[i].pid);
}

bool nm_workers_are_there(const struct nm_engine *e)
{
	for (unsigned i = 0; i < NM_WORKERS_MAX; i++)
		if (e->workers->each[i].pid)
			return true;
	return false;
}
