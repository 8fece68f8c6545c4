/* SPDX-License-Identifier: MIT */
/* api/link.h -- the link layer of a frame, out of its raw bytes.
 *
 * What GetEtype and its neighbours tell, and what api/layers.c starts from.
 *
 * Owns:     nothing.
 * Uses:     base/, the constants of <netmon.h>.
 * Threads:  pure functions.
 * Trust:    every byte is hostile; nothing at or beyond n is read.
 *
 *   MAC TYPE    HEADER  DESTINATION  SOURCE  THEN
 *   Ethernet    14      0            6       EtherType, or a length (< 0x600) and LLC
 *   Token Ring  14 + n  2            8       LLC when frame control says so; n: routing
 *   FDDI        13      1            7       LLC when frame control says so
 *   ATM         16      0            6       LLC (RFC 2684)
 *   1394        20      0            6       nothing known
 */
#ifndef NM_API_LINK_H
#define NM_API_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NM_MAC_ADDRESS_BYTES 6u

struct nm_mac_kind {
	uint32_t address_type; /* ADDRESS_TYPE_* */
	uint8_t header;        /* bytes, without routing information */
	uint8_t dst, src;      /* where the addresses are */
};

/* NULL for MAC_TYPE_UNKNOWN and numbers that are no MAC type. Static. */
const struct nm_mac_kind *nm_mac_kind(uint32_t mac_type);

struct nm_link_layer {
	uint32_t mac_bytes; /* header with routing information; 0: unknown MAC type or cut */
	bool has_llc;       /* an LLC header starts at mac_bytes */
	bool has_snap;      /* and a SNAP header of a known kind behind it */
	bool raw_ipx;       /* Novell's form: IPX right behind an 802.3 length */
	uint32_t llc_bytes; /* 3, or 4 with sequence numbers; 0 without LLC */
	uint8_t dsap, ssap;
	uint16_t etype;   /* from the MAC header or SNAP; 0: none */
	uint32_t payload; /* where the next layer starts */
};

/* Look at n bytes of a frame. What is cut off counts as absent. For headers
 * whose end the caller does not know but vouches for, n may be SIZE_MAX. */
void nm_link_look(const uint8_t *p, size_t n, uint32_t mac_type, struct nm_link_layer *ret);

#endif
