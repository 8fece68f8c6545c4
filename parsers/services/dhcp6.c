/* SPDX-License-Identifier: MIT */
/* DHCPv6 (RFC 8415). */
#include "../common/list.h"
#include "../common/times.h"
#include "dns_name.h"
#include "services.h"

#define HEADER        4u
#define RELAY         34u /* bytes of a relay's header */
#define RELAY_FORWARD 12u
#define RELAY_REPLY   13u
#define OPTION        4u /* bytes of an option before its data */
#define RELAYED       9u /* the option with what a relay got */

#define FROM_2000 946684800 /* seconds to 2000, where identifiers count from */

enum {
	D6_SUMMARY,
	D6_TYPE,
	D6_ID,
	D6_HOPS,
	D6_LINK,
	D6_PEER,
	D6_OPTION,
	D6_OPTION_LENGTH,
	D6_OPTION_DATA,
	D6_DUID,
	D6_DUID_TYPE,
	D6_IA,
	D6_RENEWAL,
	D6_REBINDING,
	D6_TEMPORARY,
	D6_ADDRESS,
	D6_PREFERRED,
	D6_VALID,
	D6_REQUESTED,
	D6_PREFERENCE,
	D6_ELAPSED,
	D6_UNICAST,
	D6_STATUS,
	D6_STATUS_TEXT,
	D6_VENDOR_CLASS,
	D6_VENDOR,
	D6_INTERFACE,
	D6_RECONFIGURE,
	D6_DNS,
	D6_PREFIX_PREFERRED,
	D6_PREFIX_VALID,
	D6_PREFIX_LENGTH,
	D6_PREFIX,
	D6_NAME_FLAGS,
	D6_CLIENT_DOMAIN,
	D6_VENDOR_LENGTH,
	D6_VENDOR_DATA,
	D6_HARDWARE,
	D6_HARDWARE_TIME,
	D6_LINK_ADDRESS,
	D6_HARDWARE_3,
	D6_LINK_ADDRESS_3,
	D6_DUID_ENTERPRISE,
	D6_DUID_UUID,
	D6_FIELDS
};

static LABELED_BYTE type_names[] = {
	{ 1, L("Solicit") },
	{ 2, L("Advertise") },
	{ 3, L("Request") },
	{ 4, L("Confirm") },
	{ 5, L("Renew") },
	{ 6, L("Rebind") },
	{ 7, L("Reply") },
	{ 8, L("Release") },
	{ 9, L("Decline") },
	{ 10, L("Reconfigure") },
	{ 11, L("Information request") },
	{ RELAY_FORWARD, L("Relay forward") },
	{ RELAY_REPLY, L("Relay reply") },
	{ 14, L("Lease query") },
	{ 15, L("Lease query reply") },
};

static struct _SET types = SET_OF(Byte, type_names);

static LABELED_WORD option_names[] = {
	{ 1, L("Client identifier") },
	{ 2, L("Server identifier") },
	{ 3, L("Addresses of an association") },
	{ 4, L("Temporary addresses of an association") },
	{ 5, L("Address") },
	{ 6, L("Option request") },
	{ 7, L("Preference") },
	{ 8, L("Elapsed time") },
	{ RELAYED, L("Relayed message") },
	{ 11, L("Authentication") },
	{ 12, L("Server unicast") },
	{ 13, L("Status code") },
	{ 14, L("Rapid commit") },
	{ 15, L("User class") },
	{ 16, L("Vendor class") },
	{ 17, L("Vendor-specific information") },
	{ 18, L("Interface identifier") },
	{ 19, L("Reconfigure message") },
	{ 20, L("Reconfigure accept") },
	{ 21, L("SIP server domain names") },
	{ 22, L("SIP server addresses") },
	{ 23, L("DNS servers") },
	{ 24, L("Domain search list") },
	{ 25, L("Prefixes of an association") },
	{ 26, L("Prefix") },
	{ 31, L("SNTP servers") },
	{ 32, L("Information refresh time") },
	{ 37, L("Remote identifier") },
	{ 39, L("Client's qualified name") },
	{ 56, L("NTP server") },
	{ 59, L("Boot file URL") },
	{ 64, L("AFTR name") },
	{ 82, L("Solicit maximum") },
};

static struct _SET option_set = SET_OF(Word, option_names);

static LABELED_WORD duid_names[] = {
	{ 1, L("Link-layer address and time") },
	{ 2, L("Enterprise") },
	{ 3, L("Link-layer address") },
	{ 4, L("UUID") },
};

static struct _SET duids = SET_OF(Word, duid_names);

