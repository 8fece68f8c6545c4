/* SPDX-License-Identifier: MIT */
/* TLS (RFC 8446, 5246) and SSL 3.0: records, as many as a segment has.
 *
 *   OFFSET SIZE MEANING
 *   0      1    content type
 *   1      2    version
 *   3      2    length, of what follows
 *
 * A segment is looked at alone: what continues a record of another one is not ours. */
#include "tls.h"

#define HEADER     5u
#define LENGTH_MAX (16384u + 2048u)
#define SHOWN      8u /* records in a summary */

#define LEVEL(n_) .level = (n_)

static void format_summary(LPPROPERTYINST i, HFRAME frame);

struct field tls_fields[TLS_FIELDS] = {
	[TLS_SUMMARY] = { "Summary of the TLS records", "tls ssl", SUMMARY,
	    .format = format_summary },
	[TLS_RECORD] = { "Record", "tls.record", GROUP },
	[TLS_CONTENT_TYPE] = { "Content Type", "tls.record.content_type", U8(0),
	    LABELED(tls_contents), LEVEL(2) },
	[TLS_RECORD_VERSION] = { "Version", "tls.record.version", U16(1), LABELED(tls_versions),
	    LEVEL(2) },
	[TLS_RECORD_LENGTH] = { "Length", "tls.record.length", U16(3), LEVEL(2) },
	[TLS_CHANGE_CIPHER] = { "Change Cipher Spec Message", "tls.change_cipher_spec",
	    BYTES(HEADER, 0), LEVEL(2) },
	[TLS_ALERT_LEVEL] = { "Alert Level", "tls.alert_message.level", U8(HEADER),
	    LABELED(tls_levels), LEVEL(2) },
	[TLS_ALERT] = { "Alert", "tls.alert_message.desc", U8(HEADER + 1), LABELED(tls_alerts),
	    LEVEL(2) },
	[TLS_ENCRYPTED_ALERT] = { "Encrypted Alert", "tls.alert_message", BYTES(HEADER, 0),
	    LEVEL(2) },
	[TLS_APPLICATION_DATA] = { "Application Data", "tls.app_data", BYTES(HEADER, 0), LEVEL(2) },
	[TLS_HEARTBEAT] = { "Heartbeat Message", "tls.heartbeat_message", BYTES(HEADER, 0),
	    LEVEL(2) },
	[TLS_ENCRYPTED_HANDSHAKE] = { "Encrypted Handshake Message", "tls.handshake",
	    BYTES(HEADER, 0), LEVEL(2) },
	[TLS_HANDSHAKE] = { "Handshake Message", "tls.handshake", GROUP, LEVEL(2) },
	[TLS_HANDSHAKE_TYPE] = { "Handshake Type", "tls.handshake.type", U8(0),
	    LABELED(tls_handshakes), LEVEL(3) },
	[TLS_HANDSHAKE_LENGTH] = { "Handshake Length", "tls.handshake.length", LE_U32(0),
	    LEVEL(3) },
	[TLS_HANDSHAKE_DATA] = { "Handshake Data", NULL, BYTES(HANDSHAKE_HEADER, 0), LEVEL(3) },
	[TLS_VERSION] = { "Hello Version", "tls.handshake.version", U16(0), LABELED(tls_versions),
	    LEVEL(3) },
	[TLS_RANDOM] = { "Random", "tls.handshake.random", BYTES(2, 32), LEVEL(3) },
	[TLS_RANDOM_BYTES] = { "Random Bytes", "tls.handshake.random_bytes", BYTES(6, 28),
	    LEVEL(4) },
	[TLS_SESSION_ID_LENGTH] = { "Session ID Length", "tls.handshake.session_id_length", U8(34),
	    LEVEL(3) },
	[TLS_SESSION_ID] = { "Session ID", "tls.handshake.session_id", BYTES(0, 0), LEVEL(3) },
	[TLS_CIPHERS_LENGTH] = { "Cipher Suites Length", "tls.handshake.cipher_suites_length",
	    U16(0), LEVEL(3) },
	[TLS_CIPHER] = { "Cipher Suite", "tls.handshake.ciphersuite", U16(0), LABELED(tls_ciphers),
	    LEVEL(4) },
	[TLS_COMPRESSIONS_LENGTH] = { "Compression Methods Length",
	    "tls.handshake.comp_methods_length", U8(0), LEVEL(3) },
	[TLS_COMPRESSION] = { "Compression Method", "tls.handshake.comp_method", U8(0),
	    LABELED(tls_compressions), LEVEL(4) },
	[TLS_EXTENSIONS_LENGTH] = { "Extensions Length", "tls.handshake.extensions_length", U16(0),
	    LEVEL(3) },
	[TLS_EXTENSION] = { "Extension", "tls.handshake.extension.type", U16(0),
	    LABELED(tls_extensions), LEVEL(4) },
	[TLS_EXTENSION_LENGTH] = { "Extension Length", "tls.handshake.extension.len", U16(2),
	    LEVEL(5) },
	[TLS_EXTENSION_DATA] = { "Extension Data", "tls.handshake.extension.data", BYTES(4, 0),
	    LEVEL(5) },
	[TLS_NAMES_LENGTH] = { "Server Name List Length",
	    "tls.handshake.extensions_server_name_list_len", U16(0), LEVEL(5) },
	[TLS_NAME_TYPE] = { "Server Name Type", "tls.handshake.extensions_server_name_type", U8(0),
	    LEVEL(5) },
	[TLS_NAME_LENGTH] = { "Server Name Length", "tls.handshake.extensions_server_name_len",
	    U16(1), LEVEL(5) },
	[TLS_NAME] = { "Server Name", "tls.handshake.extensions_server_name", TEXT(3, 0),
	    LEVEL(5) },
	[TLS_ALPN_LENGTH] = { "ALPN Length", "tls.handshake.extensions_alpn_len", U16(0),
	    LEVEL(5) },
	[TLS_ALPN_STRING_LENGTH] = { "ALPN String Length", "tls.handshake.extensions_alpn_str_len",
	    U8(0), LEVEL(5) },
	[TLS_ALPN_STRING] = { "ALPN Protocol", "tls.handshake.extensions_alpn_str", TEXT(1, 0),
	    LEVEL(5) },
	[TLS_VERSIONS_LENGTH] = { "Supported Versions Length",
	    "tls.handshake.extensions.supported_versions_len", U8(0), LEVEL(5) },
	[TLS_SUPPORTED_VERSION] = { "Supported Version",
	    "tls.handshake.extensions.supported_version", U16(0), LABELED(tls_versions), LEVEL(5) },
	[TLS_GROUPS_LENGTH] = { "Supported Groups Length",
	    "tls.handshake.extensions_supported_groups_length", U16(0), LEVEL(5) },
	[TLS_GROUP] = { "Supported Group", "tls.handshake.extensions_supported_group", U16(0),
	    LABELED(tls_groups), LEVEL(5) },
	[TLS_FORMATS_LENGTH] = { "Point Formats Length",
	    "tls.handshake.extensions_ec_point_formats_length", U8(0), LEVEL(5) },
	[TLS_FORMAT] = { "Point Format", "tls.handshake.extensions_ec_point_format", U8(0),
	    LABELED(tls_formats), LEVEL(5) },
	[TLS_SIGNATURES_LENGTH] = { "Signature Algorithms Length", "tls.handshake.sig_hash_alg_len",
	    U16(0), LEVEL(5) },
	[TLS_SIGNATURE] = { "Signature Algorithm", "tls.handshake.sig_hash_alg", U16(0),
	    LABELED(tls_signatures), LEVEL(5) },
	[TLS_SHARES_LENGTH] = { "Key Shares Length",
	    "tls.handshake.extensions_key_share_client_length", U16(0), LEVEL(5) },
	[TLS_SHARE_GROUP] = { "Key Share Group", "tls.handshake.extensions_key_share_group", U16(0),
	    LABELED(tls_groups), LEVEL(5) },
	[TLS_SHARE_LENGTH] = { "Key Exchange Length",
	    "tls.handshake.extensions_key_share_key_exchange_length", U16(2), LEVEL(6) },
	[TLS_SHARE] = { "Key Exchange", "tls.handshake.extensions_key_share_key_exchange",
	    BYTES(4, 0), LEVEL(6) },
	[TLS_CERTIFICATES_LENGTH] = { "Certificates Length", "tls.handshake.certificates_length",
	    LE_U32(0), LEVEL(3) },
	[TLS_CERTIFICATE_LENGTH] = { "Certificate Length", "tls.handshake.certificate_length",
	    LE_U32(0), LEVEL(4) },
	[TLS_CERTIFICATE] = { "Certificate", "tls.handshake.certificate", BYTES(0, 0), LEVEL(4) },
	[TLS_TICKET_LIFETIME] = { "Session Ticket Lifetime Hint",
	    "tls.handshake.session_ticket_lifetime_hint", U32(0), LEVEL(3) },
	[TLS_TICKET_LENGTH] = { "Session Ticket Length", "tls.handshake.session_ticket_length",
	    U16(4), LEVEL(3) },
	[TLS_TICKET] = { "Session Ticket", "tls.handshake.session_ticket", BYTES(6, 0), LEVEL(3) },
	[TLS_SSL2_LENGTH] = { "SSL 2.0 Length", "tls.record.length", BITS16(0, 0x7FFF), LEVEL(2) },
	[TLS_SSL2_TYPE] = { "SSL 2.0 Handshake Type", "tls.handshake.type", U8(2),
	    LABELED(tls_handshakes), LEVEL(2) },
	[TLS_SSL2_VERSION] = { "SSL 2.0 Hello Version", "tls.handshake.version", U16(3),
	    LABELED(tls_versions), LEVEL(2) },
	[TLS_SSL2_CIPHERS_LENGTH] = { "Cipher Specs Length", "tls.handshake.cipher_spec_len",
	    U16(5), LEVEL(2) },
	[TLS_SSL2_SESSION_LENGTH] = { "SSL 2.0 Session ID Length",
	    "tls.handshake.session_id_length", U16(7), LEVEL(2) },
	[TLS_SSL2_CHALLENGE_LENGTH] = { "Challenge Length", "tls.handshake.challenge_length",
	    U16(9), LEVEL(2) },
	[TLS_SSL2_CIPHER] = { "Cipher Spec", "tls.handshake.cipherspec", LE_U32(0), LEVEL(3) },
	[TLS_SSL2_SESSION] = { "SSL 2.0 Session ID", "tls.handshake.session_id", BYTES(0, 0),
	    LEVEL(2) },
	[TLS_SSL2_CHALLENGE] = { "Challenge", "tls.handshake.challenge", BYTES(0, 0), LEVEL(2) },
};

