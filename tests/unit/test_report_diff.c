/* SPDX-License-Identifier: MIT */
/* netmon diff: which finding of one capture is that of another, and what has become of it. */
#include "report_events.h"
#include "report_file.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define N(a)   (sizeof(a) / sizeof *(a))
#define HIDDEN UINT32_C(0x80000000)
#define MOST   4

static int play_capture(
    const struct nm_sink *s, const char *name, const struct nm_event *list, unsigned n)
{
	struct nm_capture_report c = a_capture(name, 10);
	struct nm_expert_info e = an_expert("x", "X");
	struct nm_expert_end end = an_end(10, n);
	int r = s->capture_begin(s->ctx, &c);

	r = r ? r : s->expert_begin(s->ctx, &e);
	for (unsigned i = 0; i < n && !r; i++)
		r = s->event(s->ctx, &list[i]);
	return r ? r : s->expert_end(s->ctx, &e, &end);
}

/* The report on two captures with these events; the caller frees it. */
static char *compare(const struct nm_event *a, unsigned na, const struct nm_event *b, unsigned nb,
    int fail_on, struct nm_diff_result *ret)
{
	struct nm_diff_options opt = { .size = sizeof opt, .path = path, .fail_on = fail_on };
	struct nm_run_summary sum = { .captures = 2, .fail_on = -1 };
	char *s = calloc(1, 65536);
	struct nm_diff *d = NULL;
	struct nm_sink sink;
	FILE *f;

	assert_non_null(s);
	assert_int_equal(nm_diff_open(&opt, &d, &sink), 0);
	assert_int_equal(play_capture(&sink, "a", a, na), 0);
	assert_int_equal(play_capture(&sink, "b", b, nb), 0);
	assert_int_equal(sink.run_end(sink.ctx, &sum), 0);
	assert_int_equal(nm_diff_close(d, ret), 0);
	f = fopen(path, "rb");
	assert_non_null(f);
	assert_true(fread(s, 1, 65535, f) > 0);
	(void)fclose(f);
	return s;
}

#define SAID(name, text)                                                                           \
	{                                                                                          \
		name, NM_COL_STRING,                                                               \
		{                                                                                  \
			.str = (text)                                                              \
		}                                                                                  \
	}
#define COUNT(name, value)                                                                         \
	{                                                                                          \
		name, NM_COL_UINT32,                                                               \
		{                                                                                  \
			.u = (value)                                                               \
		}                                                                                  \
	}

/* Two events of one kind with a column each: are they the same finding? */
static const struct {
	const char *name;
	struct nm_column before, after;
	bool same;
} keys[] = {
	{ "a text", SAID("Server", "a"), SAID("Server", "a"), true },
	{ "another text", SAID("Server", "a"), SAID("Server", "b"), false },
	{ "a column of another name", SAID("Server", "a"), SAID("Client", "a"), false },
	{ "counts", COUNT("Times", 1), COUNT("Times", 2), true },
	{ "frames", { "Frame", NM_COL_FRAME, { .u = 1 } }, { "Frame", NM_COL_FRAME, { .u = 2 } },
	    true },
	{ "times", { "When", NM_COL_VARTIME, { .d = 1 } }, { "When", NM_COL_VARTIME, { .d = 2 } },
	    true },
	{ "texts that are quantities", SAID("Delay", "12.5 ms"), SAID("Delay", "3 ms"), true },
	{ "texts that begin like one", SAID("Host", "10.0.0.1"), SAID("Host", "10.0.0.2"), false },
	{ "addresses", { "Ip", NM_COL_IPADDR, { .b = { 1, 2, 3, 4 } } },
	    { "Ip", NM_COL_IPADDR, { .b = { 1, 2, 3, 5 } } }, false },
	{ "ports of services", COUNT("Port", 80), COUNT("Port", 443), false },
	{ "ports that a system chose", COUNT("Source Port", 40000), COUNT("Source Port", 50000),
	    true },
	{ "an address with such a port", SAID("From", "10.0.0.1:49152"),
	    SAID("From", "10.0.0.1:60000"), true },
	{ "an address with a service's", SAID("From", "10.0.0.1:80"), SAID("From", "10.0.0.1:81"),
	    false },
	{ "IPv6 with such a port", SAID("From", "[2001:db8::1]:49152"),
	    SAID("From", "[2001:db8::1]:60000"), true },
	{ "IPv6 without", SAID("From", "2001:db8::40000"), SAID("From", "2001:db8::50000"), false },
};

static void a_finding_is_known_by_what_names_it(void **state)
{
	for (size_t i = 0; i < N(keys); i++) {
		struct nm_event a = { .ident = 1,
			.severity = 3,
			.name = "E",
			.source = "x",
			.description = "",
			.n_columns = 1,
			.columns = &keys[i].before };
		struct nm_event b = a;
		struct nm_diff_result r;
		char *s;

		b.columns = &keys[i].after;
		s = compare(&a, 1, &b, 1, 3, &r);
		if ((strstr(s, "0 new, 0 worse, 0 gone") != NULL) != keys[i].same)
			fail_msg("%s: %s", keys[i].name, s);
		assert_int_equal(r.failing, keys[i].same ? 0 : 1);
		free(s);
	}
	(void)state;
}

