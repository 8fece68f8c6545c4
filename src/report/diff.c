/* SPDX-License-Identifier: MIT */
/* Two captures compared at the level of findings: what is new, worse and gone.
 *
 * A finding of one capture is that of the other when expert, EventIdent and the columns that
 * name something are the same; docs/diff.md has the rule. */
#include "base/utf8.h"
#include "report/json_write.h"
#include "report/value.h"
#include "report/words.h"
#include "system/locales.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FINDINGS_MAX (1u << 17) /* different ones that are remembered */
#define SLOTS        (2 * FINDINGS_MAX)
#define BYTES_MAX    (16u << 20) /* of their texts */
#define KEY_MOST     512u        /* bytes that tell one from another */
#define TITLE_MOST   200u
#define EPHEMERAL    32768 /* ports from here on name nobody */

/* Of the capture before and the one after. */
struct seen {
	uint64_t count;
	uint32_t severity; /* the worst; only with a count */
	uint32_t frame;    /* that the first one names */
};

struct finding {
	char *text; /* owned: expert, key and title, each with its NUL */
	const char *key, *title;
	uint32_t ident;
	struct seen seen[2];
};

enum change { CHANGE_NEW, CHANGE_WORSE, CHANGE_GONE, CHANGE_BETTER, CHANGE_NONE, CHANGES };

static const char *const change_words[CHANGES] = { "new", "worse", "gone", "better", "unchanged" };

struct nm_diff {
	struct nm_diff_options opt;
	struct nm_out *out; /* owned */
	struct nm_json w;
	nm_locale locale;
	struct finding *list; /* owned */
	uint32_t *slots;      /* owned: number + 1 of a finding; 0: free */
	uint32_t n;
	size_t bytes;
	unsigned captures;       /* begun */
	char *expert, *names[2]; /* owned */
	struct nm_buf key, line;
	bool whole;      /* both captures were read and every expert was done */
	bool unreadable; /* one could not be read at all: there is nothing to compare */
	struct nm_diff_result result;
};

/* ---- what makes a finding the same --------------------------------------------------------- */

/* "12", "0.5 %", "3 ms": says how much, not who. */
static bool is_quantity(const char *s)
{
	char *end;

	if (!isdigit((unsigned char)*s) && *s != '-' && *s != '.')
		return false;
	(void)strtod(s, &end);
	return end != s && (*end == '\0' || *end == ' ' || *end == '%');
}

/* A text without the port behind its address that a system chose at random. */
static size_t without_port(const char *s)
{
	const char *colon = strrchr(s, ':');
	size_t n = strlen(s);
	bool address = colon && (strchr(s, ':') == colon || (colon > s && colon[-1] == ']'));

	if (!address || strspn(colon + 1, "0123456789") != strlen(colon + 1))
		return n;
	return atol(colon + 1) >= EPHEMERAL ? (size_t)(colon - s) : n;
}

static bool is_port(const struct nm_column *c)
{
	size_t n = strlen(c->name);

	return nm_column_is_number(c->type) && n >= 4 && strcasecmp(c->name + n - 4, "port") == 0 &&
	       c->type != NM_COL_FLOAT64 && c->v.u < EPHEMERAL;
}

static bool names_something(const struct nm_column *c)
{
	switch (c->type) {
	case NM_COL_MACADDR:
	case NM_COL_IPXADDR:
	case NM_COL_IPADDR: return true;
	case NM_COL_STRING: return *c->v.str && !is_quantity(c->v.str);
	default: return is_port(c);
	}
}

static void make_key(struct nm_diff *d, const struct nm_event *ev)
{
	struct nm_buf *b = &d->key;

	nm_buf_reset(b);
	nm_buf_add(b, "", 0);
	for (uint32_t i = 0; i < ev->n_columns && b->n < KEY_MOST; i++) {
		const struct nm_column *c = &ev->columns[i];
		size_t from;

		if (!names_something(c))
			continue;
		nm_buf_puts(b, b->n ? ", " : "");
		nm_buf_clean(b, c->name, NM_LINES_ESCAPE);
		nm_buf_puts(b, " ");
		from = b->n;
		nm_buf_column(b, c);
		if (!b->failed)
			b->n = from + without_port(b->data + from);
	}
	if (!b->failed) {
		b->n = nm_utf8_cut(b->data, b->n, KEY_MOST);
		b->data[b->n] = '\0';
	}
}

