/* SPDX-License-Identifier: MIT */
/* Runs of slots, and the caches of dead blocks in front of them.
 *
 * A slot is free (with its run), cached (in one ring) or live. A run counts the
 * slots that are not free (used) and those that were ever handed out (bump);
 * which of the latter are free is found by looking at their states, four at a
 * time, so that free slots cost no list.
 */
#include "heap/heap_int.h"

#define FRESH_LEAST 32                  /* slots made ready at a time, where they are small */
#define FRESH_BYTES 8192                /* and what they may take together */
#define ROOM_LOOKS  8                   /* runs that are looked at for one of the right owner */
#define STATES_STEP ((size_t)256 << 10) /* bytes of states made accessible at a time */

void nm_cache_init(struct nm_heap *h, struct cache *c, struct dead *queues)
{
	for (unsigned k = 1; k < CLASSES; k++) {
		uint32_t size = h->class[k].size, cap = h->class[k].cap;

		c->bin[k] = (struct bin){
			.next = queues + cap,
			.end = queues + cap,
			.top = queues,
			.limit = queues + cap,
			.resting = queues,
			.spare = queues + cap,
			.size = size,
			.recip = (uint32_t)(((UINT64_C(1) << 32) + size - 1) / size),
		};
		c->fresh[k] = NO_UNIT;
		queues += (size_t)cap * 2;
	}
	c->bin[CLASS_LARGE].recip = 1u << 18;
}

/* ---- a class's list of runs with room ------------------------------------- */

static void list_run(struct nm_heap *h, unsigned class, uint32_t u)
{
	struct run *r = &h->runs[u];

	r->listed = true;
	r->prev = NO_UNIT;
	r->next = h->partial[class];
	if (r->next != NO_UNIT)
		h->runs[r->next].prev = u;
	h->partial[class] = u;
}

static void unlist_run(struct nm_heap *h, unsigned class, uint32_t u)
{
	struct run *r = &h->runs[u];

	r->listed = false;
	if (r->next != NO_UNIT)
		h->runs[r->next].prev = r->prev;
	if (r->prev != NO_UNIT)
		h->runs[r->prev].next = r->next;
	else
		h->partial[class] = r->next;
}

/* ---- state arrays --------------------------------------------------------- */

static bool commit_states(struct nm_heap *h, size_t states)
{
	size_t need = states * sizeof(uint16_t), step = STATES_STEP;

	if (need <= h->states_committed)
		return true;
	if (need > h->states_bytes)
		return false;
	if (step > h->states_bytes - h->states_committed)
		step = h->states_bytes - h->states_committed;
	if (!nm_prim_commit((char *)h->states + h->states_committed, step))
		return false;
	h->states_committed += step;
	return true;
}

/* The next of a list of arrays stands in an array's first four states. One that is
 * late to look at an array it found a moment ago may still do so: hence no plain
 * stores. */
static void set_link(uint16_t *s, const uint16_t *next)
{
	for (unsigned i = 0; i < 4; i++)
		nm_store(s[i], (uint16_t)((uint64_t)(uintptr_t)next >> (16 * i)));
}

static uint16_t *link_of(const uint16_t *s)
{
	uint64_t next = 0;

	for (unsigned i = 0; i < 4; i++)
		next |= (uint64_t)nm_load(s[i]) << (16 * i);
	return (uint16_t *)(uintptr_t)next;
}

/* An array for one run of the class, all STATE_FREE; NULL when there is no memory. */
static uint16_t *take_states(struct nm_heap *h, const struct slot_class *k)
{
	uint16_t *s = h->state_list[k->bucket];

	if (s) {
		h->state_list[k->bucket] = link_of(s);
	} else {
		if (!commit_states(h, h->state_top + k->slots))
			return NULL;
		s = h->states + h->state_top;
		h->state_top += k->slots;
	}
	for (uint32_t i = 0; i < k->slots; i++)
		nm_store(s[i], STATE_FREE);
	return s;
}

static void give_states(struct nm_heap *h, const struct slot_class *k, uint16_t *s)
{
	set_link(s, h->state_list[k->bucket]);
	h->state_list[k->bucket] = s;
}

/* ---- runs ------------------------------------------------------------------ */

