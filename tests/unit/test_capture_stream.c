/* SPDX-License-Identifier: MIT */
/* Captures out of pipes and compressed files: the same frames, facts and damage as
 * out of plain files, whatever comes in pieces, is cut or is no longer valid. */
#include "capture_read.h"

#include <errno.h>
#include <fcntl.h>
#include <lz4frame.h>
#include <lzma.h>
#include <sys/wait.h>
#include <zlib.h>
#include <zstd.h>

struct packed {
	uint8_t *p; /* owned */
	size_t n;
};

static struct packed pack_gzip(const uint8_t *p, size_t n)
{
	z_stream z = { .zalloc = NULL };
	struct packed r = { .p = malloc(n + 1000) };
	Bytef *in = malloc(n + 1);

	memcpy(in, p, n);
	assert_int_equal(
	    deflateInit2(&z, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = in;
	z.avail_in = (uInt)n;
	z.next_out = r.p;
	z.avail_out = (uInt)n + 1000;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	r.n = n + 1000 - z.avail_out;
	(void)deflateEnd(&z);
	free(in);
	return r;
}

static struct packed pack_zstd(const uint8_t *p, size_t n)
{
	struct packed r = { .p = malloc(ZSTD_compressBound(n)) };

	r.n = ZSTD_compress(r.p, ZSTD_compressBound(n), p, n, 3);
	assert_false(ZSTD_isError(r.n));
	return r;
}

static struct packed pack_lz4(const uint8_t *p, size_t n)
{
	LZ4F_preferences_t with = { .frameInfo = {
					.contentChecksumFlag = LZ4F_contentChecksumEnabled } };
	size_t room = LZ4F_compressFrameBound(n, &with);
	struct packed r = { .p = malloc(room) };

	r.n = LZ4F_compressFrame(r.p, room, p, n, &with);
	assert_false(LZ4F_isError(r.n));
	return r;
}

static struct packed pack_xz(const uint8_t *p, size_t n)
{
	size_t room = lzma_stream_buffer_bound(n);
	struct packed r = { .p = malloc(room) };

	assert_int_equal(
	    lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, NULL, p, n, r.p, &r.n, room), LZMA_OK);
	return r;
}

static const struct {
	const char *name;
	struct packed (*pack)(const uint8_t *p, size_t n);
} packers[] = { { "gzip", pack_gzip }, { "zstd", pack_zstd }, { "lz4", pack_lz4 },
	{ "xz", pack_xz } };

#define PACKERS (sizeof packers / sizeof *packers)

/* ---- samples ---- */

static void make_pcap(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 4, 1);
	for (uint32_t i = 0; i < 300; i++)
		cb_pcap_frame(b, 100 + i, i, 1 + i % 90);
}

static void make_pcapng(struct cb *b)
{
	cb_section(b, false, "a comment");
	cb_interface(b, 1, 0, 9, 0, "eth0");
	for (uint32_t i = 0; i < 100; i++)
		cb_enhanced(b, 0, 1000000000u + i, 1 + i % 90);
	cb_section(b, true, NULL);
	cb_interface(b, 101, 0, -1, 0, NULL);
	for (uint32_t i = 0; i < 100; i++)
		cb_enhanced(b, 0, 1000000u + i, 1 + i % 90);
}

static void (*const samples[])(struct cb *b) = { make_pcap, make_pcapng };

/* Everything a capture tells, as one number: frames with their bytes and links. */
struct told {
	uint64_t sum;
	uint32_t frames;
	struct nm_capture_facts facts;
};

static void add_to(uint64_t *sum, const void *p, size_t n)
{
	const uint8_t *b = p;

	for (size_t i = 0; i < n; i++)
		*sum = (*sum ^ b[i]) * UINT64_C(1099511628211);
}

static struct told tell(struct nm_capture *c)
{
	struct nm_view *v = nm_view_new(c, 1);
	struct told t = { .sum = 1 };
	struct nm_frame f;

