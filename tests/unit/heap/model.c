/* SPDX-License-Identifier: MIT */
/* Running a case: the heap and the model, step by step. */
#include "model.h"

#include "system/lock.h"
#include "heap/heap.h"

#include <netmon.h>
#include <stdlib.h>
#include <string.h>

struct block {
	char *p;   /* live: where it is */
	char *was; /* where the id's last block was */
	size_t n;
	uint8_t fill;
	bool live;
};

struct world {
	const struct model_case *c;
	struct nm_heap *h, *other;
	struct block b[MODEL_IDS];
	char *other_block, *gone; /* of the other heap; of one that ended */
	void *foreign;
	uint64_t blocks, bytes, peak, allocs, frees, refused;
	uint8_t next_fill;
};

static bool make_heap(struct world *w)
{
	struct nm_heap_options opt = {
		.quota_bytes = (uint64_t)w->c->quota_kib << 10,
		.delay_blocks = w->c->delay,
		.guard = (enum nm_heap_guard)(w->c->guard % 3),
		.trace = w->c->guard == 3,
		.guard_rest_bytes = 1 << 20,
	};

	return nm_heap_create(&opt, &w->h) == NMERR_SUCCESS;
}

static uint64_t quota_of(const struct world *w)
{
	return w->c->quota_kib ? (uint64_t)w->c->quota_kib << 10 : NM_HEAP_DEFAULT_QUOTA;
}

/* ---- what a block holds ------------------------------------------------------- */

/* Whole blocks up to 16 KiB; of larger ones the ends and a byte of each 256. */
static bool all_are(const char *p, size_t n, uint8_t v)
{
	if (n <= 16384) {
		for (size_t i = 0; i < n; i++)
			if ((uint8_t)p[i] != v)
				return false;
		return true;
	}
	for (size_t i = 0; i < n; i += 253)
		if ((uint8_t)p[i] != v)
			return false;
	return all_are(p, 300, v) && all_are(p + n - 300, 300, v);
}

static void fill(struct world *w, struct block *b)
{
	b->fill = (uint8_t)(w->next_fill++ | 1);
	if (b->n)
		memset(b->p, b->fill, b->n);
}

/* ---- the model's opinion ------------------------------------------------------ */

static bool is_live_start(const struct world *w, const char *p)
{
	for (size_t i = 0; i < MODEL_IDS; i++)
		if (w->b[i].live && w->b[i].p == p)
			return true;
	return false;
}

/* A block of no bytes still has its address to itself. */
static bool overlaps(const struct world *w, const struct block *self, const char *p, size_t n)
{
	uintptr_t a = (uintptr_t)p, z = a + (n ? n : 1);

	for (size_t i = 0; i < MODEL_IDS; i++) {
		const struct block *b = &w->b[i];
		uintptr_t from = (uintptr_t)b->p;

		if (b->live && b != self && a < from + (b->n ? b->n : 1) && from < z)
			return true;
	}
	return false;
}

static void saw_bytes(struct world *w, uint64_t now)
{
	w->bytes = now;
	if (now > w->peak)
		w->peak = now;
}

/* A refusal is believed when blocks and request would fill a quarter of the quota. */
static bool may_refuse(const struct world *w, size_t n)
{
	return (w->bytes + n + w->blocks * (w->c->guard ? 4096 : 16) + 1048576) * 4 > quota_of(w);
}

/* ---- steps --------------------------------------------------------------------- */

static const char *check_new(struct world *w, struct block *b, char *p, size_t n)
{
	size_t said = n + 1;

	if ((uintptr_t)p % (w->c->guard == NM_GUARD_END ? 1 : 16) != 0)
		return "a block is not aligned";
	if (overlaps(w, b, p, n))
		return "a block overlaps another";
	if (!nm_heap_size(w->h, p, &said) || said != n)
		return "a new block has another size";
	return NULL;
}

