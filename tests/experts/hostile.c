/* SPDX-License-Identifier: MIT */
/* An expert that misbehaves: linked once for each misdeed and each phase of its
 * life, with a choice of one of each (hostile_choice.c).
 *
 * In the phases behind `first` it has submitted three events before, so that a
 * test can look for them in the report. A misdeed that comes back lets the run
 * go on; Run then returns what the misdeed found right or wrong.
 *
 * What any system has is here; what goes by a system's own calls is in hostile_linux.h and
 * hostile_windows.h, under one name where both have it. */
#include "hostile.h"
#include "testexpert.h"

#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ADDRESS_BITS (8 * (unsigned)sizeof(SIZE_T))

static BOOL result = TRUE; /* of Run */
static volatile int zero;

/* ---- misdeeds ------------------------------------------------------------------- */

/* Every misdeed is in every expert; one is used. */
#define MISDEED_FN(name) void JOIN(do_, name)(HEXPERTKEY key)

static void write_to_nothing(void)
{
	volatile int *volatile nowhere = NULL;

	*nowhere = 1;
}

MISDEED_FN(nullwrite)
{
	(void)key;
	write_to_nothing();
}

MISDEED_FN(nullcall)
{
	void (*volatile nowhere)(void) = NULL;

	(void)key;
	nowhere();
}

MISDEED_FN(divide)
{
	(void)key;
	(void)raise(SIGFPE);
}

MISDEED_FN(abort)
{
	(void)key;
	abort();
}

/* Over what follows its array, as far as where its caller goes on. */
MISDEED_FN(smash)
{
	char here[16];
	volatile char *to = here;

	(void)key;
	for (size_t i = 0; i < 4 * sizeof here; i++)
		to[i] = 'A';
}

MISDEED_FN(exit0)
{
	(void)key;
	exit(0);
}

MISDEED_FN(_exit0)
{
	(void)key;
	_exit(0);
}

MISDEED_FN(loop)
{
	(void)key;
	while (!zero)
		;
}

MISDEED_FN(loopapi)
{
	EXPERTFRAMEDESCRIPTOR f;

	while (!zero) {
		(void)ExpertGetFrame(key, GET_SPECIFIED_FRAME, 0, 0, NULL, &f);
		(void)ExpertIndicateStatus(key, EXPERTSTATUS_RUNNING, 0, "still here", 50);
	}
}

static int deeper(volatile int *above)
{
	volatile int here[256];

	here[0] = *above + 1;
	return zero ? here[0] : deeper(here) + here[0];
}

MISDEED_FN(stackoverflow)
{
	volatile int top = 0;

	(void)key;
	zero = deeper(&top);
}

/* These must be told off, not die: Run returns FALSE when they are not. */
MISDEED_FN(doublefree)
{
	void *p = ExpertAllocMemory(key, 100, NULL);

	result = p && ExpertFreeMemory(key, p) == NMERR_SUCCESS &&
		 ExpertFreeMemory(key, p) == NMERR_INVALID_PARAMETER;
}

MISDEED_FN(foreignfree)
{
	void *p = malloc(100);
	int here;

	result = ExpertFreeMemory(key, p) == NMERR_INVALID_PARAMETER &&
		 ExpertFreeMemory(key, &here) == NMERR_INVALID_PARAMETER;
	free(p);
}

/* Writes past the end of a block, then goes on using the heap. */
MISDEED_FN(overrun)
{
	BYTE *p = ExpertAllocMemory(key, 64, NULL), *q = ExpertAllocMemory(key, 64, NULL);

	memset(p, 0xff, 4096);
	result = q && ExpertMemorySize(key, p) == 64 && ExpertMemorySize(key, q) == 64 &&
		 ExpertFreeMemory(key, p) == NMERR_SUCCESS &&
		 ExpertFreeMemory(key, q) == NMERR_SUCCESS;
}

