/* SPDX-License-Identifier: MIT */
/* A heap with the smallest on top. */
#include "top.h"

#include <string.h>

static char *at(const struct top *t, uint32_t i)
{
	return (char *)t->rows + i * t->each;
}

/* Rows [0, n) are a heap but for row i, which may be too large for its place. */
static void sink(const struct top *t, uint32_t n, uint32_t i)
{
	char row[TOP_ROW_MOST];

	memcpy(row, at(t, i), t->each);
	for (uint32_t child; (child = 2 * i + 1) < n; i = child) {
		if (child + 1 < n && t->smaller(at(t, child + 1), at(t, child)))
			child++;
		if (!t->smaller(at(t, child), row))
			break;
		memcpy(at(t, i), at(t, child), t->each);
	}
	memcpy(at(t, i), row, t->each);
}

static void make_heap(const struct top *t)
{
	for (uint32_t i = t->n / 2; i-- > 0;)
		sink(t, t->n, i);
}

void top_offer(struct top *t, const void *row)
{
	if (t->n < t->room) {
		memcpy(at(t, t->n++), row, t->each);
		if (t->n == t->room)
			make_heap(t);
	} else if (t->n && t->smaller(at(t, 0), row)) {
		memcpy(at(t, 0), row, t->each);
		sink(t, t->n, 0);
	}
}

void top_sort(struct top *t)
{
	char row[TOP_ROW_MOST];

	make_heap(t);
	for (uint32_t left = t->n; left > 1;) {
		memcpy(row, at(t, 0), t->each);
		memcpy(at(t, 0), at(t, --left), t->each);
		memcpy(at(t, left), row, t->each);
		sink(t, left, 0);
	}
}
