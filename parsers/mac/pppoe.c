/* SPDX-License-Identifier: MIT */
/* PPP over Ethernet (RFC 2516): discovery, and the sessions it leads to.
 *
 *   OFFSET SIZE MEANING
 *   0      1    version and type, 1 each
 *   1      1    code; 0 in a session
 *   2      2    session
 *   4      2    length of what follows
 */
#include "../common/list.h"
#include "mac.h"

#define HEADER          6u
#define LINK_PPPOE      51u
#define VENDOR_AT       8u /* of a vendor's tag, behind type, length and vendor */
#define BROADBAND_FORUM 3561u

static LABELED_BYTE code_names[] = {
	{ 0x00, L("Session data") },
	{ 0x07, L("Active Discovery Offer (PADO)") },
	{ 0x09, L("Active Discovery Initiation (PADI)") },
	{ 0x0A, L("Active Discovery Session-Grant (PADG)") },
	{ 0x0B, L("Active Discovery Session-Credit Response (PADC)") },
	{ 0x0C, L("Active Discovery Quality (PADQ)") },
	{ 0x19, L("Active Discovery Request (PADR)") },
	{ 0x65, L("Active Discovery Session-confirmation (PADS)") },
	{ 0xA7, L("Active Discovery Terminate (PADT)") },
};

static struct _SET codes = SET_OF(Byte, code_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

/* Both begin with these rows. */
enum {
	PPPOE_SUMMARY,
	PPPOE_VERSION,
	PPPOE_TYPE,
	PPPOE_CODE,
	PPPOE_SESSION,
	PPPOE_LENGTH,
	PPPOE_REST,
	PPPOE_FIELDS
};

#define PPPOE_ROWS(what_, name_, rest_, rest_name_)                                                \
	[PPPOE_SUMMARY] = { "Summary of the PPPoE " what_ " header", name_, SUMMARY,               \
		.format = format_summary },                                                        \
	[PPPOE_VERSION] = { "Version", "pppoe.version", BITS8(0, 0xF0) },                          \
	[PPPOE_TYPE] = { "Type", "pppoe.type", BITS8(0, 0x0F) },                                   \
	[PPPOE_CODE] = { "Code", "pppoe.code", U8(1), LABELED(codes) },                            \
	[PPPOE_SESSION] = { "Session ID", "pppoe.session_id", U16(2) },                            \
	[PPPOE_LENGTH] = { "Payload Length", "pppoe.payload_length", U16(4) },                     \
	[PPPOE_REST] = { rest_, rest_name_, BYTES(HEADER, 0) }

static DWORD packet_bytes(const uint8_t *p, DWORD left)
{
	return left < HEADER ? HEADER : HEADER + be16(p + 4);
}

/* All but what is behind the header; what is left of *h is the packet. */
static void attach_head(struct header *h, const struct field *fields, DWORD shown)
{
	DWORD bytes = packet_bytes(h->p, h->left);
	DWORD flags = bytes > h->left ? IFLAG_ERROR : 0;

	field_attach_at(h, &fields[PPPOE_SUMMARY], 0, shown ? shown : bytes, flags);
	fields_attach(h, &fields[PPPOE_VERSION], PPPOE_LENGTH - PPPOE_VERSION);
	if (h->left > 4)
		field_attach_at(h, &fields[PPPOE_LENGTH], 4, 2, flags);
	if (bytes < h->left)
		h->left = bytes;
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
	name = (const char *)LookupByteSetString(&codes, p[1]);
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "code 0x%02X", p[1]);
	text_put(i, ", session 0x%04X, length %u", be16(p + 2), be16(p + 4));
}

/* ---- session --------------------------------------------------------------------------- */

static struct field session_fields[] = {
	PPPOE_ROWS("session", "pppoes", "PPPoE Data", NULL),
};

static HPROTOCOL ppp, discovery;

static void begin(void)
{
	ppp = GetProtocolFromName(L("PPP"));
	discovery = GetProtocolFromName(L("PPPOED"));
}

RECOGNIZE(recognize_session)
{
	left = bounded(left, *instance);
	if (left < HEADER)
		return rest_is_mine(status);
	return hand_on(
	    p, HEADER, bounded(left, packet_bytes(p, left)), ppp, status, next, instance);
}

