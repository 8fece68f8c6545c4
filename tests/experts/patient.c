/* SPDX-License-Identifier: MIT */
/* Fails at the tenth frame it is given, and waits for it where there are fewer. */
#include "testexpert.h"

#include <unistd.h>

TEST_REGISTER("patient", 0)

TEST_RUN
{
	EXPERTFRAMEDESCRIPTOR f = { .FrameNumber = INVALID_FRAME_NUMBER };

	TEST_UNUSED_ARGUMENTS;
	for (int i = 0; i < 10; i++)
		while (test_next(key, &f) != NMERR_SUCCESS)
			(void)sleep(1);
	return FALSE;
}
