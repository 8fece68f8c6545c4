/* SPDX-License-Identifier: MIT */
/* DNS (RFC 1035) over UDP and TCP, multicast DNS (RFC 6762), LLMNR (RFC 4795): one format. */
#include "../common/list.h"
#include "dns_name.h"
#include "services.h"

#define HEADER      12u
#define PREFIX      2u  /* bytes over TCP: the message's length */
#define FIXED       4u  /* bytes of a question behind its name: type and class */
#define RECORD      10u /* bytes of a record behind its name, before the data */
#define RECORDS_MAX 1024u
#define STRINGS_MAX 256u /* in a record of texts */
#define RESPONSE    0x8000u

#define TYPE_A    1u
#define TYPE_TXT  16u
#define TYPE_AAAA 28u
#define TYPE_OPT  41u

enum {
	DNS_SUMMARY,
	DNS_LENGTH,
	DNS_ID,
	DNS_FLAGS,
	DNS_OPCODE,
	DNS_RESPONSE_FLAGS,
	DNS_RCODE,
	DNS_QUESTIONS,
	DNS_ANSWERS,
	DNS_AUTHORITIES,
	DNS_ADDITIONALS,
	DNS_MISSING,
	DNS_QUESTION,
	DNS_QUERY_NAME_LENGTH,
	DNS_LABELS,
	DNS_QUERY_TYPE,
	DNS_QUERY_CLASS,
	DNS_QUERY_UNICAST,
	DNS_ANSWER,
	DNS_AUTHORITY,
	DNS_ADDITIONAL,
	DNS_TYPE,
	DNS_CLASS,
	DNS_FLUSH,
	DNS_TTL,
	DNS_DATA_LENGTH,
	DNS_DATA,
	DNS_ADDRESS,
	DNS_ADDRESS_6,
	DNS_NS,
	DNS_CNAME,
	DNS_DNAME,
	DNS_PTR,
	DNS_MX_PREFERENCE,
	DNS_MX,
	DNS_SOA_SERVER,
	DNS_SOA_MAILBOX,
	DNS_SOA_SERIAL,
	DNS_SOA_REFRESH,
	DNS_SOA_RETRY,
	DNS_SOA_EXPIRE,
	DNS_SOA_MINIMUM,
	DNS_SRV_PRIORITY,
	DNS_SRV_WEIGHT,
	DNS_SRV_PORT,
	DNS_SRV_TARGET,
	DNS_TEXT_LENGTH,
	DNS_TEXT,
	DNS_COVERED,
	DNS_SIG_ALGORITHM,
	DNS_SIG_LABELS,
	DNS_SIG_TTL,
	DNS_SIG_EXPIRATION,
	DNS_SIG_INCEPTION,
	DNS_SIG_TAG,
	DNS_SIG_SIGNER,
	DNS_SIGNATURE,
	DNS_KEY_FLAGS,
	DNS_KEY_PROTOCOL,
	DNS_KEY_ALGORITHM,
	DNS_KEY,
	DNS_NSEC_NEXT,
	DNS_NSEC_TYPES,
	DNS_DS_TAG,
	DNS_DS_ALGORITHM,
	DNS_DS_DIGEST_TYPE,
	DNS_DS_DIGEST,
	DNS_CAA_FLAGS,
	DNS_CAA_DATA,
	DNS_SVC_PRIORITY,
	DNS_SVC_TARGET,
	DNS_SVC_KEY,
	DNS_SVC_LENGTH,
	DNS_SVC_VALUE,
	DNS_PAYLOAD_SIZE,
	DNS_EXTENDED_RCODE,
	DNS_EDNS_VERSION,
	DNS_EDNS_FLAGS,
	DNS_OPT,
	DNS_OPT_LENGTH,
	DNS_OPT_DATA,
	DNS_COOKIE,
	DNS_FIELDS
};

