/* SPDX-License-Identifier: MIT */
/* The `sqlite` report: a database for questions that no report foresees. Its tables and views
 * are described in docs/sqlite.md. */
#include "report/db.h"
#include "report/kinds.h"
#include "report/report.h"
#include "report/value.h"
#include "report/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char schema[] =
    "CREATE TABLE run(exit_status INTEGER NOT NULL, interrupted INTEGER NOT NULL, captures INTEGER,"
    " captures_unreadable INTEGER, captures_damaged INTEGER, experts INTEGER,"
    " experts_failed INTEGER, experts_misled INTEGER, events INTEGER, worst_severity_num INTEGER,"
    " fail_on TEXT, fail_on_events INTEGER);"
    "CREATE TABLE captures(id INTEGER PRIMARY KEY, path, readable INTEGER NOT NULL, format TEXT,"
    " compression TEXT, file_bytes INTEGER, frames INTEGER, uncounted INTEGER,"
    " stored_bytes INTEGER, wire_bytes INTEGER, earliest TEXT, latest TEXT, duration_s REAL,"
    " comment, damage TEXT, truncated INTEGER, note TEXT);"
    "CREATE TABLE experts(id INTEGER PRIMARY KEY, capture INTEGER NOT NULL REFERENCES captures,"
    " name, title, vendor, description);"
    "CREATE TABLE ends(expert INTEGER PRIMARY KEY REFERENCES experts, state TEXT NOT NULL,"
    " verdict TEXT NOT NULL, reason, phase TEXT, signal INTEGER, at_frame INTEGER,"
    " substatus INTEGER, status_text, filter_judged INTEGER, filter_passed INTEGER,"
    " frames_seen INTEGER, frames_total INTEGER, first_frame INTEGER, last_frame INTEGER,"
    " frames_uncounted INTEGER, coverage_percent REAL, events INTEGER, events_dropped INTEGER,"
    " memory_notes, wall_ms INTEGER, cpu_ms INTEGER, peak_kib INTEGER, heap_peak_bytes INTEGER,"
    " heap_allocs INTEGER, heap_left_blocks INTEGER, heap_left_bytes INTEGER, sandbox TEXT,"
    " backtrace);"
    "CREATE TABLE parsers(expert INTEGER NOT NULL REFERENCES experts, protocol, file, did TEXT,"
    " entry TEXT, signal INTEGER, first_frame INTEGER, count INTEGER, switched_off INTEGER);"
    "CREATE TABLE events(id INTEGER PRIMARY KEY, expert INTEGER NOT NULL REFERENCES experts,"
    " ident INTEGER NOT NULL, severity TEXT, severity_num INTEGER NOT NULL, flags INTEGER,"
    " source, title, description, machine, justification, timestamp TEXT, offset_ms INTEGER,"
    " frame INTEGER);"
    "CREATE TABLE columns(event INTEGER NOT NULL REFERENCES events, position INTEGER NOT NULL,"
    " name, nth INTEGER NOT NULL, type TEXT NOT NULL, value,"
    " PRIMARY KEY(event, position)) WITHOUT ROWID;"
    "CREATE TABLE kinds(view TEXT, expert, ident INTEGER, title, events INTEGER);"
    "CREATE VIEW findings AS SELECT v.id AS event, c.path AS capture, x.name AS expert, v.ident,"
    " v.severity, v.severity_num, v.title, v.description, v.frame, v.timestamp, v.justification"
    " FROM events v JOIN experts x ON x.id = v.expert JOIN captures c ON c.id = x.capture"
    " WHERE v.severity_num > 0 AND v.flags & 0x80000000 = 0"
    " ORDER BY v.severity_num DESC, v.id;"
    "CREATE VIEW coverage AS SELECT c.path AS capture, x.name AS expert, e.verdict, e.reason,"
    " e.frames_seen, e.frames_total, e.coverage_percent, e.events, e.events_dropped"
    " FROM ends e JOIN experts x ON x.id = e.expert JOIN captures c ON c.id = x.capture;"
    "CREATE VIEW bill AS SELECT c.path AS capture, x.name AS expert, e.wall_ms, e.cpu_ms,"
    " e.peak_kib, e.heap_peak_bytes, e.heap_allocs, e.heap_left_blocks, e.heap_left_bytes"
    " FROM ends e JOIN experts x ON x.id = e.expert JOIN captures c ON c.id = x.capture"
    " WHERE e.wall_ms IS NOT NULL;";

static const char indexes[] = "CREATE INDEX events_by_expert ON events(expert, ident);"
			      "CREATE INDEX events_by_frame ON events(frame);"
			      "CREATE INDEX events_by_severity ON events(severity_num);";

