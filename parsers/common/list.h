/* SPDX-License-Identifier: MIT */
/* common/list.h -- lists of elements that say their type and length: options, tags, chunks.
 *
 * A struct list says how they are laid out, a struct element what one of a type holds:
 * rows of the protocol's table of fields, whose places count from the element's start.
 *
 * Threads:  tables are only read.
 * Trust:    lengths are hostile: an element that is too short ends the list, one that is
 *           cut by the end is attached as far as it goes, both with IFLAG_ERROR.
 */
#ifndef PARSERS_COMMON_LIST_H
#define PARSERS_COMMON_LIST_H

#include "fields.h"

struct list;

struct element {
	uint32_t type;
	uint16_t first, n;       /* rows */
	uint16_t every;          /* bytes after which they come again, to the end; 0: once */
	uint16_t inner_at;       /* where the inner list begins */
	const struct list *list; /* NULL: none */
	void (*attach)(const struct header *element); /* NULL: none; what rows can't say */
};

struct list {
	const struct field *fields;
	uint16_t type, length; /* rows: every element has them */
	uint16_t also;         /* row: every element has it, too; 0: none */
	uint16_t padding;      /* row: bytes up to where the next one begins; 0: not shown */
	uint16_t rest;         /* row: content of elements of other types; 0: not shown */
	uint8_t length_at;     /* bytes from the element's start */
	uint8_t unit;          /* bytes that the length counts in; 0: 1 */
	uint8_t uncounted;     /* bytes of the element that the length leaves out */
	uint8_t align;         /* elements begin at multiples of it; 0: anywhere */
	uint8_t singles;       /* types below are one byte, with no length */
	bool ends;             /* type 0 is the last element */
	bool bare;             /* elements without content have their rows, too */
	const struct element *elements;
	unsigned n_elements;
};

/* The elements from `at` to `end` of the header. */
void list_attach(const struct list *l, const struct header *h, DWORD at, DWORD end);

/* The rows of an element of that type whose bytes are h; false: no such type. */
bool element_attach(const struct header *h, const struct field *fields,
    const struct element *elements, unsigned n, uint32_t type);

#endif
