/* SPDX-License-Identifier: MIT */
/* A system that refuses while a capture is unpacked or compressed: every allocation, of
 * ours and of the libraries, and every system call of system/files.h is made to fail in
 * turn. Each gives one clear error, what is served is right, and nothing stays behind:
 * no memory, no descriptor, no mapping. */
#include "capture_read.h"

#include "capture/convert.h"
#include "system/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>

#define FRAMES 400u

/* ---- the seam ---- */

static int calls_left = -1; /* until one is refused; -1: never */
static bool was_refused;

static bool refused(void)
{
	bool no = calls_left >= 0 && calls_left-- == 0;

	was_refused |= no;
	return no;
}

#if !SANITIZED
/* The libraries' allocations come here too. (A sanitizer has functions of its own there,
 * and looks for leaks itself.) */
static long live;

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t k, size_t n);
void *__libc_realloc(void *p, size_t n);
void __libc_free(void *p);

#define SEEN __attribute__((visibility("default")))
SEEN void *malloc(size_t n)
{
	void *p = refused() ? NULL : __libc_malloc(n);

	live += p != NULL;
	return p;
}

SEEN void *calloc(size_t k, size_t n)
{
	void *p = refused() ? NULL : __libc_calloc(k, n);

	live += p != NULL;
	return p;
}

SEEN void *realloc(void *p, size_t n)
{
	void *q = refused() ? NULL : __libc_realloc(p, n);

	live += !p && q;
	return q;
}

SEEN void free(void *p)
{
	live -= p != NULL;
	__libc_free(p);
}
#else
static const long live;

void *__real_nm_prim_alloc(size_t n);
void *__wrap_nm_prim_alloc(size_t n);
void *__real_nm_prim_realloc(void *p, size_t n);
void *__wrap_nm_prim_realloc(void *p, size_t n);

void *__wrap_nm_prim_alloc(size_t n)
{
	return refused() ? NULL : __real_nm_prim_alloc(n);
}

void *__wrap_nm_prim_realloc(void *p, size_t n)
{
	return refused() ? NULL : __real_nm_prim_realloc(p, n);
}
#endif

#define REFUSE(type, name, args, call, failure)                                                    \
	type __real_nm_prim_##name args;                                                           \
	type __wrap_nm_prim_##name args;                                                           \
	type __wrap_nm_prim_##name args                                                            \
	{                                                                                          \
		return refused() ? (failure) : __real_nm_prim_##name call;                         \
	}

REFUSE(int, stat, (int fd, enum nm_prim_kind *k, uint64_t *n), (fd, k, n), EIO)
REFUSE(ssize_t, pread, (int fd, void *p, size_t n, uint64_t o), (fd, p, n, o), -EIO)
REFUSE(ssize_t, read, (int fd, void *p, size_t n), (fd, p, n), -EIO)
REFUSE(int, pwrite, (int fd, const void *p, size_t n, uint64_t o), (fd, p, n, o), ENOSPC)
REFUSE(int, write, (int fd, const void *p, size_t n), (fd, p, n), ENOSPC)
REFUSE(int, temporary, (void), (), -EMFILE)
REFUSE(void *, shared_new, (size_t n, int *fd), (n, fd), NULL)
REFUSE(bool, shared_ask, (void *p, size_t from, size_t n), (p, from, n), false)
REFUSE(void *, ring_new, (size_t head, size_t n, int *fd), (head, n, fd), NULL)
REFUSE(void *, common_new, (size_t n), (n), NULL)

/* ---- what stays behind ---- */

struct held {
	long memory;
	unsigned descriptors, mappings; /* mappings: those that processes share */
};

static struct held count_held(void)
{
	struct held h = { .memory = live };
	DIR *d = opendir("/proc/self/fd");
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];

	assert_non_null(d);
	assert_non_null(maps);
	while (readdir(d))
		h.descriptors++;
	while (fgets(line, sizeof line, maps))
		h.mappings += strstr(line, "-s ") || strstr(line, "rw-s ") || strstr(line, "r--s ");
	(void)fclose(maps);
	(void)closedir(d);
	return h;
}

static void assert_held(const struct held *before)
{
	struct held now = count_held();

	assert_int_equal(now.memory, before->memory);
	assert_int_equal(now.descriptors, before->descriptors);
	assert_int_equal(now.mappings, before->mappings);
}

/* ---- reading ---- */

static void make(struct cb *b)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 4, 1);
	for (uint32_t i = 0; i < FRAMES; i++)
		cb_pcap_frame(b, i, i, 1 + i * 7 % 900);
}

static bool is_refusal(uint32_t err)
{
	return err == NMERR_OUT_OF_MEMORY || err == NMERR_FILE_READ_ERROR ||
	       err == NMERR_FILE_WRITE_ERROR;
}

