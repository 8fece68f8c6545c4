/* SPDX-License-Identifier: MIT */
/* Novell's Internetwork Packet Exchange.
 *
 *   OFFSET SIZE MEANING
 *   0      2    checksum, 0xFFFF: none
 *   2      2    length of all
 *   4      1    hops
 *   5      1    packet type
 *   6      12   destination: network 4, node 6, socket 2
 *   18     12   source
 */
#include "mac.h"

#define HEADER 30u

enum {
	IPX_SUMMARY,
	IPX_CHECKSUM,
	IPX_LENGTH,
	IPX_HOPS,
	IPX_TYPE,
	IPX_DST_NETWORK,
	IPX_DST_NODE,
	IPX_DST_SOCKET,
	IPX_SRC_NETWORK,
	IPX_SRC_NODE,
	IPX_SRC_SOCKET,
	IPX_PAYLOAD,
	IPX_FIELDS
};

static LABELED_BYTE type_names[] = {
	{ 0, L("Unknown") },
	{ 1, L("RIP") },
	{ 2, L("Echo") },
	{ 3, L("Error") },
	{ 4, L("PEP") },
	{ 5, L("SPX") },
	{ 17, L("NCP") },
	{ 20, L("NetBIOS broadcast") },
};

static LABELED_WORD socket_names[] = {
	{ 0x0451, L("NCP") },
	{ 0x0452, L("SAP") },
	{ 0x0453, L("RIP") },
	{ 0x0455, L("NetBIOS") },
	{ 0x0456, L("Diagnostics") },
	{ 0x0457, L("Serialization") },
	{ 0x0550, L("NWLink SMB server") },
	{ 0x0551, L("NWLink SMB name query") },
	{ 0x0552, L("NWLink SMB redirector") },
	{ 0x0553, L("NWLink SMB datagrams") },
	{ 0x4001, L("SPX, dynamic") },
	{ 0x9001, L("NLSP") },
};

static struct _SET types = SET_OF(Byte, type_names);
static struct _SET sockets = SET_OF(Word, socket_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[IPX_SUMMARY] = { "Summary of the IPX header", "ipx", SUMMARY, .format = format_summary },
	[IPX_CHECKSUM] = { "Checksum", "ipx.checksum", U16(0) },
	[IPX_LENGTH] = { "Length", "ipx.len", U16(2) },
	[IPX_HOPS] = { "Hops", "ipx.hops", U8(4) },
	[IPX_TYPE] = { "Packet Type", "ipx.packet_type", U8(5), LABELED(types) },
	[IPX_DST_NETWORK] = { "Destination Network", "ipx.dst.net ipx.net", U32(6) },
	[IPX_DST_NODE] = { "Destination Node", "ipx.dst.node ipx.node", MAC(10) },
	[IPX_DST_SOCKET] = { "Destination Socket", "ipx.dst.socket ipx.socket", U16(16),
	    LABELED(sockets) },
	[IPX_SRC_NETWORK] = { "Source Network", "ipx.src.net ipx.net", U32(18) },
	[IPX_SRC_NODE] = { "Source Node", "ipx.src.node ipx.node", MAC(22) },
	[IPX_SRC_SOCKET] = { "Source Socket", "ipx.src.socket ipx.socket", U16(28),
	    LABELED(sockets) },
	[IPX_PAYLOAD] = { "IPX Data", NULL, BYTES(HEADER, 0) },
};

static LPHANDOFFTABLE by_socket;

static void begin(void)
{
	(void)CreateHandoffTable(L("IPX_HandoffSet"), L(MAC_INI), &by_socket, 256, 16);
}

static void end(void)
{
	DestroyHandoffTable(by_socket);
	by_socket = NULL;
}

static HPROTOCOL inside_of(const uint8_t *p)
{
	HPROTOCOL h = GetProtocolFromTable(by_socket, be16(p + 16), NULL);

	return h ? h : GetProtocolFromTable(by_socket, be16(p + 28), NULL);
}

RECOGNIZE(recognize)
{
	left = bounded(left, *instance);
	if (left < HEADER || be16(p + 2) < HEADER)
		return rest_is_mine(status);
	return hand_on(p, HEADER, bounded(left, be16(p + 2)), inside_of(p), status, next, instance);
}

ATTACH(attach)
{
	struct header h = { frame, p, bounded(left, instance) };
	DWORD bytes = h.left >= HEADER ? be16(p + 2) : HEADER;
	DWORD flags = bytes > h.left || bytes < HEADER ? IFLAG_ERROR : 0;

	field_attach_at(&h, &fields[IPX_SUMMARY], 0, HEADER, h.left < HEADER ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[IPX_CHECKSUM], 1);
	if (h.left > 2)
		field_attach_at(&h, &fields[IPX_LENGTH], 2, 2, flags);
	fields_attach(&h, &fields[IPX_HOPS], IPX_PAYLOAD - IPX_HOPS);
	h.left = bounded(h.left, bytes);
	if (h.left > HEADER)
		fields_attach(&h, &fields[IPX_PAYLOAD], 1);
	return NULL;
}

static void put_address(LPPROPERTYINST i, const char *before, const uint8_t *p)
{
	text_put(i, "%s%08X.%02X%02X%02X%02X%02X%02X.%04X", before, be32(p), p[4], p[5], p[6], p[7],
	    p[8], p[9], be16(p + 10));
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
	put_address(i, "", p + 18);
	put_address(i, " -> ", p + 6);
	name = (const char *)LookupByteSetString(&types, p[5]);
	if (name)
		text_put(i, ", %s", name);
	else
		text_put(i, ", type %u", p[5]);
	text_put(i, ", length %u", be16(p + 2));
}

static const struct place places[] = {
	{ MAC_INI, "ETYPE_HandoffSet", 0x8137, true },
	{ MAC_INI, "SAP_HandoffSet", 0xE0, true },
	{ MAC_INI, "PPP_HandoffSet", 0x002B, true },
};

struct parser ipx_parser = {
	.name = "IPX",
	.comment = "Novell Internetwork Packet Exchange",
	.fields = fields,
	.n_fields = IPX_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.end = end,
	.places = places,
	.n_places = COUNT(places),
};
