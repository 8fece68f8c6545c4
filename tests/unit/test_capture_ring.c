/* SPDX-License-Identifier: MIT */
/* Streams and plain files far longer than the ring in memory (64 KiB here): several
 * readers at different speeds, forward, backward and at random; readers that stall or
 * die; a temporary file that takes nothing. */
#include "capture_read.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <zstd.h>

#define FRAMES  4000u
#define READERS 3u

struct fixture {
	struct cb plain;
	uint64_t print[FRAMES];
	int in_fd;   /* compressed */
	int file_fd; /* as it is */
	int full_fd; /* the temporary file */
	struct nm_capture *c;
	pid_t readers[READERS];
};

static int setup(void **state)
{
	struct fixture *x = calloc(1, sizeof *x);
	size_t room;
	struct opened o;
	struct nm_view *v;
	struct nm_frame f;
	uint8_t *packed;

	cb_pcap(&x->plain, 0xa1b2c3d4, 2, 4, 1);
	for (uint32_t i = 0; i < FRAMES; i++)
		cb_pcap_frame(&x->plain, i, i, 1 + i % 400);
	o = open_bytes(x->plain.p, x->plain.n);
	v = nm_view_new(o.c, 1);
	for (uint32_t i = 0; i < FRAMES; i++) {
		assert_int_equal(nm_view_frame(v, i, &f), 0);
		x->print[i] = print_of(&f);
	}
	nm_view_free(v);
	close_bytes(&o);
	room = ZSTD_compressBound(x->plain.n);
	packed = malloc(room);
	room = ZSTD_compress(packed, room, x->plain.p, x->plain.n, 1);
	x->in_fd = memfd_create("in", MFD_CLOEXEC);
	x->file_fd = memfd_create("file", MFD_CLOEXEC);
	assert_int_equal(write(x->file_fd, x->plain.p, x->plain.n), x->plain.n);
	x->full_fd = memfd_create("temporary", MFD_CLOEXEC);
	assert_int_equal(write(x->in_fd, packed, room), room);
	free(packed);
	*state = x;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *x = *state;

	nm_capture_close(x->c);
	nm_capture_use_temporary(-1, -1);
	(void)close(x->in_fd);
	(void)close(x->file_fd);
	(void)close(x->full_fd);
	cb_done(&x->plain);
	free(x);
	return 0;
}

static void open_packed(struct fixture *x, int temporary)
{
	nm_capture_use_temporary(temporary, temporary);
	assert_int_equal(nm_capture_open(x->in_fd, &x->c, NULL), 0);
}

static void open_file(struct fixture *x)
{
	assert_int_equal(nm_capture_open(x->file_fd, &x->c, NULL), 0);
}

static uint64_t written(const struct fixture *x)
{
	struct stat st;

	assert_int_equal(fstat(x->full_fd, &st), 0);
	return (uint64_t)st.st_blocks;
}

/* ---- what readers do; each returns its exit status ---- */

static int is_frame(const struct fixture *x, struct nm_view *v, uint32_t n)
{
	struct nm_frame f;

	if (nm_view_frame(v, n, &f))
		return 3;
	return print_of(&f) == x->print[n] ? 0 : 4;
}

static int forward(const struct fixture *x, struct nm_view *v)
{
	struct nm_frame f;
	int bad = 0;

	for (uint32_t i = 0; i < FRAMES && !bad; i++)
		bad = is_frame(x, v, i);
	return bad || nm_view_frame(v, FRAMES, &f) != NMERR_FRAME_NOT_FOUND ? 5 : 0;
}

static int total_then_forward(const struct fixture *x, struct nm_view *v)
{
	return nm_capture_total(x->c, NULL) == FRAMES ? forward(x, v) : 6;
}

static int backward(const struct fixture *x, struct nm_view *v)
{
	int bad = nm_capture_total(x->c, NULL) != FRAMES;

	for (uint32_t i = FRAMES; i-- > 0 && !bad;)
		bad = is_frame(x, v, i);
	return bad;
}

static int twice(const struct fixture *x, struct nm_view *v)
{
	return forward(x, v) ? 7 : forward(x, v);
}

static int at_random(const struct fixture *x, struct nm_view *v)
{
	int bad = 0;

	for (uint32_t k = 0; k < FRAMES && !bad; k++)
		bad = is_frame(x, v, k % 3 ? k : k * 7919u % FRAMES);
	return bad;
}

static int slowly(const struct fixture *x, struct nm_view *v)
{
	int bad = 0;

	for (uint32_t i = 0; i < FRAMES && !bad; i++) {
		if (i % 1000 == 0)
			usleep(400000); /* longer than others wait */
		bad = is_frame(x, v, i);
	}
	return bad;
}

static int stall(const struct fixture *x, struct nm_view *v)
{
	int bad = is_frame(x, v, 0);

	for (;;)
		(void)pause();
	return bad;
}

static int die(const struct fixture *x, struct nm_view *v)
{
	if (!is_frame(x, v, 10))
		(void)raise(SIGKILL);
	return 8;
}

