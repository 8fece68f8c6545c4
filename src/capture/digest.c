/* SPDX-License-Identifier: MIT */
/* Summing up notes. */
#include "capture/digest.h"

#include <netmon.h>
#include <stdio.h>
#include <string.h>

struct digest {
	struct nm_digest *d;
	nm_digest_fn fn;
	void *ctx;
	unsigned texts;
};

/* Where a text stands in the bytes of a note; NULL: it has none for people. */
static const uint8_t *text_of(const struct nm_note *n, uint32_t *ret_n)
{
	*ret_n = n->n;
	if (n->code != NM_NOTE_FILTER)
		return n->p;
	if (n->n == 0 || n->p[0] != 0)
		return NULL; /* compiled */
	*ret_n = n->n - 1;
	return n->p + 1;
}

static bool hand_on(struct digest *x, const struct nm_note *n)
{
	char text[NM_DIGEST_TEXT] = "";
	struct nm_digest_text t = { .owner = n->owner,
		.number = n->number,
		.code = n->code,
		.text = text,
		.value = n->value };
	uint32_t bytes;
	const uint8_t *p = text_of(n, &bytes);

	if (x->texts++ >= NM_DIGEST_TEXTS) {
		x->d->texts_left_out++;
		return true;
	}
	if (n->code == NM_NOTE_MAC && n->n == 6)
		(void)snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x", n->p[0], n->p[1],
		    n->p[2], n->p[3], n->p[4], n->p[5]);
	else if (p && bytes)
		memcpy(text, p, bytes < sizeof text ? bytes : sizeof text - 1);
	return x->fn(x->ctx, &t);
}

static void count_block(struct nm_digest *d, uint32_t type)
{
	uint32_t i = 0;

	while (i < d->n_blocks && d->blocks[i].type != type)
		i++;
	if (i == NM_DIGEST_BLOCKS) {
		d->other_blocks++;
		return;
	}
	if (i == d->n_blocks) {
		d->n_blocks++;
		d->blocks[i].type = type;
	}
	d->blocks[i].n++;
}

static void set_counter(struct nm_digest *d, const struct nm_note *n)
{
	unsigned i = (unsigned)n->code - NM_NOTE_RECEIVED;

	if (n->number >= NM_FACTS_INTERFACES || i >= NM_COUNTS)
		return;
	d->counters[n->number].known |= (uint8_t)(1u << i);
	d->counters[n->number].n[i] = n->value;
}

static bool is_shown(enum nm_note_code code)
{
	switch (code) {
	case NM_NOTE_COMMENT:
	case NM_NOTE_HARDWARE:
	case NM_NOTE_OS:
	case NM_NOTE_APPLICATION:
	case NM_NOTE_DESCRIPTION:
	case NM_NOTE_FILTER:
	case NM_NOTE_MAC:
	case NM_NOTE_SPEED: return true;
	default: return false;
	}
}

static bool take(void *ctx, const struct nm_note *n)
{
	struct digest *x = ctx;
	struct nm_digest *d = x->d;

	switch (n->owner) {
	case NM_NOTE_OF_SECTION: return !is_shown(n->code) || hand_on(x, n);
	case NM_NOTE_OF_INTERFACE:
		return n->number >= NM_FACTS_INTERFACES || !is_shown(n->code) || hand_on(x, n);
	case NM_NOTE_OF_FRAME:
		if (n->code == NM_NOTE_DROPS)
			d->frame_drops += n->value;
		if (n->code != NM_NOTE_COMMENT)
			return true;
		d->frame_comments++;
		return hand_on(x, n);
	case NM_NOTE_OF_COUNTERS: set_counter(d, n); return true;
	case NM_NOTE_OF_PROCESS: d->processes += n->code == NM_NOTE_NAME; return hand_on(x, n);
	case NM_NOTE_OF_BLOCK: count_block(d, n->number); return true;
	}
	return true;
}

uint32_t nm_capture_digest(struct nm_capture *c, nm_digest_fn fn, void *ctx, struct nm_digest *ret)
{
	struct digest x = { .d = ret, .fn = fn, .ctx = ctx };
	struct nm_notes *r = nm_notes_new(c);
	uint32_t err;

	*ret = (struct nm_digest){ 0 };
	if (!r)
		return NMERR_OUT_OF_MEMORY;
	err = nm_notes_read(r, NM_NOTES_ALL, take, &x);
	ret->cut = nm_notes_cut(r);
	ret->sections = nm_notes_sections(r);
	nm_notes_free(r);
	return err;
}
