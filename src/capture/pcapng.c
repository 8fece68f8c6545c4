/* SPDX-License-Identifier: MIT */
/* pcapng: blocks of sections and interfaces (IETF draft-ietf-opsawg-pcapng).
 *
 * Every block
 *   OFFSET SIZE MEANING
 *        0    4 type
 *        4    4 length of the whole block
 *        8    n body
 *      8+n    4 length again; the next block begins at a multiple of 4
 * Section header (0x0A0D0D0A)      8 byte-order magic, 12 major, 14 minor, 16 section length, 24 options
 * Interface (1)                    8 link type (2), 12 snap length, 16 options
 * Enhanced packet (6)              8 interface (4), 12 time (high, low), 20 stored, 24 wire, 28 bytes
 * Obsolete packet (2)              8 interface (2), 10 drops (2), then as the enhanced one
 * Simple packet (3)                8 wire, 12 bytes; interface 0, no time
 *
 * Other blocks are stepped over by their length; they hold no frames. Byte
 * order is that of the section. The 16 bytes before the bytes of an enhanced
 * or obsolete packet make room for the FRAME header; with a simple packet it
 * reaches 4 bytes back, over the length that closes the block before.
 */
#include "capture/pcapng.h"
#include "base/wide.h"

#include <netmon.h>
#include <inttypes.h>

#define SECTION_MIN   28u
#define INTERFACE_MIN 20u
#define PACKET_HEAD   28u
#define PACKET_MIN    32u
#define SIMPLE_HEAD   12u
#define SIMPLE_MIN    16u
#define COMMENT_MAX   (UINT32_C(64) << 10) /* bytes of a section header read for its comment */

enum option { OPT_COMMENT = 1, IF_NAME = 2, IF_TSRESOL = 9, IF_TSOFFSET = 14 };

/* ---- times ---- */

/* 10^n or 2^n ticks a second; 0 when that has more than 64 bits. */
static uint64_t ticks_of(uint8_t resolution)
{
	uint64_t n = 1;
	unsigned exp = resolution & 0x7f;

	if (resolution & 0x80)
		return exp < 64 ? UINT64_C(1) << exp : 0;
	if (exp > 19)
		return 0;
	while (exp-- > 0)
		n *= 10;
	return n;
}

static int64_t seconds_as_ns(int64_t s)
{
	int64_t ns;

	if (__builtin_mul_overflow(s, INT64_C(1000000000), &ns))
		return s < 0 ? INT64_MIN : INT64_MAX;
	return ns;
}

static void set_clock(struct nm_link *l, uint8_t resolution)
{
	l->ticks_per_s = ticks_of(resolution);
	switch (l->ticks_per_s) {
	case 0: l->clock = NM_CLOCK_NONE; break;
	case 1000000: l->clock = NM_CLOCK_US; break;
	case 1000000000: l->clock = NM_CLOCK_NS; break;
	default: l->clock = NM_CLOCK_ANY; break;
	}
}

/* Nanoseconds of a time stamp, at the ends of int64_t when beyond them. */
static inline int64_t ticks_as_ns(const struct nm_link *l, uint64_t ticks)
{
	int64_t ns;

	if (l->clock == NM_CLOCK_US) {
		ns = ticks > INT64_MAX / 1000 ? INT64_MAX : (int64_t)(ticks * 1000);
	} else if (l->clock == NM_CLOCK_NS) {
		ns = ticks > INT64_MAX ? INT64_MAX : (int64_t)ticks;
	} else {
		uint64_t x = nm_mul_div(ticks, 1000000000, l->ticks_per_s);

		ns = x > INT64_MAX ? INT64_MAX : (int64_t)x;
	}
	if (l->shift_ns != 0 && __builtin_add_overflow(ns, l->shift_ns, &ns))
		ns = l->shift_ns < 0 ? INT64_MIN : INT64_MAX;
	return ns;
}

/* ---- blocks ---- */

/* A window being decoded. */
struct run {
	const struct nm_capture *c;
	struct nm_walk *k;
	struct nm_window *w;
	struct nm_tally *t;          /* NULL when serving */
	uint64_t at;                 /* of the block, from w->data; beyond len after a long jump */
	const struct nm_link *links; /* of this section */
	uint32_t n_links;
	bool swapped;
};

