/* SPDX-License-Identifier: MIT */
/* The layers in words. */
#include "sandbox/sandbox.h"

#include <stdio.h>

const char *nm_layer_name(enum nm_layer l)
{
	return nm_layer_words[l].name;
}

const char *nm_layer_meaning(enum nm_layer l)
{
	return nm_layer_words[l].meaning;
}

/* The first layer that this system has and that does not hold; NM_LAYERS when there is none. */
static unsigned first_lost(const struct nm_sandbox_report *r)
{
	unsigned i = 0;

	while (i < NM_LAYERS && r->state[i] != NM_LAYER_MISSING && r->state[i] != NM_LAYER_FAILED)
		i++;
	return i;
}

bool nm_sandbox_is_whole(const struct nm_sandbox_report *r)
{
	return first_lost(r) == NM_LAYERS;
}

void nm_sandbox_why_not(const struct nm_sandbox_report *r, char *buf, size_t size)
{
	unsigned i = first_lost(r);

	if (i == NM_LAYERS) {
		(void)snprintf(buf, size, "not run: the sandbox is incomplete");
		return;
	}
	(void)snprintf(buf, size,
	    "not run: the sandbox is incomplete (%s %s, so %s); --sandbox=best-effort runs it all "
	    "the same",
	    nm_layer_name((enum nm_layer)i),
	    r->state[i] == NM_LAYER_MISSING ? "is not in this kernel" : "could not be put on",
	    nm_layer_meaning((enum nm_layer)i));
}
