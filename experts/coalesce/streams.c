/* SPDX-License-Identifier: MIT */
/* Connections, their two sides, and runs. */
#include "streams.h"

#include <netmon.h>

#define FIN 0x01u
#define SYN 0x02u
#define RST 0x04u
#define ACK 0x10u
#define URG 0x20u

#define TCP          6
#define HEADER       20u
#define WAIT_PIECES  4096u      /* of one side; beyond, its first gap is given up */
#define WAIT_BYTES   (4u << 20) /* likewise */
#define RUN_FIRST    1536u      /* bytes of a run that is begun */
#define SEGMENT_MOST (1u << 20) /* more bytes has none, even before a card cuts it */

/* A frame to be. */
struct joined {
	struct head head;             /* of its last segment */
	uint16_t tcp_at;              /* where in it the TCP header begins */
	uint8_t flags;                /* of all its segments, but SYN and RST */
	uint32_t sequence, n, cut;    /* bytes of payload, and how many more it had */
	uint32_t first, last, pieces; /* frames */
	int64_t time;
};

/* Bytes of one side that follow each other, so far. */
struct run {
	struct joined j;
	bool written; /* at its place; what is left is to forget it */
	uint32_t room;
	uint8_t bytes[];
};

struct side {
	uint32_t next;    /* the number after the last byte joined */
	uint32_t initial; /* its SYN's */
	uint32_t fin_at;
	bool known;              /* next is */
	bool syn, fin, fin_done; /* seen; seen; and all before it joined */
	bool told_syn, told_fin; /* its acknowledgement of the other's was written */
	struct run *run;         /* owned */
	struct pieces waiting;   /* behind a gap */
};

struct stream {
	struct entry entry;
	struct stream_row row;
	struct side side[WAYS];
};

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

void streams_init(
    struct streams *t, struct stage *s, struct stream_row *rows, uint32_t room_rows, uint64_t seed)
{
	*t = (struct streams){ .stage = s, .rows = rows, .room_rows = room_rows };
	table_init(&t->table, &s->memory, seed);
}

/* ---- rows ------------------------------------------------------------------------------ */

static bool smaller(const struct stream_row *a, const struct stream_row *b)
{
	if (a->counts.bytes != b->counts.bytes)
		return a->counts.bytes < b->counts.bytes;
	return a->first > b->first;
}

/* rows[0..n) with the smallest on top; rows[i] may stand too high. */
static void sink(struct stream_row *rows, uint32_t n, uint32_t i)
{
	const struct stream_row r = rows[i];

	for (uint32_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && smaller(&rows[child + 1], &rows[child]))
			child++;
		if (!smaller(&rows[child], &r))
			break;
		rows[i] = rows[child];
	}
	rows[i] = r;
}

static void offer(struct streams *t, const struct stream_row *r)
{
	if (t->n_rows < t->room_rows) {
		t->rows[t->n_rows++] = *r;
		for (uint32_t i = t->n_rows / 2; t->n_rows == t->room_rows && i-- > 0;)
			sink(t->rows, t->n_rows, i);
	} else if (t->n_rows && smaller(&t->rows[0], r)) {
		t->rows[0] = *r;
		sink(t->rows, t->n_rows, 0);
	}
}

