/* SPDX-License-Identifier: MIT */
/* The distance between two words. */
#include "base/near.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

static unsigned least3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

unsigned nm_near_distance(const char *a, const char *b)
{
	unsigned d[NM_NEAR_LONGEST + 1][NM_NEAR_LONGEST + 1];
	size_t n = strlen(a), m = strlen(b);

	if (n > NM_NEAR_LONGEST || m > NM_NEAR_LONGEST)
		return UINT_MAX;
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

unsigned nm_near_most(const char *word)
{
	return strlen(word) < 4 ? 1 : 2;
}

bool nm_near_is(const char *word, const char *meant, unsigned *most)
{
	unsigned d = nm_near_distance(word, meant);

	if (d > *most)
		return false;
	*most = d ? d - 1 : 0;
	return true;
}

bool nm_near_same(const char *a, const char *b)
{
	for (;;) {
		while (*a && !isalnum((unsigned char)*a))
			a++;
		while (*b && !isalnum((unsigned char)*b))
			b++;
		if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
			return false;
		if (!*a)
			return true;
		a++;
		b++;
	}
}
