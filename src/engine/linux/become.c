/* SPDX-License-Identifier: MIT */
/* A forked child on its way to being a worker: streams, limits, sandbox; then its task. */
#include "engine/crash.h"
#include "engine/linux/workers.h"
#include "engine/task.h"

#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define WORKER_STACK (UINT64_C(8) << 20)
#define WORKER_FILES 64 /* descriptors */
#define OWN_SPACE    (UINT64_C(128) << 20)
#define STREAM_SPACE (UINT64_C(512) << 20) /* the index of a capture whose size is not known */

static int devnull_to(int fd)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int r = null < 0 ? -1 : dup2(null, fd);

	if (null >= 0)
		(void)close(null);
	return r;
}

/* What an expert prints goes to the log, never into the report, and at once: however its process
 * ends. */
static bool redirect_output(int log_fd)
{
	(void)setvbuf(stdout, NULL, _IONBF, 0);
	return devnull_to(STDIN_FILENO) >= 0 && dup2(log_fd, STDOUT_FILENO) >= 0 &&
	       dup2(log_fd, STDERR_FILENO) >= 0;
}

#define FDS_MAX 1024 /* the engine never has a descriptor beyond */

/* One by one, since the sandbox has no close_range. */
void nm_close_others(const int *keep, unsigned n)
{
	for (int fd = 3; fd < FDS_MAX; fd++) {
		bool kept = false;

		for (unsigned i = 0; i < n; i++)
			kept |= keep[i] == fd;
		if (!kept)
			(void)close(fd);
	}
}

static void restore_signals(void)
{
	sigset_t none;

	(void)sigemptyset(&none);
	for (int s = 1; s < NSIG; s++)
		if (s != SIGKILL && s != SIGSTOP)
			(void)signal(s, SIG_DFL);
	(void)signal(SIGPIPE, SIG_IGN); /* a write to nobody is an error code, not an end */
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SHADOW_MEMORY 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SHADOW_MEMORY 1
#endif
#endif

/* The address space a worker may have in all: what it begins with (programs,
 * libraries, our windows; the index, which is a small part of the file's size)
 * and what it was granted. */
static uint64_t space_limit(const struct nm_engine *e, uint64_t granted)
{
#ifdef SHADOW_MEMORY
	(void)e;
	(void)granted;
	return 0; /* a sanitizer maps terabytes for itself */
#else
	struct nm_capture_facts f = { 0 };

	if (e->capture)
		e->cfg->door->capture_facts(e->capture, &f);
	return granted ? granted + OWN_SPACE + (f.streamed ? STREAM_SPACE : f.file_bytes / 32) : 0;
#endif
}

/* A core dump, where it is a file, is written where the process is. */
static int enter_core_folder(const struct nm_engine *e, uint32_t index)
{
	struct rlimit most;
	char name[16];
	int fd;

	if (getrlimit(RLIMIT_CORE, &most) == 0) {
		most.rlim_cur = most.rlim_max;
		(void)setrlimit(RLIMIT_CORE, &most);
	}
	if (e->cfg->core_fd < 0)
		return -1;
	(void)snprintf(name, sizeof name, "%u", index);
	fd = openat(e->cfg->core_fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fchdir(fd) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

/* Where it may write is where it is: the path to it may lead through folders that it may
 * not enter. What tells it that this is so is set by the supervisor. */
static void enter_output_folder(const struct nm_engine *e)
{
	if (e->cfg->write_fd >= 0)
		(void)!fchdir(e->cfg->write_fd); /* not for this user: writing there says why */
}

/* What --allow-read names, and the expert's own file and folder, where there is one. */
static bool enter_sandbox(const struct nm_engine *e, const struct nm_ctl_start *start,
    const int fds[NM_START_FDS], int core_fd, struct nm_sandbox_report *ret)
{
	int read_fds[NM_ALLOW_MAX + 2];
	unsigned n = 0;
	struct nm_sandbox_policy p = { .role = NM_ROLE_WORKER,
		.read_fds = read_fds,
		.write_fd = e->cfg->write_fd,
		.core_fd = core_fd,
		.keep_core = e->cfg->keep_core,
		.watch_exit = true,
		.limits = { .cpu_s = start->cpu_s,
		    .stack_bytes = WORKER_STACK,
		    .open_files = WORKER_FILES } };

	p.limits.address_space_bytes = space_limit(e, start->space_bytes);
	for (unsigned i = 0; i < e->cfg->n_allow_fds && i < NM_ALLOW_MAX; i++)
		read_fds[n++] = e->cfg->allow_fds[i];
	for (unsigned i = NM_FD_FILE; i < nm_start_fds(start->task); i++)
		read_fds[n++] = fds[i];
	p.n_read_fds = n;
	return nm_sandbox_enter(&p, ret);
}

const uint8_t *nm_worker_config(int fd, uint32_t n)
{
	void *p = n ? mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;

	return p == MAP_FAILED ? NULL : p;
}

/* The sandbox, and whether it suffices for this worker. */
static void enclose(
    const struct nm_birth *b, struct nm_worker *w, int core_fd, struct nm_sandbox_report *box)
{
	enum nm_sandbox_mode mode = b->e->cfg->sandbox;

	if (mode == NM_SANDBOX_OFF)
		return;
	w->box = box;
	w->box_complete = enter_sandbox(b->e, b->start, b->fds, core_fd, box) ||
			  mode == NM_SANDBOX_BEST_EFFORT ||
			  (mode == NM_SANDBOX_DEFAULT && b->start->shipped);
}

/* Before anything else: it goes when the engine goes, and begins in the right folder. */
static void settle(const struct nm_birth *b, int *ret_core_fd)
{
	const struct rlimit no_core = { 0, 0 };

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != b->engine)
		_exit(NM_WORKER_NONE);
	(void)setpgid(0, 0);
	restore_signals();
	*ret_core_fd = -1;
	if (b->e->cfg->keep_core) {
		*ret_core_fd = enter_core_folder(b->e, b->start->index);
	} else {
		enter_output_folder(b->e);
		(void)setrlimit(RLIMIT_CORE, &no_core);
	}
}

_Noreturn void nm_worker_become(const struct nm_birth *b)
{
	const struct nm_door *door = b->e->cfg->door;
	struct nm_capture *capture = b->e->capture;
	int keep[] = { b->fds[NM_FD_EVENTS], b->fds[NM_FD_FILE], -1 };
	struct nm_worker w = { .door = door,
		.do_task = nm_task_do,
		.start = b->start,
		.capture = capture,
		.events_fd = b->fds[NM_FD_EVENTS],
		.file_fd = b->fds[NM_FD_FILE],
		.status = b->status,
		.lazy = true };
	struct nm_sandbox_report box;
	int core_fd;

	settle(b, &core_fd);
	w.config = nm_worker_config(b->fds[NM_FD_CONFIG], b->start->config_bytes);
	if ((b->start->config_bytes && !w.config) || !redirect_output(b->fds[NM_FD_LOG]))
		_exit(NM_WORKER_NONE);
	nm_crash_install(w.status, door->parse_fault);
	door->parse_watch();
	(void)mallopt(M_ARENA_MAX, 2); /* an arena reserves much of the address space it may have */
	if (capture && !door->capture_make_reader(capture, b->slot))
		_exit(NM_WORKER_NONE);
	enclose(b, &w, core_fd, &box);
	if (capture)
		keep[2] = door->capture_fd(capture); /* as a reader */
	nm_close_others(keep, sizeof keep / sizeof *keep);
	nm_worker_main(&w);
	_exit(NM_EXIT_MARK | NM_WORKER_DONE);
}
