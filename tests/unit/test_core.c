/* SPDX-License-Identifier: MIT */
/* What a core_pattern means, and folders for core dumps: made only when they are
 * wanted, removed when nothing is in them, kept and told when something is. */
#include "check.h"

#include "host/host_int.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char said[512];

static void on_message(void *ctx, const char *line)
{
	(void)ctx;
	(void)snprintf(said, sizeof said, "%s", line);
}

static struct nm_run_options options(bool keep)
{
	struct nm_run_options o;

	nm_run_options_init(&o);
	o.keep_core = keep;
	o.sandbox = NM_SANDBOX_OFF; /* then nothing has to be given to somebody else */
	o.message = on_message;
	said[0] = '\0';
	return o;
}

static void a_pattern_says_who_gets_it(void **state)
{
	static const struct {
		const char *pattern;
		enum nm_core_way way;
	} cases[] = {
		{ "core", NM_CORE_HERE },
		{ "", NM_CORE_HERE },
		{ "core.%e.%p", NM_CORE_HERE },
		{ " |x", NM_CORE_HERE },
		{ "/var/crash/core.%p", NM_CORE_ELSEWHERE },
		{ "/", NM_CORE_ELSEWHERE },
		{ "|/usr/lib/systemd/systemd-coredump %P", NM_CORE_PROGRAM },
		{ "|", NM_CORE_PROGRAM },
		{ "@/run/coredump.socket", NM_CORE_PROGRAM },
		{ "@@/run/coredump.socket", NM_CORE_PROGRAM },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(nm_core_way_of(cases[i].pattern), cases[i].way);
}

static void nothing_is_made_that_nobody_wants(void **state)
{
	struct nm_run_options o = options(false);
	struct nm_cores k;

	(void)state;
	nm_cores_init(&k);
	nm_cores_open(&k, &o, 3);
	assert_false(k.wanted);
	o.keep_core = true;
	nm_cores_open(&k, &o, 0);
	assert_false(k.wanted);
	o.in_process = true;
	nm_cores_open(&k, &o, 1);
	assert_false(k.wanted);
	assert_int_equal(k.fd, -1);
	nm_cores_close(&k, &o, NULL, 0);
	assert_string_equal(said, "");
}

/* The folders of three jobs, as far as this system has core dumps in files. */
static void folders_stay_when_something_is_in_them(void **state)
{
	struct nm_run_options o = options(true);
	struct nm_target t = { .file = (char[]){ "mine" } };
	struct nm_job jobs[3];
	struct nm_cores k;
	char path[80], dir[32], want[160];
	struct stat st;
	int fd;

	(void)state;
	for (unsigned i = 0; i < 3; i++)
		nm_job_init(&jobs[i], &t, &o);
	nm_cores_init(&k);
	nm_cores_open(&k, &o, 3);
	assert_true(k.wanted);
	if (k.way != NM_CORE_HERE || k.fd < 0)
		skip();
	(void)snprintf(dir, sizeof dir, "%s", k.dir);
	(void)snprintf(path, sizeof path, "%s/1/core.7", dir);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	(void)close(fd);
	jobs[1].exit.wait_status = 11 | 0x80; /* signal 11, core dumped */
	jobs[2].exit.wait_status = 11 | 0x80; /* or so its engine says */
	nm_cores_close(&k, &o, jobs, 3);
	(void)snprintf(want, sizeof want, "mine: its core dump is %s", path);
	assert_string_equal(said, want);
	assert_int_equal(unlink(path), 0);
	(void)snprintf(path, sizeof path, "%s/0", dir);
	assert_int_not_equal(stat(path, &st), 0);
	(void)snprintf(path, sizeof path, "%s/1", dir);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

/* What is no file is no core dump, whoever put it there. */
static void links_are_not_followed(void **state)
{
	struct nm_run_options o = options(true);
	struct nm_target t = { .file = (char[]){ "mine" } };
	struct nm_job job;
	struct nm_cores k;
	char path[80], dir[32];

	(void)state;
	nm_job_init(&job, &t, &o);
	nm_cores_init(&k);
	nm_cores_open(&k, &o, 1);
	if (k.way != NM_CORE_HERE || k.fd < 0)
		skip();
	(void)snprintf(dir, sizeof dir, "%s", k.dir);
	(void)snprintf(path, sizeof path, "%s/0/core", dir);
	assert_int_equal(symlink("/etc/passwd", path), 0);
	job.exit.wait_status = 11 | 0x80;
	nm_cores_close(&k, &o, &job, 1);
	assert_string_equal(said, "");
	assert_int_equal(unlink(path), 0);
	(void)snprintf(path, sizeof path, "%s/0", dir);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

static int in_a_folder_of_its_own(void **state)
{
	static char dir[] = "/tmp/nmapi-core-XXXXXX";

	*state = mkdtemp(dir);
	return *state ? chdir(dir) : -1;
}

static int leave_it(void **state)
{
	return chdir("/") < 0 ? -1 : rmdir(*state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pattern_says_who_gets_it),
		cmocka_unit_test(nothing_is_made_that_nobody_wants),
		cmocka_unit_test(folders_stay_when_something_is_in_them),
		cmocka_unit_test(links_are_not_followed),
	};

	return cmocka_run_group_tests(tests, in_a_folder_of_its_own, leave_it);
}
