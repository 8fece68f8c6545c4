/* SPDX-License-Identifier: MIT */
/* What a radio knew of a frame of 802.11, before radiotap: the header of AVS, and that of
 * Prism cards, in whose place AVS's may stand (link type 119).
 *
 * AVS, big-endian; more may follow what is listed, as the length says:
 *   OFFSET SIZE MEANING
 *   0      4    0x80211, and 12 bits of version
 *   4      4    length of all of this
 *   8      16   time of the card, of the host
 *   24     40   ten numbers of 4
 * Prism, in the byte order of the host that captured, which was little-endian:
 *   0      4    message code
 *   4      4    length of all of this
 *   8      16   name of the device
 *   24          items: ID 4, status 2 (0: it is there), length 2, so many bytes (always 4)
 */
#include "wlan.h"

#define AVS_BYTES  64u
#define AVS_MAGIC  0x80211u
#define LINK_PRISM 119u
#define LINK_AVS   163u
#define SECOND(l)  (0x01000000u + (l))

static HPROTOCOL wlan;

static void begin(void)
{
	wlan = GetProtocolFromName(L("WLAN"));
}

/* ---- AVS ------------------------------------------------------------------------------- */

enum {
	AVS_SUMMARY,
	AVS_MARK,
	AVS_VERSION,
	AVS_LENGTH,
	AVS_MAC_TIME,
	AVS_HOST_TIME,
	AVS_PHY,
	AVS_CHANNEL,
	AVS_RATE,
	AVS_ANTENNA,
	AVS_PRIORITY,
	AVS_SIGNAL_KIND,
	AVS_SIGNAL,
	AVS_NOISE,
	AVS_PREAMBLE,
	AVS_ENCODING,
	AVS_MORE,
	AVS_FIELDS
};

static LABELED_DWORD phy_names[] = {
	{ 1, L("802.11 FHSS, 1997") },
	{ 2, L("802.11 DSSS, 1997") },
	{ 3, L("802.11 infrared") },
	{ 4, L("802.11b") },
	{ 5, L("PBCC, 802.11b") },
	{ 6, L("802.11g") },
	{ 7, L("PBCC, 802.11g") },
	{ 8, L("802.11a") },
};

static LABELED_DWORD signal_names[] = {
	{ 0, L("None") },
	{ 1, L("Normalized RSSI") },
	{ 2, L("dBm") },
	{ 3, L("Raw RSSI") },
};

static LABELED_DWORD preamble_names[] = {
	{ 1, L("Short") },
	{ 2, L("Long") },
};

static struct _SET phys = SET_OF(Dword, phy_names);
static struct _SET signals = SET_OF(Dword, signal_names);
static struct _SET preambles = SET_OF(Dword, preamble_names);

static void format_avs(LPPROPERTYINST i, HFRAME frame);

static struct field avs_fields[] = {
	[AVS_SUMMARY] = { "Summary of the AVS header", "wlancap", SUMMARY, .format = format_avs },
	[AVS_MARK] = { "Magic", "wlancap.magic", BITS32(0, 0xFFFFFFF0) },
	[AVS_VERSION] = { "Version", "wlancap.version", BITS32(0, 0x0000000F) },
	[AVS_LENGTH] = { "Header Length", "wlancap.length", U32(4) },
	[AVS_MAC_TIME] = { "MAC Time", "wlancap.mactime", U64(8) },
	[AVS_HOST_TIME] = { "Host Time", "wlancap.hosttime", U64(16) },
	[AVS_PHY] = { "PHY Type", "wlancap.phytype", U32(24), LABELED(phys) },
	[AVS_CHANNEL] = { "Channel", "wlancap.channel", U32(28) },
	[AVS_RATE] = { "Data Rate", NULL, U32(32) },
	[AVS_ANTENNA] = { "Antenna", "wlancap.antenna", U32(36) },
	[AVS_PRIORITY] = { "Priority", "wlancap.priority", U32(40) },
	[AVS_SIGNAL_KIND] = { "Signal Type", "wlancap.ssi_type", U32(44), LABELED(signals) },
	[AVS_SIGNAL] = { "Signal", NULL, U32(48) },
	[AVS_NOISE] = { "Noise", NULL, U32(52) },
	[AVS_PREAMBLE] = { "Preamble", "wlancap.preamble", U32(56), LABELED(preambles) },
	[AVS_ENCODING] = { "Encoding", "wlancap.encoding", U32(60) },
	[AVS_MORE] = { "More", NULL, BYTES(AVS_BYTES, 0) },
};

static bool is_avs(const uint8_t *p, DWORD left)
{
	return left >= 4 && be32(p) >> 12 == AVS_MAGIC;
}

RECOGNIZE(recognize_avs)
{
	if (!is_avs(p, left))
		return not_mine(p, status);
	if (left < AVS_BYTES || be32(p + 4) < AVS_BYTES || be32(p + 4) >= left)
		return rest_is_mine(status);
	return hand_on(p, be32(p + 4), left, wlan, status, next, instance);
}

ATTACH(attach_avs)
{
	struct header h = { frame, p, left };
	DWORD n = left >= AVS_BYTES ? be32(p + 4) : AVS_BYTES;
	bool bad = n < AVS_BYTES || n > left;

	(void)instance;
	if (bad)
		n = AVS_BYTES;
	field_attach_at(&h, &avs_fields[AVS_SUMMARY], 0, n, bad ? IFLAG_ERROR : 0);
	if (n < left)
		h.left = n;
	fields_attach(&h, &avs_fields[AVS_MARK], AVS_FIELDS - AVS_MARK);
	return NULL;
}

