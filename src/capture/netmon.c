/* SPDX-License-Identifier: MIT */
/* Network Monitor captures, 1.x and 2.0 to 2.3.
 *
 * File header, little-endian, 72 bytes used; 1.x and 2.0 pad it to 128
 *   OFFSET SIZE MEANING
 *        0    4 "RTSS" (1.x) or "GMBU" (2.x)
 *        4    1 minor version, 5: major version
 *        6    2 media type of the file
 *        8   16 SYSTEMTIME when capturing began, local time of that machine
 *       24    8 offset and length of the frame table: a 4-byte offset per frame
 *       32    8 user data
 *       40    8 comment (up to 2.1), comments of frames (2.2 and later)
 *       48   16 statistics, network info; 56: time-zone information (2.3)
 * Record
 *    1.x: 4 milliseconds since the start, 2 length on the wire, 2 stored length
 *    2.x: 8 microseconds since the start, 4 length on the wire, 4 stored length
 *   then the frame's bytes, and in later versions a trailer:
 *    2.1: 2 media type; 2.2: and 4 process index;
 *    2.3: and 8 FILETIME in UTC, 1 time zone (both only with time-zone information)
 *
 * A 2.x record head is a FRAME header as it stands. A 1.x head is shorter, so
 * those frames are served from a copy.
 *
 * The frame table says where records are, in any order. A window takes the
 * longest run of table entries whose records lie close together. Where the
 * file ends before its table (it is written last), records are followed from
 * the header on instead, which is how they are written.
 */
#include "base/civil.h"
#include "capture/capture_int.h"

#include <netmon.h>
#include <inttypes.h>

#define FILE_HEAD     72u                    /* bytes in use; records may begin here from 2.1 on */
#define FIRST_RECORD  128u                   /* where they begin before 2.1 */
#define RUN_ENTRIES   (NM_WINDOW_FRAMES / 8) /* table entries looked at for one window */
#define BACK_ENTRIES  256u /* entries looked at to find where a window before a frame begins */
#define RUN_SLACK     (NM_WINDOW_BYTES / 64) /* read beyond the last record head of a run */
#define COMMENT_MAX   (UINT32_C(64) << 10)
#define FILETIME_1970 INT64_C(116444736000000000) /* 100 ns units from 1601 */
#define ZONE_STEP_NS  (INT64_C(15) * 60 * 1000000000)

static const struct dialect {
	uint8_t major, minor; /* minor: up to this one */
	uint8_t record_head, trailer;
} dialects[] = {
	{ 1, 255, 8, 0 },
	{ 2, 0, 16, 0 },
	{ 2, 1, 16, 2 },
	{ 2, 2, 16, 6 },
	{ 2, 255, 16, 15 },
};

static const struct dialect *find_dialect(uint8_t major, uint8_t minor)
{
	for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++)
		if (major == dialects[i].major && minor <= dialects[i].minor)
			return &dialects[i];
	return NULL;
}

static enum nm_probe probe(const struct nm_head *h, struct nm_diag *d)
{
	uint8_t want;

	if (h->n < 4)
		return NM_PROBE_NO;
	if (memcmp(h->p, "RTSS", 4) == 0)
		want = 1;
	else if (memcmp(h->p, "GMBU", 4) == 0)
		want = 2;
	else
		return NM_PROBE_NO;
	if (h->n < FILE_HEAD) {
		(void)nm_diag_set(d, NMERR_INVALID_FILE_FORMAT, h->n,
		    "a Network Monitor file cut inside its header: %zu of %u bytes", h->n,
		    FILE_HEAD);
		return NM_PROBE_BROKEN;
	}
	if (h->p[5] == want)
		return NM_PROBE_YES;
	(void)nm_diag_set(d,
	    h->p[5] > want ? NMERR_UPLEVEL_CAPTURE_FILE : NMERR_INVALID_FILE_FORMAT, 4,
	    "at byte 4: a Network Monitor file of version %u.%u; only versions 1 and 2 can be read",
	    h->p[5], h->p[4]);
	return NM_PROBE_BROKEN;
}