	assert_non_null(v);
	for (; nm_view_frame(v, t.frames, &f) == 0; t.frames++) {
		add_to(&t.sum, f.record, 16 + stored_of(&f));
		add_to(&t.sum, &f.link_type, sizeof f.link_type);
	}
	assert_int_equal(nm_capture_total(c, NULL), t.frames);
	nm_capture_facts(c, &t.facts);
	nm_view_free(v);
	return t;
}

static struct told tell_bytes(const uint8_t *p, size_t n)
{
	struct opened o = open_bytes(p, n);
	struct told t;

	assert_int_equal(o.err, 0);
	t = tell(o.c);
	close_bytes(&o);
	return t;
}

static void assert_same(const struct told *a, const struct told *b)
{
	assert_int_equal(a->frames, b->frames);
	assert_true(a->sum == b->sum);
	assert_true(a->facts.stored_bytes == b->facts.stored_bytes);
	assert_true(a->facts.start_ns == b->facts.start_ns);
	assert_true(a->facts.last_ns == b->facts.last_ns);
	assert_int_equal(a->facts.n_interfaces, b->facts.n_interfaces);
	assert_int_equal(a->facts.truncated, b->facts.truncated);
}

static void compressed_files_hold_the_same(void **state)
{
	(void)state;
	for (size_t s = 0; s < sizeof samples / sizeof *samples; s++)
		for (size_t k = 0; k < PACKERS; k++) {
			struct cb b = { 0 };
			struct packed z;
			struct told plain, packed;

			samples[s](&b);
			z = packers[k].pack(b.p, b.n);
			plain = tell_bytes(b.p, b.n);
			packed = tell_bytes(z.p, z.n);
			assert_same(&plain, &packed);
			assert_int_equal(packed.facts.damage.code, 0);
			assert_string_equal(packed.facts.packing, packers[k].name);
			assert_int_equal(packed.facts.file_bytes, z.n);
			assert_int_equal(packed.facts.unpacked_bytes, b.n);
			assert_string_equal(plain.facts.packing, "");
			free(z.p);
			cb_done(&b);
		}
}

static void streams_one_behind_the_other_are_one_capture(void **state)
{
	(void)state;
	for (size_t k = 0; k < 2 * PACKERS; k++) {
		struct cb b = { 0 };
		struct packed one, two;
		struct told plain, both;
		size_t gap = k % 2 * 4;
		uint8_t *p;

		make_pcap(&b);
		one = packers[k / 2].pack(b.p, 1000);
		two = packers[k / 2].pack(b.p + 1000, b.n - 1000);
		p = calloc(1, one.n + two.n + gap + 8); /* padding is no damage */
		memcpy(p, one.p, one.n);
		memcpy(p + one.n + gap, two.p, two.n);
		plain = tell_bytes(b.p, b.n);
		both = tell_bytes(p, one.n + two.n + gap + 8);
		assert_same(&plain, &both);
		assert_int_equal(both.facts.damage.code, 0);
		free(p);
		free(one.p);
		free(two.p);
		cb_done(&b);
	}
}

/* As pzstd writes it: a frame for other programs before each of its own. */
static void frames_for_other_programs_are_passed_over(void **state)
{
	static const uint8_t skippable[] = { 0x5f, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4 };

	(void)state;
	for (size_t k = 1; k < 3; k++) { /* zstd and lz4 */
		struct cb b = { 0 }, z = { 0 };
		struct packed one, two;
		struct told plain, both;

		make_pcap(&b);
		one = packers[k].pack(b.p, 1000);
		two = packers[k].pack(b.p + 1000, b.n - 1000);
		cb_put(&z, skippable, sizeof skippable);
		cb_put(&z, skippable, sizeof skippable);
		cb_put(&z, one.p, one.n);
		cb_put(&z, skippable, sizeof skippable);
		cb_put(&z, two.p, two.n);
		plain = tell_bytes(b.p, b.n);
		both = tell_bytes(z.p, z.n);
		assert_same(&plain, &both);
		assert_int_equal(both.facts.damage.code, 0);
		assert_string_equal(both.facts.packing, packers[k].name);
		free(one.p);
		free(two.p);
		cb_done(&b);
		cb_done(&z);
	}
}

