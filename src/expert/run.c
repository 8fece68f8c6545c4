/* SPDX-License-Identifier: MIT */
/* Runs and their keys: what stands behind the Expert* functions. */
#include "expert/run.h"
#include "system/lock.h"
#include "base/nmerr.h"
#include "expert/changed.h"
#include "expert/parsed.h"
#include "expert/session.h"
#include "filter/filter.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SLOT_BITS (sizeof(void *) > 4 ? 4 : 2) /* each has address space for its heap */
#define SLOTS     (1u << SLOT_BITS)            /* activations open at a time in one process */
#define KEY_TAG   ((uintptr_t)0x4e4b << (sizeof(uintptr_t) * 8 - 16))

struct run {
	_Atomic uintptr_t key; /* 0: free. A key is tag + (count << SLOT_BITS) + slot */

	/* constant while the run is open */
	struct nm_capture *capture;
	struct nm_heap *heap;     /* owned */
	struct nm_view *view;     /* owned; NULL without a capture */
	struct nm_parse *parse;   /* owned; of the frame handed out last; NULL likewise */
	HFILTER user_filter;      /* owned: what was the user's when it began; NULL: none */
	struct nm_status *status; /* borrowed */
	struct nm_run_ops ops;
	bool no_events;
	uintptr_t handles; /* see nm_frame_handles */
	EXPERTSTARTUPINFO startup;

	uint32_t judged_first, judged_last; /* by user_filter, when any was */
	pthread_mutex_t lock;               /* guards view, the coverage figures and ops.submit */
};

static struct run runs[SLOTS];
static uintptr_t keys_made; /* so that no key value ever comes back */
static pthread_mutex_t slots_lock = PTHREAD_MUTEX_INITIALIZER;

static struct run *find(HEXPERTKEY key)
{
	uintptr_t k = (uintptr_t)key;
	struct run *r = &runs[k & (SLOTS - 1)];

	return k && atomic_load_explicit(&r->key, memory_order_acquire) == k ? r : NULL;
}

static bool ending(struct run *r)
{
	if (atomic_load_explicit(&r->status->terminate, memory_order_relaxed) == 0)
		return false;
	atomic_store_explicit(&r->status->told, 1, memory_order_relaxed);
	return true;
}

/* The request to stop, as capture/ looks at it. */
static const volatile uint32_t *stop_of(const struct run *r)
{
	return (const volatile uint32_t *)(uintptr_t)&r->status->terminate;
}

static uint32_t fail(uint32_t err)
{
	nm_set_last_error(err);
	return err;
}

static void publish_heap(struct run *r)
{
	struct nm_heap_stats s;

	nm_heap_stats(r->heap, &s);
	atomic_store_explicit(&r->status->heap_peak_bytes, s.peak_bytes, memory_order_relaxed);
	atomic_store_explicit(&r->status->heap_allocs, s.allocs, memory_order_relaxed);
	atomic_store_explicit(&r->status->heap_live_blocks, s.live_blocks, memory_order_relaxed);
	atomic_store_explicit(&r->status->heap_live_bytes, s.live_bytes, memory_order_relaxed);
	atomic_store_explicit(&r->status->refused, s.refused, memory_order_relaxed);
}

static struct run *free_slot(void)
{
	for (unsigned i = 0; i < SLOTS; i++)
		if (atomic_load_explicit(&runs[i].key, memory_order_relaxed) == 0)
			return &runs[i];
	return NULL;
}

static uint32_t fill_slot(struct run *r, const struct nm_run_config *cfg)
{
	uint32_t err = nm_heap_create(&cfg->heap, &r->heap);

	if (err)
		return err;
	r->view = cfg->capture ? nm_view_new(cfg->capture, 1) : NULL;
	r->parse = cfg->capture ? nm_parse_new() : NULL;
	r->user_filter = nm_filter_current();
	if (r->user_filter)
		r->user_filter = nm_filter_copy(r->user_filter);
	if ((cfg->capture && (!r->view || !r->parse)) || (nm_filter_current() && !r->user_filter)) {
		(void)nm_filter_free(r->user_filter);
		nm_parse_free(r->parse);
		nm_view_free(r->view);
		nm_heap_destroy(r->heap);
		return NMERR_OUT_OF_MEMORY;
	}
	if (r->view)
		nm_view_stop_at(
		    r->view, (const volatile uint32_t *)(uintptr_t)&cfg->status->terminate);
	if (cfg->lazy && r->parse)
		nm_parse_be_lazy(r->parse);
	r->capture = cfg->capture;
	r->status = cfg->status;
	r->ops = cfg->ops;
	r->no_events = cfg->no_events;
	r->handles = nm_frame_handles();
	r->startup = *cfg->startup;
	(void)pthread_mutex_init(&r->lock, NULL);
	return NMERR_SUCCESS;
}

