/* SPDX-License-Identifier: MIT */
/* TCP (RFC 9293). */
#include "tcpip.h"

#define HEADER 20u /* without options */

enum {
	TCP_SUMMARY,
	TCP_SOURCE,
	TCP_DESTINATION,
	TCP_SEQUENCE,
	TCP_ACKNOWLEDGEMENT,
	TCP_DATA_OFFSET,
	TCP_FLAGS,
	TCP_WINDOW,
	TCP_CHECKSUM,
	TCP_URGENT,
	TCP_OPTIONS,
	TCP_PAYLOAD,
	TCP_FIELDS
};

static LABELED_BIT flag_bits[] = {
	{ 5, L("No urgent data"), L("Urgent pointer field significant") },
	{ 4, L("No acknowledgement"), L("Acknowledgement field significant") },
	{ 3, L("No push function"), L("Push function") },
	{ 2, L("No reset"), L("Reset the connection") },
	{ 1, L("No synchronize"), L("Synchronize sequence numbers") },
	{ 0, L("No fin"), L("No more data from sender") },
	{ 6, L("No congestion echo"), L("Congestion echo") },
	{ 7, L("Congestion window not reduced"), L("Congestion window reduced") },
};

static struct _SET flags = BITS_OF(flag_bits);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[TCP_SUMMARY] = { "Summary of the TCP header", "tcp", SUMMARY, .format = format_summary },
	[TCP_SOURCE] = { "Source Port", "tcp.srcport tcp.port", U16(0) },
	[TCP_DESTINATION] = { "Destination Port", "tcp.dstport tcp.port", U16(2) },
	[TCP_SEQUENCE] = { "Sequence Number", "tcp.seq_raw", U32(4) },
	[TCP_ACKNOWLEDGEMENT] = { "Acknowledgement Number", "tcp.ack_raw", U32(8) },
	[TCP_DATA_OFFSET] = { "Data Offset", NULL, BITS8(12, 0xF0) },
	[TCP_FLAGS] = { "Flags", NULL, U8(13), FLAGS(flags) },
	[TCP_WINDOW] = { "Window", "tcp.window_size_value", U16(14) },
	[TCP_CHECKSUM] = { "Checksum", "tcp.checksum", U16(16) },
	[TCP_URGENT] = { "Urgent Pointer", "tcp.urgent_pointer", U16(18) },
	[TCP_OPTIONS] = { "Options", "tcp.options", BYTES(HEADER, 0) },
	[TCP_PAYLOAD] = { "TCP Data", "tcp.payload", BYTES(0, 0) },
};

static const PARSERFIELDNAME names[] = {
	{ L("Flags"), L("tcp.flags.cwr"), 0x80, 0 },
	{ L("Flags"), L("tcp.flags.ece"), 0x40, 0 },
	{ L("Flags"), L("tcp.flags.urg"), 0x20, 0 },
	{ L("Flags"), L("tcp.flags.ack"), 0x10, 0 },
	{ L("Flags"), L("tcp.flags.push"), 0x08, 0 },
	{ L("Flags"), L("tcp.flags.reset"), 0x04, 0 },
	{ L("Flags"), L("tcp.flags.syn"), 0x02, 0 },
	{ L("Flags"), L("tcp.flags.fin"), 0x01, 0 },
};

static LPHANDOFFTABLE by_port;

static void begin(void)
{
	(void)CreateHandoffTable(L("TCP_HandoffSet"), L(TCPIP_INI), &by_port, 65536, 10);
}

static void end(void)
{
	DestroyHandoffTable(by_port);
	by_port = NULL;
}

static unsigned header_bytes(const uint8_t *p)
{
	return 4u * (p[12] >> 4);
}

RECOGNIZE(recognize)
{
	left = bounded(left, *instance);
	if (left < HEADER || header_bytes(p) < HEADER)
		return rest_is_mine(status);
	return hand_on(p, header_bytes(p), left, port_protocol(by_port, be16(p), be16(p + 2)),
	    status, next, instance);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	unsigned header = h.left >= HEADER ? header_bytes(p) : 0;

	field_attach_at(&h, &fields[TCP_SUMMARY], 0, h.left, header < HEADER ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[TCP_SOURCE], TCP_OPTIONS - TCP_SOURCE);
	if (header > HEADER && h.left > HEADER)
		field_attach_at(&h, &fields[TCP_OPTIONS], HEADER, header - HEADER, 0);
	if (header >= HEADER && h.left > header)
		field_attach_at(&h, &fields[TCP_PAYLOAD], header, h.left - header, 0);
	return NULL;
}

/* "...A...., len: 4, seq: 10-14, ack: 7, win: 8192, src: 1025, dst: 80" */
static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	static const char letters[] = "CEUAPRSF";
	const uint8_t *p = i->lpByte;
	unsigned header;
	char bits[9] = "........";
	uint32_t length, seq;

	(void)frame;
	if (i->DataLength < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	for (unsigned b = 0; b < 8; b++)
		if (p[13] & 0x80 >> b)
			bits[b] = letters[b];
	header = header_bytes(p);
	length = i->DataLength > header ? i->DataLength - header : 0;
	seq = be32(p + 4);
	text_put(i, "%s, len: %u, seq: %u-%u, ack: %u, win: %u, src: %u, dst: %u", bits, length,
	    seq, seq + length, be32(p + 8), be16(p + 14), be16(p), be16(p + 2));
}

static const struct place places[] = { { TCPIP_INI, "IP_HandoffSet", 6, false } };

struct parser tcp_parser = {
	.name = "TCP",
	.comment = "Transmission Control Protocol (RFC 9293)",
	.fields = fields,
	.n_fields = TCP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.end = end,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
