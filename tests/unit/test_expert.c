/* SPDX-License-Identifier: MIT */
/* expert/: the Expert* contract (keys, stopping, frames, status, events), a row
 * per rule of the interface's description. */
#include "base/nmerr.h"
#include "capture/capture.h"
#include "check.h"
#include "expert/run.h"
#include "expert/session.h"
#include "make_pcap.h"

#include <stdlib.h>
#if !defined(_WIN32)
#include <sys/wait.h>
#endif

#define FRAMES 5

static struct nm_status status;
static struct nm_capture *capture;
static HEXPERTKEY key;
static unsigned submitted;
static uint32_t submit_answer;

static uint32_t on_submit(void *ctx, const NMEVENTDATA *ev)
{
	assert_ptr_equal(ctx, &submitted);
	assert_non_null(ev);
	submitted++;
	return submit_answer;
}

static HEXPERTKEY open_run(struct nm_capture *c, bool no_events)
{
	EXPERTSTARTUPINFO startup = { .dwFrameNumber = INVALID_FRAME_NUMBER };
	struct nm_run_config cfg = { .capture = c,
		.startup = &startup,
		.no_events = no_events,
		.ops = { on_submit, &submitted },
		.status = &status };
	HEXPERTKEY k = NULL;

	startup.hCapture = nm_session_capture();
	assert_int_equal(nm_run_open(&cfg, &k), NMERR_SUCCESS);
	assert_non_null(k);
	return k;
}

static int setup(void **state)
{
	(void)state;
	memset(&status, 0, sizeof status);
	status.frame = status.first_frame = status.last_frame = NM_NO_FRAME_YET;
	submitted = 0;
	submit_answer = NMERR_SUCCESS;
	assert_int_equal(nm_capture_open(make_pcap(FRAMES), &capture, NULL), NMERR_SUCCESS);
	assert_int_equal(nm_session_open(capture), NMERR_SUCCESS);
	key = open_run(capture, false);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	nm_run_close(key, NULL);
	nm_session_close();
	nm_capture_close(capture);
	return 0;
}

/* ---- keys --------------------------------------------------------------------------- */

/* Every Expert* function with one key: what each answers. */
static void all_refuse(HEXPERTKEY k)
{
	EXPERTFRAMEDESCRIPTOR d;
	EXPERTSTARTUPINFO s;
	NMEVENTDATA ev = { 0 };
	uint32_t err = 0;
	int block;

	assert_null(nm_run_alloc(k, 8, &err));
	assert_int_equal(err, NMERR_INVALID_EXPERT_HANDLE);
	assert_null(nm_run_alloc(k, 8, NULL));
	err = 0;
	assert_null(nm_run_realloc(k, NULL, 8, &err));
	assert_int_equal(err, NMERR_INVALID_EXPERT_HANDLE);
	assert_int_equal(nm_run_free(k, &block), NMERR_INVALID_EXPERT_HANDLE);
	assert_int_equal(nm_run_free(k, NULL), NMERR_INVALID_EXPERT_HANDLE);
	assert_int_equal(nm_run_size(k, &block), 0);
	assert_int_equal(nm_run_get_frame(k, 1, 0, 0, NULL, &d), NMERR_INVALID_EXPERT_HANDLE);
	assert_int_equal(nm_run_get_frame(k, 77, 0, 0, NULL, NULL), NMERR_INVALID_EXPERT_HANDLE);
	assert_int_equal(nm_run_startup(k, &s), NMERR_INVALID_EXPERT_HANDLE);
	assert_int_equal(nm_run_indicate(k, 2, 0, "", 1), NMERR_INVALID_EXPERT_HANDLE);
	assert_int_equal(nm_run_submit(k, &ev), NMERR_INVALID_EXPERT_HANDLE);
	assert_int_equal(nm_last_error(), NMERR_INVALID_EXPERT_HANDLE);
}

static void made_up_keys_are_refused(void **state)
{
	uintptr_t k = (uintptr_t)key;

	(void)state;
	all_refuse(NULL);
	all_refuse(&k);
	all_refuse((HEXPERTKEY)(uintptr_t)1);
	all_refuse((HEXPERTKEY)(uintptr_t)UINT64_MAX);
	for (unsigned bit = 0; bit < sizeof k * 8; bit++)
		all_refuse((HEXPERTKEY)(k ^ (uintptr_t)1 << bit));
	assert_int_equal(submitted, 0);
}

