/* SPDX-License-Identifier: MIT */
/* The exported capture and frame functions, called as a plug-in calls them. */
#include "check.h"
#include "expert/door.h"
#include "make_pcap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#define FRAMES 3

static const struct nm_door *door;
static struct nm_capture *capture;
static HCAPTURE h;

static int setup(void **state)
{
	(void)state;
	door = nm_door(NM_DOOR_VERSION);
	assert_non_null(door);
	assert_int_equal(door->capture_open(make_pcap(FRAMES), &capture, NULL), 0);
	assert_int_equal(door->session_open(capture), 0);
	h = door->session_capture();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	door->session_close();
	door->capture_close(capture);
	return 0;
}

static void the_door_is_for_one_version(void **state)
{
	(void)state;
	assert_null(nm_door(0));
	assert_null(nm_door(NM_DOOR_VERSION + 1));
}

static void a_capture_tells_its_facts(void **state)
{
	const SYSTEMTIME *t = GetCaptureTimeStamp(h);

	(void)state;
	assert_int_equal(GetCaptureTotalFrames(h), FRAMES);
	assert_int_equal(GetCaptureMacType(h), MAC_TYPE_ETHERNET);
	assert_null(GetCaptureComment(h));
	assert_non_null(t);
	assert_int_equal(t->wYear, 1970);
	assert_int_equal(t->wMonth, 1);
	assert_int_equal(t->wMinute, 16);
	assert_int_equal(t->wSecond, 40);
	assert_int_equal(t->wMilliseconds, 0);
}

static void no_other_handle_is_a_capture(void **state)
{
	uintptr_t real = (uintptr_t)h;

	(void)state;
	for (int bit = -1; bit < (int)sizeof real * 8; bit++) {
		HCAPTURE bad = bit < 0 ? NULL : (HCAPTURE)(real ^ (uintptr_t)1 << bit);

		BhSetLastError(NMERR_SUCCESS);
		assert_int_equal(GetCaptureTotalFrames(bad), 0);
		assert_int_equal(GetCaptureMacType(bad), MAC_TYPE_UNKNOWN);
		assert_null(GetCaptureComment(bad));
		assert_null(GetCaptureTimeStamp(bad));
		assert_null(GetFrame(bad, 0));
		assert_int_equal(BhGetLastError(), NMERR_INVALID_HCAPTURE);
	}
}

static void a_frame_tells_its_facts(void **state)
{
	(void)state;
	for (DWORD n = 0; n < FRAMES; n++) {
		HFRAME f = GetFrame(h, n);
		ULPFRAME p = GetFrameFromFrameHandle(f);

		assert_non_null(f);
		assert_ptr_equal(GetFrameCaptureHandle(f), h);
		assert_int_equal(GetFrameNumber(f), n);
		assert_int_equal(GetFrameLength(f), n + 100);
		assert_int_equal(GetFrameStoredLength(f), n + 14);
		assert_int_equal(GetFrameMacType(f), MAC_TYPE_ETHERNET);
		assert_true(GetFrameTimeStamp(f) == (int64_t)n * 1000000 + 500);
		assert_non_null(p);
		assert_int_equal(p->nBytesAvail, n + 14);
		assert_int_equal(p->MacFrame[n + 13], n);
	}
	assert_null(GetFrame(h, FRAMES));
	assert_int_equal(BhGetLastError(), NMERR_FRAME_NOT_FOUND);
	assert_null(GetFrame(h, INVALID_FRAME_NUMBER));
}

static void no_other_handle_is_a_frame(void **state)
{
	uintptr_t real = (uintptr_t)GetFrame(h, 0);

	(void)state;
	for (int bit = -1; bit < (int)sizeof real * 8; bit++) {
		HFRAME bad = bit < 0 ? NULL : (HFRAME)(real ^ (uintptr_t)1 << bit);

		if (bad == GetFrame(h, 1) || bad == GetFrame(h, 2))
			continue; /* frames 1 and 2 */
		BhSetLastError(NMERR_SUCCESS);
		assert_null(GetFrameCaptureHandle(bad));
		assert_int_equal(GetFrameNumber(bad), INVALID_FRAME_NUMBER);
		assert_int_equal(GetFrameLength(bad), 0);
		assert_int_equal(GetFrameStoredLength(bad), 0);
		assert_true(GetFrameTimeStamp(bad) == -1);
		assert_int_equal(GetFrameMacType(bad), MAC_TYPE_UNKNOWN);
		assert_null(GetFrameFromFrameHandle(bad));
		assert_int_equal(BhGetLastError(), NMERR_INVALID_HFRAME);
	}
}