static int lost_is_an_error(const struct fixture *x, struct nm_view *v)
{
	struct nm_frame f;

	if (forward(x, v))
		return 9;
	return nm_view_frame(v, 0, &f) == NMERR_FILE_READ_ERROR ? 0 : 10;
}

typedef int (*reader_fn)(const struct fixture *x, struct nm_view *v);

static void start(struct fixture *x, unsigned i, reader_fn fn)
{
	nm_capture_reader_begin(x->c, i);
	x->readers[i] = fork();
	assert_true(x->readers[i] >= 0);
	if (x->readers[i] == 0) {
		struct nm_view *v;

		v = nm_capture_make_reader(x->c, i) ? nm_view_new(x->c, 1) : NULL;
		_exit(v ? fn(x, v) : 2);
	}
}

/* Index and serve until these readers have ended; returns how the first one did. */
static int serve(struct fixture *x, unsigned from, unsigned n)
{
	unsigned left = n;
	int first = -1, status;

	while (left > 0) {
		bool done = nm_capture_index(x->c, 1);

		nm_capture_serve(x->c);
		if (done || nm_capture_due(x->c) > 0)
			usleep(200);
		for (unsigned i = from; i < from + n; i++) {
			if (!x->readers[i] || waitpid(x->readers[i], &status, WNOHANG) <= 0)
				continue;
			nm_capture_reader_end(x->c, i);
			x->readers[i] = 0;
			first = i == from ? status : first;
			left--;
		}
	}
	return first;
}

static void alone(struct fixture *x, reader_fn fn)
{
	nm_capture_expect_readers(x->c, true);
	start(x, 0, fn);
	assert_int_equal(serve(x, 0, 1), 0);
	while (!nm_capture_index(x->c, 1))
		;
	assert_int_equal(nm_capture_indexed(x->c), FRAMES);
}

/* ---- tests ---- */

static void a_forward_walk_writes_nothing(void **state)
{
	struct fixture *x = *state;

	open_packed(x, x->full_fd);
	alone(x, forward);
	assert_int_equal(written(x), 0);
}

static void whoever_goes_back_finds_all(void **state)
{
	static const reader_fn fns[] = { backward, twice, at_random, total_then_forward };
	struct fixture *x = *state;

	for (size_t i = 0; i < sizeof fns / sizeof *fns; i++) {
		open_packed(x, x->full_fd);
		alone(x, fns[i]);
		nm_capture_close(x->c);
		x->c = NULL;
		assert_int_not_equal(written(x), 0);
		assert_int_equal(ftruncate(x->full_fd, 0), 0);
	}
}

static void readers_of_different_speeds_see_the_same(void **state)
{
	struct fixture *x = *state;

	open_packed(x, x->full_fd);
	start(x, 0, slowly);
	start(x, 1, forward);
	start(x, 2, at_random);
	assert_int_equal(serve(x, 2, 1), 0);
	assert_int_equal(serve(x, 1, 1), 0);
	assert_int_equal(serve(x, 0, 1), 0);
}

static void a_later_reader_finds_what_others_have_passed(void **state)
{
	struct fixture *x = *state;

	open_packed(x, x->full_fd);
	alone(x, forward);
	start(x, 1, forward);
	assert_int_equal(serve(x, 1, 1), 0);
	assert_int_not_equal(written(x), 0);
}

static void a_reader_that_stalls_or_dies_holds_up_no_other(void **state)
{
	static const reader_fn fns[] = { stall, die };
	struct fixture *x = *state;

	for (size_t i = 0; i < sizeof fns / sizeof *fns; i++) {
		open_packed(x, x->full_fd);
		start(x, 1, fns[i]);
		start(x, 0, forward);
		assert_int_equal(serve(x, 0, 1), 0);
		(void)kill(x->readers[1], SIGKILL);
		assert_int_equal(serve(x, 1, 1), SIGKILL);
		nm_capture_close(x->c);
		x->c = NULL;
	}
}

static void the_one_process_that_opened_it_goes_back_too(void **state)
{
	struct fixture *x = *state;
	struct nm_view *v;

	open_packed(x, x->full_fd);
	v = nm_view_new(x->c, 2);
	assert_int_equal(twice(x, v), 0);
	assert_int_equal(backward(x, v), 0);
	assert_int_equal(at_random(x, v), 0);
	nm_view_free(v);
}

static void whoever_reads_a_file_finds_all(void **state)
{
	static const reader_fn fns[] = { forward, slowly, backward, twice, at_random,
		total_then_forward };
	struct fixture *x = *state;

	for (size_t i = 0; i < sizeof fns / sizeof *fns; i++) {
		open_file(x);
		alone(x, fns[i]);
		nm_capture_close(x->c);
		x->c = NULL;
	}
}

