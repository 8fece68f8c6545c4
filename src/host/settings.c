/* SPDX-License-Identifier: MIT */
/* Settings by name: what experts tell of theirs, and what people give and store for them. */
#include "host/host_int.h"

#include <errno.h>
#include <stdlib.h>

#define LOOK_TIMEOUT_MS 10000 /* as for any Register */

/* ---- tables ------------------------------------------------------------------------- */

/* A copy, or NULL and false: no memory. */
static LPCSTR copy_text(LPCSTR text, bool *good)
{
	LPCSTR copy = text ? strdup(text) : NULL;

	*good &= !text == !copy;
	return copy;
}

static bool copy_row(NMEXPERTFIELD *to, const NMEXPERTFIELD *from)
{
	bool good = true;

	*to = *from;
	to->Name = copy_text(from->Name, &good);
	to->Default = copy_text(from->Default, &good);
	to->Range = copy_text(from->Range, &good);
	to->Help = copy_text(from->Help, &good);
	return good;
}

bool nm_fields_copy(struct nm_fields *ret, const NMEXPERTFIELD *rows, unsigned n)
{
	bool good = true;

	*ret = (struct nm_fields){ .rows = calloc(n, sizeof *rows) };
	if (!ret->rows)
		return false;
	for (; ret->n < n && good; ret->n++)
		good = copy_row(&ret->rows[ret->n], &rows[ret->n]);
	if (!good)
		nm_fields_done(ret);
	return good;
}

static void drop(const char *text)
{
	free((void *)(uintptr_t)text);
}

void nm_fields_done(struct nm_fields *f)
{
	for (unsigned i = 0; i < f->n; i++) {
		drop(f->rows[i].Name);
		drop(f->rows[i].Default);
		drop(f->rows[i].Range);
		drop(f->rows[i].Help);
	}
	free(f->rows);
	*f = (struct nm_fields){ 0 };
}

void nm_settings_free(struct nm_setting *list, unsigned n)
{
	for (unsigned i = 0; list && i < n; i++)
		drop(list[i].value);
	free(list);
}

static const char *or_empty(const char *s)
{
	return s ? s : "";
}

/* The two blobs of a table: with what is stored, and without. */
struct blobs {
	uint8_t *now, *standard; /* owned */
};

static bool make_blobs(const struct nm_fields *f, const struct nm_stored *s, struct blobs *ret)
{
	uint32_t length = nm_settings_length(f->rows, f->n);

	ret->now = malloc(length);
	ret->standard = malloc(length);
	if (!ret->now || !ret->standard)
		return false;
	(void)nm_settings_fill(f->rows, f->n, s->p, s->n, ret->now);
	(void)nm_settings_fill(f->rows, f->n, NULL, 0, ret->standard);
	return true;
}

static void drop_blobs(struct blobs *b)
{
	free(b->now);
	free(b->standard);
}

struct nm_setting *nm_fields_show(const struct nm_fields *f, const struct nm_stored *s)
{
	struct nm_setting *list = calloc(f->n, sizeof *list);
	char *text = malloc(NM_SETTING_TEXT), *standard = malloc(NM_SETTING_TEXT);
	struct blobs b = { NULL, NULL };
	bool good = list && text && standard && make_blobs(f, s, &b);

	for (unsigned i = 0; i < f->n && good; i++) {
		const NMEXPERTFIELD *r = &f->rows[i];

		list[i] = (struct nm_setting){ .name = r->Name,
			.kind = nm_setting_kind(r->Type),
			.standard = or_empty(r->Default),
			.range = r->Range,
			.help = or_empty(r->Help),
			.value = strdup(nm_setting_text(r, b.now, text)) };
		list[i].is_set = strcmp(text, nm_setting_text(r, b.standard, standard)) != 0;
		good = list[i].value != NULL;
	}
	drop_blobs(&b);
	free(text);
	free(standard);
	if (good)
		return list;
	nm_settings_free(list, f->n);
	return NULL;
}

