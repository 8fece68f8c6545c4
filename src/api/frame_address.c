/* SPDX-License-Identifier: MIT */
/* Addresses of a frame. */
#include "api/address.h"
#include "api/layers.h"
#include "api/link.h"
#include "base/bytes.h"
#include "base/nmerr.h"
#include "expert/session.h"

#define NO_OFFSET 0xFFFFFFFFu

enum side { DST, SRC };

/* Where network layers keep their addresses, from the layer's start. */
static const struct {
	uint8_t type; /* ADDRESS_TYPE_* */
	uint8_t proto;
	uint8_t at[2]; /* by enum side */
} network[] = {
	{ ADDRESS_TYPE_IPX, NM_PROTO_IPX, { 6, 18 } },
	{ ADDRESS_TYPE_XNS, NM_PROTO_XNS, { 6, 18 } },
	{ ADDRESS_TYPE_IP, NM_PROTO_IP, { 16, 12 } },
	{ ADDRESS_TYPE_IP6, NM_PROTO_IP6, { 24, 8 } },
	{ ADDRESS_TYPE_VINES_IP, NM_PROTO_VINES_IP, { 6, 12 } },
};

#define NETWORKS (sizeof network / sizeof *network)

static uint32_t stored(const struct nm_frame *f)
{
	return nm_le32(f->record + 12);
}

static uint32_t network_offset(const struct nm_frame *f, size_t i, enum side side)
{
	const struct nm_layer *layer;
	struct nm_layers layers;

	nm_layers_find(f, &layers);
	layer = nm_layers_first(&layers, (enum nm_proto)network[i].proto);
	return layer ? layer->offset + network[i].at[side] : NO_OFFSET;
}

/* The offset of an address of that type with all its bytes, or NO_OFFSET. */
static uint32_t address_offset(const struct nm_frame *f, uint32_t type, enum side side)
{
	const struct nm_mac_kind *mac = nm_mac_kind(f->mac_type);
	uint32_t offset = NO_OFFSET;

	if (mac && mac->address_type == type)
		offset = side == DST ? mac->dst : mac->src;
	for (size_t i = 0; i < NETWORKS; i++)
		if (network[i].type == type)
			offset = network_offset(f, i, side);
	if (offset == NO_OFFSET || stored(f) < offset + nm_address_bytes(type))
		return NO_OFFSET;
	return offset;
}

static DWORD tell_offset(HFRAME h, uint32_t type, enum side side, LPDWORD ret_bytes)
{
	struct nm_frame f;
	uint32_t offset;

	if (nm_session_frame(h, &f))
		return NO_OFFSET;
	offset = address_offset(&f, type, side);
	/* Documented: of type ETHERNET, the destination is at 0 whatever the frame is. */
	if (type == ADDRESS_TYPE_ETHERNET && side == DST && stored(&f) >= NM_MAC_ADDRESS_BYTES)
		offset = 0;
	if (offset == NO_OFFSET)
		nm_set_last_error(NMERR_PROTOCOL_NOT_FOUND);
	else if (ret_bytes)
		*ret_bytes = nm_address_bytes(type);
	return offset;
}

DWORD WINAPI GetFrameDstAddressOffset(HFRAME hFrame, DWORD AddressType, LPDWORD AddressLength)
{
	return tell_offset(hFrame, AddressType, DST, AddressLength);
}

DWORD WINAPI GetFrameSrcAddressOffset(HFRAME hFrame, DWORD AddressType, LPDWORD AddressLength)
{
	return tell_offset(hFrame, AddressType, SRC, AddressLength);
}

/* The first network address there is, else the MAC address. */
static uint32_t highest(const struct nm_frame *f, enum side side, uint32_t *ret_type)
{
	const struct nm_mac_kind *mac = nm_mac_kind(f->mac_type);

	for (size_t i = 0; i < NETWORKS; i++) {
		uint32_t offset = address_offset(f, network[i].type, side);

		if (offset != NO_OFFSET) {
			*ret_type = network[i].type;
			return offset;
		}
	}
	if (!mac)
		return NO_OFFSET;
	*ret_type = mac->address_type;
	return address_offset(f, *ret_type, side);
}

