/* SPDX-License-Identifier: MIT */
/* One-line messages for people, safe to print whatever they quote. */
#include "base/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Length of the valid, printable UTF-8 character at s, or 0. */
static unsigned utf8_len(const unsigned char *s)
{
	uint32_t cp;

	if (s[0] < 0x80)
		return s[0] >= 0x20 && s[0] != 0x7f;
	if (s[0] >= 0xc2 && s[0] <= 0xdf && (s[1] & 0xc0) == 0x80)
		return s[0] == 0xc2 && s[1] < 0xa0 ? 0 : 2; /* U+0080..U+009F are controls */
	if ((s[0] & 0xf0) == 0xe0 && (s[1] & 0xc0) == 0x80 && (s[2] & 0xc0) == 0x80) {
		cp = (uint32_t)(s[0] & 15) << 12 | (uint32_t)(s[1] & 63) << 6 | (s[2] & 63);
		if (cp < 0x800 || (cp >= 0xd800 && cp < 0xe000))
			return 0;
		if ((cp >= 0x202a && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069) ||
		    cp == 0x2028 || cp == 0x2029)
			return 0; /* line and direction controls can forge what a terminal shows */
		return 3;
	}
	if (s[0] >= 0xf0 && s[0] <= 0xf4 && (s[1] & 0xc0) == 0x80 && (s[2] & 0xc0) == 0x80 &&
	    (s[3] & 0xc0) == 0x80) {
		cp = (uint32_t)(s[0] & 7) << 18 | (uint32_t)(s[1] & 63) << 12 |
		     (uint32_t)(s[2] & 63) << 6 | (s[3] & 63);
		return cp >= 0x10000 && cp < 0x110000 ? 4 : 0;
	}
	return 0;
}

char *nm_text_clean(char *dst, uint32_t size, const char *src)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *s = (const unsigned char *)src;
	uint32_t o = 0;

	if (size == 0)
		return dst;
	while (*s) {
		unsigned n = utf8_len(s);

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
		dst[o++] = hex[*s >> 4];
		dst[o++] = hex[*s & 15];
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
