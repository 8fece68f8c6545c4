/* SPDX-License-Identifier: MIT */
/* L2TP, version 2 (RFC 2661), over UDP. */
#include "../common/list.h"
#include "tcpip.h"

#define CONTROL    0x8000u /* flags: a control message, and what the header has */
#define LENGTH     0x4000u
#define SEQUENCE   0x0800u
#define OFFSET     0x0200u
#define VERSION    0x000Fu
#define LEAST      6u /* bytes of a header */
#define AVP        6u /* bytes of an attribute before its value */
#define MESSAGE    0u /* the attribute that is the message's type */
#define AVPS_MAX   256u
#define HIDDEN_AVP 0x4000u /* the value is encrypted */

enum {
	L2TP_SUMMARY,
	L2TP_FLAGS,
	L2TP_LENGTH,
	L2TP_TUNNEL,
	L2TP_SESSION,
	L2TP_NS,
	L2TP_NR,
	L2TP_OFFSET,
	L2TP_AVP,
	L2TP_AVP_MANDATORY,
	L2TP_AVP_HIDDEN,
	L2TP_AVP_LENGTH,
	L2TP_AVP_VENDOR,
	L2TP_AVP_TYPE,
	L2TP_AVP_MESSAGE,
	L2TP_AVP_VALUE,
	AVP_RESULT,
	AVP_ERROR,
	AVP_ERROR_MESSAGE,
	AVP_PROTOCOL_VERSION,
	AVP_PROTOCOL_REVISION,
	AVP_FRAMINGS,
	AVP_BEARERS,
	AVP_TIE_BREAKER,
	AVP_FIRMWARE,
	AVP_HOST,
	AVP_VENDOR_NAME,
	AVP_ASSIGNED_TUNNEL,
	AVP_WINDOW,
	AVP_CHALLENGE,
	AVP_CAUSE,
	AVP_CAUSE_MESSAGE,
	AVP_ADVISORY,
	AVP_RESPONSE,
	AVP_ASSIGNED_SESSION,
	AVP_SERIAL,
	AVP_MINIMUM_SPEED,
	AVP_MAXIMUM_SPEED,
	AVP_BEARER,
	AVP_FRAMING,
	AVP_CALLED,
	AVP_CALLING,
	AVP_SUB_ADDRESS,
	AVP_CONNECT_SPEED,
	AVP_CHANNEL,
	AVP_FIRST_LCP,
	AVP_LAST_SENT_LCP,
	AVP_LAST_LCP,
	AVP_PROXY_TYPE,
	AVP_PROXY_NAME,
	AVP_PROXY_CHALLENGE,
	AVP_PROXY_ID,
	AVP_PROXY_RESPONSE,
	AVP_CRC_ERRORS,
	AVP_FRAMING_ERRORS,
	AVP_HARDWARE_OVERRUNS,
	AVP_BUFFER_OVERRUNS,
	AVP_TIME_OUTS,
	AVP_ALIGNMENT_ERRORS,
	AVP_SEND_ACCM,
	AVP_RECEIVE_ACCM,
	AVP_RANDOM,
	AVP_GROUP,
	AVP_RECEIVE_SPEED,
	L2TP_PAYLOAD,
	L2TP_FIELDS
};

static LABELED_BIT flag_bits[] = {
	{ 15, L("Data message"), L("Control message") },
	{ 14, L("No length"), L("Length") },
	{ 11, L("No sequence numbers"), L("Sequence numbers") },
	{ 9, L("No offset"), L("Offset") },
	{ 8, L("No priority"), L("Priority") },
};

static struct _SET flags = BITS_OF(flag_bits);

static LABELED_WORD message_names[] = {
	{ 1, L("Start-Control-Connection-Request") },
	{ 2, L("Start-Control-Connection-Reply") },
	{ 3, L("Start-Control-Connection-Connected") },
	{ 4, L("Stop-Control-Connection-Notification") },
	{ 6, L("Hello") },
	{ 7, L("Outgoing-Call-Request") },
	{ 8, L("Outgoing-Call-Reply") },
	{ 9, L("Outgoing-Call-Connected") },
	{ 10, L("Incoming-Call-Request") },
	{ 11, L("Incoming-Call-Reply") },
	{ 12, L("Incoming-Call-Connected") },
	{ 14, L("Call-Disconnect-Notify") },
	{ 15, L("WAN-Error-Notify") },
	{ 16, L("Set-Link-Info") },
};

