/* SPDX-License-Identifier: MIT */
/* Extensions of TLS's messages (RFC 8446, 4.2; RFC 6066; IANA's registry of TLS extensions). */
#include "shapes.h"
#include "tls.h"

#define HEAD 4u /* bytes of an extension before its content: type and length */

static const struct shape name[] = {
	{ .row = TLS_NAME_TYPE },
	{ .row = TLS_NAME_LENGTH, .length = 2, .content = TLS_NAME },
};
static const struct shape names[] = { { .row = TLS_NAMES_LENGTH, .length = 2, INNER(name) } };
static const struct shape fragment[] = { { .row = TLS_MAX_FRAGMENT } };
static const struct shape status[] = {
	{ .row = TLS_STATUS_TYPE },
	{ .row = TLS_RESPONDERS_LENGTH, .length = 2 },
	{ .row = TLS_REQUEST_EXTENSIONS_LENGTH, .length = 2 },
};
static const struct shape groups[] = {
	{ .row = TLS_GROUPS_LENGTH, .length = 2, .content = TLS_GROUPS, .each = TLS_GROUP },
};
static const struct shape formats[] = {
	{ .row = TLS_FORMATS_LENGTH, .length = 1, .content = TLS_FORMATS, .each = TLS_FORMAT },
};
static const struct shape signatures[] = {
	{ .row = TLS_SIGNATURES_LENGTH,
	    .length = 2,
	    .content = TLS_SIGNATURES,
	    .each = TLS_SIGNATURE },
};
static const struct shape heartbeat[] = { { .row = TLS_HEARTBEAT_MODE } };
static const struct shape alpn[] = {
	{ .row = TLS_ALPN_STRING_LENGTH, .length = 1, .content = TLS_ALPN_STRING },
};
static const struct shape alpns[] = {
	{ .row = TLS_ALPN_LENGTH, .length = 2, .content = TLS_ALPN_LIST, INNER(alpn) },
};
static const struct shape sct_parts[] = {
	{ .row = TLS_SCT_VERSION },
	{ .row = TLS_SCT_LOG },
	{ .row = TLS_SCT_TIME },
	{ .row = TLS_SCT_EXTENSIONS_LENGTH, .length = 2, .content = TLS_SCT_EXTENSIONS },
	{ .row = TLS_SIGNATURE },
	{ .row = TLS_SCT_SIGNATURE_LENGTH, .length = 2, .content = TLS_SCT_SIGNATURE },
};
static const struct shape sct[] = { { .row = TLS_SCT_LENGTH, .length = 2, INNER(sct_parts) } };
static const struct shape scts[] = { { .row = TLS_SCTS_LENGTH, .length = 2, INNER(sct) } };
static const struct shape padding[] = { { .row = TLS_PADDING } };
static const struct shape compressors[] = {
	{ .row = TLS_COMPRESSORS_LENGTH, .length = 1, .each = TLS_COMPRESSOR },
};
static const struct shape size_limit[] = { { .row = TLS_SIZE_LIMIT } };
static const struct shape early_data[] = { { .row = TLS_EARLY_DATA } };
static const struct shape cookie[] = {
	{ .row = TLS_COOKIE_LENGTH, .length = 2, .content = TLS_COOKIE },
};
static const struct shape psk_modes[] = {
	{ .row = TLS_PSK_MODES_LENGTH, .length = 1, .each = TLS_PSK_MODE },
};
static const struct shape npn[] = {
	{ .row = TLS_NPN_LENGTH, .length = 1, .content = TLS_NPN },
};
static const struct shape renegotiation[] = {
	{ .row = TLS_RENEGOTIATION_LENGTH, .length = 1, .content = TLS_RENEGOTIATION },
};

/* A list from a client, one from a server. */
static const struct shape versions[] = {
	{ .row = TLS_VERSIONS_LENGTH, .length = 1, .each = TLS_SUPPORTED_VERSION },
};
static const struct shape version[] = { { .row = TLS_SUPPORTED_VERSION } };
static const struct shape identity[] = {
	{ .row = TLS_PSK_IDENTITY_LENGTH, .length = 2, .content = TLS_PSK_IDENTITY },
	{ .row = TLS_PSK_AGE },
};
static const struct shape identities[] = {
	{ .row = TLS_PSK_IDENTITIES_LENGTH, .length = 2, INNER(identity) },
	{ .row = TLS_PSK_BINDERS_LENGTH, .length = 2, .content = TLS_PSK_BINDERS },
};
static const struct shape selected_identity[] = { { .row = TLS_PSK_SELECTED } };
static const struct shape share[] = {
	{ .row = TLS_SHARE_GROUP },
	{ .row = TLS_SHARE_LENGTH, .length = 2, .content = TLS_SHARE },
};
static const struct shape shares[] = { { .row = TLS_SHARES_LENGTH, .length = 2, INNER(share) } };
static const struct shape selected_group[] = { { .row = TLS_SELECTED_GROUP } };

