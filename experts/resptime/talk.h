/* SPDX-License-Identifier: MIT */
/* talk.h -- packets of TCP and UDP: who is the server, what is spoken, handshakes.
 *
 * Owns:     nothing.
 * Uses:     stream.h, common/layers.h.
 * Threads:  belongs to one.
 */
#ifndef RESPTIME_TALK_H
#define RESPTIME_TALK_H

#include "../common/layers.h"
#include "stream.h"

/* What a frame carries, with its addresses. */
void talk_tcp(
    struct exchanges *x, const struct ip_pair *ip, const struct upper *u, const struct seen_at *at);
void talk_udp(struct exchanges *x, const struct ip_pair *ip, const uint8_t *p, size_t n,
    const struct seen_at *at);

#endif
