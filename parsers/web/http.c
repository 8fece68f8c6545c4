/* SPDX-License-Identifier: MIT */
/* HTTP/1 (RFC 9112), and SSDP, which is the same over UDP.
 *
 * A segment is looked at alone: one that does not begin with a message is not ours. */
#include "../common/lines.h"
#include "web.h"

enum {
	HTTP_SUMMARY,
	HTTP_START,
	HTTP_METHOD,
	HTTP_URI,
	HTTP_PATH,
	HTTP_QUERY,
	HTTP_PARAMETER,
	HTTP_REQUEST_VERSION,
	HTTP_RESPONSE_VERSION,
	HTTP_CODE,
	HTTP_PHRASE,
	HTTP_IS_REQUEST,
	HTTP_IS_RESPONSE,
	HTTP_REQUEST_LINE,
	HTTP_RESPONSE_LINE,
	HTTP_HEADER,
	HTTP_HOST,
	HTTP_USER_AGENT,
	HTTP_ACCEPT,
	HTTP_ACCEPT_LANGUAGE,
	HTTP_ACCEPT_ENCODING,
	HTTP_CONNECTION,
	HTTP_REFERER,
	HTTP_COOKIE,
	HTTP_COOKIE_PAIR,
	HTTP_SET_COOKIE,
	HTTP_CONTENT_TYPE,
	HTTP_CONTENT_LENGTH_TEXT,
	HTTP_CONTENT_LENGTH,
	HTTP_CONTENT_ENCODING,
	HTTP_TRANSFER_ENCODING,
	HTTP_CACHE_CONTROL,
	HTTP_DATE,
	HTTP_SERVER,
	HTTP_LOCATION,
	HTTP_LAST_MODIFIED,
	HTTP_AUTHORIZATION,
	HTTP_WWW_AUTHENTICATE,
	HTTP_PROXY_AUTHORIZATION,
	HTTP_PROXY_AUTHENTICATE,
	HTTP_UPGRADE,
	HTTP_FORWARDED_FOR,
	HTTP_WEBSOCKET_KEY,
	HTTP_WEBSOCKET_ACCEPT,
	HTTP_WEBSOCKET_PROTOCOL,
	HTTP_WEBSOCKET_EXTENSIONS,
	HTTP_WEBSOCKET_VERSION,
	HTTP_2_SETTINGS,
	HTTP_CHUNK_SIZE,
	HTTP_CHUNK,
	HTTP_BOUNDARY,
	HTTP_BODY,
	HTTP_FIELDS
};

static void format_summary(LPPROPERTYINST i, HFRAME frame);

#define VALUE(label_, name_)                                                                       \
	{                                                                                          \
		label_, name_, TEXT(0, 0)                                                          \
	}