/* Takes heap until it is refused, and finds it in order afterwards. */
MISDEED_FN(heaphog)
{
	DWORD err = NMERR_SUCCESS;
	BYTE *last = NULL, *p;

	while ((p = ExpertAllocMemory(key, 1 << 20, &err)) != NULL) {
		p[0] = p[(1 << 20) - 1] = 1;
		last = p;
	}
	result = err == NMERR_OUT_OF_MEMORY && last && ExpertFreeMemory(key, last) == NMERR_SUCCESS;
}

/* Takes memory behind the host's back. */
MISDEED_FN(memoryhog)
{
	volatile char *p;

	(void)key;
	while ((p = malloc(16 << 20)) != NULL)
		for (size_t i = 0; i < 16 << 20; i += 4096)
			p[i] = 1;
}

MISDEED_FN(millionevents)
{
	for (DWORD i = 0; i < 1000000; i++)
		if (test_submit(key, "one of a million", "Number", NMCOLUMNTYPE_UINT32, i))
			return;
}

MISDEED_FN(hugeevent)
{
	size_t n = 64 << 20;
	union test_event e;
	char *text = malloc(n);

	if (!text)
		return;
	memset(text, 'x', n - 1);
	text[n - 1] = '\0';
	memset(&e, 0, sizeof e);
	e.ev.szDescription = text;
	(void)ExpertSubmitEvent(key, &e.ev);
	free(text);
}

MISDEED_FN(wildevent)
{
	union test_event e;

	memset(&e, 0, sizeof e);
	e.ev.szEventName = (char *)(uintptr_t)0x1000;
	(void)ExpertSubmitEvent(key, &e.ev);
}

MISDEED_FN(wildcolumns)
{
	union test_event e;

	memset(&e, 0xff, sizeof e);
	e.ev.Version = 0;
	(void)ExpertSubmitEvent(key, &e.ev);
}

/* Goes on calling for as long as it is told to end. */
MISDEED_FN(deaf)
{
	EXPERTFRAMEDESCRIPTOR f;

	while (ExpertGetFrame(key, GET_SPECIFIED_FRAME, 0, 0, NULL, &f) != NMERR_EXPERT_TERMINATE)
		;
	while (!zero)
		(void)ExpertAllocMemory(key, 10, NULL);
}

MISDEED_FN(percent250)
{
	result = ExpertIndicateStatus(key, (EXPERTSTATUSENUMERATION)99, 1, "250 %", 250) ==
		     NMERR_SUCCESS &&
		 ExpertIndicateStatus(key, EXPERTSTATUS_RUNNING, 0, NULL, -250) == NMERR_SUCCESS;
}

static void *crash_in_thread(void *arg)
{
	write_to_nothing();
	return arg;
}

MISDEED_FN(threadcrash)
{
	pthread_t id;

	(void)key;
	if (pthread_create(&id, NULL, crash_in_thread, NULL) == 0)
		(void)pthread_join(id, NULL);
}

static void *use_for_ever(void *key)
{
	EXPERTFRAMEDESCRIPTOR f;

	while (!zero)
		(void)ExpertGetFrame(key, GET_SPECIFIED_FRAME, 0, 0, NULL, &f);
	return NULL;
}

/* A thread that goes on using the key when Run has returned. */
MISDEED_FN(threadstays)
{
	pthread_t id;

	if (pthread_create(&id, NULL, use_for_ever, key) == 0)
		(void)pthread_detach(id);
}

/* ---- memory: told off, and nothing else ------------------------------------------- */

MISDEED_FN(useafterfree)
{
	BYTE *p = ExpertAllocMemory(key, 4000, NULL), *q;

	result = p && ExpertFreeMemory(key, p) == NMERR_SUCCESS;
	memset(p, 0xff, 4000);
	q = ExpertAllocMemory(key, 4000, NULL);
	for (size_t i = 0; q && i < 4000; i++)
		result = result && q[i] == 0;
	result = result && q && ExpertMemorySize(key, p) == (p == q ? 4000u : 0u);
}

