/* SPDX-License-Identifier: MIT */
/* Fragments, by sender, receiver and identification (RFC 791, 3.2; RFC 8200, 4.5). */
#include "datagrams.h"

#include <netmon.h>

#define LIVES_US INT64_C(120000000) /* RFC 1122, 3.3.2: between 60 and 120 seconds */

struct datagram {
	struct entry entry;
	bool v6;
	uint8_t protocol; /* IPv6: what the first fragment says follows */
	bool has_end;
	uint32_t end; /* bytes of payload in all, when the last fragment is there */
	uint32_t fragments, first, last;
	int64_t time; /* of the first one */
	struct pieces pieces;
};

/* What a fragment says of itself. */
struct cut {
	struct key key;
	uint32_t at;
	uint32_t id;
	bool more, v6;
	uint8_t protocol;
};

/* IPv4: 4 2 identification; 6 2 flags, offset in 8 bytes; 9 1 protocol.
 * IPv6: 0 1 next header; 2 2 offset in 8 bytes, 3 bits; 4 4 identification */
static struct cut cut_of(const struct layers *l)
{
	const struct ip_pair *ip = &l->ip[l->n_ip - 1];
	const uint8_t *h = l->fragment.head;
	struct cut c = { .v6 = ip->v6 };

	if (ip->v6) {
		c.at = be16(h + 2) & 0xfff8;
		c.more = be16(h + 2) & 1;
		c.id = be32(h + 4);
		c.protocol = h[0];
	} else {
		c.at = (be16(h + 6) & 0x1fff) * 8;
		c.more = be16(h + 6) & 0x2000;
		c.id = be16(h + 4);
		c.protocol = h[9];
	}
	c.key = (struct key){ ip->src, ip->dst,
		(uint64_t)l->vlan << 41 | (uint64_t)c.v6 << 40 |
		    (uint64_t)(c.v6 ? 0 : c.protocol) << 32 | c.id };
	return c;
}

void datagrams_init(struct datagrams *t, struct stage *s, uint64_t seed)
{
	*t = (struct datagrams){ .stage = s };
	table_init(&t->table, &s->memory, seed);
}

static struct datagram_counts *counts_of(struct datagrams *t, bool v6)
{
	return &t->counts[v6 ? DATAGRAMS_V6 : DATAGRAMS_V4];
}

static void forget(struct datagrams *t, struct datagram *d)
{
	table_remove(&t->table, &d->entry);
	pieces_done(&d->pieces, &t->stage->memory);
	memory_give(&t->stage->memory, d, sizeof *d);
}

/* It will never be whole: its fragments are frames like others. */
static void give_up(struct datagrams *t, struct datagram *d)
{
	struct datagram_counts *c = counts_of(t, d->v6);
	const struct key *k = &d->entry.key;

	for (const struct piece *g = d->pieces.first; g; g = g->next)
		stage_mark(t->stage, g->frame, MARK_ALONE);
	c->lost++;
	c->lost_fragments += d->fragments;
	c->lost_bytes += d->pieces.bytes;
	if (t->n_lost < SHOWN_MOST)
		t->lost[t->n_lost++] = (struct lost_datagram){ k->a, k->b, d->v6, d->protocol,
			(uint32_t)k->more, d->fragments, d->pieces.bytes,
			d->has_end && d->end > d->pieces.bytes ? d->end - d->pieces.bytes : 0,
			d->first, d->last };
	forget(t, d);
}

void datagrams_end(struct datagrams *t)
{
	while (t->table.oldest)
		give_up(t, (struct datagram *)t->table.oldest);
}

void datagrams_done(struct datagrams *t)
{
	while (t->table.oldest)
		forget(t, (struct datagram *)t->table.oldest);
	table_done(&t->table);
}

uint64_t datagrams_oldest(const struct datagrams *t)
{
	const struct entry *e = t->table.oldest;

	if (e && e == t->busy)
		e = e->newer;
	return e ? e->touched : UINT64_MAX;
}

void datagrams_evict(struct datagrams *t)
{
	struct entry *e = t->table.oldest;

	if (e == t->busy)
		e = e->newer;
	counts_of(t, ((struct datagram *)e)->v6)->evicted++;
	give_up(t, (struct datagram *)e);
}

/* ---- one more ---------------------------------------------------------------------------- */

/* NULL: no memory. */
static struct datagram *datagram_of(
    struct datagrams *t, const struct cut *c, const struct packet *p)
{
	struct datagram *d = (struct datagram *)table_find(&t->table, &c->key, p->number);

