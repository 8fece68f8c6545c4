/* SPDX-License-Identifier: MIT */
/* The exported functions that put capture filters together. A row per rule. */
#include "check.h"

#include <netmon.h>
#include <string.h>

static void an_expression_grows_as_far_as_it_may(void **state)
{
	/* '&' AndExpression, '|' OrExpression; the patterns of each term then, and which call
	 * is refused, from 1 on. */
	static const struct {
		const char *calls;
		DWORD terms, in[4];
		unsigned refused;
	} rows[] = {
		{ "", 0, { 0 }, 0 },
		{ "&", 1, { 1 }, 0 },
		{ "|", 1, { 1 }, 0 },
		{ "&|", 1, { 2 }, 0 },
		{ "|&", 2, { 1, 1 }, 0 },
		{ "&&&&", 4, { 1, 1, 1, 1 }, 0 },
		{ "&&&&&", 4, { 1, 1, 1, 1 }, 5 },
		{ "||||", 1, { 4 }, 0 },
		{ "|||||", 1, { 4 }, 5 },
		{ "&|&|", 2, { 2, 2 }, 0 },
		{ "&|&|&", 2, { 2, 2 }, 5 },
	};
	PATTERNMATCH p;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		EXPRESSION e;
		DWORD sum = 0;

		memset(&e, 0xA5, sizeof e);
		assert_ptr_equal(InitializeExpression(&e), &e);
		for (unsigned k = 0; rows[i].calls[k]; k++) {
			LPEXPRESSION got;

			(void)InitializePattern(&p, (char[]){ "abc" }, k, 3);
			got =
			    rows[i].calls[k] == '&' ? AndExpression(&e, &p) : OrExpression(&e, &p);
			if ((got == NULL) != (rows[i].refused == k + 1))
				fail_msg("%s, call %u", rows[i].calls, k + 1);
		}
		assert_int_equal(e.nAndExps, rows[i].terms);
		for (DWORD t = 0; t < e.nAndExps; t++) {
			assert_int_equal(e.AndExp[t].nPatternMatches, rows[i].in[t]);
			for (DWORD k = 0; k < rows[i].in[t]; k++) /* in the order of the calls */
				assert_int_equal(e.AndExp[t].PatternMatch[k].Offset, sum++);
		}
	}
}

static void what_is_no_expression_does_not_grow(void **state)
{
	EXPRESSION e = { .nAndExps = 5 };
	PATTERNMATCH p = { .Length = 1 };

	(void)state;
	assert_null(AndExpression(&e, &p));
	assert_null(OrExpression(&e, &p));
	e = (EXPRESSION){ .nAndExps = 1, .AndExp = { { .nPatternMatches = UINT32_MAX } } };
	assert_null(AndExpression(&e, &p));
	assert_null(OrExpression(&e, &p));
	assert_null(AndExpression(NULL, &p));
	assert_null(OrExpression(&e, NULL));
	assert_null(InitializeExpression(NULL));
}

static void a_pattern_has_sixteen_bytes_at_most(void **state)
{
	static const struct {
		const char *bytes;
		DWORD offset, length;
		BOOL good;
		WORD kept;
	} rows[] = {
		{ "abc", 7, 3, TRUE, 3 },
		{ NULL, 0, 0, TRUE, 0 },
		{ "0123456789abcdef", 0, 16, TRUE, 16 },
		{ "0123456789abcdefg", 65535, 17, TRUE, 16 },
		{ "abc", 65536, 3, FALSE, 0 },
		{ NULL, 0, 1, FALSE, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		PATTERNMATCH p, was;
		char bytes[20] = "";

		memset(&p, 0xA5, sizeof p);
		was = p;
		if (rows[i].bytes)
			(void)strcpy(bytes, rows[i].bytes);
		assert_ptr_equal(InitializePattern(&p, rows[i].bytes ? bytes : NULL, rows[i].offset,
				     rows[i].length),
		    rows[i].good ? &p : NULL);
		if (!rows[i].good) {
			assert_memory_equal(&p, &was, sizeof p);
			continue;
		}
		assert_int_equal(p.Offset, rows[i].offset);
		assert_int_equal(p.Length, rows[i].kept);
		assert_int_equal(p.OffsetBasis, OFFSET_BASIS_RELATIVE_TO_FRAME);
		assert_memory_equal(p.PatternToMatch, bytes, rows[i].kept);
		assert_int_equal(p.Flags, 0);
		assert_ptr_equal(NegatePattern(&p), &p);
		assert_int_equal(p.Flags, PATTERN_MATCH_FLAGS_NOT);
		assert_int_equal(NegatePattern(&p)->Flags, 0);
	}
	assert_null(InitializePattern(NULL, NULL, 0, 0));
	assert_null(NegatePattern(NULL));
}

static void exclusions_come_first_and_keep_their_order(void **state)
{
	static const struct {
		DWORD n;
		const char *flags, *sorted; /* 'x' excludes; which pair then is where */
	} rows[] = {
		{ 0, "", "" }, { 1, "0", "0" }, { 4, "0x1x", "1302" },
		{ 8, "xxxxxxxx", "01234567" }, { 8, "00000000", "01234567" },
		{ 3, "00x00000", "20134567" },
		{ 2, "00x00000", "01234567" }, /* only the used ones */
		{ 9, "0000000x", "70123456" }, /* more than there can be */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		ADDRESSTABLE2 t = { .nAddressPairs = rows[i].n };

		for (unsigned k = 0; rows[i].flags[k]; k++) {
			if (rows[i].flags[k] == 'x')
				t.AddressPair[k].AddressFlags = ADDRESS_FLAGS_EXCLUDE;
			t.AddressPair[k].NalReserved = (WORD)k;
		}
		assert_ptr_equal(AdjustOperatorPrecedence(&t), &t);
		for (unsigned k = 0; rows[i].sorted[k]; k++)
			if (t.AddressPair[k].NalReserved != rows[i].sorted[k] - '0')
				fail_msg("row %u, place %u", (unsigned)i, k);
	}
	assert_null(AdjustOperatorPrecedence(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_expression_grows_as_far_as_it_may),
		cmocka_unit_test(what_is_no_expression_does_not_grow),
		cmocka_unit_test(a_pattern_has_sixteen_bytes_at_most),
		cmocka_unit_test(exclusions_come_first_and_keep_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
