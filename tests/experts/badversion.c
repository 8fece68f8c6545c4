/* SPDX-License-Identifier: MIT */
/* Registers with a version that nobody knows. */
#include "testexpert.h"

NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO info)
{
	info->Version = 1;
	return test_register(info, "badversion", 0);
}

TEST_RUN
{
	(void)key;
	TEST_UNUSED_ARGUMENTS;
	return TRUE;
}
