/* SPDX-License-Identifier: MIT */
/* Ethernet: DIX, and the header that 802.3 has in common with it. */
#include "mac.h"

#define HEADER     14u
#define LENGTH_MAX 0x5DCu /* of 802.3; beyond 0x600 it is a type */

enum { ETH_SUMMARY, ETH_DST, ETH_SRC, ETH_TYPE, ETH_LENGTH, ETH_PAYLOAD, ETH_FIELDS };

static LABELED_WORD type_names[] = {
	{ 0x0800, L("IP") },
	{ 0x0806, L("ARP") },
	{ 0x8035, L("RARP") },
	{ 0x809B, L("AppleTalk") },
	{ 0x8100, L("802.1Q VLAN") },
	{ 0x8137, L("IPX") },
	{ 0x86DD, L("IPv6") },
	{ 0x8847, L("MPLS unicast") },
	{ 0x8848, L("MPLS multicast") },
	{ 0x8863, L("PPPoE discovery") },
	{ 0x8864, L("PPPoE session") },
	{ 0x888E, L("802.1X authentication") },
	{ 0x88A8, L("802.1ad service VLAN") },
	{ 0x88CC, L("LLDP") },
};

static struct _SET types = SET_OF(Word, type_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[ETH_SUMMARY] = { "Summary of the Ethernet header", "eth", SUMMARY,
	    .format = format_summary },
	[ETH_DST] = { "Destination Address", "eth.dst eth.addr", MAC(0) },
	[ETH_SRC] = { "Source Address", "eth.src eth.addr", MAC(6) },
	[ETH_TYPE] = { "Ethernet Type", "eth.type", U16(12), LABELED(types) },
	[ETH_LENGTH] = { "Length", "eth.len", U16(12) },
	[ETH_PAYLOAD] = { "Ethernet Data", NULL, BYTES(HEADER, 0) },
};

static LPHANDOFFTABLE by_type;

HPROTOCOL ethertype_protocol(uint16_t etype)
{
	return GetProtocolFromTable(by_type, etype, NULL);
}

static void begin(void)
{
	(void)CreateHandoffTable(L("ETYPE_HandoffSet"), L("MAC.INI"), &by_type, 1024, 16);
}

static void end(void)
{
	DestroyHandoffTable(by_type);
	by_type = NULL;
}

static LPBYTE WINAPI recognize(HFRAME frame, ULPBYTE mac, ULPBYTE p, DWORD mac_type, DWORD left,
    HPROTOCOL before, DWORD before_at, LPDWORD status, LPHPROTOCOL next, PDWORD_PTR instance)
{
	uint16_t type;

	(void)frame;
	(void)mac;
	(void)before;
	(void)before_at;
	if (mac_type != MAC_TYPE_ETHERNET) {
		*status = PROTOCOL_STATUS_NOT_RECOGNIZED;
		return p;
	}
	if (left < HEADER) {
		*status = PROTOCOL_STATUS_CLAIMED;
		return NULL;
	}
	type = be16(p + 12);
	*instance = type <= LENGTH_MAX ? type : 0; /* of 802.3: the rest is padding */
	*next = type > LENGTH_MAX ? ethertype_protocol(type) : NULL;
	*status = *next ? PROTOCOL_STATUS_NEXT_PROTOCOL : PROTOCOL_STATUS_RECOGNIZED;
	return p + HEADER;
}

static LPBYTE WINAPI attach(HFRAME frame, ULPBYTE mac, ULPBYTE p, DWORD mac_type, DWORD left,
    HPROTOCOL before, DWORD before_at, DWORD_PTR instance)
{
	const struct header h = { frame, p, left };
	bool is_length = left >= HEADER && be16(p + 12) <= LENGTH_MAX;

	(void)mac;
	(void)mac_type;
	(void)before;
	(void)before_at;
	(void)instance;
	field_attach_at(&h, &fields[ETH_SUMMARY], 0, HEADER, 0);
	fields_attach(&h, &fields[ETH_DST], 2);
	fields_attach(&h, &fields[is_length ? ETH_LENGTH : ETH_TYPE], 1);
	if (left > HEADER)
		field_attach_at(&h, &fields[ETH_PAYLOAD], HEADER, left - HEADER, 0);
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
	text_put(i, "%02X-%02X-%02X-%02X-%02X-%02X -> %02X-%02X-%02X-%02X-%02X-%02X, ", p[6], p[7],
	    p[8], p[9], p[10], p[11], p[0], p[1], p[2], p[3], p[4], p[5]);
	name = (const char *)LookupWordSetString(&types, be16(p + 12));
	if (be16(p + 12) <= LENGTH_MAX)
		text_put(i, "802.3, length %u", be16(p + 12));
	else if (name)
		text_put(i, "type %s", name);
	else
		text_put(i, "type 0x%04X", be16(p + 12));
}

static const struct place places[] = {
	{ "FRAME", "FRAME_HandoffSet", 1, false },
};

struct parser ethernet_parser = {
	.name = "ETHERNET",
	.comment = "Ethernet and IEEE 802.3",
	.fields = fields,
	.n_fields = ETH_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.end = end,
	.follows = "FRAME",
	.places = places,
	.n_places = COUNT(places),
};
