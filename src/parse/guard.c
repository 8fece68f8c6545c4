/* SPDX-License-Identifier: MIT */
/* Leaving a parser that crashed or loops, and keeping account of it. */
#include "parse/parse_int.h"

#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#define TICK_NS    50000000 /* of the process's own processor time */
#define TICKS      4u       /* in one call of an entry point: it will not return */
#define TICKS_ANY  20u      /* then it is left wherever it is */
#define NUDGES     5u       /* from outside, in one call: it waits for ever */
#define RANGES_MAX 256u

NM_TLS struct nm_guard *nm_guarded;

static struct range {
	const uint8_t *low, *high;
	struct protocol *protocol; /* the first of the shared object */
} ranges[RANGES_MAX];              /* code of parsers */
static unsigned n_ranges;

static struct nm_offences own_account;
static struct nm_offences *account = &own_account;
_Atomic uint32_t *nm_inside = &own_account.inside;
static uint32_t allowed = NM_OFFENCES_ALLOWED;

/* ---- the account ---------------------------------------------------------------------------- */

void nm_guard_tell(struct nm_offences *a)
{
	account = a ? a : &own_account;
	nm_inside = &account->inside;
}

const struct nm_offences *nm_guard_account(void)
{
	return account;
}

void nm_guard_allow(uint32_t offences)
{
	allowed = offences;
}

static void copy(char *dst, size_t size, const char *src)
{
	size_t n = strnlen(src, size - 1);

	memcpy(dst, src, n);
	dst[n] = '\0';
}

/* The protocol's line; NULL: there is none left. */
static struct nm_offender *line_of(
    const struct nm_guard *g, struct protocol *o, enum nm_offence why)
{
	const char *name = (const char *)o->info.ProtocolName;
	uint32_t n = atomic_load(&account->n);
	struct nm_offender *x;

	for (uint32_t i = 0; i < n && i < NM_OFFENDERS_MAX; i++)
		if (strcmp(account->each[i].protocol, name) == 0)
			return &account->each[i];
	if (atomic_load(&o->state->offences))
		return NULL; /* it is among those beyond the list */
	n = atomic_fetch_add(&account->n, 1);
	if (n >= NM_OFFENDERS_MAX)
		return NULL;
	x = &account->each[n];
	copy(x->file, sizeof x->file, nm_object_file(o->object));
	x->reason = why;
	x->entry = g->entry;
	x->signal = why == NM_OFFENCE_CRASH ? g->signal : 0;
	x->first_frame = g->number;
	copy(x->protocol, sizeof x->protocol, name);
	return x;
}

void nm_offend(struct nm_guard *g, enum nm_offence why)
{
	struct protocol *o = g->running;
	struct nm_offender *line;
	uint32_t n;

	if (!o || g->counted == g->turn)
		return;
	g->counted = g->turn;
	line = line_of(g, o, why);
	n = atomic_fetch_add(&o->state->offences, 1) + 1;
	if (line)
		atomic_fetch_add(&line->count, 1);
	if (n != allowed && g->number != NM_OFFENCE_NO_FRAME && why != NM_OFFENCE_WAIT)
		return;
	atomic_store(&o->state->enabled, false);
	if (line)
		atomic_store(&line->off, 1);
}

const char *nm_guard_name(uint32_t id, char *buf, size_t size)
{
	const struct protocol *p = id && id <= nm_n_protocols ? &nm_protocols[id] : NULL;
	const char *file = p ? nm_object_file(p->object) : "";

	*buf = '\0';
	if (p)
		(void)snprintf(buf, size, "%s%s%s%s", (const char *)p->info.ProtocolName,
		    *file ? " (" : "", file, *file ? ")" : "");
	return buf;
}

/* ---- where parsers' code is --------------------------------------------------------------------- */

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

