/* SPDX-License-Identifier: MIT */
/* Signal, address and backtrace into the status page, from inside the crash.
 *
 * First what can't fail, then, with an alarm set in case a lock is held or a
 * list is broken, what may: the backtrace and the names in it. */
#include "engine/crash.h"
#include "engine/symbol.h"
#include "sandbox/sandbox.h"

#include <execinfo.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#define FRAMES       32
#define STACK_BYTES  (64u << 10)
#define LAST_WORDS_S 1 /* a backtrace that takes longer than this is given up */

static struct nm_status *status;
static bool (*ask_first)(const struct nm_fault *f);
static char stack[STACK_BYTES];

/* ---- registers ------------------------------------------------------------------------- */

#if defined(__x86_64__)
static uint64_t where(const ucontext_t *u)
{
	return (uint64_t)u->uc_mcontext.gregs[REG_RIP];
}

static uint64_t stack_pointer(const ucontext_t *u)
{
	return (uint64_t)u->uc_mcontext.gregs[REG_RSP];
}

static uint64_t argument(const ucontext_t *u, unsigned i)
{
	return (uint64_t)u->uc_mcontext.gregs[i == 0 ? REG_RDI : REG_RSI];
}
#elif defined(__aarch64__)
static uint64_t where(const ucontext_t *u)
{
	return u->uc_mcontext.pc;
}

static uint64_t stack_pointer(const ucontext_t *u)
{
	return u->uc_mcontext.sp;
}

static uint64_t argument(const ucontext_t *u, unsigned i)
{
	return u->uc_mcontext.regs[i];
}
#else
#error "say where this machine keeps its program counter and its first two arguments"
#endif

/* Which argument of a forbidden call is a path; -1: none is. */
static int path_argument(int nr)
{
	switch (nr) {
	case SYS_openat:
	case SYS_mkdirat:
	case SYS_unlinkat:
	case SYS_renameat:
	case SYS_renameat2:
	case SYS_fchmodat:
	case SYS_fchownat: return 1;
#ifdef SYS_open
	case SYS_open:
	case SYS_creat:
	case SYS_mkdir:
	case SYS_rmdir:
	case SYS_unlink:
	case SYS_rename:
	case SYS_chmod:
	case SYS_chown:
#endif
	case SYS_truncate:
	case SYS_execve: return 0;
	default: return -1;
	}
}

/* Only bytes that are mapped may be read: mincore says so without a fault. */
static void copy_path(char *dst, size_t size, uint64_t at)
{
	unsigned char seen;
	size_t n = 0;

	while (n + 1 < size) {
		uint64_t page = (at + n) & ~UINT64_C(4095);

		if ((n == 0 || ((at + n) & 4095) == 0) &&
		    mincore((void *)(uintptr_t)page, 1, &seen) < 0)
			break;
		dst[n] = *(const char *)(uintptr_t)(at + n);
		if (!dst[n])
			break;
		n++;
	}
	dst[n] = '\0';
}

/* ---- the handler ---------------------------------------------------------------------------- */

static void write_facts(struct nm_crash *c, const siginfo_t *si, const ucontext_t *u)
{
	bool fault = si->si_signo == SIGSEGV || si->si_signo == SIGBUS;

	c->signal = si->si_signo;
	c->code = si->si_code;
	c->syscall = -1;
	c->address = fault ? (uint64_t)(uintptr_t)si->si_addr : where(u);
	c->stack = stack_pointer(u);
	c->path[0] = '\0';
	if (si->si_signo == SIGSYS) {
		int arg = path_argument(si->si_syscall);

		c->syscall = si->si_syscall;
		if (arg >= 0)
			copy_path(c->path, sizeof c->path, argument(u, (unsigned)arg));
	}
	atomic_store(&c->ready, 1);
}

/* The frames of the handler itself come first: begin at the interrupted one. */
static void write_backtrace(struct nm_crash *c, const ucontext_t *u)
{
	struct nm_lines t = { .p = c->text, .size = sizeof c->text };
	void *pc[FRAMES];
	int n = backtrace(pc, FRAMES), first = 0;

	while (first < n && (uint64_t)(uintptr_t)pc[first] != where(u))
		first++;
	if (first == n) { /* a jump to nowhere: say where, then who called */
		nm_lines_code_line(&t, (const void *)(uintptr_t)where(u));
		first = n > 2 ? 2 : n;
	}
	nm_lines_calls(&t, pc + first, n - first);
	atomic_store(&c->ready, 2);
}

/* The sandbox stops every end of the process that is not ours to bring about, so that a
 * parser's may be undone. This one is not a parser's. */
static void end_as_asked(const siginfo_t *si, const ucontext_t *u)
{
	if (si->si_signo == SIGSYS && si->si_syscall == SYS_exit_group)
		(void)syscall(SYS_exit_group, NM_EXIT_MARK | (argument(u, 0) & 0xff));
}

static void last_words(int signo, siginfo_t *si, void *context)
{
	struct nm_fault f = nm_fault_from(si, context);
	sigset_t alarm_only;

	if (ask_first && ask_first(&f))
		return;
	end_as_asked(si, context);
	(void)signal(SIGALRM, SIG_DFL);
	(void)signal(signo, SIG_DFL);
	if (atomic_load(&status->crash.ready) == 0) {
		write_facts(&status->crash, si, context);
		(void)sigemptyset(&alarm_only);
		(void)sigaddset(&alarm_only, SIGALRM);
		(void)sigprocmask(SIG_UNBLOCK, &alarm_only, NULL);
		(void)alarm(LAST_WORDS_S);
		if (signo == SIGSEGV || signo == SIGBUS)
			nm_crash_write_block(&status->crash);
		write_backtrace(&status->crash, context);
	}
	(void)raise(signo); /* blocked until we return, and then the end */
}

void nm_crash_install(struct nm_status *s, bool (*first)(const struct nm_fault *f))
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGTRAP,
		SIGXCPU };
	const stack_t own = { .ss_sp = stack, .ss_size = sizeof stack };
	struct sigaction sa = { .sa_flags = SA_SIGINFO | SA_ONSTACK };
	void *pc[2];

	status = s;
	ask_first = first;
	(void)backtrace(pc, 2); /* loads its library now: later may be too late */
	(void)sigaltstack(&own, NULL);
	sa.sa_sigaction = last_words;
	(void)sigfillset(&sa.sa_mask);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		(void)sigaction(signals[i], &sa, NULL);
}
