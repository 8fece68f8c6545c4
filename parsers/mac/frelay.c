/* SPDX-License-Identifier: MIT */
/* Frame relay (Q.922), with the encapsulations of RFC 2427 and of Cisco.
 *
 *   SIZE  MEANING
 *   2-4   address: the lowest bit of each byte says whether it is the last
 *   then, of RFC 2427:                or, of Cisco:
 *   1     control, 0x03               2  EtherType
 *   0-1   padding, 0
 *   1     NLPID
 *   0, 5  SNAP, when that is 0x80
 */
#include "mac.h"

#define ADDRESS_MIN 2u
#define ADDRESS_MAX 4u
#define UI          0x03u
#define NLPID_SNAP  0x80u
#define SNAP        5u
#define OUI_TYPE    0x000000u
#define LINK_FR     107u

enum {
	FR_SUMMARY,
	FR_FIRST,
	FR_SECOND,
	FR_UPPER_DLCI,
	FR_CR,
	FR_SECOND_DLCI,
	FR_FECN,
	FR_BECN,
	FR_DE,
	FR_THIRD_DLCI,
	FR_THIRD,
	FR_LAST,
	FR_LOWER_DLCI,
	FR_DC,
	FR_DLCI,
	FR_CONTROL,
	FR_NLPID,
	FR_OUI,
	FR_SNAP_TYPE,
	FR_SNAP_PID,
	FR_TYPE,
	FR_PAYLOAD,
	FR_FIELDS
};

static LABELED_BYTE nlpid_names[] = {
	{ 0x00, L("Null") },
	{ 0x08, L("Q.933") },
	{ 0x80, L("SNAP") },
	{ 0x81, L("ISO CLNP") },
	{ 0x82, L("ISO ES-IS") },
	{ 0x83, L("ISO IS-IS") },
	{ 0x8E, L("IPv6") },
	{ 0xB0, L("Data compression") },
	{ 0xB1, L("Fragment") },
	{ 0xCC, L("IP") },
	{ 0xCF, L("PPP") },
};

static struct _SET nlpids = SET_OF(Byte, nlpid_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[FR_SUMMARY] = { "Summary of the frame relay header", "fr", SUMMARY,
	    .format = format_summary },
	[FR_FIRST] = { "First Address Byte", "fr.first_addr_octet", U8(0) },
	[FR_SECOND] = { "Second Address Byte", "fr.second_addr_octet", U8(1) },
	[FR_UPPER_DLCI] = { "Upper DLCI", "fr.upper_dlci", BITS8(0, 0xFC), .level = 2 },
	[FR_CR] = { "Command or Response", "fr.cr", BITS8(0, 0x02), .level = 2 },
	[FR_SECOND_DLCI] = { "Second DLCI", "fr.second_dlci", BITS8(1, 0xF0), .level = 2 },
	[FR_FECN] = { "Forward Congestion", "fr.fecn", BITS8(1, 0x08), .level = 2 },
	[FR_BECN] = { "Backward Congestion", "fr.becn", BITS8(1, 0x04), .level = 2 },
	[FR_DE] = { "Discard Eligible", "fr.de", BITS8(1, 0x02), .level = 2 },
	[FR_THIRD_DLCI] = { "Third DLCI", "fr.third_dlci", BITS8(2, 0xFE), .level = 2 },
	[FR_THIRD] = { "Third Address Byte", "fr.third_addr_octet", U8(2) },
	[FR_LAST] = { "Last Address Byte", NULL, U8(0) },
	[FR_LOWER_DLCI] = { "Lower DLCI", "fr.lower_dlci", BITS8(0, 0xFC), .level = 2 },
	[FR_DC] = { "DLCI or Control", "fr.dc", BITS8(0, 0x02), .level = 2 },
	[FR_DLCI] = { "Data Link Connection Identifier", "fr.dlci", LE_U32(0) },
	[FR_CONTROL] = { "Control", "fr.control", U8(0) },
	[FR_NLPID] = { "Network Layer Protocol", "fr.nlpid", U8(0), LABELED(nlpids) },
	[FR_OUI] = { "Organization Code", "fr.snap.oui", BITS32(0, 0xFFFFFF00) },
	[FR_SNAP_TYPE] = { "Ethernet Type behind SNAP", "fr.snaptype", U16(3),
	    LABELED(ethertypes) },
	[FR_SNAP_PID] = { "Protocol ID", "fr.snap.pid", U16(3) },
	[FR_TYPE] = { "Ethernet Type", "fr.chdlctype", U16(0), LABELED(ethertypes) },
	[FR_PAYLOAD] = { "Frame Relay Data", NULL, BYTES(0, 0) },
};

static const PARSERFIELDNAME names[] = {
	{ L("First Address Byte"), L("fr.ea"), 0x01, 0 },
	{ L("Second Address Byte"), L("fr.ea"), 0x01, 0 },
	{ L("Third Address Byte"), L("fr.ea"), 0x01, 0 },
	{ L("Last Address Byte"), L("fr.ea"), 0x01, 0 },
	{ L("Control"), L("fr.control.ftype"), 0x03, 0 },
	{ L("Control"), L("fr.control.u_modifier_cmd"), 0xEC, 0 },
};

static HPROTOCOL ip, ip6, ppp;

static void begin(void)
{
	ip = GetProtocolFromName(L("IP"));
	ip6 = GetProtocolFromName(L("IP6"));
	ppp = GetProtocolFromName(L("PPP"));
}

enum form { FORM_CUT, FORM_NLPID, FORM_SNAP, FORM_CISCO, FORM_OTHER };

