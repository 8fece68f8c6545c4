/* SPDX-License-Identifier: MIT */
/* What PPP negotiates for the protocols above it: IPCP (RFC 1332, 1877), IPV6CP (RFC 5072)
 * and CCP (RFC 1962). */
#include "ppp_control.h"

#define OPTIONS_OF(fields_, first_, rows_)                                                         \
	{                                                                                          \
		.fields = (fields_), .type = (first_), .length = (first_) + 1,                     \
		.rest = (first_) + 2, .length_at = 1, .elements = (rows_),                         \
		.n_elements = COUNT(rows_)                                                         \
	}

/* ---- IPCP ------------------------------------------------------------------------------ */

enum {
	IPCP_OPTIONS = CONTROL_FIELDS,
	IPCP_OPTION,
	IPCP_OPTION_LENGTH,
	IPCP_OPTION_DATA,
	IPCP_SOURCE,
	IPCP_DESTINATION,
	IPCP_COMPRESSION,
	IPCP_SLOTS,
	IPCP_SLOT_ID,
	IPCP_ADDRESS,
	IPCP_HOME,
	IPCP_DNS,
	IPCP_NBNS,
	IPCP_DNS_2,
	IPCP_NBNS_2,
	IPCP_FIELDS
};

static LABELED_BYTE ipcp_option_names[] = {
	{ 1, L("IP addresses") },
	{ 2, L("IP compression protocol") },
	{ 3, L("IP address") },
	{ 4, L("Mobile node's home address") },
	{ 129, L("Primary DNS server") },
	{ 130, L("Primary NBNS server") },
	{ 131, L("Secondary DNS server") },
	{ 132, L("Secondary NBNS server") },
};

static struct _SET ipcp_option_set = SET_OF(Byte, ipcp_option_names);

static struct field ipcp_fields[] = {
	CONTROL_ROWS("IPCP", "ipcp", ppp_codes, "ppp", "ppp.data"),
	[IPCP_OPTIONS] = { "Options", NULL, BYTES(CONTROL_HEADER, 0) },
	[IPCP_OPTION] = { "Option", "ipcp.opt.type", U8(0), LABELED(ipcp_option_set) },
	[IPCP_OPTION_LENGTH] = { "Option Length", "ipcp.opt.length", U8(1), .level = 2 },
	[IPCP_OPTION_DATA] = { "Option Data", "ipcp.data", BYTES(2, 0), .level = 2 },
	[IPCP_SOURCE] = { "Source Address", "ipcp.opt.src_address", IP4(2), .level = 2 },
	[IPCP_DESTINATION] = { "Destination Address", "ipcp.opt.dst_address", IP4(6), .level = 2 },
	[IPCP_COMPRESSION] = { "Compression Protocol", "ipcp.opt.compress_proto", U16(2),
	    LABELED(ppp_protocols), .level = 2 },
	[IPCP_SLOTS] = { "Maximum Slot", "ipcp.opt.max_slot_id", U8(4), .level = 2 },
	[IPCP_SLOT_ID] = { "Slot may be compressed", "ipcp.opt.comp_slot_id", U8(5), .level = 2 },
	[IPCP_ADDRESS] = { "IP Address", "ipcp.opt.ip_address", IP4(2), .level = 2 },
	[IPCP_HOME] = { "Home Address", "ipcp.opt.mobilenodehomeaddress", IP4(2), .level = 2 },
	[IPCP_DNS] = { "Primary DNS Server", "ipcp.opt.pri_dns_address", IP4(2), .level = 2 },
	[IPCP_NBNS] = { "Primary NBNS Server", "ipcp.opt.pri_nbns_address", IP4(2), .level = 2 },
	[IPCP_DNS_2] = { "Secondary DNS Server", "ipcp.opt.sec_dns_address", IP4(2), .level = 2 },
	[IPCP_NBNS_2] = { "Secondary NBNS Server", "ipcp.opt.sec_nbns_address", IP4(2),
	    .level = 2 },
};

