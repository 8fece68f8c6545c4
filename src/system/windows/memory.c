/* SPDX-License-Identifier: MIT */
/* Address space and pages, on Windows. */
#include "system/memory.h"

bool nm_prim_fits(size_t unit)
{
	SYSTEM_INFO si;

	GetSystemInfo(&si);
	return si.dwPageSize <= unit;
}

void *nm_prim_reserve(size_t n)
{
	return VirtualAlloc(NULL, n, MEM_RESERVE, PAGE_NOACCESS);
}

void nm_prim_release(void *p, size_t n)
{
	DWORD saved = GetLastError();

	(void)n;
	(void)VirtualFree(p, 0, MEM_RELEASE);
	SetLastError(saved);
}

bool nm_prim_commit(void *p, size_t n)
{
	return VirtualAlloc(p, n, MEM_COMMIT, PAGE_READWRITE) != NULL;
}

/* Of one stretch that is committed. A page that is given back and taken again reads as
 * zero. When the system has none any more, there is no way back and no way on. */
static void renew(void *p, size_t n)
{
	if (VirtualFree(p, n, MEM_DECOMMIT) && !VirtualAlloc(p, n, MEM_COMMIT, PAGE_READWRITE))
		RaiseException(STATUS_NO_MEMORY, EXCEPTION_NONCONTINUABLE, 0, NULL);
}

bool nm_prim_drop(void *p, size_t n)
{
	char *at = p, *end = at + n;
	MEMORY_BASIC_INFORMATION is;

	for (; at < end; at = (char *)is.BaseAddress + is.RegionSize) {
		size_t left = (size_t)(end - at), whole;

		if (!VirtualQuery(at, &is, sizeof is))
			return false;
		whole = is.RegionSize - (size_t)(at - (char *)is.BaseAddress);
		if (is.State == MEM_COMMIT)
			renew(at, whole < left ? whole : left);
	}
	return true;
}

bool nm_prim_seal(void *p, size_t n)
{
	return VirtualFree(p, n, MEM_DECOMMIT);
}

void *nm_pages_new(size_t n)
{
	return VirtualAlloc(NULL, n, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

bool nm_pages_allow(void *p, size_t n, enum nm_access access)
{
	static const DWORD protect[] = { PAGE_NOACCESS, PAGE_READONLY, PAGE_READWRITE };
	DWORD before;

	return VirtualProtect(p, n, protect[access], &before);
}

void *nm_whole_new(size_t n)
{
	return VirtualAlloc(NULL, n ? n : 1, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

void nm_whole_free(void *p)
{
	if (p)
		(void)VirtualFree(p, 0, MEM_RELEASE);
}

bool nm_prim_barrier_ready(void)
{
	return true;
}

void nm_prim_barrier(void)
{
	FlushProcessWriteBuffers();
}
