/* SPDX-License-Identifier: MIT */
/* The frames that events name, in the page: which ones, how they look, what is said of those
 * that are not there. */
#include "report/html.h"
#include "report_events.h"
#include "report_file.h"
#include "report_frames.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const struct nm_run_options run = { .size = sizeof run };

/* The page of so many kinds of event that name so many frames each; the caller frees it. */
static char *page_of(unsigned kinds, unsigned each, const struct nm_run_options *o)
{
	const struct nm_report_options opt = {
		.size = sizeof opt, .format = "html", .path = path, .run = o
	};
	const struct nm_run_summary end = { .fail_on = -1 };
	struct nm_report *r = NULL;
	struct nm_sink sink;
	struct stat st;
	char *page;
	FILE *f;

	assert_int_equal(nm_report_open(&opt, &r, &sink), 0);
	assert_int_equal(play_frames(&sink, kinds, each, 2), 0);
	assert_int_equal(sink.run_end(sink.ctx, &end), 0);
	assert_int_equal(nm_report_close(r), 0);
	f = fopen(path, "rb");
	assert_non_null(f);
	assert_int_equal(fstat(fileno(f), &st), 0);
	page = calloc(1, (size_t)st.st_size + 1);
	assert_non_null(page);
	assert_int_equal(fread(page, 1, (size_t)st.st_size, f), st.st_size);
	(void)fclose(f);
	return page;
}

static unsigned count(const char *page, const char *what)
{
	unsigned n = 0;

	while ((page = strstr(page, what)) != NULL) {
		page++;
		n++;
	}
	return n;
}

static bool has_frame(const char *page, unsigned number)
{
	char id[32];

	(void)snprintf(id, sizeof id, " id=f1-%u>", number);
	return strstr(page, id) != NULL;
}

static void a_frame_is_a_tree_and_its_bytes(void **state)
{
	char *page = page_of(1, 1, &run);

	(void)state;
	assert_non_null(strstr(page,
	    "<details class=frame id=f1-1><summary>Frame 1 <small>TCP: a "
	    "segment</small></summary>\n"
	    "<p>2026-09-20T10:11:12.000000Z 10.0.0.1 &rarr; 10.0.0.2, 60 bytes\n"
	    "<ul class=tree>\n"
	    "<li data-b=0-14>ETHERNET: type IP<ul><li data-b=0-6>Destination<li data-b=6-6>Source"
	    "</ul>\n"
	    "<li data-b=14-20>IP: to 10.0.0.2<ul><li data-b=20-1>Flags<ul><li data-b=20-1>Fragment "
	    "= no</ul><li data-b=23-1 class=e>Protocol = 6 [error]</ul>\n"
	    "<li data-b=34-26>TCP\n"
	    "</ul>\n"
	    "<pre class=bytes>414243444546060708090a0b"));
	assert_non_null(
	    strstr(page, "<p>1 of 1 frame that events name is in this page. Any "
			 "frame: <code>netmon frames -V -x -r &#39;it&#39;\\&#39;&#39;s "
			 "frames.pcap&#39; --frames=N</code>"));
	assert_non_null(strstr(page, "<li><a href=#frames1>Frames</a>"));
	assert_string_equal(fake_frames.captures, "again");
	free(page);
}

static void text_of_frames_is_only_text(void **state)
{
	char *page = page_of(1, 4, &run), *line = NULL;
	struct nm_buf b = { 0 };
	size_t n = 0;
	FILE *f = tmpfile();
	const uint32_t only[] = { FAKE_FRAME_MARKUP };
	const char *no_capture = "";
	const struct nm_run_options o = { .captures = &no_capture };

	(void)state;
	free(page);
	assert_non_null(f);
	assert_int_equal(
	    nm_frames(&o, &(struct nm_frames_options){ .only = only, .n_only = 1 }, fileno(f)), 0);
	rewind(f);
	assert_true(getline(&line, &n, f) > 0);
	assert_int_equal(nm_html_tree(&b, 1, line, strlen(line)), FAKE_FRAME_MARKUP);
	assert_null(strstr(b.data, "<script"));
	assert_null(strstr(b.data, "<img"));
	assert_null(strchr(b.data, 7));
	assert_null(strstr(b.data, "<pre")); /* "zz" are no bytes */
	assert_int_equal(count(b.data, "<ul"), count(b.data, "</ul>"));
	assert_int_equal(count(b.data, "<details"), count(b.data, "</details>"));
	assert_non_null(strstr(b.data, "<li>deep<"));
	assert_non_null(strstr(b.data, "of which 3 were captured"));
	nm_buf_done(&b);
	free(line);
	(void)fclose(f);
}

static void what_is_no_frame_is_passed_over(void **state)
{
	static const char *const lines[] = { "", "7", "[]", "{}", "{\"frame\":0}", "{\"frame\":-1}",
		"{\"frame\":4294967296}", "{\"frame\":1.5}", "{\"frame\":\"1\"}", "{\"frame\":1",
		"{\"frame\":1}{", "\xff", "{\"frame\":1,\"info\":\"\xff\"}" };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct nm_buf b = { 0 };

		assert_int_equal(nm_html_tree(&b, 1, lines[i], strlen(lines[i])), NM_NO_FRAME);
		assert_int_equal(b.n, 0);
		assert_false(b.failed);
	}
}

