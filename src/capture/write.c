/* SPDX-License-Identifier: MIT */
/* Writers: pcap 2.4, pcapng 1.0, Network Monitor 2.0 to 2.2. All write
 * little-endian. Layouts are drawn where they are read (pcap.c, pcapng.c, netmon.c). */
#include "capture/write.h"
#include "base/bytes.h"
#include "base/civil.h"
#include "capture/pcapng.h"
#include "system/files.h"
#include "capture/write_comments.h"

#include <netmon.h>
#include <string.h>

#define BUFFER      (256u << 10)
#define NETMON_HEAD 128u
#define OFFSET_MAX  UINT64_C(0xffffffff) /* Network Monitor's offsets have 32 bits */
#define MEDIA_LINK  0xe000u              /* media type of link type 0 */
#define COMMENT_MAX 65535u
#define PCAP_END_NS (((int64_t)UINT32_MAX + 1) * 1000000000) /* in 2106: pcap has 32 bits */

struct format {
	void (*begin)(struct nm_writer *w);
	enum nm_fit (*frame)(struct nm_writer *w, const struct nm_write_frame *f);
	void (*end)(struct nm_writer *w);
};

struct nm_writer {
	const struct format *format;
	int fd; /* borrowed */
	struct nm_write_options o;
	struct nm_packer *packer; /* owned; NULL: the bytes are written as they are */
	uint8_t *buf;             /* owned */
	size_t n;
	uint64_t at; /* bytes written or in the buffer */
	uint32_t frames;
	uint32_t link_type; /* pcap, Network Monitor: of the first frame */
	uint32_t *table;    /* owned; Network Monitor: where each frame is */
	size_t room;
	struct nm_comment_table comments; /* Network Monitor */
	uint64_t comments_lost;
	struct nm_diag harm;
};

static void harm(struct nm_writer *w, uint32_t code, const char *text)
{
	if (!w->harm.code)
		(void)nm_diag_set(&w->harm, code, w->at, "%s", text);
}

static bool write_out(void *ctx, const void *p, size_t n)
{
	struct nm_writer *w = ctx;
	int err = n && !w->harm.code ? nm_prim_write(w->fd, p, n) : 0;

	if (err)
		harm(w, NMERR_FILE_WRITE_ERROR, strerror(err));
	return !w->harm.code;
}

static void write_through(struct nm_writer *w, const void *p, size_t n)
{
	if (!w->packer)
		(void)write_out(w, p, n);
	else if (!w->harm.code && !nm_pack(w->packer, p, n))
		harm(w, NMERR_OUT_OF_MEMORY, "no memory to compress it");
}

static void flush(struct nm_writer *w)
{
	write_through(w, w->buf, w->n);
	w->n = 0;
}

static void put(struct nm_writer *w, const void *p, size_t n)
{
	w->at += n;
	if (n > BUFFER - w->n)
		flush(w);
	if (n > BUFFER) {
		write_through(w, p, n);
	} else if (n > 0) {
		memcpy(w->buf + w->n, p, n);
		w->n += n;
	}
}

static void put_zeros(struct nm_writer *w, size_t n)
{
	static const uint8_t zeros[8];

	put(w, zeros, n);
}

/* ---- pcap ---- */

static void pcap_head(struct nm_writer *w, uint32_t link_type)
{
	uint8_t h[24] = { 0 };

	nm_put_le32(h, w->o.fine ? 0xa1b23c4d : 0xa1b2c3d4);
	nm_put_le16(h + 4, 2);
	nm_put_le16(h + 6, 4);
	nm_put_le32(h + 16, w->o.snap_len);
	nm_put_le32(h + 20, link_type);
	put(w, h, sizeof h);
	w->link_type = link_type;
}

static void pcap_begin(struct nm_writer *w)
{
	(void)w; /* the header waits for the first frame's link type */
}

static void pcap_end(struct nm_writer *w)
{
	if (w->frames == 0)
		pcap_head(w, w->o.link_type);
}

static enum nm_fit pcap_frame(struct nm_writer *w, const struct nm_write_frame *f)
{
	int64_t tick = w->o.fine ? 1 : 1000, ns = f->ns;
	enum nm_fit fit = NM_FIT_WHOLE;
	uint8_t h[16];

	if (f->link_type > 0xffff || (w->frames > 0 && f->link_type != w->link_type))
		return NM_FIT_NOT;
	if (w->frames == 0)
		pcap_head(w, f->link_type);
	if (ns < 0 || ns >= PCAP_END_NS || ns % tick != 0)
		fit = NM_FIT_TIME;
	if (ns < 0)
		ns = 0;
	if (ns >= PCAP_END_NS)
		ns = PCAP_END_NS - 1;
	nm_put_le32(h, (uint32_t)(ns / 1000000000));
	nm_put_le32(h + 4, (uint32_t)(ns % 1000000000 / tick));
	nm_put_le32(h + 8, f->stored);
	nm_put_le32(h + 12, f->wire);
	put(w, h, sizeof h);
	put(w, f->bytes, f->stored);
	return fit;
}

