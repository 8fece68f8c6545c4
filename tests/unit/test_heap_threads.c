/* SPDX-License-Identifier: MIT */
/* Several threads in one heap. Worth most under the thread sanitizer. */
#include "check.h"
#include "heap/heap.h"

#include <netmon.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MANY 4 /* threads at a time */

struct job {
	struct nm_heap *h;
	void **shared; /* COMMON blocks that all may see */
	uint64_t seed;
	uint32_t rounds;
	uint32_t wins;     /* frees that succeeded */
	const char *wrong; /* the first thing that was */
};

#define COMMON 4096

static uint32_t next(uint64_t *s)
{
	*s = *s * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*s >> 33);
}

static uint32_t some_size(uint64_t *s)
{
	uint32_t r = next(s);

	return r % 64 == 0 ? r / 64 % 60000 : r % 8 == 0 ? r / 64 % 3000 : r / 64 % 200;
}

static void note(struct job *j, const char *wrong)
{
	if (!j->wrong)
		j->wrong = wrong;
}

static void run(struct job *jobs, void *(*fn)(void *))
{
	pthread_t id[MANY];

	for (int i = 0; i < MANY; i++)
		assert_int_equal(pthread_create(&id[i], NULL, fn, &jobs[i]), 0);
	for (int i = 0; i < MANY; i++)
		assert_int_equal(pthread_join(id[i], NULL), 0);
	for (int i = 0; i < MANY; i++)
		if (jobs[i].wrong)
			fail_msg("%s", jobs[i].wrong);
}

static struct nm_heap *start(struct job *jobs, uint32_t rounds, uint64_t quota)
{
	struct nm_heap_options opt = { .quota_bytes = quota };
	struct nm_heap *h = NULL;

	assert_int_equal(nm_heap_create(&opt, &h), NMERR_SUCCESS);
	for (int i = 0; i < MANY; i++)
		jobs[i] = (struct job){ .h = h, .seed = (uint64_t)i + 1, .rounds = rounds };
	return h;
}

static void nothing_lives(struct nm_heap *h)
{
	struct nm_heap_stats s;

	nm_heap_stats(h, &s);
	assert_int_equal(s.live_blocks, 0);
	assert_int_equal(s.live_bytes, 0);
	assert_int_equal(s.allocs, s.frees);
	nm_heap_destroy(h);
}

/* ---- each its own ---------------------------------------------------------------- */

static bool all_are(const unsigned char *p, size_t n, unsigned char v)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != v)
			return false;
	return true;
}

static void own_step(struct job *j, unsigned char **b, size_t *n, unsigned char mark)
{
	uint32_t to = some_size(&j->seed);
	size_t said;
	void *q;

	if (!*b) {
		*b = nm_heap_alloc(j->h, to);
		if (*b && !all_are(*b, to, 0))
			note(j, "a new block is not zero");
	} else if (!all_are(*b, *n, mark)) {
		note(j, "another thread wrote into a block");
	} else if (!nm_heap_size(j->h, *b, &said) || said != *n) {
		note(j, "a size is wrong");
	} else if (to % 3 == 0) {
		if (nm_heap_realloc(j->h, *b, to, &q) != NMERR_SUCCESS)
			return;
		if (!all_are(q, to < *n ? to : *n, mark) ||
		    (to > *n && !all_are((unsigned char *)q + *n, to - *n, 0)))
			note(j, "resizing lost or left bytes");
		*b = q;
	} else {
		if (nm_heap_free(j->h, *b) != NMERR_SUCCESS)
			note(j, "a live block can't be freed");
		*b = NULL;
		return;
	}
	*n = to;
	if (*b)
		memset(*b, mark, to);
}

static void *own_blocks(void *arg)
{
	struct job *j = arg;
	unsigned char *b[100] = { NULL }, mark = (unsigned char)(j->seed * 17);
	size_t n[100] = { 0 };

	for (uint32_t r = 0; r < j->rounds && !j->wrong; r++) {
		uint32_t i = next(&j->seed) % 100;

		own_step(j, &b[i], &n[i], mark);
	}
	for (uint32_t i = 0; i < 100; i++)
		if (nm_heap_free(j->h, b[i]) != NMERR_SUCCESS)
			note(j, "a live block can't be freed at the end");
	return NULL;
}

