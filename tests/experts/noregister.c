/* SPDX-License-Identifier: MIT */
/* Lacks Register. */
#include "testexpert.h"

TEST_RUN
{
	(void)key;
	TEST_UNUSED_ARGUMENTS;
	return TRUE;
}
