/* SPDX-License-Identifier: MIT */
/* QUIC (RFC 8999, 9000, 9369): what is not encrypted, of as many packets as a datagram has.
 *
 *   OFFSET SIZE MEANING
 *   0      1    0x80: a long header; 0x40: fixed bit; long: type (2 bits), protected (4)
 *   1      4    version; 0: negotiation
 *   5      1    destination connection id: length, then the id
 *               source connection id: length, then the id
 *               Initial: token, with a length; all but Retry: length of the rest
 */
#include "web.h"

#define LONG      0x80u
#define FIXED     0x40u
#define HEADER    7u  /* a long one with empty ids */
#define ID_MAX    20u /* of the versions that are known */
#define TAG       16u /* of Retry */
#define MOST      64u /* packets in a datagram */
#define VERSION_2 0x6B3343CFu
#define LEVEL_2   .level = 2

enum {
	QUIC_SUMMARY,
	QUIC_PACKET,
	QUIC_FORM,
	QUIC_FIXED,
	QUIC_TYPE,
	QUIC_TYPE_2,
	QUIC_VERSION,
	QUIC_DESTINATION_LENGTH,
	QUIC_DESTINATION,
	QUIC_SOURCE_LENGTH,
	QUIC_SOURCE,
	QUIC_TOKEN_LENGTH,
	QUIC_TOKEN,
	QUIC_LENGTH,
	QUIC_PAYLOAD,
	QUIC_SUPPORTED,
	QUIC_RETRY_TOKEN,
	QUIC_RETRY_TAG,
	QUIC_SPIN,
	QUIC_SHORT_PAYLOAD,
	QUIC_PACKET_LENGTH,
	QUIC_SHORT,
	QUIC_FIELDS
};

enum { INITIAL, ZERO_RTT, HANDSHAKE, RETRY };

static LABELED_BYTE form_names[] = {
	{ 0, L("Short header") },
	{ 1, L("Long header") },
};

static LABELED_BYTE type_names[] = {
	{ INITIAL, L("Initial") },
	{ ZERO_RTT, L("0-RTT") },
	{ HANDSHAKE, L("Handshake") },
	{ RETRY, L("Retry") },
};

static LABELED_BYTE type_2_names[] = {
	{ 0, L("Retry") },
	{ 1, L("Initial") },
	{ 2, L("0-RTT") },
	{ 3, L("Handshake") },
};

static LABELED_DWORD version_names[] = {
	{ 0x00000000, L("Version negotiation") },
	{ 0x00000001, L("1") },
	{ VERSION_2, L("2") },
	{ 0xFF00001B, L("draft 27") },
	{ 0xFF00001C, L("draft 28") },
	{ 0xFF00001D, L("draft 29") },
	{ 0xFF00001E, L("draft 30") },
	{ 0xFF00001F, L("draft 31") },
	{ 0xFF000020, L("draft 32") },
	{ 0xFF000021, L("draft 33") },
	{ 0xFF000022, L("draft 34") },
};

