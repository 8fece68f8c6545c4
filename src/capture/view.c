/* SPDX-License-Identifier: MIT */
/* A reader's own windows, and any frame out of them. */
#include "capture/capture_int.h"

#include <netmon.h>

#define WINDOWS_MAX 16u

struct nm_view {
	struct nm_hand hand;   /* of cur */
	struct nm_window *cur; /* the one served from last */
	struct nm_capture *c;  /* borrowed */
	struct nm_walk walk;
	uint64_t tick;
	unsigned n_windows;
	struct nm_window windows[]; /* memory is taken when one is first needed */
};

struct nm_view *nm_view_new(struct nm_capture *c, unsigned windows)
{
	unsigned n = windows < 1 ? 1 : windows > WINDOWS_MAX ? WINDOWS_MAX : windows;
	struct nm_view *v = nm_prim_alloc(sizeof *v + n * sizeof *v->windows);

	if (!v)
		return NULL;
	*v = (struct nm_view){ .c = c,
		.n_windows = n,
		.hand = { .known = NM_LINK_NONE,
		    .link_type = c->facts.link_type,
		    .mac_type = (uint16_t)c->facts.mac_type } };
	for (unsigned i = 0; i < n; i++)
		v->windows[i] = (struct nm_window){ .end = NM_END_READ };
	v->cur = v->windows;
	if (nm_window_init(v->cur, c))
		return v;
	nm_prim_free(v);
	return NULL;
}

bool nm_view_keep_times(struct nm_view *v)
{
	struct nm_window *w = v->cur;

	if (v->n_windows == 1 && !w->ns)
		w->ns = nm_prim_alloc(NM_WINDOW_FRAMES * sizeof *w->ns);
	return w->ns != NULL;
}

int64_t nm_view_time(const struct nm_view *v, uint32_t n, uint32_t *ret_interface)
{
	const struct nm_window *w = v->cur;
	uint32_t i = n - w->first;

	*ret_interface = w->link ? w->link[i] : 0;
	return i < w->count ? w->ns[i] : NM_NO_TIME;
}

void nm_view_stop_at(struct nm_view *v, const volatile uint32_t *stop)
{
	for (unsigned i = 0; i < v->n_windows; i++)
		v->windows[i].stop = stop;
}

void nm_view_free(struct nm_view *v)
{
	if (!v)
		return;
	for (unsigned i = 0; i < v->n_windows; i++)
		nm_window_done(&v->windows[i]);
	nm_walk_done(&v->walk);
	nm_prim_free(v);
}

static bool holds(const struct nm_window *w, uint32_t n)
{
	return n - w->first < w->count;
}

bool nm_view_holds(const struct nm_view *v, uint32_t n)
{
	for (unsigned i = 0; i < v->n_windows; i++)
		if (holds(&v->windows[i], n))
			return true;
	return false;
}

/* A window was loaded and says that frame n lies behind the last one. */
static bool is_end_before(const struct nm_window *w, uint32_t n)
{
	return w->at && (w->end == NM_END_CLEAN || w->end == NM_END_DAMAGE) && n >= w->next.frame;
}

static uint32_t end_code(const struct nm_view *v, uint32_t n)
{
	/* The index knows this frame, so the file has changed since. */
	return n < nm_capture_indexed(v->c) ? NMERR_FILE_READ_ERROR : NMERR_FRAME_NOT_FOUND;
}

/* The window to give up: an unused one, else the one used longest ago. */
static struct nm_window *victim(struct nm_view *v)
{
	struct nm_window *best = &v->windows[0];

	for (unsigned i = 1; i < v->n_windows; i++)
		if (v->windows[i].used < best->used)
			best = &v->windows[i];
	return best;
}

/* The nearest known position at or before frame n. */
static struct nm_pos nearest(struct nm_view *v, uint32_t n)
{
	struct nm_pos best = v->c->begin, p = best;

	/* The index knows interfaces with the pseudo-headers that frames do without. */
	if (!v->c->keep_heads && nm_index_seek(v->c->index, n, &v->walk, &p))
		best = p;
	for (unsigned i = 0; i < v->n_windows; i++) {
		const struct nm_window *w = &v->windows[i];

		if (w->at && w->used && w->next.frame <= n && w->next.frame >= best.frame)
			best = w->next;
	}
	return best;
}

/* Load windows into w, from the nearest known position, until frame n is in. */
static uint32_t load_until(struct nm_view *v, struct nm_window *w, uint32_t n)
{
	struct nm_pos pos = nearest(v, n);

	if (!w->at && !nm_window_init(w, v->c))
		return NMERR_OUT_OF_MEMORY;
	v->hand.known = NM_LINK_NONE;
	for (;;) {
		nm_window_load(w, v->c, &v->walk, &pos, NULL);
		if (holds(w, n))
			return NMERR_SUCCESS;
		pos = w->next;
		switch (w->end) {
		case NM_END_MORE: break;
		case NM_END_CLEAN:
		case NM_END_DAMAGE: return end_code(v, n);
		case NM_END_WAIT: return NMERR_FRAME_NOT_FOUND; /* told to stop */
		case NM_END_READ: return NMERR_FILE_READ_ERROR;
		case NM_END_MEMORY: return NMERR_OUT_OF_MEMORY;
		}
	}
}

/* Make the window that holds frame n current. */
static uint32_t find(struct nm_view *v, uint32_t n)
{
	struct nm_window *w;
	uint32_t err;

	v->tick++;
	for (unsigned i = 0; i < v->n_windows; i++) {
		w = &v->windows[i];
		if (holds(w, n)) {
			w->used = v->tick;
			v->cur = w;
			return NMERR_SUCCESS;
		}
		if (is_end_before(w, n))
			return end_code(v, n);
	}
	w = victim(v);
	w->back = v->cur->count > 0 && n + 1 == v->cur->first;
	err = load_until(v, w, n);
	w->used = v->tick;
	if (w->end != NM_END_MEMORY && w->at)
		v->cur = w;
	return err;
}

/* What the current window has comes to hand. */
static void take_in_hand(struct nm_view *v)
{
	const struct nm_window *w = v->cur;

	v->hand.frames = w->frames;
	v->hand.at = w->at;
	v->hand.link = w->link;
	v->hand.first = w->first;
	v->hand.count = w->at ? w->count : 0;
}

uint32_t nm_view_frame(struct nm_view *v, uint32_t n, struct nm_frame *ret)
{
	struct nm_hand *h = &v->hand;
	uint32_t err = NMERR_SUCCESS;

	if (nm_view_at_hand(v, n, ret))
		return NMERR_SUCCESS;
	if (n - h->first >= h->count) {
		err = find(v, n);
		take_in_hand(v);
	}
	if (err)
		return err;
	if (h->link && h->link[n - h->first] != h->known) {
		h->known = h->link[n - h->first];
		v->c->ops->link(&v->walk, (uint16_t)h->known, ret);
		h->link_type = ret->link_type;
		h->mac_type = ret->mac_type;
	}
	(void)nm_view_at_hand(v, n, ret);
	return NMERR_SUCCESS;
}
