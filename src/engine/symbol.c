/* SPDX-License-Identifier: MIT */
/* Names for code addresses, and text without the C library's locks. */
#include "engine/symbol.h"

#include <dlfcn.h>
#include <string.h>

void nm_lines_put(struct nm_lines *t, const char *s)
{
	while (*s && t->n + 1 < t->size) {
		char c = *s++;

		t->p[t->n++] = c;
	}
	if (t->size)
		t->p[t->n] = '\0';
}

static void digits(struct nm_lines *t, uint64_t v, unsigned base)
{
	char buf[24], *p = buf + sizeof buf - 1;

	*p = '\0';
	do
		*--p = "0123456789abcdef"[v % base];
	while (v /= base);
	nm_lines_put(t, p);
}

void nm_lines_number(struct nm_lines *t, uint64_t v)
{
	digits(t, v, 10);
}

void nm_lines_hex(struct nm_lines *t, uint64_t v)
{
	nm_lines_put(t, "0x");
	digits(t, v, 16);
}

static const char *after_slash(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

void nm_lines_code(struct nm_lines *t, const void *pc)
{
	uint64_t at = (uint64_t)(uintptr_t)pc;
	Dl_info i;

	if (!dladdr(pc, &i) || !i.dli_fname) {
		nm_lines_hex(t, at);
		return;
	}
	nm_lines_put(t, after_slash(i.dli_fname));
	if (i.dli_sname) {
		nm_lines_put(t, " ");
		nm_lines_put(t, i.dli_sname);
		at -= (uint64_t)(uintptr_t)i.dli_saddr;
	} else {
		at -= (uint64_t)(uintptr_t)i.dli_fbase;
	}
	nm_lines_put(t, "+");
	nm_lines_hex(t, at);
}

bool nm_code_is_ours(const void *pc)
{
	Dl_info i;

	return dladdr(pc, &i) && i.dli_fname &&
	       (strncmp(after_slash(i.dli_fname), "libnmapi.so", 11) == 0 ||
		strcmp(after_slash(i.dli_fname), "nmapi-engine") == 0);
}
