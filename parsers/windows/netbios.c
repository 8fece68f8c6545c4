/* SPDX-License-Identifier: MIT */
/* NetBIOS over TCP/IP (RFC 1001, 1002): the session and the datagram service. SMB without
 * NetBIOS (port 445) has the session's header, too, with a length of 24 bits.
 *
 *   OFFSET SIZE MEANING
 *   0      1    type
 *   1      3    length, of what follows: 17 bits, or 24
 */
#include "windows.h"

#include <stdio.h>

#define HEADER        4u
#define MESSAGE       0x00u
#define REQUEST       0x81u
#define NEGATIVE      0x83u
#define RETARGET      0x84u
#define KEEP_ALIVE    0x85u
#define ENCODED_NAME  32u /* bytes: each of the name's 16 is two letters */
#define NAME          16u
#define NAME_TEXT     (4 * NAME + 1)
#define DATAGRAM      10u /* header: type, flags, id, source */
#define DATAGRAM_LONG 14u /* with length and offset */

/* ---- names -------------------------------------------------------------------------------- */

/* Bytes of the name at `at`, which is a label of 32 and a scope; 0: it is none. */
static DWORD name_bytes(const struct header *h, DWORD at)
{
	DWORD end = at;

	if (at >= h->left || h->left - at < ENCODED_NAME + 2 || h->p[at] != ENCODED_NAME)
		return 0;
	while (end < h->left && h->p[end] != 0 && h->p[end] < 64)
		end += 1u + h->p[end];
	return end < h->left && h->p[end] == 0 ? end + 1 - at : 0;
}

/* "NAME<20>"; what is not printable is in hexadecimal, too. */
static void name_decode(const uint8_t *p, char text[NAME_TEXT])
{
	uint8_t raw[NAME];
	size_t n = NAME - 1, at = 0;

	for (unsigned i = 0; i < NAME; i++)
		raw[i] = (uint8_t)(((p[1 + 2 * i] - 'A') & 15) << 4 | ((p[2 + 2 * i] - 'A') & 15));
	while (n > 0 && (raw[n - 1] == ' ' || raw[n - 1] == 0))
		n--;
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(text + at, NAME_TEXT - at,
		    raw[i] >= ' ' && raw[i] <= '~' ? "%c" : "<%02x>", raw[i]);
	(void)snprintf(text + at, NAME_TEXT - at, "<%02x>", raw[NAME - 1]);
}

/* Where the name ends; h->left: it is none, and is flagged. */
static DWORD attach_name(const struct header *h, const struct field *f, DWORD at)
{
	DWORD n = name_bytes(h, at);
	char text[NAME_TEXT];

	if (at >= h->left)
		return h->left;
	if (n == 0) {
		field_attach_at(h, f, at, h->left - at, IFLAG_ERROR);
		return h->left;
	}
	name_decode(h->p + at, text);
	field_attach_value(h, f, at, n, text, (DWORD)strlen(text), 0);
	return at + n;
}

/* ---- session service ----------------------------------------------------------------------- */

enum {
	NBSS_SUMMARY,
	NBSS_TYPE,
	NBSS_FLAGS,
	NBSS_LENGTH,
	NBSS_CALLED,
	NBSS_CALLING,
	NBSS_ERROR,
	NBSS_RETARGET_IP,
	NBSS_RETARGET_PORT,
	NBSS_FIELDS
};

static LABELED_BYTE type_names[] = {
	{ 0x00, L("Session message") },
	{ 0x81, L("Session request") },
	{ 0x82, L("Positive session response") },
	{ 0x83, L("Negative session response") },
	{ 0x84, L("Retarget session response") },
	{ 0x85, L("Session keep-alive") },
};

static LABELED_BYTE error_names[] = {
	{ 0x80, L("Not listening on called name") },
	{ 0x81, L("Not listening for calling name") },
	{ 0x82, L("Called name not present") },
	{ 0x83, L("Called name present, but insufficient resources") },
	{ 0x8F, L("Unspecified error") },
};

static struct _SET types = SET_OF(Byte, type_names);
static struct _SET errors = SET_OF(Byte, error_names);

static void format_session(LPPROPERTYINST i, HFRAME frame);

static struct field session_fields[] = {
	[NBSS_SUMMARY] = { "Summary of the session packet", "nbss", SUMMARY,
	    .format = format_session },
	[NBSS_TYPE] = { "Packet Type", "nbss.type", U8(0), LABELED(types) },
	[NBSS_FLAGS] = { "Packet Flags", "nbss.flags", U8(1) },
	[NBSS_LENGTH] = { "Packet Length", "nbss.length", LE_U32(0) },
	[NBSS_CALLED] = { "Called Name", "nbss.called_name", TEXT(0, 0) },
	[NBSS_CALLING] = { "Calling Name", "nbss.calling_name", TEXT(0, 0) },
	[NBSS_ERROR] = { "Error Code", "nbss.error_code", U8(4), LABELED(errors) },
	[NBSS_RETARGET_IP] = { "Retarget IP Address", "nbss.retarget_ip_address", IP4(4) },
	[NBSS_RETARGET_PORT] = { "Retarget Port", "nbss.retarget_port", U16(8) },
};

