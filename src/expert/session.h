/* SPDX-License-Identifier: MIT */
/* expert/session.h -- the capture and frame handles of this process.
 *
 * A process analyses one capture; HCAPTURE and HFRAME are checked values that
 * name it and its frames, never addresses. A handle of another capture, of an
 * earlier session or made up is told apart and refused.
 *
 * Owns:     the pool of windows behind GetFrameFromFrameHandle and friends, so
 *           that they do not disturb what ExpertGetFrame handed out.
 * Uses:     capture/, base/.
 * Threads:  any thread.
 * Trust:    every handle is hostile.
 */
#ifndef NM_EXPERT_SESSION_H
#define NM_EXPERT_SESSION_H

#include "capture/capture.h"
#include "expert/handle.h"
#include "netmon.h"

/* Make c the capture of this process; borrowed until nm_session_close.
 * NMERR_SUCCESS or NMERR_OUT_OF_MEMORY. */
uint32_t nm_session_open(struct nm_capture *c);
void nm_session_close(void);

HCAPTURE nm_session_capture(void); /* NULL when none is open */

/* When the open capture starts, in UTC; valid until nm_session_close. */
const SYSTEMTIME *nm_session_start(void);

/* The capture behind a handle, or NULL and the last error. */
struct nm_capture *nm_session_from_handle(HCAPTURE h);

/* Frames in the open capture, once they are counted; those counted so far when
 * *stop becomes non-zero, for what was set last (NULL: never; borrowed). */
uint32_t nm_session_total(void);
void nm_session_watch(const volatile uint32_t *stop, _Atomic uint32_t *signs);

/* Asked for each frame of a long search: false when it has to end. Counts up *signs, so
 * that a search that finds nothing is not taken for an expert that gets nowhere. */
bool nm_session_goes_on(void);

/* The handle of frame n (which must exist). */
HFRAME nm_frame_handle(uint32_t n);

/* That of frame n, as long as it was not replaced, is this + (n << NM_HANDLE_SHIFT). */
uintptr_t nm_frame_handles(void);

/* True and *ret_n when h names a frame of the open capture; else false. */
bool nm_frame_number(HFRAME h, uint32_t *ret_n);

/* The frame behind a handle, from the pool; NMERR_INVALID_HFRAME and the
 * errors of nm_view_frame otherwise. ret->record stays valid until eight
 * further windows were loaded by calls of this function. */
uint32_t nm_session_frame(HFRAME h, struct nm_frame *ret);

/* When frame n was captured, nanoseconds since 1970, as exactly as FRAME has it; false: there
 * is no such frame. */
bool nm_session_time(uint32_t n, int64_t *ret_ns);

/* GetFrame's question: does frame n exist? */
bool nm_session_has_frame(uint32_t n);

/* ModifyFrame: from here on frame n of this process is n_bytes bytes (copied) at
 * time_us. Its new handle; NULL and the last error. */
HFRAME nm_session_modify(uint32_t n, const void *bytes, uint32_t n_bytes, int64_t time_us);

#endif
