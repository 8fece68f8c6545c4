/* SPDX-License-Identifier: MIT */
/* Telling text from bytes that only claim to be text. */
#include "base/utf8.h"

#include <string.h>

/* The lead byte decides the length, and the range of the second byte rules out
 * overlong forms, surrogates and what lies above U+10FFFF (Unicode, table 3-7). */
static const struct lead {
	uint8_t first, last; /* lead byte */
	uint8_t len;
	uint8_t lo, hi; /* second byte */
} leads[] = {
	{ 0x00, 0x7f, 1, 0x00, 0x00 },
	{ 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f },
	{ 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f },
};

static const struct lead *lead_of(uint8_t c)
{
	for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++)
		if (c >= leads[i].first && c <= leads[i].last)
			return &leads[i];
	return NULL;
}

unsigned nm_utf8_next(const char *s, size_t n, uint32_t *ret_cp)
{
	static const uint8_t payload[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	const uint8_t *u = (const uint8_t *)s;
	const struct lead *l;
	uint32_t cp;

	if (n == 0)
		return 0;
	l = lead_of(u[0]);
	if (!l || l->len > n)
		return 0;
	if (l->len > 1 && (u[1] < l->lo || u[1] > l->hi))
		return 0;
	cp = u[0] & payload[l->len];
	for (unsigned i = 1; i < l->len; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 0;
		cp = cp << 6 | (u[i] & 0x3f);
	}
	*ret_cp = cp;
	return l->len;
}

bool nm_cp_is_printable(uint32_t cp)
{
	if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0))
		return false;
	if (cp == 0x061c || cp == 0x200e || cp == 0x200f)
		return false; /* direction marks */
	if (cp >= 0x2028 && cp <= 0x202e)
		return false;                   /* separators, embeddings and overrides */
	return !(cp >= 0x2066 && cp <= 0x2069); /* isolates */
}

/* All eight bytes are from 0x20 to 0x7e. */
static bool is_ascii_word(const char *s)
{
	const uint64_t high = UINT64_C(0x8080808080808080), ones = high >> 7;
	uint64_t w;

	memcpy(&w, s, sizeof w);
	return ((w | (w + ones) | (w - ones * 0x20)) & high) == 0;
}

size_t nm_ascii_span(const char *s, size_t n)
{
	size_t i = 0;

	while (n - i >= 8 && is_ascii_word(s + i))
		i += 8;
	while (i < n && s[i] >= 0x20 && s[i] < 0x7f)
		i++;
	return i;
}

#define SGR_MAX 16u /* bytes between ESC [ and m */

/* Length of a sequence that sets colours at s; 0: none. */
static size_t colour_length(const char *s, size_t n)
{
	size_t i = 2;

	if (n < 3 || s[0] != 0x1b || s[1] != '[')
		return 0;
	while (i < n && i < 2 + SGR_MAX && ((s[i] >= '0' && s[i] <= '9') || s[i] == ';'))
		i++;
	return i < n && s[i] == 'm' ? i + 1 : 0;
}

/* One character, line feed, tab or colour sequence; 0: what may not be. */
static size_t clean_length(const char *s, size_t n, bool colour)
{
	uint32_t cp = 0;
	size_t length = nm_utf8_next(s, n, &cp);

	if (length && (nm_cp_is_printable(cp) || cp == '\n' || cp == '\t'))
		return length;
	return colour ? colour_length(s, n) : 0;
}

bool nm_utf8_is_clean(const char *s, size_t n, bool colour)
{
	for (size_t i = 0, step; i < n; i += step) {
		step = nm_ascii_span(s + i, n - i);
		if (!step)
			step = clean_length(s + i, n - i, colour);
		if (!step)
			return false;
	}
	return true;
}

size_t nm_utf8_cut(const char *s, size_t n, size_t most)
{
	if (n <= most)
		return n;
	while (most > 0 && ((unsigned char)s[most] & 0xc0) == 0x80)
		most--;
	return most;
}
