/* SPDX-License-Identifier: MIT */
/* Run returns TRUE unless its configuration has an x behind the length. */
#include "testexpert.h"

TEST_REGISTER("picky", EXPERT_ENUM_FLAG_CONFIGURABLE)

NMAPI_EXPORT BOOL WINAPI Configure(
    HEXPERTKEY key, PEXPERTCONFIG *config, PEXPERTSTARTUPINFO startup, DWORD flags, HWND window)
{
	(void)key;
	(void)config;
	(void)startup;
	(void)flags;
	(void)window;
	return TRUE;
}

TEST_RUN
{
	(void)key;
	(void)startup;
	(void)flags;
	(void)window;
	return !config || config->RawConfigLength < 5 || config->RawConfigData[0] != 'x';
}
