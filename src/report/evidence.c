/* SPDX-License-Identifier: MIT */
/* The frames behind findings, as a capture of their own.
 *
 * A finding is an event that shows a severity and names a frame. What is remembered of each is
 * a few words in memory and its text in a temporary file, until the capture has ended. */
#include "base/utf8.h"
#include "report/again.h"
#include "report/buf.h"
#include "report/scratch.h"
#include "report/value.h"
#include "report/words.h"
#include "system/files.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARKS_MAX  (1u << 20) /* frames named by findings, 24 bytes each */
#define TEXT_MOST  500u       /* bytes of what is said of one finding */
#define LINES_MOST 16u        /* findings told of one frame */

/* A frame that a finding names. */
struct mark {
	uint32_t frame;
	uint32_t order;
	uint64_t at; /* of its text */
	uint16_t n;  /* bytes of it; 0: another frame of a finding that is told elsewhere */
	uint8_t severity;
};

struct nm_evidence {
	const struct nm_run_options *run; /* borrowed */
	char *path;                       /* owned */
	uint32_t around;
	char *expert; /* owned */
	struct nm_scratch texts;
	struct mark *marks; /* owned */
	uint32_t n, room;
	uint64_t more; /* that had no place */
	struct nm_buf text;
	bool done; /* a capture was written */

	/* while it is written */
	uint32_t next;
	const char *capture;
};

/* ---- collecting --------------------------------------------------------------------------- */

/* "warning: TCP Retransmit: Retransmission, From 10.0.0.1:1001, ..." on one line. The column
 * `frame` is left out: it is where this is told. */
static void say(struct nm_evidence *e, const struct nm_event *ev, uint32_t frame)
{
	struct nm_buf *b = &e->text;

	nm_buf_reset(b);
	nm_buf_puts(b, nm_severity_word(ev->severity));
	nm_buf_puts(b, ": ");
	nm_buf_clean(b, e->expert ? e->expert : ev->source, NM_LINES_ESCAPE);
	nm_buf_puts(b, ": ");
	nm_event_sentence(b, ev, frame, TEXT_MOST);
}

static int add_mark(struct nm_evidence *e, const struct mark *m)
{
	uint32_t room = e->room ? e->room * 2 : 256;
	struct mark *list;

	if (e->n == MARKS_MAX) {
		e->more++;
		return 0;
	}
	if (e->n == e->room) {
		list = realloc(e->marks, room * sizeof *list);
		if (!list)
			return ENOMEM;
		e->marks = list;
		e->room = room;
	}
	e->marks[e->n] = *m;
	e->marks[e->n].order = e->n;
	e->n++;
	return 0;
}

static int keep_text(struct nm_evidence *e, struct mark *m)
{
	int err;

	if (e->text.failed)
		return ENOMEM;
	if (!e->texts.file && (err = nm_scratch_open(&e->texts)) != 0)
		return err;
	m->at = e->texts.bytes;
	m->n = (uint16_t)nm_utf8_cut(e->text.data, e->text.n, TEXT_MOST);
	return nm_scratch_write(&e->texts, e->text.data, m->n);
}

static int on_event(void *ctx, const struct nm_event *ev)
{
	struct nm_evidence *e = ctx;
	bool told = false;
	int err = 0;

	if (!nm_event_is_finding(ev))
		return 0;
	for (uint32_t i = 0; i < ev->n_columns && !err; i++) {
		const struct nm_column *c = &ev->columns[i];
		struct mark m = { .frame = (uint32_t)c->v.u, .severity = (uint8_t)ev->severity };

		if (c->type != NM_COL_FRAME || !nm_column_has_frame(c))
			continue;
		if (!told && e->n < MARKS_MAX) {
			say(e, ev, i);
			err = keep_text(e, &m);
		}
		told = true;
		err = err ? err : add_mark(e, &m);
	}
	return err;
}

static int on_expert(void *ctx, const struct nm_expert_info *info)
{
	struct nm_evidence *e = ctx;

	free(e->expert);
	e->expert = strdup(info->name);
	return e->expert ? 0 : ENOMEM;
}

static int on_begin(void *ctx, const struct nm_capture_report *c)
{
	struct nm_evidence *e = ctx;

	(void)c;
	return e->done ? EINVAL : 0;
}

/* ---- writing -------------------------------------------------------------------------------- */

