/* SPDX-License-Identifier: MIT */
/* filter/regex.h -- patterns of `matches`, through PCRE2 without its JIT.
 *
 * Owns:     each compiled pattern.
 * Uses:     PCRE2.
 * Threads:  one compiles and frees; any match.
 * Trust:    patterns and values are hostile: size, nesting, steps and memory are bounded,
 *           and a match that reaches a bound is none. Matching allocates nothing.
 */
#ifndef NM_FILTER_REGEX_H
#define NM_FILTER_REGEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NM_REGEX_BYTES_MAX 1024u  /* of a pattern */
#define NM_REGEX_NEST_MAX  50u    /* parentheses within each other */
#define NM_REGEX_STEPS_MAX 50000u /* of one match: some milliseconds */
#define NM_REGEX_MOST      64u    /* patterns in a filter */

struct nm_regex;

/* Letters match in either case unless the pattern says (?-i). NULL: no pattern; *ret_at is
 * where, and why (256 bytes) says what, or is "" when there is no memory. */
struct nm_regex *nm_regex_new(const uint8_t *p, size_t n, size_t *ret_at, char why[256]);
void nm_regex_free(struct nm_regex *r);
bool nm_regex_match(const struct nm_regex *r, const uint8_t *p, size_t n);

#endif