static void a_large_frame_is_cut_and_says_so(void **state)
{
	char *page = page_of(1, 4, &run);

	(void)state;
	assert_true(has_frame(page, FAKE_FRAME_LARGE + 1));
	assert_non_null(strstr(page, " more fields and layers have no room in this page."));
	assert_non_null(strstr(page, "These are the first 2,048 of 9,000 bytes."));
	free(page);
}

/* The first frames of each kind have a place before the second ones, the worst kinds first, and
 * what is only information behind all of them. */
static void every_kind_has_frames(void **state)
{
	static const struct {
		unsigned kinds, each, asked, last_of_worst;
	} rows[] = {
		{ 1, 10, 10, 10 }, { 5, 900, 250, 50 }, /* of 250 frames 50 of each kind */
		{ 6, 800, 250, 50 },                    /* the sixth is info */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *page = page_of(rows[i].kinds, rows[i].each, &run);
		unsigned kinds = rows[i].kinds < 5 ? rows[i].kinds : 5;

		assert_in_range(fake_frames.asked, rows[i].asked * 2 / 5, rows[i].asked);
		for (unsigned k = 0; k < kinds; k++) {
			unsigned first = 2 * k * rows[i].each;

			assert_true(has_frame(page, first + 1));
			assert_false(
			    has_frame(page, first + 2 * rows[i].last_of_worst * rows[i].kinds + 1));
		}
		if (rows[i].kinds == 6)
			assert_false(has_frame(page, 2 * 5 * rows[i].each + 1));
		free(page);
	}
}

static void frames_keep_the_page_within_its_size(void **state)
{
	static const struct {
		unsigned kinds, each;
		size_t most;
	} rows[] = { { 5, 100, 1000000 }, { 20, 490, 1000000 }, { 20, 1400, 3000000 } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *page = page_of(rows[i].kinds, rows[i].each, &run);

		assert_in_range(strlen(page), rows[i].most / 4, rows[i].most);
		assert_true(count(page, "<details class=frame") >= 25);
		free(page);
	}
}

static void what_keeps_frames_away_is_told(void **state)
{
	char *page;

	(void)state;
	fake_frames = (struct fake_frames){ .say = "<b>no engine</b>", .nothing = true };
	page = page_of(1, 2, &run);
	assert_non_null(strstr(page, "<p class=bad>The frames that events name could not be read: "
				     "&lt;b&gt;no engine&lt;/b&gt;"));
	free(page);
	fake_frames = (struct fake_frames){ .nothing = true };
	page = page_of(1, 2, &run);
	assert_non_null(strstr(page, "could not be read: nothing came"));
	free(page);
	fake_frames = (struct fake_frames){ .say = "a parser crashed" };
	page = page_of(1, 2, &run);
	assert_non_null(strstr(page, "<p class=bad>While frames were read: a parser crashed"));
	assert_true(has_frame(page, 1));
	free(page);
	fake_frames = (struct fake_frames){ 0 };
	page = page_of(1, 2, NULL); /* nobody can read the capture */
	assert_null(strstr(page, "class=frames"));
	assert_int_equal(fake_frames.calls, 0);
	free(page);
	page = page_of(0, 1, &run); /* no event names one */
	assert_null(strstr(page, "class=frames"));
	assert_int_equal(fake_frames.calls, 0);
	free(page);
}

/* A pipe, or a file that is gone. */
static void a_capture_that_is_gone_is_told(void **state)
{
	const struct nm_column column = { "Frame", NM_COL_FRAME, { .u = 1 } };
	const struct nm_event ev = {
		.source = "", .name = "", .description = "", .n_columns = 1, .columns = &column
	};
	struct nm_capture_report c = a_capture("/nowhere/at all", 10);
	struct nm_html_frames f = { .run = &run };
	struct nm_buf b = { 0 };

	(void)state;
	fake_frames = (struct fake_frames){ 0 };
	nm_html_frames_begin(&f, &c);
	nm_html_frames_expert(&f);
	nm_html_frames_add(&f, &ev);
	assert_int_equal(nm_html_frames_write(&f, &c, 100000, &b), 0);
	assert_non_null(strstr(b.data, "<p class=bad>The frames that events name are not in this "
				       "page: the capture can't be read again."));
	assert_int_equal(fake_frames.calls, 0);
	nm_buf_done(&b);
	nm_html_frames_done(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_is_a_tree_and_its_bytes),
		cmocka_unit_test(text_of_frames_is_only_text),
		cmocka_unit_test(what_is_no_frame_is_passed_over),
		cmocka_unit_test(a_large_frame_is_cut_and_says_so),
		cmocka_unit_test(every_kind_has_frames),
		cmocka_unit_test(frames_keep_the_page_within_its_size),
		cmocka_unit_test(what_keeps_frames_away_is_told),
		cmocka_unit_test(a_capture_that_is_gone_is_told),
	};

	return cmocka_run_group_tests_name("frames of the page", tests, make_file, remove_file);
}
