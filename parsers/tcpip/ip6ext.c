/* SPDX-License-Identifier: MIT */
/* IPv6's extension headers (RFC 8200): hop-by-hop and destination options, routing, fragment.
 * The options of both kinds are one list, in properties of either's. */
#include "../common/list.h"
#include "tcpip.h"

#define HEADER   8u /* bytes of the least header, and what the length counts in */
#define ROUTING  4u /* bytes of a routing header before its type's data */
#define FRAGMENT 8u

/* ---- options ---------------------------------------------------------------------------- */

enum {
	OPT_SUMMARY,
	OPT_NEXT,
	OPT_LENGTH,
	OPT_BYTES,
	OPT_TYPE,
	OPT_OPTION_LENGTH,
	OPT_DATA,
	OPT_PADDING,
	OPT_ROUTER_ALERT,
	OPT_TUNNEL_LIMIT,
	OPT_JUMBO,
	OPT_QS_FUNCTION,
	OPT_QS_RATE,
	OPT_QS_TTL,
	OPT_QS_NONCE,
	OPT_PMTU_LEAST,
	OPT_PMTU_RETURN,
	OPT_HOME,
	OPT_RPL_FLAGS,
	OPT_RPL_INSTANCE,
	OPT_RPL_RANK,
	OPT_FIELDS
};

static LABELED_BYTE option_names[] = {
	{ 0x00, L("Padding of one byte") },
	{ 0x01, L("Padding") },
	{ 0x04, L("Tunnel encapsulation limit") },
	{ 0x05, L("Router alert") },
	{ 0x07, L("CALIPSO") },
	{ 0x08, L("Simplified multicast forwarding") },
	{ 0x0F, L("Performance and diagnostic metrics") },
	{ 0x23, L("RPL") },
	{ 0x26, L("Quick start") },
	{ 0x30, L("Minimum path MTU") },
	{ 0x63, L("RPL") },
	{ 0x6D, L("MPL") },
	{ 0x8A, L("Endpoint identification") },
	{ 0x8B, L("ILNP nonce") },
	{ 0x8C, L("Line identifier") },
	{ 0xC2, L("Jumbo payload") },
	{ 0xC9, L("Home address") },
	{ 0xEE, L("IP depth-first forwarding") },
};

static struct _SET option_set = SET_OF(Byte, option_names);

static LABELED_WORD alert_names[] = {
	{ 0, L("Multicast listener discovery") },
	{ 1, L("RSVP") },
	{ 2, L("Active networks") },
};

static struct _SET alerts = SET_OF(Word, alert_names);

static void format_options(LPPROPERTYINST i, HFRAME frame);

/* Both protocols have these rows, with names of their own for the first. */
#define OPTION_ROWS                                                                                \
	[OPT_TYPE] = { "Option", "ipv6.opt.type ipv6.opt", U8(0), LABELED(option_set),             \
		.level = 2 },                                                                      \
	[OPT_OPTION_LENGTH] = { "Option Length", "ipv6.opt.length", U8(1), .level = 3 },           \
	[OPT_DATA] = { "Option Data", "ipv6.opt.unknown", BYTES(2, 0), .level = 3 },               \
	[OPT_PADDING] = { "Padding", "ipv6.opt.padn", BYTES(2, 0), .level = 3 },                   \
	[OPT_ROUTER_ALERT] = { "Router Alert", "ipv6.opt.router_alert", U16(2), LABELED(alerts),   \
		.level = 3 },                                                                      \
	[OPT_TUNNEL_LIMIT] = { "Tunnel Encapsulation Limit", "ipv6.opt.tel", U8(2), .level = 3 },  \
	[OPT_JUMBO] = { "Jumbo Payload Length", "ipv6.opt.jumbo", U32(2), .level = 3 },            \
	[OPT_QS_FUNCTION] = { "Function", "ipv6.opt.qs_func", BITS8(2, 0xF0), .level = 3 },        \
	[OPT_QS_RATE] = { "Rate", "ipv6.opt.qs_rate", BITS8(2, 0x0F), .level = 3 },                \
	[OPT_QS_TTL] = { "Quick Start TTL", "ipv6.opt.qs_ttl", U8(3), .level = 3 },                \
	[OPT_QS_NONCE] = { "Nonce", "ipv6.opt.qs_nonce", BITS32(4, 0xFFFFFFFC), .level = 3 },      \
	[OPT_PMTU_LEAST] = { "Least MTU", "ipv6.opt.pmtu.min", U16(2), .level = 3 },               \
	[OPT_PMTU_RETURN] = { "Returned MTU", NULL, U16(4), .level = 3 },                          \
	[OPT_HOME] = { "Home Address", "ipv6.opt.mipv6.home_address", IPV6(2), .level = 3 },       \
	[OPT_RPL_FLAGS] = { "RPL Flags", "ipv6.opt.rpl.flag", U8(2), .level = 3 },                 \
	[OPT_RPL_INSTANCE] = { "RPL Instance", "ipv6.opt.rpl.instance_id", U8(3), .level = 3 },    \
	[OPT_RPL_RANK] = { "Sender Rank", "ipv6.opt.rpl.sender_rank", U16(4), .level = 3 }

