/* SPDX-License-Identifier: MIT */
/* Says that it has nothing to show, and tries to show something. */
#include "testexpert.h"

TEST_REGISTER("novw", EXPERT_ENUM_FLAG_NO_VIEWER)

TEST_RUN
{
	TEST_UNUSED_ARGUMENTS;
	return test_submit(key, "not to be seen", NULL, 0, 0) == NMERR_EXPERT_REPORT_FAILED;
}
