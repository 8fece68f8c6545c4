/* SPDX-License-Identifier: MIT */
/* Functions on an HFRAME. */
#include "base/bytes.h"
#include "base/nmerr.h"
#include "expert/session.h"
#include "netmon.h"
#include "parse/parse.h"

/* Offsets in the 16-byte header before a frame's bytes (struct FRAME). */
enum { OFF_TIME = 0, OFF_LENGTH = 8, OFF_STORED = 12 };

/* What a parser asks of its own frame, often, is at hand. NULL and the last error: no frame. */
static const uint8_t *record_of(HFRAME h)
{
	const struct nm_parse *running = nm_parse_running();
	struct nm_frame f;

	if (running && h && nm_parse_frame(running) == h)
		return nm_parse_record(running);
	return nm_session_frame(h, &f) ? NULL : f.record;
}

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
	const uint8_t *record = record_of(hFrame);

	return record ? nm_le32(record + OFF_LENGTH) : 0;
}

DWORD WINAPI GetFrameStoredLength(HFRAME hFrame)
{
	const uint8_t *record = record_of(hFrame);

	return record ? nm_le32(record + OFF_STORED) : 0;
}

__int64 WINAPI GetFrameTimeStamp(HFRAME hFrame)
{
	const uint8_t *record = record_of(hFrame);

	return record ? (__int64)nm_le64(record + OFF_TIME) : -1;
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
