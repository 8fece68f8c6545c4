/* SPDX-License-Identifier: MIT */
/* Frames in hexadecimal, and what the shipped parsers make of them: one table for each
 * family of parsers, in a test of its own. */
#ifndef NM_TEST_PARSE_CASE_H
#define NM_TEST_PARSE_CASE_H

#include "check.h"

/* What stands before the bytes of a stream or a datagram; ports in hexadecimal. */
#define RAW_IP 101u
#define OVER_TCP(from_, to_)                                                                       \
	"45000000 00000000 40060000 0a000001 0a000002 " from_ to_                                  \
	" 00000001 00000002 50180400 00000000 "
#define OVER_UDP(from_, to_) "45000000 00000000 40110000 0a000001 0a000002 " from_ to_ " 0000 0000 "

struct parse_case {
	const char *name;
	uint32_t link;         /* of the list at www.tcpdump.org/linktypes.html */
	const char *hex;       /* blanks are ignored, 'text' stands for its bytes */
	const char *protocols; /* all behind FRAME, by blanks: "ETHERNET IP" */
	const char *lines;     /* some of the frame's texts, in their order, an end of line
				* behind each: "IP: ..." is a summary, "!" stands before
				* what is flagged as an error, and all of those are listed */
};

/* Each case as it stands; and each prefix of it in front of different bytes, which must
 * change nothing. The process's exit status. */
int parse_cases_run(const struct parse_case *cases, size_t n);

#endif
