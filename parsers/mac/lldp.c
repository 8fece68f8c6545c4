/* SPDX-License-Identifier: MIT */
/* Link Layer Discovery Protocol (IEEE 802.1AB): elements of a type of 7 bits, a length of 9,
 * and so many bytes. */
#include "../common/list.h"
#include "mac.h"

#define HEAD       2u /* bytes of type and length */
#define TYPE_END   0u
#define TYPE_NAME  5u
#define TYPE_OWN   127u
#define MOST       512u
#define SUBTYPE_AT 2u

enum {
	LLDP_SUMMARY,
	LLDP_TYPE,
	LLDP_LENGTH,
	LLDP_DATA,
	LLDP_CHASSIS_KIND,
	LLDP_CHASSIS_MAC,
	LLDP_CHASSIS,
	LLDP_PORT_KIND,
	LLDP_PORT_MAC,
	LLDP_PORT,
	LLDP_TTL,
	LLDP_PORT_TEXT,
	LLDP_SYSTEM,
	LLDP_SYSTEM_TEXT,
	LLDP_CAPABILITIES,
	LLDP_ENABLED,
	LLDP_ADDRESS_LENGTH,
	LLDP_ADDRESS_KIND,
	LLDP_ADDRESS_DATA,
	LLDP_OUI,
	LLDP_SUBTYPE,
	LLDP_OWN,
	LLDP_FIELDS
};

static LABELED_WORD type_names[] = {
	{ TYPE_END, L("End") },
	{ 1, L("Chassis ID") },
	{ 2, L("Port ID") },
	{ 3, L("Time to live") },
	{ 4, L("Port description") },
	{ TYPE_NAME, L("System name") },
	{ 6, L("System description") },
	{ 7, L("System capabilities") },
	{ 8, L("Management address") },
	{ TYPE_OWN, L("Organization's own") },
};

static LABELED_BYTE chassis_names[] = {
	{ 1, L("Chassis component") },
	{ 2, L("Interface alias") },
	{ 3, L("Port component") },
	{ 4, L("MAC address") },
	{ 5, L("Network address") },
	{ 6, L("Interface name") },
	{ 7, L("Locally assigned") },
};

static LABELED_BYTE port_names[] = {
	{ 1, L("Interface alias") },
	{ 2, L("Port component") },
	{ 3, L("MAC address") },
	{ 4, L("Network address") },
	{ 5, L("Interface name") },
	{ 6, L("Agent circuit ID") },
	{ 7, L("Locally assigned") },
};

static LABELED_BIT capability_bits[] = {
	{ 0, L("Nothing else"), L("Other") },
	{ 1, L("No repeater"), L("Repeater") },
	{ 2, L("No bridge"), L("Bridge") },
	{ 3, L("No WLAN access point"), L("WLAN access point") },
	{ 4, L("No router"), L("Router") },
	{ 5, L("No telephone"), L("Telephone") },
	{ 6, L("No DOCSIS cable device"), L("DOCSIS cable device") },
	{ 7, L("Not a station only"), L("Station only") },
};

static struct _SET types = SET_OF(Word, type_names);
static struct _SET chassis_kinds = SET_OF(Byte, chassis_names);
static struct _SET port_kinds = SET_OF(Byte, port_names);
static struct _SET capabilities = BITS_OF(capability_bits);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

/* Places count from the element's type. */
static struct field fields[] = {
	[LLDP_SUMMARY] = { "Summary of the LLDP message", "lldp", SUMMARY,
	    .format = format_summary },
	[LLDP_TYPE] = { "Element", "lldp.tlv.type", BITS16(0, 0xFE00), LABELED(types) },
	[LLDP_LENGTH] = { "Element Length", "lldp.tlv.len", BITS16(0, 0x01FF), .level = 2 },
	[LLDP_DATA] = { "Element Data", NULL, BYTES(2, 0), .level = 2 },
	[LLDP_CHASSIS_KIND] = { "Chassis ID Subtype", "lldp.chassis.subtype", U8(2),
	    LABELED(chassis_kinds), .level = 2 },
	[LLDP_CHASSIS_MAC] = { "Chassis ID, Address", "lldp.chassis.id.mac", MAC(3), .level = 2 },
	[LLDP_CHASSIS] = { "Chassis ID", "lldp.chassis.id", BYTES(3, 0), .level = 2 },
	[LLDP_PORT_KIND] = { "Port ID Subtype", "lldp.port.subtype", U8(2), LABELED(port_kinds),
	    .level = 2 },
	[LLDP_PORT_MAC] = { "Port ID, Address", "lldp.port.id.mac", MAC(3), .level = 2 },
	[LLDP_PORT] = { "Port ID", "lldp.port.id", TEXT(3, 0), .level = 2 },
	[LLDP_TTL] = { "Time to Live", "lldp.time_to_live", U16(2), .level = 2 },
	[LLDP_PORT_TEXT] = { "Port Description", "lldp.port.desc", TEXT(2, 0), .level = 2 },
	[LLDP_SYSTEM] = { "System Name", "lldp.tlv.system.name", TEXT(2, 0), .level = 2 },
	[LLDP_SYSTEM_TEXT] = { "System Description", "lldp.tlv.system.desc", TEXT(2, 0),
	    .level = 2 },
	[LLDP_CAPABILITIES] = { "Capabilities", "lldp.tlv.system_cap", U16(2), FLAGS(capabilities),
	    .level = 2 },
	[LLDP_ENABLED] = { "Enabled Capabilities", "lldp.tlv.enable_system_cap", U16(4),
	    FLAGS(capabilities), .level = 2 },
	[LLDP_ADDRESS_LENGTH] = { "Management Address Length", "lldp.mgn.address.len", U8(2),
	    .level = 2 },
	[LLDP_ADDRESS_KIND] = { "Management Address Subtype", "lldp.mgn.address.subtype", U8(3),
	    .level = 2 },
	[LLDP_ADDRESS_DATA] = { "Management Address", NULL, BYTES(4, 0), .level = 2 },
	[LLDP_OUI] = { "Organization Code", "lldp.orgtlv.oui", BITS32(2, 0xFFFFFF00), .level = 2 },
	[LLDP_SUBTYPE] = { "Organization's Subtype", NULL, U8(5), .level = 2 },
	[LLDP_OWN] = { "Organization's Data", NULL, BYTES(6, 0), .level = 2 },
};