uint32_t nm_run_open(const struct nm_run_config *cfg, HEXPERTKEY *ret_key)
{
	bool taken = nm_lock(&slots_lock);
	struct run *r = free_slot();
	uint32_t err = r ? fill_slot(r, cfg) : NMERR_NO_HANDLES;

	if (!err) {
		uintptr_t key = KEY_TAG + (++keys_made << SLOT_BITS) + (uintptr_t)(r - runs);

		nm_session_watch(stop_of(r), &r->status->signs);
		atomic_store_explicit(&r->key, key, memory_order_release);
		*ret_key = (HEXPERTKEY)key;
	}
	nm_unlock(&slots_lock, taken);
	return err;
}

/* Threads that an expert left running may have found the run before its key
 * died; a call is over within microseconds, and this is done once a run. */
static void let_others_leave(void)
{
	const struct timespec grace = { .tv_nsec = 2000000 };

	if (!nm_one_thread())
		(void)nanosleep(&grace, NULL);
}

void nm_run_close(HEXPERTKEY key, struct nm_heap_stats *ret_heap)
{
	bool taken = nm_lock(&slots_lock);
	struct run *r = find(key);

	if (r) {
		atomic_store_explicit(&r->key, 0, memory_order_release);
		let_others_leave();
		nm_session_watch(NULL, NULL);
		publish_heap(r);
		if (ret_heap)
			nm_heap_stats(r->heap, ret_heap);
		nm_heap_destroy(r->heap);
		nm_parse_free(r->parse);
		nm_view_free(r->view);
		(void)nm_filter_free(r->user_filter);
		(void)pthread_mutex_destroy(&r->lock);
	}
	nm_unlock(&slots_lock, taken);
}

bool nm_run_explain(HEXPERTKEY key, const void *addr, struct nm_heap_info *ret)
{
	struct run *r = find(key);

	return r && nm_heap_explain(r->heap, addr, ret);
}

bool nm_run_sites(HEXPERTKEY key, void (*each)(const struct nm_heap_site *s, void *arg), void *arg)
{
	struct run *r = find(key);

	if (r)
		nm_heap_sites(r->heap, each, arg);
	return r != NULL;
}

/* ---- memory ------------------------------------------------------------- */

static void *no_memory(uint32_t err, uint32_t *ret_err)
{
	if (ret_err)
		*ret_err = err;
	nm_set_last_error(err);
	return NULL;
}

void *nm_run_alloc(HEXPERTKEY key, size_t n, uint32_t *ret_err)
{
	struct run *r = find(key);
	void *p;

	if (!r)
		return no_memory(NMERR_INVALID_EXPERT_HANDLE, ret_err);
	if (ending(r))
		return no_memory(NMERR_EXPERT_TERMINATE, ret_err);
	p = nm_heap_alloc(r->heap, n);
	if (!p) {
		publish_heap(r);
		return no_memory(NMERR_OUT_OF_MEMORY, ret_err);
	}
	if (ret_err)
		*ret_err = NMERR_SUCCESS;
	return p;
}

void *nm_run_realloc(HEXPERTKEY key, void *p, size_t n, uint32_t *ret_err)
{
	struct run *r = find(key);
	void *q = NULL;
	uint32_t err;

	if (!r)
		return no_memory(NMERR_INVALID_EXPERT_HANDLE, ret_err);
	if (ending(r))
		return no_memory(NMERR_EXPERT_TERMINATE, ret_err);
	err = nm_heap_realloc(r->heap, p, n, &q);
	if (err) {
		publish_heap(r);
		return no_memory(err, ret_err);
	}
	if (ret_err)
		*ret_err = NMERR_SUCCESS;
	return q;
}

uint32_t nm_run_free(HEXPERTKEY key, void *p)
{
	struct run *r = find(key);
	uint32_t err;

	if (!r)
		return fail(NMERR_INVALID_EXPERT_HANDLE);
	err = nm_heap_free(r->heap, p); /* frees even when told to end */
	if (ending(r))
		return fail(NMERR_EXPERT_TERMINATE);
	return err ? fail(err) : NMERR_SUCCESS;
}

