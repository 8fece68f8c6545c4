/* SPDX-License-Identifier: MIT */
/* The word somebody may have meant. */
#include "base/near.h"
#include "cli/cli.h"

#include <string.h>

const char *cli_suggest(const char *s, const char *const *list)
{
	const char *best = NULL;
	size_t n = strlen(s);
	unsigned least = n < 4 ? 1 : 2; /* more slips than that make it another word */

	if (n == 0)
		return NULL;
	for (; *list; list++) {
		unsigned d;

		if (n > 1 && strncmp(s, *list, n) == 0)
			return *list;
		d = nm_near_distance(s, *list);
		if (d <= least) {
			best = *list;
			least = d ? d - 1 : 0;
		}
	}
	return best;
}
