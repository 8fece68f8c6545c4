/* SPDX-License-Identifier: MIT */
/* Colours of text, on any system. */
#include "system/terminal.h"

#include <stdlib.h>
#include <string.h>

bool nm_wants_colour(int asked, bool terminal)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (asked >= 0)
		return asked > 0;
	return terminal && !(no && *no) && !(term && strcmp(term, "dumb") == 0);
}
