/* SPDX-License-Identifier: MIT */
/* Frames searched for by what only a parser recognizes, also out of a parser; frames
 * that a parser is working on; and what each function on a frame does with a handle
 * that is none. */
#include "check.h"
#include "base/bytes.h"
#include "expert/door.h"

#include <netmon.h>
#include <sys/mman.h>
#include <unistd.h>

#define NONE   0xFFFFFFFFu
#define FRAMES 4u

static const struct nm_door *door;
static struct nm_capture *capture;
static char probe[] = "PROBE";

static HFRAME frame(DWORD n)
{
	return GetFrame(door->session_capture(), n);
}

/* ---- a parser that does what the test says while it recognizes ---- */

static void (*misdeed)(HFRAME h);

static VOID WINAPI enter(HPROTOCOL h)
{
	(void)h;
}

static ULPBYTE WINAPI recognize(HFRAME h, ULPBYTE mac, ULPBYTE at, DWORD type, DWORD left,
    HPROTOCOL previous, DWORD before, LPDWORD status, LPHPROTOCOL next, DWORD_PTR *instance)
{
	void (*now)(HFRAME) = misdeed;

	(void)mac;
	(void)at;
	(void)type;
	(void)left;
	(void)previous;
	(void)before;
	(void)next;
	(void)instance;
	misdeed = NULL; /* once: what it does may recognize further frames */
	if (now)
		now(h);
	*status = PROTOCOL_STATUS_CLAIMED;
	return NULL;
}

static ULPBYTE WINAPI attach(HFRAME h, ULPBYTE mac, ULPBYTE at, DWORD type, DWORD left,
    HPROTOCOL previous, DWORD before, DWORD_PTR instance)
{
	(void)h;
	(void)mac;
	(void)at;
	(void)type;
	(void)left;
	(void)previous;
	(void)before;
	(void)instance;
	return NULL;
}

static DWORD WINAPI format(HFRAME h, ULPBYTE mac, ULPBYTE at, DWORD n, LPPROPERTYINST instances)
{
	(void)h;
	(void)mac;
	(void)at;
	(void)n;
	(void)instances;
	return NMERR_SUCCESS;
}

/* Frames 1 and 3 are PROBE's, 3 behind a VLAN tag; the others are not. */
static int open_all(void **state)
{
	static ENTRYPOINTS entries = { enter, enter, recognize, attach, format };
	static const char *const families[] = { PARSERS };
	uint8_t head[24] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [16] = 0xff, 0xff, 0, 0, 1 };
	int fd = memfd_create("test", MFD_CLOEXEC);
	struct nm_diag diag;

	(void)state;
	assert_int_equal(write(fd, head, sizeof head), sizeof head);
	for (unsigned i = 0; i < FRAMES; i++) {
		uint8_t rec[16 + 60] = { 0 };
		uint8_t *type = rec + 16 + 12;

		nm_put_le32(rec + 8, 60);
		nm_put_le32(rec + 12, 60);
		memcpy(type,
		    i == 1   ? "\x88\xb5"
		    : i == 3 ? "\x81\0\0\1\x88\xb5"
			     : "\x88\xb6",
		    i == 3 ? 6 : 2);
		assert_int_equal(write(fd, rec, sizeof rec), sizeof rec);
	}
	door = nm_door(NM_DOOR_VERSION);
	assert_true(
	    door->parsers_settings("MAC.INI", "[ETYPE_HandoffSet]\n0x88B5=PROBE\n", NULL, NULL));
	assert_non_null(CreateProtocol(probe, &entries, ENTRYPOINTS_SIZE));
	for (size_t i = 0; i < COUNT(families); i++)
		assert_true(door->parsers_load(families[i], -1, &diag));
	door->parsers_seal();
	assert_int_equal(door->capture_open(fd, &capture, NULL), 0);
	assert_int_equal(door->session_open(capture), 0);
	return 0;
}

static int close_all(void **state)
{
	(void)state;
	door->session_close();
	door->capture_close(capture);
	return 0;
}

