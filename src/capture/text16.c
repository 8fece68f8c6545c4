/* SPDX-License-Identifier: MIT */
/* Texts of Network Monitor files: UTF-16LE, and as much of RTF as comments have. */
#include "base/utf8.h"
#include "capture/notes_int.h"

#include <ctype.h>
#include <stdio.h>

#define REPLACEMENT 0xfffdu
#define DEPTH_MAX   64u /* groups within one another whose state is kept */

struct out {
	char *p;
	size_t n, room; /* room without the NUL */
};

static void put_cp(struct out *o, uint32_t cp)
{
	uint8_t b[4];
	unsigned n;

	if (cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
		cp = REPLACEMENT;
	if (cp < 0x80) {
		b[0] = (uint8_t)cp;
		n = 1;
	} else if (cp < 0x800) {
		b[0] = (uint8_t)(0xc0 | cp >> 6);
		n = 2;
	} else if (cp < 0x10000) {
		b[0] = (uint8_t)(0xe0 | cp >> 12);
		n = 3;
	} else {
		b[0] = (uint8_t)(0xf0 | cp >> 18);
		n = 4;
	}
	for (unsigned i = 1; i < n; i++)
		b[i] = (uint8_t)(0x80 | (cp >> 6 * (n - 1 - i) & 0x3f));
	if (n > o->room - o->n) {
		o->room = o->n; /* nothing shorter gets in behind it */
		return;
	}
	memcpy(o->p + o->n, b, n);
	o->n += n;
}

static bool is_high(uint32_t u)
{
	return u >= 0xd800 && u < 0xdc00;
}

static bool is_low(uint32_t u)
{
	return u >= 0xdc00 && u < 0xe000;
}

size_t nm_text_from_utf16(char *dst, size_t room, const uint8_t *src, size_t bytes)
{
	struct out o = { .p = dst, .room = room - 1 };

	for (size_t i = 0; i + 2 <= bytes; i += 2) {
		uint32_t u = nm_le16(src + i);

		if (u == 0)
			break;
		if (is_high(u) && i + 4 <= bytes && is_low(nm_le16(src + i + 2))) {
			u = 0x10000 + ((u - 0xd800) << 10) + (nm_le16(src + i + 2) - 0xdc00u);
			i += 2;
		}
		put_cp(&o, u);
	}
	dst[o.n] = '\0';
	return o.n;
}

static uint32_t next_cp(const char **s, size_t *n)
{
	uint32_t cp = REPLACEMENT;
	unsigned len = nm_utf8_next(*s, *n, &cp);

	len = len ? len : 1;
	*s += len;
	*n -= len;
	return cp;
}

size_t nm_text_to_utf16(uint8_t *dst, const char *src, size_t n)
{
	size_t at = 0;

	while (n > 0) {
		uint32_t cp = next_cp(&src, &n);

		if (cp >= 0x10000) {
			nm_put_le16(dst + at, (uint16_t)(0xd800 + ((cp - 0x10000) >> 10)));
			at += 2;
			cp = 0xdc00 + ((cp - 0x10000) & 0x3ff);
		}
		nm_put_le16(dst + at, (uint16_t)cp);
		at += 2;
	}
	return at;
}

/* ---- RTF ---- */

/* 0x80 to 0x9f of the code page that RTF is written in, where nothing else is said. */
static const uint16_t windows1252[32] = { 0x20ac, REPLACEMENT, 0x201a, 0x0192, 0x201e, 0x2026,
	0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, REPLACEMENT, 0x017d, REPLACEMENT,
	REPLACEMENT, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161,
	0x203a, 0x0153, REPLACEMENT, 0x017e, 0x0178 };

struct rtf {
	struct nm_cur in;
	struct out out;
	unsigned depth, hidden_at; /* groups open; the one whose text is none, 0: none */
	unsigned fallback;         /* bytes to pass over behind \u: what old readers show */
	uint32_t high;             /* first half of a character beyond 0xffff */
	unsigned breaks;           /* ends of lines that nothing has followed yet */
};

static void text(struct rtf *r, uint32_t cp)
{
	if (r->hidden_at)
		return;
	if (r->fallback > 0) {
		r->fallback--;
		return;
	}
	for (; r->breaks > 0; r->breaks--)
		put_cp(&r->out, '\n');
	put_cp(&r->out, cp);
}

static void line_break(struct rtf *r)
{
	if (!r->hidden_at && r->breaks < DEPTH_MAX)
		r->breaks++;
}

static int peek(const struct rtf *r)
{
	return r->in.left ? r->in.p[0] : -1;
}

static unsigned hex(int c)
{
	return isdigit(c) ? (unsigned)(c - '0') : isxdigit(c) ? (unsigned)(c | 0x20) - 'a' + 10 : 0;
}

static void unicode(struct rtf *r, int32_t v)
{
	uint32_t u = (uint32_t)v & 0xffff;

	r->fallback = 0;
	if (is_high(u)) {
		r->high = u;
	} else {
		if (r->high && is_low(u))
			u = 0x10000 + ((r->high - 0xd800) << 10) + (u - 0xdc00);
		r->high = 0;
		text(r, u);
	}
	r->fallback = 1;
}

static void word(struct rtf *r)
{
	static const char *const hidden[] = { "fonttbl", "colortbl", "stylesheet", "info", "pict" };
	char name[16];
	size_t n = 0;
	int32_t v = 0;
	bool minus;

	while (isalpha(peek(r))) {
		char c = (char)nm_cur_u8(&r->in);

		if (n < sizeof name - 1)
			name[n++] = c;
	}
	name[n] = '\0';
	minus = peek(r) == '-';
	if (minus)
		(void)nm_cur_u8(&r->in);
	for (int digits = 0; isdigit(peek(r)); digits++) {
		int d = nm_cur_u8(&r->in) - '0';

		if (digits < 6)
			v = v * 10 + d;
	}
	if (peek(r) == ' ')
		(void)nm_cur_u8(&r->in);
	if (strcmp(name, "par") == 0 || strcmp(name, "line") == 0)
		line_break(r);
	else if (strcmp(name, "tab") == 0)
		text(r, '\t');
	else if (strcmp(name, "u") == 0)
		unicode(r, minus ? -v : v);
	for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
		if (strcmp(name, hidden[i]) == 0 && !r->hidden_at)
			r->hidden_at = r->depth;
}

static void control(struct rtf *r)
{
	uint32_t c;

	if (isalpha(peek(r))) {
		word(r);
		return;
	}
	c = nm_cur_u8(&r->in);
	if (c == '\'') {
		c = hex(nm_cur_u8(&r->in)) << 4;
		c |= hex(nm_cur_u8(&r->in));
		text(r, c >= 0x80 && c < 0xa0 ? windows1252[c - 0x80] : c);
	} else if (c == '*') {
		if (!r->hidden_at)
			r->hidden_at = r->depth;
	} else if (c == '~') {
		text(r, 0xa0);
	} else if (c == '\n' || c == '\r') {
		line_break(r);
	} else if (c == '\\' || c == '{' || c == '}') {
		text(r, c);
	}
}

size_t nm_text_from_rtf(char *dst, size_t room, const uint8_t *src, size_t bytes)
{
	struct rtf r = { .in = nm_cur_over(src, bytes), .out = { .p = dst, .room = room - 1 } };
	const char *plain = (const char *)src;
	size_t left = bytes;

	if (bytes < 5 || memcmp(src, "{\\rtf", 5) != 0) {
		while (left > 0 && *plain)
			put_cp(&r.out, next_cp(&plain, &left));
		r.in.left = 0;
	}
	while (r.in.left > 0) {
		uint8_t c = nm_cur_u8(&r.in);

		if (c == '{') {
			r.depth++;
		} else if (c == '}') {
			if (r.hidden_at == r.depth)
				r.hidden_at = 0;
			r.depth -= r.depth > 0;
			r.fallback = 0;
		} else if (c == '\\') {
			control(&r);
		} else if (c == 0) {
			break;
		} else if (c != '\r' && c != '\n') {
			text(&r, c);
		}
	}
	dst[r.out.n] = '\0';
	return r.out.n;
}

static size_t put_unit(uint8_t *dst, uint32_t unit)
{
	char s[16];
	int n = snprintf(s, sizeof s, "\\u%d?", unit < 0x8000 ? (int)unit : (int)unit - 0x10000);

	memcpy(dst, s, (size_t)n);
	return (size_t)n;
}

size_t nm_text_to_rtf(uint8_t *dst, const char *src, size_t n)
{
	static const char head[] = "{\\rtf1\\ansi ";
	size_t at = sizeof head - 1;

	memcpy(dst, head, at);
	while (n > 0) {
		uint32_t cp = next_cp(&src, &n);

		if (cp == '\n') {
			memcpy(dst + at, "\\line ", 6);
			at += 6;
		} else if (cp == '\\' || cp == '{' || cp == '}') {
			dst[at++] = '\\';
			dst[at++] = (uint8_t)cp;
		} else if (cp >= 0x20 && cp < 0x7f) {
			dst[at++] = (uint8_t)cp;
		} else if (cp >= 0x10000) {
			at += put_unit(dst + at, 0xd800 + ((cp - 0x10000) >> 10));
			at += put_unit(dst + at, 0xdc00 + ((cp - 0x10000) & 0x3ff));
		} else {
			at += put_unit(dst + at, cp);
		}
	}
	dst[at++] = '}';
	return at;
}
