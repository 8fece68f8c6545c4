/* SPDX-License-Identifier: MIT */
/* test_mkcapture PROGRAM -- what the generator writes is the same every time,
 * and the same frames in every format, at sizes where windows and checkpoints
 * matter. */
#include "capture_read.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define FRAMES 6000u

static const char *program;
static char folder[] = "/tmp/nmapi-mkcapture-XXXXXX";
static uint64_t prints[FRAMES]; /* of the bytes of each frame, as pcap has them */

static int open_made(const char *format, const char *seed)
{
	char frames[16], path[128];
	const char *args[] = { program, "--format", format, "--frames", frames, "--seed", seed,
		path, NULL };
	pid_t child;
	int status, fd;

	(void)snprintf(frames, sizeof frames, "%u", FRAMES);
	(void)snprintf(path, sizeof path, "%s/made", folder);
	assert_int_equal(
	    posix_spawn(&child, program, NULL, NULL, (char **)(uintptr_t)args, NULL), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	(void)unlink(path);
	return fd;
}

static uint64_t print_of_bytes(const struct nm_frame *f)
{
	uint64_t h = 1;

	for (uint32_t i = 0; i < stored_of(f); i++)
		h = (h ^ f->record[16 + i]) * 1099511628211u;
	return h;
}

static void same_frames_in_every_format(void **state)
{
	static const char *const formats[] = { "pcap", "pcap-ns", "pcapng", "netmon1", "netmon2" };
	struct nm_capture_facts facts;
	struct nm_capture *c;
	struct nm_frame f;
	struct nm_diag d;

	(void)state;
	for (size_t k = 0; k < sizeof formats / sizeof *formats; k++) {
		int fd = open_made(formats[k], "7");
		struct nm_view *v;

		assert_int_equal(nm_capture_open(fd, &c, &d), 0);
		v = nm_view_new(c, 1);
		for (uint32_t i = 0; i < FRAMES; i++) {
			assert_int_equal(nm_view_frame(v, i, &f), 0);
			assert_int_equal(f.mac_type, MAC_TYPE_ETHERNET);
			if (k == 0)
				prints[i] = print_of_bytes(&f);
			else
				assert_int_equal(print_of_bytes(&f), prints[i]);
		}
		assert_int_equal(nm_capture_total(c, NULL), FRAMES);
		for (uint32_t i = FRAMES; i-- > 0;) {
			assert_int_equal(nm_view_frame(v, i, &f), 0);
			assert_int_equal(print_of_bytes(&f), prints[i]);
		}
		nm_capture_facts(c, &facts);
		assert_int_equal(facts.damage.code, 0);
		assert_int_equal(facts.out_of_order, 0);
		nm_view_free(v);
		nm_capture_close(c);
		(void)close(fd);
	}
}

static uint64_t print_of_file(const char *seed)
{
	int fd = open_made("pcap", seed);
	static uint8_t buf[1 << 16];
	uint64_t h = 1;
	ssize_t n;

	while ((n = read(fd, buf, sizeof buf)) > 0)
		for (ssize_t i = 0; i < n; i++)
			h = (h ^ buf[i]) * 1099511628211u;
	(void)close(fd);
	return h;
}

static void only_the_seed_makes_a_difference(void **state)
{
	(void)state;
	assert_true(print_of_file("7") == print_of_file("7"));
	assert_true(print_of_file("7") != print_of_file("8"));
}

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	return rmdir(folder);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_frames_in_every_format),
		cmocka_unit_test(only_the_seed_makes_a_difference),
	};

	if (argc != 2) {
		fprintf(stderr, "usage: test_mkcapture PROGRAM\n");
		return 1;
	}
	program = argv[1];
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