static void assert_refusal(uint32_t err, const struct nm_diag *d)
{
	assert_true(was_refused);
	if (!is_refusal(err))
		fail_msg("%u: %s", err, d->text);
	assert_int_equal(d->code, err);
	assert_true(d->text[0]);
	assert_null(strchr(d->text, '\n'));
	assert_null(strstr(d->text, "damaged")); /* the capture is whole */
}

static void serve(struct nm_view *v, uint32_t i)
{
	struct nm_frame f;
	uint32_t err = nm_view_frame(v, i, &f);

	if (err)
		assert_true(was_refused);
	else
		assert_filled(&f, i);
}

/* Open, walk forward and back, far enough for the ring to have lost what is asked for. */
static void read_through(int fd, bool expected)
{
	struct nm_capture_facts facts;
	struct nm_capture *c = NULL;
	struct nm_diag d = { .code = 0 };
	struct nm_view *v;
	uint32_t err = nm_capture_open(fd, &c, &d);

	if (err) {
		assert_null(c);
		assert_refusal(err, &d);
		return;
	}
	if (expected) { /* what is indexed goes through memory that readers would share */
		nm_capture_expect_readers(c, true);
		while (!nm_capture_index(c, 1))
			;
	}
	v = nm_view_new(c, 1);
	assert_true(v || was_refused);
	for (uint32_t i = 0; v && i < FRAMES; i += 20)
		serve(v, i);
	serve(v ? v : (v = nm_view_new(c, 1)), 0);
	(void)nm_capture_total(c, NULL);
	serve(v, FRAMES / 2);
	nm_capture_facts(c, &facts);
	assert_true(facts.indexed);
	if (facts.damage.code)
		assert_refusal(facts.damage.code, &facts.damage);
	else
		assert_int_equal(facts.frames, FRAMES);
	nm_view_free(v);
	nm_capture_close(c);
}

/* The capture, compressed so. */
static int packed(const struct cb *b, enum nm_packing packing)
{
	const struct nm_target_format t = { NM_FORMAT_PCAP, 0, NM_LAST_FRAME, packing, NULL };
	int in = memfd_create("in", MFD_CLOEXEC), out = memfd_create("out", MFD_CLOEXEC);
	struct nm_conversion lost;
	struct nm_capture *c = NULL;
	struct nm_diag d;

	assert_int_equal(pwrite(in, b->p, b->n, 0), b->n);
	assert_int_equal(nm_capture_open(in, &c, &d), 0);
	assert_int_equal(nm_capture_convert(c, out, &t, &lost, &d), 0);
	nm_capture_close(c);
	(void)close(in);
	return out;
}

