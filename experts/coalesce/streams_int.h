/* SPDX-License-Identifier: MIT */
/* streams_int.h -- what streams.c and runs.c share: connections, and the frames they make.
 *
 * Owns:     nothing by itself; see streams.h.
 * Uses:     streams.h.
 * Threads:  belongs to one.
 */
#ifndef COALESCE_STREAMS_INT_H
#define COALESCE_STREAMS_INT_H

#include "streams.h"

#define FIN 0x01u
#define SYN 0x02u
#define RST 0x04u
#define ACK 0x10u
#define URG 0x20u

/* A frame to be. */
struct joined {
	struct head head;             /* of its last segment */
	uint16_t tcp_at;              /* where in it the TCP header begins */
	uint8_t flags;                /* of all its segments, but SYN and RST */
	uint32_t sequence, n, cut;    /* bytes of payload, and how many more it had */
	uint32_t first, last, pieces; /* frames */
	int64_t time;
};

/* Bytes of one side that follow each other, so far. The first walk writes none and keeps none,
 * but counts their memory: it has to come to the same decisions as the second. */
struct run {
	union {
		struct joined j;
		struct run *next; /* of the spare ones */
	};
	bool written; /* at its place; what is left is to forget it */
	uint32_t room;
	uint8_t bytes[];
};

struct side {
	uint32_t next;    /* the number after the last byte joined */
	uint32_t initial; /* its SYN's */
	uint32_t fin_at;
	bool known;              /* next is */
	bool syn, fin, fin_done; /* seen; seen; and all before it joined */
	bool told_syn, told_fin; /* its acknowledgement of the other's was written */
	struct run *run;         /* owned */
	struct pieces waiting;   /* behind a gap */
};

struct stream {
	struct entry entry;
	struct stream_row row;
	struct side side[WAYS];
};

/* The next bytes of a side: n, and cut more that the capture does not hold. */
struct next_bytes {
	const uint8_t *p;
	uint32_t n, cut;
	uint32_t frame; /* that they came in */
	const struct head *head;
	uint16_t tcp_at;
	uint8_t flags;
};

/* ---- runs.c ---- */

/* Behind what waits to be written. Without memory for that they are a frame of their own. */
void run_append(struct streams *t, struct stream *c, unsigned way, const struct next_bytes *b);

/* It is complete. What the first walk learns is with which frame it was. */
void run_flush(struct streams *t, struct stream *c, unsigned way);

/* Those that are complete with the frame that is being looked at. */
void runs_write_due(struct streams *t, struct stream *c);

void run_free(struct streams *t, struct run *r); /* NULL is fine */
void runs_free_spare(struct streams *t);

#endif
