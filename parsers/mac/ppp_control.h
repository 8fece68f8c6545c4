/* SPDX-License-Identifier: MIT */
/* mac/ppp_control.h -- PPP's negotiating protocols: packets of one form (RFC 1661, 5).
 *
 *   OFFSET SIZE MEANING
 *   0      1    code
 *   1      1    identifier
 *   2      2    length, of all
 *   4           what the code says; most often a list of options
 *
 * Each has its codes as a table of elements, whose rows count from the packet's start.
 */
#ifndef PARSERS_MAC_PPP_CONTROL_H
#define PARSERS_MAC_PPP_CONTROL_H

#include "../common/list.h"
#include "mac.h"

#define CONTROL_HEADER 4u

/* The first rows of each protocol's table. */
enum {
	CONTROL_SUMMARY,
	CONTROL_CODE,
	CONTROL_IDENTIFIER,
	CONTROL_LENGTH,
	CONTROL_DATA,
	CONTROL_FIELDS
};

#define CONTROL_ROWS(what_, name_, codes_, prefix_, data_)                                         \
	[CONTROL_SUMMARY] = { "Summary of the " what_ " packet", name_, SUMMARY, .set = &(codes_), \
		.format = ppp_control_summary },                                                   \
	[CONTROL_CODE] = { "Code", prefix_ ".code", U8(0), LABELED(codes_) },                      \
	[CONTROL_IDENTIFIER] = { "Identifier", prefix_ ".identifier", U8(1) },                     \
	[CONTROL_LENGTH] = { "Length", prefix_ ".length", U16(2) },                                \
	[CONTROL_DATA] = { "Data", data_, BYTES(CONTROL_HEADER, 0) }

/* A code that a list of options follows. */
#define OPTIONS(code_, row_, list_)                                                                \
	{                                                                                          \
		.type = (code_), .first = (row_), .n = 1, .inner_at = CONTROL_HEADER,              \
		.list = &(list_)                                                                   \
	}

extern struct _SET ppp_codes; /* names of the codes that all of them have */

/* The header's rows; what is left of *h is the packet, as far as it is there. False: not
 * even the header is whole. */
bool ppp_control_attach(struct header *h, const struct field *fields);

/* All of a packet whose codes are a table. */
void ppp_packet_attach(
    struct header *h, const struct field *fields, const struct element *codes, unsigned n);

/* The name of the code in the summary's set, identifier and length. */
void ppp_control_summary(LPPROPERTYINST i, HFRAME frame);

#endif