static LABELED_WORD type_names[] = {
	{ TYPE_A, L("A") },
	{ 2, L("NS") },
	{ 5, L("CNAME") },
	{ 6, L("SOA") },
	{ 10, L("NULL") },
	{ 12, L("PTR") },
	{ 13, L("HINFO") },
	{ 15, L("MX") },
	{ TYPE_TXT, L("TXT") },
	{ 17, L("RP") },
	{ 24, L("SIG") },
	{ 25, L("KEY") },
	{ TYPE_AAAA, L("AAAA") },
	{ 29, L("LOC") },
	{ 32, L("NB") },
	{ 33, L("SRV") },
	{ 35, L("NAPTR") },
	{ 37, L("CERT") },
	{ 39, L("DNAME") },
	{ TYPE_OPT, L("OPT") },
	{ 43, L("DS") },
	{ 44, L("SSHFP") },
	{ 46, L("RRSIG") },
	{ 47, L("NSEC") },
	{ 48, L("DNSKEY") },
	{ 50, L("NSEC3") },
	{ 51, L("NSEC3PARAM") },
	{ 52, L("TLSA") },
	{ 59, L("CDS") },
	{ 60, L("CDNSKEY") },
	{ 64, L("SVCB") },
	{ 65, L("HTTPS") },
	{ 99, L("SPF") },
	{ 249, L("TKEY") },
	{ 250, L("TSIG") },
	{ 251, L("IXFR") },
	{ 252, L("AXFR") },
	{ 255, L("ANY") },
	{ 257, L("CAA") },
};

static struct _SET types = SET_OF(Word, type_names);

static LABELED_WORD class_names[] = {
	{ 1, L("IN") },
	{ 3, L("CH") },
	{ 4, L("HS") },
	{ 254, L("NONE") },
	{ 255, L("ANY") },
};

static struct _SET classes = SET_OF(Word, class_names);

static LABELED_WORD opcode_names[] = {
	{ 0, L("Query") },
	{ 1, L("Inverse query") },
	{ 2, L("Server status") },
	{ 4, L("Notify") },
	{ 5, L("Update") },
	{ 6, L("Stateful operation") },
};

static struct _SET opcodes = SET_OF(Word, opcode_names);

static LABELED_WORD rcode_names[] = {
	{ 0, L("Success") },
	{ 1, L("Format error") },
	{ 2, L("Server failure") },
	{ 3, L("No such name") },
	{ 4, L("Not implemented") },
	{ 5, L("Refused") },
	{ 6, L("Name exists") },
	{ 7, L("RRset exists") },
	{ 8, L("RRset does not exist") },
	{ 9, L("Not authoritative") },
	{ 10, L("Name out of zone") },
};

static struct _SET rcodes = SET_OF(Word, rcode_names);

static LABELED_WORD option_names[] = {
	{ 3, L("Name server identifier") },
	{ 5, L("DNSSEC algorithms understood") },
	{ 8, L("Client subnet") },
	{ 9, L("Expire") },
	{ 10, L("Cookie") },
	{ 11, L("TCP keepalive") },
	{ 12, L("Padding") },
	{ 13, L("Chain") },
	{ 14, L("Key tag") },
	{ 15, L("Extended error") },
};

static struct _SET option_set = SET_OF(Word, option_names);

static LABELED_BIT flag_bits[] = {
	{ 15, L("Query"), L("Response") },
	{ 10, L("Not authoritative"), L("Authoritative answer") },
	{ 9, L("Not truncated"), L("Truncated") },
	{ 8, L("No recursion desired"), L("Recursion desired") },
	{ 7, L("No recursion available"), L("Recursion available") },
	{ 5, L("Not authenticated"), L("Authenticated data") },
	{ 4, L("Checking enabled"), L("Checking disabled") },
};