static void a_dead_key_never_comes_back(void **state)
{
	HEXPERTKEY first = open_run(NULL, false);
	void *block = nm_run_alloc(first, 100, NULL);

	(void)state;
	nm_run_close(first, NULL);
	all_refuse(first);
	assert_int_equal(nm_run_free(first, block), NMERR_INVALID_EXPERT_HANDLE);
	for (unsigned i = 0; i < 1000; i++) {
		HEXPERTKEY next = open_run(NULL, false);

		assert_ptr_not_equal(next, first);
		nm_run_close(next, NULL);
		all_refuse(first);
	}
	nm_run_close(first, NULL); /* ignored */
}

static void a_block_belongs_to_its_key(void **state)
{
	HEXPERTKEY other = open_run(NULL, false);
	void *block = nm_run_alloc(key, 100, NULL);
	uint32_t err = 0;

	(void)state;
	assert_int_equal(nm_run_free(other, block), NMERR_INVALID_PARAMETER);
	assert_null(nm_run_realloc(other, block, 200, &err));
	assert_int_equal(err, NMERR_INVALID_PARAMETER);
	assert_int_equal(nm_run_size(other, block), 0);
	assert_int_equal(nm_run_size(key, block), 100);
	assert_int_equal(nm_run_free(key, block), NMERR_SUCCESS);
	nm_run_close(other, NULL);
}

static void there_is_an_end_to_open_runs(void **state)
{
	EXPERTSTARTUPINFO startup = { 0 };
	struct nm_run_config cfg = { .startup = &startup, .status = &status };
	HEXPERTKEY k[64], over;
	unsigned n = 0;

	(void)state;
	while (n < COUNT(k) && nm_run_open(&cfg, &k[n]) == NMERR_SUCCESS)
		n++;
	assert_in_range(n, sizeof(void *) < 8 ? 3 : 8, 63);
	assert_int_equal(nm_run_open(&cfg, &over), NMERR_NO_HANDLES);
	while (n > 0)
		nm_run_close(k[--n], NULL);
	assert_int_equal(nm_run_open(&cfg, &over), NMERR_SUCCESS);
	nm_run_close(over, NULL);
}

/* ---- stopping ------------------------------------------------------------------------- */

static void a_stop_is_said_by_every_call_that_can(void **state)
{
	EXPERTFRAMEDESCRIPTOR d;
	EXPERTSTARTUPINFO s;
	NMEVENTDATA ev = { 0 };
	uint32_t err = 0;
	void *block = nm_run_alloc(key, 10, NULL), *kept = nm_run_alloc(key, 20, NULL);

	(void)state;
	status.terminate = 1;
	assert_null(nm_run_alloc(key, 8, &err));
	assert_int_equal(err, NMERR_EXPERT_TERMINATE);
	assert_null(nm_run_realloc(key, kept, 8, &err));
	assert_int_equal(err, NMERR_EXPERT_TERMINATE);
	assert_int_equal(nm_run_size(key, kept), 20); /* unchanged, and size never says it */
	assert_int_equal(nm_run_free(key, block), NMERR_EXPERT_TERMINATE);
	assert_int_equal(nm_run_size(key, block), 0); /* freed all the same */
	assert_int_equal(nm_run_get_frame(key, 1, 0, 0, NULL, &d), NMERR_EXPERT_TERMINATE);
	assert_int_equal(nm_run_get_frame(key, 9, 0, 0, NULL, NULL), NMERR_EXPERT_TERMINATE);
	assert_int_equal(nm_run_indicate(key, 2, 0, NULL, 5), NMERR_EXPERT_TERMINATE);
	assert_int_equal(nm_run_submit(key, &ev), NMERR_EXPERT_TERMINATE);
	assert_int_equal(nm_run_submit(key, NULL), NMERR_EXPERT_TERMINATE);
	assert_int_equal(nm_run_startup(key, &s), NMERR_SUCCESS);
	assert_int_equal(status.told, 1);
	assert_int_equal(submitted, 0);
}

/* ---- frames ----------------------------------------------------------------------------- */

