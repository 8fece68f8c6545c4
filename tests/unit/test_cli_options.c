/* SPDX-License-Identifier: MIT */
/* Options of the command: numbers, near misses, and the words of netmon run. */
#include "cli/cli.h"
#include "cli_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

/* ---- numbers ---------------------------------------------------------------------- */

static const struct {
	const char *in;
	bool ok;
	uint64_t n;
} sizes[] = {
	{ "1", true, 1 },
	{ "500000", true, 500000 },
	{ "64K", true, 65536 },
	{ "64KiB", true, 65536 },
	{ "64M", true, UINT64_C(64) << 20 },
	{ "1G", true, UINT64_C(1) << 30 },
	{ "2TiB", true, UINT64_C(2) << 40 },
	{ "007", true, 7 },
	{ "18446744073709551615", true, UINT64_MAX },
	{ "18446744073709551616", false, 0 },
	{ "99999999999999999999999999", false, 0 },
	{ "16777216T", false, 0 },
	{ "16777215T", true, UINT64_C(16777215) << 40 },
	{ "0", false, 0 },
	{ "", false, 0 },
	{ "M", false, 0 },
	{ "-1", false, 0 },
	{ "+1", false, 0 },
	{ " 1", false, 0 },
	{ "1 ", false, 0 },
	{ "1.5G", false, 0 },
	{ "0x10", false, 0 },
	{ "64m", false, 0 },
	{ "64MB", false, 0 },
	{ "1e6", false, 0 },
};

static const struct {
	const char *in;
	bool ok;
	uint64_t ms;
} durations[] = {
	{ "0", true, 0 },
	{ "30", true, 30000 },
	{ "30s", true, 30000 },
	{ "500ms", true, 500 },
	{ "2m", true, 120000 },
	{ "1h", true, 3600000 },
	{ "9223372036854ms", true, UINT64_C(9223372036854) },
	{ "9223372036855ms", false, 0 }, /* 2^63 nanoseconds */
	{ "18446744073709551615ms", false, 0 },
	{ "18446744073709551615", false, 0 },
	{ "5124095576031h", false, 0 },
	{ "1d", false, 0 },
	{ "s", false, 0 },
	{ "", false, 0 },
	{ "-5", false, 0 },
	{ "1.5", false, 0 },
};

static void sizes_are_read(void **state)
{
	for (unsigned i = 0; i < N(sizes); i++) {
		uint64_t n = 12345;

		if (cli_parse_size("--memory", sizes[i].in, &n) != sizes[i].ok)
			fail_msg("'%s'", sizes[i].in);
		assert_true(n == (sizes[i].ok ? sizes[i].n : 12345));
	}
	(void)state;
}

static void durations_are_read(void **state)
{
	for (unsigned i = 0; i < N(durations); i++) {
		uint64_t n = 12345;

		if (cli_parse_duration("--timeout", durations[i].in, &n) != durations[i].ok)
			fail_msg("'%s'", durations[i].in);
		assert_true(n == (durations[i].ok ? durations[i].ms : 12345));
	}
	(void)state;
}

static void counts_have_limits(void **state)
{
	uint64_t n = 0;

	assert_true(cli_parse_count("--jobs", "1", 1, 8, &n));
	assert_true(cli_parse_count("--jobs", "8", 1, 8, &n));
	assert_int_equal(n, 8);
	assert_false(cli_parse_count("--jobs", "0", 1, 8, &n));
	assert_false(cli_parse_count("--jobs", "9", 1, 8, &n));
	assert_false(cli_parse_count("--jobs", "1K", 1, 8000, &n));
	assert_false(cli_parse_count("--jobs", "", 0, 8, &n));
	assert_int_equal(n, 8);
	(void)state;
}

