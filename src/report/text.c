/* SPDX-License-Identifier: MIT */
/* The `text` report: tables for people, in a terminal or a file. */
#include "report/buf.h"
#include "report/report.h"
#include "report/table.h"
#include "report/value.h"
#include "report/words.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct text {
	struct nm_out *out; /* borrowed */
	struct nm_table table;
	struct nm_buf line; /* the line being made */
	struct nm_buf part; /* a line of a text from outside, before it is cleaned */
	bool bill, colour;
	bool begun;    /* something was written: a blank line goes before the next part */
	uint64_t rows; /* events of the current expert */
};

/* ---- lines --------------------------------------------------------------------- */

static struct nm_buf *new_line(struct text *t)
{
	nm_buf_reset(&t->line);
	return &t->line;
}

static void end_line(struct text *t)
{
	nm_buf_puts(&t->line, "\n");
	if (t->line.failed)
		nm_out_fail(t->out, ENOMEM);
	else
		nm_out_write(t->out, t->line.data, t->line.n);
}

static void blank_line(struct text *t)
{
	if (t->begun)
		nm_out_puts(t->out, "\n");
	t->begun = true;
}

static void paint(struct text *t, const char *sequence)
{
	if (t->colour)
		nm_buf_puts(&t->line, sequence);
}

/* "1 frame", "2,000 frames" */
static void add_count(struct nm_buf *b, uint64_t n, const char *noun)
{
	nm_buf_count(b, n);
	nm_buf_printf(b, " %s%s", noun, n == 1 ? "" : "s");
}

static void add_seconds(struct nm_buf *b, double s)
{
	nm_buf_printf(b, s < 100 ? "%.3f s" : "%.0f s", s);
}

/* ---- captures ------------------------------------------------------------------ */

static void add_span(struct nm_buf *b, const struct nm_capture_report *c)
{
	double seconds = (double)nm_ns_between(c->min_ns, c->max_ns) / 1e9;
	struct nm_buf iso = { 0 };

	if (!c->has_times || c->frames == c->frames_without_time)
		return;
	nm_buf_puts(b, ", ");
	add_seconds(b, seconds);
	nm_buf_iso_ns(&iso, c->min_ns);
	if (iso.failed)
		b->failed = true;
	else /* "2004-05-13T10:17:07..." */
		nm_buf_printf(b, " from %.10s %.8s UTC", iso.data, iso.data + 11);
	nm_buf_done(&iso);
}

/* The text says where it is: "at byte 374: ..." */
static void print_damage(struct text *t, const struct nm_capture_report *c)
{
	struct nm_buf *b = new_line(t);

	if (!c->damage)
		return;
	nm_buf_puts(b, "  ");
	paint(t, "\033[31m");
	nm_buf_puts(b, c->truncated ? "cut short" : "damaged");
	paint(t, "\033[0m");
	nm_buf_puts(b, ": ");
	nm_buf_clean(b, c->damage, NM_LINES_ESCAPE);
	end_line(t);
}

static void print_note(struct text *t, const struct nm_capture_report *c)
{
	struct nm_buf *b = new_line(t);

	if (!c->note)
		return;
	nm_buf_puts(b, "  note: ");
	nm_buf_clean(b, c->note, NM_LINES_ESCAPE);
	end_line(t);
}

/* "eth.pcap: pcap" */
static struct nm_buf *begin_capture(struct text *t, const struct nm_capture_report *c)
{
	struct nm_buf *b;

	blank_line(t);
	b = new_line(t);
	paint(t, "\033[1m");
	nm_buf_clean(b, c->path, NM_LINES_ESCAPE);
	paint(t, "\033[0m");
	if (c->readable) {
		nm_buf_puts(b, ": ");
		nm_buf_clean(b, c->format, NM_LINES_ESCAPE);
	}
	return b;
}

