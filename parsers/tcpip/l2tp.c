/* SPDX-License-Identifier: MIT */
/* L2TP, version 2 (RFC 2661), over UDP. */
#include "tcpip.h"

#define CONTROL  0x8000u /* flags: a control message, and what the header has */
#define LENGTH   0x4000u
#define SEQUENCE 0x0800u
#define OFFSET   0x0200u
#define VERSION  0x000Fu
#define LEAST    6u /* bytes of a header */
#define AVP      6u /* bytes of an attribute before its value */
#define MESSAGE  0u /* the attribute that is the message's type */
#define AVPS_MAX 256u

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
	L2TP_AVP_LENGTH,
	L2TP_AVP_VENDOR,
	L2TP_AVP_TYPE,
	L2TP_AVP_MESSAGE,
	L2TP_AVP_VALUE,
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
	[L2TP_AVP_LENGTH] = { "Attribute Length", "l2tp.avp.length", BITS16(0, 0x03FF),
	    .level = 2 },
	[L2TP_AVP_VENDOR] = { "Vendor", "l2tp.avp.vendor_id", U16(2), .level = 2 },
	[L2TP_AVP_TYPE] = { "Attribute Type", "l2tp.avp.type", U16(4), LABELED(avps), .level = 2 },
	[L2TP_AVP_MESSAGE] = { "Message Type", "l2tp.avp.message_type", U16(6), LABELED(messages),
	    .level = 2 },
	[L2TP_AVP_VALUE] = { "Attribute Value", NULL, BYTES(AVP, 0), .level = 2 },
	[L2TP_PAYLOAD] = { "L2TP Data", NULL, BYTES(0, 0) },
};

static const PARSERFIELDNAME names[] = {
	{ L("Flags and Version"), L("l2tp.type"), CONTROL, 0 },
	{ L("Flags and Version"), L("l2tp.length_bit"), LENGTH, 0 },
	{ L("Flags and Version"), L("l2tp.seq_bit"), SEQUENCE, 0 },
	{ L("Flags and Version"), L("l2tp.offset_bit"), OFFSET, 0 },
	{ L("Flags and Version"), L("l2tp.priority"), 0x0100, 0 },
	{ L("Flags and Version"), L("l2tp.version"), VERSION, 0 },
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
		bool is_message = be16(avp.p + 2) == 0 && be16(avp.p + 4) == MESSAGE;

		avp.left = bad ? avp.left : n;
		field_attach_at(&avp, &fields[L2TP_AVP], 0, avp.left, bad);
		fields_attach(&avp, &fields[L2TP_AVP_LENGTH], 3);
		fields_attach(&avp, &fields[is_message ? L2TP_AVP_MESSAGE : L2TP_AVP_VALUE], 1);
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
