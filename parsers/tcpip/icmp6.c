/* SPDX-License-Identifier: MIT */
/* ICMPv6 (RFC 4443), neighbour discovery (RFC 4861), multicast listeners (RFC 2710, 3810). */
#include "../common/system.h"

#include "icmp.h"
#include "../common/list.h"

#define HEADER 8u /* bytes before what an error quotes, and of the shortest message */

#define LISTENER_QUERY  130u
#define QUERY_V2        28u /* bytes at least of a query of the second version */
#define LISTENER_REPORT 143u
#define SOLICIT         135u
#define ADVERTISE       136u
#define REDIRECT        137u

enum {
	ND_SUMMARY,
	ND_TYPE,
	ND_CODE,
	ND_CHECKSUM,
	ND_RESERVED,
	ND_DATA,
	ND_MTU,
	ND_POINTER,
	ND_IDENT,
	ND_SEQUENCE,
	ND_ECHO_DATA,
	ND_HOP_LIMIT,
	ND_ROUTER_FLAGS,
	ND_LIFETIME,
	ND_REACHABLE,
	ND_RETRANSMIT,
	ND_SOLICIT_TARGET,
	ND_NEIGHBOUR_FLAGS,
	ND_ADVERTISE_TARGET,
	ND_REDIRECT_TARGET,
	ND_REDIRECT_DESTINATION,
	ND_DELAY,
	ND_GROUP,
	ND_QUERY_FLAGS,
	ND_QUERY_INTERVAL,
	ND_QUERY_SOURCES,
	ND_QUERY_SOURCE,
	ND_RECORDS,
	ND_RECORD_TYPE,
	ND_RECORD_EXTRA,
	ND_RECORD_SOURCES,
	ND_RECORD_GROUP,
	ND_RECORD_SOURCE,
	ND_RECORD_DATA,
	ND_OPTION,
	ND_OPTION_LENGTH,
	ND_OPTION_DATA,
	ND_SOURCE_LINK,
	ND_TARGET_LINK,
	ND_PREFIX_LENGTH,
	ND_PREFIX_FLAGS,
	ND_PREFIX_VALID,
	ND_PREFIX_PREFERRED,
	ND_PREFIX,
	ND_REDIRECTED,
	ND_LINK_MTU,
	ND_INTERVAL,
	ND_HOME_PREFERENCE,
	ND_HOME_LIFETIME,
	ND_NONCE,
	ND_ROUTE_LENGTH,
	ND_ROUTE_FLAGS,
	ND_ROUTE_LIFETIME,
	ND_ROUTE_PREFIX,
	ND_DNS_LIFETIME,
	ND_DNS_SERVER,
	ND_SEARCH_LIFETIME,
	ND_SEARCH_NAMES,
	ND_PORTAL,
	ND_PREFIX_RESERVED,
	ND_CGA_PAD,
	ND_CGA_RESERVED,
	ND_CGA,
	ND_SIGNATURE_RESERVED,
	ND_KEY_HASH,
	ND_SIGNATURE,
	ND_STAMP_RESERVED,
	ND_SENT_AT,
	ND_EXTENSION_FLAGS,
	ND_REGISTRATION_STATUS,
	ND_REGISTRATION_RESERVED,
	ND_REGISTRATION_LIFETIME,
	ND_REGISTRATION_EUI,
	ND_CONTEXT_LENGTH,
	ND_CONTEXT_FLAGS,
	ND_CONTEXT_RESERVED,
	ND_CONTEXT_LIFETIME,
	ND_CONTEXT_PREFIX,
	ND_PREF64_LIFETIME,
	ND_PREF64_PREFIX,
	ND_REDIRECT_RESERVED,
	ND_MTU_RESERVED,
	ND_INTERVAL_RESERVED,
	ND_HOME_RESERVED,
	ND_DNS_RESERVED,
	ND_SEARCH_RESERVED,
	ND_ROUTER_QUERY_INTERVAL,
	ND_ROUTER_ROBUSTNESS,
	ND_FIELDS
};

