/* SPDX-License-Identifier: MIT */
/* streams.h -- TCP segments, joined in the order of their numbers.
 *
 * Owns:     the connections and what waits in them.
 * Uses:     table.h, stage.h, common/top.h.
 * Threads:  belongs to one.
 * Trust:    segments are hostile: what waits of one side is bounded, and of bytes that come
 *           twice the first ones stay.
 *
 * A *run* is what one side sends until the other one has something to say, or a frame is full:
 * one frame of the new capture.
 */
#ifndef COALESCE_STREAMS_H
#define COALESCE_STREAMS_H

#include "../common/top.h"
#include "stage.h"
#include "table.h"

#define WAYS 2u

/* Of both directions of a connection. Bytes are of payload. */
struct stream_counts {
	uint64_t segments, bytes, frames; /* seen; joined; written */
	uint64_t gaps, gap_bytes;         /* what the capture does not hold */
	uint64_t cut_bytes;               /* of segments that were cut when they were captured */
	uint64_t same, differs;           /* that waited already when they came again */
	uint64_t again;                   /* behind which the stream was already */
	uint64_t acks;                    /* segments without bytes that were left out */
};

struct stream_row {
	struct address address[WAYS]; /* the first sender first */
	uint16_t port[WAYS];
	bool v6;
	uint32_t first, last; /* frames */
	struct stream_counts counts;
};

#define RUN_SIZES 7u /* of runs: each has twice the room of the one before, the last a packet's */

/* Runs of a size that were given back, and are used again as they are. */
struct spare_runs {
	struct run *first;
	uint32_t n;
};

struct streams {
	struct stage *stage; /* borrowed */
	struct table table;
	const struct entry *busy;
	uint64_t n;       /* connections so far */
	uint64_t evicted; /* of them, to stay within memory */
	uint64_t hurried; /* bytes that waited and were written with a gap before them for it */
	struct stream_counts counts;
	struct top rows; /* of struct stream_row: those with most bytes */
	struct spare_runs spare[RUN_SIZES];
};

/* rows has room for room_rows, 0 is none. */
void streams_init(
    struct streams *t, struct stage *s, struct stream_row *rows, uint32_t room_rows, uint64_t seed);
/* What waits is written, with gaps before it. */
void streams_end(struct streams *t);
void streams_done(struct streams *t);

/* The segment in p. False: it is none that can be joined. */
bool streams_take(struct streams *t, const struct packet *p, const struct layers *l);

/* When the oldest was touched; UINT64_MAX: none may go. */
uint64_t streams_oldest(const struct streams *t);
void streams_evict(struct streams *t);

#endif
