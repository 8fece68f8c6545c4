/* SPDX-License-Identifier: MIT */
/* ICMP (RFC 792), router discovery (RFC 1256), extensions (RFC 4884). */
#include "icmp.h"
#include "../common/list.h"

#define HEADER    8u   /* bytes before what an error quotes */
#define EXTENSION 4u   /* bytes of the extensions' header */
#define QUOTED    128u /* bytes at least of a quoted packet that extensions follow */

enum {
	ICMP_SUMMARY,
	ICMP_TYPE,
	ICMP_CODE,
	ICMP_CHECKSUM,
	ICMP_UNUSED,
	ICMP_QUOTED_WORDS,
	ICMP_MTU,
	ICMP_POINTER,
	ICMP_GATEWAY,
	ICMP_IDENT,
	ICMP_SEQUENCE,
	ICMP_IDENT_LE,
	ICMP_SEQUENCE_LE,
	ICMP_ECHO_DATA,
	ICMP_ORIGINATE,
	ICMP_RECEIVE,
	ICMP_TRANSMIT,
	ICMP_MASK,
	ICMP_ADDRESSES,
	ICMP_ENTRY_SIZE,
	ICMP_LIFETIME,
	ICMP_ROUTER,
	ICMP_PREFERENCE,
	ICMP_DATA,
	ICMP_EXTENSION,
	ICMP_EXT_VERSION,
	ICMP_EXT_RESERVED,
	ICMP_EXT_CHECKSUM,
	ICMP_OBJECT_LENGTH,
	ICMP_OBJECT_CLASS,
	ICMP_OBJECT_TYPE,
	ICMP_OBJECT_DATA,
	ICMP_LABEL,
	ICMP_LABEL_CLASS,
	ICMP_LABEL_LAST,
	ICMP_LABEL_TTL,
	ICMP_FIELDS
};

static LABELED_BYTE type_names[] = {
	{ 0, L("Echo reply") },
	{ 3, L("Destination unreachable") },
	{ 4, L("Source quench") },
	{ 5, L("Redirect") },
	{ 6, L("Alternate host address") },
	{ 8, L("Echo request") },
	{ 9, L("Router advertisement") },
	{ 10, L("Router solicitation") },
	{ 11, L("Time exceeded") },
	{ 12, L("Parameter problem") },
	{ 13, L("Timestamp request") },
	{ 14, L("Timestamp reply") },
	{ 15, L("Information request") },
	{ 16, L("Information reply") },
	{ 17, L("Address mask request") },
	{ 18, L("Address mask reply") },
	{ 30, L("Traceroute") },
	{ 37, L("Domain name request") },
	{ 38, L("Domain name reply") },
	{ 40, L("Security failure") },
	{ 42, L("Extended echo request") },
	{ 43, L("Extended echo reply") },
};

static struct _SET types = SET_OF(Byte, type_names);

static const struct code_name codes[] = {
	{ 3, 0, "Network unreachable" },
	{ 3, 1, "Host unreachable" },
	{ 3, 2, "Protocol unreachable" },
	{ 3, 3, "Port unreachable" },
	{ 3, 4, "Fragmentation needed" },
	{ 3, 5, "Source route failed" },
	{ 3, 6, "Network unknown" },
	{ 3, 7, "Host unknown" },
	{ 3, 8, "Source host isolated" },
	{ 3, 9, "Network administratively prohibited" },
	{ 3, 10, "Host administratively prohibited" },
	{ 3, 11, "Network unreachable for this type of service" },
	{ 3, 12, "Host unreachable for this type of service" },
	{ 3, 13, "Communication administratively filtered" },
	{ 3, 14, "Host precedence violation" },
	{ 3, 15, "Precedence cutoff in effect" },
	{ 5, 0, "Redirect for network" },
	{ 5, 1, "Redirect for host" },
	{ 5, 2, "Redirect for type of service and network" },
	{ 5, 3, "Redirect for type of service and host" },
	{ 9, 0, "Normal router advertisement" },
	{ 9, 16, "Does not route common traffic" },
	{ 11, 0, "Time to live exceeded in transit" },
	{ 11, 1, "Fragment reassembly time exceeded" },
	{ 12, 0, "Pointer indicates the error" },
	{ 12, 1, "Required option missing" },
	{ 12, 2, "Bad length" },
};

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static void format_code(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	code_format(i, codes, COUNT(codes));
}

