/* SPDX-License-Identifier: MIT */
/* connections.h -- TCP connections, found by addresses and ports; bounded in memory.
 *
 * Owns:     its connections and chunks of segments, from a budget.
 * Uses:     common/flows.h, findings.h.
 * Threads:  belongs to one.
 * Trust:    sizes are capped. When there is no room, new connections are counted as left
 *           out.
 *
 * Connections never move, and are numbered in the order of their first appearance.
 */
#ifndef TCPIPE_CONNECTIONS_H
#define TCPIPE_CONNECTIONS_H

#include "../common/flows.h"
#include "findings.h"

/* A segment sent, until some time after it was acknowledged. Sequence numbers as on the
 * wire; end is the one behind its last byte, SYN and FIN counted. */
struct segment {
	uint32_t sequence, end;
	uint32_t frame;
	uint32_t next; /* number of the one sent after it; 0: the last */
	int64_t time;
};

/* What is known of the sender of one direction. */
struct side {
	uint32_t next;       /* behind the highest byte sent */
	uint32_t contiguous; /* behind the highest byte up to which none is missing */
	uint32_t ack;        /* its last acknowledgement */
	uint32_t window;     /* as in its last segment, not scaled */
	uint32_t initial;    /* its SYN's sequence number, or what it would have been */
	int32_t duplicates;  /* acknowledgements of the same in a row; -1: not counted */
	uint32_t next_frame, acked_frame, zero_frame, syn_frame;
	/* its segments, oldest first, by number: the first, the first that is not
	 * acknowledged, the last */
	uint32_t head, unacked, tail;
	uint32_t n_acked, n_unacked;
	uint32_t segments; /* sent in all */
	uint32_t data_segments;
	uint64_t bytes; /* of payload, those sent again too */
	int64_t next_time, ack_time, zero_time,
	    syn_time; /* syn_time: of its first SYN, as syn_frame */
	int8_t scale; /* of its window; SCALE_* */
	bool has_next, syn, zero;
	uint32_t last; /* marks of its last segment: 1 << kind */
};

#define SCALE_UNKNOWN (-1)
#define SCALE_NONE    (-2)

struct connection {
	struct flow flow;
	bool begun;            /* first and scales are set */
	uint32_t first, final; /* frames */
	int64_t handshake;     /* microseconds from SYN to SYN-ACK; 0: not seen */
	uint32_t counts[KINDS];
	int64_t zero_longest, zero_total; /* microseconds */
	struct side side[WAYS];
};

struct connections {
	struct flows flows; /* of struct connection */
	struct pool segments;
	uint64_t left_out;       /* segments of connections that have no place */
	uint64_t not_remembered; /* segments that there was no memory to remember */
};

void connections_init(struct connections *t, struct budget *b, uint64_t seed);
void connections_done(struct connections *t);

/* The latest connection between the two ends; *ret_way is the direction of the segment.
 * NULL: none, and no memory for one. A new one has first == NOBODY. */
struct connection *connections_find(
    struct connections *t, const struct flow_key *k, unsigned *ret_way);

/* Another one in its place, for ports that are used again; way is the first segment's.
 * NULL: no memory, and the old one stays. */
struct connection *connections_renew(
    struct connections *t, const struct connection *c, unsigned way);

struct connection *connection_at(const struct connections *t, uint32_t number);

/* Remember a segment as the last of a side. */
void segments_add(struct connections *t, struct side *s, const struct segment *g);

/* Everything before `ack` has arrived: those are forgotten but for the latest. */
void segments_acked(struct connections *t, struct side *s, uint32_t ack);

/* By a number of struct side and struct segment. */
const struct segment *segment_at(const struct connections *t, uint32_t number);

/* Sequence numbers go round. */
static inline bool sequence_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

#endif
