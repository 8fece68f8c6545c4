/* SPDX-License-Identifier: MIT */
/* IPv6 (RFC 8200): the fixed header. Extension headers are protocols of their own. */
#include "../common/system.h"

#include "tcpip.h"

#define HEADER 40u

enum {
	IP6_SUMMARY,
	IP6_VERSION,
	IP6_CLASS,
	IP6_FLOW,
	IP6_LENGTH,
	IP6_NEXT,
	IP6_HOPS,
	IP6_SOURCE,
	IP6_DESTINATION,
	IP6_PAYLOAD,
	IP6_FIELDS
};

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[IP6_SUMMARY] = { "Summary of the IPv6 header", "ipv6", SUMMARY, .format = format_summary },
	[IP6_VERSION] = { "Version", "ipv6.version ip.version", BITS8(0, 0xF0) },
	[IP6_CLASS] = { "Traffic Class", "ipv6.tclass", BITS32(0, 0x0FF00000) },
	[IP6_FLOW] = { "Flow Label", "ipv6.flow", BITS32(0, 0x000FFFFF) },
	[IP6_LENGTH] = { "Payload Length", "ipv6.plen", U16(4), ALWAYS },
	[IP6_NEXT] = { "Next Header", "ipv6.nxt", U8(6), LABELED(ip_protocols), ALWAYS },
	[IP6_HOPS] = { "Hop Limit", "ipv6.hlim", U8(7), ALWAYS },
	[IP6_SOURCE] = { "Source Address", "ipv6.src ipv6.addr", IPV6(8), ALWAYS },
	[IP6_DESTINATION] = { "Destination Address", "ipv6.dst ipv6.addr", IPV6(24), ALWAYS },
	[IP6_PAYLOAD] = { "IPv6 Data", NULL, BYTES(HEADER, 0) },
};

static const PARSERFIELDNAME names[] = {
	{ L("Traffic Class"), L("ipv6.tclass.dscp"), 0xFC, 0 },
	{ L("Traffic Class"), L("ipv6.tclass.ecn"), 0x03, 0 },
};

/* Payload length 0 is what segmentation offload and jumbograms leave. */
static DWORD packet_bytes(const uint8_t *p, DWORD left)
{
	DWORD payload = be16(p + 4);

	return payload ? bounded(left, HEADER + payload) : left;
}

RECOGNIZE(recognize)
{
	DWORD told;

	if (p[0] >> 4 != 6)
		return not_mine(p, status);
	left = bounded(left, *instance);
	if (left < HEADER)
		return rest_is_mine(status);
	told = be16(p + 4); /* also of what is not stored */
	p = hand_on(p, HEADER, packet_bytes(p, left), ip_next(p[6]), status, next, instance);
	*instance = told ? told : *instance;
	return p;
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	DWORD bytes = h.left >= HEADER ? packet_bytes(p, h.left) : h.left;

	if (bytes > HEADER) {
		fields_attach(&(const struct header){ frame, p, bytes }, fields, IP6_FIELDS);
		return NULL;
	}
	field_attach_at(&h, &fields[IP6_SUMMARY], 0, bytes, h.left < HEADER ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[IP6_VERSION], IP6_PAYLOAD - IP6_VERSION);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	char source[INET6_ADDRSTRLEN], destination[INET6_ADDRSTRLEN];
	const uint8_t *p = i->lpByte;
	const char *name;

	(void)frame;
	if (i->DataLength < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	(void)inet_ntop(AF_INET6, p + 8, source, sizeof source);
	(void)inet_ntop(AF_INET6, p + 24, destination, sizeof destination);
	text_put(i, "%s -> %s, ", source, destination);
	name = (const char *)LookupByteSetString(&ip_protocols, p[6]);
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "next header %u", p[6]);
	text_put(i, ", length %u", be16(p + 4));
}

#define SECOND(link) (0x01000000u + (link)) /* tried after IP on the same link */

static const struct place places[] = {
	{ "MAC.INI", "ETYPE_HandoffSet", 0x86DD, true },
	{ "MAC.INI", "PPP_HandoffSet", 0x0057, true },
	{ TCPIP_INI, "IP_HandoffSet", 41, false },
	{ "FRAME", "FRAME_HandoffSet", SECOND(101), false },
	{ "FRAME", "FRAME_HandoffSet", SECOND(12), false },
	{ "FRAME", "FRAME_HandoffSet", SECOND(14), false },
	{ "FRAME", "FRAME_HandoffSet", 229, false },
};

static const PARSERHEADER header = {
	.Flags = PARSERHEADER_WITHIN_INSTANCE | PARSERHEADER_TOTAL | PARSERHEADER_TELLS,
	.Least = HEADER,
	.TotalOffset = 4,
	.TotalPlus = HEADER,
	.NextOffset = 6,
	.NextLength = 1,
	.Conditions = { { 0, 0xF000, 0x6000 } },
};

struct parser ip6_parser = {
	.name = "IP6",
	.comment = "Internet Protocol version 6 (RFC 8200)",
	.fields = fields,
	.n_fields = IP6_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
	.within_instance = true,
	.header = &header,
	.table = &by_protocol,
	.header_rows = IP6_FIELDS,
	.names = names,
	.n_names = COUNT(names),
};
