/* SPDX-License-Identifier: MIT */
/* capture/convert.h -- a capture into another format.
 *
 * Owns:     nothing.
 * Uses:     capture.h, write.h.
 * Threads:  one.
 * Trust:    the capture is hostile.
 */
#ifndef NM_CAPTURE_CONVERT_H
#define NM_CAPTURE_CONVERT_H

#include "capture/capture.h"
#include "capture/pack.h"
#include "capture/pick.h"

/* What was lost on the way. */
struct nm_conversion {
	uint32_t frames;         /* written */
	uint32_t left_out;       /* frames of links that the target has no number for */
	uint32_t first_left_out; /* the first of them, from 0 */
	uint32_t times_cut;      /* frames whose time the target can't hold exactly */
	bool comment_lost;
	bool names_lost; /* of interfaces */
	bool snap_lost;  /* the snap length, where it may have cut frames */
	uint64_t frame_comments_lost;
	uint64_t texts_lost;  /* other options: what it was captured with, counters, flags */
	uint64_t blocks_lost; /* blocks without frames that the target has no place for */
	uint32_t processes_lost;
	uint32_t sections_lost; /* sections of pcapng that are told from the first no more */
};

/* What is to be written. */
struct nm_target_format {
	enum nm_format to;       /* PCAP, PCAPNG or NETMON2 */
	uint32_t first, last;    /* frames, from 0; what lies beyond the last one is none */
	enum nm_packing packing; /* not for NETMON2 */
	struct nm_picks *picks;  /* borrowed: of these frames the ones that are picked; NULL: all */
};

#define NM_LAST_FRAME UINT32_C(0xFFFFFFFF) /* a last that leaves none out */

/* Write frames of c, of which no view was made yet, to fd. Indexes c: its facts are
 * complete afterwards, with its damage. NMERR_SUCCESS, or an NMERR code and *d;
 * *ret is filled either way. */
uint32_t nm_capture_convert(struct nm_capture *c, int fd, const struct nm_target_format *t,
    struct nm_conversion *ret, struct nm_diag *d);

#endif
