/* SPDX-License-Identifier: MIT */
/* tcpip/tcpip.h -- the protocols of this shared object.
 *
 *   SECTION OF TCPIP.INI   NUMBERS (base 10)
 *   IP_HandoffSet          protocol numbers of IP, and next headers of IPv6
 *   TCP_HandoffSet         ports
 *   UDP_HandoffSet         ports
 */
#ifndef PARSERS_TCPIP_TCPIP_H
#define PARSERS_TCPIP_TCPIP_H

#include "../common/fields.h"

extern struct parser ip_parser, ip6_parser, ip6_hop_parser, ip6_destination_parser,
    ip6_routing_parser, ip6_fragment_parser, ah_parser, esp_parser, tcp_parser, udp_parser,
    arp_parser, icmp_parser, icmp6_parser, igmp_parser, gre_parser, vxlan_parser, teredo_parser,
    l2tp_parser, sctp_parser;

extern struct _SET ip_protocols; /* names of IP's protocol numbers */

extern LPHANDOFFTABLE by_protocol; /* IP_HandoffSet */

/* The protocol behind an IP header; NULL: nobody's. */
HPROTOCOL ip_next(uint8_t protocol);

/* Of two ports, the protocol of the one that has one; the lower first, as servers have it. */
HPROTOCOL port_protocol(LPHANDOFFTABLE table, uint16_t a, uint16_t b);

#endif