static LABELED_WORD status_names[] = {
	{ 0, L("Success") },
	{ 1, L("Unspecified failure") },
	{ 2, L("No addresses available") },
	{ 3, L("No binding") },
	{ 4, L("Not on link") },
	{ 5, L("Use multicast") },
	{ 6, L("No prefix available") },
};

static struct _SET statuses = SET_OF(Word, status_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[D6_SUMMARY] = { "Summary of the DHCPv6 message", "dhcpv6", SUMMARY,
	    .format = format_summary },
	[D6_TYPE] = { "Message Type", "dhcpv6.msgtype", U8(0), LABELED(types) },
	[D6_ID] = { "Transaction Identifier", "dhcpv6.xid", BITS32(0, 0x00FFFFFF) },
	[D6_HOPS] = { "Hop Count", "dhcpv6.hopcount", U8(1) },
	[D6_LINK] = { "Link Address", "dhcpv6.linkaddr", IPV6(2) },
	[D6_PEER] = { "Peer Address", "dhcpv6.peeraddr", IPV6(18) },
	[D6_OPTION] = { "Option", "dhcpv6.option.type", U16(0), LABELED(option_set) },
	[D6_OPTION_LENGTH] = { "Option Length", "dhcpv6.option.length", U16(2), .level = 2 },
	[D6_OPTION_DATA] = { "Option Data", NULL, BYTES(4, 0), .level = 2 },
	[D6_DUID] = { "Unique Identifier", "dhcpv6.duid.bytes", BYTES(4, 0), .level = 2 },
	[D6_DUID_TYPE] = { "Identifier's Type", "dhcpv6.duid.type", U16(4), LABELED(duids),
	    .level = 2 },
	[D6_IA] = { "Association", "dhcpv6.iaid", BYTES(4, 4), .level = 2 },
	[D6_RENEWAL] = { "Renewal Time", "dhcpv6.iaid.t1", U32(8), .level = 2 },
	[D6_REBINDING] = { "Rebinding Time", "dhcpv6.iaid.t2", U32(12), .level = 2 },
	[D6_TEMPORARY] = { "Temporary Association", "dhcpv6.iaid", BYTES(4, 4), .level = 2 },
	[D6_ADDRESS] = { "Address", "dhcpv6.iaaddr.ip", IPV6(4), .level = 2 },
	[D6_PREFERRED] = { "Preferred Lifetime", "dhcpv6.iaaddr.pref_lifetime", U32(20),
	    .level = 2 },
	[D6_VALID] = { "Valid Lifetime", "dhcpv6.iaaddr.valid_lifetime", U32(24), .level = 2 },
	[D6_REQUESTED] = { "Requested Option", "dhcpv6.requested_option_code", U16(4),
	    LABELED(option_set), .level = 2 },
	[D6_PREFERENCE] = { "Preference", "dhcpv6.option_preference", U8(4), .level = 2 },
	[D6_ELAPSED] = { "Elapsed Time", "dhcpv6.elapsed_time", LE_U16(4), .level = 2 },
	[D6_UNICAST] = { "Server Address", "dhcpv6.unicast", IPV6(4), .level = 2 },
	[D6_STATUS] = { "Status", "dhcpv6.status_code", U16(4), LABELED(statuses), .level = 2 },
	[D6_STATUS_TEXT] = { "Status Message", "dhcpv6.status_msg", TEXT(6, 0), .level = 2 },
	[D6_VENDOR_CLASS] = { "Vendor Class's Enterprise", "dhcpv6.vendorclass.enterprise", U32(4),
	    .level = 2 },
	[D6_VENDOR] = { "Vendor's Enterprise", "dhcpv6.vendoropts.enterprise", U32(4), .level = 2 },
	[D6_INTERFACE] = { "Interface", "dhcpv6.interface_id", BYTES(4, 0), .level = 2 },
	[D6_RECONFIGURE] = { "Answer with", "dhcpv6.reconf_msg", U8(4), LABELED(types),
	    .level = 2 },
	[D6_DNS] = { "DNS Server", "dhcpv6.dns_server", IPV6(4), .level = 2 },
	[D6_PREFIX_PREFERRED] = { "Prefix Preferred Lifetime", "dhcpv6.iaprefix.pref_lifetime",
	    U32(4), .level = 2 },
	[D6_PREFIX_VALID] = { "Prefix Valid Lifetime", "dhcpv6.iaprefix.valid_lifetime", U32(8),
	    .level = 2 },
	[D6_PREFIX_LENGTH] = { "Prefix Length", "dhcpv6.iaprefix.pref_len", U8(12), .level = 2 },
	[D6_PREFIX] = { "Prefix", "dhcpv6.iaprefix.pref_addr", IPV6(13), .level = 2 },
	[D6_NAME_FLAGS] = { "Qualified Name Flags", "dhcpv6.client_fqdn_flags", U8(4), .level = 2 },
	[D6_CLIENT_DOMAIN] = { "Client's Domain Name", "dhcpv6.client_domain", TEXT(0, 0),
	    .level = 2 },
	[D6_VENDOR_LENGTH] = { "Vendor Class Length", NULL, U16(0), .level = 2 },
	[D6_VENDOR_DATA] = { "Vendor Class", "dhcpv6.vendorclass.data", TEXT(0, 0), .level = 2 },
	[D6_HARDWARE] = { "Hardware Type", "dhcpv6.duidllt.hwtype", U16(6), .level = 3 },
	[D6_HARDWARE_TIME] = { "Time of the Identifier", "dhcpv6.duidllt.time", TIME_4(8),
	    .level = 3 },
	[D6_LINK_ADDRESS] = { "Link-layer Address", "dhcpv6.duidllt.link_layer_addr", BYTES(12, 0),
	    .level = 3 },
	[D6_HARDWARE_3] = { "Hardware Type, no Time", "dhcpv6.duidll.hwtype", U16(6), .level = 3 },
	[D6_LINK_ADDRESS_3] = { "Link-layer Address, no Time", "dhcpv6.duidll.link_layer_addr",
	    BYTES(8, 0), .level = 3 },
	[D6_DUID_ENTERPRISE] = { "Identifier's Enterprise", "dhcpv6.duiden.enterprise", U32(6),
	    .level = 3 },
	[D6_DUID_UUID] = { "Identifier's UUID", "dhcpv6.duiduuid.bytes", BYTES(6, 0), .level = 3 },
};

