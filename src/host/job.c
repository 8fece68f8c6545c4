/* SPDX-License-Identifier: MIT */
/* One expert on one capture, as the supervisor sees it: descriptors, the
 * messages that come out of them, and the verdict. */
#include "engine/engine.h"
#include "heap/heap.h"
#include "host/host_int.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define READ_CHUNK (64u << 10)
#define PIPE_BYTES (1 << 20) /* how far a worker may run ahead of the supervisor */
#define READ_TURNS                                                                                 \
	64 /* chunks taken at a time: more than a pipe holds, and then
				 * the others have their turn */
#define BESIDES_HEAP    (UINT64_C(512) << 20) /* malloc, threads' stacks, libraries of an expert */
#define THREADS_DEFAULT 64
#define LOG_LINES_MAX   200 /* lines of an expert's own output that are shown */

uint64_t nm_now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

void nm_job_init(struct nm_job *j, const struct nm_target *t, const struct nm_run_options *o)
{
	*j = (struct nm_job){ .target = t, .opt = o, .events_fd = -1, .log_fd = -1 };
	nm_spool_init(&j->spool);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

void nm_job_done(struct nm_job *j)
{
	close_fd(&j->events_fd);
	close_fd(&j->log_fd);
	if (j->status)
		(void)munmap(j->status, NM_STATUS_BYTES);
	nm_spool_done(&j->spool);
	free(j->in);
	free(j->name);
	free(j->vendor);
	free(j->description);
	free(j->notes);
	nm_job_init(j, j->target, j->opt);
}

/* ---- starting --------------------------------------------------------------------- */

static int make_status(struct nm_job *j)
{
	int fd = memfd_create("nmapi-status", MFD_CLOEXEC);
	void *p;

	if (fd < 0)
		return -1;
	p = ftruncate(fd, NM_STATUS_BYTES) == 0
		? mmap(NULL, NM_STATUS_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
		: MAP_FAILED;
	if (p == MAP_FAILED) {
		(void)close(fd);
		return -1;
	}
	j->status = p;
	atomic_store(&j->status->frame, NM_NO_FRAME);
	atomic_store(&j->status->first_frame, NM_NO_FRAME);
	atomic_store(&j->status->last_frame, NM_NO_FRAME);
	return fd;
}

static int pipe_to(int *read_end, int *write_end)
{
	int p[2];

	if (pipe2(p, O_CLOEXEC) < 0)
		return errno;
	(void)fcntl(p[0], F_SETFL, O_NONBLOCK);
	(void)fcntl(p[0], F_SETPIPE_SZ, PIPE_BYTES); /* a smaller pipe works too */
	*read_end = p[0];
	*write_end = p[1];
	return 0;
}

/* The expert's file and folder, opened by us: the user a worker becomes may not
 * be able to. A file that is no file any more is the worker's to report. */
static int open_expert(const char *path, int fds[NM_START_FDS])
{
	const char *slash = strrchr(path, '/');
	char dir[4200];

	(void)snprintf(dir, sizeof dir, "%.*s", slash == path ? 1 : (int)(slash - path), path);
	fds[NM_FD_FOLDER] = open(dir, O_PATH | O_CLOEXEC);
	fds[NM_FD_FILE] = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return fds[NM_FD_FOLDER] < 0 || fds[NM_FD_FILE] < 0 ? errno : 0;
}

/* Processor time stands behind wall time: it ends a worker whose supervisor is
 * held up, or that burns every core. */
static uint64_t cpu_limit(const struct nm_run_options *o)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return o->timeout_ms ? (o->timeout_ms / 1000 + 2) * (uint64_t)(cores < 1 ? 1 : cores) : 0;
}

/* The heap reserves up to three times its quota; the rest is for what goes past it. */
static uint64_t space_limit(const struct nm_run_options *o)
{
	uint64_t quota = o->memory_bytes ? o->memory_bytes : NM_HEAP_DEFAULT_QUOTA;

	/* Guarded blocks take address space that nobody can use. */
	return o->heap_guard || quota > UINT64_MAX / 8 ? 0 : 3 * quota + BESIDES_HEAP;
}

static void undo_start(struct nm_job *j)
{
	close_fd(&j->events_fd);
	close_fd(&j->log_fd);
	if (j->status)
		(void)munmap(j->status, NM_STATUS_BYTES);
	j->status = NULL;
}

int nm_job_start(struct nm_job *j, struct nm_link *l, uint32_t index, const char *capture)
{
	int fds[NM_START_FDS] = { -1, -1, -1, -1, -1 };
	int err = pipe_to(&j->events_fd, &fds[NM_FD_EVENTS]);
	struct nm_ctl_start m = {
		.index = index,
		.run = !j->only_register,
		.shipped = j->target->shipped,
		.heap_bytes = j->opt->memory_bytes,
		.heap_guard = (uint8_t)j->opt->heap_guard,
		.trace_memory = j->opt->trace_memory,
		.fail_alloc = j->opt->fail_alloc,
		.rest_blocks = j->opt->rest_blocks,
		.cpu_s = cpu_limit(j->opt),
		.space_bytes = space_limit(j->opt),
		.max_events = j->opt->max_events,
		.path = j->target->path,
		.capture = capture ? capture : "",
	};

	if (!err)
		err = pipe_to(&j->log_fd, &fds[NM_FD_LOG]);
	if (!err) {
		fds[NM_FD_STATUS] = make_status(j);
		err = fds[NM_FD_STATUS] < 0 ? errno : 0;
	}
	if (!err)
		err = open_expert(j->target->path, fds);
	j->started_us = nm_now_us();
	if (!err && !nm_link_start(l, &m, fds))
		err = EPIPE;
	for (int i = 0; i < NM_START_FDS; i++)
		close_fd(&fds[i]);
	if (err)
		undo_start(j);
	else
		j->state = NM_JOB_RUNNING;
	return err;
}

/* ---- what it says ------------------------------------------------------------------- */

static void broke(struct nm_job *j, const char *how)
{
	if (!j->broke_protocol)
		(void)snprintf(j->reason, sizeof j->reason, "its process sent %s", how);
	j->broke_protocol = true;
	j->in_n = 0;
}

static char *cleaned(const char *s)
{
	size_t size = 4 * strlen(s) + 1;
	char *p = malloc(size);

	return p ? nm_text_clean(p, (uint32_t)size, s) : NULL;
}

static void on_registered(struct nm_job *j, struct nm_cur *c)
{
	struct nm_msg_registered m;

	if (j->registered || j->failed || !nm_cur_registered(c, &m)) {
		broke(j, "a wrong registration");
		return;
	}
	j->registered = true;
	j->flags = m.flags;
	j->name = cleaned(m.name);
	j->vendor = cleaned(m.vendor);
	j->description = cleaned(m.description);
}

static void on_fail(struct nm_job *j, struct nm_cur *c)
{
	struct nm_msg_fail m;

	if (j->failed || j->ended || !nm_cur_fail(c, &m)) {
		broke(j, "a wrong failure record");
		return;
	}
	j->failed = true;
	j->fail_verdict = m.verdict;
	j->fail_phase = m.phase;
	(void)nm_text_clean(j->reason, sizeof j->reason, m.reason);
}

static void on_end(struct nm_job *j, struct nm_cur *c)
{
	if (j->ended || j->failed || !j->registered || !nm_cur_end(c, &j->end)) {
		broke(j, "a wrong end record");
		return;
	}
	j->ended = true;
}

static void on_box(struct nm_job *j, struct nm_cur *c)
{
	if (j->boxed || j->registered || !nm_cur_box(c, &j->box))
		broke(j, "a wrong sandbox record");
	else
		j->boxed = true;
}

/* Lines stay lines; everything else is cleaned. Owned by the caller; NULL: no memory. */
static char *cleaned_lines(const char *text)
{
	size_t size = 4 * strlen(text) + 2, n = 0;
	char *out = malloc(size), *copy = strdup(text), *rest = copy;

	if (!out || !copy) {
		free(out);
		free(copy);
		return NULL;
	}
	*out = '\0';
	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
		if (!*line)
			continue;
		(void)nm_text_clean(out + n, (uint32_t)(size - n), line);
		n += strlen(out + n);
		out[n++] = '\n';
		out[n] = '\0';
	}
	free(copy);
	return out;
}