size_t nm_run_size(HEXPERTKEY key, const void *p)
{
	struct run *r = find(key);
	size_t n = 0;

	if (!r)
		nm_set_last_error(NMERR_INVALID_EXPERT_HANDLE);
	else if (p && !nm_heap_size(r->heap, p, &n))
		nm_set_last_error(NMERR_INVALID_PARAMETER);
	return n;
}

PEXPERTCONFIG nm_run_lend(HEXPERTKEY key, const void *config, size_t n)
{
	struct run *r = find(key);
	void *p = r ? nm_heap_alloc(r->heap, n) : NULL; /* also for one that is to end soon */

	return p ? memcpy(p, config, n) : NULL;
}

uint32_t nm_run_config_length(HEXPERTKEY key, const EXPERTCONFIG *block, uint32_t *ret_n)
{
	struct run *r = find(key);
	size_t size = 0;

	if (!r || !block || !nm_heap_size(r->heap, block, &size) || size < sizeof *ret_n)
		return NMERR_INVALID_DATA;
	memcpy(ret_n, block, sizeof *ret_n);
	return *ret_n >= sizeof *ret_n && *ret_n <= size ? NMERR_SUCCESS : NMERR_INVALID_DATA;
}

/* ---- frames --------------------------------------------------------------- */

/* The number that a request means: NMERR_SUCCESS and *ret_n, which may still
 * lie beyond the end. Forward and backward search exclusively; forward counts
 * modulo 2^32, so that "after -1" is frame 0. */
static uint32_t wanted(struct run *r, DWORD direction, DWORD n, uint32_t *ret_n)
{
	uint32_t total;

	switch (direction) {
	case GET_SPECIFIED_FRAME: *ret_n = n; return NMERR_SUCCESS;
	case GET_FRAME_NEXT_FORWARD: *ret_n = n + 1; return NMERR_SUCCESS;
	case GET_FRAME_NEXT_BACKWARD:
		if (n == 0)
			return NMERR_NO_MORE_FRAMES;
		if (n > nm_capture_indexed(r->capture)) {
			total = nm_capture_total(r->capture, stop_of(r));
			if (ending(r))
				return NMERR_EXPERT_TERMINATE;
			if (n > total)
				n = total;
			if (n == 0)
				return NMERR_NO_MORE_FRAMES;
		}
		*ret_n = n - 1;
		return NMERR_SUCCESS;
	default: return NMERR_INVALID_PARAMETER;
	}
}

/* Coverage: a frame outside the range seen so far is new; inside it, it is
 * taken as seen before. Exact for walks in one direction, never too high. */
static inline void note_frame(struct nm_status *s, uint32_t n)
{
	uint32_t first = atomic_load_explicit(&s->first_frame, memory_order_relaxed);
	uint32_t last = atomic_load_explicit(&s->last_frame, memory_order_relaxed);
	bool none = last == NM_NO_FRAME_YET;

	atomic_store_explicit(&s->frame, n, memory_order_relaxed);
	if (!none && n >= first && n <= last)
		return;
	if (none || n < first)
		atomic_store_explicit(&s->first_frame, n, memory_order_relaxed);
	if (none || n > last)
		atomic_store_explicit(&s->last_frame, n, memory_order_relaxed);
	atomic_store_explicit(&s->frames_seen,
	    atomic_load_explicit(&s->frames_seen, memory_order_relaxed) + 1, memory_order_relaxed);
}

static uint32_t end_of_search(uint32_t err, DWORD direction)
{
	if (err == NMERR_FRAME_NOT_FOUND && direction != GET_SPECIFIED_FRAME)
		return NMERR_NO_MORE_FRAMES;
	return err;
}

/* Frame f, which the parse is about, goes to the expert. */
static inline void hand_out(
    struct run *r, DWORD flags, HFRAME h, const struct nm_frame *f, EXPERTFRAMEDESCRIPTOR *ret)
{
	note_frame(r->status, f->number);
	nm_parsed_last = (struct nm_parsed_last){ r->parse, &r->key,
		atomic_load_explicit(&r->key, memory_order_relaxed) };
	ret->FrameNumber = f->number;
	ret->hFrame = h;
	ret->pFrame = (ULPFRAME)(void *)f->record;
	ret->lpRecognizeDataTable = nm_parse_shown(r->parse);
	ret->lpPropertyTable =
	    flags & FLAGS_ATTACH_PROPERTIES ? nm_parse_attach(r->parse, NULL) : NULL;
}

