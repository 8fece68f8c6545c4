/* SPDX-License-Identifier: MIT */
/* One engine and its jobs: the supervisor's loop. */
#include "filter/text.h"
#include "host/grants.h"
#include "host/host_int.h"
#include "system/descriptors.h"
#include "system/files.h"
#include "system/process.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define TICK_MS 100
#define GRACE_USER_US                                                                              \
	UINT64_C(700000) /* between a polite request and the kill: all is gone in a second */
#define GRACE_TIME_US UINT64_C(1000000)
#define LOOK_US       UINT64_C(20000) /* between two looks at what the system counts */
#define GRACE_END_US                                                                               \
	UINT64_C(3000000)          /* for destructors after the end record; after the event limit */
#define STUCK_US UINT64_C(1000000) /* an engine that has not killed by then hears nothing */

bool nm_crew_init(struct nm_crew *c, const struct nm_run_options *o, const char *capture,
    const struct nm_targets *t)
{
	*c = (struct nm_crew){ .opt = o,
		.capture = capture,
		.link = { .channel = { .in = -1, .out = -1 } },
		.convert_fd = -1,
		.picks_fd = -1,
		.again_fd = -1 };
	nm_cores_init(&c->cores);
	if (!t || t->n == 0)
		return true;
	c->jobs = calloc(t->n, sizeof *c->jobs);
	if (!c->jobs) {
		nm_host_say(
		    o, "%s%sthere is no memory", capture ? capture : "", capture ? ": " : "");
		return false;
	}
	c->n_jobs = t->n;
	for (unsigned i = 0; i < t->n; i++)
		nm_job_init(&c->jobs[i], &t->items[i], o);
	return true;
}

bool nm_crew_init_task(
    struct nm_crew *c, const struct nm_run_options *o, const char *capture, enum nm_task task)
{
	struct nm_target none = nm_no_expert;

	if (!nm_crew_init(c, o, capture, &(struct nm_targets){ &none, 1 }))
		return false;
	c->jobs[0].target = &nm_no_expert;
	c->jobs[0].task = task;
	return true;
}

void nm_crew_done(struct nm_crew *c)
{
	(void)nm_link_close(&c->link);
	nm_close_fd(&c->again_fd);
	nm_targets_done(&c->parsers);
	nm_cores_close(&c->cores, c->opt, c->jobs, c->n_jobs);
	for (unsigned i = 0; i < c->n_jobs; i++)
		nm_job_done(&c->jobs[i]);
	nm_crew_notes_done(&c->notes);
	free(c->jobs);
	c->jobs = NULL;
	c->n_jobs = 0;
}

static void trouble(struct nm_crew *c, const char *text)
{
	(void)nm_text_clean(c->trouble, sizeof c->trouble, text);
}

/* ---- the capture ------------------------------------------------------------------------- */

/* A descriptor of a file or stream, or -1 and the reason in trouble. */
static int open_capture(struct nm_crew *c)
{
	bool std_in = strcmp(c->capture, "-") == 0;
	int fd = std_in ? nm_fd_copy(STDIN_FILENO) : nm_prim_open(c->capture);
	int err = fd >= 0 ? 0 : std_in ? errno : -fd;
	enum nm_prim_kind kind = NM_PRIM_FILE;
	uint64_t bytes;

	if (!err)
		err = nm_prim_stat(fd, &kind, &bytes);
	if (err == ENXIO) {
		trouble(c, "a socket, not a capture; connect to it and pipe in what comes");
	} else if (err == EISDIR || (!err && kind == NM_PRIM_DIRECTORY)) {
		trouble(c, "a folder, not a capture; name the files in it");
	} else if (err) {
		trouble(c, strerror(err));
	} else if (kind != NM_PRIM_FILE && kind != NM_PRIM_STREAM) {
		trouble(c, "neither a file nor a stream of captured frames");
	} else {
		c->live = kind == NM_PRIM_STREAM;
		return c->live ? nm_pipe_awaitable(fd) : fd;
	}
	if (fd >= 0)
		nm_prim_close(fd);
	return -1;
}

