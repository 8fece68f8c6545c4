/* SPDX-License-Identifier: MIT */
/* A file, and two formats for it; both little-endian.
 *
 * pcapng: draft-ietf-opsawg-pcapng. Network Monitor 2.1: a header of 128 bytes; frames, each
 * behind a FRAME header and before its media type; a table of their offsets. */
#include "output.h"

#include <errno.h>
#ifdef __linux__
#include <fcntl.h>
#endif
#include <stdlib.h>

#define FOLDER_VARIABLE "NETMON_OUTPUT_DIR"
#define NUMBERS         999u /* files of one name */
#define NETMON_HEAD     128u
#define PLACES_FIRST    4096u

/* pcapng's link types are those of www.tcpdump.org/linktypes.html. */
static const struct {
	int link_type; /* -1: none */
	uint16_t media;
} links[LINKS] = {
	[LINK_ETHERNET] = { 1, 1 },
	[LINK_TOKENRING] = { 6, 2 },
	[LINK_FDDI] = { 10, 3 },
	[LINK_ATM] = { -1, 4 },
	[LINK_1394] = { -1, 5 },
	/* as link types of pcap are numbered there */
	[LINK_IP] = { 101, 0xe000 + 101 },
	[LINK_COOKED] = { 113, 0xe000 + 113 },
	[LINK_COOKED2] = { 276, 0xe000 + 276 },
	[LINK_NULL] = { 0, 0xe000 },
	[LINK_PPP] = { 9, 0xe000 + 9 },
	[LINK_CHDLC] = { 104, 0xe000 + 104 },
	[LINK_FRAME_RELAY] = { 107, 0xe000 + 107 },
	[LINK_WLAN] = { 105, 0xe000 + 105 },
	[LINK_RADIOTAP] = { 127, 0xe000 + 127 },
	[LINK_PPI] = { 192, 0xe000 + 192 },
	[LINK_PRISM] = { 119, 0xe000 + 119 },
	[LINK_AVS] = { 163, 0xe000 + 163 },
};

bool output_keeps(enum format f, enum link link)
{
	return f == FORMAT_NETMON || links[link].link_type >= 0;
}

const char *output_folder(void)
{
	const char *s = getenv(FOLDER_VARIABLE);

	return s && *s ? s : NULL;
}

/* ---- the file ------------------------------------------------------------------------- */

static void fail(struct output *o, const char *why)
{
	if (!o->error[0])
		(void)snprintf(o->error, sizeof o->error, "%s", why);
}

static void fail_errno(struct output *o)
{
	fail(o, errno ? strerror(errno) : "it could not be written");
}

static const char *path_of(const struct output *o, const char *name, char path[OUTPUT_PATH])
{
	int n = snprintf(path, OUTPUT_PATH, "%s/%s", o->folder, name);

	return n > 0 && n < OUTPUT_PATH ? path : "";
}

/* What was put so far, in one piece: the C library's own buffer is as small as it likes. */
static void flush(struct output *o)
{
	errno = 0;
	if (!o->error[0] && fwrite(o->buffer, 1, o->held, o->file) != o->held)
		fail_errno(o);
	o->held = 0;
}

static void put(struct output *o, const void *p, size_t n)
{
	const uint8_t *from = p;

	if (o->error[0] || n == 0)
		return;
	o->at += n;
	for (size_t part; n > sizeof o->buffer - o->held; from += part, n -= part) {
		part = sizeof o->buffer - o->held;
		memcpy(o->buffer + o->held, from, part);
		o->held += part;
		flush(o);
	}
	memcpy(o->buffer + o->held, from, n);
	o->held += n;
}

static void put_zeros(struct output *o, size_t n)
{
	static const uint8_t zeros[NETMON_HEAD];

	put(o, zeros, n);
}

/* Endings of captures that do not belong to what one is called. */
static size_t ending(const char *name, size_t n)
{
	static const char *const endings[] = { ".gz", ".zst", ".lz4", ".xz", ".pcapng", ".pcap",
		".cap", ".ntar", ".dmp" };

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t e = strlen(endings[i]);

		if (n > e && memcmp(name + n - e, endings[i], e) == 0)
			return e;
	}
	return 0;
}

