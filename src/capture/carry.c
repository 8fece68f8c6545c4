/* SPDX-License-Identifier: MIT */
/* Notes from one file into another: once over all of them to keep what stands at the
 * beginning of the target and to count, then frame by frame with the frames. */
#include "capture/carry.h"
#include "capture/pcapng.h"

#include <netmon.h>

/* Put a note as the option that it is in pcapng. False: there is none, or no room. */
static bool put_note(struct nm_options *o, const struct nm_note *n)
{
	unsigned bytes;
	uint16_t code = nm_ng_option_of(n->owner, n->code, &bytes);
	uint8_t number[8];

	if (code == 0 || n->n > UINT16_MAX)
		return false;
	if (bytes == 0)
		return nm_options_put(o, code, n->p, (uint16_t)n->n);
	nm_put_le64(number, n->value);
	return nm_options_put(o, code, number, (uint16_t)bytes);
}

/* ---- once over all ---- */

static struct nm_options *options_of(struct nm_carry_list *l, uint32_t i)
{
	uint32_t n = i < 16 ? 16 : (i + 1) * 2;
	struct nm_options *p;

	if (i < l->n)
		return &l->p[i];
	p = nm_prim_realloc(l->p, n * sizeof *p);
	if (!p)
		return NULL;
	memset(p + l->n, 0, (n - l->n) * sizeof *p);
	*l = (struct nm_carry_list){ p, n };
	return &p[i];
}

static const struct nm_options *options_in(const struct nm_carry_list *l, uint32_t i)
{
	return i < l->n && l->p[i].n ? &l->p[i] : NULL;
}

static void list_done(struct nm_carry_list *l)
{
	for (uint32_t i = 0; i < l->n; i++)
		nm_options_done(&l->p[i]);
	nm_prim_free(l->p);
}

static void keep(struct nm_carry *x, struct nm_options *o, const struct nm_note *n)
{
	size_t before = o ? o->n : 0;

	if (!o || x->bytes + n->n > NM_CARRY_MAX || !put_note(o, n))
		x->lost->texts_lost++;
	else
		x->bytes += o->n - before;
}

static void take_section(struct nm_carry *x, const struct nm_note *n)
{
	bool is_comment = n->code == NM_NOTE_COMMENT;

	if (n->code == NM_NOTE_BEGINS) {
		if (x->target.to == NM_FORMAT_PCAPNG)
			x->has_more |= n->number > 0;
		else
			x->lost->sections_lost += n->number > 0;
		return;
	}
	if (x->target.to == NM_FORMAT_PCAPNG)
		keep(x, options_of(&x->sections, n->number), n);
	else if (!is_comment || n->number > 0 || x->said_comment)
		x->lost->texts_lost++;
	x->said_comment |= is_comment; /* the first section's first one is told apart */
}

static void take_interface(struct nm_carry *x, const struct nm_note *n)
{
	if (x->target.to == NM_FORMAT_PCAPNG)
		keep(x, options_of(&x->interfaces, n->number), n);
	else
		/* Names are told apart; a card is in the network info. */
		x->lost->texts_lost += n->code != NM_NOTE_NAME && !x->same;
}

static void take_of_frame(struct nm_carry *x, const struct nm_note *n)
{
	bool comment = n->code == NM_NOTE_COMMENT;

	if (n->number < x->target.first || n->number > x->target.last)
		return;
	if (x->target.to == NM_FORMAT_PCAPNG || (x->target.to == NM_FORMAT_NETMON2 && comment))
		x->has_more = true;
	else if (comment)
		x->lost->frame_comments_lost++;
	else
		x->lost->texts_lost++;
	x->has_comments |= comment;
}

/* More of an area. False: there is no room. */
static bool keep_area(struct nm_carry *x, struct nm_carry_area *a, const uint8_t *p, uint32_t n)
{
	uint8_t *all;

	if (x->bytes + n > NM_CARRY_MAX)
		return false;
	all = nm_prim_realloc(a->p, (size_t)a->n + n);
	if (!all)
		return false;
	memcpy(all + a->n, p, n);
	*a = (struct nm_carry_area){ all, a->n + n };
	x->bytes += n;
	return true;
}

static struct nm_carry_area *area_of(struct nm_carry *x, uint32_t block)
{
	switch (block) {
	case NM_NOTE_USER_DATA: return &x->user_data;
	case NM_NOTE_STATISTICS: return &x->statistics;
	case NM_NOTE_NETWORK_INFO: return &x->network_info;
	default: return NULL;
	}
}

/* Frames name processes by their place in the table: one that can't be kept leaves an
 * empty entry. */
static void take_process(struct nm_carry *x, const struct nm_note *n)
{
	static const uint8_t empty[NM_PROCESS_LEAST];
	bool kept = x->same && n->p && keep_area(x, &x->processes, n->p, n->n);

	x->lost->processes_lost += !kept;
	if (x->same && (kept || keep_area(x, &x->processes, empty, sizeof empty)))
		x->n_processes++;
}

static void take_block(struct nm_carry *x, const struct nm_note *n)
{
	struct nm_carry_area *a = x->netmon ? area_of(x, n->number) : NULL;

	if (a && x->same && n->p && keep_area(x, a, n->p, n->n))
		return;
	if (!a && x->target.to == NM_FORMAT_PCAPNG && n->p)
		x->has_more = true;
	else if (n->number != NM_NOTE_STATISTICS || x->same || !x->netmon)
		x->lost->blocks_lost++; /* statistics have been counters otherwise */
}

