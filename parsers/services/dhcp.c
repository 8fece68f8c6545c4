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
	DHCP_OPTION_VALUE,
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
	DHCP_QUOTES,
	DHCP_IMPRESS,
	DHCP_RESOURCES,
	DHCP_DUMP_FILE,
	DHCP_SWAP,
	DHCP_EXTENSIONS,
	DHCP_SOURCE_ROUTING,
	DHCP_POLICY,
	DHCP_POLICY_MASK,
	DHCP_MTU_AGING,
	DHCP_PLATEAU,
	DHCP_ALL_LOCAL,
	DHCP_MASK_DISCOVERY,
	DHCP_MASK_SUPPLIER,
	DHCP_SOLICITATION,
	DHCP_TRAILERS,
	DHCP_ARP_TIMEOUT,
	DHCP_ETHERNET_KIND,
	DHCP_TCP_TTL,
	DHCP_KEEPALIVE,
	DHCP_KEEPALIVE_BYTE,
	DHCP_DATAGRAM_SERVER,
	DHCP_FONT_SERVER,
	DHCP_DISPLAY_MANAGER,
	DHCP_NETWARE_DOMAIN,
	DHCP_NIS_PLUS_DOMAIN,
	DHCP_NIS_PLUS_SERVER,
	DHCP_HOME_AGENT,
	DHCP_NNTP,
	DHCP_WWW,
	DHCP_FINGER,
	DHCP_IRC,
	DHCP_STREETTALK,
	DHCP_STREETTALK_DA,
	DHCP_NDS,
	DHCP_NDS_TREE,
	DHCP_NDS_CONTEXT,
	DHCP_TIME_ZONE,
	DHCP_TIME_ZONE_NAME,
	DHCP_NETINFO,
	DHCP_NETINFO_TAG,
	DHCP_PORTAL,
	DHCP_SUBNET,
	DHCP_PANA,
	DHCP_CAPWAP,
	DHCP_ANDSF,
	DHCP_MUD,
	DHCP_PXE_FILE,
	DHCP_PXE_PREFIX,
	DHCP_AUTH_PROTOCOL,
	DHCP_AUTH_ALGORITHM,
	DHCP_AUTH_METHOD,
	DHCP_AUTH_DETECTION,
	DHCP_RELAY_OPTION,
	DHCP_RELAY_LENGTH,
	DHCP_RELAY_DATA,
	DHCP_CIRCUIT,
	DHCP_REMOTE,
	DHCP_LINK,
	DHCP_SUBSCRIBER,
	DHCP_RADIUS,
	DHCP_RELAY_AUTH,
	DHCP_RELAY_VENDOR,
	DHCP_RELAY_FLAGS,
	DHCP_RELAY_SERVER,
	DHCP_RELAY_AGENT,
	DHCP_END,
	DHCP_END_PADDING,
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
	{ 8, L("Quotes server") },
	{ 9, L("LPR server") },
	{ 10, L("Impress server") },
	{ 11, L("Resource location server") },
	{ 12, L("Host name") },
	{ 13, L("Boot file size") },
	{ 14, L("Merit dump file") },
	{ 15, L("Domain name") },
	{ 16, L("Swap server") },
	{ 17, L("Root path") },
	{ 18, L("Extensions path") },
	{ 19, L("IP forwarding") },
	{ 20, L("Non-local source routing") },
	{ 21, L("Policy filter") },
	{ 22, L("Maximum datagram reassembly size") },
	{ 23, L("Default time to live") },
	{ 24, L("Path MTU aging timeout") },
	{ 25, L("Path MTU plateau table") },
	{ 26, L("Interface MTU") },
	{ 27, L("All subnets are local") },
	{ 28, L("Broadcast address") },
	{ 29, L("Perform mask discovery") },
	{ 30, L("Mask supplier") },
	{ 31, L("Perform router discovery") },
	{ 32, L("Router solicitation address") },
	{ 33, L("Static route") },
	{ 34, L("Trailer encapsulation") },
	{ 35, L("ARP cache timeout") },
	{ 36, L("Ethernet encapsulation") },
	{ 37, L("TCP time to live") },
	{ 38, L("TCP keep-alive interval") },
	{ 39, L("TCP keep-alive byte") },
	{ 40, L("NIS domain") },
	{ 41, L("NIS servers") },
	{ 42, L("NTP servers") },
	{ 43, L("Vendor-specific information") },
	{ 44, L("NetBIOS name server") },
	{ 45, L("NetBIOS datagram distribution server") },
	{ 46, L("NetBIOS node type") },
	{ 47, L("NetBIOS scope") },
	{ 48, L("X font server") },
	{ 49, L("X display manager") },
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
	{ 62, L("NetWare/IP domain") },
	{ 64, L("NIS+ domain") },
	{ 65, L("NIS+ servers") },
	{ 66, L("TFTP server name") },
	{ 67, L("Boot file name") },
	{ 68, L("Mobile IP home agent") },
	{ 69, L("SMTP server") },
	{ 70, L("POP3 server") },
	{ 71, L("NNTP server") },
	{ 72, L("Web server") },
	{ 73, L("Finger server") },
	{ 74, L("IRC server") },
	{ 75, L("StreetTalk server") },
	{ 76, L("StreetTalk directory assistance") },
	{ 77, L("User class") },
	{ 80, L("Rapid commit") },
	{ 81, L("Client's qualified name") },
	{ 82, L("Relay agent information") },
	{ 85, L("Novell directory services servers") },
	{ 86, L("Novell directory services tree") },
	{ 87, L("Novell directory services context") },
	{ 90, L("Authentication") },
	{ 91, L("Client's last transaction time") },
	{ 92, L("Associated IP addresses") },
	{ 93, L("Client system architecture") },
	{ 94, L("Client network device interface") },
	{ 95, L("LDAP") },
	{ 97, L("Client machine identifier") },
	{ 100, L("Time zone") },
	{ 101, L("Time zone name") },
	{ 108, L("IPv6-only preferred") },
	{ 112, L("NetInfo parent server") },
	{ 113, L("NetInfo parent server tag") },
	{ 114, L("Captive portal") },
	{ 116, L("Automatic configuration") },
	{ 118, L("Subnet selection") },
	{ 119, L("Domain search") },
	{ 120, L("SIP servers") },
	{ 121, L("Classless static route") },
	{ 124, L("Identified vendor class") },
	{ 125, L("Identified vendor information") },
	{ 136, L("PANA agent") },
	{ 138, L("CAPWAP access controllers") },
	{ 142, L("ANDSF server") },
	{ 150, L("TFTP server address") },
	{ 161, L("Manufacturer usage description") },
	{ 209, L("PXELINUX configuration file") },
	{ 210, L("PXELINUX path prefix") },
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
	[DHCP_OPTION_VALUE] = { "Option Value", "dhcp.option.value", BYTES(2, 0), .level = HIDDEN },
	[DHCP_OPTION_DATA] = { "Option Data", NULL, BYTES(2, 0), .level = 2 },
