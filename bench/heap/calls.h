/* SPDX-License-Identifier: MIT */
/* calls.h -- calling a peer by its shape, which is a constant after inlining. */
#ifndef NM_BENCH_CALLS_H
#define NM_BENCH_CALLS_H

#include "kernels.h"

#define INLINE static inline __attribute__((always_inline))

INLINE void *call_alloc(enum shape k, const struct peer *p, size_t n)
{
	switch (k) {
	case SHAPE_OURS: return p->alloc.ours(p->ctx, n);
	case SHAPE_HEAP: return p->alloc.heap(p->ctx, n);
	case SHAPE_MALLOC: return p->alloc.plain(n);
	default: return p->alloc.pair(1, n);
	}
}

INLINE void call_free(enum shape k, const struct peer *p, void *b)
{
	if (k == SHAPE_OURS)
		(void)p->free.ours(p->ctx, b);
	else
		p->free.plain(b);
}

INLINE void *call_resize(enum shape k, const struct peer *p, void *b, size_t n)
{
	void *q = NULL;

	switch (k) {
	case SHAPE_OURS: return p->resize.ours(p->ctx, b, n, &q) ? NULL : q;
	case SHAPE_HEAP: return p->resize.heap(p->ctx, b, n);
	default: return p->resize.plain(b, n);
	}
}

/* A kernel of that name from its body, once for each shape. */
#define KERNEL(name, body)                                                                         \
	double name(const struct peer *p, const struct sizes *s, uint32_t live)                    \
	{                                                                                          \
		switch (p->shape) {                                                                \
		case SHAPE_OURS: return body(SHAPE_OURS, p, s, live);                              \
		case SHAPE_HEAP: return body(SHAPE_HEAP, p, s, live);                              \
		case SHAPE_MALLOC: return body(SHAPE_MALLOC, p, s, live);                          \
		default: return body(SHAPE_CALLOC, p, s, live);                                    \
		}                                                                                  \
	}

#endif