enum verdict { GO_PACKET, GO_SECTION, GO_INTERFACE, GO_SKIP, STOP };

struct block {
	uint32_t type, total;
	uint64_t padded; /* from its start to the next block's */
};

static void enter_section(struct run *r)
{
	const struct nm_section *s;

	if (r->w->next.section == UINT32_MAX)
		return;
	s = &r->k->sections[r->w->next.section];
	r->swapped = s->swapped != 0;
	r->n_links = 0;
	/* Always so, unless the file was changed under a walk that knew it before. */
	if (s->first_link < r->w->next.interfaces && r->w->next.interfaces <= r->k->n_links) {
		r->links = r->k->links + s->first_link;
		r->n_links = r->w->next.interfaces - s->first_link;
	}
}

static enum verdict corrupt(struct run *r, const char *what, uint32_t value)
{
	uint64_t offset = r->w->base + r->at;

	nm_window_spoil(r->w, NM_HARM_CORRUPT, offset, "at byte %" PRIu64 ": %s (%" PRIu32 ")",
	    offset, what, value);
	return STOP;
}

static enum verdict cut(struct run *r, const char *what, uint64_t need)
{
	uint64_t offset = r->w->base + r->at;

	nm_window_spoil(r->w, NM_HARM_TRUNCATED, offset,
	    "at byte %" PRIu64 ": the file is cut in a %s (%" PRIu64 " of %" PRIu64 " bytes)",
	    offset, what, r->w->total - offset, need);
	return STOP;
}

/* The first `need` bytes of the block are at hand; else stop, asking for them. */
static bool have(struct run *r, const char *what, uint64_t need)
{
	uint64_t left = r->w->total - (r->w->base + r->at);

	if (need <= r->w->len - r->at)
		return true;
	if (need > left)
		(void)cut(r, what, need);
	else
		r->w->need = (size_t)(r->at + need);
	return false;
}

static enum verdict vet_packet(struct run *r, const struct block *b)
{
	const uint8_t *p = r->w->data + r->at;
	bool simple = b->type == NM_NG_SIMPLE;
	uint32_t head = simple ? SIMPLE_HEAD : PACKET_HEAD, link = 0, stored;

	if (b->total < head + 4)
		return corrupt(r, "a packet block is too short", b->total);
	if (!have(r, "packet block", head))
		return STOP;
	if (!simple)
		link = b->type == NM_NG_ENHANCED ? nm_ng_u32(p + 8, r->swapped)
						 : nm_ng_u16(p + 8, r->swapped);
	if (link >= r->n_links)
		return corrupt(r, "a packet names an interface that was not described", link);
	stored = nm_ng_u32(p + (simple ? 8 : 20), r->swapped);
	if (simple && r->links[0].snap_len && stored > r->links[0].snap_len)
		stored = r->links[0].snap_len;
	if (stored > NM_FRAME_MAX_BYTES)
		return corrupt(r, "a packet claims more stored bytes than the limit", stored);
	if (stored > b->padded - head - 4)
		return corrupt(r, "a packet claims more stored bytes than its block has", stored);
	if (b->total > NM_WINDOW_MAX)
		return corrupt(r, "a packet block is longer than the limit", b->total);
	return GO_PACKET;
}

static enum verdict vet_section(struct run *r, struct block *b)
{
	const uint8_t *p = r->w->data + r->at;
	bool swapped = nm_be32(p + 8) == NM_NG_MAGIC;

	if (!swapped && nm_le32(p + 8) != NM_NG_MAGIC)
		return corrupt(r, "a section header has no byte-order mark", nm_le32(p + 8));
	b->total = nm_ng_u32(p + 4, swapped);
	b->padded = ((uint64_t)b->total + 3) & ~UINT64_C(3);
	if (b->total < SECTION_MIN)
		return corrupt(r, "a section header is too short", b->total);
	if (b->total > NM_WINDOW_MAX)
		return corrupt(r, "a section header is longer than the limit", b->total);
	if (!have(r, "section header", 16))
		return STOP;
	if (nm_ng_u16(p + 12, swapped) != 1)
		return corrupt(
		    r, "a section of a version that can't be read", nm_ng_u16(p + 12, swapped));
	if (r->w->next.section + 1 >= NM_SECTIONS_MAX)
		return corrupt(r, "more sections than the limit", NM_SECTIONS_MAX);
	return GO_SECTION;
}

