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
 *   unit = units[offset / 16 KiB]  its run's start, class and owner, and states
 *   d    = offset - start
 *   slot = d / size                by multiplication
 *   live = slot * size == d && states[slot] >= LIVE
 *
 * A large block goes through the same lines and finds a state that is constant.
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
#define CLASS_LARGE 65
#define CLASS_SPACE 66
#define SMALL_CLASS 32 /* classes up to this one (1 KiB) are always zeroed on the way out */
#define NO_UNIT     UINT32_MAX

/* Slot states. */
#define STATE_FREE   0      /* with its run: never used, or given back */
#define STATE_CACHED 1      /* dead, and in some thread's ring */
#define STATE_LIVE   2      /* 2 + requested size */
#define STATE_OTHER  0xFFFF /* live, and not a slot: ask the run */

/* The parts of a unit's word. The rest is where its run starts, in bytes from the
 * range's: unit sizes make those bits free. */
#define WORD_CLASS_MASK  127u
#define WORD_OWNER_SHIFT 7 /* 7 bits: the cache that may free here without atomics */
#define WORD_OWNER_MASK  127u
#define WORD_START_MASK  (~(uint64_t)(UNIT_BYTES - 1))
#define OWNER_SHARED     127u

struct unit {
	uint64_t word;
	uint16_t *states; /* of the run; borrowed from the area of states */
};

struct slot_class {
	uint32_t size;  /* bytes; 0 for what is no slot class */
	uint16_t slots; /* in a run; a power of two */
	uint16_t cap;   /* blocks that each of a bin's two queues has room for */
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

/* A thread's dead blocks of one class, in two queues: blocks are handed out from
 * one, oldest first, and freed ones join the other, until the first is empty and
 * they change places. So the block to come is known ahead and can be fetched, a
 * freed one rests for a while, and handing out waits for no free before it.
 * Beside them is what the quick paths need to know of the class. */
struct dead {
	void *p;
	uint16_t *state; /* where its state is */
};

struct bin {
	struct dead *next;    /* to be handed out, */
	struct dead *end;     /* up to here */
	struct dead *top;     /* where the next freed block goes, */
	struct dead *limit;   /* which is this when there is no room */
	struct dead *resting; /* the first freed block */
	struct dead *spare;   /* where blocks to be handed out begin: the other half */
	uint32_t size;        /* of a slot; 0 for what is no slot class */
	uint32_t recip;       /* 2^32 / size, rounded up; see nm_slot */
} __attribute__((aligned(64)));

struct cache {
	struct bin bin[CLASS_SPACE];
	uint32_t fresh[CLASSES]; /* runs that fresh slots come from, or NO_UNIT */
	/* requested bytes handed out and given back; apart, so that neither waits for the
	 * other's last store */
	uint64_t bytes_out, bytes_in;
	uint64_t peak; /* highest difference of the two */
	uint64_t refused;
	/* Calls that succeeded are counted where queues are filled and emptied: allocs
	 * counts blocks when they become ready to be handed out, frees counts them when
	 * they leave the queue of freed ones; nm_cache_count sets that right. */
	uint64_t allocs, frees;
};

#define FIT_BINS    136 /* free runs by length: four lists to each doubling */
#define BUCKETS     7
#define QUEUE_ALL   16640 /* entries that the queues of a cache take together, rounded up */
#define CLASS_STEPS (SLOT_MAX / 16 + 1)

struct nm_heap {
	/* read by every call; moves only when the heap grows or gains a thread */
	uintptr_t base;
	size_t quick_end;   /* sizes below take the quick path; 0: none does */
	size_t quick_limit; /* the limit, or 0 when no call may take it */
	struct unit *units;
	size_t limit; /* bytes of the range in use so far */

	/* constant after create */
	struct run *runs;
	struct slot_class class[CLASS_SPACE];
	uint8_t class_of[CLASS_STEPS]; /* by (size + 15) / 16 */
	size_t quota_pages;
	size_t range_bytes, states_bytes, total_bytes;
	uint32_t unit_count; /* in the range */
	uint16_t *states;
	struct dead *queues;