/* ---- the engine --------------------------------------------------------------------- */

/* How many run side by side. */
static unsigned job_limit(const struct nm_crew *c)
{
	unsigned n = c->opt->jobs ? c->opt->jobs : nm_processors();

	return n < 1 ? 1 : n > 64 ? 64 : n;
}

/* Not all its readers walk side by side. */
static bool is_read_again(const struct nm_crew *c, bool kept)
{
	return kept || c->n_jobs > job_limit(c) || (c->convert_fd >= 0 && c->n_jobs);
}

/* Who does each job. True: some guest does. */
static bool choose(struct nm_crew *c)
{
	bool guests = false;

	for (unsigned i = 0; i < c->n_jobs; i++) {
		nm_job_choose(&c->jobs[i]);
		guests |= c->jobs[i].by == NM_BY_GUEST;
	}
	return guests;
}

/* Is it read once more when its experts have ended? */
static bool is_for_later(const struct nm_crew *c)
{
	return c->opt->capsule_dir || c->opt->read_again;
}

/* Whoever reads the capture by itself, or once more: what came out of a stream when all of it is
 * there, else the file, whatever its path leads to by then. */
static void keep_capture(struct nm_crew *c, int from, bool guests)
{
	if (from < 0 || !(guests || is_for_later(c)))
		return;
	c->again_fd = nm_fd_to_read(from);
	if (c->again_fd < 0 && !c->live && guests)
		c->again_fd = nm_fd_copy(from); /* opened by who may, and handed to us */
	if (c->again_fd >= 0 && (c->live || is_for_later(c)))
		nm_fd_path(c->again_fd, c->again, sizeof c->again);
}

static bool needs_parsers(const struct nm_crew *c)
{
	return c->n_jobs && nm_task_needs_parsers(c->jobs[0].task);
}

/* Guests are told which parsers to load, so it is to be known which of them are good. */
static int spawn_engine(
    struct nm_crew *c, const struct nm_grants *g, int fd, bool again, bool guests)
{
	struct nm_grant grant = { .opt = c->opt,
		.name = c->capture ? c->capture : "",
		.capture_fd = fd,
		.full_fd = g->full_fd,
		.read_fd = g->read_fd,
		.read_fds = g->fds,
		.n_allow = c->opt->n_allow_read,
		.n_read = g->n,
		.write_fd = g->write_fd,
		.core_fd = c->cores.fd,
		.keep = is_read_again(c, again) };
	int err = nm_link_open(&c->link, &grant);

	c->parsers_awaited = guests && needs_parsers(c);
	if (!err && (!nm_send_parsers(&c->link, c->opt, &c->parsers) ||
			(c->parsers_awaited && !nm_link_seal(&c->link))))
		err = EPIPE;
	return err;
}

/* Who runs nothing but parsers is ours as far as they are. */
static void hand_parsers(struct nm_crew *c)
{
	c->parsers_shipped = true;
	for (unsigned k = 0; k < c->parsers.n; k++)
		c->parsers_shipped &= c->parsers.items[k].shipped;
	for (unsigned i = 0; i < c->n_jobs; i++) {
		c->jobs[i].parsers = &c->parsers;
		if (!nm_task_has_expert(c->jobs[i].task))
			c->jobs[i].shipped = c->parsers_shipped;
	}
}

/* What it is granted: false, and the reason in trouble. */
static bool collect(struct nm_crew *c, struct nm_grants *g, int fd)
{
	char text[NM_DIAG_TEXT] = "";
	bool ok = !needs_parsers(c) ||
		  nm_targets_all(c->opt, NM_KIND_PARSER, &c->parsers) == NM_EXIT_COMPLETE;

	hand_parsers(c);
	ok = ok && nm_grants_collect(g, c, fd, text);
	if (text[0])
		trouble(c, text);
	return ok;
}