/* ---- media types ---- */

static uint32_t link_of_media(uint16_t media, bool per_frame)
{
	switch (media) {
	case 0:
		return per_frame ? 1
				 : NM_LINK_NETMON; /* 2.1 and later write 0 for Ethernet on a VPN */
	case 1: return 1;
	case 2: return 6;
	case 3: return 10;
	case 7:
	case 8:
	case 9: return 101; /* raw IP */
	default: break;
	}
	/* 0xE000 + n: converted from a file with link type n; 0xE080 to 0xE08A are messages. */
	if (media >= 0xe000 && media < 0xf000 && !(media >= 0xe080 && media <= 0xe08a))
		return media - 0xe000u;
	return NM_LINK_NETMON | media;
}

static void link_of(const struct nm_walk *k, uint16_t media, struct nm_frame *ret)
{
	(void)k;
	ret->link_type = link_of_media(media, true);
	ret->mac_type = nm_link_mac_type(ret->link_type);
}

/* ---- opening ---- */

static bool systemtime_as_ns(const uint8_t *p, int64_t *ret)
{
	struct nm_civil t = { nm_le16(p), nm_le16(p + 2), 0, nm_le16(p + 6), nm_le16(p + 8),
		nm_le16(p + 10), nm_le16(p + 12), nm_le16(p + 14) };

	return nm_civil_to_ns(&t, ret);
}

static bool is_inside(const struct nm_capture *c, uint64_t offset, uint64_t n)
{
	return offset >= FILE_HEAD &&
	       offset + n <= c->file_bytes; /* both come from 32-bit fields */
}

/* The comment of the capture, in files before 2.2. False: out of memory. */
static bool read_comment(struct nm_capture *c, uint64_t offset, uint32_t n)
{
	ssize_t got;

	if (n == 0 || !is_inside(c, offset, n))
		return true; /* often not initialized */
	if (n > COMMENT_MAX)
		n = COMMENT_MAX;
	c->comment = nm_prim_alloc((size_t)n + 1);
	if (!c->comment)
		return false;
	got = nm_capture_read(c, c->comment, n, offset);
	c->comment[got > 0 ? got : 0] = '\0';
	if (c->comment[0] == '\0') {
		nm_prim_free(c->comment);
		c->comment = NULL;
	}
	return true;
}

static void place_table(struct nm_capture *c, const uint8_t *head)
{
	struct nm_netmon *m = &c->u.netmon;
	uint32_t bytes = nm_le32(head + 28);
	uint64_t left;

	m->table = nm_le32(head + 24);
	m->n_claimed = bytes / 4;
	left = m->table < c->file_bytes ? c->file_bytes - m->table : 0;
	m->n_table = left / 4 < m->n_claimed ? (uint32_t)(left / 4) : m->n_claimed;
	m->lost = m->n_claimed > 0 && left == 0;
	c->direct = !m->lost;
	c->begin.offset = m->trailer ? FILE_HEAD : FIRST_RECORD;
}

/* How far local time, in which the header is written, is behind UTC. */
static void find_zone(struct nm_capture *c)
{
	const struct nm_netmon *m = &c->u.netmon;
	uint8_t entry[4], head[16], when[8];
	int64_t utc, local;
	uint64_t offset;

	if (!m->utc || m->n_table == 0 ||
	    nm_source_pread(c->source, entry, sizeof entry, m->table) != sizeof entry)
		return;
	offset = nm_le32(entry);
	if (!is_inside(c, offset, 16) ||
	    nm_source_pread(c->source, head, sizeof head, offset) != sizeof head)
		return;
	offset += 16 + (uint64_t)nm_le32(head + 12) + 6;
	if (nm_source_pread(c->source, when, sizeof when, offset) != sizeof when)
		return;
	if (__builtin_sub_overflow((int64_t)nm_le64(when), FILETIME_1970, &utc) ||
	    __builtin_mul_overflow(utc, 100, &utc) ||
	    __builtin_mul_overflow((int64_t)nm_le64(head), 1000, &local) ||
	    __builtin_add_overflow(local, c->start_ns, &local) ||
	    __builtin_sub_overflow(utc, local, &utc))
		return;
	/* Zones are multiples of a quarter of an hour, none further than a day. */
	if (utc < -96 * ZONE_STEP_NS || utc > 96 * ZONE_STEP_NS)
		return;
	utc += utc < 0 ? -ZONE_STEP_NS / 2 : ZONE_STEP_NS / 2;
	c->facts.utc_shift_ns = utc / ZONE_STEP_NS * ZONE_STEP_NS;
}