/* Every cut: never more frames than are whole, and damage that says so. */
static void a_cut_compressed_file_gives_what_is_whole(void **state)
{
	(void)state;
	for (size_t k = 0; k < PACKERS; k++) {
		struct cb b = { 0 };
		struct packed z;
		uint32_t most = 0;

		make_pcap(&b);
		z = packers[k].pack(b.p, b.n);
		for (size_t n = 6; n < z.n; n += SANITIZED ? 97 : 7) {
			struct opened o = open_bytes(z.p, n);
			struct told t;

			if (o.err) {
				assert_non_null(strstr(o.diag.text, "compressed data"));
				close_bytes(&o);
				continue;
			}
			t = tell(o.c);
			assert_true(t.frames >= most && t.frames <= 300);
			assert_int_not_equal(t.facts.damage.code, 0);
			assert_non_null(strstr(t.facts.damage.text, "compressed data is cut"));
			assert_true(t.facts.truncated);
			most = t.frames;
			close_bytes(&o);
		}
		free(z.p);
		cb_done(&b);
	}
}

static void changed_compressed_bytes_are_damage(void **state)
{
	(void)state;
	for (size_t k = 0; k < PACKERS; k++) {
		struct cb b = { 0 };
		struct packed z;

		make_pcap(&b);
		z = packers[k].pack(b.p, b.n);
		for (size_t at = 12; at < z.n; at += SANITIZED ? 211 : 31) {
			struct opened o;

			z.p[at] ^= 0x55;
			o = open_bytes(z.p, z.n);
			if (!o.err)
				(void)tell(o.c); /* some changes don't show, and none may harm */
			close_bytes(&o);
			z.p[at] ^= 0x55;
		}
		free(z.p);
		cb_done(&b);
	}
}

/* ---- pipes ---- */

/* A child that writes p in pieces of `step` bytes, each of which is read by itself, resting when step
 * is small. */
static int feed(const uint8_t *p, size_t n, size_t step, pid_t *ret_pid)
{
	int fds[2];

	assert_int_equal(pipe2(fds, O_CLOEXEC | O_DIRECT), 0);
	*ret_pid = fork();
	assert_true(*ret_pid >= 0);
	if (*ret_pid == 0) {
		(void)close(fds[0]);
		for (size_t at = 0; at < n; at += step) {
			size_t part = n - at < step ? n - at : step;

			if (write(fds[1], p + at, part) != (ssize_t)part)
				_exit(1);
			if (step < 64 && at % (64 * step) == 0)
				usleep(50);
		}
		_exit(0);
	}
	(void)close(fds[1]);
	return fds[0];
}

static void pipes_hold_the_same(void **state)
{
	static const size_t steps[] = { 1, 7, 60, 511, 100000 };

	(void)state;
	for (size_t s = 0; s < sizeof samples / sizeof *samples; s++)
		for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
			struct nm_capture *c = NULL;
			struct told plain, piped;
			struct cb b = { 0 };
			struct nm_diag d;
			pid_t pid;
			int fd;

			samples[s](&b);
			plain = tell_bytes(b.p, b.n);
			fd = feed(b.p, b.n, steps[i], &pid);
			assert_int_equal(nm_capture_open(fd, &c, &d), 0);
			piped = tell(c);
			assert_same(&plain, &piped);
			assert_int_equal(piped.facts.damage.code, 0);
			assert_int_equal(piped.facts.file_bytes, b.n);
			nm_capture_close(c);
			(void)close(fd);
			assert_int_equal(waitpid(pid, NULL, 0), pid);
			cb_done(&b);
		}
}

