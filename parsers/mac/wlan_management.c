/* SPDX-License-Identifier: MIT */
/* IEEE 802.11: what frames of management say. The header's subtype decides what stands at
 * fixed places; behind it come tags: an ID, a length, and so many bytes. */
#include "../common/list.h"
#include "wlan.h"

#define OUI_WPA 0x0050F201u /* and type */

enum {
	MGT_SUMMARY,
	MGT_FIXED,
	MGT_CAPABILITIES,
	MGT_LISTEN,
	MGT_CURRENT_AP,
	MGT_STATUS,
	MGT_AID,
	MGT_TIMESTAMP,
	MGT_INTERVAL,
	MGT_BEACON_CAPABILITIES,
	MGT_REASON,
	MGT_ALGORITHM,
	MGT_AUTH_SEQUENCE,
	MGT_AUTH_STATUS,
	MGT_CATEGORY,
	MGT_ACTION,
	MGT_ACTION_DATA,
	MGT_TAGS,
	TAG_ID,
	TAG_LENGTH,
	TAG_DATA,
	TAG_SSID,
	TAG_RATE,
	TAG_CHANNEL,
	TAG_DTIM_COUNT,
	TAG_DTIM_PERIOD,
	TAG_BITMAP_CONTROL,
	TAG_BITMAP,
	TAG_COUNTRY,
	TAG_ENVIRONMENT,
	TAG_FIRST_CHANNEL,
	TAG_CHANNELS,
	TAG_POWER,
	TAG_CHALLENGE,
	TAG_CONSTRAINT,
	TAG_ERP,
	TAG_HT_CAPABILITIES,
	TAG_HT_AMPDU,
	TAG_HT_MCS,
	TAG_RSN_VERSION,
	TAG_RSN_GROUP,
	TAG_RSN_PAIRWISE_COUNT,
	TAG_RSN_PAIRWISE_LIST,
	TAG_RSN_PAIRWISE,
	TAG_RSN_KEYS_COUNT,
	TAG_RSN_KEYS_LIST,
	TAG_RSN_KEYS,
	TAG_RSN_CAPABILITIES,
	TAG_RSN_PMKID_COUNT,
	TAG_RSN_PMKID_LIST,
	TAG_RSN_PMKID,
	TAG_RSN_GROUP_MANAGEMENT,
	TAG_WPA_TYPE,
	TAG_WPA_VERSION,
	TAG_WPA_GROUP,
	TAG_WPA_PAIRWISE_COUNT,
	TAG_WPA_PAIRWISE_LIST,
	TAG_WPA_PAIRWISE,
	TAG_WPA_KEYS_COUNT,
	TAG_WPA_KEYS_LIST,
	TAG_WPA_KEYS,
	TAG_EXTENDED_RATE,
	TAG_HT_CHANNEL,
	TAG_HT_OPERATION,
	TAG_HT_OPERATION_2,
	TAG_HT_OPERATION_3,
	TAG_HT_BASIC,
	TAG_VHT,
	TAG_VHT_MCS,
	TAG_OUI,
	TAG_OUI_TYPE,
	TAG_VENDOR_DATA,
	MGT_FIELDS
};

static LABELED_BIT capability_bits[] = {
	{ 0, L("Not an access point"), L("Access point") },
	{ 1, L("Not in an independent BSS"), L("In an independent BSS") },
	{ 4, L("No privacy"), L("Privacy") },
	{ 5, L("No short preamble"), L("Short preamble") },
	{ 8, L("No spectrum management"), L("Spectrum management") },
	{ 9, L("No QoS"), L("QoS") },
	{ 10, L("Long slots"), L("Short slots") },
	{ 11, L("No automatic power save"), L("Automatic power save") },
	{ 12, L("No radio measurement"), L("Radio measurement") },
};

static LABELED_WORD reason_names[] = {
	{ 1, L("Unspecified") },
	{ 2, L("Authentication is no longer valid") },
	{ 3, L("The station leaves") },
	{ 4, L("Inactivity") },
	{ 5, L("The access point has too many stations") },
	{ 6, L("Class 2 frame from a station that is not authenticated") },
	{ 7, L("Class 3 frame from a station that is not associated") },
	{ 8, L("The station leaves the BSS") },
	{ 9, L("The station is not authenticated") },
	{ 13, L("Invalid element") },
	{ 14, L("Message integrity code is wrong") },
	{ 15, L("4-way handshake timed out") },
	{ 16, L("Group key handshake timed out") },
	{ 17, L("Element differs in the handshake") },
	{ 18, L("Group cipher is not valid") },
	{ 19, L("Pairwise cipher is not valid") },
	{ 20, L("Key management is not valid") },
	{ 23, L("IEEE 802.1X authentication failed") },
	{ 24, L("Cipher rejected by policy") },
};

static LABELED_WORD status_names[] = {
	{ 0, L("Successful") },
	{ 1, L("Unspecified failure") },
	{ 10, L("Capabilities are not supported") },
	{ 11, L("Association can't be confirmed") },
	{ 12, L("Association denied") },
	{ 13, L("Authentication algorithm is not supported") },
	{ 14, L("Authentication sequence number is not expected") },
	{ 15, L("Challenge failed") },
	{ 16, L("Authentication timed out") },
	{ 17, L("The access point has too many stations") },
	{ 18, L("Basic rates are not supported") },
	{ 30, L("Try again later") },
	{ 37, L("Declined") },
	{ 40, L("Invalid element") },
	{ 43, L("Key management is not valid") },
	{ 53, L("PMKID is not valid") },
};

