/* SPDX-License-Identifier: MIT */
/* Leaving a parser that crashed or loops, and keeping account of it. */
#include "base/nmerr.h"
#include "parse/parse_int.h"

#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <ucontext.h>

#define TICK_US    50000 /* of the process's own processor time */
#define TICKS      4u    /* in one call of an entry point: it will not return */
#define TICKS_ANY  20u   /* then it is left wherever it is */
#define RANGES_MAX 256u

static struct {
	const uint8_t *low, *high;
} ranges[RANGES_MAX]; /* code of parsers */
static unsigned n_ranges;
static _Atomic bool watching;

const char *nm_offence_text(enum nm_offence reason)
{
	static const char *const texts[NM_OFFENCES] = {
		[NM_OFFENCE_NONE] = "did nothing wrong",
		[NM_OFFENCE_CRASH] = "crashed",
		[NM_OFFENCE_LOOP] = "did not return",
		[NM_OFFENCE_POINTER] = "returned a pointer outside of the frame",
		[NM_OFFENCE_CIRCLE] = "was handed off to in a circle",
		[NM_OFFENCE_MANY] = "attached too many properties",
	};

	return texts[reason < NM_OFFENCES ? reason : NM_OFFENCE_NONE];
}

void nm_offend(struct nm_parse *p, enum nm_offence why)
{
	struct protocol *o = p->running;

	if (!o)
		return;
	if (atomic_fetch_add(&o->offences, 1) == 0) {
		atomic_store(&o->first_offence, p->number);
		atomic_store(&o->offence_reason, (uint32_t)why);
	}
	if (atomic_load(&o->offences) >= NM_OFFENCES_ALLOWED)
		atomic_store(&o->enabled, false);
}

bool nm_offender(unsigned i, struct nm_offender *ret)
{
	for (uint32_t id = 1; id <= nm_n_protocols; id++) {
		const struct protocol *o = &nm_protocols[id];

		if (!o->alive || !o->offences || i-- > 0)
			continue;
		ret->protocol = (const char *)o->info.ProtocolName;
		ret->count = o->offences;
		ret->first_frame = o->first_offence;
		ret->reason = (enum nm_offence)o->offence_reason;
		ret->off = !o->enabled;
		return true;
	}
	return false;
}

/* ---- jumping back --------------------------------------------------------------------------- */

static _Noreturn void leave(struct nm_parse *p, enum nm_offence why, void *context)
{
	const ucontext_t *u = context;

	p->guard.armed = false;
	p->guard.why = why;
	(void)pthread_sigmask(SIG_SETMASK, &u->uc_sigmask, NULL); /* as before the signal */
	_longjmp(p->guard.back, 1);
}

/* A parser that is asked now may fault in its turn: signals are as they were. */
static bool is_first_look(int signo, const void *address, const ucontext_t *u)
{
	sigset_t now;
	bool taken;

	if (signo != SIGSEGV || nm_running)
		return false;
	(void)pthread_sigmask(SIG_SETMASK, &u->uc_sigmask, &now);
	taken = nm_table_fault(address);
	(void)pthread_sigmask(SIG_SETMASK, &now, NULL);
	return taken;
}

bool nm_parse_fault(int signo, const void *address, void *context)
{
	struct nm_parse *p = nm_running;

	if (is_first_look(signo, address, context))
		return true;

	if (!p || !p->guard.armed)
		return false;
	if (signo != SIGSEGV && signo != SIGBUS && signo != SIGFPE && signo != SIGILL &&
	    signo != SIGABRT)
		return false;
	leave(p, NM_OFFENCE_CRASH, context);
}

/* ---- parsers that don't return ------------------------------------------------------------------ */

#if defined(__x86_64__)
static const uint8_t *where(const ucontext_t *u)
{
	return (const uint8_t *)(uintptr_t)u->uc_mcontext.gregs[REG_RIP];
}
#elif defined(__aarch64__)
static const uint8_t *where(const ucontext_t *u)
{
	return (const uint8_t *)(uintptr_t)u->uc_mcontext.pc;
}
#else
#error "say where this machine keeps its program counter"
#endif

static bool in_parser(const uint8_t *pc)
{
	for (unsigned i = 0; i < n_ranges; i++)
		if (pc >= ranges[i].low && pc < ranges[i].high)
			return true;
	return false;
}

/* On the thread that was using the processor: the turn of its own parse stands still
 * while the process's time goes on. */
static void tick(int signo, siginfo_t *si, void *context)
{
	struct nm_parse *p = nm_running;
	struct nm_guard *g = p ? &p->guard : NULL;

	(void)signo;
	(void)si;
	if (!g || !g->armed)
		return;
	if (g->seen_turn != g->turn) {
		g->seen_turn = g->turn;
		g->seen = 0;
	}
	if (g->held) {
		g->due = ++g->seen >= TICKS;
		return;
	}
	if (++g->seen >= TICKS_ANY || (g->seen >= TICKS && in_parser(where(context)))) {
		g->seen = 0;
		leave(p, NM_OFFENCE_LOOP, context);
	}
}

void nm_guard_hold(void)
{
	if (nm_running)
		nm_running->guard.held = true;
}

void nm_guard_release(void)
{
	struct nm_parse *p = nm_running;

	if (!p)
		return;
	p->guard.held = false;
	if (!p->guard.due)
		return;
	p->guard.due = false;
	p->guard.why = NM_OFFENCE_LOOP;
	p->guard.armed = false;
	_longjmp(p->guard.back, 1);
}

void nm_guard_watch(void)
{
	const struct itimerval every = { { 0, TICK_US }, { 0, TICK_US } };
	struct sigaction sa = { .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART };

	if (atomic_exchange(&watching, true))
		return;
	sa.sa_sigaction = tick;
	(void)sigfillset(&sa.sa_mask);
	if (sigaction(SIGVTALRM, &sa, NULL) == 0)
		(void)setitimer(ITIMER_VIRTUAL, &every, NULL);
}

static int note_range(struct dl_phdr_info *info, size_t size, void *arg)
{
	const uint8_t *inside = arg, *base = (const uint8_t *)(uintptr_t)info->dlpi_addr;

	(void)size;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *h = &info->dlpi_phdr[i];

		if (h->p_type != PT_LOAD || !(h->p_flags & PF_X) || n_ranges == RANGES_MAX ||
		    inside < base + h->p_vaddr || inside >= base + h->p_vaddr + h->p_memsz)
			continue;
		ranges[n_ranges].low = base + h->p_vaddr;
		ranges[n_ranges++].high = base + h->p_vaddr + h->p_memsz;
		return 1;
	}
	return 0;
}

void nm_guard_code(const void *inside)
{
	if (!in_parser(inside))
		(void)dl_iterate_phdr(note_range, (void *)(uintptr_t)inside);
}

void nm_guard_clear(void)
{
	n_ranges = 0;
}
