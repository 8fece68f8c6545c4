/* SPDX-License-Identifier: MIT */
/* api/support.c -- the functions of the old nmsupp.h that need no part behind them. */
#include "base/nmerr.h"
#include "system/memory.h"

#include <netmon.h>

#include <stdarg.h>
#include <stdio.h>

NMAPI_API BYTE HexTable[16] = { '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C',
	'D', 'E', 'F' };

/* Private values: the published interface names these and gives none. */
const IID IID_IDelaydC = { 0x6f1c7b52, 0x3a0e, 0x4c61,
	{ 0x9d, 0x27, 0x58, 0x40, 0xe1, 0xb3, 0x76, 0x0a } };
const IID IID_IRTC = { 0x6f1c7b53, 0x3a0e, 0x4c61,
	{ 0x9d, 0x27, 0x58, 0x40, 0xe1, 0xb3, 0x76, 0x0a } };
const IID IID_IStats = { 0x6f1c7b54, 0x3a0e, 0x4c61,
	{ 0x9d, 0x27, 0x58, 0x40, 0xe1, 0xb3, 0x76, 0x0a } };

DWORD WINAPI BhGetLastError(VOID)
{
	return nm_last_error();
}

DWORD WINAPI BhSetLastError(DWORD Error)
{
	nm_set_last_error(Error);
	return Error;
}

/* ---- process memory ----------------------------------------------------------
 *
 * OFFSET -16: 8 bytes, the size requested; 8 bytes unused, so that the caller's
 * bytes, which follow, are aligned to 16 as malloc's are. */

struct block {
	uint64_t bytes;
	uint64_t unused;
};

#define BLOCK_MAX (SIZE_MAX / 2)

static struct block *block_of(LPVOID ptr)
{
	return (struct block *)ptr - 1;
}

LPVOID WINAPI AllocMemory(SIZE_T size)
{
	struct block *b = size <= BLOCK_MAX ? calloc(1, sizeof *b + size) : NULL;

	if (!b) {
		nm_set_last_error(NMERR_OUT_OF_MEMORY);
		return NULL;
	}
	b->bytes = size;
	return b + 1;
}

LPVOID WINAPI ReallocMemory(LPVOID ptr, SIZE_T NewSize)
{
	struct block *b;
	size_t old;

	if (!ptr)
		return AllocMemory(NewSize);
	old = (size_t)block_of(ptr)->bytes;
	b = NewSize <= BLOCK_MAX ? realloc(block_of(ptr), sizeof *b + NewSize) : NULL;
	if (!b) {
		nm_set_last_error(NMERR_OUT_OF_MEMORY);
		return NULL;
	}
	if (NewSize > old)
		memset((BYTE *)(b + 1) + old, 0, NewSize - old);
	b->bytes = NewSize;
	return b + 1;
}

VOID WINAPI FreeMemory(LPVOID ptr)
{
	if (ptr)
		free(block_of(ptr));
}

SIZE_T WINAPI MemorySize(LPVOID ptr)
{
	return ptr ? (SIZE_T)block_of(ptr)->bytes : 0;
}

VOID WINAPI TestMemory(LPVOID ptr)
{
	(void)ptr;
}

HANDLE WINAPI MemoryHandle(LPBYTE ptr)
{
	return ptr;
}

LPVOID WINAPI BhAllocSystemMemory(DWORD nBytes)
{
	LPVOID p = nm_whole_new(nBytes);

	if (!p)
		nm_set_last_error(NMERR_OUT_OF_MEMORY);
	return p;
}

LPVOID WINAPI BhFreeSystemMemory(LPVOID ptr)
{
	nm_whole_free(ptr);
	return NULL;
}

/* ---- what is obsolete and has a fixed answer ------------------------------------ */

LPVOID WINAPI BhGetNetworkRequestAddress(DWORD NalRequestType)
{
	(void)NalRequestType;
	return NULL;
}

DWORD WINAPI BhGetWindowsVersion(VOID)
{
	return WINDOWS_VERSION_WIN32;
}

WINBOOL WINAPI IsDaytona(VOID)
{
	return TRUE;
}

HPASSWORD WINAPI CreatePassword(LPSTR password)
{
	(void)password;
	return NULL;
}

VOID WINAPI DestroyPassword(HPASSWORD hPassword)
{
	(void)hPassword;
}

ACCESSRIGHTS WINAPI ValidatePassword(HPASSWORD hPassword)
{
	(void)hPassword;
	return AccessRightsAllAccess;
}

HANDLE WINAPI BhOpenService(LPSTR ServiceName)
{
	(void)ServiceName;
	return NULL;
}

VOID WINAPI BhCloseService(HANDLE ServiceHandle)
{
	(void)ServiceHandle;
}

DWORD WINAPI BhStartService(HANDLE ServiceHandle)
{
	(void)ServiceHandle;
	return NMERR_NOT_SUPPORTED;
}

DWORD WINAPI BhStopService(HANDLE ServiceHandle)
{
	(void)ServiceHandle;
	return NMERR_NOT_SUPPORTED;
}

/* The format is the plug-in's: there is nothing here to check it against. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
VOID NMAPI_CDECL NmDprintf(LPSTR format, ...);

VOID NMAPI_CDECL NmDprintf(LPSTR format, ...)
{
	va_list ap;

	va_start(ap, format);
	(void)vfprintf(stderr, format, ap);
	va_end(ap);
}
#pragma GCC diagnostic pop
