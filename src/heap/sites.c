/* SPDX-License-Identifier: MIT */
/* Places that blocks come from: stacks of return addresses, each kept once. */
#include "heap/special.h"
#include "system/stack.h"

#define OURS 8 /* innermost frames that may be the heap's own */

void nm_site_warm(void)
{
	void *one[1];

	(void)nm_stack_take(one, 1); /* loads the unwinder, which allocates */
}

static uint64_t hash_of(void *const *stack, uint32_t n)
{
	uint64_t x = n;

	for (uint32_t i = 0; i < n; i++) {
		x = (x ^ (uintptr_t)stack[i]) * UINT64_C(0x9e3779b97f4a7c15);
		x ^= x >> 29;
	}
	return x;
}

/* Without the frames before the one that returns to from, where there is such. */
static uint32_t take_stack(const void *from, void **ret_stack)
{
	void *all[NM_HEAP_FRAMES + OURS];
	int got = nm_stack_take(all, NM_HEAP_FRAMES + OURS), skip = 0;
	uint32_t n = 0;

	while (skip < got && skip < OURS && all[skip] != from)
		skip++;
	if (skip == got || all[skip] != from)
		skip = 0;
	while (n < NM_HEAP_FRAMES && skip + (int)n < got) {
		ret_stack[n] = all[skip + (int)n];
		n++;
	}
	return n;
}

/* Place 0 is that of all for which there is no room. */
uint32_t nm_site_here(struct special *s, const void *from)
{
	void *stack[NM_HEAP_FRAMES];
	uint32_t n = take_stack(from, stack);
	uint64_t x = hash_of(stack, n);

	for (uint32_t tries = 0; tries < 64 && n; tries++) {
		uint32_t i = (uint32_t)(x + tries) % SITES_MOST;
		struct site *at = &s->sites[i];

		if (i == 0)
			continue;
		if (!at->frames) {
			at->hash = x;
			memcpy(at->stack, stack, n * sizeof *stack);
			at->frames = n;
		}
		if (at->hash == x && at->frames == n &&
		    memcmp(at->stack, stack, n * sizeof *stack) == 0)
			return i;
	}
	return 0;
}
