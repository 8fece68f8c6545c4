/* SPDX-License-Identifier: MIT */
/* heap/heap.h: the contract, row by row. */
#include "heap/heap.h"
#include "check.h"

#include <netmon.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MIB ((size_t)1 << 20)

static int new_heap(void **state)
{
	return nm_heap_create(NULL, (struct nm_heap **)state) != NMERR_SUCCESS;
}

static int end_heap(void **state)
{
	nm_heap_destroy(*state);
	return 0;
}

static struct nm_heap *heap_of(uint64_t quota)
{
	struct nm_heap_options opt = { .quota_bytes = quota };
	struct nm_heap *h = NULL;

	assert_int_equal(nm_heap_create(&opt, &h), NMERR_SUCCESS);
	return h;
}

static bool is_zero(const void *p, size_t n)
{
	const char *c = p;

	return n == 0 || (c[0] == 0 && memcmp(c, c + 1, n - 1) == 0);
}

/* Every size at which something changes, and its neighbours. */
static size_t sizes[512];
static size_t size_count;

static void add_size(size_t n)
{
	for (size_t i = 0; i < size_count; i++)
		if (sizes[i] == n)
			return;
	sizes[size_count++] = n;
}

static void make_sizes(void)
{
	for (size_t n = 0; n <= 40; n++)
		add_size(n);
	for (size_t step = 16; step <= 32 * MIB; step *= 2)
		for (size_t eighth = 8; eighth < 16; eighth++)
			for (size_t d = 0; d < 3; d++)
				if (step * eighth / 8 <= 64 * 1024 || eighth == 8)
					add_size(step * eighth / 8 + d - 1);
}

static void every_size_is_zero_aligned_and_reported(void **state)
{
	struct nm_heap *h = *state;
	size_t n;

	for (int round = 0; round < 3; round++)
		for (size_t i = 0; i < size_count; i++) {
			char *p = nm_heap_alloc(h, sizes[i]);

			assert_non_null(p);
			assert_int_equal((uintptr_t)p % 16, 0);
			assert_true(nm_heap_is_live(h, p));
			assert_true(nm_heap_size(h, p, &n));
			assert_int_equal(n, sizes[i]);
			assert_true(is_zero(p, n));
			memset(p, 0xa5, n);
			assert_int_equal(nm_heap_free(h, p), NMERR_SUCCESS);
		}
}

static void blocks_of_no_bytes_differ(void **state)
{
	struct nm_heap *h = *state;
	void *a = nm_heap_alloc(h, 0), *b = nm_heap_alloc(h, 0);
	size_t n = 7;

	assert_non_null(a);
	assert_non_null(b);
	assert_ptr_not_equal(a, b);
	assert_true(nm_heap_size(h, a, &n));
	assert_int_equal(n, 0);
	assert_int_equal(nm_heap_free(h, a), NMERR_SUCCESS);
	assert_int_equal(nm_heap_free(h, a), NMERR_INVALID_PARAMETER);
	assert_int_equal(nm_heap_free(h, b), NMERR_SUCCESS);
}

static void null_is_no_block(void **state)
{
	struct nm_heap *h = *state;
	size_t n = 7;
	void *p = NULL;

	assert_int_equal(nm_heap_free(h, NULL), NMERR_SUCCESS);
	assert_false(nm_heap_size(h, NULL, &n));
	assert_int_equal(n, 7);
	assert_int_equal(nm_heap_realloc(h, NULL, 40, &p), NMERR_SUCCESS);
	assert_true(nm_heap_size(h, p, &n));
	assert_int_equal(n, 40);
}

static void absurd_sizes_are_refused(void **state)
{
	static const size_t absurd[] = { SIZE_MAX, SIZE_MAX - 15, SIZE_MAX - 4096, SIZE_MAX / 2,
		SIZE_MAX / 3, 129 * MIB, 128 * MIB + 1 };
	struct nm_heap *h = *state;
	void *p = nm_heap_alloc(h, 100), *q = p;

	for (size_t i = 0; i < COUNT(absurd); i++) {
		assert_null(nm_heap_alloc(h, absurd[i]));
		assert_int_equal(nm_heap_realloc(h, p, absurd[i], &q), NMERR_OUT_OF_MEMORY);
		assert_ptr_equal(q, p);
		assert_int_equal(nm_heap_realloc(h, NULL, absurd[i], &q), NMERR_OUT_OF_MEMORY);
	}
	assert_int_equal(nm_heap_free(h, p), NMERR_SUCCESS);
}