static struct _SET messages = SET_OF(Word, message_names);

static LABELED_WORD avp_names[] = {
	{ 0, L("Message type") },
	{ 1, L("Result code") },
	{ 2, L("Protocol version") },
	{ 3, L("Framing capabilities") },
	{ 4, L("Bearer capabilities") },
	{ 5, L("Tie breaker") },
	{ 6, L("Firmware revision") },
	{ 7, L("Host name") },
	{ 8, L("Vendor name") },
	{ 9, L("Assigned tunnel identifier") },
	{ 10, L("Receive window size") },
	{ 11, L("Challenge") },
	{ 12, L("Cause code") },
	{ 13, L("Challenge response") },
	{ 14, L("Assigned session identifier") },
	{ 15, L("Call serial number") },
	{ 16, L("Minimum speed") },
	{ 17, L("Maximum speed") },
	{ 18, L("Bearer type") },
	{ 19, L("Framing type") },
	{ 21, L("Called number") },
	{ 22, L("Calling number") },
	{ 23, L("Sub-address") },
	{ 24, L("Connect speed, transmitting") },
	{ 25, L("Physical channel") },
	{ 29, L("Proxy authentication type") },
	{ 30, L("Proxy authentication name") },
	{ 31, L("Proxy authentication challenge") },
	{ 32, L("Proxy authentication identifier") },
	{ 33, L("Proxy authentication response") },
	{ 34, L("Call errors") },
	{ 35, L("Accepted characters") },
	{ 36, L("Random vector") },
	{ 37, L("Private group identifier") },
	{ 38, L("Connect speed, receiving") },
	{ 39, L("Sequencing required") },
};

static struct _SET avps = SET_OF(Word, avp_names);

static LABELED_BIT framing_bits[] = {
	{ 1, L("No asynchronous framing"), L("Asynchronous framing") },
	{ 0, L("No synchronous framing"), L("Synchronous framing") },
};

static LABELED_BIT bearer_bits[] = {
	{ 1, L("No analog access"), L("Analog access") },
	{ 0, L("No digital access"), L("Digital access") },
};

