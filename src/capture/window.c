/* SPDX-License-Identifier: MIT */
/* A stretch of the file in memory, and the frames in it. */
#include "capture/capture_int.h"

#include <netmon.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define GRAIN  (NM_WINDOW_BYTES / 4) /* windows grow in steps of this */
#define PLACES UINT32_C(4096) /* bytes of room for placing data at a chosen offset in a page */
#define PLACE  UINT32_C(40)   /* see nm_window_read */

static void drop_bytes(struct nm_window *w)
{
	nm_prim_free(w->mem);
	nm_prim_free(w->copy);
	w->mem = w->copy = NULL;
	w->room = 0;
}

/* Make room for n bytes of the file; what was there is lost. */
static bool take_bytes(struct nm_window *w, const struct nm_capture *c, size_t n)
{
	drop_bytes(w);
	w->mem = nm_prim_alloc(NM_WINDOW_HEAD + n + PLACES);
	/* A copy holds 16 bytes for every 8 of a record head, at most. */
	if (c->copies)
		w->copy = nm_prim_alloc(2 * n + NM_FRAME_HEAD);
	if (!w->mem || (c->copies && !w->copy)) {
		drop_bytes(w);
		return false;
	}
	w->room = n;
	return true;
}

bool nm_window_init(struct nm_window *w, const struct nm_capture *c)
{
	*w = (struct nm_window){ .end = NM_END_READ, .wait = NM_WAIT, .stop = w->stop };
	w->at = nm_prim_alloc((NM_WINDOW_FRAMES + NM_FRAMES_AHEAD) * sizeof *w->at);
	if (c->links_vary)
		w->link = nm_prim_alloc(NM_WINDOW_FRAMES * sizeof *w->link);
	if (w->at && (w->link || !c->links_vary) && take_bytes(w, c, NM_WINDOW_BYTES))
		return true;
	nm_window_done(w);
	return false;
}

void nm_window_done(struct nm_window *w)
{
	drop_bytes(w);
	nm_prim_free(w->at);
	nm_prim_free(w->link);
	nm_prim_free(w->ns);
	w->ns = NULL;
	w->at = NULL;
	w->link = NULL;
	w->count = 0;
}

void nm_window_spoil(struct nm_window *w, enum nm_harm harm, uint64_t offset, const char *fmt, ...)
{
	char text[NM_DIAG_TEXT];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	w->end = NM_END_DAMAGE;
	w->truncated = harm == NM_HARM_TRUNCATED;
	(void)nm_diag_set(&w->flaw, NMERR_INVALID_FILE_FORMAT, offset, "%s", text);
}

static void read_failed(struct nm_window *w, uint64_t offset)
{
	w->end = NM_END_READ;
	w->truncated = false;
	(void)nm_diag_set(&w->flaw, NMERR_FILE_READ_ERROR, offset,
	    "at byte %llu: the file no longer gives what it held when it was opened",
	    (unsigned long long)offset);
}

bool nm_window_read(const struct nm_capture *c, struct nm_window *w, uint64_t offset, uint64_t n)
{
	size_t want = n < w->room ? (size_t)n : w->room;
	uintptr_t p = (uintptr_t)(w->mem + NM_WINDOW_HEAD);
	ssize_t got;

	w->base = offset;
	w->data = w->counts ? nm_source_lend(c->source, offset, want) : NULL;
	if (w->data) {
		w->len = want;
		w->cut = false;
		return true;
	}
	/* Where in a page the copy goes matters: 40 bytes behind the place it comes
	 * from was fastest of the distances measured (7 % before none at all, where
	 * loads and stores collide in the low address bits). */
	w->data = w->mem + NM_WINDOW_HEAD + ((offset + PLACE - p) & (PLACES - 1));
	got = nm_source_pread(c->source, w->data, want, offset);
	w->len = got < 0 ? 0 : (size_t)got;
	w->cut = w->len < want;
	if (w->len > 0 || want == 0)
		return true;
	read_failed(w, offset);
	return false;
}

bool nm_window_fill(const struct nm_capture *c, struct nm_window *w)
{
	uint64_t offset = w->next.offset, least = w->least ? w->least : 1;
	uint64_t there = nm_source_await(
	    c->source, offset, offset + least, offset + w->room, w->wait, w->stop, &w->total);

	if (offset == w->total) {
		w->end = NM_END_CLEAN;
		return false;
	}
	if (offset > w->total) { /* only of a stream: the end of a file is known beforehand */
		nm_window_spoil(w, NM_HARM_TRUNCATED, w->total,
		    "at byte %llu: the file is cut in a block that reaches to byte %llu",
		    (unsigned long long)w->total, (unsigned long long)offset);
		return false;
	}
	if (there < offset + least && w->total == NM_BYTES_UNKNOWN) {
		w->end = NM_END_WAIT;
		return false;
	}
	return nm_window_read(c, w, offset, there - offset);
}

/* Room for the record that does not fit. */
static bool grow(struct nm_window *w, const struct nm_capture *c)
{
	size_t need = w->need;

	if (need <= w->room && (w->ask == 0 || w->total == NM_BYTES_UNKNOWN))
		return true; /* it fits once it is there, or nothing else is read ahead of it */
	if (need <= w->room)
		need = w->room + 1;
	need = (need + GRAIN - 1) / GRAIN * GRAIN;
	w->calm = 0;
	return need <= NM_WINDOW_MAX + GRAIN && take_bytes(w, c, need);
}

static void begin(struct nm_window *w, const struct nm_pos *pos)
{
	w->first = pos->frame;
	w->count = 0;
	w->next = *pos;
	w->end = NM_END_MORE;
	w->need = 0;
	w->frames = w->mem;
}

void nm_window_load(struct nm_window *w, const struct nm_capture *c, struct nm_walk *k,
    const struct nm_pos *at, struct nm_tally *t)
{
	const struct nm_pos pos = *at; /* it may point into w */

	w->ask = 0;
	w->least = 0;
	w->total = c->file_bytes;
	w->count = 0;
	w->counts = t != NULL;
	w->afar = t != NULL && nm_source_is_stream(c->source);
	if (w->room != NM_WINDOW_BYTES && w->calm++ >= NM_WINDOW_CALM)
		drop_bytes(w);
	if (w->room == 0 && !take_bytes(w, c, NM_WINDOW_BYTES)) {
		w->end = NM_END_MEMORY;
		return;
	}
	for (;;) {
		begin(w, &pos);
		if (!c->ops->fill(c, w))
			return;
		w->back = false;
		c->ops->decode(c, k, w, t);
		if (w->end != NM_END_MORE)
			return;
		if (w->cut) {
			read_failed(w, w->base + w->len);
			return;
		}
		if (w->count > 0 || w->next.offset != pos.offset)
			return;
		w->least = w->need > w->len ? w->need : w->len + 1;
		if (!grow(w, c)) {
			w->end = NM_END_MEMORY;
			return;
		}
		w->ask = w->need;
	}
}