/* Severities of the events of one finding before and after, ended by -1. */
static const struct {
	const char *name;
	int before[MOST], after[MOST];
	const char *begin; /* of the report */
	int fail_on;
	unsigned failing;
} changes[] = {
	{ "nothing", { -1 }, { -1 }, "0 new, 0 worse, 0 gone, 0 better, 0 unchanged: ", 0, 0 },
	{ "new", { -1 }, { 2, -1 }, "new    strong   x/1 E; 0 -> 1\n1 new, ", 2, 1 },
	{ "new below", { -1 }, { 1, -1 }, "new    warning  x/1 E; 0 -> 1\n1 new, ", 2, 0 },
	{ "new, and nobody asks", { -1 }, { 5, -1 }, "new    critical x/1 E; 0 -> 1\n", -1, 0 },
	{ "gone", { 3, -1 }, { -1 }, "gone   error    x/1 E; 1 -> 0\n0 new, 0 worse, 1 gone", 0,
	    0 },
	{ "more", { 3, -1 }, { 3, 3, -1 }, "worse  error    x/1 E; 1 -> 2\n", 3, 0 },
	{ "more severe", { 1, 1, -1 }, { 4, -1 }, "worse  severe   x/1 E; was warning; 2 -> 1\n", 3,
	    1 },
	{ "as severe before", { 3, -1 }, { 4, -1 }, "worse  severe   x/1 E; was error; 1 -> 1\n", 3,
	    0 },
	{ "fewer", { 3, 3, -1 }, { 3, -1 }, "0 new, 0 worse, 0 gone, 1 better, ", 0, 0 },
	{ "less severe", { 3, -1 }, { 1, 1, -1 }, "0 new, 0 worse, 0 gone, 1 better, ", 0, 0 },
	{ "as it was", { 3, 1, -1 }, { 1, 3, -1 }, "0 new, 0 worse, 0 gone, 0 better, 1 unchanged",
	    0, 0 },
};

static unsigned make_events(struct nm_event *list, const int *severities)
{
	unsigned n = 0;

	for (; severities[n] >= 0; n++)
		list[n] = (struct nm_event){ .ident = 1,
			.severity = (uint32_t)severities[n],
			.name = "E",
			.source = "x",
			.description = "" };
	return n;
}

static void what_has_become_of_it(void **state)
{
	for (size_t i = 0; i < N(changes); i++) {
		struct nm_event a[MOST], b[MOST];
		unsigned na = make_events(a, changes[i].before);
		unsigned nb = make_events(b, changes[i].after);
		struct nm_diff_result r;
		char *s = compare(a, na, b, nb, changes[i].fail_on, &r);

		if (strncmp(s, changes[i].begin, strlen(changes[i].begin)) != 0)
			fail_msg("%s: %s", changes[i].name, s);
		assert_int_equal(r.failing, changes[i].failing);
		assert_true(r.whole);
		free(s);
	}
	(void)state;
}

static void figures_are_not_compared(void **state)
{
	struct nm_event e = { .ident = 1,
		.flags = HIDDEN,
		.severity = 5,
		.name = "E",
		.source = "x",
		.description = "" };
	struct nm_diff_result r;
	char *s = compare(NULL, 0, &e, 1, 0, &r);

	assert_int_equal(strncmp(s, "0 new, ", 7), 0);
	assert_int_equal(r.failing, 0);
	free(s);
	(void)state;
}

static void memory_has_a_bound(void **state)
{
	struct nm_diff_options opt = { .size = sizeof opt, .path = path, .fail_on = 0 };
	struct nm_run_summary sum = { .captures = 2, .fail_on = -1 };
	struct nm_capture_report c = a_capture("a", 10);
	struct nm_expert_info x = an_expert("x", "X");
	struct nm_diff_result r;
	struct nm_diff *d = NULL;
	struct nm_sink sink;
	char name[32];

	assert_int_equal(nm_diff_open(&opt, &d, &sink), 0);
	assert_int_equal(sink.capture_begin(sink.ctx, &c), 0);
	assert_int_equal(sink.expert_begin(sink.ctx, &x), 0);
	for (unsigned i = 0; i < 140000; i++) {
		struct nm_column col = SAID("N", name);
		struct nm_event e = { .ident = 1,
			.severity = 1,
			.name = "E",
			.source = "x",
			.description = "",
			.n_columns = 1,
			.columns = &col };

		(void)snprintf(name, sizeof name, "name %u", i);
		assert_int_equal(sink.event(sink.ctx, &e), 0);
	}
	assert_int_equal(sink.capture_begin(sink.ctx, &c), 0);
	assert_int_equal(sink.run_end(sink.ctx, &sum), 0);
	assert_int_equal(nm_diff_close(d, &r), 0);
	assert_int_equal(r.left_out, 140000 - 131072);
	assert_false(r.whole);
	(void)state;
}

static void trouble_with_writing_is_told(void **state)
{
	struct nm_diff_options opt = { .size = sizeof opt, .path = "/dev/full", .fail_on = 0 };
	struct nm_run_summary sum = { .captures = 2, .fail_on = -1 };
	struct nm_diff *d = NULL;
	struct nm_sink sink;

	if (access(opt.path, F_OK) == 0) { /* not on Windows */
		assert_int_equal(nm_diff_open(&opt, &d, &sink), 0);
		assert_int_equal(sink.run_end(sink.ctx, &sum), 0);
		assert_int_equal(nm_diff_close(d, NULL), ENOSPC);
	}
	opt.path = "/nowhere/at/all";
	assert_int_equal(nm_diff_open(&opt, &d, &sink), ENOENT);
	opt.size = 1;
	assert_int_equal(nm_diff_open(&opt, &d, &sink), EINVAL);
	assert_int_equal(nm_diff_close(NULL, NULL), 0);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_is_known_by_what_names_it),
		cmocka_unit_test(what_has_become_of_it),
		cmocka_unit_test(figures_are_not_compared),
		cmocka_unit_test(memory_has_a_bound),
		cmocka_unit_test(trouble_with_writing_is_told),
	};

	return cmocka_run_group_tests_name("diff", tests, make_file, remove_file);
}
