/* SPDX-License-Identifier: MIT */
/* From nm_heap_create to nm_heap_destroy.
 *
 * A heap that ends hands its reservation to a short list of spares, pages and
 * all up to a bound, and the next heap of the same shape takes it from there:
 * that makes an end cheap however many blocks live. What a spare's pages hold is
 * unknown to the next heap, which treats them as it treats its own freed ones.
 */
#include "heap/special.h"

#if UINTPTR_MAX > UINT32_MAX
#define QUOTA_MOST   ((uint64_t)1 << 44)
#define RANGE_FOR(n) (2 * (n) + ((size_t)32 << 20)) /* bytes for a quota of n */
#else
#define QUOTA_MOST   ((uint64_t)1 << 30) /* a program has two GiB for everything */
#define RANGE_FOR(n) ((n) + (n) / 4 + ((size_t)8 << 20))
#endif
#define IDLE_MOST  ((size_t)8 << 20) /* bytes of free runs that stay resident */
#define SPARE_MOST 2                 /* reservations kept */
#define SPARE_RESIDENT                                                                             \
	((size_t)16 << 20) /* bytes from the start of a spare's range that are kept */
#define RING_SLOTS 16384   /* entries in all rings of a cache, rounded up */

static pthread_mutex_t spare_lock = PTHREAD_MUTEX_INITIALIZER;
static struct nm_heap *spares; /* owned; guarded by spare_lock */
static uint64_t heaps_made;    /* atomic; so that no heap's number ever comes back */

static size_t round_up(size_t n, size_t to)
{
	return (n + to - 1) / to * to;
}

/* Byte offsets of the parts, from the start of the reservation. */
struct shape {
	size_t queues, units, runs, states, caches, range, total;
	size_t states_bytes, range_bytes, cache_bytes;
};

static struct shape shape_for(uint64_t quota, uint32_t delay, size_t extra)
{
	struct shape s = { 0 };
	size_t units;

	s.range_bytes = round_up(RANGE_FOR((size_t)quota) + extra, UNIT_BYTES);
	s.cache_bytes = round_up(sizeof(struct cache) + nm_queue_bytes(delay), NM_PRIM_PAGE);
	units = s.range_bytes >> UNIT_SHIFT;
	/* one state per 16 bytes at worst; the 1/64 covers the arrays of larger classes,
	 * which are recycled apart from those */
	s.states_bytes = round_up(
	    (s.range_bytes - extra) / 8 + (s.range_bytes - extra) / 64 + 65536, UNIT_BYTES);
	s.queues = round_up(sizeof(struct nm_heap), 64);
	s.units = s.queues + nm_queue_bytes(delay);
	s.runs = s.units + units * sizeof(struct unit);
	s.states = round_up(s.runs + units * sizeof(struct run), UNIT_BYTES);
	s.caches = s.states + s.states_bytes;
	s.range = round_up(s.caches + (CACHES_MOST - 1) * s.cache_bytes + GAP_BYTES, UNIT_BYTES);
	s.total = s.range + s.range_bytes + GAP_BYTES;
	return s;
}

/* The second state is that of every large block; the first is a margin. */
static void init_states(struct nm_heap *h)
{
	h->states[0] = STATE_FREE;
	h->states[1] = STATE_OTHER;
	h->state_top = 32;
	memset(h->state_list, 0, sizeof h->state_list);
}

/* Nothing is in any unit, and those that were ever used are one free run. Unit 0
 * stays unused: what is judged there is dead. */
static void init_units(struct nm_heap *h)
{
	uint32_t used = h->pool.top ? h->pool.top : 1;

	nm_pool_init(&h->pool, used, h->unit_count);
	h->idle = 0;
	for (uint32_t u = 0; u < used; u++)
		nm_no_run(h, u);
	if (used > 1)
		nm_units_give(h, &h->pool, 1, used - 1);
}

/* All that differs from run to run. */
static void init_run(struct nm_heap *h, uint64_t quota)
{
	h->quota_pages = (size_t)(quota / NM_PRIM_PAGE);
	h->idle_limit = h->quota_pages / 4;
	if (h->idle_limit > IDLE_MOST / NM_PRIM_PAGE)
		h->idle_limit = IDLE_MOST / NM_PRIM_PAGE;
	h->id = __atomic_add_fetch(&heaps_made, 1, __ATOMIC_RELAXED);
	h->shared = false;
	memset(h->caches, 0, sizeof h->caches);
	h->empties = 0;
	h->quick_end = SLOT_MAX + 1;
	h->quick_limit = h->limit;
	for (unsigned i = 0; i < CLASSES; i++)
		h->partial[i] = NO_UNIT;
	init_states(h);
	h->special = NULL;
	memset(&h->cache, 0, sizeof h->cache);
	nm_cache_init(h, &h->cache, h->queues);
	init_units(h);
}

