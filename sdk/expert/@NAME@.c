/* SPDX-License-Identifier: MIT */
/* @NAME@ -- tells where a capture is silent.
 *
 * A small expert that does something: it walks over all frames, looks at the time
 * between each and the one before, and submits an event for every long silence.
 * Keep the frame of it and replace what it looks for.
 *
 * Build: make    Test: make test    Use: netmon run -e ./@NAME@.so CAPTURE
 */
#include <netmon.h>

#include <stdio.h>
#include <string.h>

#define LONG_SILENCE 1000000 /* microseconds */
#define STATUS_EVERY 1000    /* frames between two signs of life */

/* The kinds of events. Each may have a page that explains it, @NAME@1.htm. */
enum { EVENT_SILENCE = 1 };

/* Called once, so that the host knows what this is. */
NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO info)
{
	strcpy(info->szName, "@NAME@");
	strcpy(info->szVendor, "");
	strcpy(info->szDescription, "Tells where a capture is silent.");
	return TRUE;
}

/* Submit one finding. The host copies it, so it may be freed at once. */
static DWORD submit_silence(HEXPERTKEY key, DWORD frame, double seconds)
{
	char text[80];
	DWORD error;
	NMEVENTDATA *event =
	    ExpertAllocMemory(key, sizeof *event + 2 * sizeof event->Column[0], &error);

	if (!event)
		return error;
	snprintf(text, sizeof text, "no frame for %.3f s", seconds);
	event->EventIdent = EVENT_SILENCE;
	event->Flags = NMEVENTFLAG_EXPERT;
	event->Severity = NMEVENT_SEVERITY_WARNING;
	event->szSourceName = "@NAME@";
	event->szEventName = "Silence";
	event->szDescription = text;

	event->NumColumns = 2;
	event->Column[0].szColumnName = "Ends with frame";
	event->Column[0].VariantData.Type = NMCOLUMNTYPE_FRAME;
	event->Column[0].VariantData.Value.FrameVal = frame;
	event->Column[1].szColumnName = "Seconds";
	event->Column[1].VariantData.Type = NMCOLUMNTYPE_FLOAT64;
	event->Column[1].VariantData.Value.Float64Val = seconds;

	error = ExpertSubmitEvent(key, event);
	ExpertFreeMemory(key, event);
	return error;
}

/* A sign of life; the answer tells whether to go on. The host works out the percentage of
 * a walk over all frames (-1: it stays as it is). */
static DWORD indicate(HEXPERTKEY key)
{
	return ExpertIndicateStatus(key, EXPERTSTATUS_RUNNING, 0, "", -1);
}

/* Called once for each capture: the analysis. */
NMAPI_EXPORT BOOL WINAPI Run(HEXPERTKEY key, PEXPERTCONFIG config, PEXPERTSTARTUPINFO startup,
    DWORD flags, HWND window)
{
	EXPERTFRAMEDESCRIPTOR frame = { .FrameNumber = INVALID_FRAME_NUMBER };
	DWORD error = NMERR_SUCCESS;
	__int64 last = 0; /* microseconds since the capture began, as time stamps are */

	(void)config;
	(void)startup;
	(void)flags;
	(void)window;
	while (error == NMERR_SUCCESS) {
		/* The frame after the last one; the number that is none asks for the first. */
		error = ExpertGetFrame(key, GET_FRAME_NEXT_FORWARD, 0, frame.FrameNumber, NULL,
		    &frame);
		if (error != NMERR_SUCCESS)
			break;
		/* Here are frame.pFrame->MacFrame, of which nBytesAvail bytes are there,
		 * FrameLength, the length on the wire, and TimeStamp. */
		if (frame.FrameNumber > 0 && frame.pFrame->TimeStamp - last >= LONG_SILENCE)
			error = submit_silence(key, frame.FrameNumber,
			    (double)(frame.pFrame->TimeStamp - last) / 1e6);
		last = frame.pFrame->TimeStamp;
		if (error == NMERR_SUCCESS && frame.FrameNumber % STATUS_EVERY == 0)
			error = indicate(key);
	}
	/* NMERR_EXPERT_TERMINATE, for one, means that somebody wants us to stop. */
	return error == NMERR_NO_MORE_FRAMES;
}
