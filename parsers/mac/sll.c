/* SPDX-License-Identifier: MIT */
/* Linux cooked captures, versions 1 and 2: what "any" gives in place of link headers. */
#include "mac.h"

#define HEADER    16u
#define HEADER_2  20u
#define ADDRESS   8u /* bytes of room for one */
#define ETHERNET  6u /* bytes of an address */
#define RAW_802_3 1u /* protocol numbers of Linux's own */
#define LLC_802_2 4u
#define TYPE_MIN  0x600u /* an EtherType from here on */

#define LINK_SLL  113u
#define LINK_SLL2 276u

static LABELED_WORD packet_type_names[] = {
	{ 0, L("Sent to us") },
	{ 1, L("Broadcast") },
	{ 2, L("Multicast") },
	{ 3, L("Sent to somebody else") },
	{ 4, L("Sent by us") },
};

static LABELED_BYTE packet_type_2_names[] = {
	{ 0, L("Sent to us") },
	{ 1, L("Broadcast") },
	{ 2, L("Multicast") },
	{ 3, L("Sent to somebody else") },
	{ 4, L("Sent by us") },
};

static LABELED_WORD hardware_names[] = {
	{ 1, L("Ethernet") },
	{ 512, L("PPP") },
	{ 768, L("IP in IP tunnel") },
	{ 769, L("IPv6 tunnel") },
	{ 772, L("Loopback") },
	{ 776, L("IPv6 in IPv4 tunnel") },
	{ 778, L("GRE over IPv4") },
	{ 801, L("IEEE 802.11") },
	{ 802, L("IEEE 802.11, Prism header") },
	{ 803, L("IEEE 802.11, radiotap header") },
	{ 823, L("GRE over IPv6") },
	{ 824, L("Netlink") },
	{ 0xFFFE, L("None") },
};

static LABELED_WORD linux_names[] = {
	{ RAW_802_3, L("802.3 without LLC") },
	{ LLC_802_2, L("802.2 LLC") },
	{ 0x000C, L("CAN") },
	{ 0x000D, L("CAN FD") },
};

static struct _SET linux_protocols = SET_OF(Word, linux_names);
static struct _SET packet_types = SET_OF(Word, packet_type_names);
static struct _SET packet_types_2 = SET_OF(Byte, packet_type_2_names);
static struct _SET hardware = SET_OF(Word, hardware_names);

static HPROTOCOL llc, ipx;

static HPROTOCOL protocol_of(uint16_t v)
{
	return v == LLC_802_2 ? llc : v == RAW_802_3 ? ipx : ethertype_protocol(v);
}

static void begin(void)
{
	llc = GetProtocolFromName(L("LLC"));
	ipx = GetProtocolFromName(L("IPX"));
}

static bool is_linux(const struct header *h, DWORD at)
{
	return h->left >= at + 2 && be16(h->p + at) < TYPE_MIN;
}

/* ---- version 1 ------------------------------------------------------------------------ */

enum {
	SLL_SUMMARY,
	SLL_PACKET_TYPE,
	SLL_HARDWARE,
	SLL_ADDRESS_LENGTH,
	SLL_SOURCE,
	SLL_SOURCE_OTHER,
	SLL_UNUSED,
	SLL_PROTOCOL,
	SLL_LINUX,
	SLL_PAYLOAD,
	SLL_FIELDS
};

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[SLL_SUMMARY] = { "Summary of the cooked header", "sll", SUMMARY,
	    .format = format_summary },
	[SLL_PACKET_TYPE] = { "Packet Type", "sll.pkttype", U16(0), LABELED(packet_types) },
	[SLL_HARDWARE] = { "Link-Layer Address Type", "sll.hatype", U16(2), LABELED(hardware) },
	[SLL_ADDRESS_LENGTH] = { "Link-Layer Address Length", "sll.halen", U16(4) },
	[SLL_SOURCE] = { "Source Address", "sll.src.eth", MAC(6) },
	[SLL_SOURCE_OTHER] = { "Source Address, not Ethernet", "sll.src.other", BYTES(6, 0) },
	[SLL_UNUSED] = { "Unused", "sll.unused", BYTES(0, 0) },
	[SLL_LINUX] = { "Protocol, Linux's own", "sll.ltype", U16(14), LABELED(linux_protocols) },
	[SLL_PROTOCOL] = { "Protocol", "sll.etype", U16(14), LABELED(ethertypes) },
	[SLL_PAYLOAD] = { "Cooked Data", NULL, BYTES(HEADER, 0) },
};

RECOGNIZE(recognize)
{
	if (left < HEADER)
		return rest_is_mine(status);
	return hand_on(p, HEADER, left, protocol_of(be16(p + 14)), status, next, instance);
}

/* The address, of the length that the header tells, and the rest of the room for it. */
static void attach_address(
    const struct header *h, const struct field *mac, const struct field *other, unsigned length)
{
	if (length == ETHERNET)
		fields_attach(h, mac, 1);
	else if (length)
		field_attach_at(h, other, other->at, length < ADDRESS ? length : ADDRESS,
		    length > ADDRESS ? IFLAG_ERROR : 0);
}

