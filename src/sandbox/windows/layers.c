/* SPDX-License-Identifier: MIT */
/* The layers of Windows in words: a token in place of a user, a job in place of limits, and
 * nothing in place of the last two. */
#include "sandbox/sandbox.h"

#include <stdio.h>

const struct nm_layer_words nm_layer_words[NM_LAYERS] = {
	[NM_LAYER_USER] = { "low integrity", "it can write what its user can" },
	[NM_LAYER_PRIVS] = { "restricted token", "it has its user's privileges" },
	[NM_LAYER_LIMITS] = { "job", "it could use all memory and time, and start programs" },
	[NM_LAYER_LANDLOCK] = { "rules for reading files", "it can read what its user can" },
	[NM_LAYER_SECCOMP] = { "rules for system calls and sockets",
	    "it can make any system call, sockets included" },
};

const char *nm_syscall_name(int nr, char *buf, size_t size)
{
	(void)snprintf(buf, size, "system call %d", nr);
	return buf;
}
