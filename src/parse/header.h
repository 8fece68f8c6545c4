/* SPDX-License-Identifier: MIT */
/* parse/header.h -- headers that are recognized without a call of their parser.
 *
 * What a parser's ParserHeader told, checked once when the registry is sealed.
 *
 * Owns:     nothing; a header lies in the store.
 * Uses:     base/.
 * Threads:  any.
 * Trust:    whatever it told, nothing beyond `left` bytes is read, and what is found lies in them.
 */
#ifndef NM_PARSE_HEADER_H
#define NM_PARSE_HEADER_H

#include "base/bytes.h"
#include "netmon.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* What a kind of header has. */
enum { HEADER_LENGTH = 1, HEADER_TOTAL = 2, HEADER_TWO = 4 };

/* As PARSERHEADER; every place and the byte behind it lie in the first `least` bytes. */
struct nm_header {
	uint8_t shape; /* HEADER_* */
	uint8_t length_mask, length_shift, length_factor;
	uint8_t next_shift; /* 8: only the first byte counts */
	bool within_instance, tells;
	uint16_t least;
	uint16_t length_at, total_at, total_plus, next_at, next_least;
	struct {
		uint16_t at, mask, value; /* these two as they lie in a frame */
	} when[PARSERHEADER_CONDITIONS];
	uint32_t mac_type;
	uint32_t n_ids;
	uint32_t first_row, n_rows; /* n_rows 0: AttachProperties is called */
	const uint16_t *ids;        /* of protocols, by number */
};

/* A header that was recognized. */
struct nm_header_found {
	uint32_t bytes;     /* of it; 0: the rest is claimed */
	uint32_t next;      /* protocol's id; 0: nobody's number */
	uint32_t usual;     /* bytes of header and payload whose rows are known; 0: they are not */
	uintptr_t instance; /* handed on */
};

static inline uint32_t nm_header_id(const struct nm_header *x, uint32_t number)
{
	return number < x->n_ids ? x->ids[number] : 0;
}

/* Whose number it is; of two the lower one's, or else the other's. */
static inline uint32_t nm_header_of_two(const struct nm_header *x, uint32_t a, uint32_t b)
{
	uint32_t id = nm_header_id(x, a < b ? a : b);

	return id ? id : nm_header_id(x, a < b ? b : a);
}

static inline bool nm_header_holds(const struct nm_header *x, const uint8_t *p)
{
	uint16_t a, b;

	memcpy(&a, p + x->when[0].at, sizeof a);
	memcpy(&b, p + x->when[1].at, sizeof b);
	return (a & x->when[0].mask) == x->when[0].value &&
	       (b & x->when[1].mask) == x->when[1].value;
}

/* Is it one of the usual headers? Of the `left` bytes at p the instance may take some off. */
static inline bool nm_header_read(const struct nm_header *x, const uint8_t *p, uint32_t left,
    uintptr_t instance, struct nm_header_found *ret)
{
	unsigned shape = x->shape;
	uint32_t length = x->least, bytes, total, number;

	if (x->within_instance && instance - 1 < left)
		left = (uint32_t)instance;
	if (left < length || !nm_header_holds(x, p))
		return false;
	if (shape & HEADER_LENGTH) {
		length = ((uint32_t)(p[x->length_at] & x->length_mask) >> x->length_shift) *
			 x->length_factor;
		if (length < x->least)
			return false;
	}
	bytes = total = left;
	if (shape & HEADER_TOTAL) {
		total = nm_be16(p + x->total_at);
		if (total == 0 || (total += x->total_plus) <= length)
			return false;
		bytes = total < left ? total : left;
	}
	number = (uint32_t)nm_be16(p + x->next_at) >> x->next_shift;
	if (number < x->next_least)
		return false;
	ret->next = shape & HEADER_TWO ? nm_header_of_two(x, number, nm_be16(p + x->next_at + 2))
				       : nm_header_id(x, number);
	ret->bytes = length < bytes ? length : 0;
	ret->usual = x->n_rows && length == x->least && length < bytes ? bytes : 0;
	ret->instance = (x->tells ? total : bytes) - length;
	return true;
}

#endif
