/* SPDX-License-Identifier: MIT */
/* GRE (RFC 2784, RFC 2890), the routing of its first form (RFC 1701), and PPTP's version
 * (RFC 2637), whose key is a length and a call. */
#include "tcpip.h"

#define HEADER   4u
#define CHECKSUM 0x8000u /* flags: what the header has behind its first four bytes */
#define ROUTING  0x4000u
#define KEY      0x2000u
#define SEQUENCE 0x1000u
#define ACK      0x0080u
#define VERSION  0x0007u
#define PPTP     1u

enum {
	GRE_SUMMARY,
	GRE_FLAGS,
	GRE_TYPE,
	GRE_PPTP_FLAGS,
	GRE_CHECKSUM,
	GRE_OFFSET,
	GRE_KEY,
	GRE_PAYLOAD_LENGTH,
	GRE_CALL,
	GRE_SEQUENCE,
	GRE_ACK,
	GRE_ROUTING,
	GRE_PAYLOAD,
	GRE_FIELDS
};

static LABELED_WORD type_names[] = {
	{ 0x0800, L("IP") },
	{ 0x0806, L("ARP") },
	{ 0x2001, L("NHRP") },
	{ 0x6558, L("Transparent Ethernet") },
	{ 0x86DD, L("IPv6") },
	{ 0x8847, L("MPLS") },
	{ 0x880B, L("PPP") },
	{ 0x88BE, L("ERSPAN") },
	{ 0x22EB, L("ERSPAN type III") },
	{ 0x883E, L("WCCP") },
};

static struct _SET types = SET_OF(Word, type_names);

static LABELED_BIT flag_bits[] = {
	{ 15, L("No checksum"), L("Checksum") },
	{ 14, L("No routing"), L("Routing") },
	{ 13, L("No key"), L("Key") },
	{ 12, L("No sequence number"), L("Sequence number") },
	{ 11, L("No strict source route"), L("Strict source route") },
	{ 7, L("No acknowledgement"), L("Acknowledgement") },
};

static struct _SET flags = BITS_OF(flag_bits);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[GRE_SUMMARY] = { "Summary of the GRE header", "gre", SUMMARY, .format = format_summary },
	[GRE_FLAGS] = { "Flags and Version", "gre.flags_and_version", U16(0), FLAGS(flags) },
	[GRE_TYPE] = { "Protocol Type", "gre.proto", U16(2), LABELED(types) },
	[GRE_PPTP_FLAGS] = { "Flags of PPTP", NULL, U16(0), .level = HIDDEN },
	[GRE_CHECKSUM] = { "Checksum", "gre.checksum", U16(4) },
	[GRE_OFFSET] = { "Offset", "gre.offset", U16(6) },
	[GRE_KEY] = { "Key", "gre.key", U32(0) },
	[GRE_PAYLOAD_LENGTH] = { "Payload Length", "gre.key.payload_length", U16(0) },
	[GRE_CALL] = { "Call Identifier", "gre.key.call_id", U16(0) },
	[GRE_SEQUENCE] = { "Sequence Number", "gre.sequence_number", U32(0) },
	[GRE_ACK] = { "Acknowledgement Number", "gre.ack_number", U32(0) },
	[GRE_ROUTING] = { "Routing", "gre.routing", BYTES(0, 0) },
	[GRE_PAYLOAD] = { "GRE Data", NULL, BYTES(0, 0) },
};

static const PARSERFIELDNAME names[] = {
	{ L("Flags and Version"), L("gre.flags.checksum"), CHECKSUM, 0 },
	{ L("Flags and Version"), L("gre.flags.routing"), ROUTING, 0 },
	{ L("Flags and Version"), L("gre.flags.key"), KEY, 0 },
	{ L("Flags and Version"), L("gre.flags.sequence_number"), SEQUENCE, 0 },
	{ L("Flags and Version"), L("gre.flags.strict_source_route"), 0x0800, 0 },
	{ L("Flags and Version"), L("gre.flags.recursion_control"), 0x0700, 0 },
	{ L("Flags of PPTP"), L("gre.flags.ack"), ACK, 0 },
	{ L("Flags and Version"), L("gre.flags.reserved"), 0x00F8, 0 },
	{ L("Flags and Version"), L("gre.flags.version"), VERSION, 0 },
};

static LPHANDOFFTABLE by_type;
static HPROTOCOL ethernet;

