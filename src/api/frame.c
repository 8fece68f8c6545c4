/* SPDX-License-Identifier: MIT */
/* Functions on an HFRAME. */
#include "base/bytes.h"
#include "base/nmerr.h"
#include "expert/session.h"
#include "netmon.h"

/* Offsets in the 16-byte header before a frame's bytes (struct FRAME). */
enum { OFF_TIME = 0, OFF_LENGTH = 8, OFF_STORED = 12 };

HCAPTURE WINAPI GetFrameCaptureHandle(HFRAME hFrame)
{
	uint32_t n;

	return nm_frame_number(hFrame, &n) ? nm_session_capture() : NULL;
}

DWORD WINAPI GetFrameNumber(HFRAME hFrame)
{
	uint32_t n;

	return nm_frame_number(hFrame, &n) ? n : INVALID_FRAME_NUMBER;
}

DWORD WINAPI GetFrameLength(HFRAME hFrame)
{
	struct nm_frame f;

	return nm_session_frame(hFrame, &f) ? 0 : nm_le32(f.record + OFF_LENGTH);
}

DWORD WINAPI GetFrameStoredLength(HFRAME hFrame)
{
	struct nm_frame f;

	return nm_session_frame(hFrame, &f) ? 0 : nm_le32(f.record + OFF_STORED);
}

__int64 WINAPI GetFrameTimeStamp(HFRAME hFrame)
{
	struct nm_frame f;

	return nm_session_frame(hFrame, &f) ? -1 : (__int64)nm_le64(f.record + OFF_TIME);
}

DWORD WINAPI GetFrameMacType(HFRAME hFrame)
{
	struct nm_frame f;

	return nm_session_frame(hFrame, &f) ? MAC_TYPE_UNKNOWN : f.mac_type;
}

ULPFRAME WINAPI GetFrameFromFrameHandle(HFRAME hFrame)
{
	struct nm_frame f;

	return nm_session_frame(hFrame, &f) ? NULL : (ULPFRAME)(void *)f.record;
}
