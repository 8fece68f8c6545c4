/* SPDX-License-Identifier: MIT */
/* A job whose worker is a guest. */
#include "engine/engine.h"
#include "host/host_int.h"
#include "system/descriptors.h"
#include "system/files.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#define SETTINGS_MOST (1 << 20) /* bytes of a file of settings */

/* ---- what it is told ------------------------------------------------------------------- */

/* All of a file of settings, owned; NULL: it can't be read, or is none. */
static char *read_settings(const char *path)
{
	int fd = nm_prim_open(path);
	enum nm_prim_kind kind;
	uint64_t bytes = 0;
	char *text = NULL;
	ssize_t n = -1;

	if (fd >= 0 && nm_prim_stat(fd, &kind, &bytes) == 0 && kind == NM_PRIM_FILE &&
	    bytes < SETTINGS_MOST)
		text = malloc((size_t)bytes + 1);
	if (text)
		n = nm_prim_pread(fd, text, (size_t)bytes, 0);
	if (fd >= 0)
		nm_prim_close(fd);
	if (n >= 0)
		text[n] = '\0';
	if (n >= 0 && strlen(text) == (size_t)n)
		return text;
	free(text);
	return NULL;
}

static bool take_settings(void *ctx, const char *path, const char *name)
{
	struct nm_order *o = ctx;
	char *text = o->n_settings < NM_ORDER_SETTINGS ? read_settings(path) : NULL;

	if (!text)
		return true; /* the engine says what it can't read */
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
	bool off = j->opt->sandbox == NM_SANDBOX_OFF;

	j->boxed = !off;
	j->box = *box;
	if (off || nm_sandbox_is_whole(box) || j->opt->sandbox == NM_SANDBOX_BEST_EFFORT)
		return;
	nm_sandbox_why_not(box, j->reason, sizeof j->reason);
	j->failed = true;
	j->fail_verdict = NM_VERDICT_HOST_FAILED;
	j->fail_phase = NM_PHASE_START;
	nm_guest_kill(&j->guest);
}

/* Its configuration, or what is asked of it without an expert. */
static const uint8_t *config_of(const struct nm_job *j)
{
	if (!nm_task_has_expert(j->task))
		return j->request;
	return j->task == NM_TASK_REGISTER ? NULL : j->stored.p;
}

static void list_parsers(const struct nm_job *j, struct nm_order *o)
{
	for (unsigned i = 0; j->parsers && i < j->parsers->n && i < NM_ORDER_PARSERS; i++)
		o->parsers[o->n_parsers++] = j->parsers->items[i].path;
}

/* The capture for one guest. Others read it too, from a place of their own: what is compressed is
 * read from its begin to its end. -1: none; a copy where no second place can be had. */
static int capture_for_one(const struct nm_job *j, int fd)
{
	int own;

	if (fd < 0 || !nm_task_needs_frames(j->task))
		return -1;
	own = nm_fd_to_read(fd);
	return own < 0 ? nm_fd_copy(fd) : own;
}

int nm_job_start_guest(
    struct nm_job *j, const struct nm_ctl_start *m, const int fds[NM_START_FDS], int capture_fd)
{
	struct nm_guest_call c = { .opt = j->opt,
		.wine = j->wine,
		.order = { .start = *m,
		    .config = config_of(j),
		    .filter =
			j->opt->filter && nm_task_needs_frames(j->task) ? j->opt->filter : "" },
		.capture_fd = capture_for_one(j, capture_fd),
		.events_fd = fds[NM_FD_EVENTS],
		.log_fd = fds[NM_FD_LOG] };
	struct nm_sandbox_report box = { 0 };
	int err = nm_for_all_settings(take_settings, &c.order) ? 0 : ENOMEM;

	list_parsers(j, &c.order);
	if (!err)
		err = nm_guest_start(&j->guest, &c, &box);
	free_settings(&c.order);
	nm_close_fd(&c.capture_fd);
	if (err)
		return err;
	j->pid = (uint32_t)j->guest.pid;
	judge_box(j, &box);
	return 0;
}

/* ---- how it ended ---------------------------------------------------------------------- */

/* Its files could not be put where they are wanted: then it failed, however it ended. */
static void tell_lost(struct nm_job *j)
{
	if (!j->guest.lost || j->failed)
		return;
	(void)snprintf(j->reason, sizeof j->reason,
	    "what it wrote can't all be in the output folder: %s", strerror(j->guest.lost));
	j->failed = true;
	j->fail_verdict = NM_VERDICT_HOST_FAILED;
	j->fail_phase = NM_PHASE_RUN;
}

/* The parser that was at work, by its own word. */
static void name_parser(struct nm_job *j)
{
	uint32_t inside = atomic_load(&j->status->parsers.inside);
	char names[NM_STATUS_NAMES], *name = names;

	if (!inside)
		return;
	memcpy(names, j->status->protocols, sizeof names);
	names[sizeof names - 1] = '\0';
	for (uint32_t id = 1; id < inside && *name; id++) {
		name += strlen(name) + 1;
		if (name == names + sizeof names)
			return;
	}
	(void)nm_text_clean(j->parser, sizeof j->parser, name);
}

bool nm_job_reap(struct nm_job *j)
{
	const struct nm_crash *c = j->status ? &j->status->crash : NULL;
	struct nm_ctl_exited *e = &j->exit;

	if (j->by != NM_BY_GUEST || !nm_guest_reap(&j->guest, e))
		return false;
	/* As if that had ended it; one whose last words were cut short ends by another number. */
	if (WIFEXITED(e->wait_status) && WEXITSTATUS(e->wait_status) != NM_WORKER_DONE && c &&
	    atomic_load(&c->ready) && c->signal > 0 && c->signal < NSIG)
		e->wait_status = c->signal;
	tell_lost(j);
	if (j->status)
		name_parser(j);
	nm_job_finish(j);
	return true;
}
