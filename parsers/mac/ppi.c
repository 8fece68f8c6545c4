/* SPDX-License-Identifier: MIT */
/* Per-Packet Information: what the capturing machine knew of a frame, before it. The frame
 * itself is of any link type. Little-endian.
 *
 *   OFFSET SIZE MEANING
 *   0      1    version, 0
 *   1      1    flags; bit 0: fields are aligned to 4 bytes
 *   2      2    length of all of this
 *   4      4    link type of the frame
 *   8           fields: type 2, length 2, so many bytes
 */
#include "../common/list.h"
#include "wlan.h"

#define HEADER  8u
#define ALIGNED 0x01u
#define LINK    192u

#define FIELD        4u /* type and length */
#define TYPE_COMMON  2u /* 802.11-Common */
#define COMMON_FLAGS 8u /* in it */
#define FLAG_FCS     0x01u
#define MOST         64u /* fields looked at for it */

enum {
	PPI_SUMMARY,
	PPI_VERSION,
	PPI_FLAGS,
	PPI_LENGTH,
	PPI_LINK,
	PPI_FIELD,
	PPI_FIELD_LENGTH,
	PPI_FIELD_DATA,
	PPI_TSFT,
	PPI_COMMON_FLAGS,
	PPI_RATE,
	PPI_FREQUENCY,
	PPI_CHANNEL_FLAGS,
	PPI_HOP_SET,
	PPI_HOP_PATTERN,
	PPI_SIGNAL,
	PPI_NOISE,
	PPI_MAC_FLAGS,
	PPI_MAC_AMPDU,
	PPI_MAC_DELIMITERS,
	PPI_MACPHY_FLAGS,
	PPI_MACPHY_AMPDU,
	PPI_MACPHY_DELIMITERS,
	PPI_MCS,
	PPI_STREAMS,
	PPI_RSSI,
	PPI_RSSI_CONTROL,
	PPI_RSSI_CONTROL_LAST = PPI_RSSI_CONTROL + 3,
	PPI_RSSI_EXTENSION,
	PPI_RSSI_EXTENSION_LAST = PPI_RSSI_EXTENSION + 3,
	PPI_EXTENSION_FREQUENCY,
	PPI_EXTENSION_FLAGS,
	PPI_ANTENNA,
	PPI_ANTENNA_LAST = PPI_ANTENNA + 7,
	PPI_EVM,
	PPI_EVM_LAST = PPI_EVM + 3,
	PPI_FIELDS
};

static LABELED_WORD type_names[] = {
	{ 2, L("802.11-Common") },
	{ 3, L("802.11n MAC Extensions") },
	{ 4, L("802.11n MAC and PHY Extensions") },
	{ 5, L("Spectrum Map") },
	{ 6, L("Process Information") },
	{ 7, L("Capture Information") },
	{ 8, L("Aggregation Extension") },
	{ 9, L("802.3 Extension") },
	{ 30002, L("GPS") },
	{ 30003, L("Vector") },
};

static LABELED_BIT common_bits[] = {
	{ 0, L("No check sequence at the end"), L("Check sequence at the end") },
	{ 1, L("Timer in microseconds"), L("Timer in milliseconds") },
	{ 2, L("Check sequence is right"), L("Check sequence is wrong") },
	{ 3, L("No PHY error"), L("PHY error") },
};

static LABELED_BIT mac_bits[] = {
	{ 0, L("No greenfield"), L("Greenfield") },
	{ 1, L("20 MHz"), L("40 MHz") },
	{ 2, L("Long guard interval"), L("Short guard interval") },
	{ 3, L("Not a duplicate"), L("Duplicate") },
	{ 4, L("Not aggregated"), L("Aggregated") },
	{ 5, L("Last of the aggregate"), L("More of the aggregate follow") },
	{ 6, L("No delimiter error behind it"), L("Delimiter error behind it") },
};

static struct _SET types = SET_OF(Word, type_names);
static struct _SET common_set = BITS_OF(common_bits);
static struct _SET mac_set = BITS_OF(mac_bits);

static void format_summary(LPPROPERTYINST i, HFRAME frame);
static void format_rate(LPPROPERTYINST i, HFRAME frame);

#define N_ "ppi.80211n-mac"
#define P_ "ppi.80211n-mac-phy"

