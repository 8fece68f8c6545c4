/* SPDX-License-Identifier: MIT */
/* base/dll.h -- can a Windows library be an expert, and why not: one line for a person.
 *
 * Owns:     its own text.
 * Uses:     pe.h, diag.h.
 * Threads:  pure functions over the caller's reader.
 * Trust:    the file is hostile; names from it are cleaned before they are shown.
 */
#ifndef NM_BASE_DLL_H
#define NM_BASE_DLL_H

#include "base/diag.h"
#include "base/pe.h"

/* Is a library of that name there, for that machine? Names are as the file has them. */
struct nm_dll_search {
	bool (*has)(void *ctx, enum nm_pe_machine machine, const char *name);
	void *ctx;
};

struct nm_dll {
	enum nm_pe_machine machine;
	bool usable;
	char text[NM_DIAG_TEXT]; /* "an expert for Windows, x86-64: ..."; else why it is none */
};

/* Look at a file of `size` bytes. Which libraries it asks for counts only with `search`, which
 * may be NULL. Returns ret->usable. */
bool nm_dll_look(struct nm_dll *ret, nm_pe_reader read, void *ctx, uint64_t size,
    const struct nm_dll_search *search);

/* A whole library of native code? False, and why not in the `n` bytes at `text`. `why` is what
 * nm_pe_open() said of it. */
bool nm_dll_is_library(const struct nm_pe *pe, const char *why, char *text, size_t n);

#endif
