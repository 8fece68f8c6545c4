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

#define FRAMES        32
#define OWN_STACK     (64u << 10) /* for what overflows its stack */
#define LINUX_SIGILL  4
#define LINUX_SIGABRT 6
#define LINUX_SIGFPE  8
#define LINUX_SIGSEGV 11

static struct nm_status *status;
static bool (*explain)(HEXPERTKEY key, const void *addr, struct nm_heap_info *ret);
static HEXPERTKEY explained_key;

static int signal_of(DWORD code)
{
	switch (code) {
	case EXCEPTION_ACCESS_VIOLATION:
	case EXCEPTION_GUARD_PAGE:
	case EXCEPTION_IN_PAGE_ERROR:
	case EXCEPTION_STACK_OVERFLOW: return LINUX_SIGSEGV;
	case EXCEPTION_ILLEGAL_INSTRUCTION:
	case EXCEPTION_PRIV_INSTRUCTION: return LINUX_SIGILL;
	case EXCEPTION_INT_DIVIDE_BY_ZERO:
	case EXCEPTION_INT_OVERFLOW:
	case EXCEPTION_FLT_DIVIDE_BY_ZERO:
	case EXCEPTION_FLT_INVALID_OPERATION:
	case EXCEPTION_FLT_OVERFLOW:
	case EXCEPTION_FLT_UNDERFLOW: return LINUX_SIGFPE;
	default: return LINUX_SIGABRT;
	}
}

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

	c->signal = signal_of(code);
	c->code = (int32_t)code;
	c->syscall = -1;
	c->stack = (uint64_t)(uintptr_t)stack_pointer(e->ContextRecord);
	c->address = (uint64_t)(uintptr_t)(f.address ? f.address : f.pc);
	if (code == EXCEPTION_STACK_OVERFLOW)
		c->address = c->stack;
	c->path[0] = '\0';
	atomic_store(&c->ready, 1);
}

/* Where it was, then who called; what is ours at the end of the list says nothing. */
static void write_backtrace(struct nm_crash *c, const void *at)
{
	struct nm_lines t = { .p = c->text, .size = sizeof c->text };
	void *pc[FRAMES];
	int n = nm_stack_take(pc, FRAMES), first = 0;

	while (first < n && pc[first] != at)
		first++;
	nm_lines_code_line(&t, at);
	for (int i = first + 1; i < n && !nm_code_is_ours(pc[i]); i++)
		nm_lines_code_line(&t, pc[i]);
	atomic_store(&c->ready, 2);
}

static void write_block(struct nm_crash *c)
{
	struct nm_lines t = { .p = c->heap, .size = sizeof c->heap };
	struct nm_heap_info i;

	if (explain && explain(explained_key, (const void *)(uintptr_t)c->address, &i))
		nm_lines_block(&t, &i);
}

static LONG WINAPI last_words(EXCEPTION_POINTERS *e)
{
	if (atomic_load(&status->crash.ready) == 0) {
		write_facts(&status->crash, e);
		write_block(&status->crash);
		write_backtrace(&status->crash, e->ExceptionRecord->ExceptionAddress);
	}
	(void)TerminateProcess(GetCurrentProcess(), NM_WORKER_FAULT);
	return EXCEPTION_EXECUTE_HANDLER;
}

void nm_crash_explain(
    bool (*fn)(HEXPERTKEY key, const void *addr, struct nm_heap_info *ret), HEXPERTKEY key)
{
	explained_key = key;
	explain = fn;
}

void nm_crash_install(struct nm_status *s, bool (*first)(const struct nm_fault *f))
{
	ULONG reserve = OWN_STACK;

	status = s;
	(void)SetThreadStackGuarantee(&reserve);
	(void)SetUnhandledExceptionFilter(last_words);
	nm_faults_catch(true, first);
}