static struct _SET forms = SET_OF(Byte, form_names);
static struct _SET types = SET_OF(Byte, type_names);
static struct _SET types_2 = SET_OF(Byte, type_2_names);
static struct _SET versions = SET_OF(Dword, version_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[QUIC_SUMMARY] = { "Summary of the QUIC packets", "quic", SUMMARY,
	    .format = format_summary },
	[QUIC_PACKET] = { "Packet", NULL, GROUP },
	[QUIC_FORM] = { "Header Form", "quic.header_form", BITS8(0, LONG), LABELED(forms),
	    LEVEL_2 },
	[QUIC_FIXED] = { "Fixed Bit", "quic.fixed_bit", BITS8(0, FIXED), LEVEL_2 },
	[QUIC_TYPE] = { "Packet Type", "quic.long.packet_type", BITS8(0, 0x30), LABELED(types),
	    LEVEL_2 },
	[QUIC_TYPE_2] = { "Packet Type, Version 2", "quic.long.packet_type_v2", BITS8(0, 0x30),
	    LABELED(types_2), LEVEL_2 },
	[QUIC_VERSION] = { "Version", "quic.version", U32(1), LABELED(versions), LEVEL_2 },
	[QUIC_DESTINATION_LENGTH] = { "Destination Connection ID Length", "quic.dcil", U8(5),
	    LEVEL_2 },
	[QUIC_DESTINATION] = { "Destination Connection ID", "quic.dcid", BYTES(6, 0), LEVEL_2 },
	[QUIC_SOURCE_LENGTH] = { "Source Connection ID Length", "quic.scil", U8(0), LEVEL_2 },
	[QUIC_SOURCE] = { "Source Connection ID", "quic.scid", BYTES(0, 0), LEVEL_2 },
	[QUIC_TOKEN_LENGTH] = { "Token Length", "quic.token_length", LE_U64(0), LEVEL_2 },
	[QUIC_TOKEN] = { "Token", "quic.token", BYTES(0, 0), LEVEL_2 },
	[QUIC_LENGTH] = { "Length", "quic.length", LE_U64(0), LEVEL_2 },
	[QUIC_PAYLOAD] = { "Protected Payload", "quic.remaining_payload", BYTES(0, 0), LEVEL_2 },
	[QUIC_SUPPORTED] = { "Supported Version", "quic.supported_version", U32(0),
	    LABELED(versions), LEVEL_2 },
	[QUIC_RETRY_TOKEN] = { "Retry Token", "quic.retry_token", BYTES(0, 0), LEVEL_2 },
	[QUIC_RETRY_TAG] = { "Retry Integrity Tag", "quic.retry_integrity_tag", BYTES(0, TAG),
	    LEVEL_2 },
	[QUIC_SPIN] = { "Spin Bit", "quic.spin_bit", BITS8(0, 0x20), LEVEL_2 },
	[QUIC_SHORT_PAYLOAD] = { "Connection ID and Protected Payload", NULL, BYTES(1, 0),
	    LEVEL_2 },
	[QUIC_PACKET_LENGTH] = { "Packet Length", "quic.packet_length", LE_U32(0), LEVEL_2 },
	[QUIC_SHORT] = { "Short Header", "quic.short", GROUP, LEVEL_2 },
};

/* ---- is it? --------------------------------------------------------------------------------- */

/* Published ones, drafts, and those that only provoke a negotiation. */
static bool is_version(uint32_t v)
{
	return v <= 1 || v == VERSION_2 || v >> 8 == 0xFF0000 || (v & 0x0F0F0F0F) == 0x0A0A0A0A;
}

static bool is_long(const uint8_t *p, DWORD left)
{
	DWORD source, rest;

	if (left < HEADER || !(p[0] & LONG) || !is_version(be32(p + 1)) || p[5] > ID_MAX)
		return false;
	if (be32(p + 1) != 0 && !(p[0] & FIXED))
		return false;
	source = 6u + p[5];
	if (source >= left || p[source] > ID_MAX || source + p[source] >= left)
		return false;
	/* A negotiation is a list of versions, and nothing else. */
	rest = left - source - 1 - p[source];
	return be32(p + 1) != 0 || (rest > 0 && rest % 4 == 0);
}

RECOGNIZE(recognize)
{
	(void)next;
	left = bounded(left, *instance);
	return is_long(p, left) ? rest_is_mine(status) : not_mine(p, status);
}

/* ---- packets -------------------------------------------------------------------------------- */

/* A number whose first two bits tell its size: where it ends; h->left + 1: it is cut. */
static DWORD number_at(const struct header *h, DWORD at, uint64_t *ret)
{
	DWORD n;

	if (at >= h->left)
		return h->left + 1;
	n = 1u << (h->p[at] >> 6);
	if (n > h->left - at)
		return h->left + 1;
	*ret = h->p[at] & 0x3F;
	for (DWORD i = 1; i < n; i++)
		*ret = *ret << 8 | h->p[at + i];
	return at + n;
}

/* A number and what it is the length of; where the number ends. */
static DWORD attach_number(const struct header *h, unsigned row, DWORD at, uint64_t *ret)
{
	DWORD end = number_at(h, at, ret);

	if (end <= h->left)
		field_attach_value(h, &fields[row], at, end - at, ret, sizeof *ret, 0);
	else if (at < h->left)
		field_attach_at(h, &fields[row], at, 0, IFLAG_ERROR);
	return end;
}

/* As version 1 numbers them. */
static unsigned type_of(const uint8_t *p)
{
	unsigned type = p[0] >> 4 & 3;

	return be32(p + 1) == VERSION_2 ? (type + 3) % 4 : type;
}

static void attach_versions(const struct header *h, DWORD at)
{
	for (unsigned i = 0; i < ELEMENTS_MOST && at < h->left; i++, at += 4)
		field_attach_at(h, &fields[QUIC_SUPPORTED], at, 4, 0);
}

