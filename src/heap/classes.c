/* SPDX-License-Identifier: MIT */
/* Size classes.
 *
 * Sixteen classes of 16 to 256 bytes in steps of 16, then eight to each doubling
 * up to 16 KiB. Every size is m * 2^a with m at most 16, so 2^(14-a) slots fill
 * exactly m units, and arrays of states come in seven sizes, all powers of two.
 */
#include "heap/heap_int.h"

#define CACHE_BYTES 65536u /* what one queue of a cache holds, about */
#define CACHE_MOST  512u
#define CACHE_LEAST 8u

static uint16_t cap_for(uint32_t size)
{
	uint32_t cap = CACHE_MOST;

	while (cap > CACHE_LEAST && cap * size > CACHE_BYTES)
		cap /= 2;
	return (uint16_t)cap;
}

static void set_class(struct slot_class *k, unsigned m, unsigned a)
{
	uint32_t size = m << a;

	*k = (struct slot_class){
		.size = size,
		.slots = (uint16_t)(1u << (UNIT_SHIFT - a)),
		.cap = cap_for(size),
		.units = (uint8_t)m,
		.bucket = (uint8_t)(a - 4),
	};
}

void nm_classes_init(struct nm_heap *h)
{
	unsigned c = 0, step = 0;

	for (unsigned m = 1; m <= 16; m++)
		set_class(&h->class[++c], m, 4);
	for (unsigned a = 5; a <= 10; a++)
		for (unsigned m = 9; m <= 16; m++)
			set_class(&h->class[++c], m, a);
	for (c = 1; c < CLASSES; c++)
		for (; step <= h->class[c].size / 16; step++)
			h->class_of[step] = (uint8_t)c;
}