static void numbers_are_written_for_people(void **state)
{
	char s[CLI_TEXT];

	assert_string_equal(cli_count(s, 0), "0");
	assert_string_equal(cli_count(s, UINT64_MAX), "18,446,744,073,709,551,615");
	assert_string_equal(cli_bytes(s, 1), "1 byte");
	assert_string_equal(cli_bytes(s, 1023), "1,023 bytes");
	assert_string_equal(cli_bytes(s, 1536), "1,536 bytes (1.5 KiB)");
	assert_string_equal(
	    cli_bytes(s, UINT64_MAX), "18,446,744,073,709,551,615 bytes (16.0 EiB)");
	assert_string_equal(cli_time_utc(s, -1), "1969-12-31T23:59:59.999999999Z");
	assert_string_equal(cli_time_utc(s, INT64_MAX), "2262-04-11T23:47:16.854775807Z");
	assert_string_equal(cli_time_utc(s, INT64_MIN), "1677-09-21T00:12:43.145224192Z");
	assert_string_equal(cli_seconds(s, 1), "0.000000001 s");
	assert_string_equal(cli_seconds(s, UINT64_C(61500000000)), "61.500000000 s (1 min 1 s)");
	assert_string_equal(
	    cli_seconds(s, UINT64_C(7265000000000)), "7,265.000000000 s (2 h 1 min 5 s)");
	(void)state;
}

/* ---- near misses -------------------------------------------------------------------- */

static void near_misses_are_found(void **state)
{
	static const char *const words[] = { "run", "experts", "info", "new", "max-events",
		"expert-path", NULL };
	static const struct {
		const char *in, *near;
	} rows[] = { { "run", "run" }, { "rnu", "run" }, { "rum", "run" }, { "exprets", "experts" },
		{ "expert", "experts" }, { "in", "info" }, { "maxevents", "max-events" },
		{ "max-event", "max-events" }, { "expert-p", "expert-path" },
		{ "frobnicate", NULL }, { "x", NULL }, { "", NULL }, { "sum", NULL },
		{ "an-option-that-is-longer-than-any-of-ours-is", NULL } };

	for (unsigned i = 0; i < N(rows); i++) {
		const char *near = cli_suggest(rows[i].in, words);

		if (!rows[i].near)
			assert_null(near);
		else
			assert_string_equal(near ? near : "nothing", rows[i].near);
	}
	(void)state;
}

/* ---- netmon run ------------------------------------------------------------------------ */

/* What was understood, as one text: "a.pcap b.pcap | -e x | text:- json:b.json | ..." */
static void describe(const struct cli_run_args *a, char *s, size_t size)
{
	const struct nm_run_options *o = &a->options;
	FILE *f = fmemopen(s, size, "w");

	assert_non_null(f);
	for (unsigned i = 0; i < o->n_captures; i++)
		(void)fprintf(f, "%s ", o->captures[i]);
	for (unsigned i = 0; i < o->n_experts; i++)
		(void)fprintf(f, "-e %s ", o->experts[i]);
	for (unsigned i = 0; i < o->n_expert_path; i++)
		(void)fprintf(f, "in %s ", o->expert_path[i]);
	for (unsigned i = 0; i < o->n_parser_path; i++)
		(void)fprintf(f, "parsers in %s ", o->parser_path[i]);
	for (unsigned i = 0; i < a->n_reports; i++)
		(void)fprintf(f, "%s:%s%s%s ", a->reports[i].format,
		    a->reports[i].path ? a->reports[i].path : "-", a->reports[i].bill ? "" : "!",
		    a->reports[i].colour < 0 ? "" : (a->reports[i].colour ? "+c" : "-c"));
	if (o->timeout_ms)
		(void)fprintf(f, "t%llu ", (unsigned long long)o->timeout_ms);
	if (o->stall_ms)
		(void)fprintf(f, "s%llu ", (unsigned long long)o->stall_ms);
	if (o->memory_bytes)
		(void)fprintf(f, "m%llu ", (unsigned long long)o->memory_bytes);
	if (o->max_events)
		(void)fprintf(f, "x%llu ", (unsigned long long)o->max_events);
	if (o->jobs)
		(void)fprintf(f, "j%u ", o->jobs);
	for (unsigned i = 0; i < o->n_allow_read; i++)
		(void)fprintf(f, "+r%s ", o->allow_read[i]);
	if (o->output_dir)
		(void)fprintf(f, "+w%s ", o->output_dir);
	if (o->sandbox != NM_SANDBOX_DEFAULT)
		(void)fprintf(f, "box%d ", (int)o->sandbox);
	(void)fprintf(f, "%s%s%s", o->keep_core ? "core " : "", o->heap_guard ? "guard " : "",
	    o->trace_memory ? "trace " : "");
	if (o->rest_blocks)
		(void)fprintf(f, "rest%u ", o->rest_blocks);
	if (o->fail_alloc)
		(void)fprintf(f, "f%llu ", (unsigned long long)o->fail_alloc);
	if (o->fail_on >= 0)
		(void)fprintf(f, "on%d ", o->fail_on);
	if (a->evidence)
		(void)fprintf(f, "w%s+-%u ", a->evidence, a->around);
	(void)fprintf(f, "%s%s", a->quiet ? "quiet " : "", o->in_process ? "inside " : "");
	assert_int_equal(fclose(f), 0);
}