/* Whose code it is; NULL: no parser's. */
static struct protocol *parser_at(const uint8_t *pc)
{
	for (unsigned i = 0; i < n_ranges; i++)
		if (pc >= ranges[i].low && pc < ranges[i].high)
			return ranges[i].protocol;
	return NULL;
}

static const uint8_t *code_of(const struct protocol *p)
{
	const uint8_t *code;

	memcpy(&code, &p->ep.RecognizeFrame, sizeof code);
	return code;
}

static int note_range(struct dl_phdr_info *info, size_t size, void *arg)
{
	const uint8_t *inside = code_of(arg), *base = (const uint8_t *)(uintptr_t)info->dlpi_addr;

	(void)size;
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *h = &info->dlpi_phdr[i];

		if (h->p_type != PT_LOAD || !(h->p_flags & PF_X) || n_ranges == RANGES_MAX ||
		    inside < base + h->p_vaddr || inside >= base + h->p_vaddr + h->p_memsz)
			continue;
		ranges[n_ranges].protocol = arg;
		ranges[n_ranges].low = base + h->p_vaddr;
		ranges[n_ranges++].high = base + h->p_vaddr + h->p_memsz;
		return 1;
	}
	return 0;
}

void nm_guard_code(struct protocol *p)
{
	if (!parser_at(code_of(p)))
		(void)dl_iterate_phdr(note_range, p);
}

/* ---- jumping back --------------------------------------------------------------------------- */

static _Noreturn void leave(struct nm_guard *g, enum nm_offence why, int signo, void *context)
{
	const ucontext_t *u = context;

	g->armed = false;
	g->why = why;
	g->signal = signo;
	(void)pthread_sigmask(SIG_SETMASK, &u->uc_sigmask, NULL); /* as before the signal */
	_longjmp(g->back, 1);
}

/* A parser that is asked now may fault in its turn: signals are as they were. */
static bool is_first_look(const siginfo_t *si, const ucontext_t *u)
{
	sigset_t now;
	bool taken;

	if (si->si_signo != SIGSEGV || nm_guarded)
		return false;
	(void)pthread_sigmask(SIG_SETMASK, &u->uc_sigmask, &now);
	taken = nm_table_fault(si->si_addr);
	(void)pthread_sigmask(SIG_SETMASK, &now, NULL);
	return taken;
}

/* Nobody called an entry point on this thread, and yet it runs a parser's code: a thread of
 * its own, which ends here. */
static void end_own_thread(const siginfo_t *si, const void *context)
{
	struct nm_guard g = { .number = NM_OFFENCE_NO_FRAME,
		.entry = NM_ENTRY_THREAD,
		.signal = si->si_signo,
		.running = parser_at(where(context)),
		.turn = 1 };

	if (!g.running || syscall(SYS_gettid) == getpid())
		return;
	nm_offend(&g, NM_OFFENCE_CRASH);
	for (;;)
		(void)syscall(SYS_exit, 0);
}

bool nm_parse_fault(const siginfo_t *si, void *context)
{
	struct nm_guard *g = nm_guarded;

	if (is_first_look(si, context))
		return true;
	if (!g)
		end_own_thread(si, context);
	if (!g || !g->armed)
		return false;
	switch (si->si_signo) {
	case SIGSEGV:
	case SIGBUS:
	case SIGFPE:
	case SIGILL:
	case SIGTRAP:
	case SIGABRT: leave(g, NM_OFFENCE_CRASH, si->si_signo, context);
	case SIGSYS:
		leave(g, si->si_syscall == SYS_exit_group ? NM_OFFENCE_EXIT : NM_OFFENCE_FORBIDDEN,
		    si->si_signo, context);
	default: return false;
	}
}

/* ---- parsers that don't return ------------------------------------------------------------------ */

static bool is_over(struct nm_guard *g, bool from_outside, const void *context)
{
	if (from_outside)
		return ++g->nudged >= NUDGES;
	return ++g->seen >= TICKS_ANY ||
	       (g->seen >= TICKS && (g->held || parser_at(where(context))));
}

