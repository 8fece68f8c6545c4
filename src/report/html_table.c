/* SPDX-License-Identifier: MIT */
/* Events as tables of a page. */
#include "base/utf8.h"
#include "report/html.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOTES_MAX  200u  /* of a table; further ones stand in their rows */
#define LONG_TEXT  1000u /* bytes of a text that is shown whole */
#define LONG_SHOWN 200u  /* bytes of a longer one that are */
#define SIDES      24u   /* columns that the style can put to the right, by number */

static const char *entity_of(char c)
{
	switch (c) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	case '\n': return "<br>";
	default: return NULL;
	}
}

/* Cleaned behind what b holds, and then escaped in place, from its end on. */
void nm_html_text(struct nm_buf *b, const char *s)
{
	size_t start = b->n, from, to;
	const char *e;

	nm_buf_clean(b, s, NM_LINES_KEEP);
	from = b->n;
	for (size_t i = start; i < from && !b->failed; i++)
		if ((e = entity_of(b->data[i])) != NULL)
			nm_buf_add(b, e, strlen(e) - 1); /* room */
	if (b->failed)
		return;
	for (to = b->n; to > from;) {
		char c = b->data[--from];

		e = entity_of(c);
		to -= e ? strlen(e) : 1;
		if (e)
			memcpy(b->data + to, e, strlen(e));
		else
			b->data[to] = c;
	}
}

void nm_html_cut(struct nm_buf *b, const char *s, size_t most)
{
	struct nm_buf first = { 0 };
	size_t n = strlen(s), cut = nm_utf8_cut(s, n, most);

	if (n <= most) {
		nm_html_text(b, s);
		return;
	}
	nm_buf_add(&first, s, cut);
	if (first.failed)
		b->failed = true;
	else
		nm_html_text(b, first.data);
	nm_buf_done(&first);
}

/* Text that would push all else away is folded, and whole when it is opened. */
static void foldable(struct nm_buf *b, const char *s)
{
	size_t n = strlen(s);

	if (n <= LONG_TEXT) {
		nm_html_text(b, s);
		return;
	}
	nm_buf_puts(b, "<details class=long><summary>");
	nm_html_cut(b, s, LONG_SHOWN);
	nm_buf_puts(b, "</summary>");
	nm_html_text(b, s + nm_utf8_cut(s, n, LONG_SHOWN));
	nm_buf_puts(b, "</details>");
}

/* ---- notes --------------------------------------------------------------------------- */

/* The number of a note below the table, from 1; 0: there are too many. */
static unsigned note_number(struct nm_html_table *t, const char *note)
{
	for (unsigned i = t->n_notes; i-- > 0;)
		if (strcmp(t->notes[i], note) == 0)
			return i + 1;
	if (t->n_notes == NOTES_MAX)
		return 0;
	if (!t->notes)
		t->notes = calloc(NOTES_MAX, sizeof *t->notes);
	if (t->notes)
		t->notes[t->n_notes] = strdup(note);
	if (!t->notes || !t->notes[t->n_notes]) {
		t->page->failed = true;
		return 0;
	}
	return ++t->n_notes;
}

static void drop_notes(struct nm_html_table *t)
{
	for (unsigned i = 0; i < t->n_notes; i++)
		free(t->notes[i]);
	t->n_notes = 0;
}

static void write_notes(struct nm_html_table *t)
{
	struct nm_buf *b = t->page;

	if (t->n_notes == 0)
		return;
	nm_buf_puts(b, "<ol class=notes>\n");
	for (unsigned i = 0; i < t->n_notes; i++) {
		nm_buf_printf(b, "<li id=n%u-%u-%u>", t->expert, t->n_tables, i + 1);
		foldable(b, t->notes[i]);
		nm_buf_puts(b, "\n");
	}
	nm_buf_puts(b, "</ol>\n");
	drop_notes(t);
}

/* ---- rows ------------------------------------------------------------------------------ */

static void end_table(struct nm_html_table *t)
{
	if (!t->begun)
		return;
	nm_buf_puts(t->page, "</table></div>\n");
	write_notes(t);
	t->begun = false;
}

static bool any_note(const struct nm_rows *r)
{
	for (uint32_t i = 0; i < r->n_rows; i++)
		if (r->rows[i].note != UINT32_MAX)
			return true;
	return false;
}

