/* SPDX-License-Identifier: MIT */
/* Events of one expert, held until they are laid out as a table. */
#include "report/rows.h"

#include "base/utf8.h"
#include "report/value.h"
#include "report/words.h"
#include "system/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COLUMN_GAP 2 /* cells between columns */
#define NO_NOTE    UINT32_MAX

static const struct {
	const char *heading;
	bool cuttable, right;
} fixed[NM_FIXED_COLUMNS] = {
	[NM_FIXED_SEVERITY] = { "Severity", false, false },
	[NM_FIXED_SOURCE] = { "Source", true, false },
	[NM_FIXED_EVENT] = { "Event", true, false },
	[NM_FIXED_DESCRIPTION] = { "Description", true, false },
	[NM_FIXED_TIME] = { "Time", false, false },
	[NM_FIXED_MACHINE] = { "Machine", true, false },
	[NM_FIXED_IDENT] = { "Event number", false, true },
};

uint32_t nm_text_width(const char *s)
{
	size_t left = strlen(s);
	uint32_t width = 0, cp;

	while (left) {
		unsigned len = nm_utf8_next(s, left, &cp);
		int w = len ? nm_columns(cp) : 1;

		width += w < 0 ? 1u : (uint32_t)w; /* no character yet: most terminals show a box */
		s += len ? len : 1;
		left -= len ? len : 1;
	}
	return width;
}

/* ---- columns ---------------------------------------------------------------- */

/* FNV-1a */
static uint32_t hash_name(const char *s)
{
	uint32_t h = 2166136261u;

	for (; *s; s++)
		h = (h ^ (uint8_t)*s) * 16777619u;
	return h;
}

static bool reserve_column(struct nm_rows *r)
{
	uint32_t cap = r->cap_columns ? r->cap_columns * 2 : 16;
	struct nm_rows_column *p;

	if (r->n_columns < r->cap_columns)
		return true;
	p = realloc(r->columns, cap * sizeof *p);
	if (!p)
		return false;
	r->columns = p;
	r->cap_columns = cap;
	return true;
}

/* name is NULL for a fixed column. */
static bool add_column(struct nm_rows *r, const char *name, const char *heading)
{
	struct nm_rows_column c = { 0 };
	struct nm_buf clean = { 0 };

	nm_buf_clean(&clean, heading, NM_LINES_ESCAPE);
	nm_buf_puts(&clean, "");
	if (clean.failed || !reserve_column(r))
		goto undo_heading;
	if (name) {
		c.name = strdup(name);
		if (!c.name)
			goto undo_heading;
		c.hash = hash_name(name);
	}
	c.heading = clean.data;
	c.heading_width = nm_text_width(c.heading);
	c.width = c.heading_width;
	r->columns[r->n_columns++] = c;
	return true;

undo_heading:
	nm_buf_done(&clean);
	return false;
}

static bool add_fixed_columns(struct nm_rows *r)
{
	for (unsigned i = 0; i < NM_FIXED_COLUMNS; i++) {
		if (!add_column(r, NULL, fixed[i].heading))
			return false;
		r->columns[i].cuttable = fixed[i].cuttable;
		r->columns[i].right = fixed[i].right;
	}
	return true;
}

static void drop_columns(struct nm_rows *r)
{
	for (uint32_t i = 0; i < r->n_columns; i++) {
		free(r->columns[i].name);
		free(r->columns[i].heading);
	}
	r->n_columns = 0;
	r->width = 0;
	r->heading = 0;
}

static bool row_uses(const struct nm_rows *r, uint32_t row_first, uint32_t column)
{
	for (uint32_t i = row_first; i < r->n_cells; i++)
		if (r->cells[i].column == column)
			return true;
	return false;
}

/* The custom column of that name that this row has not used yet, from `next`
 * on and round; the events of an expert mostly name the same columns in the
 * same order, so the first look hits. 0 when there is none. */
static uint32_t find_column(
    const struct nm_rows *r, const char *name, uint32_t row_first, uint32_t next)
{
	uint32_t n = r->n_columns - NM_FIXED_COLUMNS;
	uint32_t hash = hash_name(name);

	for (uint32_t k = 0; k < n; k++) {
		uint32_t i = NM_FIXED_COLUMNS + (next - NM_FIXED_COLUMNS + k) % n;
		const struct nm_rows_column *c = &r->columns[i];

		if (c->hash == hash && strcmp(c->name, name) == 0 && !row_uses(r, row_first, i))
			return i;
	}
	return 0;
}

/* The column for c, found or added; 0 when out of memory. */
static uint32_t custom_column(
    struct nm_rows *r, const struct nm_column *c, uint32_t row_first, uint32_t next)
{
	uint32_t at = find_column(r, c->name, row_first, next);

	if (at || !add_column(r, c->name, c->name))
		return at;
	at = r->n_columns - 1;
	r->columns[at].right = nm_column_is_number(c->type);
	r->columns[at].frame = c->type == NM_COL_FRAME;
	r->columns[at].cuttable = c->type == NM_COL_STRING;
	return at;
}