#define OPTIONS(elements_)                                                                         \
	{                                                                                          \
		.fields = fields, .type = D6_OPTION, .length = D6_OPTION_LENGTH,                   \
		.rest = D6_OPTION_DATA, .length_at = 2, .uncounted = OPTION,                       \
		.elements = (elements_), .n_elements = COUNT(elements_)                            \
	}

/* Options hold options, in two steps at most: an association's addresses, and their status. */
static const struct element inner_types[] = { { .type = 13, .first = D6_STATUS, .n = 2 } };
static const struct list inner_list = OPTIONS(inner_types);

static const struct element association_types[] = {
	{ .type = 5, .first = D6_ADDRESS, .n = 3, .list = &inner_list, .inner_at = 28 },
	{ .type = 13, .first = D6_STATUS, .n = 2 },
	{ .type = 26, .first = D6_PREFIX_PREFERRED, .n = 4, .list = &inner_list, .inner_at = 29 },
};
static const struct list association_list = OPTIONS(association_types);

static void attach_elapsed(const struct header *h)
{
	uint16_t ms; /* they count in hundredths of a second */

	if (h->left < OPTION + 2) {
		fields_attach(h, &fields[D6_OPTION_DATA], 1);
		return;
	}
	ms = (uint16_t)(be16(h->p + OPTION) * 10);
	field_attach_value(h, &fields[D6_ELAPSED], OPTION, 2, &ms, 2, 0);
}

/* Who it is: by a link-layer address, a number of its maker, or a UUID (RFC 8415, 11). */
static const struct element duid_types[] = {
	{ .type = 1, .first = D6_LINK_ADDRESS, .n = 1 },
	{ .type = 2, .first = D6_DUID_ENTERPRISE, .n = 1 },
	{ .type = 3, .first = D6_HARDWARE_3, .n = 2 },
	{ .type = 4, .first = D6_DUID_UUID, .n = 1 },
};

static void attach_duid(const struct header *h)
{
	uint16_t type = h->left >= 6 ? be16(h->p + 4) : 0;

	if (type == 1)
		fields_attach(h, &fields[D6_HARDWARE], 1);
	if (type == 1 && h->left >= 12)
		time_attach(
		    h, &fields[D6_HARDWARE_TIME], 8, 4, be32(h->p + 8) + (int64_t)FROM_2000, 0);
	(void)element_attach(h, fields, duid_types, COUNT(duid_types), type);
}

/* Texts, each behind its length. */
static void attach_classes(const struct header *h)
{
	for (DWORD at = OPTION + 4, n; at < h->left; at += 2 + n) {
		n = h->left - at >= 2 ? be16(h->p + at) : 0;
		field_attach_at(h, &fields[D6_VENDOR_LENGTH], at, 2,
		    h->left - at >= 2 && n > h->left - at - 2 ? IFLAG_ERROR : 0);
		if (n && h->left - at > 2)
			field_attach_at(h, &fields[D6_VENDOR_DATA], at + 2,
			    n < h->left - at - 2 ? n : h->left - at - 2, 0);
	}
}