/* Judge the block at r->at with care: whole, sane, and of what kind. */
static enum verdict vet(struct run *r, struct block *b)
{
	enum verdict v = GO_SKIP;
	const uint8_t *p;

	if (r->w->base + r->at >= r->w->total) {
		r->w->end = NM_END_CLEAN;
		return STOP;
	}
	if (r->at > r->w->len || !have(r, "block header", NM_NG_BLOCK_MIN))
		return STOP;
	p = r->w->data + r->at;
	b->type = nm_ng_u32(p, r->swapped);
	b->total = nm_ng_u32(p + 4, r->swapped);
	b->padded = ((uint64_t)b->total + 3) & ~UINT64_C(3);
	if (b->type == NM_NG_SECTION) {
		v = vet_section(r, b);
	} else if (b->total < NM_NG_BLOCK_MIN) {
		return corrupt(r, "a block is shorter than its own header", b->total);
	} else if (b->type == NM_NG_ENHANCED || b->type == NM_NG_OBSOLETE ||
		   b->type == NM_NG_SIMPLE) {
		v = vet_packet(r, b);
	} else if (b->type == NM_NG_INTERFACE) {
		if (b->total < INTERFACE_MIN || b->total > NM_WINDOW_MAX)
			return corrupt(r, "an interface block has an impossible length", b->total);
		if (r->w->next.interfaces >= NM_LINKS_MAX)
			return corrupt(r, "more interfaces than the limit", NM_LINKS_MAX);
		v = GO_INTERFACE;
	}
	if (v == STOP)
		return STOP;
	if (b->padded > r->w->total - (r->w->base + r->at))
		return cut(r, v == GO_PACKET ? "packet block" : "block", b->padded);
	if (v == GO_SKIP)
		return v;
	if (!have(r, "block", b->padded))
		return STOP;
	if (memcmp(p + b->padded - 4, p + 4, 4) != 0)
		return corrupt(r, "a block's two lengths differ", b->total);
	return v;
}

/* ---- sections and interfaces ---- */

static bool take_section(struct run *r, const struct block *b)
{
	const uint8_t *p = r->w->data + r->at;
	struct nm_section s = { .first_link = r->w->next.interfaces,
		.swapped = nm_be32(p + 8) == NM_NG_MAGIC };
	struct nm_cur cur = nm_cur_over(p + 24, b->total - SECTION_MIN);
	struct nm_ng_option o;
	bool bad = false;

	if (!nm_walk_put_section(r->k, r->w->next.section + 1, &s)) {
		r->w->end = NM_END_MEMORY;
		return false;
	}
	r->w->next.section++;
	enter_section(r);
	while (r->t && nm_ng_next_option(&cur, r->swapped, &o, &bad))
		;
	if (bad)
		nm_facts_note(r->t->facts, r->w->base + r->at,
		    "at byte %" PRIu64
		    ": a section header has an option longer than the header; ignored",
		    r->w->base + r->at);
	return true;
}

int64_t nm_ng_time(const struct nm_link *l, uint64_t ticks)
{
	return l->clock == NM_CLOCK_NONE ? NM_NO_TIME : ticks_as_ns(l, ticks);
}

void nm_ng_read_link(const uint8_t *p, uint32_t total, bool swapped, struct nm_link *ret,
    char *name, size_t name_size, bool *ret_bad)
{
	struct nm_cur cur = nm_cur_over(p + 16, total - INTERFACE_MIN);
	struct nm_ng_option o;
	size_t n;

	*ret = (struct nm_link){ .link_type = nm_ng_u16(p + 8, swapped),
		.snap_len = nm_ng_u32(p + 12, swapped) };
	set_clock(ret, 6);
	ret->mac_type = nm_link_mac_type(ret->link_type);
	*ret_bad = false;
	while (nm_ng_next_option(&cur, swapped, &o, ret_bad)) {
		if (o.code == IF_TSRESOL && o.len == 1) {
			set_clock(ret, o.value[0]);
		} else if (o.code == IF_TSOFFSET && o.len == 8) {
			ret->shift_ns = seconds_as_ns((int64_t)nm_ng_u64(o.value, swapped));
		} else if (o.code == IF_NAME) {
			n = o.len < name_size - 1 ? o.len : name_size - 1;
			memcpy(name, o.value, n);
			name[n] = '\0';
		}
	}
}