static void print_facts(struct text *t, const struct nm_capture_report *c)
{
	struct nm_buf *b = begin_capture(t, c);

	nm_buf_puts(b, ", ");
	nm_buf_puts(b, c->uncounted ? "at least " : "");
	add_count(b, c->frames, "frame");
	nm_buf_puts(b, ", ");
	add_count(b, c->wire_bytes, "byte");
	add_span(b, c);
	end_line(t);
	print_damage(t, c);
	print_note(t, c);
}

static void on_capture_begin(void *state, const struct nm_capture_report *c)
{
	struct text *t = state;
	struct nm_buf *b;

	if (c->live) {
		nm_buf_puts(begin_capture(t, c), ", as it comes");
		end_line(t);
	} else if (c->readable) {
		print_facts(t, c);
	} else {
		b = begin_capture(t, c);
		nm_buf_puts(b, ": can't be read: ");
		nm_buf_clean(b, c->damage ? c->damage : "unknown reason", NM_LINES_ESCAPE);
		end_line(t);
	}
	(void)nm_out_flush(t->out);
}

/* What could not be told at its begin. */
static void on_capture_end(void *state, const struct nm_capture_report *c)
{
	struct text *t = state;

	if (!c->live)
		return;
	print_facts(t, c);
	(void)nm_out_flush(t->out);
}

/* ---- experts ------------------------------------------------------------------- */

static void on_expert_begin(void *state, const struct nm_expert_info *e)
{
	struct text *t = state;
	struct nm_buf *b;

	blank_line(t);
	b = new_line(t);
	paint(t, "\033[1m");
	nm_buf_clean(b, e->name, NM_LINES_ESCAPE);
	if (strcmp(e->name, e->file) != 0) {
		nm_buf_puts(b, " (");
		nm_buf_clean(b, e->file, NM_LINES_ESCAPE);
		nm_buf_puts(b, ")");
	}
	paint(t, "\033[0m");
	end_line(t);
	t->rows = 0;
	nm_table_begin(&t->table, e->file, e->name);
}

static void on_event(void *state, const struct nm_event *ev)
{
	struct text *t = state;

	t->rows++;
	nm_table_add(&t->table, ev);
}

static void on_show(void *state)
{
	struct text *t = state;

	nm_table_flush(&t->table);
}

static void print_status(struct text *t, const struct nm_expert_end *end)
{
	struct nm_buf *b = new_line(t);
	bool number = end->verdict == NM_VERDICT_RETURNED_FALSE && end->substatus;

	if (!*end->status_text && !number)
		return;
	nm_buf_puts(b, "  status: ");
	nm_buf_clean(b, end->status_text, NM_LINES_ESCAPE);
	if (number)
		nm_buf_printf(b, "%sproblem number %u", *end->status_text ? ", " : "",
		    (unsigned)end->substatus);
	end_line(t);
}

static void add_seen(struct nm_buf *b, const struct nm_expert_end *end)
{
	uint64_t first = UINT64_C(1) + end->first_frame, last = UINT64_C(1) + end->last_frame;
	unsigned tenths = nm_coverage_tenths(end);

	if (end->frames_total == 0) {
		nm_buf_puts(
		    b, end->frames_uncounted ? "saw no frame" : "there was no frame to see");
		return;
	}
	if (end->frames_seen == 0 || end->first_frame == NM_NO_FRAME) {
		nm_buf_puts(b, end->frames_uncounted ? "saw none of at least " : "saw none of ");
		add_count(b, end->frames_total, "frame");
		return;
	}
	if (last == first) {
		nm_buf_puts(b, "saw frame ");
	} else if (end->frames_seen == last - first + 1) {
		nm_buf_puts(b, "saw frames ");
	} else {
		nm_buf_puts(b, "saw ");
		add_count(b, end->frames_seen, "frame");
		nm_buf_puts(b, ", ");
	}
	nm_buf_count(b, first);
	if (last != first) {
		nm_buf_puts(b, "-");
		nm_buf_count(b, last);
	}
	nm_buf_puts(b, end->frames_uncounted ? " of at least " : " of ");
	nm_buf_count(b, end->frames_total);
	if (!end->frames_uncounted)
		nm_buf_printf(b, " (%u.%u %%)", tenths / 10, tenths % 10);
}

