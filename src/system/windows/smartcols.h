/* SPDX-License-Identifier: MIT */
/* system/windows/smartcols.h -- what libsmartcols, as tools/windows-deps builds it, asks for.
 *
 * Threads:  any; a stream is closed by the thread that opened it.
 * Trust:    text may hold any bytes; what is no UTF-8 is told of.
 */
#ifndef NM_SYSTEM_WINDOWS_SMARTCOLS_H
#define NM_SYSTEM_WINDOWS_SMARTCOLS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* As mbrtowc, mbstowcs and wcstombs, in a locale of UTF-8; the latter two take NULL for `to`. */
size_t nm_wide_next(uint32_t *to, const char *s, size_t n);
size_t nm_wide_read(uint32_t *to, const char *s, size_t n);
size_t nm_wide_write(char *to, const uint32_t *s, size_t n);

/* Columns and rows of standard output, or COLUMNS; 0 for what nobody says. Returns 0. */
int nm_table_terminal(int *ret_columns, int *ret_rows);

/* As open_memstream; *ret_text stays NULL when memory or a temporary file can't be had. The
 * stream must be closed with nm_table_close, as fclose does. */
FILE *nm_table_stream(char **ret_text, size_t *ret_n);
int nm_table_close(FILE *f);

#endif
