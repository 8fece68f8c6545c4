/* SPDX-License-Identifier: MIT */
/* Finding the peers and their functions. */
#include "peers.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 16

static struct peer all[MOST];
static size_t count;

/* dlsym gives an object pointer; ISO C has no cast from it to a function. */
static bool symbol(void *lib, const char *name, void *ret_function)
{
	void *p = lib ? dlsym(lib, name) : NULL;

	memcpy(ret_function, &p, sizeof p);
	return p != NULL;
}

static void *open_lib(const char *name)
{
	return dlopen(name, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND);
}

/* ---- ours --------------------------------------------------------------------- */

static bool our_valid(void *h, const void *p)
{
	size_t n;

	return nm_heap_size(h, p, &n);
}

static void *our_start(void)
{
	struct nm_heap_options opt = { .quota_bytes = UINT64_C(1) << 30 };
	struct nm_heap *h = NULL;

	(void)nm_heap_create(&opt, &h);
	return h;
}

static void our_end(void *h)
{
	nm_heap_destroy(h);
}

static void add_ours(void)
{
	all[count++] = (struct peer){
		.name = "this heap",
		.shape = SHAPE_OURS,
		.zeroes = true,
		.alloc.ours = nm_heap_alloc,
		.free.ours = nm_heap_free,
		.resize.ours = nm_heap_realloc,
		.valid = our_valid,
		.valid_any = true,
		.start = our_start,
		.end = our_end,
	};
}

/* ---- mimalloc, a heap to each key ------------------------------------------------ */

static void *(*mi_new)(void);
static void (*mi_destroy)(void *);
static bool (*mi_contains)(void *, const void *);

static void *mi_start(void)
{
	return mi_new();
}

static void mi_end(void *h)
{
	mi_destroy(h);
}

static bool mi_valid(void *h, const void *p)
{
	return mi_contains(h, p);
}

static void add_mimalloc(void)
{
	void *lib = open_lib("libmimalloc.so.2");
	struct peer m = { .name = "mimalloc",
		.shape = SHAPE_HEAP,
		.one_thread = true,
		.valid = mi_valid,
		.start = mi_start,
		.end = mi_end };

	if (!symbol(lib, "mi_heap_malloc", &m.alloc.heap) ||
	    !symbol(lib, "mi_free", &m.free.plain) ||
	    !symbol(lib, "mi_heap_realloc", &m.resize.heap) ||
	    !symbol(lib, "mi_heap_contains_block", &mi_contains) ||
	    !symbol(lib, "mi_heap_new", &mi_new) || !symbol(lib, "mi_heap_destroy", &mi_destroy))
		return;
	all[count++] = m;
	m.name = "mimalloc zalloc";
	m.zeroes = true;
	if (symbol(lib, "mi_heap_zalloc", &m.alloc.heap) &&
	    symbol(lib, "mi_heap_rezalloc", &m.resize.heap))
		all[count++] = m;
}

/* ---- those with malloc and calloc ------------------------------------------------- */

static const struct {
	const char *file, *name, *zero_name;
} families[] = {
	{ "libc.so.6", "glibc", "glibc calloc" },
	{ "libjemalloc.so.2", "jemalloc", "jemalloc calloc" },
	{ "libtcmalloc_minimal.so.4", "tcmalloc", "tcmalloc calloc" },
	{ "libhardened_malloc-light.so", "hardened light", "hardened calloc" },
	{ "libclang_rt.scudo_standalone-x86_64.so", "scudo", "scudo calloc" },
	{ "/usr/lib/llvm-14/lib/clang/14.0.6/lib/linux/libclang_rt.scudo_standalone-x86_64.so",
	    "scudo", "scudo calloc" },
};

static void add_family(const char *file, const char *name, const char *zero_name)
{
	void *lib = open_lib(file);
	struct peer m = { .name = name, .shape = SHAPE_MALLOC };

	if (!symbol(lib, "malloc", &m.alloc.plain) || !symbol(lib, "free", &m.free.plain) ||
	    !symbol(lib, "realloc", &m.resize.plain))
		return;
	all[count++] = m;
	m.name = zero_name;
	m.shape = SHAPE_CALLOC;
	m.zeroes = true;
	if (symbol(lib, "calloc", &m.alloc.pair))
		all[count++] = m;
}

const struct peer *peers_load(size_t *ret_n)
{
	add_ours();
	add_mimalloc();
	for (size_t i = 0; i < sizeof families / sizeof *families && count + 2 <= MOST; i++)
		add_family(families[i].file, families[i].name, families[i].zero_name);
	*ret_n = count;
	return all;
}