static LABELED_BYTE type_names[] = {
	{ 1, L("Destination unreachable") },
	{ 2, L("Packet too big") },
	{ 3, L("Time exceeded") },
	{ 4, L("Parameter problem") },
	{ 128, L("Echo request") },
	{ 129, L("Echo reply") },
	{ 130, L("Multicast listener query") },
	{ 131, L("Multicast listener report") },
	{ 132, L("Multicast listener done") },
	{ 133, L("Router solicitation") },
	{ 134, L("Router advertisement") },
	{ 135, L("Neighbor solicitation") },
	{ 136, L("Neighbor advertisement") },
	{ 137, L("Redirect") },
	{ 138, L("Router renumbering") },
	{ 139, L("Node information query") },
	{ 140, L("Node information response") },
	{ 141, L("Inverse neighbor solicitation") },
	{ 142, L("Inverse neighbor advertisement") },
	{ 143, L("Multicast listener report, version 2") },
	{ 144, L("Home agent address discovery request") },
	{ 145, L("Home agent address discovery reply") },
	{ 146, L("Mobile prefix solicitation") },
	{ 147, L("Mobile prefix advertisement") },
	{ 148, L("Certification path solicitation") },
	{ 149, L("Certification path advertisement") },
	{ 151, L("Multicast router advertisement") },
	{ 152, L("Multicast router solicitation") },
	{ 153, L("Multicast router termination") },
	{ 155, L("RPL control") },
};

static struct _SET types = SET_OF(Byte, type_names);

static const struct code_name codes[] = {
	{ 1, 0, "No route to destination" },
	{ 1, 1, "Administratively prohibited" },
	{ 1, 2, "Beyond scope of source address" },
	{ 1, 3, "Address unreachable" },
	{ 1, 4, "Port unreachable" },
	{ 1, 5, "Source address failed policy" },
	{ 1, 6, "Reject route to destination" },
	{ 3, 0, "Hop limit exceeded in transit" },
	{ 3, 1, "Fragment reassembly time exceeded" },
	{ 4, 0, "Erroneous header field" },
	{ 4, 1, "Unrecognized next header" },
	{ 4, 2, "Unrecognized option" },
};

static LABELED_BYTE option_names[] = {
	{ 1, L("Source link-layer address") },
	{ 2, L("Target link-layer address") },
	{ 3, L("Prefix information") },
	{ 4, L("Redirected header") },
	{ 5, L("MTU") },
	{ 7, L("Advertisement interval") },
	{ 8, L("Home agent information") },
	{ 11, L("CGA") },
	{ 12, L("RSA signature") },
	{ 13, L("Timestamp") },
	{ 14, L("Nonce") },
	{ 24, L("Route information") },
	{ 25, L("Recursive DNS server") },
	{ 26, L("Router advertisement flags extension") },
	{ 31, L("DNS search list") },
	{ 33, L("Address registration") },
	{ 34, L("6LoWPAN context") },
	{ 37, L("Captive portal") },
	{ 38, L("PREF64") },
};

static struct _SET option_set = SET_OF(Byte, option_names);

static LABELED_BYTE record_names[] = {
	{ 1, L("Mode is include") },
	{ 2, L("Mode is exclude") },
	{ 3, L("Change to include mode") },
	{ 4, L("Change to exclude mode") },
	{ 5, L("Allow new sources") },
	{ 6, L("Block old sources") },
};

static struct _SET records = SET_OF(Byte, record_names);

static LABELED_BIT router_bits[] = {
	{ 7, L("Addresses not managed"), L("Managed address configuration") },
	{ 6, L("No other configuration"), L("Other configuration") },
	{ 5, L("No home agent"), L("Home agent") },
	{ 2, L("Not proxied"), L("Proxied") },
};

static struct _SET router_flags = BITS_OF(router_bits);

static LABELED_BIT neighbour_bits[] = {
	{ 31, L("Not a router"), L("Router") },
	{ 30, L("Not solicited"), L("Solicited") },
	{ 29, L("Keep what is known"), L("Override") },
};

static struct _SET neighbour_flags = BITS_OF(neighbour_bits);

