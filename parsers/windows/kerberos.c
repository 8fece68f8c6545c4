/* SPDX-License-Identifier: MIT */
/* Kerberos 5 (RFC 4120). Over TCP a length of four bytes stands before each message. */
#include "../common/ber.h"
#include "../common/lines.h"
#include "../common/times.h"
#include "windows.h"

#define RECORD     4u        /* bytes of the length over TCP */
#define LENGTH_MAX 0x100000u /* of a message that is believed */

enum {
	KRB_SUMMARY,
	KRB_RECORD_LENGTH,
	KRB_VERSION,
	KRB_TYPE,
	KRB_PADATA,
	KRB_PADATA_TYPE,
	KRB_PADATA_VALUE,
	KRB_BODY,
	KRB_OPTIONS,
	KRB_CLIENT,
	KRB_SERVER,
	KRB_NAME_TYPE,
	KRB_CNAME,
	KRB_SNAME,
	KRB_REALM,
	KRB_CREALM,
	KRB_FROM,
	KRB_TILL,
	KRB_RENEW,
	KRB_NONCE,
	KRB_ETYPE,
	KRB_ETYPE_WANTED,
	KRB_TICKET,
	KRB_TICKET_VERSION,
	KRB_ENCRYPTED,
	KRB_KEY_VERSION,
	KRB_CIPHER,
	KRB_AP_OPTIONS,
	KRB_CLIENT_TIME,
	KRB_SERVER_TIME,
	KRB_MICROSECONDS,
	KRB_ERROR,
	KRB_ERROR_TEXT,
	KRB_ERROR_DATA,
	KRB_AS_REQ,
	KRB_AS_REP,
	KRB_TGS_REQ,
	KRB_TGS_REP,
	KRB_AP_REQ,
	KRB_AP_REP,
	KRB_SAFE,
	KRB_PRIV,
	KRB_CRED,
	KRB_ERROR_MESSAGE,
	KRB_OPTION_BITS,
	KRB_AP_OPTION_BITS,
	KRB_PAC_BITS,
	KRB_PAC_FLAGS,
	KRB_INCLUDE_PAC,
	KRB_ETYPE_INFO,
	KRB_SALT_BYTES,
	KRB_SALT,
	KRB_ADDRESS,
	KRB_ADDRESS_TYPE,
	KRB_ADDRESS_BYTES,
	KRB_AUTHENTICATOR,
	KRB_AUTHORIZATION,
	KRB_CLIENT_MICROSECONDS,
	KRB_FIELDS
};

static LABELED_DWORD type_names[] = {
	{ 10, L("AS-REQ") },
	{ 11, L("AS-REP") },
	{ 12, L("TGS-REQ") },
	{ 13, L("TGS-REP") },
	{ 14, L("AP-REQ") },
	{ 15, L("AP-REP") },
	{ 20, L("KRB-SAFE") },
	{ 21, L("KRB-PRIV") },
	{ 22, L("KRB-CRED") },
	{ 30, L("KRB-ERROR") },
};

static LABELED_DWORD name_type_names[] = {
	{ 0, L("Unknown") },
	{ 1, L("Principal") },
	{ 2, L("Service and instance") },
	{ 3, L("Service with host") },
	{ 4, L("Service with host, one component each") },
	{ 5, L("Unique ID") },
	{ 6, L("X.500 principal") },
	{ 7, L("SMTP name") },
	{ 10, L("Enterprise") },
};

static LABELED_DWORD etype_names[] = {
	{ 1, L("des-cbc-crc") },
	{ 2, L("des-cbc-md4") },
	{ 3, L("des-cbc-md5") },
	{ 16, L("des3-cbc-sha1-kd") },
	{ 17, L("aes128-cts-hmac-sha1-96") },
	{ 18, L("aes256-cts-hmac-sha1-96") },
	{ 19, L("aes128-cts-hmac-sha256-128") },
	{ 20, L("aes256-cts-hmac-sha384-192") },
	{ 23, L("rc4-hmac") },
	{ 24, L("rc4-hmac-exp") },
	{ 0xFFFFFF7B, L("rc4-hmac-old-exp") },
	{ 0xFFFFFF79, L("rc4-hmac-old") },
	{ 0xFFFFFF80, L("rc4-md4") },
};