static struct _SET framings = BITS_OF(framing_bits);
static struct _SET bearers = BITS_OF(bearer_bits);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[L2TP_SUMMARY] = { "Summary of the L2TP message", "l2tp", SUMMARY,
	    .format = format_summary },
	[L2TP_FLAGS] = { "Flags and Version", "l2tp.flags", U16(0), FLAGS(flags) },
	[L2TP_LENGTH] = { "Length", "l2tp.length", U16(2) },
	[L2TP_TUNNEL] = { "Tunnel Identifier", "l2tp.tunnel", U16(0) },
	[L2TP_SESSION] = { "Session Identifier", "l2tp.session", U16(0) },
	[L2TP_NS] = { "Sequence Number", "l2tp.Ns", U16(0) },
	[L2TP_NR] = { "Expected Sequence Number", "l2tp.Nr", U16(0) },
	[L2TP_OFFSET] = { "Offset", "l2tp.offset", U16(0) },
	[L2TP_AVP] = { "Attribute", NULL, GROUP },
	[L2TP_AVP_MANDATORY] = { "Mandatory", "l2tp.avp.mandatory", BITS16(0, 0x8000), .level = 2 },
	[L2TP_AVP_HIDDEN] = { "Hidden", "l2tp.avp.hidden", BITS16(0, HIDDEN_AVP), .level = 2 },
	[L2TP_AVP_LENGTH] = { "Attribute Length", "l2tp.avp.length", BITS16(0, 0x03FF),
	    .level = 2 },
	[L2TP_AVP_VENDOR] = { "Vendor", "l2tp.avp.vendor_id", U16(2), .level = 2 },
	[L2TP_AVP_TYPE] = { "Attribute Type", "l2tp.avp.type", U16(4), LABELED(avps), .level = 2 },
	[L2TP_AVP_MESSAGE] = { "Message Type", "l2tp.avp.message_type", U16(6), LABELED(messages),
	    .level = 2 },
	[L2TP_AVP_VALUE] = { "Attribute Value", NULL, BYTES(AVP, 0), .level = 2 },
	[AVP_RESULT] = { "Result Code", "l2tp.result_code", U16(6), .level = 2 },
	[AVP_ERROR] = { "Error Code", "l2tp.avp.error_code", U16(8), .level = 2 },
	[AVP_ERROR_MESSAGE] = { "Error Message", "l2tp.avp.error_message", TEXT(10, 0),
	    .level = 2 },
	[AVP_PROTOCOL_VERSION] = { "Protocol Version", "l2tp.avp.protocol_version", U8(6),
	    .level = 2 },
	[AVP_PROTOCOL_REVISION] = { "Protocol Revision", "l2tp.avp.protocol_revision", U8(7),
	    .level = 2 },
	[AVP_FRAMINGS] = { "Framing Capabilities", NULL, U32(6), FLAGS(framings), .level = 2 },
	[AVP_BEARERS] = { "Bearer Capabilities", NULL, U32(6), FLAGS(bearers), .level = 2 },
	[AVP_TIE_BREAKER] = { "Tie Breaker", "l2tp.tie_breaker", U64(6), .level = 2 },
	[AVP_FIRMWARE] = { "Firmware Revision", "l2tp.avp.firmware_revision", U16(6), .level = 2 },
	[AVP_HOST] = { "Host Name", "l2tp.avp.host_name", TEXT(6, 0), .level = 2 },
	[AVP_VENDOR_NAME] = { "Vendor Name", "l2tp.avp.vendor_name", TEXT(6, 0), .level = 2 },
	[AVP_ASSIGNED_TUNNEL] = { "Assigned Tunnel Identifier", "l2tp.avp.assigned_tunnel_id",
	    U16(6), .level = 2 },
	[AVP_WINDOW] = { "Receive Window Size", "l2tp.avp.receive_window_size", U16(6),
	    .level = 2 },
	[AVP_CHALLENGE] = { "Challenge", "l2tp.avp.chap_challenge", BYTES(6, 0), .level = 2 },
	[AVP_CAUSE] = { "Cause Code", "l2tp.avp.cause_code", U16(6), .level = 2 },
	[AVP_CAUSE_MESSAGE] = { "Cause Message", "l2tp.avp.cause_msg", U8(8), .level = 2 },
	[AVP_ADVISORY] = { "Advisory Message", "l2tp.avp.advisory_msg", TEXT(9, 0), .level = 2 },
	[AVP_RESPONSE] = { "Challenge Response", "l2tp.avp.chap_challenge_response", BYTES(6, 16),
	    .level = 2 },
	[AVP_ASSIGNED_SESSION] = { "Assigned Session Identifier", "l2tp.avp.assigned_session_id",
	    U16(6), .level = 2 },
	[AVP_SERIAL] = { "Call Serial Number", "l2tp.avp.call_serial_number", U32(6), .level = 2 },
	[AVP_MINIMUM_SPEED] = { "Minimum Speed", "l2tp.avp.minimum_bps", U32(6), .level = 2 },
	[AVP_MAXIMUM_SPEED] = { "Maximum Speed", "l2tp.avp.maximum_bps", U32(6), .level = 2 },
	[AVP_BEARER] = { "Bearer Type", NULL, U32(6), FLAGS(bearers), .level = 2 },
	[AVP_FRAMING] = { "Framing Type", NULL, U32(6), FLAGS(framings), .level = 2 },
	[AVP_CALLED] = { "Called Number", "l2tp.avp.called_number", TEXT(6, 0), .level = 2 },
	[AVP_CALLING] = { "Calling Number", "l2tp.avp.calling_number", TEXT(6, 0), .level = 2 },
	[AVP_SUB_ADDRESS] = { "Sub-address", "l2tp.avp.sub_address", TEXT(6, 0), .level = 2 },
	[AVP_CONNECT_SPEED] = { "Connect Speed", "l2tp.avp.connect_speed", U32(6), .level = 2 },
	[AVP_CHANNEL] = { "Physical Channel", "l2tp.avp.physical_channel", U32(6), .level = 2 },
	[AVP_FIRST_LCP] = { "Initial LCP Request", NULL, BYTES(6, 0), .level = 2 },
	[AVP_LAST_SENT_LCP] = { "Last Sent LCP Request", NULL, BYTES(6, 0), .level = 2 },
	[AVP_LAST_LCP] = { "Last Received LCP Request", NULL, BYTES(6, 0), .level = 2 },
	[AVP_PROXY_TYPE] = { "Proxy Authentication Type", "l2tp.avp.proxy_authen_type", U16(6),
	    .level = 2 },
	[AVP_PROXY_NAME] = { "Proxy Authentication Name", "l2tp.avp.proxy_authen_name", TEXT(6, 0),
	    .level = 2 },
	[AVP_PROXY_CHALLENGE] = { "Proxy Authentication Challenge",
	    "l2tp.avp.proxy_authen_challenge", BYTES(6, 0), .level = 2 },
	[AVP_PROXY_ID] = { "Proxy Authentication Identifier", "l2tp.avp.proxy_authen_id", U16(6),
	    .level = 2 },
	[AVP_PROXY_RESPONSE] = { "Proxy Authentication Response", "l2tp.avp.proxy_authen_response",
	    BYTES(6, 0), .level = 2 },
	[AVP_CRC_ERRORS] = { "CRC Errors", "l2tp.avp.crc_errors", U32(8), .level = 2 },
	[AVP_FRAMING_ERRORS] = { "Framing Errors", "l2tp.avp.framing_errors", U32(12), .level = 2 },
	[AVP_HARDWARE_OVERRUNS] = { "Hardware Overruns", "l2tp.avp.hardware_overruns", U32(16),
	    .level = 2 },
	[AVP_BUFFER_OVERRUNS] = { "Buffer Overruns", "l2tp.avp.buffer_overruns", U32(20),
	    .level = 2 },
	[AVP_TIME_OUTS] = { "Time-outs", "l2tp.avp.time_out_errors", U32(24), .level = 2 },
	[AVP_ALIGNMENT_ERRORS] = { "Alignment Errors", "l2tp.avp.alignment_errors", U32(28),
	    .level = 2 },
	[AVP_SEND_ACCM] = { "Characters to Send escaped", "l2tp.avp.send_accm", U32(8),
	    .level = 2 },
	[AVP_RECEIVE_ACCM] = { "Characters received escaped", "l2tp.avp.receive_accm", U32(12),
	    .level = 2 },
	[AVP_RANDOM] = { "Random Vector", "l2tp.avp.random_vector", BYTES(6, 0), .level = 2 },
	[AVP_GROUP] = { "Private Group Identifier", "l2tp.avp.private_group_id", TEXT(6, 0),
	    .level = 2 },
	[AVP_RECEIVE_SPEED] = { "Connect Speed, receiving", "l2tp.avp.rx_connect_speed", U32(6),
	    .level = 2 },
	[L2TP_PAYLOAD] = { "L2TP Data", NULL, BYTES(0, 0) },
};

