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

/* Most bytes of one class that lie idle to rest: where asked for, and by default. */
#define REST_BYTES         ((uint32_t)1 << 20)
#define REST_BYTES_DEFAULT 8192u
#define REST_DEFAULT       32u /* blocks */
#define REST_MOST          65536u

/* Classes 1 to 16 are 16 to 256 bytes, then come eight to a doubling. */
static unsigned shift_of(unsigned c)
{
	return c <= 16 ? 4 : 5 + (c - 17) / 8;
}

static unsigned factor_of(unsigned c)
{
	return c <= 16 ? c : 9 + (c - 17) % 8;
}

static uint32_t cap_for(uint32_t size)
{
	uint32_t cap = CACHE_MOST;

	while (cap > CACHE_LEAST && cap * size > CACHE_BYTES)
		cap /= 2;
	return cap;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t delay_for(uint32_t size, uint32_t asked)
{
	if (asked == NM_HEAP_NO_DELAY)
		return 0;
	if (asked == 0)
		return smaller(REST_DEFAULT, REST_BYTES_DEFAULT / size);
	return smaller(smaller(asked, REST_MOST), REST_BYTES / size);
}

/* What rests must fit into a queue, with room for as many that don't. */
static struct slot_class make_class(unsigned c, uint32_t asked)
{
	unsigned a = shift_of(c), m = factor_of(c);
	uint32_t size = m << a, cap = cap_for(size), delay = delay_for(size, asked);

	return (struct slot_class){
		.size = size,
		.delay = delay,
		.cap = cap / 2 < delay ? delay * 2 : cap,
		.slots = (uint16_t)(1u << (UNIT_SHIFT - a)),
		.units = (uint8_t)m,
		.bucket = (uint8_t)(a - 4),
	};
}

void nm_classes_init(struct nm_heap *h, uint32_t delay)
{
	unsigned step = 0;

	for (unsigned c = 1; c < CLASSES; c++) {
		h->class[c] = make_class(c, delay);
		for (; step <= h->class[c].size / 16; step++)
			h->class_of[step] = (uint8_t)c;
	}
}

size_t nm_queue_bytes(uint32_t delay)
{
	size_t n = 1; /* the entry after the last may be looked at */

	for (unsigned c = 1; c < CLASSES; c++)
		n += make_class(c, delay).cap * 2;
	return n * sizeof(struct dead);
}
