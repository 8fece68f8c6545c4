/* SPDX-License-Identifier: MIT */
/* report/rows.h -- events of one expert, held until they are laid out as a table.
 *
 * Owns:     copies of everything added.
 * Uses:     report/buf.h, report/value.h.
 * Threads:  belongs to one thread; the caller has put a UTF-8 locale on it.
 * Trust:    events are what an expert put there. What is held at a time is
 *           bounded: see nm_rows_fits().
 *
 * Columns: a fixed column is shown once a row has something in it and does not
 * hide it; custom columns are matched by their exact name (the n-th of a name
 * with the n-th), and stand in the order of their first appearance.
 */
#ifndef NM_REPORT_ROWS_H
#define NM_REPORT_ROWS_H

#include "nmhost.h"
#include "report/buf.h"

enum nm_fixed_column {
	NM_FIXED_SEVERITY,
	NM_FIXED_SOURCE,
	NM_FIXED_EVENT,
	NM_FIXED_DESCRIPTION,
	NM_FIXED_TIME,
	NM_FIXED_MACHINE,
	NM_FIXED_IDENT, /* only for an event that shows nothing else */
	NM_FIXED_COLUMNS
};

#define NM_ROWS_MAX       4096         /* rows laid out together */
#define NM_ROWS_TEXT_MAX  (512 * 1024) /* bytes of their text, unless one event has more */
#define NM_ROWS_SLACK     (64 * 1024)  /* padding that is always allowed, in cells */
#define NM_ROWS_NAMES_MAX 256          /* custom columns that are remembered */
#define NM_ROWS_WIDE      1024         /* cells: a table wider than that begins anew */
#define NM_ROWS_KEPT      60           /* cells of width a column passes on to later rows */

struct nm_rows_column {
	char *name;    /* owned: as the expert wrote it; NULL for fixed columns */
	char *heading; /* owned: cleaned */
	uint32_t hash; /* of name: names can be long and differ in their last byte */
	bool right;    /* numbers */
	bool frame;    /* numbers of frames */
	bool cuttable; /* text that may be cut when the terminal is too narrow */
	bool shown;
	uint32_t heading_width, width; /* of the widest cell so far; in terminal cells */
};

struct nm_rows_cell {
	uint32_t column;
	uint32_t text;  /* offset of a NUL-terminated string */
	uint32_t width; /* in terminal cells */
};

struct nm_rows_row {
	uint32_t first, n; /* cells */
	uint32_t severity;
	uint32_t note; /* offset of the justification, the same as the row's before when they are
			* equal; UINT32_MAX when there is none */
};

struct nm_rows {
	struct nm_rows_column *columns;
	uint32_t n_columns, cap_columns;
	struct nm_rows_cell *cells;
	uint32_t n_cells, cap_cells;
	struct nm_rows_row *rows; /* NM_ROWS_MAX of them, once there is one */
	uint32_t n_rows;
	struct nm_buf text;
	uint64_t width;   /* of a row: the shown columns and the gaps between them */
	uint32_t ident;   /* of the last row's event */
	uint32_t heading; /* columns shown when the heading was last printed; 0: never */
	char *self[2];    /* owned: names under which the expert itself is the source */

	struct nm_buf row_text;   /* the event being added */
	struct nm_rows_cell *row; /* its cells; `column` is a fixed one, or from NM_FIXED_COLUMNS
				   * on the index of the event's own */
	uint32_t n_row, cap_row;
	uint32_t row_width;
};

/* Columns and rows of an expert with these names. False when out of memory;
 * nm_rows_done() is right then too. */
bool nm_rows_init(struct nm_rows *r, const char *file, const char *name);
void nm_rows_done(struct nm_rows *r);

/* Take what is shown of an event into the row being added. False when out of
 * memory. */
bool nm_rows_load(struct nm_rows *r, const struct nm_event *ev);

/* May the loaded row stand with the rows that are there? False when that would
 * be more than NM_ROWS_MAX rows or NM_ROWS_TEXT_MAX bytes, or when padding all
 * of them to the widest would take more than four times their text: one long
 * cell must not blow up a whole report. An empty table takes every row. */
bool nm_rows_fits(const struct nm_rows *r);

/* Add the loaded row of ev. False when out of memory. */
bool nm_rows_commit(struct nm_rows *r, const struct nm_event *ev);

/* Is ev a row of this table? Not when it is another kind of event than the last row and
 * brings a column that no row had: that is the begin of another table. */
bool nm_rows_belongs(const struct nm_rows *r, const struct nm_event *ev);

/* Forget everything: another table begins. False when out of memory. */
bool nm_rows_restart(struct nm_rows *r);

/* Forget the rows. The columns stay, with up to NM_ROWS_KEPT of their widths,
 * so that what follows lines up; but all of them go when they have become too
 * many or too wide. False when out of memory. */
bool nm_rows_clear(struct nm_rows *r);

/* Columns shown now. */
uint32_t nm_rows_shown(const struct nm_rows *r);

/* Terminal cells that s takes: clean text, in the thread's locale. */
uint32_t nm_text_width(const char *s);

#endif
