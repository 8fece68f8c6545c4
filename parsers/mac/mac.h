/* SPDX-License-Identifier: MIT */
/* mac/mac.h -- the protocols of this shared object.
 *
 *   SECTION OF MAC.INI   NUMBERS (base 16)
 *   ETYPE_HandoffSet     EtherTypes
 *   SAP_HandoffSet       LLC's destination service access points
 *   SNAP_HandoffSet      SNAP's protocols: the organization's last two bytes, protocol ID
 *   PPP_HandoffSet       PPP's protocol numbers
 *   IPX_HandoffSet       sockets of IPX
 */
#ifndef PARSERS_MAC_MAC_H
#define PARSERS_MAC_MAC_H

#include "../common/fields.h"

extern struct parser ethernet_parser, vlan_parser, llc_parser, snap_parser, sll_parser, sll2_parser,
    null_parser, ppp_parser, lcp_parser, ipcp_parser, ipv6cp_parser, ccp_parser, pap_parser,
    chap_parser, pppoed_parser, pppoes_parser, mpls_parser, chdlc_parser, slarp_parser,
    frelay_parser, fddi_parser, tokenring_parser, wlan_parser, wlan_management_parser,
    radiotap_parser, ppi_parser, stp_parser, eapol_parser, ipx_parser, cdp_parser, lldp_parser,
    avs_parser, prism_parser;

#define MAC_INI    "MAC.INI"
#define LENGTH_MAX 0x5DCu /* of 802.3; from 0x600 on it is a type */

extern struct _SET ethertypes;    /* names of EtherTypes */
extern struct _SET ppp_protocols; /* names of PPP's protocol numbers */

/* The protocol that an EtherType announces; NULL: nobody's. */
HPROTOCOL ethertype_protocol(uint16_t etype);

/* The protocol behind a SNAP header, whose 5 bytes are there. */
HPROTOCOL snap_protocol(const uint8_t *p);

/* What EtherTypes mean in Cisco's HDLC, which has some of its own. */
HPROTOCOL chdlc_protocol(uint16_t type);

/* What stands where Ethernet has its type: that, or 802.3's length of the data. */
HPROTOCOL type_or_length_protocol(uint16_t v, const uint8_t *data, DWORD left);

#endif