static void tell_interface(struct nm_capture_facts *f, const struct nm_link *l, const char *name)
{
	struct nm_interface *i;

	if (f->n_interfaces++ == 0) {
		f->link_type = l->link_type;
		f->mac_type = l->mac_type;
	}
	if (f->n_interfaces > NM_FACTS_INTERFACES)
		return;
	i = &f->interfaces[f->n_interfaces - 1];
	i->link_type = l->link_type;
	i->snap_len = l->snap_len;
	i->ticks_per_s = l->ticks_per_s;
	i->pseudo_head = l->pseudo_head;
	(void)nm_text_clean(i->name, sizeof i->name, name);
}

static bool take_interface(struct run *r, const struct block *b)
{
	const uint8_t *p = r->w->data + r->at;
	uint64_t offset = r->w->base + r->at;
	struct nm_link l;
	char name[256] = "";
	bool bad;

	nm_ng_read_link(p, b->total, r->swapped, &l, name, sizeof name, &bad);
	l.pseudo_head = r->c->keep_heads ? 0 : nm_link_pseudo_head(l.link_type);
	if (!nm_walk_put_link(r->k, r->w->next.interfaces, &l)) {
		r->w->end = NM_END_MEMORY;
		return false;
	}
	r->w->next.interfaces++;
	enter_section(r);
	if (!r->t)
		return true;
	tell_interface(r->t->facts, &l, name);
	if (bad)
		nm_facts_note(r->t->facts, offset,
		    "at byte %" PRIu64
		    ": an interface has an option longer than its block; ignored",
		    offset);
	if (l.clock == NM_CLOCK_NONE)
		nm_facts_note(r->t->facts, offset,
		    "at byte %" PRIu64
		    ": an interface has a time resolution that can't be expressed; "
		    "its frames have no time",
		    offset);
	return true;
}

/* ---- frames ---- */

struct packet {
	uint32_t link; /* within the section */
	uint32_t head; /* bytes before the frame's */
	uint32_t stored, wire;
	uint64_t ticks;
};

/* The fields of a vetted packet block. */
static inline struct packet parse_packet(const struct run *r, const uint8_t *p, uint32_t type)
{
	struct packet x = { .head = PACKET_HEAD };

	if (type == NM_NG_SIMPLE) {
		x.head = SIMPLE_HEAD;
		x.wire = x.stored = nm_ng_u32(p + 8, r->swapped);
		if (r->links[0].snap_len && x.stored > r->links[0].snap_len)
			x.stored = r->links[0].snap_len;
		return x;
	}
	x.link =
	    type == NM_NG_ENHANCED ? nm_ng_u32(p + 8, r->swapped) : nm_ng_u16(p + 8, r->swapped);
	x.ticks = (uint64_t)nm_ng_u32(p + 12, r->swapped) << 32 | nm_ng_u32(p + 16, r->swapped);
	x.stored = nm_ng_u32(p + 20, r->swapped);
	x.wire = nm_ng_u32(p + 24, r->swapped);
	return x;
}

static void drop_pseudo_head(struct packet *x, uint32_t n)
{
	if (n > x->stored)
		n = x->stored;
	x->head += n;
	x->stored -= n;
	x->wire -= n < x->wire ? n : x->wire;
}