static uint8_t reverse_bits(uint8_t b)
{
	b = (uint8_t)(b >> 4 | b << 4);
	b = (uint8_t)((b >> 2 & 0x33) | (b & 0x33) << 2);
	return (uint8_t)((b >> 1 & 0x55) | (b & 0x55) << 1);
}

/* Reversing comes first: the group bit is then where Ethernet has it. */
static void apply_flags(ADDRESS2 *a, uint32_t flags)
{
	bool reverse = (flags & ADDRESSTYPE_FLAGS_BIT_REVERSE) && a->Type == ADDRESS_TYPE_TOKENRING;

	for (unsigned i = 0; reverse && i < NM_MAC_ADDRESS_BYTES; i++)
		a->MACAddress[i] = reverse_bits(a->MACAddress[i]);
	if (!(flags & ADDRESSTYPE_FLAGS_NORMALIZE))
		return;
	if (reverse)
		a->MACAddress[0] &= FRAME_MASK_ETHERNET;
	else
		(void)NormalizeAddress(a);
}

/* False: the frame has no such address. */
static bool take_address(const struct nm_frame *f, uint32_t type, enum side side, ADDRESS2 *ret)
{
	uint32_t found = type;
	uint32_t offset = type == ADDRESS_TYPE_FIND_HIGHEST ? highest(f, side, &found)
							    : address_offset(f, type, side);

	if (offset == NO_OFFSET)
		return false;
	memset(ret, 0, sizeof *ret);
	ret->Type = found;
	memcpy(ret->IP6Address, f->record + 16 + offset, nm_address_bytes(found));
	return true;
}

static DWORD give_address(HFRAME h, LPADDRESS2 ret, uint32_t type, uint32_t flags, enum side side)
{
	struct nm_frame f;
	uint32_t err;

	if (!ret) {
		nm_set_last_error(NMERR_INVALID_PARAMETER);
		return NMERR_INVALID_PARAMETER;
	}
	err = nm_session_frame(h, &f);
	if (err)
		return err;
	if (!take_address(&f, type, side, ret)) {
		nm_set_last_error(NMERR_PROTOCOL_NOT_FOUND);
		return NMERR_PROTOCOL_NOT_FOUND;
	}
	apply_flags(ret, flags);
	return NMERR_SUCCESS;
}

DWORD WINAPI GetFrameDestAddress(
    HFRAME hFrame, LPADDRESS2 lpAddress, DWORD AddressType, DWORD Flags)
{
	return give_address(hFrame, lpAddress, AddressType, Flags, DST);
}

DWORD WINAPI GetFrameSourceAddress(
    HFRAME hFrame, LPADDRESS2 lpAddress, DWORD AddressType, DWORD Flags)
{
	return give_address(hFrame, lpAddress, AddressType, Flags, SRC);
}

/* A wildcard is held against the MAC address: it has no type of its own. */
static bool has_address(HFRAME h, LPADDRESS2 want, enum side side)
{
	const struct nm_mac_kind *mac;
	struct nm_frame f;
	uint32_t type;
	ADDRESS2 is;

	if (!want) {
		nm_set_last_error(NMERR_INVALID_PARAMETER);
		return false;
	}
	if (nm_session_frame(h, &f))
		return false;
	type = want->Type;
	if (type == ADDRESS_TYPE_ANY)
		return true;
	mac = nm_mac_kind(f.mac_type);
	if (type == ADDRESS_TYPE_ANY_GROUP && mac)
		type = mac->address_type;
	return type != ADDRESS_TYPE_FIND_HIGHEST && take_address(&f, type, side, &is) &&
	       CompareAddresses(&is, want) == 0;
}

WINBOOL WINAPI CompareFrameDestAddress(HFRAME hFrame, LPADDRESS2 lpAddress)
{
	return has_address(hFrame, lpAddress, DST);
}

WINBOOL WINAPI CompareFrameSourceAddress(HFRAME hFrame, LPADDRESS2 lpAddress)
{
	return has_address(hFrame, lpAddress, SRC);
}

DWORD WINAPI GetFrameMacHeaderLength(HFRAME hFrame)
{
	struct nm_link_layer l;
	struct nm_frame f;

	if (nm_session_frame(hFrame, &f))
		return 0;
	nm_link_look(f.record + 16, stored(&f), f.mac_type, &l);
	return l.mac_bytes;
}