static LABELED_WORD algorithm_names[] = {
	{ 0, L("Open system") },
	{ 1, L("Shared key") },
	{ 2, L("Fast BSS transition") },
	{ 3, L("Simultaneous authentication of equals") },
	{ 0x80, L("Network EAP") },
};

static LABELED_BYTE category_names[] = {
	{ 0, L("Spectrum management") },
	{ 1, L("QoS") },
	{ 2, L("Direct link") },
	{ 3, L("Block ack") },
	{ 4, L("Public") },
	{ 5, L("Radio measurement") },
	{ 6, L("Fast BSS transition") },
	{ 7, L("HT") },
	{ 8, L("SA query") },
	{ 9, L("Protected, public") },
	{ 10, L("Wireless network management") },
	{ 13, L("Mesh") },
	{ 15, L("Self-protected") },
	{ 17, L("WMM") },
	{ 21, L("VHT") },
	{ 126, L("Vendor, protected") },
	{ 127, L("Vendor") },
};

static LABELED_BYTE tag_names[] = {
	{ 0, L("SSID") },
	{ 1, L("Supported rates") },
	{ 2, L("FH parameters") },
	{ 3, L("DS parameters") },
	{ 4, L("CF parameters") },
	{ 5, L("Traffic indication map") },
	{ 6, L("IBSS parameters") },
	{ 7, L("Country") },
	{ 10, L("Request") },
	{ 11, L("BSS load") },
	{ 16, L("Challenge text") },
	{ 32, L("Power constraint") },
	{ 33, L("Power capability") },
	{ 36, L("Supported channels") },
	{ 37, L("Channel switch") },
	{ 42, L("ERP") },
	{ 45, L("HT capabilities") },
	{ 46, L("QoS capability") },
	{ 47, L("ERP") },
	{ 48, L("RSN") },
	{ 50, L("Extended rates") },
	{ 54, L("Mobility domain") },
	{ 59, L("Operating classes") },
	{ 61, L("HT operation") },
	{ 70, L("Radio measurement capabilities") },
	{ 74, L("Overlapping BSS scan") },
	{ 107, L("Interworking") },
	{ 127, L("Extended capabilities") },
	{ 191, L("VHT capabilities") },
	{ 192, L("VHT operation") },
	{ 221, L("Vendor") },
	{ 255, L("Extension") },
};

/* Of IEEE 802.11, and of WPA. */
static LABELED_DWORD cipher_names[] = {
	{ 0x000FAC00, L("Group cipher") },
	{ 0x000FAC01, L("WEP-40") },
	{ 0x000FAC02, L("TKIP") },
	{ 0x000FAC04, L("CCMP-128") },
	{ 0x000FAC05, L("WEP-104") },
	{ 0x000FAC06, L("BIP-CMAC-128") },
	{ 0x000FAC07, L("Group traffic not allowed") },
	{ 0x000FAC08, L("GCMP-128") },
	{ 0x000FAC09, L("GCMP-256") },
	{ 0x000FAC0A, L("CCMP-256") },
	{ 0x000FAC0B, L("BIP-GMAC-128") },
	{ 0x000FAC0C, L("BIP-GMAC-256") },
	{ 0x000FAC0D, L("BIP-CMAC-256") },
	{ 0x0050F200, L("Group cipher") },
	{ 0x0050F201, L("WEP-40") },
	{ 0x0050F202, L("TKIP") },
	{ 0x0050F204, L("CCMP-128") },
	{ 0x0050F205, L("WEP-104") },
};

static LABELED_DWORD management_names[] = {
	{ 0x000FAC01, L("IEEE 802.1X") },
	{ 0x000FAC02, L("Pre-shared key") },
	{ 0x000FAC03, L("FT over IEEE 802.1X") },
	{ 0x000FAC04, L("FT with a pre-shared key") },
	{ 0x000FAC05, L("IEEE 802.1X with SHA-256") },
	{ 0x000FAC06, L("Pre-shared key with SHA-256") },
	{ 0x000FAC07, L("TDLS") },
	{ 0x000FAC08, L("SAE") },
	{ 0x000FAC09, L("FT over SAE") },
	{ 0x000FAC0B, L("Suite B with SHA-256") },
	{ 0x000FAC0C, L("Suite B with SHA-384") },
	{ 0x000FAC12, L("Opportunistic encryption") },
	{ 0x0050F201, L("IEEE 802.1X") },
	{ 0x0050F202, L("Pre-shared key") },
};

static LABELED_BIT erp_bits[] = {
	{ 0, L("No non-ERP stations"), L("Non-ERP stations present") },
	{ 1, L("Protection is not needed"), L("Use protection") },
	{ 2, L("Short preamble allowed"), L("Long preamble only") },
};

