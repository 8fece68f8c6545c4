/* SPDX-License-Identifier: MIT */
/* wire/order.h -- all that a worker on its own is told, in one file.
 *
 * Pieces, each with its length (u32) before it: packets as wire.h has them. SETTINGS is followed
 * by a piece with the text, START, which is the last packet, by one with the configuration, or
 * with what is wanted without an expert.
 *
 * Owns:     nothing; what is read borrows from the bytes.
 * Uses:     wire.h.
 * Threads:  pure functions.
 * Trust:    the supervisor wrote it; it is checked all the same.
 */
#ifndef NM_WIRE_ORDER_H
#define NM_WIRE_ORDER_H

#include "wire/wire.h"

#define NM_ORDER_SETTINGS 64                   /* files of settings */
#define NM_ORDER_PARSERS  256                  /* as many as a process loads */
#define NM_ORDER_MAX      (UINT32_C(80) << 20) /* bytes of an order */

struct nm_order {
	struct nm_ctl_start start;
	const uint8_t *config; /* start.config_bytes */
	const char *filter;    /* "": none */
	unsigned n_settings;
	struct {
		const char *name,
		    *text; /* as parsers_settings of the door takes them; "": parser.ini */
	} settings[NM_ORDER_SETTINGS];
	unsigned n_parsers;                    /* 0: those that lie beside the worker */
	const char *parsers[NM_ORDER_PARSERS]; /* paths, in the order of loading; none is "" */
};

/* The order as bytes; a text has no NUL within. */
void nm_enc_order(struct nm_enc *e, const struct nm_order *o);

/* What p[0..n) says. False: it is none. */
bool nm_order_read(const uint8_t *p, size_t n, struct nm_order *ret);

#endif