/* " in Run at frame 50,000" */
static void add_place(struct nm_buf *b, const struct nm_expert_end *end)
{
	nm_buf_printf(b, " %s", nm_phase_phrase(end->phase));
	if (end->phase == NM_PHASE_RUN && end->frame != NM_NO_FRAME) {
		nm_buf_puts(b, " at frame ");
		nm_buf_count(b, UINT64_C(1) + end->frame);
	}
}

/* Refusing, not loading and returning happen in one place only. */
static bool has_place(enum nm_verdict v)
{
	return v != NM_VERDICT_RETURNED_FALSE && v != NM_VERDICT_REFUSED &&
	       v != NM_VERDICT_LOAD_FAILED;
}

/* How much of the reason is "signal 11 (Segmentation fault)" or "exception 0xc0000005 (...)". */
static size_t signal_part(const char *reason)
{
	const char *end = strchr(reason, ')');

	if (!end || (strncmp(reason, "signal ", 7) != 0 && strncmp(reason, "exception ", 10) != 0))
		return 0;
	return (size_t)(end + 1 - reason);
}

/* The signal or exception, and in *ret_rest what the reason says beside it. */
static void add_signal(struct text *t, const struct nm_expert_end *end, const char **ret_rest)
{
	const char *name = sigdescr_np(end->signal);
	size_t n = signal_part(end->reason);

	nm_buf_puts(&t->line, ": ");
	if (!n) {
		nm_buf_printf(&t->line, "signal %d (%s)", end->signal, name ? name : "unknown");
		return;
	}
	nm_buf_reset(&t->part);
	nm_buf_add(&t->part, end->reason, n);
	if (t->part.failed)
		t->line.failed = true;
	else
		nm_buf_clean(&t->line, t->part.data, NM_LINES_ESCAPE);
	*ret_rest = end->reason + n;
}

/* ", then crashed: signal 11 (Segmentation fault) in Run at frame 50,000" */
static void add_verdict(struct text *t, const struct nm_expert_end *end)
{
	struct nm_buf *b = &t->line;
	bool crashed = end->verdict == NM_VERDICT_CRASHED && end->signal;
	const char *rest = "";

	nm_buf_puts(b, end->frames_seen ? ", then " : ", ");
	paint(t, "\033[31m");
	nm_buf_puts(b, nm_verdict_phrase(end->verdict));
	paint(t, "\033[0m");
	if (crashed)
		add_signal(t, end, &rest);
	if (has_place(end->verdict))
		add_place(b, end);
	if (!crashed && *end->reason) {
		nm_buf_puts(b, ": ");
		nm_buf_clean(b, end->reason, NM_LINES_ESCAPE);
	}
	nm_buf_clean(b, rest, NM_LINES_ESCAPE);
}

/* "  the filter passed 12 of 100,012 frames" */
static void print_filter(struct text *t, const struct nm_expert_end *end)
{
	struct nm_buf *b = new_line(t);

	if (!end->filtered)
		return;
	nm_buf_puts(b, "  ");
	if (end->filter_judged) {
		nm_buf_puts(b, "the filter passed ");
		nm_buf_count(b, end->filter_passed);
		nm_buf_puts(b, " of ");
		add_count(b, end->filter_judged, "frame");
	} else {
		nm_buf_puts(b, "the filter was not asked for any frame");
	}
	end_line(t);
}

static void print_coverage(struct text *t, const struct nm_expert_end *end)
{
	struct nm_buf *b = new_line(t);

	nm_buf_puts(b, "  ");
	add_seen(b, end);
	if (end->verdict != NM_VERDICT_DONE)
		add_verdict(t, end);
	end_line(t);
	print_filter(t, end);
	if (end->events_dropped) {
		b = new_line(t);
		nm_buf_puts(b, "  ");
		add_count(b, end->events_dropped, "more event");
		if (end->verdict != NM_VERDICT_HOST_FAILED)
			nm_buf_puts(b, " beyond the limit");
		nm_buf_puts(b, " not kept");
		end_line(t);
	}
}

