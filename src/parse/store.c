/* SPDX-License-Identifier: MIT */
/* Memory of the registry: filled until it is sealed, and from then on nobody's to write,
 * neither a parser's nor ours. */
#include "parse/parse_int.h"
#include "system/memory.h"

#include <string.h>

#define CHUNK_BYTES (1u << 20)
#define CHUNKS_MAX  64u /* as much as parsers get, whatever they ask for */

static struct {
	uint8_t *p; /* owned */
	size_t used, size;
} chunks[CHUNKS_MAX];
static unsigned n_chunks;
static bool sealed;

static bool add_chunk(size_t least)
{
	size_t size = (least + CHUNK_BYTES - 1) & ~(size_t)(CHUNK_BYTES - 1);
	void *p = n_chunks < CHUNKS_MAX && size <= CHUNKS_MAX * (size_t)CHUNK_BYTES
		      ? nm_pages_new(size)
		      : NULL;

	if (!p)
		return false;
	chunks[n_chunks].p = p;
	chunks[n_chunks].used = 0;
	chunks[n_chunks++].size = size;
	return true;
}

void *nm_store_alloc(size_t n)
{
	void *p;

	if (sealed || n > CHUNKS_MAX * (size_t)CHUNK_BYTES)
		return NULL;
	n = (n + 63) & ~(size_t)63; /* lines of the cache */
	if ((n_chunks == 0 || n > chunks[n_chunks - 1].size - chunks[n_chunks - 1].used) &&
	    !add_chunk(n))
		return NULL;
	p = chunks[n_chunks - 1].p + chunks[n_chunks - 1].used;
	chunks[n_chunks - 1].used += n;
	return p;
}

bool nm_store_has(const void *p)
{
	for (unsigned i = 0; i < n_chunks; i++)
		if ((uintptr_t)p - (uintptr_t)chunks[i].p < chunks[i].size)
			return true;
	return false;
}

void nm_store_seal(bool on)
{
	sealed = on;
	for (unsigned i = 0; i < n_chunks; i++)
		(void)nm_pages_allow(
		    chunks[i].p, chunks[i].size, on ? NM_ACCESS_READ : NM_ACCESS_WRITE);
}

void nm_store_clear(void)
{
	for (unsigned i = 0; i < n_chunks; i++)
		nm_prim_release(chunks[i].p, chunks[i].size);
	memset(chunks, 0, sizeof chunks);
	n_chunks = 0;
	sealed = false;
}
