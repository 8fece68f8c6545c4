/* SPDX-License-Identifier: MIT */
/* filter/: limits, and every allocation refused in turn. */
#include "base/nmerr.h"
#include "check.h"
#include "filter/filter.h"

#include <stdlib.h>

void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void __real_free(void *p);
void __wrap_free(void *p);

static unsigned calls, refused; /* the refused-th call fails; 0: none does */
static int live;

void *__wrap_calloc(size_t n, size_t size)
{
	void *p = ++calls == refused ? NULL : __real_calloc(n, size);

	live += p != NULL;
	return p;
}

void __wrap_free(void *p)
{
	live -= p != NULL;
	__real_free(p);
}

static struct nm_parse *parse;

static uint32_t add(HFILTER h, DWORD action, void *data, DWORD n)
{
	FILTEROBJECT2 o = { .Action = action, .ByteCount = (WORD)n };

	if (data)
		o.lpArray = data;
	else
		o.Value = n;
	return nm_filter_add(h, &o);
}

/* 5 = 5 and an identifier contains another, which is the same. */
static uint32_t build(HFILTER h)
{
	DWORD subs[] = { 1, 3, 6, 1 };
	OBJECT_IDENTIFIER oid = { 4, subs };
	LARGE_INTEGER five = { .QuadPart = 5 };
	uint32_t err = add(h, FILTERACTION_VALUE, NULL, 5);

	err = err ? err : add(h, FILTERACTION_LARGEINT, &five, 0);
	err = err ? err : add(h, FILTERACTION_EQUAL, NULL, 0);
	err = err ? err : add(h, FILTERACTION_OID, &oid, 0);
	return err ? err : add(h, FILTERACTION_PROPERTYEXIST, NULL, 0);
}

static uint32_t all_of_it(void)
{
	HFILTER h = nm_filter_new(NULL), copy = NULL;
	uint32_t err = h ? build(h) : NMERR_OUT_OF_MEMORY;
	bool passed = false;

	err = err ? err : add(h, FILTERACTION_AND, NULL, 0);
	err = err ? err : nm_filter_test(h, parse, NULL, &passed);
	if (!err) {
		assert_true(passed);
		copy = nm_filter_copy(h);
		err = copy ? nm_filter_free(copy) : nm_last_error();
	}
	if (h)
		assert_int_equal(nm_filter_free(h), NMERR_SUCCESS);
	return err;
}

static void every_allocation_may_fail(void **state)
{
	unsigned n;

	(void)state;
	calls = refused = 0;
	live = 0;
	assert_int_equal(all_of_it(), NMERR_SUCCESS);
	n = calls;
	assert_true(n > 10);
	for (unsigned i = 1; i <= n; i++) {
		calls = 0;
		refused = i;
		assert_int_equal(all_of_it(), NMERR_OUT_OF_MEMORY);
		assert_int_equal(live, 0);
	}
	refused = 0;
}

/* Too little memory once is no reason for good. */
static void a_filter_recovers(void **state)
{
	HFILTER h = nm_filter_new(NULL);
	bool passed = false;

	(void)state;
	assert_int_equal(add(h, FILTERACTION_BOOL, NULL, 1), NMERR_SUCCESS);
	calls = 0;
	refused = 1;
	assert_int_equal(nm_filter_test(h, parse, NULL, &passed), NMERR_OUT_OF_MEMORY);
	refused = 0;
	assert_false(passed);
	assert_int_equal(nm_filter_test(h, parse, NULL, &passed), NMERR_SUCCESS);
	assert_true(passed);
	assert_int_equal(nm_filter_free(h), NMERR_SUCCESS);
}

/* 65535 objects; as deep as they go, evaluated without recursion. */
static void a_filter_has_its_limits(void **state)
{
	HFILTER deep = nm_filter_new(NULL), sums = nm_filter_new(NULL);
	bool passed = true;

	(void)state;
	for (unsigned i = 0; i < 32768; i++)
		assert_int_equal(add(deep, FILTERACTION_BOOL, NULL, 1), NMERR_SUCCESS);
	for (unsigned i = 0; i < 32767; i++)
		assert_int_equal(add(deep, FILTERACTION_XOR, NULL, 0), NMERR_SUCCESS);
	assert_int_equal(add(deep, FILTERACTION_NOT, NULL, 0), NMERR_STACK_OVERFLOW);
	assert_int_equal(nm_filter_test(deep, parse, NULL, &passed), NMERR_SUCCESS);
	assert_false(passed); /* an even number of trues */
	assert_int_equal(nm_filter_free(deep), NMERR_SUCCESS);

	assert_int_equal(add(sums, FILTERACTION_VALUE, NULL, 1), NMERR_SUCCESS);
	for (unsigned i = 0; i < 33; i++) {
		assert_int_equal(add(sums, FILTERACTION_VALUE, NULL, 1), NMERR_SUCCESS);
		assert_int_equal(add(sums, FILTERACTION_PLUS, NULL, 0), NMERR_SUCCESS);
	}
	assert_int_equal(add(sums, FILTERACTION_PROPERTYEXIST, NULL, 0), NMERR_SUCCESS);
	assert_int_equal(
	    nm_filter_test(sums, parse, NULL, &passed), NMERR_FILTER_INVALID_EXPRESSION);
	assert_int_equal(nm_filter_free(sums), NMERR_SUCCESS);
}

static int setup(void **state)
{
	(void)state;
	parse = nm_parse_new();
	return parse ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	nm_parse_free(parse);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_allocation_may_fail),
		cmocka_unit_test(a_filter_recovers),
		cmocka_unit_test(a_filter_has_its_limits),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
