/* SPDX-License-Identifier: MIT */
/* TCP (RFC 9293). */
#include "../common/list.h"
#include "tcpip.h"

#define HEADER 20u /* without options */
#define USUAL  12u /* bytes of the usual options */

enum {
	TCP_SUMMARY,
	TCP_SOURCE,
	TCP_DESTINATION,
	TCP_SEQUENCE,
	TCP_ACKNOWLEDGEMENT,
	TCP_DATA_OFFSET,
	TCP_FLAGS_16,
	TCP_FLAGS,
	TCP_WINDOW,
	TCP_CHECKSUM,
	TCP_URGENT,
	TCP_OPTIONS,
	TCP_OPTION_KIND,
	TCP_OPTION_LENGTH,
	TCP_OPTION_DATA,
	TCP_MSS,
	TCP_SHIFT,
	TCP_SACK_LEFT,
	TCP_SACK_RIGHT,
	TCP_STAMP,
	TCP_STAMP_ECHO,
	TCP_ECHO,
	TCP_CC,
	TCP_DIGEST,
	TCP_QS_RATE,
	TCP_QS_TTL,
	TCP_TIMEOUT,
	TCP_AO_KEY,
	TCP_AO_NEXT_KEY,
	TCP_AO_MAC,
	TCP_MPTCP_SUBTYPE,
	TCP_MPTCP_DATA,
	TCP_COOKIE,
	TCP_EXPERIMENT,
	TCP_LENGTH,
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

static LABELED_BYTE option_names[] = {
	{ 0, L("End of options") },
	{ 1, L("No operation") },
	{ 2, L("Maximum segment size") },
	{ 3, L("Window scale") },
	{ 4, L("Selective acknowledgement permitted") },
	{ 5, L("Selective acknowledgement") },
	{ 6, L("Echo") },
	{ 7, L("Echo reply") },
	{ 8, L("Timestamps") },
	{ 9, L("Partial order permitted") },
	{ 10, L("Partial order profile") },
	{ 11, L("Connection count") },
	{ 12, L("New connection count") },
	{ 13, L("Connection count echo") },
	{ 14, L("Alternate checksum request") },
	{ 15, L("Alternate checksum") },
	{ 19, L("MD5 signature") },
	{ 27, L("Quick start") },
	{ 28, L("User timeout") },
	{ 29, L("Authentication") },
	{ 30, L("Multipath TCP") },
	{ 34, L("Fast open cookie") },
	{ 69, L("Encryption negotiation") },
	{ 172, L("Accurate ECN order 0") },
	{ 174, L("Accurate ECN order 1") },
	{ 253, L("Experiment 1") },
	{ 254, L("Experiment 2") },
};

static struct _SET option_set = SET_OF(Byte, option_names);

static LABELED_BYTE subtype_names[] = {
	{ 0, L("Capable") },
	{ 1, L("Join") },
	{ 2, L("Data sequence signal") },
	{ 3, L("Add address") },
	{ 4, L("Remove address") },
	{ 5, L("Change priority") },
	{ 6, L("Fail") },
	{ 7, L("Fast close") },
	{ 8, L("Reset") },
};

static struct _SET subtypes = SET_OF(Byte, subtype_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[TCP_SUMMARY] = { "Summary of the TCP header", "tcp", SUMMARY, .format = format_summary },
	[TCP_SOURCE] = { "Source Port", "tcp.srcport tcp.port", U16(0), ALWAYS },
	[TCP_DESTINATION] = { "Destination Port", "tcp.dstport tcp.port", U16(2), ALWAYS },
	[TCP_SEQUENCE] = { "Sequence Number", "tcp.seq_raw", U32(4), ALWAYS },
	[TCP_ACKNOWLEDGEMENT] = { "Acknowledgement Number", "tcp.ack_raw", U32(8), ALWAYS },
	[TCP_DATA_OFFSET] = { "Data Offset", "tcp.hdr_len", BITS8(12, 0xF0), .times = 4 },
	[TCP_FLAGS_16] = { "Flags with reserved bits", "tcp.flags", BITS16(12, 0x0FFF),
	    .level = HIDDEN },
	[TCP_FLAGS] = { "Flags", NULL, U8(13), FLAGS(flags), ALWAYS },
	[TCP_WINDOW] = { "Window", "tcp.window_size_value", U16(14), ALWAYS },
	[TCP_CHECKSUM] = { "Checksum", "tcp.checksum", U16(16), ALWAYS },
	[TCP_URGENT] = { "Urgent Pointer", "tcp.urgent_pointer", U16(18), ALWAYS },
	[TCP_OPTIONS] = { "Options", "tcp.options", BYTES(HEADER, 0) },
	[TCP_OPTION_KIND] = { "Option", "tcp.option_kind", U8(0), LABELED(option_set), .level = 2 },
	[TCP_OPTION_LENGTH] = { "Option Length", "tcp.option_len", U8(1), .level = 3 },
	[TCP_OPTION_DATA] = { "Option Data", "tcp.options.unknown.payload", BYTES(2, 0),
	    .level = 3 },
	[TCP_MSS] = { "Maximum Segment Size", "tcp.options.mss_val", U16(2), .level = 3 },
	[TCP_SHIFT] = { "Shift Count", "tcp.options.wscale.shift", U8(2), .level = 3 },
	[TCP_SACK_LEFT] = { "Left Edge", "tcp.options.sack_le", U32(2), .level = 3 },
	[TCP_SACK_RIGHT] = { "Right Edge", "tcp.options.sack_re", U32(6), .level = 3 },
	[TCP_STAMP] = { "Timestamp", "tcp.options.timestamp.tsval", U32(2), .level = 3 },
	[TCP_STAMP_ECHO] = { "Timestamp Echo Reply", "tcp.options.timestamp.tsecr", U32(6),
	    .level = 3 },
	[TCP_ECHO] = { "Echo Value", "tcp.options.echo_value", U32(2), .level = 3 },
	[TCP_CC] = { "Connection Count", "tcp.options.cc_value", U32(2), .level = 3 },
	[TCP_DIGEST] = { "Digest", "tcp.options.md5.digest", BYTES(2, 16), .level = 3 },
	[TCP_QS_RATE] = { "Rate", "tcp.options.qs.rate", BITS8(2, 0x0F), .level = 3 },
	[TCP_QS_TTL] = { "TTL Difference", "tcp.options.qs.ttl_diff", U8(3), .level = 3 },
	[TCP_TIMEOUT] = { "User Timeout", NULL, U16(2), .level = 3 },
	[TCP_AO_KEY] = { "Key Identifier", "tcp.options.ao.keyid", U8(2), .level = 3 },
	[TCP_AO_NEXT_KEY] = { "Next Key Identifier", "tcp.options.ao.rnextkeyid", U8(3),
	    .level = 3 },
	[TCP_AO_MAC] = { "Authentication Code", "tcp.options.ao.mac", BYTES(4, 0), .level = 3 },
	[TCP_MPTCP_SUBTYPE] = { "Subtype", "tcp.options.mptcp.subtype", BITS8(2, 0xF0),
	    LABELED(subtypes), .level = 3 },
	[TCP_MPTCP_DATA] = { "Multipath Data", NULL, BYTES(2, 0), .level = 3 },
	[TCP_COOKIE] = { "Cookie", "tcp.options.tfo.cookie", BYTES(2, 0), .level = 3 },
	[TCP_EXPERIMENT] = { "Experiment Identifier", "tcp.options.experimental.exid", U16(2),
	    .level = 3 },
	[TCP_LENGTH] = { "Segment Length", "tcp.len", LE_U32(0) },
	[TCP_PAYLOAD] = { "TCP Data", "tcp.payload", BYTES(0, 0) },
};

static const PARSERFIELDNAME names[] = {
	{ L("User Timeout"), L("tcp.options.user_to_granularity"), 0x8000, 0 },
	{ L("User Timeout"), L("tcp.options.user_to_val"), 0x7FFF, 0 },
	{ L("Flags with reserved bits"), L("tcp.flags.res"), 0xE00, 0 },
	{ L("Flags with reserved bits"), L("tcp.flags.ae"), 0x100, 0 },
	{ L("Flags"), L("tcp.flags.cwr"), 0x80, 0 },
	{ L("Flags"), L("tcp.flags.ece"), 0x40, 0 },
	{ L("Flags"), L("tcp.flags.urg"), 0x20, 0 },
	{ L("Flags"), L("tcp.flags.ack"), 0x10, 0 },
	{ L("Flags"), L("tcp.flags.push"), 0x08, 0 },
	{ L("Flags"), L("tcp.flags.reset"), 0x04, 0 },
	{ L("Flags"), L("tcp.flags.syn"), 0x02, 0 },
	{ L("Flags"), L("tcp.flags.fin"), 0x01, 0 },
};

static const struct element options[] = {
	{ .type = 2, .first = TCP_MSS, .n = 1 },
	{ .type = 3, .first = TCP_SHIFT, .n = 1 },
	{ .type = 5, .first = TCP_SACK_LEFT, .n = 2, .every = 8 },
	{ .type = 6, .first = TCP_ECHO, .n = 1 },
	{ .type = 7, .first = TCP_ECHO, .n = 1 },
	{ .type = 8, .first = TCP_STAMP, .n = 2 },
	{ .type = 11, .first = TCP_CC, .n = 1 },
	{ .type = 12, .first = TCP_CC, .n = 1 },
	{ .type = 13, .first = TCP_CC, .n = 1 },
	{ .type = 19, .first = TCP_DIGEST, .n = 1 },
	{ .type = 27, .first = TCP_QS_RATE, .n = 2 },
	{ .type = 28, .first = TCP_TIMEOUT, .n = 1 },
	{ .type = 29, .first = TCP_AO_KEY, .n = 3 },
	{ .type = 30, .first = TCP_MPTCP_SUBTYPE, .n = 2 },
	{ .type = 34, .first = TCP_COOKIE, .n = 1 },
	{ .type = 253, .first = TCP_EXPERIMENT, .n = 1 },
	{ .type = 254, .first = TCP_EXPERIMENT, .n = 1 },
};

static const struct list option_list = {
	.fields = fields,
	.type = TCP_OPTION_KIND,
	.length = TCP_OPTION_LENGTH,
	.rest = TCP_OPTION_DATA,
	.length_at = 1,
	.singles = 2,
	.elements = options,
	.n_elements = COUNT(options),
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

/* Payload that the header before told, also what is not stored of the frame. */
static uint32_t payload_bytes(const struct header *h, ULPBYTE mac, unsigned header, DWORD_PTR told)
{
	DWORD bytes = bounded(GetFrameLength(h->frame) - (DWORD)(h->p - mac), told);

	return bytes > header ? bytes - header : 0;
}

/* The summary, and what every header has; bad: it says that it is shorter, or is. */
static void attach_fields(const struct header *h, DWORD bad)
{
	if (!bad) {
		fields_attach(h, fields, TCP_OPTIONS);
		return;
	}
	field_attach_at(h, &fields[TCP_SUMMARY], 0, h->left, bad);
	fields_attach(h, &fields[TCP_SOURCE], TCP_DATA_OFFSET - TCP_SOURCE);
	if (h->left > 12)
		field_attach_value(h, &fields[TCP_DATA_OFFSET], 12, 1,
		    &(uint8_t){ (uint8_t)header_bytes(h->p) }, 1, bad);
	fields_attach(h, &fields[TCP_FLAGS_16], TCP_OPTIONS - TCP_FLAGS_16);
}

/* Behind the fields: two single bytes and the timestamps, as nearly every segment has them. */
static const struct placed usual_options[] = {
	{ TCP_OPTIONS, HEADER, USUAL },
	{ TCP_OPTION_KIND, HEADER, 1 },
	{ TCP_OPTION_KIND, HEADER + 1, 1 },
	{ TCP_OPTION_KIND, HEADER + 2, 1 },
	{ TCP_OPTION_LENGTH, HEADER + 3, 1 },
	{ TCP_STAMP, HEADER + 4, 4 },
	{ TCP_STAMP_ECHO, HEADER + 8, 4 },
};

static bool attach_usual(const struct header *h, unsigned header)
{
	return header == HEADER + USUAL && h->left >= header && be32(h->p + HEADER) == 0x0101080A &&
	       placed_attach(&tcp_parser, h);
}

static void attach_header(const struct header *h, unsigned header, DWORD bad)
{
	attach_fields(h, bad);
	if (header <= HEADER || h->left <= HEADER)
		return;
	field_attach_at(h, &fields[TCP_OPTIONS], HEADER, header - HEADER, 0);
	list_attach(&option_list, h, HEADER, header);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	unsigned header = h.left >= HEADER ? header_bytes(p) : 0;
	DWORD bad = header < HEADER ? IFLAG_ERROR : 0;
	uint32_t payload = payload_bytes(&h, mac, header, instance);

	if (!attach_usual(&h, header))
		attach_header(&h, header, bad);
	if (!bad)
		field_attach_value(&h, &fields[TCP_LENGTH], header, 0, &payload, 4, 0);
	if (!bad && h.left > header)
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

static const PARSERHEADER header = {
	.Flags = PARSERHEADER_WITHIN_INSTANCE | PARSERHEADER_LENGTH | PARSERHEADER_LOWER_FIRST,
	.Least = HEADER,
	.LengthOffset = 12,
	.LengthMask = 0xF0,
	.LengthFactor = 4,
	.NextOffset = 0,
	.NextLength = 2,
};

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
	.placed_fields = TCP_OPTIONS,
	.placed = usual_options,
	.n_placed = COUNT(usual_options),
	.within_instance = true,
	.header = &header,
	.table = &by_port,
};