static void on_notes(struct nm_job *j, struct nm_cur *c)
{
	const char *lines;

	if (j->notes || !j->registered || j->ended || !nm_cur_notes(c, &lines))
		broke(j, "wrong notes");
	else
		j->notes = cleaned_lines(lines);
}

static void on_event(struct nm_job *j, const uint8_t *msg, size_t size, struct nm_cur *c)
{
	struct nm_column columns[NM_EVENT_COLUMNS];
	struct nm_event ev;

	if (!j->registered || j->ended || !nm_cur_event(c, columns, &ev)) {
		broke(j, "a wrong event");
		return;
	}
	if (j->opt->max_events && j->events >= j->opt->max_events) {
		j->over_limit = true;
		return;
	}
	if (!j->spool_error)
		j->spool_error = nm_spool_append(&j->spool, msg, size);
	if (!j->spool_error)
		j->events++;
}

/* One whole message at msg. */
static void on_message(struct nm_job *j, enum nm_msg type, const uint8_t *msg, size_t size)
{
	struct nm_cur c = nm_cur_over(msg + NM_WIRE_HEADER, size - NM_WIRE_HEADER);

	switch (type) {
	case NM_MSG_REGISTERED: on_registered(j, &c); break;
	case NM_MSG_EVENT: on_event(j, msg, size, &c); break;
	case NM_MSG_FAIL: on_fail(j, &c); break;
	case NM_MSG_END: on_end(j, &c); break;
	case NM_MSG_BOX: on_box(j, &c); break;
	case NM_MSG_NOTES: on_notes(j, &c); break;
	}
}

