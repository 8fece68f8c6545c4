/* SPDX-License-Identifier: MIT */
/* Columns of characters, and what libsmartcols asks for where it has no C library that knows
 * UTF-8 (tools/windows/smartcols.h declares these for it). */
#include "base/utf8.h"
#include "system/temporary.h"
#include "system/terminal.h"
#include "system/windows/smartcols.h"

#include <errno.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct run {
	uint32_t first, last;
	int columns;
} runs[] = {
#include "columns.inc" /* made by tools/gen-columns.py */
};

int nm_columns(uint32_t cp)
{
	size_t lo = 0, hi = sizeof runs / sizeof runs[0];

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (cp > runs[mid].last)
			lo = mid + 1;
		else if (cp < runs[mid].first)
			hi = mid;
		else
			return runs[mid].columns;
	}
	return -1;
}

/* ---- code points ------------------------------------------------------------------ */

size_t nm_wide_next(uint32_t *to, const char *s, size_t n)
{
	uint32_t cp = 0;
	unsigned len = nm_utf8_next(s, strnlen(s, n - 1) + 1, &cp);

	if (len == 0)
		return (size_t)-1;
	*to = cp;
	return cp ? len : 0;
}

size_t nm_wide_read(uint32_t *to, const char *s, size_t n)
{
	size_t left = strlen(s) + 1, count = 0;
	uint32_t cp;

	while (left > 1 && (!to || count < n)) {
		unsigned len = nm_utf8_next(s, left, &cp);

		if (len == 0)
			return (size_t)-1;
		if (to)
			to[count] = cp;
		count++;
		s += len;
		left -= len;
	}
	if (to && count < n)
		to[count] = 0;
	return count;
}

/* As UTF-8 into s; its length. */
static size_t encode(char s[4], uint32_t cp)
{
	static const uint32_t ends[] = { 0x80, 0x800, 0x10000 };
	static const uint8_t leads[] = { 0, 0xc0, 0xe0, 0xf0 };
	size_t more = 0;

	while (more < 3 && cp >= ends[more])
		more++;
	s[0] = (char)(leads[more] | cp >> 6 * more);
	for (size_t i = 1; i <= more; i++)
		s[i] = (char)(0x80 | (cp >> 6 * (more - i) & 0x3f));
	return more + 1;
}

size_t nm_wide_write(char *to, const uint32_t *s, size_t n)
{
	size_t count = 0;
	char one[4];

	for (; *s; s++) {
		size_t len = encode(one, *s);

		if (to && n - count < len)
			return count;
		if (to)
			memcpy(to + count, one, len);
		count += len;
	}
	if (to && count < n)
		to[count] = '\0';
	return count;
}

/* ---- a table on its way into memory ------------------------------------------------- */

/* One at a time on a thread, as libsmartcols uses it. */
static _Thread_local struct {
	char **text;
	size_t *n;
} stream;

int nm_table_terminal(int *ret_columns, int *ret_rows)
{
	const char *said = getenv("COLUMNS");
	unsigned columns, rows;

	if (!nm_terminal_size(1, &columns, &rows)) {
		columns = said ? (unsigned)strtoul(said, NULL, 10) : 0;
		rows = 0;
	}
	*ret_columns = columns < 10000 ? (int)columns : 0;
	*ret_rows = (int)rows;
	return 0;
}

FILE *nm_table_stream(char **ret_text, size_t *ret_n)
{
	int fd = nm_temporary_file();
	FILE *f = fd < 0 ? NULL : _fdopen(fd, "w+b");

	if (fd >= 0 && !f)
		(void)_close(fd);
	stream.text = ret_text;
	stream.n = ret_n;
	*ret_text = NULL;
	return f;
}

int nm_table_close(FILE *f)
{
	long n = ftell(f);
	char *text = n < 0 ? NULL : malloc((size_t)n + 1);

	rewind(f);
	if (text && fread(text, 1, (size_t)n, f) == (size_t)n) {
		text[n] = '\0';
		*stream.text = text;
		*stream.n = (size_t)n;
	} else {
		free(text);
	}
	return fclose(f);
}
