/* SPDX-License-Identifier: MIT */
/* Teredo (RFC 4380): IPv6 in UDP, behind indications of who sent it. */
#include "tcpip.h"

#define TYPE           2u /* bytes */
#define AUTHENTICATION 1u /* types of indications */
#define ORIGIN         0u
#define AUTH_HEAD      4u /* bytes before the client identifier */
#define AUTH_TAIL      9u /* nonce and confirmation */
#define ORIGIN_BYTES   8u
#define IP6_HEADER     40u

enum {
	TEREDO_SUMMARY,
	TEREDO_AUTH,
	TEREDO_ID_LENGTH,
	TEREDO_VALUE_LENGTH,
	TEREDO_ID,
	TEREDO_VALUE,
	TEREDO_NONCE,
	TEREDO_CONFIRMATION,
	TEREDO_ORIGIN,
	TEREDO_PORT,
	TEREDO_ADDRESS,
	TEREDO_FIELDS
};

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[TEREDO_SUMMARY] = { "Summary of Teredo", "teredo", SUMMARY, .format = format_summary },
	[TEREDO_AUTH] = { "Authentication", "teredo.auth", GROUP },
	[TEREDO_ID_LENGTH] = { "Client Identifier Length", "teredo.auth.idlen", U8(2), .level = 2 },
	[TEREDO_VALUE_LENGTH] = { "Authentication Value Length", "teredo.auth.aulen", U8(3),
	    .level = 2 },
	[TEREDO_ID] = { "Client Identifier", "teredo.auth.id", BYTES(4, 0), .level = 2 },
	[TEREDO_VALUE] = { "Authentication Value", "teredo.auth.value", BYTES(4, 0), .level = 2 },
	[TEREDO_NONCE] = { "Nonce", "teredo.auth.nonce", BYTES(0, 8), .level = 2 },
	[TEREDO_CONFIRMATION] = { "Confirmation", "teredo.auth.conf", BYTES(0, 1), .level = 2 },
	[TEREDO_ORIGIN] = { "Origin", "teredo.orig", GROUP },
	[TEREDO_PORT] = { "Origin Port", "teredo.orig.port", LE_U16(2), .level = 2 },
	[TEREDO_ADDRESS] = { "Origin Address", "teredo.orig.addr", IP4(4), .level = 2 },
};

static HPROTOCOL ip6;

static void begin(void)
{
	ip6 = GetProtocolFromName(L("IP6"));
}

/* Bytes of the indication at p; 0: there is none. */
static DWORD indication_bytes(const uint8_t *p, DWORD left)
{
	if (left < TYPE)
		return 0;
	if (be16(p) == ORIGIN)
		return ORIGIN_BYTES;
	if (be16(p) == AUTHENTICATION && left >= AUTH_HEAD)
		return AUTH_HEAD + p[2] + p[3] + AUTH_TAIL;
	return 0;
}

/* Where IPv6 begins. */
static DWORD header_bytes(const uint8_t *p, DWORD left)
{
	DWORD n, at = 0;

	while (at < left && (n = indication_bytes(p + at, left - at)) > 0)
		at += n;
	return at;
}

RECOGNIZE(recognize)
{
	DWORD n;

	left = bounded(left, *instance);
	n = header_bytes(p, left);
	if (n > left || left - n < IP6_HEADER || p[n] >> 4 != 6)
		return not_mine(p, status);
	*instance = left - n;
	*next = ip6;
	*status = PROTOCOL_STATUS_NEXT_PROTOCOL;
	return p + n;
}

static void attach_authentication(const struct header *h)
{
	DWORD id = h->p[2], value = h->p[3], at = AUTH_HEAD + id + value;

	field_attach_at(h, &fields[TEREDO_AUTH], 0, h->left, 0);
	fields_attach(h, &fields[TEREDO_ID_LENGTH], 2);
	if (id)
		field_attach_at(h, &fields[TEREDO_ID], AUTH_HEAD, id, 0);
	if (value)
		field_attach_at(h, &fields[TEREDO_VALUE], AUTH_HEAD + id, value, 0);
	field_attach_at(h, &fields[TEREDO_NONCE], at, 8, 0);
	field_attach_at(h, &fields[TEREDO_CONFIRMATION], at + 8, 1, 0);
}

/* Port and address go with all bits turned, so that no translator finds them. */
static void attach_origin(const struct header *h)
{
	uint16_t port = (uint16_t)~be16(h->p + 2);
	uint8_t address[4];

	for (unsigned i = 0; i < sizeof address; i++)
		address[i] = (uint8_t)~h->p[4 + i];
	field_attach_at(h, &fields[TEREDO_ORIGIN], 0, ORIGIN_BYTES, 0);
	field_attach_value(h, &fields[TEREDO_PORT], 2, 2, &port, 2, 0);
	field_attach_value(h, &fields[TEREDO_ADDRESS], 4, 4, address, 4, 0);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	DWORD n;

	field_attach_at(&h, &fields[TEREDO_SUMMARY], 0, header_bytes(p, h.left), 0);
	for (DWORD at = 0; (n = indication_bytes(p + at, h.left - at)) > 0; at += n) {
		const struct header part = { frame, p + at, n };

		if (be16(p + at) == AUTHENTICATION)
			attach_authentication(&part);
		else
			attach_origin(&part);
	}
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	text_put(i, "IPv6 over UDP");
	if (i->DataLength)
		text_put(i, ", %u bytes of indications", i->DataLength);
}

static const struct place places[] = { { TCPIP_INI, "UDP_HandoffSet", 3544, false } };

struct parser teredo_parser = {
	.name = "TEREDO",
	.comment = "IPv6 over UDP through NATs (RFC 4380)",
	.fields = fields,
	.n_fields = TEREDO_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.places = places,
	.n_places = COUNT(places),
};
