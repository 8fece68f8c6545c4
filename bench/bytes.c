/* SPDX-License-Identifier: MIT */
/* Reads every byte of every frame, eight at a time, and says what they add up to. */
#include "every_byte.h"

#include <netmon.h>
#include <stdint.h>
#include <string.h>

NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO info)
{
	strcpy(info->szName, "Bytes");
	return TRUE;
}

NMAPI_EXPORT BOOL WINAPI Run(
    HEXPERTKEY key, PEXPERTCONFIG config, PEXPERTSTARTUPINFO startup, DWORD flags, HWND parent)
{
	struct {
		NMEVENTDATA head;
		NMCOLUMNINFO column[1];
	} event;
	EXPERTFRAMEDESCRIPTOR d;
	DWORD n = INVALID_FRAME_NUMBER;
	uint64_t s = 0;

	(void)config;
	(void)startup;
	(void)flags;
	(void)parent;
	while (ExpertGetFrame(key, GET_FRAME_NEXT_FORWARD, 0, n, NULL, &d) == NMERR_SUCCESS) {
		n = d.FrameNumber;
		s += every_byte(d.pFrame->MacFrame, d.pFrame->nBytesAvail);
	}
	memset(&event, 0, sizeof event);
	event.head.EventIdent = 1;
	event.head.NumColumns = 1;
	event.column[0].szColumnName = (char[]){ "Sum" };
	event.column[0].VariantData.Type = NMCOLUMNTYPE_UINT32;
	event.column[0].VariantData.Value.Uint32Val = (DWORD)(s ^ s >> 32);
	return ExpertSubmitEvent(key, &event.head) == NMERR_SUCCESS;
}
