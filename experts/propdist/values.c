/* SPDX-License-Identifier: MIT */
/* A hash table that forgets what is rare. */
#include "values.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 256u
#define LAST_ROOM  16u

static uint64_t mixed(uint64_t h)
{
	h ^= h >> 32;
	h *= UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 29;
}

static uint64_t hash_of(const struct values *v, const uint8_t *p, uint32_t n)
{
	uint64_t h = v->seed ^ n, word;

	for (; n >= sizeof word; p += sizeof word, n -= (uint32_t)sizeof word) {
		memcpy(&word, p, sizeof word);
		h = mixed(h ^ word);
	}
	word = 0;
	if (n)
		memcpy(&word, p, n);
	return mixed(mixed(h ^ word) + v->seed);
}

static bool is(const struct value *e, uint64_t h, const uint8_t *p, uint32_t n)
{
	return e->hash == h && e->length == n &&
	       memcmp(e->bytes, p, n < VALUE_KEPT ? n : VALUE_KEPT) == 0;
}

static uint32_t *slot_of(const struct values *v, uint64_t h)
{
	uint32_t slots = 2 * v->room, i = (uint32_t)(h % slots);

	while (v->index[i])
		i = i + 1 < slots ? i + 1 : 0;
	return &v->index[i];
}

static void index_all(struct values *v)
{
	memset(v->index, 0, 2u * v->room * sizeof *v->index);
	for (uint32_t i = 0; i < v->n; i++)
		*slot_of(v, v->list[i].hash) = i + 1;
}

/* False, and all as it was: no memory. */
static bool resize(struct values *v, uint32_t room)
{
	uint32_t *index = budget_take(v->budget, 2u * room * sizeof *index), old = v->room;
	struct value *list = NULL;

	if (index)
		list = budget_grow(v->budget, v->list, v->n, &v->room, room, sizeof *list);
	if (!list) {
		budget_give(v->budget, index, 2u * room * sizeof *index);
		return false;
	}
	budget_give(v->budget, v->index, 2u * old * sizeof *index);
	v->list = list;
	v->index = index;
	index_all(v);
	return true;
}

bool values_init(struct values *v, struct budget *b, uint64_t seed)
{
	*v = (struct values){ .budget = b, .seed = seed };
	return resize(v, FIRST_ROOM) || resize(v, LAST_ROOM);
}

void values_done(struct values *v)
{
	budget_give(v->budget, v->list, v->room * sizeof *v->list);
	budget_give(v->budget, v->index, 2u * v->room * sizeof *v->index);
	*v = (struct values){ .budget = v->budget };
}

/* Half of the values are in at most so many frames: by powers of two. */
static uint64_t low_count(const struct values *v)
{
	uint32_t n_below[65] = { 0 }, below = 0;
	unsigned power = 0;

	for (uint32_t i = 0; i < v->n; i++)
		n_below[64u - (unsigned)__builtin_clzll(v->list[i].frames)]++;
	while ((below += n_below[power]) < (v->n + 1) / 2)
		power++;
	return power < 64 ? (UINT64_C(1) << power) - 1 : UINT64_MAX;
}

static void forget_rare(struct values *v)
{
	uint64_t low = low_count(v);
	uint32_t kept = 0;

	for (uint32_t i = 0; i < v->n; i++) {
		const struct value *e = &v->list[i];

		if (e->frames > low) {
			v->list[kept++] = *e;
			continue;
		}
		if (e->frames + e->error > v->floor)
			v->floor = e->frames + e->error;
		v->forgotten++;
	}
	v->n = kept;
	index_all(v);
}

static void make_room(struct values *v)
{
	if (v->n < v->room || resize(v, 2 * v->room))
		return;
	forget_rare(v);
}

static void once_more(struct value *e, uint32_t frame)
{
	if (e->last != frame)
		e->frames++;
	e->last = frame;
	e->instances++;
}

struct value *values_count(
    struct values *v, const uint8_t *bytes, uint32_t length, uint32_t frame, bool *ret_new)
{
	uint64_t h = hash_of(v, bytes, length);
	uint32_t slots = 2 * v->room;
	struct value *e;

	*ret_new = false;
	for (uint32_t i = (uint32_t)(h % slots); v->index[i]; i = i + 1 < slots ? i + 1 : 0) {
		e = &v->list[v->index[i] - 1];
		if (is(e, h, bytes, length)) {
			once_more(e, frame);
			return e;
		}
	}
	make_room(v);
	e = &v->list[v->n++];
	*e = (struct value){ .hash = h,
		.frames = 1,
		.instances = 1,
		.error = v->floor,
		.first = frame,
		.last = frame,
		.length = length };
	memcpy(e->bytes, bytes, length < VALUE_KEPT ? length : VALUE_KEPT);
	*slot_of(v, h) = v->n;
	*ret_new = true;
	return e;
}