static LABELED_BIT prefix_bits[] = {
	{ 7, L("Not on-link"), L("On-link") },
	{ 6, L("No autonomous configuration"), L("Autonomous address configuration") },
	{ 5, L("Not the router's address"), L("Router address") },
};

static struct _SET prefix_flags = BITS_OF(prefix_bits);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static void format_code(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	code_format(i, codes, COUNT(codes));
}

static struct field fields[] = {
	[ND_SUMMARY] = { "Summary of the ICMPv6 message", "icmpv6", SUMMARY,
	    .format = format_summary },
	[ND_TYPE] = { "Type", "icmpv6.type", U8(0), LABELED(types) },
	[ND_CODE] = { "Code", "icmpv6.code", U8(1), .format = format_code },
	[ND_CHECKSUM] = { "Checksum", "icmpv6.checksum", U16(2) },
	[ND_RESERVED] = { "Reserved", "icmpv6.reserved", BYTES(4, 4) },
	[ND_DATA] = { "ICMPv6 Data", "icmpv6.data", BYTES(4, 0) },
	[ND_MTU] = { "MTU", "icmpv6.mtu", U32(4) },
	[ND_POINTER] = { "Pointer", "icmpv6.pointer", U32(4) },
	[ND_IDENT] = { "Identifier", "icmpv6.echo.identifier", U16(4) },
	[ND_SEQUENCE] = { "Sequence Number", "icmpv6.echo.sequence_number", U16(6) },
	[ND_ECHO_DATA] = { "Echo Data", "data.data", BYTES(HEADER, 0) },
	[ND_HOP_LIMIT] = { "Current Hop Limit", "icmpv6.nd.ra.cur_hop_limit", U8(4) },
	[ND_ROUTER_FLAGS] = { "Router Flags", "icmpv6.nd.ra.flag", U8(5), FLAGS(router_flags) },
	[ND_LIFETIME] = { "Router Lifetime", "icmpv6.nd.ra.router_lifetime", U16(6) },
	[ND_REACHABLE] = { "Reachable Time", "icmpv6.nd.ra.reachable_time", U32(8) },
	[ND_RETRANSMIT] = { "Retransmission Timer", "icmpv6.nd.ra.retrans_timer", U32(12) },
	[ND_SOLICIT_TARGET] = { "Target Address", "icmpv6.nd.ns.target_address", IPV6(8) },
	[ND_NEIGHBOUR_FLAGS] = { "Neighbor Flags", "icmpv6.nd.na.flag", U32(4),
	    FLAGS(neighbour_flags) },
	[ND_ADVERTISE_TARGET] = { "Advertised Address", "icmpv6.nd.na.target_address", IPV6(8) },
	[ND_REDIRECT_TARGET] = { "Better Address", "icmpv6.nd.rd.target_address", IPV6(8) },
	[ND_REDIRECT_DESTINATION] = { "Redirected Destination", "icmpv6.rd.na.destination_address",
	    IPV6(24) },
	[ND_DELAY] = { "Maximum Response Delay",
	    "icmpv6.mld.maximum_response_delay icmpv6.mld.maximum_response_code", U16(4) },
	[ND_GROUP] = { "Multicast Address", "icmpv6.mld.multicast_address", IPV6(8) },
	[ND_QUERY_FLAGS] = { "Query Flags", "icmpv6.mld.flag", U8(24) },
	[ND_QUERY_INTERVAL] = { "Query Interval Code", "icmpv6.mld.qqi", U8(25) },
	[ND_QUERY_SOURCES] = { "Number of Sources", "icmpv6.mld.nb_sources", U16(26) },
	[ND_QUERY_SOURCE] = { "Source Address", "icmpv6.mld.source_address", IPV6(28) },
	[ND_RECORDS] = { "Number of Records", "icmpv6.mldr.nb_mcast_records", U16(6) },
	[ND_RECORD_TYPE] = { "Record Type", "icmpv6.mldr.mar.record_type", U8(0),
	    LABELED(records) },
	[ND_RECORD_EXTRA] = { "Auxiliary Words", "icmpv6.mldr.mar.aux_data_len", U8(1),
	    .level = 2 },
	[ND_RECORD_SOURCES] = { "Record's Number of Sources", "icmpv6.mldr.mar.nb_sources", U16(2),
	    .level = 2 },
	[ND_RECORD_GROUP] = { "Record's Multicast Address", "icmpv6.mldr.mar.multicast_address",
	    IPV6(4), .level = 2 },
	[ND_RECORD_SOURCE] = { "Record's Source Address", "icmpv6.mldr.mar.source_address", IPV6(0),
	    .level = 2 },
	[ND_RECORD_DATA] = { "Auxiliary Data", "icmpv6.mldr.mar.auxiliary_data", BYTES(0, 0),
	    .level = 2 },
	[ND_OPTION] = { "Option", "icmpv6.opt.type icmpv6.opt", U8(0), LABELED(option_set) },
	[ND_OPTION_LENGTH] = { "Option Length", "icmpv6.opt.length", U8(1), .level = 2 },
	[ND_OPTION_DATA] = { "Option Data", NULL, BYTES(2, 0), .level = 2 },
	[ND_SOURCE_LINK] = { "Source Link-layer Address",
	    "icmpv6.opt.linkaddr icmpv6.opt.src_linkaddr", MAC(2), .level = 2 },
	[ND_TARGET_LINK] = { "Target Link-layer Address",
	    "icmpv6.opt.linkaddr icmpv6.opt.target_linkaddr", MAC(2), .level = 2 },
	[ND_PREFIX_LENGTH] = { "Prefix Length", "icmpv6.opt.prefix.length", U8(2), .level = 2 },
	[ND_PREFIX_FLAGS] = { "Prefix Flags", "icmpv6.opt.prefix.flag", U8(3), FLAGS(prefix_flags),
	    .level = 2 },
	[ND_PREFIX_VALID] = { "Valid Lifetime", "icmpv6.opt.prefix.valid_lifetime", U32(4),
	    .level = 2 },
	[ND_PREFIX_PREFERRED] = { "Preferred Lifetime", "icmpv6.opt.prefix.preferred_lifetime",
	    U32(8), .level = 2 },
	[ND_PREFIX] = { "Prefix", "icmpv6.opt.prefix", IPV6(16), .level = 2 },
	[ND_REDIRECTED] = { "Redirected Packet", "icmpv6.opt.redirected_packet", BYTES(8, 0),
	    .level = 2 },
	[ND_LINK_MTU] = { "Link's MTU", "icmpv6.opt.mtu", U32(4), .level = 2 },
	[ND_INTERVAL] = { "Advertisement Interval", "icmpv6.opt.advertisement_interval", U32(4),
	    .level = 2 },
	[ND_HOME_PREFERENCE] = { "Home Agent Preference", "icmpv6.opt.home_agent_preference",
	    U16(4), .level = 2 },
	[ND_HOME_LIFETIME] = { "Home Agent Lifetime", "icmpv6.opt.home_agent_lifetime", U16(6),
	    .level = 2 },
	[ND_NONCE] = { "Nonce", "icmpv6.opt.nonce", BYTES(2, 0), .level = 2 },
	[ND_ROUTE_LENGTH] = { "Route's Prefix Length", "icmpv6.opt.prefix.length", U8(2),
	    .level = 2 },
	[ND_ROUTE_FLAGS] = { "Route Flags", "icmpv6.opt.route_info.flag", U8(3), .level = 2 },
	[ND_ROUTE_LIFETIME] = { "Route Lifetime", "icmpv6.opt.route_lifetime", U32(4), .level = 2 },
	[ND_ROUTE_PREFIX] = { "Route's Prefix", NULL, BYTES(8, 0), .level = 2 },
	[ND_DNS_LIFETIME] = { "DNS Server Lifetime", "icmpv6.opt.rdnss.lifetime", U32(4),
	    .level = 2 },
	[ND_DNS_SERVER] = { "DNS Server", "icmpv6.opt.rdnss", IPV6(8), .level = 2 },
	[ND_SEARCH_LIFETIME] = { "Search List Lifetime", "icmpv6.opt.dnssl.lifetime", U32(4),
	    .level = 2 },
	[ND_SEARCH_NAMES] = { "Search List", NULL, BYTES(8, 0), .level = 2 },
	[ND_PORTAL] = { "Portal Address", "icmpv6.opt.captive_portal", TEXT(2, 0), .level = 2 },
	[ND_PREFIX_RESERVED] = { "Reserved before the Prefix", "icmpv6.opt.reserved", BYTES(12, 4),
	    .level = 2 },
	[ND_CGA_PAD] = { "Pad Length", "icmpv6.opt.cga.pad_length", U8(2), .level = 2 },
	[ND_CGA_RESERVED] = { "Reserved before the CGA", "icmpv6.opt.reserved", BYTES(3, 1),
	    .level = 2 },
	[ND_CGA] = { "CGA Parameters", "icmpv6.opt.cga", BYTES(4, 0), .level = 2 },
	[ND_SIGNATURE_RESERVED] = { "Reserved before the Key Hash", "icmpv6.opt.reserved",
	    BYTES(2, 2), .level = 2 },
	[ND_KEY_HASH] = { "Key Hash", "icmpv6.opt.rsa.key_hash", BYTES(4, 16), .level = 2 },
	[ND_SIGNATURE] = { "Signature", NULL, BYTES(20, 0), .level = 2 },
	[ND_STAMP_RESERVED] = { "Reserved before the Timestamp", "icmpv6.opt.reserved", BYTES(2, 6),
	    .level = 2 },
	[ND_SENT_AT] = { "Sent at", NULL, U64(8), .level = 2 },
	[ND_EXTENSION_FLAGS] = { "Extended Flags", "icmpv6.opt.efo", U16(2), .level = 2 },
	[ND_REGISTRATION_STATUS] = { "Registration Status", "icmpv6.opt.aro.status", U8(2),
	    .level = 2 },
	[ND_REGISTRATION_RESERVED] = { "Reserved before the Lifetime", "icmpv6.opt.reserved",
	    BYTES(3, 3), .level = 2 },
	[ND_REGISTRATION_LIFETIME] = { "Registration Lifetime",
	    "icmpv6.opt.aro.registration_lifetime", U16(6), .level = 2 },
	[ND_REGISTRATION_EUI] = { "Registered EUI-64", "icmpv6.opt.aro.eui64", BYTES(8, 8),
	    .level = 2 },
	[ND_CONTEXT_LENGTH] = { "Context Length", "icmpv6.opt.6co.context_length", U8(2),
	    .level = 2 },
	[ND_CONTEXT_FLAGS] = { "Context Flags", "icmpv6.opt.6co.flag", U8(3), .level = 2 },
	[ND_CONTEXT_RESERVED] = { "Reserved before the Context's Lifetime", "icmpv6.opt.reserved",
	    BYTES(4, 2), .level = 2 },
	[ND_CONTEXT_LIFETIME] = { "Context Lifetime", "icmpv6.opt.6co.valid_lifetime", U16(6),
	    .level = 2 },
	[ND_CONTEXT_PREFIX] = { "Context Prefix", NULL, BYTES(8, 0), .level = 2 },
	[ND_PREF64_LIFETIME] = { "Scaled Lifetime and Prefix Length Code", NULL, U16(2),
	    .level = 2 },
	[ND_PREF64_PREFIX] = { "NAT64 Prefix", NULL, BYTES(4, 12), .level = 2 },
	[ND_REDIRECT_RESERVED] = { "Reserved before the Redirected Packet", "icmpv6.opt.reserved",
	    BYTES(2, 6), .level = 2 },
	[ND_MTU_RESERVED] = { "Reserved before the MTU", "icmpv6.opt.reserved", BYTES(2, 2),
	    .level = 2 },
	[ND_INTERVAL_RESERVED] = { "Reserved before the Interval", "icmpv6.opt.reserved",
	    BYTES(2, 2), .level = 2 },
	[ND_HOME_RESERVED] = { "Reserved before the Home Agent", "icmpv6.opt.reserved", BYTES(2, 2),
	    .level = 2 },
	[ND_DNS_RESERVED] = { "Reserved before the DNS Servers", "icmpv6.opt.reserved", BYTES(2, 2),
	    .level = 2 },
	[ND_SEARCH_RESERVED] = { "Reserved before the Search List", "icmpv6.opt.reserved",
	    BYTES(2, 2), .level = 2 },
	[ND_ROUTER_QUERY_INTERVAL] = { "Router's Query Interval", "icmpv6.mcast_ra.query_interval",
	    U16(4) },
	[ND_ROUTER_ROBUSTNESS] = { "Robustness Variable", "icmpv6.mcast_ra.robustness_variable",
	    U16(6) },
};

