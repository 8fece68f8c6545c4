/* SPDX-License-Identifier: MIT */
/* Handshake messages of TLS (RFC 8446, 4; RFC 5246, 7.4). */
#include "../common/list.h"
#include "tls.h"

#define HELLO       35u     /* version, random, length of the session's id */
#define MESSAGE_MAX 131072u /* bytes of one that is believed not to be encrypted */
#define SSL2_HEADER 11u

/* ---- vectors: a length, then so many bytes ---------------------------------------------------- */

/* A vector of the header at `at`, its length of size `size`; what of it is there. Where
 * it ends; h->left: it is cut. */
static DWORD vector(const struct header *h, DWORD at, unsigned size, struct header *ret)
{
	DWORD n;

	*ret = (struct header){ h->frame, h->p + h->left, 0 };
	if (at > h->left || h->left - at < size)
		return h->left;
	n = size == 1 ? h->p[at] : size == 2 ? be16(h->p + at) : be24(h->p + at);
	at += size;
	ret->p = h->p + at;
	ret->left = n < h->left - at ? n : h->left - at;
	return at + ret->left;
}

static void attach_length(const struct header *h, DWORD at, unsigned row)
{
	if (at < h->left)
		field_attach_at(h, &tls_fields[row], at, tls_fields[row].size, 0);
}

/* A vector of numbers, all of one row. */
static DWORD attach_numbers(const struct header *h, DWORD at, unsigned length_row, unsigned row)
{
	DWORD step = tls_fields[row].size;
	struct header v;
	DWORD end = vector(h, at, tls_fields[length_row].size, &v);

	attach_length(h, at, length_row);
	for (DWORD k = 0; k < v.left; k += step)
		field_attach_at(&v, &tls_fields[row], k, step, 0);
	return end;
}

/* A length of three bytes. */
static void attach_length24(const struct header *h, DWORD at, unsigned row)
{
	uint32_t n;

	if (at >= h->left)
		return;
	if (h->left - at < 3) {
		field_attach_at(h, &tls_fields[row], at, 3, 0);
		return;
	}
	n = be24(h->p + at);
	field_attach_value(h, &tls_fields[row], at, 3, &n, sizeof n, 0);
}

/* ---- extensions -------------------------------------------------------------------------------- */

#define CONTENT 4u /* of an extension: behind its type and length */

static struct header content_of(const struct header *e)
{
	return (struct header){ e->frame, e->p + CONTENT, e->left - CONTENT };
}

static void attach_names(const struct header *e)
{
	const struct header c = content_of(e);
	struct header list;

	(void)vector(&c, 0, 2, &list);
	attach_length(&c, 0, TLS_NAMES_LENGTH);
	while (list.left > 0) {
		struct header name;
		DWORD n = vector(&list, 1, 2, &name);

		fields_attach(&list, &tls_fields[TLS_NAME_TYPE], 2);
		if (name.left)
			field_attach_at(&name, &tls_fields[TLS_NAME], 0, name.left, 0);
		list.p += n;
		list.left -= n;
	}
}

static void attach_alpn(const struct header *e)
{
	const struct header c = content_of(e);
	struct header list;

	(void)vector(&c, 0, 2, &list);
	attach_length(&c, 0, TLS_ALPN_LENGTH);
	while (list.left > 0) {
		struct header name;
		DWORD n = vector(&list, 0, 1, &name);

		fields_attach(&list, &tls_fields[TLS_ALPN_STRING_LENGTH], 1);
		if (name.left)
			field_attach_at(&name, &tls_fields[TLS_ALPN_STRING], 0, name.left, 0);
		list.p += n;
		list.left -= n;
	}
}

/* A list from a client, one version from a server. */
static void attach_versions(const struct header *e)
{
	const struct header c = content_of(e);

	if (c.left == 2)
		fields_attach(&c, &tls_fields[TLS_SUPPORTED_VERSION], 1);
	else
		(void)attach_numbers(&c, 0, TLS_VERSIONS_LENGTH, TLS_SUPPORTED_VERSION);
}

static void attach_groups(const struct header *e)
{
	const struct header c = content_of(e);

	(void)attach_numbers(&c, 0, TLS_GROUPS_LENGTH, TLS_GROUP);
}

static void attach_formats(const struct header *e)
{
	const struct header c = content_of(e);

	(void)attach_numbers(&c, 0, TLS_FORMATS_LENGTH, TLS_FORMAT);
}

static void attach_signatures(const struct header *e)
{
	const struct header c = content_of(e);

	(void)attach_numbers(&c, 0, TLS_SIGNATURES_LENGTH, TLS_SIGNATURE);
}