static struct _SET flags = BITS_OF(flag_bits);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[DNS_SUMMARY] = { "Summary of the message", "dns", SUMMARY, .format = format_summary },
	[DNS_LENGTH] = { "Message Length", "dns.length", U16(0) },
	[DNS_ID] = { "Transaction Identifier", "dns.id", U16(0) },
	[DNS_FLAGS] = { "Flags", "dns.flags", U16(2), FLAGS(flags) },
	[DNS_OPCODE] = { "Operation", "dns.flags.opcode", BITS16(2, 0x7800), LABELED(opcodes) },
	[DNS_RESPONSE_FLAGS] = { "Response Flags", NULL, U16(2), .level = HIDDEN },
	[DNS_RCODE] = { "Response Code", "dns.flags.rcode", BITS16(2, 0x000F), LABELED(rcodes) },
	[DNS_QUESTIONS] = { "Questions", "dns.count.queries", U16(4) },
	[DNS_ANSWERS] = { "Answers", "dns.count.answers", U16(6) },
	[DNS_AUTHORITIES] = { "Authorities", "dns.count.auth_rr", U16(8) },
	[DNS_ADDITIONALS] = { "Additional Records", "dns.count.add_rr", U16(10) },
	[DNS_MISSING] = { "Missing Entries", NULL, LE_U16(0) },
	[DNS_QUESTION] = { "Question", "dns.qry.name", TEXT(0, 0) },
	[DNS_QUERY_NAME_LENGTH] = { "Name Length", "dns.qry.name.len", LE_U16(0), .level = HIDDEN },
	[DNS_LABELS] = { "Labels", "dns.count.labels", LE_U16(0), .level = HIDDEN },
	[DNS_QUERY_TYPE] = { "Question Type", "dns.qry.type", U16(0), LABELED(types), .level = 2 },
	[DNS_QUERY_CLASS] = { "Question Class", "dns.qry.class", U16(2), LABELED(classes),
	    .level = 2 },
	[DNS_QUERY_UNICAST] = { "Unicast Response Wanted", "dns.qry.qu", BITS16(2, 0x8000),
	    .level = 2 },
	[DNS_ANSWER] = { "Answer", "dns.resp.name", TEXT(0, 0) },
	[DNS_AUTHORITY] = { "Authority", "dns.resp.name", TEXT(0, 0) },
	[DNS_ADDITIONAL] = { "Additional Record", "dns.resp.name", TEXT(0, 0) },
	[DNS_TYPE] = { "Type", "dns.resp.type", U16(0), LABELED(types), .level = 2 },
	[DNS_CLASS] = { "Class", "dns.resp.class", U16(2), LABELED(classes), .level = 2 },
	[DNS_FLUSH] = { "Cache Flush", "dns.resp.cache_flush", BITS16(2, 0x8000), .level = 2 },
	[DNS_TTL] = { "Time to Live", "dns.resp.ttl", U32(4), .level = 2 },
	[DNS_DATA_LENGTH] = { "Data Length", "dns.resp.len", U16(8), .level = 2 },
	[DNS_DATA] = { "Data", NULL, BYTES(0, 0), .level = 2 },
	[DNS_ADDRESS] = { "Address", "dns.a", IP4(0), .level = 2 },
	[DNS_ADDRESS_6] = { "IPv6 Address", "dns.aaaa", IPV6(0), .level = 2 },
	[DNS_NS] = { "Name Server", "dns.ns", TEXT(0, 0), .level = 2 },
	[DNS_CNAME] = { "Canonical Name", "dns.cname", TEXT(0, 0), .level = 2 },
	[DNS_DNAME] = { "Delegated Name", "dns.dname", TEXT(0, 0), .level = 2 },
	[DNS_PTR] = { "Domain Name", "dns.ptr.domain_name", TEXT(0, 0), .level = 2 },
	[DNS_MX_PREFERENCE] = { "Preference", "dns.mx.preference", U16(0), .level = 2 },
	[DNS_MX] = { "Mail Exchange", "dns.mx.mail_exchange", TEXT(0, 0), .level = 2 },
	[DNS_SOA_SERVER] = { "Primary Server", "dns.soa.mname", TEXT(0, 0), .level = 2 },
	[DNS_SOA_MAILBOX] = { "Responsible Mailbox", "dns.soa.rname", TEXT(0, 0), .level = 2 },
	[DNS_SOA_SERIAL] = { "Serial Number", "dns.soa.serial_number", U32(0), .level = 2 },
	[DNS_SOA_REFRESH] = { "Refresh Interval", "dns.soa.refresh_interval", U32(4), .level = 2 },
	[DNS_SOA_RETRY] = { "Retry Interval", "dns.soa.retry_interval", U32(8), .level = 2 },
	[DNS_SOA_EXPIRE] = { "Expire Limit", "dns.soa.expire_limit", U32(12), .level = 2 },
	[DNS_SOA_MINIMUM] = { "Minimum TTL", "dns.soa.minimum_ttl", U32(16), .level = 2 },
	[DNS_SRV_PRIORITY] = { "Priority", "dns.srv.priority", U16(0), .level = 2 },
	[DNS_SRV_WEIGHT] = { "Weight", "dns.srv.weight", U16(2), .level = 2 },
	[DNS_SRV_PORT] = { "Port", "dns.srv.port", U16(4), .level = 2 },
	[DNS_SRV_TARGET] = { "Target", "dns.srv.target", TEXT(0, 0), .level = 2 },
	[DNS_TEXT_LENGTH] = { "Text Length", "dns.txt.length", U8(0), .level = 2 },
	[DNS_TEXT] = { "Text", "dns.txt", TEXT(0, 0), .level = 2 },
	[DNS_COVERED] = { "Type Covered", "dns.rrsig.type_covered", U16(0), LABELED(types),
	    .level = 2 },
	[DNS_SIG_ALGORITHM] = { "Signature Algorithm", "dns.rrsig.algorithm", U8(2), .level = 2 },
	[DNS_SIG_LABELS] = { "Signed Labels", "dns.rrsig.labels", U8(3), .level = 2 },
	[DNS_SIG_TTL] = { "Original TTL", "dns.rrsig.original_ttl", U32(4), .level = 2 },
	[DNS_SIG_EXPIRATION] = { "Expiration", NULL, U32(8), .level = 2 },
	[DNS_SIG_INCEPTION] = { "Inception", NULL, U32(12), .level = 2 },
	[DNS_SIG_TAG] = { "Key Tag", "dns.rrsig.key_tag", U16(16), .level = 2 },
	[DNS_SIG_SIGNER] = { "Signer", "dns.rrsig.signers_name", TEXT(0, 0), .level = 2 },
	[DNS_SIGNATURE] = { "Signature", "dns.rrsig.signature", BYTES(0, 0), .level = 2 },
	[DNS_KEY_FLAGS] = { "Key Flags", "dns.dnskey.flags", U16(0), .level = 2 },
	[DNS_KEY_PROTOCOL] = { "Key Protocol", "dns.dnskey.protocol", U8(2), .level = 2 },
	[DNS_KEY_ALGORITHM] = { "Key Algorithm", "dns.dnskey.algorithm", U8(3), .level = 2 },
	[DNS_KEY] = { "Public Key", "dns.dnskey.public_key", BYTES(4, 0), .level = 2 },
	[DNS_NSEC_NEXT] = { "Next Domain Name", "dns.nsec.next_domain_name", TEXT(0, 0),
	    .level = 2 },
	[DNS_NSEC_TYPES] = { "Types that exist", NULL, BYTES(0, 0), .level = 2 },
	[DNS_DS_TAG] = { "Delegated Key Tag", "dns.ds.key_id", U16(0), .level = 2 },
	[DNS_DS_ALGORITHM] = { "Delegated Key Algorithm", "dns.ds.algorithm", U8(2), .level = 2 },
	[DNS_DS_DIGEST_TYPE] = { "Digest Type", "dns.ds.digest_type", U8(3), .level = 2 },
	[DNS_DS_DIGEST] = { "Digest", "dns.ds.digest", BYTES(4, 0), .level = 2 },
	[DNS_CAA_FLAGS] = { "Authorization Flags", "dns.caa.flags", U8(0), .level = 2 },
	[DNS_CAA_DATA] = { "Authorization", NULL, TEXT(2, 0), .level = 2 },
	[DNS_SVC_PRIORITY] = { "Service Priority", "dns.svcb.svcpriority", U16(0), .level = 2 },
	[DNS_SVC_TARGET] = { "Service Target", "dns.svcb.targetname", TEXT(0, 0), .level = 2 },
	[DNS_SVC_KEY] = { "Service Parameter", "dns.svcb.svcparam.key", U16(0), .level = 2 },
	[DNS_SVC_LENGTH] = { "Parameter Length", "dns.svcb.svcparam.value.length", U16(2),
	    .level = 3 },
	[DNS_SVC_VALUE] = { "Parameter Value", NULL, BYTES(4, 0), .level = 3 },
	[DNS_PAYLOAD_SIZE] = { "UDP Payload Size", "dns.rr.udp_payload_size", U16(2), .level = 2 },
	[DNS_EXTENDED_RCODE] = { "Extended Response Code", "dns.resp.ext_rcode", U8(4),
	    .level = 2 },
	[DNS_EDNS_VERSION] = { "EDNS Version", "dns.resp.edns0_version", U8(5), .level = 2 },
	[DNS_EDNS_FLAGS] = { "EDNS Flags", "dns.resp.z", U16(6), .level = 2 },
	[DNS_OPT] = { "Option", "dns.opt.code", U16(0), LABELED(option_set), .level = 2 },
	[DNS_OPT_LENGTH] = { "Option Length", "dns.opt.len", U16(2), .level = 3 },
	[DNS_OPT_DATA] = { "Option Data", "dns.opt.data", BYTES(4, 0), .level = 3 },
	[DNS_COOKIE] = { "Client Cookie", "dns.opt.cookie.client", BYTES(4, 8), .level = 3 },
};