/* A Network Monitor 2.0 file without frames and with this comment. */
static void write_netmon(const char *path, const char *comment)
{
	uint8_t head[128] = { 'G', 'M', 'B', 'U', 0, 2, 1, 0 };
	static const uint16_t time[8] = { 1998, 4, 4, 2, 19, 0, 47, 0 };
	uint32_t n = (uint32_t)strlen(comment);
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	for (unsigned i = 0; i < 8; i++)
		nm_put_le16(head + 8 + 2 * i, time[i]);
	nm_put_le32(head + 24, 128);
	nm_put_le32(head + 40, n ? 128 : 0);
	nm_put_le32(head + 44, n);
	assert_int_equal(fwrite(head, 1, sizeof head, f), sizeof head);
	assert_int_equal(fwrite(comment, 1, n, f), n);
	(void)fclose(f);
}

static void a_comment_is_read_by_file_name(void **state)
{
	char dir[] = "/tmp/nmapi-test-XXXXXX", path[64], missing[80], text[80], buf[32];

	(void)state;
	assert_non_null(mkdtemp(dir));
	(void)snprintf(path, sizeof path, "%s/a.cap", dir);
	(void)snprintf(missing, sizeof missing, "%s/gone.cap", dir);
	(void)snprintf(text, sizeof text, "%s/a.cap/x", dir);
	write_netmon(path, "the comment");
	assert_int_equal(GetCaptureCommentFromFilename(path, buf, sizeof buf), NMERR_SUCCESS);
	assert_string_equal(buf, "the comment");
	memset(buf, 'x', sizeof buf);
	assert_int_equal(GetCaptureCommentFromFilename(path, buf, 4), NMERR_SUCCESS);
	assert_string_equal(buf, "the");
	assert_int_equal(buf[4], 'x');
	assert_int_equal(GetCaptureCommentFromFilename(path, buf, 1), NMERR_SUCCESS);
	assert_string_equal(buf, "");
	assert_int_equal(GetCaptureCommentFromFilename(path, buf, 0), NMERR_INVALID_PARAMETER);
	assert_int_equal(GetCaptureCommentFromFilename(NULL, buf, 9), NMERR_INVALID_PARAMETER);
	assert_int_equal(GetCaptureCommentFromFilename(path, NULL, 9), NMERR_INVALID_PARAMETER);
	assert_int_equal(GetCaptureCommentFromFilename(missing, buf, 9), NMERR_FILE_NOT_FOUND);
	assert_int_equal(GetCaptureCommentFromFilename(text, buf, 9), NMERR_PATH_NOT_FOUND);
	assert_int_equal(GetCaptureCommentFromFilename(dir, buf, 9), NMERR_FILE_READ_ERROR);
	write_netmon(path, "");
	memset(buf, 'x', sizeof buf);
	assert_int_equal(GetCaptureCommentFromFilename(path, buf, sizeof buf), NMERR_SUCCESS);
	assert_string_equal(buf, "");
	assert_int_equal(truncate(path, 60), 0);
	assert_int_equal(
	    GetCaptureCommentFromFilename(path, buf, sizeof buf), NMERR_INVALID_FILE_FORMAT);
	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(
	    GetCaptureCommentFromFilename(path, buf, sizeof buf), NMERR_INVALID_FILE_FORMAT);
	assert_int_equal(unlink(path), 0);
#if !defined(_WIN32)
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(
	    GetCaptureCommentFromFilename(path, buf, sizeof buf), NMERR_FILE_READ_ERROR);
	assert_int_equal(unlink(path), 0);
#endif
	assert_int_equal(rmdir(dir), 0);
}

/* The one frame pointer that experts keep longest: eight windows of grace. */
static void older_frames_stay_valid_for_a_while(void **state)
{
	ULPFRAME p[FRAMES];

	(void)state;
	for (DWORD n = 0; n < FRAMES; n++)
		p[n] = GetFrameFromFrameHandle(GetFrame(h, n));
	for (DWORD n = 0; n < FRAMES; n++)
		assert_int_equal(p[n]->FrameLength, n + 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		T(the_door_is_for_one_version),
		T(a_capture_tells_its_facts),
		T(no_other_handle_is_a_capture),
		T(a_frame_tells_its_facts),
		T(no_other_handle_is_a_frame),
		T(older_frames_stay_valid_for_a_while),
		T(a_comment_is_read_by_file_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
