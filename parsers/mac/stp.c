/* SPDX-License-Identifier: MIT */
/* The spanning tree protocols of IEEE 802.1D: STP, RSTP, and the common part of MSTP.
 *
 *   OFFSET SIZE MEANING
 *   0      2    protocol, 0
 *   2      1    version
 *   3      1    type; 0x80, a topology change, ends here
 *   4      1    flags
 *   5      8    root: priority 4 bits, extension 12, address
 *   13     4    cost of the path to it
 *   17     8    bridge, like the root
 *   25     2    port
 *   27     8    message age, maximum age, hello time, forward delay: each in 1/256 s
 *   35     1    length of version 1, 0
 */
#include "mac.h"

#define HEADER 4u
#define CONFIG 35u
#define CHANGE 0x80u
#define RAPID  0x02u

enum {
	STP_SUMMARY,
	STP_PROTOCOL,
	STP_VERSION,
	STP_TYPE,
	STP_FLAGS,
	STP_RAPID_FLAGS,
	STP_ROLE,
	STP_ROOT_PRIORITY,
	STP_ROOT_EXTENSION,
	STP_ROOT,
	STP_COST,
	STP_BRIDGE_PRIORITY,
	STP_BRIDGE_EXTENSION,
	STP_BRIDGE,
	STP_PORT,
	STP_AGE,
	STP_MAX_AGE,
	STP_HELLO,
	STP_DELAY,
	STP_VERSION_1,
	STP_REST,
	STP_FIELDS
};

static LABELED_BYTE version_names[] = {
	{ 0, L("Spanning tree") },
	{ 2, L("Rapid spanning tree") },
	{ 3, L("Multiple spanning trees") },
	{ 4, L("Shortest path") },
};

static LABELED_BYTE type_names[] = {
	{ 0x00, L("Configuration") },
	{ 0x02, L("Rapid or multiple spanning tree") },
	{ CHANGE, L("Topology change notification") },
};

static LABELED_BYTE role_names[] = {
	{ 0, L("Unknown") },
	{ 1, L("Alternate or backup") },
	{ 2, L("Root") },
	{ 3, L("Designated") },
};

static LABELED_BIT flag_bits[] = {
	{ 7, L("No acknowledgement of a change"), L("Acknowledgement of a change") },
	{ 6, L("No agreement"), L("Agreement") },
	{ 5, L("Not forwarding"), L("Forwarding") },
	{ 4, L("Not learning"), L("Learning") },
	{ 1, L("No proposal"), L("Proposal") },
	{ 0, L("No topology change"), L("Topology change") },
};

static LABELED_BIT change_bits[] = {
	{ 7, L("No acknowledgement of a change"), L("Acknowledgement of a change") },
	{ 0, L("No topology change"), L("Topology change") },
};

static struct _SET versions = SET_OF(Byte, version_names);
static struct _SET types = SET_OF(Byte, type_names);
static struct _SET roles = SET_OF(Byte, role_names);
static struct _SET change_set = BITS_OF(change_bits);
static struct _SET flags_set = BITS_OF(flag_bits);

static void format_summary(LPPROPERTYINST i, HFRAME frame);
static void format_seconds(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[STP_SUMMARY] = { "Summary of the spanning tree message", "stp", SUMMARY,
	    .format = format_summary },
	[STP_PROTOCOL] = { "Protocol Identifier", "stp.protocol", U16(0) },
	[STP_VERSION] = { "Protocol Version", "stp.version", U8(2), LABELED(versions) },
	[STP_TYPE] = { "Message Type", "stp.type", U8(3), LABELED(types) },
	[STP_FLAGS] = { "Flags", "stp.flags", U8(4), FLAGS(change_set) },
	[STP_RAPID_FLAGS] = { "Rapid Flags", "stp.flags", U8(4), FLAGS(flags_set) },
	[STP_ROLE] = { "Port Role", "stp.flags.port_role", BITS8(4, 0x0C), LABELED(roles) },
	[STP_ROOT_PRIORITY] = { "Root Priority", "stp.root.prio", LE_U16(5) },
	[STP_ROOT_EXTENSION] = { "Root System ID Extension", "stp.root.ext", BITS16(5, 0x0FFF) },
	[STP_ROOT] = { "Root Address", "stp.root.hw", MAC(7) },
	[STP_COST] = { "Root Path Cost", "stp.root.cost", U32(13) },
	[STP_BRIDGE_PRIORITY] = { "Bridge Priority", "stp.bridge.prio", LE_U16(17) },
	[STP_BRIDGE_EXTENSION] = { "Bridge System ID Extension", "stp.bridge.ext",
	    BITS16(17, 0x0FFF) },
	[STP_BRIDGE] = { "Bridge Address", "stp.bridge.hw", MAC(19) },
	[STP_PORT] = { "Port Identifier", "stp.port", U16(25) },
	/* No names: Wireshark compares these as seconds. */
	[STP_AGE] = { "Message Age", NULL, U16(27), .format = format_seconds },
	[STP_MAX_AGE] = { "Maximum Age", NULL, U16(29), .format = format_seconds },
	[STP_HELLO] = { "Hello Time", NULL, U16(31), .format = format_seconds },
	[STP_DELAY] = { "Forward Delay", NULL, U16(33), .format = format_seconds },
	[STP_VERSION_1] = { "Version 1 Length", "stp.version_1_length", U8(35) },
	[STP_REST] = { "Later Versions' Data", NULL, BYTES(36, 0) },
};

