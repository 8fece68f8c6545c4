/* SPDX-License-Identifier: MIT */
/* Order among segments. */
#include "stream.h"

bool stream_open(struct conversation *c, struct budget *b)
{
	c->stream = budget_take(b, sizeof *c->stream);
	if (!c->stream)
		return false;
	for (unsigned w = 0; w < WAYS; w++)
		c->stream->side[w].lost = !c->syn;
	return true;
}

void stream_close(struct conversation *c, struct budget *b)
{
	budget_give(b, c->stream, sizeof *c->stream);
	c->stream = NULL;
}

/* ---- messages ------------------------------------------------------------------------------ */

void reading_ask(struct reading *r, enum protocol p, uint64_t id, uint8_t flags)
{
	r->side->request = exchanges_ask(r->x, r->c, r->way, p, id, &r->at, flags);
}

void reading_answer(struct reading *r, enum protocol p, uint64_t id)
{
	uint32_t request = exchanges_waiting(r->x, r->c, p, id);

	if (request)
		exchanges_answer(r->x, r->c, request, &r->side->begin);
}

void reading_end(struct reading *r)
{
	struct request *q;

	if (!r->side->request)
		return;
	q = request_at(r->x, r->side->request);
	q->time = r->at.time;
	q->frame = r->at.frame;
	r->side->request = 0;
}

/* ---- by who speaks ------------------------------------------------------------------------- */

static void turn(struct reading *r)
{
	uint32_t request = exchanges_waiting(r->x, r->c, PORT, ANY_ID);

	r->side->begin = r->at;
	if (r->way != r->c->client) {
		reading_answer(r, PORT, ANY_ID);
		return;
	}
	if (request)
		r->side->request = request;
	else
		reading_ask(r, PORT, ANY_ID, REQUEST_UNSURE);
	reading_end(r);
}

/* ---- segments ------------------------------------------------------------------------------- */

static void lose(struct reading *r)
{
	struct side *s = r->side;

	r->x->gaps++;
	/* Answers that come in order are not known apart any more. */
	if (r->c->protocol == HTTP || r->c->protocol == PORT)
		exchanges_lose(r->x, r->c);
	s->lost = true;
	s->left = 0;
	s->inside = 0;
	s->n_held = 0;
	s->state = 0;
	s->request = 0;
}

/* n bytes that are not in the capture. */
static void pass_over(struct reading *r, uint32_t n)
{
	struct side *s = r->side;

	if (s->lost)
		return;
	if (r->c->protocol == HTTP ? !http_skip(r, n) : !framed_skip(r, n))
		lose(r);
}

static void read_bytes(struct reading *r, const uint8_t *p, size_t n)
{
	if (r->c->protocol == HTTP)
		http_read(r, p, n);
	else
		framed_read(r, p, n);
}

/* Where it begins in what is new; false: nothing is. */
static bool find_new(struct reading *r, const struct segment *g, uint32_t *ret_old)
{
	struct side *s = r->side;
	int32_t old = 0;

	if (s->has_next)
		old = (int32_t)(s->next - g->sequence);
	s->has_next = true;
	if (old >= 0 && (uint32_t)old >= g->wire)
		return false;
	if (old < 0 && r->c->protocol == PORT)
		lose(r);
	else if (old < 0)
		pass_over(r, (uint32_t)-old);
	*ret_old = old > 0 ? (uint32_t)old : 0;
	s->next = g->sequence + g->wire;
	return true;
}

void stream_take(struct exchanges *x, struct conversation *c, unsigned way, const struct segment *g,
    const struct seen_at *at)
{
	struct reading r = { x, c, &c->stream->side[way], way, *at };
	uint32_t old;

	if (g->wire == 0 || !find_new(&r, g, &old))
		return;
	if (c->protocol == PORT) {
		turn(&r);
		return;
	}
	if (g->n > old)
		read_bytes(&r, g->p + old, g->n - old);
	if (c->protocol < PROTOCOLS && g->wire > g->n)
		pass_over(&r, g->wire - (uint32_t)(g->n > old ? g->n : old));
}
