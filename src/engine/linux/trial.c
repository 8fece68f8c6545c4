/* SPDX-License-Identifier: MIT */
/* A parser that did not come with the program is first loaded in a child that has nothing to lose. */
#include "engine/linux/workers.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define TRIAL_MS 5000 /* a parser that takes longer to load is not loaded */

/* In the child: what it may do is what a worker may. It has the pipe, the file, and
 * nothing else. */
static _Noreturn void try_it(
    const struct nm_engine_config *cfg, const char *path, int fd, int pipe_fd)
{
	const int keep[] = { fd, pipe_fd };
	struct nm_sandbox_policy p = { .role = NM_ROLE_WORKER,
		.read_fds = cfg->read_fds,
		.n_read_fds = cfg->n_read_fds,
		.write_fd = -1,
		.core_fd = -1,
		.limits = { .cpu_s = TRIAL_MS / 1000,
		    .stack_bytes = UINT64_C(8) << 20,
		    .open_files = 64 } };
	struct nm_sandbox_report box;
	struct nm_diag diag = { 0 };

	(void)setpgid(0, 0);
	if (cfg->sandbox != NM_SANDBOX_OFF)
		(void)nm_sandbox_enter(&p, &box);
	nm_close_others(keep, 2);
	if (!cfg->door->parsers_load(path, fd, &diag)) {
		ssize_t n = write(pipe_fd, diag.text, strlen(diag.text));

		_exit(n > 0 ? 0 : 1);
	}
	cfg->door->parsers_seal();
	_exit(NM_WORKER_DONE);
}

#define REFUSE(d, ...)                                                                             \
	((void)nm_diag_set(d, NMERR_LOAD_PARSER_FAILED, NM_NO_OFFSET, __VA_ARGS__), false)

static bool judge(int status, const char *said, struct nm_diag *d)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == NM_WORKER_DONE)
		return true;
	if (*said)
		return REFUSE(d, "%s", said);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return REFUSE(
		    d, "it did what a sandbox forbids while it was loaded (signal %d)", SIGSYS);
	if (WIFSIGNALED(status))
		return REFUSE(d, "it crashed while it was loaded (signal %d)", WTERMSIG(status));
	return REFUSE(
	    d, "it ended the process while it was loaded (status %d)", WEXITSTATUS(status));
}

/* What it wrote until it closed the pipe, which is its end; false: it took too long. */
static bool wait_for(int pipe_fd, char *buf, size_t size)
{
	struct pollfd p = { .fd = pipe_fd, .events = POLLIN };
	size_t n = 0;
	ssize_t r = 1;

	while (r > 0) {
		int ready = poll(&p, 1, TRIAL_MS);

		if (ready < 0 && errno == EINTR)
			continue;
		if (ready <= 0)
			return false;
		r = read(pipe_fd, buf + n, size - 1 - n);
		n += r > 0 ? (size_t)r : 0;
	}
	buf[n] = '\0';
	return true;
}

bool nm_parser_survives(
    const struct nm_engine_config *cfg, const char *path, int fd, struct nm_diag *d)
{
	char said[NM_DIAG_TEXT];
	int ends[2], status = 0;
	bool in_time;
	pid_t pid;

	if (pipe(ends) < 0)
		return REFUSE(d, "it could not be tried (error %d)", errno);
	pid = fork();
	if (pid == 0) {
		(void)close(ends[0]);
		try_it(cfg, path, fd, ends[1]);
	}
	(void)close(ends[1]);
	in_time = pid > 0 && wait_for(ends[0], said, sizeof said);
	(void)close(ends[0]);
	if (pid < 0)
		return REFUSE(d, "it could not be tried (error %d)", errno);
	(void)kill(-pid, SIGKILL);
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!in_time)
		return REFUSE(d, "loading it took longer than %d ms", TRIAL_MS);
	return judge(status, said, d);
}
