/* SPDX-License-Identifier: MIT */
/* IPv4 (RFC 791). */
#include "tcpip.h"

#define HEADER 20u /* without options */

enum {
	IP_SUMMARY,
	IP_VERSION,
	IP_HEADER_LENGTH,
	IP_TOS,
	IP_LENGTH,
	IP_ID,
	IP_FLAGS,
	IP_OFFSET,
	IP_TTL,
	IP_PROTOCOL,
	IP_CHECKSUM,
	IP_SOURCE,
	IP_DESTINATION,
	IP_OPTIONS,
	IP_PAYLOAD,
	IP_FIELDS
};

static LABELED_BIT flag_bits[] = {
	{ 7, L("Reserved bit not set"), L("Reserved bit set") },
	{ 6, L("May fragment"), L("Don't fragment") },
	{ 5, L("Last fragment"), L("More fragments") },
};

static struct _SET flags = BITS_OF(flag_bits);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[IP_SUMMARY] = { "Summary of the IP header", "ip", SUMMARY, .format = format_summary },
	[IP_VERSION] = { "Version", "ip.version", BITS8(0, 0xF0) },
	[IP_HEADER_LENGTH] = { "Header Length", "ip.hdr_len", BITS8(0, 0x0F) },
	[IP_TOS] = { "Type of Service", "ip.dsfield ip.tos", U8(1) },
	[IP_LENGTH] = { "Total Length", "ip.len", U16(2) },
	[IP_ID] = { "Identification", "ip.id", U16(4) },
	[IP_FLAGS] = { "Flags Summary", NULL, U8(6), FLAGS(flags) },
	[IP_OFFSET] = { "Fragment Offset", "ip.frag_offset", BITS16(6, 0x1FFF) },
	[IP_TTL] = { "Time to Live", "ip.ttl", U8(8) },
	[IP_PROTOCOL] = { "Protocol", "ip.proto", U8(9), LABELED(ip_protocols) },
	[IP_CHECKSUM] = { "Checksum", "ip.checksum", U16(10) },
	[IP_SOURCE] = { "Source Address", "ip.src ip.addr", IP4(12) },
	[IP_DESTINATION] = { "Destination Address", "ip.dst ip.addr", IP4(16) },
	[IP_OPTIONS] = { "Options", NULL, BYTES(HEADER, 0) },
	[IP_PAYLOAD] = { "IP Data", NULL, BYTES(0, 0) },
};

/* Names of single bits and parts. */
static const PARSERFIELDNAME names[] = {
	{ L("Flags Summary"), L("ip.flags"), 0xE0, 0 },
	{ L("Flags Summary"), L("ip.flags.rb"), 0x80, 0 },
	{ L("Flags Summary"), L("ip.flags.df"), 0x40, 0 },
	{ L("Flags Summary"), L("ip.flags.mf"), 0x20, 0 },
	{ L("Type of Service"), L("ip.dsfield.dscp"), 0xFC, 0 },
	{ L("Type of Service"), L("ip.dsfield.ecn"), 0x03, 0 },
};

static LPHANDOFFTABLE by_protocol;

HPROTOCOL ip_next(uint8_t protocol)
{
	return GetProtocolFromTable(by_protocol, protocol, NULL);
}

static void begin(void)
{
	(void)CreateHandoffTable(L("IP_HandoffSet"), L(TCPIP_INI), &by_protocol, 256, 10);
}

static void end(void)
{
	DestroyHandoffTable(by_protocol);
	by_protocol = NULL;
}

/* Bytes of the header; 0: it can't be one. */
static unsigned header_bytes(const uint8_t *p)
{
	unsigned n = 4u * (p[0] & 15);

	return n < HEADER ? 0 : n;
}

/* Bytes of the packet that are there. A length of 0 is what segmentation offload leaves. */
static DWORD packet_bytes(const uint8_t *p, DWORD left)
{
	return bounded(left, be16(p + 2));
}

RECOGNIZE(recognize)
{
	unsigned header = header_bytes(p);

	if (p[0] >> 4 != 4)
		return not_mine(p, status);
	/* Only a packet's first part begins with a header; the end of the rest is padding. */
	if (left < HEADER || !header || be16(p + 6) & 0x1FFF)
		return rest_is_mine(status);
	return hand_on(p, header, packet_bytes(p, left), ip_next(p[9]), status, next, instance);
}

ATTACH(attach)
{
	const struct header h = { frame, p, left };
	unsigned header = header_bytes(p);
	DWORD bytes = left >= HEADER ? packet_bytes(p, left) : left;
	bool bad_length = left >= HEADER && be16(p + 2) && be16(p + 2) < header;

	(void)instance;
	field_attach_at(&h, &fields[IP_SUMMARY], 0, bytes, header ? 0 : IFLAG_ERROR);
	fields_attach(&h, &fields[IP_VERSION], IP_LENGTH - IP_VERSION);
	field_attach_at(&h, &fields[IP_LENGTH], 2, 2, bad_length ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[IP_ID], IP_OPTIONS - IP_ID);
	if (header > HEADER && left > HEADER)
		field_attach_at(&h, &fields[IP_OPTIONS], HEADER, header - HEADER, 0);
	if (header && bytes > header)
		field_attach_at(&h, &fields[IP_PAYLOAD], header, bytes - header, 0);
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
	text_put(i, "%u.%u.%u.%u -> %u.%u.%u.%u, ", p[12], p[13], p[14], p[15], p[16], p[17], p[18],
	    p[19]);
	name = (const char *)LookupByteSetString(&ip_protocols, p[9]);
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "protocol %u", p[9]);
	text_put(i, ", length %u", be16(p + 2));
	if (be16(p + 6) & 0x3FFF)
		text_put(i, ", fragment at %u%s", (be16(p + 6) & 0x1FFF) * 8,
		    p[6] & 0x20 ? ", more follow" : "");
}

#define RAW_IP    101u /* link types */
#define RAW_IP_12 12u
#define RAW_IP_14 14u
#define IPV4_ONLY 228u

static const struct place places[] = {
	{ "MAC.INI", "ETYPE_HandoffSet", 0x0800, true },
	{ "MAC.INI", "PPP_HandoffSet", 0x0021, true },
	{ TCPIP_INI, "IP_HandoffSet", 4, false },
	{ "FRAME", "FRAME_HandoffSet", RAW_IP, false },
	{ "FRAME", "FRAME_HandoffSet", RAW_IP_12, false },
	{ "FRAME", "FRAME_HandoffSet", RAW_IP_14, false },
	{ "FRAME", "FRAME_HandoffSet", IPV4_ONLY, false },
};

struct parser ip_parser = {
	.name = "IP",
	.comment = "Internet Protocol version 4 (RFC 791)",
	.fields = fields,
	.n_fields = IP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.end = end,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
