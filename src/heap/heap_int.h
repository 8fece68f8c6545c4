/* SPDX-License-Identifier: MIT */
/* heap/heap_int.h -- how the expert heap is made; for src/heap only.
 *
 * One reservation holds the bookkeeping, a gap that faults, the range that
 * blocks come from, and another gap:
 *
 *   | struct nm_heap | unit words | runs | states | caches | gap | range | gap |
 *
 * The range is cut into *units* of 16 KiB. A *run* is some units in a row: free,
 * or one large block, or cut into *slots* of one size *class*. A unit's *word*
 * says in 64 bits what an address in it can be; a slot's *state* says in 16 bits
 * whether a block lives there and how large it is. Nothing about a block is kept
 * in the range, so whatever an expert writes there changes no answer.
 *
 * What an address means:
 *
 *   word = words[offset / unit]          class, place in its run, states, owner
 *   d    = place * unit + offset % unit  distance from the run's start
 *   slot = d / size                      by multiplication
 *   live = slot * size == d && states[base + slot] >= LIVE
 *
 * A word of 0 and the word of a large block go through the same four lines:
 * their class has size 0, so only d == 0 passes, and their state is a constant.
 */
#ifndef NM_HEAP_INT_H
#define NM_HEAP_INT_H

#include "heap/heap.h"
#include "heap/prim.h"
#include "base/lock.h"

#include <netmon.h>
#include <string.h>

#define UNIT_SHIFT  14
#define UNIT_BYTES  ((size_t)1 << UNIT_SHIFT)
#define UNIT_PAGES  (UNIT_BYTES / NM_PRIM_PAGE)
#define GAP_BYTES   ((size_t)64 << 10) /* faults on either side of the range */
#define SLOT_MAX    16384u             /* bytes; larger blocks are runs of their own */
#define CLASSES     65                 /* slot classes are 1 to 64; 0 is none */
#define CLASS_LARGE 126
#define CLASS_SPACE 128
#define SMALL_CLASS 32 /* classes up to this one (1 KiB) are always zeroed on the way out */
#define NO_UNIT     UINT32_MAX

/* Slot states. */
#define STATE_FREE   0      /* with its run: never used, or given back */
#define STATE_CACHED 1      /* dead, and in some thread's ring */
#define STATE_LIVE   2      /* 2 + (slot size - requested size) */
#define STATE_OTHER  0xFFFF /* live, and not a slot: ask the run */

/* Where the parts of a unit's word are. */
#define WORD_CLASS_MASK  127u
#define WORD_PLACE_SHIFT 7  /* 4 bits: this unit's place in its run */
#define WORD_OWNER_SHIFT 11 /* 7 bits: the cache that may free here without atomics */
#define WORD_BASE_SHIFT  18 /* the run's first state, in groups of STATE_GROUP */
#define STATE_GROUP      16
#define OWNER_SHARED     127u

struct slot_class {
	uint32_t size;  /* bytes; 0 for what is no slot class */
	uint32_t recip; /* 2^32 / size, rounded up: exact below 2^18 bytes */
	uint16_t slots; /* in a run; a power of two */
	uint16_t cap;   /* most dead blocks that one cache keeps; a power of two */
	uint8_t units;  /* in a run */
	uint8_t bucket; /* which list its state arrays are recycled on */
};

enum run_kind { RUN_NONE, RUN_FREE, RUN_SLOTS, RUN_LARGE };

/* What stands at a run's first unit. kind also stands at its last. */
struct run {
	uint64_t requested; /* large: bytes asked for */
	uint32_t len;       /* units; free runs: also at the last unit */
	uint32_t next, prev;
	uint16_t bump; /* slots: how many were ever handed out, from the first on */
	uint16_t used; /* slots: how many of those are live or in a cache */
	uint8_t kind;
	uint8_t touched; /* of this unit, not the run: leading pages that may be resident */
	bool listed;     /* slots: on its class's list of runs with room */
	bool current;    /* slots: a cache takes fresh slots from it */
};

/* A thread's dead blocks of one class: a ring, newest at head, oldest at tail. */
struct bin {
	void **ring;
	uint32_t head, tail; /* free-running; head - tail are in it */
	uint32_t mask;
	uint32_t fresh; /* run that fresh slots come from, or NO_UNIT */
};

struct cache {
	struct bin bin[CLASSES];
	int64_t bytes; /* requested: handed out less given back through this cache */
	int64_t peak;  /* highest bytes */
	uint64_t allocs, frees, refused;
};

#define FIT_BINS    136 /* free runs by length: four lists to each doubling */
#define BUCKETS     7
#define CLASS_STEPS (SLOT_MAX / 16 + 1)

struct nm_heap {
	/* read by every call; moves only when the heap grows or gains a thread */
	uintptr_t base;
	size_t fast_limit; /* bytes of the range the quick path may judge; 0: never */
	size_t fast_end;   /* sizes below take the quick path */
	uint64_t *words;
	uint16_t *states;
	size_t limit; /* bytes of the range in use so far */

