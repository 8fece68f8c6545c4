/* SPDX-License-Identifier: MIT */
/* Handshake messages of TLS (RFC 8446, 4; RFC 5246, 7.4). */
#include "../common/times.h"
#include "shapes.h"
#include "tls.h"

#define HELLO       35u     /* version, random, length of the session's id */
#define MESSAGE_MAX 131072u /* bytes of one that is believed not to be encrypted */
#define SSL2_HEADER 11u
#define NAMED_CURVE 3u /* a type of curve */

/* ---- messages: h is what stands behind type and length ------------------------------------- */

#define SHAPES(shapes_) (shapes_), COUNT(shapes_)

/* Version, random and session. Where they end. */
static DWORD attach_hello_start(const struct header *h)
{
	static const struct shape session[] = {
		{ .row = TLS_SESSION_ID_LENGTH, .length = 1, .content = TLS_SESSION_ID },
	};

	fields_attach(h, &tls_fields[TLS_VERSION], 2);
	if (h->left >= 6)
		time_attach(h, &tls_fields[TLS_RANDOM_TIME], 2, 4, be32(h->p + 2), 0);
	fields_attach(h, &tls_fields[TLS_RANDOM_BYTES], 1);
	return shapes_attach(h, tls_fields, SHAPES(session), HELLO - 1, 0);
}

static void attach_client_hello(const struct header *h)
{
	static const struct shape offers[] = {
		{ .row = TLS_CIPHERS_LENGTH,
		    .length = 2,
		    .content = TLS_CIPHERS,
		    .each = TLS_CIPHER },
		{ .row = TLS_COMPRESSIONS_LENGTH,
		    .length = 1,
		    .content = TLS_COMPRESSIONS,
		    .each = TLS_COMPRESSION },
	};

	tls_extensions_attach(
	    h, shapes_attach(h, tls_fields, SHAPES(offers), attach_hello_start(h), 0));
}

static void attach_server_hello(const struct header *h)
{
	static const struct shape choice[] = { { .row = TLS_CIPHER }, { .row = TLS_COMPRESSION } };

	tls_extensions_attach(
	    h, shapes_attach(h, tls_fields, SHAPES(choice), attach_hello_start(h), 0));
}

static void attach_encrypted_extensions(const struct header *h)
{
	tls_extensions_attach(h, 0);
}

static const struct shape certificate[] = {
	{ .row = TLS_CERTIFICATE_LENGTH, .length = 3, .content = TLS_CERTIFICATE },
};
static const struct shape certificates[] = {
	{ .row = TLS_CERTIFICATES_LENGTH,
	    .length = 3,
	    .content = TLS_CERTIFICATES,
	    INNER(certificate) },
};
static const struct shape ticket[] = {
	{ .row = TLS_TICKET_LIFETIME },
	{ .row = TLS_TICKET_LENGTH, .length = 2, .content = TLS_TICKET },
};
static const struct shape certificate_status[] = {
	{ .row = TLS_STATUS_TYPE },
	{ .row = TLS_RESPONSE_LENGTH, .length = 3, .content = TLS_RESPONSE },
};
static const struct shape finished[] = { { .row = TLS_FINISHED } };
static const struct shape next_protocol[] = {
	{ .row = TLS_NPN_SELECTED_LENGTH, .length = 1, .content = TLS_NPN_SELECTED },
	{ .row = TLS_NPN_PADDING_LENGTH, .length = 1, .content = TLS_NPN_PADDING },
};

/* ---- messages of which only their lengths tell the form: the cipher suite was agreed upon in
 * another frame ------------------------------------------------------------------------------- */

/* Whether a vector with a length of two bytes is all there is from `at` on. */
static bool is_rest(const struct header *h, DWORD at)
{
	return h->left >= 2 && at <= h->left - 2 && be16(h->p + at) == h->left - at - 2;
}