static bool open_engine(struct nm_crew *c)
{
	struct nm_grants g = { .write_fd = -1, .full_fd = -1, .read_fd = -1 };
	bool guests = choose(c), again;
	char text[NM_DIAG_TEXT];
	int fd = -1, err;

	if (c->opt->in_process && !nm_link_can_be_here()) {
		trouble(c, "--in-process is not there on this system: without it the expert runs "
			   "in a process of its own");
		return false;
	}
	if (c->capture) {
		fd = open_capture(c);
		if (fd < 0)
			return false;
	}
	again = c->live && (guests || is_for_later(c));
	nm_cores_open(&c->cores, c->opt, c->n_jobs);
	err = collect(c, &g, fd) ? spawn_engine(c, &g, fd, again, guests) : 0;
	keep_capture(c, c->live ? g.read_fd : fd, guests);
	nm_grants_done(&g);
	if (fd >= 0)
		nm_prim_close(fd);
	if (err) {
		(void)snprintf(
		    text, sizeof text, "can't start %s: %s", nm_engine_path(), strerror(err));
		trouble(c, text);
	}
	return !c->trouble[0];
}

/* ---- what the engine says ------------------------------------------------------------------ */

static void on_facts(struct nm_crew *c, struct nm_cur *cur, bool indexed)
{
	if (!nm_cur_opened(cur, &c->facts)) {
		c->lost = true;
		return;
	}
	c->has_comment = c->facts.comment != NULL;
	if (c->has_comment)
		(void)snprintf(c->comment, sizeof c->comment, "%s", c->facts.comment);
	c->facts.comment = NULL;
	c->opened = true;
	c->indexed = indexed;
	for (unsigned i = 0; indexed && i < c->n_jobs; i++)
		nm_job_all_has_come(&c->jobs[i]);
	c->open_code = c->facts.code;
	if (c->open_code)
		trouble(c, c->facts.facts.damage.text);
}

/* A parser that is no good is no guest's either. */
static void drop_parser(struct nm_targets *t, const char *path)
{
	for (unsigned i = 0; i < t->n; i++)
		if (strcmp(t->items[i].path, path) == 0) {
			nm_target_done(&t->items[i]);
			t->n--;
			memmove(&t->items[i], &t->items[i + 1], (t->n - i) * sizeof *t->items);
			return;
		}
}

static void on_refused(struct nm_crew *c, struct nm_cur *cur)
{
	struct nm_ctl_parser m;

	if (!nm_cur_parser(cur, &m) || !m.text) {
		c->lost = true;
		return;
	}
	nm_host_say(c->opt, "%s", m.text);
	drop_parser(&c->parsers, m.path);
}

static void on_filtered(struct nm_crew *c, struct nm_cur *cur)
{
	struct nm_ctl_filter m;

	if (c->filtered || !nm_cur_filter(cur, &m)) {
		c->lost = true;
		return;
	}
	c->filtered = true;
	c->bad_filter = m.text != NULL;
	if (!c->bad_filter)
		return;
	nm_say_filter_error(c->opt, &m);
	trouble(c, "the filter is none");
}

static void on_exited(struct nm_crew *c, struct nm_cur *cur)
{
	struct nm_ctl_exited m;

	if (!nm_cur_exited(cur, &m) || m.index >= c->n_jobs ||
	    c->jobs[m.index].state != NM_JOB_RUNNING) {
		c->lost = true;
		return;
	}
	(void)nm_text_clean(
	    c->jobs[m.index].parser, sizeof c->jobs[m.index].parser, m.parser ? m.parser : "");
	m.parser = NULL;
	c->jobs[m.index].exit = m;
	nm_job_finish(&c->jobs[m.index]);
}

static void on_converted(struct nm_crew *c, struct nm_cur *cur)
{
	if (!c->asked || c->converted || !nm_cur_converted(cur, &c->conversion)) {
		c->lost = true;
		return;
	}
	(void)nm_text_clean(c->conversion_text, sizeof c->conversion_text, c->conversion.text);
	c->conversion.text = c->conversion_text;
	c->converted = true;
}

