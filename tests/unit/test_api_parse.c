/* SPDX-License-Identifier: MIT */
/* What experts ask of protocols and properties, each with a twin that is refused: one
 * capture of two frames, the shipped parsers, and only what libnmapi exports. */
#include "check.h"

#include "base/bytes.h"
#include "expert/door.h"

#include <netmon.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define NO_OFFSET 0xFFFFFFFFu

static const struct nm_door *door;
static struct nm_status status;
static EXPERTSTARTUPINFO startup = { .dwFrameNumber = INVALID_FRAME_NUMBER };
static struct nm_run_config cfg = { .startup = &startup, .status = &status };
static HEXPERTKEY key;
static int fd = -1;
static EXPERTFRAMEDESCRIPTOR udp, arp; /* the two frames; one is valid at a time */

/* Ethernet, IPv4 (twice: one in the other), UDP with 4 bytes; and an ARP. */
static const uint8_t tunnel[] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, /* Ethernet, 14 */
	0x45, 0, 0, 52, 0, 1, 0, 0, 64, 4, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2,  /* IP, 20 */
	0x45, 0, 0, 32, 0, 2, 0, 0, 64, 17, 0, 0, 10, 1, 0, 1, 10, 1, 0, 2, /* IP, 20 */
	0x30, 0x39, 0xD4, 0x31, 0, 12, 0, 0, 'd', 'a', 't', 'a' };
static const uint8_t request[] = { 255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 2, 8, 6, 0, 1, 8, 0,
	6, 4, 0, 1, 2, 0, 0, 0, 0, 2, 10, 0, 0, 2, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1 };

static void put(const void *p, size_t n)
{
	assert_int_equal(write(fd, p, (unsigned)n), (ssize_t)n);
}

static void put_frame(const uint8_t *p, size_t n)
{
	uint8_t rec[16] = { 0 };

	nm_put_le32(rec + 8, (uint32_t)n);
	nm_put_le32(rec + 12, (uint32_t)n);
	put(rec, sizeof rec);
	put(p, n);
}

static int begin(void **state)
{
	static const char *const families[] = { PARSERS };
	uint8_t head[24] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [16] = 0xff, 0xff, [20] = 1 };
	struct nm_diag diag;

	(void)state;
	door = nm_door(NM_DOOR_VERSION);
	assert_true(door->parsers_settings(
	    "TEST.INI", "[UDP_Numbers]\n53 = UDP, 7\n[Raw]\nETHERNET = 1\nIP = 0\n", NULL, NULL));
	for (size_t i = 0; i < COUNT(families); i++)
		if (!door->parsers_load(families[i], -1, &diag))
			return -1;
	fd = memfd_create("test", MFD_CLOEXEC);
	put(head, sizeof head);
	put_frame(tunnel, sizeof tunnel);
	put_frame(request, sizeof request);
	assert_int_equal(door->capture_open(fd, &cfg.capture, NULL), NMERR_SUCCESS);
	assert_int_equal(door->session_open(cfg.capture), NMERR_SUCCESS);
	status.frame = status.first_frame = status.last_frame = NM_NO_FRAME_YET;
	return door->run_open(&cfg, &key) == NMERR_SUCCESS ? 0 : -1;
}

static int end(void **state)
{
	(void)state;
	door->run_close(key, NULL);
	door->session_close();
	door->capture_close(cfg.capture);
	return close(fd);
}

static void get(DWORD n, DWORD flags, EXPERTFRAMEDESCRIPTOR *ret)
{
	assert_int_equal(
	    ExpertGetFrame(key, GET_SPECIFIED_FRAME, flags, n, NULL, ret), NMERR_SUCCESS);
	BhSetLastError(0);
}

static HPROTOCOL protocol(const char *name)
{
	return GetProtocolFromName((LPSTR)(uintptr_t)name);
}

static HPROPERTY property(const char *name, const char *label)
{
	return GetProperty(protocol(name), (LPSTR)(uintptr_t)label);
}

/* ---- protocols ------------------------------------------------------------------------- */

