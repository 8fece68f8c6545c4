/* SPDX-License-Identifier: MIT */
/* Heaps that delay reuse, fail on purpose, trace, or guard; and what an address is. */
#include "check.h"
#include "heap/heap.h"
#include "system/fault.h"

#include <netmon.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct nm_heap *heap_with(struct nm_heap_options opt)
{
	struct nm_heap *h = NULL;

	assert_int_equal(nm_heap_create(&opt, &h), NMERR_SUCCESS);
	return h;
}

/* ---- delayed reuse ----------------------------------------------------------------- */

/* Frees of the same class between a block's own and the next time it is handed out. */
static uint32_t shortest_rest(struct nm_heap *h, size_t n)
{
	static struct {
		void *p;
		uint32_t freed;
	} seen[20000];
	uint32_t count = 0, least = UINT32_MAX;
	void *live[10] = { NULL };

	for (uint32_t i = 0; i < 20000; i++) {
		void **at = &live[i * 7 % 10], *p = nm_heap_alloc(h, n);

		for (uint32_t k = 0; k < count; k++)
			if (seen[k].p == p) {
				least = i - seen[k].freed < least ? i - seen[k].freed : least;
				seen[k] = seen[--count];
			}
		if (*at) {
			seen[count].p = *at;
			seen[count++].freed = i;
			assert_int_equal(nm_heap_free(h, *at), NMERR_SUCCESS);
		}
		*at = p;
	}
	return least;
}

static void freed_blocks_rest_as_long_as_asked(void **state)
{
	static const uint32_t delays[] = { 1, 10, 100, 1000, 5000 };
	static const size_t sizes[] = { 1, 60, 200 };

	(void)state;
	for (size_t i = 0; i < COUNT(delays); i++)
		for (size_t j = 0; j < COUNT(sizes); j++) {
			struct nm_heap *h =
			    heap_with((struct nm_heap_options){ .delay_blocks = delays[i] });

			assert_true(shortest_rest(h, sizes[j]) >= delays[i]);
			nm_heap_destroy(h);
		}
}

static void resting_blocks_serve_when_there_is_no_other_memory(void **state)
{
	struct nm_heap *h =
	    heap_with((struct nm_heap_options){ .quota_bytes = 65536, .delay_blocks = 60000 });
	void *p[5000];
	size_t n = 0;

	(void)state;
	while ((p[n] = nm_heap_alloc(h, 60)) != NULL)
		n++;
	assert_true(n > 900);
	for (int round = 0; round < 1000; round++) {
		assert_int_equal(nm_heap_free(h, p[round]), NMERR_SUCCESS);
		p[round] = nm_heap_alloc(h, 60);
		assert_non_null(p[round]);
	}
	nm_heap_destroy(h);
}

/* ---- failing on purpose --------------------------------------------------------------- */

static void exactly_the_chosen_allocation_fails(void **state)
{
	(void)state;
	for (uint64_t at = 1; at < 40; at++) {
		struct nm_heap *h = heap_with((struct nm_heap_options){ .fail_alloc = at });
		struct nm_heap_stats s;

		for (uint64_t i = 1; i < 40; i += 3) { /* three that count each time */
			void *p = nm_heap_alloc(h, 100), *q = p, *r;
			uint32_t err;

			assert_int_equal(p == NULL, i == at);
			err = nm_heap_realloc(h, p, 200, &q); /* of NULL: an allocation */
			assert_int_equal(err, i + 1 == at ? NMERR_OUT_OF_MEMORY : NMERR_SUCCESS);
			assert_int_equal(nm_heap_realloc(h, q, 20, &q), NMERR_SUCCESS);
			r = nm_heap_alloc(h, 30000);
			assert_int_equal(r == NULL, i + 2 == at);
			assert_int_equal(nm_heap_free(h, q), NMERR_SUCCESS);
			assert_int_equal(nm_heap_free(h, r), NMERR_SUCCESS);
		}
		nm_heap_stats(h, &s);
		assert_int_equal(s.refused, 1);
		assert_int_equal(s.live_blocks, 0);
		nm_heap_destroy(h);
	}
}

/* ---- trace -------------------------------------------------------------------------- */

static __attribute__((noinline)) void *from_here(struct nm_heap *h, size_t n)
{
	void *volatile p = nm_heap_alloc(h, n);

	return p;
}

static __attribute__((noinline)) void *from_there(struct nm_heap *h, size_t n)
{
	void *volatile p = nm_heap_alloc(h, n);

	return p;
}

struct tally {
	uint64_t blocks[8], bytes[8];
	uint32_t sites, shortest;
};

static void add_up(const struct nm_heap_site *s, void *arg)
{
	struct tally *t = arg;

	t->blocks[t->sites] = s->blocks;
	t->bytes[t->sites] = s->bytes;
	t->shortest = s->frames < t->shortest ? s->frames : t->shortest;
	t->sites++;
}

