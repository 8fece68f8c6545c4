/* SPDX-License-Identifier: MIT */
/* Connections and their two sides. */
#include "streams_int.h"

#include <netmon.h>

#define TCP          6
#define HEADER       20u
#define WAIT_PIECES  4096u      /* of one side; beyond, its first gap is given up */
#define WAIT_BYTES   (4u << 20) /* likewise */
#define SEGMENT_MOST (1u << 20) /* more bytes has none, even before a card cuts it */

/* A segment on its way. */
struct segment {
	const struct packet *packet;
	const struct layers *layers;
	const uint8_t *payload;
	uint32_t sequence, ack, n, cut;
	uint8_t flags;
	struct head head;
	uint16_t tcp_at;
	struct stream *c;
	struct side *from, *to;
	unsigned way;
	bool vouches; /* for bytes that the capture does not hold */
};

_Static_assert(sizeof(struct stream_row) <= TOP_ROW_MOST, "a row fits");

static bool smaller(const void *a, const void *b)
{
	const struct stream_row *x = a, *y = b;

	if (x->counts.bytes != y->counts.bytes)
		return x->counts.bytes < y->counts.bytes;
	return x->first > y->first;
}

void streams_init(
    struct streams *t, struct stage *s, struct stream_row *rows, uint32_t room_rows, uint64_t seed)
{
	*t = (struct streams){ .stage = s, .rows = { rows, sizeof *rows, 0, room_rows, smaller } };
	table_init(&t->table, &s->memory, seed);
}

static void add_counts(struct stream_counts *to, const struct stream_counts *c)
{
	to->segments += c->segments;
	to->bytes += c->bytes;
	to->frames += c->frames;
	to->gaps += c->gaps;
	to->gap_bytes += c->gap_bytes;
	to->cut_bytes += c->cut_bytes;
	to->same += c->same;
	to->differs += c->differs;
	to->again += c->again;
	to->acks += c->acks;
}

/* ---- what goes into runs ---------------------------------------------------------------- */

/* In frames of at most what one may hold. What the other side said comes before. */
static void deliver(struct streams *t, struct stream *c, unsigned way, struct next_bytes b)
{
	struct side *s = &c->side[way];
	uint32_t most = head_room(b.head, t->stage->most), all = b.n, cut = b.cut;

	run_flush(t, c, !way);
	if (s->run && (s->run->written || s->run->j.n + all + cut > most))
		run_flush(t, c, way);
	c->row.counts.bytes += all;
	c->row.counts.cut_bytes += cut;
	for (b.cut = 0; all > most; all -= most, b.p += most) {
		b.n = most;
		run_append(t, c, way, &b);
		run_flush(t, c, way);
	}
	b.n = all;
	b.cut = cut < most - all ? cut : most - all;
	if (b.n || b.cut)
		run_append(t, c, way, &b);
	if (cut)
		run_flush(t, c, way);
	s->next += cut - b.cut;
}

/* The end of a side, when all before it is there, goes with its last bytes. */
static void end_side(struct streams *t, struct stream *c, unsigned way)
{
	struct side *s = &c->side[way];

	if (!s->fin || s->fin_done || s->next != s->fin_at || !s->run || s->run->written)
		return;
	s->run->j.flags |= FIN;
	run_flush(t, c, way);
	s->next++;
	s->fin_done = true;
	s->told_fin |= c->side[!way].fin_done;
}

/* ---- what waits ------------------------------------------------------------------------- */

/* Up to the next gap. */
static void drain(struct streams *t, struct stream *c, unsigned way)
{
	struct side *s = &c->side[way];

	while (s->waiting.first && !place_before(s->next, s->waiting.first->at)) {
		struct piece *g = pieces_shift(&s->waiting);
		const struct piece *then = s->waiting.first;
		uint32_t old = s->next - g->at, end = g->at + g->n, cut = g->cut;

		if (then && place_before(then->at, end + cut))
			cut = then->at - end;
		if (old < g->n + cut) {
			uint32_t skip = old < g->n ? old : g->n;
			uint16_t tcp_at = g->tcp_at;

			deliver(t, c, way,
			    (struct next_bytes){ g->bytes + skip, g->n - skip, cut - (old - skip),
				g->frame, g->head, tcp_at,
				(uint8_t)(g->head->bytes[tcp_at + 13] & ~FIN) });
		}
		piece_free(&t->stage->memory, g);
	}
	end_side(t, c, way);
}

