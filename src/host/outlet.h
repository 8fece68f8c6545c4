/* SPDX-License-Identifier: MIT */
/* host/outlet.h -- text on its way to somebody who may be slow.
 *
 * The supervisor never stands in a write: what can't be written at once waits here, and
 * whoever makes more is made to wait.
 *
 * Owns:     what waits. Borrows the descriptor.
 * Threads:  one.
 */
#ifndef NM_HOST_OUTLET_H
#define NM_HOST_OUTLET_H

#include "system/pipe.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nm_outlet {
	int fd;
	int err;      /* errno value of the first write that failed; then all is dropped */
	bool prompt;  /* a file, or a device that is no terminal: writes wait for nobody */
	uint8_t *buf; /* owned; [at, n) waits */
	size_t at, n, room;
};

void nm_outlet_init(struct nm_outlet *o, int fd);
void nm_outlet_done(struct nm_outlet *o);

/* Takes all of it, and writes as much as goes at once. */
void nm_outlet_put(struct nm_outlet *o, const void *p, size_t n);
/* Something waits: put no more before it is gone. */
bool nm_outlet_waits(const struct nm_outlet *o);

/* For nm_await(): what to wait for, and what came of it. Also notices that nobody reads. */
struct nm_awaited nm_outlet_await(const struct nm_outlet *o);
void nm_outlet_awaited(struct nm_outlet *o, const struct nm_awaited *a);

#endif
