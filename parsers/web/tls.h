/* SPDX-License-Identifier: MIT */
/* web/tls.h -- TLS: its rows, and the names of its numbers.
 *
 * tls.c has the record layer, tls_handshake.c the messages, tls_names.c the names.
 */
#ifndef PARSERS_WEB_TLS_H
#define PARSERS_WEB_TLS_H

#include "../common/lines.h"
#include "web.h"

enum {
	TLS_SUMMARY,
	TLS_RECORD,
	TLS_CONTENT_TYPE,
	TLS_RECORD_VERSION,
	TLS_RECORD_LENGTH,
	TLS_CHANGE_CIPHER,
	TLS_ALERT_LEVEL,
	TLS_ALERT,
	TLS_ENCRYPTED_ALERT,
	TLS_APPLICATION_DATA,
	TLS_HEARTBEAT,
	TLS_ENCRYPTED_HANDSHAKE,
	TLS_HANDSHAKE,
	TLS_HANDSHAKE_TYPE,
	TLS_HANDSHAKE_LENGTH,
	TLS_HANDSHAKE_DATA,
	TLS_VERSION,
	TLS_RANDOM,
	TLS_RANDOM_BYTES,
	TLS_SESSION_ID_LENGTH,
	TLS_SESSION_ID,
	TLS_CIPHERS_LENGTH,
	TLS_CIPHER,
	TLS_COMPRESSIONS_LENGTH,
	TLS_COMPRESSION,
	TLS_EXTENSIONS_LENGTH,
	TLS_EXTENSION,
	TLS_EXTENSION_LENGTH,
	TLS_EXTENSION_DATA,
	TLS_NAMES_LENGTH,
	TLS_NAME_TYPE,
	TLS_NAME_LENGTH,
	TLS_NAME,
	TLS_ALPN_LENGTH,
	TLS_ALPN_STRING_LENGTH,
	TLS_ALPN_STRING,
	TLS_VERSIONS_LENGTH,
	TLS_SUPPORTED_VERSION,
	TLS_GROUPS_LENGTH,
	TLS_GROUP,
	TLS_FORMATS_LENGTH,
	TLS_FORMAT,
	TLS_SIGNATURES_LENGTH,
	TLS_SIGNATURE,
	TLS_SHARES_LENGTH,
	TLS_SHARE_GROUP,
	TLS_SHARE_LENGTH,
	TLS_SHARE,
	TLS_CERTIFICATES_LENGTH,
	TLS_CERTIFICATE_LENGTH,
	TLS_CERTIFICATE,
	TLS_TICKET_LIFETIME,
	TLS_TICKET_LENGTH,
	TLS_TICKET,
	TLS_SSL2_LENGTH,
	TLS_SSL2_TYPE,
	TLS_SSL2_VERSION,
	TLS_SSL2_CIPHERS_LENGTH,
	TLS_SSL2_SESSION_LENGTH,
	TLS_SSL2_CHALLENGE_LENGTH,
	TLS_SSL2_CIPHER,
	TLS_SSL2_SESSION,
	TLS_SSL2_CHALLENGE,
	TLS_FIELDS
};

extern struct field tls_fields[TLS_FIELDS];

extern struct _SET tls_contents, tls_versions, tls_handshakes, tls_levels, tls_alerts,
    tls_extensions, tls_groups, tls_formats, tls_signatures, tls_compressions, tls_ciphers;

#define HANDSHAKE_HEADER 4u /* type, and a length of three bytes */

/* Whether the bytes of a record of handshakes can be a message that is not encrypted. */
bool tls_is_handshake(const uint8_t *p, DWORD left);

/* The messages of a record of handshakes, whose bytes are h. */
void tls_handshakes_attach(const struct header *h);

/* The Client Hello of SSL 2.0. */
bool tls_is_ssl2_hello(const uint8_t *p, DWORD left);
void tls_ssl2_hello_attach(const struct header *h);

/* The server's name in a record that is a Client Hello; false: none. */
bool tls_server_name(const uint8_t *p, DWORD left, const uint8_t **ret_name, DWORD *ret_size);

#endif
