/* SPDX-License-Identifier: MIT */
/* Preloaded, this writes down what an expert asks of its heap, for memory_trace:
 *
 *   HEAP_TRACE=FILE LD_PRELOAD=.../librecord_heap.so netmon run --in-process -e NAME CAPTURE
 *
 * A line for each call that succeeded: "a SLOT BYTES" allocates, "r SLOT BYTES"
 * resizes, "f SLOT" frees; slots are reused. One thread. */
#include <netmon.h>

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIVE_MOST 200000

static void *live[LIVE_MOST];
static FILE *out;

static void *next(const char *name)
{
	const char *to = getenv("HEAP_TRACE");

	if (!out) {
		out = to ? fopen(to, "we") : NULL;
		if (!out)
			abort();
		setlinebuf(out); /* a run may end by _exit */
	}
	return dlsym(RTLD_NEXT, name);
}

static size_t slot_of(const void *p)
{
	for (size_t i = 0; i < LIVE_MOST; i++)
		if (live[i] == p)
			return i;
	abort();
}

NMAPI_API LPVOID WINAPI ExpertAllocMemory(HEXPERTKEY hExpertKey, SIZE_T nBytes, DWORD *pError)
{
	LPVOID (*call)(HEXPERTKEY, SIZE_T, DWORD *);
	void *sym = next("ExpertAllocMemory"), *p;
	size_t i;

	memcpy(&call, &sym, sizeof call);
	p = call(hExpertKey, nBytes, pError);
	if (!p)
		return NULL;
	i = slot_of(NULL);
	live[i] = p;
	(void)fprintf(out, "a %zu %zu\n", i, (size_t)nBytes);
	return p;
}

NMAPI_API LPVOID WINAPI ExpertReallocMemory(
    HEXPERTKEY hExpertKey, LPVOID pOriginalMemory, SIZE_T nBytes, DWORD *pError)
{
	LPVOID (*call)(HEXPERTKEY, LPVOID, SIZE_T, DWORD *);
	void *sym = next("ExpertReallocMemory"), *p;
	size_t i;

	memcpy(&call, &sym, sizeof call);
	p = call(hExpertKey, pOriginalMemory, nBytes, pError);
	if (!p)
		return NULL;
	i = slot_of(pOriginalMemory);
	live[i] = p;
	(void)fprintf(out, "%c %zu %zu\n", pOriginalMemory ? 'r' : 'a', i, (size_t)nBytes);
	return p;
}

NMAPI_API SIZE_T WINAPI ExpertFreeMemory(HEXPERTKEY hExpertKey, LPVOID pMemory)
{
	SIZE_T (*call)(HEXPERTKEY, LPVOID);
	void *sym = next("ExpertFreeMemory");
	SIZE_T err;
	size_t i;

	memcpy(&call, &sym, sizeof call);
	err = call(hExpertKey, pMemory);
	if (err != NMERR_SUCCESS || !pMemory)
		return err;
	i = slot_of(pMemory);
	live[i] = NULL;
	(void)fprintf(out, "f %zu\n", i);
	return err;
}
