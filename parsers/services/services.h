/* SPDX-License-Identifier: MIT */
/* services/services.h -- the protocols of this shared object: what networks run for
 * themselves (names, addresses, time, management, calls). */
#ifndef PARSERS_SERVICES_SERVICES_H
#define PARSERS_SERVICES_SERVICES_H

#include "../common/fields.h"

extern struct parser dns_parser, mdns_parser, llmnr_parser, nbns_parser, dhcp_parser, dhcp6_parser,
    ntp_parser, snmp_parser, sip_parser, rtp_parser, radius_parser, tftp_parser, syslog_parser;

#endif