static struct _SET capabilities = BITS_OF(capability_bits);
static struct _SET reasons = SET_OF(Word, reason_names);
static struct _SET statuses = SET_OF(Word, status_names);
static struct _SET algorithms = SET_OF(Word, algorithm_names);
static struct _SET categories = SET_OF(Byte, category_names);
static struct _SET tag_set = SET_OF(Byte, tag_names);
static struct _SET ciphers = SET_OF(Dword, cipher_names);
static struct _SET managements = SET_OF(Dword, management_names);
static struct _SET erp = BITS_OF(erp_bits);

static void format_summary(LPPROPERTYINST i, HFRAME frame);
static void format_rate(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[MGT_SUMMARY] = { "Summary of the 802.11 management frame", "wlan.mgt", SUMMARY,
	    .format = format_summary },
	[MGT_FIXED] = { "Fixed Parameters", "wlan.fixed.all", GROUP },
	[MGT_CAPABILITIES] = { "Capabilities", "wlan.fixed.capabilities", LE_U16(0),
	    FLAGS(capabilities), .level = 2 },
	[MGT_LISTEN] = { "Listen Interval", "wlan.fixed.listen_ival", LE_U16(2), .level = 2 },
	[MGT_CURRENT_AP] = { "Current Access Point", "wlan.fixed.current_ap", MAC(4), .level = 2 },
	[MGT_STATUS] = { "Status Code", "wlan.fixed.status_code", LE_U16(2), LABELED(statuses),
	    .level = 2 },
	[MGT_AID] = { "Association ID", NULL, LE_U16(4), .level = 2 },
	[MGT_TIMESTAMP] = { "Timestamp", "wlan.fixed.timestamp", LE_U64(0), .level = 2 },
	[MGT_INTERVAL] = { "Beacon Interval", "wlan.fixed.beacon", LE_U16(8), .level = 2 },
	[MGT_BEACON_CAPABILITIES] = { "Capabilities of the Network", "wlan.fixed.capabilities",
	    LE_U16(10), FLAGS(capabilities), .level = 2 },
	[MGT_REASON] = { "Reason Code", "wlan.fixed.reason_code", LE_U16(0), LABELED(reasons),
	    .level = 2 },
	[MGT_ALGORITHM] = { "Authentication Algorithm", "wlan.fixed.auth.alg", LE_U16(0),
	    LABELED(algorithms), .level = 2 },
	[MGT_AUTH_SEQUENCE] = { "Authentication Sequence", "wlan.fixed.auth_seq", LE_U16(2),
	    .level = 2 },
	[MGT_AUTH_STATUS] = { "Authentication Status", "wlan.fixed.status_code", LE_U16(4),
	    LABELED(statuses), .level = 2 },
	[MGT_CATEGORY] = { "Category", "wlan.fixed.category_code", U8(0), LABELED(categories),
	    .level = 2 },
	[MGT_ACTION] = { "Action Code", "wlan.fixed.action_code", U8(1), .level = 2 },
	[MGT_ACTION_DATA] = { "Action Data", NULL, BYTES(2, 0), .level = 2 },
	[MGT_TAGS] = { "Tagged Parameters", "wlan.tagged.all", GROUP },
	[TAG_ID] = { "Tag", "wlan.tag.number wlan.tag", U8(0), LABELED(tag_set), .level = 2 },
	[TAG_LENGTH] = { "Tag Length", "wlan.tag.length", U8(1), .level = 3 },
	[TAG_DATA] = { "Tag Data", NULL, BYTES(2, 0), .level = 3 },
	[TAG_SSID] = { "SSID", "wlan.ssid", TEXT(2, 0), .level = 3 },
	[TAG_RATE] = { "Supported Rate", "wlan.supported_rates", U8(2), .level = 3,
	    .format = format_rate },
	[TAG_CHANNEL] = { "Current Channel", "wlan.ds.current_channel", U8(2), .level = 3 },
	[TAG_DTIM_COUNT] = { "DTIM Count", "wlan.tim.dtim_count", U8(2), .level = 3 },
	[TAG_DTIM_PERIOD] = { "DTIM Period", "wlan.tim.dtim_period", U8(3), .level = 3 },
	[TAG_BITMAP_CONTROL] = { "Bitmap Control", "wlan.tim.bmapctl", U8(4), .level = 3 },
	[TAG_BITMAP] = { "Partial Virtual Bitmap", "wlan.tim.partial_virtual_bitmap", BYTES(5, 0),
	    .level = 3 },
	[TAG_COUNTRY] = { "Country Code", "wlan.country_info.code", TEXT(2, 2), .level = 3 },
	[TAG_ENVIRONMENT] = { "Environment", "wlan.country_info.environment", U8(4), .level = 3 },
	[TAG_FIRST_CHANNEL] = { "First Channel", "wlan.country_info.fnm.fcn", U8(5), .level = 3 },
	[TAG_CHANNELS] = { "Number of Channels", "wlan.country_info.fnm.nc", U8(6), .level = 3 },
	[TAG_POWER] = { "Maximum Transmit Power (dBm)", "wlan.country_info.fnm.mtpl", U8(7),
	    .level = 3 },
	[TAG_CHALLENGE] = { "Challenge Text", "wlan.tag.challenge_text", BYTES(2, 0), .level = 3 },
	[TAG_CONSTRAINT] = { "Power Constraint (dB)", "wlan.powercon.local", U8(2), .level = 3 },
	[TAG_ERP] = { "ERP Information", "wlan.erp_info", U8(2), FLAGS(erp), .level = 3 },
	[TAG_HT_CAPABILITIES] = { "HT Capabilities", "wlan.ht.capabilities", LE_U16(2),
	    .level = 3 },
	[TAG_HT_AMPDU] = { "HT A-MPDU Parameters", "wlan.ht.ampduparam", U8(4), .level = 3 },
	[TAG_HT_MCS] = { "HT MCS Set", NULL, BYTES(5, 16), .level = 3 },
	[TAG_RSN_VERSION] = { "RSN Version", "wlan.rsn.version", LE_U16(2), .level = 3 },
	[TAG_RSN_GROUP] = { "Group Cipher", "wlan.rsn.gcs", U32(4), LABELED(ciphers), .level = 3 },
	[TAG_RSN_PAIRWISE_COUNT] = { "Number of Pairwise Ciphers", "wlan.rsn.pcs.count", LE_U16(0),
	    .level = 3 },
	[TAG_RSN_PAIRWISE_LIST] = { "Pairwise Ciphers", "wlan.rsn.pcs.list", GROUP, .level = 3 },
	[TAG_RSN_PAIRWISE] = { "Pairwise Cipher", "wlan.rsn.pcs", U32(0), LABELED(ciphers),
	    .level = 4 },
	[TAG_RSN_KEYS_COUNT] = { "Number of Key Managements", "wlan.rsn.akms.count", LE_U16(0),
	    .level = 3 },
	[TAG_RSN_KEYS_LIST] = { "Key Managements", "wlan.rsn.akms.list", GROUP, .level = 3 },
	[TAG_RSN_KEYS] = { "Key Management", "wlan.rsn.akms", U32(0), LABELED(managements),
	    .level = 4 },
	[TAG_RSN_CAPABILITIES] = { "RSN Capabilities", "wlan.rsn.capabilities", LE_U16(0),
	    .level = 3 },
	[TAG_RSN_PMKID_COUNT] = { "Number of PMKIDs", "wlan.rsn.pmkid.count", LE_U16(0),
	    .level = 3 },
	[TAG_RSN_PMKID_LIST] = { "PMKIDs", "wlan.rsn.pmkid.list", GROUP, .level = 3 },
	[TAG_RSN_PMKID] = { "PMKID", "wlan.pmkid.akms", BYTES(0, 16), .level = 4 },
	[TAG_RSN_GROUP_MANAGEMENT] = { "Group Management Cipher", "wlan.rsn.gmcs", U32(0),
	    LABELED(ciphers), .level = 3 },
	[TAG_WPA_TYPE] = { "Microsoft Type", "wlan.wfa.ie.type", U8(5), .level = 3 },
	[TAG_WPA_VERSION] = { "WPA Version", "wlan.wfa.ie.wpa.version", LE_U16(6), .level = 3 },
	[TAG_WPA_GROUP] = { "WPA Group Cipher", "wlan.wfa.ie.wpa.mcs", U32(8), LABELED(ciphers),
	    .level = 3 },
	[TAG_WPA_PAIRWISE_COUNT] = { "WPA Number of Pairwise Ciphers", "wlan.wfa.ie.wpa.ucs.count",
	    LE_U16(0), .level = 3 },
	[TAG_WPA_PAIRWISE_LIST] = { "WPA Pairwise Ciphers", "wlan.wfa.ie.wpa.ucs.list", GROUP,
	    .level = 3 },
	[TAG_WPA_PAIRWISE] = { "WPA Pairwise Cipher", "wlan.wfa.ie.wpa.ucs", U32(0),
	    LABELED(ciphers), .level = 4 },
	[TAG_WPA_KEYS_COUNT] = { "WPA Number of Key Managements", "wlan.wfa.ie.wpa.akms.count",
	    LE_U16(0), .level = 3 },
	[TAG_WPA_KEYS_LIST] = { "WPA Key Managements", "wlan.wfa.ie.wpa.akms.list", GROUP,
	    .level = 3 },
	[TAG_WPA_KEYS] = { "WPA Key Management", "wlan.wfa.ie.wpa.akms", U32(0),
	    LABELED(managements), .level = 4 },
	[TAG_EXTENDED_RATE] = { "Extended Rate", "wlan.extended_supported_rates", U8(2), .level = 3,
	    .format = format_rate },
	[TAG_HT_CHANNEL] = { "Primary Channel", "wlan.ht.info.primarychannel", U8(2), .level = 3 },
	[TAG_HT_OPERATION] = { "HT Operation, first byte", "wlan.ht.info.delim1", U8(3),
	    .level = 3 },
	[TAG_HT_OPERATION_2] = { "HT Operation, second and third byte", "wlan.ht.info.delim2",
	    LE_U16(4), .level = 3 },
	[TAG_HT_OPERATION_3] = { "HT Operation, fourth and fifth byte", "wlan.ht.info.delim3",
	    LE_U16(6), .level = 3 },
	[TAG_HT_BASIC] = { "Basic HT MCS Set", NULL, BYTES(8, 16), .level = 3 },
	[TAG_VHT] = { "VHT Capabilities", "wlan.vht.capabilities", LE_U32(2), .level = 3 },
	[TAG_VHT_MCS] = { "VHT MCS Set", NULL, BYTES(6, 8), .level = 3 },
	[TAG_OUI] = { "Organization Code", "wlan.tag.oui", BITS32(2, 0xFFFFFF00), .level = 3 },
	[TAG_OUI_TYPE] = { "Vendor Type", "wlan.tag.vendor.oui.type", U8(5), .level = 3 },
	[TAG_VENDOR_DATA] = { "Vendor Data", "wlan.tag.vendor.data", BYTES(5, 0), .level = 3 },
};

