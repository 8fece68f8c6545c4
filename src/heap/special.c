/* SPDX-License-Identifier: MIT */
/* The calls of a heap that guards, traces or fails on purpose. */
#include "heap/special.h"

static size_t note_sizes(const struct nm_heap *h, size_t *ret_slots, size_t *ret_units)
{
	size_t all;

	*ret_slots = h->states_bytes / sizeof(uint16_t) * sizeof(struct note);
	*ret_units = h->unit_count * sizeof(struct note);
	all = SITES_MOST * sizeof(struct site) + *ret_slots + *ret_units;
	return pages_of(all) * NM_PRIM_PAGE;
}

static bool make_notes(struct nm_heap *h)
{
	struct special *s = h->special;
	size_t slots, units, all = note_sizes(h, &slots, &units);
	char *p = nm_prim_reserve(all);

	if (!p)
		return false;
	if (!nm_prim_commit(p, all)) {
		nm_prim_release(p, all);
		return false;
	}
	s->notes_bytes = all;
	s->sites = (struct site *)(void *)p;
	s->slot_notes = (struct note *)(void *)(p + SITES_MOST * sizeof(struct site));
	s->unit_notes = (struct note *)(void *)(p + SITES_MOST * sizeof(struct site) + slots);
	return true;
}

#define SPECIAL_BYTES (pages_of(sizeof(struct special)) * NM_PRIM_PAGE)

bool nm_special_start(struct nm_heap *h, const struct nm_heap_options *o)
{
	struct special *s = nm_prim_reserve(SPECIAL_BYTES);

	if (!s)
		return false;
	if (!nm_prim_commit(s, SPECIAL_BYTES))
		goto undo;
	h->special = s;
	s->fail_alloc = o->fail_alloc;
	s->notes = o->trace || o->guard != NM_GUARD_OFF;
	if (s->notes && !make_notes(h))
		goto undo;
	if (s->notes)
		nm_site_warm();
	if (o->guard != NM_GUARD_OFF)
		nm_guard_init(h, o);
	h->quick_end = 0;
	h->quick_limit = 0;
	return true;

undo:
	h->special = NULL;
	nm_prim_release(s, SPECIAL_BYTES);
	return false;
}

void nm_special_end(struct nm_heap *h)
{
	if (h->special->notes)
		nm_prim_release(h->special->sites, h->special->notes_bytes);
	nm_prim_release(h->special, SPECIAL_BYTES);
}

/* ---- what is found --------------------------------------------------------------- */

struct owned {
	bool guarded;
	uint32_t unit;  /* guarded */
	struct found f; /* else */
	size_t requested;
	struct note *note; /* NULL: none is kept */
};

static struct note *note_of(const struct nm_heap *h, const struct owned *o)
{
	const struct special *s = h->special;

	if (!s->notes)
		return NULL;
	if (o->guarded)
		return &s->unit_notes[o->unit];
	return o->f.size ? &s->slot_notes[o->f.state - h->states] : &s->unit_notes[o->f.unit];
}

static bool find(struct nm_heap *h, const void *p, struct owned *ret)
{
	ret->unit = nm_guard_find(h, p);
	ret->guarded = ret->unit != NO_UNIT;
	if (ret->guarded)
		ret->requested = (size_t)h->runs[ret->unit].requested;
	else if (nm_find(h, p, &ret->f))
		ret->requested = ret->f.requested;
	else
		return false;
	ret->note = note_of(h, ret);
	return true;
}

/* ---- notes ------------------------------------------------------------------------- */

static void note_alloc(struct nm_heap *h, const void *p, const void *from)
{
	struct special *s = h->special;
	struct owned o;
	struct site *at;

	if (!s->notes || !find(h, p, &o))
		return;
	*o.note = (struct note){ .number = s->calls, .alloc_site = nm_site_here(s, from) };
	at = &s->sites[o.note->alloc_site];
	at->blocks++;
	at->bytes += o.requested;
}

