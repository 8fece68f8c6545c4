/* SPDX-License-Identifier: MIT */
/* expert/status.h -- the page a worker shares with the supervisor.
 *
 * Owns:     nothing; the supervisor makes the page, the worker maps it.
 * Threads:  the worker's threads write, the supervisor reads at any time;
 *           `terminate` goes the other way.
 * Trust:    the supervisor believes no byte of it: it is shown, clamped, and
 *           never used as a length, an index or a reason to wait.
 */
#ifndef NM_EXPERT_STATUS_H
#define NM_EXPERT_STATUS_H

#include <stdatomic.h>
#include <stdint.h>

#define NM_NO_FRAME_YET UINT32_C(0xFFFFFFFF)

#define NM_STATUS_TEXT 260 /* szStatusText of EXPERTSTATUS */

struct nm_status {
	/* supervisor -> worker */
	_Alignas(64) _Atomic uint32_t terminate; /* non-zero: every Expert* call says so */

	/* worker -> supervisor */
	_Alignas(64) _Atomic uint32_t phase; /* enum nm_phase */
	_Atomic uint32_t frame;              /* last frame handed out; NM_NO_FRAME_YET before */
	_Atomic uint32_t frames_seen;        /* distinct frames handed out, see run.h */
	_Atomic uint32_t first_frame, last_frame; /* lowest and highest handed out */
	_Atomic uint32_t told;               /* an Expert* call has returned EXPERT_TERMINATE */
	_Atomic uint32_t status, substatus;  /* EXPERTSTATUS_* as the expert last said */
	_Atomic uint32_t percent;
	_Atomic uint64_t heap_peak_bytes, heap_allocs, heap_live_blocks, heap_live_bytes;
	_Atomic uint64_t events_dropped;     /* refused by the event limit */
	_Atomic uint32_t text_turn;          /* odd while text is being written */
	char text[NM_STATUS_TEXT];
};

#define NM_STATUS_BYTES 4096
_Static_assert(sizeof(struct nm_status) <= NM_STATUS_BYTES, "status fits a page");

#endif