/* A name as DNS has it, with the dot of one that is whole. */
static void attach_domain(const struct header *h)
{
	struct name name;

	if (h->left <= OPTION + 1)
		return;
	name_read(h, OPTION + 1, &name);
	if (!name.bad && name.labels && name.end <= h->left && h->p[name.end - 1] == 0 &&
	    name.length + 1 < sizeof name.text)
		name.text[name.length++] = '.';
	name_attach(h, &fields[D6_CLIENT_DOMAIN], OPTION + 1, &name);
}

static const struct element option_types[] = {
	{ .type = 1, .first = D6_DUID, .n = 2, .attach = attach_duid },
	{ .type = 2, .first = D6_DUID, .n = 2, .attach = attach_duid },
	{ .type = 3, .first = D6_IA, .n = 3, .list = &association_list, .inner_at = 16 },
	{ .type = 4, .first = D6_TEMPORARY, .n = 1, .list = &association_list, .inner_at = 8 },
	{ .type = 6, .first = D6_REQUESTED, .n = 1, .every = 2 },
	{ .type = 7, .first = D6_PREFERENCE, .n = 1 },
	{ .type = 8, .attach = attach_elapsed },
	{ .type = 12, .first = D6_UNICAST, .n = 1 },
	{ .type = 13, .first = D6_STATUS, .n = 2 },
	{ .type = 16, .first = D6_VENDOR_CLASS, .n = 1, .attach = attach_classes },
	{ .type = 17, .first = D6_VENDOR, .n = 1 },
	{ .type = 18, .first = D6_INTERFACE, .n = 1 },
	{ .type = 19, .first = D6_RECONFIGURE, .n = 1 },
	{ .type = 23, .first = D6_DNS, .n = 1, .every = 16 },
	{ .type = 25, .first = D6_IA, .n = 3, .list = &association_list, .inner_at = 16 },
	{ .type = 39, .first = D6_NAME_FLAGS, .n = 1, .attach = attach_domain },
};
static const struct list option_list = OPTIONS(option_types);

static const PARSERFIELDNAME names[] = {
	{ L("Qualified Name Flags"), L("dhcpv6.clientfqdn.client.s"), 0x01, 0 },
	{ L("Qualified Name Flags"), L("dhcpv6.clientfqdn.client.n"), 0x04, 0 },
};

static bool is_relay(uint8_t type)
{
	return type == RELAY_FORWARD || type == RELAY_REPLY;
}

/* What a relay got, out of its options; false: nothing. */
static bool relayed(const struct header *h, struct header *ret)
{
	for (DWORD at = RELAY; at + OPTION <= h->left; at += OPTION + be16(h->p + at + 2)) {
		if (be16(h->p + at) != RELAYED)
			continue;
		ret->frame = h->frame;
		ret->p = h->p + at + OPTION;
		ret->left = bounded(h->left - at - OPTION, be16(h->p + at + 2));
		return ret->left > 0;
	}
	return false;
}

RECOGNIZE(recognize)
{
	(void)p;
	(void)left;
	(void)next;
	(void)instance;
	return rest_is_mine(status);
}

ATTACH(attach)
{
	struct header h = { frame, p, bounded(left, instance) }, inner;

	field_attach_at(&h, &fields[D6_SUMMARY], 0, h.left, h.left < HEADER ? IFLAG_ERROR : 0);
	while (is_relay(h.p[0])) {
		fields_attach(&h, &fields[D6_TYPE], 1);
		fields_attach(&h, &fields[D6_HOPS], D6_OPTION - D6_HOPS);
		list_attach(&option_list, &h, RELAY, h.left);
		if (!relayed(&h, &inner))
			return NULL;
		h = inner;
	}
	fields_attach(&h, &fields[D6_TYPE], 2);
	list_attach(&option_list, &h, HEADER, h.left);
	return NULL;
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
	name = (const char *)LookupByteSetString(&types, p[0]);
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "Type %u", p[0]);
	if (is_relay(p[0]))
		text_put(i, ", %u hops", p[1]);
	else
		text_put(i, ", transaction 0x%06X", be32(p) & 0xFFFFFF);
}

static const struct place places[] = {
	{ TCPIP_INI, "UDP_HandoffSet", 546, false },
	{ TCPIP_INI, "UDP_HandoffSet", 547, false },
};

struct parser dhcp6_parser = {
	.name = "DHCPV6",
	.comment = "Dynamic Host Configuration Protocol for IPv6 (RFC 8415)",
	.fields = fields,
	.n_fields = D6_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