/* The same out of something that can't be read again, with all of it there. */
static int poured(int file)
{
	static uint8_t all[1 << 20];
	int fds[2], room = sizeof all;
	ssize_t n = pread(file, all, sizeof all, 0);

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
	(void)setsockopt(fds[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
	(void)fcntl(fds[1], F_SETFL, O_NONBLOCK);
	for (ssize_t done = 0; done < n;) {
		ssize_t r = write(fds[1], all + done, (size_t)(n - done));

		if (r < 0)
			fail_msg("%s", "the socket holds too little");
		done += r;
	}
	(void)close(fds[1]);
	return fds[0];
}

struct way {
	const char *name;
	enum nm_packing packing;
	bool pipe, expected;
};

static struct way ways[] = { { "a pipe", NM_PACKING_NONE, true, false },
	{ "gzip", NM_PACKING_GZIP, false, false }, { "zstd", NM_PACKING_ZSTD, false, false },
	{ "lz4", NM_PACKING_LZ4, false, false }, { "xz", NM_PACKING_XZ, false, false },
	{ "gzip in a pipe", NM_PACKING_GZIP, true, false },
	{ "zstd in a pipe", NM_PACKING_ZSTD, true, false },
	{ "lz4 in a pipe", NM_PACKING_LZ4, true, false },
	{ "xz in a pipe", NM_PACKING_XZ, true, false },
	{ "a file that others will read", NM_PACKING_NONE, false, true } };

static void every_refusal_while_reading_is_told(void **state)
{
	const struct way *w = *state;
	struct cb b = { 0 };
	struct held before;
	unsigned n = 0;
	int file;

	make(&b);
	file = packed(&b, w->packing);
	for (was_refused = true; was_refused; n++) {
		int fd = w->pipe ? poured(file) : file;

		before = count_held();
		was_refused = false;
		calls_left = (int)n;
		read_through(fd, w->expected);
		calls_left = -1;
		assert_held(&before);
		if (w->pipe)
			(void)close(fd);
	}
	assert_in_range(n, w->expected ? 8 : 15, 5000);
	(void)close(file);
	cb_done(&b);
}

/* ---- writing ---- */

static bool is_same(int a, int b)
{
	static uint8_t x[1 << 20], y[1 << 20];
	ssize_t n = pread(a, x, sizeof x, 0);

	return n > 0 && n == pread(b, y, sizeof y, 0) && memcmp(x, y, (size_t)n) == 0;
}

static void every_refusal_while_compressing_is_told(void **state)
{
	const struct way *w = *state;
	const struct nm_target_format t = { NM_FORMAT_PCAP, 0, NM_LAST_FRAME, w->packing, NULL };
	int in = memfd_create("in", MFD_CLOEXEC), want;
	struct cb b = { 0 };
	unsigned n = 0;

	make(&b);
	assert_int_equal(pwrite(in, b.p, b.n, 0), b.n);
	want = packed(&b, w->packing);
	for (was_refused = true; was_refused; n++) {
		int out = memfd_create("out", MFD_CLOEXEC);
		struct nm_capture_facts facts = { .frames = 0 };
		struct nm_diag d = { .code = 0 };
		struct held before = count_held();
		struct nm_conversion lost;
		struct nm_capture *c = NULL;
		uint32_t err;

		was_refused = false;
		calls_left = (int)n;
		err = nm_capture_open(in, &c, &d);
		if (!err) {
			err = nm_capture_convert(c, out, &t, &lost, &d);
			nm_capture_facts(c, &facts);
			nm_capture_close(c);
		}
		calls_left = -1;
		assert_held(&before);
		if (err)
			assert_refusal(err, &d);
		else if (facts.damage.code)
			assert_refusal(facts.damage.code, &facts.damage);
		else
			assert_true(is_same(out, want));
		(void)close(out);
	}
	assert_in_range(n, 10, 5000);
	(void)close(want);
	(void)close(in);
	cb_done(&b);
}

/* ---- dictionaries ---- */

/* One of 2^26 bytes is the largest that is taken; the next is told for what it is. */
static void a_dictionary_over_the_limit_is_told(void **state)
{
	/* zstd: a frame's head with a window of 2^27, and an empty last block. */
	static const uint8_t zstd[] = { 0x28, 0xb5, 0x2f, 0xfd, 0, 17 << 3, 1, 0, 0 };
	static const uint8_t fits[] = { 0x28, 0xb5, 0x2f, 0xfd, 0, 16 << 3, 1, 0, 0 };
	/* xz: heads of a stream and of a block whose dictionary has 2^27 bytes. */
	static const uint8_t xz[] = { 0xfd, '7', 'z', 'X', 'Z', 0, 0, 0, 0xff, 0x12, 0xd9, 0x41, 2,
		0, 0x21, 1, 30, 0, 0, 0, 0x9b, 0x07, 0x51, 0x66 };
	static const uint8_t xz_fits[] = { 0xfd, '7', 'z', 'X', 'Z', 0, 0, 0, 0xff, 0x12, 0xd9,
		0x41, 2, 0, 0x21, 1, 28, 0, 0, 0, 0x10, 0xcf, 0x58, 0xcc };
	const struct {
		const uint8_t *p;
		size_t n;
		uint32_t err;
		const char *says;
	} rows[] = { { zstd, sizeof zstd, NMERR_INVALID_FILE_FORMAT, "over 64 MiB" },
		{ xz, sizeof xz, NMERR_INVALID_FILE_FORMAT, "over 64 MiB" },
		{ fits, sizeof fits, NMERR_FILE_READ_ERROR, "it holds nothing" },
		{ xz_fits, sizeof xz_fits, NMERR_INVALID_FILE_FORMAT, "is cut here" } };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct opened o = open_bytes(rows[i].p, rows[i].n);

		assert_int_equal(o.err, rows[i].err);
		if (!strstr(o.diag.text, rows[i].says))
			fail_msg("row %zu: %s", i, o.diag.text);
		close_bytes(&o);
	}
}

#define READING(i) cmocka_unit_test_prestate(every_refusal_while_reading_is_told, &ways[i])
#define WRITING(i) cmocka_unit_test_prestate(every_refusal_while_compressing_is_told, &ways[i])

int main(void)
{
	const struct CMUnitTest tests[] = {
		READING(0),
		READING(1),
		READING(2),
		READING(3),
		READING(4),
		READING(5),
		READING(6),
		READING(7),
		READING(8),
		READING(9),
		WRITING(1),
		WRITING(2),
		WRITING(3),
		WRITING(4),
		cmocka_unit_test(a_dictionary_over_the_limit_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