/* Take the whole messages at the front of the buffer and keep the rest. */
static void take_messages(struct nm_job *j)
{
	size_t at = 0;

	while (!j->broke_protocol && j->in_n - at >= NM_WIRE_HEADER) {
		enum nm_msg type;
		uint32_t len;

		if (!nm_msg_header(j->in + at, &type, &len)) {
			broke(j, "what is no message");
			return;
		}
		if (j->in_n - at < NM_WIRE_HEADER + (size_t)len)
			break;
		on_message(j, type, j->in + at, NM_WIRE_HEADER + (size_t)len);
		at += NM_WIRE_HEADER + (size_t)len;
	}
	if (j->broke_protocol)
		return;
	if (at)
		memmove(j->in, j->in + at, j->in_n - at);
	j->in_n -= at;
}

static bool make_room(struct nm_job *j)
{
	size_t cap = j->in_cap ? j->in_cap * 2 : 2 * READ_CHUNK;
	uint8_t *p;

	if (j->in_cap - j->in_n >= READ_CHUNK)
		return true;
	p = realloc(j->in, cap);
	if (!p)
		return false;
	j->in = p;
	j->in_cap = cap;
	return true;
}

void nm_job_read_events(struct nm_job *j)
{
	for (int turns = 0; j->events_fd >= 0 && turns < READ_TURNS; turns++) {
		ssize_t r;

		if (!make_room(j)) {
			j->spool_error = ENOMEM;
			close_fd(&j->events_fd);
			return;
		}
		r = read(j->events_fd, j->in + j->in_n, READ_CHUNK);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0 && errno == EAGAIN)
			return;
		if (r <= 0) {
			close_fd(&j->events_fd);
			return;
		}
		if (j->broke_protocol)
			continue; /* read on, so that it does not wait for us; keep nothing */
		j->in_n += (size_t)r;
		take_messages(j);
		if (r < (ssize_t)READ_CHUNK)
			return;
	}
}

static void log_line(struct nm_job *j)
{
	j->log[j->log_n] = '\0';
	j->log_n = 0;
	if (j->log_lines++ < LOG_LINES_MAX)
		nm_host_say(j->opt, "%s: %s", j->target->file, j->log);
	else if (j->log_lines == LOG_LINES_MAX + 1)
		nm_host_say(j->opt, "%s: prints on; the rest is left out", j->target->file);
}

void nm_job_read_log(struct nm_job *j)
{
	char buf[4096];

	for (int turns = 0; j->log_fd >= 0 && turns < 16; turns++) {
		ssize_t r = read(j->log_fd, buf, sizeof buf);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0 && errno == EAGAIN)
			return;
		if (r <= 0) {
			close_fd(&j->log_fd);
			break;
		}
		for (ssize_t i = 0; i < r; i++) {
			if (buf[i] != '\n')
				j->log[j->log_n++] = buf[i] ? buf[i] : ' ';
			if (buf[i] == '\n' || j->log_n == sizeof j->log - 1)
				log_line(j);
		}
	}
	if (j->log_fd < 0 && j->log_n)
		log_line(j);
}

