/* SPDX-License-Identifier: MIT */
/* common/fold.h -- both halves of a product, folded into one number: the heart of a hash. */
#ifndef COMMON_FOLD_H
#define COMMON_FOLD_H

#include <stdint.h>

static inline uint64_t fold_product(uint64_t a, uint64_t b)
{
#if defined(__SIZEOF_INT128__)
	__extension__ unsigned __int128 m = (unsigned __int128)a * b;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
#else
	uint64_t al = (uint32_t)a, ah = a >> 32, bl = (uint32_t)b, bh = b >> 32;
	uint64_t low = al * bl, one = ah * bl + (low >> 32), two = al * bh + (uint32_t)one;

	return (two << 32 | (uint32_t)low) ^ (ah * bh + (one >> 32) + (two >> 32));
#endif
}

#endif
