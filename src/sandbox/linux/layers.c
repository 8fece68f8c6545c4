/* SPDX-License-Identifier: MIT */
/* The layers of Linux in words. */
#include "sandbox/sandbox.h"

const struct nm_layer_words nm_layer_words[NM_LAYERS] = {
	[NM_LAYER_USER] = { "user", "it runs as root" },
	[NM_LAYER_PRIVS] = { "privileges", "it could gain privileges or be read by a debugger" },
	[NM_LAYER_LIMITS] = { "limits", "it could use all memory and time" },
	[NM_LAYER_LANDLOCK] = { "landlock", "it can read files outside its own folder" },
	[NM_LAYER_SECCOMP] = { "seccomp",
	    "it can make any system call, sockets and processes included" },
};
