/* SPDX-License-Identifier: MIT */
/* The largest of many, beside sorting them all. */
#include "../../experts/common/top.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define MANY 60u
#define FEW  20u

struct row {
	unsigned value, number;
};

/* Of the same value the first one stays. */
static bool smaller(const void *a, const void *b)
{
	const struct row *x = a, *y = b;

	return x->value != y->value ? x->value < y->value : x->number > y->number;
}

static int largest_first(const void *a, const void *b)
{
	return smaller(a, b) ? 1 : smaller(b, a) ? -1 : 0;
}

static void the_same_as_sorted(void **state)
{
	struct row all[MANY], few[FEW];
	unsigned seed = 1;

	(void)state;
	for (uint32_t room = 0; room <= FEW; room++)
		for (uint32_t n = 0; n <= MANY; n++) {
			struct top t = { few, sizeof *few, 0, room, smaller };

			for (uint32_t i = 0; i < n; i++) {
				seed = seed * 1103515245u + 12345u;
				all[i] = (struct row){ seed >> 16 & 31, i };
				top_offer(&t, &all[i]);
			}
			top_sort(&t);
			qsort(all, n, sizeof *all, largest_first);
			assert_int_equal(t.n, n < room ? n : room);
			for (uint32_t i = 0; i < t.n; i++)
				assert_int_equal(few[i].number, all[i].number);
		}
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(the_same_as_sorted) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
