/* SPDX-License-Identifier: MIT */
/* host/outlet: text to somebody who reads slowly, not at all, or has gone. */
#include "check.h"
#include "host/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BYTES 300000u /* more than a pipe holds */

static uint8_t *pattern(void)
{
	uint8_t *p = malloc(BYTES);

	assert_non_null(p);
	for (unsigned i = 0; i < BYTES; i++)
		p[i] = (uint8_t)(i * 7 + i / 251);
	return p;
}

/* One turn of a loop that has nothing else to wait for. */
static void turn(struct nm_outlet *o)
{
	struct nm_awaited a = nm_outlet_await(o);

	(void)nm_await(&a, 1, 0);
	nm_outlet_awaited(o, &a);
}

static void a_slow_reader_gets_all_of_it(void **state)
{
	uint8_t *want = pattern(), *got = malloc(BYTES);
	struct nm_outlet o;
	size_t n = 0;
	int fds[2];

	(void)state;
	assert_int_equal(pipe2(fds, O_NONBLOCK), 0);
	(void)fcntl(fds[1], F_SETFL, 0); /* as anybody's standard output is */
	nm_outlet_init(&o, fds[1]);
	nm_outlet_put(&o, want, 1);
	assert_false(nm_outlet_waits(&o));
	nm_outlet_put(&o, want + 1, BYTES - 11);
	assert_true(nm_outlet_waits(&o));
	nm_outlet_put(&o, want + BYTES - 10, 10); /* waits behind the others */
	while (n < BYTES) {
		ssize_t r = read(fds[0], got + n, 1000);

		n += r > 0 ? (size_t)r : 0;
		turn(&o);
	}
	assert_false(nm_outlet_waits(&o));
	assert_int_equal(o.err, 0);
	assert_memory_equal(got, want, BYTES);
	assert_true(read(fds[0], got, 1) < 0);
	nm_outlet_done(&o);
	(void)close(fds[0]);
	(void)close(fds[1]);
	free(want);
	free(got);
}

static void a_reader_who_goes_is_noticed(void **state)
{
	uint8_t *p = pattern();
	struct nm_outlet o;
	int fds[2];

	(void)state;
	for (int waiting = 0; waiting < 2; waiting++) {
		assert_int_equal(pipe(fds), 0);
		nm_outlet_init(&o, fds[1]);
		if (waiting)
			nm_outlet_put(&o, p, BYTES);
		turn(&o);
		assert_int_equal(o.err, 0);
		(void)close(fds[0]);
		turn(&o);
		assert_int_equal(o.err, EPIPE);
		assert_false(nm_outlet_waits(&o));
		nm_outlet_put(&o, p, 10); /* into the void */
		assert_false(nm_outlet_waits(&o));
		nm_outlet_done(&o);
		(void)close(fds[1]);
	}
	free(p);
}

static void what_fails_is_told_once(void **state)
{
	static const struct {
		const char *path;
		int flags, err;
	} cases[] = { { "/dev/full", O_WRONLY, ENOSPC }, { "/dev/null", O_RDONLY, EBADF },
		{ "/dev/null", O_WRONLY, 0 } };

	(void)state;
	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int fd = open(cases[i].path, cases[i].flags | O_CLOEXEC);
		struct nm_outlet o;

		nm_outlet_init(&o, fd);
		nm_outlet_put(&o, "text", 4);
		assert_int_equal(o.err, cases[i].err);
		nm_outlet_put(&o, "text", 4);
		turn(&o);
		assert_int_equal(o.err, cases[i].err);
		assert_false(nm_outlet_waits(&o));
		nm_outlet_done(&o);
		(void)close(fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slow_reader_gets_all_of_it),
		cmocka_unit_test(a_reader_who_goes_is_noticed),
		cmocka_unit_test(what_fails_is_told_once),
	};

	(void)signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
