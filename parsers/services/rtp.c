/* SPDX-License-Identifier: MIT */
/* RTP (RFC 3550). Nothing in a packet says that it is one, and who calls whom is told
 * elsewhere: only what could hardly be anything else is taken. */
#include "services.h"

#define HEADER         12u
#define VERSION        0xC0u /* bits of the first byte */
#define VERSION_2      0x80u
#define PADDED         0x20u
#define EXTENDED       0x10u
#define SOURCES        0x0Fu
#define EXTENSION      4u /* bytes of an extension before its words */
#define PORT_MIN       1024u
#define ONE_BYTE       0xBEDEu /* profiles of RFC 8285 */
#define TWO_BYTES      0x1000u
#define TWO_BYTES_MASK 0xFFF0u
#define STOP           15u /* an identifier: no item follows */

enum {
	RTP_SUMMARY,
	RTP_VERSION,
	RTP_PADDING,
	RTP_EXTENSION,
	RTP_SOURCES,
	RTP_MARKER,
	RTP_TYPE,
	RTP_SEQUENCE,
	RTP_TIMESTAMP,
	RTP_SSRC,
	RTP_CSRC,
	RTP_PROFILE,
	RTP_WORDS,
	RTP_EXTENSION_DATA,
	RTP_PAYLOAD,
	RTP_PADDING_DATA,
	RTP_PADDING_COUNT,
	RTP_ITEM,
	RTP_ITEM_LENGTH,
	RTP_ITEM_BITS,
	RTP_ITEM_DATA,
	RTP_FIELDS
};

static LABELED_BYTE type_names[] = {
	{ 0, L("PCMU") },
	{ 3, L("GSM") },
	{ 4, L("G.723") },
	{ 8, L("PCMA") },
	{ 9, L("G.722") },
	{ 13, L("Comfort noise") },
	{ 15, L("G.728") },
	{ 18, L("G.729") },
};

static struct _SET types = SET_OF(Byte, type_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[RTP_SUMMARY] = { "Summary of the RTP packet", "rtp", SUMMARY, .format = format_summary },
	[RTP_VERSION] = { "Version", "rtp.version", BITS8(0, 0xC0) },
	[RTP_PADDING] = { "Padding", "rtp.padding", BITS8(0, 0x20) },
	[RTP_EXTENSION] = { "Extension", "rtp.ext", BITS8(0, 0x10) },
	[RTP_SOURCES] = { "Contributing Sources", "rtp.cc", BITS8(0, 0x0F) },
	[RTP_MARKER] = { "Marker", "rtp.marker", BITS8(1, 0x80) },
	[RTP_TYPE] = { "Payload Type", "rtp.p_type", BITS8(1, 0x7F), LABELED(types) },
	[RTP_SEQUENCE] = { "Sequence Number", "rtp.seq", U16(2) },
	[RTP_TIMESTAMP] = { "Timestamp", "rtp.timestamp", U32(4) },
	[RTP_SSRC] = { "Synchronization Source", "rtp.ssrc", U32(8) },
	[RTP_CSRC] = { "Contributing Source", "rtp.csrc.item", U32(0) },
	[RTP_PROFILE] = { "Extension Profile", "rtp.ext.profile", U16(0) },
	[RTP_WORDS] = { "Extension Length", "rtp.ext.len", U16(2) },
	[RTP_EXTENSION_DATA] = { "Extension Data", NULL, BYTES(EXTENSION, 0) },
	[RTP_PAYLOAD] = { "RTP Data", "rtp.payload", BYTES(0, 0) },
	[RTP_PADDING_DATA] = { "Padding Data", "rtp.padding.data", BYTES(0, 0) },
	[RTP_PADDING_COUNT] = { "Padding Count", "rtp.padding.count", U8(0) },
	[RTP_ITEM] = { "Extension Item", "rtp.ext.rfc5285.id", U8(0), .level = 2 },
	[RTP_ITEM_LENGTH] = { "Item Length", "rtp.ext.rfc5285.len", U8(0), .level = 3 },
	[RTP_ITEM_BITS] = { "Item Application Bits", "rtp.ext.rfc5285.appbits", BITS16(0, 0x000F),
	    .level = 2 },
	[RTP_ITEM_DATA] = { "Item Data", "rtp.ext.rfc5285.data", BYTES(0, 0), .level = 3 },
};

/* Payloads of fixed types are of whole frames, up to 100 ms; G.729 may end with a frame of
 * silence, of 2 bytes. */
static const struct {
	uint8_t type, frame, last;
	uint16_t most;
} payloads[] = {
	{ 0, 80, 0, 800 },
	{ 3, 33, 0, 165 },
	{ 4, 24, 4, 72 },
	{ 8, 80, 0, 800 },
	{ 9, 80, 0, 800 },
	{ 18, 10, 2, 100 },
};

