/* SPDX-License-Identifier: MIT */
/* The `html` report: one page that needs nothing else, for people who look around.
 *
 * The summary stands first and is known last, so what follows it goes to a temporary
 * file, from where it is copied when the run has ended. */
#include "base/eventpage.h"
#include "report/html.h"
#include "report/report.h"
#include "report/scratch.h"
#include "report/value.h"
#include "report/words.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KINDS_MAX  64u    /* of an expert whose events are told about */
#define TEXT_MAX   65536u /* bytes of what is told about one */
#define SPILL      65536u /* bytes of the page that are held before they go to the file */
#define A_PAGE     UINT64_C(1000000) /* bytes that 10,000 events may take with their frames */
#define NOT_TABLES 65536u /* bytes that what is above and below all captures takes, or less */

struct html {
	struct nm_out *out;     /* borrowed */
	struct nm_buf page;     /* what is not in the file yet */
	struct nm_scratch body; /* what is below the summary */
	struct nm_html_table table;
	struct nm_html_findings findings;
	struct nm_html_frames frames;
	struct nm_buf contents; /* links to the sections */
	char *capture;          /* owned: path of the current one */
	char *stem;             /* owned: of the current expert's event reference pages */
	struct {
		uint32_t ident;
		char name[120]; /* of the first such event, perhaps cut */
	} kinds[KINDS_MAX];     /* of events of the current expert */
	unsigned n_kinds;
	unsigned sections; /* experts so far */
	uint64_t events;
	bool bill, finished;
};

static void fail(struct html *h, int err)
{
	nm_out_fail(h->out, err);
}

/* Move the page on into the file, once there is enough of it. */
static void spill(struct html *h, size_t least)
{
	int err = h->page.failed ? ENOMEM : 0;

	if (!err && h->page.n >= least) {
		err = nm_scratch_write(&h->body, h->page.data, h->page.n);
		nm_buf_reset(&h->page);
	}
	if (err)
		fail(h, err);
}

/* ---- small pieces ------------------------------------------------------------------- */

static void count(struct nm_buf *b, uint64_t n, const char *noun)
{
	nm_buf_count(b, n);
	nm_buf_printf(b, " %s%s", noun, n == 1 ? "" : "s");
}

static void term(struct nm_buf *b, const char *name)
{
	nm_buf_printf(b, "<dt>%s<dd>", name);
}

static void text_term(struct nm_buf *b, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	term(b, name);
	nm_html_text(b, text);
	nm_buf_puts(b, "\n");
}

static void time_term(struct nm_buf *b, const char *name, int64_t ns)
{
	term(b, name);
	nm_buf_puts(b, "<time>");
	nm_buf_iso_ns(b, ns);
	nm_buf_puts(b, "</time>\n");
}

/* ---- captures ------------------------------------------------------------------------- */

static void write_facts(struct nm_buf *b, const struct nm_capture_report *c)
{
	nm_buf_puts(b, "<dl class=facts>\n");
	text_term(b, "Format", c->format);
	text_term(b, "Compressed with", c->packing);
	term(b, "Frames");
	nm_buf_puts(b, c->uncounted ? "at least " : "");
	nm_buf_count(b, c->frames);
	term(b, "Bytes");
	nm_buf_count(b, c->wire_bytes);
	nm_buf_puts(b, "\n");
	if (c->has_times && c->frames > c->frames_without_time) {
		double seconds = (double)nm_ns_between(c->min_ns, c->max_ns) / 1e9;

		time_term(b, "First frame", c->min_ns);
		term(b, "Duration");
		nm_buf_printf(b, "%.3f s\n", seconds);
		if (seconds > 0) {
			term(b, "Rate");
			nm_buf_printf(b, "%.0f frames/s, %.3f Mbit/s\n", c->frames / seconds,
			    8e-6 * (double)c->wire_bytes / seconds);
		}
	}
	text_term(b, "Comment", c->comment);
	text_term(b, c->truncated ? "Cut short" : "Damaged", c->damage);
	text_term(b, "Note", c->note);
	nm_buf_puts(b, "</dl>\n");
}

