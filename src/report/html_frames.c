/* SPDX-License-Identifier: MIT */
/* The frames that events name, in the page as far as there is room.
 *
 * Of each kind of event the first ones have a place before the second ones, and warnings and
 * worse before what is only information, so that every kind has some. */
#include "report/again.h"
#include "report/html.h"
#include "report/scratch.h"
#include "report/value.h"
#include "report/words.h"
#include "system/temporary.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NAMED_MOST  8192u       /* that are remembered before the last half is dropped */
#define A_FRAME     3500u       /* bytes of page that one takes at least, most often */
#define ASKED_MOST  1024u       /* of a capture */
#define BYTES_SHOWN 2048u       /* of a frame, and of one text of it */
#define TAKEN_MOST  (64u << 20) /* bytes of JSON about them all */
#define LINE_MOST   (4 << 20)   /* about one */
#define FETCH_MS    20000u

/* ---- which ---------------------------------------------------------------------------------- */

/* The better place first. */
static int by_place(const void *a, const void *b)
{
	const struct nm_html_named *x = a, *y = b;

	if (!x->severity != !y->severity)
		return x->severity ? -1 : 1;
	if (x->nth != y->nth)
		return x->nth < y->nth ? -1 : 1;
	if (x->severity != y->severity)
		return x->severity > y->severity ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

static int by_frame(const void *a, const void *b)
{
	const struct nm_html_named *x = a, *y = b;

	if (x->frame != y->frame)
		return x->frame < y->frame ? -1 : 1;
	return by_place(a, b);
}

/* Each frame once, in the best of its places. */
static void settle(struct nm_html_frames *f)
{
	uint32_t n = 0;

	if (f->n)
		qsort(f->list, f->n, sizeof *f->list, by_frame);
	for (uint32_t i = 0; i < f->n; i++)
		if (i == 0 || f->list[i].frame != f->list[n - 1].frame)
			f->list[n++] = f->list[i];
	f->n = n;
	if (f->n)
		qsort(f->list, f->n, sizeof *f->list, by_place);
}

static void add(struct nm_html_frames *f, const struct nm_html_named *named)
{
	if (!f->list)
		f->list = malloc(NAMED_MOST * sizeof *f->list);
	if (!f->list) {
		f->failed = true;
		return;
	}
	if (f->n == NAMED_MOST) {
		settle(f);
		if (f->n > NAMED_MOST / 2) {
			f->n = NAMED_MOST / 2;
			f->dropped = true;
		}
	}
	f->list[f->n] = *named;
	f->list[f->n++].order = f->order++;
}

/* How many events of this kind there were before. */
static uint32_t nth_of_kind(struct nm_html_frames *f, uint32_t ident)
{
	unsigned i = 0;

	while (i < f->n_kinds && f->kinds[i].ident != ident)
		i++;
	if (i == NM_HTML_FRAME_KINDS)
		return UINT32_MAX;
	if (i == f->n_kinds) {
		f->kinds[i].ident = ident;
		f->kinds[i].n = 0;
		f->n_kinds++;
	}
	return f->kinds[i].n++;
}

void nm_html_frames_begin(struct nm_html_frames *f, const struct nm_capture_report *c)
{
	f->n = f->order = 0;
	f->dropped = false;
	f->end = c->live || c->uncounted ? NM_NO_FRAME : c->frames;
	f->capture++;
}

void nm_html_frames_expert(struct nm_html_frames *f)
{
	f->n_kinds = 0;
}

void nm_html_frames_add(struct nm_html_frames *f, const struct nm_event *ev)
{
	struct nm_html_named named = { .severity = 0 };
	bool counted = false;

	if (nm_event_is_finding(ev))
		named.severity = (uint8_t)ev->severity;
	for (uint32_t i = 0; f->run && i < ev->n_columns; i++) {
		const struct nm_column *c = &ev->columns[i];

		if (c->type != NM_COL_FRAME || !nm_column_has_frame(c) || c->v.u >= f->end)
			continue;
		if (!counted)
			named.nth = nth_of_kind(f, ev->ident);
		counted = true;
		named.frame = (uint32_t)c->v.u;
		add(f, &named);
	}
}

/* ---- fetching ----------------------------------------------------------------------------------- */

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* The first `n` of the list, as JSON, a line each, in a new file. NULL, and again->why says why
 * not; there too is why some are missing. */
static FILE *fetch(const struct nm_html_frames *f, struct nm_again *again,
    struct nm_open_capture *open, uint32_t n)
{
	uint32_t numbers[ASKED_MOST];
	const struct nm_frames_options how = { .size = sizeof how,
		.last = NM_NO_FRAME,
		.most = NM_NO_FRAME,
		.format = NM_FRAMES_JSON,
		.bytes = true,
		.only = numbers,
		.n_only = n,
		.brief = BYTES_SHOWN,
		.most_bytes = TAKEN_MOST };
	int fd = nm_temporary_file();
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

	if (!file) {
		(void)snprintf(again->why, sizeof again->why, "%s", strerror(errno));
		if (fd >= 0)
			(void)close(fd);
		return NULL;
	}
	for (uint32_t i = 0; i < n; i++)
		numbers[i] = f->list[i].frame;
	qsort(numbers, n, sizeof *numbers, by_number);
	again->options.timeout_ms = FETCH_MS;
	if (open)
		(void)nm_frames_of(open, &again->options, &how, fd);
	else
		(void)nm_frames(&again->options, &how, fd);
	rewind(file);
	return file;
}

/* Parts of the page, one for each frame that came, until it is known which find room. */
struct fetched {
	struct nm_scratch kept; /* all of them, in the order of frames */
	uint32_t asked, n;      /* frames: asked for, got */
	struct part {
		uint64_t at;
		uint32_t n; /* bytes */
		bool taken;
	} parts[ASKED_MOST];
	struct part *of_place[ASKED_MOST]; /* borrowed; NULL: it did not come */
};

static uint32_t place_of(const struct nm_html_frames *f, uint32_t asked, uint32_t frame)
{
	uint32_t i = 0;

	while (i < asked && f->list[i].frame != frame)
		i++;
	return i;
}

/* Make the part of a line; one that was not asked for, or came before, is passed over. An
 * errno value. */
static int keep_part(
    const struct nm_html_frames *f, struct fetched *got, const char *line, size_t n)
{
	struct nm_buf b = { 0 };
	uint32_t place = place_of(f, got->asked, nm_html_tree(&b, f->capture, line, n));
	int err = b.failed ? ENOMEM : 0;

	if (!err && place < got->asked && !got->of_place[place]) {
		struct part *p = &got->parts[got->n++];

		*p = (struct part){ .at = got->kept.bytes, .n = (uint32_t)b.n };
		got->of_place[place] = p;
		err = nm_scratch_write(&got->kept, b.data, b.n);
	}
	nm_buf_done(&b);
	return err;
}

static int keep_parts(const struct nm_html_frames *f, struct fetched *got, FILE *file)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t n;
	int err = nm_scratch_open(&got->kept);

	while (!err && (n = getline(&line, &room, file)) > 0)
		if (n <= LINE_MOST)
			err = keep_part(f, got, line, (size_t)n);
	free(line);
	return err;
}

