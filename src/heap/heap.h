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

/* Guarding: every block stands at a page that faults, on the side named, and what
 * was freed faults for a while. At the end the last byte is the page's last, so that
 * blocks are aligned to 16 only when their size is a multiple of that, else to the
 * largest power of two that divides it, as their types ask for; an underrun is caught
 * when it leaves the block's first page. At the start it is the other way round. */
enum nm_heap_guard { NM_GUARD_OFF, NM_GUARD_END, NM_GUARD_START };

struct nm_heap_options {
	uint64_t quota_bytes; /* what live blocks may cost together; 0: the default */

	/* So many freed blocks of a size class, per thread, rest before the oldest of them
	 * is handed out again, as long as there is other memory; at most 65,536, and 1 MiB
	 * of a class. 0: the default, 32 and 8 KiB. What it costs: docs/heap.md. */
	uint32_t delay_blocks;

	uint64_t fail_alloc; /* this allocation, counted from 1, is refused; 0: none. Growing
				realloc calls count too */
	bool trace;          /* keep where blocks were allocated: see nm_heap_sites */
	enum nm_heap_guard guard;
	uint64_t guard_rest_bytes; /* address space of freed guarded blocks that stays
				      unusable; 0: 2 GiB */
};

#define NM_HEAP_DEFAULT_QUOTA (UINT64_C(128) << 20)
#define NM_HEAP_NO_DELAY      UINT32_MAX

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

/* True for a live block. */
bool nm_heap_is_live(const struct nm_heap *h, const void *p);

void nm_heap_stats(const struct nm_heap *h, struct nm_heap_stats *ret);

/* ---- what an address is, and where blocks came from -------------------------- */

#define NM_HEAP_FRAMES 8

struct nm_heap_info {
	uintptr_t block;      /* its first byte */
	size_t size;          /* requested; of a freed block that was not guarded: its slot's */
	bool live;            /* else it was freed, or its place was not yet used */
	bool guarded;         /* it has pages around it that fault */
	ptrdiff_t outside;    /* 0: the address is in it; else bytes before (< 0) its first or
				 after (> 0) its last byte, 1 being the next */
	uint64_t number;      /* of the allocation, from 1; 0: not kept */
	uint64_t allocations; /* all so far; 0: not counted */
	uint32_t alloc_frames, free_frames;
	void *alloc_stack[NM_HEAP_FRAMES], *free_stack[NM_HEAP_FRAMES]; /* return addresses */
};

/* True and *ret when addr is in or beside a block, live or not. Takes no lock and
 * calls nothing: may be used in a signal handler, where it sees what another thread
 * has half done. */
bool nm_heap_explain(const struct nm_heap *h, const void *addr, struct nm_heap_info *ret);

struct nm_heap_site {
	uint64_t blocks, bytes; /* live ones allocated, or last resized, here */
	uint32_t frames;
	void *stack[NM_HEAP_FRAMES]; /* return addresses, innermost first; the first few are
					the heap's own */
};

/* Every place that live blocks come from, in no order; nothing without trace or
 * guard. each must not call the heap. */
void nm_heap_sites(
    const struct nm_heap *h, void (*each)(const struct nm_heap_site *s, void *arg), void *arg);

/* ------------------------------------------------------------------------------ */

/* A destroyed heap's address range is kept, with up to 16 MiB of it resident, for
 * the next heap of the same quota; two at most. This gives them back. */
void nm_heap_release_spares(void);

#endif