static void on_capture_begin(void *state, const struct nm_capture_report *c)
{
	struct html *h = state;
	struct nm_buf *b = &h->page;

	nm_html_frames_begin(&h->frames, c);
	free(h->capture);
	h->capture = strdup(c->path);
	if (!h->capture) {
		fail(h, ENOMEM);
		return;
	}
	nm_buf_puts(b, "<section class=capture>\n<h2>");
	nm_html_text(b, c->path);
	nm_buf_puts(b, "</h2>\n");
	if (c->readable) {
		write_facts(b, c);
	} else {
		nm_buf_puts(b, "<p class=bad>It can't be read: ");
		nm_html_text(b, c->damage ? c->damage : "unknown reason");
		nm_buf_puts(b, "\n");
	}
	nm_buf_puts(&h->contents, "<li>");
	nm_html_text(&h->contents, c->path);
	nm_buf_puts(&h->contents, "<ul>\n");
	spill(h, SPILL);
}

/* How many bytes frames may take: what is left of a megabyte for each 10,000 events that were
 * begun, but an eighth of that whatever the tables take. */
static uint64_t room_for_frames(const struct html *h)
{
	uint64_t all = A_PAGE * (1 + h->events / 10000);
	uint64_t taken = h->body.bytes + h->page.n + NOT_TABLES;

	return taken < all - all / 8 ? all - taken : all / 8;
}

static void write_frames(struct html *h, const struct nm_capture_report *c)
{
	size_t before = h->page.n;
	int err = nm_html_frames_write(&h->frames, c, room_for_frames(h), &h->page);

	if (err)
		fail(h, err);
	if (h->page.n > before)
		nm_buf_printf(
		    &h->contents, "<li><a href=#frames%u>Frames</a>\n", h->frames.capture);
}

static void on_capture_end(void *state, const struct nm_capture_report *c)
{
	struct html *h = state;

	write_frames(h, c);
	nm_buf_puts(&h->page, "</section>\n");
	nm_buf_puts(&h->contents, "</ul>\n");
	spill(h, SPILL);
}

/* ---- experts --------------------------------------------------------------------------- */

static void on_expert_begin(void *state, const struct nm_expert_info *e)
{
	struct html *h = state;
	struct nm_buf *b = &h->page;

	nm_buf_printf(b, "<section class=expert id=e%u>\n<h3>", ++h->sections);
	nm_html_text(b, e->name);
	nm_buf_puts(b, " <small>");
	nm_html_text(b, e->file);
	nm_buf_puts(b, "</small></h3>\n");
	if (e->description && *e->description) {
		nm_buf_puts(b, "<p class=job>");
		nm_html_text(b, e->description);
		nm_buf_puts(b, "\n");
	}
	nm_buf_printf(&h->contents, "<li><a href=#e%u>", h->sections);
	nm_html_text(&h->contents, e->name);
	nm_buf_puts(&h->contents, "</a>\n");
	h->table.page = b;
	nm_html_table_begin(&h->table, h->sections, e->file, e->name);
	free(h->stem);
	h->stem = nm_event_page_stem(e->path);
	h->n_kinds = 0;
	nm_html_frames_expert(&h->frames);
	spill(h, SPILL);
}

static void remember_kind(struct html *h, const struct nm_event *ev)
{
	for (unsigned i = 0; i < h->n_kinds; i++)
		if (h->kinds[i].ident == ev->ident)
			return;
	if (h->n_kinds == KINDS_MAX)
		return;
	h->kinds[h->n_kinds].ident = ev->ident;
	(void)snprintf(h->kinds[h->n_kinds].name, sizeof h->kinds[0].name, "%s", ev->name);
	h->n_kinds++;
}

static void on_event(void *state, const struct nm_event *ev)
{
	struct html *h = state;

	nm_html_findings_add(&h->findings, h->capture ? h->capture : "",
	    h->table.open ? h->table.rows.self[1] : "", h->sections, ev);
	nm_html_table_add(&h->table, ev);
	nm_html_frames_add(&h->frames, ev);
	h->events++;
	remember_kind(h, ev);
	spill(h, SPILL);
}

static void write_coverage(struct nm_buf *b, const struct nm_expert_end *end)
{
	unsigned tenths = nm_coverage_tenths(end);

	term(b, "Coverage");
	count(b, end->frames_seen, "frame");
	nm_buf_puts(b, end->frames_uncounted ? " of at least " : " of ");
	nm_buf_count(b, end->frames_total);
	if (!end->frames_uncounted && end->frames_total)
		nm_buf_printf(b, " (%u.%u %%)", tenths / 10, tenths % 10);
	nm_buf_puts(b, "\n");
}