static const PARSERFIELDNAME names[] = {
	{ L("Association ID"), L("wlan.fixed.aid"), 0x3FFF, 0 },
	{ L("Capabilities"), L("wlan.fixed.capabilities.ess"), 0x0001, 0 },
	{ L("Capabilities"), L("wlan.fixed.capabilities.ibss"), 0x0002, 0 },
	{ L("Capabilities"), L("wlan.fixed.capabilities.privacy"), 0x0010, 0 },
	{ L("Capabilities of the Network"), L("wlan.fixed.capabilities.ess"), 0x0001, 0 },
	{ L("Capabilities of the Network"), L("wlan.fixed.capabilities.ibss"), 0x0002, 0 },
	{ L("Capabilities of the Network"), L("wlan.fixed.capabilities.privacy"), 0x0010, 0 },
	{ L("Capabilities"), L("wlan.fixed.capabilities.reserved1"), 0x4, 0 },
	{ L("Capabilities"), L("wlan.fixed.capabilities.reserved2"), 0x8, 0 },
	{ L("Capabilities"), L("wlan.fixed.capabilities.short_preamble"), 0x20, 0 },
	{ L("Capabilities"), L("wlan.fixed.capabilities.reserved3"), 0x40, 0 },
	{ L("Capabilities"), L("wlan.fixed.capabilities.reserved4"), 0x80, 0 },
	{ L("Capabilities"), L("wlan.fixed.capabilities.spec_man"), 0x100, 0 },
	{ L("Capabilities"), L("wlan.fixed.capabilities.qos"), 0x200, 0 },
	{ L("Capabilities"), L("wlan.fixed.capabilities.short_slot_time"), 0x400, 0 },
	{ L("Capabilities"), L("wlan.fixed.capabilities.apsd"), 0x800, 0 },
	{ L("Capabilities"), L("wlan.fixed.capabilities.radio_measurement"), 0x1000, 0 },
	{ L("Capabilities"), L("wlan.fixed.capabilities.epd"), 0x2000, 0 },
	{ L("Capabilities"), L("wlan.fixed.capabilities.reserved5"), 0x4000, 0 },
	{ L("Capabilities"), L("wlan.fixed.capabilities.reserved6"), 0x8000, 0 },
	{ L("Capabilities of the Network"), L("wlan.fixed.capabilities.reserved1"), 0x4, 0 },
	{ L("Capabilities of the Network"), L("wlan.fixed.capabilities.reserved2"), 0x8, 0 },
	{ L("Capabilities of the Network"), L("wlan.fixed.capabilities.short_preamble"), 0x20, 0 },
	{ L("Capabilities of the Network"), L("wlan.fixed.capabilities.reserved3"), 0x40, 0 },
	{ L("Capabilities of the Network"), L("wlan.fixed.capabilities.reserved4"), 0x80, 0 },
	{ L("Capabilities of the Network"), L("wlan.fixed.capabilities.spec_man"), 0x100, 0 },
	{ L("Capabilities of the Network"), L("wlan.fixed.capabilities.qos"), 0x200, 0 },
	{ L("Capabilities of the Network"), L("wlan.fixed.capabilities.short_slot_time"), 0x400,
	    0 },
	{ L("Capabilities of the Network"), L("wlan.fixed.capabilities.apsd"), 0x800, 0 },
	{ L("Capabilities of the Network"), L("wlan.fixed.capabilities.radio_measurement"), 0x1000,
	    0 },
	{ L("Capabilities of the Network"), L("wlan.fixed.capabilities.epd"), 0x2000, 0 },
	{ L("Capabilities of the Network"), L("wlan.fixed.capabilities.reserved5"), 0x4000, 0 },
	{ L("Capabilities of the Network"), L("wlan.fixed.capabilities.reserved6"), 0x8000, 0 },
	{ L("ERP Information"), L("wlan.erp_info.erp_present"), 0x1, 0 },
	{ L("ERP Information"), L("wlan.erp_info.use_protection"), 0x2, 0 },
	{ L("ERP Information"), L("wlan.erp_info.barker_preamble_mode"), 0x4, 0 },
	{ L("ERP Information"), L("wlan.erp_info.reserved"), 0xF8, 0 },
	{ L("Bitmap Control"), L("wlan.tim.bmapctl.multicast"), 0x1, 0 },
	{ L("Bitmap Control"), L("wlan.tim.bmapctl.offset"), 0xFE, 0 },
	{ L("HT Capabilities"), L("wlan.ht.capabilities.ldpccoding"), 0x1, 0 },
	{ L("HT Capabilities"), L("wlan.ht.capabilities.width"), 0x2, 0 },
	{ L("HT Capabilities"), L("wlan.ht.capabilities.sm"), 0xC, 0 },
	{ L("HT Capabilities"), L("wlan.ht.capabilities.green"), 0x10, 0 },
	{ L("HT Capabilities"), L("wlan.ht.capabilities.short20"), 0x20, 0 },
	{ L("HT Capabilities"), L("wlan.ht.capabilities.short40"), 0x40, 0 },
	{ L("HT Capabilities"), L("wlan.ht.capabilities.txstbc"), 0x80, 0 },
	{ L("HT Capabilities"), L("wlan.ht.capabilities.rxstbc"), 0x300, 0 },
	{ L("HT Capabilities"), L("wlan.ht.capabilities.delayedblockack"), 0x400, 0 },
	{ L("HT Capabilities"), L("wlan.ht.capabilities.amsdu"), 0x800, 0 },
	{ L("HT Capabilities"), L("wlan.ht.capabilities.dsscck"), 0x1000, 0 },
	{ L("HT Capabilities"), L("wlan.ht.capabilities.psmp"), 0x2000, 0 },
	{ L("HT Capabilities"), L("wlan.ht.capabilities.40mhzintolerant"), 0x4000, 0 },
	{ L("HT Capabilities"), L("wlan.ht.capabilities.lsig"), 0x8000, 0 },
	{ L("HT A-MPDU Parameters"), L("wlan.ht.ampduparam.maxlength"), 0x3, 0 },
	{ L("HT A-MPDU Parameters"), L("wlan.ht.ampduparam.mpdudensity"), 0x1C, 0 },
	{ L("HT A-MPDU Parameters"), L("wlan.ht.ampduparam.reserved"), 0xE0, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.maxmpdulength"), 0x3, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.supportedchanwidthset"), 0xC, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.rxldpc"), 0x10, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.short80"), 0x20, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.short160"), 0x40, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.txstbc"), 0x80, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.rxstbc"), 0x700, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.subeamformer"), 0x800, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.subeamformee"), 0x1000, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.beamformee_sts_cap"), 0xE000, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.soundingdimensions"), 0x70000, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.mubeamformer"), 0x80000, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.mubeamformee"), 0x100000, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.vhttxopps"), 0x200000, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.vhthtc"), 0x400000, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.maxampdu"), 0x3800000, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.linkadapt"), 0xC000000, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.rxpatconsist"), 0x10000000, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.txpatconsist"), 0x20000000, 0 },
	{ L("VHT Capabilities"), L("wlan.vht.capabilities.ext_nss_bw_support"), 0xC0000000, 0 },
	{ L("RSN Capabilities"), L("wlan.rsn.capabilities.preauth"), 0x1, 0 },
	{ L("RSN Capabilities"), L("wlan.rsn.capabilities.no_pairwise"), 0x2, 0 },
	{ L("RSN Capabilities"), L("wlan.rsn.capabilities.ptksa_replay_counter"), 0xC, 0 },
	{ L("RSN Capabilities"), L("wlan.rsn.capabilities.gtksa_replay_counter"), 0x30, 0 },
	{ L("RSN Capabilities"), L("wlan.rsn.capabilities.mfpr"), 0x40, 0 },
	{ L("RSN Capabilities"), L("wlan.rsn.capabilities.mfpc"), 0x80, 0 },
	{ L("RSN Capabilities"), L("wlan.rsn.capabilities.jmr"), 0x100, 0 },
	{ L("RSN Capabilities"), L("wlan.rsn.capabilities.peerkey"), 0x200, 0 },
	{ L("RSN Capabilities"), L("wlan.rsn.capabilities.extended_key_id_iaf"), 0x2000, 0 },
	{ L("Group Cipher"), L("wlan.rsn.gcs.oui"), 0xFFFFFF00, 0 },
	{ L("Group Cipher"), L("wlan.rsn.gcs.type"), 0x000000FF, 0 },
	{ L("Pairwise Cipher"), L("wlan.rsn.pcs.oui"), 0xFFFFFF00, 0 },
	{ L("Pairwise Cipher"), L("wlan.rsn.pcs.type"), 0x000000FF, 0 },
	{ L("Key Management"), L("wlan.rsn.akms.oui"), 0xFFFFFF00, 0 },
	{ L("Key Management"), L("wlan.rsn.akms.type"), 0x000000FF, 0 },
	{ L("Group Management Cipher"), L("wlan.rsn.gmcs.oui"), 0xFFFFFF00, 0 },
	{ L("Group Management Cipher"), L("wlan.rsn.gmcs.type"), 0x000000FF, 0 },
	{ L("WPA Group Cipher"), L("wlan.wfa.ie.wpa.mcs.oui"), 0xFFFFFF00, 0 },
	{ L("WPA Group Cipher"), L("wlan.wfa.ie.wpa.mcs.type"), 0x000000FF, 0 },
	{ L("WPA Pairwise Cipher"), L("wlan.wfa.ie.wpa.ucs.oui"), 0xFFFFFF00, 0 },
	{ L("WPA Pairwise Cipher"), L("wlan.wfa.ie.wpa.ucs.type"), 0x000000FF, 0 },
	{ L("WPA Key Management"), L("wlan.wfa.ie.wpa.akms.oui"), 0xFFFFFF00, 0 },
	{ L("WPA Key Management"), L("wlan.wfa.ie.wpa.type"), 0x000000FF, 0 },
	{ L("HT Operation, first byte"), L("wlan.ht.info.secchanoffset"), 0x3, 0 },
	{ L("HT Operation, first byte"), L("wlan.ht.info.chanwidth"), 0x4, 0 },
	{ L("HT Operation, first byte"), L("wlan.ht.info.rifs"), 0x8, 0 },
	{ L("HT Operation, first byte"), L("wlan.ht.info.reserved_b4_b7"), 0xF0, 0 },
	{ L("HT Operation, second and third byte"), L("wlan.ht.info.ht_protection"), 0x3, 0 },
	{ L("HT Operation, second and third byte"), L("wlan.ht.info.greenfield"), 0x4, 0 },
	{ L("HT Operation, second and third byte"), L("wlan.ht.info.reserved_b11"), 0x8, 0 },
	{ L("HT Operation, second and third byte"), L("wlan.ht.info.obssnonht"), 0x10, 0 },
	{ L("HT Operation, second and third byte"), L("wlan.ht.info.chan_center_freq_seg_2"),
	    0x1FE0, 0 },
	{ L("HT Operation, second and third byte"), L("wlan.ht.info.reserved_b21_b23"), 0xE000, 0 },
	{ L("HT Operation, fourth and fifth byte"), L("wlan.ht.info.reserved_b24_b29"), 0x3F, 0 },
	{ L("HT Operation, fourth and fifth byte"), L("wlan.ht.info.dualbeacon"), 0x40, 0 },
	{ L("HT Operation, fourth and fifth byte"), L("wlan.ht.info.dualcts"), 0x80, 0 },
	{ L("HT Operation, fourth and fifth byte"), L("wlan.ht.info.secondarybeacon"), 0x100, 0 },
	{ L("HT Operation, fourth and fifth byte"), L("wlan.ht.info.lsigprotsupport"), 0x200, 0 },
	{ L("HT Operation, fourth and fifth byte"), L("wlan.ht.info.pco.active"), 0x400, 0 },
	{ L("HT Operation, fourth and fifth byte"), L("wlan.ht.info.pco.phase"), 0x800, 0 },
	{ L("HT Operation, fourth and fifth byte"), L("wlan.ht.info.reserved_b36_b39"), 0xF000, 0 },
};