/* ---- the table ------------------------------------------------------------------------------ */

static uint32_t hash(const char *s, uint32_t h)
{
	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	return h ^ h >> 15;
}

static bool is_it(const struct finding *f, const char *expert, uint32_t ident, const char *key)
{
	return f->ident == ident && strcmp(f->text, expert) == 0 && strcmp(f->key, key) == 0;
}

/* The slot with the finding, or the free one where it belongs. */
static uint32_t slot_of(const struct nm_diff *d, const char *expert, uint32_t ident)
{
	uint32_t i = hash(d->key.data, hash(expert, 2166136261u ^ ident)) % SLOTS;

	while (d->slots[i] && !is_it(&d->list[d->slots[i] - 1], expert, ident, d->key.data))
		i = (i + 1) % SLOTS;
	return i;
}

/* 0, ENOSPC for no place for it, or ENOMEM. */
static int add(struct nm_diff *d, uint32_t slot, const struct nm_event *ev)
{
	size_t expert = strlen(d->expert) + 1, n;
	struct finding *f = &d->list[d->n];
	struct nm_buf b = { 0 };

	nm_buf_add(&b, d->expert, expert);
	nm_buf_add(&b, d->key.data, d->key.n + 1);
	nm_buf_clean(&b, ev->name, NM_LINES_ESCAPE);
	if (b.failed) {
		nm_buf_done(&b);
		return ENOMEM;
	}
	n = expert + d->key.n + 1;
	b.n = n + nm_utf8_cut(b.data + n, b.n - n, TITLE_MOST);
	b.data[b.n] = '\0';
	if (d->n == FINDINGS_MAX || d->bytes + b.n > BYTES_MAX) {
		nm_buf_done(&b);
		return ENOSPC;
	}
	*f = (struct finding){ .text = b.data,
		.key = b.data + expert,
		.title = b.data + n,
		.ident = ev->ident,
		.seen = { { .frame = NM_NO_FRAME }, { .frame = NM_NO_FRAME } } };
	d->bytes += b.n;
	d->slots[slot] = ++d->n;
	return 0;
}

static int on_event(void *ctx, const struct nm_event *ev)
{
	struct nm_diff *d = ctx;
	struct seen *s;
	uint32_t slot;
	int err = 0;

	if (!nm_event_is_finding(ev))
		return 0;
	make_key(d, ev);
	if (d->key.failed)
		return ENOMEM;
	slot = slot_of(d, d->expert, ev->ident);
	if (!d->slots[slot])
		err = add(d, slot, ev);
	if (err == ENOSPC) {
		d->result.left_out++;
		return 0;
	}
	if (err)
		return err;
	s = &d->list[d->slots[slot] - 1].seen[d->captures - 1];
	if (s->count++ == 0)
		s->frame = nm_event_frame(ev);
	if (ev->severity > s->severity)
		s->severity = ev->severity;
	return 0;
}

/* ---- the run -------------------------------------------------------------------------------- */

static int keep(char **at, const char *s)
{
	free(*at);
	*at = strdup(s);
	return *at ? 0 : ENOMEM;
}

static int on_capture_begin(void *ctx, const struct nm_capture_report *c)
{
	struct nm_diff *d = ctx;

	if (d->captures == 2)
		return EINVAL;
	d->whole &= c->readable;
	d->unreadable |= !c->readable;
	return keep(&d->names[d->captures++], c->path);
}

static int on_expert_begin(void *ctx, const struct nm_expert_info *e)
{
	struct nm_diff *d = ctx;

	return keep(&d->expert, e->file);
}

static int on_expert_end(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	struct nm_diff *d = ctx;

	(void)e;
	d->whole &= end->verdict == NM_VERDICT_DONE && end->events_dropped == 0;
	return 0;
}

/* ---- the differences --------------------------------------------------------------------------- */

static enum change change_of(const struct finding *f)
{
	const struct seen *a = &f->seen[0], *b = &f->seen[1];

	if (!a->count)
		return CHANGE_NEW;
	if (!b->count)
		return CHANGE_GONE;
	if (b->severity != a->severity)
		return b->severity > a->severity ? CHANGE_WORSE : CHANGE_BETTER;
	if (b->count != a->count)
		return b->count > a->count ? CHANGE_WORSE : CHANGE_BETTER;
	return CHANGE_NONE;
}

