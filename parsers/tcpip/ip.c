/* SPDX-License-Identifier: MIT */
/* IPv4 (RFC 791). */
#include "../common/list.h"
#include "tcpip.h"

#define HEADER       20u /* without options */
#define ROUTE        3u  /* bytes of a route option before its addresses */
#define STAMPS       4u  /* bytes of a timestamp option before its stamps */
#define RECORD_ROUTE 7u

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
	IP_PAYLOAD,
	IP_OPTIONS,
	IP_OPTION_TYPE,
	IP_OPTION_LENGTH,
	IP_OPTION_DATA,
	IP_POINTER,
	IP_RECORDED,
	IP_NEXT_HOP,
	IP_LATER_HOP,
	IP_EMPTY,
	IP_OVERFLOW,
	IP_STAMP_FLAG,
	IP_STAMP_ADDRESS,
	IP_STAMP,
	IP_SECURITY_LEVEL,
	IP_SECURITY_AUTHORITY,
	IP_STREAM,
	IP_ROUTER_ALERT,
	IP_TRACE_ID,
	IP_TRACE_OUT,
	IP_TRACE_BACK,
	IP_TRACE_ORIGINATOR,
	IP_MTU,
	IP_QS_FUNCTION,
	IP_QS_RATE,
	IP_QS_TTL,
	IP_QS_NONCE,
	IP_ADDRESS,
	IP_FIELDS
};

static LABELED_BIT flag_bits[] = {
	{ 7, L("Reserved bit not set"), L("Reserved bit set") },
	{ 6, L("May fragment"), L("Don't fragment") },
	{ 5, L("Last fragment"), L("More fragments") },
};

static struct _SET flags = BITS_OF(flag_bits);

static LABELED_BYTE option_names[] = {
	{ 0, L("End of options") },
	{ 1, L("No operation") },
	{ 7, L("Record route") },
	{ 11, L("MTU probe") },
	{ 12, L("MTU reply") },
	{ 25, L("Quick start") },
	{ 68, L("Internet timestamp") },
	{ 82, L("Traceroute") },
	{ 130, L("Security") },
	{ 131, L("Loose source route") },
	{ 133, L("Extended security") },
	{ 134, L("Commercial security") },
	{ 136, L("Stream identifier") },
	{ 137, L("Strict source route") },
	{ 147, L("Address extension") },
	{ 148, L("Router alert") },
	{ 149, L("Selective directed broadcast") },
};

static struct _SET option_set = SET_OF(Byte, option_names);

static LABELED_BYTE stamp_names[] = {
	{ 0, L("Timestamps only") },
	{ 1, L("Addresses and timestamps") },
	{ 3, L("Timestamps of the addresses that are given") },
};

static struct _SET stamp_flags = SET_OF(Byte, stamp_names);

static LABELED_BYTE level_names[] = {
	{ 0x3D, L("Top secret") },
	{ 0x5A, L("Secret") },
	{ 0x96, L("Confidential") },
	{ 0xAB, L("Unclassified") },
};

