/* SPDX-License-Identifier: MIT */
/* The events of one expert as an aligned table. */
#include "report/table.h"

#include <errno.h>
#include <libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#define INDENT      "  "
#define NOTE_INDENT "      "
#define LEAST_CUT   12 /* cells of a text that are never cut away */
#define ELLIPSIS    "\xe2\x80\xa6"

static const char *const severity_colours[] = {
	NULL,           /* info */
	"\033[33m",     /* warning */
	"\033[1;33m",   /* strong */
	"\033[31m",     /* error */
	"\033[1;31m",   /* severe */
	"\033[1;37;41m" /* critical */
};

/* A table of libsmartcols over the rows, while it is printed. */
struct layout {
	struct libscols_table *tb;
	uint32_t *index; /* of our columns in the table */
	uint32_t cut;    /* cells that a text may take; UINT32_MAX: all */
	struct nm_buf cell;
	bool failed;
};

/* ---- fitting a terminal ------------------------------------------------------- */

static uint64_t width_when_cut(const struct nm_rows *r, uint32_t cut)
{
	uint64_t sum = sizeof INDENT - 1;

	for (uint32_t i = 0; i < r->n_columns; i++) {
		const struct nm_rows_column *c = &r->columns[i];

		if (c->shown)
			sum += 2 + (uint64_t)(c->cuttable && c->width > cut ? cut : c->width);
	}
	return sum - 2;
}

/* The most cells of text that let the table fit the terminal. */
static uint32_t choose_cut(const struct nm_rows *r, unsigned width)
{
	uint32_t lo = LEAST_CUT, hi;

	if (width == 0 || width_when_cut(r, UINT32_MAX) <= width)
		return UINT32_MAX;
	hi = width;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo + 1) / 2;

		if (width_when_cut(r, mid) <= width)
			lo = mid;
		else
			hi = mid - 1;
	}
	return lo;
}

/* The beginning of s that takes at most `cells`, with an ellipsis in the last. */
static const char *cut_text(struct layout *l, const char *s, uint32_t cells)
{
	size_t n = strlen(s), end = 0, i = 0;
	char one[5] = "";
	uint32_t width = 0;

	while (i < n) {
		size_t len = 1;

		while (i + len < n && ((uint8_t)s[i + len] & 0xc0) == 0x80 && len < 4)
			len++;
		memcpy(one, s + i, len);
		one[len] = '\0';
		width += nm_text_width(one);
		if (width > cells - 1)
			break;
		i += len;
		end = i;
	}
	nm_buf_reset(&l->cell);
	nm_buf_add(&l->cell, s, end);
	nm_buf_puts(&l->cell, ELLIPSIS);
	return l->cell.failed ? NULL : l->cell.data;
}

/* ---- filling ------------------------------------------------------------------- */

static void add_columns(struct layout *l, const struct nm_table *t)
{
	const struct nm_rows *r = &t->rows;

	for (uint32_t i = 0; i < r->n_columns && !l->failed; i++) {
		const struct nm_rows_column *c = &r->columns[i];
		uint32_t width = c->cuttable && c->width > l->cut ? l->cut : c->width;
		const char *heading = c->heading;
		struct libscols_column *cl;

		if (!c->shown)
			continue;
		if (c->cuttable && c->heading_width > l->cut)
			heading = cut_text(l, heading, l->cut);
		l->index[i] = (uint32_t)scols_table_get_ncols(l->tb);
		cl = heading
			 ? scols_table_new_column(l->tb, heading, 0, c->right ? SCOLS_FL_RIGHT : 0)
			 : NULL;
		if (!cl) {
			l->failed = true;
			return;
		}
		if (width > 1) /* 1 and less would mean a share of the terminal */
			(void)scols_column_set_whint(cl, width);
		if (t->colour)
			(void)scols_cell_set_color(scols_column_get_header(cl), "\033[1m");
	}
}

static void add_cell(struct layout *l, const struct nm_table *t, struct libscols_line *line,
    const struct nm_rows_cell *c)
{
	const char *s = t->rows.text.data + c->text;

	if (t->rows.columns[c->column].cuttable && c->width > l->cut)
		s = cut_text(l, s, l->cut);
	if (!s || scols_line_set_data(line, l->index[c->column], s) != 0)
		l->failed = true;
}

static void add_row(struct layout *l, const struct nm_table *t, const struct nm_rows_row *row)
{
	struct libscols_line *line = scols_table_new_line(l->tb, NULL);
	const struct nm_rows_cell *c = t->rows.cells + row->first;

	if (!line) {
		l->failed = true;
		return;
	}
	for (uint32_t i = 0; i < row->n && !l->failed; i++)
		add_cell(l, t, line, &c[i]);
	if (!t->colour || l->failed || c->column != NM_FIXED_SEVERITY)
		return;
	if (row->severity < sizeof severity_colours / sizeof severity_colours[0] &&
	    severity_colours[row->severity])
		(void)scols_cell_set_color(scols_line_get_cell(line, l->index[c->column]),
		    severity_colours[row->severity]);
}

