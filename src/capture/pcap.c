/* SPDX-License-Identifier: MIT */
/* pcap: the classic format of libpcap, in its byte orders, resolutions and
 * modified forms (IETF draft-ietf-opsawg-pcap).
 *
 * File header
 *   OFFSET SIZE MEANING
 *        0    4 magic: byte order, resolution, form
 *        4    2 major version, 6: minor version
 *        8    8 time zone and accuracy, never used
 *       16    4 snap length
 *       20    4 bits 0-15 link type, 16-25 reserved, 26 FCS length present, 28-31 FCS length
 *      (24    4 bytes of all records: Ixia's forms only)
 * Record
 *        0    4 seconds since 1970
 *        4    4 microseconds or nanoseconds
 *        8    4 stored length
 *       12    4 length on the wire
 *      (16    8 interface index, protocol, packet type, padding: the modified form only;
 *               4 or 12 in others, see pcap_form.c)
 *     then    the frame's bytes
 *
 * AIX writes version 2.2 like others of old, but with interface types (RFC 1573) for
 * link types and with nanoseconds. Other files of that version have link types that
 * are none of these: 6 and 15 were given later; a PPP file (9) is taken for Token
 * Ring of AIX, of which there are more.
 */
#include "capture/pcap_form.h"

#include <netmon.h>
#include <inttypes.h>

#define FILE_HEAD     24u
#define RESERVED_BITS UINT32_C(0x03ff0000)
#define MAGIC         UINT32_C(0xa1b2c3d4)

enum lengths {
	LENGTHS_STORED_FIRST,
	LENGTHS_WIRE_FIRST,        /* versions before 2.3 */
	LENGTHS_SMALLER_IS_STORED, /* version 2.3 was written both ways */
};

static const struct form {
	uint32_t magic; /* as read in the writer's byte order */
	uint8_t file_head, record_head;
	uint16_t ns_per_tick;
} forms[] = {
	{ MAGIC, FILE_HEAD, 16, 1000 }, { 0xa1b23c4d, FILE_HEAD, 16, 1 },
	{ 0xa1b2cd34, FILE_HEAD, 24, 1000 }, /* Alexey Kuznetzov's patches */
	{ 0x1c0001ac, 28, 16, 1 },           /* Ixia, hardware */
	{ 0x1c0001ab, 28, 16, 1000 },        /* Ixia, software */
};

/* Interface types that AIX writes. */
static const struct {
	uint32_t type, link;
} aix_links[] = { { 6, 1 }, { 9, 6 }, { 15, 10 }, { 24, 0 } };

static const struct form *find_form(const uint8_t *p, bool *ret_swapped)
{
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (nm_le32(p) == forms[i].magic || nm_be32(p) == forms[i].magic) {
			*ret_swapped = nm_be32(p) == forms[i].magic;
			return &forms[i];
		}
	}
	return NULL;
}

static inline uint16_t u16(const uint8_t *p, bool swapped)
{
	return swapped ? nm_be16(p) : nm_le16(p);
}

static inline uint32_t u32(const uint8_t *p, bool swapped)
{
	return swapped ? nm_be32(p) : nm_le32(p);
}

static enum nm_probe probe(const struct nm_head *h, struct nm_diag *d)
{
	const struct form *form;
	bool swapped;
	uint16_t major;

	form = h->n < 4 ? NULL : find_form(h->p, &swapped);
	if (!form)
		return NM_PROBE_NO;
	if (h->n < form->file_head) {
		(void)nm_diag_set(d, NMERR_INVALID_FILE_FORMAT, h->n,
		    "a pcap file cut inside its header: %zu of %u bytes", h->n, form->file_head);
		return NM_PROBE_BROKEN;
	}
	major = u16(h->p + 4, swapped);
	if (major == 2 || major == 543)
		return NM_PROBE_YES;
	(void)nm_diag_set(d, major > 2 ? NMERR_UPLEVEL_CAPTURE_FILE : NMERR_INVALID_FILE_FORMAT, 4,
	    "at byte 4: a pcap file of version %u.%u; only version 2 can be read", major,
	    u16(h->p + 6, swapped));
	return NM_PROBE_BROKEN;
}

static enum lengths order_of_lengths(uint16_t major, uint16_t minor)
{
	if (major == 543 || minor < 3) /* 543.0 is DG/UX's name for an old 2.x */
		return LENGTHS_WIRE_FIRST;
	return minor == 3 ? LENGTHS_SMALLER_IS_STORED : LENGTHS_STORED_FIRST;
}

