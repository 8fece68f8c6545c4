/* SPDX-License-Identifier: MIT */
/* The parts of reports: text made fit, times, words, coverage. */
#include "base/utf8.h"
#include "report/buf.h"
#include "report/value.h"
#include "report/words.h"

#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

/* ---- text ---------------------------------------------------------------------- */

static const struct {
	const char *name, *in;
	const char *escaped; /* nm_buf_clean, one line */
	const char *kept;    /* nm_buf_clean, line feeds kept */
	const char *utf8;    /* nm_buf_utf8 */
} texts[] = {
	{ "empty text", "", "", "", "" },
	{ "plain text", "abc ~", "abc ~", "abc ~", "abc ~" },
	{ "a line feed", "a\nb", "a\\nb", "a\nb", "a\nb" },
	{ "a Windows line end", "a\r\nb", "a\\r\\nb", "a\nb", "a\r\nb" },
	{ "a carriage return alone", "a\rb", "a\\rb", "a\\rb", "a\rb" },
	{ "a tab", "a\tb", "a\\tb", "a\\tb", "a\tb" },
	{ "an escape character", "\033[", "\\x1b[", "\\x1b[", "\033[" },
	{ "two bytes", "\xc3\xa9", "\xc3\xa9", "\xc3\xa9", "\xc3\xa9" },
	{ "two bytes, cut", "\xc3", "\\xc3", "\\xc3", "\xef\xbf\xbd" },
	{ "three bytes", "\xe2\x82\xac", "\xe2\x82\xac", "\xe2\x82\xac", "\xe2\x82\xac" },
	{ "three bytes, cut", "\xe2\x82", "\\xe2\\x82", "\\xe2\\x82", "\xef\xbf\xbd\xef\xbf\xbd" },
	{ "four bytes", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80",
	    "\xf0\x9f\x98\x80" },
	{ "four bytes, cut", "\xf0\x9f\x98", "\\xf0\\x9f\\x98", "\\xf0\\x9f\\x98",
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "an overlong slash", "\xc0\xaf", "\\xc0\\xaf", "\\xc0\\xaf", "\xef\xbf\xbd\xef\xbf\xbd" },
	{ "an overlong three-byte form", "\xe0\x80\xaf", "\\xe0\\x80\\xaf", "\\xe0\\x80\\xaf",
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "a surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80", "\\xed\\xa0\\x80",
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "the last before the surrogates", "\xed\x9f\xbf", "\xed\x9f\xbf", "\xed\x9f\xbf",
	    "\xed\x9f\xbf" },
	{ "beyond the last character", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80",
	    "\\xf4\\x90\\x80\\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "a stray byte in the middle", "a\x80z", "a\\x80z", "a\\x80z", "a\xef\xbf\xbdz" },
};

static void text_is_made_fit(void **state)
{
	struct nm_buf b = { 0 };

	for (unsigned i = 0; i < N(texts); i++) {
		nm_buf_reset(&b);
		nm_buf_clean(&b, texts[i].in, NM_LINES_ESCAPE);
		nm_buf_puts(&b, "");
		assert_string_equal(b.data, texts[i].escaped);
		nm_buf_reset(&b);
		nm_buf_clean(&b, texts[i].in, NM_LINES_KEEP);
		assert_string_equal(b.data, texts[i].kept);
		nm_buf_reset(&b);
		nm_buf_utf8(&b, texts[i].in);
		assert_string_equal(b.data, texts[i].utf8);
		assert_false(b.failed);
	}
	nm_buf_done(&b);
	(void)state;
}

/* What comes out of nm_buf_clean holds only printable characters. */
static void every_two_bytes_come_out_printable(void **state)
{
	struct nm_buf b = { 0 };
	char in[3] = "";
	uint32_t cp;

	for (unsigned v = 0x0101; v < 0x10000; v++) {
		in[0] = (char)(v >> 8);
		in[1] = (char)(v & 0xff);
		nm_buf_reset(&b);
		nm_buf_clean(&b, in, NM_LINES_ESCAPE);
		for (size_t i = 0, len; i < b.n; i += len) {
			len = nm_utf8_next(b.data + i, b.n - i, &cp);
			assert_true(len && nm_cp_is_printable(cp));
		}
	}
	nm_buf_done(&b);
	(void)state;
}

static void counts_have_commas(void **state)
{
	static const struct {
		uint64_t n;
		const char *text;
	} rows[] = { { 0, "0" }, { 999, "999" }, { 1000, "1,000" }, { 999999, "999,999" },
		{ 1234567, "1,234,567" }, { UINT64_MAX, "18,446,744,073,709,551,615" } };
	struct nm_buf b = { 0 };

	for (unsigned i = 0; i < N(rows); i++) {
		nm_buf_reset(&b);
		nm_buf_count(&b, rows[i].n);
		assert_string_equal(b.data, rows[i].text);
	}
	nm_buf_done(&b);
	(void)state;
}

static void a_buffer_that_would_overflow_fails_and_stays_whole(void **state)
{
	struct nm_buf b = { 0 };

	nm_buf_puts(&b, "kept");
	nm_buf_add(&b, "", SIZE_MAX);
	assert_true(b.failed);
	nm_buf_puts(&b, "dropped");
	assert_string_equal(b.data, "kept");
	nm_buf_reset(&b);
	assert_false(b.failed);
	assert_string_equal(b.data, "");
	nm_buf_done(&b);
	(void)state;
}

/* ---- times --------------------------------------------------------------------- */

static const struct {
	const char *name;
	struct nm_systime t;
	enum nm_when kind;
} systimes[] = {
	{ "all zero", { 0 }, NM_WHEN_UNSET },
	{ "a date", { 1998, 4, 4, 2, 19, 0, 47, 0 }, NM_WHEN_DATE },
	{ "a wrong day of the week does not matter", { 1998, 4, 99, 2, 0, 0, 0, 0 }, NM_WHEN_DATE },
	{ "a leap day", { 2024, 2, 0, 29, 0, 0, 0, 0 }, NM_WHEN_DATE },
	{ "a leap day of 2000", { 2000, 2, 0, 29, 0, 0, 0, 0 }, NM_WHEN_DATE },
	{ "no leap day in 1900", { 1900, 2, 0, 29, 0, 0, 0, 0 }, NM_WHEN_UNSET },
	{ "no leap day in 2023", { 2023, 2, 0, 29, 0, 0, 0, 0 }, NM_WHEN_UNSET },
	{ "month 0", { 2023, 0, 0, 1, 0, 0, 0, 0 }, NM_WHEN_UNSET },
	{ "month 13", { 2023, 13, 0, 1, 0, 0, 0, 0 }, NM_WHEN_UNSET },
	{ "day 0", { 2023, 1, 0, 0, 0, 0, 0, 0 }, NM_WHEN_UNSET },
	{ "31 April", { 2023, 4, 0, 31, 0, 0, 0, 0 }, NM_WHEN_UNSET },
	{ "hour 24", { 2023, 4, 0, 1, 24, 0, 0, 0 }, NM_WHEN_UNSET },
	{ "minute 60", { 2023, 4, 0, 1, 0, 60, 0, 0 }, NM_WHEN_UNSET },
	{ "second 60", { 2023, 4, 0, 1, 0, 0, 60, 0 }, NM_WHEN_UNSET },
	{ "1,000 milliseconds", { 2023, 4, 0, 1, 0, 0, 0, 1000 }, NM_WHEN_UNSET },
	{ "the last year", { 9999, 12, 0, 31, 23, 59, 59, 999 }, NM_WHEN_DATE },
	{ "year 10000", { 10000, 1, 0, 1, 0, 0, 0, 0 }, NM_WHEN_UNSET },
	{ "year 1600", { 1600, 1, 0, 1, 0, 0, 0, 1 }, NM_WHEN_OFFSET },
	{ "no year", { 0, 0, 0, 0, 1, 2, 3, 4 }, NM_WHEN_OFFSET },
};

static void system_times_are_judged(void **state)
{
	for (unsigned i = 0; i < N(systimes); i++)
		if (nm_systime_kind(&systimes[i].t) != systimes[i].kind)
			fail_msg("%s", systimes[i].name);
	(void)state;
}

static const struct {
	double days;
	const char *iso; /* NULL: no date */
} vartimes[] = {
	{ 0, "1899-12-30T00:00:00.000+0000" },
	{ 0.5, "1899-12-30T12:00:00.000+0000" },
	{ 1.25, "1899-12-31T06:00:00.000+0000" },
	{ -1, "1899-12-29T00:00:00.000+0000" },
	{ -1.25, "1899-12-29T06:00:00.000+0000" },
	{ 25569, "1970-01-01T00:00:00.000+0000" },
	{ 36585.99999999999, "2000-03-01T00:00:00.000+0000" },
	{ 36584, "2000-02-28T00:00:00.000+0000" },
	{ 36585, "2000-02-29T00:00:00.000+0000" },
	{ 36586, "2000-03-01T00:00:00.000+0000" },
	{ -657434, "0100-01-01T00:00:00.000+0000" },
	{ -657434.75, "0100-01-01T18:00:00.000+0000" },
	{ -657435, NULL },
	{ 2958465.999, "9999-12-31T23:58:33.600+0000" },
	{ 2958465.9999999999, NULL },
	{ 2958466, NULL },
	{ 1e300, NULL },
	{ -1e300, NULL },
	{ (double)NAN, NULL },
	{ (double)INFINITY, NULL },
	{ (double)-INFINITY, NULL },
};

static void ole_dates_become_dates(void **state)
{
	struct nm_buf b = { 0 };

	for (unsigned i = 0; i < N(vartimes); i++) {
		struct nm_systime t = { 0 };
		bool ok = nm_vartime_systime(vartimes[i].days, &t);

		assert_int_equal(ok, vartimes[i].iso != NULL);
		if (!ok)
			continue;
		nm_buf_reset(&b);
		nm_buf_iso(&b, &t);
		assert_string_equal(b.data, vartimes[i].iso);
	}
	nm_buf_done(&b);
	(void)state;
}

static void capture_times_keep_their_nanoseconds(void **state)
{
	static const struct {
		int64_t ns;
		const char *iso;
	} rows[] = {
		{ 0, "1970-01-01T00:00:00.000000000+0000" },
		{ -1, "1969-12-31T23:59:59.999999999+0000" },
		{ 1084443427311224001, "2004-05-13T10:17:07.311224001+0000" },
		{ INT64_MAX, "2262-04-11T23:47:16.854775807+0000" },
		{ INT64_MIN, "1677-09-21T00:12:43.145224192+0000" },
	};
	struct nm_buf b = { 0 };

	for (unsigned i = 0; i < N(rows); i++) {
		nm_buf_reset(&b);
		nm_buf_iso_ns(&b, rows[i].ns);
		assert_string_equal(b.data, rows[i].iso);
	}
	assert_true(nm_ns_between(INT64_MIN, INT64_MAX) == UINT64_MAX);
	assert_true(nm_ns_between(1, 0) == 0);
	nm_buf_done(&b);
	(void)state;
}

/* ---- words ---------------------------------------------------------------------- */

static void words_are_those_of_the_interface(void **state)
{
	assert_string_equal(nm_severity_word(0), "info");
	assert_string_equal(nm_severity_word(2), "strong");
	assert_string_equal(nm_severity_word(5), "critical");
	assert_null(nm_severity_word(6));
	assert_null(nm_severity_word(UINT32_MAX));
	assert_string_equal(nm_status_word(0), "INACTIVE");
	assert_string_equal(nm_status_word(5), "DONE");
	assert_null(nm_status_word(6));
	for (unsigned v = 0; v < NM_VERDICTS; v++)
		for (unsigned w = 0; w < v; w++)
			assert_string_not_equal(nm_verdict_word((enum nm_verdict)v),
			    nm_verdict_word((enum nm_verdict)w));
	assert_string_equal(nm_verdict_word((enum nm_verdict)99), "unknown");
	assert_string_equal(nm_phase_word(NM_PHASE_REGISTER), "Register");
	assert_string_equal(nm_phase_word((enum nm_phase)99), "unknown");
	assert_string_equal(nm_column_type_word(NM_COL_TYPES), "unknown");
	(void)state;
}

static void the_state_never_says_done_for_a_crash(void **state)
{
	struct nm_expert_end end = { .verdict = NM_VERDICT_CRASHED, .status = NM_STATUS_DONE };

	assert_string_equal(nm_end_state(&end), "ABORTED");
	end.status = NM_STATUS_RUNNING;
	assert_string_equal(nm_end_state(&end), "ABORTED");
	end.verdict = NM_VERDICT_RETURNED_FALSE;
	assert_string_equal(nm_end_state(&end), "PROBLEM");
	end.verdict = NM_VERDICT_DONE;
	end.status = NM_STATUS_DONE;
	assert_string_equal(nm_end_state(&end), "DONE");
	(void)state;
}

static void coverage_never_rounds_to_all_or_to_nothing(void **state)
{
	static const struct {
		uint32_t seen, total;
		unsigned tenths;
	} rows[] = { { 0, 0, 1000 }, { 0, 10, 0 }, { 10, 10, 1000 }, { 11, 10, 1000 },
		{ 1, 100000, 1 }, { 99999, 100000, 999 }, { 49999, 100012, 500 },
		{ UINT32_MAX - 1, UINT32_MAX, 999 } };

	for (unsigned i = 0; i < N(rows); i++) {
		struct nm_expert_end end = { .frames_seen = rows[i].seen,
			.frames_total = rows[i].total };

		assert_int_equal(nm_coverage_tenths(&end), rows[i].tenths);
	}
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_made_fit),
		cmocka_unit_test(every_two_bytes_come_out_printable),
		cmocka_unit_test(counts_have_commas),
		cmocka_unit_test(a_buffer_that_would_overflow_fails_and_stays_whole),
		cmocka_unit_test(system_times_are_judged),
		cmocka_unit_test(ole_dates_become_dates),
		cmocka_unit_test(capture_times_keep_their_nanoseconds),
		cmocka_unit_test(words_are_those_of_the_interface),
		cmocka_unit_test(the_state_never_says_done_for_a_crash),
		cmocka_unit_test(coverage_never_rounds_to_all_or_to_nothing),
	};

	return cmocka_run_group_tests_name("report values", tests, NULL, NULL);
}