#define BIT_NAMES                                                                                  \
	{ L("Flags"), L("dns.flags.response"), 0x8000, 0 },                                        \
	    { L("Flags"), L("dns.flags.truncated"), 0x0200, 0 },                                   \
	    { L("Flags"), L("dns.flags.recdesired"), 0x0100, 0 },                                  \
	    { L("Flags"), L("dns.flags.z"), 0x0040, 0 },                                           \
	    { L("Flags"), L("dns.flags.checkdisable"), 0x0010, 0 },                                \
	    { L("Response Flags"), L("dns.flags.authoritative"), 0x0400, 0 },                      \
	    { L("Response Flags"), L("dns.flags.recavail"), 0x0080, 0 },                           \
	    { L("Response Flags"), L("dns.flags.authenticated"), 0x0020, 0 },                      \
	    { L("EDNS Flags"), L("dns.resp.z.do"), 0x8000, 0 },                                    \
	    { L("EDNS Flags"), L("dns.resp.z.reserved"), 0x7FFF, 0 },                              \
	    { L("Key Flags"), L("dns.dnskey.flags.zone_key"), 0x0100, 0 },                         \
	    { L("Key Flags"), L("dns.dnskey.flags.key_revoked"), 0x0080, 0 },                      \
	{                                                                                          \
		L("Key Flags"), L("dns.dnskey.flags.secure_entry_point"), 0x0001, 0                \
	}

