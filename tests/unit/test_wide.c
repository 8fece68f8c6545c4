/* SPDX-License-Identifier: MIT */
/* Products of more than 64 bits: by hand as by the machine, at every edge. */
#include "base/wide.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>

#include <cmocka.h>

static const struct {
	const char *rule;
	uint64_t a;
	uint32_t b;
	uint64_t d, want;
} rows[] = {
	{ "nothing", 0, 1000000000, 3, 0 },
	{ "nothing of it", 7, 0, 3, 0 },
	{ "whole", 6, 7, 2, 21 },
	{ "rounded down", 5, 5, 3, 8 },
	{ "a product of 94 bits", UINT64_MAX, 1000000000, UINT64_MAX, 1000000000 },
	{ "one less", UINT64_MAX - 1, 1000000000, UINT64_MAX, 999999999 },
	{ "a rest above half of the divisor", UINT64_MAX / 2 + 1, UINT32_MAX, UINT64_MAX - 1,
	    UINT32_MAX / 2 },
	{ "the largest that fits", UINT64_MAX, 1, 1, UINT64_MAX },
	{ "more than fits", UINT64_MAX, 2, 1, UINT64_MAX },
	{ "more than fits, by what is left over", UINT64_MAX, 3, 2, UINT64_MAX },
};

static void edges(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint64_t by_hand = nm_mul_div_by_hand(rows[i].a, rows[i].b, rows[i].d);

		if (by_hand != rows[i].want)
			print_message("# %s\n", rows[i].rule);
		assert_true(by_hand == rows[i].want);
		assert_true(nm_mul_div(rows[i].a, rows[i].b, rows[i].d) == rows[i].want);
	}
}

static void both_alike(void **state)
{
	uint64_t x = 88172645463325252u; /* xorshift */

	(void)state;
	for (unsigned i = 0; i < 200000; i++) {
		uint64_t v[3];

		for (unsigned k = 0; k < 3; k++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			v[k] = x >> (x & 63);
		}
		assert_true(nm_mul_div_by_hand(v[0], (uint32_t)v[1], v[2] | 1) ==
			    nm_mul_div(v[0], (uint32_t)v[1], v[2] | 1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(edges), cmocka_unit_test(both_alike) };

	return cmocka_run_group_tests_name("wide", tests, NULL, NULL);
}