static void protocols_are_found_and_described(void **state)
{
	const PROTOCOLINFO *i;
	const PROTOCOLTABLE *all;

	(void)state;
	i = GetProtocolInfo(protocol("udp"));
	assert_non_null(i);
	assert_string_equal((const char *)i->ProtocolName, "UDP");
	assert_true(i->Comment[0]);
	assert_true(i->PropertyDatabase->nProperties >= 5);
	BhSetLastError(0);
	assert_null(GetProtocolFromName((char[]){ "NOBODY" }));
	assert_int_equal(BhGetLastError(), NMERR_PROTOCOL_NOT_FOUND);
	assert_null(GetProtocolInfo(NULL));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_HPROTOCOL);
	assert_null(GetProtocolInfo((HPROTOCOL)(void *)&status));
	all = GetEnabledProtocols(startup.hCapture ? startup.hCapture : door->session_capture());
	assert_true(all && all->nProtocols >= 8);
	for (DWORD k = 0; k < all->nProtocols; k++)
		assert_non_null(GetProtocolInfo(all->hProtocol[k]));
	assert_null(GetEnabledProtocols(NULL));
	assert_null(GetEnabledProtocols((HCAPTURE)(void *)&status));
}

static void where_a_protocol_is_in_a_frame(void **state)
{
	const RECOGNIZEDATATABLE *t;
	DWORD at = 99;

	(void)state;
	get(0, 0, &udp);
	t = GetFrameRecognizeData(udp.hFrame);
	assert_ptr_equal(t, udp.lpRecognizeDataTable);
	assert_int_equal(t->nRecognizeDatas, 5); /* FRAME, ETHERNET, IP, IP, UDP */
	assert_int_equal(GetProtocolStartOffset(udp.hFrame, (char[]){ "FRAME" }), 0);
	assert_int_equal(GetProtocolStartOffset(udp.hFrame, (char[]){ "ETHERNET" }), 0);
	assert_int_equal(GetProtocolStartOffset(udp.hFrame, (char[]){ "IP" }), 14);
	assert_int_equal(GetProtocolStartOffset(udp.hFrame, (char[]){ "UDP" }), 54);
	assert_int_equal(GetProtocolStartOffsetHandle(udp.hFrame, protocol("UDP")), 54);
	assert_int_equal(GetProtocolStartOffset(udp.hFrame, (char[]){ "TCP" }), NO_OFFSET);
	assert_int_equal(BhGetLastError(), NMERR_PROTOCOL_NOT_FOUND);
	assert_int_equal(GetProtocolStartOffsetHandle(udp.hFrame, protocol("TCP")), NO_OFFSET);
	assert_int_equal(GetProtocolStartOffset(udp.hFrame, NULL), NO_OFFSET);
	assert_int_equal(GetProtocolStartOffset(NULL, (char[]){ "IP" }), NO_OFFSET);
	assert_int_equal(BhGetLastError(), NMERR_INVALID_HFRAME);
	assert_int_equal(GetProtocolStartOffsetHandle(udp.hFrame, NULL), NO_OFFSET);
	assert_int_equal(BhGetLastError(), NMERR_INVALID_HPROTOCOL);
	assert_null(GetFrameRecognizeData(NULL));
	assert_null(GetFrameRecognizeData((HFRAME)(void *)&status));
	/* The nearest before an offset. */
	assert_int_equal(
	    GetPreviousProtocolOffsetByName(udp.hFrame, 54, (char[]){ "IP" }, &at), NMERR_SUCCESS);
	assert_int_equal(at, 34);
	assert_int_equal(
	    GetPreviousProtocolOffsetByName(udp.hFrame, 34, (char[]){ "IP" }, &at), NMERR_SUCCESS);
	assert_int_equal(at, 14);
	assert_int_equal(GetPreviousProtocolOffsetByName(udp.hFrame, 14, (char[]){ "IP" }, &at),
	    NMERR_PROTOCOL_NOT_FOUND);
	assert_int_equal(at, 14);
	assert_int_equal(GetPreviousProtocolOffsetByName(udp.hFrame, 54, (char[]){ "NOBODY" }, &at),
	    NMERR_PROTOCOL_NOT_FOUND);
	assert_int_equal(
	    GetPreviousProtocolOffsetByName(NULL, 54, (char[]){ "IP" }, &at), NMERR_INVALID_HFRAME);
	assert_int_equal(
	    GetPreviousProtocolOffsetByName(udp.hFrame, 54, NULL, &at), NMERR_INVALID_PARAMETER);
	assert_int_equal(GetPreviousProtocolOffsetByName(udp.hFrame, 54, (char[]){ "IP" }, NULL),
	    NMERR_INVALID_PARAMETER);
}

