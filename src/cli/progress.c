/* SPDX-License-Identifier: MIT */
/* The lines on standard error that say how far a run is. */
#include "cli/cli.h"

#include "base/utf8.h"
#include "system/terminal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define USUAL_COLUMNS 80 /* of a terminal that doesn't say */
#define USUAL_ROWS    24

void cli_progress_init(struct cli_progress *p, bool quiet)
{
	p->on = !quiet && nm_is_terminal(STDERR_FILENO);
	p->shown = 0;
}

static unsigned terminal_columns(void)
{
	unsigned columns, rows;
	bool said = nm_terminal_size(STDERR_FILENO, &columns, &rows);

	return said && columns >= 2 ? columns : USUAL_COLUMNS;
}

/* More lines than the terminal has could not be erased. */
static unsigned terminal_rows(void)
{
	unsigned columns, rows;
	bool said = nm_terminal_size(STDERR_FILENO, &columns, &rows);

	return said && rows >= 2 ? rows : USUAL_ROWS;
}

/* Bytes of clean text s that fit into that many columns. */
static int fitting(const char *s, unsigned columns)
{
	size_t n = strlen(s), i = 0;
	unsigned width = 0;
	uint32_t cp;

	while (i < n) {
		unsigned len = nm_utf8_next(s + i, n - i, &cp);
		int w = len ? nm_columns(cp) : 1;

		width += w < 0 ? 2u : (unsigned)w;
		if (width > columns)
			break;
		i += len ? len : 1;
	}
	return (int)i;
}

/* Everything the line holds; it is cut to the terminal afterwards. */
static void make_line(char *s, const struct nm_progress *now)
{
	char count[CLI_TEXT], raw[2 * CLI_TEXT];
	int n = snprintf(raw, sizeof raw, "%.300s: ", now->capture);
	size_t o = (size_t)n;

	if (!now->expert) {
		(void)snprintf(
		    raw + o, sizeof raw - o, "reading, frame %s", cli_count(count, now->frames));
		(void)cli_clean(s, raw);
		return;
	}
	if (now->experts > 1)
		o += (size_t)snprintf(
		    raw + o, sizeof raw - o, "%u/%u ", now->expert_index + 1, now->experts);
	o += (size_t)snprintf(
	    raw + o, sizeof raw - o, "%.200s %" PRIu32 " %%, frame ", now->expert, now->percent);
	o += (size_t)snprintf(raw + o, sizeof raw - o, "%s",
	    cli_count(count, now->frame == NM_NO_FRAME ? 0 : now->frame + UINT64_C(1)));
	if (now->counted)
		o += (size_t)snprintf(
		    raw + o, sizeof raw - o, " of %s", cli_count(count, now->frames));
	o += (size_t)snprintf(raw + o, sizeof raw - o, ", ");
	o += (size_t)snprintf(raw + o, sizeof raw - o, "%s event%s", cli_count(count, now->events),
	    now->events == 1 ? "" : "s");
	if (now->frames_per_s)
		o += (size_t)snprintf(
		    raw + o, sizeof raw - o, ", %s/s", cli_count(count, now->frames_per_s));
	if (now->heap_bytes)
		o += (size_t)snprintf(
		    raw + o, sizeof raw - o, ", %.1f MiB", (double)now->heap_bytes / (1024 * 1024));
	if (now->text && *now->text)
		(void)snprintf(raw + o, sizeof raw - o, ", %.300s", now->text);
	(void)cli_clean(s, raw);
}

/* To the begin of the first line that is there. */
static void go_up(const struct cli_progress *p)
{
	(void)fputc('\r', stderr);
	if (p->shown > 1)
		(void)fprintf(stderr, "\033[%uA\033[J", p->shown - 1);
}

void cli_progress_show(void *progress, const struct nm_progress *now)
{
	struct cli_progress *p = progress;
	char line[CLI_TEXT];

	if (!p->on || now->line + 1 >= terminal_rows())
		return;
	make_line(line, now);
	if (now->line == 0) {
		go_up(p);
		p->shown = 0;
	} else {
		(void)fputs("\n", stderr);
	}
	/* The last column stays free: a terminal may wrap when it is written. */
	(void)fprintf(stderr, "%.*s\033[K", fitting(line, terminal_columns() - 1), line);
	(void)fflush(stderr);
	p->shown++;
}

void cli_progress_erase(struct cli_progress *p)
{
	if (!p->shown)
		return;
	go_up(p);
	(void)fputs("\033[K", stderr);
	(void)fflush(stderr);
	p->shown = 0;
}

void cli_progress_message(void *progress, const char *line)
{
	cli_progress_erase(progress);
	cli_say("%s", line);
}

/* ---- the sink ---------------------------------------------------------------- */

static int erase(void *ctx)
{
	cli_progress_erase(ctx);
	return 0;
}

static int on_capture(void *ctx, const struct nm_capture_report *c)
{
	(void)c;
	return erase(ctx);
}

static int on_expert_begin(void *ctx, const struct nm_expert_info *e)
{
	(void)e;
	return erase(ctx);
}

static int on_event(void *ctx, const struct nm_event *ev)
{
	(void)ev;
	return erase(ctx);
}

static int on_expert_end(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	(void)e;
	(void)end;
	return erase(ctx);
}

static int on_run_end(void *ctx, const struct nm_run_summary *s)
{
	(void)s;
	return erase(ctx);
}

struct nm_sink cli_progress_sink(struct cli_progress *p)
{
	return (struct nm_sink){ p, on_capture, on_expert_begin, on_event, on_expert_end,
		on_capture, on_run_end, erase, false };
}
