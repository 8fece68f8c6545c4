/* SPDX-License-Identifier: MIT */
/* radiotap: what the radio knew of a frame of 802.11 (www.radiotap.org). Little-endian.
 *
 *   OFFSET SIZE MEANING
 *   0      1    version, 0
 *   1      1    padding
 *   2      2    length of all of this
 *   4      4    which fields there are, a bit for each; bit 31: another such word follows
 *   8           the fields, each aligned to its own size from the start of the header
 *
 * A field that is not known has no known size: what follows it is left alone. */
#include "wlan.h"

#define HEADER       8u
#define WORD_AT      4u
#define LINK         127u
#define WORDS_MOST   16u
#define BIT_TSFT     0u
#define BIT_FLAGS    1u
#define BIT_RADIOTAP 29u /* the next word is radiotap's again */
#define BIT_VENDOR   30u /* the next word is a vendor's */
#define BIT_MORE     31u

enum {
	RTAP_SUMMARY,
	RTAP_VERSION,
	RTAP_PAD,
	RTAP_LENGTH,
	RTAP_PRESENT,
	RTAP_TSFT,
	RTAP_FLAGS,
	RTAP_RATE,
	RTAP_FREQUENCY,
	RTAP_CHANNEL_FLAGS,
	RTAP_HOP_SET,
	RTAP_HOP_PATTERN,
	RTAP_SIGNAL,
	RTAP_NOISE,
	RTAP_QUALITY,
	RTAP_ATTENUATION,
	RTAP_ATTENUATION_DB,
	RTAP_POWER,
	RTAP_ANTENNA,
	RTAP_SIGNAL_DB,
	RTAP_NOISE_DB,
	RTAP_RX_FLAGS,
	RTAP_TX_FLAGS,
	RTAP_RTS_RETRIES,
	RTAP_RETRIES,
	RTAP_XCHANNEL_FLAGS,
	RTAP_XCHANNEL_FREQUENCY,
	RTAP_XCHANNEL,
	RTAP_XCHANNEL_POWER,
	RTAP_MCS_KNOWN,
	RTAP_MCS_FLAGS,
	RTAP_MCS,
	RTAP_AMPDU,
	RTAP_AMPDU_FLAGS,
	RTAP_AMPDU_CRC,
	RTAP_VHT_KNOWN,
	RTAP_VHT_FLAGS,
	RTAP_VHT_BANDWIDTH,
	RTAP_VHT_STREAMS,
	RTAP_VHT_CODING,
	RTAP_VHT_GROUP,
	RTAP_VHT_PARTIAL,
	RTAP_TIMESTAMP,
	RTAP_TIMESTAMP_ACCURACY,
	RTAP_TIMESTAMP_UNIT,
	RTAP_TIMESTAMP_FLAGS,
	RTAP_HE,
	RTAP_HE_MU,
	RTAP_HE_MU_OTHER,
	RTAP_PSDU,
	RTAP_LSIG,
	RTAP_REST,
	RTAP_FIELDS
};

static LABELED_BIT present_bits[] = {
	{ 0, L("No TSFT"), L("TSFT") },
	{ 1, L("No flags"), L("Flags") },
	{ 2, L("No rate"), L("Rate") },
	{ 3, L("No channel"), L("Channel") },
	{ 4, L("No FHSS"), L("FHSS") },
	{ 5, L("No antenna signal in dBm"), L("Antenna signal in dBm") },
	{ 6, L("No antenna noise in dBm"), L("Antenna noise in dBm") },
	{ 7, L("No lock quality"), L("Lock quality") },
	{ 8, L("No transmit attenuation"), L("Transmit attenuation") },
	{ 9, L("No transmit attenuation in dB"), L("Transmit attenuation in dB") },
	{ 10, L("No transmit power"), L("Transmit power") },
	{ 11, L("No antenna"), L("Antenna") },
	{ 12, L("No antenna signal in dB"), L("Antenna signal in dB") },
	{ 13, L("No antenna noise in dB"), L("Antenna noise in dB") },
	{ 14, L("No receive flags"), L("Receive flags") },
	{ 15, L("No transmit flags"), L("Transmit flags") },
	{ 17, L("No retries"), L("Retries") },
	{ 18, L("No extended channel"), L("Extended channel") },
	{ 19, L("No MCS"), L("MCS") },
	{ 20, L("No A-MPDU status"), L("A-MPDU status") },
	{ 21, L("No VHT"), L("VHT") },
	{ 22, L("No timestamp"), L("Timestamp") },
	{ 23, L("No HE"), L("HE") },
	{ 24, L("No HE-MU"), L("HE-MU") },
	{ 31, L("Last word"), L("Another word follows") },
};