static const struct {
	const char *name;
	DWORD direction, number;
	uint32_t want;  /* NMERR code */
	uint32_t frame; /* when it succeeds */
} rows[] = {
	{ "specified: the first", 0, 0, NMERR_SUCCESS, 0 },
	{ "specified: the last", 0, FRAMES - 1, NMERR_SUCCESS, FRAMES - 1 },
	{ "specified: one past the last", 0, FRAMES, NMERR_FRAME_NOT_FOUND, 0 },
	{ "specified: the highest number", 0, 0xFFFFFFFF, NMERR_FRAME_NOT_FOUND, 0 },
	{ "forward from -1 is the first", 1, 0xFFFFFFFF, NMERR_SUCCESS, 0 },
	{ "forward is exclusive", 1, 0, NMERR_SUCCESS, 1 },
	{ "forward from the one before the last", 1, FRAMES - 2, NMERR_SUCCESS, FRAMES - 1 },
	{ "forward from the last", 1, FRAMES - 1, NMERR_NO_MORE_FRAMES, 0 },
	{ "forward from far beyond", 1, 0x7FFFFFFF, NMERR_NO_MORE_FRAMES, 0 },
	{ "forward from -2", 1, 0xFFFFFFFE, NMERR_NO_MORE_FRAMES, 0 },
	{ "backward from -1 is the last", 2, 0xFFFFFFFF, NMERR_SUCCESS, FRAMES - 1 },
	{ "backward from beyond the end is the last", 2, FRAMES + 7, NMERR_SUCCESS, FRAMES - 1 },
	{ "backward from the total is the last", 2, FRAMES, NMERR_SUCCESS, FRAMES - 1 },
	{ "backward is exclusive", 2, FRAMES - 1, NMERR_SUCCESS, FRAMES - 2 },
	{ "backward from 1 is the first", 2, 1, NMERR_SUCCESS, 0 },
	{ "backward from 0", 2, 0, NMERR_NO_MORE_FRAMES, 0 },
	{ "direction 3", 3, 0, NMERR_INVALID_PARAMETER, 0 },
	{ "direction -1", 0xFFFFFFFF, 0, NMERR_INVALID_PARAMETER, 0 },
};

#if !defined(_WIN32)
/* In a worker, where another process counts -- and here never comes to it. */
static void waiting_for_the_total_ends_with_a_stop(void **state)
{
	int st = -1;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)alarm(20);
		if (!nm_capture_make_reader(capture, 0))
			_exit(2);
		atomic_store(&status.terminate, 1);
		_exit(nm_session_total() == nm_capture_indexed(capture) ? 0 : 3);
	}
	assert_int_equal(waitpid(pid, &st, 0), pid);
	assert_int_equal(st, 0);
	assert_int_equal(nm_session_total(), FRAMES);
}
#endif

static void directions_follow_their_rules(void **state)
{
	(void)state;
	for (unsigned flags = 0; flags < 2; flags++)
		for (size_t i = 0; i < COUNT(rows); i++) {
			EXPERTFRAMEDESCRIPTOR d, before;

			memset(&d, 0x5a, sizeof d);
			before = d;
			print_message("# %s\n", rows[i].name);
			assert_int_equal(nm_run_get_frame(key, rows[i].direction,
					     flags ? 0xFFFFFFFE : 0, rows[i].number, NULL, &d),
			    rows[i].want);
			if (rows[i].want) { /* a failure leaves the descriptor alone */
				assert_memory_equal(&d, &before, sizeof d);
				continue;
			}
			assert_int_equal(d.FrameNumber, rows[i].frame);
			assert_int_equal(d.pFrame->nBytesAvail, rows[i].frame + 14);
			assert_int_equal(d.pFrame->FrameLength, rows[i].frame + 100);
			assert_int_equal(d.pFrame->MacFrame[5], rows[i].frame);
			assert_true(d.pFrame->TimeStamp == (int64_t)rows[i].frame * 1000000 + 500);
			assert_int_equal(d.lpRecognizeDataTable->nRecognizeDatas, 1); /* FRAME */
			assert_int_equal(d.lpPropertyTable != NULL, flags);
			assert_true(nm_frame_number(d.hFrame, &(uint32_t){ 0 }));
		}
}

static void a_walk_sees_each_frame_once(void **state)
{
	EXPERTFRAMEDESCRIPTOR d = { .FrameNumber = 0xFFFFFFFF };
	unsigned n = 0;

	(void)state;
	while (nm_run_get_frame(key, 1, 0, d.FrameNumber, NULL, &d) == NMERR_SUCCESS)
		assert_int_equal(d.FrameNumber, n++);
	assert_int_equal(n, FRAMES);
	assert_int_equal(status.frames_seen, FRAMES);
	assert_int_equal(status.first_frame, 0);
	assert_int_equal(status.last_frame, FRAMES - 1);
	while (nm_run_get_frame(key, 2, 0, d.FrameNumber, NULL, &d) == NMERR_SUCCESS)
		;
	assert_int_equal(status.frames_seen, FRAMES); /* none was new on the way back */
	assert_int_equal(status.frame, 0);
}

