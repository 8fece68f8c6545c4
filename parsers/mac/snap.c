/* SPDX-License-Identifier: MIT */
/* The Sub-Network Access Protocol behind LLC (IEEE 802, RFC 1042): EtherTypes where 802.2
 * has none. */
#include "mac.h"

#define HEADER 5u

#define OUI_ETHERTYPE 0x000000u
#define OUI_BRIDGED   0x0000F8u /* 802.1H, for types that may not be changed */
#define OUI_APPLETALK 0x080007u
#define OUI_CISCO     0x00000Cu

enum { SNAP_SUMMARY, SNAP_OUI, SNAP_TYPE, SNAP_PID, SNAP_CISCO, SNAP_APPLE, SNAP_FIELDS };

static LABELED_DWORD oui_names[] = {
	{ OUI_ETHERTYPE, L("EtherType") },
	{ OUI_BRIDGED, L("Bridged Ethernet") },
	{ OUI_CISCO, L("Cisco") },
	{ 0x0080C2, L("IEEE 802.1") },
	{ OUI_APPLETALK, L("AppleTalk") },
};

static LABELED_WORD cisco_names[] = {
	{ 0x010B, L("Spanning tree of a VLAN") },
	{ 0x0111, L("UDLD") },
	{ 0x2000, L("CDP") },
	{ 0x2003, L("VTP") },
	{ 0x2004, L("DTP") },
};

static struct _SET ouis = SET_OF(Dword, oui_names);
static struct _SET cisco_ids = SET_OF(Word, cisco_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[SNAP_SUMMARY] = { "Summary of the SNAP header", "snap", SUMMARY,
	    .format = format_summary },
	[SNAP_OUI] = { "Organization Code", "llc.oui", BITS32(0, 0xFFFFFF00), LABELED(ouis) },
	[SNAP_TYPE] = { "Ethernet Type", "llc.type", U16(3), LABELED(ethertypes) },
	[SNAP_PID] = { "Protocol ID", "llc.pid", U16(3) },
	[SNAP_CISCO] = { "Cisco Protocol ID", "llc.cisco_pid", U16(3), LABELED(cisco_ids) },
	[SNAP_APPLE] = { "AppleTalk Type", "llc.apple_atalk_pid", U16(3), LABELED(ethertypes) },
};

static uint32_t oui_of(const uint8_t *p)
{
	return be32(p) >> 8;
}

static bool is_type(uint32_t oui)
{
	return oui == OUI_ETHERTYPE || oui == OUI_BRIDGED || oui == OUI_APPLETALK;
}

static LPHANDOFFTABLE by_id;

static void begin(void)
{
	(void)CreateHandoffTable(L("SNAP_HandoffSet"), L(MAC_INI), &by_id, 256, 16);
}

static void end(void)
{
	DestroyHandoffTable(by_id);
	by_id = NULL;
}

HPROTOCOL snap_protocol(const uint8_t *p)
{
	uint16_t id = be16(p + 3);

	if (is_type(oui_of(p)))
		return ethertype_protocol(id);
	return GetProtocolFromTable(by_id, oui_of(p) << 16 | id, NULL);
}

RECOGNIZE(recognize)
{
	left = bounded(left, *instance);
	if (left < HEADER)
		return rest_is_mine(status);
	return hand_on(p, HEADER, left, snap_protocol(p), status, next, instance);
}

static unsigned id_row(uint32_t oui)
{
	switch (oui) {
	case OUI_ETHERTYPE:
	case OUI_BRIDGED: return SNAP_TYPE;
	case OUI_CISCO: return SNAP_CISCO;
	case OUI_APPLETALK: return SNAP_APPLE;
	default: return SNAP_PID;
	}
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	bool cut = h.left < HEADER;

	field_attach_at(&h, &fields[SNAP_SUMMARY], 0, HEADER, 0);
	fields_attach(&h, &fields[SNAP_OUI], 1);
	fields_attach(&h, &fields[cut ? SNAP_TYPE : id_row(oui_of(p))], 1);
	return NULL;
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
	name =
	    is_type(oui_of(p)) ? (const char *)LookupWordSetString(&ethertypes, be16(p + 3)) : NULL;
	if (name)
		text_put(i, "type %s", name);
	else
		text_put(i, "organization 0x%06X, protocol 0x%04X", oui_of(p), be16(p + 3));
}

static const struct place places[] = {
	{ MAC_INI, "SAP_HandoffSet", 0xAA, true },
	{ MAC_INI, "SAP_HandoffSet", 0xAB, true },
};

struct parser snap_parser = {
	.name = "SNAP",
	.comment = "Sub-Network Access Protocol (IEEE 802)",
	.fields = fields,
	.n_fields = SNAP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.end = end,
	.places = places,
	.n_places = COUNT(places),
};