static void set_media(struct nm_capture *c, uint16_t media)
{
	struct nm_capture_facts *f = &c->facts;

	f->link_type = link_of_media(media, c->links_vary);
	f->mac_type = nm_link_mac_type(f->link_type);
	f->n_interfaces = 1;
	f->interfaces[0].link_type = f->link_type;
	f->interfaces[0].ticks_per_s = f->format == NM_FORMAT_NETMON1 ? 1000
				       : c->u.netmon.utc              ? 10000000
								      : 1000000;
}

static uint32_t open_netmon(struct nm_capture *c, const struct nm_head *h, struct nm_diag *d)
{
	struct nm_capture_facts *f = &c->facts;
	struct nm_netmon *m = &c->u.netmon;
	const struct dialect *v = find_dialect(h->p[5], h->p[4]);

	f->format = v->major == 1 ? NM_FORMAT_NETMON1 : NM_FORMAT_NETMON2;
	f->version_major = h->p[5];
	f->version_minor = h->p[4];
	m->record_head = v->record_head;
	m->trailer = v->trailer;
	m->utc = v->trailer >= 14 && nm_le32(h->p + 56) != 0;
	c->links_vary = v->trailer > 0;
	c->copies = v->major == 1;
	c->has_start = true;
	if (!systemtime_as_ns(h->p + 8, &c->start_ns))
		nm_facts_note(f, 8,
		    "at byte 8: the start time in the header is no date (month %u, day %u); "
		    "times count from 1970-01-01",
		    nm_le16(h->p + 10), nm_le16(h->p + 14));
	place_table(c, h->p);
	find_zone(c);
	set_media(c, nm_le16(h->p + 6));
	if (nm_le32(h->p + 28) % 4 != 0)
		nm_facts_note(f, 28,
		    "at byte 28: the length of the frame table (%" PRIu32 ") is no multiple of 4",
		    nm_le32(h->p + 28));
	if (v->trailer < 6 && !read_comment(c, nm_le32(h->p + 40), nm_le32(h->p + 44)))
		return nm_diag_set(
		    d, NMERR_OUT_OF_MEMORY, NM_NO_OFFSET, "no memory for its comment");
	return NMERR_SUCCESS;
}

/* ---- windows ---- */

/* w->next is behind the last frame. */
static void end_of_table(const struct nm_capture *c, struct nm_window *w)
{
	const struct nm_netmon *m = &c->u.netmon;
	uint64_t at = m->table + (uint64_t)m->n_table * 4;

	if (m->lost)
		nm_window_spoil(w, NM_HARM_TRUNCATED, c->file_bytes,
		    "at byte %" PRIu64 ": the file ends before its frame table (byte %" PRIu64
		    "); frames were found by following their records",
		    c->file_bytes, m->table);
	else if (m->n_table < m->n_claimed)
		nm_window_spoil(w, NM_HARM_TRUNCATED, at,
		    "at byte %" PRIu64 ": the file is cut in its frame table (%" PRIu32
		    " of %" PRIu32 " entries)",
		    at, m->n_table, m->n_claimed);
	else
		w->end = NM_END_CLEAN;
}

static bool is_last(const struct nm_capture *c, const struct nm_window *w, uint64_t offset)
{
	const struct nm_netmon *m = &c->u.netmon;

	if (m->lost)
		return offset >= c->file_bytes || w->next.frame >= m->n_claimed;
	return w->next.frame >= m->n_table;
}

