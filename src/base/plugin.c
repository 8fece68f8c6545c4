/* SPDX-License-Identifier: MIT */
/* What the files of plug-ins are called. */
#include "base/plugin.h"

#include <string.h>
#include <strings.h>

size_t nm_plugin_stem(const char *path)
{
	size_t n = strlen(path);

	if (n > 3 && strcmp(path + n - 3, ".so") == 0)
		return n - 3;
	return n > 4 && strcasecmp(path + n - 4, ".dll") == 0 ? n - 4 : n;
}
