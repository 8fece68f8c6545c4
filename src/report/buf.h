/* SPDX-License-Identifier: MIT */
/* report/buf.h -- bytes that grow, and the ways text is made fit for a reader.
 *
 * Owns:     its memory. All zero is a valid empty buffer.
 * Uses:     base/.
 * Threads:  belongs to one thread.
 * Trust:    the strings added may be anything.
 *
 * Running out of memory is sticky: `failed` is set, what is added after it is
 * dropped, and the owner asks once at the end.
 */
#ifndef NM_REPORT_BUF_H
#define NM_REPORT_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nm_buf {
	char *data; /* owned; NUL-terminated whenever it is not NULL */
	size_t n;   /* bytes at data, without the NUL */
	size_t cap; /* bytes allocated */
	bool failed;
};

void nm_buf_done(struct nm_buf *b);

/* Empty it; the memory stays for the next use, and `failed` is cleared. */
void nm_buf_reset(struct nm_buf *b);

void nm_buf_add(struct nm_buf *b, const void *p, size_t n);
void nm_buf_puts(struct nm_buf *b, const char *s);
void nm_buf_printf(struct nm_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* What a report does with a line feed in text from outside. */
enum nm_lines {
	NM_LINES_ESCAPE, /* shown as \n: the text stays on one line */
	NM_LINES_KEEP,   /* kept; a carriage return before it is dropped */
};

/* s for a terminal or a file a person reads: controls, direction marks and
 * bytes that are not UTF-8 become \n, \t, \r or \xNN. */
void nm_buf_clean(struct nm_buf *b, const char *s, enum nm_lines lines);

/* s as UTF-8, each byte that is not replaced by U+FFFD. */
void nm_buf_utf8(struct nm_buf *b, const char *s);

/* Replace what b holds with the next line of *text, and move *text behind it.
 * False at the end; NULL is an empty text. */
bool nm_buf_next_line(struct nm_buf *b, const char **text);

/* n with a comma between thousands. */
void nm_buf_count(struct nm_buf *b, uint64_t n);

#endif
