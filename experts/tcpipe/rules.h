/* SPDX-License-Identifier: MIT */
/* rules.h -- what a TCP segment means beside what its connection has shown so far.
 *
 * Uses:     connections.h, findings.h, common/slices.h.
 * Threads:  belongs to one.
 *
 * The rules are those that users know from tcp.analysis.* of Wireshark; docs/tcpipe.md
 * states each.
 */
#ifndef TCPIPE_RULES_H
#define TCPIPE_RULES_H

#include "../common/slices.h"
#include "connections.h"

/* A segment as its header has it. */
struct tcp {
	uint32_t sequence, ack, window, bytes; /* of payload, on the wire */
	uint32_t frame;
	int64_t time; /* microseconds */
	uint8_t flags;
	int8_t scale; /* SCALE_UNKNOWN, SCALE_NONE: a SYN without the option, or the shift */
};

#define FIN 0x01u
#define SYN 0x02u
#define RST 0x04u
#define ACK 0x10u

/* What is counted over time. */
enum over_time {
	OVER_SEGMENTS,
	OVER_SENT_AGAIN, /* plus the kind, up to SPURIOUS */
	OVER_KINDS = OVER_SENT_AGAIN + SPURIOUS + 1
};

struct analysis {
	struct connections connections;
	struct findings findings;
	struct slices slices;                    /* of OVER_KINDS */
	uint64_t segments, data_segments, bytes; /* of TCP; bytes of payload */
};

/* The next segment from c's address[way]. */
void rules_apply(struct analysis *a, struct connection *c, unsigned way, const struct tcp *s);

#endif
