/* SPDX-License-Identifier: MIT */
/* Frames in hexadecimal, and what the shipped parsers make of them: one table for each
 * family of parsers, in a test of its own. */
#ifndef NM_TEST_PARSE_CASE_H
#define NM_TEST_PARSE_CASE_H

#include "check.h"

struct parse_case {
	const char *name;
	uint32_t link;         /* of the list at www.tcpdump.org/linktypes.html */
	const char *hex;       /* blanks are ignored */
	const char *protocols; /* all behind FRAME, by blanks: "ETHERNET IP" */
	const char *lines;     /* some of the frame's texts, in their order, an end of line
				* behind each: "IP: ..." is a summary, "!" stands before
				* what is flagged as an error, and all of those are listed */
};

/* Each case as it stands; and each prefix of it in front of different bytes, which must
 * change nothing. The process's exit status. */
int parse_cases_run(const struct parse_case *cases, size_t n);

#endif
