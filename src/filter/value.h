/* SPDX-License-Identifier: MIT */
/* filter/value.h -- values of properties and constants, and how they compare.
 *
 * Owns:     nothing; bytes are borrowed from frames and filter objects.
 * Uses:     the types of <netmon.h>.
 * Threads:  any.
 * Trust:    values are hostile; parse/ has seen to it that they lie in the frame.
 */
#ifndef NM_FILTER_VALUE_H
#define NM_FILTER_VALUE_H

#include "netmon.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum nm_value_kind {
	VALUE_NONE,
	VALUE_NUMBER, /* 32 bits or fewer, unsigned */
	VALUE_SIGNED, /* 64 bits */
	VALUE_TEXT,
	VALUE_BYTES,
	VALUE_TIME,  /* a SYSTEMTIME, see nm_value_time */
	VALUE_NANOS, /* nanoseconds: since 1970, or between two moments */
	VALUE_OID,   /* BER-encoded if it is a property's, sub-identifiers if a constant's */
	VALUE_ADDRESS
};

struct nm_value {
	uint8_t kind;  /* enum nm_value_kind */
	bool wide;     /* text in UTF-16, little-endian */
	bool open_end; /* only as many bytes count as the other side has */
	bool masked;   /* of an address only the first `bits` bits count */
	uint8_t bits;
	uint32_t n; /* bytes at p, as they lie there */
	int64_t number;
	const uint8_t *p;
};

enum nm_compare {
	COMPARE_EQUAL,
	COMPARE_NOT_EQUAL,
	COMPARE_GREATER,
	COMPARE_LESS,
	COMPARE_GREATER_EQUAL,
	COMPARE_LESS_EQUAL,
	COMPARE_CONTAINS,
	COMPARE_BITS_ON,
	COMPARE_BITS_OFF,
	COMPARE_OID_CONTAINS,
	COMPARE_OID_BEGINS,
	COMPARE_OID_ENDS
};

/* Element i of an instance's value (of which most have one); false: there is none. */
bool nm_value_of(const PROPERTYINST *i, uint32_t element, struct nm_value *ret);
/* The same, as if the property had another type. */
bool nm_value_as(const PROPERTYINST *i, uint8_t type, uint32_t element, struct nm_value *ret);

/* How values of a PROP_TYPE_* are taken: enum nm_value_kind, and bytes, 0: as many as there
 * are. */
enum nm_value_kind nm_value_kind_of(uint8_t type, uint32_t *ret_bytes);

/* Are its numbers big-endian, in an instance with these IFLAG_*? */
bool nm_value_is_big_endian(uint8_t type, DWORD flags);

/* A number as it may be asked for: also 8 bytes or fewer, big-endian. */
bool nm_value_number(const struct nm_value *v, int64_t *ret);

#define NM_VALUE_TEXT 48u /* room for a value as text */

/* A number in base 10, or an address of 4, 6 or 16 bytes as people write it; 0: others have
 * no text. Bytes in `out`, which has no end. */
uint32_t nm_value_text(const struct nm_value *v, char out[NM_VALUE_TEXT]);

/* A time in one number that grows as times do. */
int64_t nm_value_time(const SYSTEMTIME *t);

bool nm_value_compare(
    const struct nm_value *a, enum nm_compare how, bool no_case, const struct nm_value *b);

#endif
