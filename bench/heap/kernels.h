/* SPDX-License-Identifier: MIT */
/* kernels.h -- the loops that are timed.
 *
 * Each is written once over a peer whose shape is a constant where it is
 * inlined, so that no allocator pays for being called another way. Blocks are
 * written to, as a caller would. */
#ifndef NM_BENCH_KERNELS_H
#define NM_BENCH_KERNELS_H

#include "peers.h"

/* Sizes that a kernel draws from, in an order that repeats. */
#define SIZES 4096
struct sizes {
	const char *name;
	uint32_t n[SIZES];
};

/* One measurement: ns per operation unless said otherwise. live: blocks held. */
typedef double kernel_fn(const struct peer *p, const struct sizes *s, uint32_t live);

kernel_fn kernel_pair;   /* allocate, free */
kernel_fn kernel_lifo;   /* allocate live blocks, free them backwards; per block */
kernel_fn kernel_random; /* free any of live blocks and put another in its place */
kernel_fn
    kernel_grow;      /* microseconds from 32 bytes to 1 MiB by realloc, a quarter more each time */
kernel_fn kernel_end; /* microseconds to be rid of live blocks */
kernel_fn kernel_valid;     /* is this a live block: live ones only */
kernel_fn kernel_valid_any; /* the same, live, freed, inner and wild ones */

/* Bytes resident per byte requested, after churn; for a process of its own. */
kernel_fn memory_random; /* every block replaced about ten times, in random order */
kernel_fn memory_flows;  /* as a flow table with names does: grows, ages, shrinks */
kernel_fn memory_trace;  /* what an expert was recorded to do: topuser.trace, see record.c */

/* Million operations a second, all threads together; live: threads. */
kernel_fn threads_own;    /* each replaces blocks of its own */
kernel_fn threads_remote; /* half allocate, the other half free what they are handed */

double now_ns(void);
uint32_t bench_random(uint64_t *state);

#endif
