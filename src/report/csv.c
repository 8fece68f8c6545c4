/* SPDX-License-Identifier: MIT */
/* The `csv` report: one table for programs that read tables (RFC 4180, with a heading).
 *
 * Columns are known when the run has ended, so rows wait in a temporary file: for each the
 * number of its cells, and for each cell its column, length and text. */
#include "report/buf.h"
#include "report/report.h"
#include "report/scratch.h"
#include "report/value.h"
#include "report/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 4096u /* of experts; the values of further ones go into "more" */
#define SLOTS       (2 * COLUMNS_MAX)

enum fixed {
	RECORD,
	CAPTURE,
	EXPERT,
	IDENT,
	SEVERITY,
	SOURCE,
	EVENT,
	DESCRIPTION,
	TIME,
	MACHINE,
	NOTE,
	MORE,
	FIXED
};

static const char *const fixed_names[FIXED] = { "record", "capture", "expert", "ident", "severity",
	"source", "event", "description", "time", "machine", "note", "more" };

/* A column of experts: the nth of a name in a row. */
struct column {
	char *name; /* owned */
	unsigned nth;
};

struct cell {
	uint32_t column, n;
};

struct csv {
	struct nm_out *out; /* borrowed */
	struct nm_scratch rows;
	struct column *columns;
	uint32_t n_columns;
	uint32_t *slots;   /* number + 1 of a column by its hash; 0: free */
	struct nm_buf row; /* struct cell and text, one after the other */
	struct nm_buf text, more;
	uint32_t cells;
	uint64_t n_rows;
	char *capture, *expert; /* owned */
	bool finished;
};

static void fail(struct csv *c, int err)
{
	nm_out_fail(c->out, err);
}

/* ---- columns ------------------------------------------------------------------------- */

static uint32_t hash(const char *name, unsigned nth)
{
	uint32_t h = 2166136261u ^ nth;

	for (; *name; name++)
		h = (h ^ (uint8_t)*name) * 16777619u;
	return h ^ h >> 15;
}

/* Its number behind the fixed ones; MORE when there are too many. */
static uint32_t column_of(struct csv *c, const char *name, unsigned nth)
{
	uint32_t i = hash(name, nth) % SLOTS;

	for (; c->slots[i]; i = (i + 1) % SLOTS) {
		const struct column *col = &c->columns[c->slots[i] - 1];

		if (col->nth == nth && strcmp(col->name, name) == 0)
			return FIXED + c->slots[i] - 1;
	}
	if (c->n_columns == COLUMNS_MAX)
		return MORE;
	c->columns[c->n_columns] = (struct column){ strdup(name), nth };
	if (!c->columns[c->n_columns].name) {
		fail(c, ENOMEM);
		return MORE;
	}
	c->slots[i] = ++c->n_columns;
	return FIXED + c->n_columns - 1;
}

/* ---- rows ------------------------------------------------------------------------------ */

static void begin_row(struct csv *c, const char *record)
{
	nm_buf_reset(&c->row);
	nm_buf_reset(&c->more);
	c->cells = 0;
	nm_buf_reset(&c->text);
	nm_buf_puts(&c->text, record);
}

/* What c->text holds. */
static void end_cell(struct csv *c, uint32_t column)
{
	const struct cell cell = { column, (uint32_t)c->text.n };

	if (c->text.n) {
		nm_buf_add(&c->row, &cell, sizeof cell);
		nm_buf_add(&c->row, c->text.data, c->text.n);
		c->cells++;
	}
	c->row.failed |= c->text.failed;
	nm_buf_reset(&c->text);
}

/* Text from outside. A program that takes the first character of a cell for the begin of a
 * formula must not find one: an apostrophe makes it text. */
static void put_text(struct csv *c, uint32_t column, const char *s)
{
	if (!s)
		return;
	if (*s && strchr("=+-@\t\r", *s))
		nm_buf_puts(&c->text, "'");
	nm_buf_clean(&c->text, s, NM_LINES_KEEP);
	end_cell(c, column);
}

static void put_count(struct csv *c, uint32_t column, uint64_t n)
{
	nm_buf_printf(&c->text, "%" PRIu64, n);
	end_cell(c, column);
}

static void put_named(struct csv *c, const char *name, uint64_t n)
{
	put_count(c, column_of(c, name, 0), n);
}

static void end_row(struct csv *c)
{
	int err = c->row.failed ? ENOMEM : nm_scratch_write(&c->rows, &c->cells, sizeof c->cells);

	if (!err)
		err = nm_scratch_write(&c->rows, c->row.data, c->row.n);
	if (err)
		fail(c, err);
	c->n_rows++;
}

static void put_owner(struct csv *c)
{
	end_cell(c, RECORD);
	put_text(c, CAPTURE, c->capture);
	put_text(c, EXPERT, c->expert);
}

/* ---- what is told ------------------------------------------------------------------------ */

