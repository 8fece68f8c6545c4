/* SPDX-License-Identifier: MIT */
/* peers.h -- the allocators that are compared, each loaded apart from the others.
 *
 * A peer's library is opened with its symbols kept to itself, so that its malloc
 * replaces nobody's. Calls go through pointers, for our heap as for the rest. */
#ifndef NM_BENCH_PEERS_H
#define NM_BENCH_PEERS_H

#include "heap/heap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How its functions are called. */
enum shape {
	SHAPE_OURS,   /* alloc(ctx, n), free(ctx, p) */
	SHAPE_HEAP,   /* alloc(ctx, n), free(p) */
	SHAPE_MALLOC, /* alloc(n), free(p) */
	SHAPE_CALLOC, /* alloc(1, n), free(p) */
};

struct peer {
	const char *name;
	enum shape shape;
	bool zeroes;
	bool one_thread; /* a ctx serves the thread that made it only */

	void *ctx;
	union {
		void *(*ours)(struct nm_heap *, size_t);
		void *(*heap)(void *, size_t);
		void *(*plain)(size_t);
		void *(*pair)(size_t, size_t);
	} alloc;
	union {
		uint32_t (*ours)(struct nm_heap *, void *);
		void (*plain)(void *);
	} free;
	union {
		uint32_t (*ours)(struct nm_heap *, void *, size_t, void **);
		void *(*heap)(void *, void *, size_t);
		void *(*plain)(void *, size_t);
	} resize;
	bool (*valid)(void *ctx, const void *p); /* NULL: can't tell */
	bool valid_any;                          /* also when p is no block at all */

	/* a fresh ctx, and its end with all blocks in it; NULL: blocks are freed singly */
	void *(*start)(void);
	void (*end)(void *ctx);
};

/* Those that can be had here, ours first; *ret_n of them. */
const struct peer *peers_load(size_t *ret_n);

#endif
