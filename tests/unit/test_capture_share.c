/* SPDX-License-Identifier: MIT */
/* Captures between processes, files that change, and a system that refuses:
 * every call of system/files.h is made to fail in turn. */
#include "capture_read.h"

#include "system/files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

#include "capture/convert.h"
#include "capture/notes.h"

/* ---- the seam: the linker sends the library's calls through here ---- */

static int calls_left = -1; /* until one is refused; -1: never */
static int live;            /* allocations and mappings not given back */

static bool refused(void)
{
	return calls_left >= 0 && calls_left-- == 0;
}

int __real_nm_prim_stat(int fd, enum nm_prim_kind *k, uint64_t *n);
int __wrap_nm_prim_stat(int fd, enum nm_prim_kind *k, uint64_t *n);
ssize_t __real_nm_prim_pread(int fd, void *p, size_t n, uint64_t o);
ssize_t __wrap_nm_prim_pread(int fd, void *p, size_t n, uint64_t o);
void *__real_nm_prim_alloc(size_t n);
void *__wrap_nm_prim_alloc(size_t n);
void *__real_nm_prim_realloc(void *p, size_t n);
void *__wrap_nm_prim_realloc(void *p, size_t n);
void __real_nm_prim_free(void *p);
void __wrap_nm_prim_free(void *p);
void *__real_nm_prim_shared_new(size_t n, int *fd);
void *__wrap_nm_prim_shared_new(size_t n, int *fd);
void __real_nm_prim_shared_free(void *p, size_t n, int fd);
void __wrap_nm_prim_shared_free(void *p, size_t n, int fd);
bool __real_nm_prim_shared_ask(void *p, size_t from, size_t n);
bool __wrap_nm_prim_shared_ask(void *p, size_t from, size_t n);
bool __real_nm_prim_shared_seal(void *p, size_t n, int fd);
bool __wrap_nm_prim_shared_seal(void *p, size_t n, int fd);

int __wrap_nm_prim_stat(int fd, enum nm_prim_kind *k, uint64_t *n)
{
	return refused() ? EIO : __real_nm_prim_stat(fd, k, n);
}

ssize_t __wrap_nm_prim_pread(int fd, void *p, size_t n, uint64_t o)
{
	return refused() ? -EIO : __real_nm_prim_pread(fd, p, n, o);
}

void *__wrap_nm_prim_alloc(size_t n)
{
	void *p = refused() ? NULL : __real_nm_prim_alloc(n);

	live += p != NULL;
	return p;
}

void *__wrap_nm_prim_realloc(void *p, size_t n)
{
	void *q = refused() ? NULL : __real_nm_prim_realloc(p, n);

	live += !p && q;
	return q;
}

void __wrap_nm_prim_free(void *p)
{
	live -= p != NULL;
	__real_nm_prim_free(p);
}

void *__wrap_nm_prim_shared_new(size_t n, int *fd)
{
	void *p = refused() ? NULL : __real_nm_prim_shared_new(n, fd);

	live += p != NULL;
	return p;
}

void __wrap_nm_prim_shared_free(void *p, size_t n, int fd)
{
	live--;
	__real_nm_prim_shared_free(p, n, fd);
}

bool __wrap_nm_prim_shared_ask(void *p, size_t from, size_t n)
{
	return !refused() && __real_nm_prim_shared_ask(p, from, n);
}

bool __wrap_nm_prim_shared_seal(void *p, size_t n, int fd)
{
	return !refused() && __real_nm_prim_shared_seal(p, n, fd);
}

/* Open, walk, index: every error is one of those the contract names, and what
 * is served is right. True: nothing was refused. */
static bool run_through(const struct cb_sample *s, int fd)
{
	struct nm_capture_facts facts;
	struct nm_capture *c = NULL;
	struct nm_view *v;
	struct nm_frame f;
	struct nm_diag d;
	uint32_t err = nm_capture_open(fd, &c, &d);

	if (err) {
		assert_true(err == NMERR_OUT_OF_MEMORY || err == NMERR_FILE_READ_ERROR);
		assert_int_equal(d.code, err);
		return false;
	}
	v = nm_view_new(c, 2);
	for (uint32_t i = 0; v && i < s->frames; i++) {
		err = nm_view_frame(v, i, &f);
		if (err) {
			assert_true(err == NMERR_OUT_OF_MEMORY || err == NMERR_FILE_READ_ERROR);
			assert_int_equal(
			    nm_view_frame(v, i, &f), NMERR_SUCCESS); /* it was for once */
		}
		if (s->in_order)
			assert_filled(&f, i);
	}
	(void)nm_capture_total(c, NULL);
	nm_capture_facts(c, &facts);
	assert_true(facts.indexed);
	assert_true(facts.frames == s->frames || facts.damage.code == NMERR_OUT_OF_MEMORY ||
		    facts.damage.code == NMERR_FILE_READ_ERROR);
	nm_view_free(v);
	nm_capture_close(c);
	return calls_left >= 0;
}

