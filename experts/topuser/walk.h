/* SPDX-License-Identifier: MIT */
/* walk.h -- one walk through the headers of a frame: between layers.c and tunnels.c.
 *
 * Owns:     nothing; a walk borrows the frame and the result it fills.
 * Uses:     layers.h.
 * Trust:    every byte is hostile: a step looks at `left` before it reads.
 */
#ifndef TOPUSER_WALK_H
#define TOPUSER_WALK_H

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

/* What an EtherType announces; the walk stands behind it. */
enum layer by_ethertype(struct walk *w, unsigned type);

/* The header of GRE, and of UDP with the tunnels that its ports hint at. */
enum layer on_gre(struct walk *w);
enum layer on_udp(struct walk *w);

#endif
