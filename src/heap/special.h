/* SPDX-License-Identifier: MIT */
/* heap/special.h -- heaps that do more than hand out: guard, trace, fail on purpose.
 *
 * Such a heap never takes a quick path: every call ends up here, under the lock.
 * What it keeps of blocks lies in reservations of its own. */
#ifndef NM_HEAP_SPECIAL_H
#define NM_HEAP_SPECIAL_H

#include "heap/heap_int.h"

#define SITES_MOST 65536u /* places that are told apart; what comes then is place 0 */

/* A place in the program: the return addresses of a call. */
struct site {
	uint64_t hash;
	uint64_t blocks, bytes; /* live */
	uint32_t frames;        /* 0: unused, or unknown */
	void *stack[NM_HEAP_FRAMES];
};

/* What is kept of a block beside its size. */
struct note {
	uint64_t number; /* of its allocation */
	uint32_t alloc_site, free_site;
};

struct special {
	uint64_t calls;      /* allocations and growing reallocs so far */
	uint64_t fail_alloc; /* the one that is refused; 0: none */
	bool notes;          /* trace or guard */

	/* in one reservation, owned */
	size_t notes_bytes;
	struct site *sites;
	struct note *slot_notes; /* by index of a slot's state */
	struct note *unit_notes; /* of large and guarded blocks, by unit */

	/* guard */
	enum nm_heap_guard guard;
	struct pool pool;        /* the units of guarded blocks */
	uint32_t first;          /* unit of it */
	uint32_t live;           /* guarded blocks */
	uint64_t rest, resting;  /* bytes that freed ones may take, and take */
	uint32_t oldest, newest; /* freed ones, linked by next; NO_UNIT: none */
};

/* False: no memory, and nothing is left of it. */
bool nm_special_start(struct nm_heap *h, const struct nm_heap_options *o);
void nm_special_end(struct nm_heap *h);

void *nm_special_alloc(struct nm_heap *h, size_t n);
uint32_t nm_special_free(struct nm_heap *h, void *p);
uint32_t nm_special_realloc(struct nm_heap *h, char *p, size_t n, void **ret_p);
bool nm_special_size(struct nm_heap *h, const void *p, size_t *ret_n);

/* ---- sites.c ------------------------------------------------------------------- */

/* The place that called what returns to from; 0 when there are too many. */
uint32_t nm_site_here(struct special *s, const void *from);

/* Loads what taking a stack needs, so that it won't allocate later. */
void nm_site_warm(void);

/* ---- guard.c; the lock is held --------------------------------------------------- */

/* Address space beyond the ordinary that a heap with these options needs, and the most it gets. */
#define NM_GUARD_SPACE_MOST (SIZE_MAX / 2)
uint64_t nm_guard_space(const struct nm_heap_options *o);

void nm_guard_init(struct nm_heap *h, const struct nm_heap_options *o);

/* A guarded block of n zero bytes; NULL: none, an ordinary one may do. */
void *nm_guard_alloc(struct nm_heap *h, size_t n);

/* The guarded block that begins at p; NO_UNIT: none. */
uint32_t nm_guard_find(const struct nm_heap *h, const void *p);

/* The block of n bytes, at most as many as it has, at another place in its run. */
void *nm_guard_shrink(struct nm_heap *h, uint32_t unit, size_t n);

void nm_guard_free(struct nm_heap *h, uint32_t unit);

/* The run that off lies in, live or freed; NO_UNIT: none. */
uint32_t nm_guard_run(const struct nm_heap *h, size_t off);

/* The first byte of the block of a run. */
uintptr_t nm_guard_block(const struct nm_heap *h, uint32_t unit);

#endif