static const struct element ipcp_rows[] = {
	{ .type = 1, .first = IPCP_SOURCE, .n = 2 },
	{ .type = 2, .first = IPCP_COMPRESSION, .n = 3 },
	{ .type = 3, .first = IPCP_ADDRESS, .n = 1 },
	{ .type = 4, .first = IPCP_HOME, .n = 1 },
	{ .type = 129, .first = IPCP_DNS, .n = 1 },
	{ .type = 130, .first = IPCP_NBNS, .n = 1 },
	{ .type = 131, .first = IPCP_DNS_2, .n = 1 },
	{ .type = 132, .first = IPCP_NBNS_2, .n = 1 },
};

static const struct list ipcp_options = OPTIONS_OF(ipcp_fields, IPCP_OPTION, ipcp_rows);

static const struct element ipcp_codes[] = {
	OPTIONS(1, IPCP_OPTIONS, ipcp_options),
	OPTIONS(2, IPCP_OPTIONS, ipcp_options),
	OPTIONS(3, IPCP_OPTIONS, ipcp_options),
	OPTIONS(4, IPCP_OPTIONS, ipcp_options),
};

ATTACH(attach_ipcp)
{
	struct header h = { frame, p, bounded(left, instance) };

	ppp_packet_attach(&h, ipcp_fields, ipcp_codes, COUNT(ipcp_codes));
	return NULL;
}

static const struct place ipcp_places[] = {
	{ MAC_INI, "PPP_HandoffSet", 0x8021, true },
	{ MAC_INI, "ETYPE_HandoffSet", 0x8021, true },
};

struct parser ipcp_parser = {
	.name = "IPCP",
	.comment = "PPP IP Control Protocol (RFC 1332)",
	.fields = ipcp_fields,
	.n_fields = IPCP_FIELDS,
	.recognize = claim_rest,
	.attach = attach_ipcp,
	.places = ipcp_places,
	.n_places = COUNT(ipcp_places),
};

/* ---- IPV6CP ---------------------------------------------------------------------------- */

enum {
	IPV6CP_OPTIONS = CONTROL_FIELDS,
	IPV6CP_OPTION,
	IPV6CP_OPTION_LENGTH,
	IPV6CP_OPTION_DATA,
	IPV6CP_INTERFACE,
	IPV6CP_FIELDS
};

static LABELED_BYTE ipv6cp_option_names[] = {
	{ 1, L("Interface identifier") },
	{ 2, L("IPv6 compression protocol") },
};

static struct _SET ipv6cp_option_set = SET_OF(Byte, ipv6cp_option_names);

static struct field ipv6cp_fields[] = {
	CONTROL_ROWS("IPV6CP", "ipv6cp", ppp_codes, "ppp", "ppp.data"),
	[IPV6CP_OPTIONS] = { "Options", NULL, BYTES(CONTROL_HEADER, 0) },
	[IPV6CP_OPTION] = { "Option", "ipv6cp.opt.type", U8(0), LABELED(ipv6cp_option_set) },
	[IPV6CP_OPTION_LENGTH] = { "Option Length", "ipv6cp.opt.length", U8(1), .level = 2 },
	[IPV6CP_OPTION_DATA] = { "Option Data", NULL, BYTES(2, 0), .level = 2 },
	[IPV6CP_INTERFACE] = { "Interface Identifier", "ipv6cp.interface_identifier", BYTES(2, 8),
	    .level = 2 },
};

static const struct element ipv6cp_rows[] = {
	{ .type = 1, .first = IPV6CP_INTERFACE, .n = 1 },
};

static const struct list ipv6cp_options = OPTIONS_OF(ipv6cp_fields, IPV6CP_OPTION, ipv6cp_rows);

static const struct element ipv6cp_codes[] = {
	OPTIONS(1, IPV6CP_OPTIONS, ipv6cp_options),
	OPTIONS(2, IPV6CP_OPTIONS, ipv6cp_options),
	OPTIONS(3, IPV6CP_OPTIONS, ipv6cp_options),
	OPTIONS(4, IPV6CP_OPTIONS, ipv6cp_options),
};

ATTACH(attach_ipv6cp)
{
	struct header h = { frame, p, bounded(left, instance) };

	ppp_packet_attach(&h, ipv6cp_fields, ipv6cp_codes, COUNT(ipv6cp_codes));
	return NULL;
}

static const struct place ipv6cp_places[] = {
	{ MAC_INI, "PPP_HandoffSet", 0x8057, true },
	{ MAC_INI, "ETYPE_HandoffSet", 0x8057, true },
};

