/* SPDX-License-Identifier: MIT */
/* Telling text from bytes that only claim to be text. */
#include "base/utf8.h"

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