ATTACH(attach_session)
{
	struct header h = { frame, p, bounded(left, instance) };

	attach_head(&h, session_fields, HEADER);
	if (h.left > HEADER)
		fields_attach(&h, &session_fields[PPPOE_REST], 1);
	return NULL;
}

static const struct place session_places[] = {
	{ MAC_INI, "ETYPE_HandoffSet", 0x8864, true },
	{ "FRAME", "FRAME_HandoffSet", LINK_PPPOE, false },
};

struct parser pppoes_parser = {
	.name = "PPPOES",
	.comment = "PPP over Ethernet, session (RFC 2516)",
	.fields = session_fields,
	.n_fields = PPPOE_FIELDS,
	.recognize = recognize_session,
	.attach = attach_session,
	.begin = begin,
	.places = session_places,
	.n_places = COUNT(session_places),
};

/* ---- discovery ------------------------------------------------------------------------- */

enum {
	TAG = PPPOE_FIELDS,
	TAG_LENGTH,
	TAG_DATA,
	TAG_SERVICE,
	TAG_CONCENTRATOR,
	TAG_HOST_UNIQ,
	TAG_COOKIE,
	TAG_VENDOR,
	TAG_VENDOR_DATA,
	TAG_RELAY,
	TAG_MAX_PAYLOAD,
	TAG_SERVICE_ERROR,
	TAG_SYSTEM_ERROR,
	TAG_GENERIC_ERROR,
	TAG_VENDOR_TAGS,
	VENDOR_TAG,
	VENDOR_TAG_LENGTH,
	VENDOR_TAG_DATA,
	VENDOR_CIRCUIT,
	VENDOR_REMOTE,
	VENDOR_LINE, /* rates and delays, as numbered from 0x81 */
	VENDOR_LINE_LAST = VENDOR_LINE + 13,
	VENDOR_LINK,
	VENDOR_ENCAPSULATION_1,
	VENDOR_ENCAPSULATION_2,
	TAG_CREDITS,
	TAG_CREDITS_BACK,
	TAG_METRICS,
	TAG_QUALITY,
	TAG_RESOURCE,
	TAG_LATENCY,
	TAG_RATE,
	TAG_RATE_MOST,
	TAG_SEQUENCE,
	TAG_SCALE,
	TAG_URL,
	TAG_MESSAGE,
	TAG_ROUTE,
	DISCOVERY_FIELDS
};

static LABELED_WORD tag_names[] = {
	{ 0x0000, L("End-Of-List") },
	{ 0x0101, L("Service-Name") },
	{ 0x0102, L("AC-Name") },
	{ 0x0103, L("Host-Uniq") },
	{ 0x0104, L("AC-Cookie") },
	{ 0x0105, L("Vendor-Specific") },
	{ 0x0106, L("Credits") },
	{ 0x0107, L("Metrics") },
	{ 0x0108, L("Sequence Number") },
	{ 0x0109, L("Credit Scale Factor") },
	{ 0x0110, L("Relay-Session-Id") },
	{ 0x0111, L("HURL") },
	{ 0x0112, L("MOTM") },
	{ 0x0120, L("PPP-Max-Payload") },
	{ 0x0121, L("IP-Route-Add") },
	{ 0x0201, L("Service-Name-Error") },
	{ 0x0202, L("AC-System-Error") },
	{ 0x0203, L("Generic-Error") },
};

static struct _SET tag_set = SET_OF(Word, tag_names);

