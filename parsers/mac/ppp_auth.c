/* SPDX-License-Identifier: MIT */
/* How a PPP peer says who it is: PAP (RFC 1334) and CHAP (RFC 1994). */
#include "ppp_control.h"

/* A length of one byte and what it counts; where the next thing stands. */
static DWORD attach_counted(
    const struct header *h, DWORD at, const struct field *length, const struct field *what)
{
	DWORD n;

	if (at >= h->left)
		return at;
	n = h->p[at];
	field_attach_at(h, length, at, 1, at + 1 + n > h->left ? IFLAG_ERROR : 0);
	if (n)
		field_attach_at(h, what, at + 1, n, 0);
	return at + 1 + n;
}

/* ---- PAP ------------------------------------------------------------------------------- */

enum {
	PAP_PEER_LENGTH = CONTROL_FIELDS,
	PAP_PEER,
	PAP_PASSWORD_LENGTH,
	PAP_PASSWORD,
	PAP_MESSAGE_LENGTH,
	PAP_MESSAGE,
	PAP_FIELDS
};

static LABELED_BYTE pap_code_names[] = {
	{ 1, L("Authenticate-Request") },
	{ 2, L("Authenticate-Ack") },
	{ 3, L("Authenticate-Nak") },
};

static struct _SET pap_codes = SET_OF(Byte, pap_code_names);

static struct field pap_fields[] = {
	CONTROL_ROWS("PAP", "pap", pap_codes, "pap", "pap.data"),
	[PAP_PEER_LENGTH] = { "Peer ID Length", "pap.peer_id.length", U8(0), .level = 2 },
	[PAP_PEER] = { "Peer ID", "pap.peer_id", TEXT(0, 0), .level = 2 },
	[PAP_PASSWORD_LENGTH] = { "Password Length", "pap.password.length", U8(0), .level = 2 },
	[PAP_PASSWORD] = { "Password", "pap.password", TEXT(0, 0), .level = 2 },
	[PAP_MESSAGE_LENGTH] = { "Message Length", "pap.message.length", U8(0), .level = 2 },
	[PAP_MESSAGE] = { "Message", "pap.message", TEXT(0, 0), .level = 2 },
};

ATTACH(attach_pap)
{
	struct header h = { frame, p, bounded(left, instance) };
	DWORD at;

	if (!ppp_control_attach(&h, pap_fields) || h.left <= CONTROL_HEADER)
		return NULL;
	fields_attach(&h, &pap_fields[CONTROL_DATA], 1);
	if (p[0] == 1) {
		at = attach_counted(
		    &h, CONTROL_HEADER, &pap_fields[PAP_PEER_LENGTH], &pap_fields[PAP_PEER]);
		(void)attach_counted(
		    &h, at, &pap_fields[PAP_PASSWORD_LENGTH], &pap_fields[PAP_PASSWORD]);
	} else if (p[0] <= 3) {
		(void)attach_counted(
		    &h, CONTROL_HEADER, &pap_fields[PAP_MESSAGE_LENGTH], &pap_fields[PAP_MESSAGE]);
	}
	return NULL;
}

static const struct place pap_places[] = {
	{ MAC_INI, "PPP_HandoffSet", 0xC023, true },
	{ MAC_INI, "ETYPE_HandoffSet", 0xC023, true },
};

struct parser pap_parser = {
	.name = "PPPPAP",
	.comment = "PPP Password Authentication Protocol (RFC 1334)",
	.fields = pap_fields,
	.n_fields = PAP_FIELDS,
	.recognize = claim_rest,
	.attach = attach_pap,
	.places = pap_places,
	.n_places = COUNT(pap_places),
};

/* ---- CHAP ------------------------------------------------------------------------------ */

enum { CHAP_VALUE_SIZE = CONTROL_FIELDS, CHAP_VALUE, CHAP_NAME, CHAP_MESSAGE, CHAP_FIELDS };

static LABELED_BYTE chap_code_names[] = {
	{ 1, L("Challenge") },
	{ 2, L("Response") },
	{ 3, L("Success") },
	{ 4, L("Failure") },
};

static struct _SET chap_codes = SET_OF(Byte, chap_code_names);

static struct field chap_fields[] = {
	CONTROL_ROWS("CHAP", "chap", chap_codes, "chap", "chap.data"),
	[CHAP_VALUE_SIZE] = { "Value Size", "chap.value_size", U8(4), .level = 2 },
	[CHAP_VALUE] = { "Value", "chap.value", BYTES(5, 0), .level = 2 },
	[CHAP_NAME] = { "Name", "chap.name", TEXT(0, 0), .level = 2 },
	[CHAP_MESSAGE] = { "Message", "chap.message", TEXT(CONTROL_HEADER, 0) },
};

ATTACH(attach_chap)
{
	struct header h = { frame, p, bounded(left, instance) };
	DWORD at;

	if (!ppp_control_attach(&h, chap_fields) || h.left <= CONTROL_HEADER)
		return NULL;
	if (p[0] != 1 && p[0] != 2) {
		fields_attach(
		    &h, &chap_fields[p[0] == 3 || p[0] == 4 ? CHAP_MESSAGE : CONTROL_DATA], 1);
		return NULL;
	}
	fields_attach(&h, &chap_fields[CONTROL_DATA], 1);
	at = attach_counted(
	    &h, CONTROL_HEADER, &chap_fields[CHAP_VALUE_SIZE], &chap_fields[CHAP_VALUE]);
	if (at < h.left)
		field_attach_at(&h, &chap_fields[CHAP_NAME], at, h.left - at, 0);
	return NULL;
}

static const struct place chap_places[] = {
	{ MAC_INI, "PPP_HandoffSet", 0xC223, true },
	{ MAC_INI, "ETYPE_HandoffSet", 0xC223, true },
};

struct parser chap_parser = {
	.name = "PPPCHAP",
	.comment = "PPP Challenge Handshake Authentication Protocol (RFC 1994)",
	.fields = chap_fields,
	.n_fields = CHAP_FIELDS,
	.recognize = claim_rest,
	.attach = attach_chap,
	.places = chap_places,
	.n_places = COUNT(chap_places),
};
