/* SPDX-License-Identifier: MIT */
/* Taking, and making room when there is none. */
#include "memory.h"

bool memory_reserve(struct memory *m, size_t n)
{
	struct budget *b = &m->budget;

	while (n > b->left)
		if (b->error || !m->make_room || !m->make_room(m->ctx))
			return false;
	b->left -= n;
	return true;
}

void memory_release(struct memory *m, size_t n)
{
	if (m->budget.error == 0)
		m->budget.left += n;
}

void *memory_uncounted(struct memory *m, size_t n)
{
	void *p = ExpertAllocMemory(m->budget.key, n, &m->budget.error);

	if (!p)
		m->budget.left = 0;
	return p;
}

void memory_give_uncounted(struct memory *m, void *p)
{
	if (p)
		(void)ExpertFreeMemory(m->budget.key, p);
}

void *memory_take(struct memory *m, size_t n)
{
	return memory_reserve(m, n) ? memory_uncounted(m, n) : NULL;
}

void memory_give(struct memory *m, void *p, size_t n)
{
	if (!p)
		return;
	memory_give_uncounted(m, p);
	memory_release(m, n);
}