#define SHAPES(shapes_) (shapes_), COUNT(shapes_)

static const struct content {
	uint16_t type;
	const struct shape *shapes;
	unsigned n;
	const struct shape *two; /* what two bytes are, which are no list; NULL: the same */
} contents[] = {
	{ 0, SHAPES(names), NULL },
	{ 1, SHAPES(fragment), NULL },
	{ 5, SHAPES(status), NULL },
	{ 10, SHAPES(groups), NULL },
	{ 11, SHAPES(formats), NULL },
	{ 13, SHAPES(signatures), NULL },
	{ 15, SHAPES(heartbeat), NULL },
	{ 16, SHAPES(alpns), NULL },
	{ 18, SHAPES(scts), NULL },
	{ 21, SHAPES(padding), NULL },
	{ 27, SHAPES(compressors), NULL },
	{ 28, SHAPES(size_limit), NULL },
	{ 41, SHAPES(identities), selected_identity },
	{ 42, SHAPES(early_data), NULL },
	{ 43, SHAPES(versions), version },
	{ 44, SHAPES(cookie), NULL },
	{ 45, SHAPES(psk_modes), NULL },
	{ 50, SHAPES(signatures), NULL },
	{ 51, SHAPES(shares), selected_group },
	{ 13172, SHAPES(npn), NULL },
	{ 65281, SHAPES(renegotiation), NULL },
};

/* The list of one who offers shares is as long as it says; else there is one share alone. */
static void attach_content(const struct content *c, const struct header *h, DWORD beyond)
{
	DWORD at = 0;

	if (c->two && h->left == 2)
		(void)shapes_attach(h, tls_fields, c->two, 1, 0, beyond);
	else if (c->shapes == shares && h->left > 2 && be16(h->p) != h->left - 2)
		(void)shapes_attach(h, tls_fields, SHAPES(share), 0, beyond);
	else
		at = shapes_attach(h, tls_fields, c->shapes, c->n, 0, beyond);
	while (c->shapes == npn && at < h->left) /* a list without a length of its own */
		at = shapes_attach(h, tls_fields, c->shapes, c->n, at, beyond);
}

static const struct content *content_of(uint16_t type)
{
	for (size_t i = 0; i < COUNT(contents); i++)
		if (contents[i].type == type)
			return &contents[i];
	return NULL;
}

void tls_extensions_attach(const struct header *h, DWORD at)
{
	static const struct shape all[] = { { .row = TLS_EXTENSIONS_LENGTH, .length = 2 } };
	static const struct shape head[] = {
		{ .row = TLS_EXTENSION },
		{ .row = TLS_EXTENSION_LENGTH, .length = 2 },
	};
	struct header list, content;
	DWORD beyond;

	(void)shapes_attach(h, tls_fields, SHAPES(all), at, 0);
	(void)vector_at(h, at, 2, &list);
	beyond = list.left && list.left == be16(h->p + at) ? IFLAG_ERROR : 0;
	for (unsigned i = 0; i < ELEMENTS_MOST && list.left > 0; i++) {
		const struct content *c = list.left >= 2 ? content_of(be16(list.p)) : NULL;
		DWORD n = vector_at(&list, 2, 2, &content);
		bool is_whole = list.left >= HEAD && content.left == be16(list.p + 2);

		(void)shapes_attach(&list, tls_fields, SHAPES(head), 0, beyond);
		if (c)
			attach_content(c, &content, is_whole ? IFLAG_ERROR : 0);
		else if (content.left)
			field_attach_at(
			    &content, &tls_fields[TLS_EXTENSION_DATA], 0, content.left, 0);
		list.p += n;
		list.left -= n;
	}
}

bool tls_extension_find(const struct header *h, DWORD at, uint16_t type, struct header *ret)
{
	struct header list;

	(void)vector_at(h, at, 2, &list);
	for (at = 0; list.left - at >= HEAD;) {
		bool found = be16(list.p + at) == type;

		at = vector_at(&list, at + 2, 2, ret);
		if (found)
			return true;
	}
	return false;
}