enum statement { RUN, CAPTURE, EXPERT, END, PARSER, EVENT, COLUMN, KIND, STATEMENTS };

static const char *const inserts[STATEMENTS] = {
	[RUN] = "INSERT INTO run VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
	[CAPTURE] = "INSERT INTO captures VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[EXPERT] = "INSERT INTO experts VALUES(?,?,?,?,?,?)",
	[END] =
	    "INSERT INTO ends VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[PARSER] = "INSERT INTO parsers VALUES(?,?,?,?,?,?,?,?,?)",
	[EVENT] = "INSERT INTO events VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	[COLUMN] = "INSERT INTO columns VALUES(?,?,?,?,?,?)",
	[KIND] = "INSERT INTO kinds VALUES(?,?,?,?,?)",
};

struct sqlite {
	struct nm_out *out; /* borrowed */
	struct nm_db db;
	sqlite3_stmt *insert[STATEMENTS]; /* owned */
	struct nm_kinds kinds;
	struct nm_buf text;
	char *expert;                       /* owned: name of the current one */
	uint64_t captures, experts, events; /* rows so far, and so the last id of each */
	bool bill, finished;
};

/* ---- rows: values are put one after the other --------------------------------------------- */

struct row {
	struct sqlite *q;
	sqlite3_stmt *s;
	int i;
};

static struct row begin(struct sqlite *q, enum statement what)
{
	return (struct row){ q, q->insert[what], 0 };
}

static void text(struct row *r, const char *s)
{
	nm_db_text_known(&r->q->db, r->s, ++r->i, s);
}

static void count(struct row *r, uint64_t n)
{
	nm_db_count(&r->q->db, r->s, ++r->i, n);
}

static void count_if(struct row *r, bool known, uint64_t n)
{
	if (known)
		count(r, n);
	else
		r->i++;
}

static void frame(struct row *r, uint32_t n)
{
	count_if(r, n != NM_NO_FRAME, UINT64_C(1) + n);
}

static void real_if(struct row *r, bool known, double v)
{
	r->i++;
	if (known)
		nm_db_real(&r->q->db, r->s, r->i, v);
}

/* What q->text holds. */
static void made(struct row *r)
{
	if (r->q->text.failed)
		nm_out_fail(r->q->out, ENOMEM);
	text(r, r->q->text.data);
	nm_buf_reset(&r->q->text);
}

static void time_ns(struct row *r, bool known, int64_t ns)
{
	if (known)
		nm_buf_iso_ns(&r->q->text, ns);
	made(r);
}

static void end(struct row *r)
{
	nm_db_run(&r->q->db, r->s);
}

/* ---- captures and experts ------------------------------------------------------------------ */

static void on_capture_begin(void *state, const struct nm_capture_report *c)
{
	struct sqlite *q = state;
	struct row r = begin(q, CAPTURE);
	bool timed = c->readable && c->has_times && c->frames > c->frames_without_time;

	count(&r, ++q->captures);
	text(&r, c->path);
	count(&r, c->readable);
	text(&r, c->format);
	text(&r, c->packing);
	count_if(&r, c->readable, c->file_bytes);
	count_if(&r, c->readable, c->frames);
	count_if(&r, c->readable, c->uncounted);
	count_if(&r, c->readable, c->stored_bytes);
	count_if(&r, c->readable, c->wire_bytes);
	time_ns(&r, timed, c->min_ns);
	time_ns(&r, timed, c->max_ns);
	real_if(&r, timed, (double)nm_ns_between(c->min_ns, c->max_ns) / 1e9);
	text(&r, c->comment);
	text(&r, c->damage);
	count(&r, c->truncated);
	text(&r, c->note);
	end(&r);
}

static void on_expert_begin(void *state, const struct nm_expert_info *e)
{
	struct sqlite *q = state;
	struct row r = begin(q, EXPERT);

	free(q->expert);
	q->expert = strdup(e->file);
	if (!q->expert)
		nm_out_fail(q->out, ENOMEM);
	count(&r, ++q->experts);
	count(&r, q->captures);
	text(&r, e->file);
	text(&r, e->name);
	text(&r, e->vendor);
	text(&r, e->description);
	end(&r);
}

static void put_bill(struct row *r, const struct nm_expert_end *e)
{
	bool bill = r->q->bill;

	count_if(r, bill, e->wall_us / 1000);
	count_if(r, bill, e->cpu_us / 1000);
	count_if(r, bill && e->peak_kib, e->peak_kib);
	count_if(r, bill, e->heap_peak_bytes);
	count_if(r, bill, e->heap_allocs);
	count_if(r, bill, e->heap_left_blocks);
	count_if(r, bill, e->heap_left_bytes);
	text(r, bill ? e->sandbox : NULL);
	text(r, bill ? e->backtrace : NULL);
}