/* Both protocols have the same fields; the first row differs. */
#define ROWS(what_, name_)                                                                         \
	[HTTP_SUMMARY] = { "Summary of the " what_ " message", name_, SUMMARY,                     \
		.format = format_summary },                                                        \
	[HTTP_START] = { "Start Line", NULL, TEXT(0, 0), .format = format_line },                  \
	[HTTP_METHOD] = { "Request Method", "http.request.method", TEXT(0, 0), .level = 2 },       \
	[HTTP_URI] = { "Uniform Resource Identifier", "http.request.uri", TEXT(0, 0),              \
		.level = 2 },                                                                      \
	[HTTP_PATH] = { "Path", "http.request.uri.path", TEXT(0, 0), .level = 3 },                 \
	[HTTP_QUERY] = { "Query", "http.request.uri.query", TEXT(0, 0), .level = 3 },              \
	[HTTP_PARAMETER] = { "Query Parameter", "http.request.uri.query.parameter", TEXT(0, 0),    \
		.level = 4 },                                                                      \
	[HTTP_REQUEST_VERSION] = { "Protocol Version", "http.request.version", TEXT(0, 0),         \
		.level = 2 },                                                                      \
	[HTTP_RESPONSE_VERSION] = { "Response Version", "http.response.version", TEXT(0, 0),       \
		.level = 2 },                                                                      \
	[HTTP_CODE] = { "Status Code", "http.response.code", LE_U16(0), .level = 2 },              \
	[HTTP_PHRASE] = { "Reason", "http.response.phrase", TEXT(0, 0), .level = 2 },              \
	[HTTP_IS_REQUEST] = { "Request", "http.request", U8(0), .level = HIDDEN },                 \
	[HTTP_IS_RESPONSE] = { "Response", "http.response", U8(0), .level = HIDDEN },              \
	[HTTP_REQUEST_LINE] = { "Line of a Request", "http.request.line", TEXT(0, 0),              \
		.level = HIDDEN, .format = format_line },                                          \
	[HTTP_RESPONSE_LINE] = { "Line of a Response", "http.response.line", TEXT(0, 0),           \
		.level = HIDDEN, .format = format_line },                                          \
	[HTTP_HEADER] = { "Undocumented Header", NULL, TEXT(0, 0), .format = format_line },        \
	[HTTP_HOST] = VALUE("Host", "http.host"),                                                  \
	[HTTP_USER_AGENT] = VALUE("User-Agent", "http.user_agent"),                                \
	[HTTP_ACCEPT] = VALUE("Accept", "http.accept"),                                            \
	[HTTP_ACCEPT_LANGUAGE] = VALUE("Accept-Language", "http.accept_language"),                 \
	[HTTP_ACCEPT_ENCODING] = VALUE("Accept-Encoding", "http.accept_encoding"),                 \
	[HTTP_CONNECTION] = VALUE("Connection", "http.connection"),                                \
	[HTTP_REFERER] = VALUE("Referer", "http.referer"),                                         \
	[HTTP_COOKIE] = VALUE("Cookie", "http.cookie"),                                            \
	[HTTP_COOKIE_PAIR] = { "Cookie Pair", "http.cookie_pair", TEXT(0, 0), .level = 2 },        \
	[HTTP_SET_COOKIE] = VALUE("Set-Cookie", "http.set_cookie"),                                \
	[HTTP_CONTENT_TYPE] = VALUE("Content-Type", "http.content_type"),                          \
	[HTTP_CONTENT_LENGTH_TEXT] = { "Content-Length as text", "http.content_length_header",     \
		TEXT(0, 0), .level = HIDDEN },                                                     \
	[HTTP_CONTENT_LENGTH] = { "Content-Length", "http.content_length", LE_U64(0) },            \
	[HTTP_CONTENT_ENCODING] = VALUE("Content-Encoding", "http.content_encoding"),              \
	[HTTP_TRANSFER_ENCODING] = VALUE("Transfer-Encoding", "http.transfer_encoding"),           \
	[HTTP_CACHE_CONTROL] = VALUE("Cache-Control", "http.cache_control"),                       \
	[HTTP_DATE] = VALUE("Date", "http.date"), [HTTP_SERVER] = VALUE("Server", "http.server"),  \
	[HTTP_LOCATION] = VALUE("Location", "http.location"),                                      \
	[HTTP_LAST_MODIFIED] = VALUE("Last-Modified", "http.last_modified"),                       \
	[HTTP_AUTHORIZATION] = VALUE("Authorization", "http.authorization"),                       \
	[HTTP_WWW_AUTHENTICATE] = VALUE("WWW-Authenticate", "http.www_authenticate"),              \
	[HTTP_PROXY_AUTHORIZATION] = VALUE("Proxy-Authorization", "http.proxy_authorization"),     \
	[HTTP_PROXY_AUTHENTICATE] = VALUE("Proxy-Authenticate", "http.proxy_authenticate"),        \
	[HTTP_UPGRADE] = VALUE("Upgrade", "http.upgrade"),                                         \
	[HTTP_FORWARDED_FOR] = VALUE("X-Forwarded-For", "http.x_forwarded_for"),                   \
	[HTTP_WEBSOCKET_KEY] = VALUE("Sec-WebSocket-Key", "http.sec_websocket_key"),               \
	[HTTP_WEBSOCKET_ACCEPT] = VALUE("Sec-WebSocket-Accept", "http.sec_websocket_accept"),      \
	[HTTP_WEBSOCKET_PROTOCOL] =                                                                \
	    VALUE("Sec-WebSocket-Protocol", "http.sec_websocket_protocol"),                        \
	[HTTP_WEBSOCKET_EXTENSIONS] =                                                              \
	    VALUE("Sec-WebSocket-Extensions", "http.sec_websocket_extensions"),                    \
	[HTTP_WEBSOCKET_VERSION] = VALUE("Sec-WebSocket-Version", "http.sec_websocket_version"),   \
	[HTTP_2_SETTINGS] = VALUE("HTTP2-Settings", "http.http2_settings"),                        \
	[HTTP_CHUNK_SIZE] = { "Chunk Size", "http.chunk_size", LE_U32(0) },                        \
	[HTTP_CHUNK] = { "Chunk Data", "http.chunk_data", BYTES(0, 0), .level = 2 },               \
	[HTTP_BOUNDARY] = { "Chunk Boundary", "http.chunk_boundary", BYTES(0, 0) },                \
	[HTTP_BODY] = { "Content", "http.file_data", BYTES(0, 0) }

