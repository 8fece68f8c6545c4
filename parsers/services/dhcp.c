/* SPDX-License-Identifier: MIT */
/* DHCP and BOOTP (RFC 2131, RFC 951), with options (RFC 2132 and later). */
#include "../common/list.h"
#include "services.h"

#define HEADER   236u /* bytes before the options' cookie */
#define COOKIE   0x63825363u
#define OPTIONS  240u
#define ETHERNET 1u
#define MAC_SIZE 6u
#define TYPE_END 255u

enum {
	DHCP_SUMMARY,
	DHCP_TYPE,
	DHCP_HARDWARE,
	DHCP_HARDWARE_LENGTH,
	DHCP_HOPS,
	DHCP_ID,
	DHCP_SECONDS,
	DHCP_FLAGS,
	DHCP_CLIENT,
	DHCP_YOUR,
	DHCP_SERVER,
	DHCP_RELAY,
	DHCP_MAC,
	DHCP_ADDRESS,
	DHCP_PADDING,
	DHCP_SERVER_NAME,
	DHCP_FILE,
	DHCP_COOKIE,
	DHCP_OPTION,
	DHCP_OPTION_LENGTH,
	DHCP_OPTION_DATA,
	DHCP_MESSAGE,
	DHCP_MASK,
	DHCP_TIME_OFFSET,
	DHCP_ROUTER,
	DHCP_TIME_SERVER,
	DHCP_NAME_SERVER,
	DHCP_DNS,
	DHCP_LOG_SERVER,
	DHCP_LPR_SERVER,
	DHCP_HOST,
	DHCP_FILE_SIZE,
	DHCP_DOMAIN,
	DHCP_ROOT_PATH,
	DHCP_FORWARDING,
	DHCP_REASSEMBLY,
	DHCP_TTL,
	DHCP_MTU,
	DHCP_BROADCAST,
	DHCP_ROUTER_DISCOVERY,
	DHCP_STATIC_ROUTE,
	DHCP_STATIC_ROUTER,
	DHCP_NIS_DOMAIN,
	DHCP_NIS_SERVER,
	DHCP_NTP_SERVER,
	DHCP_VENDOR,
	DHCP_WINS,
	DHCP_NODE_TYPE,
	DHCP_SCOPE,
	DHCP_REQUESTED,
	DHCP_LEASE,
	DHCP_OVERLOAD,
	DHCP_SERVER_ID,
	DHCP_PARAMETER,
	DHCP_TEXT,
	DHCP_SIZE,
	DHCP_RENEWAL,
	DHCP_REBINDING,
	DHCP_VENDOR_CLASS,
	DHCP_CLIENT_TYPE,
	DHCP_CLIENT_MAC,
	DHCP_CLIENT_ID,
	DHCP_TFTP_NAME,
	DHCP_BOOT_FILE,
	DHCP_SMTP,
	DHCP_POP3,
	DHCP_USER_CLASS,
	DHCP_FQDN_FLAGS,
	DHCP_FQDN_A,
	DHCP_FQDN_PTR,
	DHCP_FQDN_NAME,
	DHCP_LAST_TRANSACTION,
	DHCP_ASSOCIATED,
	DHCP_ARCHITECTURE,
	DHCP_INTERFACE_TYPE,
	DHCP_INTERFACE_MAJOR,
	DHCP_INTERFACE_MINOR,
	DHCP_UUID_TYPE,
	DHCP_UUID,
	DHCP_AUTOCONFIGURE,
	DHCP_CLASSLESS,
	DHCP_TFTP_ADDRESS,
	DHCP_URL,
	DHCP_RELAY_OPTION,
	DHCP_RELAY_LENGTH,
	DHCP_RELAY_DATA,
	DHCP_CIRCUIT,
	DHCP_REMOTE,
	DHCP_FIELDS
};

static LABELED_BYTE type_names[] = {
	{ 1, L("Boot request") },
	{ 2, L("Boot reply") },
};

static struct _SET types = SET_OF(Byte, type_names);

static LABELED_BYTE hardware_names[] = {
	{ 1, L("Ethernet") },
	{ 6, L("IEEE 802") },
	{ 15, L("Frame relay") },
	{ 20, L("Serial line") },
	{ 24, L("IEEE 1394") },
	{ 32, L("InfiniBand") },
};

static struct _SET hardware = SET_OF(Byte, hardware_names);

