/* SPDX-License-Identifier: MIT */
/* bench_heap [-b] [-r ROUNDS] [NAME...] -- the expert heap beside other allocators.
 *
 * Every round runs every allocator once on a job, so that a slow moment of the
 * machine hits all; what is printed is the median, and ratios of medians of this
 * run. With names, only the jobs whose name begins with one of them. -b takes the best
 * round instead of the median, for a machine that has other things to do. */
#include "kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROUNDS_MOST 101

static struct sizes one = { .name = "64 bytes" };
static struct sizes small = { .name = "1 to 256" };
static struct sizes mixed = { .name = "16 to 16 Ki" };
static struct sizes large = { .name = "20 Ki to 1 Mi" };

static char program[4096];

static void make_sizes(void)
{
	uint64_t seed = 7;

	for (int i = 0; i < SIZES; i++) {
		uint32_t r = bench_random(&seed), a = r % 10, b = bench_random(&seed) % 6;

		one.n[i] = 64;
		small.n[i] = 1 + r / 16 % 256;
		mixed.n[i] = (16u << a) + r / 16 % (16u << a);
		large.n[i] = (20480u << b) + r / 16 % (12288u << b);
	}
}

/* What is asked of our figure beside the best of the peers' in the same run. */
struct target {
	double zeroing, plain; /* most that ours may be of the best; 0: nothing asked */
	double most;           /* most that ours may be in itself */
};

static const struct job {
	const char *name, *unit;
	kernel_fn *fn;
	const struct sizes *sizes;
	uint32_t live;
	int divide; /* fewer rounds by this */
	bool more_is_better;
	bool apart; /* in a process of its own */
	struct target want;
} jobs[] = {
	{ "pair", "ns", kernel_pair, &one, 0, 1, false, false, { 1.0, 1.25, 0 } },
	{ "pair small", "ns", kernel_pair, &small, 0, 1, false, false, { 1.0, 1.25, 0 } },
	{ "pair mixed", "ns", kernel_pair, &mixed, 0, 1, false, false, { 1.0, 0, 0 } },
	{ "pair large", "ns", kernel_pair, &large, 0, 3, false, false, { 1.1, 0, 0 } },
	{ "lifo 100", "ns", kernel_lifo, &small, 100, 1, false, false, { 1.0, 1.25, 0 } },
	{ "lifo 4000", "ns", kernel_lifo, &small, 4000, 1, false, false, { 1.0, 1.25, 0 } },
	{ "lifo mixed", "ns", kernel_lifo, &mixed, 1000, 1, false, false, { 1.0, 0, 0 } },
	{ "rand 1k", "ns", kernel_random, &small, 1000, 1, false, false, { 1.0, 1.25, 0 } },
	{ "rand 1k mixed", "ns", kernel_random, &mixed, 1000, 1, false, false, { 1.0, 0, 0 } },
	{ "rand 100k", "ns", kernel_random, &small, 100000, 1, false, false, { 1 / 1.3, 1.25, 0 } },
	{ "rand 100k mixed", "ns", kernel_random, &mixed, 100000, 9, false, false, { 1.0, 0, 0 } },
	{ "rand 100 large", "ns", kernel_random, &large, 100, 3, false, false, { 1.1, 0, 0 } },
	{ "grow", "us", kernel_grow, &one, 0, 1, false, false, { 1.0, 0, 0 } },
	{ "end 100k", "us", kernel_end, &small, 100000, 1, false, false, { 1.5, 1.5, 5 } },
	{ "valid", "ns", kernel_valid, &small, 0, 1, false, false, { 0, 0, 3 } },
	{ "valid any", "ns", kernel_valid_any, &small, 100000, 1, false, false, { 0, 0, 3 } },
	{ "memory random", "x", memory_random, &small, 100000, 9, false, true, { 0, 0, 1.10 } },
	{ "memory mixed", "x", memory_random, &mixed, 20000, 9, false, true, { 0, 0, 1.10 } },
	{ "memory flows", "x", memory_flows, &small, 1000000, 9, false, true, { 0, 0, 1.10 } },
	{ "memory topuser", "x", memory_trace, &small, 0, 9, false, true, { 0, 0, 1.10 } },
	{ "threads 1", "Mops", threads_own, &small, 1, 3, true, true, { 1.0, 0, 0 } },
	{ "threads 2", "Mops", threads_own, &small, 2, 3, true, true, { 1.0, 0, 0 } },
	{ "threads 4", "Mops", threads_own, &small, 4, 3, true, true, { 1.0, 0, 0 } },
	{ "remote 2", "Mops", threads_remote, &small, 2, 3, true, true, { 1.0, 0, 0 } },
	{ "remote 4", "Mops", threads_remote, &small, 4, 3, true, true, { 1.0, 0, 0 } },
};

#define JOBS (sizeof jobs / sizeof *jobs)

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static bool take_best;

static double middle(const struct job *j, double *v, int n)
{
	qsort(v, (size_t)n, sizeof *v, by_value);
	if (take_best)
		return j->more_is_better ? v[n - 1] : v[0];
	return v[n / 2];
}

