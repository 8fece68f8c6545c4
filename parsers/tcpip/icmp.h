/* SPDX-License-Identifier: MIT */
/* tcpip/icmp.h -- what ICMP, ICMPv6 and IGMP have in common: codes that mean something with
 * their type only, and reports of groups.
 *
 * Threads:  tables are only read.
 * Trust:    counts are hostile: what lies beyond the message is not attached.
 */
#ifndef PARSERS_TCPIP_ICMP_H
#define PARSERS_TCPIP_ICMP_H

#include "tcpip.h"

struct code_name {
	uint8_t type, code;
	const char *name;
};

/* NULL: it has none. */
const char *code_name(const struct code_name *names, unsigned n, uint8_t type, uint8_t code);

/* Of the byte behind the type's. */
void code_format(LPPROPERTYINST i, const struct code_name *names, unsigned n);

/* What the message is called that i begins with, by type and code, else by type. */
void message_put(LPPROPERTYINST i, const struct code_name *names, unsigned n, struct _SET *types);

/* Who listens to whom: the rows of IGMPv3's or MLDv2's records, from `first` on record type,
 * words of auxiliary data, number of sources, group, source, auxiliary data. */
struct group_rows {
	const struct field *fields;
	uint16_t first;
	uint16_t address; /* bytes */
};

/* n records from `at` on. */
void groups_attach(const struct header *h, const struct group_rows *rows, DWORD at, unsigned n);

/* n sources from `at` on, attached as row f; where they end. */
DWORD sources_attach(
    const struct header *h, const struct field *f, DWORD at, unsigned n, DWORD address);

#endif