/* ---- properties -------------------------------------------------------------------------- */

static void properties_are_found_by_label_and_handle(void **state)
{
	HPROPERTY h = property("UDP", "Source Port");

	(void)state;
	assert_true(h != 0);
	assert_int_equal(property("UDP", "SOURCE PORT"), h);
	assert_string_equal(GetPropertyInfo(h)->Label, "Source Port");
	assert_int_equal(GetPropertyInfo(h)->DataType, PROP_TYPE_WORD);
	assert_int_equal(property("UDP", "No Such Port"), 0);
	assert_int_equal(BhGetLastError(), NMERR_PROPERTY_NOT_FOUND);
	assert_int_equal(property("UDP", NULL), 0);
	assert_int_equal(GetProperty(NULL, (char[]){ "Source Port" }), 0);
	assert_int_equal(BhGetLastError(), NMERR_INVALID_HPROTOCOL);
	assert_null(GetPropertyInfo(0));
	assert_null(GetPropertyInfo(h + 8));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_HPROPERTY);
}

static void properties_are_found_by_the_names_of_filters(void **state)
{
	static const struct {
		const char *protocol, *name, *label; /* NULL: none is found */
	} rows[] = {
		{ "UDP", "udp.srcport", "Source Port" },
		{ "TCP", "TCP.DstPort", "Destination Port" },
		{ "IP", "ip.ttl", "Time to Live" },
		{ "UDP", "tcp.srcport", NULL },   /* another's */
		{ "UDP", "udp.port", NULL },      /* two */
		{ "TCP", "tcp.flags.ack", NULL }, /* one bit of it */
		{ "UDP", "udp", NULL },           /* the protocol */
		{ "UDP", "udp.nosuch", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		HPROPERTY h;

		BhSetLastError(NMERR_TIMEOUT);
		h = property(rows[i].protocol, rows[i].name);
		if (rows[i].label) {
			assert_int_equal(h, property(rows[i].protocol, rows[i].label));
			assert_true(h != 0);
			assert_int_equal(BhGetLastError(), NMERR_TIMEOUT);
		} else {
			assert_int_equal(h, 0);
			assert_int_equal(BhGetLastError(), NMERR_PROPERTY_NOT_FOUND);
		}
	}
	assert_int_equal(GetProperty(NULL, (char[]){ "udp.srcport" }), 0);
	assert_int_equal(BhGetLastError(), NMERR_INVALID_HPROTOCOL);
}

static void instances_are_found_in_both_directions_on_demand(void **state)
{
	HPROPERTY source = property("IP", "Source Address");
	PROPERTYINST *i, *restart = NULL;

	(void)state;
	get(0, 0, &udp); /* no properties were asked for */
	assert_null(udp.lpPropertyTable);
	i = FindPropertyInstance(udp.hFrame, source);
	assert_non_null(i);
	assert_memory_equal(GetPropertyInstanceData(i), "\x0a\0\0\1", 4);
	assert_ptr_equal(FindPropertyInstanceRestart(udp.hFrame, source, &restart, TRUE), i);
	assert_ptr_equal(restart, i);
	i = FindPropertyInstanceRestart(udp.hFrame, source, &restart, TRUE);
	assert_memory_equal(GetPropertyInstanceData(i), "\x0a\1\0\1", 4);
	assert_null(FindPropertyInstanceRestart(udp.hFrame, source, &restart, TRUE));
	assert_ptr_equal(restart, i);
	restart = NULL;
	assert_ptr_equal(FindPropertyInstanceRestart(udp.hFrame, source, &restart, FALSE), i);
	assert_ptr_equal(FindPropertyInstanceRestart(udp.hFrame, source, NULL, FALSE), i);
	assert_null(FindPropertyInstance(udp.hFrame, property("TCP", "Source Port")));
	assert_int_equal(BhGetLastError(), NMERR_NO_ATTACHED_PROPERTIES);
	assert_null(FindPropertyInstance(NULL, source));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_HFRAME);
	assert_null(FindPropertyInstance(udp.hFrame, 0));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_HPROPERTY);
	restart = (PROPERTYINST *)(void *)&status;
	assert_null(FindPropertyInstanceRestart(udp.hFrame, source, &restart, TRUE));
}