/* ---- pcapng ---- */

static uint32_t padded(uint32_t n)
{
	return (n + 3) & ~UINT32_C(3);
}

static void put_block_head(struct nm_writer *w, uint32_t type, uint32_t total)
{
	uint8_t h[8];

	nm_put_le32(h, type);
	nm_put_le32(h + 4, total);
	put(w, h, sizeof h);
}

static void put_block_end(struct nm_writer *w, uint32_t total)
{
	uint8_t h[4];

	nm_put_le32(h, total);
	put(w, h, sizeof h);
}

static void put_option(struct nm_writer *w, uint16_t code, const void *p, uint16_t n)
{
	uint8_t h[4];

	nm_put_le16(h, code);
	nm_put_le16(h + 2, n);
	put(w, h, sizeof h);
	put(w, p, n);
	put_zeros(w, padded(n) - n);
}

static uint32_t option_bytes(size_t n)
{
	return 4 + padded((uint32_t)n);
}

/* A list of options and its end; nothing for an empty one. */
static uint32_t list_bytes(const struct nm_options *o)
{
	return o && o->n ? (uint32_t)o->n + 4 : 0;
}

static void put_list(struct nm_writer *w, const struct nm_options *o)
{
	if (list_bytes(o) == 0)
		return;
	put(w, o->p, o->n);
	put_zeros(w, 4);
}

static void put_section(struct nm_writer *w, const struct nm_options *o, const char *comment)
{
	uint32_t list = list_bytes(o);
	size_t n = comment && !list ? strnlen(comment, COMMENT_MAX) : 0;
	uint32_t total = 28 + list + (n ? option_bytes(n) + 4 : 0);
	uint8_t h[16];

	put_block_head(w, 0x0a0d0d0a, total);
	nm_put_le32(h, 0x1a2b3c4d);
	nm_put_le16(h + 4, 1);
	nm_put_le16(h + 6, 0);
	nm_put_le64(h + 8, UINT64_MAX); /* a section of unknown length */
	put(w, h, sizeof h);
	put_list(w, o);
	if (n) {
		put_option(w, 1, comment, (uint16_t)n);
		put_zeros(w, 4);
	}
	put_block_end(w, total);
}

static void pcapng_begin(struct nm_writer *w)
{
	put_section(w, w->o.options, w->o.comment);
}

void nm_writer_section(struct nm_writer *w, const struct nm_options *o)
{
	put_section(w, o, NULL);
}

void nm_writer_interface(struct nm_writer *w, const struct nm_write_interface *i)
{
	static const uint8_t nanoseconds = 9;
	size_t given = i->options ? i->options->n : 0;
	size_t n = given ? 0 : strnlen(i->name, 255);
	uint32_t options =
	    (uint32_t)given + (n ? option_bytes(n) : 0) + (i->fine ? option_bytes(1) : 0);
	uint32_t total = 20 + options + (options ? 4 : 0);
	uint8_t h[8] = { 0 };

	put_block_head(w, 1, total);
	nm_put_le16(h, (uint16_t)i->link_type);
	nm_put_le32(h + 4, i->snap_len);
	put(w, h, sizeof h);
	if (given)
		put(w, i->options->p, given);
	if (n)
		put_option(w, 2, i->name, (uint16_t)n);
	if (i->fine)
		put_option(w, 9, &nanoseconds, 1);
	if (options)
		put_zeros(w, 4);
	put_block_end(w, total);
}

void nm_writer_block(struct nm_writer *w, uint32_t type, const void *body, uint32_t n)
{
	uint32_t total = 12 + padded(n);

	put_block_head(w, type, total);
	put(w, body, n);
	put_zeros(w, padded(n) - n);
	put_block_end(w, total);
}

/* Times before 1970 can't be written. */
void nm_writer_time(const struct nm_writer *w, int64_t ns, uint8_t ret[8])
{
	uint64_t ticks = ns < 0 ? 0 : (uint64_t)ns / (w->o.fine ? 1 : 1000);

	nm_put_le32(ret, (uint32_t)(ticks >> 32));
	nm_put_le32(ret + 4, (uint32_t)ticks);
}

void nm_writer_counters(
    struct nm_writer *w, uint32_t interface, int64_t ns, const struct nm_options *o)
{
	uint32_t total = 24 + list_bytes(o);
	uint8_t h[12];

	put_block_head(w, NM_NG_STATISTICS, total);
	nm_put_le32(h, interface);
	nm_writer_time(w, ns, h + 4);
	put(w, h, sizeof h);
	put_list(w, o);
	put_block_end(w, total);
}

