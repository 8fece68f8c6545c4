/* SPDX-License-Identifier: MIT */
/* base/settings: tables that are none, values that are none, and what becomes of stored bytes. */
#include "check.h"
#include "base/settings.h"

#include <stdlib.h>

struct config {
	DWORD length, number, truth, choice, flags;
	char text[8];
	WORD ports[4];
};

static const NMEXPERTFIELD rows[] = {
	{ "number", NMFIELD_UINT32, NMAPI_FIELD(struct config, number), "7", "1..1000", "help" },
	{ "truth", NMFIELD_BOOL, NMAPI_FIELD(struct config, truth), "yes", NULL, NULL },
	{ "choice", NMFIELD_CHOICE, NMAPI_FIELD(struct config, choice), "b", "a|b|c-3", NULL },
	{ "flags", NMFIELD_FLAGS, NMAPI_FIELD(struct config, flags), "x,z", "x|y|z", NULL },
	{ "text", NMFIELD_STRING, NMAPI_FIELD(struct config, text), "abc", NULL, NULL },
	{ "ports", NMFIELD_UINT16_LIST, NMAPI_FIELD(struct config, ports), "80,8080", NULL, NULL },
};

/* ---- tables ---- */

static char long_line[1100];

static const struct {
	const char *name;
	NMEXPERTFIELD row; /* beside "number" at 0 */
	const char *want;  /* NULL: it is one */
} tables[] = {
	{ "one more", { "b", NMFIELD_UINT32, 4, 4, "0", NULL, NULL }, NULL },
	{ "the last place", { "b", NMFIELD_UINT32, 65528, 4, "0", NULL, NULL }, NULL },
	{ "no help, no default", { "b", NMFIELD_STRING, 4, 1, NULL, NULL, NULL }, NULL },
	{ "beyond it", { "b", NMFIELD_UINT32, 65529, 4, "0", NULL, NULL }, "largest" },
	{ "around the end", { "b", NMFIELD_UINT32, 0xfffffffe, 4, "0", NULL, NULL }, "largest" },
	{ "no name", { "", NMFIELD_UINT32, 4, 4, "0", NULL, NULL },
	    "row 2 of the table of settings: its name" },
	{ "a name in capitals", { "B", NMFIELD_UINT32, 4, 4, "0", NULL, NULL }, "its name" },
	{ "a name with '='", { "b=", NMFIELD_UINT32, 4, 4, "0", NULL, NULL }, "its name" },
	{ "a digit first", { "4b", NMFIELD_UINT32, 4, 4, "0", NULL, NULL }, "its name" },
	{ "31 letters",
	    { "abcdefghijklmnopqrstuvwxyz-1234", NMFIELD_UINT32, 4, 4, "0", NULL, NULL }, NULL },
	{ "32 letters",
	    { "abcdefghijklmnopqrstuvwxyz-12345", NMFIELD_UINT32, 4, 4, "0", NULL, NULL },
	    "its name" },
	{ "the other's name", { "number", NMFIELD_UINT32, 4, 4, "0", NULL, NULL },
	    "another of its name" },
	{ "the other's last byte", { "b", NMFIELD_STRING, 3, 2, "", NULL, NULL },
	    "row 2 of the table of settings, 'b': it overlaps" },
	{ "type 0", { "b", 0, 4, 4, "0", NULL, NULL }, "type" },
	{ "type 7", { "b", 7, 4, 4, "0", NULL, NULL }, "type" },
	{ "two bytes of number", { "b", NMFIELD_UINT32, 4, 2, "0", NULL, NULL }, "size" },
	{ "text of 0 bytes", { "b", NMFIELD_STRING, 4, 0, "", NULL, NULL }, "size" },
	{ "text of 4,096 bytes", { "b", NMFIELD_STRING, 4, 4096, "", NULL, NULL }, NULL },
	{ "text of 4,097 bytes", { "b", NMFIELD_STRING, 4, 4097, "", NULL, NULL }, "size" },
	{ "half a port", { "b", NMFIELD_UINT16_LIST, 4, 3, "", NULL, NULL }, "size" },
	{ "a range that is none", { "b", NMFIELD_UINT32, 4, 4, "0", "1-2", NULL }, "range" },
	{ "a range backwards", { "b", NMFIELD_UINT32, 4, 4, "2", "2..1", NULL }, "range" },
	{ "a range past 32 bits", { "b", NMFIELD_UINT32, 4, 4, "0", "0..4294967296", NULL },
	    "range" },
	{ "a choice of nothing", { "b", NMFIELD_CHOICE, 4, 4, "", NULL, NULL }, "range" },
	{ "an empty word", { "b", NMFIELD_CHOICE, 4, 4, "a", "a||b", NULL }, "range" },
	{ "a word twice", { "b", NMFIELD_FLAGS, 4, 4, "", "a|b|a", NULL }, "range" },
	{ "a word with a comma", { "b", NMFIELD_FLAGS, 4, 4, "", "a,b", NULL }, "range" },
	{ "32 flags",
	    { "b", NMFIELD_FLAGS, 4, 4, "v",
		"0|1|2|3|4|5|6|7|8|9|a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r|s|t|u|v", NULL },
	    NULL },
	{ "33 flags",
	    { "b", NMFIELD_FLAGS, 4, 4, "",
		"0|1|2|3|4|5|6|7|8|9|a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r|s|t|u|v|w", NULL },
	    "range" },
	{ "a range of text", { "b", NMFIELD_STRING, 4, 4, "", "1..2", NULL }, "range" },
	{ "a default out of range", { "b", NMFIELD_UINT32, 4, 4, "9", "1..8", NULL }, "default" },
	{ "no default", { "b", NMFIELD_UINT32, 4, 4, NULL, NULL, NULL }, "default" },
	{ "a default too long", { "b", NMFIELD_STRING, 4, 4, "abcd", NULL, NULL }, "default" },
	{ "help of two lines", { "b", NMFIELD_UINT32, 4, 4, "0", NULL, "a\nb" }, "line" },
	{ "help for a terminal", { "b", NMFIELD_UINT32, 4, 4, "0", NULL, "\033[31m" }, "line" },
	{ "help without end", { "b", NMFIELD_UINT32, 4, 4, "0", NULL, long_line }, "line" },
};

