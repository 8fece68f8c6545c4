/* SPDX-License-Identifier: MIT */
/* One-line messages for people, safe to print whatever they quote. */
#include "base/diag.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Length of the valid, printable UTF-8 character at s, or 0. */
static unsigned printable_len(const char *s)
{
	uint32_t cp;
	unsigned n = nm_utf8_next(s, strnlen(s, 4), &cp);

	return n && nm_cp_is_printable(cp) ? n : 0;
}

char *nm_text_clean(char *dst, uint32_t size, const char *src)
{
	static const char hex[] = "0123456789abcdef";
	const char *s = src;
	uint32_t o = 0;

	if (size == 0)
		return dst;
	while (*s) {
		unsigned n = printable_len(s);

		if (n) {
			if (o + n >= size)
				break;
			memcpy(dst + o, s, n);
			o += n;
			s += n;
			continue;
		}
		if (o + 4 >= size)
			break;
		dst[o++] = '\\';
		dst[o++] = 'x';
		dst[o++] = hex[(uint8_t)*s >> 4];
		dst[o++] = hex[(uint8_t)*s & 15];
		s++;
	}
	dst[o] = '\0';
	return dst;
}

/* The beginning and the end of a text of n bytes, which are more than dst takes. */
static void shorten(char *dst, size_t size, const char *text, size_t n)
{
	size_t room = size - sizeof "...", head = nm_utf8_cut(text, n, room / 2);
	const char *tail = text + n - room / 2;

	while (((unsigned char)*tail & 0xc0) == 0x80)
		tail++;
	(void)snprintf(dst, size, "%.*s...%s", (int)head, text, tail);
}

char *nm_text_fit(char *dst, size_t size, const char *fmt, va_list ap)
{
	va_list again;
	char *whole;
	int n;

	va_copy(again, ap);
	n = vsnprintf(dst, size, fmt, ap);
	whole = n < 0 || (size_t)n < size ? NULL : malloc((size_t)n + 1);
	if (whole) {
		(void)vsnprintf(whole, (size_t)n + 1, fmt, again);
		shorten(dst, size, whole, (size_t)n);
	}
	free(whole);
	va_end(again);
	return dst;
}

uint32_t nm_diag_set(struct nm_diag *d, uint32_t code, uint64_t offset, const char *fmt, ...)
{
	char raw[NM_DIAG_TEXT];
	va_list ap;

	if (!d)
		return code;
	va_start(ap, fmt);
	(void)vsnprintf(raw, sizeof raw, fmt, ap);
	va_end(ap);
	d->code = code;
	d->offset = offset;
	nm_text_clean(d->text, sizeof d->text, raw);
	return code;
}