static LABELED_DWORD padata_names[] = {
	{ 1, L("TGS request") },
	{ 2, L("Encrypted timestamp") },
	{ 3, L("Password salt") },
	{ 11, L("Encryption type info") },
	{ 14, L("Public key, old request") },
	{ 15, L("Public key, old reply") },
	{ 16, L("Public key request") },
	{ 17, L("Public key reply") },
	{ 19, L("Encryption type info 2") },
	{ 128, L("PAC request") },
	{ 129, L("For user") },
	{ 130, L("For X.509 user") },
	{ 133, L("FX cookie") },
	{ 136, L("FX FAST") },
	{ 137, L("FX error") },
	{ 149, L("Request encrypted PA reply") },
	{ 165, L("Supported encryption types") },
	{ 167, L("PAC options") },
};

static LABELED_DWORD error_names[] = {
	{ 0, L("KDC_ERR_NONE") },
	{ 1, L("KDC_ERR_NAME_EXP") },
	{ 2, L("KDC_ERR_SERVICE_EXP") },
	{ 3, L("KDC_ERR_BAD_PVNO") },
	{ 6, L("KDC_ERR_C_PRINCIPAL_UNKNOWN") },
	{ 7, L("KDC_ERR_S_PRINCIPAL_UNKNOWN") },
	{ 8, L("KDC_ERR_PRINCIPAL_NOT_UNIQUE") },
	{ 9, L("KDC_ERR_NULL_KEY") },
	{ 11, L("KDC_ERR_NEVER_VALID") },
	{ 12, L("KDC_ERR_POLICY") },
	{ 13, L("KDC_ERR_BADOPTION") },
	{ 14, L("KDC_ERR_ETYPE_NOSUPP") },
	{ 16, L("KDC_ERR_PADATA_TYPE_NOSUPP") },
	{ 18, L("KDC_ERR_CLIENT_REVOKED") },
	{ 23, L("KDC_ERR_KEY_EXPIRED") },
	{ 24, L("KDC_ERR_PREAUTH_FAILED") },
	{ 25, L("KDC_ERR_PREAUTH_REQUIRED") },
	{ 26, L("KDC_ERR_SERVER_NOMATCH") },
	{ 29, L("KDC_ERR_SVC_UNAVAILABLE") },
	{ 31, L("KRB_AP_ERR_BAD_INTEGRITY") },
	{ 32, L("KRB_AP_ERR_TKT_EXPIRED") },
	{ 33, L("KRB_AP_ERR_TKT_NYV") },
	{ 34, L("KRB_AP_ERR_REPEAT") },
	{ 35, L("KRB_AP_ERR_NOT_US") },
	{ 36, L("KRB_AP_ERR_BADMATCH") },
	{ 37, L("KRB_AP_ERR_SKEW") },
	{ 41, L("KRB_AP_ERR_MODIFIED") },
	{ 44, L("KRB_AP_ERR_BADKEYVER") },
	{ 45, L("KRB_AP_ERR_NOKEY") },
	{ 52, L("KRB_ERR_RESPONSE_TOO_BIG") },
	{ 60, L("KRB_ERR_GENERIC") },
	{ 68, L("KDC_ERR_WRONG_REALM") },
};

