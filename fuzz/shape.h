/* SPDX-License-Identifier: MIT */
/* shape.h -- mutators that know the shape of a capture.
 *
 * A mutator takes bytes apart as far as they have the shape, changes one thing or a
 * few, and puts them together again, with lengths and offsets that are right, or, now
 * and then, wrong in one place. Bytes without that shape are changed as bytes.
 *
 * Owns:     nothing.
 * Uses:     base/bytes.h; LLVMFuzzerMutate() of the fuzzer.
 * Threads:  one.
 * Trust:    bytes are any; nothing is read or written beyond them.
 */
#ifndef SHAPE_H
#define SHAPE_H

#include <stddef.h>
#include <stdint.h>

size_t LLVMFuzzerMutate(uint8_t *p, size_t n, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *p, size_t n, size_t most, unsigned seed);

struct shape_dice {
	uint64_t state;
};

static inline uint32_t shape_roll(struct shape_dice *d, uint32_t sides)
{
	d->state = d->state * UINT64_C(6364136223846793005) + 1442695040888963407u;
	return sides ? (uint32_t)(d->state >> 33) % sides : 0;
}

/* Numbers at which readers change their mind. */
static inline uint32_t shape_edge(struct shape_dice *d)
{
	static const uint32_t edges[] = { 0, 1, 2, 3, 4, 7, 8, 11, 12, 15, 16, 27, 28, 31, 32, 63,
		71, 72, 127, 128, 255, 256, 260, 65534, 65535, 65536, 0x3fffffff, 0x7fffffff,
		0x80000000, 0xfffffffb, 0xfffffffc, 0xfffffffe, 0xffffffff, (8u << 20) - 1,
		8u << 20, (8u << 20) + 1, 9u << 20, (9u << 20) + 1 };

	return edges[shape_roll(d, sizeof edges / sizeof *edges)];
}

#endif