/* By frame; the worst finding of a frame first, what has no text last. */
static int by_frame(const void *a, const void *b)
{
	const struct mark *x = a, *y = b;

	if (x->frame != y->frame)
		return x->frame < y->frame ? -1 : 1;
	if (!x->n != !y->n)
		return x->n ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

static int add_text(struct nm_evidence *e, const struct mark *m)
{
	char line[TEXT_MOST];
	int err = nm_scratch_seek(&e->texts, m->at);

	err = err ? err : nm_scratch_read(&e->texts, line, m->n);
	if (err)
		return err;
	nm_buf_add(&e->text, line, m->n);
	nm_buf_puts(&e->text, "\n");
	return e->text.failed ? ENOMEM : 0;
}

/* Of the findings from marks[from] to marks[to): an errno value. */
static int make_comment(struct nm_evidence *e, uint32_t from, uint32_t to)
{
	uint32_t lines = 0;
	int err = 0;

	nm_buf_reset(&e->text);
	for (uint32_t i = from; i < to && e->marks[i].n && !err; i++)
		if (lines++ < LINES_MOST)
			err = add_text(e, &e->marks[i]);
	if (lines > LINES_MOST)
		nm_buf_printf(&e->text, "and %" PRIu32 " more\n", lines - LINES_MOST);
	if (lines) {
		nm_buf_printf(
		    &e->text, "frame %" PRIu64 " of ", (uint64_t)e->marks[from].frame + 1);
		nm_buf_clean(&e->text, e->capture, NM_LINES_ESCAPE);
	}
	return err ? err : e->text.failed ? ENOMEM : 0;
}

static int next_pick(void *ctx, struct nm_pick *ret)
{
	struct nm_evidence *e = ctx;
	uint32_t from = e->next, to = from, frame, room;
	int err;

	if (from == e->n)
		return 0;
	frame = e->marks[from].frame;
	while (to < e->n && e->marks[to].frame == frame)
		to++;
	e->next = to;
	err = make_comment(e, from, to);
	room = NM_NO_FRAME - 1 - frame;
	*ret = (struct nm_pick){ .first = frame > e->around ? frame - e->around : 0,
		.last = frame + (e->around < room ? e->around : room),
		.comment = e->text.n ? e->text.data : NULL,
		.noted = frame };
	return err ? -err : 1;
}

__attribute__((format(printf, 2, 3))) static void inform(
    const struct nm_evidence *e, const char *format, ...)
{
	char line[2048];
	va_list ap;

	va_start(ap, format);
	(void)vsnprintf(line, sizeof line, format, ap);
	va_end(ap);
	if (e->run->message)
		e->run->message(e->run->message_ctx, line);
}

static int write_from(struct nm_evidence *e, struct nm_again *again)
{
	struct nm_conversion_report lost;
	const struct nm_convert_options how = { .size = sizeof how,
		.format = "pcapng",
		.last = NM_NO_FRAME,
		.pick = next_pick,
		.pick_ctx = e };
	int status;

	e->next = 0;
	status = nm_convert(&again->options, &how, e->path, &lost);
	if (!lost.written) {
		inform(e, "%s",
		    status == NM_EXIT_INTERRUPTED || !again->why[0] ? "the evidence was not written"
								    : again->why);
		return status == NM_EXIT_INTERRUPTED ? EINTR : EIO;
	}
	if (lost.left_out)
		inform(e,
		    "%s: %" PRIu32 " frames are left out: pcapng has no number for their link",
		    e->path, lost.left_out);
	return 0;
}

static int on_end(void *ctx, const struct nm_capture_report *c)
{
	struct nm_evidence *e = ctx;
	struct nm_again again;

	if (!c->readable)
		return 0;
	e->done = true;
	if (!nm_again_init(&again, e->run, c)) {
		inform(e, "%s: not written: the capture can't be read again", e->path);
		return ESPIPE;
	}
	e->capture =
	    strcmp(c->path, "-") == 0 ? "standard input" : c->path + nm_path_folder(c->path);
	if (e->n)
		qsort(e->marks, e->n, sizeof *e->marks, by_frame);
	else
		inform(e, "%s: no finding names a frame, so there is none in it", e->path);
	if (e->more)
		inform(e,
		    "%s: %" PRIu64 " frames that findings name are not in it: there is room for %u",
		    e->path, e->more, MARKS_MAX);
	return write_from(e, &again);
}

/* ---- the sink ------------------------------------------------------------------------------- */

int nm_evidence_open(const struct nm_evidence_options *opt, struct nm_evidence **ret_evidence,
    struct nm_sink *ret_sink)
{
	struct nm_evidence *e = calloc(1, sizeof *e);

	if (!e)
		return ENOMEM;
	e->run = opt->run;
	e->around = opt->around;
	e->path = strdup(opt->path);
	if (!e->path) {
		free(e);
		return ENOMEM;
	}
	*ret_evidence = e;
	*ret_sink = (struct nm_sink){ .ctx = e,
		.capture_begin = on_begin,
		.expert_begin = on_expert,
		.event = on_event,
		.capture_end = on_end };
	return 0;
}

void nm_evidence_close(struct nm_evidence *e)
{
	if (!e)
		return;
	nm_scratch_close(&e->texts);
	nm_buf_done(&e->text);
	free(e->marks);
	free(e->expert);
	free(e->path);
	free(e);
}