static struct field discovery_fields[] = {
	PPPOE_ROWS("discovery", "pppoed", "Tags", "pppoed.tags"),
	[TAG] = { "Tag", "pppoed.tag", U16(0), LABELED(tag_set) },
	[TAG_LENGTH] = { "Tag Length", "pppoed.tag_length", U16(2), .level = 2 },
	[TAG_DATA] = { "Tag Data", "pppoed.tag.unknown_data", BYTES(4, 0), .level = 2 },
	[TAG_SERVICE] = { "Service Name", "pppoed.tags.service_name", TEXT(4, 0), .level = 2 },
	[TAG_CONCENTRATOR] = { "Access Concentrator Name", "pppoed.tags.ac_name", TEXT(4, 0),
	    .level = 2 },
	[TAG_HOST_UNIQ] = { "Host Uniq", "pppoed.tags.host_uniq", BYTES(4, 0), .level = 2 },
	[TAG_COOKIE] = { "Access Concentrator Cookie", "pppoed.tags.ac_cookie", BYTES(4, 0),
	    .level = 2 },
	[TAG_VENDOR] = { "Vendor", "pppoed.tags.vendor_id", U32(4), .level = 2 },
	[TAG_VENDOR_DATA] = { "Vendor's Data", "pppoed.tags.vendor_unspecified", BYTES(8, 0),
	    .level = 2 },
	[TAG_VENDOR_TAGS] = { "Vendor's Tags", "pppoed.tags.vendorspecific.tags", BYTES(8, 0),
	    .level = 2 },
	[VENDOR_TAG] = { "Vendor's Tag", "pppoed.tags.vendorspecific.tag", U8(0), .level = 3 },
	[VENDOR_TAG_LENGTH] = { "Vendor's Tag Length", "pppoed.tag_length_8", U8(1), .level = 4 },
	[VENDOR_TAG_DATA] = { "Vendor's Tag Data", NULL, BYTES(2, 0), .level = 4 },
	[VENDOR_CIRCUIT] = { "Circuit Identifier", "pppoed.tags.circuit_id", TEXT(2, 0),
	    .level = 4 },
	[VENDOR_REMOTE] = { "Remote Identifier", "pppoed.tags.remote_id", TEXT(2, 0), .level = 4 },
	[VENDOR_LINE] = { "Actual Data Rate, up", "pppoed.tags.act_data_rate_up", U32(2),
	    .level = 4 },
	[VENDOR_LINE + 1] = { "Actual Data Rate, down", "pppoed.tags.act_data_rate_down", U32(2),
	    .level = 4 },
	[VENDOR_LINE + 2] = { "Minimum Data Rate, up", "pppoed.tags.min_data_rate_up", U32(2),
	    .level = 4 },
	[VENDOR_LINE + 3] = { "Minimum Data Rate, down", "pppoed.tags.min_data_rate_down", U32(2),
	    .level = 4 },
	[VENDOR_LINE + 4] = { "Attainable Data Rate, up", "pppoed.tags.attainable_data_rate_up",
	    U32(2), .level = 4 },
	[VENDOR_LINE + 5] = { "Attainable Data Rate, down", "pppoed.tags.attainable_data_rate_down",
	    U32(2), .level = 4 },
	[VENDOR_LINE + 6] = { "Maximum Data Rate, up", "pppoed.tags.max_data_rate_up", U32(2),
	    .level = 4 },
	[VENDOR_LINE + 7] = { "Maximum Data Rate, down", "pppoed.tags.max_data_rate_down", U32(2),
	    .level = 4 },
	[VENDOR_LINE + 8] = { "Minimum Data Rate at Low Power, up",
	    "pppoed.tags.min_data_rate_up_lp", U32(2), .level = 4 },
	[VENDOR_LINE + 9] = { "Minimum Data Rate at Low Power, down",
	    "pppoed.tags.min_data_rate_down_lp", U32(2), .level = 4 },
	[VENDOR_LINE + 10] = { "Maximum Interleaving Delay, up", "pppoed.tags.max_int_delay_up",
	    U32(2), .level = 4 },
	[VENDOR_LINE + 11] = { "Actual Interleaving Delay, up", "pppoed.tags.act_int_delay_up",
	    U32(2), .level = 4 },
	[VENDOR_LINE + 12] = { "Maximum Interleaving Delay, down", "pppoed.tags.max_int_delay_down",
	    U32(2), .level = 4 },
	[VENDOR_LINE + 13] = { "Actual Interleaving Delay, down", "pppoed.tags.act_int_delay_down",
	    U32(2), .level = 4 },
	[VENDOR_LINK] = { "Data Link", "pppoed.tags.access_loop_encap.data_link", U8(2),
	    .level = 4 },
	[VENDOR_ENCAPSULATION_1] = { "First Encapsulation", "pppoed.tags.access_loop_encap.encap_1",
	    U8(3), .level = 4 },
	[VENDOR_ENCAPSULATION_2] = { "Second Encapsulation",
	    "pppoed.tags.access_loop_encap.encap_2", U8(4), .level = 4 },
	[TAG_CREDITS] = { "Forward Credits", "pppoed.tags.credits.fcn", U16(4), .level = 2 },
	[TAG_CREDITS_BACK] = { "Backward Credits", "pppoed.tags.credits.bcn", U16(6), .level = 2 },
	[TAG_METRICS] = { "Metrics Flags", NULL, U16(4), .level = 2 },
	[TAG_QUALITY] = { "Relative Link Quality", "pppoed.tags.metrics.rlq", U8(6), .level = 2 },
	[TAG_RESOURCE] = { "Resources", "pppoed.tags.metrics.resource", U8(7), .level = 2 },
	[TAG_LATENCY] = { "Latency", "pppoed.tags.metrics.latency", U16(8), .level = 2 },
	[TAG_RATE] = { "Current Data Rate", "pppoed.tags.metrics.curr_drate", U16(10), .level = 2 },
	[TAG_RATE_MOST] = { "Maximum Data Rate", "pppoed.tags.metrics.max_drate", U16(12),
	    .level = 2 },
	[TAG_SEQUENCE] = { "Sequence Number", "pppoed.tags.seq_num", U16(4), .level = 2 },
	[TAG_SCALE] = { "Credit Scale Factor", "pppoed.tags.credit_scale", U16(4), .level = 2 },
	[TAG_URL] = { "HURL", "pppoed.tags.hurl", BYTES(4, 0), .level = 2 },
	[TAG_MESSAGE] = { "MOTM", "pppoed.tags.motm", BYTES(4, 0), .level = 2 },
	[TAG_ROUTE] = { "IP Route to add", "pppoed.tags.ip_route_add", BYTES(4, 0), .level = 2 },
	[TAG_RELAY] = { "Relay Session ID", "pppoed.tags.relay_session_id", BYTES(4, 0),
	    .level = 2 },
	[TAG_MAX_PAYLOAD] = { "Maximum Payload", "pppoed.tags.max_payload", BYTES(4, 0),
	    .level = 2 },
	[TAG_SERVICE_ERROR] = { "Service Name Error", "pppoed.tags.service_name_error", TEXT(4, 0),
	    .level = 2 },
	[TAG_SYSTEM_ERROR] = { "Access Concentrator System Error", "pppoed.tags.ac_system_error",
	    TEXT(4, 0), .level = 2 },
	[TAG_GENERIC_ERROR] = { "Generic Error", "pppoed.tags.generic_error", TEXT(4, 0),
	    .level = 2 },
};

