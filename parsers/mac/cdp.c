/* SPDX-License-Identifier: MIT */
/* Cisco Discovery Protocol.
 *
 *   OFFSET SIZE MEANING
 *   0      1    version
 *   1      1    time to live, seconds
 *   2      2    checksum
 *   4           fields: type 2, length 2 with these four bytes
 */
#include "../common/list.h"
#include "mac.h"

#define HEADER 4u

enum {
	CDP_SUMMARY,
	CDP_VERSION,
	CDP_TTL,
	CDP_CHECKSUM,
	CDP_TYPE,
	CDP_LENGTH,
	CDP_DATA,
	CDP_DEVICE,
	CDP_ADDRESSES,
	CDP_ADDRESS_DATA,
	CDP_PORT,
	CDP_CAPABILITIES,
	CDP_SOFTWARE,
	CDP_PLATFORM,
	CDP_PREFIX,
	CDP_HELLO_OUI,
	CDP_HELLO_PROTOCOL,
	CDP_HELLO_DATA,
	CDP_DOMAIN,
	CDP_NATIVE_VLAN,
	CDP_DUPLEX,
	CDP_VOICE_DATA,
	CDP_VOICE_VLAN,
	CDP_POWER,
	CDP_MTU,
	CDP_TRUST,
	CDP_COS,
	CDP_SYSTEM,
	CDP_SYSTEM_OID,
	CDP_MANAGEMENT,
	CDP_MANAGEMENT_DATA,
	CDP_FIELDS
};

static LABELED_WORD type_names[] = {
	{ 0x0001, L("Device ID") },
	{ 0x0002, L("Addresses") },
	{ 0x0003, L("Port ID") },
	{ 0x0004, L("Capabilities") },
	{ 0x0005, L("Software version") },
	{ 0x0006, L("Platform") },
	{ 0x0007, L("IP prefixes") },
	{ 0x0008, L("Protocol hello") },
	{ 0x0009, L("VTP management domain") },
	{ 0x000A, L("Native VLAN") },
	{ 0x000B, L("Duplex") },
	{ 0x000E, L("Voice VLAN") },
	{ 0x000F, L("Voice VLAN query") },
	{ 0x0010, L("Power consumption") },
	{ 0x0011, L("MTU") },
	{ 0x0012, L("Trust bitmap") },
	{ 0x0013, L("Class of service of untrusted ports") },
	{ 0x0014, L("System name") },
	{ 0x0015, L("System object ID") },
	{ 0x0016, L("Management addresses") },
	{ 0x0017, L("Location") },
	{ 0x0018, L("External port ID") },
	{ 0x0019, L("Power requested") },
	{ 0x001A, L("Power available") },
	{ 0x001D, L("EnergyWise") },
	{ 0x001F, L("Spare pair power") },
};

static LABELED_BIT capability_bits[] = {
	{ 0, L("No router"), L("Router") },
	{ 1, L("No transparent bridge"), L("Transparent bridge") },
	{ 2, L("No source route bridge"), L("Source route bridge") },
	{ 3, L("No switch"), L("Switch") },
	{ 4, L("No host"), L("Host") },
	{ 5, L("Not IGMP capable"), L("IGMP capable") },
	{ 6, L("No repeater"), L("Repeater") },
	{ 7, L("No phone"), L("Phone") },
	{ 8, L("Not remotely managed"), L("Remotely managed") },
};

static LABELED_BYTE duplex_names[] = {
	{ 0, L("Half") },
	{ 1, L("Full") },
};

