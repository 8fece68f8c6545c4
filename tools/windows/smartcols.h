/* SPDX-License-Identifier: MIT */
/* What stands before each source of libsmartcols (util-linux) when tools/windows-deps compiles it.
 *
 * That library is not made for Windows. Of what it lacks there, terminals and debugging are left
 * out. Its wide characters become code points of UTF-8, whatever the C library thinks a locale
 * is; src/system/windows/columns.c reads, writes and measures them.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#define HAVE_WIDECHAR 1
#define HAVE_STRNLEN  1
#define HAVE_USLEEP   1
#define HAVE_ERR_H    1

/* Asked for by what nothing here calls. */
#define _SC_HOST_NAME_MAX 0
#define sysconf(what)     (-1)
#define getuid()          0
#define geteuid()         0
#define getgid()          0
#define getegid()         0

/* In place of <ttyutils.h>. */
#define UTIL_LINUX_TTYUTILS_H
#define get_terminal_dimension nm_table_terminal
#define isatty                 nm_is_terminal
int nm_table_terminal(int *ret_columns, int *ret_rows);
#include <unistd.h>

#define strndup nm_smartcols_strndup

static inline char *strndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = malloc(len + 1);

	if (copy) {
		memcpy(copy, s, len);
		copy[len] = '\0';
	}
	return copy;
}

/* A table is printed into a file that is read when it is whole. */
#define HAVE_OPEN_MEMSTREAM     1
#define open_memstream(text, n) nm_table_stream(text, n)
#define fclose(stream)          nm_table_close(stream)
FILE *nm_table_stream(char **ret_text, size_t *ret_n);
int nm_table_close(FILE *stream);

size_t nm_wide_next(uint32_t *to, const char *s, size_t n);
size_t nm_wide_read(uint32_t *to, const char *s, size_t n);
size_t nm_wide_write(char *to, const uint32_t *s, size_t n);
int nm_columns(uint32_t cp);

#undef MB_CUR_MAX
#define MB_CUR_MAX               4
#define wchar_t                  uint32_t
#define mbrtowc(to, s, n, state) ((void)(state), nm_wide_next(to, s, n))
#define mbstowcs                 nm_wide_read
#define wcstombs                 nm_wide_write
#define wcwidth                  nm_columns
#define iswprint(cp)             (nm_columns(cp) >= 0)
