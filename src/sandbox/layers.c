/* SPDX-License-Identifier: MIT */
/* The layers in words. */
#include "sandbox/sandbox.h"

#include <stdio.h>

static const struct {
	const char *name, *meaning;
} layers[NM_LAYERS] = {
	[NM_LAYER_USER] = { "user", "it runs as root" },
	[NM_LAYER_PRIVS] = { "privileges", "it could gain privileges or be read by a debugger" },
	[NM_LAYER_LIMITS] = { "limits", "it could use all memory and time" },
	[NM_LAYER_LANDLOCK] = { "landlock", "it can read files outside its own folder" },
	[NM_LAYER_SECCOMP] = { "seccomp",
	    "it can make any system call, sockets and processes included" },
};

const char *nm_layer_name(enum nm_layer l)
{
	return layers[l].name;
}

const char *nm_layer_meaning(enum nm_layer l)
{
	return layers[l].meaning;
}

void nm_sandbox_why_not(const struct nm_sandbox_report *r, char *buf, size_t size)
{
	unsigned i = 0;

	while (
	    i < NM_LAYERS - 1 && r->state[i] != NM_LAYER_MISSING && r->state[i] != NM_LAYER_FAILED)
		i++;
	(void)snprintf(buf, size,
	    "not run: the sandbox is incomplete (%s %s, so %s); --sandbox=best-effort runs it all "
	    "the same",
	    nm_layer_name((enum nm_layer)i),
	    r->state[i] == NM_LAYER_MISSING ? "is not in this kernel" : "could not be put on",
	    nm_layer_meaning((enum nm_layer)i));
}