static const PARSERFIELDNAME names[] = {
	{ L("Router Flags"), L("icmpv6.nd.ra.flag.m"), 0x80, 0 },
	{ L("Router Flags"), L("icmpv6.nd.ra.flag.o"), 0x40, 0 },
	{ L("Router Flags"), L("icmpv6.nd.ra.flag.h"), 0x20, 0 },
	{ L("Router Flags"), L("icmpv6.nd.ra.flag.prf"), 0x18, 0 },
	{ L("Router Flags"), L("icmpv6.nd.ra.flag.p"), 0x04, 0 },
	{ L("Neighbor Flags"), L("icmpv6.nd.na.flag.r"), 0x80000000, 0 },
	{ L("Neighbor Flags"), L("icmpv6.nd.na.flag.s"), 0x40000000, 0 },
	{ L("Neighbor Flags"), L("icmpv6.nd.na.flag.o"), 0x20000000, 0 },
	{ L("Neighbor Flags"), L("icmpv6.nd.na.flag.rsv"), 0x1FFFFFFF, 0 },
	{ L("Router Flags"), L("icmpv6.nd.ra.flag.rsv"), 0x03, 0 },
	{ L("Prefix Flags"), L("icmpv6.opt.prefix.flag.reserved"), 0x1F, 0 },
	{ L("Route Flags"), L("icmpv6.opt.route_info.flag.reserved"), 0xE7, 0 },
	{ L("Query Flags"), L("icmpv6.mld.flag.reserved"), 0xF0, 0 },
	{ L("Scaled Lifetime and Prefix Length Code"), L("icmpv6.opt.pref64.scaled_lifetime"),
	    0xFFF8, 0 },
	{ L("Scaled Lifetime and Prefix Length Code"), L("icmpv6.opt.pref64.plc"), 0x0007, 0 },
	{ L("Extended Flags"), L("icmpv6.opt.efo.m"), 0x8000, 0 },
	{ L("Extended Flags"), L("icmpv6.opt.efo.o"), 0x4000, 0 },
	{ L("Extended Flags"), L("icmpv6.opt.efo.h"), 0x2000, 0 },
	{ L("Extended Flags"), L("icmpv6.opt.efo.prf"), 0x1800, 0 },
	{ L("Extended Flags"), L("icmpv6.opt.efo.p"), 0x400, 0 },
	{ L("Extended Flags"), L("icmpv6.opt.efo.rsv"), 0x2FF, 0 },
	{ L("Context Flags"), L("icmpv6.opt.6co.flag.c"), 0x10, 0 },
	{ L("Context Flags"), L("icmpv6.opt.6co.flag.cid"), 0xF, 0 },
	{ L("Context Flags"), L("icmpv6.opt.6co.flag.reserved"), 0xE0, 0 },
	{ L("Query Flags"), L("icmpv6.mld.flag.s"), 0x08, 0 },
	{ L("Query Flags"), L("icmpv6.mld.flag.qrv"), 0x07, 0 },
	{ L("Prefix Flags"), L("icmpv6.opt.prefix.flag.l"), 0x80, 0 },
	{ L("Prefix Flags"), L("icmpv6.opt.prefix.flag.a"), 0x40, 0 },
	{ L("Prefix Flags"), L("icmpv6.opt.prefix.flag.r"), 0x20, 0 },
	{ L("Route Flags"), L("icmpv6.opt.route_info.flag.route_preference"), 0x18, 0 },
};

