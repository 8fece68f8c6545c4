/* SPDX-License-Identifier: MIT */
/* What an address is, for a person who has to find a bug. Used where a fault was
 * caught: only looks, and at nothing but the bookkeeping. */
#include "heap/special.h"

static void add_stack(const struct special *s, uint32_t site, uint32_t *ret_n, void **ret_stack)
{
	const struct site *at = &s->sites[site % SITES_MOST];
	uint32_t n = at->frames <= NM_HEAP_FRAMES ? at->frames : 0;

	for (uint32_t i = 0; i < n; i++)
		ret_stack[i] = at->stack[i];
	*ret_n = n;
}

static void add_note(const struct nm_heap *h, const struct note *note, struct nm_heap_info *ret)
{
	const struct special *s = h->special;

	ret->allocations = s->calls;
	ret->number = note->number;
	add_stack(s, note->alloc_site, &ret->alloc_frames, ret->alloc_stack);
	if (!ret->live)
		add_stack(s, note->free_site, &ret->free_frames, ret->free_stack);
}

static ptrdiff_t outside(const struct nm_heap_info *i, uintptr_t addr)
{
	if (addr < i->block)
		return -(ptrdiff_t)(i->block - addr);
	if (addr - i->block < i->size)
		return 0;
	return (ptrdiff_t)(addr - i->block - i->size) + 1;
}

static void explain_guard(const struct nm_heap *h, uint32_t u, struct nm_heap_info *ret)
{
	ret->block = nm_guard_block(h, u);
	ret->size = (size_t)h->runs[u].requested;
	ret->live = h->runs[u].used != 0;
	ret->guarded = true;
	add_note(h, &h->special->unit_notes[u], ret);
}

static void explain_slot(
    const struct nm_heap *h, size_t off, uint64_t word, struct nm_heap_info *ret)
{
	const struct bin *b = &h->cache.bin[word_class(word)];
	uint32_t slot = (uint32_t)(nm_slot(word, b, off) >> 32);
	const uint16_t *at = nm_load(h->units[off >> UNIT_SHIFT].states) + slot;
	uint16_t state = nm_load(*at);

	ret->block = h->base + (size_t)(word & WORD_START_MASK) + (size_t)slot * b->size;
	ret->live = state >= STATE_LIVE;
	ret->size = ret->live ? (size_t)state - STATE_LIVE : b->size;
	if (h->special && h->special->notes)
		add_note(h, &h->special->slot_notes[at - h->states], ret);
}

static void explain_large(const struct nm_heap *h, uint32_t u, struct nm_heap_info *ret)
{
	ret->block = (uintptr_t)unit_address(h, u);
	ret->size = (size_t)h->runs[u].requested;
	ret->live = true;
	if (h->special && h->special->notes)
		add_note(h, &h->special->unit_notes[u], ret);
}

/* A large block's units but the first say nothing; its first is before them, and the
 * units between are of no other run. */
static uint32_t large_before(const struct nm_heap *h, uint32_t u)
{
	for (;; u--) {
		uint64_t w = nm_load(h->units[u].word);

		if (word_class(w) == CLASS_LARGE)
			return h->runs[u].kind == RUN_LARGE ? u : NO_UNIT;
		if (w != 0 || u == 0)
			return NO_UNIT;
	}
}

bool nm_heap_explain(const struct nm_heap *h, const void *addr, struct nm_heap_info *ret)
{
	size_t off = (uintptr_t)addr - h->base;
	struct nm_heap_info info = { 0 };
	uint32_t u = nm_guard_run(h, off);
	uint64_t w;

	if (u != NO_UNIT) {
		explain_guard(h, u, &info);
	} else {
		if (off >= nm_limit(h))
			return false;
		w = nm_load(h->units[off >> UNIT_SHIFT].word);
		if (word_class(w) != 0 && word_class(w) < CLASSES) {
			explain_slot(h, off, w, &info);
		} else {
			u = large_before(h, (uint32_t)(off >> UNIT_SHIFT));
			if (u == NO_UNIT || (off >> UNIT_SHIFT) - u >= h->runs[u].len)
				return false;
			explain_large(h, u, &info);
		}
	}
	info.outside = outside(&info, (uintptr_t)addr);
	*ret = info;
	return true;
}

void nm_heap_sites(
    const struct nm_heap *h, void (*each)(const struct nm_heap_site *s, void *arg), void *arg)
{
	struct nm_heap *m = (struct nm_heap *)(uintptr_t)h; /* its lock moves, nothing else */

	if (!h->special || !h->special->notes)
		return;
	(void)pthread_mutex_lock(&m->lock);
	for (uint32_t i = 0; i < SITES_MOST; i++) {
		const struct site *at = &h->special->sites[i];
		struct nm_heap_site out = {
			.blocks = at->blocks, .bytes = at->bytes, .frames = at->frames
		};

		if (!at->blocks)
			continue;
		memcpy(out.stack, at->stack, sizeof out.stack);
		each(&out, arg);
	}
	(void)pthread_mutex_unlock(&m->lock);
}