/* The best peer of one kind beside ours: above 1 is in our favour nowhere. */
static double beside(
    const struct job *j, const struct peer *p, const double *fig, size_t n, bool zeroing)
{
	double best = 0;

	for (size_t i = 1; i < n; i++) {
		if (p[i].zeroes != zeroing || fig[i] <= 0)
			continue;
		if (best == 0 || (j->more_is_better ? fig[i] > best : fig[i] < best))
			best = fig[i];
	}
	if (best == 0 || fig[0] <= 0)
		return 0;
	return j->more_is_better ? best / fig[0] : fig[0] / best;
}

static void show(const struct job *j, const struct peer *p, const double *fig, size_t n)
{
	const struct target *w = &j->want;
	double z = beside(j, p, fig, n, true), f = beside(j, p, fig, n, false);
	bool missed = (w->zeroing != 0 && z > w->zeroing * 1.005) ||
		      (w->plain != 0 && f > w->plain * 1.005) || (w->most != 0 && fig[0] > w->most);

	printf("%-16s %-5s", j->name, j->unit);
	for (size_t i = 0; i < n; i++)
		if (fig[i] > 0)
			printf(" %9.*f", fig[i] < 10 ? 2 : fig[i] < 1000 ? 1 : 0, fig[i]);
		else
			printf(" %9s", fig[i] < 0 ? "wrong" : "-");
	printf("  |");
	z > 0 ? (void)printf(" %5.2f", z) : (void)printf("     -");
	w->zeroing > 0 ? (void)printf(" (%4.2f)", w->zeroing) : (void)printf("       ");
	f > 0 ? (void)printf(" %5.2f", f) : (void)printf("     -");
	w->plain > 0 ? (void)printf(" (%4.2f)", w->plain) : (void)printf("       ");
	if (w->most > 0)
		printf("  at most %.4g %s", w->most, j->unit);
	printf("%s\n", missed ? "  MISSED" : "");
	(void)fflush(stdout);
}

/* One figure of one peer, with a heap of its own where it has those. */
static double measure(const struct job *j, struct peer *p)
{
	double figure;

	p->ctx = p->start ? p->start() : NULL;
	figure = j->fn(p, j->sizes, j->live);
	if (p->end)
		p->end(p->ctx);
	return figure;
}

/* The same in a process that has done nothing else: what others left of memory
 * and threads can't be told from what the job takes. */
static double measure_apart(const struct job *j, size_t peer)
{
	char command[5000], line[64] = "";
	FILE *f;

	(void)snprintf(
	    command, sizeof command, "%s -j %zu -p %zu", program, (size_t)(j - jobs), peer);
	f = popen(command, "r");
	if (!f || !fgets(line, sizeof line, f))
		(void)strcpy(line, "-1");
	if (f)
		(void)pclose(f);
	return strtod(line, NULL);
}

static void run(const struct job *j, struct peer *p, size_t n, int rounds)
{
	static double fig[32][ROUNDS_MOST];
	double mid[32];

	rounds = rounds / j->divide < 3 ? 3 : rounds / j->divide;
	for (int r = 0; r < rounds; r++)
		for (size_t i = 0; i < n; i++)
			fig[i][r] = j->apart ? measure_apart(j, i) : measure(j, &p[i]);
	for (size_t i = 0; i < n; i++)
		mid[i] = middle(j, fig[i], rounds);
	show(j, p, mid, n);
}

static bool is_wanted(const char *name, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (strncmp(name, *names, strlen(*names)) == 0)
			return true;
	return false;
}

/* Some allocators keep more in static thread storage than a program leaves for
 * libraries that it opens later; the loader has to be told before it starts. */
static void make_room_for_tls(char **argv)
{
	if (getenv("GLIBC_TUNABLES"))
		return;
	(void)setenv("GLIBC_TUNABLES", "glibc.rtld.optional_static_tls=65536", 1);
	(void)execv("/proc/self/exe", argv);
}

int main(int argc, char **argv)
{
	static struct peer p[32];
	const struct peer *found;
	int rounds = 21, opt, job = -1, peer = -1;
	size_t n;

	make_room_for_tls(argv);
	if (readlink("/proc/self/exe", program, sizeof program - 1) < 0)
		return 1;
	while ((opt = getopt(argc, argv, "br:j:p:")) != -1) {
		switch (opt) {
		case 'b': take_best = true; break;
		case 'r': rounds = atoi(optarg); break;
		case 'j': job = atoi(optarg); break;
		case 'p': peer = atoi(optarg); break;
		default: return 1;
		}
	}
	if (rounds < 1 || rounds > ROUNDS_MOST || job >= (int)JOBS)
		return 1;
	found = peers_load(&n);
	memcpy(p, found, n * sizeof *p);
	make_sizes();
	if (job >= 0 && peer >= 0 && peer < (int)n)
		return printf("%.9g\n", measure(&jobs[job], &p[peer])) < 0;
	printf("%s of up to %d rounds; ratios: ours by the best that zeroes, and by the best "
	       "that doesn't; in brackets the most that is wanted\n%-22s",
	    take_best ? "best" : "medians", rounds, "");
	for (size_t i = 0; i < n; i++)
		printf(" %9.9s", p[i].name);
	printf("  |  zeroing        plain\n");
	for (size_t i = 0; i < JOBS; i++)
		if (is_wanted(jobs[i].name, argv + optind))
			run(&jobs[i], p, n, rounds);
	return 0;
}
