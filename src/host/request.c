/* SPDX-License-Identifier: MIT */
/* What a guest is told, as bytes. */
#include "host/guest.h"

#include <errno.h>
#include <stdlib.h>

uint8_t *nm_guest_request(const struct nm_order *o, size_t *ret_n)
{
	size_t cap = NM_CTL_MAX + o->start.config_bytes;

	for (; cap <= NM_ORDER_MAX; cap *= 2) {
		struct nm_enc e = { .p = malloc(cap), .cap = cap };

		if (!e.p)
			return NULL;
		nm_enc_order(&e, o);
		*ret_n = e.n;
		if (!e.full)
			return e.p;
		free(e.p);
	}
	errno = EMSGSIZE;
	return NULL;
}