/* Any cut of a pipe is the same cut of a file. */
static void a_cut_pipe_is_a_cut_file(void **state)
{
	(void)state;
	for (size_t s = 0; s < sizeof samples / sizeof *samples; s++) {
		struct cb b = { 0 };

		samples[s](&b);
		for (size_t n = 60; n < 900; n += 13) {
			struct opened plain = open_bytes(b.p, n);
			struct nm_capture *c = NULL;
			struct told a, z;
			pid_t pid;
			int fd;

			assert_int_equal(plain.err, 0);
			a = tell(plain.c);
			fd = feed(b.p, n, 50, &pid);
			assert_int_equal(nm_capture_open(fd, &c, NULL), 0);
			z = tell(c);
			assert_same(&a, &z);
			assert_int_equal(a.facts.damage.code, z.facts.damage.code);
			nm_capture_close(c);
			(void)close(fd);
			close_bytes(&plain);
			assert_int_equal(waitpid(pid, NULL, 0), pid);
		}
		cb_done(&b);
	}
}

/* What is unpacked is one thread's to read, until all of it is. */
static void a_compressed_file_is_not_indexed_beside_who_reads_it(void **state)
{
	struct cb b = { 0 };
	struct packed z;
	struct opened o;

	(void)state;
	cb_pcap(&b, 0xa1b2c3d4, 2, 4, 1);
	for (uint32_t i = 0; i < 40000; i++) /* more than opening takes in */
		cb_pcap_frame(&b, 100 + i, 0, 60);
	z = pack_gzip(b.p, b.n);
	o = open_bytes(z.p, z.n);
	assert_int_equal(o.err, 0);
	assert_false(nm_capture_follow(o.c));
	assert_true(nm_capture_index(o.c, 0));
	assert_true(nm_capture_follow(o.c));
	close_bytes(&o);
	free(z.p);
	cb_done(&b);
}

/* While the pipe stays open, the frames that came are served and indexed. */
static void frames_of_an_open_pipe_are_there_at_once(void **state)
{
	struct cb b = { 0 };
	struct nm_capture *c = NULL;
	struct nm_view *v;
	struct nm_frame f;
	volatile uint32_t stop = 0;
	int p[2];

	(void)state;
	make_pcap(&b);
	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	assert_int_equal(write(p[1], b.p, 2000), 2000);
	assert_int_equal(nm_capture_open(p[0], &c, NULL), 0);
	v = nm_view_new(c, 1);
	assert_int_equal(nm_view_frame(v, 0, &f), 0);
	assert_int_equal(nm_view_frame(v, 10, &f), 0);
	assert_false(nm_capture_index(c, 100));
	assert_in_range(nm_capture_indexed(c), 11, 299);
	assert_false(nm_capture_index(c, 100)); /* nothing came: nothing to do, and no waiting */
	assert_int_equal(nm_capture_input(c), p[0]);
	stop = 1;
	nm_view_stop_at(v, &stop);
	assert_int_equal(write(p[1], b.p + 2000, b.n - 2000), b.n - 2000);
	(void)close(p[1]);
	while (!nm_capture_index(c, 1))
		;
	assert_int_equal(nm_capture_indexed(c), 300);
	assert_int_equal(nm_capture_input(c), -1);
	assert_int_equal(nm_view_frame(v, 299, &f), 0);
	nm_view_free(v);
	nm_capture_close(c);
	(void)close(p[0]);
	cb_done(&b);
}