static struct field fields[] = { ROWS("HTTP", "http") };
static struct field ssdp_fields[] = { ROWS("SSDP", "ssdp") };

static const struct named_row header_rows[] = {
	{ "Host", HTTP_HOST },
	{ "User-Agent", HTTP_USER_AGENT },
	{ "Accept", HTTP_ACCEPT },
	{ "Accept-Language", HTTP_ACCEPT_LANGUAGE },
	{ "Accept-Encoding", HTTP_ACCEPT_ENCODING },
	{ "Connection", HTTP_CONNECTION },
	{ "Referer", HTTP_REFERER },
	{ "Cookie", HTTP_COOKIE },
	{ "Set-Cookie", HTTP_SET_COOKIE },
	{ "Content-Type", HTTP_CONTENT_TYPE },
	{ "Content-Length", HTTP_CONTENT_LENGTH_TEXT },
	{ "Content-Length", HTTP_CONTENT_LENGTH },
	{ "Content-Encoding", HTTP_CONTENT_ENCODING },
	{ "Transfer-Encoding", HTTP_TRANSFER_ENCODING },
	{ "Cache-Control", HTTP_CACHE_CONTROL },
	{ "Date", HTTP_DATE },
	{ "Server", HTTP_SERVER },
	{ "Location", HTTP_LOCATION },
	{ "Last-Modified", HTTP_LAST_MODIFIED },
	{ "Authorization", HTTP_AUTHORIZATION },
	{ "WWW-Authenticate", HTTP_WWW_AUTHENTICATE },
	{ "Proxy-Authorization", HTTP_PROXY_AUTHORIZATION },
	{ "Proxy-Authenticate", HTTP_PROXY_AUTHENTICATE },
	{ "Upgrade", HTTP_UPGRADE },
	{ "X-Forwarded-For", HTTP_FORWARDED_FOR },
	{ "Sec-WebSocket-Key", HTTP_WEBSOCKET_KEY },
	{ "Sec-WebSocket-Accept", HTTP_WEBSOCKET_ACCEPT },
	{ "Sec-WebSocket-Protocol", HTTP_WEBSOCKET_PROTOCOL },
	{ "Sec-WebSocket-Extensions", HTTP_WEBSOCKET_EXTENSIONS },
	{ "Sec-WebSocket-Version", HTTP_WEBSOCKET_VERSION },
	{ "HTTP2-Settings", HTTP_2_SETTINGS },
};

/* ---- is it? ------------------------------------------------------------------------------- */

/* RFC 9110, WebDAV (4918, 3253, 3648, 5323), UPnP, Exchange, RPC over HTTP. */
static const char *const methods[] = { "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS", "CONNECT",
	"TRACE", "PATCH", "PROPFIND", "PROPPATCH", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK",
	"VERSION-CONTROL", "REPORT", "CHECKOUT", "CHECKIN", "UNCHECKOUT", "MKWORKSPACE", "UPDATE",
	"LABEL", "MERGE", "BASELINE-CONTROL", "MKACTIVITY", "ORDERPATCH", "ACL", "SEARCH", "NOTIFY",
	"M-SEARCH", "SUBSCRIBE", "UNSUBSCRIBE", "POLL", "BMOVE", "BCOPY", "BDELETE", "BPROPFIND",
	"BPROPPATCH", "RPC_IN_DATA", "RPC_OUT_DATA", "RPC_CONNECT", "CCM_POST", "SOURCE" };

