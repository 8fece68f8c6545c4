/* SPDX-License-Identifier: MIT */
/* One expert on one capture, as the supervisor sees it: started, told to stop, gone. */
#include "engine/engine.h"
#include "host/host_int.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PIPE_BYTES      (1 << 20)             /* how far a worker may run ahead of the supervisor */
#define BESIDES_HEAP    (UINT64_C(512) << 20) /* malloc, threads' stacks, libraries of an expert */
#define THREADS_DEFAULT 64
#define SETTINGS_MOST   (1 << 20) /* bytes of a file of settings */

const struct nm_target nm_no_expert = { .path = (char[]){ "" }, .file = (char[]){ "a parser" } };

uint64_t nm_now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

void nm_job_init(struct nm_job *j, const struct nm_target *t, const struct nm_run_options *o)
{
	*j = (struct nm_job){
		.target = t, .opt = o, .shipped = t->shipped, .events_fd = -1, .log_fd = -1
	};
	nm_spool_init(&j->spool);
}

/* What it shares with its worker. */
static void let_go(struct nm_job *j)
{
	nm_close_fd(&j->events_fd);
	nm_close_fd(&j->log_fd);
	nm_guest_close(&j->guest);
	if (j->status)
		(void)munmap(j->status, NM_STATUS_BYTES);
	j->status = NULL;
}

void nm_job_done(struct nm_job *j)
{
	let_go(j);
	nm_spool_done(&j->spool);
	free(j->in);
	free(j->name);
	free(j->vendor);
	free(j->description);
	free(j->notes);
	free(j->config);
	free(j->stored.p);
	nm_settings_free(j->settings, j->fields.n);
	nm_fields_done(&j->fields);
	nm_job_init(j, j->target, j->opt);
}

/* ---- starting --------------------------------------------------------------------- */

