/* SPDX-License-Identifier: MIT */
/* nm_configure, nm_config_stored: an expert's Configure, and what it has stored. */
#include "host/host_int.h"
#include "netmon.h"

#include <errno.h>
#include <stdlib.h>

#define CONFIGURE_TIMEOUT_MS 10000 /* it has no window in which a person could take longer */

struct configure {
	const struct nm_run_options *opt;
	void (*cb)(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end,
	    const struct nm_stored_config *stored);
	void *ctx;
	int exit;
};

static struct nm_stored_config shown(const struct nm_stored *s)
{
	return (struct nm_stored_config){ .path = s->path, .bytes = s->p, .n = s->n };
}

static int keep(const struct nm_job *j)
{
	int err = j->config_n ? nm_stored_save(j->target->file, j->config, j->config_n)
			      : nm_stored_drop(j->target->file);

	if (err)
		nm_host_say(j->opt, "%s: its configuration can't be stored: %s", j->target->file,
		    err == ENOENT ? "there is no folder for settings" : strerror(err));
	return err;
}

static int on_configured(void *ctx, struct nm_crew *c, unsigned i)
{
	struct configure *k = ctx;
	struct nm_stored stored = { 0 };
	struct nm_stored_config now;
	struct nm_expert_info info;
	struct nm_expert_end end;
	const struct nm_job *j;

	if (i >= c->n_jobs)
		return 0;
	j = &c->jobs[i];
	nm_job_info(j, &info);
	nm_job_end(j, 0, &end);
	k->exit = nm_exit_of(end.verdict);
	if (end.verdict == NM_VERDICT_DONE && !(info.flags & EXPERT_ENUM_FLAG_CONFIGURABLE)) {
		nm_host_say(k->opt, "%s: has nothing to configure", info.file);
		k->exit = NM_EXIT_USAGE;
		return 0;
	}
	if (end.verdict == NM_VERDICT_DONE && keep(j)) {
		k->exit = NM_EXIT_OUTPUT;
		return 0;
	}
	/* What can't be used has been said when Configure was given none of it. */
	(void)nm_stored_load(&(struct nm_run_options){ 0 }, info.file, &stored);
	now = shown(&stored);
	k->cb(k->ctx, &info, &end, &now);
	free(stored.p);
	return 0;
}

int nm_configure(const struct nm_run_options *o,
    void (*cb)(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end,
	const struct nm_stored_config *stored),
    void *ctx)
{
	struct nm_run_options opt = *o;
	struct configure k = { .opt = o, .cb = cb, .ctx = ctx, .exit = NM_EXIT_PARTIAL };
	struct nm_targets t;
	struct nm_crew c;
	int exit = nm_targets_find_bare(o, &t);

	if (exit)
		return exit;
	if (!opt.timeout_ms)
		opt.timeout_ms = CONFIGURE_TIMEOUT_MS;
	if (!nm_crew_init(&c, &opt, NULL, &t)) {
		nm_targets_done(&t);
		return NM_EXIT_PARTIAL;
	}
	c.ready = on_configured;
	c.ctx = &k;
	exit = nm_crew_run_bare(&c, NM_TASK_CONFIGURE);
	nm_targets_done(&t);
	return exit ? exit : k.exit;
}

int nm_config_stored(const struct nm_run_options *o, bool drop,
    void (*cb)(void *ctx, const char *expert, const struct nm_stored_config *stored), void *ctx)
{
	struct nm_stored stored = { 0 };
	struct nm_stored_config now;
	struct nm_targets t;
	int exit = nm_targets_find_bare(o, &t), err = 0;

	if (exit)
		return exit;
	for (unsigned i = 0; i < t.n && !exit; i++) {
		if (drop)
			err = nm_stored_drop(t.items[i].file);
		if (err)
			nm_host_say(o, "%s: its configuration can't be dropped: %s",
			    t.items[i].file, strerror(err));
		if (err || nm_stored_load(o, t.items[i].file, &stored) == EINVAL)
			exit = err ? NM_EXIT_OUTPUT : NM_EXIT_INPUT;
		now = shown(&stored);
		if (!exit)
			cb(ctx, t.items[i].file, &now);
		free(stored.p);
		stored.p = NULL;
	}
	nm_targets_done(&t);
	return exit;
}
