/* SPDX-License-Identifier: MIT */
/* IEEE 802.11: the MAC header. Numbers are little-endian.
 *
 *   OFFSET SIZE MEANING
 *   0      2    frame control: version 2 bits, type 2, subtype 4, flags 8
 *   2      2    duration, or association ID
 *   4      6    address 1, the receiver; the subtype says how many there are and whose
 *   10     12   addresses 2 and 3
 *   22     2    fragment number 4 bits, sequence number 12
 *   24     6    address 4, between access points
 *          2    QoS control, in those subtypes
 *          4    HT control, with QoS and the order bit, or in management
 *
 * What a radio header (radiotap.c, ppi.c) leaves out of the bytes it says are ours is the
 * check sequence. */
#include "wlan.h"

#define CONTROL 4u /* bytes before the first address */
#define ADDRESS 6u
#define FULL    24u /* header of management and of most data */
#define IV      4u
#define TKIP_IV 8u /* with its extension */

#define TYPE_CONTROL   1u
#define TYPE_DATA      2u
#define QOS            0x8u /* in the subtype of data */
#define WITHOUT_DATA   0x4u
#define CF_POLL        0x2u
#define QUEUE_FOLLOWS  0x10u /* in QoS control, from a station */
#define LOAD_INDICATED 0x02u /* in its second byte, from an access point */
#define IS_AMSDU       0x80u
#define EXTENDED_IV    0x20u
#define LINK_WLAN      105u

enum {
	WLAN_SUMMARY,
	WLAN_CONTROL,
	WLAN_KIND,
	WLAN_VERSION,
	WLAN_TYPE,
	WLAN_SUBTYPE,
	WLAN_FLAGS,
	WLAN_DURATION,
	WLAN_AID,
	WLAN_SEQUENCE_CONTROL,
	WLAN_FRAGMENT,
	WLAN_SEQUENCE,
	WLAN_QOS,
	WLAN_TID,
	WLAN_ACK,
	WLAN_AMSDU,
	WLAN_EOSP,
	WLAN_BIT_4,
	WLAN_DURATION_REQUEST,
	WLAN_QUEUE,
	WLAN_TXOP_LIMIT,
	WLAN_BUFFERED,
	WLAN_BUFFER_LOAD,
	WLAN_HT,
	WLAN_IV,
	WLAN_IV_EXTENDED,
	WLAN_KEY,
	WLAN_PROTECTED,
	WLAN_BA_CONTROL,
	WLAN_BA_START,
	WLAN_BA_BITMAP,
	WLAN_PAYLOAD,
	WLAN_FCS,
	/* an address by what it stands for */
	WLAN_DA,
	WLAN_RA,
	WLAN_RA_BSSID,
	WLAN_SA,
	WLAN_TA,
	WLAN_TA_BSSID,
	WLAN_BSSID,
	WLAN_DA_3,
	WLAN_SA_3,
	WLAN_SA_4,
	WLAN_STATION_SA,
	WLAN_STATION_DA,
	WLAN_FIELDS
};

/* Type 2 bits, subtype 4. */
static LABELED_WORD kind_names[] = {
	{ 0x00, L("Association request") },
	{ 0x01, L("Association response") },
	{ 0x02, L("Reassociation request") },
	{ 0x03, L("Reassociation response") },
	{ 0x04, L("Probe request") },
	{ 0x05, L("Probe response") },
	{ 0x06, L("Timing advertisement") },
	{ 0x08, L("Beacon") },
	{ 0x09, L("ATIM") },
	{ 0x0A, L("Disassociation") },
	{ 0x0B, L("Authentication") },
	{ 0x0C, L("Deauthentication") },
	{ 0x0D, L("Action") },
	{ 0x0E, L("Action, no acknowledgement") },
	{ 0x12, L("Trigger") },
	{ 0x14, L("Beamforming report poll") },
	{ 0x15, L("VHT NDP announcement") },
	{ 0x17, L("Control wrapper") },
	{ 0x18, L("Block ack request") },
	{ 0x19, L("Block ack") },
	{ 0x1A, L("Power-save poll") },
	{ 0x1B, L("Request to send") },
	{ 0x1C, L("Clear to send") },
	{ 0x1D, L("Acknowledgement") },
	{ 0x1E, L("CF-End") },
	{ 0x1F, L("CF-End and CF-Ack") },
	{ 0x20, L("Data") },
	{ 0x21, L("Data and CF-Ack") },
	{ 0x22, L("Data and CF-Poll") },
	{ 0x23, L("Data, CF-Ack and CF-Poll") },
	{ 0x24, L("Null") },
	{ 0x25, L("CF-Ack") },
	{ 0x26, L("CF-Poll") },
	{ 0x27, L("CF-Ack and CF-Poll") },
	{ 0x28, L("QoS data") },
	{ 0x29, L("QoS data and CF-Ack") },
	{ 0x2A, L("QoS data and CF-Poll") },
	{ 0x2B, L("QoS data, CF-Ack and CF-Poll") },
	{ 0x2C, L("QoS null") },
	{ 0x2E, L("QoS CF-Poll") },
	{ 0x2F, L("QoS CF-Ack and CF-Poll") },
};