static LABELED_BIT flag_bits[] = {
	{ 0, L("Not in the contention-free period"), L("In the contention-free period") },
	{ 1, L("Long preamble"), L("Short preamble") },
	{ 2, L("Not encrypted with WEP"), L("Encrypted with WEP") },
	{ 3, L("Not fragmented"), L("Fragmented") },
	{ 4, L("No check sequence at the end"), L("Check sequence at the end") },
	{ 5, L("No padding behind the header"), L("Padding behind the header") },
	{ 6, L("Check sequence is right"), L("Check sequence is wrong") },
	{ 7, L("Long guard interval"), L("Short guard interval") },
};

static LABELED_BIT channel_bits[] = {
	{ 4, L("No turbo"), L("Turbo") },
	{ 5, L("No CCK"), L("CCK") },
	{ 6, L("No OFDM"), L("OFDM") },
	{ 7, L("Not 2 GHz"), L("2 GHz") },
	{ 8, L("Not 5 GHz"), L("5 GHz") },
	{ 9, L("Active scan"), L("Passive scan only") },
	{ 10, L("No dynamic CCK-OFDM"), L("Dynamic CCK-OFDM") },
	{ 11, L("No GFSK"), L("GFSK") },
};

static struct _SET present = BITS_OF(present_bits);
static struct _SET flags_set = BITS_OF(flag_bits);
static struct _SET channel = BITS_OF(channel_bits);

static void format_summary(LPPROPERTYINST i, HFRAME frame);
static void format_rate(LPPROPERTYINST i, HFRAME frame);

/* Of the fields behind the header, `at` counts from the field. Rates and what is signed
 * have no second names: filters would compare other numbers than people write. */
