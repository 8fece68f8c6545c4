/* SPDX-License-Identifier: MIT */
/* talks.h -- conversations and ports, as keys of a table.
 *
 * A *conversation* is a pair of addresses of one kind, whatever they talk about. Its key
 * are the numbers of their entries, so that it is as short as an address. A *port* is of
 * TCP, UDP or SCTP.
 *
 * Owns:     nothing.
 * Uses:     table.h, common/layers.h.
 * Threads:  belongs to one.
 */
#ifndef TOPUSER_TALKS_H
#define TOPUSER_TALKS_H

#include "../common/layers.h"
#include "table.h"

/* Count a frame of so many bytes between a pair of addresses, NULL for one that had no
 * room. SENT is from the address that came first in the capture. */
void talks_count(struct table *talks, struct pair *p, DWORD frame, uint32_t bytes);

/* The numbers of the two addresses. */
void talks_of(const struct entry *talk, uint32_t *ret_a, uint32_t *ret_b);

/* Count a frame of so many bytes with this behind its last IP header. What has no ports is
 * not counted. */
void ports_count(struct table *ports, const struct upper *u, DWORD frame, uint32_t bytes);

/* The port, and the protocol's name. */
unsigned ports_of(const struct entry *port, char **ret_protocol);

#endif