static const struct group_rows rows = { fields, ND_RECORD_TYPE, 16 };

/* What options reserve apart from their other rows. */
static const struct element reserved[] = {
	{ .type = 3, .first = ND_PREFIX_RESERVED, .n = 1 },
	{ .type = 4, .first = ND_REDIRECT_RESERVED, .n = 1 },
	{ .type = 5, .first = ND_MTU_RESERVED, .n = 1 },
	{ .type = 7, .first = ND_INTERVAL_RESERVED, .n = 1 },
	{ .type = 8, .first = ND_HOME_RESERVED, .n = 1 },
	{ .type = 25, .first = ND_DNS_RESERVED, .n = 1 },
	{ .type = 31, .first = ND_SEARCH_RESERVED, .n = 1 },
};

static void attach_reserved(const struct header *h)
{
	(void)element_attach(h, fields, reserved, COUNT(reserved), *h->p);
}

static const struct element servers = { .first = ND_DNS_SERVER, .n = 1, .every = 16 };

static void attach_servers(const struct header *h)
{
	(void)element_attach(h, fields, &servers, 1, 0);
	attach_reserved(h);
}

static const struct element options[] = {
	{ .type = 1, .first = ND_SOURCE_LINK, .n = 1 },
	{ .type = 2, .first = ND_TARGET_LINK, .n = 1 },
	{ .type = 3, .first = ND_PREFIX_LENGTH, .n = 5, .attach = attach_reserved },
	{ .type = 4, .first = ND_REDIRECTED, .n = 1, .attach = attach_reserved },
	{ .type = 5, .first = ND_LINK_MTU, .n = 1, .attach = attach_reserved },
	{ .type = 7, .first = ND_INTERVAL, .n = 1, .attach = attach_reserved },
	{ .type = 8, .first = ND_HOME_PREFERENCE, .n = 2, .attach = attach_reserved },
	{ .type = 11, .first = ND_CGA_PAD, .n = 3 },
	{ .type = 12, .first = ND_SIGNATURE_RESERVED, .n = 3 },
	{ .type = 13, .first = ND_STAMP_RESERVED, .n = 2 },
	{ .type = 14, .first = ND_NONCE, .n = 1 },
	{ .type = 24, .first = ND_ROUTE_LENGTH, .n = 4 },
	{ .type = 25, .first = ND_DNS_LIFETIME, .n = 1, .attach = attach_servers },
	{ .type = 26, .first = ND_EXTENSION_FLAGS, .n = 1 },
	{ .type = 31, .first = ND_SEARCH_LIFETIME, .n = 2, .attach = attach_reserved },
	{ .type = 33, .first = ND_REGISTRATION_STATUS, .n = 4 },
	{ .type = 34, .first = ND_CONTEXT_LENGTH, .n = 5 },
	{ .type = 37, .first = ND_PORTAL, .n = 1 },
	{ .type = 38, .first = ND_PREF64_LIFETIME, .n = 2 },
};

