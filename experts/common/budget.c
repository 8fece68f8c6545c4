/* SPDX-License-Identifier: MIT */
/* Taking and giving within a limit. */
#include "budget.h"

#include <string.h>

void *budget_take(struct budget *b, size_t n)
{
	void *p;

	if (n > b->left)
		return NULL;
	p = ExpertAllocMemory(b->key, n, &b->error);
	if (p)
		b->left -= n;
	else
		b->left = 0; /* it would be refused again, at a price */
	return p;
}

void budget_give(struct budget *b, void *p, size_t n)
{
	if (!p)
		return;
	(void)ExpertFreeMemory(b->key, p);
	if (b->error == 0)
		b->left += n;
}

void *budget_grow(
    struct budget *b, void *list, uint32_t n, uint32_t *room, uint32_t more, size_t each)
{
	void *bigger = budget_take(b, more * each);

	if (!bigger)
		return NULL;
	if (n)
		memcpy(bigger, list, n * each);
	budget_give(b, list, *room * each);
	*room = more;
	return bigger;
}
