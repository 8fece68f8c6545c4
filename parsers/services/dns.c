/* SPDX-License-Identifier: MIT */
/* DNS (RFC 1035) over UDP and TCP, multicast DNS (RFC 6762), LLMNR (RFC 4795): one format. */
#include "dns.h"

#define PREFIX 2u /* bytes over TCP: the message's length */

/* ---- questions and records ------------------------------------------------------------------ */

/* Multicast DNS has a bit of its own in it. */
static void attach_class(const struct message *m, const struct header *fixed, unsigned row)
{
	uint16_t v = fixed->left >= QUESTION_FIXED ? be16(fixed->p + 2) & 0x7FFF : 0;

	if (!m->is_multicast || fixed->left < QUESTION_FIXED) {
		fields_attach(fixed, &m->fields[row], 1);
		return;
	}
	field_attach_value(fixed, &m->fields[row], 2, 2, &v, 2, 0);
	fields_attach(fixed, &m->fields[row == DNS_CLASS ? DNS_FLUSH : DNS_QUERY_UNICAST], 1);
}

/* Where the next one begins. */
static DWORD attach_question(const struct message *m, DWORD at)
{
	struct header fixed = m->h;
	struct name name;
	uint16_t length, labels;

	name_read(&m->h, at, &name);
	name_attach(&m->h, &m->fields[DNS_QUESTION], at, &name);
	length = (uint16_t)name.length;
	labels = (uint16_t)name.labels;
	field_attach_value(&m->h, &m->fields[DNS_QUERY_NAME_LENGTH], at, 0, &length, 2, 0);
	field_attach_value(&m->h, &m->fields[DNS_LABELS], at, 0, &labels, 2, 0);
	fixed.p += name.end;
	fixed.left -= name.end;
	fields_attach(&fixed, &m->fields[DNS_QUERY_TYPE], 1);
	attach_class(m, &fixed, DNS_QUERY_CLASS);
	return name.end + QUESTION_FIXED;
}

static DWORD attach_record(const struct message *m, unsigned row, DWORD at)
{
	struct header fixed = m->h;
	struct name name;
	struct part data;
	uint16_t type;

	name_read(&m->h, at, &name);
	name_attach(&m->h, &m->fields[row], at, &name);
	fixed.p += name.end;
	fixed.left -= name.end;
	type = fixed.left >= 2 ? be16(fixed.p) : 0;
	fields_attach(&fixed, &m->fields[DNS_TYPE], 1);
	if (type == TYPE_SRV)
		dns_owner_attach(m, at, &name);
	if (type == TYPE_OPT) {
		fields_attach(&fixed, &m->fields[DNS_PAYLOAD_SIZE], DNS_OPT - DNS_PAYLOAD_SIZE);
	} else {
		attach_class(m, &fixed, DNS_CLASS);
		fields_attach(&fixed, &m->fields[DNS_TTL], 1);
	}
	at = data_attach(&m->h, &m->fields[DNS_DATA_LENGTH], name.end, &data);
	if (data.size)
		dns_data_attach(m, type, data.at, data.at + data.size);
	return at;
}

static DWORD attach_entry(const void *context, unsigned section, DWORD at)
{
	static const uint16_t rows[] = { DNS_QUESTION, DNS_ANSWER, DNS_AUTHORITY, DNS_ADDITIONAL };

	return section == 0 ? attach_question(context, at)
			    : attach_record(context, rows[section], at);
}

static void attach_message(const struct message *m)
{
	bool is_query = m->h.left >= 4 && !(be16(m->h.p + 2) & MESSAGE_RESPONSE);
	DWORD end;

	head_attach(&m->h, &m->fields[DNS_HEAD]);
	if (is_query && m->h.p[3] & 0x20)
		fields_attach(&m->h, &m->fields[DNS_QUERY_AUTHENTIC], 1);
	end = sections_attach(&m->h, &m->fields[DNS_HEAD], attach_entry, m);
	if (end < m->h.left)
		field_attach_at(&m->h, &m->fields[DNS_EXTRA], end, m->h.left - end, 0);
}

/* ---- the protocols ---------------------------------------------------------------------------- */

static HPROTOCOL tcp;

static void begin(void)
{
	tcp = GetProtocolFromName(L("TCP"));
}

/* Behind TCP, and behind another message in the same segment. */
static bool has_prefix(HPROTOCOL before)
{
	return before == tcp || before == dns_parser.handle;
}

