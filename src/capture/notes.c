/* SPDX-License-Identifier: MIT */
/* A pass over a capture for what is no frame. */
#include "capture/notes_int.h"

#include <netmon.h>

#define BUFFER NM_WINDOW_BYTES

/* Nothing stands behind damage. */
static uint64_t end_of(const struct nm_capture_facts *f)
{
	uint64_t end = f->packing[0] ? f->unpacked_bytes : f->file_bytes;

	if (f->damage.code && f->damage.offset < end)
		end = f->damage.offset;
	return end;
}

struct nm_notes *nm_notes_new(struct nm_capture *c)
{
	struct nm_notes *r = nm_prim_alloc(sizeof *r);

	if (!r)
		return NULL;
	*r = (struct nm_notes){ .c = c, .at = c->begin, .room = BUFFER };
	nm_capture_facts(c, &r->facts);
	r->end = end_of(&r->facts);
	r->buf = nm_prim_alloc(BUFFER);
	if (!r->buf || (c->ops == &nm_netmon_ops && nm_notes_netmon_open(r) != NMERR_SUCCESS)) {
		nm_notes_free(r);
		return NULL;
	}
	return r;
}

void nm_notes_free(struct nm_notes *r)
{
	if (!r)
		return;
	nm_walk_done(&r->walk);
	nm_prim_free(r->comments);
	nm_prim_free(r->text);
	nm_prim_free(r->buf);
	nm_prim_free(r);
}

const uint8_t *nm_notes_bytes(struct nm_notes *r, uint64_t offset, size_t n, uint32_t *ret_err)
{
	uint64_t left = offset < r->end ? r->end - offset : 0;
	ssize_t got;

	if (offset >= r->base && offset - r->base <= r->len && r->len - (offset - r->base) >= n)
		return r->buf + (offset - r->base);
	if (n > left)
		goto unreadable;
	if (n > r->room) {
		uint8_t *p = nm_prim_realloc(r->buf, n);

		if (!p) {
			*ret_err = NMERR_OUT_OF_MEMORY;
			return NULL;
		}
		r->buf = p;
		r->room = n;
	}
	r->base = offset;
	r->len = 0;
	got =
	    nm_source_pread(r->c->source, r->buf, left < r->room ? (size_t)left : r->room, offset);
	if (got < 0 || (size_t)got < n)
		goto unreadable;
	r->len = (size_t)got;
	return r->buf;

unreadable:
	*ret_err = NMERR_FILE_READ_ERROR;
	return NULL;
}

void nm_notes_tell(struct nm_notes *r, const struct nm_note *note)
{
	if (!r->ended && !r->fn(r->ctx, note))
		r->ended = true;
}

static uint32_t read_to(struct nm_notes *r, uint32_t n)
{
	if (r->c->ops == &nm_pcapng_ops)
		return nm_notes_pcapng(r, n);
	if (r->c->ops == &nm_netmon_ops)
		return nm_notes_netmon(r, n);
	return NMERR_SUCCESS; /* pcap has none */
}

uint32_t nm_notes_read(struct nm_notes *r, uint32_t n, nm_note_fn fn, void *ctx)
{
	r->fn = fn;
	r->ctx = ctx;
	r->ended = false;
	return read_to(r, n);
}

struct only {
	uint32_t frame;
	nm_note_fn fn;
	void *ctx;
};

static bool pass_if_of_frame(void *ctx, const struct nm_note *note)
{
	const struct only *o = ctx;

	if (note->owner != NM_NOTE_OF_FRAME || note->number != o->frame)
		return true;
	return o->fn(o->ctx, note);
}

uint32_t nm_notes_frame(struct nm_notes *r, uint32_t n, nm_note_fn fn, void *ctx)
{
	struct only o = { n, fn, ctx };

	if (n >= r->facts.frames)
		return NMERR_SUCCESS;
	if (r->c->ops == &nm_netmon_ops)
		r->at.frame = n;
	else if (r->c->ops == &nm_pcapng_ops && !nm_notes_pcapng_seek(r, n))
		return NMERR_OUT_OF_MEMORY;
	return nm_notes_read(r, n, pass_if_of_frame, &o);
}

uint32_t nm_notes_sections(const struct nm_notes *r)
{
	return r->at.section + 1; /* UINT32_MAX: none */
}

bool nm_notes_cut(const struct nm_notes *r)
{
	return r->cut;
}