static void keep(struct csv *c, char **at, const char *s)
{
	free(*at);
	*at = s ? strdup(s) : NULL;
	if (s && !*at)
		fail(c, ENOMEM);
}

static void on_capture_begin(void *state, const struct nm_capture_report *r)
{
	struct csv *c = state;

	keep(c, &c->capture, r->path);
	keep(c, &c->expert, NULL);
	begin_row(c, "capture");
	put_owner(c);
	put_text(c, EVENT, r->readable ? r->format : "unreadable");
	put_text(c, DESCRIPTION, r->damage);
	put_text(c, NOTE, r->note);
	if (r->readable) {
		put_named(c, "frames", r->frames);
		put_named(c, "wire_bytes", r->wire_bytes);
	}
	end_row(c);
}

static void on_expert_begin(void *state, const struct nm_expert_info *e)
{
	struct csv *c = state;

	keep(c, &c->expert, e->file);
}

static void put_column(struct csv *c, const struct nm_event *ev, uint32_t i)
{
	const struct nm_column *col = &ev->columns[i];
	uint32_t at = column_of(c, col->name, nm_column_nth(ev, i));

	if (at == MORE) {
		nm_buf_puts(&c->more, c->more.n ? "; " : "");
		nm_buf_clean(&c->more, col->name, NM_LINES_ESCAPE);
		nm_buf_puts(&c->more, "=");
		nm_buf_column(&c->more, col);
		c->row.failed |= c->more.failed;
		return;
	}
	if (col->type == NM_COL_STRING) {
		put_text(c, at, col->v.str);
		return;
	}
	nm_buf_column(&c->text, col);
	end_cell(c, at);
}

static void put_time(struct csv *c, const struct nm_event *ev)
{
	switch (nm_systime_kind(&ev->time)) {
	case NM_WHEN_DATE: nm_buf_iso(&c->text, &ev->time); break;
	case NM_WHEN_OFFSET: nm_buf_clock(&c->text, &ev->time); break;
	default: return;
	}
	end_cell(c, TIME);
}

static void on_event(void *state, const struct nm_event *ev)
{
	struct csv *c = state;
	const char *word = nm_severity_word(ev->severity);

	begin_row(c, "event");
	put_owner(c);
	put_count(c, IDENT, ev->ident);
	if (word)
		put_text(c, SEVERITY, word);
	else
		put_count(c, SEVERITY, ev->severity);
	put_text(c, SOURCE, ev->source);
	put_text(c, EVENT, ev->name);
	put_text(c, DESCRIPTION, ev->description);
	put_time(c, ev);
	put_text(c, MACHINE, ev->machine);
	put_text(c, NOTE, ev->justification);
	for (uint32_t i = 0; i < ev->n_columns; i++)
		put_column(c, ev, i);
	if (c->more.n)
		put_text(c, MORE, c->more.data);
	end_row(c);
}

static void on_expert_end(
    void *state, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	struct csv *c = state;

	(void)e;
	begin_row(c, "expert_end");
	put_owner(c);
	put_text(c, EVENT, nm_verdict_word(end->verdict));
	put_text(c, DESCRIPTION, end->reason);
	put_text(c, NOTE, end->status_text);
	put_named(c, "frames_seen", end->frames_seen);
	put_named(c, "frames_total", end->frames_total);
	put_named(c, "events", end->events);
	put_named(c, "events_dropped", end->events_dropped);
	end_row(c);
}

/* ---- the table ----------------------------------------------------------------------------- */

static void write_field(struct csv *c, const char *s, size_t n)
{
	const char *quote;

	if (n == 0)
		return;
	if (strcspn(s, ",\"\r\n") >= n) {
		nm_out_write(c->out, s, n);
		return;
	}
	nm_out_puts(c->out, "\"");
	for (; (quote = memchr(s, '"', n)) != NULL; n -= (size_t)(quote + 1 - s), s = quote + 1) {
		nm_out_write(c->out, s, (size_t)(quote + 1 - s));
		nm_out_puts(c->out, "\"");
	}
	nm_out_write(c->out, s, n);
	nm_out_puts(c->out, "\"");
}

static void write_heading(struct csv *c)
{
	for (unsigned i = 0; i < FIXED; i++) {
		nm_out_puts(c->out, i ? "," : "");
		nm_out_puts(c->out, fixed_names[i]);
	}
	for (uint32_t i = 0; i < c->n_columns; i++) {
		nm_buf_reset(&c->text);
		nm_buf_clean(&c->text, c->columns[i].name, NM_LINES_ESCAPE);
		if (c->columns[i].nth)
			nm_buf_printf(&c->text, " (%u)", c->columns[i].nth + 1);
		if (c->text.failed)
			fail(c, ENOMEM);
		nm_out_puts(c->out, ",");
		write_field(c, c->text.n ? c->text.data : "", c->text.n);
	}
	nm_out_puts(c->out, "\r\n");
}