static bool is_smb(const uint8_t *p, DWORD left)
{
	uint32_t signature = left >= 4 ? be32(p) : 0;

	return signature == SIGNATURE_SMB || signature == SIGNATURE_SMB2 ||
	       signature == SIGNATURE_ENCRYPTED || signature == SIGNATURE_PACKED;
}

/* What continues a message of another segment looks like anything. */
static bool is_session(const uint8_t *p, DWORD left)
{
	if (left < HEADER || (p[0] != MESSAGE && (p[0] < REQUEST || p[0] > KEEP_ALIVE)))
		return false;
	if (p[0] == MESSAGE)
		return be24(p + 1) >= 4 && (left < HEADER + 4 || is_smb(p + HEADER, left - HEADER));
	return p[1] <= 1 && be24(p + 1) <= 2 * 255;
}

RECOGNIZE(recognize_session)
{
	DWORD mine, number = MESSAGE_NUMBER(*instance) + 1;

	left = bounded(left, MESSAGE_BYTES(*instance));
	if (!is_session(p, left))
		return not_mine(p, status);
	mine = p[0] == MESSAGE ? HEADER : HEADER + be24(p + 1);
	if (mine >= left || number == MESSAGES_MOST)
		return rest_is_mine(status);
	*instance = NUMBERED(p[0] == MESSAGE ? be24(p + 1) : 0, number);
	if (p[0] != MESSAGE)
		*next = nbss_parser.handle;
	*status = p[0] == MESSAGE ? PROTOCOL_STATUS_RECOGNIZED : PROTOCOL_STATUS_NEXT_PROTOCOL;
	return p + mine;
}

ATTACH(attach_session)
{
	struct header h = { frame, p, bounded(left, MESSAGE_BYTES(instance)) };
	const struct field *f = session_fields;
	uint32_t length = be24(p + 1);

	h.left = length < h.left - HEADER ? HEADER + length : h.left;
	field_attach_at(&h, &f[NBSS_SUMMARY], 0, h.left, 0);
	fields_attach(&h, &f[NBSS_TYPE], 2);
	field_attach_value(&h, &f[NBSS_LENGTH], 1, 3, &length, sizeof length, 0);
	if (p[0] == REQUEST)
		(void)attach_name(&h, &f[NBSS_CALLING], attach_name(&h, &f[NBSS_CALLED], HEADER));
	else if (p[0] == NEGATIVE)
		fields_attach(&h, &f[NBSS_ERROR], 1);
	else if (p[0] == RETARGET)
		fields_attach(&h, &f[NBSS_RETARGET_IP], 2);
	return NULL;
}

static void put_type(LPPROPERTYINST i, struct _SET *set, uint8_t type)
{
	const char *name = (const char *)LookupByteSetString(set, type);

	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "type 0x%02X", type);
}

static void format_session(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	put_type(i, &types, i->lpByte[0]);
	text_put(i, ", length %u", be24(i->lpByte + 1));
}

/* ---- datagram service ------------------------------------------------------------------------ */

enum {
	NBDGM_SUMMARY,
	NBDGM_TYPE,
	NBDGM_FLAGS,
	NBDGM_NODE,
	NBDGM_FIRST,
	NBDGM_MORE,
	NBDGM_ID,
	NBDGM_IP,
	NBDGM_PORT,
	NBDGM_LENGTH,
	NBDGM_OFFSET,
	NBDGM_ERROR,
	NBDGM_SOURCE,
	NBDGM_DESTINATION,
	NBDGM_FIELDS
};

static LABELED_BYTE datagram_names[] = {
	{ 0x10, L("Direct unique datagram") },
	{ 0x11, L("Direct group datagram") },
	{ 0x12, L("Broadcast datagram") },
	{ 0x13, L("Datagram error") },
	{ 0x14, L("Datagram query request") },
	{ 0x15, L("Positive query response") },
	{ 0x16, L("Negative query response") },
};

static LABELED_BYTE node_names[] = {
	{ 0, L("B node") },
	{ 1, L("P node") },
	{ 2, L("M node") },
	{ 3, L("NBDD") },
};

static LABELED_BYTE datagram_error_names[] = {
	{ 0x82, L("Destination name not present") },
	{ 0x83, L("Invalid source name format") },
	{ 0x84, L("Invalid destination name format") },
};

static struct _SET datagrams = SET_OF(Byte, datagram_names);
static struct _SET nodes = SET_OF(Byte, node_names);
static struct _SET datagram_errors = SET_OF(Byte, datagram_error_names);

static void format_datagram(LPPROPERTYINST i, HFRAME frame);