static uint32_t new_run(struct nm_heap *h, const struct cache *c, unsigned class)
{
	const struct slot_class *k = &h->class[class];
	uint32_t u = nm_units_take(h, &h->pool, k->units, RUN_SLOTS);
	uint64_t owner = h->shared && (c->lends || !h->biased) ? OWNER_SHARED : c->id;
	struct run *r;
	uint16_t *s;

	if (u == NO_UNIT)
		return NO_UNIT;
	s = take_states(h, k);
	if (!s) {
		nm_units_give(h, &h->pool, u, k->units);
		return NO_UNIT;
	}
	r = &h->runs[u];
	r->bump = r->used = 0;
	r->listed = r->current = false;
	for (uint32_t i = 0; i < k->units; i++) {
		nm_store(h->units[u + i].states, s);
		nm_publish(h, u + i, (uint64_t)u << UNIT_SHIFT | owner << WORD_OWNER_SHIFT | class);
	}
	return u;
}

/* Nobody may be judging by the run's words any more: they are 0, and who saw them
 * otherwise has finished. */
static void recycle_run(struct nm_heap *h, unsigned class, uint32_t u)
{
	const struct slot_class *k = &h->class[class];
	uint16_t *s = h->units[u].states;

	for (uint32_t i = 0; i < k->units; i++)
		nm_no_run(h, u + i);
	give_states(h, k, s);
	nm_units_give(h, &h->pool, u, k->units);
}

/* A run without a block, taken off its list. */
static void retire_run(struct nm_heap *h, unsigned class, uint32_t u)
{
	if (h->runs[u].listed)
		unlist_run(h, class, u);
	recycle_run(h, class, u);
}

static bool is_empty(const struct run *r)
{
	return r->used == 0 && !r->current;
}

/* The empty runs of a class become a list of their own, linked by next; their
 * words become 0. */
static uint32_t withdraw_empty(struct nm_heap *h, unsigned class)
{
	uint32_t out = NO_UNIT, next;

	for (uint32_t u = h->partial[class]; u != NO_UNIT; u = next) {
		next = h->runs[u].next;
		if (!is_empty(&h->runs[u]))
			continue;
		unlist_run(h, class, u);
		for (uint32_t i = 0; i < h->class[class].units; i++)
			nm_store(h->units[u + i].word, 0);
		h->runs[u].next = out;
		out = u;
	}
	return out;
}

/* One wait for all of them. */
void nm_slots_retire_empty(struct nm_heap *h)
{
	uint32_t out[CLASSES], next;

	if (!h->empties)
		return;
	h->empties = 0;
	for (unsigned k = 1; k < CLASSES; k++)
		out[k] = withdraw_empty(h, k);
	nm_wait_for_judges(h);
	for (unsigned k = 1; k < CLASSES; k++)
		for (uint32_t u = out[k]; u != NO_UNIT; u = next) {
			next = h->runs[u].next;
			recycle_run(h, k, u);
		}
}

/* The run that fresh slots come from; NO_UNIT when there is no memory. */
static uint32_t fresh_run(struct nm_heap *h, struct cache *c, unsigned class)
{
	if (c->fresh[class] == NO_UNIT) {
		c->fresh[class] = new_run(h, c, class);
		if (c->fresh[class] != NO_UNIT)
			h->runs[c->fresh[class]].current = true;
	}
	return c->fresh[class];
}

/* n slots of the run have just left it for good. */
static void bumped(struct nm_heap *h, struct cache *c, unsigned class, uint32_t n)
{
	struct run *r = &h->runs[c->fresh[class]];

	r->bump = (uint16_t)(r->bump + n);
	r->used = (uint16_t)(r->used + n);
	if (r->bump == h->class[class].slots) {
		r->current = false;
		c->fresh[class] = NO_UNIT;
	}
}

/* ---- filling a bin ---------------------------------------------------------- */

