/* SPDX-License-Identifier: MIT */
/* VXLAN (RFC 7348), with the group policy extension. */
#include "tcpip.h"

#define HEADER 8u

enum {
	VXLAN_SUMMARY,
	VXLAN_FLAGS,
	VXLAN_POLICY,
	VXLAN_NETWORK,
	VXLAN_RESERVED,
	VXLAN_PAYLOAD,
	VXLAN_FIELDS
};

static LABELED_BIT flag_bits[] = {
	{ 15, L("No group policy"), L("Group policy") },
	{ 11, L("No network identifier"), L("Network identifier") },
	{ 6, L("Learn"), L("Don't learn") },
	{ 3, L("Policy not applied"), L("Policy applied") },
};

static struct _SET flags = BITS_OF(flag_bits);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[VXLAN_SUMMARY] = { "Summary of the VXLAN header", "vxlan", SUMMARY,
	    .format = format_summary },
	[VXLAN_FLAGS] = { "Flags", "vxlan.flags", U16(0), FLAGS(flags) },
	[VXLAN_POLICY] = { "Group Policy", "vxlan.gbp", U16(2) },
	[VXLAN_NETWORK] = { "Network Identifier", "vxlan.vni", BITS32(4, 0xFFFFFF00) },
	[VXLAN_RESERVED] = { "Reserved", "vxlan.reserved8", U8(7) },
	[VXLAN_PAYLOAD] = { "VXLAN Data", NULL, BYTES(HEADER, 0) },
};

static const PARSERFIELDNAME names[] = {
	{ L("Flags"), L("vxlan.flag_g"), 0x8000, 0 },
	{ L("Flags"), L("vxlan.flag_i"), 0x0800, 0 },
	{ L("Flags"), L("vxlan.flag_d"), 0x0040, 0 },
	{ L("Flags"), L("vxlan.flag_a"), 0x0008, 0 },
	{ L("Flags"), L("vxlan.flags_reserved"), 0x77B7, 0 },
};

static HPROTOCOL ethernet;

static void begin(void)
{
	ethernet = GetProtocolFromName(L("ETHERNET"));
}

RECOGNIZE(recognize)
{
	left = bounded(left, *instance);
	if (left < HEADER)
		return rest_is_mine(status);
	return hand_on(p, HEADER, left, ethernet, status, next, instance);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };

	field_attach_at(&h, &fields[VXLAN_SUMMARY], 0, HEADER, 0);
	fields_attach(&h, &fields[VXLAN_FLAGS], VXLAN_FIELDS - VXLAN_FLAGS);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	if (i->DataLength < HEADER)
		text_put(i, "Cut short");
	else
		text_put(i, "Network %u", be32(i->lpByte + 4) >> 8);
}

static const struct place places[] = {
	{ TCPIP_INI, "UDP_HandoffSet", 4789, false },
	{ TCPIP_INI, "UDP_HandoffSet", 8472, false },
};

struct parser vxlan_parser = {
	.name = "VXLAN",
	.comment = "Virtual eXtensible LAN (RFC 7348)",
	.fields = fields,
	.n_fields = VXLAN_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
