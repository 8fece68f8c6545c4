/* SPDX-License-Identifier: MIT */
/* datagrams.h -- fragments of IP, and the packets that they were.
 *
 * Owns:     what waits for more.
 * Uses:     table.h, stage.h.
 * Threads:  belongs to one.
 * Trust:    fragments are hostile: what does not fit into 64 KiB is no fragment, and of bytes
 *           that come twice the first ones stay.
 */
#ifndef COALESCE_DATAGRAMS_H
#define COALESCE_DATAGRAMS_H

#include "stage.h"
#include "table.h"

#define DATAGRAM_MOST (HEAD_MOST + IP_MOST) /* bytes of a joined frame */

/* One that never became whole. */
struct lost_datagram {
	struct address src, dst;
	bool v6;
	uint8_t protocol;
	uint32_t id;
	uint32_t fragments, bytes;
	uint32_t missing;     /* bytes; 0: nobody knows, since the last fragment is */
	uint32_t first, last; /* frames */
};

struct datagram_counts {
	uint64_t fragments, joined, bytes; /* fragments seen; joined packets, bytes of IP */
	uint64_t same, differs;            /* bytes that came twice */
	uint64_t lost, lost_fragments, lost_bytes;
	uint64_t refused; /* fragments beyond 64 KiB, without bytes or cut by the capture */
	uint64_t evicted; /* of the lost ones: to stay within memory */
};

enum { DATAGRAMS_V4, DATAGRAMS_V6, DATAGRAM_KINDS };

struct datagrams {
	struct stage *stage; /* borrowed */
	struct table table;
	const struct entry *busy; /* that may not go */
	struct datagram_counts counts[DATAGRAM_KINDS];
	struct lost_datagram lost[SHOWN_MOST];
	uint32_t n_lost;
};

enum piecing {
	PIECE_WAITS, /* for others */
	PIECE_LAST,  /* *ret is the whole packet */
	PIECE_ALONE, /* nothing can be joined with it */
};

void datagrams_init(struct datagrams *t, struct stage *s, uint64_t seed);
/* What waits is given up. */
void datagrams_end(struct datagrams *t);
/* And forgotten, without a word. */
void datagrams_done(struct datagrams *t);

/* The fragment that p is. The whole packet is built in `room`, of DATAGRAM_MOST bytes. */
enum piecing datagrams_take(struct datagrams *t, const struct packet *p, const struct layers *l,
    uint8_t *room, struct packet *ret);

/* When the oldest was touched; UINT64_MAX: none may go. */
uint64_t datagrams_oldest(const struct datagrams *t);
void datagrams_evict(struct datagrams *t);

#endif