static struct field hop_fields[] = {
	[OPT_SUMMARY] = { "Summary of the hop-by-hop options", "ipv6.hopopts", SUMMARY,
	    .format = format_options },
	[OPT_NEXT] = { "Next Header", "ipv6.hopopts.nxt", U8(0), LABELED(ip_protocols) },
	[OPT_LENGTH] = { "Header Length", "ipv6.hopopts.len", U8(1) },
	[OPT_BYTES] = { "Header Length in Bytes", "ipv6.hopopts.len_oct", LE_U16(0) },
	OPTION_ROWS,
};

static struct field destination_fields[] = {
	[OPT_SUMMARY] = { "Summary of the destination options", "ipv6.dstopts", SUMMARY,
	    .format = format_options },
	[OPT_NEXT] = { "Next Header", "ipv6.dstopts.nxt", U8(0), LABELED(ip_protocols) },
	[OPT_LENGTH] = { "Header Length", "ipv6.dstopts.len", U8(1) },
	[OPT_BYTES] = { "Header Length in Bytes", "ipv6.dstopts.len_oct", LE_U16(0) },
	OPTION_ROWS,
};

static const PARSERFIELDNAME option_bits[] = {
	{ L("Option"), L("ipv6.opt.type.action"), 0xC0, 0 },
	{ L("Option"), L("ipv6.opt.type.change"), 0x20, 0 },
	{ L("Option"), L("ipv6.opt.type.rest"), 0x1F, 0 },
	{ L("RPL Flags"), L("ipv6.opt.rpl.flag.o"), 0x80, 0 },
	{ L("RPL Flags"), L("ipv6.opt.rpl.flag.r"), 0x40, 0 },
	{ L("RPL Flags"), L("ipv6.opt.rpl.flag.f"), 0x20, 0 },
	{ L("Returned MTU"), L("ipv6.opt.pmtu.rtn"), 0xFFFE, 0 },
	{ L("Returned MTU"), L("ipv6.opt.pmtu.r_flag"), 0x0001, 0 },
};

static const struct element options[] = {
	{ .type = 0x01, .first = OPT_PADDING, .n = 1 },
	{ .type = 0x04, .first = OPT_TUNNEL_LIMIT, .n = 1 },
	{ .type = 0x05, .first = OPT_ROUTER_ALERT, .n = 1 },
	{ .type = 0x23, .first = OPT_RPL_FLAGS, .n = 3 },
	{ .type = 0x26, .first = OPT_QS_FUNCTION, .n = 4 },
	{ .type = 0x30, .first = OPT_PMTU_LEAST, .n = 2 },
	{ .type = 0x63, .first = OPT_RPL_FLAGS, .n = 3 },
	{ .type = 0xC2, .first = OPT_JUMBO, .n = 1 },
	{ .type = 0xC9, .first = OPT_HOME, .n = 1 },
};

#define OPTION_LIST(fields_)                                                                       \
	{                                                                                          \
		.fields = (fields_), .type = OPT_TYPE, .length = OPT_OPTION_LENGTH,                \
		.rest = OPT_DATA, .length_at = 1, .uncounted = 2, .singles = 1,                    \
		.elements = options, .n_elements = COUNT(options)                                  \
	}

static const struct list hop_list = OPTION_LIST(hop_fields);
static const struct list destination_list = OPTION_LIST(destination_fields);

