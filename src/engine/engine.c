/* SPDX-License-Identifier: MIT */
/* The engine's loop: index the capture, start workers, tell how they ended. */
#include "engine/crash.h"
#include "engine/engine.h"
#include "engine/task.h"
#include "system/fault.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WORKERS_MAX   64 /* side by side; the supervisor asks for no more */
#define INDEX_WINDOWS 16 /* windows indexed between two looks at the socket */
#define WORKER_STACK  (UINT64_C(8) << 20)
#define WORKER_FILES  64 /* descriptors */
#define OWN_SPACE     (UINT64_C(128) << 20)
#define STREAM_SPACE  (UINT64_C(512) << 20) /* the index of a capture whose size is not known */
#define FACTS_EVERY   100  /* ms between figures of a capture that is being indexed */
#define COMMENT_SENT  4096 /* bytes of the capture comment that the supervisor shows */

struct engine {
	const struct nm_engine_config *cfg;
	struct nm_capture *capture; /* owned; NULL: none could be opened */
	bool indexed;               /* and the supervisor knows */
	bool sealed;                /* parsers are registered */
	uint64_t facts_ms;          /* when it was last told how far the index is */
	int sigchld_fd;
	struct {
		pid_t pid; /* 0: free */
		uint32_t index;
		struct nm_status *status; /* mapped */
	} workers[WORKERS_MAX];
};

static bool send_packet(const struct engine *e, const struct nm_enc *o)
{
	ssize_t r;

	if (o->full)
		return false;
	do
		r = send(e->cfg->ctl_fd, o->p, o->n, MSG_NOSIGNAL);
	while (r < 0 && errno == EINTR);
	return r == (ssize_t)o->n;
}

/* ---- the capture --------------------------------------------------------------- */

static bool tell_capture(
    struct engine *e, enum nm_ctl type, uint32_t code, const struct nm_diag *diag)
{
	uint8_t buf[NM_CTL_MAX];
	char comment[COMMENT_SENT];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct nm_ctl_opened m = { .code = code };
	const char *full = e->capture ? e->cfg->door->capture_comment(e->capture) : NULL;

	if (e->capture)
		e->cfg->door->capture_facts(e->capture, &m.facts);
	if (code)
		m.facts.damage = *diag;
	if (full) {
		(void)strncpy(comment, full, sizeof comment - 1);
		comment[sizeof comment - 1] = '\0';
		m.comment = comment;
	}
	nm_enc_opened(&o, type, &m);
	return send_packet(e, &o);
}

static bool open_capture(struct engine *e)
{
	struct nm_diag diag = { 0 };
	uint32_t code;

	e->cfg->door->capture_use_temporary(e->cfg->full_fd, e->cfg->read_fd);
	code = e->cfg->door->capture_open(e->cfg->capture_fd, &e->capture, &diag);
	if (!code) {
		/* In this process it is indexed first, and experts walk behind that. */
		if (e->cfg->in_process || e->cfg->keep)
			e->cfg->door->capture_keep(e->capture);
		else
			e->cfg->door->capture_expect_readers(e->capture, true);
		code = e->cfg->door->session_open(e->capture);
		if (code)
			nm_diag_set(&diag, code, NM_NO_OFFSET, "not enough memory to read it");
	} else {
		e->capture = NULL;
	}
	return tell_capture(e, NM_CTL_OPENED, code, &diag);
}

static uint64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool index_some(struct engine *e)
{
	uint64_t now = now_ms();

	if (!e->cfg->door->capture_index(e->capture, INDEX_WINDOWS)) {
		if (now - e->facts_ms < FACTS_EVERY)
			return true;
		e->facts_ms = now;
		return tell_capture(e, NM_CTL_OPENED, 0, NULL);
	}
	e->indexed = true;
	return tell_capture(e, NM_CTL_INDEXED, 0, NULL);
}

/* ---- parsers -------------------------------------------------------------------------- */

