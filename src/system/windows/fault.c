/* SPDX-License-Identifier: MIT */
/* Exceptions, and threads whose time is watched from beside them. */
#include "system/fault.h"
#include "system/windows/errors.h"
#include "system/windows/frames.h"
#include "system/windows/thread.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdio.h>

/* Of ntdll, which no header declares. */
LONG NTAPI NtContinue(CONTEXT *context, BOOLEAN alertable);

static enum nm_fault_kind kind_of(DWORD code)
{
	switch (code) {
	case EXCEPTION_ACCESS_VIOLATION:
	case EXCEPTION_GUARD_PAGE: return NM_FAULT_ACCESS;
	case EXCEPTION_IN_PAGE_ERROR:
	case EXCEPTION_STACK_OVERFLOW:
	case EXCEPTION_ILLEGAL_INSTRUCTION:
	case EXCEPTION_PRIV_INSTRUCTION:
	case EXCEPTION_INT_DIVIDE_BY_ZERO:
	case EXCEPTION_INT_OVERFLOW:
	case EXCEPTION_ARRAY_BOUNDS_EXCEEDED:
	case EXCEPTION_DATATYPE_MISALIGNMENT:
	case EXCEPTION_FLT_DIVIDE_BY_ZERO:
	case EXCEPTION_FLT_INVALID_OPERATION:
	case EXCEPTION_FLT_OVERFLOW:
	case EXCEPTION_FLT_UNDERFLOW:
	case EXCEPTION_FLT_STACK_CHECK:
	case EXCEPTION_BREAKPOINT:
	case STATUS_FATAL_APP_EXIT:
	case STATUS_NO_MEMORY: return NM_FAULT_CRASH;
	default: return NM_FAULT_OTHER;
	}
}

struct nm_fault nm_fault_from(const void *info, void *context)
{
	const EXCEPTION_RECORD *e = info;
	bool access = e->ExceptionCode == EXCEPTION_ACCESS_VIOLATION && e->NumberParameters >= 2;

	return (struct nm_fault){ .kind = kind_of(e->ExceptionCode),
		.signal = nm_signal_of_exception(e->ExceptionCode),
		.code = e->ExceptionCode,
		.address = access ? (const void *)e->ExceptionInformation[1] : NULL,
		.pc = e->ExceptionAddress,
		.system = context };
}

void nm_fault_name(int signal, char *buf, size_t size)
{
	static const char *const names[] = { [NM_LINUX_SIGILL] = "ILL",
		[NM_LINUX_SIGTRAP] = "TRAP",
		[NM_LINUX_SIGABRT] = "ABRT",
		[NM_LINUX_SIGFPE] = "FPE",
		[NM_LINUX_SIGSEGV] = "SEGV" };
	const char *name =
	    signal > 0 && (size_t)signal < sizeof names / sizeof *names ? names[signal] : NULL;

	if (name)
		(void)snprintf(buf, size, "SIG%s", name);
	else
		(void)snprintf(buf, size, "signal %d", signal);
}

static _Thread_local bool overflowed; /* this thread's stack, and it is on its way from there */

/* Nothing is blocked while an exception is handled. */
void nm_fault_leave(const struct nm_fault *f)
{
	overflowed = f->code == (unsigned)EXCEPTION_STACK_OVERFLOW;
}

/* What overflowed its stack has no page left that would tell of the next time. It can't be put back
 * by who may be running on it. */
void nm_fault_left(void)
{
	if (!overflowed)
		return;
	overflowed = false;
	(void)_resetstkoflw();
	nm_frames_keep_room();
}

bool nm_fault_nest(const struct nm_fault *f, bool (*fn)(const void *address))
{
	return fn(f->address);
}

/* ---- a handler of our own ------------------------------------------------------------ */

static bool (*ask_first)(const struct nm_fault *f);

static LONG WINAPI on_exception(EXCEPTION_POINTERS *e)
{
	struct nm_fault f = nm_fault_from(e->ExceptionRecord, e->ContextRecord);

	return f.kind != NM_FAULT_OTHER && ask_first(&f) ? EXCEPTION_CONTINUE_EXECUTION
							 : EXCEPTION_CONTINUE_SEARCH;
}

void nm_faults_catch(bool on, bool (*ask)(const struct nm_fault *f))
{
	static void *handler;

	if (on) {
		ask_first = ask;
		overflowed = false; /* which takes memory at first: not amid a fault */
		nm_frames_keep_room();
		handler = AddVectoredExceptionHandler(1, on_exception);
	} else if (handler) {
		(void)RemoveVectoredExceptionHandler(handler);
		handler = NULL;
	}
}

/* ---- processor time ------------------------------------------------------------------------ */

/* One thread is watched, that which started the ticks: it is held, and goes on in a function
 * that calls tick as if it had been called where the thread was. */
static struct {
	bool (*wanted)(void);
	void (*tell)(const struct nm_fault *f, bool from_outside);
	HANDLE watched, watcher; /* owned */
	_Atomic bool stop, busy; /* busy: a tick is under way */
	DWORD ms;
	CONTEXT at;         /* where the thread was */
	const void *system; /* the library through which programs call the system */
} ticks;

