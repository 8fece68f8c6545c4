/* SPDX-License-Identifier: MIT */
/* Needs a library that no machine has. */
#include "testexpert.h"

int gone(void);

TEST_REGISTER("needslib", 0)

TEST_RUN
{
	(void)key;
	TEST_UNUSED_ARGUMENTS;
	return gone();
}