ATTACH(attach)
{
	const struct header h = { frame, p, left };
	unsigned length = left >= 6 ? be16(p + 4) : 0;

	(void)instance;
	field_attach_at(&h, &fields[SLL_SUMMARY], 0, HEADER, 0);
	fields_attach(&h, &fields[SLL_PACKET_TYPE], 3);
	attach_address(&h, &fields[SLL_SOURCE], &fields[SLL_SOURCE_OTHER], length);
	if (length < ADDRESS)
		field_attach_at(&h, &fields[SLL_UNUSED], 6 + length, ADDRESS - length, 0);
	fields_attach(&h, &fields[is_linux(&h, 14) ? SLL_LINUX : SLL_PROTOCOL], 1);
	if (left > HEADER)
		field_attach_at(&h, &fields[SLL_PAYLOAD], HEADER, left - HEADER, 0);
	return NULL;
}

static void put_summary(LPPROPERTYINST i, const char *packet, uint16_t protocol)
{
	const char *name = (const char *)LookupWordSetString(&ethertypes, protocol);

	text_put(i, "%s, type ", packet ? packet : "Unknown direction");
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "0x%04X", protocol);
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;

	(void)frame;
	if (i->DataLength < HEADER)
		text_put(i, "Cut short");
	else
		put_summary(
		    i, (const char *)LookupWordSetString(&packet_types, be16(p)), be16(p + 14));
}

static const struct place places[] = { { "FRAME", "FRAME_HandoffSet", LINK_SLL, false } };

struct parser sll_parser = {
	.name = "SLL",
	.comment = "Linux cooked capture",
	.fields = fields,
	.n_fields = SLL_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.places = places,
	.n_places = COUNT(places),
};

/* ---- version 2 ------------------------------------------------------------------------ */

enum {
	SLL2_SUMMARY,
	SLL2_PROTOCOL,
	SLL2_LINUX,
	SLL2_INTERFACE,
	SLL2_HARDWARE,
	SLL2_PACKET_TYPE,
	SLL2_ADDRESS_LENGTH,
	SLL2_SOURCE,
	SLL2_SOURCE_OTHER,
	SLL2_UNUSED,
	SLL2_PAYLOAD,
	SLL2_FIELDS
};

static void format_summary_2(LPPROPERTYINST i, HFRAME frame);

static struct field fields_2[] = {
	[SLL2_SUMMARY] = { "Summary of the cooked header", "sll", SUMMARY,
	    .format = format_summary_2 },
	[SLL2_LINUX] = { "Protocol, Linux's own", "sll.ltype", U16(0), LABELED(linux_protocols) },
	[SLL2_PROTOCOL] = { "Protocol", "sll.etype", U16(0), LABELED(ethertypes) },
	[SLL2_INTERFACE] = { "Interface Index", "sll.ifindex", U32(4) },
	[SLL2_HARDWARE] = { "Link-Layer Address Type", "sll.hatype", U16(8), LABELED(hardware) },
	[SLL2_PACKET_TYPE] = { "Packet Type", "sll.pkttype", U8(10), LABELED(packet_types_2) },
	[SLL2_ADDRESS_LENGTH] = { "Link-Layer Address Length", "sll.halen", U8(11) },
	[SLL2_SOURCE] = { "Source Address", "sll.src.eth", MAC(12) },
	[SLL2_SOURCE_OTHER] = { "Source Address, not Ethernet", "sll.src.other", BYTES(12, 0) },
	[SLL2_UNUSED] = { "Unused", "sll.unused", BYTES(0, 0) },
	[SLL2_PAYLOAD] = { "Cooked Data", NULL, BYTES(HEADER_2, 0) },
};

RECOGNIZE(recognize_2)
{
	if (left < HEADER_2)
		return rest_is_mine(status);
	return hand_on(p, HEADER_2, left, protocol_of(be16(p)), status, next, instance);
}

ATTACH(attach_2)
{
	const struct header h = { frame, p, left };
	unsigned length = left >= 12 ? p[11] : 0;

	(void)instance;
	field_attach_at(&h, &fields_2[SLL2_SUMMARY], 0, HEADER_2, 0);
	fields_attach(&h, &fields_2[is_linux(&h, 0) ? SLL2_LINUX : SLL2_PROTOCOL], 1);
	fields_attach(&h, &fields_2[SLL2_INTERFACE], SLL2_SOURCE - SLL2_INTERFACE);
	attach_address(&h, &fields_2[SLL2_SOURCE], &fields_2[SLL2_SOURCE_OTHER], length);
	if (length < ADDRESS)
		field_attach_at(&h, &fields_2[SLL2_UNUSED], 12 + length, ADDRESS - length, 0);
	if (left > HEADER_2)
		field_attach_at(&h, &fields_2[SLL2_PAYLOAD], HEADER_2, left - HEADER_2, 0);
	return NULL;
}

static void format_summary_2(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;

	(void)frame;
	if (i->DataLength < HEADER_2) {
		text_put(i, "Cut short");
		return;
	}
	put_summary(i, (const char *)LookupByteSetString(&packet_types_2, p[10]), be16(p));
	text_put(i, ", interface %u", be32(p + 4));
}

static const struct place places_2[] = { { "FRAME", "FRAME_HandoffSet", LINK_SLL2, false } };

struct parser sll2_parser = {
	.name = "SLL2",
	.comment = "Linux cooked capture, version 2",
	.fields = fields_2,
	.n_fields = SLL2_FIELDS,
	.recognize = recognize_2,
	.attach = attach_2,
	.begin = begin,
	.places = places_2,
	.n_places = COUNT(places_2),
};
