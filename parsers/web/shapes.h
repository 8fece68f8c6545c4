/* SPDX-License-Identifier: MIT */
/* web/shapes.h -- what TLS is made of, as tables: numbers, and vectors, which are a length and
 * so many bytes (RFC 8446, 3.4).
 *
 * Threads:  tables are only read.
 * Trust:    lengths are hostile: a vector that is longer than what is around it is attached
 *           as far as that goes, its length with IFLAG_ERROR unless the rest may be elsewhere.
 */
#ifndef PARSERS_WEB_SHAPES_H
#define PARSERS_WEB_SHAPES_H

#include "../common/fields.h"

struct shape {
	uint16_t row;              /* of the number, or of the vector's length */
	uint8_t length;            /* bytes of the vector's length; 0: it is a number, or bytes */
	uint16_t content;          /* row: what the vector holds; 0: none */
	uint16_t each;             /* row: of each number that it holds; 0: none */
	const struct shape *inner; /* what comes in it again and again; NULL: nothing */
	unsigned n;                /* of inner */
};

#define INNER(shapes_) .inner = (shapes_), .n = COUNT(shapes_)

/* They, one behind the other from `at` on; a row of time counts seconds in 4 bytes and
 * thousandths in 8. `beyond` flags the length of a vector that goes beyond h: IFLAG_ERROR, if h
 * is whole. Where they end. */
DWORD shapes_attach(const struct header *h, const struct field *fields, const struct shape *s,
    unsigned n, DWORD at, DWORD beyond);

/* The vector at `at` with a length of so many bytes: what of it is there. Where it ends;
 * h->left: it is cut. */
DWORD vector_at(const struct header *h, DWORD at, unsigned length, struct header *ret);

/* The number of `size` bytes, 1 to 3, at `at`, in a row of its own size. */
void number_attach(
    const struct header *h, const struct field *f, DWORD at, unsigned size, DWORD flags);

#endif
