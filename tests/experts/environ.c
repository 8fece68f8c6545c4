/* SPDX-License-Identifier: MIT */
/* One event for each variable of the environment that an expert has no need for. */
#include <netmon.h>
#include <string.h>

extern char **environ;

NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO info)
{
	strcpy(info->szName, "environ");
	return TRUE;
}

NMAPI_EXPORT BOOL WINAPI Run(HEXPERTKEY key, PEXPERTCONFIG config, PEXPERTSTARTUPINFO startup,
    DWORD flags, HWND parent)
{
	NMEVENTDATA ev;

	(void)config;
	(void)startup;
	(void)flags;
	(void)parent;
	memset(&ev, 0, sizeof ev);
	for (char **e = environ; e && *e; e++) {
		if (strncmp(*e, "LANG", 4) == 0 || strncmp(*e, "LC_", 3) == 0 ||
		    strncmp(*e, "TZ=", 3) == 0 || strncmp(*e, "LD_LIBRARY_PATH=", 16) == 0 ||
		    strstr(*e, "SAN_OPTIONS="))
			continue;
		ev.szEventName = *e;
		if (ExpertSubmitEvent(key, &ev) != NMERR_SUCCESS)
			return FALSE;
	}
	return TRUE;
}