#define OPTION(row_, label_, name_, place_) [row_] = { label_, name_, place_, .level = 2 }
	[DHCP_MESSAGE] = { "DHCP Message Type", "dhcp.option.dhcp", U8(2), LABELED(messages),
	    .level = 2 },
	OPTION(DHCP_MASK, "Subnet Mask", "dhcp.option.subnet_mask", IP4(2)),
	OPTION(DHCP_TIME_OFFSET, "Time Offset", "dhcp.option.time_offset", U32(2)),
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
	OPTION(DHCP_VENDOR, "Vendor-specific Information", NULL, BYTES(2, 0)),
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
	OPTION(DHCP_QUOTES, "Quotes Server", "dhcp.option.quotes_server", IP4(2)),
	OPTION(DHCP_IMPRESS, "Impress Server", "dhcp.option.impress_server", IP4(2)),
	OPTION(DHCP_RESOURCES, "Resource Location Server", "dhcp.option.resource_location_server",
	    IP4(2)),
	OPTION(DHCP_DUMP_FILE, "Merit Dump File", "dhcp.option.merit_dump_file", TEXT(2, 0)),
	OPTION(DHCP_SWAP, "Swap Server", "dhcp.option.swap_server", IP4(2)),
	OPTION(DHCP_EXTENSIONS, "Extensions Path", "dhcp.option.extension_path", TEXT(2, 0)),
	OPTION(DHCP_SOURCE_ROUTING, "Non-local Source Routing",
	    "dhcp.option.non_local_source_routing", U8(2)),
	OPTION(DHCP_POLICY, "Policy Filter", "dhcp.option.policy_filter.ip", IP4(2)),
	OPTION(DHCP_POLICY_MASK, "Policy Filter's Mask", "dhcp.option.policy_filter.subnet_mask",
	    IP4(6)),
	OPTION(
	    DHCP_MTU_AGING, "Path MTU Aging Timeout", "dhcp.option.path_mtu_aging_timeout", U32(2)),
	OPTION(DHCP_PLATEAU, "Path MTU Plateau", "dhcp.option.path_mtu_plateau_table_item", U16(2)),
	OPTION(DHCP_ALL_LOCAL, "All Subnets are local", "dhcp.option.all_subnets_are_local", U8(2)),
	OPTION(DHCP_MASK_DISCOVERY, "Perform Mask Discovery", "dhcp.option.perform_mask_discovery",
	    U8(2)),
	OPTION(DHCP_MASK_SUPPLIER, "Mask Supplier", "dhcp.option.mask_supplier", U8(2)),
	OPTION(DHCP_SOLICITATION, "Router Solicitation Address",
	    "dhcp.option.router_solicitation_address", IP4(2)),
	OPTION(DHCP_TRAILERS, "Trailer Encapsulation", "dhcp.option.trailer_encapsulation", U8(2)),
	OPTION(DHCP_ARP_TIMEOUT, "ARP Cache Timeout", "dhcp.option.arp_cache_timeout", U32(2)),
	OPTION(DHCP_ETHERNET_KIND, "Ethernet Encapsulation", "dhcp.option.ethernet_encapsulation",
	    U8(2)),
	OPTION(DHCP_TCP_TTL, "TCP Time to Live", "dhcp.option.tcp_default_ttl", U8(2)),
	OPTION(DHCP_KEEPALIVE, "TCP Keep-alive Interval", "dhcp.option.tcp_keepalive_interval",
	    U32(2)),
	OPTION(
	    DHCP_KEEPALIVE_BYTE, "TCP Keep-alive Byte", "dhcp.option.tcp_keepalive_garbage", U8(2)),
	OPTION(DHCP_DATAGRAM_SERVER, "NetBIOS Datagram Server",
	    "dhcp.option.netbios_over_tcpip_dd_name_server", IP4(2)),
	OPTION(
	    DHCP_FONT_SERVER, "X Font Server", "dhcp.option.xwindows_system_font_server", IP4(2)),
	OPTION(DHCP_DISPLAY_MANAGER, "X Display Manager",
	    "dhcp.option.xwindows_system_display_manager", IP4(2)),
	OPTION(DHCP_NETWARE_DOMAIN, "NetWare/IP Domain", "dhcp.option.novell_netware_ip_domain",
	    TEXT(2, 0)),
	OPTION(DHCP_NIS_PLUS_DOMAIN, "NIS+ Domain", "dhcp.option.nis_plus_domain", TEXT(2, 0)),
	OPTION(DHCP_NIS_PLUS_SERVER, "NIS+ Server", "dhcp.option.nis_plus_server", IP4(2)),
	OPTION(DHCP_HOME_AGENT, "Mobile IP Home Agent", "dhcp.option.mobile_ip_home_agent", IP4(2)),
	OPTION(DHCP_NNTP, "NNTP Server", "dhcp.option.nntp_server", IP4(2)),
	OPTION(DHCP_WWW, "Web Server", "dhcp.option.default_www_server", IP4(2)),
	OPTION(DHCP_FINGER, "Finger Server", "dhcp.option.default_finger_server", IP4(2)),
	OPTION(DHCP_IRC, "IRC Server", "dhcp.option.default_irc_server", IP4(2)),
	OPTION(DHCP_STREETTALK, "StreetTalk Server", "dhcp.option.streettalk_server", IP4(2)),
	OPTION(DHCP_STREETTALK_DA, "StreetTalk Directory Assistance",
	    "dhcp.option.streettalk_da_server", IP4(2)),
	OPTION(DHCP_NDS, "Directory Services Server", "dhcp.option.novell_dss.ip", IP4(2)),
	OPTION(DHCP_NDS_TREE, "Directory Services Tree", "dhcp.option.novell_ds_tree_name",
	    TEXT(2, 0)),
	OPTION(DHCP_NDS_CONTEXT, "Directory Services Context", "dhcp.option.novell_ds_context",
	    TEXT(2, 0)),
	OPTION(DHCP_TIME_ZONE, "Time Zone", "dhcp.option.tz_pcode", TEXT(2, 0)),
	OPTION(DHCP_TIME_ZONE_NAME, "Time Zone Name", "dhcp.option.tz_tcode", TEXT(2, 0)),
	OPTION(DHCP_NETINFO, "NetInfo Parent Server", "dhcp.option.netinfo_parent_server_address",
	    IP4(2)),
	OPTION(DHCP_NETINFO_TAG, "NetInfo Parent Server's Tag",
	    "dhcp.option.netinfo_parent_server_tag", TEXT(2, 0)),
	OPTION(DHCP_PORTAL, "Captive Portal", "dhcp.option.captive_portal", TEXT(2, 0)),
	OPTION(DHCP_SUBNET, "Subnet Selection", "dhcp.option.subnet_selection_option", IP4(2)),
	OPTION(DHCP_PANA, "PANA Agent", "dhcp.option.pana_agent", IP4(2)),
	OPTION(DHCP_CAPWAP, "CAPWAP Access Controller", "dhcp.option.capwap_access_controller",
	    IP4(2)),
	OPTION(DHCP_ANDSF, "ANDSF Server", "dhcp.option.andsf_server", IP4(2)),
	OPTION(DHCP_MUD, "Manufacturer Usage Description", "dhcp.option.mudurl", TEXT(2, 0)),
	OPTION(DHCP_PXE_FILE, "PXELINUX Configuration File", "dhcp.option.pxe_config_file",
	    TEXT(2, 0)),
	OPTION(DHCP_PXE_PREFIX, "PXELINUX Path Prefix", "dhcp.option.pxe_path_prefix", TEXT(2, 0)),
	OPTION(DHCP_AUTH_PROTOCOL, "Authentication Protocol",
	    "dhcp.option.dhcp_authentication.protocol", U8(2)),
	OPTION(DHCP_AUTH_ALGORITHM, "Authentication Algorithm",
	    "dhcp.option.dhcp_authentication.algorithm", U8(3)),
	OPTION(DHCP_AUTH_METHOD, "Replay Detection Method", "dhcp.option.dhcp_authentication.rdm",
	    U8(4)),
	OPTION(DHCP_AUTH_DETECTION, "Replay Detection",
	    "dhcp.option.dhcp_authentication.rdm_replay_detection", U64(5)),
	[DHCP_RELAY_OPTION] = { "Relay Option", "dhcp.option.agent_information_option.suboption",
	    U8(0), LABELED(relays), .level = 2 },
	[DHCP_RELAY_LENGTH] = { "Relay Option Length", NULL, U8(1), .level = 3 },
	[DHCP_RELAY_DATA] = { "Relay Option Data", NULL, BYTES(2, 0), .level = 3 },
	[DHCP_CIRCUIT] = { "Circuit Identifier",
	    "dhcp.option.agent_information_option.agent_circuit_id", BYTES(2, 0), .level = 3 },
	[DHCP_REMOTE] = { "Remote Identifier",
	    "dhcp.option.agent_information_option.agent_remote_id", BYTES(2, 0), .level = 3 },
	[DHCP_LINK] = { "Link Selection", "dhcp.option.agent_information_option.link_selection",
	    IP4(2), .level = 3 },
	[DHCP_SUBSCRIBER] = { "Subscriber", "dhcp.option.agent_information_option.subscriber_id",
	    TEXT(2, 0), .level = 3 },
	[DHCP_RADIUS] = { "RADIUS Attributes",
	    "dhcp.option.agent_information_option.radius_attributes", BYTES(2, 0), .level = 3 },
	[DHCP_RELAY_AUTH] = { "Relay Authentication",
	    "dhcp.option.agent_information_option.authentication", BYTES(2, 0), .level = 3 },
	[DHCP_RELAY_VENDOR] = { "Relay's Vendor Information",
	    "dhcp.option.agent_information_option.vi", BYTES(2, 0), .level = 3 },
	[DHCP_RELAY_FLAGS] = { "Relay Flags", "dhcp.option.agent_information_option.flags", U8(2),
	    .level = 3 },
	[DHCP_RELAY_SERVER] = { "Server Identifier Override",
	    "dhcp.option.agent_information_option.server_id_override", IP4(2), .level = 3 },
	[DHCP_RELAY_AGENT] = { "Relay Agent Identifier",
	    "dhcp.option.agent_information_option.relay_agent_id", BYTES(2, 0), .level = 3 },
	[DHCP_END] = { "End of Options", "dhcp.option.end", U8(0), .level = HIDDEN },
	[DHCP_END_PADDING] = { "Padding", "dhcp.option.padding", BYTES(0, 0) },
};

