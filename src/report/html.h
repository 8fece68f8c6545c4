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

/* The same of the first `most` bytes, or one character less. */
void nm_html_cut(struct nm_buf *b, const char *s, size_t most);

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

/* ---- frames ---------------------------------------------------------------------------- */

/* A frame that an event names, and what decides whether it has a place in the page. */
struct nm_html_named {
	uint32_t frame; /* from 0 */
	uint32_t nth;   /* events of its kind before this one */
	uint32_t order;
	uint8_t severity; /* 0 too where the event does not show it */
};

#define NM_HTML_FRAME_KINDS 64u /* of events of one expert; further ones come last */

struct nm_html_frames {
	const struct nm_run_options *run; /* borrowed; NULL: there are no frames in the page */
	struct nm_html_named *list;       /* owned */
	uint32_t n, order;
	uint32_t end;     /* no frame of the capture has this number or a higher one */
	unsigned capture; /* number of it, from 1 */
	struct {
		uint32_t ident, n;
	} kinds[NM_HTML_FRAME_KINDS]; /* of events of the current expert */
	unsigned n_kinds;
	bool dropped; /* there were more than can be remembered */
	bool failed;  /* out of memory */
};

/* A capture, and then an expert and its events. */
void nm_html_frames_begin(struct nm_html_frames *f, const struct nm_capture_report *c);
void nm_html_frames_expert(struct nm_html_frames *f);
void nm_html_frames_add(struct nm_html_frames *f, const struct nm_event *ev);

/* The section of the capture's frames, with as many of them as `room` bytes hold: 0 or an
 * errno value. What keeps a frame from being read is told in the page. */
int nm_html_frames_write(
    struct nm_html_frames *f, const struct nm_capture_report *c, uint64_t room, struct nm_buf *b);
void nm_html_frames_done(struct nm_html_frames *f);

/* What a line of JSON (docs/json.md) says of a frame: its number, from 0. NM_NO_FRAME: it says
 * none, and nothing is written. `line` has n bytes, which may be anything. */
uint32_t nm_html_tree(struct nm_buf *b, unsigned capture, const char *line, size_t n);

/* ---- the page's own text ------------------------------------------------------------- */

extern const char nm_html_style[], nm_html_script[];
extern const char nm_html_policy[]; /* Content-Security-Policy that lets only these run */

#endif