/* "  parser TCP (tcpip.so) crashed in RecognizeFrame with signal 11 (Segmentation fault)
 * on frame 12; 5 times, then it was switched off" */
static void print_parsers(struct text *t, const struct nm_expert_end *end)
{
	for (unsigned i = 0; i < end->n_parsers; i++) {
		const struct nm_parser_offence *p = &end->parsers[i];
		const char *name = p->signal ? sigdescr_np(p->signal) : NULL;
		struct nm_buf *b = new_line(t);

		nm_buf_puts(b, "  ");
		paint(t, "\033[31m");
		nm_buf_puts(b, "parser ");
		nm_buf_clean(b, p->protocol, NM_LINES_ESCAPE);
		nm_buf_puts(b, " (");
		nm_buf_clean(b, p->file, NM_LINES_ESCAPE);
		nm_buf_printf(b, ") %s", p->did);
		paint(t, "\033[0m");
		if (*p->entry)
			nm_buf_printf(b, " in %s", p->entry);
		if (p->signal)
			nm_buf_printf(
			    b, " with signal %d (%s)", p->signal, name ? name : "unknown");
		if (p->first_frame != NM_NO_FRAME) {
			nm_buf_puts(b, " on frame ");
			nm_buf_count(b, UINT64_C(1) + p->first_frame);
		}
		if (p->count > 1) {
			nm_buf_puts(b, "; offended ");
			add_count(b, p->count, "time");
		}
		if (p->off)
			nm_buf_puts(b, ", then was switched off");
		end_line(t);
	}
	if (end->more_parsers) {
		nm_buf_puts(new_line(t), "  and ");
		add_count(&t->line, end->more_parsers, "more parser");
		end_line(t);
	}
}

/* Each line of a text from outside, behind an indent. */
static void print_lines(struct text *t, const char *indent, const char *text)
{
	while (nm_buf_next_line(&t->part, &text)) {
		struct nm_buf *b = new_line(t);

		if (t->part.failed) {
			b->failed = true;
		} else if (t->part.n) {
			nm_buf_puts(b, indent);
			nm_buf_clean(b, t->part.data, NM_LINES_ESCAPE);
		}
		end_line(t);
	}
}

/* Addresses differ from run to run: they are measured, like the bill. */
static void print_crash(struct text *t, const struct nm_expert_end *end)
{
	if (end->has_address) {
		nm_buf_printf(new_line(t), "  fault address 0x%" PRIx64, end->address);
		end_line(t);
	}
	print_lines(t, "    ", end->backtrace);
}

static void print_sandbox(struct text *t, const struct nm_expert_end *end)
{
	struct nm_buf *b = new_line(t);

	if (!end->sandbox || !*end->sandbox)
		return;
	nm_buf_puts(b, "  sandbox: ");
	nm_buf_clean(b, end->sandbox, NM_LINES_ESCAPE);
	end_line(t);
}

static void print_bill(struct text *t, const struct nm_expert_end *end)
{
	struct nm_buf *b = new_line(t);

	nm_buf_puts(b, "  used ");
	add_seconds(b, (double)end->cpu_us / 1e6);
	nm_buf_puts(b, " of CPU in ");
	add_seconds(b, (double)end->wall_us / 1e6);
	if (end->peak_kib)
		nm_buf_printf(b, ", %.1f MiB at most", (double)end->peak_kib / 1024);
	nm_buf_puts(b, ", ");
	add_count(b, end->events, "event");
	if (end->wall_us && end->frames_seen) {
		nm_buf_puts(b, ", ");
		nm_buf_count(b, (uint64_t)((double)end->frames_seen * 1e6 / (double)end->wall_us));
		nm_buf_puts(b, " frames/s");
	}
	end_line(t);
	if (end->heap_left_blocks == 0)
		return;
	b = new_line(t);
	nm_buf_puts(b, "  left ");
	add_count(b, end->heap_left_blocks, "block");
	nm_buf_puts(b, " (");
	add_count(b, end->heap_left_bytes, "byte");
	nm_buf_puts(b, ") unfreed");
	end_line(t);
}