static bool is_version(const struct header *h, struct part word)
{
	return word.size >= 8 && part_begins(h, word, "HTTP/");
}

static bool is_method(const struct header *h, struct part word)
{
	for (size_t i = 0; i < COUNT(methods); i++)
		if (word.size == strlen(methods[i]) &&
		    memcmp(h->p + word.at, methods[i], word.size) == 0)
			return true;
	return false;
}

struct start {
	struct part line, first, second, third;
	DWORD next;
	bool request;
};

/* Of the last word, as a version is cut off when the line is not whole. */
static bool is_message(const struct header *h, DWORD at, struct start *s)
{
	struct line line;
	struct part rest;

	/* All begin with a capital: nothing else is looked through for the end of a line. */
	if (at >= h->left || h->p[at] < 'A' || h->p[at] > 'Z')
		return false;
	if (!line_at(h, at, &line) || !part_is_text(h, line.text))
		return false;
	s->line = rest = line.text;
	s->next = line.next;
	s->first = word_take(h, &rest);
	s->second = word_take(h, &rest);
	s->third = rest;
	s->request = is_method(h, s->first);
	if (!s->request)
		return is_version(h, s->first) && s->second.size == 3 && s->second.at > at + 8;
	if (s->second.size == 0)
		return false;
	return is_version(h, s->third) || !line.whole ||
	       (s->third.size == 0 && h->p[s->second.at] == '/');
}

RECOGNIZE(recognize)
{
	const struct header h = { frame, p, bounded(left, *instance) };
	struct start s;

	(void)next;
	return is_message(&h, 0, &s) ? rest_is_mine(status) : not_mine(p, status);
}

/* ---- properties ----------------------------------------------------------------------------- */

static void attach_uri(const struct header *h, const struct field *f, struct part uri)
{
	DWORD question = part_find(h, uri, '?'), end = uri.at + uri.size;
	struct part query;

	part_attach(h, &f[HTTP_URI], uri, 0);
	if (question == end)
		return;
	part_attach(h, &f[HTTP_PATH], (struct part){ uri.at, question - uri.at }, 0);
	query = (struct part){ question + 1, end - question - 1 };
	part_attach(h, &f[HTTP_QUERY], query, 0);
	parts_attach(h, &f[HTTP_PARAMETER], query, '&');
}

static void attach_start(const struct header *h, const struct field *f, const struct start *s)
{
	static const uint8_t yes = 1;

	field_attach_at(h, &f[HTTP_START], s->line.at, s->next - s->line.at, 0);
	if (s->request) {
		part_attach(h, &f[HTTP_METHOD], s->first, 0);
		attach_uri(h, f, s->second);
		if (s->third.size)
			part_attach(h, &f[HTTP_REQUEST_VERSION], s->third, 0);
	} else {
		part_attach(h, &f[HTTP_RESPONSE_VERSION], s->first, 0);
		part_attach(h, &f[HTTP_CODE], s->second, 0);
		part_attach(h, &f[HTTP_PHRASE], s->third, 0);
	}
	field_attach_value(h, &f[s->request ? HTTP_IS_REQUEST : HTTP_IS_RESPONSE], s->line.at,
	    s->line.size, &yes, 1, 0);
}

/* "size;extension\r\n", data, "\r\n", until size 0. Where they end. */
static DWORD attach_chunks(const struct header *h, const struct field *f, DWORD at)
{
	struct line line;

	for (unsigned i = 0; i < ELEMENTS_MOST && line_at(h, at, &line) && line.whole; i++) {
		struct part size = { at, part_find(h, line.text, ';') - at };
		uint64_t n;
		uint32_t shown;

		while (size.size > 0 && h->p[at + size.size - 1] == ' ')
			size.size--;
		if (!part_number(h, size, 16, &n) || n > UINT32_MAX) {
			field_attach_at(h, &f[HTTP_CHUNK_SIZE], at, 0, IFLAG_ERROR);
			return h->left;
		}
		shown = (uint32_t)n;
		field_attach_value(
		    h, &f[HTTP_CHUNK_SIZE], at, line.text.size, &shown, sizeof shown, 0);
		if (n == 0) {
			(void)header_find(h, line.next, "", &at); /* trailers */
			return at;
		}
		if (n > h->left - line.next)
			n = h->left - line.next;
		field_attach_at(h, &f[HTTP_CHUNK], line.next, (DWORD)n, 0);
		at = line.next + (DWORD)n;
		if (line_at(h, at, &line) && line.text.size == 0) {
			field_attach_at(h, &f[HTTP_BOUNDARY], at, line.next - at, 0);
			at = line.next;
		}
	}
	return h->left;
}