/* Rates and what is signed have no second names, as in radiotap.c. */
static struct field fields[] = {
	[PPI_SUMMARY] = { "Summary of the PPI header", "ppi", SUMMARY, .format = format_summary },
	[PPI_VERSION] = { "Version", "ppi.version", U8(0) },
	[PPI_FLAGS] = { "Flags", "ppi.flags", U8(1) },
	[PPI_LENGTH] = { "Header Length", "ppi.length", LE_U16(2) },
	[PPI_LINK] = { "Link Type", "ppi.dlt", LE_U32(4) },
	[PPI_FIELD] = { "Field", "ppi.field_type", LE_U16(0), LABELED(types) },
	[PPI_FIELD_LENGTH] = { "Field Length", "ppi.field_len", LE_U16(2), .level = 2 },
	[PPI_FIELD_DATA] = { "Field Data", NULL, BYTES(4, 0), .level = 2 },
	[PPI_TSFT] = { "Timer", "ppi.80211-common.tsft", LE_U64(4), .level = 2 },
	[PPI_COMMON_FLAGS] = { "Common Flags", "ppi.80211-common.flags", LE_U16(12),
	    FLAGS(common_set), .level = 2 },
	[PPI_RATE] = { "Data Rate", NULL, LE_U16(14), .level = 2, .format = format_rate },
	[PPI_FREQUENCY] = { "Channel Frequency", "ppi.80211-common.chan.freq", LE_U16(16),
	    .level = 2 },
	[PPI_CHANNEL_FLAGS] = { "Channel Flags", "ppi.80211-common.chan.flags", LE_U16(18),
	    .level = 2 },
	[PPI_HOP_SET] = { "Hop Set", "ppi.80211-common.fhss.hopset", U8(20), .level = 2 },
	[PPI_HOP_PATTERN] = { "Hop Pattern", "ppi.80211-common.fhss.pattern", U8(21), .level = 2 },
	[PPI_SIGNAL] = { "Antenna Signal (dBm)", NULL, U8(22), .level = 2,
	    .format = format_signed },
	[PPI_NOISE] = { "Antenna Noise (dBm)", NULL, U8(23), .level = 2, .format = format_signed },
	[PPI_MAC_FLAGS] = { "MAC Extension Flags", N_ ".flags", LE_U32(4), FLAGS(mac_set),
	    .level = 2 },
	[PPI_MAC_AMPDU] = { "MAC Extension A-MPDU", N_ ".ampdu_id", LE_U32(8), .level = 2 },
	[PPI_MAC_DELIMITERS] = { "MAC Extension Delimiters", N_ ".num_delimiters", U8(12),
	    .level = 2 },
	[PPI_MACPHY_FLAGS] = { "MAC Flags", N_ ".flags", LE_U32(4), FLAGS(mac_set), .level = 2 },
	[PPI_MACPHY_AMPDU] = { "A-MPDU", N_ ".ampdu_id", LE_U32(8), .level = 2 },
	[PPI_MACPHY_DELIMITERS] = { "Delimiters", N_ ".num_delimiters", U8(12), .level = 2 },
	[PPI_MCS] = { "MCS Index", P_ ".mcs", U8(13), .level = 2 },
	[PPI_STREAMS] = { "Spatial Streams", P_ ".num_streams", U8(14), .level = 2 },
	[PPI_RSSI] = { "RSSI, combined", P_ ".rssi.combined", U8(15), .level = 2 },
	[PPI_RSSI_CONTROL] = { "RSSI of Antenna 0", P_ ".rssi.ant0ctl", U8(16), .level = 2 },
	[PPI_RSSI_CONTROL + 1] = { "RSSI of Antenna 1", P_ ".rssi.ant1ctl", U8(17), .level = 2 },
	[PPI_RSSI_CONTROL + 2] = { "RSSI of Antenna 2", P_ ".rssi.ant2ctl", U8(18), .level = 2 },
	[PPI_RSSI_CONTROL + 3] = { "RSSI of Antenna 3", P_ ".rssi.ant3ctl", U8(19), .level = 2 },
	[PPI_RSSI_EXTENSION] = { "RSSI of Antenna 0, Extension", P_ ".rssi.ant0ext", U8(20),
	    .level = 2 },
	[PPI_RSSI_EXTENSION + 1] = { "RSSI of Antenna 1, Extension", P_ ".rssi.ant1ext", U8(21),
	    .level = 2 },
	[PPI_RSSI_EXTENSION + 2] = { "RSSI of Antenna 2, Extension", P_ ".rssi.ant2ext", U8(22),
	    .level = 2 },
	[PPI_RSSI_EXTENSION + 3] = { "RSSI of Antenna 3, Extension", P_ ".rssi.ant3ext", U8(23),
	    .level = 2 },
	[PPI_EXTENSION_FREQUENCY] = { "Extension Channel Frequency",
	    "ppi.80211-mac-phy.ext-chan.freq", LE_U16(24), .level = 2 },
	[PPI_EXTENSION_FLAGS] = { "Extension Channel Flags", "ppi.80211-mac-phy.ext-chan.flags",
	    LE_U16(26), .level = 2 },
	[PPI_ANTENNA] = { "Signal of Antenna 0 (dBm)", NULL, U8(28), .level = 2,
	    .format = format_signed },
	[PPI_ANTENNA + 1] = { "Noise of Antenna 0 (dBm)", NULL, U8(29), .level = 2,
	    .format = format_signed },
	[PPI_ANTENNA + 2] = { "Signal of Antenna 1 (dBm)", NULL, U8(30), .level = 2,
	    .format = format_signed },
	[PPI_ANTENNA + 3] = { "Noise of Antenna 1 (dBm)", NULL, U8(31), .level = 2,
	    .format = format_signed },
	[PPI_ANTENNA + 4] = { "Signal of Antenna 2 (dBm)", NULL, U8(32), .level = 2,
	    .format = format_signed },
	[PPI_ANTENNA + 5] = { "Noise of Antenna 2 (dBm)", NULL, U8(33), .level = 2,
	    .format = format_signed },
	[PPI_ANTENNA + 6] = { "Signal of Antenna 3 (dBm)", NULL, U8(34), .level = 2,
	    .format = format_signed },
	[PPI_ANTENNA + 7] = { "Noise of Antenna 3 (dBm)", NULL, U8(35), .level = 2,
	    .format = format_signed },
	[PPI_EVM] = { "EVM 0", P_ ".evm0", LE_U32(36), .level = 2 },
	[PPI_EVM + 1] = { "EVM 1", P_ ".evm1", LE_U32(40), .level = 2 },
	[PPI_EVM + 2] = { "EVM 2", P_ ".evm2", LE_U32(44), .level = 2 },
	[PPI_EVM + 3] = { "EVM 3", P_ ".evm3", LE_U32(48), .level = 2 },
};

