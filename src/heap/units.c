/* SPDX-License-Identifier: MIT */
/* Runs of units: which are free, and which of their pages may be resident.
 *
 * Free runs stand on lists by length, four to each doubling. A free run carries
 * its kind and length at both ends, so that a run that becomes free finds its
 * neighbours. What was never used lies above top.
 *
 * Invariants: charged is the sum of touched over all units, idle the same over
 * free ones; no two free runs touch; the words of free units are 0.
 */
#include "heap/heap_int.h"

#define COMMIT_LEAST ((size_t)1 << 20)  /* bytes made accessible at a time: at least, */
#define COMMIT_MOST  ((size_t)16 << 20) /* and beyond what was asked for at most */
#define FIT_LOOKS    8                  /* runs of the list of n itself that are tried */

static unsigned fit_of(uint32_t n)
{
	unsigned fl;

	if (n < 4)
		return n;
	fl = 31u - (unsigned)__builtin_clz(n);
	return fl * 4 + (n >> (fl - 2) & 3);
}

void nm_pool_init(struct pool *l, uint32_t start, uint32_t end)
{
	l->top = start;
	l->end = end;
	for (unsigned i = 0; i < FIT_BINS; i++)
		l->fit[i] = NO_UNIT;
	memset(l->fit_map, 0, sizeof l->fit_map);
}

static void link_free(struct nm_heap *h, struct pool *l, uint32_t u, uint32_t n)
{
	struct run *r = &h->runs[u], *last = &h->runs[u + n - 1];
	unsigned i = fit_of(n);

	r->kind = last->kind = RUN_FREE;
	r->len = last->len = n;
	r->prev = NO_UNIT;
	r->next = l->fit[i];
	if (r->next != NO_UNIT)
		h->runs[r->next].prev = u;
	l->fit[i] = u;
	l->fit_map[i / 64] |= UINT64_C(1) << (i % 64);
}

static void unlink_free(struct nm_heap *h, struct pool *l, uint32_t u)
{
	struct run *r = &h->runs[u];
	unsigned i = fit_of(r->len);

	if (r->next != NO_UNIT)
		h->runs[r->next].prev = r->prev;
	if (r->prev != NO_UNIT)
		h->runs[r->prev].next = r->next;
	else
		l->fit[i] = r->next;
	if (l->fit[i] == NO_UNIT)
		l->fit_map[i / 64] &= ~(UINT64_C(1) << (i % 64));
	r->kind = h->runs[u + r->len - 1].kind = RUN_NONE;
}

/* Any run on a list beyond the one that n itself belongs on is long enough. */
static uint32_t longer_fit(const struct pool *l, unsigned i)
{
	for (unsigned w = i / 64; w < sizeof l->fit_map / sizeof l->fit_map[0]; w++) {
		uint64_t m = l->fit_map[w];

		if (w == i / 64)
			m &= ~UINT64_C(0) << (i % 64);
		if (m)
			return l->fit[w * 64 + (unsigned)__builtin_ctzll(m)];
	}
	return NO_UNIT;
}

static uint32_t find_fit(const struct nm_heap *h, const struct pool *l, uint32_t n)
{
	unsigned i = fit_of(n);
	uint32_t u = l->fit[i];

	for (int looks = 0; u != NO_UNIT && looks < FIT_LOOKS; looks++, u = h->runs[u].next)
		if (h->runs[u].len >= n)
			return u;
	return longer_fit(l, i + 1);
}

/* The range is accessible up to need bytes; false when it can't be. */
static bool commit_range(struct nm_heap *h, size_t need)
{
	size_t step = h->committed / 4, most = (size_t)h->pool.end << UNIT_SHIFT;

	if (need <= h->committed)
		return true;
	step = step < COMMIT_LEAST ? COMMIT_LEAST : step > COMMIT_MOST ? COMMIT_MOST : step;
	step = (step & ~(UNIT_BYTES - 1)) + need - h->committed;
	if (step > most - h->committed)
		step = most - h->committed;
	if (!nm_prim_commit((char *)h->base + h->committed, step))
		return false;
	h->committed += step;
	return true;
}

/* Units up to new_top exist, and those of the main pool are accessible; false when
 * they can't be. */
static bool raise_top(struct nm_heap *h, struct pool *l, uint64_t new_top)
{
	size_t need = (size_t)new_top << UNIT_SHIFT;

	if (new_top > l->end || (l == &h->pool && !commit_range(h, need)))
		return false;
	for (; l->top < new_top; l->top++)
		nm_no_run(h, l->top);
	if (l != &h->pool)
		return true;
	__atomic_store_n(&h->limit, need, __ATOMIC_RELEASE);
	if (h->quick_end)
		nm_store(h->quick_limit, need);
	return true;
}

static void drop_idle(struct nm_heap *h, uint32_t u, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		h->idle -= h->runs[u + i].touched;
}

static void set_used(struct nm_heap *h, uint32_t u, uint32_t n, enum run_kind kind)
{
	h->runs[u].kind = h->runs[u + n - 1].kind = (uint8_t)kind;
	h->runs[u].len = n;
}

/* A run at the end of what is in use, so that the rest lies above top. */
static uint32_t take_from_top(struct nm_heap *h, struct pool *l, uint32_t n)
{
	uint32_t u = l->top;

	if (u > 0 && h->runs[u - 1].kind == RUN_FREE)
		u -= h->runs[u - 1].len;
	if (!raise_top(h, l, (uint64_t)u + n))
		return NO_UNIT;
	if (h->runs[u].kind == RUN_FREE)
		unlink_free(h, l, u);
	return u;
}