struct parser ipv6cp_parser = {
	.name = "IPV6CP",
	.comment = "PPP IPv6 Control Protocol (RFC 5072)",
	.fields = ipv6cp_fields,
	.n_fields = IPV6CP_FIELDS,
	.recognize = claim_rest,
	.attach = attach_ipv6cp,
	.places = ipv6cp_places,
	.n_places = COUNT(ipv6cp_places),
};

/* ---- CCP ------------------------------------------------------------------------------- */

enum {
	CCP_OPTIONS = CONTROL_FIELDS,
	CCP_OPTION,
	CCP_OPTION_LENGTH,
	CCP_OPTION_DATA,
	CCP_HISTORIES,
	CCP_CHECK,
	CCP_MICROSOFT,
	CCP_VERSION,
	CCP_WINDOW,
	CCP_METHOD,
	CCP_SUM,
	CCP_FEATURES,
	CCP_CONTEXTS,
	CCP_MODE,
	CCP_DICTIONARY,
	CCP_STRING,
	CCP_OUI,
	CCP_SUBTYPE,
	CCP_DCP_HISTORIES,
	CCP_DCP_CHECK,
	CCP_DCP_PROCESS,
	CCP_FIELDS
};

static LABELED_BYTE ccp_option_names[] = {
	{ 0, L("Vendor") },
	{ 1, L("Predictor type 1") },
	{ 2, L("Predictor type 2") },
	{ 3, L("Puddle Jumper") },
	{ 16, L("Hewlett-Packard PPC") },
	{ 17, L("Stac LZS") },
	{ 18, L("Microsoft PPE and PPC") },
	{ 19, L("Gandalf FZA") },
	{ 20, L("V.42bis") },
	{ 21, L("BSD compress") },
	{ 23, L("LZS-DCP") },
	{ 24, L("MVRCA (Magnalink)") },
	{ 26, L("Deflate") },
};

static LABELED_BIT microsoft_bits[] = {
	{ 24, L("Stateful"), L("Stateless") },
	{ 7, L("No 56-bit keys"), L("56-bit keys") },
	{ 6, L("No 128-bit keys"), L("128-bit keys") },
	{ 5, L("No 40-bit keys"), L("40-bit keys") },
	{ 0, L("No compression"), L("Compression") },
};

static struct _SET ccp_option_set = SET_OF(Byte, ccp_option_names);
static struct _SET microsoft = BITS_OF(microsoft_bits);

static struct field ccp_fields[] = {
	CONTROL_ROWS("CCP", "ccp", ppp_codes, "ppp", "ppp.data"),
	[CCP_OPTIONS] = { "Options", NULL, BYTES(CONTROL_HEADER, 0) },
	[CCP_OPTION] = { "Option", "ccp.opt.type", U8(0), LABELED(ccp_option_set) },
	[CCP_OPTION_LENGTH] = { "Option Length", "ccp.opt.length", U8(1), .level = 2 },
	[CCP_OPTION_DATA] = { "Option Data", "ccp.opt.data", BYTES(2, 0), .level = 2 },
	[CCP_HISTORIES] = { "History Count", "ccp.opt.history_count", U16(2), .level = 2 },
	[CCP_CHECK] = { "Check Mode", "ccp.opt.cm", U8(4), .level = 2 },
	[CCP_MICROSOFT] = { "Supported Bits", "ccp.opt.supported_bits", U32(2), FLAGS(microsoft),
	    .level = 2 },
	[CCP_VERSION] = { "Version and Dictionary", "ccp.opt.vd", U8(2), .level = 2 },
	[CCP_WINDOW] = { "Window", "ccp.opt.window", BITS8(2, 0xF0), .level = 2 },
	[CCP_METHOD] = { "Method", "ccp.opt.method", BITS8(2, 0x0F), .level = 2 },
	[CCP_SUM] = { "Sum", NULL, U8(3), .level = 2 },
	[CCP_FEATURES] = { "Features and History", NULL, U8(2), .level = 2 },
	[CCP_CONTEXTS] = { "Contexts", "ccp.opt.contexts", U8(3), .level = 2 },
	[CCP_MODE] = { "Mode", "ccp.opt.mode", U8(2), .level = 2 },
	[CCP_DICTIONARY] = { "Dictionary Size", "ccp.opt.dict_size", U16(3), .level = 2 },
	[CCP_STRING] = { "History Length", "ccp.opt.history_length", U8(5), .level = 2 },
	[CCP_OUI] = { "Organization Code", "ccp.opt.oui", BITS32(2, 0xFFFFFF00), .level = 2 },
	[CCP_SUBTYPE] = { "Subtype", "ccp.opt.subtype", U8(5), .level = 2 },
	[CCP_DCP_HISTORIES] = { "History Count of LZS-DCP", "ccp.opt.history_count", U16(2),
	    .level = 2 },
	[CCP_DCP_CHECK] = { "Check Mode of LZS-DCP", "ccp.opt.check_mode", U8(4), .level = 2 },
	[CCP_DCP_PROCESS] = { "Process Mode", "ccp.opt.process_mode", U8(5), .level = 2 },
};

