/* SPDX-License-Identifier: MIT */
/* Reports on a system that says no: each write and each allocation fails in
 * turn. The linker puts the functions below in front of the system's. */
#include "report_events.h"
#include "report_file.h"
#include "report_frames.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- write ----------------------------------------------------------------------- */

enum mood { MOOD_FINE, MOOD_SHORT, MOOD_INTERRUPTED, MOOD_BUSY, MOOD_FULL };

static enum mood mood;
static unsigned calls;
static size_t full_after; /* bytes that MOOD_FULL takes */
static size_t written;

ssize_t __real_write(int fd, const void *p, size_t n);
ssize_t __wrap_write(int fd, const void *p, size_t n);

ssize_t __wrap_write(int fd, const void *p, size_t n)
{
	calls++;
	if (mood == MOOD_INTERRUPTED && calls % 2) {
		errno = EINTR;
		return -1;
	}
	if (mood == MOOD_BUSY && calls % 2) {
		errno = EAGAIN;
		return -1;
	}
	if (mood == MOOD_FULL && written + n > full_after) {
		n = full_after - written;
		if (n == 0) {
			errno = ENOSPC;
			return -1;
		}
	}
	if (mood == MOOD_SHORT && n > 7)
		n = 7;
	written += n;
	return __real_write(fd, p, n);
}

static int report_once(const char *format)
{
	static const struct nm_run_options run = { .size = sizeof run };
	struct nm_report_options opt = {
		.size = sizeof opt, .format = format, .path = path, .run = &run
	};
	struct nm_report *r = NULL;
	struct nm_sink sink;
	int err = nm_report_open(&opt, &r, &sink), seen;

	if (err)
		return err;
	seen = play_frames(&sink, 2, 2, 1);
	seen = seen ? seen : play_run(&sink);
	err = nm_report_close(r);
	if (seen)
		assert_int_equal(seen, err);
	return err;
}

static char *contents(size_t *ret_n)
{
	FILE *f = fopen(path, "rb");
	char *s = test_malloc(1 << 20);

	assert_non_null(f);
	*ret_n = fread(s, 1, 1 << 20, f);
	(void)fclose(f);
	return s;
}

static void odd_writes_lose_nothing(void **state)
{
	static const enum mood moods[] = { MOOD_SHORT, MOOD_INTERRUPTED, MOOD_BUSY };

	for (unsigned f = 0; nm_report_format(f); f++) {
		size_t n, m;
		char *want, *got;

		mood = MOOD_FINE;
		assert_int_equal(report_once(nm_report_format(f)), 0);
		want = contents(&n);
		for (unsigned i = 0; i < sizeof moods / sizeof moods[0]; i++) {
			mood = moods[i];
			assert_int_equal(report_once(nm_report_format(f)), 0);
			got = contents(&m);
			assert_int_equal(n, m);
			assert_memory_equal(want, got, n);
			test_free(got);
		}
		test_free(want);
	}
	mood = MOOD_FINE;
	(void)state;
}

static void a_disk_that_fills_up_anywhere_is_reported(void **state)
{
	for (unsigned f = 0; nm_report_format(f); f++) {
		mood = MOOD_FINE;
		written = 0;
		assert_int_equal(report_once(nm_report_format(f)), 0);
		for (size_t total = written, at = 0; at < total; at += 97 + total / 300) {
			mood = MOOD_FULL;
			full_after = at;
			written = 0;
			assert_int_equal(report_once(nm_report_format(f)), ENOSPC);
		}
	}
	mood = MOOD_FINE;
	(void)state;
}

/* ---- memory ------------------------------------------------------------------------ */

static unsigned allocs, fail_at; /* fail_at: 0 never */
static bool in_json;             /* what failed was an allocation of jansson's */

static int denied(void)
{
	return ++allocs == fail_at;
}

void *__real_malloc(size_t n);
void *__wrap_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_realloc(void *p, size_t n);
char *__real_strdup(const char *s);
char *__wrap_strdup(const char *s);

void *__wrap_malloc(size_t n)
{
	return denied() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return denied() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
	return denied() ? NULL : __real_realloc(p, n);
}

char *__wrap_strdup(const char *s)
{
	return denied() ? NULL : __real_strdup(s);
}

static void *json_malloc(size_t n)
{
	in_json |= allocs + 1 == fail_at;
	return denied() ? NULL : __real_malloc(n);
}

/* Whatever allocation fails, the report says ENOMEM, and frees what it had
 * (the leak checker looks). But a frame that can't be read for want of memory is only missing
 * in a page, like any that can't be read. */
static void every_allocation_fails_cleanly(void **state)
{
	json_set_alloc_funcs(json_malloc, free);
	for (unsigned f = 0; nm_report_format(f); f++) {
		unsigned total, step;
		int err;

		fail_at = 0;
		allocs = 0;
		assert_int_equal(report_once(nm_report_format(f)), 0);
		total = allocs;
		step = total > 1500 ? total / 1500 : 1;
		for (unsigned at = 1; at <= total; at += step) {
			allocs = 0;
			fail_at = at;
			in_json = false;
			err = report_once(nm_report_format(f));
			if (in_json && strcmp(nm_report_format(f), "html") == 0)
				assert_int_equal(err, 0);
			else
				assert_int_equal(err, ENOMEM);
		}
	}
	fail_at = 0;
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(odd_writes_lose_nothing),
		cmocka_unit_test(a_disk_that_fills_up_anywhere_is_reported),
		cmocka_unit_test(every_allocation_fails_cleanly),
	};

	return cmocka_run_group_tests_name("report failures", tests, make_file, remove_file);
}