/* The table entries of the frames from w->next on, into w->at. 0: they could
 * not be read. */
static uint32_t read_entries(const struct nm_capture *c, struct nm_window *w)
{
	const struct nm_netmon *m = &c->u.netmon;
	uint32_t n = m->n_table - w->next.frame;
	uint64_t at = m->table + (uint64_t)w->next.frame * 4;
	ssize_t got;

	if (n > RUN_ENTRIES)
		n = RUN_ENTRIES;
	if (w->ask)
		n = 1;
	got = nm_source_pread(c->source, w->at, (size_t)n * 4, at);
	if (got >= 4)
		return (uint32_t)got / 4;
	w->base = at;
	w->len = 0;
	w->cut = true;
	return 0;
}

/* The longest run of entries whose records begin within one window. */
static uint32_t measure_run(
    const uint32_t *entries, uint32_t n, size_t room, uint64_t *ret_base, uint64_t *ret_span)
{
	uint64_t lo = nm_le32(entries), hi = lo;
	uint32_t i;

	for (i = 1; i < n; i++) {
		uint64_t o = nm_le32(entries + i);
		uint64_t l = o < lo ? o : lo, h = o > hi ? o : hi;

		if (h - l + RUN_SLACK > room)
			break;
		lo = l;
		hi = h;
	}
	*ret_base = lo;
	*ret_span = hi - lo;
	return i;
}

static void read_failed(struct nm_window *w, uint64_t offset)
{
	w->end = NM_END_READ;
	(void)nm_diag_set(&w->flaw, NMERR_FILE_READ_ERROR, offset,
	    "at byte %" PRIu64 ": the frame table can no longer be read", offset);
}

/* Walking backward: begin the window as many frames before the wanted one as
 * fit with it. */
static void step_back(const struct nm_capture *c, struct nm_window *w)
{
	uint32_t entries[BACK_ENTRIES], last = BACK_ENTRIES - 1;
	uint32_t i = w->next.frame < last ? w->next.frame : last;
	size_t bytes = ((size_t)i + 1) * 4;
	uint64_t lo, hi;

	if (nm_source_pread(c->source, entries, bytes,
		c->u.netmon.table + (uint64_t)(w->next.frame - i) * 4) != (ssize_t)bytes)
		return;
	lo = hi = nm_le32(entries + i);
	for (; i > 0; i--) {
		uint64_t o = nm_le32(entries + i - 1);

		lo = o < lo ? o : lo;
		hi = o > hi ? o : hi;
		if (hi - lo + RUN_SLACK > w->room)
			return;
		w->next.frame--;
		w->first--;
	}
}

static bool fill(const struct nm_capture *c, struct nm_window *w)
{
	uint64_t base, span, want;
	uint32_t n;

	if (is_last(c, w, w->next.offset)) {
		end_of_table(c, w);
		return false;
	}
	if (c->u.netmon.lost)
		return nm_window_fill(c, w);
	if (w->back && !w->ask)
		step_back(c, w);
	n = read_entries(c, w);
	if (n == 0) {
		if (w->end == NM_END_MORE)
			read_failed(w, w->base);
		return false;
	}
	w->run = measure_run(w->at, n, w->room, &base, &span);
	if (base >= c->file_bytes) { /* decode() says what is wrong with them */
		w->base = base;
		w->data = w->mem + NM_WINDOW_HEAD;
		w->len = 0;
		w->cut = false;
		return true;
	}
	/* A run that ended for lack of room fills it; others read little beyond. */
	want = w->run == 1 || w->run == n ? span + RUN_SLACK : w->room;
	if (w->ask)
		want = w->ask;
	if (want > c->file_bytes - base)
		want = c->file_bytes - base;
	if (!nm_source_is_stream(c->source))
		(void)nm_source_await(
		    c->source, base, base + want, base + want, w->wait, w->stop, &w->total);
	return nm_window_read(c, w, base, want);
}

/* ---- frames ---- */

struct record {
	uint64_t offset; /* in the file */
	int64_t us;
	uint32_t wire, stored;
	const uint8_t *trailer;
};

