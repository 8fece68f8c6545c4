/* SPDX-License-Identifier: MIT */
/* Stored configurations where the system does not play along: every call that can
 * fail does so in turn, and what was stored before still is. */
#include "check.h"
#include "host/host_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- calls that fail when it is their turn ---- */

static const char *failing; /* name of the call; NULL: none does */
static unsigned turn;       /* 0: the next one */
static int with;            /* errno */
static bool failed;

static bool fails(const char *name)
{
	if (!failing || strcmp(failing, name) != 0 || turn-- > 0)
		return false;
	failing = NULL;
	failed = true;
	errno = with;
	return true;
}

#define WRAP(type, name, parameters, arguments, failure)                                           \
	type __real_##name parameters;                                                             \
	type __wrap_##name parameters;                                                             \
	type __wrap_##name parameters                                                              \
	{                                                                                          \
		return fails(#name) ? failure : __real_##name arguments;                           \
	}

WRAP(ssize_t, write, (int fd, const void *p, size_t n), (fd, p, n), -1)
WRAP(ssize_t, read, (int fd, void *p, size_t n), (fd, p, n), -1)
WRAP(int, fsync, (int fd), (fd), -1)
WRAP(int, rename, (const char *from, const char *to), (from, to), -1)
WRAP(int, mkdir, (const char *path, mode_t mode), (path, mode), -1)
WRAP(int, unlink, (const char *path), (path), -1)
WRAP(void *, malloc, (size_t n), (n), NULL)

static void fail_next(const char *name, unsigned after, int err)
{
	failing = name;
	turn = after;
	with = err;
	failed = false;
}

/* ---- a place for configurations ---- */

static char home[] = "/tmp/nmapi-stored-XXXXXX", folder[256];
static char said[4096];

static void on_message(void *ctx, const char *line)
{
	(void)ctx;
	(void)snprintf(said, sizeof said, "%s", line);
}

static const struct nm_run_options options = { .size = sizeof options, .message = on_message };

static int make_home(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(home));
	assert_int_equal(setenv("XDG_CONFIG_HOME", home, 1), 0);
	(void)snprintf(folder, sizeof folder, "%s/nmapi/experts", home);
	return 0;
}

static int remove_home(void **state)
{
	char path[300];

	(void)state;
	(void)snprintf(path, sizeof path, "%s/e.cfg", folder);
	(void)unlink(path);
	(void)rmdir(folder);
	*strrchr(folder, '/') = '\0';
	(void)rmdir(folder);
	return rmdir(home);
}

static unsigned files(void)
{
	char command[400];
	unsigned n = 0;
	FILE *f;

	(void)snprintf(command, sizeof command, "ls -A %s 2>/dev/null | wc -l", folder);
	f = popen(command, "r");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%u", &n), 1);
	(void)pclose(f);
	return n;
}

static void assert_stored(const char *want)
{
	struct nm_stored s;

	assert_int_equal(nm_stored_load(&options, "E", &s), 0);
	assert_int_equal(s.n, 5);
	assert_memory_equal(s.p, want, 5);
	free(s.p);
}

#define OLD "\5\0\0\0o"
#define NEW "\5\0\0\0n"

static const struct {
	const char *name, *call;
	unsigned after;
	int err;
} saves[] = {
	{ "no new folder", "mkdir", 0, EACCES },
	{ "nor one in it", "mkdir", 1, EROFS },
	{ "no new file", NULL, 0, EMFILE },
	{ "a full disk", "write", 0, ENOSPC },
	{ "full when it is made sure of", "fsync", 0, EDQUOT },
	{ "no new name", "rename", 0, EBUSY },
};

static void allow_files(bool any)
{
	static struct rlimit all;
	struct rlimit none;

	if (all.rlim_cur == 0)
		assert_int_equal(getrlimit(RLIMIT_NOFILE, &all), 0);
	none = (struct rlimit){ 0, all.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, any ? &all : &none), 0);
}

static void a_save_that_fails_changes_nothing(void **state)
{
	int err;

	(void)state;
	assert_int_equal(nm_stored_save("e", (const uint8_t *)OLD, 5), 0);
	for (size_t i = 0; i < COUNT(saves); i++) {
		fail_next(saves[i].call, saves[i].after, saves[i].err);
		failed = saves[i].call == NULL;
		allow_files(!failed);
		err = nm_stored_save("e", (const uint8_t *)NEW, 5);
		allow_files(true);
		if (err != saves[i].err || !failed)
			fail_msg("%s: %d", saves[i].name, err);
		assert_stored(OLD);
		assert_int_equal(files(), 1);
	}
	assert_int_equal(nm_stored_save("e", (const uint8_t *)NEW, 5), 0);
	assert_stored(NEW);
}

