/* SPDX-License-Identifier: MIT */
/* Which thread uses which cache of a shared heap, and waiting for one another.
 *
 * A thread gets a cache with its first call and gives it up when it ends; whoever
 * comes next may take it over with what is in it. The last cache serves all
 * threads for which there is none of their own, one at a time.
 *
 * Two threads meet where one judges an address and another wants to change what it
 * is judged by (nm_disown, nm_wait_for_judges). The first must not pay for it: it
 * only counts its own operations, odd while inside, with plain stores. The other
 * stores its change, makes every thread of the process pass a memory barrier, and
 * then looks at those counts. A judge whose odd count it doesn't see has not yet
 * begun and will see the change. */
#include "heap/heap_int.h"

#include <sched.h>

static pthread_mutex_t heaps_lock = PTHREAD_MUTEX_INITIALIZER;
static struct nm_heap *heaps; /* shared ones, borrowed until they end */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t at_exit;
static bool have_key, have_barrier;
static uint64_t threads; /* numbers given so far; atomic */

__thread struct nm_tls nm_tls;

static void leave_heap(struct nm_heap *h, uint64_t thread)
{
	(void)pthread_mutex_lock(&h->lock);
	for (unsigned i = 0; i < CACHE_GUEST; i++)
		if (h->caches[i] && h->caches[i]->thread == thread)
			h->caches[i]->thread = 0;
	(void)pthread_mutex_unlock(&h->lock);
}

/* A call after this, from another destructor, finds no cache and takes one anew;
 * that one stays taken. */
static void thread_ends(void *arg)
{
	(void)arg;
	(void)pthread_mutex_lock(&heaps_lock);
	for (struct nm_heap *h = heaps; h; h = h->shared_next)
		leave_heap(h, nm_tls.thread);
	(void)pthread_mutex_unlock(&heaps_lock);
	memset(&nm_tls.last, 0, sizeof nm_tls.last);
}

static void init_once(void)
{
	have_key = pthread_key_create(&at_exit, thread_ends) == 0;
	have_barrier = nm_prim_barrier_ready();
}

/* ---- becoming shared --------------------------------------------------------------- */

static void enlist(struct nm_heap *h)
{
	(void)pthread_mutex_lock(&heaps_lock);
	h->shared_prev = NULL;
	h->shared_next = heaps;
	if (heaps)
		heaps->shared_prev = h;
	heaps = h;
	(void)pthread_mutex_unlock(&heaps_lock);
}

void nm_unshare(struct nm_heap *h)
{
	if (!h->shared)
		return;
	(void)pthread_mutex_lock(&heaps_lock);
	if (h->shared_next)
		h->shared_next->shared_prev = h->shared_prev;
	if (h->shared_prev)
		h->shared_prev->shared_next = h->shared_next;
	else
		heaps = h->shared_next;
	(void)pthread_mutex_unlock(&heaps_lock);
	(void)pthread_mutex_destroy(&h->guest_lock);
}

/* NULL: no memory. */
static struct cache *new_cache(struct nm_heap *h, unsigned id)
{
	char *at = h->cache_area + (id - 1) * h->cache_bytes;
	struct cache *c = (struct cache *)(void *)at;

	if (!nm_prim_commit(at, h->cache_bytes))
		return NULL;
	memset(c, 0, sizeof *c);
	nm_cache_init(h, c, (struct dead *)(void *)(at + sizeof *c));
	c->id = (uint8_t)id;
	h->caches[id] = c;
	return c;
}

/* The first cache keeps what it has and goes to the first thread that asks. */
bool nm_become_shared(struct nm_heap *h)
{
	bool first;

	(void)pthread_once(&once, init_once);
	(void)pthread_mutex_lock(&h->lock);
	first = !h->shared;
	if (first) {
		(void)pthread_mutex_init(&h->guest_lock, NULL);
		h->biased = have_barrier;
		h->caches[0] = &h->cache;
		h->guest = new_cache(h, CACHE_GUEST);
		if (!h->guest)
			h->guest = &h->cache;
		h->peak = h->cache.peak;
		nm_cache_count(&h->cache, &h->allocs, &h->frees);
		nm_store(h->quick_end, 0);
		nm_store(h->quick_limit, 0);
		__atomic_store_n(&h->shared, true, __ATOMIC_RELEASE);
	}
	(void)pthread_mutex_unlock(&h->lock);
	if (first)
		enlist(h);
	return true;
}

