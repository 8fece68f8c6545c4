/* SPDX-License-Identifier: MIT */
/* Says that it can be configured, and lacks Configure. */
#include "testexpert.h"

TEST_REGISTER("confmissing", EXPERT_ENUM_FLAG_CONFIGURABLE)

TEST_RUN
{
	(void)key;
	TEST_UNUSED_ARGUMENTS;
	return TRUE;
}
