/* SPDX-License-Identifier: MIT */
/* What the web is made of. */
#include "web.h"

struct parser *const library[] = { &http_parser, &ssdp_parser, &tls_parser, &quic_parser, NULL };