/* What the capture is called, without folders, endings and characters that names don't have. */
static void make_stem(struct output *o, const char *capture)
{
	const char *name = capture;
	size_t n;

	for (const char *p = capture; *p; p++)
		if (*p == '/' || *p == '\\')
			name = p + 1;
	n = strnlen(name, sizeof o->stem - 1);
	for (size_t e; (e = ending(name, n)) != 0;)
		n -= e;
	if (n == 0 || (n == 1 && *name == '-')) {
		name = "capture";
		n = 7;
	}
	if (n > 180)
		n = 180;
	(void)snprintf(o->stem, sizeof o->stem, "%.*s-coalesced", (int)n, name);
	for (char *p = o->stem; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f || strchr(":*?\"<>|", *p))
			*p = '_';
}

/* The n-th name, with an ending. */
static void make_name(const struct output *o, unsigned n, const char *more, char name[OUTPUT_NAME])
{
	const char *end = o->format == FORMAT_NETMON ? ".cap" : ".pcapng";

	if (n > 1)
		(void)snprintf(name, OUTPUT_NAME, "%s-%u%s%s", o->stem, n, end, more);
	else
		(void)snprintf(name, OUTPUT_NAME, "%s%s%s", o->stem, end, more);
}

/* The first of the names that nobody has, as a new file; NULL: none. */
static FILE *create(const struct output *o, const char *more, char name[OUTPUT_NAME])
{
	char path[OUTPUT_PATH];
	FILE *f = NULL;

	errno = EEXIST;
	for (unsigned n = 1; !f && n <= NUMBERS && errno == EEXIST; n++) {
		make_name(o, n, more, name);
		f = fopen(path_of(o, name, path), "wbx");
	}
	return f;
}

/* In one step, and only where the name is free. Non-zero: errno says why not, EINVAL where that
 * is not known. */
static int rename_if_free(const char *from, const char *to)
{
#if defined(_WIN32)
	return rename(from, to); /* it replaces nothing */
#elif defined(RENAME_NOREPLACE)
	return renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE);
#else
	(void)from;
	(void)to;
	errno = EINVAL;
	return -1;
#endif
}

static int rename_over(const char *from, const char *to)
{
#if defined(_WIN32)
	(void)remove(to);
#endif
	return rename(from, to);
}

/* Under the first name that nobody has. */
static bool rename_to_new(struct output *o, const char *from)
{
	char to[OUTPUT_PATH];
	int failed = -1;

	errno = EEXIST;
	for (unsigned n = 1; failed && n <= NUMBERS && errno == EEXIST; n++) {
		make_name(o, n, "", o->name);
		failed = rename_if_free(from, path_of(o, o->name, to));
	}
	return failed == 0;
}

/* Under its own name: what has it already stays, unless it is to be replaced. Where a rename
 * replaces whatever is there, the name is taken by an empty file first; to replace that the
 * system may wait for the disk. */
static bool rename_part(struct output *o)
{
	char from[OUTPUT_PATH], to[OUTPUT_PATH];
	FILE *mine = NULL;

	if (!o->replace && rename_to_new(o, path_of(o, o->part, from)))
		return true;
	make_name(o, 1, "", o->name);
	if (!o->replace) {
		mine = create(o, "", o->name);
		if (!mine)
			return false;
		(void)fclose(mine);
	}
	if (rename_over(path_of(o, o->part, from), path_of(o, o->name, to)) == 0)
		return true;
	if (mine)
		(void)remove(to);
	return false;
}

/* ---- pcapng --------------------------------------------------------------------------- */

static void le_put(uint8_t *p, uint64_t v, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		p[i] = (uint8_t)(v >> 8 * i);
}

static uint32_t padded(uint32_t n)
{
	return (n + 3) & ~UINT32_C(3);
}