static bool tell_refused(struct engine *e, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* A sentence about parsers for the person. */
static bool tell_refused(struct engine *e, const char *fmt, ...)
{
	uint8_t buf[NM_CTL_MAX];
	char text[NM_CTL_MAX / 2];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct nm_ctl_parser m = { .path = "", .text = text };
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	nm_enc_parser(&o, NM_CTL_REFUSED, &m);
	return send_packet(e, &o);
}

static bool take_parser(struct engine *e, const struct nm_ctl_parser *m, int fd)
{
	struct nm_diag diag = { 0 };

	return nm_engine_parser(e->cfg, m, fd, !m->shipped && !e->cfg->in_process, &diag) ||
	       tell_refused(e, "parser %s is not loaded: %s", m->path, diag.text);
}

struct reading {
	struct engine *e;
	const char *file;
	unsigned told;
};

#define LINES_TOLD 20

static void tell_line(void *ctx, unsigned line, const char *why)
{
	struct reading *r = ctx;

	if (r->told++ < LINES_TOLD)
		(void)tell_refused(r->e, "%s, line %u is passed over: %s", r->file, line, why);
}

static bool take_settings(struct engine *e, const struct nm_ctl_parser *m, int fd)
{
	struct reading r = { .e = e, .file = *m->path ? m->path : "parser.ini" };

	if (!nm_engine_settings(e->cfg->door, m->path, fd, tell_line, &r))
		return false;
	return r.told <= LINES_TOLD ||
	       tell_refused(e, "%s: so are %u more", r.file, r.told - LINES_TOLD);
}

/* Register of all, once; false: the supervisor does not listen. */
static bool seal_parsers(struct engine *e)
{
	const struct nm_offences *o;

	if (e->sealed)
		return true;
	e->sealed = true;
	nm_engine_seal(e->cfg);
	o = e->cfg->door->parse_account();
	for (uint32_t i = 0; i < o->n && i < NM_OFFENDERS_MAX; i++) {
		const struct nm_offender *x = &o->each[i];

		if (!tell_refused(e, "parser %s (%s) is not used: its %s %s%s%s", x->protocol,
			x->file, nm_entry_text(x->entry), nm_offence_text(x->reason),
			x->signal ? ", SIG" : "", x->signal ? sigabbrev_np(x->signal) : ""))
			return false;
	}
	return true;
}

/* Workers find it as the current one when they are forked. */
static bool take_filter(struct engine *e, const char *text)
{
	uint8_t buf[NM_CTL_MAX];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct nm_filter_error err = { 0 };
	struct nm_ctl_filter m = { .text = NULL };
	HFILTER h = NULL;

	if (!seal_parsers(e))
		return false;
	if (e->cfg->door->filter_compile(text, &h, &err))
		m = (struct nm_ctl_filter){ err.text, err.at, err.n };
	else
		e->cfg->door->filter_set_current(h);
	nm_enc_filter(&o, NM_CTL_FILTERED, &m);
	return send_packet(e, &o);
}

/* ---- workers ---------------------------------------------------------------------- */

static struct nm_status *map_status(int fd)
{
	void *p = mmap(NULL, NM_STATUS_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return p == MAP_FAILED ? NULL : p;
}

static void unmap_status(struct nm_status *s)
{
	if (s)
		(void)munmap(s, NM_STATUS_BYTES);
}

static int devnull_to(int fd)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int r = null < 0 ? -1 : dup2(null, fd);

	if (null >= 0)
		(void)close(null);
	return r;
}

/* What an expert prints goes to the log, never into the report. */
static bool redirect_output(int log_fd)
{
	return devnull_to(STDIN_FILENO) >= 0 && dup2(log_fd, STDOUT_FILENO) >= 0 &&
	       dup2(log_fd, STDERR_FILENO) >= 0;
}

#define FDS_MAX 1024 /* the engine never has a descriptor beyond */

/* Only what a worker needs stays open: 0 to 2, its messages, its file, the
 * capture. One by one, since the sandbox has no close_range. */
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
static uint64_t space_limit(const struct engine *e, uint64_t granted)
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
static int enter_core_folder(const struct engine *e, uint32_t index)
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
static void enter_output_folder(const struct engine *e)
{
	if (e->cfg->write_fd >= 0)
		(void)!fchdir(e->cfg->write_fd); /* not for this user: writing there says why */
}

/* What --allow-read names, and the expert's own file and folder, where there is one. */
static bool enter_sandbox(const struct engine *e, const struct nm_ctl_start *start,
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

/* NULL: none, or no memory. */
static const uint8_t *map_config(int fd, uint32_t n)
{
	void *p = n ? mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0) : MAP_FAILED;

	return p == MAP_FAILED ? NULL : p;
}

static _Noreturn void worker_process(struct engine *e, const struct nm_ctl_start *start,
    const int fds[NM_START_FDS], struct nm_status *status, unsigned slot, pid_t engine_pid)
{
	const struct rlimit no_core = { 0, 0 };
	int keep[] = { fds[NM_FD_EVENTS], fds[NM_FD_FILE], -1 };
	struct nm_worker w = { .door = e->cfg->door,
		.do_task = nm_task_do,
		.start = start,
		.capture = e->capture,
		.events_fd = fds[NM_FD_EVENTS],
		.file_fd = fds[NM_FD_FILE],
		.status = status,
		.lazy = true };
	struct nm_sandbox_report box;
	int core_fd = -1;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != engine_pid)
		_exit(NM_WORKER_NONE);
	(void)setpgid(0, 0);
	restore_signals();
	if (e->cfg->keep_core) {
		core_fd = enter_core_folder(e, start->index);
	} else {
		enter_output_folder(e);
		(void)setrlimit(RLIMIT_CORE, &no_core);
	}
	w.config = map_config(fds[NM_FD_CONFIG], start->config_bytes);
	if ((start->config_bytes && !w.config) || !redirect_output(fds[NM_FD_LOG]))
		_exit(NM_WORKER_NONE);
	nm_crash_install(w.status, e->cfg->door->parse_fault);
	e->cfg->door->parse_watch();
	(void)mallopt(M_ARENA_MAX, 2); /* an arena reserves much of the address space it may have */
	if (e->capture && !e->cfg->door->capture_make_reader(e->capture, slot))
		_exit(NM_WORKER_NONE);
	if (e->cfg->sandbox != NM_SANDBOX_OFF) {
		w.box = &box;
		w.box_complete = enter_sandbox(e, start, fds, core_fd, &box) ||
				 e->cfg->sandbox == NM_SANDBOX_BEST_EFFORT ||
				 (e->cfg->sandbox == NM_SANDBOX_DEFAULT && start->shipped);
	}
	if (e->capture)
		keep[2] = e->cfg->door->capture_fd(e->capture); /* as a reader */
	nm_close_others(keep, sizeof keep / sizeof *keep);
	nm_worker_main(&w);
	_exit(NM_EXIT_MARK | NM_WORKER_DONE);
}