static LABELED_BYTE message_names[] = {
	{ 1, L("Discover") },
	{ 2, L("Offer") },
	{ 3, L("Request") },
	{ 4, L("Decline") },
	{ 5, L("ACK") },
	{ 6, L("NAK") },
	{ 7, L("Release") },
	{ 8, L("Inform") },
	{ 9, L("Force renew") },
	{ 10, L("Lease query") },
	{ 11, L("Lease unassigned") },
	{ 12, L("Lease unknown") },
	{ 13, L("Lease active") },
};

static struct _SET messages = SET_OF(Byte, message_names);

static LABELED_BYTE option_names[] = {
	{ 0, L("Padding") },
	{ 1, L("Subnet mask") },
	{ 2, L("Time offset") },
	{ 3, L("Router") },
	{ 4, L("Time server") },
	{ 5, L("Name server") },
	{ 6, L("Domain name server") },
	{ 7, L("Log server") },
	{ 9, L("LPR server") },
	{ 12, L("Host name") },
	{ 13, L("Boot file size") },
	{ 15, L("Domain name") },
	{ 17, L("Root path") },
	{ 19, L("IP forwarding") },
	{ 22, L("Maximum datagram reassembly size") },
	{ 23, L("Default time to live") },
	{ 26, L("Interface MTU") },
	{ 28, L("Broadcast address") },
	{ 31, L("Perform router discovery") },
	{ 33, L("Static route") },
	{ 40, L("NIS domain") },
	{ 41, L("NIS servers") },
	{ 42, L("NTP servers") },
	{ 43, L("Vendor-specific information") },
	{ 44, L("NetBIOS name server") },
	{ 45, L("NetBIOS datagram distribution server") },
	{ 46, L("NetBIOS node type") },
	{ 47, L("NetBIOS scope") },
	{ 50, L("Requested IP address") },
	{ 51, L("IP address lease time") },
	{ 52, L("Option overload") },
	{ 53, L("DHCP message type") },
	{ 54, L("DHCP server identifier") },
	{ 55, L("Parameter request list") },
	{ 56, L("Message") },
	{ 57, L("Maximum message size") },
	{ 58, L("Renewal time") },
	{ 59, L("Rebinding time") },
	{ 60, L("Vendor class identifier") },
	{ 61, L("Client identifier") },
	{ 66, L("TFTP server name") },
	{ 67, L("Boot file name") },
	{ 69, L("SMTP server") },
	{ 70, L("POP3 server") },
	{ 77, L("User class") },
	{ 80, L("Rapid commit") },
	{ 81, L("Client's qualified name") },
	{ 82, L("Relay agent information") },
	{ 90, L("Authentication") },
	{ 91, L("Client's last transaction time") },
	{ 92, L("Associated IP addresses") },
	{ 93, L("Client system architecture") },
	{ 94, L("Client network device interface") },
	{ 95, L("LDAP") },
	{ 97, L("Client machine identifier") },
	{ 108, L("IPv6-only preferred") },
	{ 114, L("Captive portal") },
	{ 116, L("Automatic configuration") },
	{ 118, L("Subnet selection") },
	{ 119, L("Domain search") },
	{ 120, L("SIP servers") },
	{ 121, L("Classless static route") },
	{ 124, L("Identified vendor class") },
	{ 125, L("Identified vendor information") },
	{ 150, L("TFTP server address") },
	{ 249, L("Classless static route, Microsoft") },
	{ 252, L("Proxy autodiscovery") },
	{ TYPE_END, L("End") },
};

static struct _SET option_set = SET_OF(Byte, option_names);

static LABELED_BYTE relay_names[] = {
	{ 1, L("Circuit identifier") },
	{ 2, L("Remote identifier") },
	{ 5, L("Link selection") },
	{ 6, L("Subscriber identifier") },
	{ 9, L("Vendor-specific information") },
	{ 11, L("Server identifier override") },
};

static struct _SET relays = SET_OF(Byte, relay_names);

static void format_summary(LPPROPERTYINST i, HFRAME frame);

