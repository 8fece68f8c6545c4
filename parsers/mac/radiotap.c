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
	RTAP_VHT_USER,
	RTAP_VHT_USER_LAST = RTAP_VHT_USER + 3,
	RTAP_VHT_CODING,
	RTAP_VHT_GROUP,
	RTAP_VHT_PARTIAL,
	RTAP_TIMESTAMP,
	RTAP_TIMESTAMP_ACCURACY,
	RTAP_TIMESTAMP_UNIT,
	RTAP_TIMESTAMP_FLAGS,
	RTAP_HE,
	RTAP_HE_LAST = RTAP_HE + 5,
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
	{ 26, L("No 0-length PSDU"), L("0-length PSDU") },
	{ 27, L("No L-SIG"), L("L-SIG") },
	{ 28, L("No TLVs"), L("TLVs") },
	{ 29, L("Not radiotap's next"), L("Radiotap's again next") },
	{ 30, L("Not a vendor's next"), L("A vendor's next") },
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
	{ 0, L("Not 700 MHz"), L("700 MHz") },
	{ 1, L("Not 800 MHz"), L("800 MHz") },
	{ 2, L("Not 900 MHz"), L("900 MHz") },
	{ 4, L("No turbo"), L("Turbo") },
	{ 5, L("No CCK"), L("CCK") },
	{ 6, L("No OFDM"), L("OFDM") },
	{ 7, L("Not 2 GHz"), L("2 GHz") },
	{ 8, L("Not 5 GHz"), L("5 GHz") },
	{ 9, L("Active scan"), L("Passive scan only") },
	{ 10, L("No dynamic CCK-OFDM"), L("Dynamic CCK-OFDM") },
	{ 11, L("No GFSK"), L("GFSK") },
	{ 12, L("Not GSM"), L("GSM") },
	{ 13, L("No static turbo"), L("Static turbo") },
	{ 14, L("Not half rate"), L("Half rate") },
	{ 15, L("Not quarter rate"), L("Quarter rate") },
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
	[RTAP_PRESENT] = { "Present Flags", "radiotap.present.word radiotap.present", LE_U32(0),
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
	[RTAP_VHT_USER] = { "VHT User 0", NULL, U8(4) },
	[RTAP_VHT_USER + 1] = { "VHT User 1", NULL, U8(5) },
	[RTAP_VHT_USER + 2] = { "VHT User 2", NULL, U8(6) },
	[RTAP_VHT_USER + 3] = { "VHT User 3", NULL, U8(7) },
	[RTAP_VHT_CODING] = { "VHT Coding", NULL, U8(8) },
	[RTAP_VHT_GROUP] = { "VHT Group ID", "radiotap.vht.gid", U8(9) },
	[RTAP_VHT_PARTIAL] = { "VHT Partial Association ID", "radiotap.vht.paid", LE_U16(10) },
	[RTAP_TIMESTAMP] = { "Timestamp", "radiotap.timestamp.ts", LE_U64(0) },
	[RTAP_TIMESTAMP_ACCURACY] = { "Timestamp Accuracy", "radiotap.timestamp.accuracy",
	    LE_U16(8) },
	[RTAP_TIMESTAMP_UNIT] = { "Timestamp Unit and Position", NULL, U8(10) },
	[RTAP_TIMESTAMP_FLAGS] = { "Timestamp Flags", NULL, U8(11) },
	[RTAP_HE] = { "HE Data 1", "radiotap.he.data_1", LE_U16(0) },
	[RTAP_HE + 1] = { "HE Data 2", "radiotap.he.data_2", LE_U16(2) },
	[RTAP_HE + 2] = { "HE Data 3", "radiotap.he.data_3", LE_U16(4) },
	[RTAP_HE + 3] = { "HE Data 4", "radiotap.he.data_4", LE_U16(6) },
	[RTAP_HE + 4] = { "HE Data 5", "radiotap.he.data_5", LE_U16(8) },
	[RTAP_HE + 5] = { "HE Data 6", "radiotap.he.data_6", LE_U16(10) },
	[RTAP_HE_MU] = { "HE-MU Information", NULL, BYTES(0, 12) },
	[RTAP_HE_MU_OTHER] = { "HE-MU Other User", NULL, BYTES(0, 6) },
	[RTAP_PSDU] = { "0-Length PSDU Type", NULL, U8(0) },
	[RTAP_LSIG] = { "L-SIG", NULL, BYTES(0, 4) },
	[RTAP_REST] = { "Other Fields", NULL, BYTES(0, 0) },
};

