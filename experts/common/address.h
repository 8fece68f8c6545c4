/* SPDX-License-Identifier: MIT */
/* common/address.h -- an address of any kind, and its text.
 *
 * Threads:  pure functions.
 */
#ifndef EXPERTS_COMMON_ADDRESS_H
#define EXPERTS_COMMON_ADDRESS_H

#include "bytes.h"
#include "fold.h"

#include <stdbool.h>

/* The bytes of an address in wire order, zeros behind them. */
struct address {
	union {
		uint8_t b[16];
		uint64_t w[2];
	};
};

/* 6, 4 and 16 bytes, put together in registers: writing bytes and then reading
 * the word they are in is what processors are slow at. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define ADDRESS_WORD(first4, next2) ((uint64_t)(first4) << 32 | (uint64_t)(next2) << 16)
#else
#define ADDRESS_WORD(first4, next2) ((uint64_t)(first4) | (uint64_t)(next2) << 32)
#endif

static inline struct address address_of_mac(const uint8_t *p)
{
	return (struct address){ .w = { ADDRESS_WORD(raw32(p), raw16(p + 4)), 0 } };
}

static inline struct address address_of_ipv4(const uint8_t *p)
{
	return (struct address){ .w = { ADDRESS_WORD(raw32(p), 0), 0 } };
}

static inline struct address address_of_ipv6(const uint8_t *p)
{
	return (struct address){ .w = { raw64(p), raw64(p + 8) } };
}

static inline bool address_same(const struct address *a, const struct address *b)
{
	return ((a->w[0] ^ b->w[0]) | (a->w[1] ^ b->w[1])) == 0;
}

/* For tables of hostile addresses: seeded, so that nobody knows which ones collide. */
static inline uint64_t address_hash(
    const struct address *a, uint64_t more, const uint64_t seed[static 2])
{
	return fold_product(a->w[0] ^ seed[0], a->w[1] ^ more ^ seed[1]);
}

#define ADDRESS_TEXT_MAX 46 /* bytes of any address as text, with its NUL */

/* RFC 5952; dotted; twelve hexadecimal digits as Network Monitor writes them. */
void address_ipv6_text(const struct address *a, char text[static ADDRESS_TEXT_MAX]);
void address_ipv4_text(const struct address *a, char text[static ADDRESS_TEXT_MAX]);
void address_mac_text(const struct address *a, char text[static ADDRESS_TEXT_MAX]);

#endif