/* ---- wrong pointers --------------------------------------------------------- */

static void expect_wrong(struct nm_heap *h, const void *p)
{
	void *q = &q;
	size_t n = 7;

	assert_int_equal(nm_heap_free(h, (void *)(uintptr_t)p), NMERR_INVALID_PARAMETER);
	assert_int_equal(nm_heap_realloc(h, (void *)(uintptr_t)p, 10, &q), NMERR_INVALID_PARAMETER);
	assert_ptr_equal(q, &q);
	assert_false(nm_heap_size(h, p, &n));
	assert_false(nm_heap_is_live(h, p));
	assert_int_equal(n, 7);
}

static void every_other_address_of_a_block_is_wrong(void **state)
{
	struct nm_heap *h = *state;

	for (size_t i = 0; i < size_count; i++) {
		char *p = nm_heap_alloc(h, sizes[i]);
		size_t n = sizes[i];

		assert_non_null(p);
		for (size_t at = 1; at <= n && at <= 64; at++) {
			expect_wrong(h, p + at);
			expect_wrong(h, p + n + 1 - at);
		}
		for (size_t at = 16; at < n; at = at * 2 + 16)
			expect_wrong(h, p + at);
		for (size_t at = 4096; at < n; at += 4096)
			expect_wrong(h, p + at);
		expect_wrong(h, p - 1);
		assert_int_equal(nm_heap_free(h, p), NMERR_SUCCESS);
		expect_wrong(h, p);
	}
}

static int global_data;

static void foreign_addresses_are_wrong(void **state)
{
	struct nm_heap *h = *state, *other = heap_of(0), *dead = heap_of(64 * MIB);
	char stack_data[16];
	void *foreign = malloc(64), *elsewhere = nm_heap_alloc(other, 64);
	void *died = nm_heap_alloc(dead, 64);
	void (*code)(void **) = foreign_addresses_are_wrong;
	uintptr_t code_at;

	assert_non_null(nm_heap_alloc(h, 64));
	nm_heap_destroy(dead);
	nm_heap_release_spares();
	memcpy(&code_at, &code, sizeof code_at);
	expect_wrong(h, foreign);
	expect_wrong(h, elsewhere);
	expect_wrong(h, died);
	expect_wrong(h, stack_data);
	expect_wrong(h, &global_data);
	expect_wrong(h, "literal");
	expect_wrong(h, (void *)code_at);
	expect_wrong(h, h);
	for (uintptr_t a = 1; a < 4096; a += 13)
		expect_wrong(h, (void *)a);
	for (uintptr_t a = 0; a < 4096; a += 16)
		expect_wrong(h, (void *)(UINTPTR_MAX - a));
	for (int bit = 3; bit < 64; bit++)
		expect_wrong(h, (void *)((uintptr_t)1 << bit));
	assert_int_equal(nm_heap_free(other, elsewhere), NMERR_SUCCESS);
	nm_heap_destroy(other);
	free(foreign);
}

