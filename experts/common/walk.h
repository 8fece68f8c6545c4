/* SPDX-License-Identifier: MIT */
/* common/walk.h -- one walk through the headers of a frame: between layers.c, tunnels.c and guess.c.
 *
 * Owns:     nothing; a walk borrows the frame and the result it fills.
 * Uses:     layers.h.
 * Trust:    every byte is hostile: a step looks at `left` before it reads.
 */
#ifndef EXPERTS_COMMON_WALK_H
#define EXPERTS_COMMON_WALK_H

#include "layers.h"

#define MAX_802_3 1500 /* a type field up to this is the length of what follows */

enum layer {
	L_END, /* nothing further that carries addresses */
	L_UNKNOWN,
	L_ETHERNET,
	L_FDDI,
	L_TOKENRING,
	L_ATM,
	L_1394,
	L_LLC,
	L_MPLS,
	L_PPPOE,
	L_PPP,
	L_IPV4,
	L_IPV6,
	L_IPV6_EXT,
	L_IPV6_FRAG,
	L_AH,
	L_GRE,
	L_ETHERIP,
	L_UDP,
	LAYERS
};

/* A walk stands before a header of which `left` bytes are stored, and behind
 * which `wire` >= left bytes of the frame were on the wire. */
struct walk {
	const uint8_t *p;
	size_t left, wire;
	struct layers *out;
	bool sized; /* something has said how long what follows is */
};

static inline void skip(struct walk *w, size_t n)
{
	w->p += n;
	w->left -= n;
	w->wire -= n;
}

/* What follows is at most n bytes long: padding and trailers go. */
static inline void trim(struct walk *w, size_t n)
{
	w->sized = true;
	if (n < w->wire)
		w->wire = n;
	if (n < w->left)
		w->left = n;
}

/* The layer l behind n more bytes, when they are there. */
static inline enum layer behind(struct walk *w, size_t n, enum layer l)
{
	if (w->left < n)
		return L_END;
	skip(w, n);
	return l;
}

/* The one's complement sum over a header whose checksum is right is 0xffff, in
 * any byte order. sum is that of its 32-bit words. */
static inline bool ip_sum_fits(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return ((sum & 0xffff) + (sum >> 16)) == 0xffff;
}

/* For a header without options. None at all fits too: it is left to the sender's
 * interface, which comes after the capture. */
static inline bool ip_checksum_fits_20(const uint8_t *p)
{
	uint64_t sum =
	    (uint64_t)raw32(p) + raw32(p + 4) + raw32(p + 8) + raw32(p + 12) + raw32(p + 16);

	return (p[10] | p[11]) == 0 || ip_sum_fits(sum);
}

/* The UDP ports that hint at a tunnel: those of by_port(). */
static inline bool is_tunnel_port(unsigned port)
{
	switch (port) {
	case 1701:
	case 2152:
	case 3544:
	case 4341:
	case 4754:
	case 4789:
	case 4790:
	case 6081:
	case 6635:
	case 37008: return true;
	default: return false;
	}
}

/* What an EtherType announces; the walk stands behind it. */
enum layer by_ethertype(struct walk *w, unsigned type);

/* The header of GRE, and of UDP with the tunnels that its ports hint at. */
enum layer on_gre(struct walk *w);
enum layer on_udp(struct walk *w);

#endif