static void text_is_made_for_one_instance(void **state)
{
	char text[64];
	PROPERTYINST *i, copy;

	(void)state;
	get(0, FLAGS_ATTACH_PROPERTIES, &udp);
	assert_int_equal(udp.lpPropertyTable->nPropertyInstTables, 5);
	i = FindPropertyInstance(udp.hFrame, property("UDP", "Source Port"));
	assert_ptr_equal(GetPropertyText(udp.hFrame, i, text, sizeof text), text);
	assert_string_equal(text, "Source Port = 12345 (0x3039)");
	assert_ptr_equal(GetPropertyText(udp.hFrame, i, text, 7), text);
	assert_string_equal(text, "Source");
	assert_null(GetPropertyText(udp.hFrame, NULL, text, sizeof text));
	assert_null(GetPropertyText(udp.hFrame, i, NULL, 9));
	assert_null(GetPropertyText(udp.hFrame, i, text, 0));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
	copy = *i;
	assert_null(GetPropertyText(udp.hFrame, &copy, text, sizeof text));
	assert_int_equal(BhGetLastError(), NMERR_NO_ATTACHED_PROPERTIES);
	assert_null(GetPropertyText(NULL, i, text, sizeof text));
	get(1, FLAGS_ATTACH_PROPERTIES, &arp);
	assert_null(
	    GetPropertyText(udp.hFrame, i, text, sizeof text)); /* of a frame that is gone */
}

static void a_length_changes_from_what_it_is(void **state)
{
	PROPERTYINST *i, *bits;

	(void)state;
	get(0, FLAGS_ATTACH_PROPERTIES, &udp);
	i = FindPropertyInstance(udp.hFrame, property("UDP", "Source Port"));
	assert_int_equal(GetPropertyInstanceFrameDataLength(i), 2);
	assert_int_equal(ResetPropertyInstanceLength(i, 2, 1), NMERR_SUCCESS);
	assert_int_equal(i->DataLength, 1);
	assert_int_equal(ResetPropertyInstanceLength(i, 2, 1), NMERR_INVALID_PARAMETER);
	assert_int_equal(ResetPropertyInstanceLength(i, 1, 0xFFFF), NMERR_INVALID_PARAMETER);
	assert_int_equal(ResetPropertyInstanceLength(NULL, 2, 1), NMERR_INVALID_PARAMETER);
	bits = FindPropertyInstance(udp.hFrame, property("IP", "Version"));
	assert_int_equal(bits->DataLength, 0xFFFF); /* a value of its own */
	assert_int_equal(GetPropertyInstanceFrameDataLength(bits), 1);
	assert_int_equal(*(BYTE *)GetPropertyInstanceData(bits), 4);
	assert_int_equal(ResetPropertyInstanceLength(bits, 1, 0), NMERR_SUCCESS);
	assert_int_equal(bits->lpPropertyInstEx->Length, 0);
}

/* ---- what only parsers may do, and INI files ------------------------------------------------- */

static void outside_of_entry_points_nothing_is_attached_or_allocated(void **state)
{
	BYTE b = 1;

	(void)state;
	get(0, FLAGS_ATTACH_PROPERTIES, &udp);
	assert_false(AttachPropertyInstance(
	    udp.hFrame, property("UDP", "Source Port"), 1, udp.pFrame->MacFrame, 0, 1, 0));
	assert_int_equal(BhGetLastError(), NMERR_NOT_LOCKED);
	assert_false(AttachPropertyInstanceEx(
	    udp.hFrame, property("UDP", "Source Port"), 1, udp.pFrame->MacFrame, 1, &b, 0, 1, 0));
	assert_null(CCHeapAlloc(1, TRUE));
	assert_null(CCHeapReAlloc(NULL, 1, TRUE));
	assert_false(CCHeapFree(NULL));
	assert_int_equal(CCHeapSize(&b), 0);
	SetCCInstPtr(&b);
	assert_null(GetCCInstPtr());
	assert_int_equal(BhGetLastError(), NMERR_NOT_LOCKED);
	assert_null(CreateProtocol((char[]){ "LATE" }, NULL, ENTRYPOINTS_SIZE));
	assert_null(CreateProtocol((char[]){ "LATE" }, &(ENTRYPOINTS){ 0 }, 1));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
	assert_int_equal(CreatePropertyDatabase(NULL, 1), NMERR_INVALID_HPROTOCOL);
	assert_int_equal(DestroyPropertyDatabase(protocol("UDP")), NMERR_ACCESS_DENIED);
	assert_int_equal(AddProperty(protocol("UDP"), NULL), 0);
	DestroyProtocol(protocol("UDP"));
	assert_non_null(protocol("UDP"));
}