/* A call that was interrupted is no failure. */
static void interrupted_calls_go_on(void **state)
{
	(void)state;
	fail_next("write", 0, EINTR);
	assert_int_equal(nm_stored_save("e", (const uint8_t *)OLD, 5), 0);
	assert_true(failed);
	fail_next("read", 0, EINTR);
	assert_stored(OLD);
	assert_true(failed);
}

static void a_load_that_fails_says_why_and_gives_nothing(void **state)
{
	static const struct {
		const char *call;
		int err;
	} loads[] = { { "read", EIO }, { "malloc", ENOMEM } };
	struct nm_stored s;

	(void)state;
	for (size_t i = 0; i < COUNT(loads); i++) {
		said[0] = '\0';
		fail_next(loads[i].call, 0, loads[i].err);
		assert_int_equal(nm_stored_load(&options, "e", &s), EINVAL);
		assert_true(failed);
		assert_null(s.p);
		assert_int_equal(s.n, 0);
		assert_non_null(strstr(said, "/e.cfg: the configuration is not used: "));
		assert_non_null(strstr(said, strerror(loads[i].err)));
	}
	assert_stored(OLD);
}

static void what_cannot_be_dropped_stays(void **state)
{
	struct nm_stored s;

	(void)state;
	fail_next("unlink", 0, EPERM);
	assert_int_equal(nm_stored_drop("e"), EPERM);
	assert_stored(OLD);
	assert_int_equal(nm_stored_drop("e"), 0);
	assert_int_equal(nm_stored_drop("e"), 0); /* nothing is as good as gone */
	assert_int_equal(nm_stored_load(&options, "e", &s), ENOENT);
}

static void put(const char *path, const char *bytes, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	(void)close(fd);
}

static const struct {
	const char *name, *bytes;
	size_t n;
	const char *want; /* NULL: it is taken */
} files_given[] = {
	{ "a configuration", OLD, 5, NULL },
	{ "the shortest", "\4\0\0\0", 4, NULL },
	{ "shorter than its length", "\4\0\0", 3, "too short" },
	{ "empty", "", 0, "too short" },
	{ "a length that is another", "\6\0\0\0o", 5, "not the one it begins with" },
};

static const struct nm_target expert = { .file = (char[]){ "e" } };

static void a_file_that_is_named_is_taken_or_refused(void **state)
{
	struct nm_run_options o = options;
	char path[64], link[64], longer[5000];
	struct nm_stored s;

	(void)state;
	(void)snprintf(path, sizeof path, "%s/given", home);
	(void)snprintf(link, sizeof link, "%s/link", home);
	o.config_file = path;
	for (size_t i = 0; i < COUNT(files_given); i++) {
		put(path, files_given[i].bytes, files_given[i].n);
		said[0] = '\0';
		if ((nm_stored_choose(&o, &expert, &s) != 0) != (files_given[i].want != NULL))
			fail_msg("%s", files_given[i].name);
		if (files_given[i].want)
			assert_non_null(strstr(said, files_given[i].want));
		free(s.p);
	}
	put(path, OLD, 5);
	assert_int_equal(symlink(path, link), 0);
	assert_int_equal(nm_stored_read(&options, link, &s), EINVAL);
	(void)unlink(link);
	(void)unlink(path);
	said[0] = '\0';
	assert_int_equal(nm_stored_read(&options, path, &s), EINVAL);
	assert_non_null(strstr(said, strerror(ENOENT)));
	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	said[0] = '\0';
	assert_int_equal(nm_stored_read(&options, longer, &s), EINVAL);
	assert_true(said[0]); /* as much of it as a line holds */
	o.config_file = NULL;
	o.no_config = true;
	assert_int_equal(nm_stored_choose(&o, &expert, &s), ENOENT);
	assert_null(s.p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_save_that_fails_changes_nothing),
		cmocka_unit_test(interrupted_calls_go_on),
		cmocka_unit_test(a_load_that_fails_says_why_and_gives_nothing),
		cmocka_unit_test(what_cannot_be_dropped_stays),
		cmocka_unit_test(a_file_that_is_named_is_taken_or_refused),
	};

	return cmocka_run_group_tests(tests, make_home, remove_home);
}
