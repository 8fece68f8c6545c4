/* SPDX-License-Identifier: MIT */
/* netmon new: what it makes, what it refuses, and that a failure leaves nothing. */
#include "cli/cli.h"
#include "cli_host.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define N(a) (sizeof(a) / sizeof((a)[0]))

static char dir[] = "/tmp/nmapi-new-XXXXXX";

static const char *at(const char *name)
{
	static char paths[4][256];
	static unsigned next;
	char *p = paths[next++ % 4];

	(void)snprintf(p, sizeof paths[0], "%s/%s", dir, name);
	return p;
}

static void write_file(const char *name, const char *text)
{
	FILE *f = fopen(at(name), "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void assert_holds(const char *name, const char *text)
{
	char got[4096] = "";
	FILE *f = fopen(at(name), "r");
	size_t n;

	if (!f)
		fail_msg("%s is missing", name);
	n = fread(got, 1, sizeof got - 1, f);
	(void)fclose(f);
	assert_int_equal(n, strlen(text));
	assert_string_equal(got, text);
}

static bool exists(const char *name)
{
	struct stat st;

	return lstat(at(name), &st) == 0;
}

static void empty(void)
{
	char cmd[128];

	(void)snprintf(cmd, sizeof cmd, "rm -rf %s/*", dir);
	assert_int_equal(system(cmd), 0);
}

static int make_template(void **state)
{
	(void)state;
	empty();
	assert_int_equal(mkdir(at("t"), 0777), 0);
	write_file("t/@NAME@.c", "int @NAME@(void);\n@NAME@@NAME@ @NAME NAME@\n");
	write_file("t/run-@NAME@.sh", "#!/bin/sh\n");
	write_file("t/.hidden", "no");
	write_file("t/meson.build", "no");
	assert_int_equal(chmod(at("t/run-@NAME@.sh"), 0755), 0);
	assert_int_equal(mkdir(at("t/folder"), 0777), 0);
	return 0;
}

static void a_project_has_its_name_everywhere(void **state)
{
	struct stat st;

	assert_int_equal(cli_project_copy(at("t"), at("made"), "abc"), 0);
	assert_holds("made/abc.c", "int abc(void);\nabcabc @NAME NAME@\n");
	assert_int_equal(stat(at("made/run-abc.sh"), &st), 0);
	assert_true(st.st_mode & S_IXUSR);
	assert_int_equal(stat(at("made/abc.c"), &st), 0);
	assert_false(st.st_mode & S_IXUSR);
	assert_false(exists("made/.hidden"));
	assert_false(exists("made/meson.build"));
	assert_false(exists("made/folder"));
	(void)state;
}

static void what_exists_is_left_alone(void **state)
{
	assert_int_equal(mkdir(at("made"), 0777), 0);
	write_file("made/abc.c", "mine");
	assert_int_equal(cli_project_copy(at("t"), at("made"), "abc"), NM_EXIT_USAGE);
	assert_holds("made/abc.c", "mine");
	assert_false(exists("made/run-abc.sh"));
	write_file("file", "mine");
	assert_int_equal(cli_project_copy(at("t"), at("file"), "abc"), NM_EXIT_USAGE);
	assert_holds("file", "mine");
	assert_int_equal(symlink("elsewhere", at("link")), 0);
	assert_int_equal(cli_project_copy(at("t"), at("link"), "abc"), NM_EXIT_USAGE);
	assert_false(exists("elsewhere"));
	(void)state;
}

static void a_failure_leaves_nothing(void **state)
{
	char big[512];

	assert_int_equal(cli_project_copy(at("none"), at("made"), "abc"), NM_EXIT_INPUT);
	assert_false(exists("made"));
	assert_int_equal(cli_project_copy(at("t"), at("no/made"), "abc"), NM_EXIT_OUTPUT);
	assert_int_equal(symlink("/etc/passwd", at("t/zz")), 0);
	assert_int_equal(cli_project_copy(at("t"), at("made"), "abc"), NM_EXIT_OUTPUT);
	assert_false(exists("made"));
	assert_int_equal(unlink(at("t/zz")), 0);
	memset(big, 'n', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	assert_int_equal(cli_project_copy(at("t"), at("made"), big), NM_EXIT_OUTPUT);
	assert_false(exists("made"));
	assert_int_equal(truncate(at("t/run-@NAME@.sh"), 3 << 20), 0);
	assert_int_equal(cli_project_copy(at("t"), at("made"), "abc"), NM_EXIT_OUTPUT);
	assert_false(exists("made"));
	(void)state;
}

static int netmon_new(const char *name, const char *where)
{
	char words[4][512] = { "netmon", "new", "expert", "" }, last[512];
	char *argv[] = { words[0], words[1], words[2], words[3], last, NULL };
	int saved = dup(STDOUT_FILENO), null = open("/dev/null", O_WRONLY | O_CLOEXEC), status;

	(void)snprintf(words[3], sizeof words[3], "%s", name);
	(void)snprintf(last, sizeof last, "%s", where);
	(void)fflush(stdout);
	(void)dup2(null, STDOUT_FILENO); /* the test's own lines go there too */
	status = cli_main(5, argv);
	(void)dup2(saved, STDOUT_FILENO);
	(void)close(saved);
	(void)close(null);
	return status;
}

static void only_plain_names_are_taken(void **state)
{
	static const char *const bad[] = { "", ".", "..", "../x", "a/b", "/x", "A", "1a", "_a",
		"a-b", "a.b", "a b", "a\n", "\xc3\xa9", "$(id)", "-x",
		"a23456789012345678901234567890123456789012345678901234567890123456" };
	static const char *const good[] = { "a", "a1", "abc_def",
		"a234567890123456789012345678901234567890123456789012345678901234" };

	cli_host_reset();
	cli_host.sdk = dir;
	assert_int_equal(rename(at("t"), at("expert")), 0);
	for (unsigned i = 0; i < N(bad); i++)
		if (netmon_new(bad[i], dir) != NM_EXIT_USAGE)
			fail_msg("'%s' is taken", bad[i]);
	for (unsigned i = 0; i < N(good); i++) {
		assert_int_equal(netmon_new(good[i], dir), 0);
		assert_true(exists(good[i]));
	}
	(void)state;
}

static int empty_first(void **state)
{
	(void)state;
	empty();
	return 0;
}

/* A real template holds nothing that its name does not fit into. */
static void the_shipped_template_is_whole(void **state)
{
	static const char *const files[] = { "made/abc.c", "made/Makefile", "made/test.sh",
		"made/README.md" };
	char text[16384];

	assert_int_equal(cli_project_copy(*state, at("made"), "abc"), 0);
	for (unsigned i = 0; i < N(files); i++) {
		FILE *f = fopen(at(files[i]), "r");
		size_t n;

		assert_non_null(f);
		n = fread(text, 1, sizeof text - 1, f);
		(void)fclose(f);
		text[n] = '\0';
		assert_in_range(n, 100, sizeof text - 2);
		assert_null(strstr(text, "@NAME@"));
		assert_non_null(strstr(text, "abc"));
	}
}

static int make_dir(void **state)
{
	(void)state;
	if (!freopen("/dev/null", "w", stderr) || !mkdtemp(dir))
		return -1;
	return 0;
}

static int remove_dir(void **state)
{
	(void)state;
	empty();
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_project_has_its_name_everywhere, make_template),
		cmocka_unit_test_setup(what_exists_is_left_alone, make_template),
		cmocka_unit_test_setup(a_failure_leaves_nothing, make_template),
		cmocka_unit_test_setup(only_plain_names_are_taken, make_template),
		{ "the template of experts is whole", the_shipped_template_is_whole, empty_first,
		    NULL, (char[]){ SDK_DIR "/expert" } },
		{ "the template of parsers is whole", the_shipped_template_is_whole, empty_first,
		    NULL, (char[]){ SDK_DIR "/parser" } },
	};

	return cmocka_run_group_tests_name("new", tests, make_dir, remove_dir);
}