static void ini_files_are_named_and_read(void **state)
{
	static const struct {
		const char *name, *path; /* NULL: refused */
	} rows[] = {
		{ "XNS", "PARSERS/XNS.INI" },
		{ "LLC.DLL", "PARSERS/LLC.INI" },
		{ "C:\\some\\where\\a.b.c", "PARSERS/a.INI" },
		{ "/lib/tcpip.so", "PARSERS/tcpip.INI" },
		{ "", NULL },
		{ ".ini", NULL },
		{ "folder/", NULL },
		{ NULL, NULL },
	};
	char path[INI_PATH_LENGTH], longest[INI_PATH_LENGTH + 2];
	HANDOFFTABLE *t = NULL;
	DWORD_PTR inst = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		LPSTR got = BuildINIPath(path, (char *)(uintptr_t)rows[i].name);

		assert_ptr_equal(got, rows[i].path ? path : NULL);
		if (got)
			assert_string_equal(strrchr(path, '/'), strrchr(rows[i].path, '/'));
	}
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	assert_null(BuildINIPath(path, longest));
	assert_null(BuildINIPath(NULL, (char[]){ "XNS" }));
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
	(void)BuildINIPath(path, (char[]){ "TEST.DLL" });
	assert_int_equal(CreateHandoffTable((char[]){ "UDP_Numbers" }, path, &t, 10, 10), 1);
	assert_ptr_equal(GetProtocolFromTable(t, 53, &inst), protocol("UDP"));
	assert_int_equal(inst, 7);
	assert_null(GetProtocolFromTable(t, 54, &inst));
	assert_null(GetProtocolFromTable(NULL, 53, &inst));
	DestroyHandoffTable(t);
	DestroyHandoffTable(NULL);
	assert_int_equal(CreateHandoffTable((char[]){ "Nothing" }, path, &t, 10, 10), 0);
	assert_null(t);
	assert_int_equal(CreateHandoffTable(NULL, path, &t, 10, 10), 0);
	assert_int_equal(CreateHandoffTable((char[]){ "UDP_Numbers" }, path, NULL, 10, 10), 0);
	assert_int_equal(CreateHandoffTable((char[]){ "UDP_Numbers" }, path, &t, 10, 8), 0);
	assert_int_equal(BhGetLastError(), NMERR_INVALID_PARAMETER);
	assert_true(IsRawIPXEnabled((char[]){ "Raw" }, path, (char[]){ "ETHERNET" }));
	assert_false(IsRawIPXEnabled((char[]){ "Raw" }, path, (char[]){ "IP" }));
	assert_false(IsRawIPXEnabled((char[]){ "Raw" }, path, (char[]){ "TCP" }));
	assert_false(IsRawIPXEnabled(NULL, path, (char[]){ "IP" }));
	assert_false(IsRawIPXEnabled((char[]){ "Raw" }, NULL, (char[]){ "IP" }));
}

static void descriptions_by_number_are_few(void **state)
{
	DWORD n = 9;

	(void)state;
	assert_non_null(GetProtocolDescriptionTable(&n));
	assert_int_equal(n, 0);
	assert_null(GetProtocolDescriptionTable(NULL));
	assert_null(GetProtocolDescription(1));
	assert_int_equal(BhGetLastError(), NMERR_PROTOCOL_NOT_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(protocols_are_found_and_described),
		cmocka_unit_test(where_a_protocol_is_in_a_frame),
		cmocka_unit_test(properties_are_found_by_label_and_handle),
		cmocka_unit_test(properties_are_found_by_the_names_of_filters),
		cmocka_unit_test(instances_are_found_in_both_directions_on_demand),
		cmocka_unit_test(text_is_made_for_one_instance),
		cmocka_unit_test(a_length_changes_from_what_it_is),
		cmocka_unit_test(outside_of_entry_points_nothing_is_attached_or_allocated),
		cmocka_unit_test(ini_files_are_named_and_read),
		cmocka_unit_test(descriptions_by_number_are_few),
	};

	return cmocka_run_group_tests_name("questions about frames", tests, begin, end);
}
