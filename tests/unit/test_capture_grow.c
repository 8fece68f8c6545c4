/* SPDX-License-Identifier: MIT */
/* Captures that another process still writes: each frame is served once it is there, by any number
 * of threads, and when all is there the capture is what a file that was whole from the begin on is. */
#include "capture_read.h"

#include "system/files.h"

#include <pthread.h>
#include <stdatomic.h>

#define READERS 3u
#define FRAMES  3000u

static _Atomic uint32_t coming;

static int empty_file(void)
{
	int fd = memfd_create("growing", MFD_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static void grow(int fd, const struct cb *b, size_t from, size_t to)
{
	assert_int_equal(nm_prim_pwrite(fd, b->p + from, to - from, from), 0);
}

static void make_pcap(struct cb *b, uint32_t frames)
{
	cb_pcap(b, 0xa1b2c3d4, 2, 4, 1);
	for (uint32_t i = 0; i < frames; i++)
		cb_pcap_frame(b, 100 + i, i % 1000000, 1 + i % 90);
}

static void each_frame_is_served_when_it_is_there(void **state)
{
	struct nm_capture *c = NULL;
	volatile uint32_t stop = 0;
	struct cb b = { 0 };
	size_t one;
	struct nm_frame f;
	struct nm_view *v;
	int fd = empty_file();

	(void)state;
	make_pcap(&b, 3);
	one = b.marks[b.n_marks - 3];
	atomic_store(&coming, 1);
	grow(fd, &b, 0, one);
	assert_int_equal(nm_capture_open_growing(fd, &coming, &c, NULL), 0);
	assert_true(nm_capture_follow(c) && nm_capture_follow(c));
	v = nm_view_new(c, 1);
	nm_view_stop_at(v, &stop);
	assert_int_equal(nm_view_frame(v, 0, &f), 0);
	assert_filled(&f, 0);
	grow(fd, &b, one, b.n - 5);
	assert_int_equal(nm_view_frame(v, 1, &f), 0);
	assert_filled(&f, 1);
	stop = 1; /* frame 2 lacks five bytes */
	assert_int_equal(nm_view_frame(v, 2, &f), NMERR_FRAME_NOT_FOUND);
	stop = 0;
	grow(fd, &b, b.n - 5, b.n);
	assert_int_equal(nm_view_frame(v, 2, &f), 0);
	assert_filled(&f, 2);
	atomic_store(&coming, 0);
	assert_int_equal(nm_view_frame(v, 3, &f), NMERR_FRAME_NOT_FOUND);
	assert_int_equal(nm_capture_total(c, NULL), 3);
	nm_view_free(v);
	nm_capture_close(c);
	(void)close(fd);
	cb_done(&b);
}

/* A file that is all there, too: frames are served while a thread counts them, and it can be ended. */
static void a_whole_file_is_indexed_beside_who_reads_it(void **state)
{
	struct cb b = { 0 };
	struct nm_frame f;
	struct opened o;
	struct nm_view *v;

	(void)state;
	make_pcap(&b, FRAMES);
	o = open_bytes(b.p, b.n);
	assert_int_equal(o.err, 0);
	assert_true(nm_capture_follow(o.c));
	v = nm_view_new(o.c, 1);
	assert_int_equal(nm_view_frame(v, FRAMES - 1, &f), 0);
	assert_filled(&f, FRAMES - 1);
	assert_int_equal(nm_capture_total(o.c, NULL), FRAMES);
	nm_view_free(v);
	close_bytes(&o);
	o = open_bytes(b.p, b.n);
	assert_true(nm_capture_follow(o.c));
	nm_capture_follow_end(o.c);
	assert_int_equal(nm_capture_total(o.c, NULL), FRAMES); /* it goes on where that was */
	close_bytes(&o);
	cb_done(&b);
}

/* Whoever waits for the end is told to stop, and so is who indexes, while nothing comes. */
static void nobody_waits_for_what_does_not_come(void **state)
{
	struct nm_capture *c = NULL;
	volatile uint32_t stop = 1;
	struct cb b = { 0 };
	int fd = empty_file();

	(void)state;
	make_pcap(&b, 3);
	atomic_store(&coming, 1);
	grow(fd, &b, 0, b.n);
	assert_int_equal(nm_capture_open_growing(fd, &coming, &c, NULL), 0);
	assert_true(nm_capture_follow(c));
	while (nm_capture_indexed(c) < 3)
		nm_prim_sleep_us(100);
	assert_int_equal(nm_capture_total(c, &stop), 3);
	assert_false(nm_capture_index(c, 0)); /* a thread does it */
	nm_capture_follow_end(c);
	nm_capture_follow_end(c);
	atomic_store(&coming, 0);
	assert_true(nm_capture_index(c, 0)); /* and does it no more */
	assert_true(nm_capture_follow(c));   /* there is nothing left to do */
	nm_capture_close(c);
	(void)close(fd);
	cb_done(&b);
}

/* Nor is who has seen enough kept until all that is there is indexed. */
static void indexing_ends_in_the_middle_of_what_is_there(void **state)
{
	const uint32_t frames = 256, bytes = 1u << 20;
	bool ended_early = false;
	struct cb b = { 0 };
	int fd = empty_file();

	(void)state;
	cb_pcap(&b, 0xa1b2c3d4, 2, 4, 1);
	grow(fd, &b, 0, b.n);
	for (uint32_t i = 0; i < frames; i++) {
		const uint32_t head[4] = { 100 + i, 0, bytes, bytes };

		assert_int_equal(nm_prim_pwrite(fd, head, sizeof head,
				     b.n + (uint64_t)i * (sizeof head + bytes)),
		    0);
	}
	atomic_store(&coming, 1);
	for (unsigned tries = 0; tries < 20 && !ended_early; tries++) {
		struct nm_capture *c = NULL;

		assert_int_equal(nm_capture_open_growing(fd, &coming, &c, NULL), 0);
		assert_true(nm_capture_follow(c));
		nm_capture_follow_end(c);
		ended_early = nm_capture_indexed(c) < frames - 1;
		nm_capture_close(c);
	}
	assert_true(ended_early);
	(void)close(fd);
	cb_done(&b);
}

/* Frames, their bytes, and why there are no more. */
struct told {
	uint64_t sum;
	uint32_t frames;
	struct nm_capture_facts facts;
};

static struct told all_of(struct nm_capture *c)
{
	struct nm_view *v = nm_view_new(c, 1);
	struct told t = { .sum = 1 };
	struct nm_frame f;

	assert_non_null(v);
	for (; nm_view_frame(v, t.frames, &f) == 0; t.frames++)
		t.sum = t.sum * 31 + print_of(&f);
	assert_int_equal(nm_capture_total(c, NULL), t.frames);
	nm_capture_facts(c, &t.facts);
	nm_view_free(v);
	return t;
}

static void assert_same(const struct told *got, const struct told *want)
{
	assert_int_equal(got->frames, want->frames);
	assert_true(got->sum == want->sum);
	assert_int_equal(got->facts.damage.code, want->facts.damage.code);
	assert_int_equal(got->facts.truncated, want->facts.truncated);
	assert_int_equal(got->facts.stored_bytes, want->facts.stored_bytes);
	assert_int_equal(got->facts.file_bytes, want->facts.file_bytes);
	assert_int_equal(got->facts.first_ns, want->facts.first_ns);
	assert_int_equal(got->facts.last_ns, want->facts.last_ns);
	assert_true(got->facts.streamed && !want->facts.streamed);
}

/* Each prefix of each sample as all that comes, and as a whole file. */
static void what_has_come_is_what_a_file_of_it_is(void **state)
{
	(void)state;
	for (unsigned s = 0; s < cb_n_samples; s++) {
		struct cb b = { 0 };

		cb_samples[s].make(&b);
		for (size_t n = b.n; n > 0; n -= n > 7 * CB_EVERY ? 7 * CB_EVERY : n) {
			struct opened whole = open_bytes(b.p, n);
			struct told got, want;
			struct nm_capture *c = NULL;
			int fd = empty_file();
			uint32_t err;

			grow(fd, &b, 0, n);
			atomic_store(&coming, 0);
			err = nm_capture_open_growing(fd, &coming, &c, NULL);
			assert_int_equal(err, whole.err);
			if (!err) {
				assert_true(nm_capture_follow(c));
				got = all_of(c);
				want = all_of(whole.c);
				assert_same(&got, &want);
			}
			nm_capture_close(c);
			(void)close(fd);
			close_bytes(&whole);
		}
		cb_done(&b);
	}
}

struct writer {
	int fd;
	const struct cb *b;
};

/* In pieces that end anywhere, and then no more. */
static void *write_all(void *arg)
{
	const struct writer *w = arg;
	size_t at = 0, n;

	for (unsigned i = 0; at < w->b->n; at += n, i++) {
		n = 1 + (i * 7919u) % 4000;
		n = n < w->b->n - at ? n : w->b->n - at;
		if (nm_prim_pwrite(w->fd, w->b->p + at, n, at))
			abort();
		if (i % 8 == 0)
			nm_prim_sleep_us(200);
	}
	atomic_store(&coming, 0);
	return NULL;
}

struct reader {
	struct nm_capture *c;
	uint32_t step; /* frames from one that is read to the next */
	uint32_t read, wrong;
};

/* Forward, and now and then back to what has come long ago. */
static void *read_some(void *arg)
{
	struct reader *r = arg;
	struct nm_view *v = nm_view_new(r->c, r->step);
	struct nm_frame f;

	for (uint32_t n = 0; v && nm_view_frame(v, n, &f) == 0; n += r->step) {
		r->read++;
		for (uint32_t j = 0; j < stored_of(&f); j++)
			r->wrong += f.record[16 + j] != cb_byte(n, j);
		if (n % 64 == 0 && nm_view_frame(v, n / 3, &f) == 0)
			r->wrong += stored_of(&f) != 1 + n / 3 % 90;
	}
	r->wrong += nm_capture_total(r->c, NULL) != FRAMES;
	nm_view_free(v);
	return NULL;
}

static void many_threads_follow_one_that_writes(void **state)
{
	struct reader readers[READERS];
	pthread_t threads[READERS], writing;
	struct nm_capture *c = NULL;
	struct cb b = { 0 };
	struct writer w = { .fd = empty_file(), .b = &b };

	(void)state;
	make_pcap(&b, FRAMES);
	atomic_store(&coming, 1);
	assert_int_equal(pthread_create(&writing, NULL, write_all, &w), 0);
	assert_int_equal(nm_capture_open_growing(w.fd, &coming, &c, NULL), 0);
	assert_true(nm_capture_follow(c));
	for (uint32_t i = 0; i < READERS; i++) {
		readers[i] = (struct reader){ .c = c, .step = i + 1 };
		assert_int_equal(pthread_create(&threads[i], NULL, read_some, &readers[i]), 0);
	}
	for (uint32_t i = 0; i < READERS; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(readers[i].wrong, 0);
		assert_int_equal(readers[i].read, (FRAMES + i) / (i + 1));
	}
	assert_int_equal(pthread_join(writing, NULL), 0);
	nm_capture_close(c);
	(void)close(w.fd);
	cb_done(&b);
}

/* The frame table of a Network Monitor file is at its end: it is opened when that is there. */
static void a_network_monitor_file_is_opened_when_all_of_it_is_there(void **state)
{
	struct nm_capture *c = NULL;
	struct cb b = { 0 };
	struct writer w = { .fd = empty_file(), .b = &b };
	pthread_t writing;
	struct nm_view *v;
	struct nm_frame f;

	(void)state;
	cb_netmon(&b, 2, 1, 1, false);
	for (uint32_t i = 0; i < 100; i++)
		cb_netmon_frame(&b, i, 1 + i % 90, 1, 0);
	cb_netmon_end(&b, NULL, 0, NULL);
	atomic_store(&coming, 1);
	assert_int_equal(pthread_create(&writing, NULL, write_all, &w), 0);
	assert_int_equal(nm_capture_open_growing(w.fd, &coming, &c, NULL), 0);
	assert_int_equal(atomic_load(&coming), 0);
	assert_true(nm_capture_follow(c));
	v = nm_view_new(c, 1);
	assert_int_equal(nm_view_frame(v, 99, &f), 0);
	assert_filled(&f, 99);
	assert_int_equal(nm_capture_total(c, NULL), 100);
	assert_int_equal(pthread_join(writing, NULL), 0);
	nm_view_free(v);
	nm_capture_close(c);
	(void)close(w.fd);
	cb_done(&b);
}

static void what_is_no_file_does_not_grow(void **state)
{
	struct nm_capture *c = NULL;
	struct nm_diag d;
	int fd = empty_file();

	(void)state;
	atomic_store(&coming, 1);
	assert_int_equal(nm_capture_open_growing(-1, &coming, &c, &d), NMERR_FILE_READ_ERROR);
	assert_null(c);
	atomic_store(&coming, 0);
	assert_int_equal(nm_capture_open_growing(fd, &coming, &c, &d), NMERR_FILE_READ_ERROR);
	assert_string_equal(d.text, "cannot be read: it holds nothing");
	(void)close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_frame_is_served_when_it_is_there),
		cmocka_unit_test(a_whole_file_is_indexed_beside_who_reads_it),
		cmocka_unit_test(nobody_waits_for_what_does_not_come),
		cmocka_unit_test(indexing_ends_in_the_middle_of_what_is_there),
		cmocka_unit_test(what_has_come_is_what_a_file_of_it_is),
		cmocka_unit_test(many_threads_follow_one_that_writes),
		cmocka_unit_test(a_network_monitor_file_is_opened_when_all_of_it_is_there),
		cmocka_unit_test(what_is_no_file_does_not_grow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