/* Up to want free slots of a listed run, lowest address first. */
static void collect(struct nm_heap *h, struct bin *b, unsigned class, uint32_t u, uint32_t want)
{
	const struct slot_class *k = &h->class[class];
	struct run *r = &h->runs[u];
	uint16_t *s = h->units[u].states;
	char *start = unit_address(h, u);
	uint32_t room = (uint32_t)(r->bump - r->used);

	if (want > room)
		want = room;
	if (is_empty(r) && h->shared)
		h->empties -= k->units;
	r->used = (uint16_t)(r->used + want);
	b->next = b->end = b->spare;
	for (uint32_t i = 0; want; i++) {
		if (nm_load(s[i]) != STATE_FREE)
			continue;
		nm_store(s[i], STATE_CACHED);
		*b->end++ = (struct dead){ start + (size_t)i * k->size, &s[i] };
		want--;
	}
	if (r->bump == r->used)
		unlist_run(h, class, u);
}

/* How many fresh slots to make ready: half of what the run has handed out, so that
 * few blocks circulate where few are live, and many are taken at once where many. */
static uint32_t fresh_batch(const struct slot_class *k, const struct run *r)
{
	uint32_t left = (uint32_t)k->slots - r->bump;
	uint32_t n = r->bump / 2u, least = FRESH_BYTES / k->size;

	if (least > FRESH_LEAST)
		least = FRESH_LEAST;
	if (n > k->cap)
		n = k->cap;
	if (n < least)
		n = least;
	return n < left ? n : left;
}

static bool refill_fresh(struct nm_heap *h, struct cache *c, unsigned class)
{
	const struct slot_class *k = &h->class[class];
	struct bin *b = &c->bin[class];
	uint32_t u = fresh_run(h, c, class);
	uint32_t first, n;
	uint16_t *s;

	if (u == NO_UNIT)
		return false;
	first = h->runs[u].bump;
	n = fresh_batch(k, &h->runs[u]);
	if (!nm_units_charge(h, u, (size_t)first * k->size, (size_t)(first + n) * k->size, false)) {
		n = 1;
		if (!nm_units_charge(
			h, u, (size_t)first * k->size, (size_t)(first + 1) * k->size, false))
			return false;
	}
	s = h->units[u].states + first;
	b->next = b->end = b->spare;
	for (uint32_t i = 0; i < n; i++) {
		nm_store(s[i], STATE_CACHED);
		*b->end++ =
		    (struct dead){ unit_address(h, u) + (size_t)(first + i) * k->size, &s[i] };
	}
	bumped(h, c, class, n);
	c->allocs += n;
	return true;
}

/* What rests is to be handed out, and what was to be handed out is empty. */
static void change_places(struct cache *c, struct bin *b, uint32_t cap)
{
	struct dead *first = b->resting;
	uint64_t n = (uint64_t)(b->top - first);

	c->frees += n;
	c->allocs += n;
	b->next = first;
	b->end = b->top;
	b->resting = b->top = b->spare;
	b->limit = b->spare + cap;
	b->spare = first;
}

bool nm_slots_turn(struct nm_heap *h, struct cache *c, unsigned class)
{
	struct bin *b = &c->bin[class];

	if (b->top - b->resting <= (ptrdiff_t)h->class[class].delay)
		return false;
	change_places(c, b, h->class[class].cap);
	return true;
}

/* A run with room, for this cache; NO_UNIT: none. In a shared heap one of its own
 * or of everybody's; another's only if there is no other way, as that costs both
 * their quick way to free in it. */
static uint32_t find_room(struct nm_heap *h, const struct cache *c, unsigned class, bool any)
{
	uint32_t u = h->partial[class];

	if (!h->shared)
		return u;
	for (int looks = 0; u != NO_UNIT && looks < ROOM_LOOKS; looks++, u = h->runs[u].next) {
		unsigned owner = word_owner(h->units[u].word);

		if (owner == c->id || owner == OWNER_SHARED)
			return u;
	}
	u = h->partial[class];
	if (!any || u == NO_UNIT)
		return NO_UNIT;
	nm_disown(h, u);
	return u;
}

static bool refill_used(struct nm_heap *h, struct cache *c, unsigned class, bool any)
{
	uint32_t u = find_room(h, c, class, any);
	struct bin *b = &c->bin[class];

	if (u == NO_UNIT)
		return false;
	collect(h, b, class, u, h->class[class].cap);
	c->allocs += (uint64_t)(b->end - b->next);
	return true;
}