static void show(struct nm_rows *r, uint32_t column, uint32_t width)
{
	struct nm_rows_column *c = &r->columns[column];

	if (!c->shown) {
		c->shown = true;
		r->width += c->width + COLUMN_GAP;
	}
	if (width > c->width) {
		r->width += width - c->width;
		c->width = width;
	}
}

uint32_t nm_rows_shown(const struct nm_rows *r)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < r->n_columns; i++)
		n += r->columns[i].shown;
	return n;
}

/* ---- the row being added ------------------------------------------------------ */

/* End the text written from `start` on, and make it the next cell. */
static void end_cell(struct nm_rows *r, uint32_t column, size_t start)
{
	struct nm_rows_cell *c = &r->row[r->n_row];

	nm_buf_add(&r->row_text, "", 1);
	if (r->row_text.failed)
		return;
	c->column = column;
	c->text = (uint32_t)start;
	c->width = nm_text_width(r->row_text.data + start);
	r->row_width += c->width + COLUMN_GAP;
	r->n_row++;
}

static void put_fixed(struct nm_rows *r, enum nm_fixed_column column, const char *s)
{
	size_t start = r->row_text.n;

	if (!s || !*s)
		return;
	nm_buf_clean(&r->row_text, s, NM_LINES_ESCAPE);
	end_cell(r, column, start);
}

static void put_severity(struct nm_rows *r, uint32_t severity)
{
	const char *word = nm_severity_word(severity);
	char number[16];

	(void)snprintf(number, sizeof number, "%u", (unsigned)severity);
	put_fixed(r, NM_FIXED_SEVERITY, word ? word : number);
}

static void put_time(struct nm_rows *r, const struct nm_event *ev)
{
	enum nm_when when = nm_systime_kind(&ev->time);
	bool date = when == NM_WHEN_DATE && !(ev->flags & NM_HIDE_DATE);
	bool clock = when != NM_WHEN_UNSET && !(ev->flags & NM_HIDE_TIME);
	size_t start = r->row_text.n;

	if (!date && !clock)
		return;
	if (date)
		nm_buf_date(&r->row_text, &ev->time);
	if (date && clock)
		nm_buf_puts(&r->row_text, " ");
	if (clock)
		nm_buf_clock(&r->row_text, &ev->time);
	end_cell(r, NM_FIXED_TIME, start);
}

/* Most experts name themselves; the title of their table says that already. */
static bool is_self(const struct nm_rows *r, const char *source)
{
	return strcmp(source, r->self[0]) == 0 || strcmp(source, r->self[1]) == 0;
}

static void put_fixed_cells(struct nm_rows *r, const struct nm_event *ev)
{
	if (!(ev->flags & NM_HIDE_SEVERITY))
		put_severity(r, ev->severity);
	if (!(ev->flags & NM_HIDE_SOURCE) && !is_self(r, ev->source))
		put_fixed(r, NM_FIXED_SOURCE, ev->source);
	if (!(ev->flags & NM_HIDE_EVENT))
		put_fixed(r, NM_FIXED_EVENT, ev->name);
	if (!(ev->flags & NM_HIDE_DESCRIPTION))
		put_fixed(r, NM_FIXED_DESCRIPTION, ev->description);
	put_time(r, ev);
	if (!(ev->flags & NM_HIDE_MACHINE))
		put_fixed(r, NM_FIXED_MACHINE, ev->machine);
}

static bool reserve_row(struct nm_rows *r, uint32_t n)
{
	struct nm_rows_cell *p;

	if (n <= r->cap_row)
		return true;
	p = realloc(r->row, n * sizeof *p);
	if (!p)
		return false;
	r->row = p;
	r->cap_row = n;
	return true;
}

bool nm_rows_load(struct nm_rows *r, const struct nm_event *ev)
{
	char ident[16];

	nm_buf_reset(&r->row_text);
	r->n_row = 0;
	r->row_width = 0;
	if (!reserve_row(r, NM_FIXED_COLUMNS + ev->n_columns))
		return false;
	put_fixed_cells(r, ev);
	for (uint32_t i = 0; i < ev->n_columns && !r->row_text.failed; i++) {
		size_t start = r->row_text.n;

		nm_buf_column(&r->row_text, &ev->columns[i]);
		end_cell(r, NM_FIXED_COLUMNS + i, start);
	}
	if (r->n_row == 0) {
		(void)snprintf(ident, sizeof ident, "%u", (unsigned)ev->ident);
		put_fixed(r, NM_FIXED_IDENT, ident);
	}
	return !r->row_text.failed;
}

bool nm_rows_fits(const struct nm_rows *r)
{
	uint64_t text = (uint64_t)r->text.n + r->row_text.n;
	uint64_t padded = (r->n_rows + UINT64_C(1)) * (r->width + r->row_width);

	if (r->n_rows == 0)
		return true;
	if (r->n_rows == NM_ROWS_MAX || text > NM_ROWS_TEXT_MAX)
		return false;
	return padded <= 4 * text + NM_ROWS_SLACK;
}

