/* SPDX-License-Identifier: MIT */
/* capture/pcapng.h -- what reading the frames, the notes and the writing of pcapng share.
 *
 * Owns:     nothing.
 * Uses:     capture_int.h.
 * Threads:  pure functions.
 * Trust:    options are hostile; none is taken beyond its block.
 */
#ifndef NM_CAPTURE_PCAPNG_H
#define NM_CAPTURE_PCAPNG_H

#include "capture/capture_int.h"
#include "capture/notes.h"

#define NM_NG_SECTION    UINT32_C(0x0a0d0d0a)
#define NM_NG_INTERFACE  1u
#define NM_NG_OBSOLETE   2u
#define NM_NG_SIMPLE     3u
#define NM_NG_NAMES      4u
#define NM_NG_STATISTICS 5u
#define NM_NG_ENHANCED   6u
#define NM_NG_JOURNAL    9u
#define NM_NG_SECRETS    10u
#define NM_NG_CUSTOM     UINT32_C(0x00000bad) /* may be copied into another file */
#define NM_NG_CUSTOM_NOT UINT32_C(0x40000bad) /* may not */
#define NM_NG_MAGIC      UINT32_C(0x1a2b3c4d)

#define NM_NG_BLOCK_MIN       12u
#define NM_NG_SECTION_HEAD    24u /* bytes before the options */
#define NM_NG_INTERFACE_HEAD  16u
#define NM_NG_PACKET_HEAD     28u /* before the frame's bytes */
#define NM_NG_STATISTICS_HEAD 20u

static inline uint16_t nm_ng_u16(const uint8_t *p, bool swapped)
{
	return swapped ? nm_be16(p) : nm_le16(p);
}

static inline uint32_t nm_ng_u32(const uint8_t *p, bool swapped)
{
	return swapped ? nm_be32(p) : nm_le32(p);
}

static inline uint64_t nm_ng_u64(const uint8_t *p, bool swapped)
{
	return swapped ? nm_be64(p) : nm_le64(p);
}

struct nm_ng_option {
	uint16_t code, len;
	const uint8_t *value; /* borrowed */
};

/* The next option; false at the end of the list, or, with *bad set, where an
 * option does not fit in its block. */
static inline bool nm_ng_next_option(
    struct nm_cur *cur, bool swapped, struct nm_ng_option *ret, bool *bad)
{
	const uint8_t *head;
	size_t pad;

	if (cur->left == 0)
		return false;
	head = nm_cur_take(cur, 4);
	if (head) {
		ret->code = nm_ng_u16(head, swapped);
		ret->len = nm_ng_u16(head + 2, swapped);
		if (ret->code == 0)
			return false;
		ret->value = nm_cur_take(cur, ret->len);
		pad =
		    (4u - ret->len % 4u) % 4u; /* missing behind the last option of some writers */
		if (ret->value && pad <= cur->left)
			(void)nm_cur_take(cur, pad);
	}
	*bad = cur->bad;
	return !cur->bad;
}

/* What an interface block of `total` bytes says of its frames. The name is cut at
 * name_size; *ret_bad: an option does not fit in the block. */
void nm_ng_read_link(const uint8_t *p, uint32_t total, bool swapped, struct nm_link *ret,
    char *name, size_t name_size, bool *ret_bad);

/* Nanoseconds since 1970; NM_NO_TIME when the clock can't be expressed. */
int64_t nm_ng_time(const struct nm_link *l, uint64_t ticks);

/* The option that holds such a note; 0: there is none. *ret_bytes: of its number; 0
 * when it is no number. */
uint16_t nm_ng_option_of(enum nm_note_owner owner, enum nm_note_code code, unsigned *ret_bytes);

#endif
