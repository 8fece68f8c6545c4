/* SPDX-License-Identifier: MIT */
/* Text for the supervisor, escaped where it is not ours. */
#include "engine/page.h"
#include "base/utf8.h"

void nm_page_init(struct nm_page *g, struct nm_speaker *s, bool colour)
{
	*g = (struct nm_page){ .s = s, .colour = colour, .o = nm_speaker_begin(s, NM_MSG_TEXT) };
}

bool nm_page_flush(struct nm_page *g)
{
	if (g->o.n > NM_WIRE_HEADER)
		(void)nm_speaker_send(g->s, &g->o);
	g->o = nm_speaker_begin(g->s, NM_MSG_TEXT);
	return !g->s->broken;
}

/* Room for n bytes, far fewer than a message has. */
static uint8_t *room(struct nm_page *g, size_t n)
{
	if (g->o.n + n > NM_PAGE_BYTES)
		(void)nm_page_flush(g);
	return g->o.p + g->o.n;
}

/* What has no room where it is. */
void nm_page_put_far(struct nm_page *g, const char *p, size_t n)
{
	while (n > 0) {
		size_t part = n < NM_PAGE_BYTES / 2 ? n : NM_PAGE_BYTES / 2;

		memcpy(room(g, part), p, part);
		g->o.n += part;
		p += part;
		n -= part;
	}
}

void nm_page_blanks(struct nm_page *g, unsigned n)
{
	static const char blanks[] = "                                                ";

	for (; n; n -= n < sizeof blanks - 1 ? n : sizeof blanks - 1)
		nm_page_put(g, blanks, n < sizeof blanks - 1 ? n : sizeof blanks - 1);
}

static unsigned digits_of(char buf[20], uint64_t v)
{
	unsigned n = 0;

	do {
		buf[19 - n++] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	return n;
}

void nm_page_padded(struct nm_page *g, uint64_t v, unsigned width, char pad)
{
	char buf[20];
	unsigned n = digits_of(buf, v);
	uint8_t *to = room(g, width + sizeof buf);

	if (width > n) {
		memset(to, pad, width - n);
		to += width - n;
		g->o.n += width - n;
	}
	memcpy(to, buf + 20 - n, n);
	g->o.n += n;
}

void nm_page_number(struct nm_page *g, uint64_t v)
{
	nm_page_padded(g, v, 0, ' ');
}

static const char hex[] = "0123456789abcdef";

void nm_page_hex(struct nm_page *g, const uint8_t *p, size_t n, char between)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t *to = room(g, 3);

		if (i && between) {
			*to++ = (uint8_t)between;
			g->o.n++;
		}
		to[0] = (uint8_t)hex[p[i] >> 4];
		to[1] = (uint8_t)hex[p[i] & 15];
		g->o.n += 2;
	}
}

static void put_escaped(struct nm_page *g, const char *escape, uint8_t c)
{
	char text[8];
	size_t n = strlen(escape);

	memcpy(text, escape, n);
	text[n] = hex[c >> 4];
	text[n + 1] = hex[c & 15];
	nm_page_put(g, text, n + 2);
}

/* The well-formed printable character at p, which is no ASCII; 0: there is none. */
static unsigned character(const char *p, size_t n)
{
	uint32_t cp;
	unsigned length = nm_utf8_next(p, n, &cp);

	return length && nm_cp_is_printable(cp) ? length : 0;
}

size_t nm_page_text(struct nm_page *g, const char *p, size_t n)
{
	size_t columns = 0;

	for (size_t i = 0; i < n;) {
		size_t step = nm_ascii_span(p + i, n - i);
		unsigned length = step ? 0 : character(p + i, n - i);

		if (!step && !length) {
			put_escaped(g, "\\x", (uint8_t)p[i]);
			columns += 4;
			i++;
			continue;
		}
		nm_page_put(g, p + i, step ? step : length);
		columns += step ? step : 1;
		i += step ? step : length;
	}
	return columns;
}

/* Bytes that are no text become \xNN, in which the backslash is one more character. */
static void json_odd(struct nm_page *g, uint8_t c)
{
	switch (c) {
	case '\n': nm_page_put(g, "\\n", 2); return;
	case '\t': nm_page_put(g, "\\t", 2); return;
	default: put_escaped(g, c < 0x20 ? "\\u00" : "\\\\x", c);
	}
}

void nm_page_json(struct nm_page *g, const char *p, size_t n)
{
	nm_page_put(g, "\"", 1);
	for (size_t i = 0; i < n;) {
		size_t span = nm_ascii_span(p + i, n - i), k = 0;
		unsigned length = span ? 0 : character(p + i, n - i);

		while (k < span && p[i + k] != '"' && p[i + k] != '\\')
			k++;
		if (k < span) {
			nm_page_put(g, p + i, k);
			nm_page_put(g, "\\", 1);
			nm_page_put(g, p + i + k, 1);
			i += k + 1;
		} else if (span || length) {
			nm_page_put(g, p + i, span ? span : length);
			i += span ? span : length;
		} else {
			json_odd(g, (uint8_t)p[i++]);
		}
	}
	nm_page_put(g, "\"", 1);
}

void nm_page_ink(struct nm_page *g, enum nm_ink ink)
{
	static const char *const inks[] = { "\x1b[0m", "\x1b[2m", "\x1b[1;36m", "\x1b[1;31m" };

	if (g->colour)
		nm_page_puts(g, inks[ink]);
}