static const PARSERFIELDNAME names[] = {
	{ L("Flags"), L("ppi.flags.alignment"), 0x01, 0 },
	{ L("Common Flags"), L("ppi.80211-common.flags.fcs"), 0x1, 0 },
	{ L("Common Flags"), L("ppi.80211-common.flags.tsft"), 0x2, 0 },
	{ L("Common Flags"), L("ppi.80211-common.flags.fcs-invalid"), 0x4, 0 },
	{ L("Common Flags"), L("ppi.80211-common.flags.phy-err"), 0x8, 0 },
	{ L("Channel Flags"), L("ppi.80211-common.chan.flags.turbo"), 0x10, 0 },
	{ L("Channel Flags"), L("ppi.80211-common.chan.flags.cck"), 0x20, 0 },
	{ L("Channel Flags"), L("ppi.80211-common.chan.flags.ofdm"), 0x40, 0 },
	{ L("Channel Flags"), L("ppi.80211-common.chan.flags.2ghz"), 0x80, 0 },
	{ L("Channel Flags"), L("ppi.80211-common.chan.flags.5ghz"), 0x100, 0 },
	{ L("Channel Flags"), L("ppi.80211-common.chan.flags.passive"), 0x200, 0 },
	{ L("Channel Flags"), L("ppi.80211-common.chan.flags.dynamic"), 0x400, 0 },
	{ L("Channel Flags"), L("ppi.80211-common.chan.flags.gfsk"), 0x800, 0 },
	{ L("Extension Channel Flags"), L("ppi.80211-mac-phy.ext-chan.flags.turbo"), 0x10, 0 },
	{ L("Extension Channel Flags"), L("ppi.80211-mac-phy.ext-chan.flags.cck"), 0x20, 0 },
	{ L("Extension Channel Flags"), L("ppi.80211-mac-phy.ext-chan.flags.ofdm"), 0x40, 0 },
	{ L("Extension Channel Flags"), L("ppi.80211-mac-phy.ext-chan.flags.2ghz"), 0x80, 0 },
	{ L("Extension Channel Flags"), L("ppi.80211-mac-phy.ext-chan.flags.5ghz"), 0x100, 0 },
	{ L("Extension Channel Flags"), L("ppi.80211-mac-phy.ext-chan.flags.passive"), 0x200, 0 },
	{ L("Extension Channel Flags"), L("ppi.80211-mac-phy.ext-chan.flags.dynamic"), 0x400, 0 },
	{ L("Extension Channel Flags"), L("ppi.80211-mac-phy.ext-chan.flags.gfsk"), 0x800, 0 },
	{ L("MAC Flags"), L("ppi.80211n-mac.flags.greenfield"), 0x1, 0 },
	{ L("MAC Flags"), L("ppi.80211n-mac.flags.ht20_40"), 0x2, 0 },
	{ L("MAC Flags"), L("ppi.80211n-mac.flags.rx.short_guard_interval"), 0x4, 0 },
	{ L("MAC Flags"), L("ppi.80211n-mac.flags.rx.duplicate"), 0x8, 0 },
	{ L("MAC Flags"), L("ppi.80211n-mac.flags.agg"), 0x10, 0 },
	{ L("MAC Flags"), L("ppi.80211n-mac.flags.more_agg"), 0x20, 0 },
	{ L("MAC Flags"), L("ppi.80211n-mac.flags.delim_crc_error_after"), 0x40, 0 },
	{ L("MAC Extension Flags"), L("ppi.80211n-mac.flags.greenfield"), 0x1, 0 },
	{ L("MAC Extension Flags"), L("ppi.80211n-mac.flags.ht20_40"), 0x2, 0 },
	{ L("MAC Extension Flags"), L("ppi.80211n-mac.flags.rx.short_guard_interval"), 0x4, 0 },
	{ L("MAC Extension Flags"), L("ppi.80211n-mac.flags.rx.duplicate"), 0x8, 0 },
	{ L("MAC Extension Flags"), L("ppi.80211n-mac.flags.agg"), 0x10, 0 },
	{ L("MAC Extension Flags"), L("ppi.80211n-mac.flags.more_agg"), 0x20, 0 },
	{ L("MAC Extension Flags"), L("ppi.80211n-mac.flags.delim_crc_error_after"), 0x40, 0 },
	{ L("Flags"), L("ppi.flags.reserved"), 0xFE, 0 },
};

