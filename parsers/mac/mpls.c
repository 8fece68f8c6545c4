/* SPDX-License-Identifier: MIT */
/* Multiprotocol Label Switching (RFC 3032): each entry of a label stack is a protocol of
 * its own. What follows the last is not said anywhere: its first half byte decides
 * (RFC 4928), and behind a pseudo-wire's control word (RFC 4385) Ethernet is looked for. */
#include "mac.h"

#define ENTRY        4u
#define CONTROL_WORD 4u
#define ETHERNET     14u
#define TYPE_AT      12u
#define TYPE_MIN     0x600u

enum {
	MPLS_SUMMARY,
	MPLS_LABEL,
	MPLS_CLASS,
	MPLS_BOTTOM,
	MPLS_TTL,
	MPLS_CONTROL_WORD,
	MPLS_SEQUENCE,
	MPLS_PAYLOAD,
	MPLS_FIELDS
};

static LABELED_DWORD label_names[] = {
	{ 0, L("IPv4 explicit null") },
	{ 1, L("Router alert") },
	{ 2, L("IPv6 explicit null") },
	{ 3, L("Implicit null") },
	{ 7, L("Entropy label indicator") },
	{ 13, L("Generic associated channel") },
	{ 14, L("OAM alert") },
	{ 15, L("Extension") },
};

static struct _SET labels = SET_OF(Dword, label_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[MPLS_SUMMARY] = { "Summary of the MPLS label stack entry", "mpls", SUMMARY,
	    .format = format_summary },
	[MPLS_LABEL] = { "Label", "mpls.label", BITS32(0, 0xFFFFF000), LABELED(labels) },
	[MPLS_CLASS] = { "Traffic Class", "mpls.exp", BITS32(0, 0x00000E00) },
	[MPLS_BOTTOM] = { "Bottom of Stack", "mpls.bottom", BITS32(0, 0x00000100) },
	[MPLS_TTL] = { "Time to Live", "mpls.ttl", BITS32(0, 0x000000FF) },
	[MPLS_CONTROL_WORD] = { "Control Word", NULL, U32(ENTRY) },
	[MPLS_SEQUENCE] = { "Sequence Number", "pweth.cw.sequence_number", U16(ENTRY + 2),
	    .level = 2 },
	[MPLS_PAYLOAD] = { "MPLS Data", NULL, BYTES(ENTRY, 0) },
};

static HPROTOCOL mpls, ip, ip6, ethernet;

static void begin(void)
{
	mpls = GetProtocolFromName(L("MPLS"));
	ip = GetProtocolFromName(L("IP"));
	ip6 = GetProtocolFromName(L("IP6"));
	ethernet = GetProtocolFromName(L("ETHERNET"));
}

/* A type that somebody parses, or a length that fits. */
static bool looks_like_ethernet(const uint8_t *p, DWORD left)
{
	uint16_t type;

	if (left < ETHERNET)
		return false;
	type = be16(p + TYPE_AT);
	return type >= TYPE_MIN ? ethertype_protocol(type) != NULL
				: type >= 3 && type <= left - ETHERNET;
}

struct inside {
	HPROTOCOL protocol; /* NULL: nobody knows */
	DWORD head;         /* bytes of the entry, and of the control word if there is one */
};

static bool is_bottom(const uint8_t *p)
{
	return p[2] & 1;
}

static struct inside inside_of(const uint8_t *p, DWORD left)
{
	const uint8_t *data = p + ENTRY;

	if (left <= ENTRY)
		return (struct inside){ NULL, ENTRY };
	if (!is_bottom(p))
		return (struct inside){ mpls, ENTRY };
	left -= ENTRY;
	if (*data >> 4 == 4)
		return (struct inside){ ip, ENTRY };
	if (*data >> 4 == 6)
		return (struct inside){ ip6, ENTRY };
	if (*data >> 4 == 0 && left > CONTROL_WORD &&
	    looks_like_ethernet(data + CONTROL_WORD, left - CONTROL_WORD))
		return (struct inside){ ethernet, ENTRY + CONTROL_WORD };
	if (looks_like_ethernet(data, left))
		return (struct inside){ ethernet, ENTRY };
	return (struct inside){ NULL, ENTRY };
}

RECOGNIZE(recognize)
{
	struct inside in;

	left = bounded(left, *instance);
	if (left < ENTRY)
		return rest_is_mine(status);
	in = inside_of(p, left);
	return hand_on(p, in.head, left, in.protocol, status, next, instance);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	bool cut = h.left < ENTRY;
	struct inside in = inside_of(p, cut ? 0 : h.left);

	field_attach_at(&h, &fields[MPLS_SUMMARY], 0, in.head, 0);
	fields_attach(&h, &fields[MPLS_LABEL], cut ? 1 : MPLS_CONTROL_WORD - MPLS_LABEL);
	if (in.head > ENTRY)
		fields_attach(&h, &fields[MPLS_CONTROL_WORD], 2);
	if (h.left > in.head)
		field_attach_at(&h, &fields[MPLS_PAYLOAD], in.head, h.left - in.head, 0);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	uint32_t entry;

	(void)frame;
	if (i->DataLength < ENTRY) {
		text_put(i, "Cut short");
		return;
	}
	entry = be32(i->lpByte);
	text_put(i, "label %u, traffic class %u, TTL %u%s", entry >> 12, entry >> 9 & 7,
	    entry & 0xFF, is_bottom(i->lpByte) ? ", bottom of stack" : "");
}

static const struct place places[] = {
	{ MAC_INI, "ETYPE_HandoffSet", 0x8847, true },
	{ MAC_INI, "ETYPE_HandoffSet", 0x8848, true },
	{ MAC_INI, "PPP_HandoffSet", 0x0281, true },
	{ MAC_INI, "PPP_HandoffSet", 0x0283, true },
	{ "TCPIP.INI", "IP_HandoffSet", 137, false },
	{ "TCPIP.INI", "UDP_HandoffSet", 6635, false },
};

struct parser mpls_parser = {
	.name = "MPLS",
	.comment = "Multiprotocol Label Switching (RFC 3032)",
	.fields = fields,
	.n_fields = MPLS_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.places = places,
	.n_places = COUNT(places),
};