/* Split at blanks, in place. */
static int split(char *s, char **argv, int most)
{
	int n = 0;

	for (char *w = strtok(s, " "); w && n < most; w = strtok(NULL, " "))
		argv[n++] = w;
	argv[n] = NULL;
	return n;
}

static const struct {
	const char *name, *words;
	const char *understood; /* NULL: refused */
} runs[] = {
	{ "one capture", "a.pcap", "a.pcap text:- " },
	{ "several captures, -r and words", "-r a -r b c", "a b c text:- " },
	{ "a folder stands for what is in it", "a /dev b", "a in/a in/b b text:- " },
	{ "a folder with no capture", "a /", "a / text:- " },
	{ "a folder that can't be read", "/proc", "/proc text:- " },
	{ "options after captures", "a -q", "a text:- quiet " },
	{ "a word that only looks like an option", "-- -q", "-q text:- " },
	{ "standard input is passed on", "-", "- text:- " },
	{ "experts in order", "a -e x --expert=./y.so", "a -e x -e ./y.so text:- " },
	{ "folders", "a --expert-path d --expert-path=e", "a in d in e text:- " },
	{ "parsers' folders", "a --parser-path d", "a parsers in d text:- " },
	{ "text to a file", "a -o r.txt", "a text:r.txt " },
	{ "json to standard output", "a -T json", "a json:- " },
	{ "each -o belongs to the -T before it", "a -T text -o a.txt -T json -o b.json",
	    "a text:a.txt json:b.json " },
	{ "a -T without -o is standard output", "a -T json -o b.json -T text",
	    "a json:b.json text:- " },
	{ "standard output by name", "a -T json -o -", "a json:- " },
	{ "no bill and colour apply to all", "a -T json -o b --no-bill -T text --color always",
	    "a json:b!+c text:-!+c " },
	{ "colour never", "a --color=never", "a text:--c " },
	{ "limits", "a --timeout 2m --memory 64M --max-events 10 --jobs 2",
	    "a text:- t120000 m67108864 x10 j2 " },
	{ "an abbreviated option", "a --time 1", "a text:- t1000 " },
	{ "in process", "a -e x --in-process", "a -e x text:- inside " },
	{ "in process without a sandbox", "a -e x --in-process --sandbox=off",
	    "a -e x text:- box3 inside " },
	{ "every sandbox layer needed", "a --sandbox require", "a text:- box1 " },
	{ "a sandbox as far as the kernel has one", "a --sandbox=best-effort", "a text:- box2 " },
	{ "the last sandbox word counts", "a --sandbox=off --sandbox=require", "a text:- box1 " },
	{ "paths to read, in order", "a --allow-read . --allow-read=/dev/null",
	    "a text:- +r. +r/dev/null " },
	{ "a folder to write to", "a --output-dir /", "a text:- +w/ " },
	{ "evidence", "a -w b.pcapng", "a text:- wb.pcapng+-5 " },
	{ "evidence with its surroundings", "a --evidence=b --around 0", "a text:- wb+-0 " },
	{ "as much of them as can be", "a -w b --around 1000000", "a text:- wb+-1000000 " },
	{ "more than can be", "a -w b --around 1000001", NULL },
	{ "an expert that stalls", "a --stall 500ms", "a text:- s500 " },
	{ "a stall that is no time", "a --stall soon", NULL },
	{ "the least severity to fail on", "a --fail-on info", "a text:- on0 " },
	{ "the greatest", "a --fail-on=critical", "a text:- on5 " },
	{ "a severity by its number", "a --fail-on 3", NULL },
	{ "a severity that is none", "a --fail-on bad", NULL },
	{ "a core dump", "a --core", "a text:- core " },
	{ "the guarding heap", "a --heap=guard", "a text:- guard " },
	{ "the normal heap", "a --heap=guard --heap=normal", "a text:- " },
	{ "blocks traced, an allocation refused", "a --trace-memory --fail-alloc 7",
	    "a text:- trace f7 " },
	{ "one freed block rests", "a --rest-blocks 1", "a text:- rest1 " },
	{ "as many as can rest", "a --rest-blocks=65536", "a text:- rest65536 " },
	{ "none rests", "a --rest-blocks 0", NULL },
	{ "more than can rest", "a --rest-blocks 65537", NULL },
	{ "a path to read that isn't there", "a --allow-read . --allow-read /nowhere", NULL },
	{ "a folder to write to that isn't there", "a --output-dir=/nowhere", NULL },
	{ "a file to write beneath", "a --output-dir=/dev/null", NULL },
	{ "a bad sandbox", "a --sandbox=on", NULL },
	{ "a sandbox without its word", "a --sandbox", NULL },
	{ "a bad heap", "a --heap=gard", NULL },
	{ "no allocation to refuse", "a --fail-alloc 0", NULL },
	{ "an allocation that is no number", "a --fail-alloc=first", NULL },
	{ "a core of a kind", "a --core=full", NULL },
	{ "in process with a sandbox required", "a -e x --in-process --sandbox=require", NULL },
	{ "no capture", "-e x", NULL },
	{ "nothing at all", "", NULL },
	{ "an unknown letter", "a -x", NULL },
	{ "an unknown option", "a --tmeout 3", NULL },
	{ "an ambiguous option", "a --expert- 3", "a in 3 text:- " },
	{ "a really ambiguous option", "a --no --ex 3", NULL },
	{ "an option without its argument", "a --timeout", NULL },
	{ "a letter without its argument", "a -e", NULL },
	{ "an argument for an option that has none", "a --quiet=yes", NULL },
	{ "a bad format", "a -T jsn", NULL },
	{ "a bad colour", "a --color sometimes", NULL },
	{ "a bad time", "a --timeout soon", NULL },
	{ "a bad size", "a --memory 64MB", NULL },
	{ "no jobs", "a --jobs 0", NULL },
	{ "too many jobs", "a --jobs 1025", NULL },
	{ "no events", "a --max-events 0", NULL },
	{ "two reports to standard output", "a -T text -T json", NULL },
	{ "two reports to standard output by name", "a -T text -T json -o -", NULL },
	{ "two reports to one file", "a -T text -o f -T json -o f", NULL },
	{ "two reports to one file by two names", "a -T text -o f -T json -o ./f", NULL },
	{ "a file of that name in another folder", "a -T text -o f -T json -o ../f",
	    "a text:f json:../f " },
	{ "a file of another name there", "a -T text -o f -T json -o ./g", "a text:f json:./g " },
	{ "two files for one report", "a -T text -o f -o g", NULL },
	{ "in process with two captures", "a b -e x --in-process", NULL },
	{ "in process with every expert", "a --in-process", NULL },
	{ "seventeen reports",
	    "a -T text -o 1 -T text -o 2 -T text -o 3 -T text -o 4 -T text -o 5 -T text -o 6 "
	    "-T text -o 7 -T text -o 8 -T text -o 9 -T text -o 10 -T text -o 11 -T text -o 12 "
	    "-T text -o 13 -T text -o 14 -T text -o 15 -T text -o 16 -T text -o 17",
	    NULL },
};