static void threads_with_blocks_of_their_own(void **state)
{
	struct job jobs[MANY];
	struct nm_heap *h = start(jobs, 40000, 0);

	(void)state;
	run(jobs, own_blocks);
	nothing_lives(h);
}

static void threads_at_the_quota(void **state)
{
	struct job jobs[MANY];
	struct nm_heap *h = start(jobs, 20000, 1 << 20);

	(void)state;
	run(jobs, own_blocks);
	nothing_lives(h);
}

/* ---- everybody's ------------------------------------------------------------------- */

static void *swap_blocks(void *arg)
{
	struct job *j = arg;

	for (uint32_t r = 0; r < j->rounds; r++) {
		void **at = &j->shared[next(&j->seed) % COMMON];
		void *fresh = nm_heap_alloc(j->h, some_size(&j->seed)), *old;

		old = __atomic_exchange_n(at, fresh, __ATOMIC_ACQ_REL);
		if (nm_heap_free(j->h, old) != NMERR_SUCCESS)
			note(j, "a live block of another thread can't be freed");
		if (old && nm_heap_free(j->h, (char *)old + 1) != NMERR_INVALID_PARAMETER)
			note(j, "an odd address was freed");
	}
	return NULL;
}

static void blocks_freed_by_other_threads(void **state)
{
	static void *common[COMMON];
	struct job jobs[MANY];
	struct nm_heap *h = start(jobs, 40000, 0);

	(void)state;
	memset(common, 0, sizeof common);
	for (int i = 0; i < MANY; i++)
		jobs[i].shared = common;
	run(jobs, swap_blocks);
	for (size_t i = 0; i < COMMON; i++)
		assert_int_equal(nm_heap_free(h, common[i]), NMERR_SUCCESS);
	nothing_lives(h);
}

static void *free_all(void *arg)
{
	struct job *j = arg;

	for (uint32_t i = 0; i < COMMON; i++) {
		uint32_t err = nm_heap_free(j->h, j->shared[(i + j->seed * 64) % COMMON]);

		j->wins += err == NMERR_SUCCESS;
		if (err != NMERR_SUCCESS && err != NMERR_INVALID_PARAMETER)
			note(j, "another code");
	}
	return NULL;
}

/* Made by one thread before there was a second, or by a thread that ended. */
static void of_many_frees_of_a_block_one_succeeds(void **state)
{
	static void *common[COMMON];
	struct job jobs[MANY];
	struct nm_heap *h = start(jobs, 0, 0);

	(void)state;
	for (int round = 0; round < 20; round++) {
		uint32_t wins = 0;

		for (size_t i = 0; i < COMMON; i++) {
			common[i] = nm_heap_alloc(h, i % 50 == 0 ? 20000 : i % 300);
			assert_non_null(common[i]);
		}
		for (int i = 0; i < MANY; i++) {
			jobs[i].shared = common;
			jobs[i].wins = 0;
		}
		run(jobs, free_all);
		for (int i = 0; i < MANY; i++)
			wins += jobs[i].wins;
		assert_int_equal(wins, COMMON);
	}
	nothing_lives(h);
}

/* ---- stale pointers while runs come and go ----------------------------------------- */

static void *churn_runs(void *arg)
{
	struct job *j = arg;
	void *b[400];

	for (uint32_t r = 0; r < j->rounds; r++) {
		uint32_t n = r % 5 == 0 ? 30000 : 16u << (next(&j->seed) % 10);

		for (size_t i = 0; i < COUNT(b); i++) {
			b[i] = nm_heap_alloc(j->h, n);
			__atomic_store_n(
			    &j->shared[next(&j->seed) % COMMON], b[i], __ATOMIC_RELAXED);
		}
		for (size_t i = 0; i < COUNT(b); i++)
			if (nm_heap_free(j->h, b[i]) != NMERR_SUCCESS)
				note(j, "a live block vanished");
	}
	return NULL;
}

static void *ask_stale(void *arg)
{
	struct job *j = arg;
	size_t n;

	for (uint32_t r = 0; r < j->rounds * 400; r++) {
		char *p = __atomic_load_n(&j->shared[next(&j->seed) % COMMON], __ATOMIC_RELAXED);

		if (!p)
			continue;
		if (nm_heap_size(j->h, p, &n) && n > 30000)
			note(j, "a size that no block has");
		if (nm_heap_free(j->h, p + 8) != NMERR_INVALID_PARAMETER)
			note(j, "an inner address was freed");
	}
	return NULL;
}

