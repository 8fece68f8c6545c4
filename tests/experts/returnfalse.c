/* SPDX-License-Identifier: MIT */
/* One event, a problem with a number, FALSE. */
#include "testexpert.h"

TEST_REGISTER("returnfalse", 0)

TEST_RUN
{
	TEST_UNUSED_ARGUMENTS;
	(void)test_submit(key, "before returning FALSE", NULL, 0, 0);
	(void)ExpertIndicateStatus(key, EXPERTSTATUS_PROBLEM, 4711, "gave up", -1);
	return FALSE;
}