/* Damage ends the index while more could come: whoever reads the temporary file has what was there. */
static void what_came_before_damage_is_stored(void **state)
{
	(void)state;
	for (uint32_t bad = 500; bad < 900; bad += 7) {
		struct nm_capture *c = NULL, *stored = NULL;
		struct cb b = { 0 };
		uint32_t frames;
		pid_t writer;
		int fd, temporary = memfd_create("temporary", MFD_CLOEXEC);

		cb_pcap(&b, 0xa1b2c3d4, 2, 4, 1);
		for (uint32_t i = 0; i < 2000; i++)
			cb_pcap_frame(&b, 100 + i, 0, 60);
		memset(b.p + b.marks[bad], 0xff, 16);
		nm_capture_use_temporary(temporary, temporary);
		fd = feed(b.p, b.n, 1000, &writer);
		assert_int_equal(nm_capture_open(fd, &c, NULL), 0);
		frames = nm_capture_total(c, NULL);
		assert_int_equal(frames, bad);
		assert_int_equal(nm_capture_open(temporary, &stored, NULL), 0);
		assert_int_equal(nm_capture_total(stored, NULL), frames);
		nm_capture_close(stored);
		nm_capture_close(c);
		(void)close(fd);
		(void)close(temporary);
		assert_int_equal(waitpid(writer, NULL, 0), writer);
		cb_done(&b);
	}
}

/* A reader behind the process that pulls: it waits, sees all, and can be stopped. */
static void a_reader_follows_the_process_that_pulls(void **state)
{
	struct cb b = { 0 };
	struct nm_capture *c = NULL;
	struct told plain;
	pid_t writer, reader;
	int fd, status;

	(void)state;
	make_pcapng(&b);
	plain = tell_bytes(b.p, b.n);
	fd = feed(b.p, b.n, 40, &writer);
	assert_int_equal(nm_capture_open(fd, &c, NULL), 0);
	nm_capture_reader_begin(c, 0);
	reader = fork();
	if (reader == 0) {
		struct told t;

		if (!nm_capture_make_reader(c, 0))
			_exit(2);
		(void)close(fd); /* what it reads is not there */
		t = tell(c);
		_exit(t.frames == plain.frames && t.sum == plain.sum ? 0 : 3);
	}
	while (!nm_capture_index(c, 1))
		usleep(100);
	assert_int_equal(waitpid(reader, &status, 0), reader);
	assert_int_equal(status, 0);
	assert_int_equal(waitpid(writer, NULL, 0), writer);
	nm_capture_close(c);
	(void)close(fd);
	cb_done(&b);
}

static void a_stopped_reader_does_not_wait(void **state)
{
	struct cb b = { 0 };
	struct nm_capture *c = NULL;
	volatile uint32_t stop = 1;
	pid_t reader;
	int p[2], status;

	(void)state;
	make_pcap(&b);
	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	assert_int_equal(write(p[1], b.p, 1000), 1000);
	assert_int_equal(nm_capture_open(p[0], &c, NULL), 0);
	nm_capture_reader_begin(c, 0);
	reader = fork();
	if (reader == 0) {
		struct nm_view *v;
		struct nm_frame f;

		v = nm_capture_make_reader(c, 0) ? nm_view_new(c, 1) : NULL;
		if (!v)
			_exit(2);
		nm_view_stop_at(v, &stop);
		_exit(nm_view_frame(v, 200, &f) == NMERR_FRAME_NOT_FOUND ? 0 : 3);
	}
	assert_int_equal(waitpid(reader, &status, 0), reader);
	assert_int_equal(status, 0);
	nm_capture_close(c);
	(void)close(p[0]);
	(void)close(p[1]);
	cb_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compressed_files_hold_the_same),
		cmocka_unit_test(streams_one_behind_the_other_are_one_capture),
		cmocka_unit_test(frames_for_other_programs_are_passed_over),
		cmocka_unit_test(a_cut_compressed_file_gives_what_is_whole),
		cmocka_unit_test(changed_compressed_bytes_are_damage),
		cmocka_unit_test(pipes_hold_the_same),
		cmocka_unit_test(a_cut_pipe_is_a_cut_file),
		cmocka_unit_test(a_compressed_file_is_not_indexed_beside_who_reads_it),
		cmocka_unit_test(frames_of_an_open_pipe_are_there_at_once),
		cmocka_unit_test(what_came_before_damage_is_stored),
		cmocka_unit_test(a_reader_follows_the_process_that_pulls),
		cmocka_unit_test(a_stopped_reader_does_not_wait),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
