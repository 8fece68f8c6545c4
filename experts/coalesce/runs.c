/* SPDX-License-Identifier: MIT */
/* From bytes of one side to frames. */
#include "streams_int.h"

#define RUN_FIRST  1536u /* bytes of a run that is begun */
#define SPARE_MOST 8u    /* runs of a size that are kept for others; not counted as memory */

_Static_assert(RUN_FIRST << (RUN_SIZES - 1) >= IP_MOST, "what a packet holds fits");

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
	uint16_t sum;
	struct out_frame f = { .head = j->head.bytes,
		.payload = payload,
		.head_n = j->head.n,
		.payload_n = j->n,
		.wire = j->head.n + j->n + j->cut,
		.link = (enum link)j->head.link,
		.time = j->time };

	c->row.counts.frames++;
	if (stage_plans(t->stage))
		return;
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
}

/* ---- their memory ------------------------------------------------------------------------- */

static unsigned size_of(uint32_t room)
{
	unsigned i = 0;

	while (RUN_FIRST << i < room)
		i++;
	return i;
}

/* A run of so much room, which counts already; what is in it is anybody's. NULL: no memory. */
static struct run *make(struct streams *t, uint32_t room)
{
	struct spare_runs *spare = &t->spare[size_of(room)];
	struct run *r = spare->first;

	if (r) {
		spare->first = r->next;
		spare->n--;
	} else {
		r = memory_uncounted(
		    &t->stage->memory, sizeof *r + (stage_plans(t->stage) ? 0 : room));
	}
	if (r)
		r->room = room;
	return r;
}

void run_free(struct streams *t, struct run *r)
{
	struct spare_runs *spare;

	if (!r)
		return;
	memory_release(&t->stage->memory, sizeof *r + r->room);
	spare = &t->spare[size_of(r->room)];
	if (spare->n == SPARE_MOST) {
		memory_give_uncounted(&t->stage->memory, r);
		return;
	}
	r->next = spare->first;
	spare->first = r;
	spare->n++;
}

void runs_free_spare(struct streams *t)
{
	for (unsigned i = 0; i < RUN_SIZES; i++)
		for (struct run *r = t->spare[i].first, *next; r; r = next) {
			next = r->next;
			memory_give_uncounted(&t->stage->memory, r);
		}
	memset(t->spare, 0, sizeof t->spare);
}

/* Room for n more bytes. NULL: no memory, and the run is as it was. */
static struct run *roomy(struct streams *t, struct run *r, uint32_t n)
{
	uint32_t room = r ? r->room : RUN_FIRST, want = r ? r->j.n + n : n;
	struct run *bigger;

	if (r && want <= room)
		return r;
	while (room < want)
		room *= 2;
	if (!memory_reserve(&t->stage->memory, sizeof *bigger + room))
		return NULL;
	bigger = make(t, room);
	if (!bigger)
		return NULL;
	if (r) {
		bigger->j = r->j;
		bigger->written = r->written;
		if (!stage_plans(t->stage))
			memcpy(bigger->bytes, r->bytes, r->j.n);
		run_free(t, r);
	} else {
		bigger->j = (struct joined){ 0 };
		bigger->written = false;
	}
	return bigger;
}

/* ---- what goes through them ---------------------------------------------------------------- */

void run_flush(struct streams *t, struct stream *c, unsigned way)
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
	run_free(t, r);
}

void runs_write_due(struct streams *t, struct stream *c)
{
	for (unsigned w = 0; w < WAYS; w++) {
		struct run *r = c->side[w].run;

		if (!r || r->written || r->j.last != t->stage->frame)
			continue;
		write_joined(t, c, w, &r->j, r->bytes);
		r->written = true;
	}
}

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

void run_append(struct streams *t, struct stream *c, unsigned way, const struct next_bytes *b)
{
	struct side *s = &c->side[way];
	struct joined alone = { .sequence = s->next };
	struct run *r = roomy(t, s->run, b->n);

	if (!r) {
		run_flush(t, c, way);
		put_bytes(t, &alone, b);
		write_joined(t, c, way, &alone, b->p);
		/* What goes to make room has none, and is told otherwise. */
		t->stage->counts.no_memory += t->stage->memory.make_room != NULL;
	} else {
		if (!s->run)
			r->j.sequence = s->next;
		s->run = r;
		if (b->n && !stage_plans(t->stage))
			memcpy(r->bytes + r->j.n, b->p, b->n);
		put_bytes(t, &r->j, b);
	}
	s->next += b->n + b->cut;
}
