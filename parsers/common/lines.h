/* SPDX-License-Identifier: MIT */
/* common/lines.h -- protocols of lines: words, and header fields ("Name: value").
 *
 * Threads:  keeps nothing.
 * Trust:    text is hostile: lines may be without end, words without letters. Nothing
 *           at or beyond `left` of the header is read.
 */
#ifndef PARSERS_COMMON_LINES_H
#define PARSERS_COMMON_LINES_H

#include "fields.h"

/* Bytes of a header. */
struct part {
	DWORD at, size;
};

struct line {
	struct part text; /* without its end */
	DWORD next;       /* where the next one begins */
	bool whole;       /* its end is there */
};

/* The line at `at`; false: nothing is there. */
bool line_at(const struct header *h, DWORD at, struct line *ret);

/* The next word of *rest, up to a blank; *rest is then what stands behind the blanks. */
struct part word_take(const struct header *h, struct part *rest);

/* Without regard to case. */
bool part_is(const struct header *h, struct part p, const char *text);
bool part_begins(const struct header *h, struct part p, const char *text);

/* False: it is no decimal (base 10) or hexadecimal (16) number, or a larger one. */
bool part_number(const struct header *h, struct part p, unsigned base, uint64_t *ret);

/* Where the first `c` is; p.at + p.size: nowhere. */
DWORD part_find(const struct header *h, struct part p, char c);

/* Nothing but printable ASCII. */
bool part_is_text(const struct header *h, struct part p);

/* As text, or as the number that the text is; an error without a value if it is none. */
void part_attach(const struct header *h, const struct field *f, struct part p, DWORD flags);

/* Each of what stands between the `c`s of it, without the blanks around; PARTS_MOST at the most. */
#define PARTS_MOST 256u
void parts_attach(const struct header *h, const struct field *f, struct part p, char c);

/* ---- header fields ---------------------------------------------------------------------- */

/* A header field's row: of text, or of a number that the text is. The same name may come
 * several times. */
struct named_row {
	const char *name;
	uint16_t row;
};

struct line_headers {
	const struct field *fields;
	const struct named_row *rows;
	unsigned n;
	uint16_t unknown; /* row: what has none of its own, the whole line */
	/* NULL: none; attaches what a value consists of, behind its row */
	void (*parts)(
	    const struct line_headers *l, const struct header *h, uint16_t row, struct part value);
};

/* Header fields from `at` up to the empty line; each has the row `line` too, 0: none. What
 * is behind the empty line; h->left: it is not there. */
DWORD headers_attach(const struct line_headers *l, const struct header *h, DWORD at, unsigned line);

/* The value of one; size 0: it is not there. *end as headers_attach returns it. */
struct part header_find(const struct header *h, DWORD at, const char *name, DWORD *end);

/* Text of a row that is a line, or several: as it stands, without a label. */
void format_line(LPPROPERTYINST i, HFRAME frame);

/* At most n bytes for a summary, what is not printable as dots. */
void text_put_bytes(LPPROPERTYINST i, const uint8_t *p, size_t n);

/* The first line of a summary's bytes. */
void text_put_line(LPPROPERTYINST i);

#endif