static void on_packet(struct nm_crew *c, const uint8_t *buf, size_t n)
{
	struct nm_cur cur = nm_cur_over(buf, n);
	uint32_t index, pid;

	switch (nm_cur_ctl(&cur)) {
	case NM_CTL_OPENED: on_facts(c, &cur, false); break;
	case NM_CTL_INDEXED: on_facts(c, &cur, true); break;
	case NM_CTL_REFUSED: on_refused(c, &cur); break;
	case NM_CTL_FILTERED: on_filtered(c, &cur); break;
	case NM_CTL_SEALED: c->parsers_awaited = false; break;
	case NM_CTL_EXITED: on_exited(c, &cur); break;
	case NM_CTL_CONVERTED: on_converted(c, &cur); break;
	case NM_CTL_NOTE: c->lost = !nm_crew_notes_take(&c->notes, &cur); break;
	case NM_CTL_INSPECTED:
		c->notes.done = nm_cur_inspected(&cur, &c->notes.digest);
		c->lost = !c->notes.done;
		break;
	case NM_CTL_STARTED:
		if (nm_cur_started(&cur, &index, &pid) && index < c->n_jobs)
			c->jobs[index].pid = pid;
		else
			c->lost = true;
		break;
	default: c->lost = true; break;
	}
}

static void read_link(struct nm_crew *c)
{
	uint8_t buf[NM_CTL_MAX];
	ssize_t n;

	while (!c->lost && (n = nm_link_recv(&c->link, buf)) >= 0) {
		if (n == 0)
			c->lost = true;
		else
			on_packet(c, buf, (size_t)n);
	}
}

/* The engine is gone: nothing more comes from anywhere. */
static void give_up(struct nm_crew *c)
{
	char text[NM_DIAG_TEXT];
	int st = nm_link_close(&c->link);

	for (unsigned i = 0; i < c->n_jobs; i++) {
		if (c->jobs[i].state == NM_JOB_ENDED)
			continue;
		c->jobs[i].engine_lost = true;
		nm_job_finish(&c->jobs[i]);
	}
	if (c->indexed || c->trouble[0])
		return;
	(void)snprintf(text, sizeof text, "the engine ended while reading it%s%s",
	    WIFSIGNALED(st) && WTERMSIG(st) != SIGKILL ? ": " : "",
	    WIFSIGNALED(st) && WTERMSIG(st) != SIGKILL ? strsignal(WTERMSIG(st)) : "");
	if (!c->opened) {
		trouble(c, text);
	} else if (!c->facts.facts.damage.code) {
		nm_diag_set(
		    &c->facts.facts.damage, NMERR_INTERNAL_EXCEPTION, NM_NO_OFFSET, "%s", text);
	}
}

/* ---- starting, watching, stopping ----------------------------------------------------------- */

static unsigned running(const struct nm_crew *c)
{
	unsigned n = 0;

	for (unsigned i = 0; i < c->n_jobs; i++)
		n += c->jobs[i].state == NM_JOB_RUNNING;
	return n;
}

static bool is_shortage(int err)
{
	return err == EMFILE || err == ENFILE || err == ENOMEM;
}

/* More of its capture will come. */
static bool is_coming(const struct nm_crew *c)
{
	return c->live && !c->indexed;
}

/* A guest needs to know its parsers. */
static bool is_early(const struct nm_crew *c, const struct nm_job *j)
{
	return j->by == NM_BY_GUEST && c->parsers_awaited;
}

static void start_jobs(struct nm_crew *c)
{
	unsigned limit = c->opt->in_process ? 1 : job_limit(c);

	for (unsigned i = 0; i < c->n_jobs; i++) {
		struct nm_job *j = &c->jobs[i];
		int err;

		if (j->state != NM_JOB_WAITING)
			continue;
		if (c->cancels) { /* it never began */
			j->user_abort = true;
			nm_job_finish(j);
			continue;
		}
		if (running(c) >= limit)
			return;
		if (is_early(c, j))
			continue;
		err = nm_job_start(j, &c->link, i, c->capture, c->again_fd, is_coming(c));
		if (is_shortage(err) && running(c) > 0)
			return; /* what runs will give something back */
		if (err) {
			j->start_error = err;
			nm_job_finish(j);
		}
	}
}

