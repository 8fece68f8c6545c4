/* SPDX-License-Identifier: MIT */
/* Mail, files and terminals over TCP. */
#include "internet.h"

struct parser *const library[] = { &ftp_parser, &smtp_parser, &pop_parser, &imap_parser,
	&ssh_parser, NULL };
