/* SPDX-License-Identifier: MIT */
/* Cisco's HDLC: EtherTypes on a serial line; and SLARP, which keeps the line alive.
 *
 *   OFFSET SIZE MEANING
 *   0      1    address: 0x0F unicast, 0x8F multicast
 *   1      1    control, 0
 *   2      2    EtherType, or one of Cisco's own
 */
#include "mac.h"

#define HEADER     4u
#define UNICAST    0x0Fu
#define MULTICAST  0x8Fu
#define TYPE_SLARP 0x8035u /* elsewhere it is RARP */

#define LINK_CHDLC 104u
#define LINK_HDLC  50u /* or PPP, which is asked after us */

enum { CHDLC_SUMMARY, CHDLC_ADDRESS, CHDLC_CONTROL, CHDLC_PROTOCOL, CHDLC_PAYLOAD, CHDLC_FIELDS };

static LABELED_BYTE address_names[] = {
	{ UNICAST, L("Unicast") },
	{ MULTICAST, L("Multicast") },
};

static LABELED_WORD protocol_names[] = {
	{ 0x0800, L("IP") },
	{ 0x2000, L("Cisco Discovery Protocol") },
	{ 0x8035, L("SLARP") },
	{ 0x809B, L("AppleTalk") },
	{ 0x8137, L("IPX") },
	{ 0x86DD, L("IPv6") },
	{ 0x8847, L("MPLS unicast") },
	{ 0x8848, L("MPLS multicast") },
	{ 0xFEFE, L("OSI") },
};

static struct _SET addresses = SET_OF(Byte, address_names);
static struct _SET protocols = SET_OF(Word, protocol_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[CHDLC_SUMMARY] = { "Summary of the Cisco HDLC header", "chdlc", SUMMARY,
	    .format = format_summary },
	[CHDLC_ADDRESS] = { "Address", "chdlc.address", U8(0), LABELED(addresses) },
	[CHDLC_CONTROL] = { "Control", "chdlc.control", U8(1) },
	[CHDLC_PROTOCOL] = { "Protocol", "chdlc.protocol", U16(2), LABELED(protocols) },
	[CHDLC_PAYLOAD] = { "Cisco HDLC Data", NULL, BYTES(HEADER, 0) },
};

static HPROTOCOL slarp, cdp;

static void begin(void)
{
	slarp = GetProtocolFromName(L("SLARP"));
	cdp = GetProtocolFromName(L("CDP"));
}

HPROTOCOL chdlc_protocol(uint16_t type)
{
	return type == TYPE_SLARP ? slarp : type == 0x2000 ? cdp : ethertype_protocol(type);
}

RECOGNIZE(recognize)
{
	if (left >= 2 && ((p[0] != UNICAST && p[0] != MULTICAST) || p[1] != 0))
		return not_mine(p, status);
	if (left < HEADER)
		return rest_is_mine(status);
	return hand_on(p, HEADER, left, chdlc_protocol(be16(p + 2)), status, next, instance);
}

ATTACH(attach)
{
	const struct header h = { frame, p, left };

	(void)instance;
	field_attach_at(&h, &fields[CHDLC_SUMMARY], 0, HEADER, 0);
	fields_attach(&h, &fields[CHDLC_ADDRESS], CHDLC_FIELDS - CHDLC_ADDRESS);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;
	const char *name;

	(void)frame;
	if (i->DataLength < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	name = (const char *)LookupWordSetString(&protocols, be16(p + 2));
	text_put(i, "%s, ", p[0] == MULTICAST ? "Multicast" : "Unicast");
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "protocol 0x%04X", be16(p + 2));
}

static const struct place places[] = {
	{ "FRAME", "FRAME_HandoffSet", LINK_CHDLC, false },
	{ "FRAME", "FRAME_HandoffSet", LINK_HDLC, false },
};

struct parser chdlc_parser = {
	.name = "CHDLC",
	.comment = "Cisco HDLC",
	.fields = fields,
	.n_fields = CHDLC_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.places = places,
	.n_places = COUNT(places),
};

/* ---- SLARP ------------------------------------------------------------------------------
 *   OFFSET SIZE MEANING
 *   0      4    0 address request, 1 reply, 2 keepalive
 *   4      4    address, or own sequence number
 *   8      4    netmask, or the peer's sequence number
 *   12     2    reliability, always 0xFFFF
 */

#define SLARP_BYTES     14u
#define SLARP_KEEPALIVE 2u

enum {
	SLARP_SUMMARY,
	SLARP_TYPE,
	SLARP_ADDRESS,
	SLARP_NETMASK,
	SLARP_MINE,
	SLARP_YOURS,
	SLARP_RELIABILITY,
	SLARP_FIELDS
};

static LABELED_DWORD slarp_type_names[] = {
	{ 0, L("Address request") },
	{ 1, L("Address reply") },
	{ SLARP_KEEPALIVE, L("Line keepalive") },
};

static struct _SET slarp_types = SET_OF(Dword, slarp_type_names);

static void format_slarp(LPPROPERTYINST i, HFRAME frame);

static struct field slarp_fields[] = {
	[SLARP_SUMMARY] = { "Summary of the SLARP packet", "slarp", SUMMARY,
	    .format = format_slarp },
	[SLARP_TYPE] = { "Packet Type", "slarp.ptype", U32(0), LABELED(slarp_types) },
	[SLARP_ADDRESS] = { "Address", "slarp.address", IP4(4) },
	[SLARP_NETMASK] = { "Netmask", "slarp.netmask", IP4(8) },
	[SLARP_MINE] = { "Outgoing Sequence Number", "slarp.mysequence", U32(4) },
	[SLARP_YOURS] = { "Returned Sequence Number", "slarp.yoursequence", U32(8) },
	[SLARP_RELIABILITY] = { "Reliability", "slarp.reliability", U16(12) },
};

ATTACH(attach_slarp)
{
	const struct header h = { frame, p, bounded(left, instance) };
	bool keepalive = h.left >= 4 && be32(p) == SLARP_KEEPALIVE;

	field_attach_at(&h, &slarp_fields[SLARP_SUMMARY], 0, SLARP_BYTES, 0);
	fields_attach(&h, &slarp_fields[SLARP_TYPE], 1);
	fields_attach(&h, &slarp_fields[keepalive ? SLARP_MINE : SLARP_ADDRESS], 2);
	if (h.left > 12)
		field_attach_at(&h, &slarp_fields[SLARP_RELIABILITY], 12, 2,
		    h.left >= SLARP_BYTES && be16(p + 12) != 0xFFFF ? IFLAG_ERROR : 0);
	return NULL;
}

static void format_slarp(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;
	const char *name;

	(void)frame;
	if (i->DataLength < SLARP_BYTES) {
		text_put(i, "Cut short");
		return;
	}
	name = (const char *)LookupDwordSetString(&slarp_types, be32(p));
	text_put(i, "%s", name ? name : "Unknown type");
	if (be32(p) == SLARP_KEEPALIVE)
		text_put(i, ", outgoing %u, returned %u", be32(p + 4), be32(p + 8));
	else
		text_put(i, ", %u.%u.%u.%u", p[4], p[5], p[6], p[7]);
}

struct parser slarp_parser = {
	.name = "SLARP",
	.comment = "Cisco Serial Line Address Resolution Protocol",
	.fields = slarp_fields,
	.n_fields = SLARP_FIELDS,
	.recognize = claim_rest,
	.attach = attach_slarp,
};