/* ---- what all do ------------------------------------------------------------------------ */

/* The header before told how long all is, also what is not stored. */
static LPBYTE go_on(ULPBYTE p, DWORD n, DWORD left, uint8_t next_header, LPDWORD status,
    LPHPROTOCOL next, PDWORD_PTR instance)
{
	DWORD_PTR told = *instance;

	p = hand_on(p, n, left, ip_next(next_header), status, next, instance);
	*instance = told > n ? told - n : *instance;
	return p;
}

static DWORD counted_bytes(const uint8_t *p)
{
	return (p[1] + 1u) * HEADER;
}

RECOGNIZE(recognize_counted)
{
	left = bounded(left, *instance);
	if (left < HEADER)
		return rest_is_mine(status);
	return go_on(p, counted_bytes(p), left, p[0], status, next, instance);
}

/* Summary, next header, length; the bytes of the header. */
static DWORD attach_counted(const struct header *h, const struct field *fields)
{
	DWORD bytes = h->left >= 2 ? counted_bytes(h->p) : HEADER;
	uint16_t value = (uint16_t)bytes;

	field_attach_at(h, &fields[OPT_SUMMARY], 0, bytes, 0);
	fields_attach(h, &fields[OPT_NEXT], 2);
	if (h->left >= 2)
		field_attach_value(h, &fields[OPT_BYTES], 1, 1, &value, 2, 0);
	return bytes;
}

static void format_next(LPPROPERTYINST i, const char *before)
{
	const char *name = (const char *)LookupByteSetString(&ip_protocols, *i->lpByte);

	if (name)
		text_put(i, "%snext is %s", before, name);
	else
		text_put(i, "%snext is %u", before, *i->lpByte);
}