/* The common case, judged quickly: a whole, sane enhanced packet block. */
static inline __attribute__((always_inline)) bool is_plain(
    const struct run *r, const uint8_t *p, uint64_t left, struct block *b)
{
	uint32_t stored;

	if (left < PACKET_MIN || nm_ng_u32(p, r->swapped) != NM_NG_ENHANCED)
		return false;
	b->type = NM_NG_ENHANCED;
	b->total = nm_ng_u32(p + 4, r->swapped);
	b->padded = b->total;
	if (b->total > left || b->total % 4 != 0 || b->total < PACKET_MIN)
		return false;
	stored = nm_ng_u32(p + 20, r->swapped);
	return stored <= b->total - PACKET_MIN && stored <= NM_FRAME_MAX_BYTES &&
	       nm_ng_u32(p + 8, r->swapped) < r->n_links &&
	       nm_le32(p + b->total - 4) == nm_le32(p + 4);
}

static inline __attribute__((always_inline)) void count_packet(
    struct nm_count *n, const struct nm_link *l, const struct packet *x, bool timed)
{
	nm_count_bytes(n, x->stored, x->wire);
	if (timed)
		nm_count_time(n, ticks_as_ns(l, x->ticks));
	else
		n->without_time++;
}

static inline __attribute__((always_inline)) void serve_packet(
    struct run *r, uint32_t n, const struct nm_link *l, const struct packet *x, bool timed)
{
	uint8_t *head = r->w->data + r->at + x->head - NM_FRAME_HEAD;
	int64_t ns = 0, us = 0;

	if (timed) {
		ns = ticks_as_ns(l, x->ticks);
		us = ns / 1000 - (ns % 1000 < 0) - r->c->start_us;
	}
	if (r->w->ns)
		r->w->ns[n] = timed ? ns : NM_NO_TIME;
	r->w->at[n] = (uint32_t)(head - r->w->mem);
	r->w->link[n] = (uint16_t)(l - r->k->links);
	nm_frame_put_head(head, us, x->wire, x->stored);
}

/* Everything but a plain packet. False: the loop ends here. */
static bool take_other(struct run *r, struct block *b, bool *ret_packet)
{
	*ret_packet = false;
	switch (vet(r, b)) {
	case GO_PACKET: *ret_packet = true; return true;
	case GO_SKIP: break;
	case GO_SECTION:
		if (!take_section(r, b))
			return false;
		break;
	case GO_INTERFACE:
		if (!take_interface(r, b))
			return false;
		break;
	case STOP: return false;
	}
	r->at += b->padded;
	return true;
}

static inline __attribute__((always_inline)) void decode_as(struct run *r, struct nm_tally *t)
{
	struct nm_window *w = r->w;
	struct nm_count count = t ? t->n : nm_count_none();
	const uint32_t limit = nm_window_limit(w);
	const bool afar = w->afar;
	struct block b;
	uint32_t n = 0;
	bool is_packet;

	while (n < limit) {
		uint64_t left = r->at < w->len ? w->len - r->at : 0;
		const uint8_t *p = w->data + (left ? r->at : 0);
		const struct nm_link *l;
		struct packet x;
		bool timed;

		if (__builtin_expect(!is_plain(r, p, left, &b), 0)) {
			if (!take_other(r, &b, &is_packet))
				break;
			if (!is_packet)
				continue;
		}
		x = parse_packet(r, p, b.type);
		l = &r->links[x.link];
		if (__builtin_expect(l->pseudo_head != 0, 0))
			drop_pseudo_head(&x, l->pseudo_head);
		timed = b.type != NM_NG_SIMPLE && l->clock != NM_CLOCK_NONE;
		if (t) {
			if (afar)
				nm_window_bring(w, (size_t)r->at, (size_t)b.padded);
			if ((w->first + n) % NM_CHECKPOINT_FRAMES == 0) {
				w->next.offset = w->base + r->at;
				w->next.frame = w->first + n;
				nm_tally_checkpoint(t, &w->next);
			}
			count_packet(&count, l, &x, timed);
		} else {
			serve_packet(r, n, l, &x, timed);
		}
		n++;
		r->at += b.padded;
	}
	if (t)
		t->n = count;
	w->count = n;
}

static void decode(
    const struct nm_capture *c, struct nm_walk *k, struct nm_window *w, struct nm_tally *t)
{
	struct run r = { .c = c, .k = k, .w = w, .t = t };

	enter_section(&r);
	if (t)
		decode_as(&r, t);
	else
		decode_as(&r, NULL);
	w->next.offset = w->base + r.at;
	w->next.frame = w->first + w->count;
	if (w->end == NM_END_MORE && w->next.offset >= w->total)
		w->end = NM_END_CLEAN;
	else if (w->end == NM_END_MORE && w->next.frame == NM_FRAMES_MAX)
		(void)corrupt(&r, "more frames than can be numbered", NM_FRAMES_MAX);
}

