/* SPDX-License-Identifier: MIT */
/* expert/status.h -- the memory a worker shares with the supervisor.
 *
 * Owns:     nothing; the supervisor makes it, the worker maps it.
 * Threads:  the worker's threads write, the supervisor reads at any time;
 *           `terminate` and `coming` go the other way.
 * Trust:    the supervisor believes no byte of it: it is shown, clamped, and
 *           never used as a length, an index or a reason to wait.
 */
#ifndef NM_EXPERT_STATUS_H
#define NM_EXPERT_STATUS_H

#include "parse/offence.h"

#include <stdatomic.h>
#include <stdint.h>

#define NM_NO_FRAME_YET UINT32_C(0xFFFFFFFF)

#define NM_STATUS_TEXT  260  /* szStatusText of EXPERTSTATUS */
#define NM_STATUS_NAMES 8192 /* bytes of all names of a guest's protocols that are told */

/* What a dying worker says of its end. Written by a signal handler of a process
 * that is already broken: shown, never trusted. */
struct nm_crash {
	_Atomic uint32_t ready; /* 0: nothing; 1: the members up to text; 2: text too */
	int32_t signal, code;   /* si_signo, si_code */
	int32_t syscall;        /* SIGSYS: which; else -1 */
	uint64_t address;       /* fault address, or where the program was */
	uint64_t stack;         /* stack pointer at that moment */
	char path[256];         /* SIGSYS on a call with a path: which; else "" */
	char text[3072];        /* backtrace, a line a frame */
	char heap[2048];        /* the block that was hit, lines; "" when none or not known */
};

struct nm_status {
	/* supervisor -> worker */
	_Alignas(64) _Atomic uint32_t terminate; /* non-zero: every Expert* call says so */
	_Atomic uint32_t coming;                 /* non-zero: more of the capture will come */

	/* worker -> supervisor */
	_Alignas(64) _Atomic uint32_t phase; /* enum nm_phase */
	_Atomic uint32_t frame;              /* last frame handed out; NM_NO_FRAME_YET before */
	_Atomic uint32_t frames_seen;        /* distinct frames handed out, see run.h */
	_Atomic uint32_t first_frame, last_frame; /* lowest and highest handed out */
	_Atomic uint32_t told;              /* an Expert* call has returned EXPERT_TERMINATE */
	_Atomic uint32_t status, substatus; /* EXPERTSTATUS_* as the expert last said */
	_Atomic uint32_t percent;
	_Atomic uint32_t signs; /* of life: status said, events submitted; wraps */
	_Atomic uint64_t heap_peak_bytes, heap_allocs, heap_live_blocks, heap_live_bytes;
	_Atomic uint64_t events_dropped; /* refused by the event limit */
	_Atomic uint32_t text_turn;      /* odd while text is being written */
	char text[NM_STATUS_TEXT];
	_Atomic uint64_t refused;        /* allocations refused */
	_Atomic uint32_t judged, passed; /* frames that the user's filter was asked about */

	struct nm_crash crash;
	struct nm_offences parsers;

	/* Of a guest, whose protocols have numbers of its own: what parsers.inside means, a name and its
	 * NUL for each number from 1 on; empty elsewhere. */
	char protocols[NM_STATUS_NAMES];
};

#define NM_STATUS_BYTES 20480
_Static_assert(sizeof(struct nm_status) <= NM_STATUS_BYTES, "status fits five pages");

#endif