/* ---- rows -------------------------------------------------------------------- */

static bool reserve_cells(struct nm_rows *r, uint32_t n)
{
	uint32_t cap = r->cap_cells ? r->cap_cells : 256;
	struct nm_rows_cell *p;

	if (!r->rows) {
		r->rows = malloc(NM_ROWS_MAX * sizeof *r->rows);
		if (!r->rows)
			return false;
	}
	while (cap - r->n_cells < n)
		cap *= 2; /* ends: at most NM_ROWS_TEXT_MAX rows' worth of cells are held */
	if (cap == r->cap_cells)
		return true;
	p = realloc(r->cells, cap * sizeof *p);
	if (!p)
		return false;
	r->cells = p;
	r->cap_cells = cap;
	return true;
}

/* A note that the row before has too is kept once. */
static uint32_t add_note(struct nm_rows *r, const char *note)
{
	uint32_t at = (uint32_t)r->text.n, before = NO_NOTE;

	if (!note || !*note)
		return NO_NOTE;
	nm_buf_clean(&r->text, note, NM_LINES_KEEP);
	nm_buf_add(&r->text, "", 1);
	if (r->n_rows)
		before = r->rows[r->n_rows - 1].note;
	if (r->text.failed || before == NO_NOTE ||
	    strcmp(r->text.data + before, r->text.data + at) != 0)
		return at;
	r->text.n = at;
	return before;
}

bool nm_rows_commit(struct nm_rows *r, const struct nm_event *ev)
{
	uint32_t base = (uint32_t)r->text.n, first = r->n_cells, next = NM_FIXED_COLUMNS, note;

	if (!reserve_cells(r, r->n_row))
		return false;
	nm_buf_add(&r->text, r->row_text.data, r->row_text.n);
	for (uint32_t i = 0; i < r->n_row; i++) {
		struct nm_rows_cell c = r->row[i];

		if (c.column >= NM_FIXED_COLUMNS) {
			const struct nm_column *col = &ev->columns[c.column - NM_FIXED_COLUMNS];

			c.column = custom_column(r, col, first, next);
			if (c.column == 0)
				return false;
			next = c.column + 1;
		}
		c.text += base;
		show(r, c.column, c.width);
		r->cells[r->n_cells++] = c;
	}
	note = add_note(r, ev->justification);
	r->rows[r->n_rows++] =
	    (struct nm_rows_row){ first, r->n_cells - first, ev->severity, note };
	r->ident = ev->ident;
	return !r->text.failed;
}

/* The widths that later rows begin with. */
static void keep_widths(struct nm_rows *r)
{
	for (uint32_t i = 0; i < r->n_columns; i++) {
		struct nm_rows_column *c = &r->columns[i];
		uint32_t least = c->heading_width > NM_ROWS_KEPT ? c->heading_width : NM_ROWS_KEPT;

		if (c->width <= least)
			continue;
		if (c->shown)
			r->width -= c->width - least;
		c->width = least;
	}
}

static bool has_column(const struct nm_rows *r, const char *name)
{
	uint32_t hash = hash_name(name);

	for (uint32_t i = NM_FIXED_COLUMNS; i < r->n_columns; i++)
		if (r->columns[i].hash == hash && strcmp(r->columns[i].name, name) == 0)
			return true;
	return false;
}

bool nm_rows_belongs(const struct nm_rows *r, const struct nm_event *ev)
{
	bool first = r->n_rows == 0 && r->heading == 0;

	if (first || ev->ident == r->ident)
		return true;
	for (uint32_t i = 0; i < ev->n_columns; i++)
		if (!has_column(r, ev->columns[i].name))
			return false;
	return true;
}

static void forget_rows(struct nm_rows *r)
{
	r->n_rows = 0;
	r->n_cells = 0;
	nm_buf_reset(&r->text);
}

bool nm_rows_restart(struct nm_rows *r)
{
	forget_rows(r);
	drop_columns(r);
	return add_fixed_columns(r);
}

bool nm_rows_clear(struct nm_rows *r)
{
	forget_rows(r);
	keep_widths(r);
	if (r->n_columns <= NM_FIXED_COLUMNS + NM_ROWS_NAMES_MAX && r->width <= NM_ROWS_WIDE)
		return true;
	drop_columns(r);
	return add_fixed_columns(r);
}

bool nm_rows_init(struct nm_rows *r, const char *file, const char *name)
{
	*r = (struct nm_rows){ 0 };
	r->self[0] = strdup(file);
	r->self[1] = strdup(name);
	return r->self[0] && r->self[1] && add_fixed_columns(r);
}

void nm_rows_done(struct nm_rows *r)
{
	drop_columns(r);
	free(r->columns);
	free(r->cells);
	free(r->rows);
	free(r->row);
	free(r->self[0]);
	free(r->self[1]);
	nm_buf_done(&r->text);
	nm_buf_done(&r->row_text);
	*r = (struct nm_rows){ 0 };
}
