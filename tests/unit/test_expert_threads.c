/* SPDX-License-Identifier: MIT */
/* Several threads of one expert use its key at once: nothing is lost, nobody
 * gets another's block, and the sanitizer sees no race. */
#include "check.h"
#include "capture/capture.h"
#include "expert/run.h"
#include "expert/session.h"
#include "make_pcap.h"

#include <pthread.h>
#include <stdlib.h>

#define THREADS 4
#define ROUNDS  3000
#define FRAMES  2000

static struct nm_status status;
static HEXPERTKEY key;
static unsigned submitted; /* guarded by the run's own lock: that is what is tested */
static void *handed[THREADS][ROUNDS];

static uint32_t on_submit(void *ctx, const NMEVENTDATA *ev)
{
	(void)ev;
	++*(unsigned *)ctx;
	return NMERR_SUCCESS;
}

/* Blocks are filled by one thread and freed by another. */
static void *worker(void *arg)
{
	unsigned me = (unsigned)(uintptr_t)arg;
	EXPERTFRAMEDESCRIPTOR d;
	NMEVENTDATA ev = { 0 };
	uintptr_t bad = 0;

	for (unsigned i = 0; i < ROUNDS; i++) {
		size_t size = (i * 37 + me) % 700;
		unsigned char *p = nm_run_alloc(key, size, NULL);

		bad += p == NULL || nm_run_size(key, p) != size;
		for (size_t b = 0; p && b < size; b++)
			bad += p[b] != 0;
		if (p && size)
			memset(p, (int)me + 1, size);
		p = nm_run_realloc(key, p, size + 8, NULL);
		bad += p == NULL || (size && p[size - 1] != me + 1);
		__atomic_store_n(&handed[me][i], p, __ATOMIC_RELEASE);
		p = __atomic_exchange_n(&handed[(me + 1) % THREADS][i], NULL, __ATOMIC_ACQ_REL);
		if (p)
			bad += nm_run_free(key, p) != NMERR_SUCCESS;
		bad += nm_run_get_frame(key, GET_SPECIFIED_FRAME, 0, (i * 7 + me) % FRAMES, NULL,
			   &d) != NMERR_SUCCESS;
		bad += nm_run_indicate(key, EXPERTSTATUS_RUNNING, 0, "busy", (int)(i % 100)) !=
		       NMERR_SUCCESS;
		bad += nm_run_submit(key, &ev) != NMERR_SUCCESS;
	}
	return (void *)bad;
}

static void four_threads_share_a_key(void **state)
{
	EXPERTSTARTUPINFO startup = { 0 };
	struct nm_capture *capture;
	struct nm_run_config cfg = {
		.startup = &startup, .ops = { on_submit, &submitted }, .status = &status
	};
	struct nm_heap_stats heap;
	pthread_t t[THREADS];

	(void)state;
	status.frame = status.first_frame = status.last_frame = NM_NO_FRAME_YET;
	assert_int_equal(nm_capture_open(make_pcap(FRAMES), &capture, NULL), NMERR_SUCCESS);
	assert_int_equal(nm_session_open(capture), NMERR_SUCCESS);
	cfg.capture = capture;
	assert_int_equal(nm_run_open(&cfg, &key), NMERR_SUCCESS);
	for (uintptr_t i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, worker, (void *)i), 0);
	for (unsigned i = 0; i < THREADS; i++) {
		void *bad;

		assert_int_equal(pthread_join(t[i], &bad), 0);
		assert_ptr_equal(bad, NULL);
	}
	assert_int_equal(submitted, THREADS * ROUNDS);
	for (unsigned i = 0; i < THREADS; i++)
		for (unsigned r = 0; r < ROUNDS; r++)
			if (handed[i][r])
				assert_int_equal(nm_run_free(key, handed[i][r]), NMERR_SUCCESS);
	nm_run_close(key, &heap);
	assert_int_equal(heap.live_blocks, 0);
	assert_int_equal(heap.live_bytes, 0);
	nm_session_close();
	nm_capture_close(capture);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(four_threads_share_a_key) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