/* An algorithm (TLS 1.2) and a signature, or the signature alone; false: neither. */
static bool attach_signature(const struct header *h, DWORD at, const struct shape *signature)
{
	bool has_algorithm = !is_rest(h, at);

	if (has_algorithm && !is_rest(h, at + 2))
		return false;
	if (has_algorithm)
		field_attach_at(h, &tls_fields[TLS_SIGNATURE], at, 2, 0);
	(void)shapes_attach(h, tls_fields, signature, 1, at + (has_algorithm ? 2 : 0), 0);
	return true;
}

static void attach_rest(const struct header *h, DWORD at)
{
	if (at < h->left)
		field_attach_at(h, &tls_fields[TLS_HANDSHAKE_DATA], at, h->left - at, 0);
}

static void attach_server_exchange(const struct header *h)
{
	static const struct shape curve[] = {
		{ .row = TLS_CURVE_TYPE },
		{ .row = TLS_NAMED_CURVE },
		{ .row = TLS_SERVER_POINT_LENGTH, .length = 1, .content = TLS_SERVER_POINT },
	};
	static const struct shape prime[] = {
		{ .row = TLS_P_LENGTH, .length = 2, .content = TLS_P },
		{ .row = TLS_G_LENGTH, .length = 2, .content = TLS_G },
		{ .row = TLS_YS_LENGTH, .length = 2, .content = TLS_YS },
	};
	static const struct shape signature = {
		.row = TLS_SIGNED_LENGTH, .length = 2, .content = TLS_SIGNED
	};
	struct header v;
	DWORD at = 0;

	if (h->left > 4 && h->p[0] == NAMED_CURVE && h->p[3] <= h->left - 4) {
		at = shapes_attach(h, tls_fields, SHAPES(curve), 0, 0);
	} else {
		for (unsigned i = 0; i < COUNT(prime); i++)
			at = vector_at(h, at, 2, &v);
		at = at < h->left ? shapes_attach(h, tls_fields, SHAPES(prime), 0, 0) : 0;
	}
	if (at == 0 || !attach_signature(h, at, &signature))
		attach_rest(h, at);
}

/* A point of a curve; the secret for an RSA key, or a public value of Diffie and Hellman; before
 * TLS 1.0 that secret without a length. */
static void attach_client_exchange(const struct header *h)
{
	static const struct shape point[] = {
		{ .row = TLS_CLIENT_POINT_LENGTH, .length = 1, .content = TLS_CLIENT_POINT },
	};
	static const struct shape secret[] = {
		{ .row = TLS_EXCHANGE_LENGTH, .length = 2, .content = TLS_EXCHANGE },
	};

	if (h->left > 1 && h->p[0] == h->left - 1)
		(void)shapes_attach(h, tls_fields, SHAPES(point), 0, 0);
	else if (h->left > 2 && is_rest(h, 0))
		(void)shapes_attach(h, tls_fields, SHAPES(secret), 0, 0);
	else
		fields_attach(h, &tls_fields[TLS_SECRET], 1);
}

static void attach_certificate_request(const struct header *h)
{
	static const struct shape types[] = {
		{ .row = TLS_CERT_TYPES_COUNT,
		    .length = 1,
		    .content = TLS_CERT_TYPES,
		    .each = TLS_CERT_TYPE },
	};
	static const struct shape algorithms[] = {
		{ .row = TLS_SIGNATURES_LENGTH,
		    .length = 2,
		    .content = TLS_SIGNATURES,
		    .each = TLS_SIGNATURE },
	};
	static const struct shape name[] = {
		{ .row = TLS_DNAME_LENGTH, .length = 2, .content = TLS_DNAME },
	};
	static const struct shape names[] = {
		{ .row = TLS_DNAMES_LENGTH, .length = 2, .content = TLS_DNAMES, INNER(name) },
	};
	DWORD at = shapes_attach(h, tls_fields, SHAPES(types), 0, 0);

	if (!is_rest(h, at))
		at = shapes_attach(h, tls_fields, SHAPES(algorithms), at, 0);
	(void)shapes_attach(h, tls_fields, SHAPES(names), at, 0);
}

static void attach_verification(const struct header *h)
{
	static const struct shape signature = {
		.row = TLS_VERIFY_LENGTH, .length = 2, .content = TLS_VERIFY
	};

	if (!attach_signature(h, 0, &signature))
		attach_rest(h, 0);
}