static void show_life(struct run *r)
{
	atomic_fetch_add_explicit(&r->status->signs, 1, memory_order_relaxed);
}

/* Counted as note_frame counts: a frame within what was judged before is none of these. */
static void note_judged(struct run *r, uint32_t n, bool passed)
{
	struct nm_status *s = r->status;
	uint32_t judged = atomic_load_explicit(&s->judged, memory_order_relaxed);

	if (judged && n >= r->judged_first && n <= r->judged_last)
		return;
	if (!judged || n < r->judged_first)
		r->judged_first = n;
	if (!judged || n > r->judged_last)
		r->judged_last = n;
	atomic_store_explicit(&s->judged, judged + 1, memory_order_relaxed);
	atomic_store_explicit(&s->passed,
	    atomic_load_explicit(&s->passed, memory_order_relaxed) + passed, memory_order_relaxed);
}

/* Does the frame that r->parse is about pass all filters? */
static uint32_t pass(struct run *r, const HFILTER filters[2], bool *ret_passed)
{
	*ret_passed = true;
	for (unsigned i = 0; i < 2 && *ret_passed; i++) {
		uint32_t err =
		    filters[i] ? nm_filter_test(filters[i], r->parse, NULL, ret_passed) : 0;

		if (err)
			return err;
		if (filters[i] && filters[i] == r->user_filter)
			note_judged(r, nm_parse_number(r->parse), *ret_passed);
	}
	return NMERR_SUCCESS;
}

/* Frame n if it passes, or the next in that direction that does. */
static uint32_t take(
    struct run *r, DWORD direction, const HFILTER filters[2], uint32_t n, struct nm_frame *ret)
{
	for (;;) {
		bool passed = true;
		uint32_t err = nm_view_frame(r->view, n, ret);

		if (err)
			return err;
		(void)nm_changed_get(n, &ret->record);
		nm_parse_set(r->parse, nm_frame_handle(n), ret);
		ret->number = n;
		err = pass(r, filters, &passed);
		if (err || passed)
			return err;
		if (direction == GET_SPECIFIED_FRAME)
			return NMERR_FRAME_FAILED_FILTER;
		show_life(r);
		if (ending(r))
			return NMERR_EXPERT_TERMINATE;
		if (n == (direction == GET_FRAME_NEXT_FORWARD ? UINT32_MAX : 0))
			return NMERR_NO_MORE_FRAMES;
		n = direction == GET_FRAME_NEXT_FORWARD ? n + 1 : n - 1;
	}
}

/* Whatever is asked, and whatever stands against it. */
static __attribute__((noinline)) uint32_t get_frame(struct run *r, DWORD direction, DWORD flags,
    DWORD n, HFILTER filter, EXPERTFRAMEDESCRIPTOR *ret)
{
	struct nm_frame f;
	HFILTER filters[2];
	uint32_t err, want = 0;
	bool taken;

	if (!r)
		return fail(NMERR_INVALID_EXPERT_HANDLE);
	if (ending(r))
		return fail(NMERR_EXPERT_TERMINATE);
	if (!ret || direction > GET_FRAME_NEXT_BACKWARD)
		return fail(NMERR_INVALID_PARAMETER);
	if (!r->capture)
		return fail(NMERR_INVALID_HCAPTURE);
	if (filter && !nm_filter_is(filter))
		return fail(NMERR_INVALID_HFILTER);
	err = wanted(r, direction, n, &want);
	if (err)
		return fail(err);
	filters[0] = flags & FLAGS_DEFER_TO_UI_FILTER ? r->user_filter : NULL;
	filters[1] = filter;
	taken = nm_lock(&r->lock);
	err = take(r, direction, filters, want, &f);
	if (!err)
		hand_out(r, flags, nm_frame_handle(f.number), &f, ret);
	nm_unlock(&r->lock, taken);
	if (err && ending(r)) /* it was waiting for a stream */
		return fail(NMERR_EXPERT_TERMINATE);
	return err ? fail(end_of_search(err, direction)) : NMERR_SUCCESS;
}

/* The usual request is granted at once: a frame of the window at hand, without a filter, in a
 * process of one thread that has changed no frame. */