static const PARSERFIELDNAME names[] = {
	{ L("Metrics Flags"), L("pppoed.tags.metrics.r"), 0x0001, 0 },
	{ L("Metrics Flags"), L("pppoed.tags.metrics.cdr_units"), 0x0006, 0 },
	{ L("Metrics Flags"), L("pppoed.tags.metrics.mdr_units"), 0x0018, 0 },
};

/* Of the Broadband Forum (RFC 4679). */
static const struct element vendor_rows[] = {
	{ .type = 0x01, .first = VENDOR_CIRCUIT, .n = 1 },
	{ .type = 0x02, .first = VENDOR_REMOTE, .n = 1 },
	{ .type = 0x81, .first = VENDOR_LINE, .n = 1 },
	{ .type = 0x82, .first = VENDOR_LINE + 1, .n = 1 },
	{ .type = 0x83, .first = VENDOR_LINE + 2, .n = 1 },
	{ .type = 0x84, .first = VENDOR_LINE + 3, .n = 1 },
	{ .type = 0x85, .first = VENDOR_LINE + 4, .n = 1 },
	{ .type = 0x86, .first = VENDOR_LINE + 5, .n = 1 },
	{ .type = 0x87, .first = VENDOR_LINE + 6, .n = 1 },
	{ .type = 0x88, .first = VENDOR_LINE + 7, .n = 1 },
	{ .type = 0x89, .first = VENDOR_LINE + 8, .n = 1 },
	{ .type = 0x8A, .first = VENDOR_LINE + 9, .n = 1 },
	{ .type = 0x8B, .first = VENDOR_LINE + 10, .n = 1 },
	{ .type = 0x8C, .first = VENDOR_LINE + 11, .n = 1 },
	{ .type = 0x8D, .first = VENDOR_LINE + 12, .n = 1 },
	{ .type = 0x8E, .first = VENDOR_LINE + 13, .n = 1 },
	{ .type = 0x90, .first = VENDOR_LINK, .n = 3 },
};

