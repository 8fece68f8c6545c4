/* SPDX-License-Identifier: MIT */
/* One expert on one capture, as the supervisor sees it: started, told to stop, gone. */
#include "heap/heap.h"
#include "host/host_int.h"
#include "system/descriptors.h"
#include "system/files.h"
#include "system/process.h"
#include "system/shared.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define PIPE_BYTES      (1 << 20)             /* how far a worker may run ahead of the supervisor */
#define BESIDES_HEAP    (UINT64_C(512) << 20) /* malloc, threads' stacks, libraries of an expert */
#define THREADS_DEFAULT 64

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
	nm_shared_unmap(j->status, NM_STATUS_BYTES);
	j->status = NULL;
	nm_guest_close(&j->guest); /* its folder holds the status page */
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
	    j->by == NM_BY_GUEST ? nm_guest_status(&j->guest) : nm_shared_memory("nmapi-status");

	if (fd < 0)
		return -1;
	j->status = nm_shared_map(fd, NM_STATUS_BYTES);
	if (!j->status ||
	    (j->by == NM_BY_GUEST && !nm_shared_outlive(j->status, NM_STATUS_BYTES))) {
		(void)close(fd);
		return -1;
	}
	atomic_store(&j->status->frame, NM_NO_FRAME);
	atomic_store(&j->status->first_frame, NM_NO_FRAME);
	atomic_store(&j->status->last_frame, NM_NO_FRAME);
	return fd;
}

/* The expert's file and folder, opened by us: the user a worker becomes may not
 * be able to. A file that is no file any more is the worker's to report. */
static int open_expert(const char *path, int fds[NM_START_FDS])
{
	char dir[4200];

	(void)snprintf(dir, sizeof dir, "%.*s", (int)nm_path_folder(path), path);
	fds[NM_FD_FOLDER] = nm_fd_of_name(dir);
	if (fds[NM_FD_FOLDER] < 0)
		return errno;
	fds[NM_FD_FILE] = nm_prim_open(path);
	return fds[NM_FD_FILE] < 0 ? -fds[NM_FD_FILE] : 0;
}

/* Processor time stands behind wall time: it ends a worker whose supervisor is
 * held up, or that burns every core. */
static uint64_t cpu_limit(const struct nm_run_options *o)
{
	return o->timeout_ms ? (o->timeout_ms / 1000 + 2) * nm_processors() : 0;
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
	*ret_fd = nm_shared_memory("nmapi-config");
	m->config_bytes = (uint32_t)n;
	return *ret_fd < 0 ? errno : nm_prim_write(*ret_fd, p, n);
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

/* ---- by either kind of worker --------------------------------------------------------------- */

void nm_job_choose(struct nm_job *j)
{
	const char *path = nm_task_has_expert(j->task) ? j->target->path : NULL;

	if (j->opt->in_process)
		j->by = NM_BY_ENGINE;
	else if (nm_guest_can(path, &j->wine, j->reason))
		j->by = NM_BY_GUEST;
	else
		j->by = j->reason[0] ? NM_BY_NOBODY : NM_BY_ENGINE;
}

/* One that can't be run here ends before it began, with the sentence in j->reason. */
static int refuse(struct nm_job *j)
{
	j->failed = true;
	j->fail_verdict = NM_VERDICT_LOAD_FAILED;
	j->fail_phase = NM_PHASE_LOAD;
	j->started_us = nm_now_us();
	nm_job_finish(j);
	return 0;
}

/* What goes with START, besides the configuration: 0 or an errno value. */
static int make_ends(struct nm_job *j, int fds[NM_START_FDS])
{
	int err = nm_pipe_new(PIPE_BYTES, &j->events_fd, &fds[NM_FD_EVENTS]);

	if (!err && j->by == NM_BY_GUEST)
		err = nm_guest_open(&j->guest, j->opt->sandbox);
	if (!err)
		err = nm_pipe_new(PIPE_BYTES, &j->log_fd, &fds[NM_FD_LOG]);
	if (!err) {
		fds[NM_FD_STATUS] = make_status(j);
		err = fds[NM_FD_STATUS] < 0 ? errno : 0;
	}
	if (!err && nm_task_has_expert(j->task))
		err = open_expert(j->target->path, fds);
	return err;
}

int nm_job_start(struct nm_job *j, struct nm_link *l, uint32_t index, const char *capture,
    int capture_fd, bool growing)
{
	int fds[NM_START_FDS] = { -1, -1, -1, -1, -1, -1 }, err;
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

	if (j->by == NM_BY_GUEST && *m.capture && capture_fd < 0) {
		(void)snprintf(j->reason, sizeof j->reason,
		    "what came out of the stream could not be kept for it");
		return refuse(j);
	}
	if (j->by == NM_BY_NOBODY)
		return refuse(j);
	err = make_ends(j, fds);
	if (!err)
		atomic_store(&j->status->coming, growing);
	if (!err)
		err = give_config(j, &m, &fds[NM_FD_CONFIG]);
	j->started_us = nm_now_us();
	if (!err && j->by == NM_BY_GUEST)
		err = nm_job_start_guest(j, &m, fds, capture_fd);
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
	return j->pid && nm_process_threads(j->pid) > nm_thread_limit(j->opt);
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

void nm_job_all_has_come(struct nm_job *j)
{
	if (j->status)
		atomic_store(&j->status->coming, 0);
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
