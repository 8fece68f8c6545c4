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
#include "system/memory.h"
#include "system/lock.h"

#include <netmon.h>
#include <string.h>

#define UNIT_SHIFT  14
#define UNIT_BYTES  ((size_t)1 << UNIT_SHIFT)
#define UNIT_PAGES  (UNIT_BYTES / NM_PRIM_PAGE)
#define GAP_BYTES   ((size_t)64 << 10) /* faults on either side of the range */
#define SLOT_MAX    16384u             /* bytes; larger blocks are runs of their own */
#define CLASSES     65                 /* slot classes are 1 to 64; 0 is none */
#define CLASS_LARGE 65
#define CLASS_GUARD 66 /* a run of one block with pages around it that fault */
#define CLASS_SPACE 67
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
	uint32_t cap;   /* blocks that each of a bin's two queues has room for */
	uint32_t delay; /* freed blocks that rest before one is used again; below cap */
	uint16_t slots; /* in a run; a power of two */
	uint8_t units;  /* in a run */
	uint8_t bucket; /* which list its state arrays are recycled on */
};

enum run_kind { RUN_NONE, RUN_FREE, RUN_SLOTS, RUN_LARGE, RUN_GUARD };

/* What stands at a run's first unit. kind also stands at its last. */
struct run {
	uint64_t requested; /* large and guarded: bytes asked for */
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

	/* only once the heap is shared; the owner writes, others may look */
	uint32_t op;                  /* odd while its thread is judging an address */
	uint64_t calls_out, calls_in; /* allocs and frees that succeeded */
	uint8_t id;
	bool lends;      /* others free its blocks: its new runs are shared from the start */
	uint64_t thread; /* whose it is; 0: nobody's. Under the lock */
};

#define CACHES_MOST 32
#define CACHE_GUEST (CACHES_MOST - 1) /* the one for threads that have none of their own */
#define FIT_BINS    136               /* free runs by length: four lists to each doubling */
#define BUCKETS     7
#define CLASS_STEPS (SLOT_MAX / 16 + 1)

/* Units in a row, and the free runs among them. */
struct pool {
	uint32_t top; /* the first that was never used */
	uint32_t end;
	uint32_t fit[FIT_BINS];
	uint64_t fit_map[(FIT_BINS + 63) / 64];
};

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
	char *cache_area;   /* of the caches beyond the first */
	size_t cache_bytes; /* from one to the next: a cache and its queues, in whole pages */
	uint32_t delay;     /* as asked for */

	/* under the lock */
	pthread_mutex_t lock;
	bool shared; /* a second thread exists; never goes back. Set under the lock */
	bool biased; /* shared: owners free without atomics; constant once shared */
	uint64_t id; /* never comes back in this process; constant */
	struct nm_heap *shared_next, *shared_prev; /* see threads.c */
	struct cache *caches[CACHES_MOST];         /* shared: by id; NULL: not yet made */
	struct cache *guest;                       /* shared: for all threads without their own */
	pthread_mutex_t guest_lock;                /* held while that is used */
	uint64_t peak;                             /* shared: highest sum seen */
	uint64_t allocs, frees;                    /* shared: before it was */
	uint32_t empties;                          /* shared: units in runs without a block */
	struct pool pool;                          /* the units that blocks usually come from */
	size_t charged;                            /* pages that may be resident in the range */
	size_t idle;                               /* of those, in free runs */
	size_t idle_limit;                         /* see nm_units_idle_most */
	size_t committed;                          /* bytes of the range */
	size_t states_committed;
	size_t state_top; /* states in use so far */
	uint16_t *state_list[BUCKETS];
	uint32_t partial[CLASSES]; /* runs with room */
	struct nm_heap *next;      /* while spare */

	/* owned; NULL: an ordinary heap. See special.h */
	struct special *special;

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