static struct _SET levels = SET_OF(Byte, level_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[IP_SUMMARY] = { "Summary of the IP header", "ip", SUMMARY, .format = format_summary },
	[IP_VERSION] = { "Version", "ip.version", BITS8(0, 0xF0) },
	[IP_HEADER_LENGTH] = { "Header Length", "ip.hdr_len", BITS8(0, 0x0F), .times = 4 },
	[IP_TOS] = { "Type of Service", "ip.dsfield ip.tos", U8(1), ALWAYS },
	[IP_LENGTH] = { "Total Length", "ip.len", U16(2) },
	[IP_ID] = { "Identification", "ip.id", U16(4), ALWAYS },
	[IP_FLAGS] = { "Flags Summary", NULL, U8(6), FLAGS(flags), ALWAYS },
	[IP_OFFSET] = { "Fragment Offset", "ip.frag_offset", BITS16(6, 0x1FFF) },
	[IP_TTL] = { "Time to Live", "ip.ttl", U8(8), ALWAYS },
	[IP_PROTOCOL] = { "Protocol", "ip.proto", U8(9), LABELED(ip_protocols), ALWAYS },
	[IP_CHECKSUM] = { "Checksum", "ip.checksum", U16(10), ALWAYS },
	[IP_SOURCE] = { "Source Address", "ip.src ip.addr", IP4(12), ALWAYS },
	[IP_DESTINATION] = { "Destination Address", "ip.dst ip.addr", IP4(16), ALWAYS },
	[IP_PAYLOAD] = { "IP Data", NULL, BYTES(HEADER, 0) },
	[IP_OPTIONS] = { "Options", NULL, BYTES(HEADER, 0) },
	[IP_OPTION_TYPE] = { "Option", "ip.opt.type", U8(0), LABELED(option_set), .level = 2 },
	[IP_OPTION_LENGTH] = { "Option Length", "ip.opt.len", U8(1), .level = 3 },
	[IP_OPTION_DATA] = { "Option Data", NULL, BYTES(2, 0), .level = 3 },
	[IP_POINTER] = { "Pointer", "ip.opt.ptr", U8(2), .level = 3 },
	[IP_RECORDED] = { "Recorded Address", "ip.rec_rt", IP4(0), .level = 3 },
	[IP_NEXT_HOP] = { "Next Address to Visit", "ip.cur_rt", IP4(0), .level = 3 },
	[IP_LATER_HOP] = { "Address to Visit", "ip.src_rt", IP4(0), .level = 3 },
	[IP_EMPTY] = { "Room for an Address", "ip.empty_rt", IP4(0), .level = 3 },
	[IP_OVERFLOW] = { "Overflow", "ip.opt.overflow", BITS8(3, 0xF0), .level = 3 },
	[IP_STAMP_FLAG] = { "Timestamp Flag", "ip.opt.flag", BITS8(3, 0x0F), LABELED(stamp_flags),
	    .level = 3 },
	[IP_STAMP_ADDRESS] = { "Timestamp Address", "ip.opt.time_stamp_addr", IP4(0), .level = 3 },
	[IP_STAMP] = { "Timestamp", "ip.opt.time_stamp", U32(0), .level = 3 },
	[IP_SECURITY_LEVEL] = { "Classification Level", "ip.opt.sec_cl", U8(2), LABELED(levels),
	    .level = 3 },
	[IP_SECURITY_AUTHORITY] = { "Protection Authority", "ip.opt.sec_prot_auth_flags", U8(3),
	    .level = 3 },
	[IP_STREAM] = { "Stream Identifier", "ip.opt.sid", U16(2), .level = 3 },
	[IP_ROUTER_ALERT] = { "Router Alert", "ip.opt.ra", U16(2), .level = 3 },
	[IP_TRACE_ID] = { "Traceroute Identifier", "ip.opt.id_number", U16(2), .level = 3 },
	[IP_TRACE_OUT] = { "Outbound Hops", "ip.opt.ohc", U16(4), .level = 3 },
	[IP_TRACE_BACK] = { "Return Hops", "ip.opt.rhc", U16(6), .level = 3 },
	[IP_TRACE_ORIGINATOR] = { "Originator", "ip.opt.originator", IP4(8), .level = 3 },
	[IP_MTU] = { "MTU", "ip.opt.mtu", U16(2), .level = 3 },
	[IP_QS_FUNCTION] = { "Function", "ip.opt.qs_func", BITS8(2, 0xF0), .level = 3 },
	[IP_QS_RATE] = { "Rate", "ip.opt.qs_rate", BITS8(2, 0x0F), .level = 3 },
	[IP_QS_TTL] = { "Quick Start TTL", "ip.opt.qs_ttl", U8(3), .level = 3 },
	[IP_QS_NONCE] = { "Nonce", "ip.opt.qs_nonce", BITS32(4, 0xFFFFFFFC), .level = 3 },
	[IP_ADDRESS] = { "Address", "ip.opt.addr", IP4(2), .level = 3 },
};

/* Names of single bits and parts. */
static const PARSERFIELDNAME names[] = {
	{ L("Flags Summary"), L("ip.flags"), 0xE0, 0 },
	{ L("Flags Summary"), L("ip.flags.rb"), 0x80, 0 },
	{ L("Flags Summary"), L("ip.flags.df"), 0x40, 0 },
	{ L("Flags Summary"), L("ip.flags.mf"), 0x20, 0 },
	{ L("Type of Service"), L("ip.dsfield.dscp"), 0xFC, 0 },
	{ L("Type of Service"), L("ip.dsfield.ecn"), 0x03, 0 },
	{ L("Option"), L("ip.opt.type.copy"), 0x80, 0 },
	{ L("Option"), L("ip.opt.type.class"), 0x60, 0 },
	{ L("Option"), L("ip.opt.type.number"), 0x1F, 0 },
};

/* What lies before the pointer was visited. */
static void attach_route(const struct header *h)
{
	DWORD pointer = h->left >= ROUTE ? h->p[2] : 0;

	for (DWORD at = ROUTE; at < h->left; at += 4)
		field_attach_at(h,
		    &fields[at + 1 < pointer          ? IP_RECORDED
			    : h->p[0] == RECORD_ROUTE ? IP_EMPTY
			    : at + 1 == pointer       ? IP_NEXT_HOP
						      : IP_LATER_HOP],
		    at, 4, 0);
}

/* Stamps alone, or each behind the address of whom it is. */
static void attach_stamps(const struct header *h)
{
	unsigned flag = h->left >= STAMPS ? h->p[3] & 15 : 0;

	fields_attach(h, &fields[IP_OVERFLOW], 2);
	for (DWORD at = STAMPS, i = 0; at < h->left; at += 4, i++)
		field_attach_at(
		    h, &fields[flag && i % 2 == 0 ? IP_STAMP_ADDRESS : IP_STAMP], at, 4, 0);
}