/* The turn of the parse under way stands still while time goes on. */
static void tick(int signo, siginfo_t *si, void *context)
{
	struct nm_guard *g = nm_guarded;

	if (!g || !g->armed)
		return;
	if (g->seen_turn != g->turn) {
		g->seen_turn = g->turn;
		g->seen = g->nudged = 0;
	}
	if (!is_over(g, si->si_code != SI_TIMER, context))
		return;
	if (g->held) {
		g->due = true;
		return;
	}
	g->seen = 0;
	leave(g, g->nudged >= NUDGES ? NM_OFFENCE_WAIT : NM_OFFENCE_LOOP, signo, context);
}

void nm_guard_hold(void)
{
	if (nm_guarded)
		nm_guarded->held = true;
}

void nm_guard_release(void)
{
	struct nm_guard *g = nm_guarded;

	if (!g)
		return;
	g->held = false;
	if (!g->due)
		return;
	g->due = false;
	g->why = NM_OFFENCE_LOOP;
	g->armed = false;
	_longjmp(g->back, 1);
}

static bool start_timer(timer_t *ret)
{
	const struct itimerspec every = { { 0, TICK_NS }, { 0, TICK_NS } };
	struct sigevent how = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = NM_TICK_SIGNAL };
	struct sigaction sa = { .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART };

	sa.sa_sigaction = tick;
	(void)sigfillset(&sa.sa_mask);
	if (sigaction(NM_TICK_SIGNAL, &sa, NULL) < 0 ||
	    timer_create(CLOCK_PROCESS_CPUTIME_ID, &how, ret) < 0)
		return false;
	(void)timer_settime(*ret, 0, &every, NULL);
	return true;
}

void nm_guard_watch(void)
{
	static _Atomic bool watching;
	timer_t timer; /* as long as the process */

	if (!atomic_exchange(&watching, true))
		(void)start_timer(&timer);
}

/* ---- calls apart from frames ------------------------------------------------------------------ */

static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT };
#define N_FATAL (sizeof fatal / sizeof *fatal)

static void on_fatal(int signo, siginfo_t *si, void *context)
{
	if (nm_parse_fault(si, context))
		return;
	(void)signal(signo, SIG_DFL);
	(void)raise(signo);
}

void nm_guard_contain(bool on)
{
	static char stack[64u << 10]; /* for what overflows its own */
	static struct sigaction before[N_FATAL];
	static timer_t timer;
	static bool timed;
	const stack_t own = { .ss_sp = stack, .ss_size = sizeof stack };
	struct sigaction sa = { .sa_flags = SA_SIGINFO | SA_ONSTACK };

	sa.sa_sigaction = on_fatal;
	(void)sigfillset(&sa.sa_mask);
	if (on)
		(void)sigaltstack(&own, NULL);
	for (size_t i = 0; i < N_FATAL; i++)
		(void)sigaction(fatal[i], on ? &sa : &before[i], on ? &before[i] : NULL);
	if (on) {
		timed = start_timer(&timer);
	} else if (timed) {
		(void)timer_delete(timer);
		(void)signal(NM_TICK_SIGNAL, SIG_IGN); /* one may be on its way */
	}
}

enum nm_offence nm_guard_call(
    struct protocol *p, enum nm_entry entry, void (*fn)(void *arg), void *arg)
{
	struct nm_guard *outer = nm_guarded;
	struct nm_guard g = {
		.number = NM_OFFENCE_NO_FRAME, .entry = entry, .running = p, .turn = 1
	};
	enum nm_offence done = NM_OFFENCE_NONE;

	nm_guarded = &g;
	if (_setjmp(g.back)) {
		nm_offend(&g, g.why);
		done = g.why;
	} else {
		g.armed = true;
		fn(arg);
	}
	g.armed = false;
	nm_guarded = outer;
	return done;
}

void nm_guard_clear(void)
{
	n_ranges = 0;
	memset(&own_account, 0, sizeof own_account);
}