static const PARSERFIELDNAME names[] = { BIT_NAMES };
static const PARSERFIELDNAME mdns_names[] = { { NULL, L("mdns"), 0, 0 }, BIT_NAMES };
static const PARSERFIELDNAME llmnr_names[] = {
	{ NULL, L("llmnr"), 0, 0 },
	{ L("Flags"), L("dns.flags.response"), 0x8000, 0 },
	{ L("Flags"), L("dns.flags.conflict"), 0x0400, 0 },
	{ L("Flags"), L("dns.flags.truncated"), 0x0200, 0 },
	{ L("Flags"), L("dns.flags.tentative"), 0x0100, 0 },
};

/* ---- the data of records ---------------------------------------------------------------- */

/* A record's data: rows at its beginning, names, rows behind those. */
static const struct data_form {
	uint16_t type;
	uint16_t before, n_before;
	uint16_t name, n_names;
	uint16_t after, n_after;
} forms[] = {
	{ TYPE_A, DNS_ADDRESS, 1, 0, 0, 0, 0 },
	{ 2, 0, 0, DNS_NS, 1, 0, 0 },
	{ 5, 0, 0, DNS_CNAME, 1, 0, 0 },
	{ 6, 0, 0, DNS_SOA_SERVER, 2, DNS_SOA_SERIAL, 5 },
	{ 12, 0, 0, DNS_PTR, 1, 0, 0 },
	{ 15, DNS_MX_PREFERENCE, 1, DNS_MX, 1, 0, 0 },
	{ TYPE_AAAA, DNS_ADDRESS_6, 1, 0, 0, 0, 0 },
	{ 33, DNS_SRV_PRIORITY, 3, DNS_SRV_TARGET, 1, 0, 0 },
	{ 39, 0, 0, DNS_DNAME, 1, 0, 0 },
	{ 43, DNS_DS_TAG, 4, 0, 0, 0, 0 },
	{ 46, DNS_COVERED, 7, DNS_SIG_SIGNER, 1, DNS_SIGNATURE, 1 },
	{ 47, 0, 0, DNS_NSEC_NEXT, 1, DNS_NSEC_TYPES, 1 },
	{ 48, DNS_KEY_FLAGS, 4, 0, 0, 0, 0 },
	{ 64, DNS_SVC_PRIORITY, 1, DNS_SVC_TARGET, 1, 0, 0 },
	{ 65, DNS_SVC_PRIORITY, 1, DNS_SVC_TARGET, 1, 0, 0 },
	{ 257, DNS_CAA_FLAGS, 2, 0, 0, 0, 0 },
};

