/* SPDX-License-Identifier: MIT */
/* Lists of options. */
#include "capture/options.h"
#include "base/bytes.h"
#include "system/files.h"

#define FIRST_ROOM 256u

bool nm_options_put(struct nm_options *o, uint16_t code, const void *p, uint16_t n)
{
	size_t padded = ((size_t)n + 3) & ~(size_t)3, need = o->n + 4 + padded;
	size_t room = o->room ? o->room : FIRST_ROOM;
	uint8_t *bytes;

	if (need > NM_OPTIONS_MAX)
		return false;
	while (room < need)
		room *= 2;
	if (room != o->room) {
		bytes = nm_prim_realloc(o->p, room);
		if (!bytes)
			return false;
		o->p = bytes;
		o->room = room;
	}
	bytes = o->p + o->n;
	nm_put_le16(bytes, code);
	nm_put_le16(bytes + 2, n);
	memset(bytes + 4, 0, padded);
	if (n)
		memcpy(bytes + 4, p, n);
	o->n = need;
	return true;
}

void nm_options_done(struct nm_options *o)
{
	nm_prim_free(o->p);
	*o = (struct nm_options){ 0 };
}
