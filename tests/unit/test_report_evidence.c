/* SPDX-License-Identifier: MIT */
/* Evidence: which frames findings ask for, and what is said of them. The conversion is one of
 * the test's own: it notes what is picked. */
#include "nmhost.h"
#include "report_events.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a)      (sizeof(a) / sizeof *(a))
#define HIDE_SEVERITY UINT32_C(0x80000000)

static struct {
	char source[64], path[64], picks[65536];
	int status, failed; /* what it answers; what the picking answered */
	unsigned picked;
	uint32_t left_out;
	bool filter;
	const char *say;
} conversion;

static char messages[4096];

int nm_convert(const struct nm_run_options *o, const struct nm_convert_options *how,
    const char *out, struct nm_conversion_report *ret)
{
	struct nm_pick p;
	size_t n = 0;
	int more;

	(void)snprintf(conversion.source, sizeof conversion.source, "%s", o->captures[0]);
	(void)snprintf(conversion.path, sizeof conversion.path, "%s", out);
	conversion.filter = o->filter || o->output_dir || o->capsule_dir || o->in_process;
	conversion.picks[0] = '\0';
	conversion.picked = 0;
	assert_string_equal(how->format, "pcapng");
	while ((more = how->pick(how->pick_ctx, &p)) > 0) {
		if (n < sizeof conversion.picks - 8192)
			n += (size_t)snprintf(conversion.picks + n, sizeof conversion.picks - n,
			    "%s%u-%u@%u:%s", n ? "|" : "", p.first, p.last, p.noted,
			    p.comment ? p.comment : "");
		conversion.picked++;
	}
	conversion.failed = more;
	if (conversion.say)
		o->message(o->message_ctx, conversion.say);
	*ret = (struct nm_conversion_report){ .left_out = conversion.left_out,
		.written = more == 0 && (conversion.status == NM_EXIT_COMPLETE ||
					    conversion.status == NM_EXIT_PARTIAL) };
	return more < 0 ? NM_EXIT_OUTPUT : conversion.status;
}

static void on_message(void *ctx, const char *line)
{
	(void)ctx;
	(void)strncat(messages, line, sizeof messages - strlen(messages) - 2);
	(void)strcat(messages, "\n");
}

/* ---- events ------------------------------------------------------------------------------ */

static struct nm_column frame_column(const char *name, uint32_t frame)
{
	return (struct nm_column){ .name = name, .type = NM_COL_FRAME, .v.u = frame };
}

static int submit(const struct nm_sink *s, uint32_t severity, uint32_t flags, const char *name,
    const struct nm_column *columns, uint32_t n)
{
	const struct nm_event ev = { .severity = severity,
		.flags = flags,
		.source = "someone",
		.name = name,
		.description = "",
		.n_columns = n,
		.columns = columns };

	return s->event(s->ctx, &ev);
}

/* A warning about a frame. */
static int warn(const struct nm_sink *s, const char *name, uint32_t frame)
{
	const struct nm_column c = frame_column("Frame", frame);

	return submit(s, 1, 0, name, &c, 1);
}

static int play(
    int (*events)(const struct nm_sink *s), const char *path, const char *again, uint32_t around)
{
	struct nm_run_options run = { .message = on_message, .filter = "tcp", .output_dir = "." };
	const struct nm_evidence_options opt = {
		.size = sizeof opt, .path = "out.pcapng", .around = around, .run = &run
	};
	struct nm_capture_report c = a_capture(path, 100);
	const struct nm_expert_info info = an_expert("x", "Expert X");
	struct nm_evidence *e = NULL;
	struct nm_sink s;
	int err = nm_evidence_open(&opt, &e, &s);

	messages[0] = '\0';
	conversion.source[0] = conversion.picks[0] = '\0';
	c.again = again;
	if (!err)
		err = s.capture_begin(s.ctx, &c);
	if (!err)
		err = s.expert_begin(s.ctx, &info);
	if (!err)
		err = events(&s);
	if (!err)
		err = s.capture_end(s.ctx, &c);
	nm_evidence_close(e);
	return err;
}

static int two_of_a_frame(const struct nm_sink *s)
{
	const struct nm_column bad[] = { { .name = "N", .type = NM_COL_UINT32, .v.u = 7 },
		frame_column("Frame", 9), frame_column("Before", 20),
		{ .name = "Why", .type = NM_COL_STRING, .v.str = "a\nb\x1b[31m" } };
	int err = warn(s, "small", 9);

	if (!err)
		err = submit(s, 3, 0, "large", bad, COUNT(bad));
	return err ? err : warn(s, "last", 30);
}