/* A count of two bytes and so many elements of `size` bytes, from *at on; false: the tag ends
 * before all of them. Rows: count, list, element. */
static bool attach_counted(const struct header *h, unsigned row, DWORD *at, DWORD size)
{
	struct header part = { h->frame, h->p + *at, h->left - *at };
	DWORD n;

	fields_attach(&part, &fields[row], 1);
	if (part.left < 2)
		return false;
	n = le16(part.p) * size;
	*at += 2;
	if (n)
		field_attach_at(h, &fields[row + 1], *at, n, 0);
	for (; n > 0 && *at < h->left; n -= size, *at += size)
		field_attach_at(h, &fields[row + 2], *at, size, 0);
	return n == 0 && *at < h->left;
}

/* Behind the group cipher; each part may be the last. */
static void attach_rsn(const struct header *h)
{
	DWORD at = 8;

	if (at >= h->left || !attach_counted(h, TAG_RSN_PAIRWISE_COUNT, &at, 4) ||
	    !attach_counted(h, TAG_RSN_KEYS_COUNT, &at, 4))
		return;
	field_attach_at(h, &fields[TAG_RSN_CAPABILITIES], at, 2, 0);
	at += 2;
	if (at >= h->left || !attach_counted(h, TAG_RSN_PMKID_COUNT, &at, 16))
		return;
	field_attach_at(h, &fields[TAG_RSN_GROUP_MANAGEMENT], at, 4, 0);
}

