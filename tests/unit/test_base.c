/* SPDX-License-Identifier: MIT */
/* base/: cursors, dates, and texts that are safe to show. */
#include "base/bytes.h"
#include "base/civil.h"
#include "base/diag.h"
#include "base/near.h"
#include "check.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *name, *in, *want;
} texts[] = {
	{ "plain text stays", "frame 7: too long", "frame 7: too long" },
	{ "valid UTF-8 stays",
	    "Gr\xc3\xb6\xc3\x9f"
	    "e \xe2\x82\xac \xf0\x9f\x98\x80",
	    "Gr\xc3\xb6\xc3\x9f"
	    "e \xe2\x82\xac \xf0\x9f\x98\x80" },
	{ "an escape sequence can't reach the terminal", "\x1b[31mred", "\\x1b[31mred" },
	{ "newlines and tabs are shown", "a\nb\tc", "a\\x0ab\\x09c" },
	{ "a lone continuation byte is shown", "a\x80z", "a\\x80z" },
	{ "an overlong form is no character", "\xc0\xaf", "\\xc0\\xaf" },
	{ "an overlong three-byte form is none either", "\xe0\x80\xaf", "\\xe0\\x80\\xaf" },
	{ "a surrogate is none", "\xed\xa0\x80", "\\xed\\xa0\\x80" },
	{ "beyond U+10FFFF is none", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80" },
	{ "a cut character at the end is shown", "x\xe2\x82", "x\\xe2\\x82" },
	{ "C1 controls are shown",
	    "\xc2\x9b"
	    "31m",
	    "\\xc2\\x9b"
	    "31m" },
	{ "direction overrides are shown",
	    "\xe2\x80\xae"
	    "txt",
	    "\\xe2\\x80\\xae"
	    "txt" },
	{ "line separators are shown", "\xe2\x80\xa8", "\\xe2\\x80\\xa8" },
	{ "DEL is shown", "\x7f", "\\x7f" },
	{ "nothing stays nothing", "", "" },
};

static void texts_are_cleaned(void **state)
{
	char out[256];

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		print_message("# %s\n", texts[i].name);
		assert_string_equal(nm_text_clean(out, sizeof out, texts[i].in), texts[i].want);
	}
}

/* A cut falls between characters, whatever the size of the buffer. */
static void a_cut_never_splits_a_character(void **state)
{
	const char *in = "a\xc3\xb6\xe2\x82\xac\x01z";
	char full[64], out[64];

	(void)state;
	nm_text_clean(full, sizeof full, in);
	for (uint32_t size = 1; size <= strlen(full) + 1; size++) {
		memset(out, 'x', sizeof out);
		nm_text_clean(out, size, in);
		assert_true(strlen(out) < size);
		assert_memory_equal(out, full, strlen(out));
		assert_int_not_equal((unsigned char)full[strlen(out)] & 0xc0, 0x80);
		assert_int_equal(out[size], 'x');
	}
	nm_text_clean(out, 0, in); /* writes nothing at all */
}

static void a_cursor_never_passes_its_end(void **state)
{
	const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	(void)state;
	for (size_t have = 0; have <= sizeof bytes; have++)
		for (size_t want = 0; want <= sizeof bytes + 1; want++) {
			uint8_t *copy = malloc(have ? have : 1);
			struct nm_cur c = nm_cur_over(copy, have);
			const uint8_t *p;

			memcpy(copy, bytes, have);
			p = nm_cur_take(&c, want);
			assert_int_equal(p != NULL, want <= have);
			assert_int_equal(c.bad, want > have);
			assert_int_equal(c.left, want <= have ? have - want : have);
			free(copy);
		}
}

static void a_bad_cursor_stays_bad(void **state)
{
	const uint8_t bytes[4] = { 1, 2, 3, 4 };
	struct nm_cur c = nm_cur_over(bytes, sizeof bytes);

	(void)state;
	assert_int_equal(nm_cur_le64(&c), 0);
	assert_true(c.bad);
	assert_int_equal(nm_cur_u8(&c), 0);
	assert_null(nm_cur_take(&c, 1));
}