static struct field fields[] = {
	[DHCP_SUMMARY] = { "Summary of the DHCP message", "dhcp", SUMMARY,
	    .format = format_summary },
	[DHCP_TYPE] = { "Message Type", "dhcp.type", U8(0), LABELED(types) },
	[DHCP_HARDWARE] = { "Hardware Type", "dhcp.hw.type", U8(1), LABELED(hardware) },
	[DHCP_HARDWARE_LENGTH] = { "Hardware Address Length", "dhcp.hw.len", U8(2) },
	[DHCP_HOPS] = { "Hops", "dhcp.hops", U8(3) },
	[DHCP_ID] = { "Transaction Identifier", "dhcp.id", U32(4) },
	[DHCP_SECONDS] = { "Seconds elapsed", "dhcp.secs", LE_U16(8) },
	[DHCP_FLAGS] = { "Flags", "dhcp.flags", U16(10) },
	[DHCP_CLIENT] = { "Client Address", "dhcp.ip.client", IP4(12) },
	[DHCP_YOUR] = { "Your Address", "dhcp.ip.your", IP4(16) },
	[DHCP_SERVER] = { "Next Server Address", "dhcp.ip.server", IP4(20) },
	[DHCP_RELAY] = { "Relay Agent Address", "dhcp.ip.relay", IP4(24) },
	[DHCP_MAC] = { "Client Ethernet Address", "dhcp.hw.mac_addr", MAC(28) },
	[DHCP_ADDRESS] = { "Client Hardware Address", "dhcp.hw.addr", BYTES(28, 0) },
	[DHCP_PADDING] = { "Client Address Padding", "dhcp.hw.addr_padding", BYTES(0, 0) },
	[DHCP_SERVER_NAME] = { "Server Name", "dhcp.server", TEXT(44, 64) },
	[DHCP_FILE] = { "Boot File", "dhcp.file", TEXT(108, 128) },
	[DHCP_COOKIE] = { "Cookie", "dhcp.cookie", IP4(HEADER) },
	[DHCP_OPTION] = { "Option", "dhcp.option.type", U8(0), LABELED(option_set) },
	[DHCP_OPTION_LENGTH] = { "Option Length", "dhcp.option.length", U8(1), .level = 2 },
	[DHCP_OPTION_DATA] = { "Option Data", "dhcp.option.value", BYTES(2, 0), .level = 2 },
#define OPTION(row_, label_, name_, place_) [row_] = { label_, name_, place_, .level = 2 }
	[DHCP_MESSAGE] = { "DHCP Message Type", "dhcp.option.dhcp", U8(2), LABELED(messages),
	    .level = 2 },
	OPTION(DHCP_MASK, "Subnet Mask", "dhcp.option.subnet_mask", IP4(2)),
	OPTION(DHCP_TIME_OFFSET, "Time Offset", NULL, U32(2)),
	OPTION(DHCP_ROUTER, "Router", "dhcp.option.router", IP4(2)),
	OPTION(DHCP_TIME_SERVER, "Time Server", "dhcp.option.time_server", IP4(2)),
	OPTION(DHCP_NAME_SERVER, "Name Server", "dhcp.option.name_server", IP4(2)),
	OPTION(DHCP_DNS, "Domain Name Server", "dhcp.option.domain_name_server", IP4(2)),
	OPTION(DHCP_LOG_SERVER, "Log Server", "dhcp.option.log_server", IP4(2)),
	OPTION(DHCP_LPR_SERVER, "LPR Server", "dhcp.option.lpr_server", IP4(2)),
	OPTION(DHCP_HOST, "Host Name", "dhcp.option.hostname", TEXT(2, 0)),
	OPTION(DHCP_FILE_SIZE, "Boot File Size", "dhcp.option.boot_file_size", U16(2)),
	OPTION(DHCP_DOMAIN, "Domain Name", "dhcp.option.domain_name", TEXT(2, 0)),
	OPTION(DHCP_ROOT_PATH, "Root Path", "dhcp.option.root_path", TEXT(2, 0)),
	OPTION(DHCP_FORWARDING, "IP Forwarding", "dhcp.option.ip_forwarding", U8(2)),
	OPTION(DHCP_REASSEMBLY, "Maximum Reassembly Size",
	    "dhcp.option.max_datagram_reassembly_size", U16(2)),
	OPTION(DHCP_TTL, "Default Time to Live", "dhcp.option.default_ip_ttl", U8(2)),
	OPTION(DHCP_MTU, "Interface MTU", "dhcp.option.interface_mtu", U16(2)),
	OPTION(DHCP_BROADCAST, "Broadcast Address", "dhcp.option.broadcast_address", IP4(2)),
	OPTION(DHCP_ROUTER_DISCOVERY, "Perform Router Discovery",
	    "dhcp.option.perform_router_discover", U8(2)),
	OPTION(DHCP_STATIC_ROUTE, "Static Route", "dhcp.option.static_route.ip", IP4(2)),
	OPTION(
	    DHCP_STATIC_ROUTER, "Static Route's Router", "dhcp.option.static_route.router", IP4(6)),
	OPTION(DHCP_NIS_DOMAIN, "NIS Domain", "dhcp.option.nis_domain", TEXT(2, 0)),
	OPTION(DHCP_NIS_SERVER, "NIS Server", "dhcp.option.nis_server", IP4(2)),
	OPTION(DHCP_NTP_SERVER, "NTP Server", "dhcp.option.ntp_server", IP4(2)),
	OPTION(DHCP_VENDOR, "Vendor-specific Information", "dhcp.option.value", BYTES(2, 0)),
	OPTION(
	    DHCP_WINS, "NetBIOS Name Server", "dhcp.option.netbios_over_tcpip_name_server", IP4(2)),
	OPTION(
	    DHCP_NODE_TYPE, "NetBIOS Node Type", "dhcp.option.netbios_over_tcpip_node_type", U8(2)),
	OPTION(DHCP_SCOPE, "NetBIOS Scope", "dhcp.option.netbios_over_tcpip_scope", TEXT(2, 0)),
	OPTION(DHCP_REQUESTED, "Requested Address", "dhcp.option.requested_ip_address", IP4(2)),
	OPTION(DHCP_LEASE, "Lease Time", "dhcp.option.ip_address_lease_time", U32(2)),
	OPTION(DHCP_OVERLOAD, "Option Overload", "dhcp.option.option_overload", U8(2)),
	OPTION(DHCP_SERVER_ID, "Server Identifier", "dhcp.option.dhcp_server_id", IP4(2)),
	[DHCP_PARAMETER] = { "Parameter", "dhcp.option.request_list_item", U8(2),
	    LABELED(option_set), .level = 2 },
	OPTION(DHCP_TEXT, "Message", "dhcp.option.message", TEXT(2, 0)),
	OPTION(DHCP_SIZE, "Maximum Message Size", "dhcp.option.dhcp_max_message_size", U16(2)),
	OPTION(DHCP_RENEWAL, "Renewal Time", "dhcp.option.renewal_time_value", U32(2)),
	OPTION(DHCP_REBINDING, "Rebinding Time", "dhcp.option.rebinding_time_value", U32(2)),
	OPTION(DHCP_VENDOR_CLASS, "Vendor Class", "dhcp.option.vendor_class_id", TEXT(2, 0)),
	[DHCP_CLIENT_TYPE] = { "Client Identifier's Type", "dhcp.hw.type", U8(2), LABELED(hardware),
	    .level = 2 },
	OPTION(DHCP_CLIENT_MAC, "Client Identifier's Address", "dhcp.hw.mac_addr", MAC(3)),
	OPTION(DHCP_CLIENT_ID, "Client Identifier", "dhcp.client_id", BYTES(2, 0)),
	OPTION(DHCP_TFTP_NAME, "TFTP Server Name", "dhcp.option.tftp_server_name", TEXT(2, 0)),
	OPTION(DHCP_BOOT_FILE, "Boot File Name", "dhcp.option.bootfile_name", TEXT(2, 0)),
	OPTION(DHCP_SMTP, "SMTP Server", "dhcp.option.smtp_server", IP4(2)),
	OPTION(DHCP_POP3, "POP3 Server", "dhcp.option.pop3_server", IP4(2)),
	OPTION(DHCP_USER_CLASS, "User Class", NULL, BYTES(2, 0)),
	OPTION(DHCP_FQDN_FLAGS, "Qualified Name Flags", "dhcp.fqdn.flags", U8(2)),
	OPTION(DHCP_FQDN_A, "A Result", "dhcp.fqdn.rcode1", U8(3)),
	OPTION(DHCP_FQDN_PTR, "PTR Result", "dhcp.fqdn.rcode2", U8(4)),
	OPTION(DHCP_FQDN_NAME, "Qualified Name", "dhcp.fqdn.name", TEXT(5, 0)),
	OPTION(DHCP_LAST_TRANSACTION, "Last Transaction Time",
	    "dhcp.option.client_last_transaction_time", U32(2)),
	OPTION(DHCP_ASSOCIATED, "Associated Address", "dhcp.option.associated_ip_option", IP4(2)),
	OPTION(DHCP_ARCHITECTURE, "System Architecture", "dhcp.option.client_system_architecture",
	    U16(2)),
	OPTION(DHCP_INTERFACE_TYPE, "Interface Type", NULL, U8(2)),
	OPTION(
	    DHCP_INTERFACE_MAJOR, "Interface Major Version", "dhcp.client_network_id_major", U8(3)),
	OPTION(
	    DHCP_INTERFACE_MINOR, "Interface Minor Version", "dhcp.client_network_id_minor", U8(4)),
	OPTION(DHCP_UUID_TYPE, "Machine Identifier Type", NULL, U8(2)),
	OPTION(DHCP_UUID, "Machine Identifier", NULL, BYTES(3, 0)),
	OPTION(DHCP_AUTOCONFIGURE, "Automatic Configuration", "dhcp.option.dhcp_auto_configuration",
	    U8(2)),
	OPTION(DHCP_CLASSLESS, "Classless Static Routes", NULL, BYTES(2, 0)),
	OPTION(DHCP_TFTP_ADDRESS, "TFTP Server Address", "dhcp.option.tftp_server_address", IP4(2)),
	OPTION(
	    DHCP_URL, "Proxy Configuration", "dhcp.option.private_proxy_autodiscovery", TEXT(2, 0)),
	[DHCP_RELAY_OPTION] = { "Relay Option", "dhcp.option.agent_information_option", U8(0),
	    LABELED(relays), .level = 2 },
	[DHCP_RELAY_LENGTH] = { "Relay Option Length", NULL, U8(1), .level = 3 },
	[DHCP_RELAY_DATA] = { "Relay Option Data", NULL, BYTES(2, 0), .level = 3 },
	[DHCP_CIRCUIT] = { "Circuit Identifier",
	    "dhcp.option.agent_information_option.agent_circuit_id", BYTES(2, 0), .level = 3 },
	[DHCP_REMOTE] = { "Remote Identifier",
	    "dhcp.option.agent_information_option.agent_remote_id", BYTES(2, 0), .level = 3 },
};