static void tables_are_taken_or_refused(void **state)
{
	NMEXPERTFIELD table[2] = { { "number", NMFIELD_UINT32, 0, 4, "0", NULL, NULL }, { 0 } };
	struct nm_diag d;

	(void)state;
	memset(long_line, 'a', sizeof long_line - 1);
	for (size_t i = 0; i < COUNT(tables); i++) {
		table[1] = tables[i].row;
		d.text[0] = '\0';
		if (nm_settings_check(table, 2, &d) != !tables[i].want)
			fail_msg("%s: %s", tables[i].name, d.text);
		if (tables[i].want && !strstr(d.text, tables[i].want))
			fail_msg("%s: %s", tables[i].name, d.text);
	}
	assert_false(nm_settings_check(table, 0, &d));
	assert_true(nm_settings_check(rows, COUNT(rows), &d));
	assert_int_equal(nm_settings_length(rows, COUNT(rows)), sizeof(struct config));
	assert_int_equal(nm_settings_length(&tables[1].row, 1), 65536);
}

/* ---- values ---- */

static const struct {
	const char *setting, *text;
	const char *want; /* as it is shown; NULL: it is none */
	const char *why;  /* then */
} values[] = {
	{ "number", "1", "1", NULL },
	{ "number", "1000", "1000", NULL },
	{ "number", "0", NULL, "'0' is no number from 1 to 1000" },
	{ "number", "1001", NULL, "from 1 to 1000" },
	{ "number", "4294967297", NULL, "no number" },
	{ "number", "99999999999999999999", NULL, "no number" },
	{ "number", "-1", NULL, "no number" },
	{ "number", " 1", NULL, "no number" },
	{ "number", "1x", NULL, "no number" },
	{ "number", "", NULL, "no number" },
	{ "truth", "no", "no", NULL },
	{ "truth", "on", "yes", NULL },
	{ "truth", "false", "no", NULL },
	{ "truth", "1", "yes", NULL },
	{ "truth", "maybe", NULL, "neither yes nor no" },
	{ "choice", "a", "a", NULL },
	{ "choice", "c-3", "c-3", NULL },
	{ "choice", "c-2", NULL, "is none of a, b, c-3; did you mean 'c-3'?" },
	{ "choice", "", NULL, "'' is none of a, b, c-3" },
	{ "flags", "", "", NULL },
	{ "flags", "z,x", "x,z", NULL },
	{ "flags", "y", "y", NULL },
	{ "flags", "x,zebra", NULL, "'zebra' is none of x, y, z" },
	{ "flags", "x,,z", NULL, "'' is none" },
	{ "text", "1234567", "1234567", NULL },
	{ "text", "", "", NULL },
	{ "text", "a, b=c", "a, b=c", NULL },
	{ "text", "12345678", NULL, "longer than 7 bytes" },
	{ "text", "a\nb", NULL, "can't be shown" },
	{ "text", "a\033", NULL, "can't be shown" },
	{ "text", "\xff", NULL, "can't be shown" },
	{ "ports", "65535", "65535", NULL },
	{ "ports", "1,2,3,4", "1,2,3,4", NULL },
	{ "ports", "", "", NULL },
	{ "ports", "1,2,3,4,5", NULL, "more than 4 numbers" },
	{ "ports", "0", NULL, "no number from 1 to 65535" },
	{ "ports", "65536", NULL, "no number from 1 to 65535" },
	{ "ports", "80,http", NULL, "'http' is no number" },
};

