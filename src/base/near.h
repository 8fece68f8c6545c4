/* SPDX-License-Identifier: MIT */
/* base/near.h -- how far two words are from each other, for "did you mean", and when they are as one.
 *
 * Owns:     nothing.
 * Threads:  any.
 * Trust:    any words.
 */
#ifndef NM_BASE_NEAR_H
#define NM_BASE_NEAR_H

#include <stdbool.h>

#define NM_NEAR_LONGEST 48u /* letters; a longer word is near to none */

/* Insertions, deletions, replacements and swaps of neighbours between the two; UINT_MAX when
 * one is too long. */
unsigned nm_near_distance(const char *a, const char *b);

/* How far what was meant may be from a word: with more slips it is another. */
unsigned nm_near_most(const char *word);

/* May it be meant by the word? No farther than *most, which begins as nm_near_most() and then lets
 * only what is nearer be meant. */
bool nm_near_is(const char *word, const char *meant, unsigned *most);

/* Only letters and digits count, in capitals or not: "Time to Live" is TimeToLive and time_to_live. */
bool nm_near_same(const char *a, const char *b);

#endif
