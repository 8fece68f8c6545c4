/* SPDX-License-Identifier: MIT */
/* An event for each of the first hundred frames, also when one is refused. */
#include "testexpert.h"

#define FRAMES_MAX 100

TEST_REGISTER("frames", 0)

TEST_RUN
{
	EXPERTFRAMEDESCRIPTOR f = { .FrameNumber = INVALID_FRAME_NUMBER };
	DWORD err;

	TEST_UNUSED_ARGUMENTS;
	for (unsigned n = 0; n < FRAMES_MAX && test_next(key, &f) == NMERR_SUCCESS; n++) {
		err = test_submit(key, "a frame", "Frame", NMCOLUMNTYPE_FRAME, f.FrameNumber);
		if (err == NMERR_EXPERT_TERMINATE)
			return FALSE;
	}
	return TRUE;
}