uint32_t nm_run_get_frame(HEXPERTKEY key, DWORD direction, DWORD flags, DWORD n, HFILTER filter,
    EXPERTFRAMEDESCRIPTOR *ret)
{
	static const uint32_t step[] = { [GET_SPECIFIED_FRAME] = 0,
		[GET_FRAME_NEXT_FORWARD] = 1,
		[GET_FRAME_NEXT_BACKWARD] = UINT32_MAX };
	struct run *r = find(key);
	struct nm_frame f;
	HFRAME h;

	if (!r || !r->view || !ret || direction > GET_FRAME_NEXT_BACKWARD || filter ||
	    (flags & FLAGS_DEFER_TO_UI_FILTER && r->user_filter) ||
	    atomic_load_explicit(&r->status->terminate, memory_order_relaxed) || !nm_one_thread() ||
	    nm_changed_any() || !nm_view_at_hand(r->view, n + step[direction], &f) ||
	    !nm_handle_has(f.number))
		return get_frame(r, direction, flags, n, filter, ret);
	h = (HFRAME)(r->handles | (uintptr_t)f.number << NM_HANDLE_SHIFT);
	nm_parse_set(r->parse, h, &f);
	hand_out(r, flags, h, &f, ret);
	return NMERR_SUCCESS;
}

/* ---- status and events ------------------------------------------------------ */

uint32_t nm_run_startup(HEXPERTKEY key, EXPERTSTARTUPINFO *ret)
{
	struct run *r = find(key);

	if (!r)
		return fail(NMERR_INVALID_EXPERT_HANDLE);
	if (!ret)
		return fail(NMERR_INVALID_PARAMETER);
	*ret = r->startup;
	return NMERR_SUCCESS;
}

/* The turn is odd while the text changes, so that a reader can tell. */
static void set_text(struct nm_status *s, const char *text)
{
	size_t n = strnlen(text, NM_STATUS_TEXT - 1);

	atomic_fetch_add_explicit(&s->text_turn, 1, memory_order_acq_rel);
	memcpy(s->text, text, n);
	s->text[n] = '\0';
	atomic_fetch_add_explicit(&s->text_turn, 1, memory_order_release);
}

uint32_t nm_run_indicate(
    HEXPERTKEY key, uint32_t status, uint32_t substatus, const char *text, int32_t percent)
{
	struct run *r = find(key);
	bool taken;

	if (!r)
		return fail(NMERR_INVALID_EXPERT_HANDLE);
	if (ending(r))
		return fail(NMERR_EXPERT_TERMINATE);
	taken = nm_lock(&r->lock);
	atomic_store_explicit(&r->status->status,
	    status > EXPERTSTATUS_DONE ? EXPERTSTATUS_RUNNING : status, memory_order_relaxed);
	atomic_store_explicit(&r->status->substatus, substatus, memory_order_relaxed);
	if (percent >= 0 && percent <= 99)
		atomic_store_explicit(&r->status->percent, (uint32_t)percent, memory_order_relaxed);
	if (text)
		set_text(r->status, text);
	show_life(r);
	publish_heap(r);
	nm_unlock(&r->lock, taken);
	return NMERR_SUCCESS;
}

static uint32_t check_event(const NMEVENTDATA *ev)
{
	if (!ev)
		return NMERR_INVALID_PARAMETER;
	if (ev->Version != 0)
		return NMERR_BAD_VERSION;
	for (unsigned i = 0; i < ev->NumColumns; i++)
		if ((uint32_t)ev->Column[i].VariantData.Type > NMCOLUMNTYPE_STRING)
			return NMERR_INVALID_PARAMETER;
	return NMERR_SUCCESS;
}

uint32_t nm_run_submit(HEXPERTKEY key, const NMEVENTDATA *ev)
{
	struct run *r = find(key);
	uint32_t err;
	bool taken;

	if (!r)
		return fail(NMERR_INVALID_EXPERT_HANDLE);
	if (ending(r))
		return fail(NMERR_EXPERT_TERMINATE);
	err = check_event(ev);
	if (err)
		return fail(err);
	if (r->no_events)
		return fail(NMERR_EXPERT_REPORT_FAILED);
	taken = nm_lock(&r->lock);
	show_life(r);
	publish_heap(r);
	err = r->ops.submit(r->ops.ctx, ev);
	nm_unlock(&r->lock, taken);
	return err ? fail(err) : NMERR_SUCCESS;
}