static void attach_chassis(const struct header *h)
{
	fields_attach(h,
	    &fields[h->left > SUBTYPE_AT && h->p[SUBTYPE_AT] == 4 ? LLDP_CHASSIS_MAC
								  : LLDP_CHASSIS],
	    1);
}

static void attach_port(const struct header *h)
{
	fields_attach(h,
	    &fields[h->left > SUBTYPE_AT && h->p[SUBTYPE_AT] == 3 ? LLDP_PORT_MAC : LLDP_PORT], 1);
}

static const struct element rows[] = {
	{ .type = TYPE_END },
	{ .type = 1, .first = LLDP_CHASSIS_KIND, .n = 1, .attach = attach_chassis },
	{ .type = 2, .first = LLDP_PORT_KIND, .n = 1, .attach = attach_port },
	{ .type = 3, .first = LLDP_TTL, .n = 1 },
	{ .type = 4, .first = LLDP_PORT_TEXT, .n = 1 },
	{ .type = TYPE_NAME, .first = LLDP_SYSTEM, .n = 1 },
	{ .type = 6, .first = LLDP_SYSTEM_TEXT, .n = 1 },
	{ .type = 7, .first = LLDP_CAPABILITIES, .n = 2 },
	{ .type = 8, .first = LLDP_ADDRESS_LENGTH, .n = 3 },
	{ .type = TYPE_OWN, .first = LLDP_OUI, .n = 3 },
};

/* The element there, as far as it is there; false: not even its head. */
static bool element_at(const struct header *h, DWORD at, struct header *ret_part, bool *ret_cut)
{
	DWORD n;

	if (at >= h->left || h->left - at < HEAD)
		return false;
	n = HEAD + (be16(h->p + at) & 0x1FF);
	*ret_cut = n > h->left - at;
	*ret_part = (struct header){ h->frame, h->p + at, *ret_cut ? h->left - at : n };
	return true;
}

static void attach_element(const struct header *part, bool cut)
{
	fields_attach(part, &fields[LLDP_TYPE], 2);
	if (cut)
		field_attach_at(part, &fields[LLDP_DATA], HEAD, part->left, 0);
	else if (part->left > HEAD &&
		 !element_attach(part, fields, rows, COUNT(rows), part->p[0] >> 1))
		fields_attach(part, &fields[LLDP_DATA], 1);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	struct header part;
	DWORD at = 0;
	bool cut;

	field_attach_at(&h, &fields[LLDP_SUMMARY], 0, h.left < HEAD ? HEAD : h.left, 0);
	for (unsigned i = 0; i < MOST && element_at(&h, at, &part, &cut); i++) {
		attach_element(&part, cut);
		if (part.p[0] >> 1 == TYPE_END)
			break;
		at += part.left;
	}
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const struct header h = { frame, i->lpByte, i->DataLength };
	struct header part;
	unsigned n = 0;
	DWORD at = 0;
	bool cut;

	if (i->DataLength < HEAD) {
		text_put(i, "Cut short");
		return;
	}
	for (; n < MOST && element_at(&h, at, &part, &cut) && part.p[0] >> 1 != TYPE_END; n++) {
		if (part.p[0] >> 1 == TYPE_NAME)
			text_put(i, "%.*s, ", (int)(part.left - HEAD), (const char *)part.p + HEAD);
		at += part.left;
	}
	text_put(i, "%u elements", n);
}

static const struct place places[] = { { MAC_INI, "ETYPE_HandoffSet", 0x88CC, true } };

struct parser lldp_parser = {
	.name = "LLDP",
	.comment = "Link Layer Discovery Protocol (IEEE 802.1AB)",
	.fields = fields,
	.n_fields = LLDP_FIELDS,
	.recognize = claim_rest,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
};
