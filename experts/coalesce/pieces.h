/* SPDX-License-Identifier: MIT */
/* pieces.h -- pieces of a whole, by their place in it; of bytes that come twice, the first ones stay.
 *
 * Owns:     the pieces.
 * Uses:     memory.h, packet.h.
 * Threads:  belongs to one.
 * Trust:    places are hostile. Work for one more is bounded by the pieces there are, which
 *           the caller bounds.
 *
 * Places are 32-bit numbers that go round, as sequence numbers do: all in a list are less
 * than 2^31 from another.
 */
#ifndef COALESCE_PIECES_H
#define COALESCE_PIECES_H

#include "memory.h"
#include "packet.h"

struct piece {
	struct piece *next;
	uint32_t at, n;
	uint32_t cut;      /* bytes behind them that the capture does not hold */
	uint32_t frame;    /* that it came in */
	uint16_t tcp_at;   /* as in struct new_piece */
	struct head *head; /* a part of this; NULL: none was kept */
	uint8_t bytes[];
};

struct pieces {
	struct piece *first, *last;
	uint32_t count;
	uint32_t bytes;
};

/* A piece to be added. head may be NULL. */
struct new_piece {
	uint32_t at, n, cut, frame;
	uint16_t tcp_at; /* where in the head a TCP header begins */
	const uint8_t *p;
	const struct head *head;
};

/* What was there already. */
struct clash {
	uint64_t same, differs; /* bytes */
};

/* The parts of it that are not there yet. False: there was no memory for all of them. */
bool pieces_add(struct pieces *l, struct memory *m, const struct new_piece *s, struct clash *clash);

/* Take the first one out; it is the caller's then. */
struct piece *pieces_shift(struct pieces *l);
void piece_free(struct memory *m, struct piece *g);
void pieces_done(struct pieces *l, struct memory *m);

/* Count into clash which of n bytes, p and there already, are the same. */
void clash_count(struct clash *clash, const uint8_t *p, const uint8_t *there, uint32_t n);

/* Numbers go round. */
static inline bool place_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

#endif
