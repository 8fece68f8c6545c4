/* SPDX-License-Identifier: MIT */
/* expert/changed.h -- frames that ModifyFrame has replaced, in this process.
 *
 * Owns:     the bytes of the frames as they are now. The file never changes, and
 *           other processes don't see it.
 * Uses:     base/.
 * Threads:  any thread. Replacing a frame frees the bytes it had before: as its
 *           old handle, they must not be used any more.
 * Trust:    the plug-in's bytes are copied, its numbers checked by the caller.
 */
#ifndef NM_EXPERT_CHANGED_H
#define NM_EXPERT_CHANGED_H

#include "expert/handle.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define NM_CHANGES_MAX NM_HANDLE_CHANGES /* changes of one frame */

/* Put a frame of n bytes at `bytes` in the place of frame `number`.
 * NMERR_SUCCESS; NMERR_OUT_OF_MEMORY and NMERR_NO_HANDLES, nothing changed. */
uint32_t nm_changed_put(uint32_t number, const void *bytes, uint32_t n, int64_t time_us);

/* Has any frame been replaced? */
extern _Atomic uint32_t nm_changed_frames;
static inline bool nm_changed_any(void)
{
	return atomic_load_explicit(&nm_changed_frames, memory_order_acquire) != 0;
}

/* How often frame `number` was replaced: 0 for one that is as in the file. Then
 * *ret_record (may be NULL) points at its FRAME header and bytes. */
uint32_t nm_changed_get(uint32_t number, uint8_t **ret_record);

/* All frames are again as in the file. */
void nm_changed_clear(void);

#endif
