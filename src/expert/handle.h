/* SPDX-License-Identifier: MIT */
/* expert/handle.h -- what the handles of a capture and its frames look like.
 *
 * A handle is a number that is no valid address on any system we know. With 64 bits: a tag, the
 * frame's number, and the session's own number with the lowest bit set. A capture's has another
 * tag and no frame number. The tag of a replaced frame counts how often, so that its older handles
 * are told apart.
 *
 * With 32 bits that has no room. A frame's handle is its number, above a mark of four bits that
 * counts sessions and replacements, and the lowest bit set; frames from NM_HANDLE_FRAMES on have
 * none. A capture's is even.
 *
 * Owns:     nothing; pure functions.
 * Threads:  any.
 */
#ifndef NM_EXPERT_HANDLE_H
#define NM_EXPERT_HANDLE_H

#include <stdbool.h>
#include <stdint.h>

#if UINTPTR_MAX > UINT32_MAX

#define NM_HANDLE_FRAMES  UINT64_C(0x100000000)
#define NM_HANDLE_CHANGES 0x3fffu /* replacements of one frame that are told apart */
#define NM_HANDLE_SHIFT   16      /* of the frame's number */

/* Has frame n a handle? */
static inline bool nm_handle_has(uint32_t n)
{
	(void)n;
	return true;
}

static inline uintptr_t nm_handle_capture(uint16_t turn)
{
	return (uintptr_t)0x4e43 << 48 | (uint16_t)(turn << 1 | 1);
}

/* times: how often it was replaced. */
static inline uintptr_t nm_handle_frame(uint16_t turn, uint32_t times, uint32_t n)
{
	uintptr_t tag = times ? 0x8000 | times : 0x4e46;

	return tag << 48 | (uintptr_t)n << NM_HANDLE_SHIFT | (uint16_t)(turn << 1 | 1);
}

#else

#define NM_HANDLE_FRAMES  UINT64_C(0x8000000)
#define NM_HANDLE_CHANGES 14u
#define NM_HANDLE_SHIFT   5

static inline bool nm_handle_has(uint32_t n)
{
	return n < NM_HANDLE_FRAMES;
}

static inline uintptr_t nm_handle_capture(uint16_t turn)
{
	return (uintptr_t)0x4e430000 | (uint16_t)(turn << 2 | 2);
}

static inline uintptr_t nm_handle_frame(uint16_t turn, uint32_t times, uint32_t n)
{
	return nm_handle_has(n) ? n << NM_HANDLE_SHIFT | ((turn + times) & 15) << 1 | 1 : 0;
}

#endif

/* The number in a frame's handle, or in anything. */
static inline uint32_t nm_handle_number(uintptr_t h)
{
	return (uint32_t)(h >> NM_HANDLE_SHIFT);
}

#endif