void streams_sort(struct streams *t)
{
	for (uint32_t i = t->n_rows / 2; i-- > 0;)
		sink(t->rows, t->n_rows, i);
	for (uint32_t left = t->n_rows; left > 1;) {
		const struct stream_row r = t->rows[0];

		t->rows[0] = t->rows[--left];
		t->rows[left] = r;
		sink(t->rows, left, 0);
	}
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

/* ---- runs ------------------------------------------------------------------------------- */

static void put32(uint8_t *p, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

/* A frame of its own, with headers that say what it is. */
static void write_joined(
    struct streams *t, struct stream *c, unsigned way, struct joined *j, const uint8_t *payload)
{
	uint8_t *tcp = j->head.bytes + j->tcp_at;
	struct out_frame f = { .head = j->head.bytes,
		.payload = payload,
		.head_n = j->head.n,
		.payload_n = j->n,
		.wire = j->head.n + j->n + j->cut,
		.link = (enum link)j->head.link,
		.time = j->time };
	uint16_t sum;

	put32(tcp + 4, j->sequence);
	tcp[13] = j->flags;
	if (j->pieces > 1 && tcp[13] & URG) { /* it pointed into one of them */
		tcp[13] &= (uint8_t)~URG;
		memset(tcp + 18, 0, 2);
	}
	head_fit(&j->head, j->n + j->cut);
	if (j->cut == 0) {
		sum = head_tcp_checksum(&j->head, &c->row.address[way], &c->row.address[!way],
		    j->tcp_at, payload, j->n);
		tcp[16] = (uint8_t)(sum >> 8);
		tcp[17] = (uint8_t)sum;
	}
	stage_write(t->stage, &f, j->first, j->last, j->pieces);
	c->row.counts.frames++;
}

static void free_run(struct streams *t, struct run *r)
{
	if (r)
		memory_give(&t->stage->memory, r, sizeof *r + r->room);
}

/* It is complete. What the first walk learns is with which frame it was. */
static void flush(struct streams *t, struct stream *c, unsigned way)
{
	struct run *r = c->side[way].run;

	if (!r)
		return;
	c->side[way].run = NULL;
	if (r->j.last != t->stage->frame && !r->written) {
		stage_mark(t->stage, r->j.last, MARK_LAST);
		t->stage->counts.late += !stage_plans(t->stage);
	}
	if (!r->written)
		write_joined(t, c, way, &r->j, r->bytes);
	free_run(t, r);
}

static void write_due(struct streams *t, struct stream *c)
{
	for (unsigned w = 0; w < WAYS; w++) {
		struct run *r = c->side[w].run;

		if (!r || r->written || r->j.last != t->stage->frame)
			continue;
		write_joined(t, c, w, &r->j, r->bytes);
		r->written = true;
	}
}

/* Room for n more bytes. NULL: no memory, and the run is as it was. */
static struct run *roomy(struct streams *t, struct run *r, uint32_t n)
{
	uint32_t room = r ? r->room : 0, want = r ? r->j.n + n : n;
	struct run *bigger;

	if (r && want <= room)
		return r;
	room = room ? room : RUN_FIRST;
	while (room < want)
		room *= 2;
	bigger = memory_take(&t->stage->memory, sizeof *bigger + room);
	if (!bigger)
		return NULL;
	if (r)
		memcpy(bigger, r, sizeof *r + r->j.n);
	bigger->room = room;
	free_run(t, r);
	return bigger;
}

/* The next bytes of a side: n, and cut more that the capture does not hold. */
struct next_bytes {
	const uint8_t *p;
	uint32_t n, cut;
	uint32_t frame; /* that they came in */
	const struct head *head;
	uint16_t tcp_at;
	uint8_t flags;
};

/* A joined frame of nothing but these, or one that goes on with them. */
static void put_bytes(struct streams *t, struct joined *j, const struct next_bytes *b)
{
	j->n += b->n;
	j->cut += b->cut;
	j->head = *b->head;
	j->tcp_at = b->tcp_at;
	j->flags |= b->flags & (uint8_t) ~(SYN | RST);
	if (j->pieces++ == 0 || b->frame < j->first)
		j->first = b->frame;
	j->last = t->stage->frame;
	j->time = t->stage->time;
}

/* Behind what waits to be written. Without memory for that they are a frame of their own. */
static void append(struct streams *t, struct stream *c, unsigned way, const struct next_bytes *b)
{
	struct side *s = &c->side[way];
	struct joined alone = { .sequence = s->next };
	struct run *r = roomy(t, s->run, b->n);

	if (!r) {
		flush(t, c, way);
		put_bytes(t, &alone, b);
		write_joined(t, c, way, &alone, b->p);
		/* What goes to make room has none, and is told otherwise. */
		t->stage->counts.no_memory += t->stage->memory.make_room != NULL;
	} else {
		if (!s->run)
			r->j.sequence = s->next;
		s->run = r;
		if (b->n)
			memcpy(r->bytes + r->j.n, b->p, b->n);
		put_bytes(t, &r->j, b);
	}
	s->next += b->n + b->cut;
}

/* In frames of at most what one may hold. What the other side said comes before. */
static void deliver(struct streams *t, struct stream *c, unsigned way, struct next_bytes b)
{
	struct side *s = &c->side[way];
	uint32_t most = head_room(b.head, t->stage->most), all = b.n, cut = b.cut;

	flush(t, c, !way);
	if (s->run && (s->run->written || s->run->j.n + all + cut > most))
		flush(t, c, way);
	c->row.counts.bytes += all;
	c->row.counts.cut_bytes += cut;
	for (b.cut = 0; all > most; all -= most, b.p += most) {
		b.n = most;
		append(t, c, way, &b);
		flush(t, c, way);
	}
	b.n = all;
	b.cut = cut < most - all ? cut : most - all;
	if (b.n || b.cut)
		append(t, c, way, &b);
	if (cut)
		flush(t, c, way);
	s->next += cut - b.cut;
}

/* The end of a side, when all before it is there, goes with its last bytes. */
static void end_side(struct streams *t, struct stream *c, unsigned way)
{
	struct side *s = &c->side[way];

	if (!s->fin || s->fin_done || s->next != s->fin_at || !s->run || s->run->written)
		return;
	s->run->j.flags |= FIN;
	flush(t, c, way);
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
	flush(t, c, way);
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
		flush(t, c, w);
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

	flush(t, g->c, !g->way);
	flush(t, g->c, g->way);
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

	if (r && n) { /* what is still here can be compared */
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
	flush(t, g->c, !g->way);
	if (s->run && s->run->written)
		flush(t, g->c, g->way);
	b.n = b.cut = 0;
	b.flags = g->flags | FIN;
	append(t, g->c, g->way, &b);
	flush(t, g->c, g->way);
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
		offer(t, &c->row);
}

static void forget(struct streams *t, struct stream *c)
{
	for (unsigned w = 0; w < WAYS; w++) {
		free_run(t, c->side[w].run);
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
		write_due(t, g.c);
	t->busy = NULL;
	return true;
}
