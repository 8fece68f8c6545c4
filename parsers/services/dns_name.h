/* SPDX-License-Identifier: MIT */
/* services/dns_name.h -- domain names as messages hold them (RFC 1035, 4.1.4).
 *
 * Threads:  no state.
 * Trust:    a name may point anywhere: a pointer must go backward, which ends every name, and
 *           no text is longer than NAME_MAX_TEXT.
 */
#ifndef PARSERS_SERVICES_DNS_NAME_H
#define PARSERS_SERVICES_DNS_NAME_H

#include "../common/fields.h"

#define NAME_MAX_TEXT 256u /* bytes with the NUL: RFC 1035 allows 255 of a name */

struct name {
	char text[NAME_MAX_TEXT]; /* labels with dots between them; the root is "<Root>" */
	unsigned length;          /* bytes of text */
	unsigned labels;
	DWORD end; /* behind it in the message, where it stands */
	bool bad;  /* cut, too long, or a pointer that leads nowhere */
};

/* The name at `at` of the message at h. */
void name_read(const struct header *h, DWORD at, struct name *ret);

/* It, attached as row f over its bytes in the message. */
void name_attach(const struct header *h, const struct field *f, DWORD at, const struct name *n);

#endif
