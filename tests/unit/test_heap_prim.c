/* SPDX-License-Identifier: MIT */
/* Every call to the system fails in turn. The linker sends them here first. */
#include "check.h"
#include "heap/heap.h"
#include "system/memory.h"

#include <netmon.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

void *__real_nm_prim_reserve(size_t n);
void __real_nm_prim_release(void *p, size_t n);
bool __real_nm_prim_commit(void *p, size_t n);
bool __real_nm_prim_drop(void *p, size_t n);
bool __real_nm_prim_seal(void *p, size_t n);
bool __real_nm_prim_barrier_ready(void);
void *__wrap_nm_prim_reserve(size_t n);
void __wrap_nm_prim_release(void *p, size_t n);
bool __wrap_nm_prim_commit(void *p, size_t n);
bool __wrap_nm_prim_drop(void *p, size_t n);
bool __wrap_nm_prim_seal(void *p, size_t n);
bool __wrap_nm_prim_barrier_ready(void);

static long calls, fail_at; /* the fail_at-th call fails, or all from there on */
static bool and_all_after;
static long reserved; /* reservations not yet given back */
static long system_calls;

static bool fails(void)
{
	calls++;
	return fail_at && (calls == fail_at || (and_all_after && calls > fail_at));
}

void *__wrap_nm_prim_reserve(size_t n)
{
	void *p = fails() ? NULL : __real_nm_prim_reserve(n);

	system_calls++;
	reserved += p != NULL;
	return p;
}

void __wrap_nm_prim_release(void *p, size_t n)
{
	system_calls++;
	reserved--;
	__real_nm_prim_release(p, n);
}

bool __wrap_nm_prim_commit(void *p, size_t n)
{
	system_calls++;
	return !fails() && __real_nm_prim_commit(p, n);
}

bool __wrap_nm_prim_drop(void *p, size_t n)
{
	system_calls++;
	return !fails() && __real_nm_prim_drop(p, n);
}

bool __wrap_nm_prim_seal(void *p, size_t n)
{
	system_calls++;
	return !fails() && __real_nm_prim_seal(p, n);
}

bool __wrap_nm_prim_barrier_ready(void)
{
	return !fails() && __real_nm_prim_barrier_ready();
}

/* ---- a bit of everything ------------------------------------------------------------- */

static bool is_zero(const char *p, size_t n)
{
	return n == 0 || (p[0] == 0 && memcmp(p, p + 1, n - 1) == 0);
}

/* Refusals are fine; wrong answers are not. */
static void use(struct nm_heap *h)
{
	static const size_t sizes[] = { 10, 100, 3000, 16000, 20000, 300000, 3000000, 5 };
	void *p[64] = { NULL };
	size_t n[64] = { 0 }, said;
	struct nm_heap_stats s;

	for (uint32_t i = 0; i < 200; i++) {
		uint32_t k = i * 37 % 64;
		size_t to = sizes[i * 5 % 8] + i;
		void *q = NULL;

		if (p[k] && i % 3 == 0) {
			if (nm_heap_realloc(h, p[k], to, &q) == NMERR_SUCCESS) {
				assert_true(to <= n[k] || is_zero((char *)q + n[k], to - n[k]));
				p[k] = q;
				n[k] = to;
			}
		} else {
			assert_int_equal(nm_heap_free(h, p[k]), NMERR_SUCCESS);
			p[k] = nm_heap_alloc(h, to);
			n[k] = to;
			assert_true(!p[k] || is_zero(p[k], to));
		}
		if (p[k]) {
			memset(p[k], 0x33, n[k]);
			assert_true(nm_heap_size(h, p[k], &said));
			assert_int_equal(said, n[k]);
		}
	}
	for (size_t k = 0; k < 64; k++) {
		assert_int_equal(nm_heap_free(h, p[k]), NMERR_SUCCESS);
		assert_int_equal(
		    nm_heap_free(h, p[k]), p[k] ? NMERR_INVALID_PARAMETER : NMERR_SUCCESS);
	}
	nm_heap_stats(h, &s);
	assert_int_equal(s.live_blocks, 0);
	assert_int_equal(s.live_bytes, 0);
}