static const PARSERFIELDNAME names[] = {
	{ L("Flags"), L("stp.flags.tcack"), 0x80, 0 },
	{ L("Flags"), L("stp.flags.tc"), 0x01, 0 },
	{ L("Rapid Flags"), L("stp.flags.tcack"), 0x80, 0 },
	{ L("Rapid Flags"), L("stp.flags.agreement"), 0x40, 0 },
	{ L("Rapid Flags"), L("stp.flags.forwarding"), 0x20, 0 },
	{ L("Rapid Flags"), L("stp.flags.learning"), 0x10, 0 },
	{ L("Rapid Flags"), L("stp.flags.proposal"), 0x02, 0 },
	{ L("Rapid Flags"), L("stp.flags.tc"), 0x01, 0 },
};

/* The priority counts in 4,096, and is said so. */
static void attach_priority(const struct header *h, const struct field *f)
{
	uint16_t v;

	if (h->left < f->at + 2u) {
		fields_attach(h, f, 1);
		return;
	}
	v = be16(h->p + f->at) & 0xF000;
	field_attach_value(h, f, f->at, 2, &v, sizeof v, 0);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };
	bool is_change = h.left >= HEADER && p[3] == CHANGE;
	DWORD least = is_change ? HEADER : CONFIG;

	field_attach_at(&h, &fields[STP_SUMMARY], 0, h.left < least ? least : h.left, 0);
	fields_attach(&h, &fields[STP_PROTOCOL], STP_FLAGS - STP_PROTOCOL);
	if (h.left < HEADER || is_change)
		return NULL;
	fields_attach(
	    &h, &fields[p[3] == RAPID ? STP_RAPID_FLAGS : STP_FLAGS], p[3] == RAPID ? 2 : 1);
	attach_priority(&h, &fields[STP_ROOT_PRIORITY]);
	fields_attach(&h, &fields[STP_ROOT_EXTENSION], STP_BRIDGE_PRIORITY - STP_ROOT_EXTENSION);
	attach_priority(&h, &fields[STP_BRIDGE_PRIORITY]);
	fields_attach(&h, &fields[STP_BRIDGE_EXTENSION], STP_VERSION_1 - STP_BRIDGE_EXTENSION);
	if (p[3] == RAPID)
		fields_attach(&h, &fields[STP_VERSION_1], 2);
	return NULL;
}

static void put_bridge(LPPROPERTYINST i, const char *before, const uint8_t *p)
{
	text_put(i, "%s%u/%u/%02X-%02X-%02X-%02X-%02X-%02X", before, be16(p) & 0xF000,
	    be16(p) & 0x0FFF, p[2], p[3], p[4], p[5], p[6], p[7]);
}

static void format_summary(LPPROPERTYINST i, HFRAME frame)
{
	const uint8_t *p = i->lpByte;
	const char *name;

	(void)frame;
	if (i->DataLength < HEADER) {
		text_put(i, "Cut short");
		return;
	}
	name = (const char *)LookupByteSetString(&types, p[3]);
	text_put(i, "%s", name ? name : "Unknown type");
	if (p[3] == CHANGE || i->DataLength < CONFIG)
		return;
	put_bridge(i, ", root ", p + 5);
	text_put(i, " at cost %u", be32(p + 13));
	put_bridge(i, ", bridge ", p + 17);
	text_put(i, " port 0x%04X", be16(p + 25));
}

static void format_seconds(LPPROPERTYINST i, HFRAME frame)
{
	unsigned v = i->DataLength >= 2 ? be16(i->lpByte) : 0;

	(void)frame;
	text_label(i);
	text_put(i, "%u.%02u s", v / 256, v % 256 * 100 / 256);
}

static const struct place places[] = {
	{ MAC_INI, "SAP_HandoffSet", 0x42, true },
	{ MAC_INI, "SNAP_HandoffSet", 0x000C010B, true }, /* Cisco's, for each VLAN */
};

struct parser stp_parser = {
	.name = "STP",
	.comment = "Spanning tree (IEEE 802.1D)",
	.fields = fields,
	.n_fields = STP_FIELDS,
	.recognize = claim_rest,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