static void format_avs(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;

	(void)frame;
	if (i->DataLength < AVS_BYTES)
		text_put(i, "Cut short");
	else
		text_put(i, "version %u, length %u, channel %u", be32(p) & 0xF, be32(p + 4),
		    be32(p + 28));
}

static const struct place avs_places[] = {
	{ "FRAME", "FRAME_HandoffSet", LINK_AVS, false },
	{ "FRAME", "FRAME_HandoffSet", LINK_PRISM, false },
};

struct parser avs_parser = {
	.name = "AVS",
	.comment = "What a radio knew of a frame of 802.11, as AVS has it",
	.fields = avs_fields,
	.n_fields = AVS_FIELDS,
	.recognize = recognize_avs,
	.attach = attach_avs,
	.begin = begin,
	.places = avs_places,
	.n_places = COUNT(avs_places),
};

/* ---- Prism ----------------------------------------------------------------------------- */

#define PRISM_HEADER 24u
#define PRISM_LEAST  (PRISM_HEADER + PRISM_ITEM)
#define PRISM_ITEM   12u
#define PRISM_MOST   64u /* items */

enum {
	PRISM_SUMMARY,
	PRISM_CODE,
	PRISM_LENGTH,
	PRISM_DEVICE,
	PRISM_ID,
	PRISM_STATUS,
	PRISM_SIZE,
	PRISM_VALUE,
	PRISM_FIELDS
};

/* Cards number them in either of two ways. */
static LABELED_DWORD item_names[] = {
	{ 0x00010044, L("Host time") },
	{ 0x00020044, L("MAC time") },
	{ 0x00030044, L("Channel") },
	{ 0x00040044, L("RSSI") },
	{ 0x00050044, L("Signal quality") },
	{ 0x00060044, L("Signal") },
	{ 0x00070044, L("Noise") },
	{ 0x00080044, L("Data rate") },
	{ 0x00090044, L("Transmitted") },
	{ 0x000A0044, L("Frame length") },
	{ 0x00001041, L("Host time") },
	{ 0x00002041, L("MAC time") },
	{ 0x00003041, L("Channel") },
	{ 0x00004041, L("RSSI") },
	{ 0x00005041, L("Signal quality") },
	{ 0x00006041, L("Signal") },
	{ 0x00007041, L("Noise") },
	{ 0x00008041, L("Data rate") },
	{ 0x00009041, L("Transmitted") },
	{ 0x0000A041, L("Frame length") },
};

static LABELED_WORD status_names[] = {
	{ 0, L("There") },
	{ 1, L("Not there") },
};

static struct _SET items = SET_OF(Dword, item_names);
static struct _SET statuses = SET_OF(Word, status_names);

static void format_prism(LPPROPERTYINST i, HFRAME frame);

static struct field prism_fields[] = {
	[PRISM_SUMMARY] = { "Summary of the Prism header", "prism", SUMMARY,
	    .format = format_prism },
	[PRISM_CODE] = { "Message Code", "prism.msgcode", LE_U32(0) },
	[PRISM_LENGTH] = { "Message Length", "prism.msglen", LE_U32(4) },
	[PRISM_DEVICE] = { "Device", "prism.devname", TEXT(8, 16) },
	[PRISM_ID] = { "Item", "prism.did.type", LE_U32(0), LABELED(items) },
	[PRISM_STATUS] = { "Status", "prism.did.status", LE_U16(4), LABELED(statuses), .level = 2 },
	[PRISM_SIZE] = { "Length", "prism.did.length", LE_U16(6), .level = 2 },
	[PRISM_VALUE] = { "Value", NULL, LE_U32(8), .level = 2 },
};

RECOGNIZE(recognize_prism)
{
	if (left < PRISM_LEAST || le32(p + 4) < PRISM_LEAST || le32(p + 4) >= left)
		return rest_is_mine(status);
	return hand_on(p, le32(p + 4), left, wlan, status, next, instance);
}

ATTACH(attach_prism)
{
	const struct header h = { frame, p, left };
	DWORD n = left >= PRISM_LEAST ? le32(p + 4) : PRISM_LEAST, at = PRISM_HEADER;
	bool bad = n < PRISM_LEAST || n > left;

	(void)instance;
	if (bad)
		n = PRISM_LEAST;
	field_attach_at(&h, &prism_fields[PRISM_SUMMARY], 0, n, bad ? IFLAG_ERROR : 0);
	fields_attach(&h, &prism_fields[PRISM_CODE], PRISM_ID - PRISM_CODE);
	for (unsigned i = 0; i < PRISM_MOST && at + PRISM_ITEM <= n && at < left; i++) {
		struct header part = { frame, p + at, left - at };

		fields_attach(&part, &prism_fields[PRISM_ID], PRISM_FIELDS - PRISM_ID);
		at += PRISM_ITEM;
	}
	return NULL;
}

static void format_prism(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	if (i->DataLength < PRISM_LEAST)
		text_put(i, "Cut short");
	else
		text_put(i, "message 0x%X, length %u", le32(i->lpByte), le32(i->lpByte + 4));
}

static const struct place prism_places[] = {
	{ "FRAME", "FRAME_HandoffSet", SECOND(LINK_PRISM), false },
};

struct parser prism_parser = {
	.name = "PRISM",
	.comment = "What a Prism card knew of a frame of 802.11",
	.fields = prism_fields,
	.n_fields = PRISM_FIELDS,
	.recognize = recognize_prism,
	.attach = attach_prism,
	.begin = begin,
	.places = prism_places,
	.n_places = COUNT(prism_places),
};