static void attach_wpa(const struct header *h)
{
	DWORD at = 12;

	fields_attach(h, &fields[TAG_WPA_TYPE], 3);
	if (at < h->left && attach_counted(h, TAG_WPA_PAIRWISE_COUNT, &at, 4))
		(void)attach_counted(h, TAG_WPA_KEYS_COUNT, &at, 4);
}

/* Before IEEE had RSN, Microsoft's element of type 1 said the same. */
static void attach_vendor(const struct header *h)
{
	if (h->left >= 6 && be32(h->p + 2) == OUI_WPA)
		attach_wpa(h);
	else
		fields_attach(h, &fields[TAG_VENDOR_DATA], 1);
}

static const struct element tag_rows[] = {
	{ .type = 0, .first = TAG_SSID, .n = 1 },
	{ .type = 1, .first = TAG_RATE, .n = 1, .every = 1 },
	{ .type = 3, .first = TAG_CHANNEL, .n = 1 },
	{ .type = 5, .first = TAG_DTIM_COUNT, .n = 4 },
	{ .type = 7, .first = TAG_COUNTRY, .n = 5 },
	{ .type = 16, .first = TAG_CHALLENGE, .n = 1 },
	{ .type = 32, .first = TAG_CONSTRAINT, .n = 1 },
	{ .type = 42, .first = TAG_ERP, .n = 1 },
	{ .type = 45, .first = TAG_HT_CAPABILITIES, .n = 3 },
	{ .type = 47, .first = TAG_ERP, .n = 1 },
	{ .type = 48, .first = TAG_RSN_VERSION, .n = 2, .attach = attach_rsn },
	{ .type = 50, .first = TAG_EXTENDED_RATE, .n = 1, .every = 1 },
	{ .type = 61, .first = TAG_HT_CHANNEL, .n = 5 },
	{ .type = 191, .first = TAG_VHT, .n = 2 },
	{ .type = 221, .first = TAG_OUI, .n = 2, .attach = attach_vendor },
};