static const struct element options[] = {
	{ .type = 7, .first = IP_POINTER, .n = 1, .attach = attach_route },
	{ .type = 11, .first = IP_MTU, .n = 1 },
	{ .type = 12, .first = IP_MTU, .n = 1 },
	{ .type = 25, .first = IP_QS_FUNCTION, .n = IP_QS_NONCE - IP_QS_FUNCTION + 1 },
	{ .type = 68, .first = IP_POINTER, .n = 1, .attach = attach_stamps },
	{ .type = 82, .first = IP_TRACE_ID, .n = IP_TRACE_ORIGINATOR - IP_TRACE_ID + 1 },
	{ .type = 130, .first = IP_SECURITY_LEVEL, .n = 2 },
	{ .type = 131, .first = IP_POINTER, .n = 1, .attach = attach_route },
	{ .type = 136, .first = IP_STREAM, .n = 1 },
	{ .type = 137, .first = IP_POINTER, .n = 1, .attach = attach_route },
	{ .type = 148, .first = IP_ROUTER_ALERT, .n = 1 },
	{ .type = 149, .first = IP_ADDRESS, .n = 1, .every = 4 },
};

static const struct list option_list = {
	.fields = fields,
	.type = IP_OPTION_TYPE,
	.length = IP_OPTION_LENGTH,
	.rest = IP_OPTION_DATA,
	.length_at = 1,
	.singles = 2,
	.ends = true,
	.elements = options,
	.n_elements = COUNT(options),
};

LPHANDOFFTABLE by_protocol;

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
	unsigned header = header_bytes(p), total;

	if (p[0] >> 4 != 4)
		return not_mine(p, status);
	left = bounded(left, *instance);
	/* Only a packet's first part begins with a header; the end of the rest is padding. */
	if (left < HEADER || !header || be16(p + 6) & 0x1FFF)
		return rest_is_mine(status);
	total = be16(p + 2); /* also of what is not stored */
	p = hand_on(p, header, packet_bytes(p, left), ip_next(p[9]), status, next, instance);
	*instance = total > header ? total - header : *instance;
	return p;
}

/* What segmentation offload left open is as much as there is. */
static void attach_length(const struct header *h, unsigned header)
{
	uint16_t v = h->left >= 4 ? be16(h->p + 2) : 0;
	DWORD bad = v && v < header ? IFLAG_ERROR : 0;

	if (v || h->left < 4) {
		field_attach_at(h, &fields[IP_LENGTH], 2, 2, bad);
		return;
	}
	v = (uint16_t)h->left;
	field_attach_value(h, &fields[IP_LENGTH], 2, 2, &v, 2, 0);
}

/* The summary over `bytes`, and what every header has; header 0: its length can't be one. */
static void attach_fields(const struct header *h, unsigned header, DWORD bytes)
{
	if (header && h->left >= HEADER && be16(h->p + 2) >= header) {
		fields_attach(&(const struct header){ h->frame, h->p, bytes }, fields, IP_PAYLOAD);
		return;
	}
	field_attach_at(
	    h, &fields[IP_SUMMARY], 0, bytes, header && bytes >= HEADER ? 0 : IFLAG_ERROR);
	fields_attach(h, &fields[IP_VERSION], 1);
	field_attach_value(h, &fields[IP_HEADER_LENGTH], 0, 1, &(uint8_t){ 4 * (h->p[0] & 15) }, 1,
	    header ? 0 : IFLAG_ERROR);
	fields_attach(h, &fields[IP_TOS], 1);
	attach_length(h, header);
	fields_attach(h, &fields[IP_ID], IP_PAYLOAD - IP_ID);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	unsigned header = header_bytes(p);
	DWORD bytes = h.left >= HEADER ? packet_bytes(p, h.left) : h.left;

	if (header == HEADER && bytes > HEADER && be16(p + 2) >= HEADER) {
		fields_attach(&(const struct header){ frame, p, bytes }, fields, IP_PAYLOAD + 1);
		return NULL;
	}
	attach_fields(&h, header, bytes);
	if (header > HEADER && h.left > HEADER) {
		field_attach_at(&h, &fields[IP_OPTIONS], HEADER, header - HEADER, 0);
		list_attach(&option_list, &h, HEADER, header);
	}
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

/* Of version 4, and not a later fragment. */
static const PARSERHEADER header = {
	.Flags = PARSERHEADER_WITHIN_INSTANCE | PARSERHEADER_LENGTH | PARSERHEADER_TOTAL |
		 PARSERHEADER_TELLS,
	.Least = HEADER,
	.LengthOffset = 0,
	.LengthMask = 0x0F,
	.LengthFactor = 4,
	.TotalOffset = 2,
	.NextOffset = 9,
	.NextLength = 1,
	.Conditions = { { 0, 0xF000, 0x4000 }, { 6, 0x1FFF, 0 } },
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
	.within_instance = true,
	.header = &header,
	.table = &by_protocol,
	.header_rows = IP_PAYLOAD + 1,
};
