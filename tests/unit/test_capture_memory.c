/* SPDX-License-Identifier: MIT */
/* Captures much larger than 64 MiB are indexed and walked in less than that, by each of
 * the two processes. */
#include "capture_read.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <zstd.h>

#define LIMIT_KIB (64u << 10)
#define HEAD      24u /* bytes of a pcap file's header */

/* Frames of 8 MiB, in a file of holes. */
#define HOLES UINT32_C(128)

static int make_holes(void)
{
	int fd = memfd_create("holes", MFD_CLOEXEC);
	struct cb b = { 0 };

	assert_true(fd >= 0);
	cb_pcap(&b, 0xa1b2c3d4, 2, 4, 1);
	cb_pcap_head(&b, 1, 0, NM_FRAME_MAX_BYTES, NM_FRAME_MAX_BYTES);
	assert_int_equal(pwrite(fd, b.p, HEAD, 0), HEAD);
	for (uint64_t i = 0; i < HOLES; i++)
		assert_int_equal(
		    pwrite(fd, b.p + HEAD, 16, (off_t)(HEAD + i * (16 + NM_FRAME_MAX_BYTES))), 16);
	assert_int_equal(
	    ftruncate(fd, (off_t)(HEAD + HOLES * (UINT64_C(16) + NM_FRAME_MAX_BYTES))), 0);
	cb_done(&b);
	return fd;
}

/* The same thousand frames over and over, compressed: 256 MB of them. */
#define CHUNK_FRAMES 1000u
#define CHUNKS       256u

static void pack(ZSTD_CStream *z, int fd, const uint8_t *p, size_t n, ZSTD_EndDirective how)
{
	static uint8_t out[1 << 17];
	ZSTD_inBuffer in = { p, n, 0 };
	size_t left;

	do {
		ZSTD_outBuffer o = { out, sizeof out, 0 };

		left = ZSTD_compressStream2(z, &o, &in, how);
		assert_false(ZSTD_isError(left));
		assert_int_equal(write(fd, out, o.pos), o.pos);
	} while (how == ZSTD_e_end ? left > 0 : in.pos < n);
}

static int make_packed(void)
{
	int fd = memfd_create("packed", MFD_CLOEXEC);
	ZSTD_CStream *z = ZSTD_createCStream();
	struct cb b = { 0 };

	assert_true(fd >= 0 && z);
	cb_pcap(&b, 0xa1b2c3d4, 2, 4, 1);
	for (uint32_t i = 0; i < CHUNK_FRAMES; i++)
		cb_pcap_frame(&b, i, i, 984);
	pack(z, fd, b.p, b.n, ZSTD_e_continue);
	for (unsigned i = 1; i < CHUNKS; i++)
		pack(z, fd, b.p + HEAD, b.n - HEAD, ZSTD_e_continue);
	pack(z, fd, NULL, 0, ZSTD_e_end);
	(void)ZSTD_freeCStream(z);
	cb_done(&b);
	return fd;
}

static const struct {
	const char *name;
	int (*make)(void);
	uint32_t frames;
} rows[] = { { "a file of 1 GiB", make_holes, HOLES },
	{ "a compressed file of 256 MB", make_packed, CHUNK_FRAMES *CHUNKS } };

static int within_limit(bool good)
{
	struct rusage ru;

	if (!good || getrusage(RUSAGE_SELF, &ru) < 0)
		return 2;
	if (!SANITIZED && ru.ru_maxrss >= LIMIT_KIB)
		(void)fprintf(stderr, "%ld KiB\n", ru.ru_maxrss);
	return SANITIZED || ru.ru_maxrss < LIMIT_KIB ? 0 : 3;
}

static int walk(struct nm_capture *c, uint32_t frames)
{
	struct nm_view *v = nm_capture_make_reader(c, 0) ? nm_view_new(c, 1) : NULL;
	struct nm_frame f;
	uint32_t n = 0;

	while (v && nm_view_frame(v, n, &f) == NMERR_SUCCESS)
		n++;
	return within_limit(n == frames);
}

/* In a process of its own, so that what made the capture is not counted. */
static int index_beside_a_walk(int fd, uint32_t frames)
{
	struct nm_capture *c;
	int status = -1;
	pid_t reader;

	if (nm_capture_open(fd, &c, NULL))
		return 4;
	nm_capture_expect_readers(c, true);
	nm_capture_reader_begin(c, 0);
	reader = fork();
	if (reader == 0)
		_exit(walk(c, frames));
	while (!nm_capture_index(c, 16))
		if (nm_capture_due(c) > 0)
			usleep(200);
	if (waitpid(reader, &status, 0) != reader || status != 0)
		return 5;
	return within_limit(nm_capture_indexed(c) == frames);
}

static void memory_is_bounded(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int fd = rows[i].make(), status = -1;
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0)
			_exit(index_beside_a_walk(fd, rows[i].frames));
		assert_int_equal(waitpid(pid, &status, 0), pid);
		if (status != 0)
			fail_msg("%s: status %x", rows[i].name, (unsigned)status);
		(void)close(fd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(memory_is_bounded) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