/* A list from a client, one share or the group alone from a server. */
static void attach_shares(const struct header *e)
{
	const struct header c = content_of(e);
	struct header list;
	bool is_list = c.left >= 2 && be16(c.p) == c.left - 2;

	(void)vector(&c, 0, 2, &list);
	if (is_list)
		attach_length(&c, 0, TLS_SHARES_LENGTH);
	else
		list = c;
	while (list.left > 0) {
		struct header share;
		DWORD n = vector(&list, 2, 2, &share);

		fields_attach(&list, &tls_fields[TLS_SHARE_GROUP], 2);
		if (share.left)
			field_attach_at(&share, &tls_fields[TLS_SHARE], 0, share.left, 0);
		list.p += n;
		list.left -= n;
	}
}

static const struct element extensions[] = {
	{ .type = 0, .attach = attach_names },
	{ .type = 10, .attach = attach_groups },
	{ .type = 11, .attach = attach_formats },
	{ .type = 13, .attach = attach_signatures },
	{ .type = 16, .attach = attach_alpn },
	{ .type = 43, .attach = attach_versions },
	{ .type = 51, .attach = attach_shares },
};

static const struct list extension_list = {
	.fields = tls_fields,
	.type = TLS_EXTENSION,
	.length = TLS_EXTENSION_LENGTH,
	.rest = TLS_EXTENSION_DATA,
	.length_at = 2,
	.uncounted = CONTENT,
	.elements = extensions,
	.n_elements = COUNT(extensions),
};

static void attach_extensions(const struct header *h, DWORD at)
{
	struct header v;

	if (at >= h->left)
		return;
	(void)vector(h, at, 2, &v);
	attach_length(h, at, TLS_EXTENSIONS_LENGTH);
	list_attach(&extension_list, &v, 0, v.left);
}

/* ---- messages: h is what stands behind type and length ------------------------------------- */

/* Version, random and session. Where they end. */
static DWORD attach_hello_start(const struct header *h)
{
	struct header session;
	DWORD at = vector(h, HELLO - 1, 1, &session);

	fields_attach(h, &tls_fields[TLS_VERSION], TLS_SESSION_ID - TLS_VERSION);
	if (session.left)
		field_attach_at(&session, &tls_fields[TLS_SESSION_ID], 0, session.left, 0);
	return at;
}

static void attach_client_hello(const struct header *h)
{
	DWORD at = attach_hello_start(h);

	at = attach_numbers(h, at, TLS_CIPHERS_LENGTH, TLS_CIPHER);
	at = attach_numbers(h, at, TLS_COMPRESSIONS_LENGTH, TLS_COMPRESSION);
	attach_extensions(h, at);
}

static void attach_server_hello(const struct header *h)
{
	DWORD at = attach_hello_start(h);

	if (at < h->left)
		field_attach_at(h, &tls_fields[TLS_CIPHER], at, 2, 0);
	if (at + 2 < h->left)
		field_attach_at(h, &tls_fields[TLS_COMPRESSION], at + 2, 1, 0);
	attach_extensions(h, at + 3);
}

static void attach_encrypted_extensions(const struct header *h)
{
	attach_extensions(h, 0);
}

static void attach_certificates(const struct header *h)
{
	struct header list, one;

	(void)vector(h, 0, 3, &list);
	attach_length24(h, 0, TLS_CERTIFICATES_LENGTH);
	for (DWORD at = 0, next; at < list.left; at = next) {
		next = vector(&list, at, 3, &one);
		attach_length24(&list, at, TLS_CERTIFICATE_LENGTH);
		if (one.left)
			field_attach_at(&one, &tls_fields[TLS_CERTIFICATE], 0, one.left, 0);
	}
}

static void attach_ticket(const struct header *h)
{
	struct header ticket;

	fields_attach(h, &tls_fields[TLS_TICKET_LIFETIME], 2);
	(void)vector(h, 4, 2, &ticket);
	if (ticket.left)
		field_attach_at(&ticket, &tls_fields[TLS_TICKET], 0, ticket.left, 0);
}

static const struct message {
	uint8_t type;
	void (*attach)(const struct header *h); /* NULL: its bytes */
} messages[] = {
	{ 0, NULL },
	{ 1, attach_client_hello },
	{ 2, attach_server_hello },
	{ 3, NULL },
	{ 4, attach_ticket },
	{ 5, NULL },
	{ 8, attach_encrypted_extensions },
	{ 11, attach_certificates },
	{ 12, NULL },
	{ 13, NULL },
	{ 14, NULL },
	{ 15, NULL },
	{ 16, NULL },
	{ 20, NULL },
	{ 21, NULL },
	{ 22, NULL },
	{ 23, NULL },
	{ 24, NULL },
	{ 25, NULL },
	{ 67, NULL },
};