static const struct element rows[] = {
	{ .type = TYPE_COMMON, .first = PPI_TSFT, .n = PPI_MAC_FLAGS - PPI_TSFT },
	{ .type = 3, .first = PPI_MAC_FLAGS, .n = PPI_MACPHY_FLAGS - PPI_MAC_FLAGS },
	{ .type = 4, .first = PPI_MACPHY_FLAGS, .n = PPI_FIELDS - PPI_MACPHY_FLAGS },
};

#define LIST(align_)                                                                               \
	{                                                                                          \
		.fields = fields, .type = PPI_FIELD, .length = PPI_FIELD_LENGTH,                   \
		.rest = PPI_FIELD_DATA, .length_at = 2, .uncounted = FIELD, .align = (align_),     \
		.elements = rows, .n_elements = COUNT(rows)                                        \
	}

static const struct list packed = LIST(0), aligned = LIST(4);

static LPHANDOFFTABLE by_link;

static void begin(void)
{
	(void)CreateHandoffTable(L("FRAME_HandoffSet"), L("FRAME"), &by_link, 1024, 10);
}

static void end(void)
{
	DestroyHandoffTable(by_link);
	by_link = NULL;
}

/* n: the header's bytes that are there. */
static bool has_fcs(const uint8_t *p, DWORD n)
{
	DWORD at = HEADER;

	for (unsigned i = 0; i < MOST && at + FIELD <= n; i++) {
		DWORD size = le16(p + at + 2);

		if (le16(p + at) == TYPE_COMMON && at + FIELD + COMMON_FLAGS < n)
			return p[at + FIELD + COMMON_FLAGS] & FLAG_FCS;
		at += FIELD + size;
		if (p[1] & ALIGNED)
			at = (at + 3) / 4 * 4;
	}
	return false;
}

RECOGNIZE(recognize)
{
	DWORD n;

	if (left < HEADER)
		return rest_is_mine(status);
	n = le16(p + 2);
	if (p[0] != 0 || n < HEADER || n >= left)
		return rest_is_mine(status);
	left = n + wlan_bytes(frame, left - n, has_fcs(p, n));
	return hand_on(
	    p, n, left, GetProtocolFromTable(by_link, le32(p + 4), NULL), status, next, instance);
}

ATTACH(attach)
{
	const struct header h = { frame, p, left };
	DWORD n = left >= HEADER ? le16(p + 2) : HEADER;
	bool bad = n < HEADER || n > left || p[0] != 0;

	(void)instance;
	field_attach_at(
	    &h, &fields[PPI_SUMMARY], 0, n < HEADER ? HEADER : n, bad ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[PPI_VERSION], PPI_FIELD - PPI_VERSION);
	if (left > 1)
		list_attach(p[1] & ALIGNED ? &aligned : &packed, &h, HEADER, n);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	if (i->DataLength < HEADER)
		text_put(i, "Cut short");
	else
		text_put(i, "length %u, link type %u", le16(i->lpByte + 2), le32(i->lpByte + 4));
}

static void format_rate(LPPROPERTYINST i, HFRAME frame)
{
	unsigned v = i->DataLength >= 2 ? le16(i->lpByte) : 0;

	(void)frame;
	text_label(i);
	text_put(i, "%u.%u Mbit/s", v / 2, v % 2 * 5);
}

static const struct place places[] = { { "FRAME", "FRAME_HandoffSet", LINK, false } };

struct parser ppi_parser = {
	.name = "PPI",
	.comment = "Per-Packet Information",
	.fields = fields,
	.n_fields = PPI_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.end = end,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