static void begin(void)
{
	(void)CreateHandoffTable(L("ETYPE_HandoffSet"), L("MAC.INI"), &by_type, 1024, 16);
	ethernet = GetProtocolFromName(L("ETHERNET"));
}

static void end(void)
{
	DestroyHandoffTable(by_type);
	by_type = NULL;
}

static HPROTOCOL type_protocol(uint16_t type)
{
	return type == 0x6558 ? ethernet : GetProtocolFromTable(by_type, type, NULL);
}

/* Where the parts of the header are; those that it has not are of no bytes. */
struct parts {
	DWORD key, sequence, ack, routing, payload;
};

/* Entries of the routing end with one of no address family and no length. */
static DWORD routing_end(const uint8_t *p, DWORD at, DWORD left)
{
	while (at + 4 <= left) {
		DWORD n = p[at + 3];
		bool last = be16(p + at) == 0 && n == 0;

		at += 4 + n;
		if (last)
			break;
	}
	return at;
}

static struct parts parts_of(const uint8_t *p, DWORD left)
{
	uint16_t f = be16(p);
	struct parts at;

	at.key = HEADER + (f & (CHECKSUM | ROUTING) && (f & VERSION) != PPTP ? 4 : 0);
	at.sequence = at.key + (f & KEY ? 4 : 0);
	at.ack = at.sequence + (f & SEQUENCE ? 4 : 0);
	at.routing = at.ack + (f & ACK && (f & VERSION) == PPTP ? 4 : 0);
	at.payload = at.routing;
	if (f & ROUTING && (f & VERSION) != PPTP)
		at.payload = routing_end(p, at.routing, left);
	return at;
}

RECOGNIZE(recognize)
{
	struct parts at;

	left = bounded(left, *instance);
	if (left < HEADER || (be16(p) & VERSION) > PPTP)
		return rest_is_mine(status);
	at = parts_of(p, left);
	if ((be16(p) & VERSION) == PPTP && at.key + 2 <= left)
		left = bounded(left, at.payload + be16(p + at.key));
	return hand_on(p, at.payload, left, type_protocol(be16(p + 2)), status, next, instance);
}

static void attach_key(const struct header *h, DWORD at)
{
	if ((be16(h->p) & VERSION) == PPTP) {
		field_attach_at(h, &fields[GRE_PAYLOAD_LENGTH], at, 2, 0);
		field_attach_at(h, &fields[GRE_CALL], at + 2, 2, 0);
	} else {
		field_attach_at(h, &fields[GRE_KEY], at, 4, 0);
	}
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	struct parts at;

	if (h.left < HEADER) {
		field_attach_at(&h, &fields[GRE_SUMMARY], 0, HEADER, 0);
		fields_attach(&h, &fields[GRE_FLAGS], 2);
		return NULL;
	}
	at = parts_of(p, h.left);
	field_attach_at(&h, &fields[GRE_SUMMARY], 0, at.payload, 0);
	fields_attach(&h, &fields[GRE_FLAGS], (be16(p) & VERSION) == PPTP ? 3 : 2);
	if (at.key > HEADER)
		fields_attach(&h, &fields[GRE_CHECKSUM], 2);
	if (at.sequence > at.key)
		attach_key(&h, at.key);
	if (at.ack > at.sequence)
		field_attach_at(&h, &fields[GRE_SEQUENCE], at.sequence, 4, 0);
	if (at.routing > at.ack)
		field_attach_at(&h, &fields[GRE_ACK], at.ack, 4, 0);
	if (at.payload > at.routing)
		field_attach_at(&h, &fields[GRE_ROUTING], at.routing, at.payload - at.routing, 0);
	if (h.left > at.payload)
		field_attach_at(&h, &fields[GRE_PAYLOAD], at.payload, h.left - at.payload, 0);
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
	name = (const char *)LookupWordSetString(&types, be16(p + 2));
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "Type 0x%04X", be16(p + 2));
	if ((be16(p) & VERSION) == PPTP)
		text_put(i, ", PPTP");
}

static const struct place places[] = { { TCPIP_INI, "IP_HandoffSet", 47, false } };

struct parser gre_parser = {
	.name = "GRE",
	.comment = "Generic Routing Encapsulation (RFC 2784)",
	.fields = fields,
	.n_fields = GRE_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.end = end,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
