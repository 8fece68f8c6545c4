/* SPDX-License-Identifier: MIT */
/* The link layer's protocols. */
#include "mac.h"

struct parser *const library[] = { &ethernet_parser, &vlan_parser, &llc_parser, &snap_parser,
	&sll_parser, &sll2_parser, &null_parser, &ppp_parser, &lcp_parser, &ipcp_parser,
	&ipv6cp_parser, &ccp_parser, &pap_parser, &chap_parser, &pppoed_parser, &pppoes_parser,
	&mpls_parser, &chdlc_parser, &slarp_parser, &frelay_parser, &fddi_parser, &tokenring_parser,
	&wlan_parser, &wlan_management_parser, &radiotap_parser, &ppi_parser, &stp_parser,
	&eapol_parser, &ipx_parser, &cdp_parser, &lldp_parser, &avs_parser, &prism_parser, NULL };
