/* SPDX-License-Identifier: MIT */
/* numbers.h -- smallest, largest, mean and median of numbers.
 *
 * Owns:     nothing.
 * Threads:  belongs to one.
 *
 * The median is that of a histogram of 64 buckets to a power of two: exact below 64, else
 * wrong by at most 1/128, 0.8 %.
 */
#ifndef PROPDIST_NUMBERS_H
#define PROPDIST_NUMBERS_H

#include <stdint.h>

#define NUMBERS_BUCKETS (64u + 58u * 64u)

struct numbers {
	uint64_t count, smallest, largest;
	double total;
	uint32_t buckets[NUMBERS_BUCKETS];
};

void numbers_add(struct numbers *n, uint64_t v);

/* The smallest number that half of all do not exceed; 0 of none. */
uint64_t numbers_median(const struct numbers *n);

#endif