static void *churn_or_ask(void *arg)
{
	struct job *j = arg;

	return j->seed % 2 ? churn_runs(j) : ask_stale(j);
}

static void wrong_pointers_meet_runs_that_change(void **state)
{
	static void *common[COMMON];
	struct job jobs[MANY];
	struct nm_heap *h = start(jobs, 100, 6 << 20);

	(void)state;
	memset(common, 0, sizeof common);
	for (int i = 0; i < MANY; i++)
		jobs[i].shared = common;
	for (int round = 0; round < 3; round++)
		run(jobs, churn_or_ask);
	nothing_lives(h);
}

/* ---- threads that come and go -------------------------------------------------------- */

static void *brief(void *arg)
{
	struct job *j = arg;
	void *b[50];

	for (size_t i = 0; i < COUNT(b); i++)
		b[i] = nm_heap_alloc(j->h, 40);
	for (size_t i = 0; i < COUNT(b); i++)
		if (nm_heap_free(j->h, b[i]) != NMERR_SUCCESS)
			note(j, "a live block vanished");
	return NULL;
}

static void more_threads_than_caches_one_after_another(void **state)
{
	struct job jobs[MANY];
	struct nm_heap *h;
	struct nm_heap_stats s;

	(void)state;
	nm_heap_release_spares(); /* their pages would count */
	h = start(jobs, 0, 0);
	for (int i = 0; i < 100; i++)
		run(jobs, brief);
	nm_heap_stats(h, &s);
	assert_true(s.charged_bytes < 1 << 20);
	nothing_lives(h);
}

static void *wait_inside(void *arg)
{
	struct job *j = arg;
	pthread_barrier_t *gate = (pthread_barrier_t *)(void *)j->shared;

	(void)brief(j);
	(void)pthread_barrier_wait(gate);
	(void)own_blocks(j);
	return NULL;
}

static void more_threads_than_caches_at_once(void **state)
{
	enum { CROWD = 40 };
	static struct job jobs[CROWD];
	pthread_t id[CROWD];
	pthread_barrier_t gate;
	struct nm_heap *h = start(jobs, 0, 0);

	(void)state;
	assert_int_equal(pthread_barrier_init(&gate, NULL, CROWD), 0);
	for (int i = 0; i < CROWD; i++) {
		jobs[i] = (struct job){ .h = h,
			.shared = (void **)(void *)&gate,
			.seed = (uint64_t)i + 1,
			.rounds = 500 };
		assert_int_equal(pthread_create(&id[i], NULL, wait_inside, &jobs[i]), 0);
	}
	for (int i = 0; i < CROWD; i++) {
		assert_int_equal(pthread_join(id[i], NULL), 0);
		assert_null(jobs[i].wrong);
	}
	(void)pthread_barrier_destroy(&gate);
	nothing_lives(h);
}

/* A thread outlives a heap that it used, and uses the next. */
static void *heap_after_heap(void *arg)
{
	struct job *j = arg;

	for (uint32_t i = 0; i < 50; i++) {
		struct job mine = { .seed = j->seed + i, .rounds = 200 };

		if (nm_heap_create(NULL, &mine.h) != NMERR_SUCCESS) {
			note(j, "no heap");
			return NULL;
		}
		(void)own_blocks(&mine);
		note(j, mine.wrong);
		nm_heap_destroy(mine.h);
	}
	return NULL;
}

static void threads_with_heaps_of_their_own(void **state)
{
	struct job jobs[MANY];
	struct nm_heap *h = start(jobs, 0, 0);

	(void)state;
	run(jobs, heap_after_heap);
	nothing_lives(h);
	nm_heap_release_spares();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_many_frees_of_a_block_one_succeeds),
		cmocka_unit_test(threads_with_blocks_of_their_own),
		cmocka_unit_test(threads_at_the_quota),
		cmocka_unit_test(blocks_freed_by_other_threads),
		cmocka_unit_test(wrong_pointers_meet_runs_that_change),
		cmocka_unit_test(more_threads_than_caches_one_after_another),
		cmocka_unit_test(more_threads_than_caches_at_once),
		cmocka_unit_test(threads_with_heaps_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