/* Nobody will fill it. */
static void skip_gap(struct streams *t, struct stream *c, unsigned way)
{
	struct side *s = &c->side[way];

	c->row.counts.gaps++;
	c->row.counts.gap_bytes += s->waiting.first->at - s->next;
	run_flush(t, c, way);
	s->next = s->waiting.first->at;
	drain(t, c, way);
}

/* Nothing more comes. */
static void finish(struct streams *t, struct stream *c)
{
	for (unsigned w = 0; w < WAYS; w++)
		while (c->side[w].waiting.first)
			skip_gap(t, c, w);
	for (unsigned w = 0; w < WAYS; w++)
		run_flush(t, c, w);
}

/* What the other side has is not waited for: the capture missed it. */
static void take_ack(struct streams *t, struct segment *g)
{
	struct side *s = g->to;

	while (g->flags & ACK && s->waiting.first && place_before(s->waiting.first->at, g->ack)) {
		skip_gap(t, g->c, !g->way);
		g->vouches = true;
	}
}

/* ---- one more ----------------------------------------------------------------------------- */

static struct next_bytes bytes_of(const struct segment *g)
{
	return (struct next_bytes){ g->payload, g->n, g->cut, g->packet->first, &g->head, g->tcp_at,
		(uint8_t)(g->flags & ~FIN) };
}

/* A frame as it is, behind all that was said before. */
static void copy_segment(struct streams *t, struct segment *g)
{
	struct out_frame f = { .head = g->head.bytes,
		.payload = g->payload,
		.head_n = g->head.n,
		.payload_n = g->n,
		.wire = g->head.n + g->n + g->cut,
		.link = (enum link)g->head.link,
		.time = g->packet->time };

	run_flush(t, g->c, !g->way);
	run_flush(t, g->c, g->way);
	g->c->row.counts.frames++;
	if (g->head.link == g->packet->link)
		stage_copy(t->stage, g->packet, g->layers->ip_at);
	else
		stage_write(t->stage, &f, g->packet->first, g->packet->number, g->packet->pieces);
}

/* What was joined before goes. False: nothing is left. */
static bool trim_old(struct streams *t, struct segment *g)
{
	const struct run *r = g->from->run;
	uint32_t old = g->from->next - g->sequence, n = old < g->n ? old : g->n;
	struct clash clash = { 0 };
	uint32_t from, skip;

	if (r && n && !stage_plans(t->stage)) { /* what is still here can be compared */
		skip = place_before(g->sequence, r->j.sequence) ? r->j.sequence - g->sequence : 0;
		from = g->sequence + skip - r->j.sequence;
		if (skip < n && from < r->j.n)
			clash_count(&clash, g->payload + skip, r->bytes + from,
			    n - skip < r->j.n - from ? n - skip : r->j.n - from);
	}
	g->c->row.counts.differs += clash.differs;
	stage_differs(t->stage, &g->c->row.address[g->way], &g->c->row.address[!g->way],
	    g->c->row.v6, true, clash.differs);
	g->c->row.counts.again += n;
	if (old >= g->n + g->cut)
		return false;
	g->cut -= old - n;
	g->payload += n;
	g->n -= n;
	g->sequence = g->from->next;
	return true;
}

/* It has to wait, all of it or because a part of it does already. */
static void wait_for_more(struct streams *t, struct segment *g)
{
	const struct new_piece s = { g->sequence, g->n, g->cut, g->packet->first, g->tcp_at,
		g->payload, &g->head };
	struct clash clash = { 0 };
	bool ok = pieces_add(&g->from->waiting, &t->stage->memory, &s, &clash);

	g->c->row.counts.same += clash.same;
	g->c->row.counts.differs += clash.differs;
	stage_differs(t->stage, &g->c->row.address[g->way], &g->c->row.address[!g->way],
	    g->c->row.v6, true, clash.differs);
	if (!ok) {
		t->stage->counts.no_memory++;
		copy_segment(t, g);
	}
	if (g->from->waiting.count > WAIT_PIECES || g->from->waiting.bytes > WAIT_BYTES)
		skip_gap(t, g->c, g->way);
}

static void take_data(struct streams *t, struct segment *g)
{
	struct side *s = g->from;
	const struct piece *first;

	if (g->n + g->cut <= 1 && g->sequence + 1 == s->next) {
		g->c->row.counts.acks++; /* keeps the connection alive */
		return;
	}
	if (place_before(g->sequence, s->next) && !trim_old(t, g))
		return;
	s->told_syn = true;
	first = s->waiting.first;
	if (g->sequence == s->next && (!first || !place_before(first->at, s->next + g->n + g->cut)))
		deliver(t, g->c, g->way, bytes_of(g));
	else
		wait_for_more(t, g);
	drain(t, g->c, g->way);
}

