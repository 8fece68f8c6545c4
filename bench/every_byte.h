/* SPDX-License-Identifier: MIT */
/* every_byte.h -- what reading every byte means, for all who are compared. */
#ifndef EVERY_BYTE_H
#define EVERY_BYTE_H

#include <stdint.h>
#include <string.h>

/* They add up to this, eight at a time. */
static inline uint64_t every_byte(const uint8_t *p, uint32_t n)
{
	uint64_t s = 0, word;
	uint32_t i = 0;

	for (; n - i >= sizeof word; i += sizeof word) {
		memcpy(&word, p + i, sizeof word);
		s += word;
	}
	for (; i < n; i++)
		s += p[i];
	return s;
}

#endif
