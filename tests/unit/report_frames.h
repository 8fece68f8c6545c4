/* SPDX-License-Identifier: MIT */
/* report_frames.h -- frames for report tests: nm_frames() of a host that reads none. */
#ifndef NM_TESTS_REPORT_FRAMES_H
#define NM_TESTS_REPORT_FRAMES_H

#include "nmhost.h"

/* What the frames look like, by their number from 0: of every eight the one with the
 * remainder. All others are ordinary. */
enum fake_frame_kind {
	FAKE_FRAME_MARKUP = 3, /* texts that would like to be markup, levels that jump */
	FAKE_FRAME_BROKEN = 5, /* a line that is no JSON */
	FAKE_FRAME_LARGE = 6,  /* 2,000 fields; 2,048 of 9,000 bytes */
	FAKE_FRAME_OTHER = 7,  /* says that it is another frame, which was not asked for */
};

/* A capture of 100,000 frames, of which `kinds` kinds of event name `each` frames each: the
 * first one, of the worst severity, frames 0, step, 2 * step ..., the next one frames behind. */
int play_frames(const struct nm_sink *s, unsigned kinds, unsigned each, uint32_t step);

extern struct fake_frames {
	const char *say;      /* a line for people; NULL: none */
	bool nothing;         /* no frame comes */
	unsigned calls;       /* so far */
	uint32_t asked;       /* frames, in the last call */
	const char *captures; /* the capture of the last call; borrowed */
} fake_frames;

#endif