static void *use_in_thread(void *h)
{
	use(h);
	return NULL;
}

static void scenario(const struct nm_heap_options *opt, bool with_thread)
{
	struct nm_heap *h = (struct nm_heap *)(void *)&h;
	pthread_t id;

	if (nm_heap_create(opt, &h) != NMERR_SUCCESS) {
		assert_ptr_equal(h, &h);
		return;
	}
	use(h);
	if (with_thread) {
		assert_int_equal(pthread_create(&id, NULL, use_in_thread, h), 0);
		assert_int_equal(pthread_join(id, NULL), 0);
		use(h);
	}
	nm_heap_destroy(h);
}

static void fail_each(const struct nm_heap_options *opt, bool with_thread)
{
	for (int all = 0; all < 2; all++)
		for (fail_at = 1;; fail_at++) {
			and_all_after = all;
			calls = 0;
			scenario(opt, with_thread);
			nm_heap_release_spares();
			assert_int_equal(reserved, 0);
			if (calls < fail_at)
				break;
			if (fail_at > 20)
				fail_at += fail_at / 4;
		}
	fail_at = 0;
}

static const struct {
	const char *name;
	struct nm_heap_options opt;
} heaps[] = {
	{ "ordinary", { .quota_bytes = 16 << 20 } },
	{ "small", { .quota_bytes = 1 << 20 } },
	{ "with rest", { .quota_bytes = 16 << 20, .delay_blocks = 100 } },
	{ "traced", { .quota_bytes = 16 << 20, .trace = true } },
	{ "guarded", { .quota_bytes = 16 << 20, .guard = NM_GUARD_END } },
	{ "guarded at the start", { .quota_bytes = 4 << 20, .guard = NM_GUARD_START } },
};

static void each_call_fails_in_turn(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(heaps); i++) {
		print_message("# %s\n", heaps[i].name);
		fail_each(&heaps[i].opt, false);
	}
}

static void each_call_fails_in_turn_with_threads(void **state)
{
	(void)state;
	fail_each(&heaps[0].opt, true);
}

/* ---- how many there are ----------------------------------------------------------------- */

static long calls_to_end(size_t blocks)
{
	struct nm_heap *h = NULL;

	assert_int_equal(nm_heap_create(NULL, &h), NMERR_SUCCESS);
	for (size_t i = 0; i < blocks; i++)
		assert_non_null(nm_heap_alloc(h, i % 700));
	system_calls = 0;
	nm_heap_destroy(h);
	nm_heap_release_spares();
	return system_calls;
}

static void the_end_takes_no_more_calls_for_more_blocks(void **state)
{
	(void)state;
	nm_heap_release_spares();
	assert_int_equal(calls_to_end(0), 1);
	assert_int_equal(calls_to_end(1000), 1);
	assert_int_equal(calls_to_end(100000), 2); /* one more to trim what a spare keeps */
	assert_int_equal(calls_to_end(150000), 2);
}

static void small_blocks_cost_no_calls(void **state)
{
	struct nm_heap *h = NULL;

	(void)state;
	assert_int_equal(nm_heap_create(NULL, &h), NMERR_SUCCESS);
	assert_int_equal(nm_heap_free(h, nm_heap_alloc(h, 100)), NMERR_SUCCESS);
	assert_int_equal(nm_heap_free(h, nm_heap_alloc(h, 200000)), NMERR_SUCCESS);
	system_calls = 0;
	for (int i = 0; i < 10000; i++) {
		assert_int_equal(nm_heap_free(h, nm_heap_alloc(h, 100)), NMERR_SUCCESS);
		assert_int_equal(nm_heap_free(h, nm_heap_alloc(h, 200000)), NMERR_SUCCESS);
	}
	assert_int_equal(system_calls, 0);
	nm_heap_destroy(h);
	nm_heap_release_spares();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end_takes_no_more_calls_for_more_blocks),
		cmocka_unit_test(small_blocks_cost_no_calls),
		cmocka_unit_test(each_call_fails_in_turn),
		cmocka_unit_test(each_call_fails_in_turn_with_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