static void format_options(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	if (i->DataLength < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	text_put(i, "%u bytes", i->DataLength);
	format_next(i, ", ");
}

ATTACH(attach_hop)
{
	const struct header h = { frame, p, bounded(left, instance) };

	list_attach(&hop_list, &h, 2, attach_counted(&h, hop_fields));
	return NULL;
}

ATTACH(attach_destination)
{
	const struct header h = { frame, p, bounded(left, instance) };

	list_attach(&destination_list, &h, 2, attach_counted(&h, destination_fields));
	return NULL;
}

/* ---- routing ---------------------------------------------------------------------------- */

enum {
	ROUTE_SUMMARY,
	ROUTE_NEXT,
	ROUTE_LENGTH,
	ROUTE_BYTES,
	ROUTE_TYPE,
	ROUTE_LEFT,
	ROUTE_DATA,
	ROUTE_RESERVED,
	ROUTE_ADDRESS,
	ROUTE_HOME_RESERVED,
	ROUTE_HOME,
	ROUTE_COMPRESSED,
	ROUTE_COMPRESSED_LAST,
	ROUTE_PAD,
	ROUTE_RPL_ADDRESSES,
	ROUTE_LAST_ENTRY,
	ROUTE_FLAGS,
	ROUTE_TAG,
	ROUTE_SEGMENT,
	ROUTE_FIELDS
};

static LABELED_BYTE route_names[] = {
	{ 0, L("Source route") },
	{ 1, L("Nimrod") },
	{ 2, L("Mobile IPv6") },
	{ 3, L("RPL source route") },
	{ 4, L("Segment routing") },
	{ 5, L("Compact routing, 16 bits") },
	{ 6, L("Compact routing, 32 bits") },
};

static struct _SET routes = SET_OF(Byte, route_names);

static void format_routing(LPPROPERTYINST i, HFRAME frame);

static struct field route_fields[] = {
	[ROUTE_SUMMARY] = { "Summary of the routing header", "ipv6.routing", SUMMARY,
	    .format = format_routing },
	[ROUTE_NEXT] = { "Next Header", "ipv6.routing.nxt", U8(0), LABELED(ip_protocols) },
	[ROUTE_LENGTH] = { "Header Length", "ipv6.routing.len", U8(1) },
	[ROUTE_BYTES] = { "Header Length in Bytes", "ipv6.routing.len_oct", LE_U16(0) },
	[ROUTE_TYPE] = { "Routing Type", "ipv6.routing.type", U8(2), LABELED(routes) },
	[ROUTE_LEFT] = { "Segments Left", "ipv6.routing.segleft", U8(3) },
	[ROUTE_DATA] = { "Data", "ipv6.routing.unknown_data", BYTES(ROUTING, 0) },
	[ROUTE_RESERVED] = { "Reserved", "ipv6.routing.src.reserved", BYTES(4, 4) },
	[ROUTE_ADDRESS] = { "Address", "ipv6.routing.src.addr", IPV6(8) },
	[ROUTE_HOME_RESERVED] = { "Mobility Reserved", "ipv6.routing.mipv6.reserved", BYTES(4, 4) },
	[ROUTE_HOME] = { "Home Address", "ipv6.routing.mipv6.home_address", IPV6(8) },
	[ROUTE_COMPRESSED] = { "Prefix Bytes left out", "ipv6.routing.rpl.cmprI",
	    BITS32(4, 0xF0000000) },
	[ROUTE_COMPRESSED_LAST] = { "Prefix Bytes left out of the last", "ipv6.routing.rpl.cmprE",
	    BITS32(4, 0x0F000000) },
	[ROUTE_PAD] = { "Padding Bytes", "ipv6.routing.rpl.pad", BITS32(4, 0x00F00000) },
	[ROUTE_RPL_ADDRESSES] = { "Compressed Addresses", NULL, BYTES(8, 0) },
	[ROUTE_LAST_ENTRY] = { "Last Entry", "ipv6.routing.srh.last_entry", U8(4) },
	[ROUTE_FLAGS] = { "Segment Routing Flags", "ipv6.routing.srh.flags", U8(5) },
	[ROUTE_TAG] = { "Tag", "ipv6.routing.srh.tag", BYTES(6, 2) },
	[ROUTE_SEGMENT] = { "Segment", "ipv6.routing.srh.addr", IPV6(8) },
};

/* Of segment routing, only the entries that it counts: options may follow. */
static void attach_segments(const struct header *h)
{
	DWORD end = h->left > ROUTING ? 8 + (h->p[4] + 1u) * 16 : 0;

	for (DWORD at = 8; at < end && at < h->left; at += 16)
		field_attach_at(h, &route_fields[ROUTE_SEGMENT], at, 16, 0);
}

static const struct element route_types[] = {
	{ .type = 0, .first = ROUTE_RESERVED, .n = 1 },
	{ .type = 2, .first = ROUTE_HOME_RESERVED, .n = 2 },
	{ .type = 3, .first = ROUTE_COMPRESSED, .n = 4 },
	{ .type = 4, .first = ROUTE_LAST_ENTRY, .n = 3, .attach = attach_segments },
};

static const struct element route_addresses = { .first = ROUTE_ADDRESS, .n = 1, .every = 16 };

ATTACH(attach_routing)
{
	struct header h = { frame, p, bounded(left, instance) };

	h.left = bounded(h.left, attach_counted(&h, route_fields));
	fields_attach(&h, &route_fields[ROUTE_TYPE], 2);
	if (h.left <= ROUTING)
		return NULL;
	if (!element_attach(&h, route_fields, route_types, COUNT(route_types), p[2]))
		fields_attach(&h, &route_fields[ROUTE_DATA], 1);
	if (p[2] == 0)
		(void)element_attach(&h, route_fields, &route_addresses, 1, 0);
	return NULL;
}

static void format_routing(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;
	const char *name;

	(void)frame;
	if (i->DataLength < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	name = (const char *)LookupByteSetString(&routes, p[2]);
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "Type %u", p[2]);
	text_put(i, ", %u left", p[3]);
	format_next(i, ", ");
}

/* ---- fragment ---------------------------------------------------------------------------- */

enum {
	FRAGMENT_SUMMARY,
	FRAGMENT_NEXT,
	FRAGMENT_RESERVED,
	FRAGMENT_OFFSET,
	FRAGMENT_RESERVED_BITS,
	FRAGMENT_MORE,
	FRAGMENT_ID,
	FRAGMENT_DATA,
	FRAGMENT_FIELDS
};

static void format_fragment(LPPROPERTYINST i, HFRAME frame);

static struct field fragment_fields[] = {
	[FRAGMENT_SUMMARY] = { "Summary of the fragment header", "ipv6.fraghdr", SUMMARY,
	    .format = format_fragment },
	[FRAGMENT_NEXT] = { "Next Header", "ipv6.fraghdr.nxt", U8(0), LABELED(ip_protocols) },
	[FRAGMENT_RESERVED] = { "Reserved", "ipv6.fraghdr.reserved_octet", U8(1) },
	[FRAGMENT_OFFSET] = { "Fragment Offset", "ipv6.fraghdr.offset", BITS16(2, 0xFFF8) },
	[FRAGMENT_RESERVED_BITS] = { "Reserved Bits", "ipv6.fraghdr.reserved_bits",
	    BITS16(2, 0x0006) },
	[FRAGMENT_MORE] = { "More Fragments", "ipv6.fraghdr.more", BITS16(2, 0x0001) },
	[FRAGMENT_ID] = { "Identification", "ipv6.fraghdr.ident", U32(4) },
	[FRAGMENT_DATA] = { "Fragment Data", NULL, BYTES(FRAGMENT, 0) },
};

/* Only the first part begins with the next header. */
RECOGNIZE(recognize_fragment)
{
	left = bounded(left, *instance);
	if (left < FRAGMENT || be16(p + 2) >> 3)
		return rest_is_mine(status);
	return go_on(p, FRAGMENT, left, p[0], status, next, instance);
}

ATTACH(attach_fragment)
{
	const struct header h = { frame, p, bounded(left, instance) };

	field_attach_at(&h, &fragment_fields[FRAGMENT_SUMMARY], 0, FRAGMENT, 0);
	fields_attach(&h, &fragment_fields[FRAGMENT_NEXT], FRAGMENT_DATA - FRAGMENT_NEXT);
	fields_attach(&h, &fragment_fields[FRAGMENT_DATA], 1);
	return NULL;
}

static void format_fragment(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;

	(void)frame;
	if (i->DataLength < FRAGMENT) {
		text_put(i, "Cut short");
		return;
	}
	text_put(i, "At %u%s, identification 0x%08X", be16(p + 2) & 0xFFF8,
	    p[3] & 1 ? ", more follow" : "", be32(p + 4));
	format_next(i, ", ");
}

/* ------------------------------------------------------------------------------------------- */

static const struct place hop_places[] = { { TCPIP_INI, "IP_HandoffSet", 0, false } };
static const struct place destination_places[] = { { TCPIP_INI, "IP_HandoffSet", 60, false } };
static const struct place routing_places[] = { { TCPIP_INI, "IP_HandoffSet", 43, false } };
static const struct place fragment_places[] = { { TCPIP_INI, "IP_HandoffSet", 44, false } };

struct parser ip6_hop_parser = {
	.name = "IP6_HOPOPTS",
	.comment = "IPv6 hop-by-hop options (RFC 8200)",
	.fields = hop_fields,
	.n_fields = OPT_FIELDS,
	.recognize = recognize_counted,
	.attach = attach_hop,
	.places = hop_places,
	.n_places = COUNT(hop_places),
	.names = option_bits,
	.n_names = COUNT(option_bits),
};

struct parser ip6_destination_parser = {
	.name = "IP6_DSTOPTS",
	.comment = "IPv6 destination options (RFC 8200)",
	.fields = destination_fields,
	.n_fields = OPT_FIELDS,
	.recognize = recognize_counted,
	.attach = attach_destination,
	.places = destination_places,
	.n_places = COUNT(destination_places),
	.names = option_bits,
	.n_names = COUNT(option_bits),
};

struct parser ip6_routing_parser = {
	.name = "IP6_ROUTING",
	.comment = "IPv6 routing header (RFC 8200)",
	.fields = route_fields,
	.n_fields = ROUTE_FIELDS,
	.recognize = recognize_counted,
	.attach = attach_routing,
	.places = routing_places,
	.n_places = COUNT(routing_places),
};

struct parser ip6_fragment_parser = {
	.name = "IP6_FRAGMENT",
	.comment = "IPv6 fragment header (RFC 8200)",
	.fields = fragment_fields,
	.n_fields = FRAGMENT_FIELDS,
	.recognize = recognize_fragment,
	.attach = attach_fragment,
	.places = fragment_places,
	.n_places = COUNT(fragment_places),
};
