/* SPDX-License-Identifier: MIT */
/* The link layer of raw bytes. */
#include "api/link.h"
#include "base/bytes.h"
#include "base/nmerr.h"

#include <netmon.h>

#define SNAP_BYTES  8u /* DSAP, SSAP, control, three bytes of organization, EtherType */
#define FDDI_FORMAT 0x30u
#define RING_FORMAT 0xc0u

static const struct nm_mac_kind kinds[] = {
	[MAC_TYPE_ETHERNET] = { ADDRESS_TYPE_ETHERNET, 14, 0, 6 },
	[MAC_TYPE_TOKENRING] = { ADDRESS_TYPE_TOKENRING, TOKENRING_HEADER_LENGTH, 2, 8 },
	[MAC_TYPE_FDDI] = { ADDRESS_TYPE_FDDI, FDDI_HEADER_LENGTH, 1, 7 },
	[MAC_TYPE_ATM] = { ADDRESS_TYPE_ATM, 16, 0,
	    6 }, /* with 16-bit VPI and VCI, as files have them */
	[MAC_TYPE_1394] = { ADDRESS_TYPE_1394, NM_1394_HEADER_LENGTH, 0, 6 },
};

const struct nm_mac_kind *nm_mac_kind(uint32_t mac_type)
{
	return mac_type < sizeof kinds / sizeof *kinds && kinds[mac_type].header ? &kinds[mac_type]
										 : NULL;
}

static uint32_t mac_bytes(const uint8_t *p, size_t n, uint32_t mac_type)
{
	const struct nm_mac_kind *k = nm_mac_kind(mac_type);
	uint32_t bytes = k ? k->header : 0;

	if (bytes == 0 || n < bytes)
		return 0;
	if (mac_type != MAC_TYPE_TOKENRING || !(p[k->src] & TOKENRING_SA_ROUTING_INFO))
		return bytes;
	if (n == bytes)
		return 0;
	bytes += p[bytes] & TOKENRING_RC_LENGTHMASK;
	return n < bytes ? 0 : bytes;
}

/* EtherType, length or neither; true: LLC follows. */
static bool look_at_type(const uint8_t *p, size_t n, struct nm_link_layer *l)
{
	uint16_t type = nm_be16(p + 12);

	if (type >= 0x600) {
		l->etype = type;
		return false;
	}
	l->raw_ipx = n >= 16 && nm_be16(p + 14) == 0xffff;
	return !l->raw_ipx;
}

static bool leads_to_llc(const uint8_t *p, size_t n, uint32_t mac_type, struct nm_link_layer *l)
{
	switch (mac_type) {
	case MAC_TYPE_ETHERNET: return look_at_type(p, n, l);
	case MAC_TYPE_TOKENRING: return (p[1] & RING_FORMAT) == TOKENRING_TYPE_LLC;
	case MAC_TYPE_FDDI: return (p[0] & FDDI_FORMAT) == FDDI_TYPE_LLC;
	case MAC_TYPE_ATM: return true;
	default: return false;
	}
}

/* p, n: from the LLC header on. */
static void look_at_llc(const uint8_t *p, size_t n, struct nm_link_layer *l)
{
	uint32_t bytes;

	if (n < 3)
		return;
	bytes = (p[2] & 3) == 3 ? 3 : 4; /* unnumbered frames have one control byte */
	if (n < bytes)
		return;
	l->has_llc = true;
	l->llc_bytes = bytes;
	l->dsap = p[0];
	l->ssap = p[1];
	l->payload += bytes;
	/* The last bit of a SAP is group or response. Other organizations than 0 (EtherTypes)
	 * and 0000f8 (bridged Ethernet, the same) number their own protocols. */
	if ((p[0] & 0xfe) != 0xaa || (p[1] & 0xfe) != 0xaa || p[2] != 3 || n < SNAP_BYTES)
		return;
	if (p[3] != 0 || p[4] != 0 || (p[5] != 0 && p[5] != 0xf8))
		return;
	l->has_snap = true;
	l->etype = nm_be16(p + 6);
	l->payload += SNAP_BYTES - bytes;
}

void nm_link_look(const uint8_t *p, size_t n, uint32_t mac_type, struct nm_link_layer *ret)
{
	struct nm_link_layer l = { .mac_bytes = mac_bytes(p, n, mac_type) };

	l.payload = l.mac_bytes;
	if (l.mac_bytes && leads_to_llc(p, n, mac_type, &l))
		look_at_llc(p + l.mac_bytes, n - l.mac_bytes, &l);
	*ret = l;
}

/* ---- the exported ones: the caller makes sure that the header is there ----------- */

static bool look_at_header(const void *header, uint32_t mac_type, struct nm_link_layer *ret)
{
	if (!header) {
		nm_set_last_error(NMERR_INVALID_PARAMETER);
		return false;
	}
	nm_link_look(header, SIZE_MAX, mac_type, ret);
	return true;
}

DWORD WINAPI GetMacHeaderLength(LPVOID MacHeader, DWORD MacType)
{
	if (!MacHeader) {
		nm_set_last_error(NMERR_INVALID_PARAMETER);
		return 0;
	}
	/* Only the MAC header need be there. */
	return mac_bytes(MacHeader, SIZE_MAX, MacType);
}

DWORD WINAPI GetLLCHeaderLength(LPLLC Frame)
{
	if (!Frame) {
		nm_set_last_error(NMERR_INVALID_PARAMETER);
		return 0;
	}
	return (((const uint8_t *)Frame)[2] & 3) == 3 ? 3 : 4;
}

DWORD WINAPI GetEtype(LPVOID MacHeader, DWORD MacType)
{
	struct nm_link_layer l;

	return look_at_header(MacHeader, MacType, &l) ? l.etype : 0;
}

DWORD WINAPI GetSaps(LPVOID MacHeader, DWORD MacType)
{
	struct nm_link_layer l;

	return look_at_header(MacHeader, MacType, &l) ? (DWORD)(l.dsap | l.ssap << 8) : 0;
}

WINBOOL WINAPI IsLLCPresent(LPVOID MacHeader, DWORD MacType)
{
	struct nm_link_layer l;

	return look_at_header(MacHeader, MacType, &l) && l.has_llc;
}