/* ---- records ------------------------------------------------------------------------------ */

static bool is_record(const uint8_t *p, DWORD left)
{
	return left >= HEADER && p[0] >= 20 && p[0] <= 24 && p[1] == 3 && p[2] <= 4 &&
	       be16(p + 3) > 0 && be16(p + 3) <= LENGTH_MAX;
}

RECOGNIZE(recognize)
{
	(void)next;
	left = bounded(left, *instance);
	return is_record(p, left) || tls_is_ssl2_hello(p, left) ? rest_is_mine(status)
								: not_mine(p, status);
}

static void attach_alert(const struct header *record)
{
	if (be16(record->p + 3) == 2)
		fields_attach(record, &tls_fields[TLS_ALERT_LEVEL], 2);
	else
		fields_attach(record, &tls_fields[TLS_ENCRYPTED_ALERT], 1);
}

static void attach_handshake(const struct header *record, bool encrypted)
{
	const struct header body = { record->frame, record->p + HEADER, record->left - HEADER };

	if (encrypted || !tls_is_handshake(body.p, body.left))
		fields_attach(record, &tls_fields[TLS_ENCRYPTED_HANDSHAKE], 1);
	else
		tls_handshakes_attach(&body);
}

/* *encrypted: a record before it changed the cipher. */
static void attach_record(const struct header *record, bool *encrypted)
{
	fields_attach(record, &tls_fields[TLS_CONTENT_TYPE], 3);
	if (record->left == HEADER)
		return;
	switch (record->p[0]) {
	case 20:
		fields_attach(record, &tls_fields[TLS_CHANGE_CIPHER], 1);
		*encrypted = true;
		break;
	case 21: attach_alert(record); break;
	case 22: attach_handshake(record, *encrypted); break;
	case 23: fields_attach(record, &tls_fields[TLS_APPLICATION_DATA], 1); break;
	default: fields_attach(record, &tls_fields[TLS_HEARTBEAT], 1);
	}
}