/* 0 4 type; 4 4 length; 8 4 byte order; 12 2 and 14 2 version; 16 8 length of the section */
static void pcapng_begin(struct output *o)
{
	uint8_t h[28];

	le_put(h, 0x0a0d0d0a, 4);
	le_put(h + 4, sizeof h, 4);
	le_put(h + 8, 0x1a2b3c4d, 4);
	le_put(h + 12, 1, 4);
	le_put(h + 16, UINT64_MAX, 8);
	le_put(h + 24, sizeof h, 4);
	put(o, h, sizeof h);
}

/* 0 4 type; 4 4 length; 8 2 link type; 12 4 snap length, 0 for none */
static void put_interface(struct output *o, enum link link)
{
	uint8_t h[20] = { 0 };

	le_put(h, 1, 4);
	le_put(h + 4, sizeof h, 4);
	le_put(h + 8, (uint64_t)links[link].link_type, 2);
	le_put(h + 16, sizeof h, 4);
	put(o, h, sizeof h);
	o->number[link] = ++o->interfaces;
}

/* 0 2 code, 1 for a comment; 2 2 length; and the end of the options */
static void put_comment(struct output *o, const char *text, uint32_t n)
{
	uint8_t h[4];

	le_put(h, 1, 2);
	le_put(h + 2, n, 2);
	put(o, h, sizeof h);
	put(o, text, n);
	put_zeros(o, padded(n) - n + 4);
}

/* 0 4 type; 4 4 length; 8 4 interface; 12 4 and 16 4 time, the upper half first; 20 4 stored;
 * 24 4 on the wire */
static void pcapng_frame(struct output *o, const struct out_frame *f)
{
	uint32_t stored = f->head_n + f->payload_n;
	uint32_t comment = f->comment ? (uint32_t)strlen(f->comment) : 0;
	uint32_t total = 32 + padded(stored) + (comment ? padded(comment) + 8 : 0);
	int64_t us = o->start_us + f->time;
	uint64_t time = us < 0 ? 0 : (uint64_t)us;
	uint8_t h[28], end[4];

	if (o->number[f->link] == 0)
		put_interface(o, f->link);
	le_put(h, 6, 4);
	le_put(h + 4, total, 4);
	le_put(h + 8, o->number[f->link] - 1, 4);
	le_put(h + 12, time >> 32, 4);
	le_put(h + 16, time, 4);
	le_put(h + 20, stored, 4);
	le_put(h + 24, f->wire, 4);
	put(o, h, sizeof h);
	put(o, f->head, f->head_n);
	put(o, f->payload, f->payload_n);
	put_zeros(o, padded(stored) - stored);
	if (comment)
		put_comment(o, f->comment, comment);
	le_put(end, total, 4);
	put(o, end, sizeof end);
}

static void pcapng_end(struct output *o)
{
	/* Without any interface a section says nothing of what it could have held. */
	if (o->interfaces == 0)
		put_interface(o, LINK_ETHERNET);
}

/* ---- Network Monitor -------------------------------------------------------------------- */

static void netmon_begin(struct output *o)
{
	put_zeros(o, NETMON_HEAD); /* filled in at the end */
}

static bool remember_place(struct output *o)
{
	uint32_t more = o->room ? o->room * 2 : PLACES_FIRST, *list;

	if (o->frames == o->room) {
		list = budget_grow(o->budget, o->places, o->frames, &o->room, more, sizeof *list);
		if (!list)
			return false;
		o->places = list;
	}
	o->places[o->frames] = (uint32_t)o->at;
	return true;
}

/* 0 8 time; 8 4 on the wire; 12 4 stored; the bytes; 2 media type */
static void netmon_frame(struct output *o, const struct out_frame *f)
{
	uint32_t stored = f->head_n + f->payload_n;
	uint8_t h[16], media[2];

	if (o->at + sizeof h + stored + sizeof media > UINT32_MAX) {
		fail(o, "a Network Monitor file can't be larger than 4 GiB; format=pcapng can");
		return;
	}
	if (!remember_place(o)) {
		fail(
		    o, "no memory for the frame table: raise the memory setting, or format=pcapng");
		return;
	}
	le_put(h, (uint64_t)f->time, 8);
	le_put(h + 8, f->wire, 4);
	le_put(h + 12, stored, 4);
	put(o, h, sizeof h);
	put(o, f->head, f->head_n);
	put(o, f->payload, f->payload_n);
	le_put(media, links[f->link].media, 2);
	put(o, media, sizeof media);
}

