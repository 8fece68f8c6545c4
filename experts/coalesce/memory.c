/* SPDX-License-Identifier: MIT */
/* Taking, and making room when there is none. */
#include "memory.h"

void *memory_take(struct memory *m, size_t n)
{
	void *p;

	do
		p = budget_take(&m->budget, n);
	while (!p && m->budget.error == 0 && m->make_room && m->make_room(m->ctx));
	return p;
}

void memory_give(struct memory *m, void *p, size_t n)
{
	budget_give(&m->budget, p, n);
}
