/* SPDX-License-Identifier: MIT */
/* The word somebody may have meant. */
#include "cli/cli.h"

#include <string.h>

#define LONGEST 32 /* letters compared; no word of ours is longer */

static unsigned least3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

/* Insertions, deletions, replacements and swaps of neighbours between the two,
 * each at most LONGEST letters. */
static unsigned distance(const char *a, const char *b)
{
	unsigned d[LONGEST + 1][LONGEST + 1];
	size_t n = strlen(a), m = strlen(b);

	for (unsigned i = 0; i <= n; i++)
		d[i][0] = i;
	for (unsigned j = 0; j <= m; j++)
		d[0][j] = j;
	for (size_t i = 1; i <= n; i++)
		for (size_t j = 1; j <= m; j++) {
			d[i][j] = least3(d[i - 1][j] + 1, d[i][j - 1] + 1,
			    d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    d[i - 2][j - 2] + 1 < d[i][j])
				d[i][j] = d[i - 2][j - 2] + 1;
		}
	return d[n][m];
}

const char *cli_suggest(const char *s, const char *const *list)
{
	const char *best = NULL;
	size_t n = strlen(s);
	unsigned least = n < 4 ? 1 : 2; /* more slips than that make it another word */

	if (n == 0 || n > LONGEST)
		return NULL;
	for (; *list; list++) {
		unsigned d;

		if (strlen(*list) > LONGEST)
			continue;
		if (n > 1 && strncmp(s, *list, n) == 0)
			return *list;
		d = distance(s, *list);
		if (d <= least) {
			best = *list;
			least = d ? d - 1 : 0;
		}
	}
	return best;
}
