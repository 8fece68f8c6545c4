/* SPDX-License-Identifier: MIT */
/* Ethernet: DIX, and the header that 802.3 has in common with it. */
#include "mac.h"

#define HEADER 14u

enum { ETH_SUMMARY, ETH_DST, ETH_SRC, ETH_TYPE, ETH_PAYLOAD, ETH_LENGTH, ETH_FIELDS };

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

struct _SET ethertypes = SET_OF(Word, type_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[ETH_SUMMARY] = { "Summary of the Ethernet header", "eth", SUMMARY, .size = HEADER,
	    .format = format_summary },
	[ETH_DST] = { "Destination Address", "eth.dst eth.addr", MAC(0), ALWAYS },
	[ETH_SRC] = { "Source Address", "eth.src eth.addr", MAC(6), ALWAYS },
	[ETH_TYPE] = { "Ethernet Type", "eth.type", U16(12), LABELED(ethertypes) },
	[ETH_PAYLOAD] = { "Ethernet Data", NULL, BYTES(HEADER, 0) },
	[ETH_LENGTH] = { "Length", "eth.len", U16(12) },
};

/* An address's first byte says whether it is a group's, and whether somebody local gave it; the
 * first three whose numbers it is of. */
#define ADDRESS_NAMES(label_, which_)                                                              \
	{ L(label_), L("eth." which_ ".lg eth.lg"), 0x02, PROP_TYPE_BYTE },                        \
	    { L(label_), L("eth." which_ ".ig eth.ig"), 0x01, PROP_TYPE_BYTE },                    \
	{                                                                                          \
		L(label_), L("eth." which_ ".oui eth.addr.oui"), 0xFFFFFF00,                       \
		    PROP_TYPE_BYTESWAPPED_DWORD                                                    \
	}

static const PARSERFIELDNAME names[] = {
	ADDRESS_NAMES("Destination Address", "dst"),
	ADDRESS_NAMES("Source Address", "src"),
};

static LPHANDOFFTABLE by_type;
static HPROTOCOL llc, ipx;

HPROTOCOL ethertype_protocol(uint16_t etype)
{
	return GetProtocolFromTable(by_type, etype, NULL);
}

HPROTOCOL type_or_length_protocol(uint16_t v, const uint8_t *data, DWORD left)
{
	if (v > LENGTH_MAX)
		return ethertype_protocol(v);
	/* Novell put IPX right behind the length; this is its checksum, which is never used. */
	return left >= 2 && be16(data) == 0xFFFF ? ipx : llc;
}

static void begin(void)
{
	(void)CreateHandoffTable(L("ETYPE_HandoffSet"), L(MAC_INI), &by_type, 1024, 16);
	llc = GetProtocolFromName(L("LLC"));
	ipx = GetProtocolFromName(L("IPX"));
}

static void end(void)
{
	DestroyHandoffTable(by_type);
	by_type = NULL;
}

RECOGNIZE(recognize)
{
	uint16_t type;

	/* At the start of a frame the link has to say so; a tunnel that hands off knows. */
	if (p == mac && mac_type != MAC_TYPE_ETHERNET)
		return not_mine(p, status);
	left = bounded(left, *instance);
	if (left < HEADER)
		return rest_is_mine(status);
	type = be16(p + 12);
	if (type <= LENGTH_MAX)
		left = bounded(left, HEADER + type); /* the rest is padding */
	return hand_on(p, HEADER, left, type_or_length_protocol(type, p + HEADER, left - HEADER),
	    status, next, instance);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	bool is_length = h.left >= HEADER && be16(p + 12) <= LENGTH_MAX;

	fields_attach(&h, fields, is_length ? ETH_TYPE : ETH_LENGTH);
	if (is_length) {
		fields_attach(&h, &fields[ETH_LENGTH], 1);
		fields_attach(&h, &fields[ETH_PAYLOAD], 1);
	}
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
	name = (const char *)LookupWordSetString(&ethertypes, be16(p + 12));
	if (be16(p + 12) <= LENGTH_MAX)
		text_put(i, "802.3, length %u", be16(p + 12));
	else if (name)
		text_put(i, "type %s", name);
	else
		text_put(i, "type 0x%04X", be16(p + 12));
}

static const struct place places[] = {
	{ "FRAME", "FRAME_HandoffSet", 1, false },
	{ MAC_INI, "SNAP_HandoffSet", 0x80C20001, true }, /* bridged, with the check sequence */
	{ MAC_INI, "SNAP_HandoffSet", 0x80C20007, true }, /* and without */
};

/* With a type, not 802.3. */
static const PARSERHEADER header = {
	.Flags = PARSERHEADER_WITHIN_INSTANCE,
	.MacType = MAC_TYPE_ETHERNET,
	.Least = HEADER,
	.NextOffset = 12,
	.NextLength = 2,
	.NextLeast = LENGTH_MAX + 1,
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
	.within_instance = true,
	.header = &header,
	.table = &by_type,
	.header_rows = ETH_LENGTH,
	.names = names,
	.n_names = COUNT(names),
};
