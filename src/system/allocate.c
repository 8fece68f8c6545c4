/* SPDX-License-Identifier: MIT */
/* Memory of the C library: the same on every system. */
#include "system/files.h"

#include <stdlib.h>

void *nm_prim_alloc(size_t n)
{
	return malloc(n);
}

void *nm_prim_realloc(void *p, size_t n)
{
	return realloc(p, n);
}

void nm_prim_free(void *p)
{
	free(p);
}