static const struct data_form *form_of(uint16_t type)
{
	for (unsigned i = 0; i < COUNT(forms); i++)
		if (forms[i].type == type)
			return &forms[i];
	return NULL;
}

struct message {
	struct header h; /* from the transaction identifier on */
	const struct field *fields;
	bool is_multicast;
};

static const struct list option_list = {
	.type = DNS_OPT,
	.length = DNS_OPT_LENGTH,
	.rest = DNS_OPT_DATA,
	.length_at = 2,
	.uncounted = 4,
	.elements = &(const struct element){ .type = 10, .first = DNS_COOKIE, .n = 1 },
	.n_elements = 1,
};

static const struct list service_list = {
	.type = DNS_SVC_KEY,
	.length = DNS_SVC_LENGTH,
	.rest = DNS_SVC_VALUE,
	.length_at = 2,
	.uncounted = 4,
};

static void attach_list(const struct message *m, const struct list *l, DWORD at, DWORD end)
{
	struct header data = { m->h.frame, m->h.p + at, end - at };
	struct list mine = *l;

	mine.fields = m->fields;
	list_attach(&mine, &data, 0, data.left);
}

/* Each behind its length. */
static void attach_texts(const struct message *m, DWORD at, DWORD end)
{
	const struct header data = { m->h.frame, m->h.p, end };

	for (unsigned i = 0; i < STRINGS_MAX && at < end; i++) {
		DWORD n = data.p[at];

		field_attach_at(&data, &m->fields[DNS_TEXT_LENGTH], at, 1, 0);
		field_attach_at(&data, &m->fields[DNS_TEXT], at + 1, n, 0);
		at += 1 + n;
	}
}

/* Names may point to what was before the data. */
static void attach_form(const struct message *m, const struct data_form *f, DWORD at, DWORD end)
{
	const struct header whole = { m->h.frame, m->h.p, end };
	struct name name;

	if (f->n_before) {
		const struct header before = { m->h.frame, m->h.p + at, end - at };
		const struct field *last = &m->fields[f->before + f->n_before - 1];

		fields_attach(&before, &m->fields[f->before], f->n_before);
		at += (DWORD)last->at + last->size;
	}
	for (unsigned i = 0; i < f->n_names && at < end; i++, at = name.end) {
		name_read(&whole, at, &name);
		name_attach(&whole, &m->fields[f->name + i], at, &name);
	}
	if (f->n_after && at < end) {
		const struct header after = { m->h.frame, m->h.p + at, end - at };

		fields_attach(&after, &m->fields[f->after], f->n_after);
	} else if (f->name == DNS_SVC_TARGET && at < end) {
		attach_list(m, &service_list, at, end);
	}
}

static void attach_data(const struct message *m, uint16_t type, DWORD at, DWORD end)
{
	const struct data_form *f = form_of(type);

	if (at >= end)
		return;
	if (type == TYPE_OPT)
		attach_list(m, &option_list, at, end);
	else if (type == TYPE_TXT)
		attach_texts(m, at, end);
	else if (f)
		attach_form(m, f, at, end);
	else
		field_attach_at(&m->h, &m->fields[DNS_DATA], at, end - at, 0);
}

/* ---- questions and records ------------------------------------------------------------------ */