static void every_refusal_is_survived(void **state)
{
	const struct cb_sample *s = *state;
	struct cb b = { 0 };
	struct opened o;
	int before;

	s->make(&b);
	o = open_bytes(b.p, b.n);
	nm_capture_close(o.c);
	before = live;
	for (int n = 0;; n++) {
		bool done;

		assert_true(n < 200);
		calls_left = n;
		done = run_through(s, o.fd);
		calls_left = -1;
		assert_int_equal(live, before);
		if (done)
			break;
	}
	(void)close(o.fd);
	cb_done(&b);
}

/* A section with a program, an interface with a filter, a frame with a comment of two
 * lines, counters, and secrets. */
#define NOTES 7
static const char noted[] =
    "\x0a\x0d\x0d\x0a\x24\0\0\0\x4d\x3c\x2b\x1a\1\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"
    "\4\0\4\0prog\x24\0\0\0"
    "\1\0\0\0\x1c\0\0\0\1\0\0\0\0\0\0\0\x0b\0\4\0\0tcp\x1c\0\0\0"
    "\x0a\0\0\0\x18\0\0\0KSLT\4\0\0\0keys\x18\0\0\0"
    "\6\0\0\0\x2c\0\0\0\0\0\0\0\0\0\0\0\7\0\0\0\4\0\0\0\4\0\0\0wxyz"
    "\1\0\3\0a\nb\0\x2c\0\0\0"
    "\5\0\0\0\x24\0\0\0\0\0\0\0\0\0\0\0\7\0\0\0\5\0\x08\0\x0c\0\0\0\0\0\0\0\x24\0\0\0";

static bool any_note(void *ctx, const struct nm_note *n)
{
	++*(unsigned *)ctx;
	return n->code != 0;
}

/* Index, read the notes, convert. */
static void note_through(int fd, int out, enum nm_format to)
{
	const struct nm_target_format t = { .to = to, .last = NM_LAST_FRAME };
	struct nm_conversion lost;
	struct nm_capture *c = NULL;
	struct nm_notes *r;
	struct nm_diag d;
	unsigned n = 0;
	uint32_t err = nm_capture_open(fd, &c, &d);

	if (err)
		return;
	(void)nm_capture_total(c, NULL);
	r = nm_notes_new(c);
	if (r)
		(void)nm_notes_read(r, NM_NOTES_ALL, any_note, &n);
	nm_notes_free(r);
	assert_in_range(n, 0, NOTES);
	(void)nm_capture_convert(c, out, &t, &lost, &d);
	nm_capture_close(c);
}

static void every_refusal_of_notes_is_survived(void **state)
{
	static const enum nm_format to[] = { NM_FORMAT_PCAPNG, NM_FORMAT_NETMON2, NM_FORMAT_PCAP };
	int in = memfd_create("in", MFD_CLOEXEC), netmon = memfd_create("netmon", MFD_CLOEXEC);
	int before = live;

	(void)state;
	assert_int_equal(pwrite(in, noted, sizeof noted - 1, 0), sizeof noted - 1);
	note_through(in, netmon, NM_FORMAT_NETMON2);
	for (unsigned i = 0; i < 2 * sizeof to / sizeof *to; i++)
		for (int n = 0; calls_left < 0; n++) {
			int out = memfd_create("out", MFD_CLOEXEC);

			assert_true(n < 200);
			calls_left = n;
			note_through(i % 2 ? netmon : in, out, to[i / 2]);
			(void)close(out);
			assert_int_equal(live, before);
			if (calls_left >= 0) { /* nothing was refused */
				calls_left = -1;
				break;
			}
		}
	(void)close(in);
	(void)close(netmon);
}

/* ---- other descriptors ---- */

