/* SPDX-License-Identifier: MIT */
/* Summing up notes. */
#include "capture/digest.h"
#include "base/bytes.h"
#include "capture/pcapng.h"
#include "capture/records.h"

#include <netmon.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

struct digest {
	struct nm_digest *d;
	nm_digest_fn fn;
	void *ctx;
	unsigned texts;
	bool netmon;       /* the numbers of blocks are those of Network Monitor */
	bool process_fits; /* the process that is being told of is one of the texts */
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

static bool has_room(struct digest *x)
{
	if (x->texts++ < NM_DIGEST_TEXTS)
		return true;
	x->d->texts_left_out++;
	return false;
}

/* The format of an icon, which no document states; "": none that is known. */
static const char *icon_format(const uint8_t *p, uint32_t n)
{
	static const struct {
		const char *name, *begins;
		uint32_t n;
	} formats[] = { { "ICO", "\0\0\1", 4 }, { "PNG", "\x89PNG", 4 }, { "BMP", "BM", 2 },
		{ "DIB", "\x28\0\0", 4 } };

	for (size_t i = 0; p && i < sizeof formats / sizeof *formats; i++)
		if (n >= formats[i].n && memcmp(p, formats[i].begins, formats[i].n) == 0)
			return formats[i].name;
	return "";
}

static bool give_text(struct digest *x, const struct nm_note *n)
{
	char text[NM_DIGEST_TEXT] = "";
	struct nm_digest_text t = { .owner = n->owner,
		.number = n->number,
		.code = n->code,
		.text = text,
		.value = n->value };
	uint32_t bytes;
	const uint8_t *p = text_of(n, &bytes);

	if (n->code == NM_NOTE_ICON)
		(void)snprintf(text, sizeof text, "%s", icon_format(p, bytes));
	else if (n->code == NM_NOTE_LOCAL || n->code == NM_NOTE_REMOTE)
		(void)inet_ntop(bytes == 4 ? AF_INET : AF_INET6, p, text, sizeof text);
	else if (n->code == NM_NOTE_MAC && n->n == 6)
		(void)snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x", n->p[0], n->p[1],
		    n->p[2], n->p[3], n->p[4], n->p[5]);
	else if (p && bytes)
		memcpy(text, p, bytes < sizeof text ? bytes : sizeof text - 1);
	return x->fn(x->ctx, &t);
}

static bool hand_on(struct digest *x, const struct nm_note *n)
{
	return !has_room(x) || give_text(x, n);
}

static bool take_process(struct digest *x, const struct nm_note *n)
{
	if (n->code == NM_NOTE_NAME) {
		x->d->processes++;
		x->process_fits = has_room(x);
	}
	return n->code == NM_NOTE_BODY || !x->process_fits || give_text(x, n);
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

/* Records of a block of names: 2 type, 2 length, and an address with its names. */
static void count_names(struct nm_digest *d, const struct nm_note *n)
{
	struct nm_cur c = nm_cur_over(n->p, n->p ? n->n : 0);
	struct nm_ng_option record;
	bool bad = false;

	while (nm_ng_next_option(&c, false, &record, &bad)) {
		d->names_ipv4 += record.code == 1;
		d->names_ipv6 += record.code == 2;
	}
}

static void set_counter(struct nm_digest *d, const struct nm_note *n)
{
	unsigned i = (unsigned)n->code - NM_NOTE_RECEIVED;
	unsigned time = (unsigned)n->code - NM_NOTE_TAKEN;
	struct nm_counters *c;

	if (n->number >= NM_FACTS_INTERFACES)
		return;
	c = &d->counters[n->number];
	if (i < NM_COUNTS) {
		c->known |= (uint8_t)(1u << i);
		c->n[i] = n->value;
	} else if (time < NM_COUNTS_TIMES) {
		c->known_times |= (uint8_t)(1u << time);
		c->times[time] = (int64_t)n->value;
	}
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
	case NM_NOTE_OF_PROCESS: return take_process(x, n);
	case NM_NOTE_OF_BLOCK:
		if (x->netmon && n->number == NM_NOTE_STATISTICS)
			return true; /* told as counters */
		count_block(d, n->number);
		if (n->number == NM_NG_NAMES)
			count_names(d, n);
		return true;
	}
	return true;
}

/* ---- frames ---- */

