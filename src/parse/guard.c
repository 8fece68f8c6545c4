/* SPDX-License-Identifier: MIT */
/* Leaving a parser that crashed or loops, and keeping account of it. */
#include "parse/parse_int.h"

#include <stdio.h>
#include <string.h>

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
	nm_switch_off(o);
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

void nm_guard_code(struct protocol *p)
{
	const void *low, *high;

	if (parser_at(code_of(p)) || n_ranges == RANGES_MAX ||
	    !nm_code_around(code_of(p), &low, &high))
		return;
	ranges[n_ranges++] = (struct range){ low, high, p };
}

/* ---- jumping back --------------------------------------------------------------------------- */

static _Noreturn void leave(struct nm_guard *g, enum nm_offence why, const struct nm_fault *f)
{
	g->armed = false;
	g->why = why;
	g->signal = f->signal;
	nm_fault_leave(f);
	NM_JUMP(g->back);
}

/* A parser that is asked now may fault in its turn: signals are as they were. */
static bool is_first_look(const struct nm_fault *f)
{
	return f->kind == NM_FAULT_ACCESS && !nm_guarded && nm_fault_nest(f, nm_table_fault);
}

/* Nobody called an entry point on this thread, and yet it runs a parser's code: a thread of
 * its own, which ends here. */
static void end_own_thread(const struct nm_fault *f)
{
	struct nm_guard g = { .number = NM_OFFENCE_NO_FRAME,
		.entry = NM_ENTRY_THREAD,
		.signal = f->signal,
		.running = parser_at(f->pc),
		.turn = 1 };

	if (!g.running || nm_thread_is_first())
		return;
	nm_offend(&g, NM_OFFENCE_CRASH);
	nm_thread_end();
}

bool nm_parse_fault(const struct nm_fault *f)
{
	struct nm_guard *g = nm_guarded;

	if (is_first_look(f))
		return true;
	if (!g)
		end_own_thread(f);
	if (!g || !g->armed)
		return false;
	switch (f->kind) {
	case NM_FAULT_ACCESS:
	case NM_FAULT_CRASH: leave(g, NM_OFFENCE_CRASH, f);
	case NM_FAULT_EXIT: leave(g, NM_OFFENCE_EXIT, f);
	case NM_FAULT_FORBIDDEN: leave(g, NM_OFFENCE_FORBIDDEN, f);
	default: return false;
	}
}

/* ---- parsers that don't return ------------------------------------------------------------------ */

static bool is_over(struct nm_guard *g, bool from_outside, const struct nm_fault *f)
{
	if (from_outside)
		return ++g->nudged >= NUDGES;
	return ++g->seen >= TICKS_ANY || (g->seen >= TICKS && (g->held || parser_at(f->pc)));
}

/* The turn of the parse under way stands still while time goes on. */
static void tick(const struct nm_fault *f, bool from_outside)
{
	struct nm_guard *g = nm_guarded;

	if (!g || !g->armed)
		return;
	if (g->seen_turn != g->turn) {
		g->seen_turn = g->turn;
		g->seen = g->nudged = 0;
	}
	if (!is_over(g, from_outside, f))
		return;
	if (g->held) {
		g->due = true;
		return;
	}
	g->seen = 0;
	leave(g, g->nudged >= NUDGES ? NM_OFFENCE_WAIT : NM_OFFENCE_LOOP, f);
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
	NM_JUMP(g->back);
}

static _Atomic unsigned calls; /* of nm_guard_call, under way */

static bool runs(void)
{
	return atomic_load(nm_inside) || atomic_load(&calls);
}

void nm_guard_watch(void)
{
	static _Atomic bool watching;

	if (!atomic_exchange(&watching, true))
		(void)nm_ticks_start(TICK_NS, runs, tick);
}

/* ---- calls apart from frames ------------------------------------------------------------------ */

void nm_guard_contain(bool on)
{
	nm_faults_catch(on, nm_parse_fault);
	if (on)
		(void)nm_ticks_start(TICK_NS, runs, tick);
	else
		nm_ticks_stop();
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
	(void)atomic_fetch_add(&calls, 1);
	if (NM_MARK(g.back)) {
		nm_offend(&g, g.why);
		done = g.why;
	} else {
		g.armed = true;
		fn(arg);
	}
	g.armed = false;
	(void)atomic_fetch_sub(&calls, 1);
	nm_guarded = outer;
	return done;
}

void nm_guard_clear(void)
{
	n_ranges = 0;
	memset(&own_account, 0, sizeof own_account);
}
