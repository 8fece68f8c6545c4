/* SPDX-License-Identifier: MIT */
/* The heap's view of Linux. */
#include "system/memory.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

bool nm_prim_fits(size_t unit)
{
	long page = sysconf(_SC_PAGESIZE);

	return page > 0 && (size_t)page <= unit;
}

/* PROT_NONE is free under every overcommit policy; committing charges. Huge pages
 * would be charged where one byte was touched, which no quota could foresee. */
void *nm_prim_reserve(size_t n)
{
	void *p = mmap(NULL, n, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (p == MAP_FAILED)
		return NULL;
	(void)madvise(p, n, MADV_NOHUGEPAGE);
	return p;
}

void nm_prim_release(void *p, size_t n)
{
	int saved = errno;

	(void)munmap(p, n);
	errno = saved;
}

bool nm_prim_commit(void *p, size_t n)
{
	return mprotect(p, n, PROT_READ | PROT_WRITE) == 0;
}

bool nm_prim_drop(void *p, size_t n)
{
	return madvise(p, n, MADV_DONTNEED) == 0;
}

bool nm_prim_seal(void *p, size_t n)
{
	if (mprotect(p, n, PROT_NONE) != 0)
		return false;
	(void)madvise(p, n, MADV_DONTNEED);
	return true;
}

void *nm_pages_new(size_t n)
{
	void *p = mmap(
	    NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

bool nm_pages_allow(void *p, size_t n, enum nm_access access)
{
	static const int prot[] = { PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE };

	return mprotect(p, n, prot[access]) == 0;
}

void *nm_whole_new(size_t n)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t bytes = (n + page) & ~(page - 1); /* 0 bytes take a page too */
	void *p = bytes > n ? aligned_alloc(page, bytes) : NULL;

	return p ? memset(p, 0, bytes) : NULL;
}

void nm_whole_free(void *p)
{
	free(p);
}

bool nm_prim_barrier_ready(void)
{
	return syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
}

void nm_prim_barrier(void)
{
	(void)syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0);
}