void nm_fields_say_kept(const struct nm_run_options *o, const char *expert,
    const struct nm_fields *f, const struct nm_stored *s, bool configurable)
{
	uint32_t length = nm_settings_length(f->rows, f->n);
	struct nm_settings_kept kept;
	struct blobs b = { NULL, NULL };

	if (!s->p || !make_blobs(f, s, &b)) {
		drop_blobs(&b);
		return;
	}
	kept = nm_settings_fill(f->rows, f->n, s->p, s->n, b.now);
	if (kept.missing)
		nm_host_say(o,
		    "%s: what is stored for it is of another version, %zu bytes and not %u: %u "
		    "settings, '%s' first, have their defaults; 'netmon configure %s' shows and "
		    "sets "
		    "them",
		    expert, s->n, length, kept.missing + kept.wrong, kept.first, expert);
	else if (kept.wrong)
		nm_host_say(o,
		    "%s: what is stored for it does not fit: %u settings, '%s' first, have their "
		    "defaults; 'netmon configure %s' shows and sets them",
		    expert, kept.wrong, kept.first, expert);
	else if (s->n > length && !configurable)
		nm_host_say(o,
		    "%s: what is stored for it is of another version, %zu bytes and not %u: the "
		    "rest is not used; 'netmon configure %s' shows and sets it",
		    expert, s->n, length, expert);
	drop_blobs(&b);
}

/* ---- changes ------------------------------------------------------------------------------- */

static void say_no_setting(const struct nm_run_options *o, const char *expert,
    const struct nm_fields *f, const char *name, const char *near)
{
	char list[NM_DIAG_TEXT] = "";
	size_t n = 0;

	for (unsigned i = 0; i < f->n && n < sizeof list - 40; i++)
		n += (size_t)snprintf(
		    list + n, sizeof list - n, "%s%s", i ? ", " : "", f->rows[i].Name);
	if (near)
		nm_host_say(o, "%s: no setting is called '%s'; did you mean '%s'? It has %s",
		    expert, name, near, list);
	else
		nm_host_say(o, "%s: no setting is called '%s'; it has %s", expert, name, list);
}

/* False: it is none, and that has been said. */
static bool change(const struct nm_run_options *o, const char *expert, const struct nm_fields *f,
    const struct nm_setting_change *c, uint8_t *blob)
{
	const char *near;
	const NMEXPERTFIELD *r = nm_setting_find(f->rows, f->n, c->name, strlen(c->name), &near);
	struct nm_diag d;

	if (!r) {
		say_no_setting(o, expert, f, c->name, near);
		return false;
	}
	if (!nm_setting_put(r, c->value ? c->value : or_empty(r->Default), blob, &d)) {
		nm_host_say(o, "%s: %s: %s", expert, r->Name, d.text);
		return false;
	}
	return true;
}

/* One of "a=1,b=2,3": its end. A piece that begins with no name belongs to the value before. */
static const char *change_end(const char *s, char mark)
{
	const char marks[] = { mark, '\0' };

	for (;; s++) {
		s += strcspn(s, marks);
		if (!*s || nm_setting_name(s + 1))
			return s;
	}
}

static int change_all(const struct nm_run_options *o, const char *expert, const struct nm_fields *f,
    const char *given, uint8_t *blob)
{
	char mark = nm_settings_mark(given);
	int exit = NM_EXIT_COMPLETE;

	given += *given == mark;
	for (const char *end; *given && !exit; given = *end ? end + 1 : end) {
		size_t n = nm_setting_name(given);
		struct nm_setting_change c;

		end = change_end(given, mark);
		c.name = strndup(given, n);
		c.value = strndup(given + n + 1, (size_t)(end - given) - n - 1);
		if (!c.name || !c.value) {
			nm_host_say(o, "not enough memory");
			exit = NM_EXIT_PARTIAL;
		} else if (!change(o, expert, f, &c, blob)) {
			exit = NM_EXIT_USAGE;
		}
		drop(c.name);
		drop(c.value);
	}
	return exit;
}