static const PARSERFIELDNAME names[] = {
	{ L("Flags and Version"), L("l2tp.type"), CONTROL, 0 },
	{ L("Flags and Version"), L("l2tp.length_bit"), LENGTH, 0 },
	{ L("Flags and Version"), L("l2tp.seq_bit"), SEQUENCE, 0 },
	{ L("Flags and Version"), L("l2tp.offset_bit"), OFFSET, 0 },
	{ L("Flags and Version"), L("l2tp.priority"), 0x0100, 0 },
	{ L("Flags and Version"), L("l2tp.version"), VERSION, 0 },
	{ L("Framing Capabilities"), L("l2tp.avp.async_framing_supported"), 0x2, 0 },
	{ L("Framing Capabilities"), L("l2tp.avp.sync_framing_supported"), 0x1, 0 },
	{ L("Bearer Capabilities"), L("l2tp.avp.analog_access_supported"), 0x2, 0 },
	{ L("Bearer Capabilities"), L("l2tp.avp.digital_access_supported"), 0x1, 0 },
	{ L("Framing Type"), L("l2tp.avp.async_framing_type"), 0x2, 0 },
	{ L("Framing Type"), L("l2tp.avp.sync_framing_type"), 0x1, 0 },
	{ L("Bearer Type"), L("l2tp.avp.analog_bearer_type"), 0x2, 0 },
	{ L("Bearer Type"), L("l2tp.avp.digital_bearer_type"), 0x1, 0 },
};

