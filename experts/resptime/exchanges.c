/* SPDX-License-Identifier: MIT */
/* Questions and answers. */
#include "exchanges.h"
#include "stream.h"

#define REQUESTS_SHIFT  10u        /* 1,024 requests taken at a time */
#define PATIENCE        1000000    /* microseconds before the end: too soon to say */
#define REPEATED_WITHIN 5000000    /* microseconds: as long as resolvers try */
#define BUSY_SEED       0x5eed0ull /* servers hash otherwise than conversations */

static bool faster(const void *first, const void *second)
{
	const struct exchange *a = first, *b = second;

	if (a->duration != b->duration)
		return a->duration < b->duration;
	if (a->request != b->request)
		return a->request > b->request;
	return a->answer > b->answer;
}

void exchanges_init(struct exchanges *x, struct budget *b, uint32_t slowest, uint64_t seed)
{
	void *rows;

	*x = (struct exchanges){ .budget = b };
	flows_init(&x->conversations, b, sizeof(struct conversation), seed);
	flows_init(&x->servers, b, sizeof(struct server), seed ^ BUSY_SEED);
	pool_init(&x->requests, b, sizeof(struct request), REQUESTS_SHIFT);
	rows = budget_take(b, slowest * sizeof(struct exchange));
	x->slowest = (struct top){ rows, sizeof(struct exchange), 0, rows ? slowest : 0, faster };
	x->unlisted = rows ? 0 : slowest;
}

void exchanges_done(struct exchanges *x)
{
	budget_give(x->budget, x->slowest.rows, x->slowest.room * sizeof(struct exchange));
	for (uint32_t i = 1; i <= x->servers.items.n; i++) {
		struct server *s = flows_at(&x->servers, i);

		times_done(&s->times, x->budget);
	}
	for (uint32_t i = 1; i <= x->conversations.items.n; i++) {
		struct conversation *c = flows_at(&x->conversations, i);

		if (!c->flow.free)
			stream_close(c, x->budget);
	}
	for (unsigned p = 0; p < PROTOCOLS; p++)
		times_done(&x->totals[p].times, x->budget);
	pool_done(&x->requests);
	flows_done(&x->servers);
	flows_done(&x->conversations);
}

/* ---- servers ----------------------------------------------------------------------------- */

/* The other end of c than `way`. NULL: no memory. */
static struct server *server_of(
    struct exchanges *x, struct conversation *c, unsigned way, enum protocol p)
{
	static const struct address nobody;
	struct flow_key k = { &c->flow.address[!way], &nobody, { c->flow.port[!way], (uint16_t)p },
		c->flow.kind };
	struct server *s;
	unsigned ignored;

	if (c->server[p])
		return flows_at(&x->servers, c->server[p]);
	s = flows_find_or_add(&x->servers, &k, &ignored);
	if (!s)
		return NULL;
	if (s->requests == 0)
		s->first_unanswered = s->slowest_request = s->slowest_answer = NOBODY;
	c->server[p] = s->flow.number;
	return s;
}

static void measured(struct exchanges *x, struct server *s, enum protocol p,
    const struct seen_at *from, const struct seen_at *to)
{
	int64_t t = to->time < from->time ? 0 : to->time - from->time;
	const struct exchange e = { s->flow.number, from->frame, to->frame,
		t < (int64_t)TIMES_MOST ? (uint32_t)t : TIMES_MOST };

	if (s->slowest_request == NOBODY || e.duration > s->times.longest) {
		s->slowest_request = from->frame;
		s->slowest_answer = to->frame;
	}
	times_add(&s->times, x->budget, e.duration);
	times_add(&x->totals[p].times, x->budget, e.duration);
	spread_add(&x->totals[p].spread, e.duration);
	if (p != CONNECT_ACK)
		top_offer(&x->slowest, &e);
}

void exchanges_measure(struct exchanges *x, struct conversation *c, unsigned way, enum protocol p,
    const struct seen_at *from, const struct seen_at *to)
{
	struct server *s = server_of(x, c, way, p);

	if (!s) {
		x->not_measured++;
		return;
	}
	if (p == CONNECT_ACK) {
		s->requests++;
		x->totals[p].requests++;
	}
	measured(x, s, p, from, to);
}

void exchanges_connect(struct exchanges *x, struct conversation *c, unsigned way, bool again)
{
	struct server *s = server_of(x, c, way, CONNECT);

	if (!s) {
		x->not_measured++;
	} else if (again) {
		s->repeated++;
		x->totals[CONNECT].repeated++;
	} else {
		s->requests++;
		x->totals[CONNECT].requests++;
	}
}

/* ---- requests ------------------------------------------------------------------------------ */

