/* SPDX-License-Identifier: MIT */
/* Resident memory over requested. */
#include "calls.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Blocks that the two workloads hold at most; their table is not the peer's. */
#define LIVE 200000

struct held {
	char *p;
	size_t n;
};

static size_t resident(void)
{
	unsigned long total = 0, pages = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (!f || fscanf(f, "%lu %lu", &total, &pages) != 2)
		pages = 0;
	if (f)
		(void)fclose(f);
	return pages * (size_t)sysconf(_SC_PAGESIZE);
}

INLINE void put(enum shape k, const struct peer *p, struct held *h, size_t n)
{
	h->p = call_alloc(k, p, n);
	h->n = n;
	memset(h->p, 1, n);
}

static double ratio(const struct held *h, size_t n, size_t before)
{
	size_t asked = 0;

	for (size_t i = 0; i < n; i++)
		asked += h[i].n;
	return (double)(resident() - before) / (double)asked;
}

INLINE double random_work(
    enum shape k, const struct peer *p, const struct sizes *s, uint32_t live, struct held *h)
{
	uint64_t seed = 11;
	size_t before = resident();

	for (uint32_t i = 0; i < live; i++)
		put(k, p, &h[i], s->n[i % SIZES]);
	for (uint32_t i = 0; i < live * 10; i++) {
		uint32_t j = bench_random(&seed) % live;

		call_free(k, p, h[j].p);
		put(k, p, &h[j], s->n[bench_random(&seed) % SIZES]);
	}
	return ratio(h, live, before);
}

/* A flow table: a record of 136 bytes, for one in four a name of 10 to 40, for
 * one in ten a buffer that grows to some KiB; flows end in about the order they
 * began, some live on; the bucket array doubles as the table grows. */
INLINE double flows_work(
    enum shape k, const struct peer *p, const struct sizes *s, uint32_t live, struct held *h)
{
	uint64_t seed = 21;
	size_t before = resident(), n = 0, buckets = 64;

	(void)s;
	put(k, p, &h[n++], buckets * 8);
	for (uint32_t flow = 0; flow < live; flow++) {
		uint32_t r = bench_random(&seed);

		put(k, p, &h[n++], 136);
		if (r % 4 == 0)
			put(k, p, &h[n++], 10 + r / 4 % 31);
		if (r % 10 == 0) {
			h[n].n = 256;
			h[n].p = call_alloc(k, p, 256);
			for (size_t to = 512 + r / 16 % 4096; h[n].n < to; h[n].n += 512)
				h[n].p = call_resize(k, p, h[n].p, h[n].n + 512);
			memset(h[n].p, 1, h[n].n);
			n++;
		}
		if (flow == buckets) {
			buckets *= 2;
			h[0].p = call_resize(k, p, h[0].p, buckets * 8);
			h[0].n = buckets * 8;
			memset(h[0].p, 1, h[0].n);
		}
		while (n > LIVE / 2) { /* the older half ends, but for one in eight */
			size_t kept = 1;

			for (size_t i = 1; i < n; i++)
				if (i < n / 2 && bench_random(&seed) % 8)
					call_free(k, p, h[i].p);
				else
					h[kept++] = h[i];
			n = kept;
		}
	}
	return ratio(h, n, before);
}

/* One line of what record.c wrote; false at the end. */
static bool next_step(FILE *f, char *ret_what, size_t *ret_slot, size_t *ret_n)
{
	char line[64];

	*ret_n = 0;
	return fgets(line, sizeof line, f) &&
	       sscanf(line, "%c %zu %zu", ret_what, ret_slot, ret_n) >= 2 && *ret_slot < LIVE;
}

/* What an expert was recorded to do; the most that was resident by the most that was
 * requested. */
INLINE double trace_work(enum shape k, const struct peer *p, struct held *h, FILE *f)
{
	size_t before = resident(), asked = 0, most = 0, asked_most = 0, slot, n;
	char what;

	while (next_step(f, &what, &slot, &n)) {
		struct held *b = &h[slot];

		if (what == 'f') {
			call_free(k, p, b->p);
			n = 0;
		} else if (what == 'r') {
			b->p = call_resize(k, p, b->p, n);
		} else {
			b->n = 0;
			b->p = call_alloc(k, p, n);
		}
		if (n > b->n)
			memset(b->p + b->n, 1, n - b->n);
		asked = asked + n - b->n;
		b->n = n;
		asked_most = asked > asked_most ? asked : asked_most;
		n = resident() - before;
		most = n > most ? n : most;
	}
	return asked_most ? (double)most / (double)asked_most : -1;
}

static struct held held[LIVE + 8];

INLINE double do_random(enum shape k, const struct peer *p, const struct sizes *s, uint32_t live)
{
	memset(held, 1, sizeof held); /* resident before the figure is taken */
	return random_work(k, p, s, live, held);
}

INLINE double do_flows(enum shape k, const struct peer *p, const struct sizes *s, uint32_t live)
{
	memset(held, 1, sizeof held);
	return flows_work(k, p, s, live, held);
}

INLINE double do_trace(enum shape k, const struct peer *p, const struct sizes *s, uint32_t live)
{
	FILE *f = fopen(HEAP_TRACE, "re");
	double figure;

	(void)s;
	(void)live;
	if (!f)
		return -1;
	memset(held, 1, sizeof held);
	(void)resident(); /* what reading it takes isn't the peer's */
	figure = trace_work(k, p, held, f);
	(void)fclose(f);
	return figure;
}

KERNEL(memory_random, do_random)
KERNEL(memory_flows, do_flows)
KERNEL(memory_trace, do_trace)