/* The link type, and what one tick of the clock is: AIX has its own. */
static uint32_t read_link(struct nm_capture *c, uint32_t magic, uint32_t link)
{
	struct nm_capture_facts *f = &c->facts;

	for (size_t i = 0; i < sizeof aix_links / sizeof *aix_links; i++) {
		if (magic != MAGIC || f->version_major != 2 || f->version_minor != 2 ||
		    link != aix_links[i].type)
			continue;
		c->u.pcap.ns_per_tick = 1;
		nm_facts_note(f, 20,
		    "at byte 20: in a file of version 2.2, link type %" PRIu32
		    " is what AIX writes for %s, with times in nanoseconds; read so",
		    link, nm_link_type_name(aix_links[i].link));
		return aix_links[i].link;
	}
	if (link & RESERVED_BITS)
		nm_facts_note(f, 20,
		    "at byte 20: reserved bits of the link type are set (0x%08" PRIx32
		    "); read as link type %" PRIu32,
		    link & RESERVED_BITS, link & 0xffff);
	return link & 0xffff;
}

static uint32_t open_pcap(struct nm_capture *c, const struct nm_head *h, struct nm_diag *d)
{
	struct nm_capture_facts *f = &c->facts;
	struct nm_pcap *p = &c->u.pcap;
	const struct form *form = find_form(h->p, &p->swapped);

	(void)d;
	f->format = NM_FORMAT_PCAP;
	f->version_major = u16(h->p + 4, p->swapped);
	f->version_minor = u16(h->p + 6, p->swapped);
	f->big_endian = p->swapped;
	p->record_head = form->record_head;
	p->ns_per_tick = form->ns_per_tick;
	p->lengths = (uint8_t)order_of_lengths(f->version_major, f->version_minor);
	f->link_type = read_link(c, form->magic, u32(h->p + 20, p->swapped));
	f->mac_type = nm_link_mac_type(f->link_type);
	p->pseudo_head = nm_link_pseudo_head(f->link_type);
	f->n_interfaces = 1;
	f->interfaces[0].link_type = f->link_type;
	f->interfaces[0].snap_len = u32(h->p + 16, p->swapped);
	f->interfaces[0].pseudo_head = p->pseudo_head;
	f->interfaces[0].ticks_per_s = UINT32_C(1000000000) / p->ns_per_tick;
	c->begin.offset = form->file_head;
	if (p->lengths == LENGTHS_STORED_FIRST)
		p->record_head = nm_pcap_form(c, form->record_head, f->interfaces[0].snap_len);
	if (p->record_head != form->record_head)
		nm_facts_note(f, form->file_head,
		    "at byte %u: records make sense only with heads of %" PRIu32
		    " bytes, a form that the file does not name; read so",
		    form->file_head, p->record_head);
	return NMERR_SUCCESS;
}

/* Why the loop ended at data + at, and what the next window has to know. */
static void stop(const struct nm_capture *c, struct nm_window *w, size_t at)
{
	const struct nm_pcap *p = &c->u.pcap;
	uint64_t offset = w->base + at, left = w->total - offset;
	uint64_t frame = (uint64_t)w->first + w->count + 1;
	const uint8_t *r = w->data + at;
	uint32_t stored, wire;

	w->next.offset = offset;
	w->next.frame = w->first + w->count;
	if (left == 0) {
		w->end = NM_END_CLEAN;
	} else if (w->next.frame == NM_FRAMES_MAX) {
		nm_window_spoil(w, NM_HARM_CORRUPT, offset,
		    "at byte %" PRIu64 ": more frames than can be numbered (%" PRIu32 ")", offset,
		    NM_FRAMES_MAX);
	} else if (left < p->record_head) {
		nm_window_spoil(w, NM_HARM_TRUNCATED, offset,
		    "at byte %" PRIu64 ": the file is cut in the header of frame %" PRIu64
		    " (%" PRIu64 " of %" PRIu32 " bytes)",
		    offset, frame, left, p->record_head);
	} else if (w->len - at >= p->record_head) {
		stored = u32(r + 8, p->swapped);
		wire = u32(r + 12, p->swapped);
		if (p->lengths == LENGTHS_WIRE_FIRST ||
		    (p->lengths == LENGTHS_SMALLER_IS_STORED && stored > wire))
			stored = wire;
		if (stored > NM_FRAME_MAX_BYTES)
			nm_window_spoil(w, NM_HARM_CORRUPT, offset,
			    "at byte %" PRIu64 ": frame %" PRIu64 " claims %" PRIu32
			    " stored bytes, more than the limit of %" PRIu32,
			    offset, frame, stored, NM_FRAME_MAX_BYTES);
		else if (stored > left - p->record_head)
			nm_window_spoil(w, NM_HARM_TRUNCATED, offset,
			    "at byte %" PRIu64 ": the file is cut in frame %" PRIu64 " (%" PRIu64
			    " of %" PRIu32 " bytes)",
			    offset, frame, left - p->record_head, stored);
		else
			w->need = at + p->record_head + stored;
	}
}

