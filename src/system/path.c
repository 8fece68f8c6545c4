/* SPDX-License-Identifier: MIT */
/* Paths, as they are on any system. */
#include "system/files.h"

#include <string.h>
#include <strings.h>

size_t nm_path_stem(const char *path)
{
	size_t n = strlen(path);

	if (n > 3 && strcmp(path + n - 3, ".so") == 0)
		return n - 3;
	return n > 4 && strcasecmp(path + n - 4, ".dll") == 0 ? n - 4 : n;
}

bool nm_path_is_plugin(const char *word)
{
	return nm_path_has_folder(word) || nm_path_stem(word) < strlen(word);
}