static void other_descriptors_are_refused(void **state)
{
	static const struct {
		const char *path, *says;
	} rows[] = { { "/", "is a directory" }, { "/dev/zero", "is a device" },
		{ "/dev/null", "is a device" } };
	struct nm_capture *c = NULL;
	struct nm_diag d;
	int p[2];

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int fd = open(rows[i].path, O_RDONLY | O_CLOEXEC);

		assert_true(fd >= 0);
		assert_int_equal(nm_capture_open(fd, &c, &d), NMERR_INVALID_FILE_FORMAT);
		assert_non_null(strstr(d.text, rows[i].says));
		(void)close(fd);
	}
	assert_int_equal(pipe2(p, O_CLOEXEC), 0);
	(void)close(p[1]);
	assert_int_equal(nm_capture_open(p[0], &c, &d), NMERR_INVALID_FILE_FORMAT);
	assert_non_null(strstr(d.text, "stream is empty"));
	(void)close(p[0]);
	assert_int_equal(nm_capture_open(p[0], &c, &d), NMERR_FILE_READ_ERROR);
}

/* ---- processes ---- */

#define FRAMES 30000u

static void make_long(struct cb *b, bool pcapng)
{
	if (pcapng)
		cb_section(b, false, NULL);
	else
		cb_pcap(b, 0xa1b2c3d4, 2, 4, 1);
	for (uint32_t i = 0; i < FRAMES; i++) {
		uint32_t n = 60 + i % 700;

		if (pcapng && i % 100 == 0) {
			if (i % 1000 == 0 && i > 0)
				cb_section(b, i % 2000 == 0, NULL);
			cb_interface(b, (uint16_t)(i / 100), 0, 6, 0, NULL);
		}
		if (pcapng)
			cb_enhanced(b, i % 1000 / 100, i, n);
		else
			cb_pcap_frame(b, i / 1000000, i % 1000000, n);
	}
}

/* In the child: everything must be right whatever the parent is at. */
static void read_all(struct nm_capture *c, bool pcapng)
{
	struct nm_view *v = nm_view_new(c, 2);
	struct nm_frame f;

	for (uint32_t k = 0; k < FRAMES; k++) {
		uint32_t i = k % 3 ? k : (k * 7919u) % FRAMES;

		assert_int_equal(nm_view_frame(v, i, &f), NMERR_SUCCESS);
		assert_int_equal(time_us(&f), i);
		assert_int_equal(f.link_type, pcapng ? i / 100 : 1);
	}
	assert_int_equal(nm_capture_total(c, NULL), FRAMES);
	for (uint32_t i = FRAMES; i-- > 0;) {
		assert_int_equal(nm_view_frame(v, i, &f), NMERR_SUCCESS);
		assert_int_equal(time_us(&f), i);
	}
	assert_int_equal(nm_view_frame(v, FRAMES, &f), NMERR_FRAME_NOT_FOUND);
	nm_view_free(v);
}

/* Every mapping of the index in this process is read-only, and stays so. */
static void cannot_write_index(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512], perms[8];
	unsigned found = 0;
	unsigned long lo, hi;

	assert_non_null(maps);
	while (fgets(line, sizeof line, maps)) {
		if (!strstr(line, "nmapi-index"))
			continue;
		assert_int_equal(sscanf(line, "%lx-%lx %7s", &lo, &hi, perms), 3);
		assert_string_equal(perms, "r--s");
		assert_int_equal(mprotect((void *)lo, hi - lo, PROT_READ | PROT_WRITE), -1);
		found++;
	}
	(void)fclose(maps);
	assert_int_equal(found, 1);
}

static void a_reader_overlaps_with_indexing(void **state)
{
	for (int pcapng = 0; pcapng < 2; pcapng++) {
		struct nm_capture_facts facts;
		struct cb b = { 0 };
		struct opened o;
		pid_t child;
		int status;

		(void)state;
		make_long(&b, pcapng);
		o = open_bytes(b.p, b.n);
		(void)nm_capture_index(o.c, 2);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			if (!nm_capture_make_reader(o.c, 0))
				_exit(2);
			cannot_write_index();
			read_all(o.c, pcapng);
			_exit(0);
		}
		while (!nm_capture_index(o.c, 1))
			usleep(500);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
		nm_capture_facts(o.c, &facts);
		assert_int_equal(facts.frames, FRAMES);
		assert_int_equal(facts.damage.code, 0);
		close_bytes(&o);
		cb_done(&b);
	}
}