static __attribute__((cold, noinline)) void note_fraction(
    struct nm_tally *t, uint64_t offset, uint32_t frac)
{
	nm_facts_note(t->facts, offset,
	    "at byte %" PRIu64 ": a time stamp has a fraction of more than a second (%" PRIu32
	    "); it was added as it is",
	    offset, frac);
}

/* One loop, compiled for each byte order and for serving and counting. */
static inline __attribute__((always_inline)) void decode_as(
    const struct nm_capture *c, struct nm_window *w, struct nm_tally *t, const bool swapped)
{
	const struct nm_pcap p = c->u.pcap;
	const size_t head = p.record_head, len = w->len;
	const int64_t start_us = c->start_us;
	const uint32_t second = UINT32_C(1000000000) / p.ns_per_tick;
	const uint32_t limit = nm_window_limit(w);
	const bool afar = w->afar;
	uint8_t *const data = w->data;
	const uint32_t shift = t ? 0 : (uint32_t)(data - w->mem);
	uint32_t *const slot = w->at;
	struct nm_count count = t ? t->n : nm_count_none();
	uint32_t n = 0;
	size_t at = 0, next;

	while (len - at >= head && n < limit) {
		uint8_t *r = data + at;
		uint32_t sec = u32(r, swapped), frac = u32(r + 4, swapped);
		uint32_t stored = u32(r + 8, swapped), wire = u32(r + 12, swapped);
		size_t left = len - at - head;
		uint32_t lead = 0;

		if (__builtin_expect(p.lengths != LENGTHS_STORED_FIRST, 0)) {
			if (p.lengths == LENGTHS_WIRE_FIRST || stored > wire) {
				uint32_t x = stored;
				stored = wire;
				wire = x;
			}
		}
		if (stored > left || stored > NM_FRAME_MAX_BYTES)
			break;
		next = at + head + stored;
		if (__builtin_expect(p.pseudo_head != 0, 0)) {
			lead = p.pseudo_head < stored ? p.pseudo_head : stored;
			stored -= lead;
			wire -= lead < wire ? lead : wire;
		}
		if (t) {
			if (afar)
				nm_window_bring(w, at, next - at);
			if ((w->first + n) % NM_CHECKPOINT_FRAMES == 0) {
				w->next.offset = w->base + at;
				w->next.frame = w->first + n;
				nm_tally_checkpoint(t, &w->next);
			}
			if (__builtin_expect(frac >= second, 0))
				note_fraction(t, w->base + at, frac);
			nm_count_time(
			    &count, (int64_t)sec * 1000000000 + (int64_t)frac * p.ns_per_tick);
			nm_count_bytes(&count, stored, wire);
		} else {
			uint32_t us = p.ns_per_tick == 1 ? frac / 1000 : frac;

			if (__builtin_expect(w->ns != NULL, 0))
				w->ns[n] =
				    (int64_t)sec * 1000000000 + (int64_t)frac * p.ns_per_tick;
			slot[n] = shift + (uint32_t)(at + head + lead - NM_FRAME_HEAD);
			nm_frame_put_head(r + head + lead - NM_FRAME_HEAD,
			    (int64_t)sec * 1000000 + us - start_us, wire, stored);
		}
		n++;
		at = next;
	}
	if (t)
		t->n = count;
	w->count = n;
	stop(c, w, at);
}

static void decode(
    const struct nm_capture *c, struct nm_walk *k, struct nm_window *w, struct nm_tally *t)
{
	(void)k;
	if (c->u.pcap.swapped) {
		if (t)
			decode_as(c, w, t, true);
		else
			decode_as(c, w, NULL, true);
	} else {
		if (t)
			decode_as(c, w, t, false);
		else
			decode_as(c, w, NULL, false);
	}
}

const struct nm_format_ops nm_pcap_ops = {
	.probe = probe,
	.open = open_pcap,
	.fill = nm_window_fill,
	.decode = decode,
};