static const struct list option_list = {
	.fields = fields,
	.type = ND_OPTION,
	.length = ND_OPTION_LENGTH,
	.rest = ND_OPTION_DATA,
	.length_at = 1,
	.unit = 8,
	.elements = options,
	.n_elements = COUNT(options),
};

static void attach_query(const struct header *h)
{
	if (h->left < QUERY_V2)
		return;
	fields_attach(h, &fields[ND_QUERY_FLAGS], ND_QUERY_SOURCE - ND_QUERY_FLAGS);
	(void)sources_attach(h, &fields[ND_QUERY_SOURCE], QUERY_V2, be16(h->p + 26), 16);
}

static void attach_report(const struct header *h)
{
	field_attach_at(h, &fields[ND_RESERVED], 4, 2, 0);
	fields_attach(h, &fields[ND_RECORDS], 1);
	if (h->left >= HEADER)
		groups_attach(h, &rows, HEADER, be16(h->p + 6));
}

static void attach_listener_reserved(const struct header *h)
{
	field_attach_at(h, &fields[ND_RESERVED], 6, 2, 0);
}

/* What a message has before its options, which begin at inner_at; 0: it has none. */
static const struct element messages[] = {
	{ .type = 1, .first = ND_RESERVED, .n = 1 },
	{ .type = 2, .first = ND_MTU, .n = 1 },
	{ .type = 3, .first = ND_RESERVED, .n = 1 },
	{ .type = 4, .first = ND_POINTER, .n = 1 },
	{ .type = 128, .first = ND_IDENT, .n = 3 },
	{ .type = 129, .first = ND_IDENT, .n = 3 },
	{ .type = LISTENER_QUERY, .first = ND_DELAY, .n = 2, .attach = attach_query },
	{ .type = 131, .first = ND_DELAY, .n = 2 },
	{ .type = 132, .first = ND_DELAY, .n = 2 },
	{ .type = 133, .first = ND_RESERVED, .n = 1, .list = &option_list, .inner_at = 8 },
	{ .type = 134, .first = ND_HOP_LIMIT, .n = 5, .list = &option_list, .inner_at = 16 },
	{ .type = SOLICIT,
	    .first = ND_SOLICIT_TARGET,
	    .n = 1,
	    .list = &option_list,
	    .inner_at = 24 },
	{ .type = ADVERTISE,
	    .first = ND_NEIGHBOUR_FLAGS,
	    .n = 2,
	    .list = &option_list,
	    .inner_at = 24 },
	{ .type = REDIRECT,
	    .first = ND_REDIRECT_TARGET,
	    .n = 2,
	    .list = &option_list,
	    .inner_at = 40 },
	{ .type = LISTENER_REPORT, .attach = attach_report },
	{ .type = 151, .first = ND_ROUTER_QUERY_INTERVAL, .n = 2 },
};

