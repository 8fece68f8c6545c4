/* SPDX-License-Identifier: MIT */
/* What SIP's header fields consist of (RFC 3261, 25.1; RFC 2617; RFC 3326). */
#include "sip.h"

/* Rows of an address, from its first one on. */
enum { AT_DISPLAY, AT_URI, AT_USER, AT_HOST, AT_PORT, AT_PARAM };

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct part trimmed(const struct header *h, struct part p)
{
	while (p.size > 0 && is_blank(h->p[p.at]))
		p.at++, p.size--;
	while (p.size > 0 && is_blank(h->p[p.at + p.size - 1]))
		p.size--;
	return p;
}

/* Where the first `c` is outside of quotes and of <>; p.at + p.size: nowhere. */
static DWORD find_bare(const struct header *h, struct part p, char c)
{
	bool in_quotes = false, in_brackets = false;
	DWORD at = p.at, end = p.at + p.size;

	for (; at < end; at++) {
		uint8_t b = h->p[at];

		if (b == (uint8_t)c && !in_quotes && !in_brackets)
			return at;
		if (in_quotes && b == '\\')
			at++;
		else if (b == '"')
			in_quotes = !in_quotes;
		else if (!in_quotes && (b == '<' || b == '>'))
			in_brackets = b == '<';
	}
	return end;
}

/* What is before the next bare `c` of *rest, which then begins behind it. */
static struct part take(const struct header *h, struct part *rest, char c)
{
	DWORD end = rest->at + rest->size, at = find_bare(h, *rest, c);
	struct part before = { rest->at, at - rest->at };

	rest->at = at < end ? at + 1 : end;
	rest->size = end - rest->at;
	return trimmed(h, before);
}

/* "name=value"; without a value: the name. */
static struct part value_of(const struct header *h, struct part pair, struct part *name)
{
	struct part rest = pair;

	*name = take(h, &rest, '=');
	return rest.size ? trimmed(h, rest) : *name;
}

static void attach_text(const struct header *h, unsigned row, struct part p)
{
	if (p.size)
		part_attach(h, &sip_fields[row], p, 0);
}

/* "host:5060", the host perhaps an IPv6 address in []. */
static void attach_host(const struct header *h, unsigned host_row, struct part p)
{
	DWORD end = p.at + p.size, from = p.at;
	struct part host = p;

	if (p.size && h->p[p.at] == '[')
		from = part_find(h, p, ']');
	host.size = part_find(h, (struct part){ from, end - from }, ':') - p.at;
	attach_text(h, host_row, host);
	if (host.size + 1 < p.size)
		attach_text(
		    h, host_row + 1, (struct part){ p.at + host.size + 1, p.size - host.size - 1 });
}

/* ---- addresses ------------------------------------------------------------------------------ */

/* "sip:user@host:port;parameter;parameter?header" */
void sip_uri_attach(const struct header *h, uint16_t first, struct part uri)
{
	DWORD end = uri.at + uri.size, at;
	struct part rest = uri, user;

	if (!part_begins(h, uri, "sip:") && !part_begins(h, uri, "sips:"))
		return;
	rest.at = part_find(h, uri, ':') + 1;
	rest.size = end - rest.at;
	at = part_find(h, rest, '@');
	if (at < end) {
		user = (struct part){ rest.at, at - rest.at };
		user.size = part_find(h, user, ':') - user.at; /* a password is behind it */
		attach_text(h, first + AT_USER, user);
		rest = (struct part){ at + 1, end - at - 1 };
	}
	rest.size = part_find(h, rest, '?') - rest.at;
	attach_host(h, first + AT_HOST, take(h, &rest, ';'));
	for (unsigned i = 0; i < PARTS_MOST && rest.size; i++)
		attach_text(h, first + AT_PARAM, take(h, &rest, ';'));
}

static const struct address {
	uint16_t row, first;     /* the header field's; its parts' */
	uint16_t tag, parameter; /* of what stands behind the address; 0: none */
} addresses[] = {
	{ SIP_FROM, SIP_FROM_DISPLAY, SIP_FROM_TAG, 0 },
	{ SIP_TO, SIP_TO_DISPLAY, SIP_TO_TAG, 0 },
	{ SIP_CONTACT, SIP_CONTACT_DISPLAY, 0, SIP_CONTACT_PARAMETER },
	{ SIP_ROUTE, SIP_ROUTE_DISPLAY, 0, 0 },
	{ SIP_RECORD_ROUTE, SIP_RECORD_ROUTE_DISPLAY, 0, 0 },
	{ SIP_SERVICE_ROUTE, SIP_SERVICE_ROUTE_DISPLAY, 0, 0 },
	{ SIP_PATH, SIP_PATH_DISPLAY, 0, 0 },
	{ SIP_ASSERTED, SIP_ASSERTED_DISPLAY, 0, 0 },
	{ SIP_P_PREFERRED_IDENTITY, SIP_PREFERRED_DISPLAY, 0, 0 },
};

/* "Name <uri>;parameter", or "uri;parameter" */
static void attach_address(const struct header *h, const struct address *a, struct part p)
{
	DWORD end = p.at + p.size, open = find_bare(h, p, '<');
	struct part uri, rest, name, value, pair;

	if (open < end) {
		attach_text(h, a->first + AT_DISPLAY, (struct part){ p.at, open - p.at });
		rest = (struct part){ open + 1, end - open - 1 };
		uri = (struct part){ open + 1, part_find(h, rest, '>') - open - 1 };
		rest.at += uri.size + (uri.size < rest.size);
		rest.size = end - rest.at;
		(void)take(h, &rest, ';');
	} else {
		rest = p;
		uri = take(h, &rest, ';');
	}
	attach_text(h, a->first + AT_URI, uri);
	sip_uri_attach(h, a->first, uri);
	for (unsigned i = 0; i < PARTS_MOST && rest.size; i++) {
		pair = take(h, &rest, ';');
		value = value_of(h, pair, &name);
		if (a->tag && part_is(h, name, "tag"))
			attach_text(h, a->tag, value);
		else if (a->parameter)
			attach_text(h, a->parameter, pair);
	}
}