static struct field fields[] = {
	[RTAP_SUMMARY] = { "Summary of the radiotap header", "radiotap", SUMMARY,
	    .format = format_summary },
	[RTAP_VERSION] = { "Version", "radiotap.version", U8(0) },
	[RTAP_PAD] = { "Padding", "radiotap.pad", U8(1) },
	[RTAP_LENGTH] = { "Header Length", "radiotap.length", LE_U16(2) },
	[RTAP_PRESENT] = { "Present Flags", "radiotap.present.word", LE_U32(0),
	    .qualifier = PROP_QUAL_FLAGS, .set = &present, .text = 2048 },
	[RTAP_TSFT] = { "MAC Time", "radiotap.mactime", LE_U64(0) },
	[RTAP_FLAGS] = { "Flags", "radiotap.flags", U8(0), FLAGS(flags_set) },
	[RTAP_RATE] = { "Data Rate", NULL, U8(0), .format = format_rate },
	[RTAP_FREQUENCY] = { "Channel Frequency", "radiotap.channel.freq", LE_U16(0) },
	[RTAP_CHANNEL_FLAGS] = { "Channel Flags", "radiotap.channel.flags", LE_U16(2),
	    FLAGS(channel) },
	[RTAP_HOP_SET] = { "Hop Set", "radiotap.fhss.hopset", U8(0) },
	[RTAP_HOP_PATTERN] = { "Hop Pattern", "radiotap.fhss.pattern", U8(1) },
	[RTAP_SIGNAL] = { "Antenna Signal (dBm)", NULL, U8(0), .format = format_signed },
	[RTAP_NOISE] = { "Antenna Noise (dBm)", NULL, U8(0), .format = format_signed },
	[RTAP_QUALITY] = { "Lock Quality", "radiotap.quality", LE_U16(0) },
	[RTAP_ATTENUATION] = { "Transmit Attenuation", "radiotap.txattenuation", LE_U16(0) },
	[RTAP_ATTENUATION_DB] = { "Transmit Attenuation (dB)", "radiotap.db_txattenuation",
	    LE_U16(0) },
	[RTAP_POWER] = { "Transmit Power (dBm)", NULL, U8(0), .format = format_signed },
	[RTAP_ANTENNA] = { "Antenna", "radiotap.antenna", U8(0) },
	[RTAP_SIGNAL_DB] = { "Antenna Signal (dB)", "radiotap.db_antsignal", U8(0) },
	[RTAP_NOISE_DB] = { "Antenna Noise (dB)", "radiotap.db_antnoise", U8(0) },
	[RTAP_RX_FLAGS] = { "Receive Flags", "radiotap.rxflags", LE_U16(0) },
	[RTAP_TX_FLAGS] = { "Transmit Flags", "radiotap.txflags", LE_U16(0) },
	[RTAP_RTS_RETRIES] = { "RTS Retries", NULL, U8(0) },
	[RTAP_RETRIES] = { "Data Retries", "radiotap.data_retries", U8(0) },
	[RTAP_XCHANNEL_FLAGS] = { "Extended Channel Flags", "radiotap.xchannel.flags", LE_U32(0) },
	[RTAP_XCHANNEL_FREQUENCY] = { "Extended Channel Frequency", "radiotap.xchannel.freq",
	    LE_U16(4) },
	[RTAP_XCHANNEL] = { "Extended Channel", "radiotap.xchannel.channel", U8(6) },
	[RTAP_XCHANNEL_POWER] = { "Extended Channel Power", NULL, U8(7) },
	[RTAP_MCS_KNOWN] = { "MCS, what is known", "radiotap.mcs.known", U8(0) },
	[RTAP_MCS_FLAGS] = { "MCS Flags", NULL, U8(1) },
	[RTAP_MCS] = { "MCS Index", "radiotap.mcs.index", U8(2) },
	[RTAP_AMPDU] = { "A-MPDU Reference", "radiotap.ampdu.reference", LE_U32(0) },
	[RTAP_AMPDU_FLAGS] = { "A-MPDU Flags", "radiotap.ampdu.flags", LE_U16(4) },
	[RTAP_AMPDU_CRC] = { "A-MPDU Delimiter CRC", "radiotap.ampdu.delim_crc", U8(6) },
	[RTAP_VHT_KNOWN] = { "VHT, what is known", "radiotap.vht.known", LE_U16(0) },
	[RTAP_VHT_FLAGS] = { "VHT Flags", NULL, U8(2) },
	[RTAP_VHT_BANDWIDTH] = { "VHT Bandwidth", "radiotap.vht.bw", U8(3) },
	[RTAP_VHT_STREAMS] = { "VHT MCS and Streams of Users", NULL, BYTES(4, 4) },
	[RTAP_VHT_CODING] = { "VHT Coding", NULL, U8(8) },
	[RTAP_VHT_GROUP] = { "VHT Group ID", "radiotap.vht.gid", U8(9) },
	[RTAP_VHT_PARTIAL] = { "VHT Partial Association ID", "radiotap.vht.p_aid", LE_U16(10) },
	[RTAP_TIMESTAMP] = { "Timestamp", "radiotap.timestamp.ts", LE_U64(0) },
	[RTAP_TIMESTAMP_ACCURACY] = { "Timestamp Accuracy", "radiotap.timestamp.accuracy",
	    LE_U16(8) },
	[RTAP_TIMESTAMP_UNIT] = { "Timestamp Unit and Position", NULL, U8(10) },
	[RTAP_TIMESTAMP_FLAGS] = { "Timestamp Flags", NULL, U8(11) },
	[RTAP_HE] = { "HE Information", NULL, BYTES(0, 12) },
	[RTAP_HE_MU] = { "HE-MU Information", NULL, BYTES(0, 12) },
	[RTAP_HE_MU_OTHER] = { "HE-MU Other User", NULL, BYTES(0, 6) },
	[RTAP_PSDU] = { "0-Length PSDU Type", NULL, U8(0) },
	[RTAP_LSIG] = { "L-SIG", NULL, BYTES(0, 4) },
	[RTAP_REST] = { "Other Fields", NULL, BYTES(0, 0) },
};

