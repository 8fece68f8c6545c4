/* SPDX-License-Identifier: MIT */
/* report/report.h -- what a report format is.
 *
 * Owns:     a format owns the state it makes in start and gives it back in done.
 * Uses:     report/out.h for every byte it writes.
 * Threads:  a report belongs to one thread.
 * Trust:    events, names and texts are what experts and captures put there.
 *
 * A new format is one file that defines a struct nm_report_format, and one row
 * in the table of report.c.
 */
#ifndef NM_REPORT_REPORT_H
#define NM_REPORT_REPORT_H

#include "nmhost.h"
#include "report/out.h"

/* The options of a report, resolved. */
struct nm_report_style {
	bool bill;
	bool colour;
	unsigned width;                   /* columns that are there; 0: no limit */
	const struct nm_run_options *run; /* borrowed; NULL: captures can't be read again */
};

/* Callbacks may be NULL. They write to the output; trouble goes there too, by
 * nm_out_fail(), and no further callback but done comes after it. `state` is
 * what start made. */
struct nm_report_format {
	const char *name;
	bool as_ended; /* people read along: each expert as soon as it has ended */
	bool whole;    /* a part of it is of no use: the file appears when all of it is there */
	/* 0 and *ret_state, or an errno value, or that of a temporary file which can't be made,
	 * below 0. `out` outlives the state. */
	int (*start)(struct nm_out *out, const struct nm_report_style *style, void **ret_state);
	void (*capture_begin)(void *state, const struct nm_capture_report *c);
	void (*expert_begin)(void *state, const struct nm_expert_info *e);
	void (*event)(void *state, const struct nm_event *ev);
	void (*expert_end)(
	    void *state, const struct nm_expert_info *e, const struct nm_expert_end *end);
	void (*capture_end)(void *state, const struct nm_capture_report *c);
	void (*run_end)(void *state, const struct nm_run_summary *s);
	void (*show)(void *state); /* let people see what there is; NULL: needs totals first */
	void (*done)(void *state); /* what is not written yet, then free */
};

extern const struct nm_report_format nm_report_text;
extern const struct nm_report_format nm_report_json;
extern const struct nm_report_format nm_report_html;
extern const struct nm_report_format nm_report_csv;
extern const struct nm_report_format nm_report_sqlite;
extern const struct nm_report_format nm_report_sarif;

#endif