static void unlink_request(struct exchanges *x, struct conversation *c, uint32_t number)
{
	uint32_t before = 0, next = request_at(x, number)->next;

	for (uint32_t i = c->oldest; i != number; i = request_at(x, i)->next)
		before = i;
	if (before)
		request_at(x, before)->next = next;
	else
		c->oldest = next;
	if (c->newest == number)
		c->newest = before;
	c->n_waiting--;
	for (unsigned w = 0; c->stream && w < WAYS; w++)
		if (c->stream->side[w].request == number)
			c->stream->side[w].request = 0;
	pool_give(&x->requests, number);
}

static void not_answered(
    struct exchanges *x, struct server *s, enum protocol p, uint32_t frame, bool too_soon)
{
	if (too_soon) {
		s->open++;
		x->totals[p].open++;
		return;
	}
	s->unanswered++;
	x->totals[p].unanswered++;
	if (s->first_unanswered == NOBODY || frame < s->first_unanswered)
		s->first_unanswered = frame;
}

/* As if it had not been asked. */
static void forget(struct exchanges *x, const struct request *r)
{
	struct server *s = flows_at(&x->servers, r->server);

	s->requests--;
	x->totals[r->protocol].requests--;
}

static void give_up(struct exchanges *x, struct conversation *c, uint32_t number, bool at_end)
{
	const struct request *r = request_at(x, number);

	if (c->hung_up && r->flags & REQUEST_UNSURE)
		forget(x, r);
	else
		not_answered(x, flows_at(&x->servers, r->server), r->protocol, r->frame,
		    at_end && x->end - r->time < PATIENCE);
	unlink_request(x, c, number);
}

uint32_t exchanges_waiting(
    const struct exchanges *x, const struct conversation *c, enum protocol p, uint64_t id)
{
	uint32_t next;

	for (uint32_t i = c->oldest; i; i = next) {
		const struct request *r = request_at(x, i);

		if (r->protocol == p && (id == ANY_ID || r->id == id))
			return i;
		next = r->next;
	}
	return 0;
}

/* The same once more; what is asked so much later is another request. */
static bool is_repeated(struct exchanges *x, struct conversation *c, enum protocol p, uint64_t id,
    const struct seen_at *at)
{
	uint32_t number = exchanges_waiting(x, c, p, id);

	if (!number)
		return false;
	if (at->time - request_at(x, number)->time <= REPEATED_WITHIN)
		return true;
	give_up(x, c, number, false);
	return false;
}

uint32_t exchanges_ask(struct exchanges *x, struct conversation *c, unsigned way, enum protocol p,
    uint64_t id, const struct seen_at *at, uint8_t flags)
{
	struct server *s = server_of(x, c, way, p);
	uint32_t number;

	if (s && id != ANY_ID && is_repeated(x, c, p, id, at)) {
		s->repeated++;
		x->totals[p].repeated++;
		return 0;
	}
	if (c->n_waiting >= WAITING_MOST)
		give_up(x, c, c->oldest, false);
	number = s ? pool_take(&x->requests) : 0;
	if (!number) {
		x->not_measured++;
		return 0;
	}
	*request_at(x, number) = (struct request){ .time = at->time,
		.id = id,
		.frame = at->frame,
		.server = s->flow.number,
		.protocol = (uint8_t)p,
		.flags = flags };
	if (c->newest)
		request_at(x, c->newest)->next = number;
	else
		c->oldest = number;
	c->newest = number;
	c->n_waiting++;
	s->requests++;
	x->totals[p].requests++;
	return number;
}

void exchanges_answer(
    struct exchanges *x, struct conversation *c, uint32_t request, const struct seen_at *at)
{
	const struct request *r = request_at(x, request);
	const struct seen_at from = { r->time, r->frame };

	measured(x, flows_at(&x->servers, r->server), r->protocol, &from, at);
	unlink_request(x, c, request);
}

void exchanges_lose(struct exchanges *x, struct conversation *c)
{
	while (c->oldest) {
		forget(x, request_at(x, c->oldest));
		x->lost++;
		unlink_request(x, c, c->oldest);
	}
}

/* ---- the end --------------------------------------------------------------------------------- */

static void finish(struct exchanges *x, struct conversation *c, bool at_end)
{
	while (c->oldest)
		give_up(x, c, c->oldest, at_end);
	if (c->syn && !c->syn_ack && !c->refused && c->server[CONNECT])
		not_answered(x, flows_at(&x->servers, c->server[CONNECT]), CONNECT, c->syn_frame,
		    at_end && x->end - c->syn_time < PATIENCE);
}

void exchanges_close(struct exchanges *x, struct conversation *c)
{
	finish(x, c, false);
	stream_close(c, x->budget);
}

void exchanges_close_all(struct exchanges *x)
{
	for (uint32_t i = 1; i <= x->conversations.items.n; i++) {
		struct conversation *c = flows_at(&x->conversations, i);

		if (!c->flow.free)
			finish(x, c, true);
	}
}