static void numbers_have_the_stated_byte_order(void **state)
{
	const uint8_t b[] = { 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08 };
	uint8_t out[8];

	(void)state;
	assert_int_equal(nm_le16(b), 0x0201);
	assert_int_equal(nm_be16(b), 0x0102);
	assert_int_equal(nm_le32(b), 0x04030201);
	assert_int_equal(nm_be32(b), 0x01020304);
	assert_true(nm_le64(b) == UINT64_C(0x0807060504030201));
	assert_true(nm_be64(b) == UINT64_C(0x0102030405060708));
	nm_put_le64(out, UINT64_C(0x0807060504030201));
	assert_memory_equal(out, b, 8);
	nm_put_le32(out, 0x04030201);
	assert_memory_equal(out, b, 4);
	nm_put_le16(out, 0x0201);
	assert_memory_equal(out, b, 2);
}

static void checked_arithmetic_says_when_it_overflows(void **state)
{
	size_t r = 7;

	(void)state;
	assert_true(nm_add_size(SIZE_MAX - 1, 1, &r) && r == SIZE_MAX);
	r = 7;
	assert_false(nm_add_size(SIZE_MAX, 1, &r));
	assert_int_equal(r, 7);
	assert_true(nm_mul_size(SIZE_MAX / 2, 2, &r) && r == SIZE_MAX - 1);
	r = 7;
	assert_false(nm_mul_size(SIZE_MAX / 2 + 1, 2, &r));
	assert_int_equal(r, 7);
}

static const struct {
	const char *name;
	struct nm_civil c;
	int64_t ns;
	bool ok;
} dates[] = {
	{ "the epoch was a Thursday", { 1970, 1, 4, 1, 0, 0, 0, 0 }, 0, true },
	{ "a leap day", { 2024, 2, 4, 29, 23, 59, 59, 999 }, INT64_C(1709251199999000000), true },
	{ "before the epoch", { 1969, 12, 3, 31, 23, 59, 59, 999 }, -1000000, true },
	{ "the last millisecond an int64 holds", { 2262, 4, 5, 11, 23, 47, 16, 854 },
	    INT64_C(9223372036854000000), true },
	{ "29 February in a common year", { 2023, 2, 0, 29, 0, 0, 0, 0 }, 0, false },
	{ "29 February 1900", { 1900, 2, 0, 29, 0, 0, 0, 0 }, 0, false },
	{ "month 0", { 2000, 0, 0, 1, 0, 0, 0, 0 }, 0, false },
	{ "month 13", { 2000, 13, 0, 1, 0, 0, 0, 0 }, 0, false },
	{ "day 0", { 2000, 1, 0, 0, 0, 0, 0, 0 }, 0, false },
	{ "31 April", { 2000, 4, 0, 31, 0, 0, 0, 0 }, 0, false },
	{ "hour 24", { 2000, 1, 0, 1, 24, 0, 0, 0 }, 0, false },
	{ "second 60", { 2000, 1, 0, 1, 0, 0, 60, 0 }, 0, false },
	{ "millisecond 1000", { 2000, 1, 0, 1, 0, 0, 0, 1000 }, 0, false },
	{ "a year no int64 of nanoseconds reaches", { 2263, 1, 0, 1, 0, 0, 0, 0 }, 0, false },
	{ "year 1600", { 1600, 1, 0, 1, 0, 0, 0, 0 }, 0, false },
};

static void dates_convert_both_ways(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(dates); i++) {
		int64_t ns = 42;

		print_message("# %s\n", dates[i].name);
		assert_int_equal(nm_civil_to_ns(&dates[i].c, &ns), dates[i].ok);
		assert_true(ns == (dates[i].ok ? dates[i].ns : 42));
		if (dates[i].ok) {
			struct nm_civil back = nm_civil_from_ns(ns);
			assert_memory_equal(&back, &dates[i].c, sizeof back);
		}
	}
}

static void every_day_of_800_years_comes_back(void **state)
{
	(void)state;
	for (int64_t day = -100000; day < 106000; day++) {
		struct nm_civil c = nm_civil_from_ns(day * INT64_C(86400000000000));

		assert_true(nm_days_from_civil(c.year, c.month, c.day) == day);
	}
}