	if (d && p->time - d->time > LIVES_US) {
		give_up(t, d);
		d = NULL;
	}
	if (d)
		return d;
	d = memory_take(&t->stage->memory, sizeof *d);
	if (!d)
		return NULL;
	d->entry.key = c->key;
	d->v6 = c->v6;
	d->protocol = c->protocol;
	d->first = p->first;
	d->time = p->time;
	if (table_add(&t->table, &d->entry, p->number))
		return d;
	memory_give(&t->stage->memory, d, sizeof *d);
	return NULL;
}

static bool is_whole(const struct datagram *d)
{
	uint32_t at = 0;

	if (!d->has_end || d->pieces.bytes < d->end)
		return false;
	for (const struct piece *g = d->pieces.first; g && g->at == at; g = g->next)
		at += g->n;
	return at >= d->end;
}

/* Headers of the first fragment, payload of all. False: it is longer than a packet can be. */
static bool build(const struct datagram *d, uint8_t *room, struct packet *ret)
{
	const struct piece *g = d->pieces.first;
	struct head h;
	uint32_t n = 0;

	if (!g->head)
		return false;
	h = *g->head;
	if (d->v6 && !head_drop_fragment(&h, h.n - 8u, h.bytes[h.n - 8]))
		return false;
	if (d->end > head_room(&h, d->v6 ? IP_MOST + 40 : IP_MOST))
		return false;
	head_fit(&h, d->end);
	memcpy(room, h.bytes, h.n);
	for (; g && n < d->end; g = g->next) {
		uint32_t part = d->end - n < g->n ? d->end - n : g->n;

		memcpy(room + h.n + n, g->bytes, part);
		n += part;
	}
	ret->p = room;
	ret->len = ret->wire = h.n + n;
	ret->link = (enum link)h.link;
	if (h.link == LINK_IP)
		ret->mac = MAC_TYPE_UNKNOWN;
	ret->first = d->first;
	ret->pieces = d->fragments;
	return true;
}

/* Its place is taken: nothing that is there changes. False: no memory. */
static bool add(struct datagrams *t, struct datagram *d, const struct cut *c,
    const struct packet *p, const struct layers *l)
{
	struct datagram_counts *counts = counts_of(t, c->v6);
	struct head h;
	struct clash clash = { 0 };
	const struct new_piece s = { .at = c->at,
		.n = (uint32_t)l->fragment.left,
		.frame = p->number,
		.p = l->fragment.p,
		.head =
		    c->at == 0 && head_take(&h, p, l, l->fragment.p, t->stage->joins) ? &h : NULL };
	bool ok = pieces_add(&d->pieces, &t->stage->memory, &s, &clash);

	counts->same += clash.same;
	counts->differs += clash.differs;
	stage_differs(t->stage, &c->key.a, &c->key.b, c->v6, false, clash.differs);
	if (!ok)
		return false;
	d->fragments++;
	d->last = p->number;
	if (!c->more && !d->has_end) {
		d->has_end = true;
		d->end = c->at + s.n;
	}
	return true;
}

/* It can't be a part of any packet. */
static bool is_wrong(const struct cut *c, const struct layers *l)
{
	size_t head = c->v6 ? 0 : (l->fragment.head[0] & 15u) * 4;

	return l->fragment.left != l->fragment.wire || l->fragment.left == 0 ||
	       head + c->at + l->fragment.left > IP_MOST;
}

enum piecing datagrams_take(struct datagrams *t, const struct packet *p, const struct layers *l,
    uint8_t *room, struct packet *ret)
{
	const struct cut c = cut_of(l);
	struct datagram_counts *counts = counts_of(t, c.v6);
	struct datagram *d;
	bool fine;

	counts->fragments++;
	if (is_wrong(&c, l)) {
		counts->refused++;
		return PIECE_ALONE;
	}
	d = datagram_of(t, &c, p);
	if (d)
		t->busy = &d->entry;
	fine = d && add(t, d, &c, p, l);
	t->busy = NULL;
	if (!fine) {
		t->stage->counts.no_memory++;
		return PIECE_ALONE;
	}
	if (!is_whole(d))
		return PIECE_WAITS;
	*ret = *p;
	fine = build(d, room, ret);
	if (fine) {
		counts->joined++;
		counts->bytes += d->end;
		forget(t, d);
	} else {
		give_up(t, d);
	}
	return fine ? PIECE_LAST : PIECE_ALONE;
}