	/* under the lock */
	pthread_mutex_t lock;
	bool threaded;     /* a second thread exists; never goes back */
	uint32_t top;      /* units in use so far */
	size_t charged;    /* pages that may be resident in the range */
	size_t idle;       /* of those, in free runs */
	uint32_t delay;    /* freed blocks of a class that rest before one is used again */
	size_t idle_limit; /* pages; beyond it idle ones go back to the system */
	size_t committed;  /* bytes of the range */
	size_t states_committed;
	size_t state_top; /* states in use so far */
	uint16_t *state_list[BUCKETS];
	uint32_t fit[FIT_BINS];
	uint64_t fit_map[(FIT_BINS + 63) / 64];
	uint32_t partial[CLASSES]; /* runs with room */
	struct nm_heap *next;      /* while spare */

	struct cache cache;
};

#define nm_likely(x)   __builtin_expect(!!(x), 1)
#define nm_unlikely(x) __builtin_expect(!!(x), 0)

/* Units, states and limits are read by threads that hold no lock. */
#define nm_load(x)     __atomic_load_n(&(x), __ATOMIC_RELAXED)
#define nm_store(x, v) __atomic_store_n(&(x), (v), __ATOMIC_RELAXED)

static inline unsigned word_class(uint64_t w)
{
	return (unsigned)w & WORD_CLASS_MASK;
}

static inline uint32_t word_unit(uint64_t w)
{
	return (uint32_t)(w >> UNIT_SHIFT);
}

/* d / size for a distance d from the start of a run, in the upper half. The lower
 * half is below recip exactly if size divides d: it is then at most d, which is
 * below 2^18, and otherwise at least recip, which is not. The recip of a large
 * block's class is 2^18 and lets d == 0 pass; that of no class is 0 and lets
 * nothing pass. */
static inline uint64_t nm_slot(uint64_t word, const struct bin *b, size_t off)
{
	return (off - (word & WORD_START_MASK)) * b->recip;
}

/* A reader that sees the word sees the states that were stored before it. */
static inline void nm_publish(struct nm_heap *h, uint32_t unit, uint64_t word)
{
	__atomic_store_n(&h->units[unit].word, word, __ATOMIC_RELEASE);
}

/* Nothing starts in the unit; its states may be looked at all the same. */
static inline void nm_no_run(struct nm_heap *h, uint32_t unit)
{
	nm_store(h->units[unit].word, 0);
	nm_store(h->units[unit].states, h->states);
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

/* queues: room for QUEUE_ALL entries, borrowed as long as the cache lives. */
void nm_cache_init(struct nm_heap *h, struct cache *c, struct dead *queues);

/* Blocks to be handed out for a bin that has none; false: no memory for one. */
bool nm_slots_refill(struct nm_heap *h, struct cache *c, unsigned class);

/* One block that was never used and reads as zero; false: no memory for one. */
bool nm_slots_fresh(struct nm_heap *h, struct cache *c, unsigned class, struct dead *ret);

/* Room for freed blocks in a bin that has none. */
void nm_slots_spill(struct nm_heap *h, struct cache *c, unsigned class);

/* Calls that succeeded through this cache. */
void nm_cache_count(const struct cache *c, uint64_t *ret_allocs, uint64_t *ret_frees);

/* Everything in the cache goes back, and runs without a block become free. */
void nm_cache_flush(struct nm_heap *h, struct cache *c);

/* ---- large.c: blocks that are runs; lock held ------------------------------ */

void *nm_large_alloc(struct nm_heap *h, size_t n, size_t room);
void nm_large_free(struct nm_heap *h, uint32_t unit);

/* The block keeps its place and becomes one of n bytes; false: it can't. */
bool nm_large_resize(struct nm_heap *h, uint32_t unit, size_t n);

#endif
