/* SPDX-License-Identifier: MIT */
/* findings.h -- what is remarkable about a TCP segment, and a place to keep some of them.
 *
 * Owns:     the list's memory, from its budget.
 * Uses:     common/budget.h.
 * Threads:  belongs to one.
 *
 * Of each kind all are counted, and the first ones are kept with their details.
 */
#ifndef TCPIPE_FINDINGS_H
#define TCPIPE_FINDINGS_H

#include "../common/budget.h"

#include <stdbool.h>
#include <stdint.h>

/* In the order of the report; the EventIdent of their events is 10 more. */
enum kind {
	RETRANSMISSION,      /* after a timeout, as far as a capture tells */
	FAST_RETRANSMISSION, /* asked for by duplicate acknowledgements */
	SPURIOUS,            /* of what the other end had acknowledged */
	OUT_OF_ORDER,
	LOST_BEFORE,  /* a gap before it: lost, or not captured */
	ACKED_UNSEEN, /* acknowledges what is not in the capture */
	DUPLICATE_ACK,
	ZERO_WINDOW,
	WINDOW_OPENED, /* after a zero window */
	ZERO_PROBE,
	ZERO_PROBE_ACK,
	WINDOW_FULL,
	KEEP_ALIVE,
	KEEP_ALIVE_ACK,
	RESET,
	REFUSED, /* a reset in answer to a SYN */
	PORTS_REUSED,
	KINDS
};

#define NOBODY UINT32_MAX /* no frame */

struct finding {
	uint32_t connection; /* number of it */
	uint32_t frame;
	uint32_t original; /* frame that it is about; NOBODY */
	uint32_t sequence; /* number on the wire */
	uint32_t bytes;    /* of payload */
	int64_t delay;     /* microseconds since the original */
	uint8_t kind, way;
};

struct findings {
	struct budget *budget; /* borrowed */
	uint32_t most;         /* kept of each kind */
	struct finding *list[KINDS];
	uint32_t n[KINDS], room[KINDS];
	uint64_t counts[KINDS], bytes[KINDS];
};

void findings_add(struct findings *l, const struct finding *f);
void findings_done(struct findings *l);

#endif