static void the_worst_finding_of_a_frame_comes_first(void **state)
{
	(void)state;
	assert_int_equal(play(two_of_a_frame, __FILE__, NULL, 2), 0);
	assert_string_equal(conversion.picks,
	    "7-11@9:error: Expert X: large, N 7, Before 21, Why a\\nb\\x1b[31m\nwarning: Expert X: "
	    "small\nframe 10 of test_report_evidence.c|18-22@20:|28-32@30:warning: Expert X: "
	    "last\nframe 31 of test_report_evidence.c");
	assert_string_equal(conversion.source, __FILE__);
	assert_string_equal(conversion.path, "out.pcapng");
	assert_false(conversion.filter);
	assert_string_equal(messages, "");
}

static int no_findings(const struct nm_sink *s)
{
	const struct nm_column frame = frame_column("Frame", 9),
			       none = frame_column("Frame", UINT32_MAX);
	int err = submit(s, 2, HIDE_SEVERITY, "hidden", &frame, 1);

	err = err ? err : submit(s, 2, 0, "no column", NULL, 0);
	err = err ? err : submit(s, 9, 0, "no severity", &frame, 1);
	return err ? err : submit(s, 2, 0, "no frame", &none, 1);
}

static void what_is_no_finding(void **state)
{
	(void)state;
	assert_int_equal(play(no_findings, __FILE__, NULL, 2), 0);
	assert_int_equal(conversion.picked, 0);
	assert_string_equal(
	    messages, "out.pcapng: no finding names a frame, so there is none in it\n");
}

static int at_the_edges(const struct nm_sink *s)
{
	int err = warn(s, "first", 0);

	return err ? err : warn(s, "last", UINT32_MAX - 1);
}

static void frames_around_stay_numbers_of_frames(void **state)
{
	(void)state;
	assert_int_equal(play(at_the_edges, __FILE__, NULL, 1000), 0);
	assert_non_null(strstr(conversion.picks, "0-1000@0:warning"));
	assert_non_null(strstr(conversion.picks, "|4294966294-4294967294@4294967294:warning"));
	assert_int_equal(play(at_the_edges, __FILE__, NULL, 0), 0);
	assert_non_null(strstr(conversion.picks, "0-0@0:warning"));
}

static int many_of_a_frame(const struct nm_sink *s)
{
	int err = 0;

	for (unsigned i = 0; i < 40 && !err; i++)
		err = warn(s, "again", 5);
	return err;
}

static void a_comment_has_an_end(void **state)
{
	const char *p;
	unsigned lines = 0;

	(void)state;
	assert_int_equal(play(many_of_a_frame, __FILE__, NULL, 0), 0);
	for (p = conversion.picks; (p = strchr(p, '\n')) != NULL; p++)
		lines++;
	assert_int_equal(lines, 17);
	assert_non_null(strstr(conversion.picks, "\nand 24 more\nframe 6 of "));
}

static int a_long_one(const struct nm_sink *s)
{
	static char text[3000];
	const struct nm_column c[] = { frame_column("Frame", 5),
		{ .name = "Text", .type = NM_COL_STRING, .v.str = text } };

	for (size_t i = 0; i + 2 < sizeof text; i += 2)
		memcpy(text + i, "\xc3\xa4", 2);
	return submit(s, 1, 0, "xx", c, 2);
}

static void a_line_has_an_end_between_characters(void **state)
{
	const char *end;

	(void)state;
	assert_int_equal(play(a_long_one, __FILE__, NULL, 0), 0);
	end = strchr(conversion.picks, '\n');
	assert_in_range(end - conversion.picks, 400, 510);
	assert_memory_equal(end - 2, "\xc3\xa4", 2);
}

static void a_pipe_is_read_again_under_another_name(void **state)
{
	(void)state;
	assert_int_equal(play(two_of_a_frame, "-", "/proc/self/fd/7", 0), 0);
	assert_string_equal(conversion.source, "/proc/self/fd/7");
	assert_non_null(strstr(conversion.picks, "frame 31 of standard input"));
	assert_int_equal(play(two_of_a_frame, "-", NULL, 0), ESPIPE);
	assert_string_equal(conversion.source, "");
	assert_non_null(strstr(messages, "can't be read again"));
	assert_int_equal(play(two_of_a_frame, "/dev/null", NULL, 0), ESPIPE);
}

