/* SPDX-License-Identifier: MIT */
/* One-line messages for people, safe to print whatever they quote. */
#include "base/diag.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
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