static void put_parser(struct sqlite *q, const struct nm_parser_offence *p)
{
	struct row r = begin(q, PARSER);

	count(&r, q->experts);
	text(&r, p->protocol);
	text(&r, p->file);
	text(&r, p->did);
	text(&r, p->entry);
	count_if(&r, p->signal != 0, (uint64_t)p->signal);
	frame(&r, p->first_frame);
	count(&r, p->count);
	count(&r, p->off);
	end(&r);
}

static void on_expert_end(
    void *state, const struct nm_expert_info *x, const struct nm_expert_end *e)
{
	struct sqlite *q = state;
	struct row r = begin(q, END);

	(void)x;
	count(&r, q->experts);
	text(&r, nm_end_state(e));
	text(&r, nm_verdict_word(e->verdict));
	text(&r, e->reason);
	text(&r, nm_phase_word(e->phase));
	count_if(&r, e->signal != 0, (uint64_t)e->signal);
	frame(&r, e->frame);
	count(&r, e->substatus);
	text(&r, e->status_text);
	count_if(&r, e->filtered, e->filter_judged);
	count_if(&r, e->filtered, e->filter_passed);
	count(&r, e->frames_seen);
	count(&r, e->frames_total);
	frame(&r, e->first_frame);
	frame(&r, e->last_frame);
	count(&r, e->frames_uncounted);
	real_if(&r, !e->frames_uncounted && e->frames_total, nm_coverage_tenths(e) / 10.0);
	count(&r, e->events);
	count(&r, e->events_dropped);
	text(&r, e->memory_notes);
	put_bill(&r, e);
	end(&r);
	for (unsigned i = 0; i < e->n_parsers; i++)
		put_parser(q, &e->parsers[i]);
}

/* ---- events -------------------------------------------------------------------------------- */

static void put_times(struct row *r, const struct nm_systime *t)
{
	enum nm_when when = nm_systime_kind(t);

	if (when == NM_WHEN_DATE)
		nm_buf_iso(&r->q->text, t);
	made(r);
	count_if(r, when == NM_WHEN_OFFSET, nm_systime_offset_ms(t));
}

static void put_value(struct row *r, const struct nm_column *c)
{
	struct nm_systime t = { 0 };

	switch (c->type) {
	case NM_COL_SINT8:
	case NM_COL_SINT16:
	case NM_COL_SINT32: nm_db_signed(&r->q->db, r->s, ++r->i, c->v.s); break;
	case NM_COL_FLOAT64: real_if(r, true, c->v.d); break;
	case NM_COL_FRAME: count_if(r, nm_column_has_frame(c), c->v.u + 1); break;
	case NM_COL_MACADDR:
	case NM_COL_IPXADDR:
	case NM_COL_IPADDR:
		nm_buf_address(&r->q->text, c, NM_ADDRESS_COLONS);
		made(r);
		break;
	case NM_COL_VARTIME:
		if (nm_vartime_systime(c->v.d, &t))
			nm_buf_iso(&r->q->text, &t);
		made(r);
		break;
	case NM_COL_STRING: nm_db_text(&r->q->db, r->s, ++r->i, c->v.str); break;
	default: count(r, c->v.u); break;
	}
}

static void put_columns(struct sqlite *q, const struct nm_event *ev)
{
	for (uint32_t i = 0; i < ev->n_columns; i++) {
		struct row r = begin(q, COLUMN);

		count(&r, q->events);
		count(&r, i);
		nm_db_text(&q->db, r.s, ++r.i, ev->columns[i].name);
		count(&r, nm_column_nth(ev, i));
		text(&r, nm_column_type_word(ev->columns[i].type));
		put_value(&r, &ev->columns[i]);
		end(&r);
	}
}

static void on_event(void *state, const struct nm_event *ev)
{
	struct sqlite *q = state;
	struct row r = begin(q, EVENT);

	count(&r, ++q->events);
	count(&r, q->experts);
	count(&r, ev->ident);
	text(&r, nm_severity_word(ev->severity));
	count(&r, ev->severity);
	count(&r, ev->flags);
	text(&r, ev->source);
	text(&r, ev->name);
	text(&r, ev->description);
	text(&r, ev->machine);
	text(&r, ev->justification);
	put_times(&r, &ev->time);
	frame(&r, nm_event_frame(ev));
	end(&r);
	put_columns(q, ev);
	if (!nm_kinds_add(&q->kinds, q->expert ? q->expert : "", ev))
		nm_out_fail(q->out, ENOMEM);
}

/* ---- the end of it ------------------------------------------------------------------------- */