static void a_message_keeps_code_and_place(void **state)
{
	struct nm_diag d;

	(void)state;
	assert_int_equal(nm_diag_set(&d, 39, 24, "frame %d: %s", 7, "bad\n"), 39);
	assert_int_equal(d.code, 39);
	assert_true(d.offset == 24);
	assert_string_equal(d.text, "frame 7: bad\\x0a");
	assert_int_equal(nm_diag_set(NULL, 39, 0, "nobody listens"), 39);
}

__attribute__((format(printf, 3, 4))) static char *fit(char *s, size_t size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)nm_text_fit(s, size, fmt, ap);
	va_end(ap);
	return s;
}

static void a_long_message_keeps_its_end(void **state)
{
	char s[16];

	(void)state;
	assert_string_equal(fit(s, sizeof s, "%s: %s", "0123456789", "why"), "0123456789: why");
	assert_string_equal(fit(s, sizeof s, "%s: %s", "0123456789a", "why"), "012345...a: why");
	assert_string_equal(fit(s, sizeof s, "%s: why", "01234\xe2\x82\xac 789"), "01234...9: why");
	assert_string_equal(fit(s, sizeof s, "0123456789%s why", "\xe2\x82\xac"), "012345... why");
}

static void slips_are_counted(void **state)
{
	static const struct {
		const char *a, *b;
		unsigned d;
	} rows[] = {
		{ "", "", 0 },
		{ "", "tcp", 3 },
		{ "tcp", "tcp", 0 },
		{ "tcp", "tpc", 1 }, /* neighbours swapped */
		{ "topusr", "topuser", 1 },
		{ "topuserr", "topuser", 1 },
		{ "topuzer", "topuser", 1 },
		{ "ab", "cd", 2 },
		{ "topuser", "tcpipe", 4 },
		{ "123456789012345678901234567890123456789012345678", "", 48 },
		{ "1234567890123456789012345678901234567890123456789", "", UINT_MAX },
		{ "", "1234567890123456789012345678901234567890123456789", UINT_MAX },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(nm_near_distance(rows[i].a, rows[i].b), rows[i].d);
}

static void what_is_nearest_is_meant(void **state)
{
	unsigned most = nm_near_most("topsuer");

	(void)state;
	assert_false(nm_near_is("topsuer", "tcpipe", &most));
	assert_true(nm_near_is("topsuer", "topsurer", &most));
	assert_false(nm_near_is("topsuer", "topuser", &most)); /* as near: the first stays */
	assert_true(nm_near_is("topsuer", "topsuer", &most));
	most = nm_near_most("tcp"); /* of so few letters only one may be wrong */
	assert_false(nm_near_is("tcp", "udp", &most));
	assert_true(nm_near_is("tcp", "tpc", &most));
}

static void only_letters_and_digits_count(void **state)
{
	static const struct {
		const char *a, *b;
		bool same;
	} rows[] = {
		{ "Time to Live", "TimeToLive", true }, { "Time to Live", "time_to_live", true },
		{ " -IPv4- ", "ipv4", true }, { "", "-- ", true }, { "ipv4", "ipv6", false },
		{ "ipv4", "ipv", false }, { "ip", "ipv4", false }, { "", "a", false },
		{ "\xc3\xa4", "", true }, /* a letter, but none of ASCII */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_int_equal(nm_near_same(rows[i].a, rows[i].b), rows[i].same);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_cleaned),
		cmocka_unit_test(a_cut_never_splits_a_character),
		cmocka_unit_test(a_cursor_never_passes_its_end),
		cmocka_unit_test(a_bad_cursor_stays_bad),
		cmocka_unit_test(numbers_have_the_stated_byte_order),
		cmocka_unit_test(checked_arithmetic_says_when_it_overflows),
		cmocka_unit_test(dates_convert_both_ways),
		cmocka_unit_test(every_day_of_800_years_comes_back),
		cmocka_unit_test(a_message_keeps_code_and_place),
		cmocka_unit_test(a_long_message_keeps_its_end),
		cmocka_unit_test(slips_are_counted),
		cmocka_unit_test(what_is_nearest_is_meant),
		cmocka_unit_test(only_letters_and_digits_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
