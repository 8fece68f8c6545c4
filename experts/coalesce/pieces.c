/* SPDX-License-Identifier: MIT */
/* A sorted list without overlaps. */
#include "pieces.h"

static uint32_t end_of(const struct piece *g)
{
	return g->at + g->n;
}

static size_t bytes_of(const struct piece *g)
{
	return sizeof *g + g->n + (g->head ? sizeof *g->head + _Alignof(struct head) : 0);
}

/* Bytes [from, to) of it. NULL: no memory. */
static struct piece *make(struct memory *m, const struct new_piece *s, uint32_t from, uint32_t to)
{
	struct piece shape = { .at = from, .n = to - from, .frame = s->frame, .tcp_at = s->tcp_at };
	struct piece *g;
	uintptr_t behind;

	shape.head = s->head ? (struct head *)(uintptr_t)s->head : NULL;
	g = memory_take(m, bytes_of(&shape));
	if (!g)
		return NULL;
	*g = shape;
	if (g->n)
		memcpy(g->bytes, s->p + (from - s->at), g->n);
	if (s->head) {
		behind = (uintptr_t)(g->bytes + g->n) + _Alignof(struct head) - 1;
		g->head = (struct head *)(behind - behind % _Alignof(struct head));
		*g->head = *s->head;
	}
	return g;
}

void clash_count(struct clash *clash, const uint8_t *p, const uint8_t *there, uint32_t n)
{
	uint32_t differs = 0;

	if (n && memcmp(p, there, n) != 0)
		for (uint32_t i = 0; i < n; i++)
			differs += p[i] != there[i];
	clash->differs += differs;
	clash->same += n - differs;
}

static void insert(struct pieces *l, struct piece **link, struct piece *g)
{
	g->next = *link;
	*link = g;
	if (!g->next)
		l->last = g;
	l->count++;
	l->bytes += g->n;
}

/* Pieces without bytes mark what was cut; one at a place is enough. */
static bool add_empty(struct pieces *l, struct memory *m, const struct new_piece *s)
{
	struct piece **link = &l->first, *g;

	while (*link && place_before((*link)->at, s->at))
		link = &(*link)->next;
	if (*link && (*link)->at == s->at)
		return true;
	g = make(m, s, s->at, s->at);
	if (!g)
		return false;
	g->cut = s->cut;
	insert(l, link, g);
	return true;
}

bool pieces_add(struct pieces *l, struct memory *m, const struct new_piece *s, struct clash *clash)
{
	uint32_t at = s->at, end = s->at + s->n, to;
	struct piece **link = &l->first, *g;

	if (s->n == 0)
		return add_empty(l, m, s);
	if (l->last && !place_before(at, end_of(l->last)))
		link = &l->last->next;
	while (at != end) {
		while (*link && !place_before(at, end_of(*link)))
			link = &(*link)->next;
		g = *link;
		to = g && place_before(g->at, end) ? g->at : end;
		if (g && !place_before(at, g->at)) { /* it is there */
			to = place_before(end_of(g), end) ? end_of(g) : end;
			clash_count(clash, s->p + (at - s->at), g->bytes + (at - g->at), to - at);
		} else {
			g = make(m, s, at, to);
			if (!g)
				return false;
			g->cut = to == end ? s->cut : 0;
			insert(l, link, g);
		}
		at = to;
	}
	return true;
}

struct piece *pieces_shift(struct pieces *l)
{
	struct piece *g = l->first;

	if (!g)
		return NULL;
	l->first = g->next;
	if (!l->first)
		l->last = NULL;
	l->count--;
	l->bytes -= g->n;
	return g;
}

void piece_free(struct memory *m, struct piece *g)
{
	if (g)
		memory_give(m, g, bytes_of(g));
}

void pieces_done(struct pieces *l, struct memory *m)
{
	while (l->first)
		piece_free(m, pieces_shift(l));
}