enum verdict { WHOLE, NOT_HERE, HARMED };

/* Judge the record at x->offset; NOT_HERE: the window does not hold all of it. */
static inline enum verdict judge(const struct nm_capture *c, struct nm_window *w, struct record *x)
{
	const struct nm_netmon *m = &c->u.netmon;
	uint64_t left = c->file_bytes - x->offset, size;
	size_t at;
	uint8_t *p;

	if (x->offset < FILE_HEAD || x->offset > c->file_bytes || left < m->record_head)
		return HARMED;
	if (x->offset < w->base || x->offset - w->base > w->len)
		return NOT_HERE;
	at = (size_t)(x->offset - w->base);
	w->need = at + m->record_head;
	if (w->need > w->len)
		return NOT_HERE;
	p = w->data + at;
	if (m->record_head == 8) {
		x->us = (int64_t)nm_le32(p) * 1000;
		x->wire = nm_le16(p + 4);
		x->stored = nm_le16(p + 6);
	} else {
		x->us = (int64_t)nm_le64(p);
		x->wire = nm_le32(p + 8);
		x->stored = nm_le32(p + 12);
	}
	size = (uint64_t)m->record_head + x->stored + m->trailer;
	if (x->stored > NM_FRAME_MAX_BYTES || size > left)
		return HARMED;
	w->need = at + (size_t)size;
	if (w->need > w->len)
		return NOT_HERE;
	x->trailer = p + m->record_head + x->stored;
	return WHOLE;
}

static void spoil(const struct nm_capture *c, struct nm_window *w, const struct record *x)
{
	const struct nm_netmon *m = &c->u.netmon;
	uint64_t frame = (uint64_t)w->next.frame + 1, o = x->offset;

	if (o < FILE_HEAD)
		nm_window_spoil(w, NM_HARM_CORRUPT, m->table + (frame - 1) * 4,
		    "at byte %" PRIu64 ": the frame table puts frame %" PRIu64
		    " into the file header (byte %" PRIu64 ")",
		    m->table + (frame - 1) * 4, frame, o);
	else if (!m->lost && (o >= c->file_bytes || c->file_bytes - o < m->record_head))
		nm_window_spoil(w, NM_HARM_CORRUPT, m->table + (frame - 1) * 4,
		    "at byte %" PRIu64 ": the frame table puts frame %" PRIu64
		    " beyond the end of the file (byte %" PRIu64 " of %" PRIu64 ")",
		    m->table + (frame - 1) * 4, frame, o, c->file_bytes);
	else if (c->file_bytes - o < m->record_head)
		nm_window_spoil(w, NM_HARM_TRUNCATED, o,
		    "at byte %" PRIu64 ": the file is cut in the header of frame %" PRIu64, o,
		    frame);
	else if (x->stored > NM_FRAME_MAX_BYTES)
		nm_window_spoil(w, NM_HARM_CORRUPT, o,
		    "at byte %" PRIu64 ": frame %" PRIu64 " claims %" PRIu32
		    " stored bytes, more than the limit of %" PRIu32,
		    o, frame, x->stored, NM_FRAME_MAX_BYTES);
	else
		nm_window_spoil(w, NM_HARM_TRUNCATED, o,
		    "at byte %" PRIu64 ": the file ends in frame %" PRIu64 " (%" PRIu32
		    " stored bytes)",
		    o, frame, x->stored);
}

static int64_t saturating_ns(int64_t us, int64_t start_ns)
{
	int64_t ns;

	if (__builtin_mul_overflow(us, 1000, &ns) || __builtin_add_overflow(ns, start_ns, &ns))
		return us < 0 ? INT64_MIN : INT64_MAX;
	return ns;
}

static int64_t time_of(const struct nm_capture *c, const struct record *x)
{
	int64_t ns;

	if (!c->u.netmon.utc)
		return saturating_ns(x->us, c->start_ns);
	if (__builtin_sub_overflow((int64_t)nm_le64(x->trailer + 6), FILETIME_1970, &ns) ||
	    __builtin_mul_overflow(ns, 100, &ns))
		return nm_le64(x->trailer + 6) > INT64_MAX ? INT64_MIN : INT64_MAX;
	return ns;
}