static bool tell_exit(
    struct engine *e, uint32_t index, int wait_status, const struct rusage *ru, const char *parser)
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
	return send_packet(e, &o);
}

/* poll() for so many microseconds; less than 0: without end. */
static int wait_for(struct pollfd *p, nfds_t n, int us)
{
	struct timespec t = { us / 1000000, (long)(us % 1000000) * 1000 };

	return ppoll(p, n, us < 0 ? NULL : &t, NULL);
}

/* All of it, with word how far that is. False: the supervisor does not listen. */
static bool index_all(struct engine *e)
{
	while (e->capture && !e->indexed) {
		struct pollfd p = { .fd = e->cfg->door->capture_input(e->capture),
			.events = POLLIN };

		(void)wait_for(&p, 1, e->cfg->door->capture_due(e->capture));
		if (!index_some(e))
			return false;
	}
	return true;
}

static bool run_here(
    struct engine *e, const struct nm_ctl_start *start, const int fds[NM_START_FDS])
{
	struct nm_worker w = { .door = e->cfg->door,
		.do_task = nm_task_do,
		.start = start,
		.capture = e->capture,
		.events_fd = fds[NM_FD_EVENTS],
		.file_fd = -1,
		.config = map_config(fds[NM_FD_CONFIG], start->config_bytes),
		.status = map_status(fds[NM_FD_STATUS]) };
	struct rusage ru;

	if (!w.status || (start->config_bytes && !w.config))
		return false;
	if (!index_all(e) || !seal_parsers(e))
		return false;
	nm_worker_main(&w);
	unmap_status(w.status);
	(void)getrusage(RUSAGE_SELF, &ru);
	return tell_exit(e, start->index, NM_WORKER_DONE << 8, &ru, NULL);
}

static bool start_worker(
    struct engine *e, const struct nm_ctl_start *start, const int fds[NM_START_FDS])
{
	uint8_t buf[16];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct rusage none = { 0 };
	pid_t self = getpid(), pid;
	struct nm_status *status;
	unsigned slot = 0;

	while (slot < WORKERS_MAX && e->workers[slot].pid)
		slot++;
	if (!seal_parsers(e))
		return false;
	status = map_status(fds[NM_FD_STATUS]);
	if (e->capture && slot < WORKERS_MAX)
		e->cfg->door->capture_reader_begin(e->capture, slot);
	pid = status && slot < WORKERS_MAX ? fork() : -1;
	if (pid == 0)
		worker_process(e, start, fds, status, slot, self);
	if (pid < 0) {
		if (e->capture && slot < WORKERS_MAX)
			e->cfg->door->capture_reader_end(e->capture, slot);
		unmap_status(status);
		return tell_exit(e, start->index, NM_WORKER_NONE << 8, &none, NULL);
	}
	e->workers[slot].pid = pid;
	e->workers[slot].index = start->index;
	e->workers[slot].status = status;
	nm_enc_started(&o, start->index, (uint32_t)pid);
	return send_packet(e, &o);
}

