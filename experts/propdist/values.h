/* SPDX-License-Identifier: MIT */
/* values.h -- how many frames have which value; bounded in memory.
 *
 * Owns:     its entries and their index, from its budget.
 * Uses:     common/budget.h.
 * Threads:  belongs to one.
 * Trust:    values are hostile: the hash is seeded. When there is no room for another value,
 *           the half with the smallest counts is forgotten: from then on a count may be too
 *           low by what `error` says, and a value that is not there was in at most `floor`
 *           frames.
 */
#ifndef PROPDIST_VALUES_H
#define PROPDIST_VALUES_H

#include "../common/budget.h"

#include <stdbool.h>
#include <stdint.h>

#define VALUE_KEPT 32u /* bytes that are kept; what is longer is told apart by its hash */
#define VALUE_TEXT 64u /* bytes of its text, with the NUL */

struct value {
	uint64_t hash;
	uint64_t frames, instances;
	uint64_t error;       /* frames that it may have been in besides */
	uint32_t first, last; /* frames */
	uint32_t length;      /* bytes */
	uint8_t bytes[VALUE_KEPT];
	char text[VALUE_TEXT];
};

struct values {
	struct budget *budget; /* borrowed */
	uint64_t seed;
	struct value *list;
	uint32_t n, room, most; /* most: room that is never exceeded */
	uint32_t *index;        /* number + 1; 0 free; 2 * room of them */
	uint64_t floor;
	uint64_t forgotten; /* values, also more than once */
};

/* Room for at least 16 values, whatever the budget says: false when even that is refused. */
bool values_init(struct values *v, struct budget *b, uint64_t seed);
void values_done(struct values *v);

/* Count it for a frame. *ret_new: its text is still to be filled in. */
struct value *values_count(
    struct values *v, const uint8_t *bytes, uint32_t length, uint32_t frame, bool *ret_new);

#endif
