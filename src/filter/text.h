/* SPDX-License-Identifier: MIT */
/* filter/text.h -- filters as people write them: Wireshark's language, compiled to the same
 * steps that documented objects become (program.h).
 *
 *   text -> tokens (lex.h) -> operands and truth (syntax.h) -> checked and emitted (emit.h)
 *
 * Owns:     nothing that is left: a filter belongs to its caller.
 * Uses:     parse/ for names, PCRE2 for `matches`.
 * Threads:  any.
 * Trust:    the text is hostile: length, depth and patterns are bounded.
 */
#ifndef NM_FILTER_TEXT_H
#define NM_FILTER_TEXT_H

#include "filter/filter.h"

#define NM_FILTER_TEXT_MAX  8192u /* bytes: a message between processes holds it */
#define NM_FILTER_DEPTH_MAX 100u  /* parentheses and NOTs within each other */
#define NM_FILTER_ERROR_MAX 512u

/* What is wrong, in one line, and where: n bytes of the text from `at` on. */
struct nm_filter_error {
	uint32_t at, n;
	char text[NM_FILTER_ERROR_MAX];
};

/* A filter, to be used and freed as any other (filter.h); objects can't be added to it.
 * An empty text passes everything. Only after parsers are sealed. NMERR_SUCCESS;
 * NMERR_FILTER_INVALID_EXPRESSION and *ret_error; NMERR_OUT_OF_MEMORY, and *ret_error says
 * so too. `f` is borrowed for good. */
uint32_t nm_filter_compile(const char *text, const struct nm_filter_frames *f, HFILTER *ret,
    struct nm_filter_error *ret_error);

/* For a word that names no field or protocol, add to the text what may be meant: "; did you mean
 * tcp.port?", or some fields that begin as it does. False: nothing is near. */
bool nm_filter_suggest(const char *word, char *text, size_t size);

#endif
