/* SPDX-License-Identifier: MIT */
/* FDDI. Addresses are shown as captures hold them; in some the bits of each byte are in the
 * order of the fibre, which nothing in a frame tells. */
#include "mac.h"

#define HEADER  13u
#define FORMAT  0xF0u /* class, length of addresses and format */
#define SYNC    0xD0u
#define LLC     0x50u
#define LINK_10 10u

enum {
	FDDI_SUMMARY,
	FDDI_CONTROL,
	FDDI_CLASS,
	FDDI_PRIORITY,
	FDDI_SUBTYPE,
	FDDI_DST,
	FDDI_SRC,
	FDDI_PAYLOAD,
	FDDI_FIELDS
};

static LABELED_BYTE class_names[] = {
	{ 0x0, L("Void") },
	{ 0x4, L("Station management") },
	{ 0x5, L("Asynchronous LLC") },
	{ 0x6, L("Asynchronous, implementer") },
	{ 0x7, L("Asynchronous, reserved") },
	{ 0x8, L("Token") },
	{ 0xC, L("MAC") },
	{ 0xD, L("Synchronous LLC") },
	{ 0xE, L("Synchronous, implementer") },
	{ 0xF, L("Synchronous, reserved") },
};

static struct _SET class_set = SET_OF(Byte, class_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[FDDI_SUMMARY] = { "Summary of the FDDI header", "fddi", SUMMARY,
	    .format = format_summary },
	[FDDI_CONTROL] = { "Frame Control", "fddi.fc", U8(0) },
	[FDDI_CLASS] = { "Class, Length and Format", "fddi.fc.clf", BITS8(0, 0xF0),
	    LABELED(class_set), .level = 2 },
	[FDDI_PRIORITY] = { "Priority", "fddi.fc.prio", BITS8(0, 0x07), .level = 2 },
	[FDDI_SUBTYPE] = { "Subtype", "fddi.fc.smt_subtype", BITS8(0, 0x0F), .level = 2 },
	[FDDI_DST] = { "Destination Address", "fddi.dst fddi.addr", MAC(1) },
	[FDDI_SRC] = { "Source Address", "fddi.src fddi.addr", MAC(7) },
	[FDDI_PAYLOAD] = { "FDDI Data", NULL, BYTES(HEADER, 0) },
};

static HPROTOCOL llc;

static void begin(void)
{
	llc = GetProtocolFromName(L("LLC"));
}

static bool is_llc(uint8_t control)
{
	return (control & FORMAT) == LLC || (control & FORMAT) == SYNC;
}

RECOGNIZE(recognize)
{
	if (p == mac && mac_type != MAC_TYPE_FDDI)
		return not_mine(p, status);
	if (left < HEADER)
		return rest_is_mine(status);
	return hand_on(p, HEADER, left, is_llc(p[0]) ? llc : NULL, status, next, instance);
}

ATTACH(attach)
{
	const struct header h = { frame, p, left };

	(void)instance;
	field_attach_at(&h, &fields[FDDI_SUMMARY], 0, HEADER, 0);
	fields_attach(&h, &fields[FDDI_CONTROL], 2);
	if (left > 0)
		fields_attach(&h, &fields[is_llc(p[0]) ? FDDI_PRIORITY : FDDI_SUBTYPE], 1);
	fields_attach(&h, &fields[FDDI_DST], FDDI_FIELDS - FDDI_DST);
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
	name = (const char *)LookupByteSetString(&class_set, p[0] >> 4);
	text_put(i, "%02X-%02X-%02X-%02X-%02X-%02X -> %02X-%02X-%02X-%02X-%02X-%02X, ", p[7], p[8],
	    p[9], p[10], p[11], p[12], p[1], p[2], p[3], p[4], p[5], p[6]);
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "frame control 0x%02X", p[0]);
}

static const struct place places[] = { { "FRAME", "FRAME_HandoffSet", LINK_10, false } };

struct parser fddi_parser = {
	.name = "FDDI",
	.comment = "Fiber Distributed Data Interface",
	.fields = fields,
	.n_fields = FDDI_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.places = places,
	.n_places = COUNT(places),
};
