/* SPDX-License-Identifier: MIT */
/* What is wrong with a filter, shown where it is. */
#include "host/host_int.h"

#include <stdlib.h>

#define AROUND 50u /* bytes of the text that are shown before and behind the place */

/* Columns that a cleaned text takes: its characters. */
static unsigned columns(const char *s)
{
	unsigned n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xC0) != 0x80;
	return n;
}

/* Bytes of the text, cleaned for a terminal. */
static unsigned put(char *to, size_t size, const char *text, uint32_t from, uint32_t end)
{
	char part[2 * AROUND + 8];
	size_t n = strlen(to);

	(void)snprintf(part, sizeof part, "%.*s", (int)(end - from), text + from);
	(void)nm_text_clean(to + n, (uint32_t)(size - n), part);
	return columns(to + n);
}

void nm_say_filter_error(const struct nm_run_options *o, const struct nm_ctl_filter *e)
{
	const char *text = o->filter;
	uint32_t n = (uint32_t)strlen(text), at = e->at < n ? e->at : n;
	uint32_t marked = e->n < n - at ? e->n : n - at, from = at > AROUND ? at - AROUND : 0, end;
	char line[8 * AROUND + 64] = "", mark[8 * AROUND + 64] = "";
	unsigned before, under, i;

	marked = marked < AROUND ? marked : AROUND;
	end = n - at - marked > AROUND - marked ? at + AROUND : n;
	before = put(line, sizeof line, text, from, at);
	under = put(line, sizeof line, text, at, at + marked);
	(void)put(line, sizeof line, text, at + marked, end);
	for (i = 0; i < before; i++)
		mark[i] = ' ';
	mark[i++] = '^';
	for (unsigned k = 1; k < under; k++)
		mark[i++] = '~';
	nm_host_say(o, "the filter: %s", e->text);
	nm_host_say(o, "  %s%s%s", from ? "... " : "", line, end < n ? " ..." : "");
	nm_host_say(o, "  %s%s", from ? "    " : "", mark);
}
