/* SPDX-License-Identifier: MIT */
/* The family's protocols. */
#include "services.h"

struct parser *const library[] = { &dns_parser, &mdns_parser, &llmnr_parser, &nbns_parser,
	&dhcp_parser, &dhcp6_parser, &ntp_parser, &snmp_parser, &sip_parser, &rtp_parser,
	&radius_parser, &tftp_parser, &syslog_parser, NULL };