static void other_arguments_are_checked(void **state)
{
	EXPERTFRAMEDESCRIPTOR d;
	HEXPERTKEY blind = open_run(NULL, false);

	(void)state;
	assert_int_equal(nm_run_get_frame(key, 1, 0, 0, NULL, NULL), NMERR_INVALID_PARAMETER);
	assert_int_equal(
	    nm_run_get_frame(key, 1, 0, 0, (HFILTER)(uintptr_t)8, &d), NMERR_INVALID_HFILTER);
	assert_int_equal(nm_run_get_frame(blind, 1, 0, 0, NULL, &d), NMERR_INVALID_HCAPTURE);
	assert_int_equal(nm_run_startup(key, NULL), NMERR_INVALID_PARAMETER);
	nm_run_close(blind, NULL);
}

static void handles_are_told_apart(void **state)
{
	uint64_t h = (uint64_t)(uintptr_t)nm_frame_handle(2),
		 c = (uint64_t)(uintptr_t)nm_session_capture();
	struct nm_frame f;
	uint32_t n = 99;

	(void)state;
	assert_true(nm_frame_number((HFRAME)(uintptr_t)h, &n));
	assert_int_equal(n, 2);
	assert_int_equal(nm_session_frame((HFRAME)(uintptr_t)h, &f), NMERR_SUCCESS);
	assert_int_equal(f.record[16], 2);
	assert_false(nm_frame_number(NULL, &n));
	assert_false(nm_frame_number((HFRAME)(uintptr_t)c, &n));
	assert_false(nm_frame_number(nm_frame_handle(FRAMES), &n));
	assert_int_equal(nm_last_error(), NMERR_INVALID_HFRAME);
	assert_int_equal(nm_session_frame(nm_frame_handle(FRAMES), &f), NMERR_INVALID_HFRAME);
	assert_ptr_equal(nm_session_from_handle((HCAPTURE)(uintptr_t)c), capture);
	assert_null(nm_session_from_handle(NULL));
	assert_null(nm_session_from_handle((HCAPTURE)(uintptr_t)h));
	assert_int_equal(nm_last_error(), NMERR_INVALID_HCAPTURE);
	nm_session_close();
	assert_false(nm_frame_number((HFRAME)(uintptr_t)h, &n)); /* no session */
	assert_int_equal(nm_session_open(capture), NMERR_SUCCESS);
	assert_false(nm_frame_number((HFRAME)(uintptr_t)h, &n)); /* another one */
	assert_null(nm_session_from_handle((HCAPTURE)(uintptr_t)c));
}

/* ---- status and events ---------------------------------------------------------------------- */

static void status_follows_its_rules(void **state)
{
	char longer[NM_STATUS_TEXT + 40];

	(void)state;
	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	assert_int_equal(
	    nm_run_indicate(key, EXPERTSTATUS_RUNNING, 0, "reading", 40), NMERR_SUCCESS);
	assert_int_equal(status.percent, 40);
	assert_string_equal(status.text, "reading");
	assert_int_equal(nm_run_indicate(key, EXPERTSTATUS_PROBLEM, 7, NULL, 100), NMERR_SUCCESS);
	assert_int_equal(status.percent, 40); /* above 99 is ignored */
	assert_int_equal(status.status, EXPERTSTATUS_PROBLEM);
	assert_int_equal(status.substatus, 7);
	assert_string_equal(status.text, "reading"); /* NULL keeps it */
	nm_run_indicate(key, 6, 0, "", -1);
	assert_int_equal(status.status, EXPERTSTATUS_RUNNING);
	assert_int_equal(status.percent, 40);
	assert_string_equal(status.text, "");
	nm_run_indicate(key, 2, 0, longer, 12);
	assert_int_equal(status.percent, 12); /* it may go down */
	assert_int_equal(strlen(status.text), NM_STATUS_TEXT - 1);
	assert_int_equal(status.text_turn % 2, 0);
}