static const PARSERFIELDNAME ccp_names[] = {
	{ L("Check Mode"), L("ccp.opt.cm.reserved"), 0xF8, 0 },
	{ L("Check Mode"), L("ccp.opt.cm.check_mode"), 0x07, 0 },
	{ L("Supported Bits"), L("ccp.opt.supported_bits.h"), 0x1000000, 0 },
	{ L("Supported Bits"), L("ccp.opt.supported_bits.m"), 0x80, 0 },
	{ L("Supported Bits"), L("ccp.opt.supported_bits.s"), 0x40, 0 },
	{ L("Supported Bits"), L("ccp.opt.supported_bits.l"), 0x20, 0 },
	{ L("Supported Bits"), L("ccp.opt.supported_bits.d"), 0x10, 0 },
	{ L("Supported Bits"), L("ccp.opt.supported_bits.c"), 0x1, 0 },
	{ L("Version and Dictionary"), L("ccp.opt.vd.vers"), 0xE0, 0 },
	{ L("Version and Dictionary"), L("ccp.opt.vd.dict"), 0x1F, 0 },
	{ L("Sum"), L("ccp.opt.mbz"), 0xFC, 0 },
	{ L("Sum"), L("ccp.opt.chk"), 0x03, 0 },
	{ L("Features and History"), L("ccp.opt.fe"), 0xC0, 0 },
	{ L("Features and History"), L("ccp.opt.p"), 0x20, 0 },
	{ L("Features and History"), L("ccp.opt.History"), 0x1F, 0 },
};

static const struct element ccp_rows[] = {
	{ .type = 0, .first = CCP_OUI, .n = 2 },
	{ .type = 17, .first = CCP_HISTORIES, .n = 2 },
	{ .type = 18, .first = CCP_MICROSOFT, .n = 1 },
	{ .type = 20, .first = CCP_MODE, .n = 3 },
	{ .type = 21, .first = CCP_VERSION, .n = 1 },
	{ .type = 23, .first = CCP_DCP_HISTORIES, .n = 3 },
	{ .type = 24, .first = CCP_FEATURES, .n = 2 },
	{ .type = 26, .first = CCP_WINDOW, .n = 3 },
};

static const struct list ccp_options = OPTIONS_OF(ccp_fields, CCP_OPTION, ccp_rows);

static const struct element ccp_codes[] = {
	OPTIONS(1, CCP_OPTIONS, ccp_options),
	OPTIONS(2, CCP_OPTIONS, ccp_options),
	OPTIONS(3, CCP_OPTIONS, ccp_options),
	OPTIONS(4, CCP_OPTIONS, ccp_options),
};

ATTACH(attach_ccp)
{
	struct header h = { frame, p, bounded(left, instance) };

	ppp_packet_attach(&h, ccp_fields, ccp_codes, COUNT(ccp_codes));
	return NULL;
}

static const struct place ccp_places[] = {
	{ MAC_INI, "PPP_HandoffSet", 0x80FD, true },
	{ MAC_INI, "PPP_HandoffSet", 0x80FB, true },
	{ MAC_INI, "ETYPE_HandoffSet", 0x80FD, true },
};

struct parser ccp_parser = {
	.name = "CCP",
	.comment = "PPP Compression Control Protocol (RFC 1962)",
	.fields = ccp_fields,
	.n_fields = CCP_FIELDS,
	.recognize = claim_rest,
	.attach = attach_ccp,
	.places = ccp_places,
	.n_places = COUNT(ccp_places),
	.names = ccp_names,
	.n_names = COUNT(ccp_names),
};
