/* SPDX-License-Identifier: MIT */
/* The least an expert can do: walk every frame and say how many there were. */
#include <netmon.h>
#include <string.h>

NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO info)
{
	strcpy(info->szName, "Count");
	return TRUE;
}

NMAPI_EXPORT BOOL WINAPI Run(
    HEXPERTKEY key, PEXPERTCONFIG config, PEXPERTSTARTUPINFO startup, DWORD flags, HWND parent)
{
	struct {
		NMEVENTDATA head;
		NMCOLUMNINFO column[2];
	} event;
	EXPERTFRAMEDESCRIPTOR d;
	DWORD n = INVALID_FRAME_NUMBER, frames = 0;
	double bytes = 0;

	(void)config;
	(void)startup;
	(void)flags;
	(void)parent;
	while (ExpertGetFrame(key, GET_FRAME_NEXT_FORWARD, 0, n, NULL, &d) == NMERR_SUCCESS) {
		n = d.FrameNumber;
		frames++;
		bytes += d.pFrame->FrameLength;
	}
	memset(&event, 0, sizeof event);
	event.head.EventIdent = 1;
	event.head.NumColumns = 2;
	event.column[0].szColumnName = (char[]){ "Frames" };
	event.column[0].VariantData.Type = NMCOLUMNTYPE_UINT32;
	event.column[0].VariantData.Value.Uint32Val = frames;
	event.column[1].szColumnName = (char[]){ "Bytes" };
	event.column[1].VariantData.Type = NMCOLUMNTYPE_FLOAT64;
	event.column[1].VariantData.Value.Float64Val = bytes;
	return ExpertSubmitEvent(key, &event.head) == NMERR_SUCCESS;
}