static void kill_worker(struct engine *e, uint32_t index)
{
	for (unsigned i = 0; i < WORKERS_MAX; i++)
		if (e->workers[i].pid && e->workers[i].index == index) {
			(void)kill(-e->workers[i].pid, SIGKILL);
			(void)kill(e->workers[i].pid, SIGKILL);
		}
}

/* A dead worker is kept as a zombie until its whole group is gone, so that its
 * number cannot pass to somebody else meanwhile. */
static bool reap(struct engine *e)
{
	for (unsigned i = 0; i < WORKERS_MAX; i++) {
		siginfo_t si = { 0 };
		char parser[96];
		struct rusage ru;
		int status;
		pid_t pid = e->workers[i].pid;

		if (!pid || waitid(P_PID, (id_t)pid, &si, WEXITED | WNOHANG | WNOWAIT) < 0 ||
		    si.si_pid != pid)
			continue;
		(void)kill(-pid, SIGKILL);
		if (wait4(pid, &status, 0, &ru) != pid)
			continue;
		e->workers[i].pid = 0;
		if (e->capture)
			e->cfg->door->capture_reader_end(e->capture, i);
		e->cfg->door->parse_name(
		    atomic_load(&e->workers[i].status->parsers.inside), parser, sizeof parser);
		unmap_status(e->workers[i].status);
		if (!tell_exit(e, e->workers[i].index, status, &ru, parser))
			return false;
	}
	return true;
}

/* ---- converting ---------------------------------------------------------------------- */

/* Nothing else is served meanwhile: the supervisor asks for no workers then, and
 * ends it by ending this process. */
static bool convert(struct engine *e, int fd, int picks_fd, struct nm_target_format *t)
{
	uint8_t buf[1024 + NM_DIAG_TEXT];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct nm_ctl_converted m = { .text = "" };
	struct nm_diag diag = { 0 };

	if (!e->capture)
		return true; /* it was told that nothing could be opened */
	e->cfg->door->capture_expect_readers(e->capture, false);
	if (picks_fd >= 0)
		t->picks = e->cfg->door->picks_new(picks_fd);
	if (picks_fd >= 0 && !t->picks)
		m.code = nm_diag_set(&diag, NMERR_OUT_OF_MEMORY, NM_NO_OFFSET, "no memory");
	else
		m.code = e->cfg->door->capture_convert(e->capture, fd, t, &m.lost, &diag);
	e->cfg->door->picks_free(t->picks);
	m.text = diag.text;
	e->indexed = true;
	nm_enc_converted(&o, &m);
	return tell_capture(e, NM_CTL_INDEXED, 0, NULL) && send_packet(e, &o);
}

/* ---- notes --------------------------------------------------------------------------- */

struct telling {
	struct engine *e;
	bool failed;
};

static bool tell_note(void *ctx, const struct nm_digest_text *note)
{
	uint8_t buf[64 + NM_DIGEST_TEXT];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct telling *t = ctx;

	nm_enc_note(&o, note);
	t->failed = !send_packet(t->e, &o);
	return !t->failed;
}

/* As with converting, nothing else is served meanwhile. */
static bool inspect(struct engine *e)
{
	uint8_t buf[NM_CTL_MAX];
	struct nm_enc o = { .p = buf, .cap = sizeof buf };
	struct telling t = { .e = e };
	struct nm_digest digest;

	if (!e->capture)
		return true;
	e->cfg->door->capture_expect_readers(e->capture, false);
	if (!index_all(e))
		return false;
	/* What could not be read is missing; the facts say where the damage is. */
	(void)e->cfg->door->capture_digest(e->capture, tell_note, &t, &digest);
	nm_enc_inspected(&o, &digest);
	return !t.failed && send_packet(e, &o);
}

/* ---- the socket --------------------------------------------------------------------- */

static unsigned take_fds(struct msghdr *m, int fds[NM_START_FDS])
{
	unsigned n = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		size_t bytes = c->cmsg_len - CMSG_LEN(0);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < bytes / sizeof(int) && n < NM_START_FDS; i++)
			memcpy(&fds[n++], CMSG_DATA(c) + i * sizeof(int), sizeof(int));
	}
	return n;
}