/* What of the body is there. Where the next message begins. */
static DWORD attach_body(
    const struct header *h, const struct field *f, const struct start *s, DWORD at)
{
	DWORD end;
	struct part length = header_find(h, s->next, "Content-Length", &end);
	struct part coding = header_find(h, s->next, "Transfer-Encoding", &end);
	uint64_t n = h->left - at;

	if (part_begins(h, coding, "chunked"))
		return attach_chunks(h, f, at);
	if (length.size && (!part_number(h, length, 10, &n) || n > h->left - at))
		n = h->left - at;
	else if (!length.size && s->request)
		n = 0;
	if (n > 0)
		field_attach_at(h, &f[HTTP_BODY], at, (DWORD)n, 0);
	return at + (DWORD)n;
}

static void attach_pairs(
    const struct line_headers *l, const struct header *h, uint16_t row, struct part value)
{
	if (row == HTTP_COOKIE)
		parts_attach(h, &l->fields[HTTP_COOKIE_PAIR], value, ';');
}

static LPBYTE attach_all(const struct header *h, const struct field *f)
{
	const struct line_headers headers = { f, header_rows, COUNT(header_rows), HTTP_HEADER,
		attach_pairs };
	struct start s;
	DWORD at = 0;

	field_attach_at(h, &f[HTTP_SUMMARY], 0, h->left, 0);
	while (at < h->left && at < MESSAGES_END && is_message(h, at, &s)) {
		attach_start(h, f, &s);
		at = headers_attach(
		    &headers, h, s.next, s.request ? HTTP_REQUEST_LINE : HTTP_RESPONSE_LINE);
		if (at < h->left)
			at = attach_body(h, f, &s, at);
	}
	if (at < h->left)
		field_attach_at(h, &f[HTTP_BODY], at, h->left - at, 0);
	return NULL;
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };

	return attach_all(&h, fields);
}

ATTACH(attach_ssdp)
{
	const struct header h = { frame, p, bounded(left, instance) };

	return attach_all(&h, ssdp_fields);
}

/* "GET /index.html HTTP/1.1, www.example.com" */
static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const struct header h = { frame, i->lpByte, i->DataLength };
	struct part value;
	struct start s;
	DWORD end;

	text_put_line(i);
	if (!is_message(&h, 0, &s))
		return;
	value = header_find(&h, s.next, s.request ? "Host" : "Content-Type", &end);
	if (value.size) {
		text_put(i, ", ");
		text_put_bytes(i, h.p + value.at, value.size);
	}
}

/* ---- places ----------------------------------------------------------------------------------- */

static const struct place places[] = { TCP_PORT(80), TCP_PORT(631), TCP_PORT(1900), TCP_PORT(2710),
	TCP_PORT(2869), TCP_PORT(3128), TCP_PORT(3132), TCP_PORT(3689), TCP_PORT(5985),
	TCP_PORT(8080), TCP_PORT(8088), TCP_PORT(11371) };

static const struct place ssdp_places[] = { UDP_PORT(1900) };

struct parser http_parser = {
	.name = "HTTP",
	.comment = "Hypertext Transfer Protocol (RFC 9112)",
	.fields = fields,
	.n_fields = HTTP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.follows = "TCP",
	.places = places,
	.n_places = COUNT(places),
};

struct parser ssdp_parser = {
	.name = "SSDP",
	.comment = "Simple Service Discovery Protocol (UPnP)",
	.fields = ssdp_fields,
	.n_fields = HTTP_FIELDS,
	.recognize = recognize,
	.attach = attach_ssdp,
	.places = ssdp_places,
	.n_places = COUNT(ssdp_places),
};