static const PARSERFIELDNAME names[] = {
	{ L("Flags"), L("dhcp.flags.bc"), 0x8000, 0 },
	{ L("Flags"), L("dhcp.flags.reserved"), 0x7FFF, 0 },
	{ L("Qualified Name Flags"), L("dhcp.fqdn.s"), 0x01, 0 },
	{ L("Qualified Name Flags"), L("dhcp.fqdn.o"), 0x02, 0 },
	{ L("Qualified Name Flags"), L("dhcp.fqdn.e"), 0x04, 0 },
	{ L("Qualified Name Flags"), L("dhcp.fqdn.n"), 0x08, 0 },
	{ L("Qualified Name Flags"), L("dhcp.fqdn.mbz"), 0xF0, 0 },
};

static const struct element relay_types[] = {
	{ .type = 1, .first = DHCP_CIRCUIT, .n = 1 },
	{ .type = 2, .first = DHCP_REMOTE, .n = 1 },
	{ .type = 5, .first = DHCP_LINK, .n = 1 },
	{ .type = 6, .first = DHCP_SUBSCRIBER, .n = 1 },
	{ .type = 7, .first = DHCP_RADIUS, .n = 1 },
	{ .type = 8, .first = DHCP_RELAY_AUTH, .n = 1 },
	{ .type = 9, .first = DHCP_RELAY_VENDOR, .n = 1 },
	{ .type = 10, .first = DHCP_RELAY_FLAGS, .n = 1 },
	{ .type = 11, .first = DHCP_RELAY_SERVER, .n = 1 },
	{ .type = 12, .first = DHCP_RELAY_AGENT, .n = 1 },
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
	{ .type = 8, .first = DHCP_QUOTES, .n = 1, .every = 4 },
	{ .type = 9, .first = DHCP_LPR_SERVER, .n = 1, .every = 4 },
	{ .type = 10, .first = DHCP_IMPRESS, .n = 1, .every = 4 },
	{ .type = 11, .first = DHCP_RESOURCES, .n = 1, .every = 4 },
	{ .type = 12, .first = DHCP_HOST, .n = 1 },
	{ .type = 13, .first = DHCP_FILE_SIZE, .n = 1 },
	{ .type = 14, .first = DHCP_DUMP_FILE, .n = 1 },
	{ .type = 15, .first = DHCP_DOMAIN, .n = 1 },
	{ .type = 16, .first = DHCP_SWAP, .n = 1, .every = 4 },
	{ .type = 17, .first = DHCP_ROOT_PATH, .n = 1 },
	{ .type = 18, .first = DHCP_EXTENSIONS, .n = 1 },
	{ .type = 19, .first = DHCP_FORWARDING, .n = 1 },
	{ .type = 20, .first = DHCP_SOURCE_ROUTING, .n = 1 },
	{ .type = 21, .first = DHCP_POLICY, .n = 2, .every = 8 },
	{ .type = 22, .first = DHCP_REASSEMBLY, .n = 1 },
	{ .type = 23, .first = DHCP_TTL, .n = 1 },
	{ .type = 24, .first = DHCP_MTU_AGING, .n = 1 },
	{ .type = 25, .first = DHCP_PLATEAU, .n = 1, .every = 2 },
	{ .type = 26, .first = DHCP_MTU, .n = 1 },
	{ .type = 27, .first = DHCP_ALL_LOCAL, .n = 1 },
	{ .type = 28, .first = DHCP_BROADCAST, .n = 1 },
	{ .type = 29, .first = DHCP_MASK_DISCOVERY, .n = 1 },
	{ .type = 30, .first = DHCP_MASK_SUPPLIER, .n = 1 },
	{ .type = 31, .first = DHCP_ROUTER_DISCOVERY, .n = 1 },
	{ .type = 32, .first = DHCP_SOLICITATION, .n = 1 },
	{ .type = 33, .first = DHCP_STATIC_ROUTE, .n = 2, .every = 8 },
	{ .type = 34, .first = DHCP_TRAILERS, .n = 1 },
	{ .type = 35, .first = DHCP_ARP_TIMEOUT, .n = 1 },
	{ .type = 36, .first = DHCP_ETHERNET_KIND, .n = 1 },
	{ .type = 37, .first = DHCP_TCP_TTL, .n = 1 },
	{ .type = 38, .first = DHCP_KEEPALIVE, .n = 1 },
	{ .type = 39, .first = DHCP_KEEPALIVE_BYTE, .n = 1 },
	{ .type = 40, .first = DHCP_NIS_DOMAIN, .n = 1 },
	{ .type = 41, .first = DHCP_NIS_SERVER, .n = 1, .every = 4 },
	{ .type = 42, .first = DHCP_NTP_SERVER, .n = 1, .every = 4 },
	{ .type = 43, .first = DHCP_VENDOR, .n = 1 },
	{ .type = 44, .first = DHCP_WINS, .n = 1, .every = 4 },
	{ .type = 45, .first = DHCP_DATAGRAM_SERVER, .n = 1, .every = 4 },
	{ .type = 46, .first = DHCP_NODE_TYPE, .n = 1 },
	{ .type = 47, .first = DHCP_SCOPE, .n = 1 },
	{ .type = 48, .first = DHCP_FONT_SERVER, .n = 1, .every = 4 },
	{ .type = 49, .first = DHCP_DISPLAY_MANAGER, .n = 1, .every = 4 },
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
	{ .type = 62, .first = DHCP_NETWARE_DOMAIN, .n = 1 },
	{ .type = 64, .first = DHCP_NIS_PLUS_DOMAIN, .n = 1 },
	{ .type = 65, .first = DHCP_NIS_PLUS_SERVER, .n = 1, .every = 4 },
	{ .type = 66, .first = DHCP_TFTP_NAME, .n = 1 },
	{ .type = 67, .first = DHCP_BOOT_FILE, .n = 1 },
	{ .type = 68, .first = DHCP_HOME_AGENT, .n = 1, .every = 4 },
	{ .type = 69, .first = DHCP_SMTP, .n = 1, .every = 4 },
	{ .type = 70, .first = DHCP_POP3, .n = 1, .every = 4 },
	{ .type = 71, .first = DHCP_NNTP, .n = 1, .every = 4 },
	{ .type = 72, .first = DHCP_WWW, .n = 1, .every = 4 },
	{ .type = 73, .first = DHCP_FINGER, .n = 1, .every = 4 },
	{ .type = 74, .first = DHCP_IRC, .n = 1, .every = 4 },
	{ .type = 75, .first = DHCP_STREETTALK, .n = 1, .every = 4 },
	{ .type = 76, .first = DHCP_STREETTALK_DA, .n = 1, .every = 4 },
	{ .type = 77, .first = DHCP_USER_CLASS, .n = 1 },
	{ .type = 81, .first = DHCP_FQDN_FLAGS, .n = 4 },
	{ .type = 82, .list = &relay_list, .inner_at = 2 },
	{ .type = 85, .first = DHCP_NDS, .n = 1, .every = 4 },
	{ .type = 86, .first = DHCP_NDS_TREE, .n = 1 },
	{ .type = 87, .first = DHCP_NDS_CONTEXT, .n = 1 },
	{ .type = 90, .first = DHCP_AUTH_PROTOCOL, .n = 4 },
	{ .type = 91, .first = DHCP_LAST_TRANSACTION, .n = 1 },
	{ .type = 92, .first = DHCP_ASSOCIATED, .n = 1, .every = 4 },
	{ .type = 93, .first = DHCP_ARCHITECTURE, .n = 1, .every = 2 },
	{ .type = 94, .first = DHCP_INTERFACE_TYPE, .n = 3 },
	{ .type = 97, .first = DHCP_UUID_TYPE, .n = 2 },
	{ .type = 100, .first = DHCP_TIME_ZONE, .n = 1 },
	{ .type = 101, .first = DHCP_TIME_ZONE_NAME, .n = 1 },
	{ .type = 112, .first = DHCP_NETINFO, .n = 1, .every = 4 },
	{ .type = 113, .first = DHCP_NETINFO_TAG, .n = 1 },
	{ .type = 114, .first = DHCP_PORTAL, .n = 1 },
	{ .type = 116, .first = DHCP_AUTOCONFIGURE, .n = 1 },
	{ .type = 118, .first = DHCP_SUBNET, .n = 1 },
	{ .type = 121, .first = DHCP_CLASSLESS, .n = 1 },
	{ .type = 136, .first = DHCP_PANA, .n = 1, .every = 4 },
	{ .type = 138, .first = DHCP_CAPWAP, .n = 1, .every = 4 },
	{ .type = 142, .first = DHCP_ANDSF, .n = 1, .every = 4 },
	{ .type = 150, .first = DHCP_TFTP_ADDRESS, .n = 1, .every = 4 },
	{ .type = 161, .first = DHCP_MUD, .n = 1 },
	{ .type = 209, .first = DHCP_PXE_FILE, .n = 1 },
	{ .type = 210, .first = DHCP_PXE_PREFIX, .n = 1 },
	{ .type = 249, .first = DHCP_CLASSLESS, .n = 1 },
	{ .type = 252, .first = DHCP_URL, .n = 1 },
};

static const struct list option_list = {
	.fields = fields,
	.type = DHCP_OPTION,
	.length = DHCP_OPTION_LENGTH,
	.also = DHCP_OPTION_VALUE,
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
	if (end >= h->left)
		return;
	field_attach_at(h, &fields[DHCP_OPTION], end, 1, 0);
	field_attach_at(h, &fields[DHCP_END], end, 1, 0);
	if (end + 1 < h->left)
		field_attach_at(h, &fields[DHCP_END_PADDING], end + 1, h->left - end - 1, 0);
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