/* Multicast DNS has a bit of its own in it. */
static void attach_class(const struct message *m, const struct header *fixed, unsigned row)
{
	uint16_t v = fixed->left >= FIXED ? be16(fixed->p + 2) & 0x7FFF : 0;

	if (!m->is_multicast || fixed->left < FIXED) {
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
	return name.end + FIXED;
}

static DWORD attach_record(const struct message *m, unsigned row, DWORD at)
{
	struct header fixed = m->h;
	struct name name;
	DWORD end, bytes;
	uint16_t type;

	name_read(&m->h, at, &name);
	name_attach(&m->h, &m->fields[row], at, &name);
	fixed.p += name.end;
	fixed.left -= name.end;
	type = fixed.left >= 2 ? be16(fixed.p) : 0;
	fields_attach(&fixed, &m->fields[DNS_TYPE], 1);
	if (type == TYPE_OPT) {
		fields_attach(&fixed, &m->fields[DNS_PAYLOAD_SIZE], DNS_OPT - DNS_PAYLOAD_SIZE);
	} else {
		attach_class(m, &fixed, DNS_CLASS);
		fields_attach(&fixed, &m->fields[DNS_TTL], 1);
	}
	if (fixed.left < RECORD) {
		fields_attach(&fixed, &m->fields[DNS_DATA_LENGTH], 1);
		return m->h.left;
	}
	bytes = be16(fixed.p + 8);
	field_attach_at(&fixed, &m->fields[DNS_DATA_LENGTH], 8, 2,
	    bytes > fixed.left - RECORD ? IFLAG_ERROR : 0);
	at = name.end + RECORD;
	end = bytes > m->h.left - at ? m->h.left : at + bytes;
	attach_data(m, type, at, end);
	return at + bytes;
}

static void attach_sections(const struct message *m)
{
	static const uint16_t rows[] = { DNS_QUESTION, DNS_ANSWER, DNS_AUTHORITY, DNS_ADDITIONAL };
	unsigned budget = RECORDS_MAX;
	DWORD at = HEADER;

	for (unsigned s = 0; s < COUNT(rows); s++) {
		uint16_t n = be16(m->h.p + 4 + 2 * s);

		for (; n > 0 && budget > 0 && at < m->h.left; n--, budget--)
			at = s ? attach_record(m, rows[s], at) : attach_question(m, at);
		if (n > 0) {
			field_attach_value(
			    &m->h, &m->fields[DNS_MISSING], m->h.left, 0, &n, 2, IFLAG_ERROR);
			return;
		}
	}
}

static void attach_message(const struct message *m)
{
	const struct field *f = m->fields;

	fields_attach(&m->h, &f[DNS_ID], DNS_RESPONSE_FLAGS - DNS_ID);
	if (m->h.left >= 4 && be16(m->h.p + 2) & RESPONSE)
		fields_attach(&m->h, &f[DNS_RESPONSE_FLAGS], 2);
	fields_attach(&m->h, &f[DNS_QUESTIONS], DNS_MISSING - DNS_QUESTIONS);
	if (m->h.left >= HEADER)
		attach_sections(m);
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
	return left >= PREFIX + HEADER && be16(p) >= HEADER && (p[4] & 0x78) <= 6 << 3 &&
	       !(p[5] & 0x40) && be16(p + 6) <= 16;
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
	field_attach_at(&m.h, &f[DNS_SUMMARY], 0, m.h.left, m.h.left < HEADER ? IFLAG_ERROR : 0);
	if (prefix)
		field_attach_at(h, &f[DNS_LENGTH], 0, PREFIX, told > m.h.left ? IFLAG_ERROR : 0);
	attach_message(&m);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };

	attach_all(&h, has_prefix(before) ? PREFIX : 0, fields, false);
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
	const char *type;

	name_read(&h, HEADER, &name);
	if (name.bad || name.end + FIXED > h.left)
		return;
	type = (const char *)LookupWordSetString(&types, be16(h.p + name.end));
	if (type)
		text_put(i, " %s %s", type, name.text);
	else
		text_put(i, " TYPE%u %s", be16(h.p + name.end), name.text);
}

/* "Response 0x1234 A www.example.com, No such name, 0 answers" */
static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;
	const char *rcode;

	(void)frame;
	if (i->DataLength < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	text_put(i, "%s 0x%04X", be16(p + 2) & RESPONSE ? "Response" : "Query", be16(p));
	if (be16(p + 4))
		put_question(i);
	if (!(be16(p + 2) & RESPONSE))
		return;
	rcode = (const char *)LookupWordSetString(&rcodes, p[3] & 15);
	if (rcode)
		text_put(i, ", %s", rcode);
	else
		text_put(i, ", code %u", p[3] & 15);
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
	.fields = fields,
	.n_fields = DNS_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
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
