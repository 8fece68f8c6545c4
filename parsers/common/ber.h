/* SPDX-License-Identifier: MIT */
/* common/ber.h -- protocols of ASN.1's basic encoding, as tables of rules.
 *
 * A struct rule says which row an element of a tag has, and what is inside of it. Rules
 * of a sequence are tried in their order, each once unless it is `many`: so two strings
 * in a row can have two rules.
 *
 * Threads:  tables are only read.
 * Trust:    lengths and nesting are hostile: an element that is longer than the one
 *           around it is attached as far as that goes, with IFLAG_ERROR; one that the
 *           frame ends in, as far as it is there.
 */
#ifndef PARSERS_COMMON_BER_H
#define PARSERS_COMMON_BER_H

#include "fields.h"

struct rule {
	uint8_t tag;
	uint8_t many;     /* it may come again */
	uint8_t wrapped;  /* the row, and what is inside, are of the one element in it */
	uint16_t row;     /* of the value; 0: none */
	uint16_t heading; /* row: GROUP over all of it; 0: none */
	uint16_t bits;    /* row of 4 bytes: of a bit string, its first 32 bits; 0: none */
	const struct rule *inside;
	unsigned n; /* of inside */
};

#define INSIDE(rules_) .inside = (rules_), .n = COUNT(rules_)

struct ber {
	uint8_t tag;
	DWORD at;      /* where its content begins */
	DWORD size;    /* of it, what is there */
	uint64_t told; /* bytes that it says it has */
};

/* The element at `at`; false: it has no whole header, or one that is not definite. */
bool ber_at(const struct header *h, DWORD at, struct ber *ret);

/* n bytes as a number of two's complement, or without a sign; of more than eight, the last
 * eight. */
uint64_t ber_bits(const uint8_t *p, DWORD n, bool is_signed);

/* A whole number of at most eight bytes. */
bool ber_number(const struct header *h, const struct ber *b, int64_t *ret);

/* The elements from `at` to `end` by their rules. */
void ber_attach(const struct header *h, const struct field *fields, const struct rule *rules,
    unsigned n, DWORD at, DWORD end);

#endif