static bool fits(uint8_t type, DWORD bytes)
{
	for (unsigned i = 0; i < COUNT(payloads); i++) {
		DWORD over = bytes % payloads[i].frame;

		if (payloads[i].type == type)
			return bytes > 0 && bytes <= payloads[i].most &&
			       (over == 0 || over == payloads[i].last);
	}
	return false;
}

/* Where the parts of a packet end; false: its header goes beyond `left`. */
struct parts {
	DWORD sources, extension, payload;
};

static bool parts_of(const uint8_t *p, DWORD left, struct parts *ret)
{
	DWORD padding = left && p[0] & PADDED ? p[left - 1] : 0;

	if (left < HEADER)
		return false;
	ret->sources = ret->extension = HEADER + 4u * (p[0] & SOURCES);
	if (p[0] & EXTENDED) {
		if (left < ret->sources + EXTENSION)
			return false;
		ret->extension += EXTENSION + 4u * be16(p + ret->sources + 2);
	}
	ret->payload = left - padding;
	return padding <= left && ret->extension <= ret->payload;
}

static HPROTOCOL udp;

static void begin(void)
{
	udp = GetProtocolFromName(L("UDP"));
}

/* Streams run between even ports. */
RECOGNIZE(recognize)
{
	const uint8_t *ports = mac + before_at;
	struct parts at;

	left = bounded(left, *instance);
	(void)next;
	if (before != udp || !parts_of(p, left, &at) || (p[0] & VERSION) != VERSION_2 ||
	    (be16(ports) | be16(ports + 2)) & 1 || be16(ports) < PORT_MIN ||
	    be16(ports + 2) < PORT_MIN || !fits(p[1] & 0x7F, at.payload - at.extension))
		return not_mine(p, status);
	return rest_is_mine(status);
}

/* Items of an extension (RFC 8285): identifier and length in a byte of their own, or in one
 * together; identifier 0 is padding. */
static void attach_items(const struct header *e)
{
	bool has_long = (be16(e->p) & TWO_BYTES_MASK) == TWO_BYTES;
	DWORD at = EXTENSION, head = has_long ? 2 : 1;

	if (!has_long && be16(e->p) != ONE_BYTE)
		return;
	if (has_long)
		fields_attach(e, &fields[RTP_ITEM_BITS], 1);
	while (at + head <= e->left) {
		uint8_t id = has_long ? e->p[at] : e->p[at] >> 4;
		uint8_t length = has_long ? e->p[at + 1] : (uint8_t)((e->p[at] & 15) + 1);

		if (id == 0) {
			at++;
			continue;
		}
		if (!has_long && id == STOP)
			return;
		field_attach_value(e, &fields[RTP_ITEM], at, 1, &id, 1, 0);
		field_attach_value(e, &fields[RTP_ITEM_LENGTH], at + head - 1, 1, &length, 1,
		    length > e->left - at - head ? IFLAG_ERROR : 0);
		if (length && at + head < e->left)
			field_attach_at(e, &fields[RTP_ITEM_DATA], at + head,
			    length < e->left - at - head ? length : e->left - at - head, 0);
		at += head + length;
	}
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	struct parts at;

	field_attach_at(&h, &fields[RTP_SUMMARY], 0, h.left, 0);
	fields_attach(&h, &fields[RTP_VERSION], RTP_CSRC - RTP_VERSION);
	if (!parts_of(p, h.left, &at))
		return NULL;
	for (DWORD i = HEADER; i < at.sources; i += 4)
		field_attach_at(&h, &fields[RTP_CSRC], i, 4, 0);
	if (at.extension > at.sources) {
		const struct header part = { frame, p + at.sources, at.extension - at.sources };

		fields_attach(&part, &fields[RTP_PROFILE], RTP_PAYLOAD - RTP_PROFILE);
		attach_items(&part);
	}
	if (at.payload > at.extension)
		field_attach_at(
		    &h, &fields[RTP_PAYLOAD], at.extension, at.payload - at.extension, 0);
	if (h.left > at.payload) {
		if (h.left - at.payload > 1)
			field_attach_at(
			    &h, &fields[RTP_PADDING_DATA], at.payload, h.left - at.payload - 1, 0);
		field_attach_at(&h, &fields[RTP_PADDING_COUNT], h.left - 1, 1, 0);
	}
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;
	const char *name = (const char *)LookupByteSetString(&types, p[1] & 0x7F);

	(void)frame;
	text_put(i, "%s, source 0x%08X, sequence %u, time %u%s", name ? name : "Payload",
	    be32(p + 8), be16(p + 2), be32(p + 4), p[1] & 0x80 ? ", marked" : "");
}

struct parser rtp_parser = {
	.name = "RTP",
	.comment = "Real-time Transport Protocol (RFC 3550)",
	.fields = fields,
	.n_fields = RTP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.follows = "UDP",
};