static void events_are_checked_before_they_are_sent(void **state)
{
	NMEVENTDATA *ev = calloc(1, sizeof *ev + 2 * sizeof(NMCOLUMNINFO));
	HEXPERTKEY silent = open_run(capture, true);

	(void)state;
	assert_int_equal(nm_run_submit(key, NULL), NMERR_INVALID_PARAMETER);
	ev->Version = 1;
	assert_int_equal(nm_run_submit(key, ev), NMERR_BAD_VERSION);
	ev->Version = 0;
	ev->NumColumns = 2;
	ev->Column[1].VariantData.Type = (NMCOLUMNTYPE)16;
	assert_int_equal(nm_run_submit(key, ev), NMERR_INVALID_PARAMETER);
	ev->Column[1].VariantData.Type = (NMCOLUMNTYPE)-1;
	assert_int_equal(nm_run_submit(key, ev), NMERR_INVALID_PARAMETER);
	assert_int_equal(submitted, 0);
	ev->Column[1].VariantData.Type = NMCOLUMNTYPE_STRING;
	ev->Severity = 99;
	assert_int_equal(nm_run_submit(key, ev), NMERR_SUCCESS);
	assert_int_equal(submitted, 1);
	assert_int_equal(nm_run_submit(silent, ev), NMERR_EXPERT_REPORT_FAILED);
	submit_answer = NMERR_OUT_OF_MEMORY;
	assert_int_equal(nm_run_submit(key, ev), NMERR_OUT_OF_MEMORY);
	assert_int_equal(submitted, 2);
	nm_run_close(silent, NULL);
	free(ev);
}

static void what_is_left_behind_is_counted(void **state)
{
	HEXPERTKEY k = open_run(NULL, false);
	struct nm_heap_stats s;
	uint32_t err = 99;

	(void)state;
	assert_non_null(nm_run_alloc(k, 100, &err));
	assert_int_equal(err, NMERR_SUCCESS);
	assert_non_null(nm_run_realloc(k, NULL, 0, &err));
	assert_int_equal(nm_run_free(k, NULL), NMERR_SUCCESS);
	nm_run_close(k, &s);
	assert_int_equal(s.live_blocks, 2);
	assert_int_equal(s.live_bytes, 100);
	assert_int_equal(status.heap_live_blocks, 2);
}

static void what_configure_leaves_is_checked(void **state)
{
	HEXPERTKEY other = open_run(NULL, true);
	uint32_t bytes[4] = { sizeof bytes }, n = 0;
	EXPERTCONFIG *lent = nm_run_lend(key, bytes, sizeof bytes), *foreign, *freed, *small;

	(void)state;
	assert_non_null(lent);
	assert_memory_equal(lent, bytes, sizeof bytes);
	assert_int_equal(nm_run_size(key, lent), sizeof bytes);
	assert_int_equal(nm_run_config_length(key, lent, &n), NMERR_SUCCESS);
	assert_int_equal(n, sizeof bytes);
	foreign = nm_run_lend(other, bytes, sizeof bytes);
	freed = nm_run_lend(key, bytes, sizeof bytes);
	small = nm_run_lend(key, bytes, 3);
	assert_int_equal(nm_run_free(key, freed), NMERR_SUCCESS);
	{
		const EXPERTCONFIG *const wrong[] = { NULL, foreign, freed, small,
			(EXPERTCONFIG *)(void *)bytes, (EXPERTCONFIG *)((char *)lent + 4),
			(EXPERTCONFIG *)(uintptr_t)0x10, (EXPERTCONFIG *)UINTPTR_MAX };

		for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
			assert_int_equal(
			    nm_run_config_length(key, wrong[i], &n), NMERR_INVALID_DATA);
	}
	for (uint32_t length = 0; length < 40; length++) {
		memcpy(lent, &length, sizeof length);
		assert_int_equal(nm_run_config_length(key, lent, &n),
		    length >= 4 && length <= sizeof bytes ? NMERR_SUCCESS : NMERR_INVALID_DATA);
	}
	nm_run_close(other, NULL);
	assert_int_equal(nm_run_config_length(other, foreign, &n), NMERR_INVALID_DATA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(made_up_keys_are_refused),
		T(a_dead_key_never_comes_back),
		T(a_block_belongs_to_its_key),
		T(there_is_an_end_to_open_runs),
		T(a_stop_is_said_by_every_call_that_can),
#if !defined(_WIN32)
		T(waiting_for_the_total_ends_with_a_stop),
#endif
		T(directions_follow_their_rules),
		T(a_walk_sees_each_frame_once),
		T(other_arguments_are_checked),
		T(handles_are_told_apart),
		T(status_follows_its_rules),
		T(events_are_checked_before_they_are_sent),
		T(what_is_left_behind_is_counted),
		T(what_configure_leaves_is_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