/* In the capture after, and as severe as it was not before. */
static bool is_failing(const struct nm_diff *d, const struct finding *f)
{
	uint32_t least = (uint32_t)d->opt.fail_on;

	return d->opt.fail_on >= 0 && f->seen[1].count && f->seen[1].severity >= least &&
	       (!f->seen[0].count || f->seen[0].severity < least);
}

static uint32_t severity_of(const struct finding *f)
{
	const struct seen *s = &f->seen[f->seen[1].count != 0];

	return s->severity;
}

/* New, worse, gone; of each the most severe first. */
static int by_weight(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;
	enum change cx = change_of(x), cy = change_of(y);
	int order;

	if (cx != cy)
		return cx < cy ? -1 : 1;
	if (severity_of(x) != severity_of(y))
		return severity_of(x) > severity_of(y) ? -1 : 1;
	order = strcmp(x->text, y->text);
	if (order == 0 && x->ident != y->ident)
		order = x->ident < y->ident ? -1 : 1;
	return order ? order : strcmp(x->key, y->key);
}

static void write_text(struct nm_diff *d, const struct finding *f, enum change change)
{
	const struct seen *a = &f->seen[0], *b = &f->seen[1];
	struct nm_buf *l = &d->line;
	bool after = b->count != 0;

	nm_buf_reset(l);
	nm_buf_printf(l, "%-6s %-8s ", change_words[change], nm_severity_word(severity_of(f)));
	nm_buf_clean(l, f->text, NM_LINES_ESCAPE);
	nm_buf_printf(l, "/%" PRIu32 " %s", f->ident, f->title);
	nm_buf_puts(l, *f->key ? ": " : "");
	nm_buf_puts(l, f->key);
	if (change == CHANGE_WORSE && b->severity != a->severity)
		nm_buf_printf(l, "; was %s", nm_severity_word(a->severity));
	nm_buf_printf(l, "; %" PRIu64 " -> %" PRIu64, a->count, b->count);
	if (f->seen[after].frame != NM_NO_FRAME)
		nm_buf_printf(l, ", frame %" PRIu64 " of %s", UINT64_C(1) + f->seen[after].frame,
		    after ? "the second" : "the first");
	nm_buf_puts(l, "\n");
	if (l->failed)
		nm_out_fail(d->out, ENOMEM);
	else
		nm_out_write(d->out, l->data, l->n);
}

static void put_seen(struct nm_json *j, json_t *o, const char *key, const struct seen *s)
{
	json_t *x = nm_json_object_in(j, o, key);

	nm_json_int(j, x, "count", s->count);
	if (s->count)
		nm_json_text(j, x, "severity", nm_severity_word(s->severity));
	if (s->frame != NM_NO_FRAME)
		nm_json_int(j, x, "frame", UINT64_C(1) + s->frame);
}

static void write_json(struct nm_diff *d, const struct finding *f, enum change change)
{
	struct nm_json *j = &d->w;
	json_t *root = nm_json_begin(j), *o;

	nm_json_text(j, root, "event_type", "diff");
	o = nm_json_object_in(j, root, "diff");
	nm_json_text(j, o, "change", change_words[change]);
	nm_json_text(j, o, "expert", f->text);
	nm_json_int(j, o, "ident", f->ident);
	nm_json_text(j, o, "title", f->title);
	nm_json_text(j, o, "key", f->key);
	put_seen(j, o, "before", &f->seen[0]);
	put_seen(j, o, "after", &f->seen[1]);
	nm_json_end(j, root);
}

static const char *name_of(const struct nm_diff *d, unsigned i)
{
	return d->names[i] ? d->names[i] : "";
}

static void end_text(struct nm_diff *d, const uint64_t n[CHANGES])
{
	struct nm_buf *l = &d->line;

	nm_buf_reset(l);
	for (unsigned i = 0; i < CHANGES; i++)
		nm_buf_printf(l, "%s%" PRIu64 " %s", i ? ", " : "", n[i], change_words[i]);
	nm_buf_puts(l, ": from ");
	nm_buf_clean(l, name_of(d, 0), NM_LINES_ESCAPE);
	nm_buf_puts(l, " to ");
	nm_buf_clean(l, name_of(d, 1), NM_LINES_ESCAPE);
	nm_buf_puts(l, "\n");
	if (d->result.left_out)
		nm_buf_printf(l, "%" PRIu64 " events of further findings were not compared\n",
		    d->result.left_out);
	if (d->unreadable)
		nm_buf_puts(l, "nothing was compared: a capture can't be read\n");
	else if (!d->whole)
		nm_buf_puts(l, "a capture or an expert's run is not whole: what is new may have "
			       "been there, and what is gone may be there\n");
	if (l->failed)
		nm_out_fail(d->out, ENOMEM);
	else
		nm_out_write(d->out, l->data, l->n);
}

