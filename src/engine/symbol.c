/* SPDX-License-Identifier: MIT */
/* Names for code addresses, and text without the C library's locks. */
#include "engine/symbol.h"
#include "system/library.h"

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

#define NAME 256 /* bytes of a file's name */

void nm_lines_code(struct nm_lines *t, const void *pc)
{
	const char *symbol;
	uint64_t offset;
	char file[NAME];

	if (!nm_object_at(pc, file, sizeof file, &symbol, &offset)) {
		nm_lines_hex(t, (uint64_t)(uintptr_t)pc);
		return;
	}
	nm_lines_put(t, file);
	if (symbol) {
		nm_lines_put(t, " ");
		nm_lines_put(t, symbol);
	}
	nm_lines_put(t, "+");
	nm_lines_hex(t, offset);
}

bool nm_code_is_ours(const void *pc)
{
	static const char *const ours[] = { "nmapi-engine", "nmapi.dll", "nmapi-worker.exe",
		"nmapi-engine.exe" };
	const char *symbol;
	uint64_t offset;
	char file[NAME];

	if (!nm_object_at(pc, file, sizeof file, &symbol, &offset))
		return false;
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
		if (strcmp(file, ours[i]) == 0)
			return true;
	return strncmp(file, "libnmapi.so", 11) == 0;
}

void nm_lines_code_line(struct nm_lines *t, const void *pc)
{
	nm_lines_code(t, pc);
	nm_lines_put(t, "\n");
}

void nm_lines_calls(struct nm_lines *t, void *const *pc, int n)
{
	for (int i = 0, seen = 0; i < n && !(seen && nm_code_is_ours(pc[i])); i++) {
		bool again = i > 0 && pc[i] == pc[i - 1];

		if (!again)
			nm_lines_code_line(t, pc[i]);
		else if (i == 1 || pc[i - 2] != pc[i])
			nm_lines_put(t, "... the same again and again\n");
		seen |= !nm_code_is_ours(pc[i]);
	}
}

/* ---- blocks ------------------------------------------------------------------------------- */

static void put_stack(struct nm_lines *t, const char *title, void *const *pc, uint32_t n)
{
	if (n)
		nm_lines_put(t, title);
	for (uint32_t i = 0; i < n; i++)
		if (!nm_code_is_ours(pc[i])) {
			nm_lines_put(t, "  ");
			nm_lines_code_line(t, pc[i]);
		}
}

void nm_lines_block(struct nm_lines *t, const struct nm_heap_info *i)
{
	uint64_t far = (uint64_t)(i->outside < 0 ? -i->outside : i->outside);

	nm_lines_put(t, "the address is ");
	if (far) {
		nm_lines_number(t, far);
		nm_lines_put(t, far == 1 ? " byte " : " bytes ");
		nm_lines_put(t, i->outside < 0 ? "before" : "after");
	} else {
		nm_lines_put(t, "in");
	}
	nm_lines_put(t, i->live ? " a block of " : " a freed block of ");
	nm_lines_number(t, i->size);
	nm_lines_put(t, i->size == 1 ? " byte" : " bytes");
	if (i->number) {
		nm_lines_put(t, ", allocation ");
		nm_lines_number(t, i->number);
		nm_lines_put(t, " of ");
		nm_lines_number(t, i->allocations);
	}
	nm_lines_put(t, "\n");
	put_stack(t, "allocated at\n", i->alloc_stack, i->alloc_frames);
	put_stack(t, "freed at\n", i->free_stack, i->free_frames);
}