static void write_verdict(struct nm_buf *b, const struct nm_expert_end *end)
{
	if (end->verdict == NM_VERDICT_DONE)
		return;
	nm_buf_puts(b, "<p class=bad>This expert ");
	nm_html_text(b, nm_verdict_phrase(end->verdict));
	nm_buf_printf(b, " %s", nm_phase_phrase(end->phase));
	if (end->phase == NM_PHASE_RUN && end->frame != NM_NO_FRAME) {
		nm_buf_puts(b, " at frame ");
		nm_buf_count(b, UINT64_C(1) + end->frame);
	}
	if (*end->reason) {
		nm_buf_puts(b, ": ");
		nm_html_text(b, end->reason);
	}
	nm_buf_puts(b, ". What it found before is above.\n");
}

static void write_parsers(struct nm_buf *b, const struct nm_expert_end *end)
{
	for (unsigned i = 0; i < end->n_parsers; i++) {
		const struct nm_parser_offence *p = &end->parsers[i];

		nm_buf_puts(b, "<p class=bad>The parser of ");
		nm_html_text(b, p->protocol);
		nm_buf_puts(b, " (");
		nm_html_text(b, p->file);
		nm_buf_puts(b, ") ");
		nm_html_text(b, p->did);
		nm_buf_puts(b, " in ");
		nm_html_text(b, p->entry);
		nm_buf_printf(b, ", %" PRIu32 " time%s in all%s\n", p->count,
		    p->count == 1 ? "" : "s", p->off ? "; it was then left out" : "");
	}
}

static void write_long(struct nm_buf *b, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	nm_buf_printf(b, "<details><summary>%s</summary><p class=code>", name);
	nm_html_text(b, text);
	nm_buf_puts(b, "</details>\n");
}

/* What the expert's event reference pages say, as text: nobody's script runs here. */
static void write_pages(struct html *h)
{
	struct nm_buf *b = &h->page;

	for (unsigned i = 0; i < h->n_kinds && h->stem; i++) {
		const char *why;
		char *text = nm_event_page_read(h->stem, h->kinds[i].ident, UINT_MAX, &why);

		if (text && strlen(text) <= TEXT_MAX) {
			nm_buf_puts(b, "<details class=about><summary>About: ");
			nm_html_text(b, h->kinds[i].name);
			nm_buf_puts(b, "</summary><p>");
			nm_html_text(b, text);
			nm_buf_puts(b, "</details>\n");
		}
		free(text);
	}
}

static void write_bill(struct nm_buf *b, const struct nm_expert_end *end)
{
	term(b, "Time");
	nm_buf_printf(
	    b, "%.3f s of CPU in %.3f s\n", (double)end->cpu_us / 1e6, (double)end->wall_us / 1e6);
	if (end->peak_kib) {
		term(b, "Memory");
		nm_buf_printf(b, "%.1f MiB at most\n", (double)end->peak_kib / 1024);
	}
	if (end->heap_left_blocks) {
		term(b, "Left unfreed");
		count(b, end->heap_left_blocks, "block");
		nm_buf_puts(b, ", ");
		count(b, end->heap_left_bytes, "byte");
		nm_buf_puts(b, "\n");
	}
	text_term(b, "Sandbox", end->sandbox);
}

static void on_expert_end(
    void *state, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	struct html *h = state;
	struct nm_buf *b = &h->page;

	(void)e;
	nm_html_table_end(&h->table);
	if (h->table.n_tables == 0)
		nm_buf_puts(b, "<p>No events.\n");
	write_pages(h);
	write_verdict(b, end);
	if (end->events_dropped) {
		nm_buf_puts(b, "<p class=bad>");
		count(b, end->events_dropped, "more event");
		nm_buf_puts(b, " were not kept.\n");
	}
	write_parsers(b, end);
	nm_buf_puts(b, "<dl class=facts>\n");
	text_term(b, "Last words", end->status_text);
	write_coverage(b, end);
	if (h->bill)
		write_bill(b, end);
	nm_buf_puts(b, "</dl>\n");
	if (h->bill)
		write_long(b, "Backtrace", end->backtrace);
	write_long(b, "Memory", end->memory_notes);
	nm_buf_puts(b, "</section>\n");
	nm_html_table_done(&h->table);
	spill(h, SPILL);
}

/* ---- the page ---------------------------------------------------------------------------- */

static void write_head(struct nm_buf *b)
{
	nm_buf_puts(b, "<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n"
		       "<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
		       "<meta http-equiv=Content-Security-Policy content=\"");
	nm_buf_puts(b, nm_html_policy);
	nm_buf_puts(b, "\">\n<title>Network analysis</title>\n<style>");
	nm_buf_puts(b, nm_html_style);
	nm_buf_puts(b, "</style>\n<body>\n<a class=skip href=#details>To the details</a>\n<header>"
		       "<h1>Network analysis</h1></header>\n<main>\n");
}