static LABELED_BYTE type_names[] = {
	{ 0, L("Management") },
	{ 1, L("Control") },
	{ 2, L("Data") },
	{ 3, L("Extension") },
};

static LABELED_BIT flag_bits[] = {
	{ 0, L("Not to the distribution system"), L("To the distribution system") },
	{ 1, L("Not from the distribution system"), L("From the distribution system") },
	{ 2, L("Last fragment"), L("More fragments") },
	{ 3, L("First transmission"), L("Retry") },
	{ 4, L("Station stays up"), L("Station goes to sleep") },
	{ 5, L("No data buffered"), L("More data buffered") },
	{ 6, L("Not protected"), L("Protected") },
	{ 7, L("Not strictly ordered"), L("HT control or strictly ordered") },
};

static LABELED_BYTE ack_names[] = {
	{ 0, L("Normal") },
	{ 1, L("None") },
	{ 2, L("No explicit one") },
	{ 3, L("Block") },
};

static struct _SET kinds = SET_OF(Word, kind_names);
static struct _SET types = SET_OF(Byte, type_names);
static struct _SET flags_set = BITS_OF(flag_bits);
static struct _SET acks = SET_OF(Byte, ack_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

/* Of what stands at a place that the subtype decides, `at` counts from there. */
static struct field fields[] = {
	[WLAN_SUMMARY] = { "Summary of the 802.11 header", "wlan", SUMMARY,
	    .format = format_summary },
	[WLAN_CONTROL] = { "Frame Control", "wlan.fc", U16(0) },
	[WLAN_KIND] = { "Type and Subtype", "wlan.fc.type_subtype", LE_U16(0), LABELED(kinds) },
	[WLAN_VERSION] = { "Version", "wlan.fc.version", BITS8(0, 0x03), .level = 2 },
	[WLAN_TYPE] = { "Type", "wlan.fc.type", BITS8(0, 0x0C), LABELED(types), .level = 2 },
	[WLAN_SUBTYPE] = { "Subtype", "wlan.fc.subtype", BITS8(0, 0xF0), .level = 2 },
	[WLAN_FLAGS] = { "Flags", "wlan.flags", U8(1), FLAGS(flags_set), .level = 2 },
	[WLAN_DURATION] = { "Duration", NULL, LE_U16(2) },
	[WLAN_AID] = { "Association ID", NULL, LE_U16(2) },
	[WLAN_SEQUENCE_CONTROL] = { "Sequence Control", NULL, LE_U16(22) },
	[WLAN_FRAGMENT] = { "Fragment Number", "wlan.frag", BITS8(22, 0x0F), .level = 2 },
	[WLAN_SEQUENCE] = { "Sequence Number", "wlan.seq", LE_U16(22), .level = 2 },
	[WLAN_QOS] = { "QoS Control", "wlan.qos", LE_U16(0) },
	[WLAN_TID] = { "Traffic ID", "wlan.qos.tid", BITS8(0, 0x0F), .level = 2 },
	[WLAN_ACK] = { "Acknowledgement Policy", "wlan.qos.ack", BITS8(0, 0x60), LABELED(acks),
	    .level = 2 },
	[WLAN_AMSDU] = { "Aggregate of MSDUs", "wlan.qos.amsdupresent", BITS8(0, 0x80),
	    .level = 2 },
	[WLAN_EOSP] = { "End of Service Period", "wlan.qos.eosp", BITS8(0, 0x10), .level = 2 },
	[WLAN_BIT_4] = { "Queue Size follows", "wlan.qos.bit4", BITS8(0, 0x10), .level = 2 },
	[WLAN_DURATION_REQUEST] = { "Duration Requested", "wlan.qos.txop_dur_req", U8(1),
	    .level = 2 },
	[WLAN_QUEUE] = { "Queue Size", "wlan.qos.queue_size", U8(1), .level = 2 },
	[WLAN_TXOP_LIMIT] = { "Transmission Limit", "wlan.qos.txop_limit", U8(1), .level = 2 },
	[WLAN_BUFFERED] = { "Buffer State", "wlan.qos.ps_buf_state", U8(1), .level = 2 },
	[WLAN_BUFFER_LOAD] = { "Buffer Load", NULL, U8(1), .level = 3 },
	[WLAN_HT] = { "HT Control", NULL, LE_U32(0) },
	[WLAN_IV] = { "Initialization Vector", "wlan.wep.iv", BITS32(0, 0xFFFFFF00) },
	[WLAN_IV_EXTENDED] = { "Initialization Vector, extended", NULL, BYTES(0, TKIP_IV) },
	[WLAN_KEY] = { "Key Index", "wlan.wep.key", BITS8(3, 0xC0) },
	[WLAN_PROTECTED] = { "Protected Data", NULL, BYTES(0, 0) },
	[WLAN_BA_CONTROL] = { "Block Ack Control", "wlan.ba.control", LE_U16(0) },
	[WLAN_BA_START] = { "Starting Sequence Control", "wlan.fixed.ssc", LE_U16(2) },
	[WLAN_BA_BITMAP] = { "Block Ack Bitmap", "wlan.ba.bm", BYTES(4, 0) },
	[WLAN_PAYLOAD] = { "802.11 Data", NULL, BYTES(0, 0) },
	[WLAN_FCS] = { "Frame Check Sequence", "wlan.fcs", LE_U32(0) },
	[WLAN_DA] = { "Destination Address", "wlan.da wlan.ra wlan.addr", MAC(4) },
	[WLAN_RA] = { "Receiver Address", "wlan.ra wlan.addr", MAC(4) },
	[WLAN_RA_BSSID] = { "Receiver Address, BSS ID", "wlan.bssid wlan.ra wlan.addr", MAC(4) },
	[WLAN_SA] = { "Source Address", "wlan.sa wlan.ta wlan.addr", MAC(10) },
	[WLAN_TA] = { "Transmitter Address", "wlan.ta wlan.addr", MAC(10) },
	[WLAN_TA_BSSID] = { "Transmitter Address, BSS ID", "wlan.bssid wlan.ta wlan.addr",
	    MAC(10) },
	[WLAN_BSSID] = { "BSS ID", "wlan.bssid wlan.addr", MAC(16) },
	[WLAN_DA_3] = { "Destination behind the Receiver", "wlan.da wlan.addr", MAC(16) },
	[WLAN_SA_3] = { "Source before the Transmitter", "wlan.sa wlan.addr", MAC(16) },
	[WLAN_SA_4] = { "Source, Address 4", "wlan.sa wlan.addr", MAC(24) },
	[WLAN_STATION_SA] = { "Source Address, a Station", "wlan.sa wlan.ta wlan.addr wlan.staa",
	    MAC(10) },
	[WLAN_STATION_DA] = { "Destination Address, a Station",
	    "wlan.da wlan.ra wlan.addr wlan.staa", MAC(4) },
};

static const PARSERFIELDNAME names[] = {
	{ L("Flags"), L("wlan.fc.ds"), 0x03, 0 },
	{ L("Flags"), L("wlan.fc.tods"), 0x01, 0 },
	{ L("Flags"), L("wlan.fc.fromds"), 0x02, 0 },
	{ L("Flags"), L("wlan.fc.frag"), 0x04, 0 },
	{ L("Flags"), L("wlan.fc.retry"), 0x08, 0 },
	{ L("Flags"), L("wlan.fc.pwrmgt"), 0x10, 0 },
	{ L("Flags"), L("wlan.fc.moredata"), 0x20, 0 },
	{ L("Flags"), L("wlan.fc.protected"), 0x40, 0 },
	{ L("Flags"), L("wlan.fc.order"), 0x80, 0 },
	{ L("Duration"), L("wlan.duration"), 0x7FFF, 0 },
	{ L("Association ID"), L("wlan.aid"), 0x3FFF, 0 },
	{ L("Traffic ID"), L("wlan.qos.priority"), 0x07, 0 },
	{ L("Buffer State"), L("wlan.qos.buf_state_indicated"), 0x02, 0 },
	{ L("Buffer Load"), L("wlan.qos.highest_pri_buf_ac"), 0x0C, 0 },
	{ L("Buffer Load"), L("wlan.qos.qap_buf_load"), 0xF0, 0 },
};

static const uint8_t management_addresses[] = { WLAN_DA, WLAN_SA, WLAN_BSSID, 0 };

/* By "from" and "to the distribution system". */
static const uint8_t data_addresses[4][5] = {
	{ WLAN_DA, WLAN_SA, WLAN_BSSID },
	{ WLAN_RA_BSSID, WLAN_STATION_SA, WLAN_DA_3 },
	{ WLAN_STATION_DA, WLAN_TA_BSSID, WLAN_SA_3 },
	{ WLAN_RA, WLAN_TA, WLAN_DA_3, WLAN_SA_4 },
};

static const uint8_t receiver_only[] = { WLAN_RA, 0 };

static const struct control {
	uint8_t addresses[3]; /* none: the receiver only */
	uint8_t first, n;     /* rows behind them */
} controls[16] = {
	[0x2] = { { WLAN_RA, WLAN_TA }, 0, 0 },
	[0x4] = { { WLAN_RA, WLAN_TA }, 0, 0 },
	[0x5] = { { WLAN_RA, WLAN_TA }, 0, 0 },
	[0x8] = { { WLAN_RA, WLAN_TA }, WLAN_BA_CONTROL, 2 },
	[0x9] = { { WLAN_RA, WLAN_TA }, WLAN_BA_CONTROL, 3 },
	[0xA] = { { WLAN_RA_BSSID, WLAN_TA }, 0, 0 },
	[0xB] = { { WLAN_RA, WLAN_TA }, 0, 0 },
	[0xE] = { { WLAN_RA, WLAN_TA_BSSID }, 0, 0 },
	[0xF] = { { WLAN_RA, WLAN_TA_BSSID }, 0, 0 },
};

static HPROTOCOL llc, ipx, management;

static void begin(void)
{
	llc = GetProtocolFromName(L("LLC"));
	ipx = GetProtocolFromName(L("IPX"));
	management = GetProtocolFromName(L("WLANMGT"));
}

/* ---- the header ------------------------------------------------------------------------ */

struct head {
	unsigned type, subtype;
	uint8_t flags;
	DWORD qos_at, ht_at; /* 0: there is none */
	DWORD bytes;
	const uint8_t *addresses; /* rows, 0 behind the last */
};

/* There is one version. */
static bool is_known(const uint8_t *p)
{
	return (p[0] & 3) == 0;
}

static DWORD addresses_end(const uint8_t *rows)
{
	DWORD end = CONTROL;

	for (; *rows; rows++)
		if (fields[*rows].at + ADDRESS > end)
			end = fields[*rows].at + ADDRESS;
	return end;
}

static void read_data(struct head *h)
{
	h->addresses = data_addresses[h->flags & (WLAN_TO_DS | WLAN_FROM_DS)];
	if ((h->flags & (WLAN_TO_DS | WLAN_FROM_DS)) == (WLAN_TO_DS | WLAN_FROM_DS))
		h->bytes += ADDRESS;
	if (!(h->subtype & QOS))
		return;
	h->qos_at = h->bytes;
	h->bytes += 2;
	if (h->flags & WLAN_ORDER) {
		h->ht_at = h->bytes;
		h->bytes += 4;
	}
}

static struct head head_of(const uint8_t *p)
{
	struct head h = { .type = p[0] >> 2 & 3,
		.subtype = p[0] >> 4,
		.flags = p[1],
		.bytes = FULL,
		.addresses = management_addresses };

	if (h.type == TYPE_DATA) {
		read_data(&h);
	} else if (h.type == TYPE_CONTROL) {
		if (*controls[h.subtype].addresses)
			h.addresses = controls[h.subtype].addresses;
		else
			h.addresses = receiver_only;
		h.bytes = addresses_end(h.addresses);
	} else if (h.flags & WLAN_ORDER) {
		h.ht_at = h.bytes;
		h.bytes += 4;
	}
	return h;
}

/* Of management, only what ends or changes something, and a shared key's challenge. */
static bool is_protected(const struct head *h)
{
	return h->flags & WLAN_PROTECTED_BIT &&
	       (h->type != WLAN_MANAGEMENT || (h->subtype >= 0xA && h->subtype <= 0xE));
}

static bool is_part(const uint8_t *p, const struct head *h)
{
	return h->flags & WLAN_MORE_FRAGMENTS || p[22] & 0xF;
}

static bool is_aggregate(const uint8_t *p, const struct head *h)
{
	return h->qos_at && p[h->qos_at] & IS_AMSDU;
}

/* Novell put IPX where LLC belongs; this is its checksum. */
static HPROTOCOL data_protocol(const uint8_t *p, DWORD left)
{
	return left >= 2 && be16(p) == 0xFFFF ? ipx : llc;
}

static HPROTOCOL inside_of(const uint8_t *p, DWORD left, const struct head *h)
{
	if (h->type == WLAN_MANAGEMENT)
		return management;
	if (h->type != TYPE_DATA || h->subtype & WITHOUT_DATA || is_aggregate(p, h))
		return NULL;
	return data_protocol(p + h->bytes, left - h->bytes);
}

RECOGNIZE(recognize)
{
	struct head h;

	left = bounded(left, *instance);
	if (left < CONTROL || !is_known(p))
		return rest_is_mine(status);
	h = head_of(p);
	h.bytes += radiotap_padding(mac, before, before_at, h.bytes);
	if (left <= h.bytes || is_protected(&h) || h.type == TYPE_CONTROL || is_part(p, &h))
		return rest_is_mine(status);
	return hand_on(p, h.bytes, left, inside_of(p, left, &h), status, next, instance);
}

DWORD wlan_bytes(HFRAME frame, DWORD left, bool has_fcs)
{
	bool whole = GetFrameStoredLength(frame) == GetFrameLength(frame);

	return has_fcs && whole && left > WLAN_FCS_BYTES ? left - WLAN_FCS_BYTES : left;
}

/* ---- attaching ------------------------------------------------------------------------- */

static struct header part_at(const struct header *h, DWORD at)
{
	if (at > h->left)
		at = h->left;
	return (struct header){ h->frame, h->p + at, h->left - at };
}

static void attach_control_field(const struct header *h, const struct head *d)
{
	uint16_t kind = (uint16_t)(d->type << 4 | d->subtype);
	bool poll = d->type == TYPE_CONTROL && d->subtype == 0xA;

	field_attach_value(h, &fields[WLAN_KIND], 0, 2, &kind, sizeof kind, 0);
	fields_attach(h, &fields[WLAN_CONTROL], 1);
	fields_attach(h, &fields[WLAN_VERSION], WLAN_DURATION - WLAN_VERSION);
	fields_attach(h, &fields[poll ? WLAN_AID : WLAN_DURATION], 1);
}

static void attach_sequence(const struct header *h)
{
	uint16_t sequence;

	if (h->left < FULL)
		return;
	sequence = le16(h->p + 22) >> 4;
	fields_attach(h, &fields[WLAN_SEQUENCE_CONTROL], 2);
	field_attach_value(h, &fields[WLAN_SEQUENCE], 22, 2, &sequence, sizeof sequence, 0);
}

/* What the second byte of QoS control means: an access point tells, a station asks. */
static void attach_second_of_qos(const struct header *h, const struct head *d)
{
	unsigned row = h->p[0] & QUEUE_FOLLOWS ? WLAN_QUEUE : WLAN_DURATION_REQUEST;

	if (d->flags & WLAN_FROM_DS)
		row = d->subtype & CF_POLL ? WLAN_TXOP_LIMIT : WLAN_BUFFERED;
	fields_attach(h, &fields[row], 1);
	if (row == WLAN_BUFFERED && h->left > 1 && h->p[1] & LOAD_INDICATED)
		fields_attach(h, &fields[WLAN_BUFFER_LOAD], 1);
}

static void attach_options(const struct header *h, const struct head *d)
{
	struct header part;

	if (d->qos_at && h->left > d->qos_at) {
		part = part_at(h, d->qos_at);
		fields_attach(&part, &fields[WLAN_QOS], WLAN_EOSP - WLAN_QOS);
		fields_attach(&part, &fields[d->flags & WLAN_FROM_DS ? WLAN_EOSP : WLAN_BIT_4], 1);
		attach_second_of_qos(&part, d);
	}
	if (d->ht_at && h->left > d->ht_at)
		field_attach_at(h, &fields[WLAN_HT], d->ht_at, 4, 0);
}

/* WEP has a vector of three bytes and a key index; TKIP and CCMP more behind them. */
static void attach_protected(const struct header *h)
{
	bool extended = h->left >= IV && h->p[3] & EXTENDED_IV;

	fields_attach(h, &fields[extended ? WLAN_IV_EXTENDED : WLAN_IV], 1);
	fields_attach(h, &fields[WLAN_KEY], 1);
	if (h->left > (extended ? TKIP_IV : IV))
		field_attach_at(h, &fields[WLAN_PROTECTED], extended ? TKIP_IV : IV,
		    h->left - (extended ? TKIP_IV : IV), 0);
}

static void attach_body(const struct header *h, const struct head *d)
{
	struct header part = part_at(h, d->bytes);

	if (part.left == 0)
		return;
	if (d->type == TYPE_CONTROL) {
		fields_attach(&part, &fields[controls[d->subtype].first], controls[d->subtype].n);
		return;
	}
	if (is_protected(d))
		attach_protected(&part);
	else
		field_attach_at(&part, &fields[WLAN_PAYLOAD], 0, part.left, 0);
}

static void attach_known(const struct header *h, const struct head *d)
{
	field_attach_at(h, &fields[WLAN_SUMMARY], 0, d->bytes, 0);
	attach_control_field(h, d);
	for (const uint8_t *row = d->addresses; *row; row++)
		fields_attach(h, &fields[*row], 1);
	if (d->type != TYPE_CONTROL)
		attach_sequence(h);
	attach_options(h, d);
}

/* What is cut before it says anything, or of another version. */
static bool attach_unknown(const struct header *h)
{
	if (h->left >= CONTROL && is_known(h->p))
		return false;
	field_attach_at(
	    h, &fields[WLAN_SUMMARY], 0, h->left < CONTROL ? CONTROL : h->left, IFLAG_ERROR);
	fields_attach(h, &fields[WLAN_VERSION], 1);
	return true;
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	const struct header all = { frame, p, left };
	struct head d;

	if (!attach_unknown(&h)) {
		d = head_of(p);
		attach_known(&h, &d);
		d.bytes += radiotap_padding(mac, before, before_at, d.bytes);
		attach_body(&h, &d);
	}
	if (left == h.left + WLAN_FCS_BYTES)
		field_attach_at(&all, &fields[WLAN_FCS], h.left, WLAN_FCS_BYTES, 0);
	return NULL;
}

static void put_mac(LPPROPERTYINST i, const char *before, const uint8_t *p)
{
	text_put(i, "%s%02X-%02X-%02X-%02X-%02X-%02X", before, p[0], p[1], p[2], p[3], p[4], p[5]);
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;
	const char *name;
	struct head d;

	(void)frame;
	if (i->DataLength < CONTROL) {
		text_put(i, "Cut short");
		return;
	}
	if (!is_known(p)) {
		text_put(i, "Unknown version %u", p[0] & 3);
		return;
	}
	d = head_of(p);
	name = (const char *)LookupWordSetString(&kinds, (WORD)(d.type << 4 | d.subtype));
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "type %u, subtype %u", d.type, d.subtype);
	if (i->DataLength < d.bytes) {
		text_put(i, ", cut short");
		return;
	}
	if (d.addresses[1])
		put_mac(i, ", ", p + 10);
	put_mac(i, d.addresses[1] ? " -> " : ", -> ", p + 4);
	if (d.type != TYPE_CONTROL)
		text_put(i, ", sequence %u", le16(p + 22) >> 4);
	if (is_protected(&d))
		text_put(i, ", protected");
}

static const struct place places[] = { { "FRAME", "FRAME_HandoffSet", LINK_WLAN, false } };

struct parser wlan_parser = {
	.name = "WLAN",
	.comment = "Wireless LAN (IEEE 802.11)",
	.fields = fields,
	.n_fields = WLAN_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
