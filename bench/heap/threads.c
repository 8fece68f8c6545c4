/* SPDX-License-Identifier: MIT */
/* Several threads on one heap, or on one of their own, where a peer's heaps serve
 * one thread only. */
#include "calls.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

#define OWN   1000
#define LOOPS 1000000u
#define RING  1024

/* From one thread to another; each end is written by one of them. */
struct pipe {
	_Alignas(64) atomic_uint head;
	_Alignas(64) atomic_uint tail;
	void *slot[RING];
};

struct worker {
	const struct peer *p;
	const struct sizes *s;
	struct pipe *pipe;
	uint32_t number;
	pthread_barrier_t *gate;
	double t0, t1;
};

INLINE void own(enum shape k, struct worker *w)
{
	struct peer mine = *w->p;
	char *block[OWN];
	uint64_t seed = w->number + 1;

	if (mine.one_thread)
		mine.ctx = mine.start();
	for (uint32_t i = 0; i < OWN; i++)
		block[i] = call_alloc(k, &mine, w->s->n[i]);
	(void)pthread_barrier_wait(w->gate);
	w->t0 = now_ns();
	for (uint32_t i = 0; i < LOOPS; i++) {
		char **b = &block[bench_random(&seed) % OWN];

		call_free(k, &mine, *b);
		*b = call_alloc(k, &mine, w->s->n[(i * 7) % SIZES]);
		**b = 1;
	}
	w->t1 = now_ns();
	for (uint32_t i = 0; i < OWN; i++)
		call_free(k, &mine, block[i]);
}

INLINE void produce(enum shape k, struct worker *w)
{
	struct peer mine = *w->p;

	if (mine.one_thread)
		mine.ctx = mine.start();
	for (uint32_t i = 0; i < LOOPS; i++) {
		char *b = call_alloc(k, &mine, w->s->n[i % SIZES]);

		*b = 1;
		while (i - atomic_load_explicit(&w->pipe->tail, memory_order_acquire) >= RING)
			sched_yield();
		w->pipe->slot[i % RING] = b;
		atomic_store_explicit(&w->pipe->head, i + 1, memory_order_release);
	}
}

INLINE void consume(enum shape k, struct worker *w)
{
	for (uint32_t i = 0; i < LOOPS; i++) {
		while (atomic_load_explicit(&w->pipe->head, memory_order_acquire) == i)
			sched_yield();
		call_free(k, w->p, w->pipe->slot[i % RING]);
		atomic_store_explicit(&w->pipe->tail, i + 1, memory_order_release);
	}
}

INLINE void remote(enum shape k, struct worker *w)
{
	(void)pthread_barrier_wait(w->gate);
	w->t0 = now_ns();
	if (w->number % 2)
		consume(k, w);
	else
		produce(k, w);
	w->t1 = now_ns();
}

static void *start_own(void *arg)
{
	struct worker *w = arg;

	switch (w->p->shape) {
	case SHAPE_OURS: own(SHAPE_OURS, w); break;
	case SHAPE_HEAP: own(SHAPE_HEAP, w); break;
	case SHAPE_MALLOC: own(SHAPE_MALLOC, w); break;
	default: own(SHAPE_CALLOC, w); break;
	}
	return NULL;
}

static void *start_remote(void *arg)
{
	struct worker *w = arg;

	switch (w->p->shape) {
	case SHAPE_OURS: remote(SHAPE_OURS, w); break;
	case SHAPE_HEAP: remote(SHAPE_HEAP, w); break;
	case SHAPE_MALLOC: remote(SHAPE_MALLOC, w); break;
	default: remote(SHAPE_CALLOC, w); break;
	}
	return NULL;
}

#define THREADS_MOST 8

static double run(const struct peer *p, const struct sizes *s, uint32_t n, void *(*fn)(void *))
{
	static struct pipe pipes[THREADS_MOST];
	struct worker w[THREADS_MOST];
	pthread_t id[THREADS_MOST];
	pthread_barrier_t gate;
	double t0 = 1e300, t1 = 0;

	(void)pthread_barrier_init(&gate, NULL, n);
	for (uint32_t i = 0; i < n; i++) {
		w[i] = (struct worker){ p, s, &pipes[i / 2], i, &gate, 0, 0 };
		if (pthread_create(&id[i], NULL, fn, &w[i]) != 0)
			_exit(1);
	}
	for (uint32_t i = 0; i < n; i++) {
		(void)pthread_join(id[i], NULL);
		t0 = w[i].t0 < t0 ? w[i].t0 : t0;
		t1 = w[i].t1 > t1 ? w[i].t1 : t1;
	}
	return (double)LOOPS * n / (t1 - t0) * 1000;
}

double threads_own(const struct peer *p, const struct sizes *s, uint32_t live)
{
	return run(p, s, live, start_own);
}

double threads_remote(const struct peer *p, const struct sizes *s, uint32_t live)
{
	return run(p, s, live, start_remote);
}