	/* constant after create */
	struct run *runs;
	struct slot_class class[CLASS_SPACE];
	uint8_t class_of[CLASS_STEPS]; /* by (size + 15) / 16 */
	size_t quota_pages;
	size_t range_bytes, states_bytes, total_bytes;
	void **rings;

	/* under the lock */
	pthread_mutex_t lock;
	bool threaded;     /* a second thread exists; never goes back */
	uint32_t top;      /* units in use so far */
	uint32_t units;    /* in the range */
	size_t charged;    /* pages that may be resident in the range */
	size_t idle;       /* of those, in free runs */
	size_t idle_limit; /* pages; beyond it idle ones go back to the system */
	size_t committed;  /* bytes of the range */
	size_t states_committed;
	uint32_t state_top; /* in groups */
	uint32_t state_list[BUCKETS];
	uint32_t fit[FIT_BINS];
	uint64_t fit_map[(FIT_BINS + 63) / 64];
	uint32_t partial[CLASSES]; /* runs with room */
	struct nm_heap *next;      /* while spare */

	struct cache cache;
};

#define nm_likely(x)   __builtin_expect(!!(x), 1)
#define nm_unlikely(x) __builtin_expect(!!(x), 0)

/* Words, states and limits are read by threads that hold no lock. */
#define nm_load(x)     __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define nm_store(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELAXED)

/* What the bookkeeping says about an address. */
struct spot {
	uint64_t word;
	size_t state; /* index */
	bool start;   /* of a slot, of a large block, or of an unused unit */
};

static inline unsigned word_class(uint64_t w)
{
	return (unsigned)w & WORD_CLASS_MASK;
}

static inline uint32_t word_place(uint64_t w)
{
	return (uint32_t)(w >> WORD_PLACE_SHIFT) & 15;
}

/* off must be below the limit. */
static inline struct spot nm_spot(const struct nm_heap *h, size_t off)
{
	uint64_t w = nm_load(h->words[off >> UNIT_SHIFT]);
	const struct slot_class *k = &h->class[word_class(w)];
	uint32_t d = word_place(w) << UNIT_SHIFT | (uint32_t)(off & (UNIT_BYTES - 1));
	uint32_t slot = (uint32_t)((uint64_t)d * k->recip >> 32);

	return (struct spot){
		.word = w,
		.state = (size_t)(w >> WORD_BASE_SHIFT) * STATE_GROUP + slot,
		.start = slot * k->size == d,
	};
}

static inline char *unit_address(const struct nm_heap *h, uint32_t unit)
{
	return (char *)(h->base + ((size_t)unit << UNIT_SHIFT));
}

static inline size_t pages_of(size_t bytes)
{
	return (bytes + NM_PRIM_PAGE - 1) / NM_PRIM_PAGE;
}

/* classes.c: fills class and class_of. */
void nm_classes_init(struct nm_heap *h);

/* ---- units.c: free runs and the pages behind them; the lock is held -------- */

void nm_units_init(struct nm_heap *h);

/* A run of n units, of the kind given; NO_UNIT when there is no room. */
uint32_t nm_units_take(struct nm_heap *h, uint32_t n, enum run_kind kind);

/* The run becomes free; its words must already say so. */
void nm_units_give(struct nm_heap *h, uint32_t unit, uint32_t n);

/* The run of n units becomes one of n + more where it stands; false: it can't. */
bool nm_units_extend(struct nm_heap *h, uint32_t unit, uint32_t n, uint32_t more);

/* The bytes [from, to) of a run are about to be used: charges their pages.
 * False when the quota refuses, and nothing has changed. With zero set those
 * bytes read as zero afterwards; pages that are known to be zero aren't touched. */
bool nm_units_charge(struct nm_heap *h, uint32_t unit, size_t from, size_t to, bool zero);

/* Idle pages go back to the system until at most keep of them are left. */
void nm_units_purge(struct nm_heap *h, size_t keep);

/* ---- slots.c: runs of slots and the caches in front of them; lock held ----- */

void nm_cache_init(struct nm_heap *h, struct cache *c, void **rings);

/* Dead blocks into an empty bin; false when there is no memory for one. */
bool nm_slots_refill(struct nm_heap *h, struct cache *c, unsigned class);

/* One block that was never used and reads as zero; NULL: none to be had. */
void *nm_slots_fresh(struct nm_heap *h, struct cache *c, unsigned class);

/* The oldest n of a bin go back to their runs. */
void nm_slots_spill(struct nm_heap *h, struct cache *c, unsigned class, uint32_t n);

/* Everything in the cache goes back, and runs without a block become free. */
void nm_cache_flush(struct nm_heap *h, struct cache *c);

/* ---- large.c: blocks that are runs; lock held ------------------------------ */

void *nm_large_alloc(struct nm_heap *h, size_t n, size_t room);
void nm_large_free(struct nm_heap *h, uint32_t unit);

/* The block keeps its place and becomes one of n bytes; false: it can't. */
bool nm_large_resize(struct nm_heap *h, uint32_t unit, size_t n);

#endif
