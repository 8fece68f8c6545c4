/* SPDX-License-Identifier: MIT */
/* PPP's Link Control Protocol (RFC 1661, 1570). */
#include "ppp_control.h"

enum {
	LCP_OPTIONS = CONTROL_FIELDS,
	LCP_REJECTED_PROTOCOL,
	LCP_REJECTED,
	LCP_MAGIC,
	LCP_ECHO_DATA,
	LCP_MESSAGE,
	LCP_SECONDS,
	LCP_TIME_MESSAGE,
	LCP_OPTION,
	LCP_OPTION_LENGTH,
	LCP_OPTION_DATA,
	LCP_MRU,
	LCP_ACCM,
	LCP_AUTH,
	LCP_ALGORITHM,
	LCP_QUALITY,
	LCP_PERIOD,
	LCP_OWN_MAGIC,
	LCP_FCS,
	LCP_PADDING,
	LCP_CALLBACK,
	LCP_CALLBACK_MESSAGE,
	LCP_MRRU,
	LCP_CLASS,
	LCP_ENDPOINT,
	LCP_DISCRIMINATOR,
	LCP_FIELDS
};

static LABELED_BYTE option_names[] = {
	{ 0, L("Vendor") },
	{ 1, L("Maximum receive unit") },
	{ 2, L("Control character map") },
	{ 3, L("Authentication protocol") },
	{ 4, L("Quality protocol") },
	{ 5, L("Magic number") },
	{ 7, L("Protocol field compression") },
	{ 8, L("Address and control field compression") },
	{ 9, L("FCS alternatives") },
	{ 10, L("Self-describing padding") },
	{ 13, L("Callback") },
	{ 17, L("Multilink MRRU") },
	{ 18, L("Multilink short sequence numbers") },
	{ 19, L("Multilink endpoint discriminator") },
	{ 23, L("Link discriminator") },
};

static LABELED_BYTE algorithm_names[] = {
	{ 5, L("CHAP with MD5") },
	{ 6, L("CHAP with SHA-1") },
	{ 0x80, L("MS-CHAP") },
	{ 0x81, L("MS-CHAP-2") },
};

static LABELED_BYTE class_names[] = {
	{ 0, L("Null") },
	{ 1, L("Local") },
	{ 2, L("IP address") },
	{ 3, L("IEEE 802.1 address") },
	{ 4, L("Magic number block") },
	{ 5, L("Directory number") },
};

static struct _SET options_set = SET_OF(Byte, option_names);
static struct _SET algorithms = SET_OF(Byte, algorithm_names);
static struct _SET classes = SET_OF(Byte, class_names);

static struct field fields[] = {
	CONTROL_ROWS("LCP", "lcp", ppp_codes, "ppp", "ppp.data"),
	[LCP_OPTIONS] = { "Options", NULL, BYTES(CONTROL_HEADER, 0) },
	[LCP_REJECTED_PROTOCOL] = { "Rejected Protocol", "lcp.rej_proto", U16(4),
	    LABELED(ppp_protocols) },
	[LCP_REJECTED] = { "Rejected Information", NULL, BYTES(6, 0) },
	[LCP_MAGIC] = { "Magic Number", "lcp.magic_number", U32(4) },
	[LCP_ECHO_DATA] = { "Data behind the Magic Number", "lcp.data", BYTES(8, 0) },
	[LCP_MESSAGE] = { "Message", "lcp.message", TEXT(8, 0) },
	[LCP_SECONDS] = { "Seconds Remaining", "lcp.secs_remaining", U32(8) },
	[LCP_TIME_MESSAGE] = { "Message behind the Seconds", "lcp.message", TEXT(12, 0) },
	[LCP_OPTION] = { "Option", "lcp.opt.type", U8(0), LABELED(options_set) },
	[LCP_OPTION_LENGTH] = { "Option Length", "lcp.opt.length", U8(1), .level = 2 },
	[LCP_OPTION_DATA] = { "Option Data", "lcp.opt.data", BYTES(2, 0), .level = 2 },
	[LCP_MRU] = { "Maximum Receive Unit", "lcp.opt.mru", U16(2), .level = 2 },
	[LCP_ACCM] = { "Asynchronous Control Character Map", "lcp.opt.asyncmap", U32(2),
	    .level = 2 },
	[LCP_AUTH] = { "Authentication Protocol", "lcp.opt.auth_protocol", U16(2),
	    LABELED(ppp_protocols), .level = 2 },
	[LCP_ALGORITHM] = { "Authentication Algorithm", "lcp.opt.algorithm", U8(4),
	    LABELED(algorithms), .level = 2 },
	[LCP_QUALITY] = { "Quality Protocol", "lcp.opt.quality_protocol", U16(2),
	    LABELED(ppp_protocols), .level = 2 },
	[LCP_PERIOD] = { "Reporting Period", "lcp.opt.reporting_period", U32(4), .level = 2 },
	[LCP_OWN_MAGIC] = { "Own Magic Number", "lcp.opt.magic_number", U32(2), .level = 2 },
	[LCP_FCS] = { "FCS Alternatives", "lcp.opt.fcs_alternatives", U8(2), .level = 2 },
	[LCP_PADDING] = { "Maximum Padding", "lcp.opt.maximum", U8(2), .level = 2 },
	[LCP_CALLBACK] = { "Callback Operation", "lcp.opt.operation", U8(2), .level = 2 },
	[LCP_CALLBACK_MESSAGE] = { "Callback Message", "lcp.opt.message", BYTES(3, 0), .level = 2 },
	[LCP_MRRU] = { "Maximum Receive Reconstructed Unit", "lcp.opt.mrru", U16(2), .level = 2 },
	[LCP_CLASS] = { "Endpoint Class", "lcp.opt.ep_disc_class", U8(2), LABELED(classes),
	    .level = 2 },
	[LCP_ENDPOINT] = { "Endpoint Address", NULL, BYTES(3, 0), .level = 2 },
	[LCP_DISCRIMINATOR] = { "Link Discriminator", "lcp.opt.link_discrim", U16(2), .level = 2 },
};