static void trouble_with_writing_is_told(void **state)
{
	(void)state;
	conversion.status = NM_EXIT_OUTPUT;
	conversion.say = "out.pcapng: No space left on device";
	assert_int_equal(play(two_of_a_frame, __FILE__, NULL, 0), EIO);
	assert_string_equal(messages, "out.pcapng: No space left on device\n");
	conversion.status = NM_EXIT_INTERRUPTED;
	assert_int_equal(play(two_of_a_frame, __FILE__, NULL, 0), EINTR);
	conversion.status = NM_EXIT_PARTIAL;
	conversion.left_out = 3;
	assert_int_equal(play(two_of_a_frame, __FILE__, NULL, 0), 0);
	assert_non_null(strstr(messages, "3 frames are left out"));
	conversion.status = 0;
	conversion.left_out = 0;
	conversion.say = NULL;
}

static int a_million(const struct nm_sink *s)
{
	int err = 0;

	for (unsigned i = 0; i < (1u << 20) + 5 && !err; i++)
		err = warn(s, "x", i * 7919u % 4000000u);
	return err;
}

static void beyond_a_million_they_are_counted(void **state)
{
	(void)state;
	assert_int_equal(play(a_million, __FILE__, NULL, 0), 0);
	assert_in_range(conversion.picked, 900000, 1u << 20);
	assert_non_null(strstr(messages, "5 frames that findings name are not in it"));
}

static int no_end(void *ctx, const struct nm_capture_report *c)
{
	(void)ctx;
	(void)c;
	return 0;
}

static int no_expert_end(void *ctx, const struct nm_expert_info *e, const struct nm_expert_end *end)
{
	(void)ctx;
	(void)e;
	(void)end;
	return 0;
}

static int no_run_end(void *ctx, const struct nm_run_summary *s)
{
	(void)ctx;
	(void)s;
	return 0;
}

/* Every column type, hostile text, every severity. */
static void a_run_of_everything(void **state)
{
	struct nm_run_options run = { .message = on_message };
	const struct nm_evidence_options opt = {
		.size = sizeof opt, .path = "out.pcapng", .around = 1, .run = &run
	};
	struct nm_evidence *e;
	struct nm_sink s;

	(void)state;
	assert_int_equal(nm_evidence_open(&opt, &e, &s), 0);
	/* Its captures are not there to be read again. */
	s.capture_end = no_end;
	s.expert_end = no_expert_end;
	s.run_end = no_run_end;
	assert_int_equal(play_run(&s), 0);
	nm_evidence_close(e);
}

/* ---- refused memory ------------------------------------------------------------------------- */

static int refuse_at; /* counts down; 0: never */

static bool refused(void)
{
	return refuse_at > 0 && --refuse_at == 0;
}

void *__real_malloc(size_t n);
void *__real_calloc(size_t a, size_t b);
void *__real_realloc(void *p, size_t n);
char *__real_strdup(const char *s);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t a, size_t b);
void *__wrap_realloc(void *p, size_t n);
char *__wrap_strdup(const char *s);

void *__wrap_malloc(size_t n)
{
	return refused() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t a, size_t b)
{
	return refused() ? NULL : __real_calloc(a, b);
}

void *__wrap_realloc(void *p, size_t n)
{
	return refused() ? NULL : __real_realloc(p, n);
}

char *__wrap_strdup(const char *s)
{
	return refused() ? NULL : __real_strdup(s);
}

static void each_allocation_refused_in_turn(void **state)
{
	unsigned failures = 0;

	(void)state;
	for (int i = 1; i < 100; i++) {
		int err, left;

		refuse_at = i;
		err = play(two_of_a_frame, __FILE__, NULL, 0);
		left = refuse_at;
		refuse_at = 0;
		if (left)
			break;
		assert_true(err == ENOMEM || err == EIO);
		failures++;
	}
	assert_in_range(failures, 5, 50);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_worst_finding_of_a_frame_comes_first),
		cmocka_unit_test(what_is_no_finding),
		cmocka_unit_test(frames_around_stay_numbers_of_frames),
		cmocka_unit_test(a_comment_has_an_end),
		cmocka_unit_test(a_line_has_an_end_between_characters),
		cmocka_unit_test(a_pipe_is_read_again_under_another_name),
		cmocka_unit_test(trouble_with_writing_is_told),
		cmocka_unit_test(beyond_a_million_they_are_counted),
		cmocka_unit_test(a_run_of_everything),
		cmocka_unit_test(each_allocation_refused_in_turn),
	};

	return _cmocka_run_group_tests("evidence", tests, COUNT(tests), NULL, NULL);
}