static void the_words_of_run_are_understood(void **state)
{
	for (unsigned i = 0; i < N(runs); i++) {
		char words[512], got[512] = "", *argv[64];
		struct cli_run_args a;
		int r, argc;

		(void)snprintf(words, sizeof words, "run %s", runs[i].words);
		argc = split(words, argv, 63);
		r = cli_run_parse(&cli_run, argc, argv, &a);
		if ((r == CLI_END) != (runs[i].understood != NULL))
			fail_msg("%s: %d", runs[i].name, r);
		if (r == CLI_END) {
			describe(&a, got, sizeof got);
			assert_string_equal(got, runs[i].understood);
		} else
			assert_int_equal(r, CLI_BAD);
		cli_run_free(&a);
	}
	(void)state;
}

/* As many --allow-read as the engine takes, and one more. */
static void paths_to_read_have_a_limit(void **state)
{
	for (unsigned n = 32; n <= 33; n++) {
		char allow[] = "--allow-read=/";
		char *argv[2 + 33 + 1] = { (char[]){ "run" }, (char[]){ "a.pcap" } };
		struct cli_run_args a;
		int r;

		for (unsigned i = 0; i < n; i++)
			argv[2 + i] = allow;
		r = cli_run_parse(&cli_run, (int)(2 + n), argv, &a);
		assert_int_equal(r, n == 32 ? CLI_END : CLI_BAD);
		assert_int_equal(a.options.n_allow_read, 32);
		assert_string_equal(a.options.allow_read[31], "/");
		cli_run_free(&a);
	}
	(void)state;
}