static void take_cancel(struct nm_crew *c)
{
	char buf[16];
	ssize_t n = c->opt->cancel_fd >= 0 ? nm_pipe_read(c->opt->cancel_fd, buf, sizeof buf) : 0;

	if (n > 0)
		c->cancels += (unsigned)n;
	if (c->cancels && c->capture && !c->opened)
		trouble(c, "interrupted before it could be opened");
	for (unsigned i = 0; c->cancels && i < c->n_jobs; i++) {
		struct nm_job *j = &c->jobs[i];

		if (j->state != NM_JOB_RUNNING)
			continue;
		j->user_abort = true;
		nm_job_tell(j, GRACE_USER_US);
		if (c->cancels > 1)
			j->kill_at_us = 1;
	}
}

/* Who reads what jobs tell is slow, and they are made to wait. Not for somebody in haste. */
static bool is_held_up(const struct nm_crew *c)
{
	return c->outlet && nm_outlet_waits(c->outlet) && c->cancels < 2;
}

/* The supervisor was stopped, or stood in a write of the report, or jobs are made to wait:
 * their deadlines wait for them. */
static void excuse(struct nm_crew *c, uint64_t now)
{
	uint64_t missed = c->watched_us ? now - c->watched_us : 0;

	c->watched_us = now;
	if (missed <= UINT64_C(2) * TICK_MS * 1000 && !is_held_up(c))
		return;
	for (unsigned i = 0; i < c->n_jobs; i++) {
		struct nm_job *j = &c->jobs[i];

		j->excused_us += missed;
		j->alive_us += j->alive_us ? missed : 0;
		if (j->kill_at_us > 1)
			j->kill_at_us += missed;
		if (j->killed_at_us)
			j->killed_at_us += missed;
	}
}

static void kill_job(struct nm_crew *c, unsigned i, uint64_t now)
{
	struct nm_job *j = &c->jobs[i];

	j->killed = true;
	if (!j->killed_at_us)
		j->killed_at_us = now;
	if (j->by == NM_BY_GUEST)
		nm_guest_kill(&j->guest);
	else
		(void)nm_link_kill(&c->link, i);
	if (now - j->killed_at_us > STUCK_US) {
		c->lost = true; /* its workers end with it */
		give_up(c);
	}
}

/* No expert has to wait for frames that are still to come. */
static bool is_counted(const struct nm_crew *c)
{
	return c->indexed || !c->capture;
}

static void watch(struct nm_crew *c)
{
	uint64_t now = nm_now_us();
	bool look = now - c->looked_us >= LOOK_US;

	excuse(c, now);
	if (look) {
		c->looked_us = now;
		nm_processes_look();
	}
	for (unsigned i = 0; i < c->n_jobs; i++) {
		struct nm_job *j = &c->jobs[i];

		if (j->state != NM_JOB_RUNNING)
			continue;
		if (c->opt->timeout_ms && !j->told && !j->ended &&
		    now - j->started_us > j->excused_us + c->opt->timeout_ms * 1000) {
			j->timed_out = true;
			nm_job_tell(j, GRACE_TIME_US);
		}
		if (!j->told && !j->ended && !c->opt->in_process && is_counted(c) &&
		    nm_job_is_stalled(j, now)) {
			j->stalled = true;
			nm_job_tell(j, GRACE_TIME_US);
		}
		if ((j->broke_protocol || j->over_limit || j->spool_error) && !j->told)
			nm_job_tell(j, j->broke_protocol ? 0 : GRACE_END_US);
		if (look && !j->told && nm_job_over_threads(j)) {
			j->over_threads = true;
			nm_job_tell(j, 0);
		}
		if (j->ended && !j->kill_at_us && !c->opt->in_process)
			j->kill_at_us = now + GRACE_END_US; /* nothing it still does is wanted */
		if (j->kill_at_us && now >= j->kill_at_us)
			kill_job(c, i, now);
	}
}

