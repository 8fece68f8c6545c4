/* SPDX-License-Identifier: MIT */
/* The latest bytes of a stream. */
#include "capture/ring.h"
#include "system/files.h"

#include <string.h>

#define HEAD  (UINT32_C(64) << 10) /* a page of any machine */
#define SLOTS ((size_t)NM_READERS_MAX * HEAD)

struct nm_ring *nm_ring_new(uint32_t size, int *ret_fd)
{
	struct nm_ring *r = nm_prim_ring_new(HEAD, size, ret_fd);

	if (!r)
		return NULL;
	atomic_store_explicit(&r->kept_from, UINT64_MAX, memory_order_relaxed);
	r->size = size;
	return r;
}

bool nm_ring_seal(struct nm_ring *r, int fd)
{
	return nm_prim_ring_seal(r, HEAD, r->size, fd);
}

void nm_ring_free(struct nm_ring *r, int fd)
{
	nm_prim_ring_free(r, HEAD, r->size, fd);
}

uint8_t *nm_ring_place(const struct nm_ring *r, uint64_t offset)
{
	return (uint8_t *)(uintptr_t)r + HEAD + (offset & (r->size - 1));
}

bool nm_ring_copy(const struct nm_ring *r, void *to, size_t n, uint64_t offset)
{
	if (n > r->size || atomic_load_explicit(&r->oldest, memory_order_acquire) > offset)
		return false;
	memcpy(to, nm_ring_place(r, offset), n);
	atomic_thread_fence(memory_order_acquire);
	return atomic_load_explicit(&r->oldest, memory_order_relaxed) <= offset;
}

void nm_ring_end(struct nm_ring *r)
{
	atomic_store_explicit(&r->ended, 1, memory_order_release);
}

bool nm_ring_has_ended(const struct nm_ring *r)
{
	return atomic_load_explicit(&r->ended, memory_order_acquire) != 0;
}

void nm_ring_drop(struct nm_ring *r, uint64_t oldest)
{
	atomic_store_explicit(&r->oldest, oldest, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
}

void *nm_ring_readers_new(void)
{
	return nm_prim_common_new(SLOTS);
}

struct nm_ring_reader *nm_ring_reader(void *readers, unsigned i)
{
	return (struct nm_ring_reader *)(void *)((char *)readers + (size_t)i * HEAD);
}

void nm_ring_reader_begin(void *readers, unsigned i)
{
	struct nm_ring_reader *r = nm_ring_reader(readers, i);

	nm_ring_put(&r->at, 0);
	nm_ring_put(&r->end, 0);
	nm_ring_put(&r->lost, 0);
	atomic_store_explicit(&r->far, 0, memory_order_relaxed);
	atomic_store_explicit(&r->active, 1, memory_order_relaxed);
}

void nm_ring_reader_end(void *readers, unsigned i)
{
	atomic_store_explicit(&nm_ring_reader(readers, i)->active, 0, memory_order_relaxed);
}

bool nm_ring_reader_is_active(const struct nm_ring_reader *r)
{
	return atomic_load_explicit(&r->active, memory_order_relaxed) != 0;
}

void nm_ring_readers_free(void *readers)
{
	nm_prim_unmap(readers, SLOTS);
}

struct nm_ring_reader *nm_ring_readers_keep(void *readers, unsigned own)
{
	char *p = (char *)readers;
	size_t at = (size_t)own * HEAD;

	if (own > 0)
		nm_prim_unmap(p, at);
	if (own + 1 < NM_READERS_MAX)
		nm_prim_unmap(p + at + HEAD, SLOTS - at - HEAD);
	return nm_ring_reader(readers, own);
}

void nm_ring_reader_leave(struct nm_ring_reader *own)
{
	nm_prim_unmap(own, HEAD);
}