static const struct list tags = {
	.fields = fields,
	.type = TAG_ID,
	.length = TAG_LENGTH,
	.rest = TAG_DATA,
	.length_at = 1,
	.uncounted = 2,
	.elements = tag_rows,
	.n_elements = COUNT(tag_rows),
};

/* By subtype: the rows at fixed places, and where the tags begin; 0: there are none. */
static const struct body {
	const char *name;
	uint8_t rows[4]; /* 0 behind the last */
	uint8_t fixed;   /* bytes */
	bool has_tags;
} bodies[16] = {
	[0x0] = { "Association request", { MGT_CAPABILITIES, MGT_LISTEN }, 4, true },
	[0x1] = { "Association response", { MGT_CAPABILITIES, MGT_STATUS, MGT_AID }, 6, true },
	[0x2] = { "Reassociation request", { MGT_CAPABILITIES, MGT_LISTEN, MGT_CURRENT_AP }, 10,
	    true },
	[0x3] = { "Reassociation response", { MGT_CAPABILITIES, MGT_STATUS, MGT_AID }, 6, true },
	[0x4] = { "Probe request", { 0 }, 0, true },
	[0x5] = { "Probe response", { MGT_TIMESTAMP, MGT_INTERVAL, MGT_BEACON_CAPABILITIES }, 12,
	    true },
	[0x8] = { "Beacon", { MGT_TIMESTAMP, MGT_INTERVAL, MGT_BEACON_CAPABILITIES }, 12, true },
	[0xA] = { "Disassociation", { MGT_REASON }, 2, true },
	[0xB] = { "Authentication", { MGT_ALGORITHM, MGT_AUTH_SEQUENCE, MGT_AUTH_STATUS }, 6,
	    true },
	[0xC] = { "Deauthentication", { MGT_REASON }, 2, true },
	[0xD] = { "Action", { MGT_CATEGORY, MGT_ACTION, MGT_ACTION_DATA }, 2, false },
	[0xE] = { "Action, no acknowledgement", { MGT_CATEGORY, MGT_ACTION, MGT_ACTION_DATA }, 2,
	    false },
};

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	uint8_t subtype = mac[before_at] >> 4;
	const struct body *b = &bodies[subtype];
	DWORD fixed = b->has_tags ? b->fixed : h.left;

	/* The text needs the subtype, which is not in our bytes. */
	field_attach_value(&h, &fields[MGT_SUMMARY], 0, h.left < b->fixed ? b->fixed : h.left,
	    &subtype, sizeof subtype, 0);
	if (fixed)
		field_attach_at(&h, &fields[MGT_FIXED], 0, fixed, 0);
	for (const uint8_t *row = b->rows; *row; row++)
		fields_attach(&h, &fields[*row], 1);
	if (b->has_tags && h.left > b->fixed) {
		field_attach_at(&h, &fields[MGT_TAGS], b->fixed, h.left - b->fixed, 0);
		list_attach(&tags, &h, b->fixed, h.left);
	}
	return NULL;
}