static struct field fields[] = {
	[ICMP_SUMMARY] = { "Summary of the ICMP message", "icmp", SUMMARY,
	    .format = format_summary },
	[ICMP_TYPE] = { "Type", "icmp.type", U8(0), LABELED(types) },
	[ICMP_CODE] = { "Code", "icmp.code", U8(1), .format = format_code },
	[ICMP_CHECKSUM] = { "Checksum", "icmp.checksum", U16(2) },
	[ICMP_UNUSED] = { "Unused", "icmp.unused", BYTES(4, 0) },
	[ICMP_QUOTED_WORDS] = { "Quoted Packet's Words", "icmp.length", U8(5) },
	[ICMP_MTU] = { "Next-hop MTU", "icmp.mtu", U16(6) },
	[ICMP_POINTER] = { "Pointer", "icmp.pointer", U8(4) },
	[ICMP_GATEWAY] = { "Gateway Address", "icmp.redir_gw", IP4(4) },
	[ICMP_IDENT] = { "Identifier", "icmp.ident", U16(4) },
	[ICMP_SEQUENCE] = { "Sequence Number", "icmp.seq", U16(6) },
	[ICMP_IDENT_LE] = { "Identifier, little-endian", "icmp.ident_le", LE_U16(4),
	    .level = HIDDEN },
	[ICMP_SEQUENCE_LE] = { "Sequence Number, little-endian", "icmp.seq_le", LE_U16(6),
	    .level = HIDDEN },
	[ICMP_ECHO_DATA] = { "Echo Data", "data.data", BYTES(HEADER, 0) },
	[ICMP_ORIGINATE] = { "Originate Timestamp", "icmp.originate_timestamp", U32(8) },
	[ICMP_RECEIVE] = { "Receive Timestamp", "icmp.receive_timestamp", U32(12) },
	[ICMP_TRANSMIT] = { "Transmit Timestamp", "icmp.transmit_timestamp", U32(16) },
	[ICMP_MASK] = { "Address Mask", "icmp.address_mask", IP4(8) },
	[ICMP_ADDRESSES] = { "Number of Addresses", "icmp.num_addrs", U8(4) },
	[ICMP_ENTRY_SIZE] = { "Words of an Entry", "icmp.addr_entry_size", U8(5) },
	[ICMP_LIFETIME] = { "Lifetime", "icmp.lifetime", U16(6) },
	[ICMP_ROUTER] = { "Router Address", "icmp.router_address", IP4(8) },
	[ICMP_PREFERENCE] = { "Preference Level", NULL, U32(12) },
	[ICMP_DATA] = { "ICMP Data", NULL, BYTES(4, 0) },
	[ICMP_EXTENSION] = { "Extensions", "icmp.ext", GROUP },
	[ICMP_EXT_VERSION] = { "Extension Version", "icmp.ext.version", BITS8(0, 0xF0),
	    .level = 2 },
	[ICMP_EXT_RESERVED] = { "Extension Reserved", "icmp.ext.res", BITS16(0, 0x0FFF),
	    .level = 2 },
	[ICMP_EXT_CHECKSUM] = { "Extension Checksum", "icmp.ext.checksum", U16(2), .level = 2 },
	[ICMP_OBJECT_LENGTH] = { "Object Length", "icmp.ext.length", U16(0), .level = 3 },
	[ICMP_OBJECT_CLASS] = { "Object Class", "icmp.ext.class", U8(2), .level = 2 },
	[ICMP_OBJECT_TYPE] = { "Object Type", "icmp.ext.ctype", U8(3), .level = 3 },
	[ICMP_OBJECT_DATA] = { "Object Data", "icmp.ext.data", BYTES(4, 0), .level = 3 },
	[ICMP_LABEL] = { "Label", "icmp.mpls.label", BITS32(4, 0xFFFFF000), .level = 3 },
	[ICMP_LABEL_CLASS] = { "Label Traffic Class", "icmp.mpls.exp", BITS32(4, 0x00000E00),
	    .level = 3 },
	[ICMP_LABEL_LAST] = { "Bottom of Stack", "icmp.mpls.s", BITS32(4, 0x00000100), .level = 3 },
	[ICMP_LABEL_TTL] = { "Label Time to Live", "icmp.mpls.ttl", U8(7), .level = 3 },
};

static const struct element routers = { .first = ICMP_ROUTER, .n = 2, .every = 8 };

static void attach_routers(const struct header *h)
{
	if (h->left > HEADER)
		(void)element_attach(h, fields, &routers, 1, 0);
}

/* What errors have no other use for; the length of what they quote, when they tell it. */
static void attach_unused(const struct header *h)
{
	bool told = h->left > 5 && h->p[5];
	DWORD end = h->p[0] == 3 && h->p[1] == 4 ? 6 : HEADER;
	DWORD at = h->p[0] == 12 ? 5 : 4;

	if (!told) {
		field_attach_at(h, &fields[ICMP_UNUSED], at, end - at, 0);
	} else {
		fields_attach(h, &fields[ICMP_QUOTED_WORDS], 1);
		field_attach_at(h, &fields[ICMP_UNUSED], 6, end - 6, 0);
	}
	if (end == 6)
		fields_attach(h, &fields[ICMP_MTU], 1);
}