/* ---- all messages ---------------------------------------------------------------------------- */

static const struct message {
	uint8_t type;
	void (*attach)(const struct header *h); /* NULL: its shapes */
	const struct shape *shapes;             /* NULL: its bytes */
	unsigned n;
} messages[] = {
	{ 0, NULL, NULL, 0 },
	{ 1, attach_client_hello, NULL, 0 },
	{ 2, attach_server_hello, NULL, 0 },
	{ 3, NULL, NULL, 0 },
	{ 4, NULL, SHAPES(ticket) },
	{ 5, NULL, NULL, 0 },
	{ 8, attach_encrypted_extensions, NULL, 0 },
	{ 11, NULL, SHAPES(certificates) },
	{ 12, attach_server_exchange, NULL, 0 },
	{ 13, attach_certificate_request, NULL, 0 },
	{ 14, NULL, NULL, 0 },
	{ 15, attach_verification, NULL, 0 },
	{ 16, attach_client_exchange, NULL, 0 },
	{ 20, NULL, SHAPES(finished) },
	{ 21, NULL, NULL, 0 },
	{ 22, NULL, SHAPES(certificate_status) },
	{ 23, NULL, NULL, 0 },
	{ 24, NULL, NULL, 0 },
	{ 25, NULL, NULL, 0 },
	{ 67, NULL, SHAPES(next_protocol) },
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

	(void)vector_at(m, 1, 3, &body);
	fields_attach(m, &tls_fields[TLS_HANDSHAKE_TYPE], 1);
	number_attach(m, &tls_fields[TLS_HANDSHAKE_LENGTH], 1, 3, 0);
	if (body.left == 0)
		return;
	if (what && what->attach)
		what->attach(&body);
	else if (what && what->shapes)
		(void)shapes_attach(&body, tls_fields, what->shapes, what->n, 0, 0);
	else
		fields_attach(m, &tls_fields[TLS_HANDSHAKE_DATA], 1);
}

void tls_handshakes_attach(const struct header *h)
{
	DWORD at = 0;

	while (tls_is_handshake(h->p + at, h->left - at)) {
		struct header body;
		DWORD end = vector_at(h, at + 1, 3, &body);
		const struct header m = { h->frame, h->p + at, end - at };

		field_attach_at(h, &tls_fields[TLS_HANDSHAKE], at, end - at, 0);
		attach_message(&m);
		at = end;
	}
	if (at < h->left)
		field_attach_at(h, &tls_fields[TLS_HANDSHAKE], at, h->left - at, IFLAG_ERROR);
}

/* ---- the name of the server ----------------------------------------------------------------- */

bool tls_server_name(const uint8_t *p, DWORD left, const uint8_t **ret_name, DWORD *ret_size)
{
	const struct header h = { NULL, p, left };
	struct header body, v, name;
	DWORD at;

	if (left < HANDSHAKE_HEADER || p[0] != 1)
		return false;
	(void)vector_at(&h, 1, 3, &body);
	at = vector_at(&body, HELLO - 1, 1, &v);
	at = vector_at(&body, at, 2, &v);
	at = vector_at(&body, at, 1, &v);
	if (!tls_extension_find(&body, at, 0, &v) || v.left < 5 || v.p[2] != 0)
		return false;
	(void)vector_at(&v, 3, 2, &name);
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
	fields_attach(h, &tls_fields[TLS_SSL2_LENGTH], TLS_SSL2_CIPHERS - TLS_SSL2_LENGTH);
	if (ciphers)
		field_attach_at(h, &tls_fields[TLS_SSL2_CIPHERS], at, ciphers, 0);
	for (; ciphers > 0; ciphers -= 3, at += 3)
		number_attach(h, &tls_fields[TLS_SSL2_CIPHER], at, 3, 0);
	if (session && at < h->left)
		field_attach_at(h, &tls_fields[TLS_SSL2_SESSION], at, session, 0);
	at += session;
	if (challenge && at < h->left)
		field_attach_at(h, &tls_fields[TLS_SSL2_CHALLENGE], at, challenge, 0);
}
