/* SPDX-License-Identifier: MIT */
/* How far the index may be ahead of readers, and what they find in the ring (64 KiB here). */
#include "capture/convoy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define KIB   UINT64_C(1024)
#define BYTES (1024 * KIB)
#define NEVER UINT64_MAX

struct fixture {
	int fd;
	uint8_t *bytes;
	struct nm_convoy *v;
};

static int setup(void **state)
{
	struct fixture *x = calloc(1, sizeof *x);

	x->bytes = malloc(BYTES);
	for (size_t i = 0; i < BYTES; i++)
		x->bytes[i] = (uint8_t)((i * 31) ^ (i >> 9));
	x->fd = memfd_create("file", MFD_CLOEXEC);
	assert_int_equal(pwrite(x->fd, x->bytes, BYTES, 0), BYTES);
	x->v = nm_convoy_new(x->fd);
	assert_non_null(x->v);
	*state = x;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *x = *state;

	nm_convoy_free(x->v);
	(void)close(x->fd);
	free(x->bytes);
	free(x);
	return 0;
}

/* A child that is reader i and ends with what fn says. */
typedef int (*reader_fn)(struct fixture *x, uint64_t at);

static int as_reader(struct fixture *x, unsigned i, reader_fn fn, uint64_t at)
{
	pid_t pid;
	int status;

	nm_convoy_reader_begin(x->v, i);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(nm_convoy_make_reader(x->v, i) ? fn(x, at) : 99);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

static int tells(struct fixture *x, uint64_t at)
{
	(void)nm_convoy_await(x->v, at, at + 1, at + 1);
	return 0;
}

static int waits_far(struct fixture *x, uint64_t at)
{
	(void)nm_convoy_await(x->v, at, at + 1, at + 1);
	nm_convoy_wait_far(x->v, true);
	return 0;
}

static void the_index_waits_for_the_last_that_follows(void **state)
{
	static const struct {
		const char *name;
		uint64_t at;     /* of the index */
		uint64_t first;  /* reader; NEVER: there is none */
		uint64_t second; /* reader */
		bool expecting, far, waits;
	} rows[] = {
		{ "nobody", 60 * KIB, NEVER, NEVER, false, false, false },
		{ "somebody will come", 60 * KIB, NEVER, NEVER, true, false, true },
		{ "somebody will come, and it is not far yet", 32 * KIB, NEVER, NEVER, true, false,
		    false },
		{ "one that is close", 132 * KIB, 100 * KIB, NEVER, false, false, false },
		{ "one that is not", 132 * KIB + 1, 100 * KIB, NEVER, false, false, true },
		{ "it has come, nobody else is expected", 40 * KIB, 30 * KIB, NEVER, true, false,
		    false },
		{ "it is ahead", 10 * KIB, 500 * KIB, NEVER, false, false, false },
		{ "the last of two", 200 * KIB, 195 * KIB, 100 * KIB, false, false, true },
		{ "one too far behind", 500 * KIB, 495 * KIB, 500 * KIB - 256 * KIB - 1, false,
		    false, false },
		{ "one just not too far", 500 * KIB, 495 * KIB, 500 * KIB - 256 * KIB, false, false,
		    true },
		{ "one waits for the index", 200 * KIB, 100 * KIB, NEVER, false, true, false },
		{ "a lie", 200 * KIB, UINT64_MAX - 1, NEVER, false, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		void *own;
		struct fixture *x;

		(void)setup(&own);
		x = own;
		nm_convoy_expect(x->v, rows[i].expecting);
		if (rows[i].first != NEVER)
			assert_int_equal(
			    as_reader(x, 0, rows[i].far ? waits_far : tells, rows[i].first), 0);
		if (rows[i].second != NEVER)
			assert_int_equal(as_reader(x, 63, tells, rows[i].second), 0);
		if (nm_convoy_waits(x->v, rows[i].at) != rows[i].waits)
			fail_msg("%s", rows[i].name);
		assert_int_equal(nm_convoy_due(x->v) > 0, rows[i].waits);
		(void)teardown(&own);
	}
}

static uint64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* ---- a reader that tells whatever it is sent ---- */

struct parrot {
	pid_t pid;
	int to, from;
};

static struct parrot start_parrot(struct fixture *x)
{
	struct parrot p;
	int to[2], from[2];
	uint64_t at;

	assert_int_equal(pipe(to) | pipe(from), 0);
	nm_convoy_reader_begin(x->v, 0);
	p = (struct parrot){ fork(), to[1], from[0] };
	assert_true(p.pid >= 0);
	if (p.pid == 0) {
		(void)close(to[1]);
		if (!nm_convoy_make_reader(x->v, 0))
			_exit(99);
		while (read(to[0], &at, sizeof at) == sizeof at)
			if (tells(x, at) || write(from[1], &at, 1) != 1)
				_exit(98);
		_exit(0);
	}
	(void)close(to[0]);
	(void)close(from[1]);
	return p;
}

static void send_to(const struct parrot *p, uint64_t at)
{
	char done;

	assert_int_equal(write(p->to, &at, sizeof at), sizeof at);
	assert_int_equal(read(p->from, &done, 1), 1);
}

static void stop_parrot(const struct parrot *p)
{
	int status;

	(void)close(p->to);
	(void)close(p->from);
	assert_int_equal(waitpid(p->pid, &status, 0), p->pid);
	assert_int_equal(status, 0);
}

#define STEPS 6u

/* What the index is told as its reader gets closer, and gone. False: that took so long that it
 * would wait no longer anyhow. */
static bool get_closer(struct fixture *x, bool ret[STEPS])
{
	struct parrot p = start_parrot(x);
	uint64_t begun;

	send_to(&p, 0);
	begun = now_ms();
	ret[0] = nm_convoy_waits(x->v, 40 * KIB);
	send_to(&p, 20 * KIB);
	ret[1] = nm_convoy_waits(x->v, 40 * KIB); /* closer, and not close yet */
	send_to(&p, 24 * KIB);
	ret[2] = nm_convoy_waits(x->v, 40 * KIB);
	ret[3] = nm_convoy_waits(x->v, 80 * KIB);
	nm_convoy_reader_end(x->v, 0);
	ret[4] = nm_convoy_waits(x->v, 80 * KIB);
	ret[5] = nm_convoy_due(x->v) >= 0;
	begun = now_ms() - begun;
	stop_parrot(&p);
	return begun < NM_CONVOY_MS / 2;
}

static void it_goes_on_when_they_are_close_or_gone(void **state)
{
	static const bool want[STEPS] = { true, true, false, true, false, false };
	bool got[STEPS], in_time = false;

	(void)state;
	for (unsigned tries = 0; tries < 100 && !in_time; tries++) {
		void *own;

		(void)setup(&own);
		in_time = get_closer(own, got);
		(void)teardown(&own);
	}
	if (!in_time) {
		skip();
		return;
	}
	for (unsigned i = 0; i < STEPS; i++)
		if (got[i] != want[i])
			fail_msg("step %u", i);
}

/* A reader that stands still: the first wait is bounded, those after it cost no more than
 * what was indexed since has earned. */
static void nobody_holds_it_for_long(void **state)
{
	struct fixture *x = *state;
	uint64_t begun = now_ms(), at = 40 * KIB, bound;

	assert_int_equal(as_reader(x, 0, tells, 0), 0);
	for (; at < 200 * KIB; at += 8 * KIB)
		while (nm_convoy_waits(x->v, at))
			usleep(100);
	bound = NM_CONVOY_MS + at / NM_CONVOY_PACE + 1;
	assert_true(now_ms() - begun >= NM_CONVOY_MS - 1);
	assert_true(now_ms() - begun < bound * 50); /* a busy machine wakes it late */
}

static int finds(struct fixture *x, uint64_t at)
{
	uint8_t got[4096];

	if (!nm_convoy_copy(x->v, got, sizeof got, at))
		return 1;
	return memcmp(got, x->bytes + at, sizeof got) ? 2 : 0;
}

static void readers_find_what_was_taken(void **state)
{
	struct fixture *x = *state;
	const uint8_t *p;

	nm_convoy_expect(x->v, true);
	assert_false(nm_convoy_waits(x->v, 0));
	for (uint64_t at = 0; at < 128 * KIB; at += 8 * KIB) {
		p = nm_convoy_take(x->v, at, 16 * KIB); /* half of it is there already */
		assert_non_null(p);
		assert_memory_equal(p, x->bytes + at, 16 * KIB);
	}
	/* 136 KiB were taken, of which 64 are there. */
	assert_int_equal(as_reader(x, 0, finds, 136 * KIB - 4096), 0);
	assert_int_equal(as_reader(x, 0, finds, 72 * KIB), 0);
	assert_int_equal(as_reader(x, 0, finds, 72 * KIB - 1), 1 << 8);
	assert_int_equal(as_reader(x, 0, finds, 136 * KIB - 4095), 1 << 8);
	assert_int_equal(as_reader(x, 0, finds, 0), 1 << 8);
	assert_int_equal(as_reader(x, 0, finds, UINT64_MAX - 4096), 1 << 8);
}

static void what_the_ring_cannot_serve_is_left_to_the_reader(void **state)
{
	struct fixture *x = *state;

	assert_null(nm_convoy_take(x->v, 0, 4096)); /* nobody follows */
	nm_convoy_expect(x->v, true);
	(void)nm_convoy_waits(x->v, 0);
	assert_non_null(nm_convoy_take(x->v, 0, 4096));
	assert_null(nm_convoy_take(x->v, 0, NM_CONVOY_BYTES + 1));
	assert_non_null(nm_convoy_take(x->v, 4096, NM_CONVOY_BYTES));
	assert_null(nm_convoy_take(x->v, 0, 4096));             /* overwritten */
	assert_non_null(nm_convoy_take(x->v, 512 * KIB, 4096)); /* over what was read otherwise */
	assert_int_equal(as_reader(x, 0, finds, 512 * KIB), 0);
	assert_int_equal(as_reader(x, 0, finds, 511 * KIB), 1 << 8);
	assert_null(nm_convoy_take(x->v, BYTES - 1, 2)); /* the file is shorter */
	assert_int_equal(ftruncate(x->fd, 0), 0);
	assert_null(nm_convoy_take(x->v, 520 * KIB, 4096));
}

static int awaits(struct fixture *x, uint64_t at)
{
	uint64_t begun = now_ms();

	/* 8 KiB were taken. */
	if (nm_convoy_await(x->v, at, at + 1, 64 * KIB) != (at < 7 * KIB ? 8 * KIB : 64 * KIB))
		return 1;
	if (nm_convoy_await(x->v, at, at + 1, at + 2) != at + 2)
		return 2;
	/* Once it has waited in vain it does so no more. */
	for (unsigned i = 0; i < 1000; i++)
		if (nm_convoy_await(x->v, 8 * KIB, 8 * KIB + 1, 64 * KIB) != 64 * KIB)
			return 3;
	return now_ms() - begun > 900 ? 4 : 0;
}

static void a_reader_takes_what_is_there(void **state)
{
	struct fixture *x = *state;

	nm_convoy_expect(x->v, true);
	(void)nm_convoy_waits(x->v, 0);
	assert_non_null(nm_convoy_take(x->v, 0, 8 * KIB));
	assert_int_equal(as_reader(x, 0, awaits, 0), 0);
	assert_int_equal(as_reader(x, 0, awaits, 7 * KIB - 1), 0);
	assert_int_equal(as_reader(x, 0, awaits, 7 * KIB + 1), 0); /* too little of it */
	assert_int_equal(as_reader(x, 0, awaits, 40 * KIB), 0);
	nm_convoy_end(x->v);
	assert_int_equal(as_reader(x, 0, awaits, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_index_waits_for_the_last_that_follows),
		cmocka_unit_test(it_goes_on_when_they_are_close_or_gone),
		cmocka_unit_test_setup_teardown(nobody_holds_it_for_long, setup, teardown),
		cmocka_unit_test_setup_teardown(readers_find_what_was_taken, setup, teardown),
		cmocka_unit_test_setup_teardown(
		    what_the_ring_cannot_serve_is_left_to_the_reader, setup, teardown),
		cmocka_unit_test_setup_teardown(a_reader_takes_what_is_there, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