/* By attribute, of no vendor's. */
static const struct element values[] = {
	{ .type = MESSAGE, .first = L2TP_AVP_MESSAGE, .n = 1 },
	{ .type = 1, .first = AVP_RESULT, .n = 3 },
	{ .type = 2, .first = AVP_PROTOCOL_VERSION, .n = 2 },
	{ .type = 3, .first = AVP_FRAMINGS, .n = 1 },
	{ .type = 4, .first = AVP_BEARERS, .n = 1 },
	{ .type = 5, .first = AVP_TIE_BREAKER, .n = 1 },
	{ .type = 6, .first = AVP_FIRMWARE, .n = 1 },
	{ .type = 7, .first = AVP_HOST, .n = 1 },
	{ .type = 8, .first = AVP_VENDOR_NAME, .n = 1 },
	{ .type = 9, .first = AVP_ASSIGNED_TUNNEL, .n = 1 },
	{ .type = 10, .first = AVP_WINDOW, .n = 1 },
	{ .type = 11, .first = AVP_CHALLENGE, .n = 1 },
	{ .type = 12, .first = AVP_CAUSE, .n = 3 },
	{ .type = 13, .first = AVP_RESPONSE, .n = 1 },
	{ .type = 14, .first = AVP_ASSIGNED_SESSION, .n = 1 },
	{ .type = 15, .first = AVP_SERIAL, .n = 1 },
	{ .type = 16, .first = AVP_MINIMUM_SPEED, .n = 1 },
	{ .type = 17, .first = AVP_MAXIMUM_SPEED, .n = 1 },
	{ .type = 18, .first = AVP_BEARER, .n = 1 },
	{ .type = 19, .first = AVP_FRAMING, .n = 1 },
	{ .type = 21, .first = AVP_CALLED, .n = 1 },
	{ .type = 22, .first = AVP_CALLING, .n = 1 },
	{ .type = 23, .first = AVP_SUB_ADDRESS, .n = 1 },
	{ .type = 24, .first = AVP_CONNECT_SPEED, .n = 1 },
	{ .type = 25, .first = AVP_CHANNEL, .n = 1 },
	{ .type = 26, .first = AVP_FIRST_LCP, .n = 1 },
	{ .type = 27, .first = AVP_LAST_SENT_LCP, .n = 1 },
	{ .type = 28, .first = AVP_LAST_LCP, .n = 1 },
	{ .type = 29, .first = AVP_PROXY_TYPE, .n = 1 },
	{ .type = 30, .first = AVP_PROXY_NAME, .n = 1 },
	{ .type = 31, .first = AVP_PROXY_CHALLENGE, .n = 1 },
	{ .type = 32, .first = AVP_PROXY_ID, .n = 1 },
	{ .type = 33, .first = AVP_PROXY_RESPONSE, .n = 1 },
	{ .type = 34, .first = AVP_CRC_ERRORS, .n = 6 },
	{ .type = 35, .first = AVP_SEND_ACCM, .n = 2 },
	{ .type = 36, .first = AVP_RANDOM, .n = 1 },
	{ .type = 37, .first = AVP_GROUP, .n = 1 },
	{ .type = 38, .first = AVP_RECEIVE_SPEED, .n = 1 },
};

static HPROTOCOL ppp;

static void begin(void)
{
	ppp = GetProtocolFromName(L("PPP"));
}

/* Where the parts of a header are, of which all but tunnel and session may be missing. */
struct parts {
	DWORD tunnel, sequence, offset, payload;
};

static struct parts parts_of(const uint8_t *p, DWORD left)
{
	uint16_t f = be16(p);
	struct parts at;

	at.tunnel = f & LENGTH ? 4 : 2;
	at.sequence = at.tunnel + 4;
	at.offset = at.sequence + (f & SEQUENCE ? 4 : 0);
	at.payload = at.offset + (f & OFFSET ? 2 : 0);
	if (f & OFFSET && at.payload <= left)
		at.payload += be16(p + at.offset);
	return at;
}