static void a_report_never_overwrites_a_capture(void **state)
{
	char dir[] = "/tmp/nmapi-cli-XXXXXX", file[64], link_name[64];
	char *same[] = { (char[]){ "run" }, file, (char[]){ "-o" }, file, NULL };
	char *linked[] = { (char[]){ "run" }, file, (char[]){ "-o" }, link_name, NULL };
	struct cli_run_args a;
	FILE *f;

	assert_non_null(mkdtemp(dir));
	(void)snprintf(file, sizeof file, "%s/a.pcap", dir);
	(void)snprintf(link_name, sizeof link_name, "%s/b", dir);
	f = fopen(file, "w");
	assert_non_null(f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(symlink(file, link_name), 0);
	assert_int_equal(cli_run_parse(&cli_run, 4, same, &a), CLI_BAD);
	cli_run_free(&a);
	assert_int_equal(cli_run_parse(&cli_run, 4, linked, &a), CLI_BAD);
	cli_run_free(&a);
	assert_int_equal(unlink(link_name), 0);
	assert_int_equal(cli_run_parse(&cli_run, 4, linked, &a), CLI_END);
	cli_run_free(&a);
	assert_int_equal(unlink(file), 0);
	assert_int_equal(rmdir(dir), 0);
	(void)state;
}

static int quiet_stderr(void **state)
{
	(void)state;
	cli_host_reset();
	return freopen("/dev/null", "w", stderr) ? 0 : -1; /* the refusals say why */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_read),
		cmocka_unit_test(durations_are_read),
		cmocka_unit_test(counts_have_limits),
		cmocka_unit_test(numbers_are_written_for_people),
		cmocka_unit_test(near_misses_are_found),
		cmocka_unit_test(the_words_of_run_are_understood),
		cmocka_unit_test(paths_to_read_have_a_limit),
		cmocka_unit_test(a_report_never_overwrites_a_capture),
	};

	return cmocka_run_group_tests_name("options", tests, quiet_stderr, NULL);
}
