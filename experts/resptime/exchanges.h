/* SPDX-License-Identifier: MIT */
/* exchanges.h -- requests that wait for their response, and how long servers took.
 *
 * Owns:     conversations, servers, requests and the slowest exchanges, from its budget.
 * Uses:     common/flows.h, common/top.h, times.h.
 * Threads:  belongs to one.
 * Trust:    everything comes from frames. Memory ends with the budget, the requests that one
 *           conversation waits for with WAITING_MOST; what found no place is counted.
 */
#ifndef RESPTIME_EXCHANGES_H
#define RESPTIME_EXCHANGES_H

#include "../common/flows.h"
#include "../common/top.h"
#include "spread.h"
#include "times.h"

#define NOBODY       UINT32_MAX /* no frame */
#define WAITING_MOST 256u       /* requests of a conversation; beyond, the oldest is given up */
#define PORTS_MOST   32u

/* What is measured. */
enum protocol {
	CONNECT,     /* SYN to SYN and ACK */
	CONNECT_ACK, /* SYN and ACK to the client's ACK */
	DNS,
	HTTP,
	KERBEROS,
	LDAP,
	SMB,
	SMB2,
	PORT, /* by who speaks: on ports of the list */
	PROTOCOLS,
	UNDECIDED = PROTOCOLS, /* of a conversation: nothing said yet */
	NONE                   /* nothing to measure */
};

/* One port of a server, under one protocol. */
struct server {
	struct flow flow; /* address[0] and port[0]; port[1] is the protocol */
	struct times times;
	uint64_t requests, repeated;
	uint64_t unanswered;                      /* or given up */
	uint64_t open;                            /* the capture ended too soon to say */
	uint32_t first_unanswered;                /* frame */
	uint32_t slowest_request, slowest_answer; /* frames */
};

struct request {
	int64_t time;    /* microseconds: when its last byte was seen */
	uint64_t id;     /* of the protocol's */
	uint32_t frame;  /* the one of that byte */
	uint32_t next;   /* number of the one after it; 0: the last */
	uint32_t server; /* number */
	uint8_t protocol, flags;
};

#define REQUEST_HEAD    0x1u /* HTTP: its response has no body */
#define REQUEST_UNSURE  0x4u /* may be one that asks for nothing, such as a goodbye */
#define REQUEST_CONNECT 0x2u /* HTTP: what follows its response is anything */

struct stream;

/* Two ends that talk. */
struct conversation {
	struct flow flow;
	struct stream *stream; /* owned; of TCP whose bytes are looked at */
	int64_t syn_time, syn_ack_time;
	uint32_t syn_frame, syn_ack_frame, syn_sequence;
	uint32_t oldest, newest, n_waiting; /* requests, by number */
	uint32_t server[PROTOCOLS];         /* number; 0: not looked up */
	uint8_t protocol;
	uint8_t client; /* way of it; UNKNOWN_WAY */
	uint8_t silent; /* segments with data that decided nothing */
	bool syn, syn_ack, established, refused;
	bool hung_up; /* the client said that it sends no more */
};

#define UNKNOWN_WAY 2u

struct exchange {
	uint32_t server, request, answer; /* number; frames */
	uint32_t duration;                /* microseconds */
};

struct total {
	struct times times;
	struct spread spread;
	uint64_t requests, repeated, unanswered, open;
};

struct exchanges {
	struct budget *budget; /* borrowed */
	struct flows conversations, servers;
	struct pool requests;
	struct top slowest; /* of struct exchange; rows are owned */
	struct total totals[PROTOCOLS];
	uint16_t ports[PORTS_MOST]; /* 0 behind the last */
	int64_t end;                /* the latest frame's time */
	uint64_t left_out;          /* packets of conversations that have no place */
	uint64_t not_measured;      /* requests that there was no memory to remember */
	uint64_t gaps;              /* places where a stream could not be followed */
	uint64_t lost;              /* requests that waited there */
	uint64_t unlisted;          /* of the slowest: there was no memory */
};

/* A packet, or what one says of a message. */
struct seen_at {
	int64_t time;
	uint32_t frame;
};

void exchanges_init(struct exchanges *x, struct budget *b, uint32_t slowest, uint64_t seed);
void exchanges_done(struct exchanges *x);

/* A request from c's address[way]. One with the same id that waits for up to 5 s is the
 * same, sent again: nothing but that is counted. Returns its number; 0: none was added. */
uint32_t exchanges_ask(struct exchanges *x, struct conversation *c, unsigned way, enum protocol p,
    uint64_t id, const struct seen_at *at, uint8_t flags);

/* The number of the request that waits; 0: none. Of any id when that is ANY_ID: the oldest. */
#define ANY_ID UINT64_MAX
uint32_t exchanges_waiting(
    const struct exchanges *x, const struct conversation *c, enum protocol p, uint64_t id);

static inline struct request *request_at(const struct exchanges *x, uint32_t number)
{
	return pool_at(&x->requests, number);
}

/* It got its answer, and waits no longer. */
void exchanges_answer(
    struct exchanges *x, struct conversation *c, uint32_t request, const struct seen_at *at);

/* Nothing can be said of what waits in c. */
void exchanges_lose(struct exchanges *x, struct conversation *c);

/* What was measured without a request of its own. */
void exchanges_measure(struct exchanges *x, struct conversation *c, unsigned way, enum protocol p,
    const struct seen_at *from, const struct seen_at *to);

/* A SYN that waits, or is sent again. */
void exchanges_connect(struct exchanges *x, struct conversation *c, unsigned way, bool again);

/* c is over, or the capture: what waits was not answered. */
void exchanges_close(struct exchanges *x, struct conversation *c);
void exchanges_close_all(struct exchanges *x);

#endif
