/* SPDX-License-Identifier: MIT */
/* parse/guard.h -- a bad parser costs itself, on that frame.
 *
 * One _setjmp a frame. The process's handler of SIGSEGV, SIGBUS, SIGFPE, SIGILL and
 * SIGABRT asks nm_parse_fault, which jumps back when the signal came from inside a
 * parser's entry point: the protocols recognized before it stay. A timer on the
 * process's own processor time finds an entry point that does not return; it jumps
 * only while the parser's own code is running, so that nobody's locks stay taken, and
 * in any case after GUARD_TICKS_ANY.
 *
 * What this can't do: a parser that writes over memory of others harms this process
 * and nothing else; one that calls exit ends it; what a parser had locked or allocated
 * when it was left stays so.
 *
 * Costs: one _setjmp a frame, two stores for each entry; no system call.
 */
#ifndef NM_PARSE_GUARD_H
#define NM_PARSE_GUARD_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

enum nm_offence {
	NM_OFFENCE_NONE,
	NM_OFFENCE_CRASH,   /* a signal that ends a process */
	NM_OFFENCE_LOOP,    /* its entry point did not return */
	NM_OFFENCE_POINTER, /* it returned a pointer outside of the frame */
	NM_OFFENCE_CIRCLE,  /* more than NM_STEPS_MAX protocols in a frame: the last one's */
	NM_OFFENCE_MANY,    /* more than NM_INSTANCES_MAX properties */
	NM_OFFENCES
};

/* After so many offences in a process a protocol is tried no more in it. */
#define NM_OFFENCES_ALLOWED 5u

struct nm_guard {
	jmp_buf back;
	volatile bool armed;    /* a parser's entry point is running under `back` */
	volatile uint64_t turn; /* counts the entry points called */
	uint64_t seen_turn;     /* by the timer, and how often in a row */
	unsigned seen;
	volatile bool held;           /* not now: see nm_guard_hold */
	volatile bool due;            /* a jump waits for the release */
	volatile enum nm_offence why; /* set before the jump */
};

/* What the process's handler of fatal signals calls first, with what it got. Does not
 * return when a parser is left. True: go on where the signal came from, a table was read
 * for the first time (nm_parse_be_lazy). False: the signal is not ours. */
bool nm_parse_fault(int signo, const void *address, void *context);

/* Let a timer run that finds parsers that don't return. Once a process; nothing before
 * it watches. */
void nm_guard_watch(void);

/* Parsers that did what they must not, in this process. */
struct nm_offender {
	const char *protocol;
	uint32_t count, first_frame; /* frame counted from 0 */
	enum nm_offence reason;      /* of the first */
	bool off;                    /* it was switched off */
};

/* The i-th, from 0; false past the last one. */
bool nm_offender(unsigned i, struct nm_offender *ret);

/* "crashed", ...; static. */
const char *nm_offence_text(enum nm_offence reason);

#endif
