/* SPDX-License-Identifier: MIT */
/* The Point-to-Point Protocol (RFC 1661): the protocol number, and the address and control
 * of HDLC-like framing (RFC 1662) where they were not compressed away.
 *
 *   SIZE   MEANING
 *   0, 1   direction, in what pppd captures: 0 received, 1 sent
 *   0, 2   address 0xFF, control 0x03
 *   1, 2   protocol; one byte when that is odd
 */
#include "mac.h"

#define ADDRESS 0xFFu
#define CONTROL 0x03u

#define LINK_PPP      9u
#define LINK_HDLC     50u /* Cisco's HDLC is asked first */
#define LINK_PPPD     166u
#define LINK_WITH_DIR 204u /* without the direction: it is no byte of the link's */
#define SECOND(link)  (0x01000000u + (link))

enum {
	PPP_SUMMARY,
	PPP_DIRECTION,
	PPP_ADDRESS,
	PPP_CONTROL,
	PPP_PROTOCOL,
	PPP_PROTOCOL_8,
	PPP_PAYLOAD,
	PPP_FIELDS
};

static LABELED_BYTE direction_names[] = {
	{ 0, L("Received") },
	{ 1, L("Sent") },
};

static LABELED_WORD protocol_names[] = {
	{ 0x0021, L("IP") },
	{ 0x0023, L("OSI network layer") },
	{ 0x0029, L("AppleTalk") },
	{ 0x002B, L("IPX") },
	{ 0x002D, L("Compressed TCP/IP header") },
	{ 0x002F, L("Uncompressed TCP/IP header") },
	{ 0x0031, L("Bridged frame") },
	{ 0x003D, L("Multilink") },
	{ 0x003F, L("NetBIOS frames") },
	{ 0x0057, L("IPv6") },
	{ 0x00FB, L("Compressed, one link of several") },
	{ 0x00FD, L("Compressed") },
	{ 0x0281, L("MPLS unicast") },
	{ 0x0283, L("MPLS multicast") },
	{ 0x8021, L("IP Control Protocol") },
	{ 0x8029, L("AppleTalk Control Protocol") },
	{ 0x802B, L("IPX Control Protocol") },
	{ 0x8031, L("Bridging Control Protocol") },
	{ 0x803F, L("NetBIOS Frames Control Protocol") },
	{ 0x8053, L("Encryption Control Protocol") },
	{ 0x8057, L("IPv6 Control Protocol") },
	{ 0x80FB, L("Compression Control Protocol, one link of several") },
	{ 0x80FD, L("Compression Control Protocol") },
	{ 0x8281, L("MPLS Control Protocol") },
	{ 0xC021, L("Link Control Protocol") },
	{ 0xC023, L("Password Authentication Protocol") },
	{ 0xC025, L("Link Quality Report") },
	{ 0xC029, L("Callback Control Protocol") },
	{ 0xC02B, L("Bandwidth Allocation Control Protocol") },
	{ 0xC02D, L("Bandwidth Allocation Protocol") },
	{ 0xC223, L("Challenge Handshake Authentication Protocol") },
	{ 0xC227, L("Extensible Authentication Protocol") },
};

static struct _SET directions = SET_OF(Byte, direction_names);
struct _SET ppp_protocols = SET_OF(Word, protocol_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[PPP_SUMMARY] = { "Summary of the PPP header", "ppp", SUMMARY, .format = format_summary },
	[PPP_DIRECTION] = { "Direction", "ppp.direction", U8(0), LABELED(directions) },
	[PPP_ADDRESS] = { "Address", "ppp.address", U8(0) },
	[PPP_CONTROL] = { "Control", "ppp.control", U8(1) },
	[PPP_PROTOCOL] = { "Protocol", "ppp.protocol", U16(0), LABELED(ppp_protocols) },
	[PPP_PROTOCOL_8] = { "Protocol, compressed", "ppp.protocol", LE_U16(0),
	    LABELED(ppp_protocols) },
	[PPP_PAYLOAD] = { "PPP Data", NULL, BYTES(0, 0) },
};