static void frames_are_found_by_what_their_parsers_recognize(void **state)
{
	WORD at = 0;

	(void)state;
	assert_ptr_equal(FindNextFrame(frame(0), probe, NULL, NULL, &at, 0, NONE), frame(1));
	assert_int_equal(at, 14);
	assert_ptr_equal(FindNextFrame(frame(1), probe, NULL, NULL, &at, 1, NONE), frame(3));
	assert_int_equal(at, 18);
	assert_null(FindNextFrame(frame(3), probe, NULL, NULL, &at, 3, NONE));
	assert_int_equal(BhGetLastError(), NMERR_FRAME_NOT_FOUND);
	assert_null(FindNextFrame(frame(1), probe, NULL, NULL, &at, 1, 2));
	assert_ptr_equal(FindPreviousFrame(frame(3), probe, NULL, NULL, &at, 3, 0), frame(1));
	assert_null(FindPreviousFrame(frame(1), probe, NULL, NULL, &at, 1, 0));
	assert_int_equal(at, 14);
}

/* ---- out of a parser ---- */

static HFRAME seen;
static DWORD seen_error;
static WORD seen_at;

static void search_on(HFRAME h)
{
	seen = FindNextFrame(h, probe, NULL, NULL, &seen_at, GetFrameNumber(h), NONE);
}

static void a_parser_may_search_while_it_recognizes(void **state)
{
	RECOGNIZEDATATABLE *t;
	HFRAME h = frame(1);

	(void)state;
	misdeed = search_on;
	t = GetFrameRecognizeData(h);
	assert_ptr_equal(seen, frame(3));
	assert_int_equal(seen_at, 18);
	assert_non_null(t); /* of the first frame still */
	assert_int_equal(t->RecognizeData[t->nRecognizeDatas - 1].nProtocolOffset, 14);
}

static void replace_it(HFRAME h)
{
	BYTE b = 7;

	seen = ModifyFrame(door->session_capture(), GetFrameNumber(h), &b, 1, 0);
	seen_error = BhGetLastError();
}

static void replace_another(HFRAME h)
{
	BYTE b = 7;

	(void)h;
	seen = ModifyFrame(door->session_capture(), 0, &b, 1, 0);
}

static void a_frame_is_locked_while_a_parser_works_on_it(void **state)
{
	HFRAME h = frame(3);
	BYTE b = 7;

	(void)state;
	misdeed = replace_it;
	assert_non_null(GetFrameRecognizeData(h));
	assert_null(seen);
	assert_int_equal(seen_error, NMERR_LOCKED_FRAMES);
	assert_ptr_equal(frame(3), h); /* it is the old one */
	assert_int_equal(GetFrameStoredLength(h), 60);
	misdeed = replace_another;
	assert_non_null(GetFrameRecognizeData(frame(1)));
	assert_ptr_equal(seen, frame(0));
	assert_non_null(ModifyFrame(door->session_capture(), 3, &b, 1, 0)); /* and afterwards */
}

/* ---- a row per function on a frame: no such handle ---- */

#define CALL(name, expression)                                                                     \
	static uint64_t name(HFRAME h)                                                             \
	{                                                                                          \
		ADDRESS2 a = { .Type = ADDRESS_TYPE_ANY };                                         \
		DWORD n = 0xbeef;                                                                  \
		WORD w = 0xbeef;                                                                   \
		uint64_t r = (uint64_t)(expression);                                               \
                                                                                                   \
		return n == 0xbeef && w == 0xbeef && a.Type == ADDRESS_TYPE_ANY ? r : 0xdead;      \
	}
#define PTR(x) (uintptr_t)(x)

