/* SPDX-License-Identifier: MIT */
/* Bytes that grow, and the ways text is made fit for a reader. */
#include "report/buf.h"

#include "base/bytes.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BUF_FIRST 256 /* bytes of the first allocation; most rows fit */

void nm_buf_done(struct nm_buf *b)
{
	free(b->data);
	*b = (struct nm_buf){ 0 };
}

void nm_buf_reset(struct nm_buf *b)
{
	b->n = 0;
	b->failed = false;
	if (b->data)
		b->data[0] = '\0';
}

/* Room for n more bytes and a NUL. */
static bool reserve(struct nm_buf *b, size_t n)
{
	size_t need, cap = b->cap ? b->cap : BUF_FIRST;
	char *p;

	if (b->failed)
		return false;
	if (!nm_add_size(b->n, n, &need) || !nm_add_size(need, 1, &need)) {
		b->failed = true;
		return false;
	}
	if (b->data && need <= b->cap)
		return true;
	while (cap < need)
		if (!nm_mul_size(cap, 2, &cap))
			cap = need;
	p = realloc(b->data, cap);
	if (!p) {
		b->failed = true;
		return false;
	}
	b->data = p;
	b->cap = cap;
	return true;
}

void nm_buf_add(struct nm_buf *b, const void *p, size_t n)
{
	if (!reserve(b, n))
		return;
	if (n)
		memcpy(b->data + b->n, p, n);
	b->n += n;
	b->data[b->n] = '\0';
}

void nm_buf_puts(struct nm_buf *b, const char *s)
{
	nm_buf_add(b, s, strlen(s));
}

void nm_buf_printf(struct nm_buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		b->failed = true;
	else if (reserve(b, (size_t)n)) {
		(void)vsnprintf(b->data + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

/* One byte that must not be shown as it is. */
static void escape(struct nm_buf *b, uint8_t c)
{
	static const char hex[] = "0123456789abcdef";
	char out[4] = { '\\', 'x', hex[c >> 4], hex[c & 15] };

	if (c == '\n')
		nm_buf_add(b, "\\n", 2);
	else if (c == '\t')
		nm_buf_add(b, "\\t", 2);
	else if (c == '\r')
		nm_buf_add(b, "\\r", 2);
	else
		nm_buf_add(b, out, sizeof out);
}

/* Bytes at s, of n, that can be shown as they are. */
static size_t clean_run(const char *s, size_t n)
{
	size_t i = 0;
	uint32_t cp;

	while (i < n) {
		unsigned len = nm_utf8_next(s + i, n - i, &cp);

		if (len == 0 || !nm_cp_is_printable(cp))
			break;
		i += len;
	}
	return i;
}

void nm_buf_clean(struct nm_buf *b, const char *s, enum nm_lines lines)
{
	size_t n = strlen(s);

	while (n && !b->failed) {
		size_t run = clean_run(s, n);

		nm_buf_add(b, s, run);
		s += run;
		n -= run;
		if (n == 0)
			break;
		if (lines == NM_LINES_KEEP && s[0] == '\n')
			nm_buf_add(b, "\n", 1);
		else if (!(lines == NM_LINES_KEEP && s[0] == '\r' && s[1] == '\n'))
			escape(b, (uint8_t)s[0]);
		s++;
		n--;
	}
}

void nm_buf_utf8(struct nm_buf *b, const char *s)
{
	size_t n = strlen(s), run = 0;
	uint32_t cp;

	while (run < n && !b->failed) {
		unsigned len = nm_utf8_next(s + run, n - run, &cp);

		if (len) {
			run += len;
			continue;
		}
		nm_buf_add(b, s, run);
		nm_buf_add(b, "\xef\xbf\xbd", 3);
		s += run + 1;
		n -= run + 1;
		run = 0;
	}
	nm_buf_add(b, s, run);
}

bool nm_buf_next_line(struct nm_buf *b, const char **text)
{
	const char *s = *text;
	size_t n;

	nm_buf_reset(b);
	if (!s || !*s)
		return false;
	n = strcspn(s, "\n");
	nm_buf_add(b, s, n);
	*text = s + n + (s[n] == '\n');
	return true;
}

void nm_buf_count(struct nm_buf *b, uint64_t n)
{
	char digits[24];
	int len = snprintf(digits, sizeof digits, "%" PRIu64, n);

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			nm_buf_add(b, ",", 1);
		nm_buf_add(b, digits + i, 1);
	}
}
