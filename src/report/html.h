/* SPDX-License-Identifier: MIT */
/* report/html.h -- the parts of the `html` report: text made fit for a page, tables, findings.
 *
 * Owns:     what each part's functions say.
 * Uses:     report/rows.h, report/buf.h.
 * Threads:  belongs to one thread.
 * Trust:    all text is somebody else's: it gets into the page through nm_html_text()
 *           only, which lets no markup through.
 */
#ifndef NM_REPORT_HTML_H
#define NM_REPORT_HTML_H

#include "nmhost.h"
#include "report/rows.h"

#include <stdio.h>

/* s cleaned as for a person (nm_buf_clean) and escaped, fit for content and for the
 * values of attributes. */
void nm_html_text(struct nm_buf *b, const char *s);

/* ---- tables ------------------------------------------------------------------------ */

/* Events of one expert, as tables of those that share columns. */
struct nm_html_table {
	struct nm_rows rows;
	struct nm_buf *page; /* borrowed: where tables go */
	unsigned expert;     /* number, for anchors */
	unsigned n_tables;
	char **notes; /* owned, and each of them: of the table that is open */
	unsigned n_notes;
	bool open;      /* rows is valid */
	bool begun;     /* a <table> waits for its end */
	bool has_notes; /* it has a column for them */
};

/* Begin the tables of an expert with these names. Running out of memory is page->failed. */
void nm_html_table_begin(
    struct nm_html_table *t, unsigned expert, const char *file, const char *name);
void nm_html_table_add(struct nm_html_table *t, const struct nm_event *ev);

/* What is there goes to the page. */
void nm_html_table_end(struct nm_html_table *t);
void nm_html_table_done(struct nm_html_table *t);

/* ---- findings ------------------------------------------------------------------------ */

#define NM_HTML_FINDINGS 200u /* kinds that the summary can hold */

/* Events of one kind, counted. */
struct nm_html_finding {
	char *capture, *expert, *name; /* owned */
	unsigned section;              /* number of the expert's, for its anchor */
	uint32_t ident, severity;      /* the worst of them */
	uint64_t count;
};

struct nm_html_findings {
	struct nm_html_finding *list; /* owned; NM_HTML_FINDINGS of them */
	unsigned n;
	uint64_t more;        /* events of kinds that had no room */
	uint64_t severity[6]; /* events of each; of higher numbers in the last */
	bool failed;          /* out of memory */
};

void nm_html_findings_add(struct nm_html_findings *f, const char *capture, const char *expert,
    unsigned section, const struct nm_event *ev);

/* The worst first, as a list of links; those below a warning are left out. */
void nm_html_findings_write(struct nm_html_findings *f, struct nm_buf *b);
void nm_html_findings_done(struct nm_html_findings *f);

/* ---- the page's own text ------------------------------------------------------------- */

extern const char nm_html_style[], nm_html_script[];
extern const char nm_html_policy[]; /* Content-Security-Policy that lets only these run */

#endif