static void write_severities(struct nm_buf *b, const struct nm_html_findings *f)
{
	nm_buf_puts(b, "<ul class=severities>\n");
	for (unsigned i = 6; i-- > 0;) {
		if (f->severity[i] == 0)
			continue;
		nm_buf_printf(b, "<li class=\"s s%u\">%s ", i, nm_severity_word(i));
		nm_buf_count(b, f->severity[i]);
		nm_buf_puts(b, "\n");
	}
	nm_buf_puts(b, "</ul>\n");
}

/* What keeps the exit status from being 0. */
static void write_gaps(struct nm_buf *b, const struct nm_run_summary *s)
{
	if (s->interrupted)
		nm_buf_puts(b, "<p class=bad>Interrupted: this report is partial.\n");
	if (s->captures_unreadable)
		nm_buf_printf(b, "<p class=bad>%u of %u captures could not be read.\n",
		    s->captures_unreadable, s->captures);
	if (s->captures_damaged)
		nm_buf_printf(b, "<p class=bad>%u of %u captures had damage.\n",
		    s->captures_damaged, s->captures);
	if (s->experts_failed)
		nm_buf_printf(b, "<p class=bad>%u of %u expert runs did not finish.\n",
		    s->experts_failed, s->experts);
	if (s->fail_on_events) {
		nm_buf_puts(b, "<p class=bad>");
		count(b, s->fail_on_events, "event");
		nm_buf_printf(b, " at or above %s.\n", nm_severity_word((uint32_t)s->fail_on));
	}
}

static void write_summary(struct html *h, struct nm_buf *b, const struct nm_run_summary *s)
{
	nm_buf_puts(b, "<section id=summary>\n<h2>Summary</h2>\n");
	if (s)
		write_gaps(b, s);
	else
		nm_buf_puts(b, "<p class=bad>The run did not end: this report is partial.\n");
	write_severities(b, &h->findings);
	nm_html_findings_write(&h->findings, b);
	nm_buf_puts(b, "<div id=charts></div>\n</section>\n<nav aria-label=Contents><ul>\n");
	nm_buf_add(b, h->contents.data ? h->contents.data : "", h->contents.n);
	nm_buf_puts(b, "</ul></nav>\n<div id=details tabindex=-1>\n");
}

/* s: how the run ended; NULL: it did not. */
static void write_page(struct html *h, const struct nm_run_summary *s)
{
	struct nm_buf top = { 0 };

	if (h->finished || nm_out_error(h->out))
		return;
	h->finished = true;
	spill(h, 0);
	write_head(&top);
	write_summary(h, &top, s);
	if (top.failed || h->contents.failed)
		fail(h, ENOMEM);
	else
		nm_out_write(h->out, top.data, top.n);
	nm_buf_done(&top);
	nm_scratch_copy(&h->body, h->out);
	nm_out_puts(h->out, "</div>\n</main>\n<script>");
	nm_out_puts(h->out, nm_html_script);
	nm_out_puts(h->out, "</script>\n");
}

static void on_run_end(void *state, const struct nm_run_summary *s)
{
	write_page(state, s);
}

static int start(struct nm_out *out, const struct nm_report_style *style, void **ret_state)
{
	struct html *h = calloc(1, sizeof *h);
	int err;

	if (!h)
		return ENOMEM;
	err = -nm_scratch_open(&h->body);
	if (err) {
		free(h);
		return err;
	}
	h->out = out;
	h->bill = style->bill;
	h->frames.run = style->run;
	h->table.page = &h->page;
	*ret_state = h;
	return 0;
}

/* A run that ended in the middle still has its page, if anything was told. */
static void done(void *state)
{
	struct html *h = state;

	nm_html_table_end(&h->table);
	if (h->capture)
		write_page(h, NULL);
	nm_html_table_done(&h->table);
	nm_html_findings_done(&h->findings);
	nm_html_frames_done(&h->frames);
	nm_buf_done(&h->contents);
	nm_buf_done(&h->page);
	free(h->capture);
	free(h->stem);
	nm_scratch_close(&h->body);
	free(h);
}

const struct nm_report_format nm_report_html = {
	.name = "html",
	.start = start,
	.capture_begin = on_capture_begin,
	.expert_begin = on_expert_begin,
	.event = on_event,
	.expert_end = on_expert_end,
	.capture_end = on_capture_end,
	.run_end = on_run_end,
	.done = done,
};