static struct _SET types = SET_OF(Word, type_names);
static struct _SET capabilities = BITS_OF(capability_bits);
static struct _SET duplexes = SET_OF(Byte, duplex_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[CDP_SUMMARY] = { "Summary of the CDP packet", "cdp", SUMMARY, .format = format_summary },
	[CDP_VERSION] = { "Version", "cdp.version", U8(0) },
	[CDP_TTL] = { "Time to Live", "cdp.ttl", U8(1) },
	[CDP_CHECKSUM] = { "Checksum", "cdp.checksum", U16(2) },
	[CDP_TYPE] = { "Field", "cdp.tlv.type", U16(0), LABELED(types) },
	[CDP_LENGTH] = { "Field Length", "cdp.tlv.len", U16(2), .level = 2 },
	[CDP_DATA] = { "Field Data", "cdp.data", BYTES(4, 0), .level = 2 },
	[CDP_DEVICE] = { "Device ID", "cdp.deviceid", TEXT(4, 0), .level = 2 },
	[CDP_ADDRESSES] = { "Number of Addresses", "cdp.number_of_addresses", U32(4), .level = 2 },
	[CDP_ADDRESS_DATA] = { "Addresses", NULL, BYTES(8, 0), .level = 2 },
	[CDP_PORT] = { "Port ID", "cdp.portid", TEXT(4, 0), .level = 2 },
	[CDP_CAPABILITIES] = { "Capabilities", "cdp.capabilities", U32(4), FLAGS(capabilities),
	    .level = 2 },
	[CDP_SOFTWARE] = { "Software Version", "cdp.software_version", TEXT(4, 0), .level = 2 },
	[CDP_PLATFORM] = { "Platform", "cdp.platform", TEXT(4, 0), .level = 2 },
	[CDP_PREFIX] = { "IP Prefixes", NULL, BYTES(4, 0), .level = 2 },
	[CDP_HELLO_OUI] = { "Organization Code", "cdp.oui", BITS32(4, 0xFFFFFF00), .level = 2 },
	[CDP_HELLO_PROTOCOL] = { "Protocol ID", "cdp.protocol_id", U16(7), .level = 2 },
	[CDP_HELLO_DATA] = { "Protocol Hello Data", NULL, BYTES(9, 0), .level = 2 },
	[CDP_DOMAIN] = { "VTP Management Domain", "cdp.vtp_management_domain", TEXT(4, 0),
	    .level = 2 },
	[CDP_NATIVE_VLAN] = { "Native VLAN", "cdp.native_vlan", U16(4), .level = 2 },
	[CDP_DUPLEX] = { "Duplex", "cdp.duplex", U8(4), LABELED(duplexes), .level = 2 },
	[CDP_VOICE_DATA] = { "Voice VLAN Data", NULL, U8(4), .level = 2 },
	[CDP_VOICE_VLAN] = { "Voice VLAN", "cdp.voice_vlan", U16(5), .level = 2 },
	[CDP_POWER] = { "Power Consumption (mW)", "cdp.power_consumption", U16(4), .level = 2 },
	[CDP_MTU] = { "MTU", "cdp.mtu", U32(4), .level = 2 },
	[CDP_TRUST] = { "Trust Bitmap", "cdp.trust_bitmap", U8(4), .level = 2 },
	[CDP_COS] = { "Class of Service of Untrusted Ports", "cdp.untrusted_port_cos", U8(4),
	    .level = 2 },
	[CDP_SYSTEM] = { "System Name", "cdp.system_name", TEXT(4, 0), .level = 2 },
	[CDP_SYSTEM_OID] = { "System Object ID", "cdp.system_object_identifier", BYTES(4, 0),
	    .level = 2 },
	[CDP_MANAGEMENT] = { "Number of Management Addresses", "cdp.number_of_addresses", U32(4),
	    .level = 2 },
	[CDP_MANAGEMENT_DATA] = { "Management Addresses", NULL, BYTES(8, 0), .level = 2 },
};

