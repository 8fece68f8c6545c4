/* SPDX-License-Identifier: MIT */
/* Fails at the tenth frame it is given. */
#include "testexpert.h"

TEST_REGISTER("tenth", 0)

TEST_RUN
{
	EXPERTFRAMEDESCRIPTOR f = { .FrameNumber = INVALID_FRAME_NUMBER };

	TEST_UNUSED_ARGUMENTS;
	for (int i = 0; i < 10; i++)
		if (test_next(key, &f) != NMERR_SUCCESS)
			return TRUE;
	return FALSE;
}
