/* SPDX-License-Identifier: MIT */
/* internet/internet.h -- the protocols of this shared object. */
#ifndef PARSERS_INTERNET_INTERNET_H
#define PARSERS_INTERNET_INTERNET_H

#include "../common/lines.h"

extern struct parser ftp_parser, smtp_parser, pop_parser, imap_parser, ssh_parser;

#endif