/* ---- given with a run ------------------------------------------------------------------------ */

struct looked {
	const struct nm_run_options *opt;
	struct nm_target **targets; /* owned; of the jobs */
	int exit;
};

static int give(const struct looked *l, const struct nm_job *j, struct nm_target *t)
{
	struct nm_stored s = { .p = NULL };
	uint32_t length;
	int exit;

	if (!j->fields.n) {
		nm_host_say(l->opt, "%s: it names no settings, so none can be given: %s", t->file,
		    t->given);
		return NM_EXIT_USAGE;
	}
	length = nm_settings_length(j->fields.rows, j->fields.n);
	if (nm_stored_choose(l->opt, t, &s) == ENOMEM || !(t->config = malloc(length))) {
		free(s.p);
		return NM_EXIT_PARTIAL;
	}
	t->config_n = length;
	nm_fields_say_kept(
	    l->opt, t->file, &j->fields, &s, j->flags & EXPERT_ENUM_FLAG_CONFIGURABLE);
	(void)nm_settings_fill(j->fields.rows, j->fields.n, s.p, s.n, t->config);
	exit = change_all(l->opt, t->file, &j->fields, t->given, t->config);
	free(s.p);
	return exit;
}

static int on_looked(void *ctx, struct nm_crew *c, unsigned i)
{
	struct looked *l = ctx;
	struct nm_expert_end end;

	if (i >= c->n_jobs || l->exit)
		return 0;
	nm_job_end(&c->jobs[i], 0, &end);
	if (end.verdict == NM_VERDICT_ABORTED)
		l->exit = NM_EXIT_INTERRUPTED;
	else if (end.verdict == NM_VERDICT_DONE)
		l->exit = give(l, &c->jobs[i], l->targets[i]);
	return 0; /* how it failed, the run will tell: it fails there again */
}

/* As the run will be, but only until experts have registered. */
static struct nm_run_options look_options(const struct nm_run_options *o)
{
	struct nm_run_options opt = *o;

	opt.progress = NULL;
	opt.capsule_dir = NULL;
	opt.filter = NULL;
	opt.keep_core = false;
	if (o->in_process)
		opt.sandbox = NM_SANDBOX_BEST_EFFORT;
	opt.in_process = false;
	if (!opt.timeout_ms || opt.timeout_ms > LOOK_TIMEOUT_MS)
		opt.timeout_ms = LOOK_TIMEOUT_MS;
	return opt;
}

int nm_settings_give(const struct nm_run_options *o, struct nm_targets *t)
{
	struct nm_run_options opt = look_options(o);
	struct looked l = { .opt = o, .targets = calloc(t->n, sizeof *l.targets) };
	struct nm_targets some = { .items = calloc(t->n, sizeof *some.items) };
	struct nm_crew c;
	int exit = NM_EXIT_COMPLETE;

	for (unsigned i = 0; l.targets && some.items && i < t->n; i++)
		if (t->items[i].given) {
			l.targets[some.n] = &t->items[i];
			some.items[some.n++] = t->items[i]; /* what it points to stays theirs */
		}
	if (!l.targets || !some.items || (some.n && !nm_crew_init(&c, &opt, NULL, &some))) {
		nm_host_say(o, "not enough memory");
		exit = NM_EXIT_PARTIAL;
	} else if (some.n) {
		c.ready = on_looked;
		c.ctx = &l;
		exit = nm_crew_run_bare(&c, NM_TASK_REGISTER);
	}
	free(l.targets);
	free(some.items);
	return exit ? exit : l.exit;
}

/* ---- stored ------------------------------------------------------------------------------------ */