static bool dispatch(struct engine *e, const uint8_t *buf, size_t n, const int *fds, unsigned n_fds)
{
	struct nm_cur c = nm_cur_over(buf, n);
	struct nm_target_format target;
	struct nm_ctl_parser parser;
	struct nm_ctl_filter filter;
	struct nm_ctl_start start;
	uint32_t index;

	switch (nm_cur_ctl(&c)) {
	case NM_CTL_START:
		if (!nm_cur_start(&c, &start) || n_fds != nm_start_fds(start.task))
			return false;
		return e->cfg->in_process ? run_here(e, &start, fds) : start_worker(e, &start, fds);
	case NM_CTL_CONVERT:
		return nm_cur_convert(&c, &target) && (n_fds == 1 || n_fds == 2) &&
		       convert(e, fds[0], n_fds == 2 ? fds[1] : -1, &target);
	case NM_CTL_INSPECT: return nm_cur_ctl_index(&c, &index) && inspect(e);
	case NM_CTL_SETTINGS:
		return nm_cur_parser(&c, &parser) && n_fds == 1 &&
		       take_settings(e, &parser, fds[0]);
	case NM_CTL_PARSER:
		return nm_cur_parser(&c, &parser) && n_fds == 1 && take_parser(e, &parser, fds[0]);
	case NM_CTL_FILTER:
		return nm_cur_filter(&c, &filter) && filter.text && take_filter(e, filter.text);
	case NM_CTL_KILL:
		if (!nm_cur_ctl_index(&c, &index))
			return false;
		kill_worker(e, index);
		return true;
	default: return false;
	}
}

/* False at the end of the conversation. */
static bool take_packet(struct engine *e)
{
	_Alignas(struct cmsghdr) char ctl[CMSG_SPACE(sizeof(int) * NM_START_FDS)];
	uint8_t buf[NM_CTL_MAX];
	struct iovec iov = { .iov_base = buf, .iov_len = sizeof buf };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = ctl, .msg_controllen = sizeof ctl
	};
	int fds[NM_START_FDS] = { -1, -1, -1, -1, -1, -1 };
	unsigned n_fds;
	bool ok;
	ssize_t n = recvmsg(e->cfg->ctl_fd, &m, MSG_CMSG_CLOEXEC);

	if (n < 0 && errno == EINTR)
		return true;
	if (n <= 0)
		return false;
	n_fds = take_fds(&m, fds);
	ok = dispatch(e, buf, (size_t)n, fds, n_fds);
	for (unsigned i = 0; i < n_fds; i++)
		(void)close(fds[i]);
	return ok;
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

#define NUDGE_MS 1000

/* A parser may be waiting for what never comes, which no processor time tells: a signal
 * has the worker look, and decide. */
static void nudge(const struct engine *e)
{
	for (unsigned i = 0; i < WORKERS_MAX; i++)
		if (e->workers[i].pid && atomic_load(&e->workers[i].status->parsers.inside))
			nm_ticks_ask(e->workers[i].pid);
}

static bool has_workers(const struct engine *e)
{
	for (unsigned i = 0; i < WORKERS_MAX; i++)
		if (e->workers[i].pid)
			return true;
	return false;
}

static void loop(struct engine *e)
{
	uint64_t nudged_ms = now_ms();

	for (;;) {
		bool busy = e->capture && !e->indexed;
		int input = busy ? e->cfg->door->capture_input(e->capture) : -1;
		int due = e->capture ? e->cfg->door->capture_due(e->capture) : -1;
		struct pollfd p[] = { { .fd = e->cfg->ctl_fd, .events = POLLIN },
			{ .fd = e->sigchld_fd, .events = POLLIN },
			{ .fd = input, .events = POLLIN } };
		int wait_us = due < 0 && has_workers(e) ? NUDGE_MS * 1000 : due;
		struct signalfd_siginfo si;

		if (wait_for(p, 3, wait_us) < 0 && errno != EINTR)
			return;
		if (p[1].revents) {
			while (read(e->sigchld_fd, &si, sizeof si) > 0)
				;
			if (!reap(e))
				return;
		}
		if (p[0].revents && !take_packet(e))
			return;
		if (due >= 0)
			e->cfg->door->capture_serve(e->capture);
		if (busy && (due >= 0 || p[2].revents) && !index_some(e))
			return;
		if (now_ms() - nudged_ms >= NUDGE_MS) {
			nudge(e);
			nudged_ms = now_ms();
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
	struct engine e = { .cfg = cfg };

	e.sigchld_fd = sigchld_as_fd();
	if (e.sigchld_fd < 0)
		return 1;
	if (!cfg->in_process && cfg->sandbox != NM_SANDBOX_OFF)
		engine_sandbox(cfg, getppid());
	if (cfg->capture_fd >= 0 && !open_capture(&e))
		return 1;
	loop(&e);
	for (unsigned i = 0; i < WORKERS_MAX; i++)
		if (e.workers[i].pid)
			kill_worker(&e, e.workers[i].index);
	(void)close(e.sigchld_fd);
	return 0;
}