/* The network's name, where there is one. */
static void put_ssid(LPPROPERTYINST i, const uint8_t *p, DWORD left)
{
	if (left < 2 || p[0] != 0 || p[1] == 0 || left < 2u + p[1])
		return;
	text_put(i, ", SSID ");
	for (DWORD n = 0; n < p[1]; n++)
		text_put(i, "%c", p[2 + n] >= ' ' && p[2 + n] < 0x7F ? p[2 + n] : '.');
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const PROPERTYINSTEX *ex = i->lpPropertyInstEx;
	const struct body *b = &bodies[ex->Byte[0] & 0xF];

	(void)frame;
	text_put(i, "%s", b->name ? b->name : "Management");
	if (ex->Length < b->fixed)
		text_put(i, ", cut short");
	else if (b->has_tags)
		put_ssid(i, (const uint8_t *)ex->lpData + b->fixed, (DWORD)ex->Length - b->fixed);
}

static void format_rate(LPPROPERTYINST i, HFRAME frame)
{
	uint8_t v = i->lpByte[0];

	(void)frame;
	text_label(i);
	text_put(i, "%u.%u Mbit/s%s", (v & 0x7F) / 2, v % 2 * 5, v & 0x80 ? ", basic" : "");
}

struct parser wlan_management_parser = {
	.name = "WLANMGT",
	.comment = "Management of a wireless LAN (IEEE 802.11)",
	.fields = fields,
	.n_fields = MGT_FIELDS,
	.recognize = claim_rest,
	.attach = attach,
	.names = names,
	.n_names = COUNT(names),
};
