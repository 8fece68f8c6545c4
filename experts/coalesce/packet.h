/* SPDX-License-Identifier: MIT */
/* packet.h -- a frame on its way through the joining, and headers to put before what is joined.
 *
 * Owns:     nothing.
 * Uses:     common/layers.h.
 * Threads:  pure functions.
 * Trust:    frames are hostile.
 */
#ifndef COALESCE_PACKET_H
#define COALESCE_PACKET_H

#include "../common/layers.h"

#define IP_MOST   65535u /* bytes of an IP packet */
#define HEAD_MOST 256u   /* bytes of headers that are put before what is joined */

/* What a frame begins with. */
enum link {
	LINK_ETHERNET,
	LINK_TOKENRING,
	LINK_FDDI,
	LINK_ATM,
	LINK_1394,
	LINK_IP,
	LINK_COOKED, /* Linux, both versions */
	LINK_COOKED2,
	LINK_NULL, /* BSD loopback */
	LINK_PPP,
	LINK_CHDLC,
	LINK_FRAME_RELAY,
	LINK_WLAN,
	LINK_RADIOTAP,
	LINK_PPI,
	LINK_PRISM,
	LINK_AVS,
	LINKS
};

/* A frame of the capture, or one that was joined out of several. */
struct packet {
	const uint8_t *p; /* borrowed */
	uint32_t len, wire;
	uint32_t mac;    /* MAC_TYPE_* */
	enum link link;  /* LINKS: none that can be written */
	uint32_t number; /* of the frame, from 0; of the last one when it was joined */
	uint32_t first;  /* of the first one */
	uint32_t pieces; /* that it was joined out of; 1: it is a frame of the capture */
	int64_t time;    /* microseconds since the capture began */
};

/* Link header where it fits before any length, IP header and what stands between it and
 * the payload. */
struct head {
	uint8_t bytes[HEAD_MOST];
	uint16_t n;
	uint16_t ip_at; /* where in it the IP header begins */
	uint8_t link;   /* enum link */
	bool v6;
};

/* The headers of p up to `end`, which lies behind its last IP header. joins says of each link
 * whether its header may stand before what is joined. False: they are longer than HEAD_MOST. */
bool head_take(struct head *h, const struct packet *p, const struct layers *l, const uint8_t *end,
    const bool joins[LINKS]);

/* Most bytes that an IP packet of at most `most` bytes can carry behind these headers. */
uint32_t head_room(const struct head *h, uint32_t most);

/* So that it goes before n bytes: the packet's length, no fragment, IPv4's checksum. */
void head_fit(struct head *h, uint32_t n);

/* Without IPv6's fragment header at `at`, which says that `next` follows. False: the headers
 * before it do not lead to it. */
bool head_drop_fragment(struct head *h, size_t at, uint8_t next);

/* The checksum of the TCP header at `at`, with n bytes of payload behind the headers. The
 * field is taken as 0. */
uint16_t head_tcp_checksum(const struct head *h, const struct address *src,
    const struct address *dst, size_t at, const uint8_t *payload, size_t n);

#endif
