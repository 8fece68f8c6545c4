/* SPDX-License-Identifier: MIT */
/* ARP (RFC 826) and RARP (RFC 903). */
#include "tcpip.h"

#define HEADER   8u
#define ETHERNET 6u /* bytes of an address */
#define IPV4     4u
#define TYPE_IP  0x0800u

enum {
	ARP_SUMMARY,
	ARP_HARDWARE,
	ARP_PROTOCOL,
	ARP_HARDWARE_LENGTH,
	ARP_PROTOCOL_LENGTH,
	ARP_OPERATION,
	ARP_SENDER_MAC,
	ARP_SENDER_IP,
	ARP_TARGET_MAC,
	ARP_TARGET_IP,
	ARP_SENDER_HARDWARE,
	ARP_SENDER_PROTOCOL,
	ARP_TARGET_HARDWARE,
	ARP_TARGET_PROTOCOL,
	ARP_FIELDS
};

static LABELED_WORD hardware_names[] = {
	{ 1, L("Ethernet") },
	{ 6, L("IEEE 802") },
	{ 7, L("ARCNET") },
	{ 15, L("Frame relay") },
	{ 16, L("ATM") },
	{ 17, L("HDLC") },
	{ 18, L("Fibre Channel") },
	{ 19, L("ATM") },
	{ 24, L("IEEE 1394") },
	{ 32, L("InfiniBand") },
};

static LABELED_WORD operation_names[] = {
	{ 1, L("ARP request") },
	{ 2, L("ARP reply") },
	{ 3, L("RARP request") },
	{ 4, L("RARP reply") },
	{ 8, L("InARP request") },
	{ 9, L("InARP reply") },
	{ 10, L("ARP NAK") },
};

static struct _SET hardware = SET_OF(Word, hardware_names);
static struct _SET operations = SET_OF(Word, operation_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[ARP_SUMMARY] = { "Summary of the ARP packet", "arp", SUMMARY, .format = format_summary },
	[ARP_HARDWARE] = { "Hardware Address Space", "arp.hw.type", U16(0), LABELED(hardware) },
	[ARP_PROTOCOL] = { "Protocol Address Space", "arp.proto.type", U16(2) },
	[ARP_HARDWARE_LENGTH] = { "Hardware Address Length", "arp.hw.size", U8(4) },
	[ARP_PROTOCOL_LENGTH] = { "Protocol Address Length", "arp.proto.size", U8(5) },
	[ARP_OPERATION] = { "Opcode", "arp.opcode", U16(6), LABELED(operations) },
	[ARP_SENDER_MAC] = { "Sender's Hardware Address", "arp.src.hw_mac", MAC(8) },
	[ARP_SENDER_IP] = { "Sender's Protocol Address", "arp.src.proto_ipv4", IP4(14) },
	[ARP_TARGET_MAC] = { "Target's Hardware Address", "arp.dst.hw_mac", MAC(18) },
	[ARP_TARGET_IP] = { "Target's Protocol Address", "arp.dst.proto_ipv4", IP4(24) },
	[ARP_SENDER_HARDWARE] = { "Sender's Hardware Address, not Ethernet", "arp.src.hw",
	    BYTES(0, 0) },
	[ARP_SENDER_PROTOCOL] = { "Sender's Protocol Address, not IP", "arp.src.proto",
	    BYTES(0, 0) },
	[ARP_TARGET_HARDWARE] = { "Target's Hardware Address, not Ethernet", "arp.dst.hw",
	    BYTES(0, 0) },
	[ARP_TARGET_PROTOCOL] = { "Target's Protocol Address, not IP", "arp.dst.proto",
	    BYTES(0, 0) },
};

/* Any hardware with addresses of Ethernet's kind. */
static bool is_usual(const uint8_t *p)
{
	return be16(p + 2) == TYPE_IP && p[4] == ETHERNET && p[5] == IPV4;
}

static DWORD packet_bytes(const uint8_t *p)
{
	return HEADER + 2u * (p[4] + p[5]);
}

RECOGNIZE(recognize)
{
	(void)p;
	(void)left;
	(void)next;
	(void)instance;
	return rest_is_mine(status);
}

static void attach_others(const struct header *h)
{
	bool ip = be16(h->p + 2) == TYPE_IP && h->p[5] == IPV4;
	const DWORD sizes[] = { h->p[4], h->p[5], h->p[4], h->p[5] };
	DWORD at = HEADER;

	for (unsigned i = 0; i < COUNT(sizes); at += sizes[i++]) {
		bool as_ip = ip && i % 2;

		if (sizes[i])
			field_attach_at(h,
			    &fields[(as_ip ? ARP_SENDER_MAC : ARP_SENDER_HARDWARE) + i], at,
			    sizes[i], 0);
	}
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	DWORD bytes = h.left >= HEADER ? packet_bytes(p) : HEADER;

	field_attach_at(&h, &fields[ARP_SUMMARY], 0, bytes, 0);
	fields_attach(&h, &fields[ARP_HARDWARE], ARP_SENDER_MAC - ARP_HARDWARE);
	if (h.left < HEADER)
		return NULL;
	if (is_usual(p))
		fields_attach(&h, &fields[ARP_SENDER_MAC], 4);
	else
		attach_others(&h);
	return NULL;
}

static void put_ip(LPPROPERTYINST i, const char *before, const uint8_t *p)
{
	text_put(i, "%s%u.%u.%u.%u", before, p[0], p[1], p[2], p[3]);
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;
	const char *name;

	(void)frame;
	if (i->DataLength < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	name = (const char *)LookupWordSetString(&operations, be16(p + 6));
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "operation %u", be16(p + 6));
	if (!is_usual(p) || i->DataLength < packet_bytes(p))
		return;
	put_ip(i, ", target ", p + 24);
	put_ip(i, ", sender ", p + 14);
	text_put(i, " (%02X-%02X-%02X-%02X-%02X-%02X)", p[8], p[9], p[10], p[11], p[12], p[13]);
}

static const struct place places[] = {
	{ "MAC.INI", "ETYPE_HandoffSet", 0x0806, true },
	{ "MAC.INI", "ETYPE_HandoffSet", 0x8035, true },
};

struct parser arp_parser = {
	.name = "ARP_RARP",
	.comment = "Address Resolution Protocol and its reverse (RFC 826, 903)",
	.fields = fields,
	.n_fields = ARP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
};