struct head {
	enum form form;
	DWORD address; /* bytes; 0: it has no end */
	DWORD nlpid_at, bytes;
	uint32_t dlci;
};

static uint32_t dlci_of(const uint8_t *p, DWORD n)
{
	uint32_t v = (uint32_t)(p[0] >> 2) << 4 | p[1] >> 4;

	if (n == 4)
		v = v << 7 | p[2] >> 1;
	return n > 2 ? v << 6 | p[n - 1] >> 2 : v;
}

static void read_nlpid(struct head *h, const uint8_t *p, DWORD left)
{
	h->nlpid_at = h->address + 1;
	if (h->nlpid_at < left && p[h->nlpid_at] == 0)
		h->nlpid_at++;
	h->bytes = h->nlpid_at + 1;
	if (h->bytes > left)
		return;
	h->form = p[h->nlpid_at] == NLPID_SNAP ? FORM_SNAP : FORM_NLPID;
	if (h->form == FORM_SNAP)
		h->bytes += SNAP;
	if (h->bytes > left)
		h->form = FORM_CUT;
}

static struct head head_of(const uint8_t *p, DWORD left)
{
	struct head h = { .form = FORM_CUT, .bytes = ADDRESS_MIN + 1 };
	DWORD n = 0;

	while (n < left && n < ADDRESS_MAX && !(p[n] & 1))
		n++;
	if (n >= left || n >= ADDRESS_MAX || n + 1 < ADDRESS_MIN)
		return h;
	h.address = n + 1;
	h.dlci = dlci_of(p, h.address);
	h.bytes = h.address + 1;
	if (h.bytes > left)
		return h;
	if (p[h.address] == UI) {
		read_nlpid(&h, p, left);
	} else if (h.dlci == 0 || p[h.address] & 1) {
		h.form = FORM_OTHER; /* signalling; or a control that nothing is known of */
	} else {
		h.bytes = h.address + 2;
		h.form = h.bytes > left ? FORM_CUT : FORM_CISCO;
	}
	return h;
}

static HPROTOCOL of_nlpid(uint8_t nlpid)
{
	return nlpid == 0xCC ? ip : nlpid == 0x8E ? ip6 : nlpid == 0xCF ? ppp : NULL;
}

static HPROTOCOL inside_of(const struct head *h, const uint8_t *p)
{
	switch (h->form) {
	case FORM_NLPID: return of_nlpid(p[h->nlpid_at]);
	case FORM_SNAP: return snap_protocol(p + h->nlpid_at + 1);
	case FORM_CISCO: return chdlc_protocol(be16(p + h->address));
	default: return NULL;
	}
}

RECOGNIZE(recognize)
{
	struct head h;

	left = bounded(left, *instance);
	h = head_of(p, left);
	if (h.form == FORM_CUT)
		return rest_is_mine(status);
	return hand_on(p, h.bytes, left, inside_of(&h, p), status, next, instance);
}

static void attach_address(const struct header *h, const struct head *d)
{
	struct header last = { h->frame, h->p + d->address - 1, 1 };

	field_attach_value(h, &fields[FR_DLCI], 0, d->address, &d->dlci, sizeof d->dlci, 0);
	fields_attach(h, &fields[FR_FIRST], FR_THIRD_DLCI - FR_FIRST);
	if (d->address == 4)
		fields_attach(h, &fields[FR_THIRD_DLCI], 2);
	if (d->address > 2)
		fields_attach(&last, &fields[FR_LAST], 3);
}

static void attach_rest(const struct header *h, const struct head *d)
{
	struct header snap = { h->frame, h->p + d->nlpid_at + 1, SNAP };

	if (d->form == FORM_CISCO) {
		field_attach_at(h, &fields[FR_TYPE], d->address, 2, 0);
		return;
	}
	if (h->left > d->address)
		field_attach_at(h, &fields[FR_CONTROL], d->address, 1, 0);
	if (d->nlpid_at && h->left > d->nlpid_at)
		field_attach_at(h, &fields[FR_NLPID], d->nlpid_at, 1, 0);
	if (d->form != FORM_SNAP)
		return;
	fields_attach(&snap, &fields[FR_OUI], 1);
	fields_attach(
	    &snap, &fields[be32(snap.p) >> 8 == OUI_TYPE ? FR_SNAP_TYPE : FR_SNAP_PID], 1);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	const struct head d = head_of(p, h.left);

	field_attach_at(&h, &fields[FR_SUMMARY], 0, d.bytes, d.form == FORM_CUT ? IFLAG_ERROR : 0);
	if (d.address == 0)
		return NULL;
	attach_address(&h, &d);
	attach_rest(&h, &d);
	if (h.left > d.bytes)
		field_attach_at(&h, &fields[FR_PAYLOAD], d.bytes, h.left - d.bytes, 0);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const struct head d = head_of(i->lpByte, i->DataLength);
	const char *name = NULL;

	(void)frame;
	if (d.address == 0) {
		text_put(i, "Cut short");
		return;
	}
	text_put(i, "DLCI %u", d.dlci);
	if (d.form == FORM_NLPID || d.form == FORM_SNAP)
		name = (const char *)LookupByteSetString(&nlpids, i->lpByte[d.nlpid_at]);
	else if (d.form == FORM_CISCO)
		name = (const char *)LookupWordSetString(&ethertypes, be16(i->lpByte + d.address));
	if (name)
		text_put(i, ", %s", name);
}

static const struct place places[] = { { "FRAME", "FRAME_HandoffSet", LINK_FR, false } };

struct parser frelay_parser = {
	.name = "FRELAY",
	.comment = "Frame relay (Q.922, RFC 2427)",
	.fields = fields,
	.n_fields = FR_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