static const char *do_free(struct world *w, struct block *b)
{
	if (!b->live)
		return NULL;
	if (!all_are(b->p, b->n, b->fill))
		return "a block's bytes have changed";
	if (nm_heap_free(w->h, b->p) != NMERR_SUCCESS)
		return "a live block can't be freed";
	b->live = false;
	b->was = b->p;
	w->blocks--;
	w->frees++;
	w->bytes -= b->n;
	return NULL;
}

static const char *do_alloc(struct world *w, struct block *b, size_t n)
{
	const char *wrong = do_free(w, b);
	char *p;

	if (wrong)
		return wrong;
	p = nm_heap_alloc(w->h, n);
	if (!p) {
		w->refused++;
		return may_refuse(w, n) ? NULL : "refused with room to spare";
	}
	wrong = check_new(w, b, p, n);
	if (wrong)
		return wrong;
	if (!all_are(p, n, 0))
		return "a new block is not zero";
	*b = (struct block){ .p = p, .was = b->was, .n = n, .live = true };
	w->blocks++;
	w->allocs++;
	saw_bytes(w, w->bytes + n);
	fill(w, b);
	return NULL;
}

static const char *do_resize(struct world *w, struct block *b, size_t n)
{
	size_t keep = n < b->n ? n : b->n;
	void *q = NULL;
	const char *wrong;
	uint32_t err;

	if (!b->live)
		return NULL;
	err = nm_heap_realloc(w->h, b->p, n, &q);
	if (err == NMERR_OUT_OF_MEMORY && !q) {
		w->refused++;
		return n > b->n && may_refuse(w, n) ? NULL : "resizing refused with room to spare";
	}
	if (err != NMERR_SUCCESS)
		return "a live block can't be resized";
	wrong = check_new(w, b, q, n);
	if (wrong)
		return wrong;
	if (!all_are(q, keep, b->fill))
		return "resizing lost bytes";
	if (!all_are((char *)q + keep, n - keep, 0))
		return "added bytes are not zero";
	if (q != b->p)
		b->was = b->p;
	b->p = q;
	saw_bytes(w, w->bytes + n - b->n);
	b->n = n;
	fill(w, b);
	return NULL;
}

static const char *do_ask(struct world *w, struct block *b)
{
	size_t n = 0;

	if (b->live && (!nm_heap_size(w->h, b->p, &n) || n != b->n))
		return "a live block's size is wrong";
	return NULL;
}

static const char *do_dirty(struct world *w, struct block *b)
{
	size_t end = (b->n + 15) & ~(size_t)15;

	if (b->live && !w->c->guard && end > b->n)
		memset(b->p + b->n, 0xff, end - b->n);
	return NULL;
}

static const char *do_wrong(struct world *w, char *p)
{
	void *q = NULL;
	size_t n = 99;

	if (!p || is_live_start(w, p))
		return NULL;
	if (nm_heap_size(w->h, p, &n) || n != 99)
		return "a wrong pointer has a size";
	if (nm_heap_free(w->h, p) != NMERR_INVALID_PARAMETER)
		return "a wrong pointer was freed";
	if (nm_heap_realloc(w->h, p, 64, &q) != NMERR_INVALID_PARAMETER || q)
		return "a wrong pointer was resized";
	return NULL;
}

static char *at(const struct block *b, intptr_t d)
{
	return b->p ? (char *)((uintptr_t)b->p + (uintptr_t)d) : NULL;
}

static const char *do_foreign(struct world *w, uint32_t n)
{
	static char data[32];
	char stack[32];
	char *list[] = { w->other_block, w->gone, w->foreign, data, stack, (char *)w->h,
		(char *)w->other };

	return do_wrong(w, list[n % (sizeof list / sizeof *list)]);
}

/* Small numbers, numbers near the top, one bit, and a hash of n. */
static const char *do_number(struct world *w, uint32_t n)
{
	uint64_t v = (n + UINT64_C(1)) * UINT64_C(0x9e3779b97f4a7c15);

	switch (n % 4) {
	case 0: v = n & 0xffff; break;
	case 1: v = UINT64_MAX - (n & 0xffff); break;
	case 2: v = UINT64_C(1) << (n / 4 % 64); break;
	default: break;
	}
	return do_wrong(w, (char *)(uintptr_t)v);
}