static void link_of(const struct nm_walk *k, uint16_t link, struct nm_frame *ret)
{
	ret->link_type = k->links[link].link_type;
	ret->mac_type = k->links[link].mac_type;
}

/* ---- opening ---- */

static enum nm_probe broken(struct nm_diag *d, uint32_t code, uint64_t offset, const char *what)
{
	(void)nm_diag_set(d, code, offset, "%s", what);
	return NM_PROBE_BROKEN;
}

static enum nm_probe probe(const struct nm_head *h, struct nm_diag *d)
{
	bool swapped;
	uint16_t major;

	if (h->n < 4 || nm_le32(h->p) != NM_NG_SECTION)
		return NM_PROBE_NO;
	if (h->n < SECTION_MIN)
		return broken(d, NMERR_INVALID_FILE_FORMAT, h->n,
		    "a pcapng file cut inside its section header");
	swapped = nm_be32(h->p + 8) == NM_NG_MAGIC;
	if (!swapped && nm_le32(h->p + 8) != NM_NG_MAGIC)
		return broken(d, NMERR_INVALID_FILE_FORMAT, 8,
		    "at byte 8: starts like a pcapng file, but has no byte-order mark");
	major = nm_ng_u16(h->p + 12, swapped);
	if (major != 1) {
		(void)nm_diag_set(d,
		    major > 1 ? NMERR_UPLEVEL_CAPTURE_FILE : NMERR_INVALID_FILE_FORMAT, 12,
		    "at byte 12: a pcapng file of version %u.%u; only version 1 can be read", major,
		    nm_ng_u16(h->p + 14, swapped));
		return NM_PROBE_BROKEN;
	}
	return NM_PROBE_YES;
}

/* The first section's comment becomes the capture's. NULL: none. */
static bool read_comment(struct nm_capture *c, uint32_t total, bool swapped)
{
	size_t n = total < COMMENT_MAX ? total : COMMENT_MAX;
	uint8_t *p = nm_prim_alloc(n);
	struct nm_ng_option o;
	struct nm_cur cur;
	bool bad = false, ok = true;
	ssize_t got;

	if (!p)
		return false;
	got = nm_capture_read(c, p, n, 0);
	if (got >= (ssize_t)SECTION_MIN) {
		cur = nm_cur_over(p + 24, (size_t)got - SECTION_MIN);
		while (nm_ng_next_option(&cur, swapped, &o, &bad)) {
			if (o.code != OPT_COMMENT)
				continue;
			c->comment = nm_prim_alloc((size_t)o.len + 1);
			ok = c->comment != NULL;
			if (ok) {
				memcpy(c->comment, o.value, o.len);
				c->comment[o.len] = '\0';
			}
			break;
		}
	}
	nm_prim_free(p);
	return ok;
}

static uint32_t open_pcapng(struct nm_capture *c, const struct nm_head *h, struct nm_diag *d)
{
	struct nm_capture_facts *f = &c->facts;
	bool swapped = nm_be32(h->p + 8) == NM_NG_MAGIC;
	uint32_t total = nm_ng_u32(h->p + 4, swapped);

	f->format = NM_FORMAT_PCAPNG;
	f->big_endian = swapped;
	f->version_major = nm_ng_u16(h->p + 12, swapped);
	f->version_minor = nm_ng_u16(h->p + 14, swapped);
	f->link_type = NM_LINK_NONE; /* until an interface is met */
	c->links_vary = true;
	if (total > SECTION_MIN && !read_comment(c, total, swapped))
		return nm_diag_set(
		    d, NMERR_OUT_OF_MEMORY, NM_NO_OFFSET, "no memory for its comment");
	return NMERR_SUCCESS;
}

const struct nm_format_ops nm_pcapng_ops = {
	.probe = probe,
	.open = open_pcapng,
	.fill = nm_window_fill,
	.decode = decode,
	.link = link_of,
};