static const PARSERFIELDNAME names[] = {
	{ L("Flags"), L("dhcp.flags.bc"), 0x8000, 0 },
	{ L("Flags"), L("dhcp.flags.reserved"), 0x7FFF, 0 },
	{ L("Qualified Name Flags"), L("dhcp.fqdn.s"), 0x01, 0 },
	{ L("Qualified Name Flags"), L("dhcp.fqdn.o"), 0x02, 0 },
	{ L("Qualified Name Flags"), L("dhcp.fqdn.e"), 0x04, 0 },
	{ L("Qualified Name Flags"), L("dhcp.fqdn.n"), 0x08, 0 },
};

static const struct element relay_types[] = {
	{ .type = 1, .first = DHCP_CIRCUIT, .n = 1 },
	{ .type = 2, .first = DHCP_REMOTE, .n = 1 },
};

static const struct list relay_list = {
	.fields = fields,
	.type = DHCP_RELAY_OPTION,
	.length = DHCP_RELAY_LENGTH,
	.rest = DHCP_RELAY_DATA,
	.length_at = 1,
	.uncounted = 2,
	.elements = relay_types,
	.n_elements = COUNT(relay_types),
};

/* A type of hardware and an address, or whatever its maker likes. */
static void attach_client(const struct header *h)
{
	bool is_mac = h->left == 3 + MAC_SIZE && h->p[2] == ETHERNET;

	if (is_mac)
		fields_attach(h, &fields[DHCP_CLIENT_TYPE], 2);
	else
		fields_attach(h, &fields[DHCP_CLIENT_ID], 1);
}