/* Bytes of the record at p that are there. */
static DWORD record_bytes(const uint8_t *p, DWORD left)
{
	DWORD n = HEADER + be16(p + 3);

	return n < left ? n : left;
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	bool encrypted = false;
	DWORD at = 0;

	field_attach_at(&h, &tls_fields[TLS_SUMMARY], 0, h.left, 0);
	if (tls_is_ssl2_hello(h.p, h.left)) {
		tls_ssl2_hello_attach(&h);
		return NULL;
	}
	while (at < MESSAGES_END && is_record(h.p + at, h.left - at)) {
		DWORD n = record_bytes(h.p + at, h.left - at);
		const struct header record = { frame, h.p + at, n };

		field_attach_at(&h, &tls_fields[TLS_RECORD], at, n, 0);
		attach_record(&record, &encrypted);
		at += n;
	}
	if (at < h.left)
		field_attach_at(&h, &tls_fields[TLS_RECORD], at, h.left - at,
		    h.left - at >= HEADER && at < MESSAGES_END ? IFLAG_ERROR : 0);
	return NULL;
}

/* ---- summary ------------------------------------------------------------------------------ */

static void put_name(LPPROPERTYINST i, const char *name, const char *otherwise)
{
	text_put(i, "%s", name ? name : otherwise);
}