static const struct element messages[] = {
	{ .type = 0, .first = ICMP_IDENT, .n = 5 },
	{ .type = 3, .attach = attach_unused },
	{ .type = 5, .first = ICMP_GATEWAY, .n = 1 },
	{ .type = 8, .first = ICMP_IDENT, .n = 5 },
	{ .type = 9, .first = ICMP_ADDRESSES, .n = 3, .attach = attach_routers },
	{ .type = 11, .attach = attach_unused },
	{ .type = 12, .first = ICMP_POINTER, .n = 1, .attach = attach_unused },
	{ .type = 13, .first = ICMP_ORIGINATE, .n = 3 },
	{ .type = 14, .first = ICMP_ORIGINATE, .n = 3 },
	{ .type = 15, .first = ICMP_IDENT, .n = 4 },
	{ .type = 16, .first = ICMP_IDENT, .n = 4 },
	{ .type = 17, .first = ICMP_MASK, .n = 1 },
	{ .type = 18, .first = ICMP_MASK, .n = 1 },
};

/* Errors, with the beginning of the packet that they are about. */
static bool quotes(uint8_t type)
{
	return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

static bool has_ident(uint8_t type)
{
	return type == 13 || type == 14 || type == 17 || type == 18;
}

static HPROTOCOL ip;

static void begin(void)
{
	ip = GetProtocolFromName(L("IP"));
}

RECOGNIZE(recognize)
{
	left = bounded(left, *instance);
	if (left < HEADER || !quotes(p[0]))
		return rest_is_mine(status);
	return hand_on(p, HEADER, left, ip, status, next, instance);
}

/* ---- extensions ------------------------------------------------------------------------- */

static const struct element objects[] = {
	{ .type = 1, .first = ICMP_LABEL, .n = 4, .every = 4 },
};

/* Objects begin with their length, all of them, and then have class and type. */
static void attach_objects(const struct header *h, DWORD at)
{
	while (at + 4 <= h->left) {
		DWORD n = be16(h->p + at), bad = n < 4 || n > h->left - at;
		struct header object = { h->frame, h->p + at, bad ? h->left - at : n };

		fields_attach(&object, &fields[ICMP_OBJECT_CLASS], 1);
		field_attach_at(&object, &fields[ICMP_OBJECT_LENGTH], 0, 2, bad ? IFLAG_ERROR : 0);
		fields_attach(&object, &fields[ICMP_OBJECT_TYPE], 1);
		if (!element_attach(&object, fields, objects, COUNT(objects), object.p[2]))
			fields_attach(&object, &fields[ICMP_OBJECT_DATA], 1);
		if (bad)
			return;
		at += n;
	}
}

/* Where they begin: told, or behind the least that older senders quote; 0: there are none. */
static DWORD extensions_at(const struct header *h)
{
	DWORD words, at;

	if (h->left < HEADER || (h->p[0] != 3 && h->p[0] != 11 && h->p[0] != 12))
		return 0;
	words = h->p[5];
	at = HEADER + (words ? 4 * words : QUOTED);
	if (at + EXTENSION > h->left || h->p[at] != 0x20 || h->p[at + 1])
		return 0;
	return at;
}

static void attach_extensions(const struct header *h, DWORD at)
{
	struct header part = { h->frame, h->p + at, h->left - at };

	field_attach_at(&part, &fields[ICMP_EXTENSION], 0, part.left, 0);
	fields_attach(&part, &fields[ICMP_EXT_VERSION], 3);
	attach_objects(&part, EXTENSION);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	DWORD at = extensions_at(&h);

	field_attach_at(&h, &fields[ICMP_SUMMARY], 0, h.left, h.left < HEADER ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[ICMP_TYPE], ICMP_UNUSED - ICMP_TYPE);
	if (h.left <= 4)
		return NULL;
	if (has_ident(p[0]))
		fields_attach(&h, &fields[ICMP_IDENT], ICMP_ECHO_DATA - ICMP_IDENT);
	if (!element_attach(&h, fields, messages, COUNT(messages), p[0]) && !quotes(p[0]) &&
	    p[0] != 10)
		fields_attach(&h, &fields[ICMP_DATA], 1);
	if (at)
		attach_extensions(&h, at);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;

	(void)frame;
	if (i->DataLength < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	message_put(i, codes, COUNT(codes), &types);
	if (p[0] == 0 || p[0] == 8)
		text_put(i, ", identifier %u, sequence %u", be16(p + 4), be16(p + 6));
	if (p[0] == 5)
		text_put(i, ", to %u.%u.%u.%u", p[4], p[5], p[6], p[7]);
}

static const struct place places[] = { { TCPIP_INI, "IP_HandoffSet", 1, false } };

struct parser icmp_parser = {
	.name = "ICMP",
	.comment = "Internet Control Message Protocol (RFC 792)",
	.fields = fields,
	.n_fields = ICMP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.places = places,
	.n_places = COUNT(places),
};