/* Exact where there is one thread; else it is only looked for now and then. A
 * fuzzer has threads of its own. */
static bool is_peak(const struct world *w, uint64_t said)
{
	return nm_one_thread() ? said == w->peak : said <= w->peak && said >= w->bytes;
}

static const char *do_stats(struct world *w)
{
	struct nm_heap_stats s;

	nm_heap_stats(w->h, &s);
	if (s.live_blocks != w->blocks || s.live_bytes != w->bytes)
		return "live figures are wrong";
	if (!is_peak(w, s.peak_bytes))
		return "the peak is wrong";
	if (s.allocs != w->allocs || s.frees != w->frees || s.refused != w->refused)
		return "counts of calls are wrong";
	if (s.charged_bytes > quota_of(w) || s.charged_bytes < w->bytes)
		return "the charge is wrong";
	return NULL;
}

static const char *do_renew(struct world *w)
{
	for (size_t i = 0; i < MODEL_IDS; i++) {
		struct block *b = &w->b[i];

		if (b->live)
			w->gone = b->p;
		*b = (struct block){ .was = b->live ? b->p : b->was };
	}
	nm_heap_destroy(w->h);
	w->h = NULL;
	if (!make_heap(w))
		return "no heap";
	w->blocks = w->bytes = w->peak = w->allocs = w->frees = w->refused = 0;
	return NULL;
}

static const char *do_step(struct world *w, const struct step *s)
{
	struct block *b = &w->b[s->id % MODEL_IDS];

	switch ((enum step_kind)s->kind) {
	case STEP_ALLOC: return do_alloc(w, b, s->n);
	case STEP_FREE: return do_free(w, b);
	case STEP_RESIZE: return do_resize(w, b, s->n);
	case STEP_ASK: return do_ask(w, b);
	case STEP_DIRTY: return do_dirty(w, b);
	case STEP_FREED: return do_wrong(w, b->was);
	case STEP_INSIDE: return do_wrong(w, b->n ? at(b, (intptr_t)(s->n % b->n)) : NULL);
	case STEP_PAST: return do_wrong(w, at(b, (intptr_t)(b->n + s->n)));
	case STEP_BEFORE: return do_wrong(w, at(b, -(intptr_t)s->n));
	case STEP_FOREIGN: return do_foreign(w, s->n);
	case STEP_NUMBER: return do_number(w, s->n);
	case STEP_STATS: return do_stats(w);
	case STEP_RENEW: return do_renew(w);
	case STEP_KINDS: break;
	}
	return NULL;
}

static const char *start(struct world *w, const struct model_case *c)
{
	struct nm_heap *dead;

	*w = (struct world){ .c = c, .foreign = malloc(40) };
	if (nm_heap_create(NULL, &dead) != NMERR_SUCCESS)
		return "no heap";
	w->gone = nm_heap_alloc(dead, 32);
	nm_heap_destroy(dead);
	if (nm_heap_create(NULL, &w->other) != NMERR_SUCCESS || !make_heap(w))
		return "no heap";
	w->other_block = nm_heap_alloc(w->other, 32);
	return NULL;
}

const char *model_run(const struct model_case *c, size_t *ret_at)
{
	static struct world w; /* large for a stack; one case runs at a time */
	const char *wrong = start(&w, c);
	size_t i;

	for (i = 0; !wrong && i < c->count; i++)
		wrong = do_step(&w, &c->steps[i]);
	for (size_t id = 0; !wrong && id < MODEL_IDS; id++)
		wrong = do_free(&w, &w.b[id]);
	if (!wrong)
		wrong = do_stats(&w);
	nm_heap_destroy(w.h);
	nm_heap_destroy(w.other);
	free(w.foreign);
	if (wrong)
		*ret_at = i ? i - 1 : 0;
	return wrong;
}
