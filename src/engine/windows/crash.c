/* SPDX-License-Identifier: MIT */
/* A dying worker's last words, on Windows: from the filter of exceptions that nobody handles.
 *
 * The process then ends with NM_WORKER_FAULT. The number of the exception is the page's `code`;
 * its `signal` is the one that Linux would have ended the worker by, so that one verdict fits
 * both. */
#include "engine/crash.h"
#include "engine/engine.h"
#include "engine/symbol.h"
#include "system/stack.h"
#include "system/windows/errors.h"
#include "system/windows/frames.h"

#include <signal.h>
#include <string.h>

#define FRAMES 32

static struct nm_status *status;
static bool (*ask_first)(const struct nm_fault *f);
static atomic_flag telling = ATOMIC_FLAG_INIT; /* its last words are under way */

static void *stack_pointer(const CONTEXT *c)
{
#if defined(__x86_64__)
	return (void *)c->Rsp;
#else
	return (void *)c->Esp;
#endif
}

static void write_facts(struct nm_crash *c, const EXCEPTION_POINTERS *e)
{
	struct nm_fault f = nm_fault_from(e->ExceptionRecord, e->ContextRecord);
	DWORD code = e->ExceptionRecord->ExceptionCode;

	c->signal = nm_signal_of_exception(code);
	c->code = (int32_t)code;
	c->syscall = -1;
	c->stack = (uint64_t)(uintptr_t)stack_pointer(e->ContextRecord);
	c->address = (uint64_t)(uintptr_t)(code == EXCEPTION_ACCESS_VIOLATION ? f.address : f.pc);
	if (code == EXCEPTION_STACK_OVERFLOW)
		c->address = c->stack;
	c->path[0] = '\0';
	atomic_store(&c->ready, 1);
}

/* Where it was, then who called. */
static void write_backtrace(struct nm_crash *c, const void *at)
{
	struct nm_lines t = { .p = c->text, .size = sizeof c->text };
	void *pc[FRAMES];
	int n = nm_stack_take(pc, FRAMES), first = 0;

	while (first < n && pc[first] != at)
		first++;
	if (first == n) { /* not among them: a jump to nowhere */
		nm_lines_code_line(&t, at);
		for (first = 0; first < n && nm_code_is_ours(pc[first]);)
			first++;
	}
	nm_lines_calls(&t, pc + first, n - first);
	atomic_store(&c->ready, 2);
}

static void last_words(EXCEPTION_POINTERS *e)
{
	if (!atomic_flag_test_and_set(&telling)) {
		write_facts(&status->crash, e);
		nm_crash_write_block(&status->crash);
		write_backtrace(&status->crash, e->ExceptionRecord->ExceptionAddress);
	}
	(void)TerminateProcess(GetCurrentProcess(), NM_WORKER_FAULT);
}

static LONG WINAPI on_unhandled(EXCEPTION_POINTERS *e)
{
	last_words(e);
	return EXCEPTION_EXECUTE_HANDLER;
}

/* The loader makes an error of a crash in DllMain, and nothing at all where a library goes. */
static bool is_lost(const struct nm_fault *f)
{
	uint32_t phase = atomic_load(&status->phase);

	return f->kind != NM_FAULT_OTHER && (phase == NM_PHASE_LOAD || phase == NM_PHASE_AFTER) &&
	       nm_frames_are_loaders(f->system);
}

static bool look_first(const struct nm_fault *f)
{
	EXCEPTION_RECORD e = { .ExceptionCode = f->code,
		.ExceptionAddress = (void *)(uintptr_t)f->pc,
		.NumberParameters = 2,
		.ExceptionInformation = { 0, (ULONG_PTR)f->address } };

	if (ask_first && ask_first(f))
		return true;
	/* What looks for who handles it needs more stack than may be left. */
	if (e.ExceptionCode == EXCEPTION_STACK_OVERFLOW)
		write_facts(&status->crash, &(EXCEPTION_POINTERS){ &e, f->system });
	if (is_lost(f))
		last_words(&(EXCEPTION_POINTERS){ &e, f->system });
	return false;
}

static void on_signal(int s);
static void (*(*set_in_system_runtime)(int, void (*)(int)))(int); /* NULL: there is none */

static void catch_signal(int s)
{
	(void)signal(s, on_signal);
	if (s == SIGABRT && set_in_system_runtime)
		(void)set_in_system_runtime(s, on_signal);
}

static int as_linux(int s)
{
	switch (s) {
	case SIGFPE: return NM_LINUX_SIGFPE;
	case SIGILL: return NM_LINUX_SIGILL;
	case SIGSEGV: return NM_LINUX_SIGSEGV;
	case SIGTERM: return NM_LINUX_SIGTERM;
	default: return NM_LINUX_SIGABRT;
	}
}

/* abort() and raise(), where the C library is the one that we have too. */
static void on_signal(int s)
{
	struct nm_crash *c = &status->crash;
	struct nm_fault f = {
		.kind = NM_FAULT_CRASH, .signal = as_linux(s), .code = STATUS_FATAL_APP_EXIT
	};
	void *pc[FRAMES];
	int n = nm_stack_take(pc, FRAMES), first = 0;

	while (first + 1 < n && nm_code_is_ours(pc[first]))
		first++;
	f.pc = n ? pc[first] : NULL;
	catch_signal(s); /* which is taken back before its handler is called */
	if (ask_first)
		(void)ask_first(&f); /* who goes on elsewhere does not return here */
	if (!atomic_flag_test_and_set(&telling)) {
		c->signal = f.signal;
		c->code = (int32_t)f.code;
		c->syscall = -1;
		c->address = (uint64_t)(uintptr_t)f.pc;
		c->stack = 0;
		atomic_store(&c->ready, 1);
		write_backtrace(c, f.pc);
	}
	(void)TerminateProcess(GetCurrentProcess(), NM_WORKER_FAULT);
}

void nm_crash_guard(void (*fn)(void *arg), void *arg)
{
	nm_frames_call(fn, arg, last_words);
}

/* The C library of Windows itself has signals of its own, and no handler makes its abort() end
 * the process as if by exit(). What links it statically can't be reached. */
static void find_system_runtime(void)
{
	HMODULE runtime = LoadLibraryExA("ucrtbase.dll", NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
	FARPROC p = runtime ? GetProcAddress(runtime, "signal") : NULL;

	if (p)
		memcpy(&set_in_system_runtime, &p, sizeof p);
}

void nm_crash_install(struct nm_status *s, bool (*first)(const struct nm_fault *f))
{
	static const int signals[] = { SIGABRT, SIGFPE, SIGILL, SIGSEGV, SIGTERM };

	status = s;
	ask_first = first;
	find_system_runtime();
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		catch_signal(signals[i]);
	(void)SetUnhandledExceptionFilter(on_unhandled);
	nm_faults_catch(true, look_first);
}