/* What the shared page says of a job, clamped where that is needed. */
static void tell_progress(const struct nm_crew *c, const struct nm_job *j, struct nm_progress *p)
{
	char text[NM_DIAG_TEXT], raw[NM_STATUS_TEXT];
	uint64_t us = nm_now_us() - j->started_us;

	p->expert = j->target->file;
	p->percent = atomic_load(&j->status->percent);
	p->frame = atomic_load(&j->status->frame);
	p->events = j->events;
	p->heap_bytes = atomic_load(&j->status->heap_live_bytes);
	p->frames_per_s = 0;
	if (p->frame != NM_NO_FRAME && us >= 100000)
		p->frames_per_s = (UINT64_C(1) + p->frame) * 1000000 / us;
	memcpy(raw, j->status->text, sizeof raw);
	raw[sizeof raw - 1] = '\0';
	(void)nm_text_clean(text, sizeof text, raw);
	if (p->percent > 100)
		p->percent = 100;
	if (!p->percent && c->indexed && p->frames && p->frame < p->frames)
		p->percent = (uint32_t)((uint64_t)p->frame * 100 / p->frames);
	p->text = text;
	c->opt->progress(c->opt->progress_ctx, p);
}

static void report_progress(struct nm_crew *c)
{
	struct nm_progress p = { .capture = c->capture,
		.experts = c->n_jobs,
		.frames = c->facts.facts.frames,
		.counted = c->indexed,
		.text = "" };

	if (!c->opt->progress)
		return;
	for (unsigned i = 0; i < c->n_jobs; i++)
		p.lines += c->jobs[i].state == NM_JOB_RUNNING;
	for (unsigned i = 0; i < c->n_jobs; i++) {
		if (c->jobs[i].state != NM_JOB_RUNNING)
			continue;
		p.expert_index = i;
		tell_progress(c, &c->jobs[i], &p);
		p.line++;
	}
	if (p.lines)
		return;
	p.lines = 1;
	c->opt->progress(c->opt->progress_ctx, &p);
}

/* ---- the loop ------------------------------------------------------------------------------- */

/* Everybody to be heard, in a[]: the engine, whoever cancels, whoever reads what is told, jobs. */
static unsigned list_awaited(const struct nm_crew *c, struct nm_awaited a[NM_AWAIT_MAX])
{
	bool held = is_held_up(c);
	unsigned n = 0;

	a[n++] = (struct nm_awaited){ .fd = c->link.channel.in };
	a[n++] = (struct nm_awaited){ .fd = c->cancels > 1 ? -1 : c->opt->cancel_fd };
	a[n++] = c->outlet ? nm_outlet_await(c->outlet) : (struct nm_awaited){ .fd = -1 };
	for (unsigned i = 0; i < c->n_jobs && n + 2 <= NM_AWAIT_MAX; i++)
		if (c->jobs[i].state == NM_JOB_RUNNING) {
			a[n++] = (struct nm_awaited){ .fd = held ? -1 : c->jobs[i].events_fd };
			a[n++] = (struct nm_awaited){ .fd = c->jobs[i].log_fd };
		}
	return n;
}

/* Sleep until something happens or a tick passed, then read what there is. */
static void wait_and_read(struct nm_crew *c)
{
	struct nm_awaited a[NM_AWAIT_MAX];
	bool held = is_held_up(c);

	if (!nm_await(a, list_awaited(c, a), TICK_MS))
		c->lost = true;
	if (c->outlet)
		nm_outlet_awaited(c->outlet, &a[2]);
	for (unsigned i = 0; i < c->n_jobs; i++)
		if (c->jobs[i].state == NM_JOB_RUNNING) {
			if (!held)
				nm_job_read_events(&c->jobs[i]);
			nm_job_read_log(&c->jobs[i]);
		}
	for (unsigned i = 0; i < c->n_jobs; i++)
		if (c->jobs[i].state == NM_JOB_RUNNING)
			(void)nm_job_reap(&c->jobs[i]);
	if (a[1].ready)
		take_cancel(c);
	read_link(c);
}