static const struct element options[] = {
	{ .type = 1, .first = DHCP_MASK, .n = 1 },
	{ .type = 2, .first = DHCP_TIME_OFFSET, .n = 1 },
	{ .type = 3, .first = DHCP_ROUTER, .n = 1, .every = 4 },
	{ .type = 4, .first = DHCP_TIME_SERVER, .n = 1, .every = 4 },
	{ .type = 5, .first = DHCP_NAME_SERVER, .n = 1, .every = 4 },
	{ .type = 6, .first = DHCP_DNS, .n = 1, .every = 4 },
	{ .type = 7, .first = DHCP_LOG_SERVER, .n = 1, .every = 4 },
	{ .type = 9, .first = DHCP_LPR_SERVER, .n = 1, .every = 4 },
	{ .type = 12, .first = DHCP_HOST, .n = 1 },
	{ .type = 13, .first = DHCP_FILE_SIZE, .n = 1 },
	{ .type = 15, .first = DHCP_DOMAIN, .n = 1 },
	{ .type = 17, .first = DHCP_ROOT_PATH, .n = 1 },
	{ .type = 19, .first = DHCP_FORWARDING, .n = 1 },
	{ .type = 22, .first = DHCP_REASSEMBLY, .n = 1 },
	{ .type = 23, .first = DHCP_TTL, .n = 1 },
	{ .type = 26, .first = DHCP_MTU, .n = 1 },
	{ .type = 28, .first = DHCP_BROADCAST, .n = 1 },
	{ .type = 31, .first = DHCP_ROUTER_DISCOVERY, .n = 1 },
	{ .type = 33, .first = DHCP_STATIC_ROUTE, .n = 2, .every = 8 },
	{ .type = 40, .first = DHCP_NIS_DOMAIN, .n = 1 },
	{ .type = 41, .first = DHCP_NIS_SERVER, .n = 1, .every = 4 },
	{ .type = 42, .first = DHCP_NTP_SERVER, .n = 1, .every = 4 },
	{ .type = 43, .first = DHCP_VENDOR, .n = 1 },
	{ .type = 44, .first = DHCP_WINS, .n = 1, .every = 4 },
	{ .type = 46, .first = DHCP_NODE_TYPE, .n = 1 },
	{ .type = 47, .first = DHCP_SCOPE, .n = 1 },
	{ .type = 50, .first = DHCP_REQUESTED, .n = 1 },
	{ .type = 51, .first = DHCP_LEASE, .n = 1 },
	{ .type = 52, .first = DHCP_OVERLOAD, .n = 1 },
	{ .type = 53, .first = DHCP_MESSAGE, .n = 1 },
	{ .type = 54, .first = DHCP_SERVER_ID, .n = 1 },
	{ .type = 55, .first = DHCP_PARAMETER, .n = 1, .every = 1 },
	{ .type = 56, .first = DHCP_TEXT, .n = 1 },
	{ .type = 57, .first = DHCP_SIZE, .n = 1 },
	{ .type = 58, .first = DHCP_RENEWAL, .n = 1 },
	{ .type = 59, .first = DHCP_REBINDING, .n = 1 },
	{ .type = 60, .first = DHCP_VENDOR_CLASS, .n = 1 },
	{ .type = 61, .attach = attach_client },
	{ .type = 66, .first = DHCP_TFTP_NAME, .n = 1 },
	{ .type = 67, .first = DHCP_BOOT_FILE, .n = 1 },
	{ .type = 69, .first = DHCP_SMTP, .n = 1, .every = 4 },
	{ .type = 70, .first = DHCP_POP3, .n = 1, .every = 4 },
	{ .type = 77, .first = DHCP_USER_CLASS, .n = 1 },
	{ .type = 81, .first = DHCP_FQDN_FLAGS, .n = 4 },
	{ .type = 82, .list = &relay_list, .inner_at = 2 },
	{ .type = 91, .first = DHCP_LAST_TRANSACTION, .n = 1 },
	{ .type = 92, .first = DHCP_ASSOCIATED, .n = 1, .every = 4 },
	{ .type = 93, .first = DHCP_ARCHITECTURE, .n = 1, .every = 2 },
	{ .type = 94, .first = DHCP_INTERFACE_TYPE, .n = 3 },
	{ .type = 97, .first = DHCP_UUID_TYPE, .n = 2 },
	{ .type = 116, .first = DHCP_AUTOCONFIGURE, .n = 1 },
	{ .type = 121, .first = DHCP_CLASSLESS, .n = 1 },
	{ .type = 150, .first = DHCP_TFTP_ADDRESS, .n = 1, .every = 4 },
	{ .type = 249, .first = DHCP_CLASSLESS, .n = 1 },
	{ .type = 252, .first = DHCP_URL, .n = 1 },
};