static void values_are_put_or_refused(void **state)
{
	char text[NM_SETTING_TEXT];
	struct config now, before;
	const char *near;

	(void)state;
	for (size_t i = 0; i < COUNT(values); i++) {
		const char *name = values[i].setting;
		const NMEXPERTFIELD *r =
		    nm_setting_find(rows, COUNT(rows), name, strlen(name), &near);
		struct nm_diag d;

		assert_non_null(r);
		(void)nm_settings_fill(rows, COUNT(rows), NULL, 0, (uint8_t *)&now);
		before = now;
		if (nm_setting_put(r, values[i].text, (uint8_t *)&now, &d) != !!values[i].want)
			fail_msg("%s=%s", name, values[i].text);
		if (values[i].want) {
			assert_string_equal(
			    nm_setting_text(r, (const uint8_t *)&now, text), values[i].want);
		} else {
			assert_memory_equal(&now, &before, sizeof now);
			if (!strstr(d.text, values[i].why))
				fail_msg("%s=%s: %s", name, values[i].text, d.text);
		}
	}
}

static void defaults_fill_the_blob(void **state)
{
	const struct config want = { .length = sizeof want,
		.number = 7,
		.truth = 1,
		.choice = 1,
		.flags = 5,
		.text = "abc",
		.ports = { 80, 8080 } };
	struct config now;

	(void)state;
	memset(&now, 0xff, sizeof now);
	(void)nm_settings_fill(rows, COUNT(rows), NULL, 0, (uint8_t *)&now);
	assert_memory_equal(&now, &want, sizeof now);
}

/* ---- what was stored ---- */

