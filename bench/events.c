/* SPDX-License-Identifier: MIT */
/* As many events as EVENTS says, each with one column: what the stream carries. */
#include <netmon.h>
#include <string.h>

#ifndef EVENTS
#define EVENTS 10000000u
#endif

NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO info)
{
	strcpy(info->szName, "Events");
	return TRUE;
}

NMAPI_EXPORT BOOL WINAPI Run(
    HEXPERTKEY key, PEXPERTCONFIG config, PEXPERTSTARTUPINFO startup, DWORD flags, HWND parent)
{
	struct {
		NMEVENTDATA head;
		NMCOLUMNINFO column[1];
	} event;

	(void)config;
	(void)startup;
	(void)flags;
	(void)parent;
	memset(&event, 0, sizeof event);
	event.head.EventIdent = 1;
	event.head.NumColumns = 1;
	event.column[0].VariantData.Type = NMCOLUMNTYPE_UINT32;
	for (DWORD i = 0; i < EVENTS; i++) {
		event.column[0].VariantData.Value.Uint32Val = i;
		if (ExpertSubmitEvent(key, &event.head) != NMERR_SUCCESS)
			return FALSE;
	}
	return TRUE;
}
