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
INLINE double recorded_work(
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

static struct held held[LIVE + 8];

INLINE double do_random(enum shape k, const struct peer *p, const struct sizes *s, uint32_t live)
{
	memset(held, 1, sizeof held); /* resident before the figure is taken */
	return random_work(k, p, s, live, held);
}

INLINE double do_recorded(enum shape k, const struct peer *p, const struct sizes *s, uint32_t live)
{
	memset(held, 1, sizeof held);
	return recorded_work(k, p, s, live, held);
}

KERNEL(memory_random, do_random)
KERNEL(memory_recorded, do_recorded)