static inline unsigned word_owner(uint64_t w)
{
	return (unsigned)(w >> WORD_OWNER_SHIFT) & WORD_OWNER_MASK;
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

/* Bytes of the range in use; who sees them sees what their units are. */
static inline size_t nm_limit(const struct nm_heap *h)
{
	return __atomic_load_n(&h->limit, __ATOMIC_ACQUIRE);
}

/* What the bookkeeping says about an address. */
struct verdict {
	uint16_t *at;    /* a state: that of what starts there, if something can */
	uint16_t state;  /* what it was */
	bool start;      /* something can */
	struct bin *bin; /* of its class */
	uint64_t word;
};

/* What stands at off, which is below the limit. */
static inline struct verdict nm_judge_at(const struct nm_heap *h, struct cache *c, size_t off)
{
	const struct unit *u = &h->units[off >> UNIT_SHIFT];
	struct verdict v;
	uint64_t slot;

	v.word = __atomic_load_n(&u->word, __ATOMIC_ACQUIRE);
	v.bin = &c->bin[word_class(v.word)];
	slot = nm_slot(v.word, v.bin, off);
	v.at = nm_load(u->states) + (slot >> 32);
	v.state = nm_load(*v.at);
	v.start = (uint32_t)slot < v.bin->recip;
	return v;
}

/* p may be anything, and what it is can't be foreseen: so nothing here branches on
 * it, and an address beyond the limit is taken for the range's first byte, where
 * nothing ever is. */
static inline struct verdict nm_judge(
    const struct nm_heap *h, struct cache *c, size_t limit, const void *p)
{
	size_t off = (uintptr_t)p - h->base;

	return nm_judge_at(h, c, off & (0 - (size_t)(off < limit)));
}

static inline char *unit_address(const struct nm_heap *h, uint32_t unit)
{
	return (char *)(h->base + ((size_t)unit << UNIT_SHIFT));
}

static inline size_t pages_of(size_t bytes)
{
	return (bytes + NM_PRIM_PAGE - 1) / NM_PRIM_PAGE;
}

/* ---- classes.c ------------------------------------------------------------- */

/* Fills class and class_of. delay: freed blocks of a class that are to rest. */
void nm_classes_init(struct nm_heap *h, uint32_t delay);

/* What the queues of a cache take. */
size_t nm_queue_bytes(uint32_t delay);

/* ---- units.c: free runs and the pages behind them; the lock is held -------- */

/* The units from start on, to below end; none is free and none was used. */
void nm_pool_init(struct pool *l, uint32_t start, uint32_t end);

/* A run of n units, of the kind given; NO_UNIT when there is no room. */
uint32_t nm_units_take(struct nm_heap *h, struct pool *l, uint32_t n, enum run_kind kind);

/* The run becomes free; its words must already say so. */
void nm_units_give(struct nm_heap *h, struct pool *l, uint32_t unit, uint32_t n);

/* Idle pages that may stay resident. */
size_t nm_units_idle_most(const struct nm_heap *h);

/* The quota allows as many pages more; idle ones may go back for it. */
bool nm_units_have(struct nm_heap *h, size_t pages);

/* The run of n units becomes one of n + more where it stands; false: it can't. */
bool nm_units_extend(struct nm_heap *h, uint32_t unit, uint32_t n, uint32_t more);

/* The bytes [from, to) of a run are about to be used: charges their pages.
 * False when the quota refuses, and nothing has changed. With zero set those
 * bytes read as zero afterwards; pages that are known to be zero aren't touched. */
bool nm_units_charge(struct nm_heap *h, uint32_t unit, size_t from, size_t to, bool zero);

/* Idle pages go back to the system until at most keep of them are left. */
void nm_units_purge(struct nm_heap *h, size_t keep);

/* ---- slots.c: runs of slots and the caches in front of them; lock held ----- */

/* queues: nm_queue_bytes of memory, borrowed as long as the cache lives. */
void nm_cache_init(struct nm_heap *h, struct cache *c, struct dead *queues);

/* Blocks to be handed out for a bin that has none; false: no memory for one. */
bool nm_slots_refill(struct nm_heap *h, struct cache *c, unsigned class);

/* The same with what the first leaves alone: blocks that should rest for longer, and
 * runs that another cache owns. For when there is no other memory. */
bool nm_slots_refill_any(struct nm_heap *h, struct cache *c, unsigned class);

/* One block that was never used and reads as zero; false: no memory for one. */
bool nm_slots_fresh(struct nm_heap *h, struct cache *c, unsigned class, struct dead *ret);

/* Those that rest change places with none; false: too few rest. Needs no lock. */
bool nm_slots_turn(struct nm_heap *h, struct cache *c, unsigned class);

/* Room for freed blocks in a bin that has none. */
void nm_slots_spill(struct nm_heap *h, struct cache *c, unsigned class);

/* Calls that succeeded through this cache. */
void nm_cache_count(const struct cache *c, uint64_t *ret_allocs, uint64_t *ret_frees);

/* All that this cache and those of no thread keep goes back, and runs without a
 * block become free. */
void nm_slots_give_up(struct nm_heap *h, struct cache *c);

/* Shared heap: runs without a block become free. */
void nm_slots_retire_empty(struct nm_heap *h);

/* ---- large.c: blocks that are runs; lock held ------------------------------ */

void *nm_large_alloc(struct nm_heap *h, size_t n, size_t room);
void nm_large_free(struct nm_heap *h, uint32_t unit);

/* The block keeps its place and becomes one of n bytes; false: it can't. */
bool nm_large_resize(struct nm_heap *h, uint32_t unit, size_t n);

/* ---- plain.c: the calls, by whoever has the heap to himself or holds the lock - */

/* What a live block is. */
struct found {
	uint32_t unit;   /* its run */
	uint32_t size;   /* of its slot; 0: large */
	uint16_t *state; /* of its slot */
	size_t requested;
	unsigned class;
};

bool nm_find(struct nm_heap *h, const void *p, struct found *ret);

/* A live block of n bytes which are zero if *ret_zero, else unknown; not counted in
 * bytes. room: see nm_large_alloc. */
void *nm_take(struct nm_heap *h, struct cache *c, size_t n, size_t room, bool *ret_zero);

/* The block that was found dies. */
void nm_drop(struct nm_heap *h, struct cache *c, const struct found *f, void *p);

/* A slot keeps a block that grows while it fits, and one that shrinks while it fills
 * half of it. */
static inline bool nm_fits_slot(const struct found *f, size_t n)
{
	return f->size && n <= f->size && (n > f->size / 2 || f->size <= 64);
}

/* Address space for a block that grows to n: to grow in further, so that growth in
 * steps copies only now and then. */
static inline size_t nm_room_for(const struct nm_heap *h, const struct found *f, size_t n)
{
	return n > f->requested && n <= h->range_bytes / 4 ? n + n / 2 : n;
}

/* A block that has its place keeps it with n bytes; false: it can't. any: also where
 * that is wasteful, and then only growth can fail. */
bool nm_resize_here(struct nm_heap *h, const struct found *f, char *p, size_t n, bool any);

uint32_t nm_resize(struct nm_heap *h, struct cache *c, char *p, size_t n, void **ret_p);

static inline void nm_count_out(struct cache *c, size_t n)
{
	uint64_t live;

	c->bytes_out += n;
	live = c->bytes_out - c->bytes_in;
	if (nm_unlikely(live > c->peak))
		c->peak = live;
}

/* ---- shared.c: the calls, once a second thread exists ------------------------- */

void *nm_shared_alloc(struct nm_heap *h, size_t n);
uint32_t nm_shared_free(struct nm_heap *h, void *p);
uint32_t nm_shared_realloc(struct nm_heap *h, char *p, size_t n, void **ret_p);
bool nm_shared_size(struct nm_heap *h, const void *p, size_t *ret_n);
void nm_shared_stats(struct nm_heap *h, struct nm_heap_stats *ret);

/* ---- threads.c: whose cache is whose ------------------------------------------ */

/* Always true. */
bool nm_become_shared(struct nm_heap *h);

static inline bool nm_already_shared(const struct nm_heap *h)
{
	return __atomic_load_n(&h->shared, __ATOMIC_ACQUIRE);
}

/* True when the heap is shared, which it becomes when a second thread exists. */
static inline bool nm_is_shared(struct nm_heap *h)
{
	if (nm_already_shared(h))
		return true;
	return !nm_one_thread() && nm_become_shared(h);
}

/* A thread's number, and the caches it used last. The heap's number is compared,
 * which never comes back: an entry of a heap that ended is taken for no other's. */
#define TLS_CACHES 4
struct nm_tls {
	uint64_t thread;
	struct {
		uint64_t heap;
		struct cache *c;
	} last[TLS_CACHES];
};
extern __thread struct nm_tls nm_tls
    __attribute__((visibility("hidden"), tls_model("initial-exec")));

/* The calling thread's own cache; NULL when nm_cache_enter has to find it. */
static inline struct cache *nm_cache_mine(const struct nm_heap *h)
{
	unsigned i = h->id % TLS_CACHES;

	return nm_likely(nm_tls.last[i].heap == h->id) ? nm_tls.last[i].c : NULL;
}

/* The calling thread's cache; to be given back. */
struct cache *nm_cache_enter(struct nm_heap *h);
void nm_cache_leave(struct nm_heap *h, struct cache *c);

/* While a thread judges an address it says so, and what it judges by stays. */
static inline void nm_op_begin(const struct nm_heap *h, struct cache *c)
{
	if (nm_likely(h->biased)) {
		nm_store(c->op, c->op + 1);
		__atomic_signal_fence(__ATOMIC_SEQ_CST);
	} else {
		(void)__atomic_exchange_n(&c->op, c->op + 1, __ATOMIC_SEQ_CST);
	}
}

static inline void nm_op_end(struct cache *c)
{
	__atomic_store_n(&c->op, c->op + 1, __ATOMIC_RELEASE);
}

/* The lock is held: every thread that was judging has finished, and who begins
 * sees what was stored before. */
void nm_wait_for_judges(struct nm_heap *h);

/* The lock is held: whoever owns the run of this unit no longer does. */
void nm_disown(struct nm_heap *h, uint32_t unit);

/* The lock is held: the peak, as far as it can be seen from here. */
void nm_note_peak(struct nm_heap *h);

/* The heap ends. */
void nm_unshare(struct nm_heap *h);

#endif