MISDEED_FN(leak)
{
	for (DWORD i = 0; i < 1000; i++)
		result = ExpertAllocMemory(key, i, NULL) != NULL && result;
}

MISDEED_FN(hugealloc)
{
	DWORD err = NMERR_SUCCESS;

	for (unsigned bit = ADDRESS_BITS == 64 ? 40 : 31; bit < ADDRESS_BITS; bit++)
		result = !ExpertAllocMemory(key, (SIZE_T)1 << bit, &err) &&
			 err == NMERR_OUT_OF_MEMORY && result;
	result = !ExpertAllocMemory(key, ~(SIZE_T)0, &err) && err == NMERR_OUT_OF_MEMORY && result;
}

MISDEED_FN(millionallocs)
{
	for (DWORD i = 0; i < 1000000 && result; i++)
		result = ExpertAllocMemory(key, 16, NULL) != NULL;
}

/* ---- arguments -------------------------------------------------------------------- */

/* Every call with nothing but NULL, behind the key. */
static bool refuses_nothing(HEXPERTKEY key, DWORD want)
{
	bool ok = ExpertGetFrame(key, GET_FRAME_NEXT_FORWARD, 0, 0, NULL, NULL) == want;

	ok = ExpertSubmitEvent(key, NULL) == want && ok;
	ok = ExpertGetStartupInfo(key, NULL) == want && ok;
	return ExpertMemorySize(key, NULL) == 0 && ok;
}

MISDEED_FN(nulleverything)
{
	EXPERTFRAMEDESCRIPTOR f;

	result = refuses_nothing(key, NMERR_INVALID_PARAMETER) &&
		 ExpertFreeMemory(key, NULL) == NMERR_SUCCESS &&
		 ExpertIndicateStatus(key, EXPERTSTATUS_RUNNING, 0, NULL, 0) == NMERR_SUCCESS;
	result = GetFrameFromFrameHandle(NULL) == NULL &&
		 GetFrameNumber(NULL) == INVALID_FRAME_NUMBER &&
		 GetFrameCaptureHandle(NULL) == NULL && GetCaptureTotalFrames(NULL) == 0 && result;
	memset(&f, 0, sizeof f);
	result = ExpertGetFrame(NULL, GET_FRAME_NEXT_FORWARD, 0, 0, NULL, &f) ==
		     NMERR_INVALID_EXPERT_HANDLE &&
		 result;
}

static bool is_no_key(HEXPERTKEY key)
{
	DWORD err = NMERR_SUCCESS;

	return refuses_nothing(key, NMERR_INVALID_EXPERT_HANDLE) &&
	       !ExpertAllocMemory(key, 16, &err) && err == NMERR_INVALID_EXPERT_HANDLE &&
	       ExpertFreeMemory(key, &err) == NMERR_INVALID_EXPERT_HANDLE &&
	       ExpertIndicateStatus(key, EXPERTSTATUS_RUNNING, 0, NULL, 0) ==
		   NMERR_INVALID_EXPERT_HANDLE;
}

/* Keys and handles near the right ones, and far from them. Outside Run no key is any. */
MISDEED_FN(madeupkeys)
{
	uintptr_t nearby = (uintptr_t)key;

	for (unsigned bit = 0; bit < ADDRESS_BITS; bit++) {
		result = is_no_key((HEXPERTKEY)(nearby ^ (uintptr_t)1 << bit)) && result;
		result = GetFrameFromFrameHandle((HFRAME)((uintptr_t)1 << bit)) == NULL && result;
		result = GetCaptureTotalFrames((HCAPTURE)((uintptr_t)1 << bit)) == 0 && result;
	}
	result = is_no_key((HEXPERTKEY)&nearby) && is_no_key((HEXPERTKEY)(uintptr_t)-1) && result;
}

static HEXPERTKEY kept_key; /* of Run, which is over when this is unloaded */