static const struct list vendor_tags = {
	.fields = discovery_fields,
	.type = VENDOR_TAG,
	.length = VENDOR_TAG_LENGTH,
	.rest = VENDOR_TAG_DATA,
	.length_at = 1,
	.uncounted = 2,
	.elements = vendor_rows,
	.n_elements = COUNT(vendor_rows),
};

static void attach_vendor(const struct header *h)
{
	bool is_known = h->left > VENDOR_AT && be32(h->p + 4) == BROADBAND_FORUM;

	fields_attach(h, &discovery_fields[is_known ? TAG_VENDOR_TAGS : TAG_VENDOR_DATA], 1);
	if (is_known)
		list_attach(&vendor_tags, h, VENDOR_AT, h->left);
}

static const struct element tag_rows[] = {
	{ .type = 0x0101, .first = TAG_SERVICE, .n = 1 },
	{ .type = 0x0102, .first = TAG_CONCENTRATOR, .n = 1 },
	{ .type = 0x0103, .first = TAG_HOST_UNIQ, .n = 1 },
	{ .type = 0x0104, .first = TAG_COOKIE, .n = 1 },
	{ .type = 0x0105, .first = TAG_VENDOR, .n = 1, .attach = attach_vendor },
	{ .type = 0x0106, .first = TAG_CREDITS, .n = 2 },
	{ .type = 0x0107, .first = TAG_METRICS, .n = 6 },
	{ .type = 0x0108, .first = TAG_SEQUENCE, .n = 1 },
	{ .type = 0x0109, .first = TAG_SCALE, .n = 1 },
	{ .type = 0x0110, .first = TAG_RELAY, .n = 1 },
	{ .type = 0x0111, .first = TAG_URL, .n = 1 },
	{ .type = 0x0112, .first = TAG_MESSAGE, .n = 1 },
	{ .type = 0x0120, .first = TAG_MAX_PAYLOAD, .n = 1 },
	{ .type = 0x0121, .first = TAG_ROUTE, .n = 1 },
	{ .type = 0x0201, .first = TAG_SERVICE_ERROR, .n = 1 },
	{ .type = 0x0202, .first = TAG_SYSTEM_ERROR, .n = 1 },
	{ .type = 0x0203, .first = TAG_GENERIC_ERROR, .n = 1 },
};

static const struct list tags = {
	.fields = discovery_fields,
	.type = TAG,
	.length = TAG_LENGTH,
	.rest = TAG_DATA,
	.length_at = 2,
	.uncounted = 4,
	.elements = tag_rows,
	.n_elements = COUNT(tag_rows),
};

ATTACH(attach_discovery)
{
	struct header h = { frame, p, bounded(left, instance) };

	attach_head(&h, discovery_fields, 0);
	if (h.left > HEADER) {
		fields_attach(&h, &discovery_fields[PPPOE_REST], 1);
		list_attach(&tags, &h, HEADER, h.left);
	}
	return NULL;
}

static const struct place discovery_places[] = {
	{ MAC_INI, "ETYPE_HandoffSet", 0x8863, true },
};

struct parser pppoed_parser = {
	.name = "PPPOED",
	.comment = "PPP over Ethernet, discovery (RFC 2516)",
	.fields = discovery_fields,
	.n_fields = DISCOVERY_FIELDS,
	.recognize = claim_rest,
	.attach = attach_discovery,
	.places = discovery_places,
	.n_places = COUNT(discovery_places),
	.names = names,
	.n_names = COUNT(names),
};
