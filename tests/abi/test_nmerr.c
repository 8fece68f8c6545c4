/* SPDX-License-Identifier: MIT */
/* base/nmerr: the table against the header's constants, both ways, and the last error. */
#include "base/nmerr.h"

#include <netmon.h>

#include <ctype.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct constant {
	const char *name;
	uint32_t number; /* as tests/abi/constants.tsv has it */
	uint32_t header; /* as <netmon.h> has it */
} constants[] = {
#include "nmerr_rows.inc"
};

static const struct row {
	const char *name;
	uint32_t number;
	const char *text;
} rows[] = {
#define NMERR_ROW(name, number, text) { "NMERR_" #name, number, text },
#include "base/nmerr.def"
#undef NMERR_ROW
};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static void every_constant_has_its_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(constants); i++) {
		assert_int_equal(constants[i].number, constants[i].header);
		assert_non_null(nm_err_name(constants[i].number));
		assert_string_equal(nm_err_name(constants[i].number), constants[i].name);
	}
}

static void every_row_has_a_constant(void **state)
{
	(void)state;
	assert_int_equal(COUNT(rows), COUNT(constants));
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t j = 0;

		while (j < COUNT(constants) && constants[j].number != rows[i].number)
			j++;
		assert_true(j < COUNT(constants));
		assert_string_equal(constants[j].name, rows[i].name);
	}
}

static void rows_are_sorted_and_each_number_stands_once(void **state)
{
	(void)state;
	for (size_t i = 1; i < COUNT(rows); i++)
		assert_true(rows[i - 1].number < rows[i].number);
}

static void texts_are_sentences_without_a_full_stop(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *text = nm_err_text(rows[i].number);
		size_t n = strlen(text);

		assert_string_equal(text, rows[i].text);
		assert_in_range(n, 5, 70);
		assert_true(text[n - 1] != '.' && text[n - 1] != ' ');
		for (size_t k = 0; k < n; k++)
			assert_true(isprint((unsigned char)text[k]));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(text, rows[k].text);
	}
}

static void other_numbers_have_no_name(void **state)
{
	static const uint32_t others[] = { 43, 44, 45, 52, 68, 140, 999, 1018, 1999, 2001, 3015,
		3022, 0x7fffffff, 0x80040013, 0xffffffff };

	(void)state;
	for (size_t i = 0; i < COUNT(others); i++) {
		assert_null(nm_err_name(others[i]));
		assert_string_equal(nm_err_text(others[i]), "unknown error");
	}
}

static void *other_thread(void *arg)
{
	uint32_t *before = arg;

	*before = nm_last_error();
	nm_set_last_error(NMERR_TIMEOUT);
	return NULL;
}

static void each_thread_has_a_last_error_of_its_own(void **state)
{
	uint32_t before = 1;
	pthread_t t;

	(void)state;
	nm_set_last_error(NMERR_INVALID_HFRAME);
	assert_int_equal(pthread_create(&t, NULL, other_thread, &before), 0);
	assert_int_equal(pthread_join(t, NULL), 0);
	assert_int_equal(before, NMERR_SUCCESS);
	assert_int_equal(nm_last_error(), NMERR_INVALID_HFRAME);
}

static void a_last_error_may_be_any_number(void **state)
{
	(void)state;
	nm_set_last_error(0xfffffffe);
	assert_int_equal(nm_last_error(), 0xfffffffe);
	nm_set_last_error(0);
	assert_int_equal(nm_last_error(), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_constant_has_its_name),
		cmocka_unit_test(every_row_has_a_constant),
		cmocka_unit_test(rows_are_sorted_and_each_number_stands_once),
		cmocka_unit_test(texts_are_sentences_without_a_full_stop),
		cmocka_unit_test(other_numbers_have_no_name),
		cmocka_unit_test(each_thread_has_a_last_error_of_its_own),
		cmocka_unit_test(a_last_error_may_be_any_number),
	};

	return cmocka_run_group_tests_name("nmerr", tests, NULL, NULL);
}