struct changing {
	const struct nm_run_options *opt;
	const struct nm_setting_change *changes;
	unsigned n;
	void (*cb)(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end,
	    const struct nm_stored_config *stored);
	void *ctx;
	int exit;
};

/* Store what the changes make of it: an enum nm_exit value. */
static int store(const struct changing *k, struct nm_job *j)
{
	const char *file = j->target->file;
	uint32_t length = nm_settings_length(j->fields.rows, j->fields.n);
	struct blobs b = { NULL, NULL };
	int exit = make_blobs(&j->fields, &j->stored, &b) ? NM_EXIT_COMPLETE : NM_EXIT_PARTIAL;
	int err;

	for (unsigned i = 0; i < k->n && !exit; i++)
		if (!change(k->opt, file, &j->fields, &k->changes[i], b.now))
			exit = NM_EXIT_USAGE;
	if (!exit) {
		err = memcmp(b.now, b.standard, length) ? nm_stored_save(file, b.now, length)
							: nm_stored_drop(file);
		if (err)
			nm_host_say(k->opt, "%s: its settings can't be stored: %s", file,
			    err == ENOENT ? "there is no folder for settings" : strerror(err));
		exit = err ? NM_EXIT_OUTPUT : NM_EXIT_COMPLETE;
	}
	drop_blobs(&b);
	return exit;
}

/* What is stored now, for people. */
static int look_again(const struct changing *k, struct nm_job *j)
{
	free(j->stored.p);
	(void)nm_stored_load(k->opt, j->target->file, &j->stored);
	nm_settings_free(j->settings, j->fields.n);
	j->settings = nm_fields_show(&j->fields, &j->stored);
	if (j->settings)
		nm_fields_say_kept(k->opt, j->target->file, &j->fields, &j->stored,
		    j->flags & EXPERT_ENUM_FLAG_CONFIGURABLE);
	return j->settings ? NM_EXIT_COMPLETE : NM_EXIT_PARTIAL;
}

static int on_changed(void *ctx, struct nm_crew *c, unsigned i)
{
	struct changing *k = ctx;
	struct nm_job *j = i < c->n_jobs ? &c->jobs[i] : NULL;
	struct nm_stored_config now;
	struct nm_expert_info info;
	struct nm_expert_end end;

	if (!j)
		return 0;
	nm_job_end(j, 0, &end);
	k->exit = nm_exit_of(end.verdict);
	if (!k->exit && k->n && !j->fields.n) {
		nm_host_say(
		    k->opt, "%s: it names no settings, so none can be set", j->target->file);
		k->exit = NM_EXIT_USAGE;
	} else if (!k->exit && k->n) {
		k->exit = store(k, j);
	}
	if (!k->exit && j->fields.n)
		k->exit = look_again(k, j);
	if (k->exit && end.verdict == NM_VERDICT_DONE)
		return 0;
	nm_job_info(j, &info);
	now = (struct nm_stored_config){ j->stored.path, j->stored.p, j->stored.n };
	k->cb(k->ctx, &info, &end, &now);
	return 0;
}

int nm_settings_change(const struct nm_run_options *o, const struct nm_setting_change *changes,
    unsigned n,
    void (*cb)(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end,
	const struct nm_stored_config *stored),
    void *ctx)
{
	struct nm_run_options opt = look_options(o);
	struct changing k = {
		.opt = o, .changes = changes, .n = n, .cb = cb, .ctx = ctx, .exit = NM_EXIT_PARTIAL
	};
	struct nm_targets t;
	struct nm_crew c;
	int exit = nm_targets_find_bare(o, &t);

	if (exit)
		return exit;
	if (!nm_crew_init(&c, &opt, NULL, &t)) {
		nm_targets_done(&t);
		return NM_EXIT_PARTIAL;
	}
	c.ready = on_changed;
	c.ctx = &k;
	exit = nm_crew_run_bare(&c, NM_TASK_REGISTER);
	nm_targets_done(&t);
	return exit ? exit : k.exit;
}