static const PARSERFIELDNAME names[] = {
	{ L("Capabilities"), L("cdp.capabilities.router"), 0x01, 0 },
	{ L("Capabilities"), L("cdp.capabilities.trans_bridge"), 0x02, 0 },
	{ L("Capabilities"), L("cdp.capabilities.src_bridge"), 0x04, 0 },
	{ L("Capabilities"), L("cdp.capabilities.switch"), 0x08, 0 },
	{ L("Capabilities"), L("cdp.capabilities.host"), 0x10, 0 },
	{ L("Capabilities"), L("cdp.capabilities.igmp_capable"), 0x20, 0 },
	{ L("Capabilities"), L("cdp.capabilities.repeater"), 0x40, 0 },
};

static const struct element rows[] = {
	{ .type = 0x0001, .first = CDP_DEVICE, .n = 1 },
	{ .type = 0x0002, .first = CDP_ADDRESSES, .n = 2 },
	{ .type = 0x0003, .first = CDP_PORT, .n = 1 },
	{ .type = 0x0004, .first = CDP_CAPABILITIES, .n = 1 },
	{ .type = 0x0005, .first = CDP_SOFTWARE, .n = 1 },
	{ .type = 0x0006, .first = CDP_PLATFORM, .n = 1 },
	{ .type = 0x0007, .first = CDP_PREFIX, .n = 1 },
	{ .type = 0x0008, .first = CDP_HELLO_OUI, .n = 3 },
	{ .type = 0x0009, .first = CDP_DOMAIN, .n = 1 },
	{ .type = 0x000A, .first = CDP_NATIVE_VLAN, .n = 1 },
	{ .type = 0x000B, .first = CDP_DUPLEX, .n = 1 },
	{ .type = 0x000E, .first = CDP_VOICE_DATA, .n = 2 },
	{ .type = 0x000F, .first = CDP_VOICE_DATA, .n = 2 },
	{ .type = 0x0010, .first = CDP_POWER, .n = 1 },
	{ .type = 0x0011, .first = CDP_MTU, .n = 1 },
	{ .type = 0x0012, .first = CDP_TRUST, .n = 1 },
	{ .type = 0x0013, .first = CDP_COS, .n = 1 },
	{ .type = 0x0014, .first = CDP_SYSTEM, .n = 1 },
	{ .type = 0x0015, .first = CDP_SYSTEM_OID, .n = 1 },
	{ .type = 0x0016, .first = CDP_MANAGEMENT, .n = 2 },
};

static const struct list list = {
	.fields = fields,
	.type = CDP_TYPE,
	.length = CDP_LENGTH,
	.rest = CDP_DATA,
	.length_at = 2,
	.elements = rows,
	.n_elements = COUNT(rows),
};

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };

	field_attach_at(&h, &fields[CDP_SUMMARY], 0, h.left < HEADER ? HEADER : h.left, 0);
	fields_attach(&h, &fields[CDP_VERSION], CDP_TYPE - CDP_VERSION);
	list_attach(&list, &h, HEADER, h.left);
	return NULL;
}

/* Device and port are the first fields in practice, but any order is good. */
static void put_field(LPPROPERTYINST i, const char *before, uint16_t type)
{
	const uint8_t *p = i->lpByte;

	for (DWORD at = HEADER; at + 4 <= i->DataLength;) {
		DWORD n = be16(p + at + 2);

		if (n < 4 || n > i->DataLength - at)
			return;
		if (be16(p + at) == type) {
			text_put(i, "%s%.*s", before, (int)(n - 4), (const char *)p + at + 4);
			return;
		}
		at += n;
	}
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	(void)frame;
	if (i->DataLength < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	text_put(i, "version %u, time to live %u s", i->lpByte[0], i->lpByte[1]);
	put_field(i, ", device ", 0x0001);
	put_field(i, ", port ", 0x0003);
}

static const struct place places[] = { { MAC_INI, "SNAP_HandoffSet", 0x000C2000, true } };

struct parser cdp_parser = {
	.name = "CDP",
	.comment = "Cisco Discovery Protocol",
	.fields = fields,
	.n_fields = CDP_FIELDS,
	.recognize = claim_rest,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
