/* SPDX-License-Identifier: MIT */
/* Memory tied to the capture, for parsers: one heap in a process, which reads one. */
#include "system/lock.h"
#include "base/nmerr.h"
#include "heap/heap.h"
#include "parse/parse_int.h"

#include <string.h>

#define QUOTA_BYTES (UINT64_C(32) << 20)

static struct nm_heap *heap; /* owned; made when first needed */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The protocol whose entry point runs; NULL and the last error outside of one. */
static struct protocol *current(void)
{
	struct protocol *p = nm_guarded ? nm_guarded->running : NULL;

	if (!p)
		nm_set_last_error(NMERR_NOT_LOCKED);
	return p;
}

static struct nm_heap *the_heap(void)
{
	const struct nm_heap_options o = { .quota_bytes = QUOTA_BYTES };
	bool taken = nm_lock(&lock);

	if (!heap && nm_heap_create(&o, &heap) != NMERR_SUCCESS)
		heap = NULL;
	nm_unlock(&lock, taken);
	return heap;
}

void nm_context_clear(void)
{
	if (heap)
		nm_heap_destroy(heap);
	heap = NULL;
}

void *nm_context_alloc(size_t n)
{
	void *p = NULL;

	if (!current())
		return NULL;
	nm_guard_hold();
	if (the_heap())
		p = nm_heap_alloc(heap, n); /* zeroed, asked for or not */
	if (!p)
		nm_set_last_error(NMERR_OUT_OF_MEMORY);
	nm_guard_release();
	return p;
}

void *nm_context_realloc(void *p, size_t n)
{
	void *q = NULL;
	uint32_t err;

	if (!current())
		return NULL;
	nm_guard_hold();
	err = the_heap() ? nm_heap_realloc(heap, p, n, &q) : NMERR_OUT_OF_MEMORY;
	if (err)
		nm_set_last_error(err);
	nm_guard_release();
	return err ? NULL : q;
}

bool nm_context_free(void *p)
{
	uint32_t err;

	if (!current())
		return false;
	nm_guard_hold();
	err = p && heap ? nm_heap_free(heap, p) : NMERR_INVALID_PARAMETER;
	if (err)
		nm_set_last_error(err);
	nm_guard_release();
	return !err;
}

size_t nm_context_size(const void *p)
{
	size_t n = 0;

	if (!current())
		return 0;
	nm_guard_hold();
	if (!p || !heap || !nm_heap_size(heap, p, &n))
		nm_set_last_error(NMERR_INVALID_PARAMETER);
	nm_guard_release();
	return n;
}

void *nm_context_pointer(void)
{
	const struct protocol *p = current();

	return p ? p->state->cc : NULL;
}

void nm_context_set_pointer(void *value)
{
	struct protocol *p = current();

	if (p)
		p->state->cc = value;
}
