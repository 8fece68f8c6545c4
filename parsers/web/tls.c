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

#include "../common/times.h"

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
	[TLS_RANDOM_TIME] = { "Random Time", "tls.handshake.random_time", TIME_4(2), LEVEL(4) },
	[TLS_RANDOM_BYTES] = { "Random Bytes", "tls.handshake.random_bytes", BYTES(6, 28),
	    LEVEL(4) },
	[TLS_SESSION_ID_LENGTH] = { "Session ID Length", "tls.handshake.session_id_length", U8(34),
	    LEVEL(3) },
	[TLS_SESSION_ID] = { "Session ID", "tls.handshake.session_id", BYTES(0, 0), LEVEL(3) },
	[TLS_CIPHERS_LENGTH] = { "Cipher Suites Length", "tls.handshake.cipher_suites_length",
	    U16(0), LEVEL(3) },
	[TLS_CIPHERS] = { "Cipher Suites", "tls.handshake.ciphersuites", GROUP, LEVEL(3) },
	[TLS_CIPHER] = { "Cipher Suite", "tls.handshake.ciphersuite", U16(0), LABELED(tls_ciphers),
	    LEVEL(4) },
	[TLS_COMPRESSIONS_LENGTH] = { "Compression Methods Length",
	    "tls.handshake.comp_methods_length", U8(0), LEVEL(3) },
	[TLS_COMPRESSIONS] = { "Compression Methods", "tls.handshake.comp_methods", GROUP,
	    LEVEL(3) },
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
	[TLS_ALPN_LIST] = { "ALPN Protocols", "tls.handshake.extensions_alpn_list", GROUP,
	    LEVEL(5) },
	[TLS_ALPN_STRING_LENGTH] = { "ALPN String Length", "tls.handshake.extensions_alpn_str_len",
	    U8(0), LEVEL(6) },
	[TLS_ALPN_STRING] = { "ALPN Protocol", "tls.handshake.extensions_alpn_str", TEXT(1, 0),
	    LEVEL(6) },
	[TLS_VERSIONS_LENGTH] = { "Supported Versions Length",
	    "tls.handshake.extensions.supported_versions_len", U8(0), LEVEL(5) },
	[TLS_SUPPORTED_VERSION] = { "Supported Version",
	    "tls.handshake.extensions.supported_version", U16(0), LABELED(tls_versions), LEVEL(5) },
	[TLS_GROUPS_LENGTH] = { "Supported Groups Length",
	    "tls.handshake.extensions_supported_groups_length", U16(0), LEVEL(5) },
	[TLS_GROUPS] = { "Supported Groups", "tls.handshake.extensions_supported_groups", GROUP,
	    LEVEL(5) },
	[TLS_GROUP] = { "Supported Group", "tls.handshake.extensions_supported_group", U16(0),
	    LABELED(tls_groups), LEVEL(6) },
	[TLS_FORMATS_LENGTH] = { "Point Formats Length",
	    "tls.handshake.extensions_ec_point_formats_length", U8(0), LEVEL(5) },
	[TLS_FORMATS] = { "Point Formats", "tls.handshake.extensions_ec_point_formats", GROUP,
	    LEVEL(5) },
	[TLS_FORMAT] = { "Point Format", "tls.handshake.extensions_ec_point_format", U8(0),
	    LABELED(tls_formats), LEVEL(6) },
	[TLS_SIGNATURES_LENGTH] = { "Signature Algorithms Length", "tls.handshake.sig_hash_alg_len",
	    U16(0), LEVEL(5) },
	[TLS_SIGNATURES] = { "Signature Algorithms", "tls.handshake.sig_hash_algs", GROUP,
	    LEVEL(5) },
	[TLS_SIGNATURE] = { "Signature Algorithm", "tls.handshake.sig_hash_alg", U16(0),
	    LABELED(tls_signatures), LEVEL(6) },
	[TLS_SHARES_LENGTH] = { "Key Shares Length",
	    "tls.handshake.extensions_key_share_client_length", U16(0), LEVEL(5) },
	[TLS_SHARE_GROUP] = { "Key Share Group", "tls.handshake.extensions_key_share_group", U16(0),
	    LABELED(tls_groups), LEVEL(5) },
	[TLS_SHARE_LENGTH] = { "Key Exchange Length",
	    "tls.handshake.extensions_key_share_key_exchange_length", U16(2), LEVEL(6) },
	[TLS_SHARE] = { "Key Exchange", "tls.handshake.extensions_key_share_key_exchange",
	    BYTES(4, 0), LEVEL(6) },
	[TLS_SELECTED_GROUP] = { "Selected Group",
	    "tls.handshake.extensions_key_share_selected_group", U16(0), LABELED(tls_groups),
	    LEVEL(5) },
	[TLS_MAX_FRAGMENT] = { "Maximum Fragment Length", "tls.handshake.max_fragment_length",
	    U8(0), LEVEL(5) },
	[TLS_STATUS_TYPE] = { "Certificate Status Type",
	    "tls.handshake.extensions_status_request_type", U8(0), LEVEL(5) },
	[TLS_RESPONDERS_LENGTH] = { "Responders Length",
	    "tls.handshake.extensions_status_request_responder_ids_len", U16(0), LEVEL(5) },
	[TLS_REQUEST_EXTENSIONS_LENGTH] = { "Request Extensions Length",
	    "tls.handshake.extensions_status_request_exts_len", U16(0), LEVEL(5) },
	[TLS_HEARTBEAT_MODE] = { "Heartbeat Mode", "tls.handshake.extension.heartbeat.mode", U8(0),
	    LEVEL(5) },
	[TLS_SCTS_LENGTH] = { "Certificate Timestamps Length", "tls.sct.scts_length", U16(0),
	    LEVEL(5) },
	[TLS_SCT_LENGTH] = { "Certificate Timestamp Length", "tls.sct.sct_length", U16(0),
	    LEVEL(6) },
	[TLS_SCT_VERSION] = { "Certificate Timestamp Version", "tls.sct.sct_version", U8(0),
	    LEVEL(6) },
	[TLS_SCT_LOG] = { "Log", "tls.sct.sct_logid", BYTES(0, 32), LEVEL(6) },
	[TLS_SCT_TIME] = { "Certificate Timestamp", "tls.sct.sct_timestamp", TIME_8(0), LEVEL(6) },
	[TLS_SCT_EXTENSIONS_LENGTH] = { "Certificate Timestamp Extensions Length",
	    "tls.sct.sct_extensions_length", U16(0), LEVEL(6) },
	[TLS_SCT_EXTENSIONS] = { "Certificate Timestamp Extensions", "tls.sct.sct_extensions",
	    BYTES(0, 0), LEVEL(6) },
	[TLS_SCT_SIGNATURE_LENGTH] = { "Log's Signature Length", "tls.sct.sct_signature_length",
	    U16(0), LEVEL(6) },
	[TLS_SCT_SIGNATURE] = { "Log's Signature", "tls.sct.sct_signature", BYTES(0, 0), LEVEL(6) },
	[TLS_PADDING] = { "Padding", "tls.handshake.extensions_padding_data", BYTES(0, 0),
	    LEVEL(5) },
	[TLS_COMPRESSORS_LENGTH] = { "Certificate Compressions Length",
	    "tls.compress_certificate.algorithms_length", U8(0), LEVEL(5) },
	[TLS_COMPRESSOR] = { "Certificate Compression", "tls.compress_certificate.algorithm",
	    U16(0), LEVEL(5) },
	[TLS_SIZE_LIMIT] = { "Record Size Limit", "tls.record_size_limit", U16(0), LEVEL(5) },
	[TLS_EARLY_DATA] = { "Maximum early Data", "tls.early_data.max_early_data_size", U32(0),
	    LEVEL(5) },
	[TLS_COOKIE_LENGTH] = { "Cookie Length", "tls.handshake.extensions.cookie_len", U16(0),
	    LEVEL(5) },
	[TLS_COOKIE] = { "Cookie", "tls.handshake.extensions.cookie", BYTES(0, 0), LEVEL(5) },
	[TLS_PSK_MODES_LENGTH] = { "Key Exchange Modes Length", "tls.extension.psk_ke_modes_length",
	    U8(0), LEVEL(5) },
	[TLS_PSK_MODE] = { "Key Exchange Mode", "tls.extension.psk_ke_mode", U8(0),
	    LABELED(tls_psk_modes), LEVEL(5) },
	[TLS_PSK_IDENTITIES_LENGTH] = { "Identities Length",
	    "tls.handshake.extensions.psk.identities.length", U16(0), LEVEL(5) },
	[TLS_PSK_IDENTITY_LENGTH] = { "Identity Length",
	    "tls.handshake.extensions.psk.identity.identity_length", U16(0), LEVEL(6) },
	[TLS_PSK_IDENTITY] = { "Identity", "tls.handshake.extensions.psk.identity.identity",
	    BYTES(0, 0), LEVEL(6) },
	[TLS_PSK_AGE] = { "Ticket Age",
	    "tls.handshake.extensions.psk.identity.obfuscated_ticket_age", U32(0), LEVEL(6) },
	[TLS_PSK_BINDERS_LENGTH] = { "Binders Length", "tls.handshake.extensions.psk.binders_len",
	    U16(0), LEVEL(5) },
	[TLS_PSK_BINDERS] = { "Binders", "tls.handshake.extensions.psk.binders", BYTES(0, 0),
	    LEVEL(5) },
	[TLS_PSK_SELECTED] = { "Selected Identity",
	    "tls.handshake.extensions.psk.identity.selected", U16(0), LEVEL(5) },
	[TLS_NPN_LENGTH] = { "Next Protocol Length", "tls.handshake.extensions_npn_str_len", U8(0),
	    LEVEL(5) },
	[TLS_NPN] = { "Next Protocol", "tls.handshake.extensions_npn", TEXT(0, 0), LEVEL(5) },
	[TLS_RENEGOTIATION_LENGTH] = { "Renegotiation Info Length",
	    "tls.handshake.extensions_reneg_info_len", U8(0), LEVEL(5) },
	[TLS_RENEGOTIATION] = { "Renegotiation Info", "tls.handshake.extensions_reneg_info",
	    BYTES(0, 0), LEVEL(5) },
	[TLS_CERTIFICATES_LENGTH] = { "Certificates Length", "tls.handshake.certificates_length",
	    LE_U32(0), LEVEL(3) },
	[TLS_CERTIFICATES] = { "Certificates", "tls.handshake.certificates", GROUP, LEVEL(3) },
	[TLS_CERTIFICATE_LENGTH] = { "Certificate Length", "tls.handshake.certificate_length",
	    LE_U32(0), LEVEL(4) },
	[TLS_CERTIFICATE] = { "Certificate", "tls.handshake.certificate", BYTES(0, 0), LEVEL(4) },
	[TLS_TICKET_LIFETIME] = { "Session Ticket Lifetime Hint",
	    "tls.handshake.session_ticket_lifetime_hint", U32(0), LEVEL(3) },
	[TLS_TICKET_LENGTH] = { "Session Ticket Length", "tls.handshake.session_ticket_length",
	    U16(4), LEVEL(3) },
	[TLS_TICKET] = { "Session Ticket", "tls.handshake.session_ticket", BYTES(6, 0), LEVEL(3) },
	[TLS_CURVE_TYPE] = { "Curve Type", "tls.handshake.server_curve_type", U8(0), LEVEL(3) },
	[TLS_NAMED_CURVE] = { "Named Curve", "tls.handshake.server_named_curve", U16(0),
	    LABELED(tls_groups), LEVEL(3) },
	[TLS_SERVER_POINT_LENGTH] = { "Server's Key Length", "tls.handshake.server_point_len",
	    U8(0), LEVEL(3) },
	[TLS_SERVER_POINT] = { "Server's Key", "tls.handshake.server_point", BYTES(0, 0),
	    LEVEL(3) },
	[TLS_P_LENGTH] = { "Prime Length", "tls.handshake.p_len", U16(0), LEVEL(3) },
	[TLS_P] = { "Prime", "tls.handshake.p", BYTES(0, 0), LEVEL(3) },
	[TLS_G_LENGTH] = { "Generator Length", "tls.handshake.g_len", U16(0), LEVEL(3) },
	[TLS_G] = { "Generator", "tls.handshake.g", BYTES(0, 0), LEVEL(3) },
	[TLS_YS_LENGTH] = { "Server's Public Value Length", "tls.handshake.ys_len", U16(0),
	    LEVEL(3) },
	[TLS_YS] = { "Server's Public Value", "tls.handshake.ys", BYTES(0, 0), LEVEL(3) },
	[TLS_SIGNED_LENGTH] = { "Signature Length", "tls.handshake.sig_len", U16(0), LEVEL(3) },
	[TLS_SIGNED] = { "Signature", "tls.handshake.sig", BYTES(0, 0), LEVEL(3) },
	[TLS_CLIENT_POINT_LENGTH] = { "Client's Key Length", "tls.handshake.client_point_len",
	    U8(0), LEVEL(3) },
	[TLS_CLIENT_POINT] = { "Client's Key", "tls.handshake.client_point", BYTES(0, 0),
	    LEVEL(3) },
	[TLS_EXCHANGE_LENGTH] = { "Client's Secret or Public Value Length",
	    "tls.handshake.epms_len tls.handshake.yc_len", U16(0), LEVEL(3) },
	[TLS_EXCHANGE] = { "Client's Secret or Public Value", "tls.handshake.epms tls.handshake.yc",
	    BYTES(0, 0), LEVEL(3) },
	[TLS_SECRET] = { "Client's Secret", "tls.handshake.epms", BYTES(0, 0), LEVEL(3) },
	[TLS_CERT_TYPES_COUNT] = { "Certificate Types Count", "tls.handshake.cert_types_count",
	    U8(0), LEVEL(3) },
	[TLS_CERT_TYPES] = { "Certificate Types", "tls.handshake.cert_types", GROUP, LEVEL(3) },
	[TLS_CERT_TYPE] = { "Certificate Type", "tls.handshake.cert_type", U8(0), LEVEL(4) },
	[TLS_DNAMES_LENGTH] = { "Distinguished Names Length", "tls.handshake.dnames_len", U16(0),
	    LEVEL(3) },
	[TLS_DNAMES] = { "Distinguished Names", "tls.handshake.dnames", GROUP, LEVEL(3) },
	[TLS_DNAME_LENGTH] = { "Distinguished Name Length", "tls.handshake.dname_len", U16(0),
	    LEVEL(4) },
	[TLS_DNAME] = { "Distinguished Name", "tls.handshake.dname", BYTES(0, 0), LEVEL(4) },
	[TLS_VERIFY_LENGTH] = { "Verification Length", "tls.handshake.client_cert_vrfy.sig_len",
	    U16(0), LEVEL(3) },
	[TLS_VERIFY] = { "Verification", "tls.handshake.client_cert_vrfy.sig", BYTES(0, 0),
	    LEVEL(3) },
	[TLS_FINISHED] = { "Verify Data", "tls.handshake.verify_data", BYTES(0, 0), LEVEL(3) },
	[TLS_RESPONSE_LENGTH] = { "OCSP Response Length", "tls.handshake.ocsp_response_len",
	    LE_U32(0), LEVEL(3) },
	[TLS_RESPONSE] = { "OCSP Response", NULL, BYTES(0, 0), LEVEL(3) },
	[TLS_NPN_SELECTED_LENGTH] = { "Selected Protocol Length",
	    "tls.handshake.npn_selected_protocol_len", U8(0), LEVEL(3) },
	[TLS_NPN_SELECTED] = { "Selected Protocol", "tls.handshake.npn_selected_protocol",
	    TEXT(0, 0), LEVEL(3) },
	[TLS_NPN_PADDING_LENGTH] = { "Padding Length", "tls.handshake.npn_padding_len", U8(0),
	    LEVEL(3) },
	[TLS_NPN_PADDING] = { "Next Protocol Padding", "tls.handshake.npn_padding", BYTES(0, 0),
	    LEVEL(3) },
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
	[TLS_SSL2_CIPHERS] = { "Cipher Specs", "tls.handshake.ciphersuites", GROUP, LEVEL(2) },
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

static const PARSERFIELDNAME names[] = {
	{ L("Signature Algorithm"), L("tls.handshake.sig_hash_hash"), 0xFF00, 0 },
	{ L("Signature Algorithm"), L("tls.handshake.sig_hash_sig"), 0x00FF, 0 },
};

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
	.names = names,
	.n_names = COUNT(names),
};