CALL(frame_number, GetFrameNumber(h))
CALL(frame_length, GetFrameLength(h))
CALL(stored_length, GetFrameStoredLength(h))
CALL(time_stamp, GetFrameTimeStamp(h))
CALL(mac_type, GetFrameMacType(h))
CALL(mac_header, GetFrameMacHeaderLength(h))
CALL(record, PTR(GetFrameFromFrameHandle(h)))
CALL(capture_handle, PTR(GetFrameCaptureHandle(h)))
CALL(recognized, PTR(GetFrameRecognizeData(h)))
CALL(dst_offset, GetFrameDstAddressOffset(h, ADDRESS_TYPE_ETHERNET, &n))
CALL(src_offset, GetFrameSrcAddressOffset(h, ADDRESS_TYPE_ETHERNET, &n))
CALL(dst, GetFrameDestAddress(h, &a, ADDRESS_TYPE_ETHERNET, 0))
CALL(src, GetFrameSourceAddress(h, &a, ADDRESS_TYPE_ETHERNET, 0))
CALL(is_dst, CompareFrameDestAddress(h, &a))
CALL(is_src, CompareFrameSourceAddress(h, &a))
CALL(next, PTR(FindNextFrame(h, probe, NULL, NULL, &w, 0, NONE)))
CALL(previous, PTR(FindPreviousFrame(h, probe, NULL, NULL, &w, 0, 0)))
CALL(start, GetProtocolStartOffset(h, probe))
CALL(start_handle, GetProtocolStartOffsetHandle(h, GetProtocolFromName(probe)))
CALL(before, GetPreviousProtocolOffsetByName(h, 50, probe, &n))

static const struct {
	const char *name;
	uint64_t (*call)(HFRAME h);
	uint64_t failure;
} frame_functions[] = {
	{ "GetFrameNumber", frame_number, NONE },
	{ "GetFrameLength", frame_length, 0 },
	{ "GetFrameStoredLength", stored_length, 0 },
	{ "GetFrameTimeStamp", time_stamp, UINT64_MAX },
	{ "GetFrameMacType", mac_type, MAC_TYPE_UNKNOWN },
	{ "GetFrameMacHeaderLength", mac_header, 0 },
	{ "GetFrameFromFrameHandle", record, 0 },
	{ "GetFrameCaptureHandle", capture_handle, 0 },
	{ "GetFrameRecognizeData", recognized, 0 },
	{ "GetFrameDstAddressOffset", dst_offset, NONE },
	{ "GetFrameSrcAddressOffset", src_offset, NONE },
	{ "GetFrameDestAddress", dst, NMERR_INVALID_HFRAME },
	{ "GetFrameSourceAddress", src, NMERR_INVALID_HFRAME },
	{ "CompareFrameDestAddress", is_dst, FALSE },
	{ "CompareFrameSourceAddress", is_src, FALSE },
	{ "FindNextFrame", next, 0 },
	{ "FindPreviousFrame", previous, 0 },
	{ "GetProtocolStartOffset", start, NONE },
	{ "GetProtocolStartOffsetHandle", start_handle, NONE },
	{ "GetPreviousProtocolOffsetByName", before, NMERR_INVALID_HFRAME },
};

static void every_function_refuses_what_is_no_frame(void **state)
{
	HFRAME was = frame(2),
	       beyond =
		   (HFRAME)((uintptr_t)was + FRAMES * ((uintptr_t)frame(1) - (uintptr_t)frame(0)));
	BYTE b = 1;
	HFRAME bad[] = { NULL, (HFRAME)door->session_capture(), beyond, was };
	static const char *const what[] = { "NULL", "a capture", "beyond the last", "replaced" };

	(void)state;
	assert_non_null(ModifyFrame(door->session_capture(), 2, &b, 1, 0));
	for (size_t f = 0; f < COUNT(frame_functions); f++)
		for (size_t i = 0; i < COUNT(bad); i++) {
			uint64_t got;

			BhSetLastError(NMERR_SUCCESS);
			got = frame_functions[f].call(bad[i]);
			if (got != frame_functions[f].failure ||
			    BhGetLastError() != NMERR_INVALID_HFRAME)
				fail_msg("%s of %s: %#llx, last error %u", frame_functions[f].name,
				    what[i], (unsigned long long)got, (unsigned)BhGetLastError());
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_found_by_what_their_parsers_recognize),
		cmocka_unit_test(a_parser_may_search_while_it_recognizes),
		cmocka_unit_test(every_function_refuses_what_is_no_frame),
		cmocka_unit_test(a_frame_is_locked_while_a_parser_works_on_it),
	};

	return cmocka_run_group_tests(tests, open_all, close_all);
}
