/* SPDX-License-Identifier: MIT */
/* base/plugin.h -- what the files of plug-ins are called.
 *
 * Owns:     nothing.
 * Uses:     nothing.
 * Threads:  any.
 * Trust:    words are what somebody typed.
 */
#ifndef NM_BASE_PLUGIN_H
#define NM_BASE_PLUGIN_H

#include <stddef.h>

/* How many bytes of a path are left without the ".so" or ".dll" at its end; all without one. */
size_t nm_plugin_stem(const char *path);

#endif
