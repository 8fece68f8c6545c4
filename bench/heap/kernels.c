/* SPDX-License-Identifier: MIT */
/* Loops of one thread. */
#include "kernels.h"
#include "calls.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

double now_ns(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

uint32_t bench_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 33);
}

#define LIVE_MOST 131072
static char *block[LIVE_MOST];
static uint32_t order[LIVE_MOST];

/* As a caller does who uses what he asked for: each page of it. */
INLINE void touch(volatile char *b, uint32_t n)
{
	*b = 1;
	for (uint32_t i = 4096; i < n; i += 4096)
		b[i] = 1;
}

INLINE double do_pair(enum shape k, const struct peer *p, const struct sizes *s, uint32_t live)
{
	const uint32_t loops = s->n[0] > 16384 ? 1000 : 100000;
	double t0 = now_ns();

	(void)live;
	for (uint32_t i = 0; i < loops; i++) {
		char *b = call_alloc(k, p, s->n[i % SIZES]);

		touch(b, s->n[i % SIZES]);
		call_free(k, p, b);
	}
	return (now_ns() - t0) / loops;
}

INLINE double do_lifo(enum shape k, const struct peer *p, const struct sizes *s, uint32_t live)
{
	const uint32_t loops = 100000 / live;
	double t0 = now_ns();

	for (uint32_t r = 0; r < loops; r++) {
		for (uint32_t i = 0; i < live; i++) {
			block[i] = call_alloc(k, p, s->n[(r + i) % SIZES]);
			*block[i] = 1;
		}
		for (uint32_t i = live; i-- > 0;)
			call_free(k, p, block[i]);
	}
	return (now_ns() - t0) / loops / live;
}

INLINE void fill(enum shape k, const struct peer *p, const struct sizes *s, uint32_t live)
{
	for (uint32_t i = 0; i < live; i++) {
		block[i] = call_alloc(k, p, s->n[i % SIZES]);
		*block[i] = 1;
	}
}

/* In random order, so that no peer gains from the order of allocation. */
INLINE void drain(enum shape k, const struct peer *p, uint32_t live)
{
	uint64_t seed = 5;

	for (uint32_t i = live; i-- > 0;) {
		uint32_t j = bench_random(&seed) % (i + 1);
		char *b = block[j];

		block[j] = block[i];
		call_free(k, p, b);
	}
}

INLINE double do_random(enum shape k, const struct peer *p, const struct sizes *s, uint32_t live)
{
	const uint32_t loops = s->n[0] > 16384 ? 1000 : 100000;
	uint64_t seed = 99;
	double t0, t;

	fill(k, p, s, live);
	for (uint32_t i = 0; i < LIVE_MOST; i++)
		order[i] = bench_random(&seed) % live;
	for (int warm = 1; warm >= 0; warm--) {
		t0 = now_ns();
		for (uint32_t i = 0; i < loops; i++) {
			char **b = &block[order[i % LIVE_MOST]];

			call_free(k, p, *b);
			*b = call_alloc(k, p, s->n[(i * 7) % SIZES]);
			touch(*b, s->n[(i * 7) % SIZES]);
		}
		t = now_ns() - t0;
	}
	drain(k, p, live);
	return t / loops;
}

INLINE double do_grow(enum shape k, const struct peer *p, const struct sizes *s, uint32_t live)
{
	const uint32_t loops = 20;
	double t0 = now_ns();

	(void)s;
	(void)live;
	if (k == SHAPE_CALLOC)
		return 0; /* the realloc beside a calloc doesn't zero: it's the one beside malloc */
	for (uint32_t i = 0; i < loops; i++) {
		char *b = call_alloc(k, p, 32);

		for (size_t n = 40; n <= 1048576; n += n / 4) {
			b = call_resize(k, p, b, n);
			b[n - 1] = 1;
		}
		call_free(k, p, b);
	}
	return (now_ns() - t0) / loops / 1000;
}

INLINE double do_end(enum shape k, const struct peer *p, const struct sizes *s, uint32_t live)
{
	struct peer mine = *p;
	double t0;

	if (p->start)
		mine.ctx = p->start();
	fill(k, &mine, s, live);
	t0 = now_ns();
	if (p->end)
		p->end(mine.ctx);
	else
		drain(k, &mine, live);
	return (now_ns() - t0) / 1000;
}

double kernel_valid(const struct peer *p, const struct sizes *s, uint32_t live)
{
	const uint32_t loops = 500000;
	uint32_t yes = 0;
	double t;

	(void)live;
	if (!p->valid)
		return 0;
	for (uint32_t i = 0; i < 4096; i++)
		block[i] = p->shape == SHAPE_OURS ? p->alloc.ours(p->ctx, s->n[i])
						  : p->alloc.heap(p->ctx, s->n[i]);
	t = now_ns();
	if (p->shape == SHAPE_OURS)
		for (uint32_t i = 0; i < loops; i++)
			yes += nm_heap_is_live(p->ctx, block[i % 4096]);
	else
		for (uint32_t i = 0; i < loops; i++)
			yes += p->valid(p->ctx, block[i % 4096]);
	t = now_ns() - t;
	for (uint32_t i = 0; i < 4096; i++) {
		if (p->shape == SHAPE_OURS)
			(void)p->free.ours(p->ctx, block[i]);
		else
			p->free.plain(block[i]);
	}
	return yes == loops ? t / loops : -1;
}

/* A quarter each: live, freed, inner, anything. Only for who can be asked this. */
double kernel_valid_any(const struct peer *p, const struct sizes *s, uint32_t live)
{
	const uint32_t loops = 500000;
	uint64_t seed = 3;
	uint32_t yes = 0;
	double t;

	if (!p->valid_any)
		return 0;
	for (uint32_t i = 0; i < live; i++)
		block[i] = p->alloc.ours(p->ctx, s->n[i % SIZES]);
	for (uint32_t i = 0; i < LIVE_MOST; i++) {
		uint32_t j = bench_random(&seed) % live / 4 * 4;
		uint64_t far = (uint64_t)bench_random(&seed) << 32 | bench_random(&seed);

		order[i] = bench_random(&seed) % 4;
		if (order[i] == 0)
			block[live + i % (LIVE_MOST - live)] = block[j];
		else if (order[i] == 1)
			block[live + i % (LIVE_MOST - live)] = block[j + 1];
		else if (order[i] == 2)
			block[live + i % (LIVE_MOST - live)] = block[j] + 8;
		else
			block[live + i % (LIVE_MOST - live)] = (char *)(uintptr_t)(far << 3);
	}
	for (uint32_t i = 1; i < live; i += 4)
		(void)p->free.ours(p->ctx, block[i]);
	t = now_ns();
	for (uint32_t i = 0; i < loops; i++)
		yes += nm_heap_is_live(p->ctx, block[live + i % (LIVE_MOST - live)]);
	t = now_ns() - t;
	for (uint32_t i = 0; i < live; i++)
		if (i % 4 != 1)
			(void)p->free.ours(p->ctx, block[i]);
	return yes > loops / 8 && yes < loops / 2 ? t / loops : -1;
}

KERNEL(kernel_pair, do_pair)
KERNEL(kernel_lifo, do_lifo)
KERNEL(kernel_random, do_random)
KERNEL(kernel_grow, do_grow)
KERNEL(kernel_end, do_end)