uint32_t nm_units_take(struct nm_heap *h, struct pool *l, uint32_t n, enum run_kind kind)
{
	uint32_t u = find_fit(h, l, n);
	uint32_t len;

	if (u == NO_UNIT) {
		u = take_from_top(h, l, n);
		if (u == NO_UNIT)
			return NO_UNIT;
	} else {
		len = h->runs[u].len;
		unlink_free(h, l, u);
		if (len > n)
			link_free(h, l, u + n, len - n);
	}
	drop_idle(h, u, n);
	set_used(h, u, n, kind);
	return u;
}

/* As much as blocks hold, and a fixed amount beside: giving pages back and getting
 * them again costs many times what zeroing them does. */
size_t nm_units_idle_most(const struct nm_heap *h)
{
	return h->idle_limit + (h->charged - h->idle);
}

void nm_units_give(struct nm_heap *h, struct pool *l, uint32_t unit, uint32_t n)
{
	uint32_t end = unit + n;

	for (uint32_t i = unit; i < end; i++)
		h->idle += h->runs[i].touched;
	if (unit > 0 && h->runs[unit - 1].kind == RUN_FREE) {
		unit -= h->runs[unit - 1].len;
		unlink_free(h, l, unit);
	}
	if (end < l->top && h->runs[end].kind == RUN_FREE) {
		uint32_t more = h->runs[end].len;

		unlink_free(h, l, end);
		end += more;
	}
	link_free(h, l, unit, end - unit);
	if (h->idle > nm_units_idle_most(h))
		nm_units_purge(h, nm_units_idle_most(h) / 4 * 3);
}

bool nm_units_extend(struct nm_heap *h, uint32_t unit, uint32_t n, uint32_t more)
{
	struct pool *l = &h->pool;
	uint32_t end = unit + n;
	uint32_t len = end < l->top && h->runs[end].kind == RUN_FREE ? h->runs[end].len : 0;
	enum run_kind kind = h->runs[unit].kind;

	if (len < more && (end + len != l->top || !raise_top(h, l, (uint64_t)end + more)))
		return false;
	if (len)
		unlink_free(h, l, end);
	if (len > more)
		link_free(h, l, end + more, len - more);
	drop_idle(h, end, more);
	h->runs[end - 1].kind = RUN_NONE;
	set_used(h, unit, n + more, kind);
	return true;
}

/* ---- pages ---------------------------------------------------------------- */

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Leading pages of the run's i-th unit that a use up to byte `to` needs. */
static unsigned need_of(size_t i, size_t to)
{
	return (unsigned)smaller(pages_of(to - (i << UNIT_SHIFT)), UNIT_PAGES);
}

bool nm_units_have(struct nm_heap *h, size_t pages)
{
	if (h->charged + pages <= h->quota_pages)
		return true;
	if (pages > h->quota_pages || h->charged - h->idle + pages > h->quota_pages)
		return false;
	nm_units_purge(h, h->quota_pages - pages - (h->charged - h->idle));
	return h->charged + pages <= h->quota_pages;
}

/* Bytes [from, to) of the run that lie on its i-th unit's touched pages. */
static void zero_touched(struct nm_heap *h, uint32_t unit, size_t i, size_t from, size_t to)
{
	size_t start = i << UNIT_SHIFT;
	size_t end = start + (size_t)h->runs[unit + i].touched * NM_PRIM_PAGE;

	if (from > start)
		start = from;
	end = smaller(end, to);
	if (start < end)
		memset(unit_address(h, unit) + start, 0, end - start);
}

bool nm_units_charge(struct nm_heap *h, uint32_t unit, size_t from, size_t to, bool zero)
{
	size_t first = from >> UNIT_SHIFT, pages = 0;

	for (size_t i = first; i << UNIT_SHIFT < to; i++) {
		unsigned need = need_of(i, to), have = h->runs[unit + i].touched;

		pages += need > have ? need - have : 0;
	}
	if (pages && !nm_units_have(h, pages))
		return false;
	for (size_t i = first; i << UNIT_SHIFT < to; i++) {
		unsigned need = need_of(i, to);

		if (zero)
			zero_touched(h, unit, i, from, to);
		if (need > h->runs[unit + i].touched)
			h->runs[unit + i].touched = (uint8_t)need;
	}
	h->charged += pages;
	return true;
}

/* What a free run holds goes back with one call: from its first unit that has
 * pages to its last. */
static void purge_run(struct nm_heap *h, uint32_t u)
{
	uint32_t first = u, end = u + h->runs[u].len;
	size_t pages = 0;

	while (first < end && !h->runs[first].touched)
		first++;
	while (end > first && !h->runs[end - 1].touched)
		end--;
	if (first == end ||
	    !nm_prim_drop(unit_address(h, first), (size_t)(end - first) << UNIT_SHIFT))
		return;
	for (uint32_t i = first; i < end; i++) {
		pages += h->runs[i].touched;
		h->runs[i].touched = 0;
	}
	h->idle -= pages;
	h->charged -= pages;
}

/* Longest runs first: fewest calls for the most pages. */
void nm_units_purge(struct nm_heap *h, size_t keep)
{
	for (unsigned i = FIT_BINS; i-- > 0 && h->idle > keep;)
		for (uint32_t u = h->pool.fit[i]; u != NO_UNIT && h->idle > keep;
		     u = h->runs[u].next)
			purge_run(h, u);
}