static struct _SET types = SET_OF(Dword, type_names);
static struct _SET name_types = SET_OF(Dword, name_type_names);
static struct _SET etypes = SET_OF(Dword, etype_names);
static struct _SET padatas = SET_OF(Dword, padata_names);
static struct _SET errors = SET_OF(Dword, error_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

#define NUMBER  LE_U32(0)
#define LEVEL_2 .level = 2
#define LEVEL_3 .level = 3

static struct field fields[] = {
	[KRB_SUMMARY] = { "Summary of the Kerberos message", "kerberos", SUMMARY,
	    .format = format_summary },
	[KRB_RECORD_LENGTH] = { "Record Length", "kerberos.rm.length", U32(0) },
	[KRB_VERSION] = { "Protocol Version", "kerberos.pvno", NUMBER },
	[KRB_TYPE] = { "Message Type", "kerberos.msg_type", NUMBER, LABELED(types) },
	[KRB_PADATA] = { "Pre-Authentication Data", "kerberos.PA_DATA_element", GROUP },
	[KRB_PADATA_TYPE] = { "Pre-Authentication Type", "kerberos.padata_type", NUMBER,
	    LABELED(padatas), LEVEL_2 },
	[KRB_PADATA_VALUE] = { "Pre-Authentication Value", "kerberos.padata_value", BYTES(0, 0),
	    LEVEL_2 },
	[KRB_BODY] = { "Request Body", "kerberos.req_body_element", GROUP },
	[KRB_OPTIONS] = { "KDC Options", "kerberos.kdc_options", BYTES(0, 0), LEVEL_2 },
	[KRB_CLIENT] = { "Client Name", "kerberos.cname_element", GROUP, LEVEL_2 },
	[KRB_SERVER] = { "Server Name", "kerberos.sname_element", GROUP, LEVEL_2 },
	[KRB_NAME_TYPE] = { "Name Type", "kerberos.name_type", NUMBER, LABELED(name_types),
	    LEVEL_3 },
	[KRB_CNAME] = { "Client Name String", "kerberos.CNameString", TEXT(0, 0), LEVEL_3 },
	[KRB_SNAME] = { "Server Name String", "kerberos.SNameString", TEXT(0, 0), LEVEL_3 },
	[KRB_REALM] = { "Realm", "kerberos.realm", TEXT(0, 0), LEVEL_2 },
	[KRB_CREALM] = { "Client Realm", "kerberos.crealm", TEXT(0, 0), LEVEL_2 },
	[KRB_FROM] = { "From", "kerberos.from", TIME_TEXT, LEVEL_2 },
	[KRB_TILL] = { "Till", "kerberos.till", TIME_TEXT, LEVEL_2 },
	[KRB_RENEW] = { "Renew Till", "kerberos.rtime", TIME_TEXT, LEVEL_2 },
	[KRB_NONCE] = { "Nonce", "kerberos.nonce", NUMBER, LEVEL_2 },
	[KRB_ETYPE] = { "Encryption Type", "kerberos.etype", NUMBER, LABELED(etypes), LEVEL_2 },
	[KRB_ETYPE_WANTED] = { "Encryption Type Wanted", "kerberos.ENCTYPE", NUMBER,
	    LABELED(etypes), LEVEL_2 },
	[KRB_TICKET] = { "Ticket", "kerberos.ticket_element", GROUP },
	[KRB_TICKET_VERSION] = { "Ticket Version", "kerberos.tkt_vno", NUMBER, LEVEL_2 },
	[KRB_ENCRYPTED] = { "Encrypted Part", "kerberos.enc_part_element", GROUP },
	[KRB_KEY_VERSION] = { "Key Version", "kerberos.kvno", NUMBER, LEVEL_2 },
	[KRB_CIPHER] = { "Cipher", "kerberos.cipher", BYTES(0, 0), LEVEL_2 },
	[KRB_AP_OPTIONS] = { "AP Options", "kerberos.ap_options", BYTES(0, 0) },
	[KRB_CLIENT_TIME] = { "Client Time", "kerberos.ctime", TIME_TEXT },
	[KRB_SERVER_TIME] = { "Server Time", "kerberos.stime", TIME_TEXT },
	[KRB_MICROSECONDS] = { "Microseconds", "kerberos.susec", NUMBER },
	[KRB_ERROR] = { "Error Code", "kerberos.error_code", NUMBER, LABELED(errors) },
	[KRB_ERROR_TEXT] = { "Error Text", "kerberos.e_text", TEXT(0, 0) },
	[KRB_ERROR_DATA] = { "Error Data", "kerberos.e_data", BYTES(0, 0) },
	[KRB_AS_REQ] = { "AS-REQ Message", "kerberos.as_req_element", GROUP },
	[KRB_AS_REP] = { "AS-REP Message", "kerberos.as_rep_element", GROUP },
	[KRB_TGS_REQ] = { "TGS-REQ Message", "kerberos.tgs_req_element", GROUP },
	[KRB_TGS_REP] = { "TGS-REP Message", "kerberos.tgs_rep_element", GROUP },
	[KRB_AP_REQ] = { "AP-REQ Message", "kerberos.ap_req_element", GROUP },
	[KRB_AP_REP] = { "AP-REP Message", "kerberos.ap_rep_element", GROUP },
	[KRB_SAFE] = { "KRB-SAFE Message", "kerberos.krb_safe_element", GROUP },
	[KRB_PRIV] = { "KRB-PRIV Message", "kerberos.krb_priv_element", GROUP },
	[KRB_CRED] = { "KRB-CRED Message", "kerberos.krb_cred_element", GROUP },
	[KRB_ERROR_MESSAGE] = { "KRB-ERROR Message", "kerberos.krb_error_element", GROUP },
	[KRB_OPTION_BITS] = { "KDC Option Bits", NULL, LE_U32(0), .level = HIDDEN },
	[KRB_AP_OPTION_BITS] = { "AP Option Bits", NULL, LE_U32(0), .level = HIDDEN },
	[KRB_PAC_BITS] = { "PAC Option Bits", NULL, LE_U32(0), .level = HIDDEN },
	[KRB_PAC_FLAGS] = { "PAC Options", "kerberos.flags", BYTES(0, 0), LEVEL_3 },
	[KRB_INCLUDE_PAC] = { "Include PAC", "kerberos.include_pac", BITS8(0, 0xFF), LEVEL_3 },
	[KRB_ETYPE_INFO] = { "Encryption Type's Info", "kerberos.ETYPE_INFO2_ENTRY_element", GROUP,
	    LEVEL_3 },
	[KRB_SALT_BYTES] = { "Salt Bytes", "kerberos.info_salt", BYTES(0, 0), LEVEL_3 },
	[KRB_SALT] = { "Salt", "kerberos.info2_salt", TEXT(0, 0), LEVEL_3 },
	[KRB_ADDRESS] = { "Host Address", "kerberos.HostAddress_element", GROUP, LEVEL_2 },
	[KRB_ADDRESS_TYPE] = { "Address Type", "kerberos.addr_type", NUMBER, LEVEL_3 },
	[KRB_ADDRESS_BYTES] = { "Address", NULL, BYTES(0, 0), LEVEL_3 },
	[KRB_AUTHENTICATOR] = { "Authenticator", "kerberos.authenticator_element", GROUP },
	[KRB_AUTHORIZATION] = { "Encrypted Authorization",
	    "kerberos.enc_authorization_data_element", GROUP, LEVEL_2 },
	[KRB_CLIENT_MICROSECONDS] = { "Client Microseconds", "kerberos.cusec", NUMBER },
};

/* ---- rules: [n] around everything, as RFC 4120, appendix A has it ---------------------------- */

#define TAG(n_) .tag = 0xA0 + (n_), .wrapped = 1
#define VALUE(n_, row_)                                                                            \
	{                                                                                          \
		TAG(n_), .row = (row_)                                                             \
	}
#define GROUP_OF(n_, heading_, rules_)                                                             \
	{                                                                                          \
		TAG(n_), .heading = (heading_), INSIDE(rules_)                                     \
	}
#define SEQUENCE(rules_)                                                                           \
	{                                                                                          \
		.tag = 0x30, INSIDE(rules_)                                                        \
	}

static const struct rule cname_strings[] = { { .tag = 0x1B, .many = 1, .row = KRB_CNAME } };
static const struct rule sname_strings[] = { { .tag = 0x1B, .many = 1, .row = KRB_SNAME } };

static const struct rule cname[] = {
	VALUE(0, KRB_NAME_TYPE),
	{ TAG(1), INSIDE(cname_strings) },
};

static const struct rule sname[] = {
	VALUE(0, KRB_NAME_TYPE),
	{ TAG(1), INSIDE(sname_strings) },
};

static const struct rule value[2];

/* What is in a pre-authentication value, which only its type tells: an AP-REQ; information
 * about encryption types; an encrypted timestamp; whether there shall be a PAC, and how. Each
 * has a tag of its own, or one of its own in it. */
static const struct rule info_salt[] = {
	{ .tag = 0x04, .row = KRB_SALT_BYTES },
	{ .tag = 0x1B, .row = KRB_SALT },
};

static const struct rule info[] = {
	VALUE(0, KRB_ETYPE),
	{ .tag = 0xA1, INSIDE(info_salt) },
};

static const struct rule first_of_value[] = {
	{ .tag = 0x01, .row = KRB_INCLUDE_PAC },
	{ .tag = 0x02, .row = KRB_ETYPE },
	{ .tag = 0x03, .row = KRB_PAC_FLAGS, .bits = KRB_PAC_BITS },
};

static const struct rule value_parts[] = {
	{ .tag = 0x30, .many = 1, .heading = KRB_ETYPE_INFO, INSIDE(info) },
	{ .tag = 0xA0, INSIDE(first_of_value) },
	VALUE(1, KRB_KEY_VERSION),
	VALUE(2, KRB_CIPHER),
};

static const struct rule padata_parts[] = {
	VALUE(1, KRB_PADATA_TYPE),
	{ TAG(2), .row = KRB_PADATA_VALUE, .inside = value, .n = 2 },
};

static const struct rule padata[] = {
	{ .tag = 0x30, .many = 1, .heading = KRB_PADATA, INSIDE(padata_parts) },
};

static const struct rule etype_list[] = { { .tag = 0x02, .many = 1, .row = KRB_ETYPE_WANTED } };

static const struct rule encrypted[] = {
	VALUE(0, KRB_ETYPE),
	VALUE(1, KRB_KEY_VERSION),
	VALUE(2, KRB_CIPHER),
};

static const struct rule address_parts[] = {
	VALUE(0, KRB_ADDRESS_TYPE),
	VALUE(1, KRB_ADDRESS_BYTES),
};

static const struct rule addresses[] = {
	{ .tag = 0x30, .many = 1, .heading = KRB_ADDRESS, INSIDE(address_parts) },
};

static const struct rule request_body[] = {
	{ TAG(0), .row = KRB_OPTIONS, .bits = KRB_OPTION_BITS },
	GROUP_OF(1, KRB_CLIENT, cname),
	VALUE(2, KRB_REALM),
	GROUP_OF(3, KRB_SERVER, sname),
	VALUE(4, KRB_FROM),
	VALUE(5, KRB_TILL),
	VALUE(6, KRB_RENEW),
	VALUE(7, KRB_NONCE),
	{ TAG(8), INSIDE(etype_list) },
	{ TAG(9), INSIDE(addresses) },
	GROUP_OF(10, KRB_AUTHORIZATION, encrypted),
};

static const struct rule request[] = {
	VALUE(1, KRB_VERSION),
	VALUE(2, KRB_TYPE),
	{ TAG(3), INSIDE(padata) },
	GROUP_OF(4, KRB_BODY, request_body),
};

static const struct rule ticket_parts[] = {
	VALUE(0, KRB_TICKET_VERSION),
	VALUE(1, KRB_REALM),
	GROUP_OF(2, KRB_SERVER, sname),
	GROUP_OF(3, KRB_ENCRYPTED, encrypted),
};

static const struct rule ticket[] = { SEQUENCE(ticket_parts) };

static const struct rule reply[] = {
	VALUE(0, KRB_VERSION),
	VALUE(1, KRB_TYPE),
	{ TAG(2), INSIDE(padata) },
	VALUE(3, KRB_CREALM),
	GROUP_OF(4, KRB_CLIENT, cname),
	GROUP_OF(5, KRB_TICKET, ticket),
	GROUP_OF(6, KRB_ENCRYPTED, encrypted),
};

static const struct rule ap_request[] = {
	VALUE(0, KRB_VERSION),
	VALUE(1, KRB_TYPE),
	{ TAG(2), .row = KRB_AP_OPTIONS, .bits = KRB_AP_OPTION_BITS },
	GROUP_OF(3, KRB_TICKET, ticket),
	GROUP_OF(4, KRB_AUTHENTICATOR, encrypted),
};

static const struct rule ap_reply[] = {
	VALUE(0, KRB_VERSION),
	VALUE(1, KRB_TYPE),
	GROUP_OF(2, KRB_ENCRYPTED, encrypted),
};

static const struct rule other[] = {
	VALUE(0, KRB_VERSION),
	VALUE(1, KRB_TYPE),
	GROUP_OF(3, KRB_ENCRYPTED, encrypted),
};

static const struct rule error_data[] = { SEQUENCE(padata) };

static const struct rule error[] = {
	VALUE(0, KRB_VERSION),
	VALUE(1, KRB_TYPE),
	VALUE(2, KRB_CLIENT_TIME),
	VALUE(3, KRB_CLIENT_MICROSECONDS),
	VALUE(4, KRB_SERVER_TIME),
	VALUE(5, KRB_MICROSECONDS),
	VALUE(6, KRB_ERROR),
	VALUE(7, KRB_CREALM),
	GROUP_OF(8, KRB_CLIENT, cname),
	VALUE(9, KRB_REALM),
	GROUP_OF(10, KRB_SERVER, sname),
	VALUE(11, KRB_ERROR_TEXT),
	{ TAG(12), .row = KRB_ERROR_DATA, INSIDE(error_data) },
};

static const struct rule request_sequence[] = { SEQUENCE(request) };
static const struct rule reply_sequence[] = { SEQUENCE(reply) };
static const struct rule ap_request_sequence[] = { SEQUENCE(ap_request) };
static const struct rule ap_reply_sequence[] = { SEQUENCE(ap_reply) };
static const struct rule other_sequence[] = { SEQUENCE(other) };
static const struct rule error_sequence[] = { SEQUENCE(error) };

#define APPLICATION(n_, heading_, rules_)                                                          \
	{                                                                                          \
		.tag = 0x60 + (n_), .heading = (heading_), INSIDE(rules_)                          \
	}

static const struct rule value[] = {
	APPLICATION(14, KRB_AP_REQ, ap_request_sequence),
	SEQUENCE(value_parts),
};

static const struct rule messages[] = {
	APPLICATION(10, KRB_AS_REQ, request_sequence),
	APPLICATION(11, KRB_AS_REP, reply_sequence),
	APPLICATION(12, KRB_TGS_REQ, request_sequence),
	APPLICATION(13, KRB_TGS_REP, reply_sequence),
	APPLICATION(14, KRB_AP_REQ, ap_request_sequence),
	APPLICATION(15, KRB_AP_REP, ap_reply_sequence),
	APPLICATION(20, KRB_SAFE, other_sequence),
	APPLICATION(21, KRB_PRIV, other_sequence),
	APPLICATION(22, KRB_CRED, other_sequence),
	APPLICATION(30, KRB_ERROR_MESSAGE, error_sequence),
};

/* ---- messages ------------------------------------------------------------------------------ */

static bool is_application(uint8_t tag)
{
	for (size_t i = 0; i < COUNT(messages); i++)
		if (messages[i].tag == tag)
			return true;
	return false;
}

/* Where the message begins: behind a length, or at once; h->left: there is none. */
static DWORD message_at(const struct header *h)
{
	struct ber b;

	if (ber_at(h, 0, &b) && is_application(b.tag))
		return 0;
	if (h->left > RECORD && be32(h->p) <= LENGTH_MAX && ber_at(h, RECORD, &b) &&
	    is_application(b.tag))
		return RECORD;
	return h->left;
}

RECOGNIZE(recognize)
{
	const struct header h = { frame, p, bounded(left, *instance) };

	(void)next;
	return message_at(&h) < h.left ? rest_is_mine(status) : not_mine(p, status);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	DWORD at = message_at(&h);

	field_attach_at(&h, &fields[KRB_SUMMARY], 0, h.left, 0);
	if (at == RECORD)
		fields_attach(&h, &fields[KRB_RECORD_LENGTH], 1);
	ber_attach(&h, fields, messages, COUNT(messages), at, h.left);
	return NULL;
}

/* The content of [n] in the sequence at `at`; size 0: it is not there. */
static struct ber member(const struct header *h, const struct ber *sequence, uint8_t n)
{
	DWORD at = sequence->at, end = sequence->at + sequence->size;
	struct ber b, inner;

	while (at < end && ber_at(h, at, &b)) {
		if (b.tag == 0xA0 + n && ber_at(h, b.at, &inner))
			return inner;
		at = b.at + b.size;
	}
	return (struct ber){ 0, end, 0, 0 };
}

/* Which member of the sequence, or of its body, is the realm; -1: none. */
static int realm_of(uint8_t tag, bool *in_body)
{
	*in_body = tag == 0x6A || tag == 0x6C;
	if (*in_body)
		return 2;
	if (tag == 0x6B || tag == 0x6D)
		return 3;
	return tag == 0x7E ? 9 : -1;
}

static void put_realm(
    LPPROPERTYINST i, const struct header *h, uint8_t tag, const struct ber *sequence)
{
	bool in_body;
	int n = realm_of(tag, &in_body);
	struct ber body, realm;

	if (n < 0)
		return;
	body = in_body ? member(h, sequence, 4) : *sequence;
	realm = member(h, &body, (uint8_t)n);
	if (realm.size == 0)
		return;
	text_put(i, ", realm ");
	text_put_bytes(i, h->p + realm.at, realm.size);
}

/* "AS-REQ, realm EXAMPLE.COM" */
static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const struct header h = { frame, i->lpByte, i->DataLength };
	DWORD at = message_at(&h);
	struct ber m, sequence, code;
	int64_t v;
	const char *name;

	if (!ber_at(&h, at, &m))
		return;
	name = (const char *)LookupDwordSetString(&types, m.tag - 0x60u);
	text_put(i, "%s", name ? name : "");
	if (!ber_at(&h, m.at, &sequence))
		return;
	put_realm(i, &h, m.tag, &sequence);
	code = member(&h, &sequence, 6);
	if (m.tag != 0x7E || !ber_number(&h, &code, &v))
		return;
	name = (const char *)LookupDwordSetString(&errors, (DWORD)v);
	if (name)
		text_put(i, ", %s", name);
	else
		text_put(i, ", error %d", (int)v);
}

