/* SPDX-License-Identifier: MIT */
/* Leaves three blocks behind. */
#include "testexpert.h"

TEST_REGISTER("leak", 0)

TEST_RUN
{
	TEST_UNUSED_ARGUMENTS;
	for (size_t n = 0; n <= 200; n += 100)
		if (!ExpertAllocMemory(key, n, NULL))
			return FALSE;
	return TRUE;
}