/* The end of a side is a part of its last frame, or one of its own. */
static void take_fin(struct streams *t, struct segment *g)
{
	struct side *s = g->from;
	struct next_bytes b = bytes_of(g);

	if (!s->fin || s->fin_done || s->next != s->fin_at)
		return;
	run_flush(t, g->c, !g->way);
	if (s->run && s->run->written)
		run_flush(t, g->c, g->way);
	b.n = b.cut = 0;
	b.flags = g->flags | FIN;
	run_append(t, g->c, g->way, &b);
	run_flush(t, g->c, g->way);
	s->next++;
	s->fin_done = true;
	s->told_fin |= g->to->fin_done;
}

/* Of those without bytes, what somebody would miss. */
static void take_empty(struct streams *t, struct segment *g)
{
	bool ends_shake = g->from->syn && g->to->syn && !g->from->told_syn;
	bool ends_fin = g->to->fin_done && g->ack == g->to->next && !g->from->told_fin;

	if (!ends_shake && !ends_fin && !g->vouches) {
		g->c->row.counts.acks++;
		return;
	}
	g->from->told_syn = true;
	g->from->told_fin |= ends_fin;
	copy_segment(t, g);
}

static void take_syn(struct streams *t, struct segment *g)
{
	struct side *s = g->from;

	if (s->syn) { /* again: the same number, or it would be another connection */
		g->c->row.counts.acks++;
		return;
	}
	s->syn = s->known = true;
	s->told_syn = g->flags & ACK;
	s->initial = g->sequence;
	s->next = g->sequence + 1 + g->n + g->cut;
	g->c->row.counts.bytes += g->n;
	copy_segment(t, g);
}

static void take_reset(struct streams *t, struct segment *g)
{
	finish(t, g->c);
	copy_segment(t, g);
}

static void take_segment(struct streams *t, struct segment *g)
{
	struct side *s = g->from;

	take_ack(t, g);
	if (g->flags & SYN) {
		take_syn(t, g);
		return;
	}
	if (g->flags & RST) {
		take_reset(t, g);
		return;
	}
	if (!s->known) {
		s->known = true;
		s->next = g->sequence;
	}
	if (g->flags & FIN && !s->fin) {
		s->fin = true;
		s->fin_at = g->sequence + g->n + g->cut;
	} else if (g->flags & FIN && g->n + g->cut == 0) {
		g->c->row.counts.acks++;
		return;
	}
	if (g->n + g->cut)
		take_data(t, g);
	else if (!(g->flags & FIN))
		take_empty(t, g);
	take_fin(t, g);
}

/* ---- connections ---------------------------------------------------------------------------- */

static void count_row(struct streams *t, const struct stream *c)
{
	add_counts(&t->counts, &c->row.counts);
	if (!stage_plans(t->stage))
		top_offer(&t->rows, &c->row);
}

static void forget(struct streams *t, struct stream *c)
{
	for (unsigned w = 0; w < WAYS; w++) {
		run_free(t, c->side[w].run);
		pieces_done(&c->side[w].waiting, &t->stage->memory);
	}
	table_remove(&t->table, &c->entry);
	memory_give(&t->stage->memory, c, sizeof *c);
}

void streams_end(struct streams *t)
{
	while (t->table.oldest) {
		struct stream *c = (struct stream *)t->table.oldest;

		t->busy = &c->entry;
		finish(t, c);
		t->busy = NULL;
		count_row(t, c);
		forget(t, c);
	}
}

void streams_done(struct streams *t)
{
	while (t->table.oldest)
		forget(t, (struct stream *)t->table.oldest);
	runs_free_spare(t);
	table_done(&t->table);
}

static struct entry *oldest_of(const struct streams *t)
{
	struct entry *e = t->table.oldest;

	return e && e == t->busy ? e->newer : e;
}

uint64_t streams_oldest(const struct streams *t)
{
	const struct entry *e = oldest_of(t);

	return e ? e->touched : UINT64_MAX;
}

void streams_evict(struct streams *t)
{
	struct stream *c = (struct stream *)oldest_of(t);

	t->evicted++;
	for (unsigned w = 0; w < WAYS; w++)
		t->hurried += c->side[w].waiting.bytes;
	finish(t, c);
	count_row(t, c);
	forget(t, c);
}