static const PARSERFIELDNAME names[] = {
	{ L("Record Length"), L("kerberos.rm.reserved"), 0x80000000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.reserved"), 0x80000000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.forwardable"), 0x40000000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.forwarded"), 0x20000000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.proxiable"), 0x10000000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.proxy"), 0x08000000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.allow.postdate"), 0x04000000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.postdated"), 0x02000000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.unused7"), 0x01000000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.renewable"), 0x00800000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.unused9"), 0x00400000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.unused10"), 0x00200000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.opt.hardware.auth"), 0x00100000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.unused12"), 0x00080000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.unused13"), 0x00040000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.constrained.delegation"), 0x00020000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.canonicalize"), 0x00010000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.request.anonymous"), 0x00008000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.unused17"), 0x00004000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.unused18"), 0x00002000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.unused19"), 0x00001000, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.unused20"), 0x00000800, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.unused21"), 0x00000400, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.unused22"), 0x00000200, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.unused23"), 0x00000100, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.unused24"), 0x00000080, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.unused25"), 0x00000040, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.disable.transited.check"), 0x00000020, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.renewable.ok"), 0x00000010, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.enc.tkt.in.skey"), 0x00000008, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.unused29"), 0x00000004, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.renew"), 0x00000002, 0 },
	{ L("KDC Option Bits"), L("kerberos.KDCOptions.validate"), 0x00000001, 0 },
	{ L("AP Option Bits"), L("kerberos.APOptions.reserved"), 0x80000000, 0 },
	{ L("AP Option Bits"), L("kerberos.APOptions.use.session.key"), 0x40000000, 0 },
	{ L("AP Option Bits"), L("kerberos.APOptions.mutual.required"), 0x20000000, 0 },
	{ L("PAC Option Bits"), L("kerberos.PAC.OPTIONS.FLAGS.claims"), 0x80000000, 0 },
	{ L("PAC Option Bits"), L("kerberos.PAC.OPTIONS.FLAGS.branch.aware"), 0x40000000, 0 },
	{ L("PAC Option Bits"), L("kerberos.PAC.OPTIONS.FLAGS.forward.to.full.dc"), 0x20000000, 0 },
	{ L("PAC Option Bits"),
	    L("kerberos.PAC.OPTIONS.FLAGS.resource.based.constrained.delegation"), 0x10000000, 0 },
};

static const struct place places[] = {
	TCP_PORT(88),
	UDP_PORT(88),
};

struct parser kerberos_parser = {
	.name = "KERBEROS",
	.comment = "Kerberos network authentication, version 5 (RFC 4120)",
	.fields = fields,
	.n_fields = KRB_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