/* ---- pairs of names and values --------------------------------------------------------------- */

struct pairs {
	const struct named_row *rows;
	unsigned n;
	char between;
};

static void attach_pairs(const struct header *h, const struct pairs *pairs, struct part rest)
{
	struct part name, value;

	for (unsigned k = 0; k < PARTS_MOST && rest.size; k++) {
		value = value_of(h, take(h, &rest, pairs->between), &name);
		for (unsigned i = 0; i < pairs->n; i++)
			if (part_is(h, name, pairs->rows[i].name))
				attach_text(h, pairs->rows[i].row, value);
	}
}

static const struct named_row hop_rows[] = {
	{ "branch", SIP_VIA_BRANCH },
	{ "received", SIP_VIA_RECEIVED },
	{ "rport", SIP_VIA_RPORT },
	{ "maddr", SIP_VIA_MADDR },
	{ "ttl", SIP_VIA_TTL },
	{ "comp", SIP_VIA_COMP },
};
static const struct pairs hop_pairs = { hop_rows, COUNT(hop_rows), ';' };

/* "SIP/2.0/UDP host:port;branch=z9" */
static void attach_hop(const struct header *h, struct part p)
{
	struct part rest = p, sent, protocol;

	sent = take(h, &rest, ';');
	protocol = word_take(h, &sent);
	(void)take(h, &protocol, '/');
	(void)take(h, &protocol, '/');
	attach_text(h, SIP_VIA_TRANSPORT, protocol);
	attach_host(h, SIP_VIA_ADDRESS, sent);
	attach_pairs(h, &hop_pairs, rest);
}

static const struct named_row credential_rows[] = {
	{ "username", SIP_AUTH_USERNAME },
	{ "realm", SIP_AUTH_REALM },
	{ "nonce", SIP_AUTH_NONCE },
	{ "uri", SIP_AUTH_URI },
	{ "response", SIP_AUTH_RESPONSE },
	{ "opaque", SIP_AUTH_OPAQUE },
	{ "qop", SIP_AUTH_QOP },
	{ "cnonce", SIP_AUTH_CNONCE },
	{ "nc", SIP_AUTH_NC },
	{ "algorithm", SIP_AUTH_ALGORITHM },
	{ "domain", SIP_AUTH_DOMAIN },
	{ "stale", SIP_AUTH_STALE },
	{ "auts", SIP_AUTH_AUTS },
	{ "nextnonce", SIP_AUTH_NEXTNONCE },
	{ "rspauth", SIP_AUTH_RSPAUTH },
	{ "ck", SIP_AUTH_CK },
	{ "ik", SIP_AUTH_IK },
};
static const struct pairs credential_pairs = { credential_rows, COUNT(credential_rows), ',' };

/* "Digest realm="x", nonce="y"" */
static void attach_credentials(const struct header *h, struct part p)
{
	struct part scheme = word_take(h, &p);

	attach_text(h, SIP_AUTH_SCHEME, scheme);
	attach_pairs(h, &credential_pairs, p);
}

/* "Q.850;cause=16;text="NORMAL_CLEARING"" */
static void attach_reason(const struct header *h, struct part p)
{
	struct part protocol = take(h, &p, ';'), name, value;
	unsigned row = part_is(h, protocol, "Q.850") ? SIP_REASON_Q850
		       : part_is(h, protocol, "SIP") ? SIP_REASON_SIP
						     : SIP_REASON_OTHER;

	attach_text(h, SIP_REASON_PROTOCOL, protocol);
	for (unsigned i = 0; i < PARTS_MOST && p.size; i++) {
		value = value_of(h, take(h, &p, ';'), &name);
		if (part_is(h, name, "cause"))
			attach_text(h, row, value);
		if (!part_is(h, name, "text"))
			continue;
		if (value.size >= 2 && h->p[value.at] == '"')
			value = (struct part){ value.at + 1, value.size - 2 };
		attach_text(h, SIP_REASON_TEXT, value);
	}
}

/* ---- by the row of the header field ----------------------------------------------------------- */

static const struct address *address_of(uint16_t row)
{
	for (size_t i = 0; i < COUNT(addresses); i++)
		if (addresses[i].row == row)
			return &addresses[i];
	return NULL;
}

static void attach_sequence(const struct header *h, struct part p)
{
	struct part number = word_take(h, &p);

	attach_text(h, SIP_CSEQ_NUMBER, number);
	attach_text(h, SIP_CSEQ_METHOD, p);
}

void sip_parts_attach(
    const struct line_headers *l, const struct header *h, uint16_t row, struct part value)
{
	const struct address *address = address_of(row);

	(void)l;
	switch (row) {
	case SIP_CSEQ: attach_sequence(h, value); return;
	case SIP_REASON: attach_reason(h, value); return;
	case SIP_AUTHORIZATION:
	case SIP_WWW_AUTHENTICATE:
	case SIP_PROXY_AUTHORIZATION:
	case SIP_PROXY_AUTHENTICATE: attach_credentials(h, value); return;
	default: break;
	}
	if (!address && row != SIP_VIA)
		return;
	for (unsigned i = 0; i < PARTS_MOST && value.size; i++) {
		struct part one = take(h, &value, ',');

		if (address)
			attach_address(h, address, one);
		else
			attach_hop(h, one);
	}
}
