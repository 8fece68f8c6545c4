/* SPDX-License-Identifier: MIT */
/* UDP (RFC 768). */
#include "tcpip.h"

#define HEADER 8u

enum {
	UDP_SUMMARY,
	UDP_SOURCE,
	UDP_DESTINATION,
	UDP_LENGTH,
	UDP_CHECKSUM,
	UDP_PAYLOAD,
	UDP_FIELDS
};

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[UDP_SUMMARY] = { "Summary of the UDP header", "udp", SUMMARY, .format = format_summary },
	[UDP_SOURCE] = { "Source Port", "udp.srcport udp.port", U16(0), ALWAYS },
	[UDP_DESTINATION] = { "Destination Port", "udp.dstport udp.port", U16(2), ALWAYS },
	[UDP_LENGTH] = { "Total Length", "udp.length", U16(4), ALWAYS },
	[UDP_CHECKSUM] = { "Checksum", "udp.checksum", U16(6), ALWAYS },
	[UDP_PAYLOAD] = { "UDP Data", "udp.payload", BYTES(HEADER, 0) },
};

static LPHANDOFFTABLE by_port;

static void begin(void)
{
	(void)CreateHandoffTable(L("UDP_HandoffSet"), L(TCPIP_INI), &by_port, 65536, 10);
}

static void end(void)
{
	DestroyHandoffTable(by_port);
	by_port = NULL;
}

/* Bytes of the datagram that are there. */
static DWORD datagram_bytes(const uint8_t *p, DWORD left)
{
	return bounded(left, be16(p + 4));
}

RECOGNIZE(recognize)
{
	left = bounded(left, *instance);
	if (left < HEADER)
		return rest_is_mine(status);
	return hand_on(p, HEADER, datagram_bytes(p, left),
	    port_protocol(by_port, be16(p), be16(p + 2)), status, next, instance);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	DWORD bytes = h.left >= HEADER ? datagram_bytes(p, h.left) : h.left;
	bool bad_length = h.left >= HEADER && be16(p + 4) && be16(p + 4) < HEADER;

	if (bytes > HEADER && !bad_length) {
		fields_attach(&(const struct header){ frame, p, bytes }, fields, UDP_FIELDS);
		return NULL;
	}
	field_attach_at(&h, &fields[UDP_SUMMARY], 0, bytes, h.left < HEADER ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[UDP_SOURCE], 2);
	field_attach_at(&h, &fields[UDP_LENGTH], 4, 2, bad_length ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[UDP_CHECKSUM], 1);
	if (bytes > HEADER)
		field_attach_at(&h, &fields[UDP_PAYLOAD], HEADER, bytes - HEADER, 0);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;

	(void)frame;
	if (i->DataLength < 4)
		text_put(i, "Cut short");
	else
		text_put(
		    i, "Src Port %u, Dst Port %u, length %u", be16(p), be16(p + 2), i->DataLength);
}

static const struct place places[] = { { TCPIP_INI, "IP_HandoffSet", 17, false } };

static const PARSERHEADER header = {
	.Flags = PARSERHEADER_WITHIN_INSTANCE | PARSERHEADER_TOTAL | PARSERHEADER_LOWER_FIRST,
	.Least = HEADER,
	.TotalOffset = 4,
	.NextOffset = 0,
	.NextLength = 2,
};

struct parser udp_parser = {
	.name = "UDP",
	.comment = "User Datagram Protocol (RFC 768)",
	.fields = fields,
	.n_fields = UDP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.end = end,
	.places = places,
	.n_places = COUNT(places),
	.within_instance = true,
	.header = &header,
	.table = &by_port,
	.header_rows = UDP_FIELDS,
};
