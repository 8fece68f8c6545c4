/* SPDX-License-Identifier: MIT */
/* The word somebody may have meant. */
#include "base/near.h"
#include "cli/cli.h"

#include <string.h>

const char *cli_suggest(const char *s, const char *const *list)
{
	const char *best = NULL;
	size_t n = strlen(s);
	unsigned most = nm_near_most(s);

	if (n == 0)
		return NULL;
	for (; *list; list++) {
		if (n > 1 && strncmp(s, *list, n) == 0)
			return *list;
		if (nm_near_is(s, *list, &most))
			best = *list;
	}
	return best;
}
