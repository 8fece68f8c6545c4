/* SPDX-License-Identifier: MIT */
/* stream.h -- the bytes of a TCP conversation in order, as messages.
 *
 * Owns:     nothing; a conversation owns its stream.
 * Uses:     exchanges.h.
 * Threads:  belongs to one.
 * Trust:    every byte is hostile. Nothing but HELD_MOST bytes of a header is kept.
 *
 * What was sent before is passed over. What is missing is passed over too where it is the
 * inside of a message whose length is known; else the direction is *lost* until a segment
 * begins with what looks like a message.
 */
#ifndef RESPTIME_STREAM_H
#define RESPTIME_STREAM_H

#include "exchanges.h"

#define HELD_MOST 48u

struct side {
	struct seen_at begin; /* of the message that is under way */
	uint64_t left;        /* bytes of it that need no look */
	uint32_t next;        /* sequence number */
	uint32_t inside;      /* SMB2: bytes of the packet behind this command */
	uint32_t request;     /* its last byte is still to come */
	uint8_t held[HELD_MOST];
	uint8_t n_held;
	uint8_t state; /* of HTTP */
	bool has_next, lost;
	bool answer, chunked, has_length, bodiless; /* of HTTP */
};

struct stream {
	struct side side[WAYS];
};

struct segment {
	uint32_t sequence, wire; /* bytes it had */
	const uint8_t *p;
	size_t n; /* bytes at p; at most wire */
};

/* Bytes on their way to those who know the protocol. */
struct reading {
	struct exchanges *x;
	struct conversation *c;
	struct side *side;
	unsigned way;
	struct seen_at at;
};

/* Data of c's way; c has a stream. */
void stream_take(struct exchanges *x, struct conversation *c, unsigned way, const struct segment *g,
    const struct seen_at *at);

/* False: no memory. */
bool stream_open(struct conversation *c, struct budget *b);
void stream_close(struct conversation *c, struct budget *b);

/* ---- for those who know a protocol -------------------------------------------------------- */

/* A request begins, whose end comes later; an answer has begun. */
void reading_ask(struct reading *r, enum protocol p, uint64_t id, uint8_t flags);
void reading_answer(struct reading *r, enum protocol p, uint64_t id);

/* The last byte of the message that is under way. */
void reading_end(struct reading *r);

/* In order, from where the last call ended; unless lost. */
void framed_read(struct reading *r, const uint8_t *p, size_t n);
void http_read(struct reading *r, const uint8_t *p, size_t n);

/* n bytes that are not there. False: they are more than the inside of one message. */
bool framed_skip(struct reading *r, uint32_t n);
bool http_skip(struct reading *r, uint32_t n);

/* Does HTTP begin here? *ret_answer: with an answer. */
bool http_begins(const uint8_t *p, size_t n, bool *ret_answer);

/* A datagram of c's way. */
void datagram_read(struct reading *r, enum protocol p, const uint8_t *bytes, size_t n);

#endif