static const struct message *message_of(uint8_t type)
{
	for (size_t i = 0; i < COUNT(messages); i++)
		if (messages[i].type == type)
			return &messages[i];
	return NULL;
}

bool tls_is_handshake(const uint8_t *p, DWORD left)
{
	return left >= HANDSHAKE_HEADER && message_of(p[0]) && be24(p + 1) <= MESSAGE_MAX;
}

static void attach_message(const struct header *m)
{
	const struct message *what = message_of(m->p[0]);
	struct header body;

	(void)vector(m, 1, 3, &body);
	fields_attach(m, &tls_fields[TLS_HANDSHAKE_TYPE], 1);
	attach_length24(m, 1, TLS_HANDSHAKE_LENGTH);
	if (body.left == 0)
		return;
	if (what && what->attach)
		what->attach(&body);
	else
		fields_attach(m, &tls_fields[TLS_HANDSHAKE_DATA], 1);
}

void tls_handshakes_attach(const struct header *h)
{
	DWORD at = 0;

	while (tls_is_handshake(h->p + at, h->left - at)) {
		struct header body;
		DWORD end = vector(h, at + 1, 3, &body);
		const struct header m = { h->frame, h->p + at, end - at };

		field_attach_at(h, &tls_fields[TLS_HANDSHAKE], at, end - at, 0);
		attach_message(&m);
		at = end;
	}
	if (at < h->left)
		field_attach_at(h, &tls_fields[TLS_HANDSHAKE], at, h->left - at, IFLAG_ERROR);
}

/* ---- the name of the server ----------------------------------------------------------------- */

/* The content of an extension; size 0: it is not there. */
static struct header extension_find(const struct header *hello, DWORD at, uint16_t type)
{
	struct header list, e;

	(void)vector(hello, at, 2, &list);
	for (at = 0; list.left - at >= CONTENT;) {
		bool found = be16(list.p + at) == type;

		at = vector(&list, at + 2, 2, &e);
		if (found)
			return e;
	}
	return (struct header){ hello->frame, hello->p, 0 };
}

bool tls_server_name(const uint8_t *p, DWORD left, const uint8_t **ret_name, DWORD *ret_size)
{
	const struct header h = { NULL, p, left };
	struct header body, v, name;
	DWORD at;

	if (left < HANDSHAKE_HEADER || p[0] != 1)
		return false;
	(void)vector(&h, 1, 3, &body);
	at = vector(&body, HELLO - 1, 1, &v);
	at = vector(&body, at, 2, &v);
	at = vector(&body, at, 1, &v);
	v = extension_find(&body, at, 0);
	if (v.left < 5 || v.p[2] != 0)
		return false;
	(void)vector(&v, 3, 2, &name);
	*ret_name = name.p;
	*ret_size = name.left;
	return name.left > 0;
}

/* ---- SSL 2.0 --------------------------------------------------------------------------------- */

bool tls_is_ssl2_hello(const uint8_t *p, DWORD left)
{
	return left >= SSL2_HEADER && p[0] & 0x80 && p[2] == 1 &&
	       (be16(p + 3) == 2 || (p[3] == 3 && p[4] <= 4)) && be16(p + 5) % 3 == 0 &&
	       SSL2_HEADER - 2 + (DWORD)be16(p + 5) + be16(p + 7) + be16(p + 9) ==
		   (be16(p) & 0x7FFFu);
}

void tls_ssl2_hello_attach(const struct header *h)
{
	DWORD ciphers = be16(h->p + 5), session = be16(h->p + 7), challenge = be16(h->p + 9);
	DWORD at = SSL2_HEADER;

	field_attach_at(h, &tls_fields[TLS_RECORD], 0, (be16(h->p) & 0x7FFFu) + 2, 0);
	fields_attach(h, &tls_fields[TLS_SSL2_LENGTH], TLS_SSL2_CIPHER - TLS_SSL2_LENGTH);
	for (; ciphers > 0; ciphers -= 3, at += 3)
		attach_length24(h, at, TLS_SSL2_CIPHER);
	if (session && at < h->left)
		field_attach_at(h, &tls_fields[TLS_SSL2_SESSION], at, session, 0);
	at += session;
	if (challenge && at < h->left)
		field_attach_at(h, &tls_fields[TLS_SSL2_CHALLENGE], at, challenge, 0);
}