/* Mark those that find room, the best places first; how many. */
static uint32_t choose(struct fetched *got, uint64_t room)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < got->asked; i++) {
		struct part *p = got->of_place[i];

		if (!p || p->n > room)
			continue;
		p->taken = true;
		room -= p->n;
		n++;
	}
	return n;
}

/* ---- writing --------------------------------------------------------------------------------------- */

/* As a shell reads it. */
static void write_quoted(struct nm_buf *b, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-+=:@%./";
	struct nm_buf word = { 0 };

	if (*path && path[strspn(path, plain)] == '\0') {
		nm_html_text(b, path);
		return;
	}
	nm_buf_puts(&word, "'");
	for (const char *p = path; *p; p++)
		nm_buf_add(&word, *p == '\'' ? "'\\''" : p, *p == '\'' ? 4 : 1);
	nm_buf_puts(&word, "'");
	if (word.failed)
		b->failed = true;
	else
		nm_html_text(b, word.data);
	nm_buf_done(&word);
}

static void begin_section(const struct nm_html_frames *f, struct nm_buf *b, const char *path)
{
	nm_buf_printf(b,
	    "<section class=frames id=frames%u data-capture=%u data-command=\"netmon frames -V -x "
	    "-r ",
	    f->capture, f->capture);
	write_quoted(b, path);
	nm_buf_puts(b, " --frames=\">\n<h3>Frames</h3>\n");
}

