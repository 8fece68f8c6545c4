/* SPDX-License-Identifier: MIT */
/* A table of connections, and a pool of segments. */
#include "connections.h"

#define SEGMENTS_SHIFT 11u    /* 2,048 segments taken at a time */
#define ACKED_KEPT     16u    /* of a side: what is sent again in vain is among them */
#define UNACKED_MOST   10000u /* of a side: beyond, its oldest is forgotten */

void connections_init(struct connections *t, struct budget *b, uint64_t seed)
{
	memset(t, 0, sizeof *t);
	flows_init(&t->flows, b, sizeof(struct connection), seed);
	pool_init(&t->segments, b, sizeof(struct segment), SEGMENTS_SHIFT);
}

void connections_done(struct connections *t)
{
	flows_done(&t->flows);
	pool_done(&t->segments);
	memset(t, 0, sizeof *t);
}

struct connection *connection_at(const struct connections *t, uint32_t number)
{
	return flows_at(&t->flows, number);
}

static struct connection *begun(struct connection *c)
{
	if (!c || c->begun)
		return c;
	c->begun = true;
	c->first = NOBODY;
	for (unsigned w = 0; w < WAYS; w++)
		c->side[w].scale = SCALE_UNKNOWN;
	return c;
}

struct connection *connections_find(
    struct connections *t, const struct flow_key *k, unsigned *ret_way)
{
	return begun(flows_find_or_add(&t->flows, k, ret_way));
}

struct connection *connections_renew(
    struct connections *t, const struct connection *c, unsigned way)
{
	return begun(flows_renew(&t->flows, &c->flow, way));
}

/* ---- segments ------------------------------------------------------------------------- */

static struct segment *at(const struct connections *t, uint32_t number)
{
	return pool_at(&t->segments, number);
}

const struct segment *segment_at(const struct connections *t, uint32_t number)
{
	return at(t, number);
}

static void forget_oldest(struct connections *t, struct side *s)
{
	struct segment *g = at(t, s->head);
	uint32_t number = s->head;

	if (s->unacked == number) {
		s->unacked = g->next;
		s->n_unacked--;
	} else {
		s->n_acked--;
	}
	s->head = g->next;
	if (!s->head)
		s->tail = 0;
	pool_give(&t->segments, number);
}

void segments_add(struct connections *t, struct side *s, const struct segment *g)
{
	uint32_t number;

	if (s->n_unacked >= UNACKED_MOST)
		forget_oldest(t, s);
	number = pool_take(&t->segments);
	if (!number && s->head) {
		forget_oldest(t, s);
		number = pool_take(&t->segments);
	}
	if (!number) {
		t->not_remembered++;
		return;
	}
	*at(t, number) = *g;
	at(t, number)->next = 0;
	if (s->tail)
		at(t, s->tail)->next = number;
	else
		s->head = number;
	if (!s->unacked)
		s->unacked = number;
	s->tail = number;
	s->n_unacked++;
}

void segments_acked(struct connections *t, struct side *s, uint32_t ack)
{
	while (s->unacked && !sequence_before(ack, at(t, s->unacked)->end)) {
		s->unacked = at(t, s->unacked)->next;
		s->n_unacked--;
		s->n_acked++;
	}
	while (s->n_acked > ACKED_KEPT)
		forget_oldest(t, s);
}