/* 0 4 "GMBU"; 4 1 and 5 1 version 1 and 2, lower half first; 6 2 media type of the capture;
 * 8 16 start; 24 4 and 28 4 where the frame table is and its bytes */
static void netmon_end(struct output *o)
{
	uint8_t h[NETMON_HEAD] = { 'G', 'M', 'B', 'U', 1, 2, 1, 0 };
	const WORD start[8] = { o->start.wYear, o->start.wMonth, o->start.wDayOfWeek, o->start.wDay,
		o->start.wHour, o->start.wMinute, o->start.wSecond, o->start.wMilliseconds };
	uint64_t table = o->at;

	for (uint32_t i = 0; i < o->frames; i++) {
		uint8_t place[4];

		le_put(place, o->places[i], 4);
		put(o, place, sizeof place);
	}
	if (o->at > UINT32_MAX)
		fail(o, "a Network Monitor file can't be larger than 4 GiB; format=pcapng can");
	for (unsigned i = 0; i < 8; i++)
		le_put(h + 8 + 2 * i, start[i], 2);
	le_put(h + 24, table, 4);
	le_put(h + 28, (uint64_t)o->frames * 4, 4);
	flush(o);
	errno = 0;
	if (!o->error[0] && fseek(o->file, 0, SEEK_SET) != 0)
		fail_errno(o);
	put(o, h, sizeof h);
	o->at -= sizeof h; /* they were counted when they were zeros */
}

/* ---- either ------------------------------------------------------------------------------ */

static const struct {
	void (*begin)(struct output *o);
	void (*frame)(struct output *o, const struct out_frame *f);
	void (*end)(struct output *o);
} formats[FORMATS] = {
	[FORMAT_PCAPNG] = { pcapng_begin, pcapng_frame, pcapng_end },
	[FORMAT_NETMON] = { netmon_begin, netmon_frame, netmon_end },
};

/* Days since 1970 of a day of the calendar that everybody uses. */
static int64_t days(int64_t y, unsigned m, unsigned d)
{
	int64_t era;
	unsigned year, day;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	year = (unsigned)(y - era * 400);
	day = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
	day += year * 365 + year / 4 - year / 100;
	return era * 146097 + day - 719468;
}

bool output_begin(struct output *o, const char *capture, const SYSTEMTIME *start)
{
	const SYSTEMTIME *s = start;

	make_stem(o, capture);
	o->start = *s;
	o->start_us =
	    (((days(s->wYear, s->wMonth, s->wDay) * 24 + s->wHour) * 60 + s->wMinute) * 60 +
		s->wSecond) *
		1000000 +
	    s->wMilliseconds * 1000;
	o->file = create(o, ".part", o->part);
	if (!o->file) {
		fail_errno(o);
		return false;
	}
	(void)setvbuf(o->file, NULL, _IONBF, 0);
	formats[o->format].begin(o);
	return !o->error[0];
}

void output_frame(struct output *o, const struct out_frame *f)
{
	uint64_t before = o->at;

	if (o->error[0])
		return;
	formats[o->format].frame(o, f);
	o->frames += o->at != before;
}

static void let_go(struct output *o)
{
	budget_give(o->budget, o->places, o->room * sizeof *o->places);
	o->places = NULL;
	o->room = 0;
}

bool output_end(struct output *o)
{
	char path[OUTPUT_PATH];

	if (!o->file)
		return false;
	formats[o->format].end(o);
	flush(o);
	errno = 0;
	if (fclose(o->file) != 0)
		fail_errno(o);
	o->file = NULL;
	errno = 0;
	if (!o->error[0] && !rename_part(o))
		fail_errno(o);
	if (o->error[0])
		(void)remove(path_of(o, o->part, path));
	let_go(o);
	return !o->error[0];
}

void output_drop(struct output *o)
{
	char path[OUTPUT_PATH];

	if (o->file) {
		(void)fclose(o->file);
		(void)remove(path_of(o, o->part, path));
	}
	o->file = NULL;
	let_go(o);
}
