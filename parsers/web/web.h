/* SPDX-License-Identifier: MIT */
/* web/web.h -- the protocols of this shared object. */
#ifndef PARSERS_WEB_WEB_H
#define PARSERS_WEB_WEB_H

#include "../common/fields.h"

extern struct parser http_parser, ssdp_parser, tls_parser, quic_parser;

#endif