/* Those that have ended since. */
static void tell_ended(struct nm_crew *c)
{
	for (unsigned i = 0; c->ended && i < c->n_jobs && !c->answer; i++) {
		struct nm_job *j = &c->jobs[i];

		if (j->state != NM_JOB_ENDED || j->ended_told)
			continue;
		j->ended_told = true;
		c->answer = c->ended(c->ctx, c, i);
	}
}

/* Report jobs in order as far as they have ended. The capture's own figures come first, so
 * nothing is reported before they are known, unless that may be never. Of a capture that can't
 * be read nothing is: that is the caller's to tell. */
static void report_ready(struct nm_crew *c, unsigned *next)
{
	if (c->capture && c->trouble[0])
		return;
	if (c->come && c->live && c->opened && !c->answer)
		c->answer = c->come(c->ctx, c);
	if (!c->indexed && !c->lost && !c->enough && !(c->cancels && running(c) == 0))
		return;
	tell_ended(c);
	while (!c->answer && *next < c->n_jobs && c->jobs[*next].state == NM_JOB_ENDED) {
		c->answer = c->ready(c->ctx, c, *next);
		++*next;
	}
}

/* Nothing begins before the filter is known to be one. */
static void set_filter(struct nm_crew *c)
{
	if (!c->opt->filter || !needs_parsers(c))
		return;
	if (strlen(c->opt->filter) > NM_FILTER_TEXT_MAX) {
		nm_host_say(c->opt, "the filter: it has more than %u bytes", NM_FILTER_TEXT_MAX);
		c->bad_filter = true;
		trouble(c, "the filter is none");
		return;
	}
	c->lost = !nm_link_filter(&c->link, c->opt->filter);
	while (!c->filtered && !c->lost && !c->trouble[0])
		wait_and_read(c);
	if (c->lost)
		give_up(c);
}

/* Converting begins when all jobs were reported: which frames are wanted may be their news. */
static void convert(struct nm_crew *c, unsigned reported)
{
	if (c->convert_fd < 0 || c->asked || reported < c->n_jobs || c->cancels || c->lost)
		return;
	c->asked = true;
	c->lost = !nm_link_convert(&c->link, &c->convert_to, c->convert_fd, c->picks_fd);
}

static void work(struct nm_crew *c)
{
	uint64_t last = nm_now_us();
	unsigned next = 0;

	while (!c->answer && !c->trouble[0]) {
		bool facts = !c->capture || c->cancels || c->enough ||
			     (c->indexed && (c->converted || c->convert_fd < 0) &&
				 (c->notes.done || !c->notes.asked));

		if (c->opened || !c->capture)
			start_jobs(c);
		if (next == c->n_jobs && facts && (c->n_jobs == 0 || running(c) == 0) &&
		    !is_held_up(c))
			break;
		wait_and_read(c);
		if (c->outlet && c->outlet->err)
			c->answer = c->outlet->err;
		if (c->lost)
			give_up(c);
		watch(c);
		report_ready(c, &next);
		if (!c->answer)
			convert(c, next);
		if (nm_now_us() - last > TICK_MS * 1000) {
			last = nm_now_us();
			report_progress(c);
		}
		if (c->lost && !is_held_up(c))
			break;
	}
	if (!c->answer && !c->trouble[0]) {
		report_ready(c, &next);
		if (!c->answer)
			c->answer = c->ready(c->ctx, c, c->n_jobs);
	}
}

void nm_crew_run(struct nm_crew *c)
{
	if (!open_engine(c))
		return;
	set_filter(c);
	if (c->lost || c->trouble[0])
		return;
	convert(c, 0);
	if (c->notes.asked)
		c->lost = !nm_link_inspect(&c->link);
	work(c);
}

/* A filter would hold for other jobs too, and what came out of a pipe is gone unless it was
 * kept. */
bool nm_crew_may_lend(const struct nm_crew *c)
{
	return c->indexed && !c->lost && !c->cancels && !c->trouble[0] && !c->opt->filter &&
	       !c->opt->in_process && (!c->live || c->again_fd >= 0);
}

