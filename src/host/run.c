/* SPDX-License-Identifier: MIT */
/* nm_run, nm_experts_list, nm_captures_inspect: crews, and what goes to sinks. */
#include "host/capsule.h"
#include "host/host_int.h"
#include "host_paths.h"

#include <errno.h>
#include <stdlib.h>

void nm_run_options_init(struct nm_run_options *o)
{
	*o = (struct nm_run_options){
		.size = sizeof *o,
		.cancel_fd = -1,
		.stall_ms = NM_STALL_DEFAULT_MS,
		.max_events = NM_EVENTS_DEFAULT,
		.fail_on = -1,
	};
}

const char *nm_version(void)
{
	return NM_VERSION;
}

struct run {
	const struct nm_run_options *opt;
	struct nm_tell tell;
	bool misused; /* the filter is none, and that has been said */
};

/* A capsule for each expert that failed, after the report of the capture. */
static void make_capsules(struct run *r, struct nm_crew *c)
{
	struct nm_expert_info info;
	struct nm_expert_end end;
	const char *frames = strcmp(c->capture, "-") == 0 ? NULL : c->capture;
	bool stopped = c->cancels != 0;

	if (c->again[0])
		frames = c->again;
	for (unsigned i = 0; i < c->n_jobs && !stopped; i++) {
		nm_job_info(&c->jobs[i], &info);
		nm_job_end(&c->jobs[i], c->facts.facts.frames, &end);
		if (nm_is_for_capsule(end.verdict))
			stopped = nm_capsule_make(
			    r->opt, c->jobs[i].target, c->capture, frames, &info, &end);
	}
	c->cancels += stopped && !c->cancels;
}

/* One capture; the answer of the sinks. */
static int run_capture(
    struct run *r, const char *path, const struct nm_targets *t, unsigned *cancels)
{
	struct nm_crew c;
	int answer;

	if (!nm_crew_init(&c, r->opt, path, t))
		return ENOMEM;
	c.ready = nm_tell_ready;
	c.come = nm_tell_come;
	c.ended = nm_tell_ended;
	c.ctx = &r->tell;
	c.cancels = *cancels;
	nm_tell_begin(&r->tell);
	r->tell.sum->captures++;
	nm_crew_run(&c);
	answer = c.answer;
	if (c.bad_filter)
		r->misused = true;
	else if (!answer && c.trouble[0])
		answer = nm_tell_unreadable(&r->tell, &c);
	else if (!answer && r->opt->capsule_dir)
		make_capsules(r, &c);
	*cancels = c.cancels;
	nm_crew_done(&c);
	return answer;
}

static int exit_status(const struct nm_run_summary *s)
{
	if (s->interrupted)
		return NM_EXIT_INTERRUPTED;
	if (s->captures_unreadable)
		return NM_EXIT_INPUT;
	if (s->experts_failed || s->experts_misled)
		return NM_EXIT_PARTIAL;
	if (s->captures_damaged)
		return NM_EXIT_TRUNCATED;
	if (s->fail_on_events)
		return NM_EXIT_FAIL_ON;
	return NM_EXIT_COMPLETE;
}

int nm_run(const struct nm_run_options *o, const struct nm_sink *sinks, unsigned n_sinks,
    struct nm_run_summary *ret_s)
{
	struct nm_run_summary sum = { .fail_on = o->fail_on };
	struct run r = { .opt = o, .tell = { .sinks = sinks, .n_sinks = n_sinks, .sum = &sum } };
	struct nm_targets t;
	unsigned cancels = 0;
	int answer = 0, exit;

	exit = nm_targets_find(o, &t);
	if (!exit) {
		exit = nm_settings_give(o, &t);
		if (exit)
			nm_targets_done(&t);
	}
	if (exit) {
		sum.exit_status = exit;
		if (ret_s)
			*ret_s = sum;
		return exit;
	}
	for (unsigned i = 0; i < o->n_captures && !answer && !cancels && !r.misused; i++)
		answer = run_capture(&r, o->captures[i], &t, &cancels);
	nm_targets_done(&t);
	if (answer == EINTR) { /* what the sink did by itself was cancelled */
		cancels++;
		answer = 0;
	}
	sum.interrupted |= cancels != 0;
	sum.exit_status = exit_status(&sum);
	if (!answer && !r.misused)
		answer = nm_tell_run_end(&r.tell);
	if (answer && !r.tell.refused)
		nm_host_say(o, "the run can't go on: %s", strerror(answer));
	sum.exit_status = r.misused ? NM_EXIT_USAGE : answer ? NM_EXIT_OUTPUT : sum.exit_status;
	if (ret_s)
		*ret_s = sum;
	return sum.exit_status;
}

