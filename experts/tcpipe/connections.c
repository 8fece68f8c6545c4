/* SPDX-License-Identifier: MIT */
/* An open-addressed table of connections, and a pool of segments. */
#include "connections.h"

#define CHUNK         256u /* connections, segments, taken at a time */
#define SEGMENT_CHUNK 2048u
#define INDEX_FIRST   1024u /* slots */
#define MOST          (1u << 27)
#define ACKED_KEPT    16u    /* of a side: what is sent again in vain is among them */
#define UNACKED_MOST  10000u /* of a side: beyond, its oldest is forgotten */

__extension__ typedef unsigned __int128 u128;

void connections_init(struct connections *t, struct budget *b, uint64_t seed)
{
	memset(t, 0, sizeof *t);
	t->budget = b;
	t->seed[0] = seed ^ UINT64_C(0x9e3779b97f4a7c15);
	t->seed[1] = (seed << 32 | seed >> 32) ^ UINT64_C(0xd1b54a32d192ed03);
}

void connections_done(struct connections *t)
{
	for (uint32_t i = 0; i < t->n_chunks; i++)
		budget_give(t->budget, t->chunks[i], CHUNK * sizeof **t->chunks);
	for (uint32_t i = 0; i < t->n_segment_chunks; i++)
		budget_give(t->budget, t->segments[i], SEGMENT_CHUNK * sizeof **t->segments);
	budget_give(t->budget, t->chunks, t->room_chunks * sizeof *t->chunks);
	budget_give(t->budget, t->segments, t->room_segment_chunks * sizeof *t->segments);
	budget_give(t->budget, t->index, t->index ? (t->mask + 1u) * sizeof *t->index : 0);
	memset(t, 0, sizeof *t);
}

struct connection *connection_at(const struct connections *t, uint32_t number)
{
	return &t->chunks[number / CHUNK][number % CHUNK];
}

/* ---- looking up --------------------------------------------------------------------- */

