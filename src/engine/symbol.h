/* SPDX-License-Identifier: MIT */
/* engine/symbol.h -- code addresses as people read them.
 *
 * Uses no lock of the C library's output functions, so that a crash handler may
 * call it; the dynamic linker's own lists are walked, which may still go wrong
 * in a process that is broken enough.
 */
#ifndef NM_ENGINE_SYMBOL_H
#define NM_ENGINE_SYMBOL_H

#include "heap/heap.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Text that grows to a bound and then is cut; always terminated. */
struct nm_lines {
	char *p;
	size_t n, size;
};

void nm_lines_put(struct nm_lines *t, const char *s);
void nm_lines_number(struct nm_lines *t, uint64_t v);
void nm_lines_hex(struct nm_lines *t, uint64_t v);

/* "topuser.so Run+0x1b3", or as much of it as is known; no line break. */
void nm_lines_code(struct nm_lines *t, const void *pc);

/* The same as a line. */
void nm_lines_code_line(struct nm_lines *t, const void *pc);

/* A line for each of n calls under way, the innermost first, as far as the function of an expert that
 * we have called: what called that is us, every time. One that calls itself is told once. */
void nm_lines_calls(struct nm_lines *t, void *const *pc, int n);

/* "the address is 1 byte after a block of 100 bytes, allocation 12 of 40", and below it where that
 * came from. */
void nm_lines_block(struct nm_lines *t, const struct nm_heap_info *i);

/* Does the address lie in libnmapi or the engine, which say nothing to an expert's author? */
bool nm_code_is_ours(const void *pc);

#endif