static const struct list option_list = {
	.fields = fields,
	.type = DHCP_OPTION,
	.length = DHCP_OPTION_LENGTH,
	.rest = DHCP_OPTION_DATA,
	.length_at = 1,
	.uncounted = 2,
	.singles = 1,
	.elements = options,
	.n_elements = COUNT(options),
};

RECOGNIZE(recognize)
{
	(void)p;
	(void)left;
	(void)next;
	(void)instance;
	return rest_is_mine(status);
}

/* Clients of some makers write them in the order of their machine. */
static void attach_seconds(const struct header *h)
{
	uint16_t v;

	if (h->left < 10) {
		fields_attach(h, &fields[DHCP_SECONDS], 1);
		return;
	}
	v = be16(h->p + 8);
	if (v > 0xFF && le16(h->p + 8) <= 0xFF)
		v = le16(h->p + 8);
	field_attach_value(h, &fields[DHCP_SECONDS], 8, 2, &v, 2, 0);
}

static void attach_address(const struct header *h)
{
	DWORD n = h->left > 2 && h->p[2] <= 16 ? h->p[2] : 16;

	if (n == 0 || h->left <= 28)
		return;
	if (n == MAC_SIZE && h->p[1] == ETHERNET)
		fields_attach(h, &fields[DHCP_MAC], 1);
	else
		field_attach_at(h, &fields[DHCP_ADDRESS], 28, n, 0);
	if (n < 16)
		field_attach_at(h, &fields[DHCP_PADDING], 28 + n, 16 - n, 0);
}

