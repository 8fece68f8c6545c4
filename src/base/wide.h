/* SPDX-License-Identifier: MIT */
/* base/wide.h -- products that have more than 64 bits, on every machine.
 *
 * Threads:  pure functions.
 */
#ifndef NM_BASE_WIDE_H
#define NM_BASE_WIDE_H

#include <stdint.h>

/* a * b / d, rounded down, or UINT64_MAX where that is more; d is not 0. By hand: a bit of b
 * at a time, with what is left over kept below d. */
static inline uint64_t nm_mul_div_by_hand(uint64_t a, uint32_t b, uint64_t d)
{
	uint64_t whole = a / d, part = a % d, q = 0, left = 0, more;

	for (uint32_t bit = UINT32_C(1) << 31; bit; bit >>= 1) {
		q <<= 1;
		if (left >= d - left) { /* doubled, it holds d */
			left -= d - left;
			q++;
		} else {
			left += left;
		}
		if (!(b & bit))
			continue;
		if (part >= d - left) {
			left -= d - part;
			q++;
		} else {
			left += part;
		}
	}
	if (__builtin_mul_overflow(whole, (uint64_t)b, &more) ||
	    __builtin_add_overflow(more, q, &more))
		return UINT64_MAX;
	return more;
}

/* The same, as fast as the machine can. */
static inline uint64_t nm_mul_div(uint64_t a, uint32_t b, uint64_t d)
{
#if defined(__SIZEOF_INT128__)
	__extension__ unsigned __int128 x = (unsigned __int128)a * b / d;

	return x > UINT64_MAX ? UINT64_MAX : (uint64_t)x;
#else
	return nm_mul_div_by_hand(a, b, d);
#endif
}

#endif