/* ---- ending -------------------------------------------------------------------------- */

static unsigned thread_limit(const struct nm_run_options *o)
{
	return o->max_threads ? o->max_threads : THREADS_DEFAULT;
}

bool nm_job_over_threads(const struct nm_job *j)
{
	char path[64], line[1024];
	const char *p;
	size_t n;
	FILE *f;

	(void)snprintf(path, sizeof path, "/proc/%u/stat", j->pid);
	f = j->pid ? fopen(path, "re") : NULL;
	if (!f)
		return false;
	n = fread(line, 1, sizeof line - 1, f);
	(void)fclose(f);
	line[n] = '\0';
	p = strrchr(line, ')'); /* the name before it may hold anything */
	for (int field = 2; p && field < 20; field++)
		p = strchr(p + 1, ' ');
	return p && strtoul(p + 1, NULL, 10) > thread_limit(j->opt);
}

void nm_job_tell(struct nm_job *j, uint64_t grace_us)
{
	if (j->status)
		atomic_store(&j->status->terminate, 1);
	if (!j->kill_at_us)
		j->kill_at_us = nm_now_us() + grace_us;
	j->told = true;
}

void nm_job_finish(struct nm_job *j)
{
	nm_job_read_events(j);
	nm_job_read_log(j);
	close_fd(&j->events_fd);
	close_fd(&j->log_fd);
	if (j->log_n)
		log_line(j);
	free(j->in);
	j->in = NULL;
	j->in_n = j->in_cap = 0;
	j->ended_us = nm_now_us();
	j->state = NM_JOB_ENDED;
}

/* ---- words for the report ----------------------------------------------------------------- */

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

void nm_job_info(const struct nm_job *j, struct nm_expert_info *ret)
{
	*ret = (struct nm_expert_info){
		.file = j->target->file,
		.path = j->target->path,
		.name = j->name && *j->name ? j->name : j->target->file,
		.vendor = or_empty(j->vendor),
		.description = or_empty(j->description),
		.flags = j->flags,
		.registered = j->registered,
	};
}

