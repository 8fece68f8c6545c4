/* SPDX-License-Identifier: MIT */
/* The link layer's protocols. */
#include "mac.h"

struct parser *const library[] = { &ethernet_parser, NULL };
