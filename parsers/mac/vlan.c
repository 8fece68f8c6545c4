/* SPDX-License-Identifier: MIT */
/* Tags of IEEE 802.1Q, and of 802.1ad before them (QinQ): each is a protocol of its own. */
#include "mac.h"

#define HEADER 4u

enum { VLAN_SUMMARY, VLAN_PRIORITY, VLAN_DEI, VLAN_ID, VLAN_TYPE, VLAN_LENGTH, VLAN_FIELDS };

static LABELED_WORD priority_names[] = {
	{ 0, L("Best effort") },
	{ 1, L("Background") },
	{ 2, L("Excellent effort") },
	{ 3, L("Critical applications") },
	{ 4, L("Video") },
	{ 5, L("Voice") },
	{ 6, L("Internetwork control") },
	{ 7, L("Network control") },
};

static struct _SET priorities = SET_OF(Word, priority_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[VLAN_SUMMARY] = { "Summary of the VLAN tag", "vlan", SUMMARY, .format = format_summary },
	[VLAN_PRIORITY] = { "Priority", "vlan.priority", BITS16(0, 0xE000), LABELED(priorities) },
	[VLAN_DEI] = { "Drop Eligible", "vlan.dei", BITS16(0, 0x1000) },
	[VLAN_ID] = { "VLAN Identifier", "vlan.id", BITS16(0, 0x0FFF) },
	[VLAN_TYPE] = { "Ethernet Type", "vlan.etype", U16(2), LABELED(ethertypes) },
	[VLAN_LENGTH] = { "Length", "vlan.len", U16(2) },
};

RECOGNIZE(recognize)
{
	uint16_t type;

	left = bounded(left, *instance);
	if (left < HEADER)
		return rest_is_mine(status);
	type = be16(p + 2);
	if (type <= LENGTH_MAX)
		left = bounded(left, HEADER + type);
	return hand_on(p, HEADER, left, type_or_length_protocol(type, p + HEADER, left - HEADER),
	    status, next, instance);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	bool cut = h.left < HEADER;

	field_attach_at(&h, &fields[VLAN_SUMMARY], 0, HEADER, cut ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[VLAN_PRIORITY], VLAN_TYPE - VLAN_PRIORITY);
	fields_attach(&h, &fields[!cut && be16(p + 2) <= LENGTH_MAX ? VLAN_LENGTH : VLAN_TYPE], 1);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;

	(void)frame;
	if (i->DataLength < HEADER)
		text_put(i, "Cut short");
	else
		text_put(i, "VLAN %u, priority %u", be16(p) & 0xFFF, p[0] >> 5);
}

static const struct place places[] = {
	{ MAC_INI, "ETYPE_HandoffSet", 0x8100, true },
	{ MAC_INI, "ETYPE_HandoffSet", 0x88A8, true },
	{ MAC_INI, "ETYPE_HandoffSet", 0x9100, true },
	{ MAC_INI, "ETYPE_HandoffSet", 0x9200, true },
};

struct parser vlan_parser = {
	.name = "VLAN",
	.comment = "Virtual LAN tag (IEEE 802.1Q, 802.1ad)",
	.fields = fields,
	.n_fields = VLAN_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
};
