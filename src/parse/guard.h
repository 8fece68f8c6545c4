/* SPDX-License-Identifier: MIT */
/* parse/guard.h -- a bad parser costs itself, on that frame.
 *
 * One NM_MARK a frame. The process's handler of faults asks nm_parse_fault, which
 * jumps back when the fault came from inside a parser's entry point: the protocols
 * recognized before it stay. A timer on the process's own processor time finds an entry
 * point that does not return; it jumps only while the parser's own code is running, so
 * that nobody's locks stay taken, and in any case after TICKS_ANY. One that waits uses no
 * time of a processor: whoever stands outside asks now and then.
 *
 * What this can't do: a parser that writes over memory of others harms this process
 * and nothing else; what a parser had locked or allocated when it was left stays so.
 *
 * Costs: one NM_MARK a frame, three stores for each entry; no system call.
 */
#ifndef NM_PARSE_GUARD_H
#define NM_PARSE_GUARD_H

#include "parse/offence.h"

#include "system/fault.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* After so many offences in a process a protocol is tried no more in it. A person may
 * say otherwise: key Offences in section [NMAPI] of parser.ini; 0: never. */
#define NM_OFFENCES_ALLOWED 5u

struct protocol;

struct nm_guard {
	struct protocol *volatile running; /* whose entry point is being called; NULL: none */
	volatile uint64_t turn;            /* counts the entry points called */
	volatile bool armed;               /* a parser's entry point is running under `back` */
	volatile bool held;                /* not now: see nm_guard_hold */
	volatile bool due;                 /* a jump waits for the release */
	unsigned seen;                     /* how often in a row the timer saw seen_turn */
	unsigned nudged;                   /* and somebody outside */
	uint64_t seen_turn;
	uint64_t counted; /* the turn whose offence is in the account: one counts for each */
	uint32_t number;  /* of the frame, from 0; NM_OFFENCE_NO_FRAME: none */
	volatile enum nm_entry entry;
	volatile enum nm_offence why; /* set before the jump */
	volatile int signal;          /* the system's number, of a crash */
	nm_place back;
};

/* What the process's handler of faults calls first. Does not return when a parser is left.
 * True: go on where the fault came from, a table was read for the first time
 * (nm_parse_be_lazy). False: the fault is not ours. */
bool nm_parse_fault(const struct nm_fault *f);

/* Let a timer run that finds parsers that don't return. Once a process. */
void nm_guard_watch(void);

/* For a process without handlers of its own: between on and off, faults and the timer
 * are ours, and what goes on behind nm_guard_call is contained. */
void nm_guard_contain(bool on);

/* From here on offences go there, until NULL is given. Nothing of it is cleared. */
void nm_guard_tell(struct nm_offences *account);

/* Where they went before; to read what happened while parsers were loaded. */
const struct nm_offences *nm_guard_account(void);

/* "TCP (tcpip.so)" for the id that an account says is inside; "" for none. */
const char *nm_guard_name(uint32_t id, char *buf, size_t size);

#endif