/* Bytes of the message, as it tells. */
static DWORD message_bytes(const uint8_t *p, DWORD left)
{
	return be16(p) & LENGTH && left >= 4 ? bounded(left, be16(p + 2)) : left;
}

RECOGNIZE(recognize)
{
	left = bounded(left, *instance);
	if (left < LEAST || (be16(p) & VERSION) != 2)
		return not_mine(p, status);
	left = message_bytes(p, left);
	if (be16(p) & CONTROL)
		return rest_is_mine(status);
	return hand_on(p, parts_of(p, left).payload, left, ppp, status, next, instance);
}

static void attach_avps(const struct header *h, DWORD at)
{
	for (unsigned i = 0; i < AVPS_MAX && at + AVP <= h->left; i++) {
		struct header avp = { h->frame, h->p + at, h->left - at };
		DWORD n = be16(avp.p) & 0x3FF, bad = n < AVP || n > avp.left ? IFLAG_ERROR : 0;
		bool is_ours = be16(avp.p + 2) == 0 && !(be16(avp.p) & HIDDEN_AVP);

		avp.left = bad ? avp.left : n;
		field_attach_at(&avp, &fields[L2TP_AVP], 0, avp.left, bad);
		fields_attach(
		    &avp, &fields[L2TP_AVP_MANDATORY], L2TP_AVP_MESSAGE - L2TP_AVP_MANDATORY);
		if (!is_ours ||
		    !element_attach(&avp, fields, values, COUNT(values), be16(avp.p + 4)))
			fields_attach(&avp, &fields[L2TP_AVP_VALUE], 1);
		if (bad)
			return;
		at += n;
	}
}

ATTACH(attach)
{
	struct header h = { frame, p, bounded(left, instance) };
	struct parts at = parts_of(p, h.left);

	h.left = message_bytes(p, h.left);
	field_attach_at(&h, &fields[L2TP_SUMMARY], 0, be16(p) & CONTROL ? h.left : at.payload, 0);
	fields_attach(&h, &fields[L2TP_FLAGS], 1);
	if (be16(p) & LENGTH)
		field_attach_at(
		    &h, &fields[L2TP_LENGTH], 2, 2, be16(p + 2) < at.payload ? IFLAG_ERROR : 0);
	field_attach_at(&h, &fields[L2TP_TUNNEL], at.tunnel, 2, 0);
	field_attach_at(&h, &fields[L2TP_SESSION], at.tunnel + 2, 2, 0);
	if (be16(p) & SEQUENCE) {
		field_attach_at(&h, &fields[L2TP_NS], at.sequence, 2, 0);
		field_attach_at(&h, &fields[L2TP_NR], at.sequence + 2, 2, 0);
	}
	if (be16(p) & OFFSET)
		field_attach_at(&h, &fields[L2TP_OFFSET], at.offset, 2, 0);
	if (be16(p) & CONTROL)
		attach_avps(&h, at.payload);
	else if (h.left > at.payload)
		field_attach_at(&h, &fields[L2TP_PAYLOAD], at.payload, h.left - at.payload, 0);
	return NULL;
}

/* The first attribute of a control message is its type; without one it only acknowledges. */
static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;
	DWORD left = i->DataLength;
	struct parts at;
	const char *name = NULL;

	(void)frame;
	if (left < LEAST || (at = parts_of(p, left)).tunnel + 4 > left) {
		text_put(i, "Cut short");
		return;
	}
	if (!(be16(p) & CONTROL))
		text_put(i, "Data");
	else if (at.payload + AVP + 2 > left)
		text_put(i, "Acknowledgement");
	else if ((name = (const char *)LookupWordSetString(
		      &messages, be16(p + at.payload + AVP))) != NULL)
		text_put(i, "%s", name);
	else
		text_put(i, "Message %u", be16(p + at.payload + AVP));
	text_put(i, ", tunnel %u, session %u", be16(p + at.tunnel), be16(p + at.tunnel + 2));
}

static const struct place places[] = { { TCPIP_INI, "UDP_HandoffSet", 1701, false } };

struct parser l2tp_parser = {
	.name = "L2TP",
	.comment = "Layer Two Tunneling Protocol, version 2 (RFC 2661)",
	.fields = fields,
	.n_fields = L2TP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