static const PARSERFIELDNAME names[] = {
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.nul"), 0x1, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.soh"), 0x2, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.stx"), 0x4, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.etx"), 0x8, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.eot"), 0x10, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.enq"), 0x20, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.ack"), 0x40, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.bel"), 0x80, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.bs"), 0x100, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.ht"), 0x200, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.lf"), 0x400, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.vt"), 0x800, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.ff"), 0x1000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.cr"), 0x2000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.so"), 0x4000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.si"), 0x8000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.dle"), 0x10000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.dc1"), 0x20000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.dc2"), 0x40000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.dc3"), 0x80000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.dc4"), 0x100000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.nak"), 0x200000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.syn"), 0x400000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.etb"), 0x800000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.can"), 0x1000000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.em"), 0x2000000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.sub"), 0x4000000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.esc"), 0x8000000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.fs"), 0x10000000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.gs"), 0x20000000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.rs"), 0x40000000, 0 },
	{ L("Asynchronous Control Character Map"), L("lcp.opt.asyncmap.us"), 0x80000000, 0 },
};

static const struct element option_rows[] = {
	{ .type = 1, .first = LCP_MRU, .n = 1 },
	{ .type = 2, .first = LCP_ACCM, .n = 1 },
	{ .type = 3, .first = LCP_AUTH, .n = 2 },
	{ .type = 4, .first = LCP_QUALITY, .n = 2 },
	{ .type = 5, .first = LCP_OWN_MAGIC, .n = 1 },
	{ .type = 7 },
	{ .type = 8 },
	{ .type = 9, .first = LCP_FCS, .n = 1 },
	{ .type = 10, .first = LCP_PADDING, .n = 1 },
	{ .type = 13, .first = LCP_CALLBACK, .n = 2 },
	{ .type = 17, .first = LCP_MRRU, .n = 1 },
	{ .type = 18 },
	{ .type = 19, .first = LCP_CLASS, .n = 2 },
	{ .type = 23, .first = LCP_DISCRIMINATOR, .n = 1 },
};

static const struct list options = {
	.fields = fields,
	.type = LCP_OPTION,
	.length = LCP_OPTION_LENGTH,
	.rest = LCP_OPTION_DATA,
	.length_at = 1,
	.elements = option_rows,
	.n_elements = COUNT(option_rows),
};

static const struct element codes[] = {
	OPTIONS(1, LCP_OPTIONS, options),
	OPTIONS(2, LCP_OPTIONS, options),
	OPTIONS(3, LCP_OPTIONS, options),
	OPTIONS(4, LCP_OPTIONS, options),
	{ .type = 8, .first = LCP_REJECTED_PROTOCOL, .n = 2 },
	{ .type = 9, .first = LCP_MAGIC, .n = 2 },
	{ .type = 10, .first = LCP_MAGIC, .n = 2 },
	{ .type = 11, .first = LCP_MAGIC, .n = 2 },
	{ .type = 12, .first = LCP_MAGIC, .n = 1 },
	{ .type = 13, .first = LCP_MAGIC, .n = 1 },
};

/* The rows of a code that don't stand together. */
static const struct element more[] = {
	{ .type = 12, .first = LCP_MESSAGE, .n = 1 },
	{ .type = 13, .first = LCP_SECONDS, .n = 2 },
};

ATTACH(attach)
{
	struct header h = { frame, p, bounded(left, instance) };

	ppp_packet_attach(&h, fields, codes, COUNT(codes));
	if (h.left > CONTROL_HEADER)
		(void)element_attach(&h, fields, more, COUNT(more), p[0]);
	return NULL;
}

static const struct place places[] = {
	{ MAC_INI, "PPP_HandoffSet", 0xC021, true },
	{ MAC_INI, "ETYPE_HandoffSet", 0xC021, true }, /* as Windows captures PPP links */
};

struct parser lcp_parser = {
	.name = "LCP",
	.comment = "PPP Link Control Protocol (RFC 1661)",
	.fields = fields,
	.n_fields = LCP_FIELDS,
	.recognize = claim_rest,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
