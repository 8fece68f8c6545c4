/* SPDX-License-Identifier: MIT */
/* heap/heap.h -- the expert heap: exact, bounded, gone at once.
 *
 * Owns:     one reserved address range per heap, and the bookkeeping, which
 *           lies outside that range.
 * Uses:     base/ only.
 * Threads:  any thread may call; while the process has one thread no call
 *           takes a lock or an atomic operation.
 * Trust:    every pointer handed in is hostile. It is judged from the
 *           bookkeeping alone: memory behind it is never read to decide.
 *
 * Glossary: a *block* is what a caller gets; *live* from the call that handed
 * it out until the call that freed it; *requested* is the size asked for.
 */
#ifndef NM_HEAP_HEAP_H
#define NM_HEAP_HEAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nm_heap;

struct nm_heap_options {
	uint64_t quota_bytes; /* what live blocks may cost together; 0: the default */
};

#define NM_HEAP_DEFAULT_QUOTA (UINT64_C(128) << 20)

struct nm_heap_stats {
	uint64_t live_blocks, live_bytes; /* requested bytes */
	uint64_t peak_bytes;              /* highest live_bytes ever */
	uint64_t allocs, frees, refused;  /* calls that succeeded, and allocations refused */
	uint64_t charged_bytes;           /* pages that may be resident, which the quota bounds */
	uint64_t idle_bytes; /* of those, kept for blocks to come; given up when needed */
};

/* NMERR_SUCCESS and *ret_heap (to be given to nm_heap_destroy), or
 * NMERR_OUT_OF_MEMORY. opt may be NULL: the defaults. */
uint32_t nm_heap_create(const struct nm_heap_options *opt, struct nm_heap **ret_heap);

/* Gives everything back, in a constant number of system calls however many
 * blocks live. NULL is fine. No other thread may be inside a call. */
void nm_heap_destroy(struct nm_heap *h);

/* A live block of n bytes (0 is a size like any other), aligned to 16, every
 * byte zero; NULL when the quota or the machine refuses, and then nothing has
 * changed. */
void *nm_heap_alloc(struct nm_heap *h, size_t n);

/* p must be a live block of h or NULL (then as nm_heap_alloc). NMERR_SUCCESS
 * and *ret_p, contents kept up to the smaller size, added bytes zero. Otherwise
 * NMERR_INVALID_PARAMETER (not a live block) or NMERR_OUT_OF_MEMORY; the block
 * and *ret_p are as they were. */
uint32_t nm_heap_realloc(struct nm_heap *h, void *p, size_t n, void **ret_p);

/* NMERR_SUCCESS for a live block and for NULL (which does nothing);
 * NMERR_INVALID_PARAMETER for anything else, and nothing has changed. */
uint32_t nm_heap_free(struct nm_heap *h, void *p);

/* True and *ret_n (the size last requested) for a live block; else false. */
bool nm_heap_size(const struct nm_heap *h, const void *p, size_t *ret_n);

void nm_heap_stats(const struct nm_heap *h, struct nm_heap_stats *ret);

/* A destroyed heap's address range is kept, with up to 16 MiB of it resident, for
 * the next heap of the same quota; two at most. This gives them back. */
void nm_heap_release_spares(void);

#endif
