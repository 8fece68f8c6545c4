/* SPDX-License-Identifier: MIT */
/* Calls every function wrongly and submits an event for each answer that is not
 * the documented one: the contract, as an expert sees it from its own process.
 * The capture has at least two frames. */
#include "testexpert.h"

TEST_REGISTER("errors", 0)

static HEXPERTKEY the_key;
static HCAPTURE the_capture;
static DWORD total; /* frames */

static void wrong(const char *what, uint64_t got, uint64_t want)
{
	char text[200];

	(void)snprintf(text, sizeof text, "%s: got %llu, want %llu", what, (unsigned long long)got,
	    (unsigned long long)want);
	(void)test_submit(the_key, text, NULL, 0, 0);
}

#define EXPECT(call, want)                                                                         \
	do {                                                                                       \
		uint64_t got_ = (uint64_t)(call), want_ = (uint64_t)(want);                        \
		if (got_ != want_)                                                                 \
			wrong(#call, got_, want_);                                                 \
	} while (0)

#define UNTOUCHED 0x5aa5u

/* A call that fails, and leaves its error behind; one that succeeds does not. */
#define EXPECT_LAST(call, want, last)                                                              \
	do {                                                                                       \
		(void)BhSetLastError(UNTOUCHED);                                                   \
		EXPECT(call, want);                                                                \
		if (BhGetLastError() != (last))                                                    \
			wrong("last error of " #call, BhGetLastError(), (last));                   \
	} while (0)

#define PTR(p) (uintptr_t)(p)

/* ---- keys ------------------------------------------------------------------ */

static void every_call_with(HEXPERTKEY bad)
{
	EXPERTFRAMEDESCRIPTOR f;
	EXPERTSTARTUPINFO info;
	NMEVENTDATA ev;
	DWORD err = UNTOUCHED;

	EXPECT_LAST(PTR(ExpertAllocMemory(bad, 10, &err)), 0, NMERR_INVALID_EXPERT_HANDLE);
	EXPECT(err, NMERR_INVALID_EXPERT_HANDLE);
	EXPECT(PTR(ExpertAllocMemory(bad, 10, NULL)), 0);
	err = UNTOUCHED;
	EXPECT(PTR(ExpertReallocMemory(bad, NULL, 10, &err)), 0);
	EXPECT(err, NMERR_INVALID_EXPERT_HANDLE);
	EXPECT_LAST(
	    ExpertFreeMemory(bad, NULL), NMERR_INVALID_EXPERT_HANDLE, NMERR_INVALID_EXPERT_HANDLE);
	EXPECT(ExpertMemorySize(bad, NULL), 0);
	EXPECT_LAST(ExpertGetFrame(bad, GET_FRAME_NEXT_FORWARD, 0, INVALID_FRAME_NUMBER, NULL, &f),
	    NMERR_INVALID_EXPERT_HANDLE, NMERR_INVALID_EXPERT_HANDLE);
	EXPECT(ExpertGetStartupInfo(bad, &info), NMERR_INVALID_EXPERT_HANDLE);
	EXPECT(ExpertIndicateStatus(bad, EXPERTSTATUS_RUNNING, 0, NULL, 1),
	    NMERR_INVALID_EXPERT_HANDLE);
	memset(&ev, 0, sizeof ev);
	EXPECT(ExpertSubmitEvent(bad, &ev), NMERR_INVALID_EXPERT_HANDLE);
	/* the key is looked at before anything else */
	EXPECT(ExpertGetFrame(bad, 99, 0, 0, NULL, NULL), NMERR_INVALID_EXPERT_HANDLE);
	EXPECT(ExpertGetStartupInfo(bad, NULL), NMERR_INVALID_EXPERT_HANDLE);
	EXPECT(ExpertSubmitEvent(bad, NULL), NMERR_INVALID_EXPERT_HANDLE);
}

static void bad_keys(void)
{
	static const uintptr_t made_up[] = { 0, 1, 4096, UINTPTR_MAX, UINTPTR_MAX / 2 };
	int on_stack;

	for (size_t i = 0; i < sizeof made_up / sizeof *made_up; i++)
		every_call_with((HEXPERTKEY)made_up[i]);
	for (unsigned bit = 0; bit < 8 * sizeof(uintptr_t); bit++)
		every_call_with((HEXPERTKEY)(PTR(the_key) ^ (uintptr_t)1 << bit));
	every_call_with((HEXPERTKEY)(void *)&on_stack);
	every_call_with((HEXPERTKEY)(void *)&the_key);
}

/* ---- memory ------------------------------------------------------------------ */

static bool all_zero(const BYTE *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

/* Not a block: for free, realloc and size alike. The block beside it lives on. */
static void not_a_block(const char *what, void *p)
{
	DWORD err = UNTOUCHED;
	uint64_t got;

	got = ExpertFreeMemory(the_key, p);
	if (got != NMERR_INVALID_PARAMETER)
		wrong(what, got, NMERR_INVALID_PARAMETER);
	got = PTR(ExpertReallocMemory(the_key, p, 32, &err));
	if (got || err != NMERR_INVALID_PARAMETER)
		wrong(what, err, NMERR_INVALID_PARAMETER);
	got = ExpertMemorySize(the_key, p);
	if (got)
		wrong(what, got, 0);
}

static void wrong_pointers(void)
{
	BYTE *block = ExpertAllocMemory(the_key, 100, NULL), *big, *freed;
	static int in_data;
	int on_stack;

	memset(block, 0x77, 100);
	not_a_block("16 bytes into a block", block + 16);
	not_a_block("1 byte into a block", block + 1);
	not_a_block("before a block", block - 16);
	not_a_block("the end of a block", block + 112);
	not_a_block("the stack", &on_stack);
	not_a_block("data", &in_data);
	not_a_block("code", (void *)(uintptr_t)wrong_pointers);
	not_a_block("the first page", (void *)(uintptr_t)16);
	not_a_block("the last address", (void *)(UINTPTR_MAX - 15));
	not_a_block("an address that no machine has",
	    (void *)((uintptr_t)1 << (8 * sizeof(uintptr_t) - 1)));
	not_a_block("the key", (void *)the_key);
	big = ExpertAllocMemory(the_key, 3 << 20, NULL);
	not_a_block("a page into a big block", big + 4096);
	EXPECT(ExpertFreeMemory(the_key, big), NMERR_SUCCESS);
	not_a_block("a freed big block", big);
	freed = ExpertAllocMemory(the_key, 100, NULL);
	EXPECT(ExpertFreeMemory(the_key, freed), NMERR_SUCCESS);
	not_a_block("a freed block", freed);
	EXPECT(ExpertMemorySize(the_key, block), 100);
	EXPECT(block[0] == 0x77 && block[99] == 0x77, 1);
	EXPECT(ExpertFreeMemory(the_key, block), NMERR_SUCCESS);
}

static void alloc_and_free(void)
{
	DWORD err = UNTOUCHED;
	BYTE *p = ExpertAllocMemory(the_key, 0, &err), *q;

	EXPECT(p != NULL && err == NMERR_SUCCESS, 1);
	EXPECT(ExpertMemorySize(the_key, p), 0);
	q = ExpertAllocMemory(the_key, 0, NULL);
	EXPECT(q != NULL && q != p, 1);
	EXPECT(ExpertFreeMemory(the_key, q), NMERR_SUCCESS);
	EXPECT(ExpertFreeMemory(the_key, p), NMERR_SUCCESS);
	EXPECT_LAST(ExpertFreeMemory(the_key, NULL), NMERR_SUCCESS, UNTOUCHED);
	EXPECT(ExpertMemorySize(the_key, NULL), 0);
	for (size_t n = 1; n < 100000; n = n * 3 + 1) {
		p = ExpertAllocMemory(the_key, n, NULL);
		EXPECT(p != NULL && PTR(p) % 16 == 0 && all_zero(p, n), 1);
		EXPECT(ExpertMemorySize(the_key, p), n);
		memset(p, 0xee, n);
		EXPECT(ExpertFreeMemory(the_key, p), NMERR_SUCCESS);
	}
	err = UNTOUCHED;
	EXPECT_LAST(PTR(ExpertAllocMemory(the_key, SIZE_MAX, &err)), 0, NMERR_OUT_OF_MEMORY);
	EXPECT(err, NMERR_OUT_OF_MEMORY);
	EXPECT(PTR(ExpertAllocMemory(the_key, SIZE_MAX / 2, NULL)), 0);
}

static void realloc_keeps_and_clears(void)
{
	DWORD err = UNTOUCHED;
	BYTE *p = ExpertReallocMemory(the_key, NULL, 40, &err), *q;

	EXPECT(p != NULL && err == NMERR_SUCCESS && all_zero(p, 40), 1);
	memset(p, 0x31, 40);
	p = ExpertReallocMemory(the_key, p, 20, NULL);
	p = ExpertReallocMemory(the_key, p, 5000, NULL);
	EXPECT(p[0] == 0x31 && p[19] == 0x31 && all_zero(p + 20, 4980), 1);
	EXPECT(ExpertMemorySize(the_key, p), 5000);
	err = UNTOUCHED;
	q = ExpertReallocMemory(the_key, p, SIZE_MAX, &err);
	EXPECT(q == NULL && err == NMERR_OUT_OF_MEMORY, 1);
	EXPECT(ExpertMemorySize(the_key, p), 5000);
	EXPECT(p[19], 0x31);
	p = ExpertReallocMemory(the_key, p, 0, &err);
	EXPECT(p != NULL && err == NMERR_SUCCESS, 1);
	EXPECT(ExpertMemorySize(the_key, p), 0);
	EXPECT(ExpertFreeMemory(the_key, p), NMERR_SUCCESS);
}

/* ---- frames -------------------------------------------------------------------- */

static DWORD get(DWORD direction, DWORD number, EXPERTFRAMEDESCRIPTOR *f)
{
	return ExpertGetFrame(the_key, direction, 0, number, NULL, f);
}

static void frame_searches(void)
{
	EXPERTFRAMEDESCRIPTOR f;

	EXPECT(get(GET_FRAME_NEXT_FORWARD, INVALID_FRAME_NUMBER, &f), NMERR_SUCCESS);
	EXPECT(f.FrameNumber, 0);
	EXPECT(get(GET_FRAME_NEXT_FORWARD, 0, &f), NMERR_SUCCESS);
	EXPECT(f.FrameNumber, 1);
	EXPECT(get(GET_FRAME_NEXT_FORWARD, total - 1, &f), NMERR_NO_MORE_FRAMES);
	EXPECT(get(GET_FRAME_NEXT_FORWARD, total, &f), NMERR_NO_MORE_FRAMES);
	EXPECT(get(GET_FRAME_NEXT_FORWARD, INVALID_FRAME_NUMBER - 1, &f), NMERR_NO_MORE_FRAMES);
	EXPECT(get(GET_FRAME_NEXT_BACKWARD, INVALID_FRAME_NUMBER, &f), NMERR_SUCCESS);
	EXPECT(f.FrameNumber, total - 1);
	EXPECT(get(GET_FRAME_NEXT_BACKWARD, total, &f), NMERR_SUCCESS);
	EXPECT(f.FrameNumber, total - 1);
	EXPECT(get(GET_FRAME_NEXT_BACKWARD, total - 1, &f), NMERR_SUCCESS);
	EXPECT(f.FrameNumber, total - 2);
	EXPECT(get(GET_FRAME_NEXT_BACKWARD, 1, &f), NMERR_SUCCESS);
	EXPECT(f.FrameNumber, 0);
	EXPECT(get(GET_FRAME_NEXT_BACKWARD, 0, &f), NMERR_NO_MORE_FRAMES);
	EXPECT(get(GET_SPECIFIED_FRAME, total - 1, &f), NMERR_SUCCESS);
	EXPECT(f.FrameNumber, total - 1);
	EXPECT_LAST(
	    get(GET_SPECIFIED_FRAME, total, &f), NMERR_FRAME_NOT_FOUND, NMERR_FRAME_NOT_FOUND);
	EXPECT(get(GET_SPECIFIED_FRAME, INVALID_FRAME_NUMBER, &f), NMERR_FRAME_NOT_FOUND);
}

static void frame_arguments(void)
{
	EXPERTFRAMEDESCRIPTOR f, before;

	memset(&before, 0xa5, sizeof before);
	f = before;
	EXPECT(get(3, 0, &f), NMERR_INVALID_PARAMETER);
	EXPECT(get(0xffffffff, 0, &f), NMERR_INVALID_PARAMETER);
	EXPECT(get(GET_SPECIFIED_FRAME, total, &f), NMERR_FRAME_NOT_FOUND);
	EXPECT(get(GET_FRAME_NEXT_FORWARD, total - 1, &f), NMERR_NO_MORE_FRAMES);
	EXPECT(ExpertGetFrame(the_key, GET_SPECIFIED_FRAME, 0, 0, (HFILTER)(uintptr_t)0x1234, &f),
	    NMERR_INVALID_HFILTER);
	EXPECT(memcmp(&f, &before, sizeof f), 0);
	EXPECT(get(GET_SPECIFIED_FRAME, 0, NULL), NMERR_INVALID_PARAMETER);
	EXPECT_LAST(ExpertGetFrame(the_key, GET_SPECIFIED_FRAME, 0xfffffffc, 0, NULL, &f),
	    NMERR_SUCCESS, UNTOUCHED);
	EXPECT(f.lpPropertyTable == NULL, 1);
	EXPECT(f.lpRecognizeDataTable != NULL, 1);
	EXPECT(ExpertGetFrame(the_key, GET_SPECIFIED_FRAME, FLAGS_ATTACH_PROPERTIES, 0, NULL, &f),
	    NMERR_SUCCESS);
	EXPECT(f.lpPropertyTable != NULL, 1);
}

static void every_frame_call_with(HFRAME bad)
{
	EXPECT_LAST(GetFrameNumber(bad), 0xffffffff, NMERR_INVALID_HFRAME);
	EXPECT_LAST(GetFrameLength(bad), 0, NMERR_INVALID_HFRAME);
	EXPECT_LAST(GetFrameStoredLength(bad), 0, NMERR_INVALID_HFRAME);
	EXPECT_LAST(GetFrameTimeStamp(bad), -1, NMERR_INVALID_HFRAME);
	EXPECT_LAST(GetFrameMacType(bad), MAC_TYPE_UNKNOWN, NMERR_INVALID_HFRAME);
	EXPECT_LAST(PTR(GetFrameFromFrameHandle(bad)), 0, NMERR_INVALID_HFRAME);
	EXPECT_LAST(PTR(GetFrameCaptureHandle(bad)), 0, NMERR_INVALID_HFRAME);
}

/* A changed bit in a handle gives no frame, or another one of this capture. */
static void a_forged_handle_is_a_frame_or_none(HFRAME good)
{
	for (unsigned bit = 0; bit < 8 * sizeof(uintptr_t); bit++) {
		HFRAME forged = (HFRAME)(PTR(good) ^ (uintptr_t)1 << bit);
		DWORD n = GetFrameNumber(forged);

		if (n == INVALID_FRAME_NUMBER)
			every_frame_call_with(forged);
		else
			EXPECT(n < total && GetFrame(the_capture, n) == forged, 1);
	}
}

static void frame_handles(void)
{
	EXPERTFRAMEDESCRIPTOR f;
	HFRAME first = GetFrame(the_capture, 0);
	int on_stack;

	EXPECT(get(GET_SPECIFIED_FRAME, 0, &f), NMERR_SUCCESS);
	EXPECT(f.hFrame == first, 1);
	EXPECT(GetFrameCaptureHandle(first) == the_capture, 1);
	EXPECT_LAST(GetFrameNumber(first), 0, UNTOUCHED);
	EXPECT(GetFrameStoredLength(first) <= GetFrameLength(first), 1);
	EXPECT_LAST(PTR(GetFrame(the_capture, total)), 0, NMERR_FRAME_NOT_FOUND);
	EXPECT_LAST(PTR(GetFrame(NULL, 0)), 0, NMERR_INVALID_HCAPTURE);
	EXPECT_LAST(PTR(GetFrame((HCAPTURE)(void *)first, 0)), 0, NMERR_INVALID_HCAPTURE);
	every_frame_call_with(NULL);
	every_frame_call_with((HFRAME)(void *)the_capture);
	every_frame_call_with((HFRAME)(void *)the_key);
	every_frame_call_with((HFRAME)(void *)&on_stack);
	every_frame_call_with((HFRAME)UINTPTR_MAX);
	a_forged_handle_is_a_frame_or_none(first);
}

static void capture_handles(void)
{
	static const uintptr_t bad[] = { 0, 1, UINTPTR_MAX };

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		HCAPTURE c = (HCAPTURE)bad[i];

		EXPECT_LAST(GetCaptureTotalFrames(c), 0, NMERR_INVALID_HCAPTURE);
		EXPECT_LAST(PTR(GetCaptureTimeStamp(c)), 0, NMERR_INVALID_HCAPTURE);
		EXPECT_LAST(GetCaptureMacType(c), MAC_TYPE_UNKNOWN, NMERR_INVALID_HCAPTURE);
		EXPECT_LAST(PTR(GetCaptureComment(c)), 0, NMERR_INVALID_HCAPTURE);
	}
	EXPECT(GetCaptureTimeStamp(the_capture) != NULL, 1);
}

/* ---- startup, status, events ------------------------------------------------------ */

static void startup_info(const EXPERTSTARTUPINFO *given)
{
	EXPERTSTARTUPINFO got;

	EXPECT_LAST(
	    ExpertGetStartupInfo(the_key, NULL), NMERR_INVALID_PARAMETER, NMERR_INVALID_PARAMETER);
	memset(&got, 0xa5, sizeof got);
	EXPECT(ExpertGetStartupInfo(the_key, &got), NMERR_SUCCESS);
	EXPECT(got.hCapture == given->hCapture, 1);
	EXPECT(got.dwFrameNumber, given->dwFrameNumber);
	EXPECT(strcmp(got.szCaptureFile, given->szCaptureFile), 0);
	EXPECT(got.hProtocol == NULL && got.lpPropertyInst == NULL, 1);
}

static void status(void)
{
	static char long_text[10001];

	memset(long_text, 'x', sizeof long_text - 1);
	EXPECT(ExpertIndicateStatus(the_key, EXPERTSTATUS_RUNNING, 0, NULL, -1), NMERR_SUCCESS);
	EXPECT(
	    ExpertIndicateStatus(the_key, EXPERTSTATUS_RUNNING, 0, long_text, 250), NMERR_SUCCESS);
	EXPECT(
	    ExpertIndicateStatus(the_key, (EXPERTSTATUSENUMERATION)77, 0xffffffff, "", -2147483647),
	    NMERR_SUCCESS);
	EXPECT(ExpertIndicateStatus(the_key, EXPERTSTATUS_DONE, 0, "", 100), NMERR_SUCCESS);
	EXPECT(ExpertIndicateStatus(the_key, EXPERTSTATUS_RUNNING, 0, "", 50), NMERR_SUCCESS);
}

static void events(void)
{
	union test_event e;

	EXPECT_LAST(
	    ExpertSubmitEvent(the_key, NULL), NMERR_INVALID_PARAMETER, NMERR_INVALID_PARAMETER);
	memset(&e, 0, sizeof e);
	e.ev.Version = 1;
	EXPECT(ExpertSubmitEvent(the_key, &e.ev), NMERR_BAD_VERSION);
	e.ev.Version = 0;
	e.ev.NumColumns = 2;
	test_column(&e.ev, 1)->VariantData.Type = (NMCOLUMNTYPE)16;
	EXPECT(ExpertSubmitEvent(the_key, &e.ev), NMERR_INVALID_PARAMETER);
	test_column(&e.ev, 1)->VariantData.Type = (NMCOLUMNTYPE)-1;
	EXPECT(ExpertSubmitEvent(the_key, &e.ev), NMERR_INVALID_PARAMETER);
}

TEST_RUN
{
	TEST_UNUSED_ARGUMENTS;
	the_key = key;
	the_capture = startup->hCapture;
	total = GetCaptureTotalFrames(the_capture);
	if (total < 2) {
		wrong("frames in the capture", total, 2);
		return FALSE;
	}
	bad_keys();
	alloc_and_free();
	realloc_keeps_and_clears();
	wrong_pointers();
	frame_searches();
	frame_arguments();
	frame_handles();
	capture_handles();
	startup_info(startup);
	status();
	events();
	return TRUE;
}
