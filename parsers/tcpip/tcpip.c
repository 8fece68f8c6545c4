/* SPDX-License-Identifier: MIT */
/* TCP/IP's own protocols. */
#include "tcpip.h"

struct parser *const library[] = { &ip_parser, &ip6_parser, &ip6_hop_parser,
	&ip6_destination_parser, &ip6_routing_parser, &ip6_fragment_parser, &ah_parser, &esp_parser,
	&icmp_parser, &icmp6_parser, &igmp_parser, &gre_parser, &vxlan_parser, &teredo_parser,
	&l2tp_parser, &sctp_parser, &tcp_parser, &udp_parser, &arp_parser, NULL };

static LABELED_BYTE protocol_names[] = {
	{ 0, L("IPv6 hop-by-hop options") },
	{ 1, L("ICMP") },
	{ 2, L("IGMP") },
	{ 4, L("IP in IP") },
	{ 6, L("TCP") },
	{ 17, L("UDP") },
	{ 41, L("IPv6") },
	{ 43, L("IPv6 routing") },
	{ 44, L("IPv6 fragment") },
	{ 47, L("GRE") },
	{ 50, L("ESP") },
	{ 51, L("AH") },
	{ 58, L("ICMPv6") },
	{ 59, L("nothing") },
	{ 60, L("IPv6 destination options") },
	{ 89, L("OSPF") },
	{ 103, L("PIM") },
	{ 112, L("VRRP") },
	{ 132, L("SCTP") },
};

struct _SET ip_protocols = SET_OF(Byte, protocol_names);

HPROTOCOL port_protocol(LPHANDOFFTABLE table, uint16_t a, uint16_t b)
{
	HPROTOCOL h = GetProtocolFromTable(table, a < b ? a : b, NULL);

	return h ? h : GetProtocolFromTable(table, a < b ? b : a, NULL);
}
