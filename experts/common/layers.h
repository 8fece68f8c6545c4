/* SPDX-License-Identifier: MIT */
/* common/layers.h -- the addresses in one frame: link layer, and every IP header in it.
 *
 * Owns:     nothing. Copies addresses out of the frame.
 * Uses:     address.h.
 * Threads:  pure functions.
 * Trust:    every byte is hostile. Work per frame is bounded by LAYERS_STEPS.
 *
 * A *layer* is one header; a walk goes from header to header as long as each
 * says what follows. What a frame does not say, because its link type is not one
 * of the MAC_TYPE_* or a UDP port is only a hint, is settled by looks_like_ip().
 */
#ifndef EXPERTS_COMMON_LAYERS_H
#define EXPERTS_COMMON_LAYERS_H

#include "address.h"

#include <stddef.h>

#define LAYERS_IP_MAX 16 /* IP headers counted in one frame */
#define LAYERS_STEPS  64 /* headers looked at in one frame */
#define PADDING_MAX   64 /* bytes behind a packet: Ethernet's padding, a trailer, a checksum */

struct ip_pair {
	struct address src, dst;
	bool v6;
};

/* What an IP packet carries: behind extension headers, and cut to the packet's end.
 * p is NULL in fragments, and where the capture or a broken header ends before it. */
struct upper {
	const uint8_t *p; /* borrowed from the frame */
	size_t left;      /* bytes at p */
	size_t wire;      /* bytes it had */
	uint8_t protocol; /* of IP: 6 is TCP */
};

/* A piece of an IP packet that was cut on its way. p is NULL in every other, and where
 * headers end before it. */
struct fragment {
	const uint8_t *p;    /* what it brings; borrowed from the frame */
	size_t left;         /* bytes at p */
	size_t wire;         /* bytes it had */
	const uint8_t *head; /* the header that says so: IPv4's, IPv6's fragment header */
};

struct layers {
	unsigned n_ip;     /* used entries of ip */
	bool has_mac;      /* mac_src and mac_dst are set */
	bool broken;       /* an IP header was announced and was none, or was cut */
	bool unknown_link; /* no MAC type, and nothing that looks like IP */
	struct address mac_src, mac_dst;
	struct upper upper;               /* of the last IP header */
	struct fragment fragment;         /* of the last IP header */
	const uint8_t *ip_at;             /* the last IP header; NULL: none; borrowed */
	bool sized;                       /* a header before it says how long the packet is */
	uint16_t vlan;                    /* the innermost 802.1Q tag's; 0: none */
	struct ip_pair ip[LAYERS_IP_MAX]; /* outermost first */
};

/* Look into a frame: len bytes at p of a frame that was `wire` bytes long.
 * *ret is filled completely but for unused entries of ip. */
void layers_find(unsigned mac_type, const uint8_t *p, size_t len, size_t wire, struct layers *ret);

/* The same for the frame that most frames are: Ethernet without tags, IPv4 without
 * options and with a right checksum, TCP or UDP, no tunnel. False, and *ret as it
 * was, for every other. True means that it is Ethernet, whoever asks. */
bool layers_find_plain(const uint8_t *p, size_t len, size_t wire, struct layers *ret);

/* Is this an IP header beyond doubt? Version, lengths that fit into `wire`, at
 * most `slack` bytes behind the packet; for IPv4 a correct or absent checksum. */
bool looks_like_ip(const uint8_t *p, size_t len, size_t wire, size_t slack);

/* Is this an Ethernet frame (perhaps with VLAN tags) around such an IP header? */
bool looks_like_ether(const uint8_t *p, size_t len, size_t wire);

/* Where the IP header starts in a frame of unknown link type; false when it does
 * not look like any link layer that is known around IP. */
bool guess_ip(const uint8_t *p, size_t len, size_t wire, size_t *ret_at);

#endif
