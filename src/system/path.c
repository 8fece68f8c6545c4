/* SPDX-License-Identifier: MIT */
/* What is asked of a path in the same way on any system. */
#include "system/files.h"
#include "base/plugin.h"

#include <string.h>

bool nm_path_is_plugin(const char *word)
{
	return nm_path_has_folder(word) || nm_plugin_stem(word) < strlen(word);
}
