/* SPDX-License-Identifier: MIT */
/* Addresses as text. */
#include "address.h"

#include <stdio.h>

/* The longest run of two or more zero groups, the first of them (RFC 5952 4.2). */
static unsigned zero_run(const unsigned *group, unsigned *ret_n)
{
	unsigned best = 8, best_n = 1;

	for (unsigned i = 0, n; i < 8; i += n + 1) {
		for (n = 0; i + n < 8 && group[i + n] == 0; n++)
			;
		if (n > best_n) {
			best = i;
			best_n = n;
		}
	}
	*ret_n = best_n;
	return best;
}

static bool is_mapped(const unsigned *group)
{
	return (group[0] | group[1] | group[2] | group[3] | group[4]) == 0 && group[5] == 0xffff;
}

void address_ipv6_text(const struct address *a, char text[static ADDRESS_TEXT_MAX])
{
	unsigned group[8], run, run_n, at = 0;

	for (unsigned i = 0; i < 8; i++)
		group[i] = be16(a->b + 2 * i);
	if (is_mapped(group)) {
		(void)snprintf(text, ADDRESS_TEXT_MAX, "::ffff:%u.%u.%u.%u", a->b[12], a->b[13],
		    a->b[14], a->b[15]);
		return;
	}
	run = zero_run(group, &run_n);
	text[0] = '\0';
	for (unsigned i = 0; i < 8; i++) {
		if (i == run) {
			at += (unsigned)snprintf(text + at, ADDRESS_TEXT_MAX - at, "::");
			i += run_n - 1;
			continue;
		}
		at += (unsigned)snprintf(text + at, ADDRESS_TEXT_MAX - at, "%s%x",
		    at > 0 && text[at - 1] != ':' ? ":" : "", group[i]);
	}
}

void address_ipv4_text(const struct address *a, char text[static ADDRESS_TEXT_MAX])
{
	(void)snprintf(text, ADDRESS_TEXT_MAX, "%u.%u.%u.%u", a->b[0], a->b[1], a->b[2], a->b[3]);
}

void address_mac_text(const struct address *a, char text[static ADDRESS_TEXT_MAX])
{
	(void)snprintf(text, ADDRESS_TEXT_MAX, "%02X%02X%02X%02X%02X%02X", a->b[0], a->b[1],
	    a->b[2], a->b[3], a->b[4], a->b[5]);
}