static int read_cell(struct csv *c, struct cell *ret)
{
	char part[4096];
	int err = nm_scratch_read(&c->rows, ret, sizeof *ret);

	nm_buf_reset(&c->text);
	for (size_t left = err ? 0 : ret->n; left > 0 && !err;) {
		size_t n = left < sizeof part ? left : sizeof part;

		err = nm_scratch_read(&c->rows, part, n);
		if (!err)
			nm_buf_add(&c->text, part, n);
		left -= n;
	}
	return err ? err : c->text.failed ? ENOMEM : 0;
}

static int by_column(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;

	return x->column < y->column ? -1 : x->column > y->column;
}

/* Read a row's cells into `list`, the texts into c->row, and of each text where it begins and
 * its length into `place`. */
static int read_row(struct csv *c, uint32_t cells, struct cell *list, struct cell *place)
{
	nm_buf_reset(&c->row);
	for (uint32_t i = 0; i < cells; i++) {
		struct cell cell;
		int err = read_cell(c, &cell);

		if (err)
			return err;
		place[i] = (struct cell){ (uint32_t)c->row.n, cell.n };
		list[i] = (struct cell){ cell.column, i };
		nm_buf_add(&c->row, c->text.data, c->text.n);
		nm_buf_add(&c->row, "", 1);
	}
	return c->row.failed ? ENOMEM : 0;
}

/* Cells in the order of the columns, with nothing for those that the row does not have. */
static int write_row(struct csv *c, uint32_t cells)
{
	struct cell *list = calloc(cells ? cells : 1, 2 * sizeof *list);
	struct cell *place = list ? list + cells : NULL;
	int err = list ? read_row(c, cells, list, place) : ENOMEM;
	uint32_t at = 0;

	if (!err)
		qsort(list, cells, sizeof *list, by_column);
	for (uint32_t i = 0; i < cells && !err; i++) {
		for (; at < list[i].column; at++)
			nm_out_puts(c->out, ",");
		write_field(c, c->row.data + place[list[i].n].column, place[list[i].n].n);
	}
	for (; at + 1 < FIXED + c->n_columns && !err; at++)
		nm_out_puts(c->out, ",");
	nm_out_puts(c->out, "\r\n");
	free(list);
	return err;
}

static void write_table(struct csv *c)
{
	uint64_t rows = c->n_rows;
	uint32_t cells;
	int err;

	if (c->finished || nm_out_error(c->out))
		return;
	c->finished = true;
	err = nm_scratch_seek(&c->rows, 0);
	if (!err)
		write_heading(c);
	for (; rows && !err && !nm_out_error(c->out); rows--) {
		err = nm_scratch_read(&c->rows, &cells, sizeof cells);
		if (!err)
			err = write_row(c, cells);
	}
	if (err)
		fail(c, err);
}

static void on_run_end(void *state, const struct nm_run_summary *s)
{
	struct csv *c = state;

	begin_row(c, "run_end");
	end_cell(c, RECORD);
	put_text(c, EVENT, s->interrupted ? "interrupted" : "ended");
	put_named(c, "exit_status", (uint64_t)s->exit_status);
	put_named(c, "experts", s->experts);
	put_named(c, "experts_failed", s->experts_failed);
	put_named(c, "events", s->events);
	if (s->fail_on >= 0)
		put_named(c, "fail_on_events", s->fail_on_events);
	end_row(c);
	write_table(c);
}

static void drop(struct csv *c)
{
	for (uint32_t i = 0; i < c->n_columns; i++)
		free(c->columns[i].name);
	free(c->columns);
	free(c->slots);
	free(c->capture);
	free(c->expert);
	nm_buf_done(&c->row);
	nm_buf_done(&c->text);
	nm_buf_done(&c->more);
	nm_scratch_close(&c->rows);
	free(c);
}

static int start(struct nm_out *out, const struct nm_report_style *style, void **ret_state)
{
	struct csv *c = calloc(1, sizeof *c);
	int err;

	(void)style;
	if (!c)
		return ENOMEM;
	c->out = out;
	c->columns = calloc(COLUMNS_MAX, sizeof *c->columns);
	c->slots = calloc(SLOTS, sizeof *c->slots);
	err = c->columns && c->slots ? -nm_scratch_open(&c->rows) : ENOMEM;
	if (err) {
		drop(c);
		return err;
	}
	*ret_state = c;
	return 0;
}

/* A run that ended in the middle still has its rows. */
static void done(void *state)
{
	struct csv *c = state;

	if (c->capture)
		write_table(c);
	drop(c);
}

const struct nm_report_format nm_report_csv = {
	.name = "csv",
	.start = start,
	.capture_begin = on_capture_begin,
	.expert_begin = on_expert_begin,
	.event = on_event,
	.expert_end = on_expert_end,
	.run_end = on_run_end,
	.done = done,
};