static const PARSERFIELDNAME names[] = {
	{ L("Present Flags"), L("radiotap.present.tsft"), 0x1, 0 },
	{ L("Present Flags"), L("radiotap.present.flags"), 0x2, 0 },
	{ L("Present Flags"), L("radiotap.present.rate"), 0x4, 0 },
	{ L("Present Flags"), L("radiotap.present.channel"), 0x8, 0 },
	{ L("Present Flags"), L("radiotap.present.fhss"), 0x10, 0 },
	{ L("Present Flags"), L("radiotap.present.dbm_antsignal"), 0x20, 0 },
	{ L("Present Flags"), L("radiotap.present.dbm_antnoise"), 0x40, 0 },
	{ L("Present Flags"), L("radiotap.present.lock_quality"), 0x80, 0 },
	{ L("Present Flags"), L("radiotap.present.tx_attenuation"), 0x100, 0 },
	{ L("Present Flags"), L("radiotap.present.db_tx_attenuation"), 0x200, 0 },
	{ L("Present Flags"), L("radiotap.present.dbm_tx_power"), 0x400, 0 },
	{ L("Present Flags"), L("radiotap.present.antenna"), 0x800, 0 },
	{ L("Present Flags"), L("radiotap.present.db_antsignal"), 0x1000, 0 },
	{ L("Present Flags"), L("radiotap.present.db_antnoise"), 0x2000, 0 },
	{ L("Present Flags"), L("radiotap.present.rxflags"), 0x4000, 0 },
	{ L("Present Flags"), L("radiotap.present.txflags"), 0x8000, 0 },
	{ L("Present Flags"), L("radiotap.present.data_retries"), 0x20000, 0 },
	{ L("Present Flags"), L("radiotap.present.xchannel"), 0x40000, 0 },
	{ L("Present Flags"), L("radiotap.present.mcs"), 0x80000, 0 },
	{ L("Present Flags"), L("radiotap.present.ampdu"), 0x100000, 0 },
	{ L("Present Flags"), L("radiotap.present.vht"), 0x200000, 0 },
	{ L("Present Flags"), L("radiotap.present.timestamp"), 0x400000, 0 },
	{ L("Present Flags"), L("radiotap.present.he"), 0x800000, 0 },
	{ L("Present Flags"), L("radiotap.present.he_mu"), 0x1000000, 0 },
	{ L("Present Flags"), L("radiotap.present.0_length.psdu"), 0x4000000, 0 },
	{ L("Present Flags"), L("radiotap.present.l_sig"), 0x8000000, 0 },
	{ L("Present Flags"), L("radiotap.present.tlv"), 0x10000000, 0 },
	{ L("Present Flags"), L("radiotap.present.rtap_ns"), 0x20000000, 0 },
	{ L("Present Flags"), L("radiotap.present.vendor_ns"), 0x40000000, 0 },
	{ L("Present Flags"), L("radiotap.present.ext"), 0x80000000, 0 },
	{ L("Flags"), L("radiotap.flags.cfp"), 0x1, 0 },
	{ L("Flags"), L("radiotap.flags.preamble"), 0x2, 0 },
	{ L("Flags"), L("radiotap.flags.wep"), 0x4, 0 },
	{ L("Flags"), L("radiotap.flags.frag"), 0x8, 0 },
	{ L("Flags"), L("radiotap.flags.fcs"), 0x10, 0 },
	{ L("Flags"), L("radiotap.flags.datapad"), 0x20, 0 },
	{ L("Flags"), L("radiotap.flags.badfcs"), 0x40, 0 },
	{ L("Flags"), L("radiotap.flags.shortgi"), 0x80, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.turbo"), 0x10, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.700mhz"), 0x1, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.800mhz"), 0x2, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.900mhz"), 0x4, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.cck"), 0x20, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.ofdm"), 0x40, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.2ghz"), 0x80, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.5ghz"), 0x100, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.passive"), 0x200, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.dynamic"), 0x400, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.gfsk"), 0x800, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.gsm"), 0x1000, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.sturbo"), 0x2000, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.half"), 0x4000, 0 },
	{ L("Channel Flags"), L("radiotap.channel.flags.quarter"), 0x8000, 0 },
	{ L("Receive Flags"), L("radiotap.rxflags.badplcp"), 0x2, 0 },
	{ L("Transmit Flags"), L("radiotap.rxflags.fail"), 0x1, 0 },
	{ L("Transmit Flags"), L("radiotap.rxflags.cts"), 0x2, 0 },
	{ L("Transmit Flags"), L("radiotap.rxflags.rts"), 0x4, 0 },
	{ L("Transmit Flags"), L("radiotap.rxflags.noack"), 0x8, 0 },
	{ L("Transmit Flags"), L("radiotap.rxflags.noseqno"), 0x10, 0 },
	{ L("Transmit Flags"), L("radiotap.rxflags.order"), 0x20, 0 },
	{ L("Extended Channel Flags"), L("radiotap.xchannel.flags.turbo"), 0x10, 0 },
	{ L("Extended Channel Flags"), L("radiotap.xchannel.flags.cck"), 0x20, 0 },
	{ L("Extended Channel Flags"), L("radiotap.xchannel.flags.ofdm"), 0x40, 0 },
	{ L("Extended Channel Flags"), L("radiotap.xchannel.flags.2ghz"), 0x80, 0 },
	{ L("Extended Channel Flags"), L("radiotap.xchannel.flags.5ghz"), 0x100, 0 },
	{ L("Extended Channel Flags"), L("radiotap.xchannel.flags.dynamic"), 0x400, 0 },
	{ L("Extended Channel Flags"), L("radiotap.xchannel.flags.gfsk"), 0x800, 0 },
	{ L("Extended Channel Flags"), L("radiotap.xchannel.flags.gsm"), 0x1000, 0 },
	{ L("Extended Channel Flags"), L("radiotap.xchannel.flags.sturbo"), 0x2000, 0 },
	{ L("Extended Channel Flags"), L("radiotap.xchannel.flags.half"), 0x4000, 0 },
	{ L("Extended Channel Flags"), L("radiotap.xchannel.flags.quarter"), 0x8000, 0 },
	{ L("Extended Channel Flags"), L("radiotap.xchannel.flags.ht20"), 0x10000, 0 },
	{ L("Extended Channel Flags"), L("radiotap.xchannel.flags.ht40u"), 0x20000, 0 },
	{ L("Extended Channel Flags"), L("radiotap.xchannel.flags.ht40d"), 0x40000, 0 },
	{ L("Extended Channel Flags"), L("radiotap.channel.xtype.passive"), 0x200, 0 },
	{ L("MCS, what is known"), L("radiotap.mcs.have_bw"), 0x1, 0 },
	{ L("MCS, what is known"), L("radiotap.mcs.have_index"), 0x2, 0 },
	{ L("MCS, what is known"), L("radiotap.mcs.have_gi"), 0x4, 0 },
	{ L("MCS, what is known"), L("radiotap.mcs.have_format"), 0x8, 0 },
	{ L("MCS, what is known"), L("radiotap.mcs.have_fec"), 0x10, 0 },
	{ L("MCS, what is known"), L("radiotap.mcs.have_stbc"), 0x20, 0 },
	{ L("MCS, what is known"), L("radiotap.mcs.have_ness"), 0x40, 0 },
	{ L("MCS, what is known"), L("radiotap.mcs.ness_bit1"), 0x80, 0 },
	{ L("MCS Flags"), L("radiotap.mcs.bw"), 0x3, 0 },
	{ L("MCS Flags"), L("radiotap.mcs.gi"), 0x4, 0 },
	{ L("MCS Flags"), L("radiotap.mcs.format"), 0x8, 0 },
	{ L("MCS Flags"), L("radiotap.mcs.fec"), 0x10, 0 },
	{ L("MCS Flags"), L("radiotap.mcs.stbc"), 0x60, 0 },
	{ L("MCS Flags"), L("radiotap.mcs.ness_bit0"), 0x80, 0 },
	{ L("A-MPDU Flags"), L("radiotap.ampdu.flags.report_zerolen"), 0x1, 0 },
	{ L("A-MPDU Flags"), L("radiotap.ampdu.flags.is_zerolen"), 0x2, 0 },
	{ L("A-MPDU Flags"), L("radiotap.ampdu.flags.lastknown"), 0x4, 0 },
	{ L("A-MPDU Flags"), L("radiotap.ampdu.flags.last"), 0x8, 0 },
	{ L("A-MPDU Flags"), L("radiotap.ampdu.flags.delim_crc_error"), 0x10, 0 },
	{ L("A-MPDU Flags"), L("radiotap.ampdu.flags.eof"), 0x40, 0 },
	{ L("A-MPDU Flags"), L("radiotap.ampdu.flags.eof_known"), 0x80, 0 },
	{ L("VHT, what is known"), L("radiotap.vht.have_stbc"), 0x1, 0 },
	{ L("VHT, what is known"), L("radiotap.vht.have_txop_ps"), 0x2, 0 },
	{ L("VHT, what is known"), L("radiotap.vht.have_gi"), 0x4, 0 },
	{ L("VHT, what is known"), L("radiotap.vht.have_sgi_nsym_da"), 0x8, 0 },
	{ L("VHT, what is known"), L("radiotap.vht.ldpc_extra"), 0x10, 0 },
	{ L("VHT, what is known"), L("radiotap.vht.have_beamformed"), 0x20, 0 },
	{ L("VHT, what is known"), L("radiotap.mcs.have_gid"), 0x80, 0 },
	{ L("VHT, what is known"), L("radiotap.mcs.have_paid"), 0x100, 0 },
	{ L("VHT Flags"), L("radiotap.vht.stbc"), 0x1, 0 },
	{ L("VHT Flags"), L("radiotap.vht.txop_ps"), 0x2, 0 },
	{ L("VHT Flags"), L("radiotap.vht.gi"), 0x4, 0 },
	{ L("VHT Flags"), L("radiotap.vht.sgi_nsym_da"), 0x8, 0 },
	{ L("VHT Flags"), L("radiotap.vht.beamformed"), 0x20, 0 },
	{ L("VHT User 0"), L("radiotap.vht.mcs.0"), 0xF0, 0 },
	{ L("VHT User 0"), L("radiotap.vht.nss.0"), 0x0F, 0 },
	{ L("VHT Coding"), L("radiotap.vht.coding.0"), 0x1, 0 },
	{ L("VHT User 1"), L("radiotap.vht.mcs.1"), 0xF0, 0 },
	{ L("VHT User 1"), L("radiotap.vht.nss.1"), 0x0F, 0 },
	{ L("VHT Coding"), L("radiotap.vht.coding.1"), 0x2, 0 },
	{ L("VHT User 2"), L("radiotap.vht.mcs.2"), 0xF0, 0 },
	{ L("VHT User 2"), L("radiotap.vht.nss.2"), 0x0F, 0 },
	{ L("VHT Coding"), L("radiotap.vht.coding.2"), 0x4, 0 },
	{ L("VHT User 3"), L("radiotap.vht.mcs.3"), 0xF0, 0 },
	{ L("VHT User 3"), L("radiotap.vht.nss.3"), 0x0F, 0 },
	{ L("VHT Coding"), L("radiotap.vht.coding.3"), 0x8, 0 },
	{ L("Timestamp Unit and Position"), L("radiotap.timestamp.unit"), 0x0F, 0 },
	{ L("Timestamp Unit and Position"), L("radiotap.timestamp.samplingpos"), 0xF0, 0 },
	{ L("Timestamp Flags"), L("radiotap.timestamp.flags.32bit"), 0x1, 0 },
	{ L("Timestamp Flags"), L("radiotap.timestamp.flags.accuracy"), 0x2, 0 },
	{ L("HE Data 1"), L("radiotap.he.data_1.ppdu_format"), 0x3, 0 },
	{ L("HE Data 1"), L("radiotap.he.data_1.bss_color_known"), 0x4, 0 },
	{ L("HE Data 1"), L("radiotap.he.data_1.beam_change_known"), 0x8, 0 },
	{ L("HE Data 1"), L("radiotap.he.data_1.ul_dl_known"), 0x10, 0 },
	{ L("HE Data 1"), L("radiotap.he.data_1.data_mcs_known"), 0x20, 0 },
	{ L("HE Data 1"), L("radiotap.he.data_1.data_dcm_known"), 0x40, 0 },
	{ L("HE Data 1"), L("radiotap.he.data_1.coding_known"), 0x80, 0 },
	{ L("HE Data 1"), L("radiotap.he.data_1.ldpc_extra_symbol_segment_known"), 0x100, 0 },
	{ L("HE Data 1"), L("radiotap.he.data_1.stbc_known"), 0x200, 0 },
	{ L("HE Data 1"), L("radiotap.he.data_1.spatial_reuse_1_known"), 0x400, 0 },
	{ L("HE Data 1"), L("radiotap.he.data_1.spatial_reuse_2_known"), 0x800, 0 },
	{ L("HE Data 1"), L("radiotap.he.data_1.spatial_reuse_3_known"), 0x1000, 0 },
	{ L("HE Data 1"), L("radiotap.he.data_1.spatial_reuse_4_known"), 0x2000, 0 },
	{ L("HE Data 1"), L("radiotap.he.data_1.data_bw_ru_allocation_known"), 0x4000, 0 },
	{ L("HE Data 1"), L("radiotap.he.data_1.doppler_known"), 0x8000, 0 },
	{ L("HE Data 2"), L("radiotap.he.data_2.pri_sec_80_mhz_known"), 0x1, 0 },
	{ L("HE Data 2"), L("radiotap.he.data_2.gi_known"), 0x2, 0 },
	{ L("HE Data 2"), L("radiotap.he.data_2.num_ltf_symbols_known"), 0x4, 0 },
	{ L("HE Data 2"), L("radiotap.he.data_2.pre_fec_padding_factor_known"), 0x8, 0 },
	{ L("HE Data 2"), L("radiotap.he.data_2.txbf_known"), 0x10, 0 },
	{ L("HE Data 2"), L("radiotap.he.data_2.pe_disambiguity_known"), 0x20, 0 },
	{ L("HE Data 2"), L("radiotap.he.data_2.txop_known"), 0x40, 0 },
	{ L("HE Data 2"), L("radiotap.he.data_2.midamble_periodicity_known"), 0x80, 0 },
	{ L("HE Data 2"), L("radiotap.he.data_2.ru_allocation_offset"), 0x3F00, 0 },
	{ L("HE Data 2"), L("radiotap.he.data_2.ru_allocation_offseti_known"), 0x4000, 0 },
	{ L("HE Data 2"), L("radiotap.he.data_2.pri_sec_80_mhz"), 0x8000, 0 },
	{ L("HE Data 3"), L("radiotap.he.data_3.bss_color"), 0x3F, 0 },
	{ L("HE Data 3"), L("radiotap.he.data_3.beam_change"), 0x40, 0 },
	{ L("HE Data 3"), L("radiotap.he.data_3.ul_dl"), 0x80, 0 },
	{ L("HE Data 3"), L("radiotap.he.data_3.data_mcs"), 0xF00, 0 },
	{ L("HE Data 3"), L("radiotap.he.data_3.data_dcm"), 0x1000, 0 },
	{ L("HE Data 3"), L("radiotap.he.data_3.coding"), 0x2000, 0 },
	{ L("HE Data 3"), L("radiotap.he.data_3.ldpc_extra_symbol_segment"), 0x4000, 0 },
	{ L("HE Data 3"), L("radiotap.he.data_3.stbc"), 0x8000, 0 },
	{ L("HE Data 4"), L("radiotap.he.data_4.spatial_reuse"), 0xF, 0 },
	{ L("HE Data 4"), L("radiotap.he.data_4.reserved_d4_fff0"), 0xFFF0, 0 },
	{ L("HE Data 4"), L("radiotap.he.data_4.spatial_reuse_1"), 0xF, 0 },
	{ L("HE Data 4"), L("radiotap.he.data_4.spatial_reuse_2"), 0xF0, 0 },
	{ L("HE Data 4"), L("radiotap.he.data_4.spatial_reuse_3"), 0xF00, 0 },
	{ L("HE Data 4"), L("radiotap.he.data_4.spatial_reuse_4"), 0xF000, 0 },
	{ L("HE Data 4"), L("radiotap.he.data_4.sta_id_user"), 0x7FF0, 0 },
	{ L("HE Data 4"), L("radiotap.he.data_4.reserved_d4_b15"), 0x8000, 0 },
	{ L("HE Data 5"), L("radiotap.he.data_5.data_bw_ru_allocation"), 0xF, 0 },
	{ L("HE Data 5"), L("radiotap.he.data_5.gi"), 0x30, 0 },
	{ L("HE Data 5"), L("radiotap.he.data_5.ltf_symbol_size"), 0xC0, 0 },
	{ L("HE Data 5"), L("radiotap.he.data_5.reserved_d5_b11"), 0x800, 0 },
	{ L("HE Data 6"), L("radiotap.he.data_6.nsts"), 0xF, 0 },
	{ L("HE Data 6"), L("radiotap.he.data_6.doppler_value"), 0x10, 0 },
	{ L("HE Data 6"), L("radiotap.he.data_6.reserved_d6_00e0"), 0xE0, 0 },
	{ L("HE Data 6"), L("radiotap.he.data_6.txop_value"), 0x7F00, 0 },
	{ L("HE Data 6"), L("radiotap.he.data_6.midamble_periodicity"), 0x8000, 0 },
	{ L("HE Data 5"), L("radiotap.he.num_ltf_symbols"), 0x700, 0 },
	{ L("HE Data 5"), L("radiotap.he.pre_fec_padding_factor"), 0x3000, 0 },
	{ L("HE Data 5"), L("radiotap.he.txbf"), 0x4000, 0 },
	{ L("HE Data 5"), L("radiotap.he.pe_disambiguity"), 0x8000, 0 },
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
	[21] = { 12, 2, RTAP_VHT_KNOWN, 10 },
	[22] = { 12, 8, RTAP_TIMESTAMP, 4 },
	[23] = { 12, 2, RTAP_HE, 6 },
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
