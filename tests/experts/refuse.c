/* SPDX-License-Identifier: MIT */
/* Refuses to register. */
#include "testexpert.h"

NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO info)
{
	(void)test_register(info, "refuse", 0);
	return FALSE;
}

TEST_RUN
{
	(void)key;
	TEST_UNUSED_ARGUMENTS;
	return TRUE;
}
