/* SPDX-License-Identifier: MIT */
/* Stacks of protocols as paths from the root. */
#include "tree.h"

#define FIRST 64u

static bool grow(struct tree *t)
{
	uint32_t room = t->room ? t->room * 2 : FIRST;
	struct node *bigger;

	if (t->n < t->room)
		return true;
	if (room > TREE_NODES)
		return false;
	bigger = budget_grow(t->budget, t->nodes, t->n, &t->room, room, sizeof *bigger);
	if (!bigger)
		return false;
	t->nodes = bigger;
	return true;
}

bool tree_init(struct tree *t, struct budget *b)
{
	*t = (struct tree){ .budget = b };
	if (!grow(t))
		return false;
	t->nodes[TREE_ROOT] = (struct node){ .first = UINT32_MAX };
	t->n = 1;
	return true;
}

void tree_done(struct tree *t)
{
	budget_give(t->budget, t->nodes, t->room * sizeof *t->nodes);
	t->nodes = NULL;
	t->n = t->room = t->depth = 0;
}

static uint32_t add(struct tree *t, uint32_t parent, uint16_t protocol)
{
	if (!grow(t))
		return TREE_ROOT;
	t->nodes[t->n] = (struct node){ .first = UINT32_MAX,
		.parent = parent,
		.sibling = t->nodes[parent].child,
		.protocol = protocol,
		.depth = (uint16_t)(t->nodes[parent].depth + 1) };
	t->nodes[parent].child = t->n;
	return t->n++;
}

/* TREE_ROOT: there is no room for it. */
static uint32_t child_of(struct tree *t, uint32_t parent, uint16_t protocol)
{
	uint32_t i = t->nodes[parent].child, before = TREE_ROOT;

	for (; i != TREE_ROOT; before = i, i = t->nodes[i].sibling)
		if (t->nodes[i].protocol == protocol)
			break;
	if (i == TREE_ROOT)
		return add(t, parent, protocol);
	if (before != TREE_ROOT) { /* to the front: the next frames are likely to be like it */
		t->nodes[before].sibling = t->nodes[i].sibling;
		t->nodes[i].sibling = t->nodes[parent].child;
		t->nodes[parent].child = i;
	}
	return i;
}

static uint32_t node_of(struct tree *t, const RECOGNIZEDATATABLE *stack)
{
	unsigned n = stack->nRecognizeDatas < TREE_DEPTH ? stack->nRecognizeDatas : TREE_DEPTH;
	uint32_t at = TREE_ROOT;
	unsigned i = 0;

	for (; i < n && i < t->depth; i++) {
		if (t->nodes[t->path[i]].protocol != stack->RecognizeData[i].ProtocolID)
			break;
		at = t->path[i];
	}
	for (t->depth = i; t->depth < n; t->depth++) {
		uint32_t child = child_of(t, at, stack->RecognizeData[t->depth].ProtocolID);

		if (child == TREE_ROOT)
			break;
		t->path[t->depth] = at = child;
	}
	t->cut += t->depth < stack->nRecognizeDatas;
	return at;
}

uint32_t tree_count(struct tree *t, const RECOGNIZEDATATABLE *stack, uint32_t frame, uint32_t bytes)
{
	uint32_t at = node_of(t, stack);
	struct node *n = &t->nodes[at];

	n->frames++;
	n->bytes += bytes;
	if (frame < n->first)
		n->first = frame;
	return at;
}

/* Children have higher numbers than their parents. */
void tree_sum(struct tree *t)
{
	for (uint32_t i = 0; i < t->n; i++) {
		t->nodes[i].all_frames = t->nodes[i].frames;
		t->nodes[i].all_bytes = t->nodes[i].bytes;
	}
	for (uint32_t i = t->n; i-- > 1;) {
		struct node *parent = &t->nodes[t->nodes[i].parent];

		parent->all_frames += t->nodes[i].all_frames;
		parent->all_bytes += t->nodes[i].all_bytes;
		if (t->nodes[i].first < parent->first)
			parent->first = t->nodes[i].first;
	}
}

static bool before(const struct tree *t, uint32_t a, uint32_t b)
{
	const struct node *x = &t->nodes[a], *y = &t->nodes[b];

	if (x->all_bytes != y->all_bytes)
		return x->all_bytes > y->all_bytes;
	if (x->all_frames != y->all_frames)
		return x->all_frames > y->all_frames;
	return x->protocol < y->protocol;
}

/* The first of a node's children behind `after`, TREE_ROOT: of all. */
static uint32_t best_child(const struct tree *t, uint32_t parent, uint32_t after)
{
	uint32_t best = TREE_ROOT;

	for (uint32_t i = t->nodes[parent].child; i != TREE_ROOT; i = t->nodes[i].sibling)
		if (i != after && (after == TREE_ROOT || before(t, after, i)) &&
		    (best == TREE_ROOT || before(t, i, best)))
			best = i;
	return best;
}

uint32_t tree_next(const struct tree *t, uint32_t at)
{
	uint32_t next = best_child(t, at, TREE_ROOT);

	for (; next == TREE_ROOT && at != TREE_ROOT; at = t->nodes[at].parent)
		next = best_child(t, t->nodes[at].parent, at);
	return next;
}