static const struct {
	const char *name;
	struct config stored;
	size_t n;
	unsigned missing, wrong;
	const char *first;
	unsigned number; /* then */
} stored[] = {
	{ "all", { 0, 5, 0, 2, 7, "xyz", { 1, 2, 3, 4 } }, sizeof(struct config), 0, 0, NULL, 5 },
	{ "only a length", { 0 }, 4, 6, 0, "number", 7 },
	{ "the first", { 0, 5, 0, 0, 0, "", { 0 } }, 8, 5, 0, "truth", 5 },
	{ "half of the second", { 0, 5, 1, 0, 0, "", { 0 } }, 10, 5, 0, "truth", 5 },
	{ "a number out of range", { 0, 5000, 0, 2, 7, "", { 0 } }, sizeof(struct config), 0, 1,
	    "number", 7 },
	{ "a truth of 2", { 0, 5, 2, 2, 7, "", { 0 } }, sizeof(struct config), 0, 1, "truth", 5 },
	{ "a choice past the last", { 0, 5, 1, 3, 7, "", { 0 } }, sizeof(struct config), 0, 1,
	    "choice", 5 },
	{ "a flag past the last", { 0, 5, 1, 2, 8, "", { 0 } }, sizeof(struct config), 0, 1,
	    "flags", 5 },
	{ "a text without end",
	    { 0, 5, 1, 2, 7, { 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a' }, { 0 } },
	    sizeof(struct config), 0, 1, "text", 5 },
	{ "a port behind the last", { 0, 5, 1, 2, 7, "", { 80, 0, 81 } }, sizeof(struct config), 0,
	    1, "ports", 5 },
};

static void what_was_stored_stays_as_far_as_it_fits(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(stored); i++) {
		uint8_t *exact = malloc(stored[i].n); /* so that a sanitizer sees its end */
		struct nm_settings_kept kept;
		struct config now;

		assert_non_null(exact);
		memcpy(exact, &stored[i].stored, stored[i].n);
		kept = nm_settings_fill(rows, COUNT(rows), exact, stored[i].n, (uint8_t *)&now);
		free(exact);
		if (kept.missing != stored[i].missing || kept.wrong != stored[i].wrong ||
		    now.number != stored[i].number || now.length != sizeof now)
			fail_msg("%s: %u %u", stored[i].name, kept.missing, kept.wrong);
		if (stored[i].first)
			assert_string_equal(kept.first, stored[i].first);
		else
			assert_null(kept.first);
	}
}

static void names_are_found_and_near_ones_told(void **state)
{
	const char *near;

	(void)state;
	assert_ptr_equal(nm_setting_find(rows, COUNT(rows), "text=", 4, &near), &rows[4]);
	assert_null(nm_setting_find(rows, COUNT(rows), "nubmer", 6, &near));
	assert_string_equal(near, "number");
	assert_null(nm_setting_find(rows, COUNT(rows), "else", 4, &near));
	assert_null(near);
	memset(long_line, 'a', sizeof long_line - 1);
	assert_null(nm_setting_find(rows, COUNT(rows), long_line, 1000, &near));
	assert_int_equal(nm_setting_name("top=1"), 3);
	assert_int_equal(nm_setting_name("a-1="), 3);
	assert_int_equal(nm_setting_name("top"), 0);
	assert_int_equal(nm_setting_name("=1"), 0);
	assert_int_equal(nm_setting_name("8080=1"), 0);
	assert_int_equal(nm_setting_name("a b=1"), 0);
	assert_int_equal(nm_settings_mark("top=1+a=2"), ',');
	assert_int_equal(nm_settings_mark("+top=1"), '+');
	assert_int_equal(nm_settings_mark("|top=1"), '|');
	assert_int_equal(nm_settings_mark(",top=1"), '\0');
	assert_int_equal(nm_settings_mark("++top=1"), '\0');
	assert_int_equal(nm_settings_mark(";"), '\0');
	assert_int_equal(nm_settings_mark(""), '\0');
	assert_string_equal(nm_setting_kind(NMFIELD_FLAGS), "some of");
	assert_string_equal(nm_setting_kind(0), "");
	assert_string_equal(nm_setting_kind(7), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_taken_or_refused),
		cmocka_unit_test(values_are_put_or_refused),
		cmocka_unit_test(defaults_fill_the_blob),
		cmocka_unit_test(what_was_stored_stays_as_far_as_it_fits),
		cmocka_unit_test(names_are_found_and_near_ones_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
