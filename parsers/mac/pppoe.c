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

#define HEADER     6u
#define LINK_PPPOE 51u

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

#define PPPOE_ROWS(what_, name_, rest_)                                                            \
	[PPPOE_SUMMARY] = { "Summary of the PPPoE " what_ " header", name_, SUMMARY,               \
		.format = format_summary },                                                        \
	[PPPOE_VERSION] = { "Version", "pppoe.version", BITS8(0, 0xF0) },                          \
	[PPPOE_TYPE] = { "Type", "pppoe.type", BITS8(0, 0x0F) },                                   \
	[PPPOE_CODE] = { "Code", "pppoe.code", U8(1), LABELED(codes) },                            \
	[PPPOE_SESSION] = { "Session ID", "pppoe.session_id", U16(2) },                            \
	[PPPOE_LENGTH] = { "Payload Length", "pppoe.payload_length", U16(4) },                     \
	[PPPOE_REST] = { rest_, NULL, BYTES(HEADER, 0) }

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
	PPPOE_ROWS("session", "pppoes", "PPPoE Data"),
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
	PPPOE_ROWS("discovery", "pppoed", "Tags"),
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

static const struct element tag_rows[] = {
	{ .type = 0x0101, .first = TAG_SERVICE, .n = 1 },
	{ .type = 0x0102, .first = TAG_CONCENTRATOR, .n = 1 },
	{ .type = 0x0103, .first = TAG_HOST_UNIQ, .n = 1 },
	{ .type = 0x0104, .first = TAG_COOKIE, .n = 1 },
	{ .type = 0x0105, .first = TAG_VENDOR, .n = 2 },
	{ .type = 0x0110, .first = TAG_RELAY, .n = 1 },
	{ .type = 0x0120, .first = TAG_MAX_PAYLOAD, .n = 1 },
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
};