bool nm_slots_refill(struct nm_heap *h, struct cache *c, unsigned class)
{
	if (nm_slots_turn(h, c, class) || refill_used(h, c, class, false))
		return true;
	return class <= SMALL_CLASS && refill_fresh(h, c, class);
}

bool nm_slots_refill_any(struct nm_heap *h, struct cache *c, unsigned class)
{
	struct bin *b = &c->bin[class];

	if (b->top != b->resting) {
		change_places(c, b, h->class[class].cap);
		return true;
	}
	return refill_used(h, c, class, true);
}

bool nm_slots_fresh(struct nm_heap *h, struct cache *c, unsigned class, struct dead *ret)
{
	const struct slot_class *k = &h->class[class];
	uint32_t u = fresh_run(h, c, class);
	uint32_t slot;
	size_t from;

	if (u == NO_UNIT)
		return false;
	slot = h->runs[u].bump;
	from = (size_t)slot * k->size;
	if (!nm_units_charge(h, u, from, from + k->size, true))
		return false;
	bumped(h, c, class, 1);
	c->allocs++;
	*ret = (struct dead){ unit_address(h, u) + from, h->units[u].states + slot };
	return true;
}

/* ---- emptying a bin --------------------------------------------------------- */

/* A run without a block is free at once, unless another thread may be looking. */
static void ran_empty(struct nm_heap *h, unsigned class, uint32_t u)
{
	if (!h->shared) {
		retire_run(h, class, u);
		return;
	}
	if (!h->runs[u].listed)
		list_run(h, class, u);
	h->empties += h->class[class].units;
}

static void give_slot(struct nm_heap *h, unsigned class, const struct dead *d)
{
	const struct slot_class *k = &h->class[class];
	size_t off = (uintptr_t)d->p - h->base;
	uint32_t u = word_unit(h->units[off >> UNIT_SHIFT].word);
	struct run *r = &h->runs[u];

	nm_store(*d->state, STATE_FREE);
	r->used--;
	if (is_empty(r))
		ran_empty(h, class, u);
	else if (!r->listed && r->bump - r->used > k->slots / 64)
		list_run(h, class, u);
}

static void give_slots(
    struct nm_heap *h, unsigned class, const struct dead *from, const struct dead *to)
{
	for (; from < to; from++)
		give_slot(h, class, from);
}

void nm_slots_spill(struct nm_heap *h, struct cache *c, unsigned class)
{
	struct bin *b = &c->bin[class];

	c->allocs -= (uint64_t)(b->end - b->next);
	give_slots(h, class, b->next, b->end);
	change_places(c, b, h->class[class].cap);
	if ((size_t)h->empties * UNIT_PAGES > nm_units_idle_most(h))
		nm_slots_retire_empty(h);
}

void nm_cache_count(const struct cache *c, uint64_t *ret_allocs, uint64_t *ret_frees)
{
	*ret_allocs = c->allocs;
	*ret_frees = c->frees;
	for (unsigned k = 1; k < CLASSES; k++) {
		*ret_allocs -= (uint64_t)(c->bin[k].end - c->bin[k].next);
		*ret_frees += (uint64_t)(c->bin[k].top - c->bin[k].resting);
	}
}

static void flush(struct nm_heap *h, struct cache *c)
{
	for (unsigned k = 1; k < CLASSES; k++) {
		struct bin *b = &c->bin[k];
		uint32_t u = c->fresh[k];

		c->allocs -= (uint64_t)(b->end - b->next);
		c->frees += (uint64_t)(b->top - b->resting);
		give_slots(h, k, b->next, b->end);
		give_slots(h, k, b->resting, b->top);
		b->next = b->end;
		b->top = b->resting;
		if (u != NO_UNIT && h->runs[u].used == 0) {
			c->fresh[k] = NO_UNIT;
			h->runs[u].current = false;
			ran_empty(h, k, u);
		}
	}
}

void nm_slots_give_up(struct nm_heap *h, struct cache *c)
{
	flush(h, c);
	if (!h->shared)
		return;
	for (unsigned i = 0; i < CACHES_MOST; i++)
		if (h->caches[i] && h->caches[i] != h->guest && !h->caches[i]->thread)
			flush(h, h->caches[i]);
	nm_slots_retire_empty(h);
}