static void count_link(struct nm_digest *d, uint32_t type, uint64_t n)
{
	uint32_t i = 0;

	while (i < d->n_links && d->links[i].type != type)
		i++;
	if (i == NM_DIGEST_LINKS) {
		d->other_links += n;
		return;
	}
	if (i == d->n_links)
		d->links[d->n_links++].type = type;
	d->links[i].n += n;
}

static void count_event(struct nm_digest *d, const uint8_t *provider)
{
	uint32_t i = 0;

	while (i < d->n_providers &&
	       memcmp(d->providers[i].id, provider, sizeof d->providers[i].id) != 0)
		i++;
	if (i == NM_DIGEST_EVENTS) {
		d->other_events++;
		return;
	}
	if (i == d->n_providers)
		memcpy(d->providers[d->n_providers++].id, provider, NM_RECORD_PROVIDER);
	d->providers[i].n++;
}

/* What Network Monitor puts between frames. */
static bool take_record(struct digest *x, const struct nm_frame *f)
{
	const uint8_t *p = f->record + 16, *provider;
	uint32_t stored = nm_le32(f->record + 12);
	char text[NM_DIGEST_TEXT];

	provider = nm_record_provider(f->link_type, p, stored);
	if (provider)
		count_event(x->d, provider);
	if (!nm_record_text(f->link_type, p, stored, text, sizeof text) || !has_room(x))
		return true;
	return x->fn(x->ctx, &(struct nm_digest_text){ .owner = NM_NOTE_OF_FRAME,
				 .number = f->number,
				 .code = NM_NOTE_RECORD,
				 .text = text });
}

static void count_cut(struct nm_digest *d, uint32_t wire, uint32_t stored)
{
	if (stored >= wire)
		return;
	if (d->cut_frames++ == 0 || stored < d->cut_min)
		d->cut_min = stored;
	if (stored > d->cut_max)
		d->cut_max = stored;
}

static uint32_t walk(struct digest *x, struct nm_view *v, const struct nm_capture_facts *facts)
{
	uint32_t err = NMERR_SUCCESS, interface = 0;
	struct nm_frame f;

	for (uint32_t n = 0; n < facts->frames; n++) {
		err = nm_view_frame(v, n, &f);
		if (err)
			break;
		if (facts->format == NM_FORMAT_PCAPNG)
			(void)nm_view_time(v, n, &interface);
		if (interface < NM_FACTS_INTERFACES)
			x->d->frames[interface]++;
		count_link(x->d, f.link_type, 1);
		count_cut(x->d, nm_le32(f.record + 8), nm_le32(f.record + 12));
		if (f.link_type != NM_LINK_NONE && f.link_type & NM_LINK_NETMON &&
		    !take_record(x, &f))
			break;
	}
	return err;
}

/* What has one interface was counted with the index, and needs no walk. */
static uint32_t digest_frames(struct digest *x, struct nm_capture *c)
{
	struct nm_capture_facts facts;
	uint32_t err = NMERR_OUT_OF_MEMORY;
	struct nm_view *v;

	nm_capture_facts(c, &facts);
	if (facts.frames == 0)
		return NMERR_SUCCESS;
	if (facts.n_interfaces == 1 &&
	    (facts.format != NM_FORMAT_NETMON2 || facts.version_minor == 0)) {
		x->d->frames[0] = facts.frames;
		x->d->cut_frames = facts.cut_frames;
		x->d->cut_min = facts.cut_min;
		x->d->cut_max = facts.cut_max;
		count_link(x->d, facts.link_type, facts.frames);
		return NMERR_SUCCESS;
	}
	v = nm_view_new(c, 1);
	if (v && nm_view_keep_times(v))
		err = walk(x, v, &facts);
	nm_view_free(v);
	return err;
}

uint32_t nm_capture_digest(struct nm_capture *c, nm_digest_fn fn, void *ctx, struct nm_digest *ret)
{
	struct digest x = { .d = ret, .fn = fn, .ctx = ctx };
	struct nm_notes *r = nm_notes_new(c);
	struct nm_capture_facts facts;
	uint32_t err, err_frames;

	*ret = (struct nm_digest){ 0 };
	nm_capture_facts(c, &facts);
	x.netmon = facts.format != NM_FORMAT_PCAPNG;
	if (!r)
		return NMERR_OUT_OF_MEMORY;
	err = nm_notes_read(r, NM_NOTES_ALL, take, &x);
	ret->cut = nm_notes_cut(r);
	ret->sections = nm_notes_sections(r);
	nm_notes_free(r);
	err_frames = digest_frames(&x, c);
	return err ? err : err_frames;
}