MISDEED_FN(keptkey)
{
	(void)key;
	if (!is_no_key(kept_key))
		write_to_nothing();
}

MISDEED_FN(wrongtypes)
{
	union test_event e;

	for (unsigned type = NMCOLUMNTYPE_STRING + 1; type < 70000; type = type * 3 + 1) {
		memset(&e, 0, sizeof e);
		e.ev.NumColumns = 1;
		test_column(&e.ev, 0)->VariantData.Type = (NMCOLUMNTYPE)type;
		result = ExpertSubmitEvent(key, &e.ev) == NMERR_INVALID_PARAMETER && result;
	}
	memset(&e, 0, sizeof e);
	e.ev.Version = 1;
	result = ExpertSubmitEvent(key, &e.ev) == NMERR_BAD_VERSION && result;
}

/* ---- what a process can change of itself -------------------------------------------- */

MISDEED_FN(fpumode)
{
	(void)key;
	(void)fesetround(FE_UPWARD);
}

MISDEED_FN(folder)
{
	(void)key;
	(void)!chdir("/");
	(void)umask(0777);
}

static void ignore_all(void)
{
	for (int s = 1; s < 32; s++)
		(void)signal(s, SIG_IGN);
}

MISDEED_FN(ignoreall)
{
	(void)key;
	ignore_all();
}

/* A crash whose signal it had ignored, and one whose handler comes back to it. */
MISDEED_FN(ignorecrash)
{
	(void)key;
	ignore_all();
	write_to_nothing();
}

#if defined(_WIN32)
#include "hostile_windows.h"
#else
#include "hostile_linux.h"
#endif

/* ---- phases ----------------------------------------------------------------------- */

static bool done;

static void in_phase(enum phase now, HEXPERTKEY key)
{
	if (now != chosen_phase || done)
		return;
	done = true;
	chosen(key);
}

__attribute__((constructor)) static void loading(void)
{
	in_phase(LOAD, NULL);
}

__attribute__((destructor)) static void unloading(void)
{
	in_phase(UNLOAD, NULL);
}

NMAPI_EXPORT BOOL WINAPI DllMain(HINSTANCE module, ULONG reason, LPVOID reserved)
{
	(void)module;
	(void)reserved;
	if (reason == DLL_PROCESS_DETACH)
		in_phase(UNLOAD, NULL);
	return TRUE;
}

NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO info)
{
	in_phase(REGISTER_CALL, NULL);
	return test_register(
	    info, "hostile", chosen_phase == CONFIGURE_CALL ? EXPERT_ENUM_FLAG_CONFIGURABLE : 0);
}

/* Leaves a configuration that a test would find. */
NMAPI_EXPORT BOOL WINAPI Configure(
    HEXPERTKEY key, PEXPERTCONFIG *config, PEXPERTSTARTUPINFO startup, DWORD flags, HWND window)
{
	(void)startup;
	(void)flags;
	(void)window;
	*config = ExpertReallocMemory(key, *config, 8, NULL);
	(*config)->RawConfigLength = 8;
	in_phase(CONFIGURE_CALL, key);
	return result;
}

TEST_RUN
{
	EXPERTFRAMEDESCRIPTOR f = { .FrameNumber = INVALID_FRAME_NUMBER };
	DWORD total = GetCaptureTotalFrames(startup->hCapture);

	TEST_UNUSED_ARGUMENTS;
	kept_key = key;
	for (DWORD i = 0; i < 3 && chosen_phase > FIRST; i++)
		if (test_submit(key, "before the misdeed", "Number", NMCOLUMNTYPE_UINT32, i))
			return FALSE;
	while (test_next(key, &f) == NMERR_SUCCESS) {
		in_phase(FIRST, key);
		if (f.FrameNumber == total / 2)
			in_phase(MIDDLE, key);
		if (f.FrameNumber == total - 1)
			in_phase(LAST, key);
	}
	in_phase(AFTER, key);
	return result;
}