static void a_reader_may_stop_waiting(void **state)
{
	volatile uint32_t stop = 1;
	struct cb b = { 0 };
	struct opened o;
	pid_t child;
	int status;

	(void)state;
	make_long(&b, false);
	o = open_bytes(b.p, b.n);
	(void)nm_capture_index(o.c, 1);
	child = fork();
	if (child == 0) {
		uint32_t some;

		if (!nm_capture_make_reader(o.c, 0) || nm_capture_index(o.c, 0))
			_exit(2);
		some = nm_capture_total(o.c, &stop);
		_exit(some > 0 && some < FRAMES && some == nm_capture_indexed(o.c) ? 0 : 3);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close_bytes(&o);
	cb_done(&b);
}

static void a_refused_reader_is_told(void **state)
{
	struct cb b = { 0 };
	struct opened o;

	(void)state;
	cb_samples[0].make(&b);
	o = open_bytes(b.p, b.n);
	calls_left = 0;
	assert_false(nm_capture_make_reader(o.c, 0));
	calls_left = -1;
	assert_int_equal(nm_capture_total(o.c, NULL), cb_samples[0].frames);
	close_bytes(&o);
	cb_done(&b);
}

/* ---- files that change ---- */

static void a_file_that_shrinks_gives_errors_not_frames(void **state)
{
	struct nm_capture_facts facts;
	struct nm_frame f;
	struct cb b = { 0 };
	struct opened o;
	struct nm_view *v;
	uint32_t err = 0, n = 0;

	(void)state;
	make_long(&b, false);
	o = open_bytes(b.p, b.n);
	v = nm_view_new(o.c, 1);
	assert_int_equal(nm_view_frame(v, 0, &f), 0);
	assert_int_equal(ftruncate(o.fd, (off_t)b.n / 2), 0);
	while (err == 0 && n < FRAMES) {
		err = nm_view_frame(v, n, &f);
		if (!err)
			assert_filled(&f, n++);
	}
	assert_int_equal(err, NMERR_FILE_READ_ERROR);
	assert_true(n > FRAMES / 4 && n < FRAMES);
	assert_int_equal(nm_view_frame(v, n, &f), NMERR_FILE_READ_ERROR);
	assert_int_equal(nm_view_frame(v, 5, &f), NMERR_SUCCESS);
	assert_filled(&f, 5);
	assert_int_equal(nm_capture_total(o.c, NULL), n);
	nm_capture_facts(o.c, &facts);
	assert_int_equal(facts.damage.code, NMERR_FILE_READ_ERROR);
	nm_view_free(v);
	close_bytes(&o);
	cb_done(&b);
}

static void a_file_that_changed_is_an_error_for_indexed_frames(void **state)
{
	struct nm_frame f;
	struct cb b = { 0 };
	struct opened o;
	struct nm_view *v;

	(void)state;
	make_long(&b, false);
	o = open_bytes(b.p, b.n);
	assert_int_equal(nm_capture_total(o.c, NULL), FRAMES);
	memset(b.p + 24, 0xff, b.n - 24);
	assert_int_equal(pwrite(o.fd, b.p, b.n, 0), b.n);
	v = nm_view_new(o.c, 1);
	for (uint32_t i = 0; i < FRAMES; i += 999)
		assert_int_equal(nm_view_frame(v, i, &f), NMERR_FILE_READ_ERROR);
	nm_view_free(v);
	close_bytes(&o);
	cb_done(&b);
}

static void a_file_that_grows_ends_where_it_ended(void **state)
{
	struct nm_capture_facts facts;
	struct cb b = { 0 };
	struct opened o;

	(void)state;
	cb_samples[0].make(&b);
	o = open_bytes(b.p, b.n);
	assert_int_equal(pwrite(o.fd, b.p + 24, b.n - 24, (off_t)b.n), b.n - 24);
	assert_int_equal(nm_capture_total(o.c, NULL), cb_samples[0].frames);
	nm_capture_facts(o.c, &facts);
	assert_int_equal(facts.damage.code, 0);
	close_bytes(&o);
	cb_done(&b);
}

int main(void)
{
	static struct CMUnitTest tests[128];
	static char names[128][96];
	size_t n = 0;

	for (unsigned s = 0; s < cb_n_samples; s++, n++) {
		(void)snprintf(
		    names[n], sizeof names[n], "%s: every refusal is survived", cb_samples[s].name);
		tests[n] = (struct CMUnitTest){ .name = names[n],
			.test_func = every_refusal_is_survived,
			.initial_state = (void *)(uintptr_t)&cb_samples[s] };
	}
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_refusal_of_notes_is_survived);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(other_descriptors_are_refused);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_reader_overlaps_with_indexing);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_reader_may_stop_waiting);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_refused_reader_is_told);
	tests[n++] =
	    (struct CMUnitTest)cmocka_unit_test(a_file_that_shrinks_gives_errors_not_frames);
	tests[n++] =
	    (struct CMUnitTest)cmocka_unit_test(a_file_that_changed_is_an_error_for_indexed_frames);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(a_file_that_grows_ends_where_it_ended);
	return _cmocka_run_group_tests("capture sharing", tests, n, NULL, NULL);
}
