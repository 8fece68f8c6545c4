/* SPDX-License-Identifier: MIT */
/* Reports against golden files, and reports whose output can't be written.
 * NMAPI_BLESS=1 writes the golden files anew; review them as a diff. */
#include "report/value.h"
#include "report/words.h"
#include "report_events.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <locale.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#ifndef GOLDEN_DIR
#error "GOLDEN_DIR: the folder of the golden files"
#endif

static char tmp[] = "/tmp/nmapi-report-XXXXXX";

static char *read_file(const char *path, size_t *ret_n)
{
	FILE *f = fopen(path, "rb");
	char *s = NULL;
	size_t n = 0, cap = 1 << 16;

	if (!f)
		return NULL;
	do {
		cap *= 2;
		s = realloc(s, cap + 1);
		assert_non_null(s);
		n += fread(s + n, 1, cap - n, f);
	} while (n == cap);
	(void)fclose(f);
	s[n] = '\0';
	*ret_n = n;
	return s;
}

static void write_file(const char *path, const char *s, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(s, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static struct nm_report_options options(const char *format, const char *path)
{
	return (struct nm_report_options){ .size = sizeof(struct nm_report_options),
		.format = format,
		.path = path,
		.colour = 0 };
}

static char *tmp_path(const char *name)
{
	static char path[256];

	(void)snprintf(path, sizeof path, "%s/%s", tmp, name);
	return path;
}

/* The report of the run that never was. The caller frees it. */
static char *make_report(const struct nm_report_options *opt, size_t *ret_n)
{
	struct nm_report *r = NULL;
	struct nm_sink sink;
	char *s;

	assert_int_equal(nm_report_open(opt, &r, &sink), 0);
	assert_int_equal(play_run(&sink), 0);
	assert_int_equal(nm_report_close(r), 0);
	s = read_file(opt->path, ret_n);
	assert_non_null(s);
	return s;
}

/* ---- golden files ----------------------------------------------------------- */

static const struct golden {
	const char *test, *file, *format;
	bool bill;
	int colour;
	unsigned width;
} goldens[] = {
	{ "text without a bill", "plain.txt", "text", false, 0, 0 },
	{ "text with the bill and colours", "bill-colour.txt", "text", true, 1, 0 },
	{ "text for a terminal of 80 columns", "narrow.txt", "text", false, 0, 80 },
	{ "text for a terminal of one column", "one-column.txt", "text", false, 0, 1 },
	{ "json without a bill", "plain.json", "json", false, 0, 0 },
	{ "json with the bill", "bill.json", "json", true, 0, 0 },
	{ "csv", "plain.csv", "csv", false, 0, 0 },
};

static void is_golden(void **state)
{
	const struct golden *g = *state;
	struct nm_report_options opt = options(g->format, tmp_path(g->file));
	char path[512], *got, *want;
	size_t n, m = 0;

	opt.bill = g->bill;
	opt.colour = g->colour;
	opt.width = g->width;
	got = make_report(&opt, &n);
	(void)snprintf(path, sizeof path, "%s/%s", GOLDEN_DIR, g->file);
	if (getenv("NMAPI_BLESS"))
		write_file(path, got, n);
	want = read_file(path, &m);
	assert_non_null(want);
	assert_string_equal(got, want);
	assert_int_equal(n, m);
	free(got);
	free(want);
}

/* ---- csv -------------------------------------------------------------------------- */

/* Fields of the next record at *p, quotes taken away; *p moves behind it. */
static unsigned next_record(const char **p, char fields[][512], unsigned room)
{
	unsigned n = 0;

	for (;;) {
		bool quoted = **p == '"';
		size_t len = 0;

		assert_true(n < room);
		*p += quoted;
		while (quoted ? **p != '"' || (*p)[1] == '"' : !strchr(",\r", **p)) {
			assert_true(**p != '\0' && (quoted || **p != '"'));
			*p += quoted && **p == '"';
			if (len < sizeof *fields - 1)
				fields[n][len++] = **p;
			(*p)++;
		}
		*p += quoted;
		fields[n++][len] = '\0';
		if (**p != ',')
			break;
		(*p)++;
	}
	assert_memory_equal(*p, "\r\n", 2);
	*p += 2;
	return n;
}

static void every_csv_record_has_every_field(void **state)
{
	static char fields[512][512];
	struct nm_report_options opt = options("csv", tmp_path("csv"));
	unsigned columns, events = 0, formulas = 0;
	const char *p;
	size_t n;
	char *s = make_report(&opt, &n);

	p = s;
	columns = next_record(&p, fields, 512);
	assert_string_equal(fields[0], "record");
	assert_string_equal(fields[11], "more");
	while (*p) {
		assert_int_equal(next_record(&p, fields, 512), columns);
		events += strcmp(fields[0], "event") == 0;
		for (unsigned i = 5; i < columns; i++)
			formulas += strchr("=@", *fields[i]) && *fields[i];
	}
	assert_int_equal(p - s, n);
	assert_true(events > 20);
	assert_int_equal(formulas, 0);
	free(s);
	(void)state;
}

/* ---- what holds for every report ------------------------------------------------ */

/* No byte that a terminal acts upon, except line feeds. */
static void assert_harmless(const char *s, size_t n)
{
	static const char *const bad[] = { "\xc2\x9b", "\xe2\x80\xae", "\xe2\x81\xa6",
		"\xe2\x80\x8f", "\xd8\x9c", "\xe2\x80\xa8", "\xe2\x80\xa9" };

	for (size_t i = 0; i < n; i++)
		if (((uint8_t)s[i] < 0x20 && s[i] != '\n' && (s[i] != '\r' || s[i + 1] != '\n')) ||
		    s[i] == 0x7f)
			fail_msg("byte 0x%02x at %zu", (unsigned)s[i], i);
	for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_null(strstr(s, bad[i]));
}

/* A database is no text: whoever shows what is in it sees to that. */
static void no_control_reaches_the_output(void **state)
{
	for (unsigned i = 0; nm_report_format(i); i++) {
		struct nm_report_options opt = options(nm_report_format(i), tmp_path("c"));
		size_t n;
		char *s;

		if (strcmp(opt.format, "sqlite") == 0)
			continue;
		opt.bill = true;
		s = make_report(&opt, &n);
		assert_harmless(s, n);
		free(s);
	}
	(void)state;
}

static void a_report_is_the_same_twice_and_in_every_locale(void **state)
{
	struct nm_report_options opt = options("text", tmp_path("a"));
	size_t n, m;
	char *a = make_report(&opt, &n), *b;

	(void)setlocale(LC_ALL, "");
	b = make_report(&opt, &m);
	(void)setlocale(LC_ALL, "C");
	assert_string_equal(a, b);
	free(a);
	free(b);
	(void)state;
}

static void every_width_gives_whole_lines(void **state)
{
	for (unsigned width = 1; width < 200; width += 7) {
		struct nm_report_options opt = options("text", tmp_path("w"));
		size_t n;
		char *s;

		opt.width = width;
		s = make_report(&opt, &n);
		assert_harmless(s, n);
		assert_non_null(strstr(s, "interrupted: this report is partial\n"));
		free(s);
	}
	(void)state;
}

/* ---- json ------------------------------------------------------------------------- */

struct tally {
	unsigned lines, captures, events, ends, runs;
};

/* A member has the same JSON type wherever it appears: this one. */
static const struct {
	const char *key;
	json_type type;
} members[] = {
	{ "name", JSON_STRING },
	{ "ident", JSON_INTEGER },
	{ "severity", JSON_STRING },
	{ "severity_num", JSON_INTEGER },
	{ "flags", JSON_INTEGER },
	{ "source", JSON_STRING },
	{ "title", JSON_STRING },
	{ "description", JSON_STRING },
	{ "machine", JSON_STRING },
	{ "justification", JSON_STRING },
	{ "offset_ms", JSON_INTEGER },
	{ "columns", JSON_ARRAY },
	{ "state", JSON_STRING },
	{ "verdict", JSON_STRING },
	{ "reason", JSON_STRING },
	{ "phase", JSON_STRING },
	{ "signal", JSON_INTEGER },
	{ "at_frame", JSON_INTEGER },
	{ "substatus", JSON_INTEGER },
	{ "status_text", JSON_STRING },
	{ "frames_seen", JSON_INTEGER },
	{ "frames_total", JSON_INTEGER },
	{ "first_frame", JSON_INTEGER },
	{ "last_frame", JSON_INTEGER },
	{ "coverage_percent", JSON_REAL },
	{ "frames_uncounted", JSON_TRUE },
	{ "events", JSON_INTEGER },
	{ "events_dropped", JSON_INTEGER },
	{ "wall_ms", JSON_INTEGER },
	{ "cpu_ms", JSON_INTEGER },
	{ "peak_kib", JSON_INTEGER },
	{ "heap_peak_bytes", JSON_INTEGER },
	{ "heap_allocs", JSON_INTEGER },
	{ "heap_left_blocks", JSON_INTEGER },
	{ "heap_left_bytes", JSON_INTEGER },
	{ "memory_notes", JSON_ARRAY },
	{ "parsers", JSON_ARRAY },
	{ "more_parsers", JSON_INTEGER },
	{ "sandbox", JSON_STRING },
	{ "fault_address", JSON_STRING },
	{ "backtrace", JSON_ARRAY },
};

static void check_expert_members(json_t *expert)
{
	const char *key;
	json_t *value;

	json_object_foreach(expert, key, value)
	{
		unsigned i = 0;

		while (i < sizeof members / sizeof members[0] && strcmp(members[i].key, key) != 0)
			i++;
		if (i == sizeof members / sizeof members[0])
			fail_msg("undocumented member \"%s\"", key);
		assert_int_equal(json_typeof(value), members[i].type);
	}
}

static void check_line(const char *line, size_t n, struct tally *t)
{
	json_error_t e;
	json_t *root = json_loadb(line, n, JSON_REJECT_DUPLICATES, &e);
	const char *type;

	if (!root)
		fail_msg("line %u: %s", t->lines, e.text);
	type = json_string_value(json_object_get(root, "event_type"));
	assert_non_null(type);
	if (json_object_get(root, "expert"))
		check_expert_members(json_object_get(root, "expert"));
	t->lines++;
	t->captures += strcmp(type, "capture") == 0;
	t->events += strcmp(type, "expert") == 0;
	t->ends += strcmp(type, "expert_end") == 0;
	t->runs += strcmp(type, "run_end") == 0;
	json_decref(root);
}

static struct tally check_json(const char *s)
{
	struct tally t = { 0 };

	while (*s) {
		size_t n = strcspn(s, "\n");

		assert_int_equal(s[n], '\n');
		check_line(s, n, &t);
		s += n + 1;
	}
	return t;
}

static void every_json_line_is_one_object_of_known_types(void **state)
{
	struct nm_report_options opt = options("json", tmp_path("j"));
	size_t n;
	char *s;
	struct tally t;

	opt.bill = true;
	s = make_report(&opt, &n);
	t = check_json(s);
	assert_int_equal(t.captures, 3);
	assert_int_equal(t.events, 26);
	assert_int_equal(t.ends, 29);
	assert_int_equal(t.runs, 1);
	assert_int_equal(t.lines, t.captures + t.events + t.ends + t.runs);
	free(s);
	(void)state;
}

/* The page says what every member means. */
/* Of an array of SARIF, the member that an index of an object names. */
static json_t *referred(json_t *array, json_t *from, const char *key)
{
	json_t *index = json_object_get(from, key);

	assert_true(json_is_integer(index));
	return json_array_get(array, (size_t)json_integer_value(index));
}

static void check_result(json_t *run, json_t *result)
{
	json_t *rules =
	    json_object_get(json_object_get(json_object_get(run, "tool"), "driver"), "rules");
	json_t *at = NULL;
	const char *uri = NULL, *level = NULL, *text = NULL, *id = NULL;

	assert_int_equal(json_unpack(result, "{s:s, s:s, s:{s:s}, s:[{s:{s:o}}]}", "ruleId", &id,
			     "level", &level, "message", "text", &text, "locations",
			     "physicalLocation", "artifactLocation", &at),
	    0);
	assert_true(strcmp(level, "note") == 0 || strcmp(level, "warning") == 0 ||
		    strcmp(level, "error") == 0);
	assert_string_equal(
	    json_string_value(json_object_get(referred(rules, result, "ruleIndex"), "id")), id);
	at = json_object_get(referred(json_object_get(run, "artifacts"), at, "index"), "location");
	assert_int_equal(json_unpack(at, "{s:s}", "uri", &uri), 0);
	assert_int_equal(
	    strspn(uri, "abcdefghijklmnopqrstuvwxyz0123456789-._~/%ABCDEF"), strlen(uri));
}

/* What the schema of SARIF 2.1.0 asks of the parts that are used, and that what is referred to
 * by number is there. */
static void a_sarif_document_hangs_together(void **state)
{
	struct nm_report_options opt = options("sarif", tmp_path("sarif"));
	json_t *root, *run = NULL, *results = NULL, *notes = NULL, *x;
	const char *version = NULL;
	int good = 1, code = 0;
	size_t n, i;
	char *s = make_report(&opt, &n);

	root = json_loadb(s, n, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(root);
	assert_int_equal(json_unpack(root, "{s:s, s:[o]}", "version", &version, "runs", &run), 0);
	assert_string_equal(version, "2.1.0");
	assert_int_equal(json_unpack(run, "{s:o, s:[{s:b, s:i, s:o}]}", "results", &results,
			     "invocations", "executionSuccessful", &good, "exitCode", &code,
			     "toolExecutionNotifications", &notes),
	    0);
	assert_int_equal(good, 0);
	assert_int_equal(code, NM_EXIT_INTERRUPTED);
	assert_true(json_array_size(results) > 10);
	json_array_foreach(results, i, x) check_result(run, x);
	assert_true(json_array_size(notes) > 13); /* failed experts, captures, parsers */
	json_array_foreach(notes, i, x)
	    assert_non_null(json_object_get(json_object_get(x, "message"), "text"));
	json_decref(root);
	free(s);
	(void)state;
}

static void every_json_member_is_documented(void **state)
{
	size_t n;
	char *page = read_file(GOLDEN_DIR "/../../../docs/json.md", &n), quoted[64];

	assert_non_null(page);
	for (unsigned i = 0; i < sizeof members / sizeof members[0]; i++) {
		(void)snprintf(quoted, sizeof quoted, "`%s`", members[i].key);
		if (!strstr(page, quoted))
			fail_msg("docs/json.md doesn't tell of %s", quoted);
	}
	for (uint32_t type = 0; type < NM_COL_TYPES; type++) {
		(void)snprintf(quoted, sizeof quoted, "`%s`", nm_column_type_word(type));
		if (!strstr(page, quoted))
			fail_msg("docs/json.md doesn't tell of %s", quoted);
	}
	for (unsigned v = 0; v < NM_VERDICTS; v++) {
		(void)snprintf(quoted, sizeof quoted, "`%s`", nm_verdict_word((enum nm_verdict)v));
		if (!strstr(page, quoted))
			fail_msg("docs/json.md doesn't tell of %s", quoted);
	}
	free(page);
	(void)state;
}

/* ---- output that fails --------------------------------------------------------------- */

static int write_to(const char *format, const char *path)
{
	struct nm_report_options opt = options(format, path);
	struct nm_report *r = NULL;
	struct nm_sink sink;
	int err = nm_report_open(&opt, &r, &sink);
	int seen;

	if (err)
		return err;
	seen = play_flood(&sink, 20000);
	err = nm_report_close(r);
	if (seen)
		assert_int_equal(seen, err);
	return err;
}

static void a_full_disk_is_reported(void **state)
{
	for (unsigned i = 0; nm_report_format(i); i++)
		assert_int_equal(write_to(nm_report_format(i), "/dev/full"), ENOSPC);
	(void)state;
}

static void a_short_report_on_a_full_disk_is_reported_too(void **state)
{
	struct nm_report_options opt = options("text", "/dev/full");
	struct nm_report *r = NULL;
	struct nm_sink sink;

	assert_int_equal(nm_report_open(&opt, &r, &sink), 0);
	assert_int_equal(nm_report_close(r), 0); /* nothing was written, nothing is lost */
	assert_int_equal(nm_report_open(&opt, &r, &sink), 0);
	assert_int_equal(play_flood(&sink, 1), ENOSPC);
	assert_int_equal(nm_report_close(r), ENOSPC);
	(void)state;
}

static void a_reader_that_went_away_is_reported(void **state)
{
	int fd[2], saved = dup(STDOUT_FILENO);
	int err;

	assert_int_equal(pipe(fd), 0);
	(void)close(fd[0]);
	(void)fflush(stdout);
	assert_true(dup2(fd[1], STDOUT_FILENO) >= 0);
	err = write_to("json", NULL);
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	(void)close(saved);
	(void)close(fd[1]);
	assert_int_equal(err, EPIPE);
	(void)state;
}

static void a_closed_standard_output_is_reported(void **state)
{
	int saved = dup(STDOUT_FILENO), err;

	(void)fflush(stdout);
	(void)close(STDOUT_FILENO);
	err = write_to("text", "-");
	assert_true(dup2(saved, STDOUT_FILENO) >= 0);
	(void)close(saved);
	assert_int_equal(err, EBADF);
	(void)state;
}

static void a_path_that_can_not_be_created_is_reported(void **state)
{
	assert_int_equal(write_to("text", "/nowhere/at/all"), ENOENT);
	assert_int_equal(write_to("text", tmp), EISDIR);
	(void)state;
}

static void options_that_make_no_sense_are_refused(void **state)
{
	struct {
		struct nm_report_options known;
		char tail[8];
	} newer = { .known = options("text", tmp_path("o")) };
	struct nm_report *r = NULL;
	struct nm_sink sink;
	struct nm_report_options opt = options("yaml", tmp_path("o"));

	assert_int_equal(nm_report_open(&opt, &r, &sink), EINVAL);
	opt.format = NULL;
	assert_int_equal(nm_report_open(&opt, &r, &sink), EINVAL);
	opt = options("text", tmp_path("o"));
	opt.size = 3;
	assert_int_equal(nm_report_open(&opt, &r, &sink), EINVAL);
	newer.known.size = sizeof newer;
	assert_int_equal(nm_report_open(&newer.known, &r, &sink), 0);
	assert_int_equal(nm_report_close(r), 0);
	newer.tail[7] = 1;
	assert_int_equal(nm_report_open(&newer.known, &r, &sink), EINVAL);
	assert_int_equal(nm_report_close(NULL), 0);
	(void)state;
}

/* ---- size ------------------------------------------------------------------------------ */

/* memmem, because the address sanitizer measures all of s at every strstr. */
static unsigned count_of(const char *s, size_t n, const char *with)
{
	const char *end = s + n;
	unsigned found = 0;

	while ((s = memmem(s, (size_t)(end - s), with, strlen(with)))) {
		found++;
		s += strlen(with);
	}
	return found;
}

static void a_long_table_has_one_heading_and_every_row(void **state)
{
	size_t n;
	char *s;

	assert_int_equal(write_to("text", tmp_path("long")), 0);
	s = read_file(tmp_path("long"), &n);
	assert_non_null(s);
	assert_int_equal(count_of(s, n, "Severity  Event"), 1);
	assert_int_equal(count_of(s, n, "answer took long"), 20000);
	assert_int_equal(count_of(s, n, "  info      Late   answer took long"), 18000);
	assert_non_null(strstr(s, " 20000  2499.875000\n"));
	free(s);
	(void)state;
}

/* Events as "IDENT COLUMN NOTE"; what the table looks like, without blanks at its ends. */
static int play_kinds(const struct nm_sink *sink, const char *const *kinds)
{
	struct nm_capture_report c = a_capture("kinds.pcap", 1);
	struct nm_expert_info e = an_expert("kinds", "Kinds");

	(void)sink->capture_begin(sink->ctx, &c);
	(void)sink->expert_begin(sink->ctx, &e);
	for (; *kinds; kinds++) {
		char column[8], note[8] = "";
		struct nm_column col = { column, NM_COL_UINT32, { .u = 7 } };
		struct nm_event ev = { .name = "E", .columns = &col, .n_columns = 1 };

		assert_true(sscanf(*kinds, "%u %7s %7s", &ev.ident, column, note) >= 2);
		ev.n_columns = strcmp(column, "-") != 0;
		ev.justification = note;
		ev.source = ev.description = ev.machine = "";
		ev.flags = NM_HIDE_SEVERITY;
		(void)sink->event(sink->ctx, &ev);
	}
	return 0;
}

static void kinds_with_other_columns_have_tables_of_their_own(void **state)
{
	static const struct {
		const char *kinds[6], *want;
	} rows[] = {
		{ { "1 A", "2 A", NULL }, "  Event  A\n  E      7\n  E      7\n" },
		{ { "1 A", "1 B", NULL }, "  Event  A  B\n  E      7\n  E         7\n" },
		{ { "1 A", "2 B", "2 A", NULL },
		    "  Event  A\n  E      7\n\n  Event  B  A\n  E      7\n  E         7\n" },
		{ { "1 A", "2 -", "3 B", NULL },
		    "  Event  A\n  E      7\n  E\n\n  Event  B\n  E      7\n" },
		{ { "1 A why", "1 A why", "1 A", "1 A why", "1 A because", NULL },
		    "  Event  A\n  E      7\n  E      7\n      why\n  E      7\n  E      7\n"
		    "      why\n  E      7\n      because\n" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct nm_report_options opt = options("text", tmp_path("kinds"));
		struct nm_report *r = NULL;
		struct nm_sink sink;
		const char *table;
		size_t n;
		char *s;

		assert_int_equal(nm_report_open(&opt, &r, &sink), 0);
		assert_int_equal(play_kinds(&sink, rows[i].kinds), 0);
		assert_int_equal(nm_report_close(r), 0);
		s = read_file(tmp_path("kinds"), &n);
		assert_non_null(s);
		table = strstr(s, "  Event");
		assert_non_null(table);
		assert_string_equal(table, rows[i].want);
		free(s);
	}
	(void)state;
}

/* A report of a live capture, and what of it is there before the capture has ended. */
static void write_live(const char *format, char **ret_before, char **ret_whole)
{
	struct nm_report_options opt = options(format, tmp_path("live"));
	struct nm_capture_report c = a_capture("-", 3);
	struct nm_expert_info e = an_expert("each", "each");
	struct nm_event ev = { .name = "E", .source = "each", .description = "" };
	struct nm_report *r = NULL;
	struct nm_sink sink;
	size_t n;

	assert_int_equal(nm_report_open(&opt, &r, &sink), 0);
	c.live = true;
	assert_int_equal(sink.capture_begin(sink.ctx, &c), 0);
	assert_int_equal(sink.expert_begin(sink.ctx, &e), 0);
	assert_int_equal(sink.event(sink.ctx, &ev), 0);
	assert_non_null(sink.show);
	assert_int_equal(sink.show(sink.ctx), 0);
	*ret_before = read_file(tmp_path("live"), &n);
	assert_int_equal(sink.capture_end(sink.ctx, &c), 0);
	assert_int_equal(nm_report_close(r), 0);
	*ret_whole = read_file(tmp_path("live"), &n);
	assert_true(*ret_before && *ret_whole);
}

static void a_live_capture_is_shown_as_it_comes(void **state)
{
	static const struct {
		const char *format, *event, *total;
	} rows[] = {
		{ "text", "  info      E\n", "\n-: pcap, 3 frames" },
		{ "json", "\"title\":\"E\"", "\"event_type\":\"capture_end\"" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *before, *whole;

		write_live(rows[i].format, &before, &whole);
		assert_non_null(strstr(before, rows[i].event));
		assert_null(strstr(before, rows[i].total));
		assert_null(strstr(before, "frames"));
		assert_non_null(strstr(whole, rows[i].total));
		assert_int_equal(strncmp(whole, before, strlen(before)), 0);
		free(before);
		free(whole);
	}
	(void)state;
}

static void who_needs_totals_first_says_so(void **state)
{
	static const char *const names[] = { "csv", "html" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		struct nm_report_options opt = options(names[i], tmp_path("late"));
		struct nm_report *r = NULL;
		struct nm_sink sink;

		assert_int_equal(nm_report_open(&opt, &r, &sink), 0);
		assert_null(sink.show);
		assert_int_equal(nm_report_close(r), 0);
	}
	(void)state;
}

static void text_that_is_read_along_has_experts_as_they_end(void **state)
{
	static const struct {
		const char *format, *path; /* NULL: a file */
		bool bill, as_ended;
	} rows[] = {
		{ "text", "/dev/null", true, true },
		{ "text", "/dev/null", false, false }, /* made to be compared */
		{ "text", NULL, true, false },
		{ "json", "/dev/null", true, false },
		{ "csv", "/dev/null", true, false },
		{ "sarif", "/dev/null", true, false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const char *path = rows[i].path ? rows[i].path : tmp_path("turns");
		struct nm_report_options opt = options(rows[i].format, path);
		struct nm_report *r = NULL;
		struct nm_sink sink;

		opt.bill = rows[i].bill;
		assert_int_equal(nm_report_open(&opt, &r, &sink), 0);
		assert_int_equal(sink.as_ended, rows[i].as_ended);
		assert_int_equal(nm_report_close(r), 0);
	}
	(void)state;
}

static long peak_kib(void)
{
	struct rusage u;

	assert_int_equal(getrusage(RUSAGE_SELF, &u), 0);
	return u.ru_maxrss;
}

static void memory_does_not_grow_with_the_events(void **state)
{
	struct nm_report_options opt = options("text", "/dev/null");
	long before;

	for (unsigned i = 0; nm_report_format(i); i++) {
		struct nm_report *r = NULL;
		struct nm_sink sink;

		opt.format = nm_report_format(i);
		assert_int_equal(nm_report_open(&opt, &r, &sink), 0);
		assert_int_equal(play_flood(&sink, 10000), 0);
		before = peak_kib();
		assert_int_equal(play_flood(&sink, SANITIZED ? 5000 : 100000), 0);
		assert_int_equal(nm_report_close(r), 0);
		if (!SANITIZED) /* whose quarantine keeps what was freed */
			assert_true(peak_kib() - before < 4096);
	}
	(void)state;
}

/* One cell of 64 KB among short ones must not pad all of them to 64 KB, nor may
 * columns of ever new names pile up. */
static void a_hostile_table_is_not_much_larger_than_its_text(void **state)
{
	struct nm_report_options opt = options("text", tmp_path("wide"));
	struct nm_expert_info e = an_expert("wide", "wide");
	struct nm_expert_end end = an_end(1, 1);
	char *big = malloc(NM_TEXT_MAX + 1), name[32];
	struct nm_report *r = NULL;
	struct nm_sink sink;
	size_t n;

	assert_non_null(big);
	memset(big, 'x', NM_TEXT_MAX);
	big[NM_TEXT_MAX] = '\0';
	assert_int_equal(nm_report_open(&opt, &r, &sink), 0);
	assert_int_equal(sink.expert_begin(sink.ctx, &e), 0);
	for (unsigned i = 0; i < 3000; i++) {
		struct nm_column c[] = { { name, NM_COL_STRING, { .str = "v" } },
			{ "Same", NM_COL_UINT8, { .u = 1 } } };
		struct nm_event ev = {
			.source = "", .name = i % 100 ? "short" : big, .description = ""
		};

		(void)snprintf(name, sizeof name, "column %u", i);
		ev.columns = c;
		ev.n_columns = 2;
		assert_int_equal(sink.event(sink.ctx, &ev), 0);
	}
	assert_int_equal(sink.expert_end(sink.ctx, &e, &end), 0);
	assert_int_equal(nm_report_close(r), 0);
	free(read_file(opt.path, &n));
	assert_in_range(n, 30 * NM_TEXT_MAX, 8 * 30 * NM_TEXT_MAX);
	free(big);
	(void)state;
}

/* ---- running ------------------------------------------------------------------------------ */

static int make_tmp(void **state)
{
	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	(void)unsetenv("NO_COLOR");
	return mkdtemp(tmp) ? 0 : -1;
}

static int remove_tmp(void **state)
{
	char cmd[64];

	(void)state;
	(void)snprintf(cmd, sizeof cmd, "rm -r %s", tmp);
	return system(cmd);
}

int main(void)
{
	struct CMUnitTest golden[sizeof goldens / sizeof goldens[0]];
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_csv_record_has_every_field),
		cmocka_unit_test(no_control_reaches_the_output),
		cmocka_unit_test(a_report_is_the_same_twice_and_in_every_locale),
		cmocka_unit_test(every_width_gives_whole_lines),
		cmocka_unit_test(every_json_line_is_one_object_of_known_types),
		cmocka_unit_test(every_json_member_is_documented),
		cmocka_unit_test(a_sarif_document_hangs_together),
		cmocka_unit_test(a_full_disk_is_reported),
		cmocka_unit_test(a_short_report_on_a_full_disk_is_reported_too),
		cmocka_unit_test(a_reader_that_went_away_is_reported),
		cmocka_unit_test(a_closed_standard_output_is_reported),
		cmocka_unit_test(a_path_that_can_not_be_created_is_reported),
		cmocka_unit_test(options_that_make_no_sense_are_refused),
		cmocka_unit_test(a_long_table_has_one_heading_and_every_row),
		cmocka_unit_test(kinds_with_other_columns_have_tables_of_their_own),
		cmocka_unit_test(a_live_capture_is_shown_as_it_comes),
		cmocka_unit_test(who_needs_totals_first_says_so),
		cmocka_unit_test(text_that_is_read_along_has_experts_as_they_end),
		cmocka_unit_test(memory_does_not_grow_with_the_events),
		cmocka_unit_test(a_hostile_table_is_not_much_larger_than_its_text),
	};
	struct CMUnitTest all[sizeof golden / sizeof golden[0] + sizeof tests / sizeof tests[0]];
	size_t n = 0;

	for (unsigned i = 0; i < sizeof goldens / sizeof goldens[0]; i++)
		all[n++] = (struct CMUnitTest){ .name = goldens[i].test,
			.test_func = is_golden,
			.initial_state = (void *)(uintptr_t)&goldens[i] };
	for (unsigned i = 0; i < sizeof tests / sizeof tests[0]; i++)
		all[n++] = tests[i];
	return cmocka_run_group_tests_name("report", all, make_tmp, remove_tmp);
}