#define TRIES 16 /* to meet it outside of the system, for one tick */

static uint64_t time_of(HANDLE thread)
{
	FILETIME created, ended, kernel, user;

	if (!GetThreadTimes(thread, &created, &ended, &kernel, &user))
		return 0;
	return ((uint64_t)kernel.dwHighDateTime << 32) + kernel.dwLowDateTime +
	       ((uint64_t)user.dwHighDateTime << 32) + user.dwLowDateTime;
}

#if defined(__x86_64__)
#define PC(c) ((c).Rip)
#define SP(c) ((c).Rsp)
#elif defined(__i386__)
#define PC(c) ((c).Eip)
#define SP(c) ((c).Esp)
#else
#error "say where this machine keeps its program counter and its stack"
#endif

/* In the watched thread. */
static void ticked(void)
{
	CONTEXT back = ticks.at;
	struct nm_fault f = {
		.kind = NM_FAULT_OTHER, .pc = (const void *)PC(back), .system = &back
	};

	atomic_store(&ticks.busy, false);
	ticks.tell(&f, false);
	(void)NtContinue(&back, FALSE);
}

/* False: it is in a call of the system, whose answer would be lost. */
static bool interrupt(void)
{
	CONTEXT c = { .ContextFlags = CONTEXT_FULL };
	MEMORY_BASIC_INFORMATION is;
	bool met = false;

	if (SuspendThread(ticks.watched) == (DWORD)-1)
		return true;
	if (GetThreadContext(ticks.watched, &c) && VirtualQuery((void *)PC(c), &is, sizeof is))
		met = is.AllocationBase != ticks.system;
	if (met && !atomic_load(&ticks.busy)) {
		ticks.at = c;
		atomic_store(&ticks.busy, true);
		/* Below what the code there may still be using, and as a call would leave it. */
		SP(c) = ((SP(c) - 512) & ~(uintptr_t)63) - sizeof(void *);
		PC(c) = (uintptr_t)ticked;
		if (!SetThreadContext(ticks.watched, &c))
			atomic_store(&ticks.busy, false);
	}
	(void)ResumeThread(ticks.watched);
	return met;
}

static DWORD WINAPI watch(void *arg)
{
	uint64_t last = time_of(ticks.watched);

	(void)arg;
	while (!atomic_load(&ticks.stop)) {
		uint64_t now;

		Sleep(ticks.ms);
		now = time_of(ticks.watched);
		/* It ran for most of the while; in units of 100 ns. */
		if (!atomic_load(&ticks.stop) && now - last >= ticks.ms * 5000ull && ticks.wanted())
			for (unsigned i = 0; i < TRIES && !interrupt(); i++)
				Sleep(0);
		last = now;
	}
	return 0;
}

bool nm_ticks_start(
    long ns, bool (*wanted)(void), void (*tick)(const struct nm_fault *f, bool from_outside))
{
	nm_ticks_stop();
	ticks.wanted = wanted;
	ticks.tell = tick;
	ticks.ms = (DWORD)(ns / 1000000);
	ticks.system = GetModuleHandleA("ntdll.dll");
	if (!DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(),
		&ticks.watched, 0, FALSE, DUPLICATE_SAME_ACCESS))
		return false;
	atomic_store(&ticks.stop, false);
	ticks.watcher = nm_thread_begin(watch, NULL);
	return ticks.watcher != NULL;
}

void nm_ticks_stop(void)
{
	if (!ticks.watcher)
		return;
	atomic_store(&ticks.stop, true);
	(void)WaitForSingleObject(ticks.watcher, INFINITE);
	(void)CloseHandle(ticks.watcher);
	(void)CloseHandle(ticks.watched);
	ticks.watcher = ticks.watched = NULL;
}

void nm_ticks_ask(int pid)
{
	(void)pid; /* nobody asks from outside here: a worker watches itself */
}

/* ---- threads and code ----------------------------------------------------------------------- */

static DWORD first;

/* When the library or program is loaded, in the thread that does. */
__attribute__((constructor)) static void note_first(void)
{
	first = GetCurrentThreadId();
}

bool nm_thread_is_first(void)
{
	return GetCurrentThreadId() == first;
}

_Noreturn void nm_thread_end(void)
{
	for (;;)
		(void)TerminateThread(GetCurrentThread(), 0);
}

bool nm_code_around(const void *address, const void **ret_low, const void **ret_high)
{
	MEMORY_BASIC_INFORMATION is;
	const char *at, *end;

	if (!VirtualQuery(address, &is, sizeof is) || is.Type != MEM_IMAGE)
		return false;
	end = (const char *)is.BaseAddress + is.RegionSize;
	/* What was asked for is only known from the page on that was asked about. */
	at = is.AllocationBase;
	while (VirtualQuery(at, &is, sizeof is) && (const char *)address >= at + is.RegionSize)
		at += is.RegionSize;
	*ret_low = at;
	*ret_high = end;
	return true;
}