static void fill(struct layout *l, struct nm_table *t, bool heading)
{
	struct libscols_table *tb = l->tb;

	if (scols_table_enable_noencoding(tb, 1) != 0 || /* every cell is clean already */
	    scols_table_enable_noheadings(tb, !heading) != 0 ||
	    scols_table_enable_colors(tb, t->colour) != 0 ||
	    scols_table_set_column_separator(tb, "  ") != 0 ||
	    scols_table_set_termforce(tb, SCOLS_TERMFORCE_NEVER) != 0)
		l->failed = true;
	add_columns(l, t);
	for (uint32_t i = 0; i < t->rows.n_rows && !l->failed; i++)
		add_row(l, t, &t->rows.rows[i]);
}

/* ---- printing ------------------------------------------------------------------ */

static void print_note(struct nm_table *t, const char *note)
{
	while (*note) {
		size_t n = strcspn(note, "\n");

		if (n) {
			nm_out_puts(t->out, NOTE_INDENT);
			nm_out_write(t->out, note, n);
		}
		nm_out_puts(t->out, "\n");
		note += n + (note[n] == '\n');
	}
}

/* One line of the table, without the padding of its last columns. */
static const char *print_line(struct nm_table *t, const char *s)
{
	size_t n = strcspn(s, "\n"), end = n;

	while (end && s[end - 1] == ' ')
		end--;
	if (end) {
		nm_out_puts(t->out, INDENT);
		nm_out_write(t->out, s, end);
	}
	nm_out_puts(t->out, "\n");
	return s + n + (s[n] == '\n');
}

/* Every row is one line, because no cell holds a line feed. */
static void print(struct nm_table *t, const char *s, bool heading)
{
	if (heading)
		s = print_line(t, s);
	for (uint32_t i = 0; i < t->rows.n_rows; i++) {
		const struct nm_rows_row *row = &t->rows.rows[i];
		uint32_t note = row->note;
		bool again = i + 1 < t->rows.n_rows && row[1].note == note;

		s = print_line(t, s);
		if (note != UINT32_MAX && !again)
			print_note(t, t->rows.text.data + note);
	}
}

static bool lay_out(struct nm_table *t, bool heading)
{
	struct layout l = { .tb = scols_new_table() };
	char *s = NULL;

	l.index = calloc(t->rows.n_columns, sizeof *l.index);
	l.cut = choose_cut(&t->rows, t->width);
	l.failed = !l.tb || !l.index;
	if (!l.failed)
		fill(&l, t, heading);
	if (!l.failed && scols_print_table_to_string(l.tb, &s) != 0)
		l.failed = true;
	if (!l.failed && s)
		print(t, s, heading);
	free(s);
	free(l.index);
	nm_buf_done(&l.cell);
	scols_unref_table(l.tb);
	return !l.failed;
}

void nm_table_flush(struct nm_table *t)
{
	uint32_t shown;
	bool heading;

	if (!t->open || t->rows.n_rows == 0 || nm_out_error(t->out))
		return;
	shown = nm_rows_shown(&t->rows);
	heading = shown != t->rows.heading;
	if (heading && t->rows.heading)
		nm_out_puts(t->out, "\n");
	if (!lay_out(t, heading)) {
		nm_out_fail(t->out, ENOMEM);
		return;
	}
	t->rows.heading = shown;
	if (!nm_rows_clear(&t->rows))
		nm_out_fail(t->out, ENOMEM);
}

/* Print what there is, and begin a table of other columns below it. */
static void next_table(struct nm_table *t)
{
	nm_table_flush(t);
	nm_out_puts(t->out, "\n");
	if (!nm_out_error(t->out) && !nm_rows_restart(&t->rows))
		nm_out_fail(t->out, ENOMEM);
}

void nm_table_add(struct nm_table *t, const struct nm_event *ev)
{
	if (!t->open)
		return;
	if (!nm_rows_belongs(&t->rows, ev))
		next_table(t);
	if (!nm_rows_load(&t->rows, ev)) {
		nm_out_fail(t->out, ENOMEM);
		return;
	}
	if (!nm_rows_fits(&t->rows))
		nm_table_flush(t);
	if (!nm_out_error(t->out) && !nm_rows_commit(&t->rows, ev))
		nm_out_fail(t->out, ENOMEM);
}

void nm_table_begin(struct nm_table *t, const char *file, const char *name)
{
	nm_table_done(t);
	t->open = true;
	if (!nm_rows_init(&t->rows, file, name))
		nm_out_fail(t->out, ENOMEM);
}

void nm_table_done(struct nm_table *t)
{
	if (t->open)
		nm_rows_done(&t->rows);
	t->open = false;
}