/* ---- caches ------------------------------------------------------------------------ */

/* The lock is held. One that is this thread's, or nobody's, or new. */
static struct cache *find_cache(struct nm_heap *h)
{
	unsigned free_id = CACHE_GUEST;

	for (unsigned i = CACHE_GUEST; i-- > 0;) {
		if (h->caches[i] && h->caches[i]->thread == nm_tls.thread)
			return h->caches[i];
		if (h->caches[i] != h->guest && (!h->caches[i] || !h->caches[i]->thread))
			free_id = i;
	}
	if (free_id == CACHE_GUEST)
		return NULL;
	return h->caches[free_id] ? h->caches[free_id] : new_cache(h, free_id);
}

static struct cache *attach(struct nm_heap *h)
{
	struct cache *c = NULL;

	if (!nm_tls.thread)
		nm_tls.thread = __atomic_add_fetch(&threads, 1, __ATOMIC_RELAXED);
	(void)pthread_mutex_lock(&h->lock);
	if (have_key && pthread_setspecific(at_exit, &nm_tls) == 0)
		c = find_cache(h);
	if (c) {
		c->thread = nm_tls.thread;
		nm_tls.last[h->id % TLS_CACHES].heap = h->id;
		nm_tls.last[h->id % TLS_CACHES].c = c;
	}
	(void)pthread_mutex_unlock(&h->lock);
	return c;
}

struct cache *nm_cache_enter(struct nm_heap *h)
{
	struct cache *c = nm_cache_mine(h);

	if (c)
		return c;
	c = attach(h);
	if (!c) {
		c = h->guest;
		(void)pthread_mutex_lock(&h->guest_lock);
	}
	return c;
}

void nm_cache_leave(struct nm_heap *h, struct cache *c)
{
	if (nm_unlikely(c == h->guest))
		(void)pthread_mutex_unlock(&h->guest_lock);
}

/* ---- waiting ------------------------------------------------------------------------- */

static void wait_for(const struct cache *c)
{
	uint32_t op = __atomic_load_n(&c->op, __ATOMIC_ACQUIRE);

	while (op % 2 && __atomic_load_n(&c->op, __ATOMIC_ACQUIRE) == op)
		(void)sched_yield();
}

static void barrier(const struct nm_heap *h)
{
	static uint32_t fence;

	if (h->biased)
		nm_prim_barrier();
	else
		(void)__atomic_fetch_add(&fence, 1, __ATOMIC_SEQ_CST);
}

void nm_wait_for_judges(struct nm_heap *h)
{
	barrier(h);
	for (unsigned i = 0; i < CACHES_MOST; i++)
		if (h->caches[i])
			wait_for(h->caches[i]);
}

/* Who has lent once will lend again: its runs to come are shared at once. */
void nm_disown(struct nm_heap *h, uint32_t unit)
{
	uint64_t w = h->units[unit].word;
	uint32_t first = word_unit(w), end = first + h->class[word_class(w)].units;
	unsigned owner = word_owner(w);

	if (!h->class[word_class(w)].size || owner == OWNER_SHARED)
		return;
	for (uint32_t u = first; u < end; u++)
		nm_publish(h, u, h->units[u].word | (uint64_t)OWNER_SHARED << WORD_OWNER_SHIFT);
	h->caches[owner]->lends = true;
	barrier(h);
	wait_for(h->caches[owner]);
}

void nm_note_peak(struct nm_heap *h)
{
	uint64_t live = 0;

	for (unsigned i = 0; i < CACHES_MOST; i++)
		if (h->caches[i])
			live += nm_load(h->caches[i]->bytes_out) - nm_load(h->caches[i]->bytes_in);
	if (live <= UINT64_MAX / 2 && live > h->peak)
		h->peak = live;
}