static void put_record(LPPROPERTYINST i, const uint8_t *p, DWORD n, bool *encrypted)
{
	const uint8_t *name;
	DWORD size;

	if (p[0] == 20)
		*encrypted = true;
	if (p[0] != 22 || n <= HEADER) {
		put_name(i, (const char *)LookupByteSetString(&tls_contents, p[0]), "");
		if (p[0] == 21 && n == HEADER + 2)
			text_put(i, " (%s)",
			    LookupByteSetString(&tls_alerts, p[6])
				? (const char *)LookupByteSetString(&tls_alerts, p[6])
				: "unknown");
		return;
	}
	if (*encrypted || !tls_is_handshake(p + HEADER, n - HEADER)) {
		text_put(i, "Encrypted Handshake Message");
		return;
	}
	put_name(i, (const char *)LookupByteSetString(&tls_handshakes, p[HEADER]), "");
	if (tls_server_name(p + HEADER, n - HEADER, &name, &size)) {
		text_put(i, " (");
		text_put_bytes(i, name, size);
		text_put(i, ")");
	}
}

/* "TLS 1.0: Client Hello (www.example.com)" */
static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;
	DWORD at = 0, left = i->DataLength;
	bool encrypted = false, ssl2 = tls_is_ssl2_hello(p, left);
	unsigned n = 0;

	(void)frame;
	if (ssl2 || is_record(p, left))
		put_name(i,
		    (const char *)LookupWordSetString(&tls_versions, be16(p + (ssl2 ? 3 : 1))), "");
	if (ssl2)
		text_put(i, ": Client Hello of SSL 2.0");
	for (; !ssl2 && is_record(p + at, left - at); n++) {
		DWORD size = record_bytes(p + at, left - at);

		if (n < SHOWN) {
			text_put(i, n ? ", " : ": ");
			put_record(i, p + at, size, &encrypted);
		}
		at += size;
	}
	if (n > SHOWN)
		text_put(i, ", %u more", n - SHOWN);
}

static const struct place places[] = { TCP_PORT(324), TCP_PORT(443), TCP_PORT(465), TCP_PORT(636),
	TCP_PORT(802), TCP_PORT(853), TCP_PORT(989), TCP_PORT(990), TCP_PORT(992), TCP_PORT(993),
	TCP_PORT(995), TCP_PORT(1300), TCP_PORT(2221), TCP_PORT(2443), TCP_PORT(3249),
	TCP_PORT(3250), TCP_PORT(3251), TCP_PORT(3252), TCP_PORT(3269), TCP_PORT(3496),
	TCP_PORT(5061), TCP_PORT(5671), TCP_PORT(5684), TCP_PORT(5868), TCP_PORT(8443),
	TCP_PORT(8883), TCP_PORT(11207), TCP_PORT(19999), TCP_PORT(27017) };

struct parser tls_parser = {
	.name = "TLS",
	.comment = "Transport Layer Security (RFC 8446, 5246), and SSL",
	.fields = tls_fields,
	.n_fields = TLS_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.follows = "TCP",
	.places = places,
	.n_places = COUNT(places),
};