static void write_how_many(
    const struct nm_html_frames *f, struct nm_buf *b, const char *path, uint32_t shown)
{
	nm_buf_puts(b, "<p>");
	nm_buf_count(b, shown);
	nm_buf_puts(b, f->dropped ? " of more than " : " of ");
	nm_buf_count(b, f->n);
	nm_buf_puts(b, f->n == 1 ? " frame that events name is" : " frames that events name are");
	nm_buf_puts(b, " in this page. ");
	if (shown < f->n)
		nm_buf_puts(b, "Those of the first events of each kind have a place, of warnings "
			       "and worse before others. ");
	nm_buf_puts(b, "Any frame: <code>netmon frames -V -x -r ");
	write_quoted(b, path);
	nm_buf_puts(b, " --frames=N</code>\n");
}

static int copy_part(struct fetched *got, const struct part *p, struct nm_buf *b)
{
	int err = nm_scratch_seek(&got->kept, p->at);
	char piece[4096];

	for (uint32_t left = p->n; left && !err;) {
		size_t n = left < sizeof piece ? left : sizeof piece;

		err = nm_scratch_read(&got->kept, piece, n);
		if (!err)
			nm_buf_add(b, piece, n);
		left -= (uint32_t)n;
	}
	return err;
}

static int write_chosen(const struct nm_html_frames *f, struct fetched *got,
    const struct nm_again *again, const char *path, uint64_t room, struct nm_buf *b)
{
	uint32_t shown = choose(got, room);
	int err = 0;

	if (shown)
		write_how_many(f, b, path, shown);
	if (!shown || again->why[0]) {
		nm_buf_puts(b, shown ? "<p class=bad>While frames were read: "
				     : "<p class=bad>The frames that events name could not be "
				       "read: ");
		nm_html_text(b, again->why[0] ? again->why : "nothing came");
		nm_buf_puts(b, "\n");
	}
	for (uint32_t i = 0; i < got->n && !err; i++)
		if (got->parts[i].taken)
			err = copy_part(got, &got->parts[i], b);
	return err;
}

static int write_frames(struct nm_html_frames *f, const struct nm_capture_report *c,
    struct nm_again *again, uint64_t room, struct nm_buf *b)
{
	struct fetched got = { .asked = f->n < ASKED_MOST ? f->n : ASKED_MOST };
	FILE *file;
	int err = 0;

	if (got.asked > room / A_FRAME)
		got.asked = (uint32_t)(room / A_FRAME);
	file = fetch(f, again, c->open, got.asked);
	if (file) {
		err = keep_parts(f, &got, file);
		(void)fclose(file);
	}
	err = err ? err : write_chosen(f, &got, again, c->path, room, b);
	nm_scratch_close(&got.kept);
	return err;
}

int nm_html_frames_write(
    struct nm_html_frames *f, const struct nm_capture_report *c, uint64_t room, struct nm_buf *b)
{
	struct nm_again again;
	int err = f->failed ? ENOMEM : 0;

	settle(f);
	if (err || f->n == 0)
		return err;
	begin_section(f, b, c->path);
	if (nm_again_init(&again, f->run, c) || c->open)
		err = write_frames(f, c, &again, room, b);
	else
		nm_buf_puts(b, "<p class=bad>The frames that events name are not in this page: the "
			       "capture can't be read again.\n");
	nm_buf_puts(b, "</section>\n");
	return err;
}

void nm_html_frames_done(struct nm_html_frames *f)
{
	free(f->list);
	f->list = NULL;
	f->n = 0;
}