static const PARSERFIELDNAME names[] = {
	{ L("Present Flags"), L("radiotap.present.tsft"), 1u << 0, 0 },
	{ L("Present Flags"), L("radiotap.present.flags"), 1u << 1, 0 },
	{ L("Present Flags"), L("radiotap.present.rate"), 1u << 2, 0 },
	{ L("Present Flags"), L("radiotap.present.channel"), 1u << 3, 0 },
	{ L("Present Flags"), L("radiotap.present.fhss"), 1u << 4, 0 },
	{ L("Present Flags"), L("radiotap.present.dbm_antsignal"), 1u << 5, 0 },
	{ L("Present Flags"), L("radiotap.present.dbm_antnoise"), 1u << 6, 0 },
	{ L("Present Flags"), L("radiotap.present.lock_quality"), 1u << 7, 0 },
	{ L("Present Flags"), L("radiotap.present.tx_attenuation"), 1u << 8, 0 },
	{ L("Present Flags"), L("radiotap.present.db_tx_attenuation"), 1u << 9, 0 },
	{ L("Present Flags"), L("radiotap.present.dbm_tx_power"), 1u << 10, 0 },
	{ L("Present Flags"), L("radiotap.present.antenna"), 1u << 11, 0 },
	{ L("Present Flags"), L("radiotap.present.db_antsignal"), 1u << 12, 0 },
	{ L("Present Flags"), L("radiotap.present.db_antnoise"), 1u << 13, 0 },
	{ L("Present Flags"), L("radiotap.present.rxflags"), 1u << 14, 0 },
	{ L("Present Flags"), L("radiotap.present.txflags"), 1u << 15, 0 },
	{ L("Present Flags"), L("radiotap.present.data_retries"), 1u << 17, 0 },
	{ L("Present Flags"), L("radiotap.present.xchannel"), 1u << 18, 0 },
	{ L("Present Flags"), L("radiotap.present.mcs"), 1u << 19, 0 },
	{ L("Present Flags"), L("radiotap.present.ampdu"), 1u << 20, 0 },
	{ L("Present Flags"), L("radiotap.present.vht"), 1u << 21, 0 },
	{ L("Present Flags"), L("radiotap.present.timestamp"), 1u << 22, 0 },
	{ L("Present Flags"), L("radiotap.present.he"), 1u << 23, 0 },
	{ L("Present Flags"), L("radiotap.present.ext"), 1u << 31, 0 },
	{ L("Flags"), L("radiotap.flags.cfp"), 0x01, 0 },
	{ L("Flags"), L("radiotap.flags.preamble"), 0x02, 0 },
	{ L("Flags"), L("radiotap.flags.wep"), 0x04, 0 },
	{ L("Flags"), L("radiotap.flags.frag"), 0x08, 0 },
	{ L("Flags"), L("radiotap.flags.fcs"), 0x10, 0 },
	{ L("Flags"), L("radiotap.flags.datapad"), 0x20, 0 },
	{ L("Flags"), L("radiotap.flags.badfcs"), 0x40, 0 },
	{ L("Flags"), L("radiotap.flags.shortgi"), 0x80, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.turbo"), 0x0010, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.cck"), 0x0020, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.ofdm"), 0x0040, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.2ghz"), 0x0080, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.5ghz"), 0x0100, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.passive"), 0x0200, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.dynamic"), 0x0400, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.gfsk"), 0x0800, 0 },
};

/* By the bit that says that it is there; size 0: unknown. */
static const struct kind {
	uint8_t size, align, first, n;
} kinds[] = {
	[BIT_TSFT] = { 8, 8, RTAP_TSFT, 1 },
	[BIT_FLAGS] = { 1, 1, RTAP_FLAGS, 1 },
	[2] = { 1, 1, RTAP_RATE, 1 },
	[3] = { 4, 2, RTAP_FREQUENCY, 2 },
	[4] = { 2, 2, RTAP_HOP_SET, 2 },
	[5] = { 1, 1, RTAP_SIGNAL, 1 },
	[6] = { 1, 1, RTAP_NOISE, 1 },
	[7] = { 2, 2, RTAP_QUALITY, 1 },
	[8] = { 2, 2, RTAP_ATTENUATION, 1 },
	[9] = { 2, 2, RTAP_ATTENUATION_DB, 1 },
	[10] = { 1, 1, RTAP_POWER, 1 },
	[11] = { 1, 1, RTAP_ANTENNA, 1 },
	[12] = { 1, 1, RTAP_SIGNAL_DB, 1 },
	[13] = { 1, 1, RTAP_NOISE_DB, 1 },
	[14] = { 2, 2, RTAP_RX_FLAGS, 1 },
	[15] = { 2, 2, RTAP_TX_FLAGS, 1 },
	[16] = { 1, 1, RTAP_RTS_RETRIES, 1 },
	[17] = { 1, 1, RTAP_RETRIES, 1 },
	[18] = { 8, 4, RTAP_XCHANNEL_FLAGS, 4 },
	[19] = { 3, 1, RTAP_MCS_KNOWN, 3 },
	[20] = { 8, 4, RTAP_AMPDU, 3 },
	[21] = { 12, 2, RTAP_VHT_KNOWN, 7 },
	[22] = { 12, 8, RTAP_TIMESTAMP, 4 },
	[23] = { 12, 2, RTAP_HE, 1 },
	[24] = { 12, 2, RTAP_HE_MU, 1 },
	[25] = { 6, 2, RTAP_HE_MU_OTHER, 1 },
	[26] = { 1, 1, RTAP_PSDU, 1 },
	[27] = { 4, 2, RTAP_LSIG, 1 },
};

static HPROTOCOL wlan, radiotap;

static void begin(void)
{
	wlan = GetProtocolFromName(L("WLAN"));
	radiotap = GetProtocolFromName(L("RADIOTAP"));
}

