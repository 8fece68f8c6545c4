/* SPDX-License-Identifier: MIT */
/* Counting all, keeping the first. */
#include "findings.h"

#define FIRST 16u

static bool grow(struct findings *l, unsigned kind)
{
	uint32_t room = l->room[kind] ? l->room[kind] * 2 : FIRST;
	struct finding *bigger;

	if (room > l->most)
		room = l->most;
	bigger =
	    budget_grow(l->budget, l->list[kind], l->n[kind], &l->room[kind], room, sizeof *bigger);
	if (!bigger)
		return false;
	l->list[kind] = bigger;
	return true;
}

void findings_add(struct findings *l, const struct finding *f)
{
	l->counts[f->kind]++;
	l->bytes[f->kind] += f->bytes;
	if (l->n[f->kind] == l->most || (l->n[f->kind] == l->room[f->kind] && !grow(l, f->kind)))
		return;
	l->list[f->kind][l->n[f->kind]++] = *f;
}

void findings_done(struct findings *l)
{
	for (unsigned k = 0; k < KINDS; k++) {
		budget_give(l->budget, l->list[k], l->room[k] * sizeof **l->list);
		l->list[k] = NULL;
		l->n[k] = l->room[k] = 0;
	}
}