static void end_json(struct nm_diff *d, const uint64_t n[CHANGES])
{
	struct nm_json *j = &d->w;
	json_t *root = nm_json_begin(j), *o;

	nm_json_text(j, root, "event_type", "diff_end");
	o = nm_json_object_in(j, root, "diff");
	nm_json_text(j, o, "before", name_of(d, 0));
	nm_json_text(j, o, "after", name_of(d, 1));
	for (unsigned i = 0; i < CHANGES; i++)
		nm_json_int(j, o, change_words[i], n[i]);
	if (d->opt.fail_on >= 0)
		nm_json_text(j, o, "fail_on", nm_severity_word((uint32_t)d->opt.fail_on));
	nm_json_int(j, o, "fail_on_findings", d->result.failing);
	nm_json_int(j, o, "left_out", d->result.left_out);
	nm_json_bool(j, o, "whole", d->whole);
	nm_json_end(j, root);
}

/* Of one capture alone all findings would be gone, or new. */
static void write_all(struct nm_diff *d)
{
	uint64_t n[CHANGES] = { 0 };

	qsort(d->list, d->n, sizeof *d->list, by_weight);
	for (uint32_t i = 0; i < d->n && !d->unreadable && !nm_out_error(d->out); i++) {
		const struct finding *f = &d->list[i];
		enum change change = change_of(f);

		n[change]++;
		d->result.failing += is_failing(d, f);
		if (change > CHANGE_GONE)
			continue;
		if (d->opt.json)
			write_json(d, f, change);
		else
			write_text(d, f, change);
	}
	if (d->opt.json)
		end_json(d, n);
	else
		end_text(d, n);
}

static int on_run_end(void *ctx, const struct nm_run_summary *s)
{
	struct nm_diff *d = ctx;
	nm_locale before = nm_locale_enter(d->locale);

	d->whole &= !s->interrupted && d->captures == 2 && s->captures_damaged == 0 &&
		    d->result.left_out == 0;
	d->result.whole = d->whole;
	write_all(d);
	nm_locale_leave(before);
	return nm_out_error(d->out);
}

/* ---- the sink ------------------------------------------------------------------------------- */

static int drop(struct nm_diff *d)
{
	int err = nm_out_close(d->out);

	for (uint32_t i = 0; i < d->n; i++)
		free(d->list[i].text);
	free(d->list);
	free(d->slots);
	free(d->expert);
	free(d->names[0]);
	free(d->names[1]);
	nm_buf_done(&d->key);
	nm_buf_done(&d->line);
	nm_json_done(&d->w);
	nm_locale_free(d->locale);
	free(d);
	return err;
}

int nm_diff_open(
    const struct nm_diff_options *opt, struct nm_diff **ret_diff, struct nm_sink *ret_sink)
{
	struct nm_diff *d;
	int err;

	if (opt->size != sizeof *opt)
		return EINVAL;
	d = calloc(1, sizeof *d);
	if (!d)
		return ENOMEM;
	d->opt = *opt;
	d->whole = true;
	d->locale = nm_locale_new();
	d->list = calloc(FINDINGS_MAX, sizeof *d->list);
	d->slots = calloc(SLOTS, sizeof *d->slots);
	err = d->locale && d->list && d->slots ? nm_out_open(opt->path, false, &d->out) : ENOMEM;
	if (err) {
		(void)drop(d);
		return err;
	}
	d->w.out = d->out;
	*ret_diff = d;
	*ret_sink = (struct nm_sink){ .ctx = d,
		.capture_begin = on_capture_begin,
		.expert_begin = on_expert_begin,
		.event = on_event,
		.expert_end = on_expert_end,
		.run_end = on_run_end };
	return 0;
}

int nm_diff_close(struct nm_diff *d, struct nm_diff_result *ret)
{
	if (!d)
		return 0;
	if (ret)
		*ret = d->result;
	return drop(d);
}