static bool look(void *ctx, const struct nm_note *n)
{
	struct nm_carry *x = ctx;

	switch (n->owner) {
	case NM_NOTE_OF_SECTION: take_section(x, n); break;
	case NM_NOTE_OF_INTERFACE: take_interface(x, n); break;
	case NM_NOTE_OF_FRAME: take_of_frame(x, n); break;
	case NM_NOTE_OF_PROCESS:
		if (n->code == NM_NOTE_BODY)
			take_process(x, n);
		break;
	case NM_NOTE_OF_COUNTERS:
		if (x->target.to == NM_FORMAT_PCAPNG)
			x->has_more = true;
		else if (!x->same)
			x->lost->texts_lost++;
		break;
	case NM_NOTE_OF_BLOCK: take_block(x, n); break;
	}
	return true;
}

static const struct nm_carry_counters no_counters = {
	.taken_ns = NM_NO_TIME, .started_ns = NM_NO_TIME, .ended_ns = NM_NO_TIME
};

uint32_t nm_carry_init(struct nm_carry *x, struct nm_capture *c, const struct nm_target_format *t,
    const struct nm_carry_sink *sink, struct nm_conversion *lost)
{
	uint32_t err = NMERR_OUT_OF_MEMORY;
	struct nm_capture_facts facts;

	*x =
	    (struct nm_carry){ .target = *t, .sink = *sink, .lost = lost, .counters = no_counters };
	nm_capture_facts(c, &facts);
	x->netmon = facts.format == NM_FORMAT_NETMON1 || facts.format == NM_FORMAT_NETMON2;
	x->same = x->netmon && t->to == NM_FORMAT_NETMON2;
	x->notes = nm_notes_new(c);
	if (x->notes)
		err = nm_notes_read(x->notes, NM_NOTES_ALL, look, x);
	/* What can't be read any more is told when its frames can't. */
	if (err == NMERR_OUT_OF_MEMORY)
		return err;
	nm_notes_free(x->notes);
	x->notes = x->has_more ? nm_notes_new(c) : NULL;
	return x->has_more && !x->notes ? NMERR_OUT_OF_MEMORY : NMERR_SUCCESS;
}

/* ---- frame by frame ---- */

static void give_counters(struct nm_carry *x)
{
	struct nm_options o;

	if (x->counters.said)
		x->sink.counters(x->sink.ctx, &x->counters);
	o = x->counters.options;
	o.n = 0;
	x->counters = no_counters;
	x->counters.options = o;
}

/* Counters of one block come one after another, each once. */
static void take_counter(struct nm_carry *x, const struct nm_note *n)
{
	struct nm_carry_counters *c = &x->counters;

	if (n->number != c->interface || n->code == NM_NOTE_TAKEN ||
	    (n->code != NM_NOTE_COMMENT && c->said & UINT32_C(1) << n->code))
		give_counters(x);
	c->interface = n->number;
	c->said |= UINT32_C(1) << n->code;
	switch (n->code) {
	case NM_NOTE_TAKEN: c->taken_ns = (int64_t)n->value; break;
	case NM_NOTE_STARTED: c->started_ns = (int64_t)n->value; break;
	case NM_NOTE_ENDED: c->ended_ns = (int64_t)n->value; break;
	default:
		if (!put_note(&c->options, n))
			x->lost->texts_lost++;
	}
}

static bool carry(void *ctx, const struct nm_note *n)
{
	struct nm_carry *x = ctx;

	if (x->target.to != NM_FORMAT_PCAPNG && n->owner != NM_NOTE_OF_FRAME)
		return true; /* counted as lost before */
	if (n->owner != NM_NOTE_OF_COUNTERS)
		give_counters(x);
	switch (n->owner) {
	case NM_NOTE_OF_SECTION:
		if (n->code == NM_NOTE_BEGINS && n->number > 0)
			x->sink.section(x->sink.ctx, n->number, (uint32_t)n->value);
		break;
	case NM_NOTE_OF_COUNTERS: take_counter(x, n); break;
	case NM_NOTE_OF_BLOCK:
		if (n->p && !x->netmon)
			x->sink.block(x->sink.ctx, n->number, n->p, n->n);
		break;
	case NM_NOTE_OF_FRAME:
		if (n->number != x->number)
			break; /* of one that is not written */
		if (put_note(&x->frame, n))
			x->frame_comments += n->code == NM_NOTE_COMMENT;
		else if (n->code == NM_NOTE_COMMENT)
			x->lost->frame_comments_lost++;
		else
			x->lost->texts_lost++;
		break;
	default: break;
	}
	return true;
}

uint32_t nm_carry_frame(struct nm_carry *x, uint32_t n)
{
	uint32_t err;

	x->frame.n = 0;
	x->frame_comments = 0;
	if (!x->notes)
		return NMERR_SUCCESS;
	x->number = n;
	err = nm_notes_read(x->notes, n, carry, x);
	give_counters(x);
	return err;
}

void nm_carry_lose_frame(struct nm_carry *x)
{
	x->lost->frame_comments_lost += x->frame_comments;
}

const struct nm_options *nm_carry_section(const struct nm_carry *x, uint32_t i)
{
	return options_in(&x->sections, i);
}

const struct nm_options *nm_carry_interface(const struct nm_carry *x, uint32_t i)
{
	return options_in(&x->interfaces, i);
}

void nm_carry_done(struct nm_carry *x)
{
	nm_notes_free(x->notes);
	list_done(&x->sections);
	list_done(&x->interfaces);
	nm_prim_free(x->user_data.p);
	nm_prim_free(x->statistics.p);
	nm_prim_free(x->network_info.p);
	nm_prim_free(x->processes.p);
	nm_options_done(&x->frame);
	nm_options_done(&x->counters.options);
	*x = (struct nm_carry){ 0 };
}