static struct nm_heap *reserve(const struct shape *s, uint32_t delay)
{
	char *p = nm_prim_reserve(s->total);
	struct nm_heap *h = (struct nm_heap *)(void *)p;

	if (!p)
		return NULL;
	if (!nm_prim_commit(p, s->states + UNIT_BYTES)) {
		nm_prim_release(p, s->total);
		return NULL;
	}
	h->queues = (struct dead *)(void *)(p + s->queues);
	h->units = (struct unit *)(void *)(p + s->units);
	h->runs = (struct run *)(void *)(p + s->runs);
	h->states = (uint16_t *)(void *)(p + s->states);
	h->cache_area = p + s->caches;
	h->cache_bytes = s->cache_bytes;
	h->base = (uintptr_t)(p + s->range);
	h->range_bytes = s->range_bytes;
	h->unit_count = (uint32_t)(s->range_bytes >> UNIT_SHIFT);
	h->states_bytes = s->states_bytes;
	h->states_committed = UNIT_BYTES;
	h->total_bytes = s->total;
	h->delay = delay;
	nm_classes_init(h, delay);
	return h;
}

static struct nm_heap *take_spare(size_t total_bytes, uint32_t delay)
{
	struct nm_heap **at, *h = NULL;
	bool taken = nm_lock(&spare_lock);

	for (at = &spares; *at; at = &(*at)->next) {
		if ((*at)->total_bytes != total_bytes || (*at)->delay != delay)
			continue;
		h = *at;
		*at = h->next;
		break;
	}
	nm_unlock(&spare_lock, taken);
	return h;
}

uint32_t nm_heap_create(const struct nm_heap_options *opt, struct nm_heap **ret_heap)
{
	struct nm_heap_options o = opt ? *opt : (struct nm_heap_options){ 0 };
	bool special = o.fail_alloc || o.trace || o.guard != NM_GUARD_OFF;
	struct shape s;
	struct nm_heap *h;

	if (!o.quota_bytes)
		o.quota_bytes = NM_HEAP_DEFAULT_QUOTA;
	if (o.quota_bytes > QUOTA_MOST || nm_guard_space(&o) > NM_GUARD_SPACE_MOST ||
	    !nm_prim_fits(UNIT_BYTES))
		return NMERR_OUT_OF_MEMORY;
	s = shape_for(o.quota_bytes, o.delay_blocks, (size_t)nm_guard_space(&o));
	h = special ? NULL : take_spare(s.total, o.delay_blocks);
	if (!h)
		h = reserve(&s, o.delay_blocks);
	if (!h) { /* where address space is short, spares are in the way */
		nm_heap_release_spares();
		h = reserve(&s, o.delay_blocks);
	}
	if (!h)
		return NMERR_OUT_OF_MEMORY;
	init_run(h, o.quota_bytes);
	if (special && !nm_special_start(h, &o)) {
		nm_prim_release(h, h->total_bytes);
		return NMERR_OUT_OF_MEMORY;
	}
	(void)pthread_mutex_init(&h->lock, NULL);
	*ret_heap = h;
	return NMERR_SUCCESS;
}

/* Pages beyond the first SPARE_RESIDENT bytes go back; false: they are still there. */
static bool trim(struct nm_heap *h)
{
	size_t from = SPARE_RESIDENT;
	size_t pages = 0;

	if (h->limit <= from)
		return true;
	if (!nm_prim_drop((char *)h->base + from, h->limit - from))
		return false;
	for (size_t u = from >> UNIT_SHIFT; u < h->pool.top; u++) {
		pages += h->runs[u].touched;
		h->runs[u].touched = 0;
	}
	h->charged -= pages;
	return true;
}

static bool keep_spare(struct nm_heap *h)
{
	unsigned n = 0;
	bool taken, kept;

	if (!trim(h))
		return false;
	taken = nm_lock(&spare_lock);
	for (struct nm_heap *s = spares; s; s = s->next)
		n++;
	kept = n < SPARE_MOST;
	if (kept) {
		h->next = spares;
		spares = h;
	}
	nm_unlock(&spare_lock, taken);
	return kept;
}

void nm_heap_destroy(struct nm_heap *h)
{
	if (!h)
		return;
	nm_unshare(h);
	(void)pthread_mutex_destroy(&h->lock);
	if (h->special)
		nm_special_end(h);
	else if (keep_spare(h))
		return;
	nm_prim_release(h, h->total_bytes);
}

void nm_heap_release_spares(void)
{
	bool taken = nm_lock(&spare_lock);
	struct nm_heap *h = spares, *next;

	spares = NULL;
	nm_unlock(&spare_lock, taken);
	for (; h; h = next) {
		next = h->next;
		nm_prim_release(h, h->total_bytes);
	}
}