/* The first columns, of how severe and of what kind, say the same in many rows that follow each
 * other: one cell then stands for all of them. They are headings of rows, so that the style can
 * count the others. */
static bool leads(const struct nm_rows *r, uint32_t column)
{
	return column == NM_FIXED_SEVERITY ||
	       (column == NM_FIXED_EVENT && !r->columns[NM_FIXED_SOURCE].shown);
}

/* Which columns hold numbers: a class for each saves one in every cell. */
static void write_sides(struct nm_html_table *t)
{
	const struct nm_rows *r = &t->rows;
	unsigned place = 0;

	for (uint32_t i = 0; i < r->n_columns; i++)
		if (r->columns[i].shown && !leads(r, i) && ++place <= SIDES && r->columns[i].right)
			nm_buf_printf(t->page, "r%u ", place);
}

static void begin_table(struct nm_html_table *t)
{
	const struct nm_rows *r = &t->rows;
	struct nm_buf *b = t->page;

	end_table(t);
	nm_buf_printf(b, "<div class=wide><table id=t%u-%u class=\"", t->expert, ++t->n_tables);
	write_sides(t);
	nm_buf_puts(b, "\">\n<thead><tr>");
	for (uint32_t i = 0; i < r->n_columns; i++) {
		if (!r->columns[i].shown)
			continue;
		nm_buf_puts(b, r->columns[i].frame   ? "<th scope=col class=\"r f\">"
			       : r->columns[i].right ? "<th scope=col class=r>"
						     : "<th scope=col>");
		nm_html_text(b, r->columns[i].heading);
	}
	t->has_notes = any_note(r);
	nm_buf_puts(b, t->has_notes ? "<th scope=col class=n>Note<tbody>\n" : "<tbody>\n");
	t->begun = true;
}

/* "100.000000" says no more than "100", and a page is no place for six digits. */
static void write_number(struct nm_buf *b, const char *s)
{
	const char *point = strchr(s, '.');
	double v = point ? fabs(strtod(s, NULL)) : 0;
	char text[64];
	size_t n;

	if (!point || strspn(point + 1, "0123456789") != strlen(point + 1) || v > 1e15) {
		nm_buf_puts(b, s);
		return;
	}
	n = (size_t)snprintf(text, sizeof text, v < 0.001 ? "%.6f" : "%.3f", strtod(s, NULL));
	while (n && text[n - 1] == '0')
		n--;
	n -= n && text[n - 1] == '.';
	nm_buf_add(b, text, n);
}

/* In the column that is the place-th of those shown. */
static void write_cell(struct nm_html_table *t, const struct nm_rows_cell *c, unsigned place)
{
	const struct nm_rows_column *column = &t->rows.columns[c->column];
	const char *s = t->rows.text.data + c->text;

	nm_buf_puts(t->page, column->right && place > SIDES ? "<td class=r>" : "<td>");
	if (column->right && !strpbrk(s, "&<>\"'"))
		write_number(t->page, s);
	else
		foldable(t->page, s);
}

static const struct nm_rows_cell *cell_in(
    const struct nm_rows *r, const struct nm_rows_row *row, uint32_t column)
{
	for (uint32_t i = 0; i < row->n; i++)
		if (r->cells[row->first + i].column == column)
			return &r->cells[row->first + i];
	return NULL;
}

static void write_note(struct nm_html_table *t, const char *note)
{
	unsigned number = note_number(t, note);

	nm_buf_puts(t->page, "<td>");
	if (number)
		nm_buf_printf(t->page, "%u", number);
	else
		foldable(t->page, note);
}

/* What leads `span` rows; nothing for 0, where the cells of a row before reach. */
static void write_lead(struct nm_html_table *t, const struct nm_rows_row *row, uint32_t span)
{
	const struct nm_rows *r = &t->rows;

	for (uint32_t i = 0; i < NM_FIXED_COLUMNS && span; i++) {
		const struct nm_rows_cell *c = cell_in(r, row, i);

		if (!r->columns[i].shown || !leads(r, i))
			continue;
		if (span > 1)
			nm_buf_printf(t->page, "<th rowspan=%" PRIu32 ">", span);
		else
			nm_buf_puts(t->page, "<th>");
		if (c)
			foldable(t->page, r->text.data + c->text);
	}
}