static void note_free(struct nm_heap *h, const struct owned *o, const void *from)
{
	struct special *s = h->special;
	struct site *at;

	if (!o->note)
		return;
	at = &s->sites[o->note->alloc_site];
	at->blocks--;
	at->bytes -= o->requested;
	o->note->free_site = nm_site_here(s, from);
}

/* ---- the calls ---------------------------------------------------------------------- */

static bool is_to_fail(struct special *s)
{
	return ++s->calls == s->fail_alloc;
}

static void *take(struct nm_heap *h, size_t n)
{
	struct cache *c = &h->cache;
	bool zero = true;
	char *p = nm_guard_alloc(h, n);

	if (p)
		c->allocs++;
	else
		p = nm_take(h, c, n, n, &zero);
	return !p || zero ? p : memset(p, 0, n);
}

static void drop(struct nm_heap *h, const struct owned *o, void *p)
{
	if (o->guarded) {
		nm_guard_free(h, o->unit);
		h->cache.frees++;
	} else {
		nm_drop(h, &h->cache, &o->f, p);
	}
}

void *nm_special_alloc(struct nm_heap *h, size_t n)
{
	const void *from = __builtin_return_address(0);
	void *p = NULL;

	(void)pthread_mutex_lock(&h->lock);
	if (!is_to_fail(h->special))
		p = take(h, n);
	if (p) {
		nm_count_out(&h->cache, n);
		note_alloc(h, p, from);
	} else {
		h->cache.refused++;
	}
	(void)pthread_mutex_unlock(&h->lock);
	return p;
}

uint32_t nm_special_free(struct nm_heap *h, void *p)
{
	const void *from = __builtin_return_address(0);
	struct owned o;
	bool ok;

	if (!p)
		return NMERR_SUCCESS;
	(void)pthread_mutex_lock(&h->lock);
	ok = find(h, p, &o);
	if (ok) {
		note_free(h, &o, from);
		drop(h, &o, p);
		h->cache.bytes_in += o.requested;
	}
	(void)pthread_mutex_unlock(&h->lock);
	return ok ? NMERR_SUCCESS : NMERR_INVALID_PARAMETER;
}

/* Usually to another place, so that the old one can be told from the new; where there
 * is none, a block that shrinks stays. */
static void *replace(struct nm_heap *h, const struct owned *o, char *p, size_t n)
{
	char *q = take(h, n);

	if (!q && o->guarded)
		return n <= o->requested ? nm_guard_shrink(h, o->unit, n) : NULL;
	if (!q)
		return nm_resize_here(h, &o->f, p, n, true) ? p : NULL;
	memcpy(q, p, o->requested < n ? o->requested : n);
	drop(h, o, p);
	h->cache.allocs--; /* neither was a call */
	h->cache.frees--;
	return q;
}

uint32_t nm_special_realloc(struct nm_heap *h, char *p, size_t n, void **ret_p)
{
	const void *from = __builtin_return_address(0);
	struct owned o;
	void *q = NULL;
	bool ok, fails;

	(void)pthread_mutex_lock(&h->lock);
	ok = find(h, p, &o);
	fails = ok && n > o.requested && is_to_fail(h->special);
	if (ok && !fails)
		q = replace(h, &o, p, n);
	if (q) {
		note_free(h, &o, from);
		note_alloc(h, q, from);
		h->cache.bytes_in += o.requested;
		nm_count_out(&h->cache, n);
		*ret_p = q;
	} else if (ok) {
		h->cache.refused++;
	}
	(void)pthread_mutex_unlock(&h->lock);
	return q ? NMERR_SUCCESS : ok ? NMERR_OUT_OF_MEMORY : NMERR_INVALID_PARAMETER;
}

bool nm_special_size(struct nm_heap *h, const void *p, size_t *ret_n)
{
	struct owned o;
	bool ok;

	(void)pthread_mutex_lock(&h->lock);
	ok = find(h, p, &o);
	if (ok)
		*ret_n = o.requested;
	(void)pthread_mutex_unlock(&h->lock);
	return ok;
}