/* Words of presence in the first n bytes. */
static unsigned words_of(const uint8_t *p, DWORD n)
{
	unsigned words = 1;

	while (words < WORDS_MOST && WORD_AT + 4 * words + 4 <= n &&
	       le32(p + WORD_AT + 4 * (words - 1)) >> BIT_MORE)
		words++;
	return words;
}

static DWORD aligned(DWORD at, DWORD to)
{
	return (at + to - 1) / to * to;
}

uint8_t radiotap_flags(const uint8_t *p, DWORD left)
{
	uint32_t word;
	DWORD n, at;

	if (left < HEADER)
		return 0;
	n = bounded(left, le16(p + 2));
	word = le32(p + WORD_AT);
	at = WORD_AT + 4 * words_of(p, n);
	if (word & 1u << BIT_TSFT)
		at = aligned(at, 8) + 8;
	return word & 1u << BIT_FLAGS && at < n ? p[at] : 0;
}

DWORD radiotap_padding(ULPBYTE mac, HPROTOCOL before, DWORD before_at, DWORD header)
{
	const uint8_t *p = mac + before_at;

	if (before != radiotap || !radiotap)
		return 0;
	return radiotap_flags(p, le16(p + 2)) & RADIOTAP_DATAPAD ? aligned(header, 4) - header : 0;
}

RECOGNIZE(recognize)
{
	DWORD n;

	if (left < HEADER)
		return rest_is_mine(status);
	n = le16(p + 2);
	if (p[0] != 0 || n < HEADER || n >= left)
		return rest_is_mine(status);
	left = n + wlan_bytes(frame, left - n, radiotap_flags(p, n) & RADIOTAP_FCS);
	return hand_on(p, n, left, wlan, status, next, instance);
}

/* The fields of one word; where the next ones begin, 0: nobody knows. */
static DWORD attach_word(const struct header *h, uint32_t word, DWORD at)
{
	for (unsigned bit = 0; bit < BIT_RADIOTAP; bit++) {
		struct kind k = { 0 };
		struct header part;

		if (!(word & 1u << bit))
			continue;
		if (bit < COUNT(kinds))
			k = kinds[bit];
		if (k.size == 0)
			return 0;
		at = aligned(at, k.align);
		if (at >= h->left)
			return 0;
		part = (struct header){ h->frame, h->p + at, h->left - at };
		if (part.left > k.size)
			part.left = k.size;
		fields_attach(&part, &fields[k.first], k.n);
		at += k.size;
	}
	return at;
}

/* Words of a vendor's are not looked into; nor can be what is behind their fields. */
static void attach_words(const struct header *h)
{
	unsigned words = words_of(h->p, h->left);
	DWORD at = WORD_AT + 4 * words, known = at;

	for (unsigned i = 0; i < words; i++)
		field_attach_at(h, &fields[RTAP_PRESENT], WORD_AT + 4 * i, 4, 0);
	for (unsigned i = 0; at && i < words; i++) {
		uint32_t word = le32(h->p + WORD_AT + 4 * i);

		at = attach_word(h, word, at);
		if (at)
			known = at;
		if (word & 1u << BIT_VENDOR)
			break;
	}
	if (known < h->left)
		field_attach_at(h, &fields[RTAP_REST], known, h->left - known, 0);
}

ATTACH(attach)
{
	struct header h = { frame, p, left };
	DWORD n = left >= HEADER ? le16(p + 2) : HEADER;
	bool bad = n < HEADER || n > left || p[0] != 0;

	(void)instance;
	field_attach_at(
	    &h, &fields[RTAP_SUMMARY], 0, n < HEADER ? HEADER : n, bad ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[RTAP_VERSION], RTAP_PRESENT - RTAP_VERSION);
	if (n < HEADER || left < HEADER)
		return NULL;
	h.left = bounded(left, n);
	attach_words(&h);
	return NULL;
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	if (i->DataLength < HEADER)
		text_put(i, "Cut short");
	else
		text_put(i, "version %u, length %u", i->lpByte[0], le16(i->lpByte + 2));
}

static void format_rate(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	text_label(i);
	text_put(i, "%u.%u Mbit/s", i->lpByte[0] / 2, i->lpByte[0] % 2 * 5);
}

void format_signed(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	text_label(i);
	text_put(i, "%d", (int8_t)i->lpByte[0]);
}

static const struct place places[] = { { "FRAME", "FRAME_HandoffSet", LINK, false } };

struct parser radiotap_parser = {
	.name = "RADIOTAP",
	.comment = "What a radio knew of a frame of 802.11",
	.fields = fields,
	.n_fields = RTAP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.begin = begin,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