static struct field datagram_fields[] = {
	[NBDGM_SUMMARY] = { "Summary of the datagram", "nbdgm", SUMMARY,
	    .format = format_datagram },
	[NBDGM_TYPE] = { "Datagram Packet Type", "nbdgm.type", U8(0), LABELED(datagrams) },
	[NBDGM_FLAGS] = { "Datagram Flags", "nbdgm.flags", U8(1) },
	[NBDGM_NODE] = { "Source Node", "nbdgm.node_type", BITS8(1, 0x0C), LABELED(nodes),
	    .level = 2 },
	[NBDGM_FIRST] = { "First Fragment", "nbdgm.first", BITS8(1, 0x02), .level = 2 },
	[NBDGM_MORE] = { "More Fragments", "nbdgm.next", BITS8(1, 0x01), .level = 2 },
	[NBDGM_ID] = { "Datagram ID", "nbdgm.dgram_id", U16(2) },
	[NBDGM_IP] = { "Source IP Address", "nbdgm.src.ip", IP4(4) },
	[NBDGM_PORT] = { "Source Port", "nbdgm.src.port", U16(8) },
	[NBDGM_LENGTH] = { "Datagram Length", "nbdgm.dgram_len", U16(10) },
	[NBDGM_OFFSET] = { "Packet Offset", "nbdgm.pkt_offset", U16(12) },
	[NBDGM_ERROR] = { "Datagram Error Code", "nbdgm.error_code", U8(10),
	    LABELED(datagram_errors) },
	[NBDGM_SOURCE] = { "Source Name", "nbdgm.source_name", TEXT(0, 0) },
	[NBDGM_DESTINATION] = { "Destination Name", "nbdgm.destination_name", TEXT(0, 0) },
};

static bool has_data(uint8_t type)
{
	return type >= 0x10 && type <= 0x12;
}

/* Bytes of header and names. */
static DWORD datagram_header(const struct header *h)
{
	DWORD a, b;

	if (h->left < DATAGRAM_LONG || !has_data(h->p[0]))
		return h->left;
	a = name_bytes(h, DATAGRAM_LONG);
	b = a ? name_bytes(h, DATAGRAM_LONG + a) : 0;
	return b ? DATAGRAM_LONG + a + b : h->left;
}

RECOGNIZE(recognize_datagram)
{
	const struct header h = { frame, p, bounded(left, *instance) };

	return hand_on(p, datagram_header(&h), h.left, NULL, status, next, instance);
}

ATTACH(attach_datagram)
{
	const struct header h = { frame, p, bounded(left, instance) };
	const struct field *f = datagram_fields;
	bool good = h.left >= DATAGRAM && p[0] >= 0x10 && p[0] <= 0x16;

	field_attach_at(&h, &f[NBDGM_SUMMARY], 0, h.left, good ? 0 : IFLAG_ERROR);
	fields_attach(&h, &f[NBDGM_TYPE], NBDGM_LENGTH - NBDGM_TYPE);
	if (!good)
		return NULL;
	if (has_data(p[0])) {
		fields_attach(&h, &f[NBDGM_LENGTH], 2);
		(void)attach_name(
		    &h, &f[NBDGM_DESTINATION], attach_name(&h, &f[NBDGM_SOURCE], DATAGRAM_LONG));
	} else if (p[0] == 0x13) {
		fields_attach(&h, &f[NBDGM_ERROR], 1);
	} else {
		(void)attach_name(&h, &f[NBDGM_DESTINATION], DATAGRAM);
	}
	return NULL;
}

static void put_name(LPPROPERTYINST i, const char *before, const struct header *h, DWORD at)
{
	char text[NAME_TEXT];

	if (name_bytes(h, at) == 0)
		return;
	name_decode(h->p + at, text);
	text_put(i, "%s%s", before, text);
}

/* "Direct group datagram, PC<00> -> WORKGROUP<1d>" */
static void format_datagram(LPPROPERTYINST i, HFRAME frame)
{
	const struct header h = { frame, i->lpByte, i->DataLength };

	if (h.left == 0)
		return;
	put_type(i, &datagrams, h.p[0]);
	if (!has_data(h.p[0]))
		return;
	put_name(i, ", ", &h, DATAGRAM_LONG);
	put_name(i, " -> ", &h, DATAGRAM_LONG + name_bytes(&h, DATAGRAM_LONG));
}

/* ---- both ----------------------------------------------------------------------------------- */

static const struct place session_places[] = {
	TCP_PORT(139),
	TCP_PORT(445),
};

static const struct place datagram_places[] = { UDP_PORT(138) };

static const PARSERFIELDNAME nbss_names[] = {
	{ L("Packet Flags"), L("nbss.flags.e"), 0x01, 0 },
};

struct parser nbss_parser = {
	.name = "NBSS",
	.comment = "NetBIOS session service (RFC 1002)",
	.fields = session_fields,
	.n_fields = NBSS_FIELDS,
	.recognize = recognize_session,
	.attach = attach_session,
	.places = session_places,
	.n_places = COUNT(session_places),
	.names = nbss_names,
	.n_names = COUNT(nbss_names),
};

struct parser nbdgm_parser = {
	.name = "NBDGM",
	.comment = "NetBIOS datagram service (RFC 1002)",
	.fields = datagram_fields,
	.n_fields = NBDGM_FIELDS,
	.recognize = recognize_datagram,
	.attach = attach_datagram,
	.places = datagram_places,
	.n_places = COUNT(datagram_places),
};