/* A segment may as well be the middle of a message: only what looks like a beginning is one. */
static bool is_beginning(const uint8_t *p, DWORD left)
{
	return left >= PREFIX + MESSAGE_HEADER && be16(p) >= MESSAGE_HEADER &&
	       (p[4] & 0x78) <= 6 << 3 && !(p[5] & 0x40) && be16(p + 6) <= 16;
}

RECOGNIZE(recognize)
{
	DWORD bytes;

	left = bounded(left, *instance);
	if (!has_prefix(before))
		return rest_is_mine(status);
	if (!is_beginning(p, left))
		return not_mine(p, status);
	bytes = PREFIX + be16(p);
	return hand_on(p, bytes, left, dns_parser.handle, status, next, instance);
}

RECOGNIZE(recognize_datagram)
{
	(void)p;
	(void)left;
	(void)next;
	(void)instance;
	return rest_is_mine(status);
}

static void attach_all(
    const struct header *h, DWORD prefix, const struct field *f, bool is_multicast)
{
	struct message m = { *h, f, is_multicast };
	DWORD told = prefix ? be16(h->p) : 0;

	m.h.p += prefix;
	m.h.left = bounded(h->left - prefix, told);
	field_attach_at(
	    &m.h, &f[DNS_SUMMARY], 0, m.h.left, m.h.left < MESSAGE_HEADER ? IFLAG_ERROR : 0);
	if (prefix)
		field_attach_at(h, &f[DNS_LENGTH], 0, PREFIX, told > m.h.left ? IFLAG_ERROR : 0);
	attach_message(&m);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };

	attach_all(&h, has_prefix(before) ? PREFIX : 0, dns_fields, false);
	return NULL;
}

ATTACH(attach_multicast)
{
	const struct header h = { frame, p, bounded(left, instance) };

	if (mdns_parser.fields)
		attach_all(&h, 0, mdns_parser.fields, true);
	return NULL;
}

ATTACH(attach_llmnr)
{
	const struct header h = { frame, p, bounded(left, instance) };

	if (llmnr_parser.fields)
		attach_all(&h, 0, llmnr_parser.fields, false);
	return NULL;
}

static void put_question(LPPROPERTYINST i)
{
	const struct header h = { .p = i->lpByte, .left = i->DataLength };
	struct name name;

	name_read(&h, MESSAGE_HEADER, &name);
	if (name.bad || name.end + QUESTION_FIXED > h.left)
		return;
	put_code(i, " ", &dns_types, be16(h.p + name.end), "type");
	text_put(i, " %s", name.text);
}

/* "Response 0x1234 A www.example.com, No such name, 0 answers" */
void dns_format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;

	(void)frame;
	if (i->DataLength < MESSAGE_HEADER) {
		text_put(i, "Cut short");
		return;
	}
	text_put(i, "%s 0x%04X", be16(p + 2) & MESSAGE_RESPONSE ? "Response" : "Query", be16(p));
	if (be16(p + 4))
		put_question(i);
	if (!(be16(p + 2) & MESSAGE_RESPONSE))
		return;
	put_code(i, ", ", &dns_rcodes, p[3] & 15, "code");
	text_put(i, ", %u answer%s", be16(p + 6), be16(p + 6) == 1 ? "" : "s");
}

static const struct place places[] = {
	{ TCPIP_INI, "UDP_HandoffSet", 53, false },
	{ TCPIP_INI, "TCP_HandoffSet", 53, false },
};
static const struct place mdns_places[] = { { TCPIP_INI, "UDP_HandoffSet", 5353, false } };
static const struct place llmnr_places[] = { { TCPIP_INI, "UDP_HandoffSet", 5355, false } };

struct parser dns_parser = {
	.name = "DNS",
	.comment = "Domain Name System (RFC 1035)",
	.fields = dns_fields,
	.n_fields = DNS_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.places = places,
	.n_places = COUNT(places),
	.names = dns_names,
	.n_names = COUNT(dns_names),
};

struct parser mdns_parser = {
	.name = "MDNS",
	.comment = "Multicast DNS (RFC 6762)",
	.like = &dns_parser,
	.recognize = recognize_datagram,
	.attach = attach_multicast,
	.places = mdns_places,
	.n_places = COUNT(mdns_places),
	.names = mdns_names,
	.n_names = COUNT(mdns_names),
};

struct parser llmnr_parser = {
	.name = "LLMNR",
	.comment = "Link-Local Multicast Name Resolution (RFC 4795)",
	.like = &dns_parser,
	.recognize = recognize_datagram,
	.attach = attach_llmnr,
	.places = llmnr_places,
	.n_places = COUNT(llmnr_places),
	.names = llmnr_names,
	.n_names = COUNT(llmnr_names),
};
