/* SPDX-License-Identifier: MIT */
/* Walks forward and backward, and returns FALSE unless both saw the same frames. */
#include "testexpert.h"

TEST_REGISTER("backward", 0)

TEST_RUN
{
	EXPERTFRAMEDESCRIPTOR f = { .FrameNumber = INVALID_FRAME_NUMBER };
	uint64_t forward = 0, backward = 0;
	DWORD frames = 0, err;

	TEST_UNUSED_ARGUMENTS;
	while ((err = test_next(key, &f)) == NMERR_SUCCESS) {
		if (f.FrameNumber != frames++)
			return FALSE;
		forward += test_frame_hash(&f);
	}
	if (err != NMERR_NO_MORE_FRAMES)
		return FALSE;
	f.FrameNumber = INVALID_FRAME_NUMBER;
	while ((err = ExpertGetFrame(key, GET_FRAME_NEXT_BACKWARD, 0, f.FrameNumber, NULL, &f)) ==
	       NMERR_SUCCESS) {
		if (f.FrameNumber != --frames)
			return FALSE;
		backward += test_frame_hash(&f);
	}
	return err == NMERR_NO_MORE_FRAMES && frames == 0 && forward == backward;
}