static void blocks_left_behind_are_counted_by_place(void **state)
{
	struct nm_heap *h = heap_with((struct nm_heap_options){ .trace = true });
	struct tally t = { .shortest = 99 };
	volatile size_t ten = 10, three = 3; /* so that a loop stays one place */
	void *p[10], *q;

	(void)state;
	for (size_t i = 0; i < ten; i++)
		p[i] = from_here(h, 100);
	for (size_t i = 0; i < three; i++)
		(void)from_there(h, 20000);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(nm_heap_free(h, p[i]), NMERR_SUCCESS);
	nm_heap_sites(h, add_up, &t);
	assert_int_equal(t.sites, 2);
	assert_int_equal(t.blocks[0] + t.blocks[1], 9);
	assert_int_equal(t.bytes[0] + t.bytes[1], 6 * 100 + 3 * 20000);
	assert_true(t.blocks[0] == 6 || t.blocks[0] == 3);
	assert_true(t.shortest >= 2);
	assert_int_equal(nm_heap_realloc(h, p[9], 500, &q), NMERR_SUCCESS);
	t = (struct tally){ .shortest = 99 };
	nm_heap_sites(h, add_up, &t);
	assert_int_equal(t.sites, 3);
	nm_heap_destroy(h);
}

static void without_trace_there_are_no_places(void **state)
{
	struct nm_heap *h = heap_with((struct nm_heap_options){ .quota_bytes = 0 });
	struct tally t = { .shortest = 99 };

	(void)state;
	assert_non_null(from_here(h, 10));
	nm_heap_sites(h, add_up, &t);
	assert_int_equal(t.sites, 0);
	nm_heap_destroy(h);
}

/* ---- guard --------------------------------------------------------------------------- */

static struct {
	struct nm_heap *h;
	uintptr_t block;
	size_t size;
	ptrdiff_t outside;
	bool live;
} expected;

/* 40 when the heap explains the address as expected. */
static int judged(const void *address)
{
	struct nm_heap_info i;

	if (!nm_heap_explain(expected.h, address, &i))
		return 41;
	if (i.block != expected.block || i.size != expected.size)
		return 42;
	if (i.outside != expected.outside)
		return 43;
	if (i.live != expected.live || !i.guarded)
		return 44;
	if (!i.number || !i.alloc_frames || (!i.live && !i.free_frames))
		return 45;
	return 40;
}

static nm_place before_write;
static volatile int judgement; /* of the fault; 0: there was none */

static bool on_fault(const struct nm_fault *f)
{
	judgement = judged(f->address);
	nm_fault_leave(f);
	NM_JUMP(before_write);
}

/* What the heap says when somebody writes there; 0 when that could be done. */
static int write_at(char *p)
{
	judgement = 0;
	nm_faults_catch(true, on_fault);
	if (!NM_MARK(before_write))
		*(volatile char *)p = 1;
	nm_faults_catch(false, NULL);
	return judgement;
}

static void expect_fault(
    struct nm_heap *h, char *block, size_t size, ptrdiff_t outside, bool live, char *at)
{
	expected.h = h;
	expected.block = (uintptr_t)block;
	expected.size = size;
	expected.outside = outside;
	expected.live = live;
	assert_int_equal(write_at(at), 40);
}

static const size_t guarded_sizes[] = { 1, 7, 8, 16, 100, 4095, 4096, 4097, 50000, 300000 };

static void one_byte_too_far_faults(void **state)
{
	struct nm_heap *h = heap_with((struct nm_heap_options){ .guard = NM_GUARD_END });

	(void)state;
	for (size_t i = 0; i < COUNT(guarded_sizes); i++) {
		size_t n = guarded_sizes[i];
		char *p = nm_heap_alloc(h, n);

		assert_int_equal(write_at(p), 0);
		assert_int_equal(write_at(p + n - 1), 0);
		expect_fault(h, p, n, 1, true, p + n);
		expect_fault(h, p, n, 100, true, p + n + 99);
		expect_fault(h, p, n, -4096, true, p - 4096);
	}
	nm_heap_destroy(h);
}

static void one_byte_too_early_faults(void **state)
{
	struct nm_heap *h = heap_with((struct nm_heap_options){ .guard = NM_GUARD_START });

	(void)state;
	for (size_t i = 0; i < COUNT(guarded_sizes); i++) {
		size_t n = guarded_sizes[i];
		char *p = nm_heap_alloc(h, n);

		assert_int_equal((uintptr_t)p % 16, 0);
		assert_int_equal(write_at(p), 0);
		expect_fault(h, p, n, -1, true, p - 1);
		expect_fault(h, p, n, 4096, true, p + n + 4095);
	}
	nm_heap_destroy(h);
}

static void use_after_free_faults(void **state)
{
	struct nm_heap *h = heap_with((struct nm_heap_options){ .guard = NM_GUARD_END });

	(void)state;
	for (size_t i = 0; i < COUNT(guarded_sizes); i++) {
		size_t n = guarded_sizes[i];
		char *p = nm_heap_alloc(h, n);
		void *q;

		assert_int_equal(nm_heap_realloc(h, p, n + 1, &q), NMERR_SUCCESS);
		expect_fault(h, p, n, 0, false, p);
		assert_int_equal(nm_heap_free(h, q), NMERR_SUCCESS);
		expect_fault(h, q, n + 1, 0, false, (char *)q + n);
		assert_int_equal(nm_heap_free(h, q), NMERR_INVALID_PARAMETER);
	}
	nm_heap_destroy(h);
}

