/* SPDX-License-Identifier: MIT */
/* base/utf8.h -- telling text from bytes that only claim to be text.
 *
 * Owns:     nothing.
 * Uses:     the C library only.
 * Threads:  pure functions.
 * Trust:    every byte is hostile.
 */
#ifndef NM_BASE_UTF8_H
#define NM_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The well-formed UTF-8 character in the first of n bytes at s: returns its
 * length, 1 to 4, and its code point in *ret_cp. 0, and *ret_cp untouched, when
 * there is none (n == 0, a stray or overlong byte, a surrogate, a cut one). */
unsigned nm_utf8_next(const char *s, size_t n, uint32_t *ret_cp);

/* Where text of n bytes ends that is to have `most` at the most, without a part of a character. */
size_t nm_utf8_cut(const char *s, size_t n, size_t most);

/* False for characters that change what a terminal shows around them: C0 and
 * C1 controls, DEL, line and paragraph separators, direction controls. */
bool nm_cp_is_printable(uint32_t cp);

/* The first of n bytes at s that are printable ASCII. */
size_t nm_ascii_span(const char *s, size_t n);

/* Nothing in these n bytes does more to a terminal than show text: well-formed UTF-8 of
 * printable characters, line feeds and tabs; with `colour` also sequences that set colours
 * (ESC [ digits and semicolons m). */
bool nm_utf8_is_clean(const char *s, size_t n, bool colour);

#endif