static void attach_retry(const struct header *h, DWORD at)
{
	DWORD tag = h->left - at >= TAG ? h->left - TAG : at;

	if (tag > at)
		field_attach_at(h, &fields[QUIC_RETRY_TOKEN], at, tag - at, 0);
	if (tag < h->left)
		field_attach_at(h, &fields[QUIC_RETRY_TAG], tag, TAG, 0);
}

/* Behind the ids. Where the packet ends. */
static DWORD attach_rest(const struct header *h, DWORD at)
{
	uint64_t n;

	if (type_of(h->p) == INITIAL) {
		at = attach_number(h, QUIC_TOKEN_LENGTH, at, &n);
		if (at > h->left)
			return h->left;
		if (n)
			field_attach_at(
			    h, &fields[QUIC_TOKEN], at, n > UINT32_MAX ? UINT32_MAX : (DWORD)n, 0);
		if (n >= h->left - at)
			return h->left;
		at += (DWORD)n;
	}
	at = attach_number(h, QUIC_LENGTH, at, &n);
	if (at > h->left)
		return h->left;
	field_attach_at(h, &fields[QUIC_PAYLOAD], at, n > UINT32_MAX ? UINT32_MAX : (DWORD)n, 0);
	return n < h->left - at ? at + (DWORD)n : h->left;
}

static DWORD attach_long(const struct header *h)
{
	DWORD source = 6u + h->p[5], at = source + 1 + h->p[source];
	uint32_t version = be32(h->p + 1);

	fields_attach(h, &fields[QUIC_FORM], 2);
	if (version)
		fields_attach(h, &fields[version == VERSION_2 ? QUIC_TYPE_2 : QUIC_TYPE], 1);
	fields_attach(h, &fields[QUIC_VERSION], 2);
	if (h->p[5])
		field_attach_at(h, &fields[QUIC_DESTINATION], 6, h->p[5], 0);
	field_attach_at(h, &fields[QUIC_SOURCE_LENGTH], source, 1, 0);
	if (h->p[source])
		field_attach_at(h, &fields[QUIC_SOURCE], source + 1, h->p[source], 0);
	if (version && type_of(h->p) != RETRY)
		return attach_rest(h, at);
	if (version)
		attach_retry(h, at);
	else
		attach_versions(h, at);
	return h->left;
}

static void attach_short(const struct header *h)
{
	fields_attach(h, &fields[QUIC_SHORT], 1);
	fields_attach(h, &fields[QUIC_FORM], 2);
	fields_attach(h, &fields[QUIC_SPIN], 2);
}

ATTACH(attach)
{
	struct header h = { frame, p, bounded(left, instance) };

	field_attach_at(&h, &fields[QUIC_SUMMARY], 0, h.left, 0);
	for (unsigned i = 0; i < MOST && h.left > 0; i++) {
		DWORD n = h.left;

		field_attach_at(&h, &fields[QUIC_PACKET], 0, h.left, 0);
		if (is_long(h.p, h.left))
			n = attach_long(&h);
		else if ((h.p[0] & (LONG | FIXED)) == FIXED)
			attach_short(&h);
		field_attach_value(&h, &fields[QUIC_PACKET_LENGTH], 0, 0, &n, sizeof n, 0);
		h.p += n;
		h.left -= n;
	}
	return NULL;
}

/* ---- summary -------------------------------------------------------------------------------- */

static void put_id(LPPROPERTYINST i, const char *before, const uint8_t *p, unsigned n)
{
	text_put(i, "%s", before);
	for (unsigned k = 0; k < n; k++)
		text_put(i, "%02x", p[k]);
	if (n == 0)
		text_put(i, "none");
}

/* "Initial, version 1, to 0123, from none" */
static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;
	const char *version;
	uint32_t v;

	(void)frame;
	if (!is_long(p, i->DataLength))
		return;
	v = be32(p + 1);
	version = (const char *)LookupDwordSetString(&versions, v);
	if (v == 0)
		text_put(i, "Version negotiation");
	else if (version)
		text_put(i, "%s, version %s", type_names[type_of(p)].Label, version);
	else
		text_put(i, "%s, version 0x%08X", type_names[type_of(p)].Label, v);
	put_id(i, ", to ", p + 6, p[5]);
	put_id(i, ", from ", p + 7 + p[5], p[6 + p[5]]);
}

struct parser quic_parser = {
	.name = "QUIC",
	.comment = "QUIC, long headers (RFC 9000)",
	.fields = fields,
	.n_fields = QUIC_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.follows = "UDP",
};