/* Its interface has nanoseconds when f->ns does not divide by 1000: the caller
 * saw to that; then all of its frames are written so. */
static enum nm_fit pcapng_frame(struct nm_writer *w, const struct nm_write_frame *f)
{
	uint32_t total = 32 + padded(f->stored) + list_bytes(f->options);
	enum nm_fit fit = f->ns < 0 ? NM_FIT_TIME : NM_FIT_WHOLE;
	uint8_t h[20];

	if (f->link_type > 0xffff)
		return NM_FIT_NOT;
	put_block_head(w, 6, total);
	nm_put_le32(h, f->interface);
	nm_writer_time(w, f->ns, h + 4);
	nm_put_le32(h + 12, f->stored);
	nm_put_le32(h + 16, f->wire);
	put(w, h, sizeof h);
	put(w, f->bytes, f->stored);
	put_zeros(w, padded(f->stored) - f->stored);
	put_list(w, f->options);
	put_block_end(w, total);
	return fit;
}

static void pcapng_end(struct nm_writer *w)
{
	(void)w;
}

/* ---- Network Monitor ---- */

/* The media type of a link type; 0: there is none. */
static uint16_t media_of(uint32_t link_type)
{
	switch (link_type) {
	case 1: return 1;
	case 6: return 2;
	case 10: return 3;
	default: break;
	}
	if (link_type >= NM_LINK_NETMON && link_type <= (NM_LINK_NETMON | 0xffff))
		return (uint16_t)link_type;
	/* Link types 128 to 138 have numbers there that mean something else. */
	return link_type < 0x1000 && (link_type < 0x80 || link_type > 0x8a)
		   ? (uint16_t)(MEDIA_LINK + link_type)
		   : 0;
}

static void netmon_begin(struct nm_writer *w)
{
	for (unsigned i = 0; i < NETMON_HEAD / 8; i++)
		put_zeros(w, 8); /* filled in at the end */
}

static bool remember_place(struct nm_writer *w)
{
	size_t room = w->room ? w->room * 2 : 1024;
	uint32_t *p;

	if (w->frames == w->room) {
		p = nm_prim_realloc(w->table, room * sizeof *p);
		if (!p) {
			harm(w, NMERR_OUT_OF_MEMORY, "no memory for the frame table");
			return false;
		}
		w->table = p;
		w->room = room;
	}
	w->table[w->frames] = (uint32_t)w->at;
	return true;
}

static void remember_comments(struct nm_writer *w, const struct nm_write_frame *f)
{
	struct nm_ng_option o;
	struct nm_cur cur;
	bool bad = false;

	if (!w->o.frame_tables || !f->options)
		return;
	cur = nm_cur_over(f->options->p, f->options->n);
	while (nm_ng_next_option(&cur, false, &o, &bad))
		if (o.code == 1 && !nm_comment_table_put(&w->comments, w->table[w->frames],
				       (const char *)o.value, o.len))
			w->comments_lost++;
}

/* Behind a frame's bytes: 2.1 and 2.2 */
static unsigned trailer_bytes(const struct nm_writer *w)
{
	return w->o.plain_media ? 0 : w->o.frame_tables ? 6 : 2;
}

static enum nm_fit netmon_frame(struct nm_writer *w, const struct nm_write_frame *f)
{
	uint16_t media = media_of(f->link_type);
	int64_t ns = f->ns == NM_NO_TIME ? w->o.start_ns : f->ns;
	enum nm_fit fit = f->ns == NM_NO_TIME || ns % 1000 != 0 ? NM_FIT_TIME : NM_FIT_WHOLE;
	uint8_t h[16], trailer[6];
	int64_t us = ns / 1000 - (ns % 1000 < 0) - w->o.start_ns / 1000;

	if (media == 0 || (w->o.plain_media && w->frames > 0 && f->link_type != w->link_type))
		return NM_FIT_NOT;
	if (w->at + sizeof h + f->stored + sizeof trailer > OFFSET_MAX) {
		harm(w, NMERR_FILE_WRITE_ERROR,
		    "a Network Monitor file can't be larger than 4 GiB; write pcapng instead");
		return NM_FIT_ERROR;
	}
	if (!remember_place(w))
		return NM_FIT_ERROR;
	if (w->frames == 0)
		w->link_type = f->link_type;
	nm_put_le64(h, (uint64_t)us);
	nm_put_le32(h + 8, f->wire);
	nm_put_le32(h + 12, f->stored);
	put(w, h, sizeof h);
	put(w, f->bytes, f->stored);
	nm_put_le16(trailer, media);
	nm_put_le32(trailer + 2, f->process);
	put(w, trailer, trailer_bytes(w));
	remember_comments(w, f);
	return fit;
}