/* The end is one byte; what follows it is padding. */
static DWORD options_end(const struct header *h)
{
	for (DWORD at = OPTIONS; at < h->left;) {
		if (h->p[at] == TYPE_END)
			return at;
		if (h->p[at] == 0)
			at++;
		else if (at + 1 < h->left)
			at += 2u + h->p[at + 1];
		else
			break;
	}
	return h->left;
}

static void attach_options(const struct header *h)
{
	DWORD end;

	fields_attach(h, &fields[DHCP_COOKIE], 1);
	if (h->left < OPTIONS || be32(h->p + HEADER) != COOKIE)
		return;
	end = options_end(h);
	list_attach(&option_list, h, OPTIONS, end);
	if (end < h->left)
		field_attach_at(h, &fields[DHCP_OPTION], end, 1, 0);
}

ATTACH(attach)
{
	const struct header h = { frame, p, bounded(left, instance) };

	field_attach_at(&h, &fields[DHCP_SUMMARY], 0, h.left, h.left < HEADER ? IFLAG_ERROR : 0);
	fields_attach(&h, &fields[DHCP_TYPE], DHCP_SECONDS - DHCP_TYPE);
	attach_seconds(&h);
	fields_attach(&h, &fields[DHCP_FLAGS], DHCP_MAC - DHCP_FLAGS);
	attach_address(&h);
	fields_attach(&h, &fields[DHCP_SERVER_NAME], 2);
	attach_options(&h);
	return NULL;
}

/* The kind of message, NULL: there is none, as in BOOTP. */
static const char *message_of(const uint8_t *p, DWORD left)
{
	if (left < OPTIONS || be32(p + HEADER) != COOKIE)
		return NULL;
	for (DWORD at = OPTIONS; at + 3 <= left && p[at] != TYPE_END;
	     at += p[at] ? 2u + p[at + 1] : 1u)
		if (p[at] == 53)
			return (const char *)LookupByteSetString(&messages, p[at + 2]);
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
	name = message_of(p, i->DataLength);
	if (name)
		text_put(i, "%s", name);
	else
		text_put(i, "BOOTP %s", p[0] == 1 ? "request" : "reply");
	text_put(i, ", transaction 0x%08X", be32(p + 4));
	if (be32(p + 16))
		text_put(i, ", %u.%u.%u.%u", p[16], p[17], p[18], p[19]);
}

static const struct place places[] = {
	{ TCPIP_INI, "UDP_HandoffSet", 67, false },
	{ TCPIP_INI, "UDP_HandoffSet", 68, false },
};

struct parser dhcp_parser = {
	.name = "DHCP",
	.comment = "Dynamic Host Configuration Protocol (RFC 2131)",
	.fields = fields,
	.n_fields = DHCP_FIELDS,
	.recognize = recognize,
	.attach = attach,
	.places = places,
	.n_places = COUNT(places),
	.names = names,
	.n_names = COUNT(names),
};