static void write_row(struct nm_html_table *t, const struct nm_rows_row *row, uint32_t span)
{
	const struct nm_rows *r = &t->rows;
	unsigned behind = 0; /* empty cells, which are written when one follows */
	unsigned place = 0;

	if (row->severity && span)
		nm_buf_printf(
		    t->page, "<tr data-s=%u>", row->severity < 6 ? (unsigned)row->severity : 5);
	else
		nm_buf_puts(t->page, "<tr>");
	write_lead(t, row, span);
	for (uint32_t i = 0; i < r->n_columns; i++) {
		const struct nm_rows_cell *c = r->columns[i].shown ? cell_in(r, row, i) : NULL;

		if (!r->columns[i].shown || leads(r, i))
			continue;
		place++;
		if (!c) {
			behind++;
			continue;
		}
		for (; behind; behind--)
			nm_buf_puts(t->page, "<td>");
		write_cell(t, c, place);
	}
	if (row->note != UINT32_MAX) {
		for (; behind; behind--)
			nm_buf_puts(t->page, "<td>");
		write_note(t, r->text.data + row->note);
	}
	nm_buf_puts(t->page, "\n");
}

static const char *text_in(const struct nm_rows *r, const struct nm_rows_row *row, uint32_t column)
{
	const struct nm_rows_cell *c = cell_in(r, row, column);

	return c ? r->text.data + c->text : "";
}

/* How many rows from this one on have the same lead, and are as severe. */
static uint32_t span_of(const struct nm_rows *r, uint32_t first)
{
	const struct nm_rows_row *row = &r->rows[first];
	uint32_t n = 1;
	bool any = r->columns[NM_FIXED_SEVERITY].shown ||
		   (r->columns[NM_FIXED_EVENT].shown && leads(r, NM_FIXED_EVENT));

	for (; any && first + n < r->n_rows && row[n].severity == row->severity; n++)
		for (uint32_t i = 0; i < NM_FIXED_COLUMNS; i++)
			if (r->columns[i].shown && leads(r, i) &&
			    strcmp(text_in(r, row, i), text_in(r, row + n, i)) != 0)
				return n;
	return n;
}

static void flush(struct nm_html_table *t)
{
	uint32_t shown = nm_rows_shown(&t->rows), span;

	if (t->rows.n_rows == 0)
		return;
	if (!t->begun || shown != t->rows.heading || (!t->has_notes && any_note(&t->rows)))
		begin_table(t);
	for (uint32_t i = 0; i < t->rows.n_rows; i += span) {
		span = span_of(&t->rows, i);
		for (uint32_t k = 0; k < span; k++)
			write_row(t, &t->rows.rows[i + k], k ? 0 : span);
	}
	t->rows.heading = shown;
	if (!nm_rows_clear(&t->rows))
		t->page->failed = true;
}

/* ---- the expert's ------------------------------------------------------------------------ */

void nm_html_table_begin(
    struct nm_html_table *t, unsigned expert, const char *file, const char *name)
{
	nm_html_table_done(t);
	t->expert = expert;
	t->n_tables = 0;
	t->open = nm_rows_init(&t->rows, file, name);
	if (!t->open) {
		nm_rows_done(&t->rows);
		t->page->failed = true;
	}
}

static void next_table(struct nm_html_table *t)
{
	flush(t);
	end_table(t);
	if (!nm_rows_restart(&t->rows))
		t->page->failed = true;
}

void nm_html_table_add(struct nm_html_table *t, const struct nm_event *ev)
{
	if (!t->open || t->page->failed)
		return;
	if (!nm_rows_belongs(&t->rows, ev))
		next_table(t);
	if (!nm_rows_load(&t->rows, ev)) {
		t->page->failed = true;
		return;
	}
	if (!nm_rows_fits(&t->rows))
		flush(t);
	if (!t->page->failed && !nm_rows_commit(&t->rows, ev))
		t->page->failed = true;
}

void nm_html_table_end(struct nm_html_table *t)
{
	if (t->open && !t->page->failed) {
		flush(t);
		end_table(t);
	}
}

void nm_html_table_done(struct nm_html_table *t)
{
	drop_notes(t);
	free(t->notes);
	t->notes = NULL;
	if (t->open)
		nm_rows_done(&t->rows);
	t->open = t->begun = false;
}
