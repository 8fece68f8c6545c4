/* SPDX-License-Identifier: MIT */
/* mac/mac.h -- the protocols of this shared object. */
#ifndef PARSERS_MAC_MAC_H
#define PARSERS_MAC_MAC_H

#include "../common/fields.h"

/* Hands off by EtherType: MAC.INI, [ETYPE_HandoffSet], base 16. */
extern struct parser ethernet_parser;

/* The protocol that an EtherType announces; NULL: nobody's. */
HPROTOCOL ethertype_protocol(uint16_t etype);

#endif
