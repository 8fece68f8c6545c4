/* SPDX-License-Identifier: MIT */
/* address.h -- an address of any kind, and its text.
 *
 * Threads:  pure functions.
 */
#ifndef TOPUSER_ADDRESS_H
#define TOPUSER_ADDRESS_H

#include "bytes.h"

#include <stdbool.h>

/* The bytes of an address in wire order, zeros behind them. */
struct address {
	union {
		uint8_t b[16];
		uint64_t w[2];
	};
};

#define ADDRESS_TEXT_MAX 46 /* bytes of any address as text, with its NUL */

/* RFC 5952; dotted; twelve hexadecimal digits as Network Monitor writes them. */
void address_ipv6_text(const struct address *a, char text[static ADDRESS_TEXT_MAX]);
void address_ipv4_text(const struct address *a, char text[static ADDRESS_TEXT_MAX]);
void address_mac_text(const struct address *a, char text[static ADDRESS_TEXT_MAX]);

#endif