static void set_reason(char buf[NM_DIAG_TEXT], const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void set_reason(char buf[NM_DIAG_TEXT], const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(buf, NM_DIAG_TEXT, fmt, ap);
	va_end(ap);
}

static enum nm_phase phase_of(const struct nm_job *j)
{
	uint32_t p;

	if (j->failed)
		return j->fail_phase;
	if (j->told && j->ended && j->end.told)
		return NM_PHASE_RUN; /* where it heard that it should end */
	p = j->status ? atomic_load(&j->status->phase) : NM_PHASE_START;
	return p < NM_PHASES ? (enum nm_phase)p : NM_PHASE_START;
}

/* What the dying process said of its end; NULL when it said nothing sound. */
static const struct nm_crash *last_words(const struct nm_job *j)
{
	const struct nm_crash *c = j->status ? &j->status->crash : NULL;

	return c && atomic_load(&c->ready) && c->signal > 0 && c->signal < NSIG ? c : NULL;
}

/* The signal that ended it: its own word for it when its handler failed and was
 * ended by another one. */
static int ending_signal(const struct nm_job *j)
{
	int st = j->exit.wait_status;
	const struct nm_crash *c = last_words(j);

	if (!WIFSIGNALED(st))
		return 0;
	return c && !j->killed ? c->signal : WTERMSIG(st);
}

/* A fault right at the stack pointer: the guard page below the stack. */
static bool overflowed(const struct nm_job *j)
{
	const struct nm_crash *c = last_words(j);

	return c && c->signal == SIGSEGV && c->address + 65536 > c->stack &&
	       c->address < c->stack + 4096 && c->address > 65536;
}

static void set_forbidden(const struct nm_job *j, char reason[NM_DIAG_TEXT])
{
	const struct nm_crash *c = last_words(j);
	char call[64], path[sizeof c->path];

	if (!c || c->syscall < 0) {
		set_reason(reason, "it made a system call that the sandbox forbids");
		return;
	}
	memcpy(path, c->path, sizeof path);
	path[sizeof path - 1] = '\0';
	set_reason(reason, "the sandbox forbids %s%s%s",
	    nm_syscall_name(c->syscall, call, sizeof call), path[0] ? " " : "", path);
}

static uint64_t refused(const struct nm_job *j)
{
	return j->status ? atomic_load(&j->status->refused) : 0;
}

static enum nm_verdict judge_process(const struct nm_job *j, char reason[NM_DIAG_TEXT])
{
	int st = j->exit.wait_status, sig = ending_signal(j);

	if (sig == SIGSYS) {
		set_forbidden(j, reason);
		return NM_VERDICT_SANDBOX;
	}
	if (sig == SIGXCPU) {
		set_reason(reason, "it used more than its processor time");
		return NM_VERDICT_TIMED_OUT;
	}
	if (sig) {
		set_reason(reason, "signal %d (%s)%s%s", sig, strsignal(sig),
		    overflowed(j) ? ", its stack overflowed" : "",
		    refused(j) ? ", after it had been refused memory" : "");
		return NM_VERDICT_CRASHED;
	}
	if (!j->registered && phase_of(j) == NM_PHASE_START) {
		set_reason(reason, "no process could be started for it");
		return NM_VERDICT_HOST_FAILED;
	}
	if (WIFEXITED(st) && WEXITSTATUS(st) == NM_WORKER_DONE) {
		set_reason(reason, "it closed its connection and so left no end record");
		return NM_VERDICT_EXITED;
	}
	set_reason(reason, "its process ended by exit(%d) %s", WIFEXITED(st) ? WEXITSTATUS(st) : -1,
	    j->ended                        ? "while it was unloaded"
	    : phase_of(j) == NM_PHASE_AFTER ? "and left no end record"
					    : "before Run returned");
	return NM_VERDICT_EXITED;
}

/* Run returned: what that means, given what was asked of it meanwhile. */
static enum nm_verdict judge_end(const struct nm_job *j, char reason[NM_DIAG_TEXT])
{
	int st = j->exit.wait_status;

	if (j->killed && !j->told) {
		set_reason(reason, "Run returned, but it would not be unloaded");
		return NM_VERDICT_TIMED_OUT;
	}
	if (!j->killed && !j->engine_lost && !(WIFEXITED(st) && WEXITSTATUS(st) == NM_WORKER_DONE))
		return judge_process(j, reason);
	if (j->over_limit || j->end.events_dropped) {
		set_reason(reason, "more than %llu events", (unsigned long long)j->opt->max_events);
		return NM_VERDICT_EVENT_LIMIT;
	}
	if (!j->end.result && refused(j)) {
		set_reason(reason,
		    "Run returned FALSE after %llu allocation%s refused (limit %llu MiB)",
		    (unsigned long long)refused(j), refused(j) == 1 ? " was" : "s were",
		    (unsigned long long)((j->opt->memory_bytes ? j->opt->memory_bytes
							       : NM_HEAP_DEFAULT_QUOTA) >>
					 20));
		return NM_VERDICT_OUT_OF_MEMORY;
	}
	if (!j->end.result) {
		set_reason(reason, "Run returned FALSE");
		return NM_VERDICT_RETURNED_FALSE;
	}
	return NM_VERDICT_DONE;
}

static enum nm_verdict judge(const struct nm_job *j, char reason[NM_DIAG_TEXT])
{
	*reason = '\0';
	if (j->start_error) {
		set_reason(reason, "it could not be started: %s", strerror(j->start_error));
		return NM_VERDICT_HOST_FAILED;
	}
	if (j->spool_error) {
		set_reason(reason, "its events could not be kept: %s", strerror(j->spool_error));
		return NM_VERDICT_HOST_FAILED;
	}
	if (j->broke_protocol || j->failed) {
		set_reason(reason, "%s", j->reason);
		return j->broke_protocol ? NM_VERDICT_BROKE_PROTOCOL : j->fail_verdict;
	}
	if (j->over_threads) {
		set_reason(reason, "more than %u threads", thread_limit(j->opt));
		return NM_VERDICT_LIMIT;
	}
	if (j->ended && !(j->told && j->end.told))
		return judge_end(j, reason);
	if (j->timed_out) {
		set_reason(reason, "not done within %.3g s", (double)j->opt->timeout_ms / 1000);
		return NM_VERDICT_TIMED_OUT;
	}
	if (j->user_abort) {
		set_reason(reason, "%s", j->killed ? "it did not heed the request" : "");
		return NM_VERDICT_ABORTED;
	}
	if (j->engine_lost) {
		set_reason(reason, "the engine ended before it did");
		return NM_VERDICT_HOST_FAILED;
	}
	if (j->only_register && j->registered && WIFEXITED(j->exit.wait_status) &&
	    WEXITSTATUS(j->exit.wait_status) == NM_WORKER_DONE)
		return NM_VERDICT_DONE;
	if (j->over_limit) {
		set_reason(reason, "more than %llu events", (unsigned long long)j->opt->max_events);
		return NM_VERDICT_EVENT_LIMIT;
	}
	return judge_process(j, reason);
}

static uint32_t status_of(enum nm_verdict v)
{
	switch (v) {
	case NM_VERDICT_DONE: return EXPERTSTATUS_DONE;
	case NM_VERDICT_RETURNED_FALSE: return EXPERTSTATUS_PROBLEM;
	default: return EXPERTSTATUS_ABORTED;
	}
}

static uint32_t substatus_of(enum nm_verdict v, uint32_t own)
{
	switch (v) {
	case NM_VERDICT_ABORTED: return EXPERTSUBSTATUS_ABORTED_USER;
	case NM_VERDICT_LOAD_FAILED: return EXPERTSUBSTATUS_ABORTED_LOAD_FAIL;
	case NM_VERDICT_HOST_FAILED: return EXPERTSUBSTATUS_ABORTED_THREAD_FAIL;
	case NM_VERDICT_RETURNED_FALSE: return own;
	default: return 0;
	}
}

/* The worker may scribble over its page at any time: copy, then believe little. */
static void copy_status_text(const struct nm_job *j, char ret[NM_DIAG_TEXT])
{
	char raw[NM_STATUS_TEXT];

	*ret = '\0';
	if (!j->status)
		return;
	memcpy(raw, j->status->text, sizeof raw);
	raw[sizeof raw - 1] = '\0';
	(void)nm_text_clean(ret, NM_DIAG_TEXT, raw);
}

static void fill_coverage(const struct nm_job *j, uint32_t total, struct nm_expert_end *ret)
{
	const struct nm_status *s = j->status;
	uint32_t seen = s ? atomic_load(&s->frames_seen) : 0;

	ret->frames_total = total;
	ret->frames_seen = seen > total ? total : seen;
	ret->frame = s && seen ? atomic_load(&s->frame) : NM_NO_FRAME;
	ret->first_frame = s && seen ? atomic_load(&s->first_frame) : NM_NO_FRAME;
	ret->last_frame = s && seen ? atomic_load(&s->last_frame) : NM_NO_FRAME;
}

static void fill_bill(const struct nm_job *j, struct nm_expert_end *ret)
{
	const struct nm_status *s = j->status;

	ret->wall_us = j->ended_us > j->started_us ? j->ended_us - j->started_us : 0;
	ret->cpu_us = j->exit.cpu_us;
	ret->peak_kib = j->exit.peak_kib;
	if (j->ended) {
		ret->heap_peak_bytes = j->end.heap_peak_bytes;
		ret->heap_allocs = j->end.heap_allocs;
		ret->heap_left_blocks = j->end.heap_left_blocks;
		ret->heap_left_bytes = j->end.heap_left_bytes;
	} else if (s) {
		ret->heap_peak_bytes = atomic_load(&s->heap_peak_bytes);
		ret->heap_allocs = atomic_load(&s->heap_allocs);
		ret->heap_left_blocks = atomic_load(&s->heap_live_blocks);
		ret->heap_left_bytes = atomic_load(&s->heap_live_bytes);
	}
}

/* Text that a dying process left, kept until the next report. */
static const char *left_text(const char *text, size_t size)
{
	static char *kept[2]; /* backtrace and block: one report at a time */
	static unsigned turn;
	char *raw = strndup(text, size);

	turn = !turn;
	free(kept[turn]);
	kept[turn] = raw ? cleaned_lines(raw) : NULL;
	free(raw);
	return kept[turn] ? kept[turn] : "";
}

static void fill_crash(const struct nm_job *j, struct nm_expert_end *ret)
{
	static char on_purpose[4096]; /* one report at a time */
	const struct nm_crash *c = last_words(j);

	ret->backtrace = "";
	ret->memory_notes = j->notes ? j->notes : "";
	if (j->opt->fail_alloc && refused(j)) {
		(void)snprintf(on_purpose, sizeof on_purpose,
		    "allocation %llu was refused on purpose; --fail-alloc %llu repeats it\n%s",
		    (unsigned long long)j->opt->fail_alloc, (unsigned long long)j->opt->fail_alloc,
		    ret->memory_notes);
		ret->memory_notes = on_purpose;
	}
	if (ret->verdict != NM_VERDICT_CRASHED && ret->verdict != NM_VERDICT_SANDBOX)
		return;
	ret->signal = ending_signal(j);
	if (!c)
		return;
	ret->has_address = ret->verdict == NM_VERDICT_CRASHED;
	ret->address = c->address;
	if (atomic_load(&c->ready) < 2)
		return;
	ret->backtrace = left_text(c->text, sizeof c->text);
	if (c->heap[0])
		ret->memory_notes = left_text(c->heap, sizeof c->heap);
}

/* "user, privileges, limits, landlock 7, seccomp; without ..." */
static const char *box_text(const struct nm_job *j)
{
	static char text[256]; /* one report at a time */
	size_t n = 0;
	bool lacking = false;

	if (!j->boxed)
		return j->opt->sandbox == NM_SANDBOX_OFF || j->opt->in_process ? "none" : "";
	text[0] = '\0';
	for (unsigned pass = 0; pass < 2; pass++)
		for (unsigned i = 0; i < NM_LAYERS; i++) {
			bool on = j->box.state[i] == NM_LAYER_ON;
			char abi[16] = "";

			if (j->box.state[i] == NM_LAYER_UNUSED || on == (pass == 1))
				continue;
			if (i == NM_LAYER_LANDLOCK && on)
				(void)snprintf(abi, sizeof abi, " %u", j->box.landlock_abi);
			n += (size_t)snprintf(text + n, sizeof text - n, "%s%s%s",
			    pass == 1 && !lacking ? (n ? "; without " : "without ")
			    : n                   ? ", "
						  : "",
			    nm_layer_name((enum nm_layer)i), abi);
			lacking |= pass == 1;
		}
	return text;
}

void nm_job_end(const struct nm_job *j, uint32_t frames_total, struct nm_expert_end *ret)
{
	static char reason[NM_DIAG_TEXT], text[NM_DIAG_TEXT]; /* one report at a time */
	const struct nm_status *s = j->status;

	memset(ret, 0, sizeof *ret);
	ret->verdict = judge(j, reason);
	ret->reason = reason;
	ret->phase = phase_of(j);
	ret->status = status_of(ret->verdict);
	ret->substatus = substatus_of(ret->verdict, s ? atomic_load(&s->substatus) : 0);
	copy_status_text(j, text);
	ret->status_text = text;
	fill_crash(j, ret);
	ret->sandbox = box_text(j);
	fill_coverage(j, frames_total, ret);
	fill_bill(j, ret);
	ret->events = j->events;
	ret->events_dropped = j->ended ? j->end.events_dropped
			      : s      ? atomic_load(&s->events_dropped)
				       : 0;
}

/* ---- replay --------------------------------------------------------------------------------- */

int nm_job_replay(
    const struct nm_job *j, int (*cb)(void *ctx, const struct nm_event *ev), void *ctx)
{
	uint8_t *buf = malloc(NM_WIRE_HEADER + NM_WIRE_MAX);
	struct nm_column columns[NM_EVENT_COLUMNS];
	uint64_t at = 0;
	int answer = buf ? 0 : ENOMEM;

	for (uint64_t i = 0; i < j->events && !answer; i++) {
		struct nm_event ev;
		struct nm_cur c;
		enum nm_msg type;
		uint32_t len = 0;
		ssize_t r = nm_spool_read(&j->spool, at, buf, NM_WIRE_HEADER);

		if (r == NM_WIRE_HEADER && nm_msg_header(buf, &type, &len))
			r = nm_spool_read(&j->spool, at + NM_WIRE_HEADER, buf, len);
		if (r < 0 || r != (ssize_t)len) {
			answer = r < 0 ? (int)-r : EIO;
			break;
		}
		c = nm_cur_over(buf, len);
		answer = nm_cur_event(&c, columns, &ev) ? cb(ctx, &ev) : EIO;
		at += NM_WIRE_HEADER + (uint64_t)len;
	}
	free(buf);
	return answer;
}