void nm_crew_run_within(struct nm_crew *c, struct nm_crew *other)
{
	c->link = other->link;
	c->live = other->live;
	c->opened = c->indexed = true;
	c->facts = other->facts;
	for (unsigned i = 0; i < c->n_jobs; i++) {
		c->jobs[i].shipped = other->parsers_shipped;
		c->jobs[i].parsers = &other->parsers;
		nm_job_choose(&c->jobs[i]);
	}
	if (other->again_fd >= 0)
		c->again_fd = nm_fd_copy(other->again_fd);
	work(c);
	other->link = c->link;
	other->lost = c->lost;
	other->cancels += c->cancels;
	c->link = (struct nm_link){ .channel = { .in = -1, .out = -1 } };
}

int nm_crew_run_bare(struct nm_crew *c, enum nm_task task)
{
	int exit;

	for (unsigned i = 0; i < c->n_jobs; i++)
		c->jobs[i].task = task;
	c->indexed = true;
	nm_crew_run(c);
	if (c->trouble[0])
		nm_host_say(c->opt, "%s", c->trouble);
	exit = c->trouble[0] ? NM_EXIT_PARTIAL : c->answer ? NM_EXIT_OUTPUT : NM_EXIT_COMPLETE;
	nm_crew_done(c);
	return exit;
}

void nm_crew_capture(const struct nm_crew *c,
    struct nm_interface_facts interfaces[NM_FACTS_INTERFACES], struct nm_capture_report *ret)
{
	const struct nm_capture_facts *f = &c->facts.facts;

	*ret = (struct nm_capture_report){
		.path = c->capture, .damage_offset = NM_NO_OFFSET, .note_offset = NM_NO_OFFSET
	};
	if (c->trouble[0]) {
		ret->damage = c->trouble;
		if (c->open_code)
			ret->damage_offset = f->damage.offset;
		return;
	}
	ret->readable = true;
	ret->again = c->again[0] ? c->again : NULL;
	ret->format = nm_format_name(f->format);
	ret->version_major = f->version_major;
	ret->version_minor = f->version_minor;
	ret->big_endian = f->big_endian;
	ret->file_bytes = f->file_bytes;
	ret->packing = f->packing[0] ? f->packing : NULL;
	ret->unpacked_bytes = f->unpacked_bytes;
	ret->comment = c->has_comment ? c->comment : NULL;
	ret->start_ns = f->start_ns;
	ret->frames = f->frames;
	ret->has_times = f->frames > f->frames_without_time;
	ret->stored_bytes = f->stored_bytes;
	ret->wire_bytes = f->wire_bytes;
	ret->first_ns = f->first_ns;
	ret->last_ns = f->last_ns;
	ret->min_ns = f->min_ns;
	ret->max_ns = f->max_ns;
	ret->frames_without_time = f->frames_without_time;
	ret->out_of_order = f->out_of_order;
	ret->n_interfaces = f->n_interfaces;
	ret->n_listed =
	    f->n_interfaces < NM_FACTS_INTERFACES ? f->n_interfaces : NM_FACTS_INTERFACES;
	for (unsigned i = 0; i < ret->n_listed; i++) {
		const char *link = nm_link_type_name(f->interfaces[i].link_type);

		interfaces[i] = (struct nm_interface_facts){
			.link_type = f->interfaces[i].link_type,
			.link_name = link ? link : "",
			.snap_len = f->interfaces[i].snap_len,
			.ticks_per_s = f->interfaces[i].ticks_per_s,
			.name = f->interfaces[i].name,
		};
	}
	ret->interfaces = interfaces;
	ret->damage = f->damage.code ? f->damage.text : NULL;
	ret->damage_offset = f->damage.offset;
	ret->truncated = f->truncated;
	ret->uncounted = !c->indexed && !f->damage.code;
	ret->note = f->note.code ? f->note.text : NULL;
	ret->note_offset = f->note.offset;
}