/* An area at the end of the file, and where the header tells of it. */
static void put_area(struct nm_writer *w, uint8_t *pair, const void *p, size_t n)
{
	if (n == 0)
		return;
	nm_put_le32(pair, (uint32_t)w->at);
	nm_put_le32(pair + 4, (uint32_t)n);
	put(w, p, n);
}

static void put_areas(struct nm_writer *w, uint8_t h[NETMON_HEAD])
{
	static const uint8_t version[2] = { 1 };
	const struct nm_write_options *o = &w->o;

	put_area(w, h + 32, o->user_data.p, o->user_data.n);
	if (!o->frame_tables) {
		put_area(w, h + 40, o->comment, o->comment ? strnlen(o->comment, COMMENT_MAX) : 0);
		put_area(w, h + 48, o->statistics.p, o->statistics.n);
		put_area(w, h + 56, o->network_info.p, o->network_info.n);
		return;
	}
	put_area(w, h + 40, w->comments.p, w->comments.n);
	if (o->n_processes == 0)
		return;
	put_area(w, h + 48, version, sizeof version);
	nm_put_le32(h + 52, o->n_processes); /* not bytes */
	put(w, o->processes.p, o->processes.n);
}

static void netmon_end(struct nm_writer *w)
{
	struct nm_civil t = nm_civil_from_ns(w->o.start_ns);
	uint64_t table = w->at, bytes = (uint64_t)w->frames * 4;
	uint8_t h[NETMON_HEAD] = { 'G', 'M', 'B', 'U',
		(uint8_t)(trailer_bytes(w) == 6 ? 2 : trailer_bytes(w) / 2), 2 };

	for (uint32_t i = 0; i < w->frames; i++) {
		uint8_t entry[4];

		nm_put_le32(entry, w->table[i]);
		put(w, entry, sizeof entry);
	}
	put_areas(w, h);
	flush(w);
	if (w->at > OFFSET_MAX)
		harm(w, NMERR_FILE_WRITE_ERROR,
		    "a Network Monitor file can't be larger than 4 GiB; write pcapng instead");
	nm_put_le16(h + 6, w->frames && w->o.plain_media ? media_of(w->link_type) : 1);
	memcpy(h + 8, &t, sizeof t);
	nm_put_le32(h + 24, (uint32_t)table);
	nm_put_le32(h + 28, (uint32_t)bytes);
	if (!w->harm.code) {
		int err = nm_prim_pwrite(w->fd, h, sizeof h, 0);

		if (err)
			harm(w, NMERR_FILE_WRITE_ERROR, strerror(err));
	}
}

/* ---- the table ---- */

static const struct format formats[] = {
	[NM_FORMAT_PCAP] = { pcap_begin, pcap_frame, pcap_end },
	[NM_FORMAT_PCAPNG] = { pcapng_begin, pcapng_frame, pcapng_end },
	[NM_FORMAT_NETMON2] = { netmon_begin, netmon_frame, netmon_end },
};

struct nm_writer *nm_writer_new(int fd, const struct nm_write_options *o)
{
	struct nm_writer *w = nm_prim_alloc(sizeof *w);

	if (!w)
		return NULL;
	*w = (struct nm_writer){ .format = &formats[o->format], .fd = fd, .o = *o };
	w->buf = nm_prim_alloc(BUFFER);
	if (w->buf && o->packing)
		w->packer = nm_packer_new(o->packing, write_out, w);
	if (!w->buf || (o->packing && !w->packer)) {
		nm_prim_free(w->buf);
		nm_prim_free(w);
		return NULL;
	}
	w->format->begin(w);
	return w;
}

enum nm_fit nm_writer_frame(struct nm_writer *w, const struct nm_write_frame *f)
{
	enum nm_fit fit;

	if (w->harm.code)
		return NM_FIT_ERROR;
	fit = w->format->frame(w, f);
	if (fit == NM_FIT_WHOLE || fit == NM_FIT_TIME)
		w->frames++;
	return w->harm.code ? NM_FIT_ERROR : fit;
}

uint64_t nm_writer_comments_lost(const struct nm_writer *w)
{
	return w->comments_lost;
}

uint32_t nm_writer_close(struct nm_writer *w, struct nm_diag *d)
{
	uint32_t err;

	w->format->end(w);
	flush(w);
	if (w->packer && !w->harm.code && !nm_pack_end(w->packer))
		harm(w, NMERR_OUT_OF_MEMORY, "no memory to compress it");
	err = w->harm.code;
	if (err)
		(void)nm_diag_set(d, err, w->harm.offset, "%s", w->harm.text);
	nm_packer_free(w->packer);
	nm_comment_table_done(&w->comments);
	nm_prim_free(w->table);
	nm_prim_free(w->buf);
	nm_prim_free(w);
	return err;
}
