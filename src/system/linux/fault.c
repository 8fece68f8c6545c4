/* SPDX-License-Identifier: MIT */
/* Signals. */
#include "system/fault.h"

#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

/* No signal that programs use: what an expert does with SIGVTALRM or SIGPROF and their
 * timers is its own business. From outside, once a second or less, it asks whether a
 * parser waits for ever. */
#define NM_TICK_SIGNAL (SIGRTMAX - 3)

#if defined(__x86_64__)
static const void *where(const ucontext_t *u)
{
	return (const void *)(uintptr_t)u->uc_mcontext.gregs[REG_RIP];
}
#elif defined(__aarch64__)
static const void *where(const ucontext_t *u)
{
	return (const void *)(uintptr_t)u->uc_mcontext.pc;
}
#else
#error "say where this machine keeps its program counter"
#endif

static enum nm_fault_kind kind_of(const siginfo_t *si)
{
	switch (si->si_signo) {
	case SIGSEGV: return NM_FAULT_ACCESS;
	case SIGBUS:
	case SIGFPE:
	case SIGILL:
	case SIGTRAP:
	case SIGABRT: return NM_FAULT_CRASH;
	case SIGSYS: return si->si_syscall == SYS_exit_group ? NM_FAULT_EXIT : NM_FAULT_FORBIDDEN;
	default: return NM_FAULT_OTHER;
	}
}

struct nm_fault nm_fault_from(const void *info, void *context)
{
	const siginfo_t *si = info;

	return (struct nm_fault){ .kind = kind_of(si),
		.signal = si->si_signo,
		.address = si->si_signo == SIGSEGV ? si->si_addr : NULL,
		.pc = where(context),
		.system = context };
}

void nm_fault_name(int signal, char *buf, size_t size)
{
	const char *name = sigabbrev_np(signal);

	if (name)
		(void)snprintf(buf, size, "SIG%s", name);
	else
		(void)snprintf(buf, size, "signal %d", signal);
}

static const sigset_t *mask_before(const struct nm_fault *f)
{
	return &((const ucontext_t *)f->system)->uc_sigmask;
}

void nm_fault_leave(const struct nm_fault *f)
{
	(void)pthread_sigmask(SIG_SETMASK, mask_before(f), NULL);
}

bool nm_fault_nest(const struct nm_fault *f, bool (*fn)(const void *address))
{
	sigset_t now;
	bool done;

	(void)pthread_sigmask(SIG_SETMASK, mask_before(f), &now);
	done = fn(f->address);
	(void)pthread_sigmask(SIG_SETMASK, &now, NULL);
	return done;
}

/* ---- a handler of our own ------------------------------------------------------------ */

static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT };
#define N_FATAL (sizeof fatal / sizeof *fatal)

static bool (*ask_first)(const struct nm_fault *f);

static void on_fatal(int signo, siginfo_t *si, void *context)
{
	struct nm_fault f = nm_fault_from(si, context);

	if (ask_first(&f))
		return;
	(void)signal(signo, SIG_DFL);
	(void)raise(signo);
}

void nm_faults_catch(bool on, bool (*ask)(const struct nm_fault *f))
{
	static char stack[64u << 10]; /* for what overflows its own */
	static struct sigaction before[N_FATAL];
	const stack_t own = { .ss_sp = stack, .ss_size = sizeof stack };
	struct sigaction sa = { .sa_flags = SA_SIGINFO | SA_ONSTACK };

	sa.sa_sigaction = on_fatal;
	(void)sigfillset(&sa.sa_mask);
	if (on) {
		ask_first = ask;
		(void)sigaltstack(&own, NULL);
	}
	for (size_t i = 0; i < N_FATAL; i++)
		(void)sigaction(fatal[i], on ? &sa : &before[i], on ? &before[i] : NULL);
}

/* ---- processor time ---------------------------------------------------------------------- */

static void (*tell)(const struct nm_fault *f, bool from_outside);
static timer_t timer;
static bool timed;

static void on_tick(int signo, siginfo_t *si, void *context)
{
	struct nm_fault f = nm_fault_from(si, context);

	(void)signo;
	tell(&f, si->si_code != SI_TIMER);
}

bool nm_ticks_start(
    long ns, bool (*wanted)(void), void (*tick)(const struct nm_fault *f, bool from_outside))
{
	const struct itimerspec every = { { 0, ns }, { 0, ns } };
	struct sigevent how = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = NM_TICK_SIGNAL };
	struct sigaction sa = { .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART };

	(void)wanted;
	tell = tick;
	sa.sa_sigaction = on_tick;
	(void)sigfillset(&sa.sa_mask);
	if (sigaction(NM_TICK_SIGNAL, &sa, NULL) < 0 ||
	    timer_create(CLOCK_PROCESS_CPUTIME_ID, &how, &timer) < 0)
		return false;
	timed = true;
	(void)timer_settime(timer, 0, &every, NULL);
	return true;
}

void nm_ticks_stop(void)
{
	if (!timed)
		return;
	timed = false;
	(void)timer_delete(timer);
	(void)signal(NM_TICK_SIGNAL, SIG_IGN); /* one may be on its way */
}

void nm_ticks_ask(int pid)
{
	(void)kill(pid, NM_TICK_SIGNAL);
}

/* ---- threads and code ----------------------------------------------------------------------- */

bool nm_thread_is_first(void)
{
	return syscall(SYS_gettid) == getpid();
}

_Noreturn void nm_thread_end(void)
{
	for (;;)
		(void)syscall(SYS_exit, 0);
}

struct around {
	const uint8_t *address, *low, *high;
};

static int is_around(struct dl_phdr_info *info, size_t size, void *arg)
{
	const uint8_t *base = (const uint8_t *)(uintptr_t)info->dlpi_addr;
	struct around *a = arg;

	(void)size;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *h = &info->dlpi_phdr[i];
		const uint8_t *low = base + h->p_vaddr;

		if (h->p_type != PT_LOAD || !(h->p_flags & PF_X) || a->address < low ||
		    a->address >= low + h->p_memsz)
			continue;
		a->low = low;
		a->high = low + h->p_memsz;
		return 1;
	}
	return 0;
}

bool nm_code_around(const void *address, const void **ret_low, const void **ret_high)
{
	struct around a = { .address = address };

	if (!dl_iterate_phdr(is_around, &a))
		return false;
	*ret_low = a.low;
	*ret_high = a.high;
	return true;
}