static LPHANDOFFTABLE by_protocol;

static void begin(void)
{
	(void)CreateHandoffTable(L("PPP_HandoffSet"), L(MAC_INI), &by_protocol, 256, 16);
}

static void end(void)
{
	DestroyHandoffTable(by_protocol);
	by_protocol = NULL;
}

struct head {
	bool has_direction, has_address, is_cut;
	DWORD control_at; /* of address and control */
	DWORD protocol_at, bytes;
	uint16_t protocol;
};

/* Where pppd writes the direction it may have written it over the address. */
static DWORD direction_bytes(const uint8_t *p, DWORD left)
{
	if (left >= 3 && p[0] <= 1 && p[1] == ADDRESS && p[2] == CONTROL)
		return 1;
	return left >= 2 && p[0] <= 1 && p[1] == CONTROL ? 2 : 0;
}

static struct head head_of(const uint8_t *p, DWORD left)
{
	struct head h = { 0 };
	DWORD n = direction_bytes(p, left);

	h.has_direction = n > 0;
	h.control_at = n;
	h.has_address = left >= n + 2 && p[n] == ADDRESS && p[n + 1] == CONTROL;
	h.protocol_at = n + (h.has_address ? 2 : 0);
	h.bytes = h.protocol_at + 1;
	if (h.protocol_at < left && p[h.protocol_at] & 1)
		h.protocol = p[h.protocol_at];
	else
		h.bytes++;
	h.is_cut = h.bytes > left;
	if (!h.is_cut && h.bytes == h.protocol_at + 2)
		h.protocol = be16(p + h.protocol_at);
	return h;
}

RECOGNIZE(recognize)
{
	struct head h;

	left = bounded(left, *instance);
	h = head_of(p, left);
	if (h.is_cut)
		return rest_is_mine(status);
	return hand_on(p, h.bytes, left, GetProtocolFromTable(by_protocol, h.protocol, NULL),
	    status, next, instance);
}

static void attach_protocol(const struct header *h, const struct head *d)
{
	if (d->bytes == d->protocol_at + 1)
		field_attach_value(h, &fields[PPP_PROTOCOL_8], d->protocol_at, 1, &d->protocol,
		    sizeof d->protocol, 0);
	else if (d->protocol_at < h->left)
		field_attach_at(h, &fields[PPP_PROTOCOL], d->protocol_at, 2, 0);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	const struct head d = head_of(p, h.left);

	field_attach_at(&h, &fields[PPP_SUMMARY], 0, d.bytes, 0);
	if (d.has_direction)
		fields_attach(&h, &fields[PPP_DIRECTION], 1);
	if (d.has_address) {
		field_attach_at(&h, &fields[PPP_ADDRESS], d.control_at, 1, 0);
		field_attach_at(&h, &fields[PPP_CONTROL], d.control_at + 1, 1, 0);
	}
	attach_protocol(&h, &d);
	if (h.left > d.bytes)
		field_attach_at(&h, &fields[PPP_PAYLOAD], d.bytes, h.left - d.bytes, 0);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	struct head d = head_of(i->lpByte, i->DataLength);
	const char *name = (const char *)LookupWordSetString(&ppp_protocols, d.protocol);

	(void)frame;
	if (d.is_cut)
		text_put(i, "Cut short");
	else if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "protocol 0x%04X", d.protocol);
}

static const struct place places[] = {
	{ "FRAME", "FRAME_HandoffSet", LINK_PPP, false },
	{ "FRAME", "FRAME_HandoffSet", SECOND(LINK_HDLC), false },
	{ "FRAME", "FRAME_HandoffSet", LINK_PPPD, false },
	{ "FRAME", "FRAME_HandoffSet", LINK_WITH_DIR, false },
	{ MAC_INI, "ETYPE_HandoffSet", 0x880B, true },
};

struct parser ppp_parser = {
	.name = "PPP",
	.comment = "Point-to-Point Protocol (RFC 1661)",
	.fields = fields,
	.n_fields = PPP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.end = end,
	.places = places,
	.n_places = COUNT(places),
};