static void readers_of_a_file_at_different_speeds_see_the_same(void **state)
{
	static const reader_fn others[] = { slowly, stall, die, at_random };
	struct fixture *x = *state;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		open_file(x);
		nm_capture_expect_readers(x->c, true);
		start(x, 1, others[i]);
		start(x, 0, forward);
		start(x, 2, backward);
		assert_int_equal(serve(x, 0, 1), 0);
		assert_int_equal(serve(x, 2, 1), 0);
		(void)kill(x->readers[1], others[i] == stall ? SIGKILL : 0);
		assert_int_equal(
		    serve(x, 1, 1), others[i] == stall || others[i] == die ? SIGKILL : 0);
		start(x, 1, forward); /* one that comes when all is indexed */
		assert_int_equal(serve(x, 1, 1), 0);
		nm_capture_close(x->c);
		x->c = NULL;
	}
}

/* A temporary file that takes nothing costs only those that need it. */
static void without_room_a_forward_walk_is_whole(void **state)
{
	struct fixture *x = *state;
	int closed = open("/dev/null", O_RDONLY | O_CLOEXEC);

	open_packed(x, closed);
	alone(x, forward);
	nm_capture_close(x->c);
	nm_capture_use_temporary(-1, -1);
	open_packed(x, closed);
	alone(x, lost_is_an_error);
	(void)close(closed);
}

static void without_room_a_pipe_ends_where_memory_does(void **state)
{
	struct fixture *x = *state;
	int closed = open("/dev/null", O_RDONLY | O_CLOEXEC), p[2], status;
	struct nm_capture_facts facts;
	pid_t writer;

	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	writer = fork();
	if (writer == 0) {
		(void)close(p[0]);
		(void)signal(SIGPIPE, SIG_DFL);
		(void)!write(p[1], x->plain.p, x->plain.n);
		_exit(0);
	}
	(void)close(p[1]);
	nm_capture_use_temporary(closed, closed);
	assert_int_equal(nm_capture_open(p[0], &x->c, NULL), 0);
	(void)nm_capture_index(x->c, 0);
	nm_capture_facts(x->c, &facts);
	assert_in_range(facts.frames, 1, FRAMES - 1);
	assert_true(facts.truncated);
	assert_non_null(strstr(facts.damage.text, "no room for more of it"));
	(void)close(p[0]);
	assert_int_equal(waitpid(writer, &status, 0), writer);
	(void)close(closed);
}

/* Unpacking it once more gives other bytes: errors or other frames, and no harm. */
static void a_compressed_file_that_changed_meanwhile_does_no_harm(void **state)
{
	struct fixture *x = *state;
	struct nm_view *v;
	struct nm_frame f;
	uint32_t failed = 0;

	open_packed(x, x->full_fd);
	assert_int_equal(nm_capture_total(x->c, NULL), FRAMES);
	assert_int_equal(ftruncate(x->in_fd, 100), 0);
	v = nm_view_new(x->c, 1);
	for (uint32_t i = 0; i < FRAMES; i++)
		failed += nm_view_frame(v, i, &f) == NMERR_FILE_READ_ERROR;
	assert_true(failed > 0);
	nm_view_free(v);
}

/* The ring of a reader is read-only, and stays so. */
static int cannot_write(const struct fixture *x, struct nm_view *v)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512], perms[8];
	unsigned long lo, hi;
	unsigned found = 0;

	while (maps && fgets(line, sizeof line, maps)) {
		if (!strstr(line, "nmapi-ring"))
			continue;
		if (sscanf(line, "%lx-%lx %7s", &lo, &hi, perms) != 3 ||
		    strcmp(perms, "r--s") != 0 ||
		    mprotect((void *)lo, hi - lo, PROT_READ | PROT_WRITE) == 0)
			return 11;
		found++;
	}
	if (maps)
		(void)fclose(maps);
	return found == 2 ? forward(x, v) : 12;
}

static void a_reader_cannot_write_what_others_read(void **state)
{
	struct fixture *x = *state;

	open_packed(x, x->full_fd);
	alone(x, cannot_write);
	nm_capture_close(x->c);
	open_file(x);
	alone(x, cannot_write);
}

#define WITH_FIXTURE(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIXTURE(a_forward_walk_writes_nothing),
		WITH_FIXTURE(whoever_goes_back_finds_all),
		WITH_FIXTURE(readers_of_different_speeds_see_the_same),
		WITH_FIXTURE(a_later_reader_finds_what_others_have_passed),
		WITH_FIXTURE(a_reader_that_stalls_or_dies_holds_up_no_other),
		WITH_FIXTURE(the_one_process_that_opened_it_goes_back_too),
		WITH_FIXTURE(whoever_reads_a_file_finds_all),
		WITH_FIXTURE(readers_of_a_file_at_different_speeds_see_the_same),
		WITH_FIXTURE(without_room_a_forward_walk_is_whole),
		WITH_FIXTURE(without_room_a_pipe_ends_where_memory_does),
		WITH_FIXTURE(a_compressed_file_that_changed_meanwhile_does_no_harm),
		WITH_FIXTURE(a_reader_cannot_write_what_others_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