/* The same for both directions. */
static uint64_t hash(const struct connections *t, const struct address *a, const struct address *b,
    const uint16_t port[WAYS])
{
	u128 m = (u128)(address_hash(a, port[0], t->seed) + address_hash(b, port[1], t->seed)) *
		 t->seed[0];

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

static bool is_way(const struct connection *c, unsigned way, const struct address *src,
    const struct address *dst, const uint16_t port[WAYS])
{
	return c->port[way] == port[0] && c->port[!way] == port[1] &&
	       address_same(&c->address[way], src) && address_same(&c->address[!way], dst);
}

static bool is(const struct connection *c, const struct address *src, const struct address *dst,
    const uint16_t port[WAYS], bool v6, unsigned *ret_way)
{
	if (c->v6 != v6)
		return false;
	*ret_way = !is_way(c, 0, src, dst, port);
	return *ret_way == 0 || is_way(c, 1, src, dst, port);
}

/* ---- growing ------------------------------------------------------------------------- */

static void *longer(
    struct budget *b, void *list, uint32_t *room, uint32_t n, size_t each, uint32_t first)
{
	return budget_grow(b, list, n, room, *room ? *room * 2 : first, each);
}

static bool room_for_one(struct connections *t)
{
	struct connection *chunk;
	void *list;

	if (t->n < t->n_chunks * CHUNK)
		return true;
	if (t->n >= MOST)
		return false;
	if (t->n_chunks == t->room_chunks) {
		list = longer(
		    t->budget, t->chunks, &t->room_chunks, t->n_chunks, sizeof *t->chunks, 16);
		if (!list)
			return false;
		t->chunks = list;
	}
	chunk = budget_take(t->budget, CHUNK * sizeof *chunk);
	if (!chunk)
		return false;
	t->chunks[t->n_chunks++] = chunk;
	return true;
}

static uint32_t *slot_of(uint32_t *index, uint32_t mask, uint64_t h)
{
	uint32_t i = (uint32_t)h & mask;

	while (index[i])
		i = (i + 1) & mask;
	return &index[i];
}

static uint32_t *slot_that_is(const struct connections *t, const struct connection *c)
{
	uint32_t i = (uint32_t)hash(t, &c->address[0], &c->address[1], c->port) & t->mask;

	while (t->index[i] && t->index[i] != c->number + 1)
		i = (i + 1) & t->mask;
	return &t->index[i];
}

/* At most half full, so that runs of taken slots stay short. Ports that were used again
 * have only their latest connection in it. */
static bool grow_index(struct connections *t)
{
	uint32_t slots = t->index ? (t->mask + 1) * 2 : INDEX_FIRST, *bigger;

	if (t->index && t->n < (t->mask + 1) / 2)
		return true;
	bigger = budget_take(t->budget, slots * sizeof *bigger);
	if (!bigger)
		return false;
	for (uint32_t i = 0; t->index && i <= t->mask; i++) {
		const struct connection *c;

		if (!t->index[i])
			continue;
		c = connection_at(t, t->index[i] - 1);
		*slot_of(bigger, slots - 1, hash(t, &c->address[0], &c->address[1], c->port)) =
		    t->index[i];
	}
	budget_give(t->budget, t->index, t->index ? (t->mask + 1u) * sizeof *t->index : 0);
	t->index = bigger;
	t->mask = slots - 1;
	return true;
}

static struct connection *add(struct connections *t, const struct address *src,
    const struct address *dst, const uint16_t port[WAYS], bool v6)
{
	struct connection *c;

	if (!room_for_one(t) || !grow_index(t))
		return NULL;
	c = connection_at(t, t->n);
	*c = (struct connection){ .address = { *src, *dst },
		.port = { port[0], port[1] },
		.v6 = v6,
		.number = t->n++,
		.first = NOBODY };
	for (unsigned w = 0; w < WAYS; w++)
		c->side[w].scale = SCALE_UNKNOWN;
	return c;
}

struct connection *connections_find(struct connections *t, const struct address *src,
    const struct address *dst, const uint16_t port[WAYS], bool v6, unsigned *ret_way)
{
	uint64_t h = hash(t, src, dst, port);
	uint32_t *recent = &t->recent[h >> 56];
	struct connection *c;

	if (*recent && is(connection_at(t, *recent - 1), src, dst, port, v6, ret_way))
		return connection_at(t, *recent - 1);
	for (uint32_t i = (uint32_t)h & t->mask; t->index && t->index[i]; i = (i + 1) & t->mask) {
		c = connection_at(t, t->index[i] - 1);
		if (is(c, src, dst, port, v6, ret_way)) {
			*recent = c->number + 1;
			return c;
		}
	}
	c = add(t, src, dst, port, v6);
	if (!c)
		return NULL;
	*ret_way = 0;
	*slot_of(t->index, t->mask, h) = *recent = c->number + 1;
	return c;
}

struct connection *connections_renew(
    struct connections *t, const struct connection *c, unsigned way)
{
	const uint16_t port[WAYS] = { c->port[way], c->port[!way] };
	struct connection *n = add(t, &c->address[way], &c->address[!way], port, c->v6);
	uint64_t h;

	if (!n)
		return NULL;
	h = hash(t, &n->address[0], &n->address[1], n->port);
	*slot_that_is(t, c) = t->recent[h >> 56] = n->number + 1;
	return n;
}

/* ---- segments ------------------------------------------------------------------------- */

static struct segment *at(const struct connections *t, uint32_t number)
{
	return &t->segments[(number - 1) / SEGMENT_CHUNK][(number - 1) % SEGMENT_CHUNK];
}

const struct segment *segment_at(const struct connections *t, uint32_t number)
{
	return at(t, number);
}

static bool room_for_segment(struct connections *t)
{
	struct segment *chunk;
	void *list;

	if (t->n_segments < t->n_segment_chunks * SEGMENT_CHUNK)
		return true;
	if (t->n_segment_chunks == t->room_segment_chunks) {
		list = longer(t->budget, t->segments, &t->room_segment_chunks, t->n_segment_chunks,
		    sizeof *t->segments, 16);
		if (!list)
			return false;
		t->segments = list;
	}
	chunk = budget_take(t->budget, SEGMENT_CHUNK * sizeof *chunk);
	if (!chunk)
		return false;
	t->segments[t->n_segment_chunks++] = chunk;
	return true;
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
	g->next = t->free_segment;
	t->free_segment = number;
}

/* 0: no memory. */
static uint32_t new_segment(struct connections *t)
{
	uint32_t number = t->free_segment;

	if (number) {
		t->free_segment = at(t, number)->next;
		return number;
	}
	return room_for_segment(t) ? ++t->n_segments : 0;
}

void segments_add(struct connections *t, struct side *s, const struct segment *g)
{
	uint32_t number;

	if (s->n_unacked >= UNACKED_MOST)
		forget_oldest(t, s);
	number = new_segment(t);
	if (!number && s->head) {
		forget_oldest(t, s);
		number = new_segment(t);
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