/* Types ask for no more than the size they are multiples of allows. */
static void guarded_blocks_are_aligned_to_what_divides_their_size(void **state)
{
	struct nm_heap *h = heap_with((struct nm_heap_options){ .guard = NM_GUARD_END });

	(void)state;
	for (size_t n = 1; n < 600; n++) {
		size_t divides = n & -n;
		void *p = nm_heap_alloc(h, n);

		assert_int_equal((uintptr_t)p % (divides < 16 ? divides : 16), 0);
	}
	nm_heap_destroy(h);
}

/* More than there can be guarded: the rest are ordinary ones. */
static void very_many_blocks_still_work(void **state)
{
	enum { MANY = 40000 };
	static void *p[MANY];
	struct nm_heap *h = heap_with((struct nm_heap_options){
	    .quota_bytes = sizeof p[0] > 4 ? 1 << 30 : 1 << 27, .guard = NM_GUARD_END });
	struct nm_heap_stats s;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		p[i] = nm_heap_alloc(h, 40);
		assert_non_null(p[i]);
		memset(p[i], 1, 40);
	}
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(nm_heap_free(h, p[i]), NMERR_SUCCESS);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(nm_heap_free(h, p[i]), NMERR_INVALID_PARAMETER);
	nm_heap_stats(h, &s);
	assert_int_equal(s.live_blocks, 0);
	nm_heap_destroy(h);
}

static void freed_ones_rest_up_to_the_budget(void **state)
{
	struct nm_heap *h = heap_with(
	    (struct nm_heap_options){ .guard = NM_GUARD_END, .guard_rest_bytes = 1 << 20 });
	struct nm_heap_info i;
	void *first = nm_heap_alloc(h, 50);

	(void)state;
	assert_int_equal(nm_heap_free(h, first), NMERR_SUCCESS);
	for (int n = 0; n < 63; n++) {
		assert_true(nm_heap_explain(h, first, &i));
		assert_int_equal(i.number, 1);
		assert_int_equal(nm_heap_free(h, nm_heap_alloc(h, 50)), NMERR_SUCCESS);
	}
	assert_int_equal(nm_heap_free(h, nm_heap_alloc(h, 50)), NMERR_SUCCESS);
	assert_false(nm_heap_explain(h, first, &i) && i.number == 1);
	nm_heap_destroy(h);
}

/* ---- explaining without a guard -------------------------------------------------------- */

static void ordinary_blocks_are_explained_too(void **state)
{
	struct nm_heap *h = heap_with((struct nm_heap_options){ .trace = true });
	struct nm_heap_info i;
	char *p = nm_heap_alloc(h, 100), *large = nm_heap_alloc(h, 100000), local;

	(void)state;
	assert_true(nm_heap_explain(h, p + 40, &i));
	assert_true(i.block == (uintptr_t)p && i.size == 100 && i.live && i.outside == 0);
	assert_true(i.number == 1 && i.allocations == 2 && i.alloc_frames > 1);
	assert_true(nm_heap_explain(h, p + 105, &i));
	assert_int_equal(i.outside, 6);
	assert_true(nm_heap_explain(h, large + 99999, &i));
	assert_true(i.block == (uintptr_t)large && i.size == 100000 && i.outside == 0);
	assert_true(nm_heap_explain(h, large + 100000, &i));
	assert_int_equal(i.outside, 1);
	assert_int_equal(nm_heap_free(h, p), NMERR_SUCCESS);
	assert_true(nm_heap_explain(h, p, &i));
	assert_true(!i.live && i.free_frames > 1);
	assert_false(nm_heap_explain(h, &local, &i));
	assert_false(nm_heap_explain(h, NULL, &i));
	assert_false(nm_heap_explain(h, (void *)UINTPTR_MAX, &i));
	nm_heap_destroy(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(freed_blocks_rest_as_long_as_asked),
		cmocka_unit_test(resting_blocks_serve_when_there_is_no_other_memory),
		cmocka_unit_test(exactly_the_chosen_allocation_fails),
		cmocka_unit_test(blocks_left_behind_are_counted_by_place),
		cmocka_unit_test(without_trace_there_are_no_places),
		cmocka_unit_test(one_byte_too_far_faults),
		cmocka_unit_test(one_byte_too_early_faults),
		cmocka_unit_test(use_after_free_faults),
		cmocka_unit_test(guarded_blocks_are_aligned_to_what_divides_their_size),
		cmocka_unit_test(very_many_blocks_still_work),
		cmocka_unit_test(freed_ones_rest_up_to_the_budget),
		cmocka_unit_test(ordinary_blocks_are_explained_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
