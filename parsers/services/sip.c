/* SPDX-License-Identifier: MIT */
/* SIP (RFC 3261): the first line, and each header by its name. */
#include "../common/lines.h"
#include "services.h"

#include <ctype.h>

#define VERSION "SIP/2.0"

enum {
	SIP_SUMMARY,
	SIP_REQUEST,
	SIP_METHOD,
	SIP_URI,
	SIP_STATUS_LINE,
	SIP_STATUS,
	SIP_VIA,
	SIP_FROM,
	SIP_TO,
	SIP_CALL,
	SIP_CSEQ,
	SIP_CSEQ_NUMBER,
	SIP_CSEQ_METHOD,
	SIP_CONTACT,
	SIP_MAX_FORWARDS,
	SIP_CONTENT_TYPE,
	SIP_CONTENT_LENGTH,
	SIP_USER_AGENT,
	SIP_SERVER,
	SIP_EXPIRES,
	SIP_ALLOW,
	SIP_SUPPORTED,
	SIP_REQUIRE,
	SIP_ROUTE,
	SIP_RECORD_ROUTE,
	SIP_AUTHORIZATION,
	SIP_WWW_AUTHENTICATE,
	SIP_PROXY_AUTHORIZATION,
	SIP_PROXY_AUTHENTICATE,
	SIP_SUBJECT,
	SIP_DATE,
	SIP_EVENT,
	SIP_REFER_TO,
	SIP_SESSION_EXPIRES,
	SIP_ASSERTED,
	SIP_HEADER,
	SIP_BODY,
	SIP_FIELDS
};

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[SIP_SUMMARY] = { "Summary of the SIP message", "sip", SUMMARY, .format = format_summary },
	[SIP_REQUEST] = { "Request Line", "sip.Request-Line", TEXT(0, 0) },
	[SIP_METHOD] = { "Method", "sip.Method", TEXT(0, 0), .level = 2 },
	[SIP_URI] = { "Request URI", "sip.r-uri", TEXT(0, 0), .level = 2 },
	[SIP_STATUS_LINE] = { "Status Line", "sip.Status-Line", TEXT(0, 0) },
	[SIP_STATUS] = { "Status Code", "sip.Status-Code", LE_U32(0), .level = 2 },
	[SIP_VIA] = { "Via", "sip.Via", TEXT(0, 0) },
	[SIP_FROM] = { "From", "sip.From", TEXT(0, 0) },
	[SIP_TO] = { "To", "sip.To", TEXT(0, 0) },
	[SIP_CALL] = { "Call-ID", "sip.Call-ID", TEXT(0, 0) },
	[SIP_CSEQ] = { "CSeq", "sip.CSeq", TEXT(0, 0) },
	[SIP_CSEQ_NUMBER] = { "Sequence Number", "sip.CSeq.seq", LE_U32(0), .level = 2 },
	[SIP_CSEQ_METHOD] = { "Sequence Method", "sip.CSeq.method", TEXT(0, 0), .level = 2 },
	[SIP_CONTACT] = { "Contact", "sip.Contact", TEXT(0, 0) },
	[SIP_MAX_FORWARDS] = { "Max-Forwards", "sip.Max-Forwards", LE_U32(0) },
	[SIP_CONTENT_TYPE] = { "Content-Type", "sip.Content-Type", TEXT(0, 0) },
	[SIP_CONTENT_LENGTH] = { "Content-Length", "sip.Content-Length", LE_U32(0) },
	[SIP_USER_AGENT] = { "User-Agent", "sip.User-Agent", TEXT(0, 0) },
	[SIP_SERVER] = { "Server", "sip.Server", TEXT(0, 0) },
	[SIP_EXPIRES] = { "Expires", "sip.Expires", LE_U32(0) },
	[SIP_ALLOW] = { "Allow", "sip.Allow", TEXT(0, 0) },
	[SIP_SUPPORTED] = { "Supported", "sip.Supported", TEXT(0, 0) },
	[SIP_REQUIRE] = { "Require", "sip.Require", TEXT(0, 0) },
	[SIP_ROUTE] = { "Route", "sip.Route", TEXT(0, 0) },
	[SIP_RECORD_ROUTE] = { "Record-Route", "sip.Record-Route", TEXT(0, 0) },
	[SIP_AUTHORIZATION] = { "Authorization", "sip.Authorization", TEXT(0, 0) },
	[SIP_WWW_AUTHENTICATE] = { "WWW-Authenticate", "sip.WWW-Authenticate", TEXT(0, 0) },
	[SIP_PROXY_AUTHORIZATION] = { "Proxy-Authorization", "sip.Proxy-Authorization",
	    TEXT(0, 0) },
	[SIP_PROXY_AUTHENTICATE] = { "Proxy-Authenticate", "sip.Proxy-Authenticate", TEXT(0, 0) },
	[SIP_SUBJECT] = { "Subject", "sip.Subject", TEXT(0, 0) },
	[SIP_DATE] = { "Date", "sip.Date", TEXT(0, 0) },
	[SIP_EVENT] = { "Event", "sip.Event", TEXT(0, 0) },
	[SIP_REFER_TO] = { "Refer-To", "sip.Refer-To", TEXT(0, 0) },
	[SIP_SESSION_EXPIRES] = { "Session-Expires", "sip.Session-Expires", TEXT(0, 0) },
	[SIP_ASSERTED] = { "P-Asserted-Identity", "sip.P-Asserted-Identity", TEXT(0, 0) },
	[SIP_HEADER] = { "Header", NULL, TEXT(0, 0) },
	[SIP_BODY] = { "Body", "sip.msg_body", BYTES(0, 0) },
};

