/* SPDX-License-Identifier: MIT */
/* api/layers.h -- which protocols a frame holds, as far as raw bytes tell.
 *
 * Link, network and transport layer by the numbers in their headers; ports are
 * not looked at. Network addresses and the search for frames rest on this one
 * function, so that a parser engine can take its place.
 *
 * Owns:     nothing.
 * Uses:     capture/, base/, the constants of <netmon.h>.
 * Threads:  pure functions.
 * Trust:    every byte is hostile. At most NM_LAYERS_MAX layers are looked at.
 */
#ifndef NM_API_LAYERS_H
#define NM_API_LAYERS_H

#include "capture/capture.h"

enum nm_proto {
	NM_PROTO_ETHERNET,
	NM_PROTO_TOKENRING,
	NM_PROTO_FDDI,
	NM_PROTO_LLC,
	NM_PROTO_SNAP,
	NM_PROTO_ARP,
	NM_PROTO_IP,
	NM_PROTO_IP6,
	NM_PROTO_IPX,
	NM_PROTO_XNS,
	NM_PROTO_VINES_IP,
	NM_PROTO_ICMP,
	NM_PROTO_ICMP6,
	NM_PROTO_TCP,
	NM_PROTO_UDP,
	NM_PROTOS
};

#define NM_LAYERS_MAX 16u /* tunnels in tunnels beyond that are not looked at */

struct nm_layer {
	enum nm_proto proto;
	uint32_t offset; /* bytes from the frame's start */
};

struct nm_layers {
	unsigned n;
	struct nm_layer at[NM_LAYERS_MAX]; /* outermost first */
};

/* A layer counts when its whole fixed header is stored. */
void nm_layers_find(const struct nm_frame *f, struct nm_layers *ret);

/* The first layer of a protocol; NULL when there is none. */
const struct nm_layer *nm_layers_first(const struct nm_layers *l, enum nm_proto proto);

/* The protocol of a name; case does not count. NM_PROTOS for other names. */
enum nm_proto nm_proto_by_name(const char *name);

#endif
