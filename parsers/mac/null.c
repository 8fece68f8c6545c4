/* SPDX-License-Identifier: MIT */
/* BSD's loopback: an address family in the byte order of the host that captured (link
 * type 0), or of the network (108). */
#include "mac.h"

#define HEADER 4u

#define LINK_NULL 0u
#define LINK_LOOP 108u

enum { NULL_SUMMARY, NULL_FAMILY, NULL_PAYLOAD, NULL_FIELDS };

static LABELED_DWORD family_names[] = {
	{ 2, L("IP") },
	{ 7, L("OSI") },
	{ 10, L("IPv6 (Linux)") },
	{ 23, L("IPX or IPv6 (Windows)") },
	{ 24, L("IPv6 (NetBSD, OpenBSD)") },
	{ 28, L("IPv6 (FreeBSD)") },
	{ 30, L("IPv6 (macOS)") },
};

static struct _SET families = SET_OF(Dword, family_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[NULL_SUMMARY] = { "Summary of the loopback header", "null", SUMMARY,
	    .format = format_summary },
	[NULL_FAMILY] = { "Address Family", "null.family", LE_U32(0), LABELED(families) },
	[NULL_PAYLOAD] = { "Loopback Data", NULL, BYTES(HEADER, 0) },
};

static HPROTOCOL ip, ip6;

static void begin(void)
{
	ip = GetProtocolFromName(L("IP"));
	ip6 = GetProtocolFromName(L("IP6"));
}

/* Families are small, which tells the byte order. */
static uint32_t family_of(const uint8_t *p)
{
	return be16(p) ? le32(p) : be32(p);
}

static HPROTOCOL protocol_of(uint32_t family)
{
	switch (family) {
	case 2: return ip;
	case 10:
	case 23:
	case 24:
	case 28:
	case 30: return ip6;
	default: return NULL;
	}
}

RECOGNIZE(recognize)
{
	if (left < HEADER)
		return rest_is_mine(status);
	return hand_on(p, HEADER, left, protocol_of(family_of(p)), status, next, instance);
}

ATTACH(attach)
{
	const struct header h = { frame, p, left };
	uint32_t family;

	(void)instance;
	field_attach_at(&h, &fields[NULL_SUMMARY], 0, HEADER, 0);
	if (left < HEADER)
		return NULL;
	family = family_of(p);
	field_attach_value(&h, &fields[NULL_FAMILY], 0, HEADER, &family, sizeof family, 0);
	if (left > HEADER)
		field_attach_at(&h, &fields[NULL_PAYLOAD], HEADER, left - HEADER, 0);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const char *name;

	(void)frame;
	if (i->DataLength < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	name = (const char *)LookupDwordSetString(&families, family_of(i->lpByte));
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "address family %u", family_of(i->lpByte));
}

static const struct place places[] = {
	{ "FRAME", "FRAME_HandoffSet", LINK_NULL, false },
	{ "FRAME", "FRAME_HandoffSet", LINK_LOOP, false },
};

struct parser null_parser = {
	.name = "NULL",
	.comment = "BSD loopback",
	.fields = fields,
	.n_fields = NULL_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.places = places,
	.n_places = COUNT(places),
};