static uint64_t next_random(uint64_t *s)
{
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

static void random_addresses_near_and_far_are_wrong(void **state)
{
	struct nm_heap *h = *state;
	char *p = nm_heap_alloc(h, 24);
	uint64_t seed = 88172645463325252u;

	for (int i = 0; i < 100000; i++) {
		uint64_t r = next_random(&seed);
		uintptr_t near = (uintptr_t)p + (uintptr_t)r % (512 * MIB) - 128 * MIB;

		expect_wrong(h, (void *)(uintptr_t)(r | 1));
		if (near != (uintptr_t)p)
			expect_wrong(h, (void *)near);
	}
	assert_int_equal(nm_heap_free(h, p), NMERR_SUCCESS);
}

static void freed_stays_freed_while_others_come_and_go(void **state)
{
	struct nm_heap *h = *state;
	void *p = nm_heap_alloc(h, 48), *others[100];

	for (size_t i = 0; i < COUNT(others); i++)
		others[i] = nm_heap_alloc(h, 48);
	assert_int_equal(nm_heap_free(h, p), NMERR_SUCCESS);
	for (int i = 0; i < 10000; i++) {
		void **o = &others[(size_t)i % COUNT(others)];
		void *fresh = nm_heap_alloc(h, 64 + (size_t)i % 1000);

		expect_wrong(h, p);
		assert_int_equal(nm_heap_free(h, fresh), NMERR_SUCCESS);
		if (i < 100)
			assert_int_equal(nm_heap_free(h, *o), NMERR_SUCCESS);
		else if (i < 200)
			expect_wrong(h, *o);
	}
	expect_wrong(h, p);
}

/* A whole class of slots is overwritten from the first byte to the end of its
 * run: every answer is as before. */
static void an_overrun_changes_no_answer(void **state)
{
	static char *p[2000];
	struct nm_heap *h = *state;
	size_t n;

	for (size_t i = 0; i < COUNT(p); i++)
		p[i] = nm_heap_alloc(h, 40);
	for (size_t i = 0; i < COUNT(p); i += 3)
		assert_int_equal(nm_heap_free(h, p[i]), NMERR_SUCCESS);
	for (size_t i = 0; i < COUNT(p); i++)
		memset(p[i], 0xff, 48);
	for (size_t i = 0; i < COUNT(p); i++) {
		if (i % 3 == 0) {
			expect_wrong(h, p[i]);
			continue;
		}
		assert_true(nm_heap_size(h, p[i], &n));
		assert_int_equal(n, 40);
	}
	for (size_t i = 0; i < COUNT(p); i += 3)
		assert_true(is_zero(nm_heap_alloc(h, 40), 40));
	for (size_t i = 1; i < COUNT(p); i += 3)
		assert_int_equal(nm_heap_free(h, p[i]), NMERR_SUCCESS);
}

/* ---- resizing ---------------------------------------------------------------- */

static void resizing_keeps_and_zeroes(void **state)
{
	struct nm_heap *h = *state;

	for (size_t i = 0; i < size_count; i += 3)
		for (size_t j = 0; j < size_count; j += 3) {
			size_t from = sizes[i], to = sizes[j], keep = from < to ? from : to, n;
			char *p = nm_heap_alloc(h, from);
			void *q = NULL;

			if (from > 4 * MIB || to > 4 * MIB) {
				assert_int_equal(nm_heap_free(h, p), NMERR_SUCCESS);
				continue;
			}
			memset(p, 0x5a, from);
			assert_int_equal(nm_heap_realloc(h, p, to, &q), NMERR_SUCCESS);
			assert_int_equal((uintptr_t)q % 16, 0);
			assert_true(nm_heap_size(h, q, &n));
			assert_int_equal(n, to);
			if (keep)
				assert_int_equal(*(char *)q, 0x5a);
			if (keep > 1)
				assert_memory_equal(q, (char *)q + 1, keep - 1);
			assert_true(is_zero((char *)q + keep, to - keep));
			if (q != p)
				expect_wrong(h, p);
			assert_int_equal(nm_heap_free(h, q), NMERR_SUCCESS);
		}
}

static void shrinking_then_growing_shows_no_old_bytes(void **state)
{
	struct nm_heap *h = *state;
	static const size_t from[] = { 64, 200, 5000, 16384, 100000, 3000000 };

	for (size_t i = 0; i < COUNT(from); i++)
		for (size_t less = 1; less < from[i]; less = less * 3 + 1) {
			void *p = nm_heap_alloc(h, from[i]);

			memset(p, 0xee, from[i]);
			assert_int_equal(nm_heap_realloc(h, p, from[i] - less, &p), NMERR_SUCCESS);
			assert_int_equal(nm_heap_realloc(h, p, from[i], &p), NMERR_SUCCESS);
			assert_true(is_zero((char *)p + from[i] - less, less));
			assert_int_equal(nm_heap_free(h, p), NMERR_SUCCESS);
		}
}

/* ---- the quota ---------------------------------------------------------------- */

static void the_quota_holds_and_refusals_change_nothing(void **state)
{
	static const size_t each[] = { 1, 16, 100, 1000, 5000, 16384, 16385, 70000, 300000 };

	(void)state;
	for (size_t i = 0; i < COUNT(each); i++) {
		struct nm_heap *h = heap_of(4 * MIB);
		struct nm_heap_stats s, t;
		void *p, *last = NULL, *q;
		size_t n = 0, size;

		while ((p = nm_heap_alloc(h, each[i])) != NULL) {
			memset(p, 1, each[i]);
			last = p;
			n++;
		}
		nm_heap_stats(h, &s);
		assert_true(s.charged_bytes <= 4 * MIB);
		assert_true(n * each[i] <= 4 * MIB);
		assert_true(n * ((each[i] + 15) / 16 * 16 + 4096) >= 4 * MIB - 400000);
		assert_int_equal(s.live_blocks, n);
		assert_int_equal(s.refused, 1);
		q = last;
		assert_int_equal(
		    nm_heap_realloc(h, last, 3 * MIB + each[i], &q), NMERR_OUT_OF_MEMORY);
		assert_ptr_equal(q, last);
		assert_true(nm_heap_size(h, last, &size));
		assert_int_equal(size, each[i]);
		nm_heap_stats(h, &t);
		assert_int_equal(t.live_bytes, s.live_bytes);
		assert_int_equal(t.live_blocks, s.live_blocks);
		assert_int_equal(nm_heap_free(h, last), NMERR_SUCCESS);
		assert_non_null(nm_heap_alloc(h, each[i]));
		nm_heap_destroy(h);
	}
}

/* What small blocks gave up serves a large one, and the other way round. */
static void freed_memory_serves_any_size(void **state)
{
	static void *p[60000];
	struct nm_heap *h = heap_of(8 * MIB);
	struct nm_heap_stats s;

	(void)state;
	for (int round = 0; round < 3; round++) {
		size_t n = 0;
		void *big;

		while (n < COUNT(p) && (p[n] = nm_heap_alloc(h, 120 + (n & 63))) != NULL)
			n++;
		assert_true(n > 40000 && n < COUNT(p));
		assert_null(nm_heap_alloc(h, 6 * MIB));
		while (n > 0)
			assert_int_equal(nm_heap_free(h, p[--n]), NMERR_SUCCESS);
		big = nm_heap_alloc(h, 8 * MIB);
		assert_non_null(big);
		assert_true(is_zero(big, 8 * MIB));
		memset(big, 0x77, 8 * MIB);
		assert_null(nm_heap_alloc(h, 1));
		assert_int_equal(nm_heap_free(h, big), NMERR_SUCCESS);
	}
	nm_heap_stats(h, &s);
	assert_int_equal(s.live_blocks, 0);
	assert_int_equal(s.live_bytes, 0);
	nm_heap_destroy(h);
}

static void quotas_of_every_size_work(void **state)
{
	static const uint64_t quotas[] = { 1, 4095, 4096, 65536, MIB, 1024 * MIB,
		UINT64_C(64) << 30 };
	struct nm_heap *h;
	size_t n =
	    COUNT(quotas) - (sizeof(void *) < 8 ? 2 : 0); /* which fit in no 32-bit program */

	(void)state;
	for (size_t i = 0; i < n; i++) {
		void *p;

		h = heap_of(quotas[i]);
		p = nm_heap_alloc(h, 1);
		assert_int_equal(p != NULL, quotas[i] >= 4096);
		assert_int_equal(nm_heap_free(h, p), NMERR_SUCCESS);
		nm_heap_destroy(h);
		nm_heap_release_spares();
	}
	assert_int_equal(nm_heap_create(&(struct nm_heap_options){ .quota_bytes = UINT64_MAX }, &h),
	    NMERR_OUT_OF_MEMORY);
}

static void a_large_block_goes_back_to_the_system(void **state)
{
	struct nm_heap *h = heap_of(64 * MIB);
	struct nm_heap_stats s;
	void *p = nm_heap_alloc(h, 40 * MIB);

	(void)state;
	memset(p, 1, 40 * MIB);
	assert_int_equal(nm_heap_free(h, p), NMERR_SUCCESS);
	nm_heap_stats(h, &s);
	assert_true(s.charged_bytes <= 8 * MIB);
	nm_heap_destroy(h);
}

/* ---- figures ------------------------------------------------------------------- */

static void figures_add_up(void **state)
{
	struct nm_heap *h = *state;
	struct nm_heap_stats s;
	void *a = nm_heap_alloc(h, 100), *b = nm_heap_alloc(h, 50000), *c = nm_heap_alloc(h, 0);

	assert_null(nm_heap_alloc(h, SIZE_MAX));
	assert_int_equal(nm_heap_realloc(h, a, 300, &a), NMERR_SUCCESS);
	assert_int_equal(nm_heap_realloc(h, a, 20, &a), NMERR_SUCCESS);
	assert_int_equal(nm_heap_free(h, b), NMERR_SUCCESS);
	assert_int_equal(nm_heap_free(h, b), NMERR_INVALID_PARAMETER);
	nm_heap_stats(h, &s);
	assert_int_equal(s.live_blocks, 2);
	assert_int_equal(s.live_bytes, 20);
	assert_int_equal(s.peak_bytes, 50300);
	assert_int_equal(s.allocs, 3);
	assert_int_equal(s.frees, 1);
	assert_int_equal(s.refused, 1);
	assert_int_equal(nm_heap_free(h, c), NMERR_SUCCESS);
}

/* The same range serves heap after heap; none sees the one before. */
static void a_new_heap_is_empty_and_zero(void **state)
{
	static char *p[5000];

	(void)state;
	for (int round = 0; round < 4; round++) {
		struct nm_heap *h = heap_of(0);
		struct nm_heap_stats s;

		nm_heap_stats(h, &s);
		assert_int_equal(s.live_blocks, 0);
		assert_int_equal(s.peak_bytes, 0);
		for (size_t i = 0; round && i < COUNT(p); i++)
			expect_wrong(h, p[i]);
		for (size_t i = 0; i < COUNT(p); i++) {
			size_t n = i * 7 % 3000 + (i % 100 == 0) * 90000;

			p[i] = nm_heap_alloc(h, n);
			assert_true(is_zero(p[i], n));
			memset(p[i], 0xcc, n);
		}
		nm_heap_destroy(h);
	}
}

static void destroying_nothing_is_fine(void **state)
{
	(void)state;
	nm_heap_destroy(NULL);
	nm_heap_release_spares();
	nm_heap_release_spares();
}

#define WITH_HEAP(f) cmocka_unit_test_setup_teardown(f, new_heap, end_heap)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		WITH_HEAP(every_size_is_zero_aligned_and_reported),
		WITH_HEAP(blocks_of_no_bytes_differ),
		WITH_HEAP(null_is_no_block),
		WITH_HEAP(absurd_sizes_are_refused),
		WITH_HEAP(every_other_address_of_a_block_is_wrong),
		WITH_HEAP(foreign_addresses_are_wrong),
		WITH_HEAP(random_addresses_near_and_far_are_wrong),
		WITH_HEAP(freed_stays_freed_while_others_come_and_go),
		WITH_HEAP(an_overrun_changes_no_answer),
		WITH_HEAP(resizing_keeps_and_zeroes),
		WITH_HEAP(shrinking_then_growing_shows_no_old_bytes),
		cmocka_unit_test(the_quota_holds_and_refusals_change_nothing),
		cmocka_unit_test(freed_memory_serves_any_size),
		cmocka_unit_test(quotas_of_every_size_work),
		cmocka_unit_test(a_large_block_goes_back_to_the_system),
		WITH_HEAP(figures_add_up),
		cmocka_unit_test(a_new_heap_is_empty_and_zero),
		cmocka_unit_test(destroying_nothing_is_fine),
	};

	make_sizes();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
