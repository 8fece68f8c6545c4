/* SPDX-License-Identifier: MIT */
/* Functions on an HCAPTURE or a capture file's name. */
#include "base/nmerr.h"
#include "capture/capture.h"
#include "expert/session.h"
#include "netmon.h"
#include "system/files.h"

#include <errno.h>
#include <string.h>

/* The interface says LPSTR and LPSYSTEMTIME, and forbids writing. */
static void *unwritable(const void *p)
{
	return (void *)(uintptr_t)p;
}

LPSYSTEMTIME WINAPI GetCaptureTimeStamp(HCAPTURE hCapture)
{
	return nm_session_from_handle(hCapture) ? unwritable(nm_session_start()) : NULL;
}

DWORD WINAPI GetCaptureMacType(HCAPTURE hCapture)
{
	struct nm_capture *c = nm_session_from_handle(hCapture);
	struct nm_capture_facts f;

	if (!c)
		return MAC_TYPE_UNKNOWN;
	nm_capture_facts(c, &f);
	return f.mac_type;
}

DWORD WINAPI GetCaptureTotalFrames(HCAPTURE hCapture)
{
	return nm_session_from_handle(hCapture) ? nm_session_total() : 0;
}

LPSTR WINAPI GetCaptureComment(HCAPTURE hCapture)
{
	struct nm_capture *c = nm_session_from_handle(hCapture);
	const char *comment = c ? nm_capture_comment(c) : NULL;

	return unwritable(comment);
}

HFRAME WINAPI GetFrame(HCAPTURE hCapture, DWORD FrameNumber)
{
	if (!nm_session_from_handle(hCapture))
		return NULL;
	if (nm_session_has_frame(FrameNumber))
		return nm_frame_handle(FrameNumber);
	nm_set_last_error(NMERR_FRAME_NOT_FOUND);
	return NULL;
}

HFRAME WINAPI ModifyFrame(
    HCAPTURE hCapture, DWORD FrameNumber, LPBYTE FrameData, DWORD FrameLength, __int64 TimeStamp)
{
	if (!nm_session_from_handle(hCapture))
		return NULL;
	return nm_session_modify(FrameNumber, FrameData, FrameLength, TimeStamp);
}

static DWORD open_error(int err)
{
	switch (err) {
	case ENOENT: return NMERR_FILE_NOT_FOUND;
	case ENOTDIR: return NMERR_PATH_NOT_FOUND;
	case EACCES:
	case EPERM: return NMERR_ACCESS_DENIED;
	default: return NMERR_FILE_READ_ERROR;
	}
}

static DWORD copy_comment(int fd, char *buf, DWORD size)
{
	struct nm_capture *c;
	const char *comment;
	DWORD err = nm_capture_open(fd, &c, NULL);
	size_t n;

	if (err)
		return err;
	comment = nm_capture_comment(c);
	n = comment ? strnlen(comment, (size_t)size - 1) : 0;
	if (n)
		memcpy(buf, comment, n);
	buf[n] = '\0';
	nm_capture_close(c);
	return NMERR_SUCCESS;
}

DWORD WINAPI GetCaptureCommentFromFilename(LPSTR lpFilename, LPSTR lpComment, DWORD BufferSize)
{
	enum nm_prim_kind kind;
	uint64_t bytes;
	DWORD err;
	int fd;

	if (!lpFilename || !lpComment || BufferSize == 0)
		return nm_set_last_error(NMERR_INVALID_PARAMETER), NMERR_INVALID_PARAMETER;
	fd = nm_prim_open(lpFilename);
	if (fd < 0) {
		err = open_error(-fd);
	} else {
		err = nm_prim_stat(fd, &kind, &bytes) == 0 && kind == NM_PRIM_FILE
			  ? copy_comment(fd, lpComment, BufferSize)
			  : NMERR_FILE_READ_ERROR;
		nm_prim_close(fd);
	}
	if (err)
		nm_set_last_error(err);
	return err;
}
