/* SPDX-License-Identifier: MIT */
/* The calls as they are when nobody else is in the heap. */
#include "heap/heap_int.h"

static void set_live(const struct dead *d, size_t n)
{
	nm_store(*d->state, (uint16_t)(STATE_LIVE + n));
}

static void *hand_out(struct bin *b, size_t n)
{
	const struct dead *d = b->next++;

	set_live(d, n);
	return d->p;
}

static void *take_slot(struct nm_heap *h, struct cache *c, size_t n, bool *ret_zero)
{
	unsigned class = h->class_of[(n + 15) / 16];
	struct bin *b = &c->bin[class];
	struct dead d;

	*ret_zero = false;
	if (b->next != b->end || nm_slots_refill(h, c, class))
		return hand_out(b, n);
	if (class <= SMALL_CLASS || !nm_slots_fresh(h, c, class, &d))
		return NULL;
	*ret_zero = true;
	set_live(&d, n);
	return d.p;
}

static void *take_once(struct nm_heap *h, struct cache *c, size_t n, size_t room, bool *ret_zero)
{
	void *p;

	if (n <= SLOT_MAX)
		return take_slot(h, c, n, ret_zero);
	*ret_zero = true;
	p = nm_large_alloc(h, n, room);
	c->allocs += p != NULL;
	return p;
}

/* When the quota refuses, what the cache holds of other sizes is given up for it. */
void *nm_take(struct nm_heap *h, struct cache *c, size_t n, size_t room, bool *ret_zero)
{
	unsigned class = n <= SLOT_MAX ? h->class_of[(n + 15) / 16] : CLASS_LARGE;
	void *p = take_once(h, c, n, room, ret_zero);

	if (p || pages_of(n) > h->quota_pages)
		return p;
	if (class != CLASS_LARGE && nm_slots_refill_any(h, c, class)) {
		*ret_zero = false;
		return hand_out(&c->bin[class], n);
	}
	nm_slots_give_up(h, c);
	return take_once(h, c, n, room, ret_zero);
}

bool nm_find(struct nm_heap *h, const void *p, struct found *ret)
{
	struct verdict v = nm_judge(h, &h->cache, nm_limit(h), p);

	if (!v.start || v.state < STATE_LIVE)
		return false;
	ret->unit = word_unit(v.word);
	ret->class = word_class(v.word);
	ret->size = v.bin->size;
	ret->state = v.at;
	ret->requested =
	    v.bin->size ? (size_t)v.state - STATE_LIVE : (size_t)h->runs[ret->unit].requested;
	return true;
}

void nm_drop(struct nm_heap *h, struct cache *c, const struct found *f, void *p)
{
	struct bin *b = &c->bin[f->class];

	if (f->size == 0) {
		nm_large_free(h, f->unit);
		c->frees++;
		return;
	}
	nm_store(*f->state, STATE_CACHED);
	if (b->top == b->limit)
		nm_slots_spill(h, c, f->class);
	*b->top++ = (struct dead){ p, f->state };
}

bool nm_resize_here(struct nm_heap *h, const struct found *f, char *p, size_t n, bool any)
{
	if (f->size == 0)
		return (n > SLOT_MAX || any) && nm_large_resize(h, f->unit, n);
	if (!nm_fits_slot(f, n) && !(any && n <= f->size))
		return false;
	if (n > f->requested)
		memset(p + f->requested, 0, n - f->requested);
	nm_store(*f->state, (uint16_t)(STATE_LIVE + n));
	return true;
}

/* To another place; NULL when there is none. */
static void *move(struct nm_heap *h, struct cache *c, const struct found *f, char *p, size_t n)
{
	size_t keep = f->requested < n ? f->requested : n;
	bool zero;
	char *q = nm_take(h, c, n, nm_room_for(h, f, n), &zero);

	if (!q)
		return NULL;
	memcpy(q, p, keep);
	if (!zero && n > keep)
		memset(q + keep, 0, n - keep);
	nm_drop(h, c, f, p);
	c->allocs--; /* neither was a call */
	c->frees--;
	return q;
}

uint32_t nm_resize(struct nm_heap *h, struct cache *c, char *p, size_t n, void **ret_p)
{
	struct found f;
	void *q = p;

	if (!nm_find(h, p, &f))
		return NMERR_INVALID_PARAMETER;
	if (!nm_resize_here(h, &f, p, n, false)) {
		q = move(h, c, &f, p, n);
		if (!q && !nm_resize_here(h, &f, p, n, true)) {
			c->refused++;
			return NMERR_OUT_OF_MEMORY;
		}
		q = q ? q : p;
	}
	c->bytes_in += f.requested;
	nm_count_out(c, n);
	*ret_p = q;
	return NMERR_SUCCESS;
}
