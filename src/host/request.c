/* SPDX-License-Identifier: MIT */
/* What a guest is told, as bytes. */
#include "host/guest.h"
#include "system/files.h"

#include <errno.h>
#include <stdlib.h>

/* Owned; NULL and errno: refused. */
static uint8_t *as_bytes(const struct nm_order *o, size_t *ret_n)
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

int nm_guest_request(int fd, const struct nm_order *o)
{
	int err = fd < 0 ? errno : 0;
	size_t n = 0;
	uint8_t *p = err ? NULL : as_bytes(o, &n);

	if (!err && !p)
		err = errno;
	if (!err)
		err = nm_prim_write(fd, p, n);
	free(p);
	if (fd >= 0)
		nm_prim_close(fd);
	return err;
}
