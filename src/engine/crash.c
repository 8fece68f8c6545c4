/* SPDX-License-Identifier: MIT */
/* What a crash handler tells of the expert's heap, on every system. */
#include "engine/crash.h"
#include "engine/symbol.h"

static bool (*explain)(HEXPERTKEY key, const void *addr, struct nm_heap_info *ret);
static HEXPERTKEY explained_key;

void nm_crash_explain(
    bool (*fn)(HEXPERTKEY key, const void *addr, struct nm_heap_info *ret), HEXPERTKEY key)
{
	explained_key = key;
	explain = fn;
}

void nm_crash_write_block(struct nm_crash *c)
{
	struct nm_lines t = { .p = c->heap, .size = sizeof c->heap };
	struct nm_heap_info i;

	if (explain && explain(explained_key, (const void *)(uintptr_t)c->address, &i))
		nm_lines_block(&t, &i);
}