static int make_status(struct nm_job *j)
{
	int fd =
	    j->windows ? nm_guest_status(&j->guest) : memfd_create("nmapi-status", MFD_CLOEXEC);
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

/* Memory with these bytes: 0 or an errno value. */
static int give(const uint8_t *p, size_t n, struct nm_ctl_start *m, int *ret_fd)
{
	ssize_t r = 0;

	*ret_fd = memfd_create("nmapi-config", MFD_CLOEXEC);
	if (*ret_fd >= 0 && n)
		r = write(*ret_fd, p, n);
	m->config_bytes = (uint32_t)n;
	return *ret_fd < 0 || r != (ssize_t)n ? (errno ? errno : EIO) : 0;
}

/* The expert's stored configuration, or what is asked for without an expert; empty when
 * there is none. One that only registers gets none: it is kept for its table. */
static int give_config(struct nm_job *j, struct nm_ctl_start *m, int *ret_fd)
{
	struct nm_run_options quiet = *j->opt;
	bool wanted = j->task != NM_TASK_REGISTER;

	if (!nm_task_has_expert(j->task))
		return give(j->request, j->request_n, m, ret_fd);
	if (!wanted)
		quiet.message = NULL;
	if (nm_stored_choose(wanted ? j->opt : &quiet, j->target, &j->stored) == ENOMEM)
		return ENOMEM;
	return give(wanted ? j->stored.p : NULL, wanted ? j->stored.n : 0, m, ret_fd);
}

/* ---- as a guest ---------------------------------------------------------------------- */

/* It reads by itself, and no stream can be read twice. False: in j->reason is why not. */
static bool guest_can_read(struct nm_job *j, const char *capture)
{
	struct stat st;

	if (j->task != NM_TASK_RUN || !*capture)
		return true;
	if (strcmp(capture, "-") != 0 && (stat(capture, &st) < 0 || S_ISREG(st.st_mode)))
		return true;
	(void)snprintf(j->reason, sizeof j->reason,
	    "a Windows expert reads a capture only out of a file: write what comes in to one "
	    "first");
	return false;
}

/* A capture that it can read by itself; -1: none, and in *ret_err why. */
static int open_for_guest(const struct nm_job *j, const char *capture, int *ret_err)
{
	struct stat st;
	int fd;

	*ret_err = 0;
	if (j->task != NM_TASK_RUN || !*capture)
		return -1;
	fd = open(capture, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	*ret_err = fd < 0 ? errno : ESPIPE;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

static bool take_settings(void *ctx, const char *path, const char *name)
{
	struct nm_order *o = ctx;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	char *text = NULL;
	ssize_t n = -1;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size < SETTINGS_MOST)
		text = malloc((size_t)st.st_size + 1);
	if (text)
		n = pread(fd, text, (size_t)st.st_size, 0);
	if (fd >= 0)
		(void)close(fd);
	if (n >= 0)
		text[n] = '\0';
	if (n < 0 || strlen(text) != (size_t)n || o->n_settings == NM_ORDER_SETTINGS) {
		free(text);
		return true; /* the engine says what it can't read */
	}
	o->settings[o->n_settings].name = strdup(name);
	o->settings[o->n_settings++].text = text;
	return o->settings[o->n_settings - 1].name != NULL;
}

static void free_settings(struct nm_order *o)
{
	for (unsigned i = 0; i < o->n_settings; i++) {
		free((char *)(uintptr_t)o->settings[i].name);
		free((char *)(uintptr_t)o->settings[i].text);
	}
}

/* The layers of its sandbox as the worker itself would tell them. */
static void judge_box(struct nm_job *j, const struct nm_sandbox_report *box)
{
	bool off = j->opt->sandbox == NM_SANDBOX_OFF, complete = true;

	for (unsigned i = 0; i < NM_LAYERS; i++)
		complete &= box->state[i] != NM_LAYER_MISSING && box->state[i] != NM_LAYER_FAILED;
	j->boxed = !off;
	j->box = *box;
	if (off || complete || j->opt->sandbox == NM_SANDBOX_BEST_EFFORT)
		return;
	nm_sandbox_why_not(box, j->reason, sizeof j->reason);
	j->failed = true;
	j->fail_verdict = NM_VERDICT_HOST_FAILED;
	j->fail_phase = NM_PHASE_START;
	nm_guest_kill(&j->guest);
}

static int start_guest(struct nm_job *j, const struct nm_wine *wine, const struct nm_ctl_start *m,
    const int fds[NM_START_FDS])
{
	struct nm_guest_call c = { .opt = j->opt,
		.wine = *wine,
		.order = { .start = *m,
		    .config = j->task == NM_TASK_REGISTER ? NULL : j->stored.p,
		    .filter = j->opt->filter && j->task == NM_TASK_RUN ? j->opt->filter : "" },
		.events_fd = fds[NM_FD_EVENTS],
		.log_fd = fds[NM_FD_LOG] };
	struct nm_sandbox_report box = { 0 };
	int err;

	c.capture_fd = open_for_guest(j, m->capture, &err);
	if (!err && !nm_for_all_settings(take_settings, &c.order))
		err = ENOMEM;
	if (!err)
		err = nm_guest_start(&j->guest, &c, &box);
	free_settings(&c.order);
	if (c.capture_fd >= 0)
		(void)close(c.capture_fd);
	if (err)
		return err;
	j->pid = (uint32_t)j->guest.pid;
	judge_box(j, &box);
	return 0;
}

/* One that can't be run here ends before it began, with that sentence. */
static void refuse_guest(struct nm_job *j)
{
	j->failed = true;
	j->fail_verdict = NM_VERDICT_LOAD_FAILED;
	j->fail_phase = NM_PHASE_LOAD;
	j->started_us = nm_now_us();
	nm_job_finish(j);
}

bool nm_job_reap(struct nm_job *j)
{
	const struct nm_crash *c = j->status ? &j->status->crash : NULL;
	struct rusage ru;
	int status;

	if (!j->windows || !nm_guest_reap(&j->guest, &status, &ru))
		return false;
	if (WIFEXITED(status) && WEXITSTATUS(status) == NM_WORKER_FAULT && c &&
	    atomic_load(&c->ready) && c->signal > 0 && c->signal < NSIG)
		status = c->signal; /* as if that had ended it */
	j->exit.wait_status = status;
	j->exit.cpu_us = (uint64_t)(ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1000000 +
			 (uint64_t)(ru.ru_utime.tv_usec + ru.ru_stime.tv_usec);
	j->exit.peak_kib = (uint64_t)ru.ru_maxrss;
	nm_job_finish(j);
	nm_guest_close(&j->guest);
	return true;
}

/* ---- of either kind --------------------------------------------------------------------- */

int nm_job_start(struct nm_job *j, struct nm_link *l, uint32_t index, const char *capture)
{
	struct nm_wine wine;
	int fds[NM_START_FDS] = { -1, -1, -1, -1, -1, -1 };
	int err = pipe_to(&j->events_fd, &fds[NM_FD_EVENTS]);
	struct nm_ctl_start m = {
		.index = index,
		.task = j->task,
		.shipped = j->shipped,
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

	if (nm_task_has_expert(j->task) && !j->opt->in_process)
		j->windows =
		    nm_guest_can(j->target->path, &wine, j->reason) && guest_can_read(j, m.capture);
	if (!err && !j->windows && j->reason[0]) {
		nm_close_fd(&fds[NM_FD_EVENTS]);
		refuse_guest(j);
		return 0;
	}
	if (!err && j->windows)
		err = nm_guest_open(&j->guest, j->opt->sandbox);
	if (!err)
		err = pipe_to(&j->log_fd, &fds[NM_FD_LOG]);
	if (!err) {
		fds[NM_FD_STATUS] = make_status(j);
		err = fds[NM_FD_STATUS] < 0 ? errno : 0;
	}
	if (!err && nm_task_has_expert(j->task))
		err = open_expert(j->target->path, fds);
	if (!err)
		err = give_config(j, &m, &fds[NM_FD_CONFIG]);
	j->started_us = nm_now_us();
	if (!err && j->windows)
		err = start_guest(j, &wine, &m, fds);
	else if (!err && !nm_link_start(l, &m, fds))
		err = EPIPE;
	for (int i = 0; i < NM_START_FDS; i++)
		nm_close_fd(&fds[i]);
	if (err)
		let_go(j);
	else
		j->state = NM_JOB_RUNNING;
	return err;
}

/* ---- ending -------------------------------------------------------------------------- */

unsigned nm_thread_limit(const struct nm_run_options *o)
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
	return p && strtoul(p + 1, NULL, 10) > nm_thread_limit(j->opt);
}

/* Anything that changes when an expert gets on. */
static uint64_t life_of(const struct nm_job *j)
{
	const struct nm_status *s = j->status;
	uint64_t life = j->events + j->registered;

	if (s)
		life = life * 31 + atomic_load(&s->phase);
	if (s)
		life = (life * 31 + atomic_load(&s->signs)) * 31 + atomic_load(&s->events_dropped);
	return s ? (life * 31 + atomic_load(&s->frames_seen)) * 31 + atomic_load(&s->frame) : life;
}

bool nm_job_is_stalled(struct nm_job *j, uint64_t now_us)
{
	uint64_t life = life_of(j);

	if (!j->alive_us || life != j->life) {
		j->life = life;
		j->alive_us = now_us;
	}
	return j->opt->stall_ms && now_us > j->alive_us + j->opt->stall_ms * 1000;
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
	nm_close_fd(&j->events_fd);
	nm_close_fd(&j->log_fd);
	nm_job_end_log(j);
	free(j->in);
	j->in = NULL;
	j->in_n = j->in_cap = 0;
	j->ended_us = nm_now_us();
	j->state = NM_JOB_ENDED;
}
