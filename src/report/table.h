/* SPDX-License-Identifier: MIT */
/* report/table.h -- the events of one expert as an aligned table.
 *
 * Owns:     the rows that are not laid out yet (bounded, see report/rows.h).
 * Uses:     libsmartcols, report/rows.h, report/out.h.
 * Threads:  belongs to one thread; the caller has put a UTF-8 locale on it.
 * Trust:    events are what an expert put there; no byte that is not printable
 *           reaches the output.
 *
 * Events of another kind (EventIdent) with other columns begin a table of their own.
 * Rows are laid out some thousands at a time. The heading is printed once, and
 * again only when a column is added; later rows keep the widths of earlier ones.
 */
#ifndef NM_REPORT_TABLE_H
#define NM_REPORT_TABLE_H

#include "nmhost.h"
#include "report/out.h"
#include "report/rows.h"

struct nm_table {
	struct nm_rows rows;
	struct nm_out *out; /* borrowed */
	unsigned width;     /* terminal columns that are there; 0: no limit */
	bool colour;
	bool open;
};

/* Begin the table of the expert with these names. What is left of the one
 * before is dropped. Trouble goes to t->out, here and below. */
void nm_table_begin(struct nm_table *t, const char *file, const char *name);
void nm_table_add(struct nm_table *t, const struct nm_event *ev);

/* Lay out and print what is there. */
void nm_table_flush(struct nm_table *t);

/* Free what is owned. All zero is fine. */
void nm_table_done(struct nm_table *t);

#endif