/* A column of a view is what its name, or its n-th of a name, has in each event. */
static void add_view_column(struct nm_buf *b, const struct nm_kind_column *c)
{
	struct nm_buf name = { 0 };

	nm_buf_puts(b, ",(SELECT value FROM columns WHERE event = v.id AND name = ");
	nm_db_literal(b, c->name);
	nm_buf_printf(b, " AND nth = %u) AS ", c->nth);
	nm_buf_puts(&name, *c->name ? c->name : "?");
	if (c->nth)
		nm_buf_printf(&name, " (%u)", c->nth + 1);
	nm_db_name(b, name.failed ? "?" : name.data);
	b->failed |= name.failed;
	nm_buf_done(&name);
}

static void make_view(struct sqlite *q, const struct nm_kind *k)
{
	struct nm_buf *b = &q->text;

	nm_buf_reset(b);
	nm_buf_puts(b, "CREATE VIEW ");
	nm_db_name(b, k->view);
	nm_buf_puts(b, " AS SELECT v.id AS event, c.path AS capture, v.severity, v.title,"
		       " v.description, v.timestamp, v.frame");
	for (unsigned i = 0; i < k->n_columns; i++)
		add_view_column(b, &k->columns[i]);
	nm_buf_puts(b, " FROM events v JOIN experts x ON x.id = v.expert"
		       " JOIN captures c ON c.id = x.capture WHERE x.name = ");
	nm_db_literal(b, k->expert);
	nm_buf_printf(b, " AND v.ident = %u", (unsigned)k->ident);
	if (b->failed)
		nm_out_fail(q->out, ENOMEM);
	else
		nm_db_exec(&q->db, b->data);
	nm_buf_reset(b);
}

static void put_kind(struct sqlite *q, const struct nm_kind *k)
{
	struct row r = begin(q, KIND);

	text(&r, k->view);
	text(&r, k->expert);
	count(&r, k->ident);
	text(&r, k->title);
	count(&r, k->events);
	end(&r);
}

static void finish(struct sqlite *q)
{
	if (q->finished || nm_out_error(q->out))
		return;
	q->finished = true;
	for (unsigned i = 0; i < q->kinds.n; i++) {
		make_view(q, &q->kinds.list[i]);
		put_kind(q, &q->kinds.list[i]);
	}
	nm_db_exec(&q->db, indexes);
	for (unsigned i = 0; i < STATEMENTS; i++) {
		(void)sqlite3_finalize(q->insert[i]);
		q->insert[i] = NULL;
	}
	nm_db_finish(&q->db);
}

static void on_run_end(void *state, const struct nm_run_summary *s)
{
	struct sqlite *q = state;
	struct row r = begin(q, RUN);

	count(&r, (uint64_t)s->exit_status);
	count(&r, s->interrupted);
	count(&r, s->captures);
	count(&r, s->captures_unreadable);
	count(&r, s->captures_damaged);
	count(&r, s->experts);
	count(&r, s->experts_failed);
	count(&r, s->experts_misled);
	count(&r, s->events);
	count(&r, s->worst_severity);
	text(&r, s->fail_on >= 0 ? nm_severity_word((uint32_t)s->fail_on) : NULL);
	count_if(&r, s->fail_on >= 0, s->fail_on_events);
	end(&r);
	finish(q);
}

/* A run that ended in the middle still has its rows, and none in `run`. */
static void done(void *state)
{
	struct sqlite *q = state;

	if (q->captures)
		finish(q);
	for (unsigned i = 0; i < STATEMENTS; i++)
		(void)sqlite3_finalize(q->insert[i]);
	nm_db_close(&q->db);
	nm_kinds_done(&q->kinds);
	nm_buf_done(&q->text);
	free(q->expert);
	free(q);
}

static int start(struct nm_out *out, const struct nm_report_style *style, void **ret_state)
{
	struct sqlite *q = calloc(1, sizeof *q);
	int err;

	if (!q)
		return ENOMEM;
	q->out = out;
	q->bill = style->bill;
	err = nm_db_open(&q->db, out, schema);
	for (unsigned i = 0; i < STATEMENTS && !err; i++) {
		q->insert[i] = nm_db_prepare(&q->db, inserts[i]);
		err = nm_out_error(out);
	}
	if (err) {
		done(q);
		return err;
	}
	*ret_state = q;
	return 0;
}

const struct nm_report_format nm_report_sqlite = {
	.name = "sqlite",
	.whole = true,
	.start = start,
	.capture_begin = on_capture_begin,
	.expert_begin = on_expert_begin,
	.event = on_event,
	.expert_end = on_expert_end,
	.run_end = on_run_end,
	.done = done,
};
