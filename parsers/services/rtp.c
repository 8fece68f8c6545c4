/* SPDX-License-Identifier: MIT */
/* RTP (RFC 3550). Nothing in a packet says that it is one, and who calls whom is told
 * elsewhere: only what could hardly be anything else is taken. */
#include "services.h"

#define HEADER    12u
#define VERSION_2 0x80u
#define PORT_MIN  1024u

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
	RTP_PAYLOAD,
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
	[RTP_PAYLOAD] = { "RTP Data", "rtp.payload", BYTES(HEADER, 0) },
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

static HPROTOCOL udp;

static void begin(void)
{
	udp = GetProtocolFromName(L("UDP"));
}

/* Streams run between even ports, with no extension and one source. */
RECOGNIZE(recognize)
{
	const uint8_t *ports = mac + before_at;

	left = bounded(left, *instance);
	(void)next;
	if (before != udp || left <= HEADER || p[0] != VERSION_2 ||
	    (be16(ports) | be16(ports + 2)) & 1 || be16(ports) < PORT_MIN ||
	    be16(ports + 2) < PORT_MIN || !fits(p[1] & 0x7F, left - HEADER))
		return not_mine(p, status);
	return rest_is_mine(status);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };

	field_attach_at(&h, &fields[RTP_SUMMARY], 0, h.left, 0);
	fields_attach(&h, &fields[RTP_VERSION], RTP_FIELDS - RTP_VERSION);
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