/* Headers by name, and by the one letter that some may be. */
static const struct named_row rows[] = {
	{ "Via", SIP_VIA },
	{ "v", SIP_VIA },
	{ "From", SIP_FROM },
	{ "f", SIP_FROM },
	{ "To", SIP_TO },
	{ "t", SIP_TO },
	{ "Call-ID", SIP_CALL },
	{ "i", SIP_CALL },
	{ "CSeq", SIP_CSEQ },
	{ "Contact", SIP_CONTACT },
	{ "m", SIP_CONTACT },
	{ "Max-Forwards", SIP_MAX_FORWARDS },
	{ "Content-Type", SIP_CONTENT_TYPE },
	{ "c", SIP_CONTENT_TYPE },
	{ "Content-Length", SIP_CONTENT_LENGTH },
	{ "l", SIP_CONTENT_LENGTH },
	{ "User-Agent", SIP_USER_AGENT },
	{ "Server", SIP_SERVER },
	{ "Expires", SIP_EXPIRES },
	{ "Allow", SIP_ALLOW },
	{ "Supported", SIP_SUPPORTED },
	{ "k", SIP_SUPPORTED },
	{ "Require", SIP_REQUIRE },
	{ "Route", SIP_ROUTE },
	{ "Record-Route", SIP_RECORD_ROUTE },
	{ "Authorization", SIP_AUTHORIZATION },
	{ "WWW-Authenticate", SIP_WWW_AUTHENTICATE },
	{ "Proxy-Authorization", SIP_PROXY_AUTHORIZATION },
	{ "Proxy-Authenticate", SIP_PROXY_AUTHENTICATE },
	{ "Subject", SIP_SUBJECT },
	{ "s", SIP_SUBJECT },
	{ "Date", SIP_DATE },
	{ "Event", SIP_EVENT },
	{ "o", SIP_EVENT },
	{ "Refer-To", SIP_REFER_TO },
	{ "r", SIP_REFER_TO },
	{ "Session-Expires", SIP_SESSION_EXPIRES },
	{ "x", SIP_SESSION_EXPIRES },
	{ "P-Asserted-Identity", SIP_ASSERTED },
};

static const struct line_headers headers = {
	.fields = fields, .rows = rows, .n = COUNT(rows), .unknown = SIP_HEADER
};

/* A method is a word, of letters as far as anybody has seen. */
static bool is_request(const struct header *h, struct part line)
{
	struct part method = word_take(h, &line), last = line;

	for (DWORD i = 0; i < method.size; i++)
		if (!isalpha(h->p[method.at + i]))
			return false;
	if (method.size == 0 || line.size <= sizeof VERSION)
		return false;
	last.at += line.size - (DWORD)sizeof VERSION;
	last.size = sizeof VERSION;
	return part_is(h, last, " " VERSION);
}

static bool is_response(const struct header *h, struct part line)
{
	return part_begins(h, line, VERSION " ");
}

/* A segment or datagram may be something else: what keeps a binding alive, a message's rest. */
RECOGNIZE(recognize)
{
	const struct header h = { frame, p, bounded(left, *instance) };
	struct line first;

	(void)next;
	if (!line_at(&h, 0, &first) ||
	    (!is_response(&h, first.text) && !is_request(&h, first.text)))
		return not_mine(p, status);
	return rest_is_mine(status);
}

static void attach_first(const struct header *h, struct part line)
{
	struct part whole = line, first = word_take(h, &line), second = word_take(h, &line);

	if (is_response(h, whole)) {
		part_attach(h, &fields[SIP_STATUS_LINE], whole, 0);
		part_attach(h, &fields[SIP_STATUS], second, 0);
		return;
	}
	part_attach(h, &fields[SIP_REQUEST], whole, 0);
	part_attach(h, &fields[SIP_METHOD], first, 0);
	part_attach(h, &fields[SIP_URI], second, 0);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	struct part sequence, number;
	struct line first;
	DWORD body;

	field_attach_at(&h, &fields[SIP_SUMMARY], 0, h.left, 0);
	if (!line_at(&h, 0, &first))
		return NULL;
	attach_first(&h, first.text);
	(void)headers_attach(&headers, &h, first.next, 0);
	sequence = header_find(&h, first.next, "CSeq", &body);
	if (sequence.size) {
		number = word_take(&h, &sequence);
		part_attach(&h, &fields[SIP_CSEQ_NUMBER], number, 0);
		part_attach(&h, &fields[SIP_CSEQ_METHOD], sequence, 0);
	}
	if (body < h.left)
		field_attach_at(&h, &fields[SIP_BODY], body, h.left - body, 0);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	text_put_line(i);
}

static const struct place places[] = {
	{ TCPIP_INI, "UDP_HandoffSet", 5060, false },
	{ TCPIP_INI, "TCP_HandoffSet", 5060, false },
};

struct parser sip_parser = {
	.name = "SIP",
	.comment = "Session Initiation Protocol (RFC 3261)",
	.fields = fields,
	.n_fields = SIP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
};