static void on_expert_end(
    void *state, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	struct text *t = state;

	(void)e;
	nm_table_flush(&t->table);
	if (t->rows == 0)
		nm_out_puts(t->out, "  no events\n");
	else
		nm_out_puts(t->out, "\n");
	print_status(t, end);
	print_coverage(t, end);
	print_parsers(t, end);
	if (t->bill)
		print_crash(t, end);
	print_lines(t, "  ", end->memory_notes);
	if (t->bill) {
		print_bill(t, end);
		print_sandbox(t, end);
	}
	(void)nm_out_flush(t->out);
}

/* ---- the run ------------------------------------------------------------------- */

/* "1 of 3 captures can't be read" */
static void print_share(
    struct text *t, unsigned n, unsigned of, const char *what, const char *trouble)
{
	struct nm_buf *b = new_line(t);

	if (n == 0 || of < 2)
		return;
	paint(t, "\033[31m");
	nm_buf_count(b, n);
	nm_buf_puts(b, " of ");
	add_count(b, of, what);
	nm_buf_printf(b, " %s", trouble);
	paint(t, "\033[0m");
	end_line(t);
}

/* "2 events at or above strong" */
static void print_fail_on(struct text *t, const struct nm_run_summary *s)
{
	struct nm_buf *b = new_line(t);

	if (s->fail_on_events == 0)
		return;
	paint(t, "\033[31m");
	add_count(b, s->fail_on_events, "event");
	nm_buf_printf(b, " at or above %s", nm_severity_word((uint32_t)s->fail_on));
	paint(t, "\033[0m");
	end_line(t);
}

/* Only what makes the exit status another than 0, and does not stand right above:
 * a report in which nothing failed ends with its last expert. */
static void on_run_end(void *state, const struct nm_run_summary *s)
{
	struct text *t = state;
	bool captures = s->captures > 1 && (s->captures_unreadable || s->captures_damaged);
	bool experts = s->experts > 1 && s->experts_failed;

	if (s->interrupted || captures || experts || s->fail_on_events)
		blank_line(t);
	print_share(t, s->captures_unreadable, s->captures, "capture", "could not be read");
	print_share(t, s->captures_damaged, s->captures, "capture", "had damage");
	print_share(t, s->experts_failed, s->experts, "expert run", "did not finish");
	print_fail_on(t, s);
	if (s->interrupted) {
		struct nm_buf *b = new_line(t);

		paint(t, "\033[31m");
		nm_buf_puts(b, "interrupted: this report is partial");
		paint(t, "\033[0m");
		end_line(t);
	}
}

static int start(struct nm_out *out, const struct nm_report_style *style, void **ret_state)
{
	struct text *t = calloc(1, sizeof *t);

	if (!t)
		return ENOMEM;
	t->out = out;
	t->bill = style->bill;
	t->colour = style->colour;
	t->table.out = out;
	t->table.width = style->width;
	t->table.colour = style->colour;
	*ret_state = t;
	return 0;
}

/* A run that ended in the middle of an expert still has its rows. */
static void done(void *state)
{
	struct text *t = state;

	nm_table_flush(&t->table);
	nm_table_done(&t->table);
	nm_buf_done(&t->line);
	nm_buf_done(&t->part);
	free(t);
}

const struct nm_report_format nm_report_text = {
	.name = "text",
	.as_ended = true,
	.start = start,
	.capture_begin = on_capture_begin,
	.expert_begin = on_expert_begin,
	.event = on_event,
	.expert_end = on_expert_end,
	.capture_end = on_capture_end,
	.show = on_show,
	.run_end = on_run_end,
	.done = done,
};