static void count_record(
    const struct nm_capture *c, struct nm_window *w, struct nm_tally *t, const struct record *x)
{
	const struct nm_netmon *m = &c->u.netmon;
	uint64_t entry = m->table + (uint64_t)w->next.frame * 4;

	if (x->offset == t->last_record && !m->lost)
		nm_facts_note(t->facts, entry,
		    "at byte %" PRIu64 ": the frame table names one record for two frames (%" PRIu32
		    " and %" PRIu64 ")",
		    entry, w->next.frame, (uint64_t)w->next.frame + 1);
	t->last_record = x->offset;
	if (w->next.frame % NM_CHECKPOINT_FRAMES == 0) {
		w->next.offset = x->offset;
		nm_tally_checkpoint(t, &w->next);
	}
	nm_count_time(&t->n, time_of(c, x));
	nm_count_bytes(&t->n, x->stored, x->wire);
}

/* `copied` counts the bytes of w->copy in use. */
static void serve_record(const struct nm_capture *c, struct nm_window *w, const struct record *x,
    uint32_t n, size_t *copied)
{
	size_t at = (size_t)(x->offset - w->base);

	if (w->ns)
		w->ns[n] = time_of(c, x);
	if (c->copies) {
		w->at[n] = (uint32_t)*copied;
		nm_frame_put_head(w->copy + *copied, x->us, x->wire, x->stored);
		memcpy(w->copy + *copied + NM_FRAME_HEAD, w->data + at + c->u.netmon.record_head,
		    x->stored);
		*copied += NM_FRAME_HEAD + x->stored;
		return;
	}
	w->at[n] = (uint32_t)(w->data + at - w->mem);
	if (c->links_vary)
		w->link[n] = nm_le16(x->trailer);
}

/* Records one behind the other, where the table is lost. */
static uint64_t size_of(const struct nm_capture *c, const struct record *x)
{
	return (uint64_t)c->u.netmon.record_head + x->stored + c->u.netmon.trailer;
}

static bool copy_is_full(
    const struct nm_capture *c, const struct nm_window *w, const struct record *x, size_t copied)
{
	return c->copies && copied + NM_FRAME_HEAD + x->stored > 2 * w->room;
}

static void decode(
    const struct nm_capture *c, struct nm_walk *k, struct nm_window *w, struct nm_tally *t)
{
	const bool lost = c->u.netmon.lost;
	uint32_t limit = nm_window_limit(w), n = 0;
	struct record x = { .offset = w->next.offset };
	size_t copied = 0;

	(void)k;
	if (!lost && w->run < limit)
		limit = w->run;
	if (c->copies)
		w->frames = w->copy;
	for (; n < limit; n++) {
		enum verdict v;

		if (!lost)
			x.offset = nm_le32(w->at + n);
		else if (is_last(c, w, x.offset))
			break;
		v = judge(c, w, &x);
		if (v == HARMED)
			spoil(c, w, &x);
		if (v != WHOLE || copy_is_full(c, w, &x, copied))
			break;
		if (t)
			count_record(c, w, t, &x);
		else
			serve_record(c, w, &x, n, &copied);
		w->next.frame++;
		x.offset += size_of(c, &x);
	}
	w->count = n;
	w->next.offset = lost ? x.offset : c->begin.offset;
	if (w->end == NM_END_MORE && is_last(c, w, x.offset))
		end_of_table(c, w);
}

uint32_t nm_netmon_process(const struct nm_capture *c, const uint8_t *record)
{
	if (c->u.netmon.trailer < 6)
		return UINT32_MAX;
	return nm_le32(record + NM_FRAME_HEAD + nm_le32(record + 12) + 2);
}

const struct nm_format_ops nm_netmon_ops = {
	.probe = probe,
	.open = open_netmon,
	.fill = fill,
	.decode = decode,
	.link = link_of,
};