static HPROTOCOL ip6;

static void begin(void)
{
	ip6 = GetProtocolFromName(L("IP6"));
}

/* Errors quote the packet that they are about. */
RECOGNIZE(recognize)
{
	left = bounded(left, *instance);
	if (left < HEADER || p[0] == 0 || p[0] > 4)
		return rest_is_mine(status);
	return hand_on(p, HEADER, left, ip6, status, next, instance);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };

	field_attach_at(&h, &fields[ND_SUMMARY], 0, h.left, h.left < HEADER ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[ND_TYPE], ND_RESERVED - ND_TYPE);
	if (h.left <= 4)
		return NULL;
	if (p[0] == SOLICIT || p[0] == REDIRECT)
		fields_attach(&h, &fields[ND_RESERVED], 1);
	if (p[0] >= LISTENER_QUERY && p[0] <= 132)
		attach_listener_reserved(&h);
	if (!element_attach(&h, fields, messages, COUNT(messages), p[0]))
		fields_attach(&h, &fields[ND_DATA], 1);
	return NULL;
}

static void put_address(LPPROPERTYINST i, const char *before, const uint8_t *p)
{
	char text[INET6_ADDRSTRLEN];

	(void)inet_ntop(AF_INET6, p, text, sizeof text);
	text_put(i, "%s%s", before, text);
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
	if (p[0] == 128 || p[0] == 129)
		text_put(i, ", identifier %u, sequence %u", be16(p + 4), be16(p + 6));
	else if (p[0] == LISTENER_REPORT)
		text_put(i, ", %u groups", be16(p + 6));
	else if (p[0] >= SOLICIT && p[0] <= REDIRECT && i->DataLength >= 24)
		put_address(i, ", ", p + 8);
	else if (p[0] >= LISTENER_QUERY && p[0] <= 132 && i->DataLength >= 24)
		put_address(i, ", ", p + 8);
}

static const struct place places[] = { { TCPIP_INI, "IP_HandoffSet", 58, false } };

struct parser icmp6_parser = {
	.name = "ICMP6",
	.comment = "Internet Control Message Protocol for IPv6 (RFC 4443)",
	.fields = fields,
	.n_fields = ND_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
