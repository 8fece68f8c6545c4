/* SPDX-License-Identifier: MIT */
/* Counts the frames and says how many. */
#include "testexpert.h"

TEST_REGISTER("good", 0)

TEST_RUN
{
	EXPERTFRAMEDESCRIPTOR f = { .FrameNumber = INVALID_FRAME_NUMBER };
	DWORD frames = 0;

	TEST_UNUSED_ARGUMENTS;
	while (test_next(key, &f) == NMERR_SUCCESS)
		frames++;
	return test_submit(key, "frames counted", "Frames", NMCOLUMNTYPE_UINT32, frames) ==
	       NMERR_SUCCESS;
}