/* ---- the list of experts ------------------------------------------------------------------- */

struct list {
	int (*cb)(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end);
	void *ctx;
	bool failed;
};

static int on_listed(void *ctx, struct nm_crew *c, unsigned i)
{
	struct list *l = ctx;
	struct nm_expert_info info;
	struct nm_expert_end end;

	if (i >= c->n_jobs)
		return 0;
	nm_job_info(&c->jobs[i], &info);
	nm_job_end(&c->jobs[i], 0, &end);
	l->failed |= end.verdict != NM_VERDICT_DONE;
	return l->cb(l->ctx, &info, &end);
}

#define REGISTER_TIMEOUT_MS 10000 /* Register only fills in a form */

int nm_experts_list(const struct nm_run_options *o,
    int (*cb)(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end),
    void *ctx)
{
	struct nm_run_options opt = *o;
	struct list l = { .cb = cb, .ctx = ctx };
	struct nm_targets t;
	struct nm_crew c;
	int exit =
	    o->n_experts ? nm_targets_find_bare(o, &t) : nm_targets_all(o, NM_KIND_EXPERT, &t);

	if (exit)
		return exit;
	if (!opt.timeout_ms)
		opt.timeout_ms = REGISTER_TIMEOUT_MS;
	if (!nm_crew_init(&c, &opt, NULL, &t)) {
		nm_targets_done(&t);
		return NM_EXIT_PARTIAL;
	}
	c.ready = on_listed;
	c.ctx = &l;
	exit = nm_crew_run_bare(&c, NM_TASK_REGISTER);
	nm_targets_done(&t);
	return l.failed ? NM_EXIT_PARTIAL : exit;
}

/* ---- looking into captures ------------------------------------------------------------------- */

static int on_indexed(void *ctx, struct nm_crew *c, unsigned i)
{
	(void)ctx;
	(void)c;
	(void)i;
	return 0;
}

static void add_hashes(
    const struct nm_run_options *o, struct nm_file_hashes *h, struct nm_capture_report *cap)
{
	bool standard_input = strcmp(cap->path, "-") == 0;
	int err = standard_input ? EINVAL : nm_hash_file_twice(cap->path, h);

	if (err) {
		nm_host_say(o, "%s: can't be hashed: %s", cap->path,
		    err == EINVAL ? "it is no file" : strerror(err));
		return;
	}
	cap->sha256 = h->sha256;
	cap->sha1 = h->sha1;
}

int nm_captures_inspect(const struct nm_run_options *o,
    int (*cb)(void *ctx, const struct nm_capture_report *c), void *ctx)
{
	struct nm_run_summary sum = { 0 };
	unsigned cancels = 0;
	int answer = 0;

	for (unsigned i = 0; i < o->n_captures && !answer && !cancels; i++) {
		struct nm_interface_facts ifs[NM_FACTS_INTERFACES];
		struct nm_capture_report cap;
		struct nm_file_hashes hashes;
		struct nm_crew c;

		(void)nm_crew_init(&c, o, o->captures[i], NULL);
		c.ready = on_indexed;
		c.notes.asked = true;
		nm_crew_run(&c);
		nm_crew_capture(&c, ifs, &cap);
		nm_crew_notes_report(&c.notes, ifs, &cap);
		if (o->hash && cap.readable)
			add_hashes(o, &hashes, &cap);
		if (!cap.readable)
			nm_host_say(o, "%s: %s", cap.path, cap.damage);
		sum.captures_unreadable += !cap.readable;
		sum.captures_damaged += cap.readable && cap.damage;
		answer = cb(ctx, &cap);
		cancels = c.cancels;
		nm_crew_done(&c);
	}
	sum.interrupted = cancels != 0;
	return answer ? NM_EXIT_OUTPUT : exit_status(&sum);
}