static void name_row(struct stream *c, const struct segment *g)
{
	const struct ip_pair *ip = &g->layers->ip[g->layers->n_ip - 1];
	const uint8_t *tcp = g->head.bytes + g->tcp_at;

	c->row = (struct stream_row){ .address = { ip->src, ip->dst },
		.port = { (uint16_t)be16(tcp), (uint16_t)be16(tcp + 2) },
		.v6 = ip->v6,
		.first = g->packet->first };
}

/* Both directions have the same. */
static struct key key_of(const struct segment *g)
{
	const struct ip_pair *ip = &g->layers->ip[g->layers->n_ip - 1];
	const uint8_t *tcp = g->head.bytes + g->tcp_at;
	uint64_t ports[WAYS] = { be16(tcp), be16(tcp + 2) };
	int order = memcmp(ip->src.b, ip->dst.b, sizeof ip->src.b);
	bool turn = order > 0 || (order == 0 && ports[0] > ports[1]);

	return (struct key){ turn ? ip->dst : ip->src, turn ? ip->src : ip->dst,
		(uint64_t)ip->v6 << 40 | ports[turn] << 16 | ports[!turn] };
}

/* NULL: no memory. */
static struct stream *stream_of(struct streams *t, const struct segment *g)
{
	const struct key k = key_of(g);
	struct stream *c = (struct stream *)table_find(&t->table, &k, g->packet->number);

	if (c)
		return c;
	c = memory_take(&t->stage->memory, sizeof *c);
	if (!c)
		return NULL;
	c->entry.key = k;
	name_row(c, g);
	if (table_add(&t->table, &c->entry, g->packet->number)) {
		t->n++;
		return c;
	}
	memory_give(&t->stage->memory, c, sizeof *c);
	return NULL;
}

static void choose_sides(struct segment *g)
{
	const struct ip_pair *ip = &g->layers->ip[g->layers->n_ip - 1];

	g->way = !(address_same(&g->c->row.address[0], &ip->src) &&
		   g->c->row.port[0] == be16(g->head.bytes + g->tcp_at));
	g->from = &g->c->side[g->way];
	g->to = &g->c->side[!g->way];
}

/* A SYN with another number than before: the ports are used again. */
static bool is_another(const struct segment *g)
{
	const struct side *s = g->from;

	if (!(g->flags & SYN))
		return false;
	if (s->known)
		return !s->syn || g->sequence != s->initial;
	return !(g->flags & ACK) && g->to->known && !g->to->syn;
}

static void begin_again(struct streams *t, struct segment *g)
{
	finish(t, g->c);
	count_row(t, g->c);
	memset(g->c->side, 0, sizeof g->c->side);
	name_row(g->c, g);
	choose_sides(g);
	t->n++;
}

/* 0 2 and 2 2 ports; 4 4 sequence; 8 4 acknowledgement; 12 1 header length in words, in the
 * upper half; 13 1 flags */
static bool read_segment(const struct streams *t, struct segment *g)
{
	const struct upper *u = &g->layers->upper;
	size_t header;

	if (!u->p || u->protocol != TCP || u->left < HEADER)
		return false;
	header = (u->p[12] >> 4) * 4u;
	if (header < HEADER || header > u->left || u->wire > SEGMENT_MOST)
		return false;
	g->sequence = be32(u->p + 4);
	g->ack = be32(u->p + 8);
	g->flags = u->p[13];
	g->payload = u->p + header;
	g->n = (uint32_t)(u->left - header);
	g->cut = (uint32_t)(u->wire - u->left);
	if (!head_take(&g->head, g->packet, g->layers, g->payload, t->stage->joins))
		return false;
	g->tcp_at = (uint16_t)(g->head.n - header);
	return true;
}

bool streams_take(struct streams *t, const struct packet *p, const struct layers *l)
{
	struct segment g = { .packet = p, .layers = l };

	if (!read_segment(t, &g))
		return false;
	g.c = stream_of(t, &g);
	if (!g.c) {
		t->stage->counts.no_memory++;
		return false;
	}
	t->busy = &g.c->entry;
	choose_sides(&g);
	if (is_another(&g))
		begin_again(t, &g);
	g.c->row.counts.segments++;
	g.c->row.last = p->number;
	take_segment(t, &g);
	if (stage_is_marked(t->stage, MARK_LAST))
		runs_write_due(t, g.c);
	t->busy = NULL;
	return true;
}
