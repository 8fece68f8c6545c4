/* SPDX-License-Identifier: MIT */
/* The exported functions on display filters, with the shipped parsers, on two frames:
 * 0 is TCP over IP, 1 is UDP over IPv6. A row per rule. */
#include "check.h"
#include "base/bytes.h"
#include "expert/door.h"

#include <dlfcn.h>
#include <netmon.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const struct nm_door *door;
static struct nm_capture *capture;

static const uint8_t tcp_frame[] = "\x02\0\0\0\0\1\x02\0\0\0\0\2\x08\0"
				   "\x45\0\0\x2c\x12\x34\x40\0\x40\x06\0\0\x0a\0\0\1\x0a\0\0\2"
				   "\x01\xbb\xc0\0\0\0\0\1\0\0\0\0\x50\x02\x20\0\0\0\0\0HeLo";
static const uint8_t udp_frame[] = "\x02\0\0\0\0\2\x02\0\0\0\0\1\x86\xdd"
				   "\x60\0\0\0\0\x08\x11\x01"
				   "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\1"
				   "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0\2"
				   "\x02\x35\x02\x22\0\x08\0\0";

static void put_frame(int fd, const uint8_t *p, uint32_t n)
{
	uint8_t rec[16] = { 0 };

	nm_put_le32(rec + 8, n);
	nm_put_le32(rec + 12, n);
	assert_int_equal(write(fd, rec, 16), 16);
	assert_int_equal(write(fd, p, n), n);
}

static int setup(void **state)
{
	static const uint8_t head[24] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, [16] = 0xff, 0xff, 0,
		0, 1 };
	static const char *const families[] = { PARSERS };
	int fd = memfd_create("test", MFD_CLOEXEC);
	struct nm_diag diag;

	(void)state;
	assert_int_equal(write(fd, head, sizeof head), sizeof head);
	put_frame(fd, tcp_frame, sizeof tcp_frame - 1);
	put_frame(fd, udp_frame, sizeof udp_frame - 1);
	door = nm_door(NM_DOOR_VERSION);
	for (size_t i = 0; i < COUNT(families); i++)
		assert_true(door->parsers_load(families[i], -1, &diag));
	door->parsers_seal();
	assert_int_equal(door->capture_open(fd, &capture, NULL), 0);
	assert_int_equal(door->session_open(capture), 0);
	return 0;
}

static int shut(void **state)
{
	(void)state;
	door->session_close();
	door->capture_close(capture);
	return 0;
}

static HFRAME frame(unsigned n)
{
	return GetFrame(door->session_capture(), n);
}

static HPROTOCOL protocol(const char *name)
{
	char text[16];

	(void)strcpy(text, name);
	return GetProtocolFromName(text);
}

static HPROPERTY property(const char *name, const char *label)
{
	char text[64];

	(void)strcpy(text, label);
	return GetProperty(protocol(name), text);
}

/* ---- rows ------------------------------------------------------------------------ */

/* One word an object: a property by its protocol and label, or a constant. */
struct object {
	DWORD action;
	const char *protocol, *label;
	DWORD value;
	const void *data;
	WORD n;
};

static ADDRESS2 ip1 = { .Type = ADDRESS_TYPE_IP, .IPAddress = { 10, 0, 0, 1 } };
static ADDRESS2 ip2 = { .Type = ADDRESS_TYPE_IP, .IPAddress = { 10, 0, 0, 2 } };
static ADDRESS2 mac2 = { .Type = ADDRESS_TYPE_ETHERNET, .MACAddress = { 2, 0, 0, 0, 0, 2 } };
static ADDRESS2 group = { .Type = ADDRESS_TYPE_ANY_GROUP };
static ADDRESS2 ip6 = { .Type = ADDRESS_TYPE_IP6, .IP6Address = { 0xfe, 0x80, [15] = 2 } };
static LARGE_INTEGER five = { .QuadPart = 5 };

#define OP(name)                                                                                   \
	{                                                                                          \
		FILTERACTION_##name, NULL, NULL, 0, NULL, 0                                        \
	}
#define PROP(p, l)                                                                                 \
	{                                                                                          \
		FILTERACTION_PROPERTY, p, l, 0, NULL, 0                                            \
	}
#define HAS(p, l)                                                                                  \
	{                                                                                          \
		FILTERACTION_PROPERTYEXIST, p, l, 0, NULL, 0                                       \
	}
#define PROTO(p)                                                                                   \
	{                                                                                          \
		FILTERACTION_PROTOCOLEXIST, p, NULL, 0, NULL, 0                                    \
	}
#define VAL(v)                                                                                     \
	{                                                                                          \
		FILTERACTION_VALUE, NULL, NULL, v, NULL, 0                                         \
	}
#define BOOLEAN(v)                                                                                 \
	{                                                                                          \
		FILTERACTION_BOOL, NULL, NULL, v, NULL, 0                                          \
	}
#define DATA(a, d, n)                                                                              \
	{                                                                                          \
		FILTERACTION_##a, NULL, NULL, 0, d, n                                              \
	}
#define DEREF(p, at)                                                                               \
	{                                                                                          \
		FILTERACTION_DEREFPROPERTY, p, NULL, 0, NULL, at                                   \
	}
#define TTL         PROP("IP", "Time to Live")
#define SOURCE_PORT PROP("TCP", "Source Port")
#define YES         FILTER_PASSED
#define NO          FILTER_FAILED
#define WRONG       FILTER_FAIL_WITH_ERROR

static const struct {
	const char *name;
	struct object objects[8];
	int want[2]; /* for each frame */
	DWORD err;
} cases[] = {
	{ "nothing passes everything", { { 0, NULL, NULL, 0, NULL, 0 } }, { YES, YES }, 0 },
	{ "a protocol", { PROTO("TCP") }, { YES, NO }, 0 },
	{ "not a protocol", { PROTO("TCP"), OP(NOT) }, { NO, YES }, 0 },
	{ "any protocol", { { FILTERACTION_PROTOCOLEXIST, NULL, "any", 0, NULL, 0 } }, { YES, YES },
	    0 },
	{ "and", { PROTO("TCP"), PROTO("IP"), OP(AND) }, { YES, NO }, 0 },
	{ "and, first false", { PROTO("UDP"), PROTO("IP"), OP(AND) }, { NO, NO }, 0 },
	{ "or", { PROTO("TCP"), PROTO("UDP"), OP(OR) }, { YES, YES }, 0 },
	{ "xor", { PROTO("TCP"), PROTO("IP"), OP(XOR) }, { NO, NO }, 0 },
	{ "xor, one", { PROTO("TCP"), BOOLEAN(1), OP(XOR) }, { NO, YES }, 0 },
	{ "the example of the manual", { TTL, VAL(65), OP(LESS), PROTO("UDP"), OP(NOT), OP(AND) },
	    { YES, NO }, 0 },
	{ "an AND in an OR skips right", { BOOLEAN(0), BOOLEAN(1), OP(AND), PROTO("UDP"), OP(OR) },
	    { NO, YES }, 0 },
	{ "an OR in an AND skips right", { BOOLEAN(1), BOOLEAN(0), OP(OR), PROTO("UDP"), OP(AND) },
	    { NO, YES }, 0 },
	{ "a skip in a right operand",
	    { PROTO("TCP"), BOOLEAN(0), BOOLEAN(1), OP(AND), OP(OR), OP(NOT) }, { NO, YES }, 0 },
	{ "a property is there", { HAS("TCP", "Source Port") }, { YES, NO }, 0 },
	{ "an operand is there", { SOURCE_PORT, OP(PROPERTYEXIST) }, { YES, NO }, 0 },
	{ "equal", { SOURCE_PORT, VAL(443), OP(EQUAL) }, { YES, NO }, 0 },
	{ "not equal, and none to compare", { SOURCE_PORT, VAL(80), OP(NOTEQUAL) }, { YES, NO },
	    0 },
	{ "not equal fails when equal", { SOURCE_PORT, VAL(443), OP(NOTEQUAL) }, { NO, NO }, 0 },
	{ "greater", { TTL, VAL(63), OP(GREATER) }, { YES, NO }, 0 },
	{ "greater is not equal", { TTL, VAL(64), OP(GREATER) }, { NO, NO }, 0 },
	{ "greater or equal", { TTL, VAL(64), OP(GREATEREQUAL) }, { YES, NO }, 0 },
	{ "less or equal", { TTL, VAL(64), OP(LESSEQUAL) }, { YES, NO }, 0 },
	{ "operands the other way round", { VAL(65), TTL, OP(GREATER) }, { YES, NO }, 0 },
	{ "two properties", { SOURCE_PORT, PROP("TCP", "Destination Port"), OP(LESS) }, { YES, NO },
	    0 },
	{ "64 bits", { TTL, DATA(LARGEINT, &five, 0), OP(GREATER) }, { YES, NO }, 0 },
	{ "a sum", { TTL, VAL(1), OP(PLUS), VAL(65), OP(EQUAL) }, { YES, NO }, 0 },
	{ "a difference wraps", { VAL(0), VAL(1), OP(MINUS), VAL(0xFFFFFFFF), OP(EQUAL) },
	    { YES, YES }, 0 },
	{ "bits on", { TTL, VAL(0x40), OP(AREBITSON) }, { YES, NO }, 0 },
	{ "not all bits on", { TTL, VAL(0x41), OP(AREBITSON) }, { NO, NO }, 0 },
	{ "bits off", { TTL, VAL(0x0F), OP(AREBITSOFF) }, { YES, NO }, 0 },
	{ "an address", { PROP("IP", "Source Address"), DATA(ADDR_IP, &ip1, 0), OP(EQUAL) },
	    { YES, NO }, 0 },
	{ "another address", { PROP("IP", "Source Address"), DATA(ADDR_IP, &ip2, 0), OP(EQUAL) },
	    { NO, NO }, 0 },
	{ "an IPv6 address",
	    { PROP("IP6", "Destination Address"), DATA(ADDR_IP6, &ip6, 0), OP(EQUAL) }, { NO, YES },
	    0 },
	{ "text in the payload", { PROP("TCP", "TCP Data"), DATA(STRING, "eL", 0), OP(CONTAINS) },
	    { YES, NO }, 0 },
	{ "whose case counts", { PROP("TCP", "TCP Data"), DATA(STRING, "el", 0), OP(CONTAINS) },
	    { NO, NO }, 0 },
	{ "or does not", { PROP("TCP", "TCP Data"), DATA(STRING, "EL", 2), OP(CONTAINSNC) },
	    { YES, NO }, 0 },
	{ "equal but for case", { PROP("TCP", "TCP Data"), DATA(STRING, "HELO", 0), OP(EQUALNC) },
	    { YES, NO }, 0 },
	{ "bytes of a protocol", { DEREF("IP", 8), DATA(ARRAY, "\x40\x06", 2), OP(ARRAYEQUAL) },
	    { YES, NO }, 0 },
	{ "other bytes", { DEREF("IP", 9), DATA(ARRAY, "\x40\x06", 2), OP(ARRAYEQUAL) }, { NO, NO },
	    0 },
	{ "beyond the frame", { DEREF("UDP", 7), DATA(ARRAY, "\0\0", 2), OP(ARRAYEQUAL) },
	    { NO, NO }, 0 },
	{ "to", { DATA(ADDRESS, &ip1, 0), DATA(ADDRESS, &ip2, 0), OP(TO) }, { YES, NO }, 0 },
	{ "from", { DATA(ADDRESS, &ip1, 0), DATA(ADDRESS, &ip2, 0), OP(FROM) }, { NO, NO }, 0 },
	{ "either way", { DATA(ADDRESS, &ip2, 0), DATA(ADDRESS, &ip1, 0), OP(FROMTO) }, { YES, NO },
	    0 },
	{ "from one", { DATA(ADDRESS, &mac2, 0), OP(FROM) }, { YES, NO }, 0 },
	{ "to one", { DATA(ADDRESS, &mac2, 0), OP(TO) }, { NO, YES }, 0 },
	{ "from anybody", { OP(ADDRESSANY), DATA(ADDRESS, &mac2, 0), OP(TO) }, { NO, YES }, 0 },
	{ "to a group", { DATA(ADDRESS, &group, 0), OP(TO) }, { NO, NO }, 0 },
	{ "switched off, alone", { OP(NOEVAL) }, { YES, YES }, 0 },
	{ "switched off, in a comparison", { OP(NOEVAL), VAL(1), OP(EQUAL) }, { YES, YES }, 0 },
	{ "switched off, not negated away", { TTL, OP(NOEVAL), OP(EQUAL), PROTO("UDP"), OP(AND) },
	    { NO, YES }, 0 },
	{ "a bracket means nothing", { PROTO("TCP"), OP(EXPRESSION) }, { YES, NO }, 0 },
	{ "no left operand", { PROTO("TCP"), OP(AND) }, { WRONG, WRONG }, NMERR_STACK_EMPTY },
	{ "no operand", { OP(NOT) }, { WRONG, WRONG }, NMERR_STACK_EMPTY },
	{ "a value is no truth", { VAL(1) }, { WRONG, WRONG }, NMERR_FILTER_INVALID_EXPRESSION },
	{ "a truth is no value", { PROTO("TCP"), VAL(1), OP(EQUAL) }, { WRONG, WRONG },
	    NMERR_FILTER_INVALID_EXPRESSION },
	{ "two truths", { PROTO("TCP"), PROTO("IP") }, { WRONG, WRONG },
	    NMERR_FILTER_INVALID_EXPRESSION },
	{ "no property", { { FILTERACTION_PROPERTY, NULL, NULL, 0, NULL, 0 }, VAL(1), OP(EQUAL) },
	    { WRONG, WRONG }, NMERR_FILTER_INVALID_EXPRESSION },
	{ "a made-up action", { { 55, NULL, NULL, 0, NULL, 0 } }, { WRONG, WRONG },
	    NMERR_FILTER_INVALID_EXPRESSION },
};

static HFILTER make(const struct object *o)
{
	HFILTER h = CreateFilter();

	assert_non_null(h);
	for (; o->action; o++) {
		FILTEROBJECT2 f = { .Action = o->action, .ByteCount = o->n };

		if (o->data)
			f.lpArray = (void *)(uintptr_t)o->data;
		else if (o->action == FILTERACTION_PROTOCOLEXIST && !o->protocol)
			f.hProtocol = (HPROTOCOL)(intptr_t)PROTOCOL_NUM_ANY;
		else if (o->protocol && o->label)
			f.hProperty = property(o->protocol, o->label);
		else if (o->protocol)
			f.hProtocol = protocol(o->protocol);
		else
			f.Value = o->value;
		assert_true(!o->label || f.hProperty || f.hProtocol);
		assert_int_equal(FilterAddObject(h, &f), NMERR_SUCCESS);
	}
	return h;
}

static void every_object_means_what_it_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		HFILTER h = make(cases[i].objects), copy = FilterDuplicate(h);

		for (unsigned f = 0; f < 2; f++) {
			int got = (int)FilterFrame(frame(f), h, door->session_capture());
			int again = (int)FilterFrame(frame(f), copy, door->session_capture());

			if (got != cases[i].want[f] || again != got ||
			    (got == WRONG && BhGetLastError() != cases[i].err))
				fail_msg("%s, frame %u: %d, its copy %d, error %u", cases[i].name,
				    f, got, again, (unsigned)BhGetLastError());
		}
		assert_int_equal(DestroyFilter(h), NMERR_SUCCESS);
		assert_int_equal(DestroyFilter(copy), NMERR_SUCCESS);
	}
}

static void handles_are_looked_up(void **state)
{
	FILTEROBJECT2 o = { .Action = FILTERACTION_STRING };
	FILTERDESC2 own = { .NumEntries = 1 };
	HFILTER h = CreateFilter();
	HCAPTURE c = door->session_capture();

	(void)state;
	assert_int_equal(FilterAddObject(h, &o), NMERR_INVALID_PARAMETER); /* no text */
	assert_int_equal(FilterAddObject(h, NULL), NMERR_INVALID_PARAMETER);
	assert_int_equal((int)FilterFrame(NULL, h, c), FILTER_FAIL_WITH_ERROR);
	assert_int_equal(BhGetLastError(), NMERR_INVALID_HFRAME);
	assert_int_equal((int)FilterFrame(frame(0), h, NULL), FILTER_FAIL_WITH_ERROR);
	assert_int_equal(DestroyFilter(h), NMERR_SUCCESS);
	for (HFILTER bad = h;; bad = bad == h ? (HFILTER)(void *)&own : NULL) {
		assert_int_equal(DestroyFilter(bad), NMERR_INVALID_HFILTER);
		assert_int_equal(FilterAddObject(bad, &o), NMERR_INVALID_PARAMETER);
		assert_int_equal((int)FilterFrame(frame(0), bad, c), FILTER_FAIL_WITH_ERROR);
		assert_int_equal(BhGetLastError(), NMERR_INVALID_HFILTER);
		BhSetLastError(NMERR_SUCCESS);
		FilterFlushBits(bad);
		assert_int_equal(BhGetLastError(), NMERR_INVALID_HFILTER);
		assert_null(FilterDuplicate(bad));
		assert_false(FilterAttachesProperties(bad));
		assert_int_equal(
		    FilterFindFrame(bad, c, 0, NULL, NULL, 0, TRUE), FILTER_NO_MORE_FRAMES);
		if (!bad)
			break;
	}
}

/* With a parser switched off, what depends on it is true, as if NOEVAL stood there. */
static const struct {
	const char *name, *off; /* a protocol of the parser */
	struct object objects[6];
	int want[2], on; /* frames 0 and 1 while it is off; frame 0 when it is on */
} switched[] = {
	{ "a protocol of its", "UDP", { PROTO("UDP") }, { YES, YES }, NO },
	{ "a protocol of another's", "DNS", { PROTO("UDP") }, { NO, YES }, NO },
	{ "by another protocol of the same object", "ICMP", { PROTO("TCP") }, { YES, YES }, YES },
	{ "a comparison with a property of its", "IP", { TTL, VAL(63), OP(EQUAL) }, { YES, YES },
	    NO },
	{ "NOT what is off", "IP", { TTL, VAL(63), OP(EQUAL), OP(NOT) }, { NO, NO }, YES },
	{ "the presence of a property, in two steps", "IP",
	    { TTL, { FILTERACTION_PROPERTYEXIST, NULL, NULL, 0, NULL, 0 } }, { YES, YES }, YES },
	{ "bytes of its", "TCP", { DEREF("TCP", 0), DATA(ARRAY, "xx", 2), OP(ARRAYEQUAL) },
	    { YES, YES }, NO },
	{ "a constant is nobody's", "IP", { BOOLEAN(0) }, { NO, NO }, NO },
	{ "AND with what is on", "DNS", { PROTO("DNS"), PROTO("TCP"), OP(AND) }, { YES, NO }, NO },
};

static HPARSER parser_of(const char *name)
{
	return (HPARSER)(void *)protocol(name);
}

static void a_parser_is_switched_off_and_on(void **state)
{
	HCAPTURE c = door->session_capture();

	(void)state;
	for (size_t i = 0; i < COUNT(switched); i++) {
		HFILTER h = make(switched[i].objects), copy;
		HPARSER parser = parser_of(switched[i].off);

		assert_int_equal(FilterFrame(frame(0), h, c), switched[i].on);
		assert_int_equal(DisableParserFilter(h, parser), NMERR_SUCCESS);
		assert_int_equal(DisableParserFilter(h, parser), NMERR_SUCCESS);
		copy = FilterDuplicate(h);
		for (unsigned f = 0; f < 2; f++)
			if ((int)FilterFrame(frame(f), h, c) != switched[i].want[f] ||
			    (int)FilterFrame(frame(f), copy, c) != switched[i].want[f])
				fail_msg("%s, frame %u", switched[i].name, f);
		for (HFILTER each = h;; each = copy) {
			assert_int_equal(EnableParserFilter(each, parser), NMERR_SUCCESS);
			if ((int)FilterFrame(frame(0), each, c) != switched[i].on)
				fail_msg("%s, on again", switched[i].name);
			if (each == copy)
				break;
		}
		assert_int_equal(DestroyFilter(h), NMERR_SUCCESS);
		assert_int_equal(DestroyFilter(copy), NMERR_SUCCESS);
	}
}

static void protocol_tables_and_instances_name_a_parser_too(void **state)
{
	PROTOCOLTABLE *two = calloc(1, sizeof *two + sizeof(HPROTOCOL));
	FILTEROBJECT2 o = { .Action = FILTERACTION_PROTOCOLSEXIST, .lpProtocolTable = two };
	HFILTER h = CreateFilter();
	static const char *const families[] = { PARSERS };
	unsigned found = 0;

	(void)state;
	two->nProtocols = 2;
	two->hProtocol[0] = protocol("DNS");
	two->hProtocol[1] = protocol("NTP");
	assert_int_equal(FilterAddObject(h, &o), NMERR_SUCCESS);
	free(two);
	assert_int_equal(FilterFrame(frame(0), h, door->session_capture()), FILTER_FAILED);
	for (size_t i = 0; i < COUNT(families); i++) {
		void *instance = dlopen(families[i], RTLD_NOW | RTLD_NOLOAD);

		assert_non_null(instance);
		assert_int_equal(DisableParserFilter(h, instance), NMERR_SUCCESS);
		found += FilterFrame(frame(0), h, door->session_capture()) == FILTER_PASSED;
		assert_int_equal(EnableParserFilter(h, instance), NMERR_SUCCESS);
		(void)dlclose(instance);
	}
	assert_in_range(found, 1, 2); /* the objects of DNS and of NTP */
	assert_int_equal(DestroyFilter(h), NMERR_SUCCESS);
}

static void what_is_no_filter_or_no_parser_is_not_switched(void **state)
{
	static const struct object udp[] = { PROTO("UDP"), { 0, NULL, NULL, 0, NULL, 0 } };
	struct nm_filter_error e;
	HFILTER h = make(udp), text = NULL;
	HPARSER ours = parser_of("UDP");

	(void)state;
	assert_int_equal(door->filter_compile("udp", &text, &e), 0);
	for (unsigned on = 0; on < 2; on++) {
		DWORD(WINAPI * turn)
		(HFILTER, HPARSER) = on ? EnableParserFilter : DisableParserFilter;

		assert_int_equal(turn(NULL, ours), NMERR_INVALID_HFILTER);
		assert_int_equal(turn((HFILTER)(void *)&h, ours), NMERR_INVALID_HFILTER);
		assert_int_equal(turn(h, NULL), NMERR_INVALID_HPROTOCOL);
		assert_int_equal(turn(h, (HPARSER)(void *)&h), NMERR_INVALID_HPROTOCOL);
		assert_int_equal(BhGetLastError(), NMERR_INVALID_HPROTOCOL);
		assert_int_equal(turn(text, ours), NMERR_INVALID_PARAMETER);
	}
	assert_int_equal(FilterFrame(frame(0), h, door->session_capture()), FILTER_FAILED);
	assert_int_equal(DestroyFilter(text), NMERR_SUCCESS);
	assert_int_equal(DestroyFilter(h), NMERR_SUCCESS);
}

static void the_owner_keeps_a_pointer_in_it(void **state)
{
	static const struct object tcp[] = { PROTO("TCP"), { 0, NULL, NULL, 0, NULL, 0 } };
	HFILTER h = make(tcp), copy;

	(void)state;
	FilterSetUIInstanceData(h, state);
	copy = FilterDuplicate(h);
	assert_ptr_equal(FilterGetUIInstanceData(copy), state);
	assert_int_equal(((LPFILTERDESC2)(void *)h)->NumEntries, 1);
	assert_false(FilterAttachesProperties(h));
	SetCurrentFilter(h);
	assert_ptr_equal(GetCurrentFilter(), h);
	assert_int_equal(DestroyFilter(h), NMERR_SUCCESS);
	assert_null(GetCurrentFilter()); /* it is gone */
	assert_int_equal(DestroyFilter(copy), NMERR_SUCCESS);
}

static void frames_and_instances_are_found(void **state)
{
	static const struct object udp[] = { PROTO("UDP"), { 0, NULL, NULL, 0, NULL, 0 } };
	static const struct object tcp[] = { PROTO("TCP"), { 0, NULL, NULL, 0, NULL, 0 } };
	static const struct object port[] = { PROP("UDP", "Destination Port"), VAL(546), OP(EQUAL),
		{ 0, NULL, NULL, 0, NULL, 0 } };
	HFILTER u = make(udp), t = make(tcp), p = make(port);
	HCAPTURE c = door->session_capture();
	LPPROPERTYINST key = NULL;

	(void)state;
	assert_true(FilterAttachesProperties(p));
	assert_int_equal(FilterFindFrame(u, c, 0, NULL, NULL, 0, FILTER_DIRECTION_NEXT), 1);
	assert_int_equal(
	    FilterFindFrame(t, c, 1, NULL, NULL, 0, FILTER_DIRECTION_NEXT), FILTER_NO_MORE_FRAMES);
	assert_int_equal(FilterFindFrame(t, c, 7, NULL, NULL, 0, FILTER_DIRECTION_PREV), 0);
	assert_int_equal(
	    FilterFindFrame(u, c, 0, NULL, NULL, 0, FILTER_DIRECTION_PREV), FILTER_NO_MORE_FRAMES);
	assert_ptr_equal(
	    FilterFindPropertyInstance(frame(0), NULL, c, p, &key, NULL, NULL, 0, TRUE), frame(1));
	assert_string_equal(key->lpPropertyInfo->Label, "Destination Port");
	assert_null(FilterFindPropertyInstance(frame(1), NULL, c, p, &key, NULL, NULL, 0, TRUE));
	key = NULL;
	assert_null(FilterFindPropertyInstance(frame(0), t, c, p, &key, NULL, NULL, 0, TRUE));
	assert_int_equal(DestroyFilter(u) | DestroyFilter(t) | DestroyFilter(p), 0);
}

static DWORD take(HEXPERTKEY key, DWORD direction, DWORD flags, DWORD n, HFILTER h, DWORD *ret_n)
{
	EXPERTFRAMEDESCRIPTOR d = { .FrameNumber = 99 };
	DWORD err = ExpertGetFrame(key, direction, flags, n, h, &d);

	*ret_n = d.FrameNumber;
	return err;
}

static void an_expert_gets_the_frames_that_pass(void **state)
{
	static const struct object udp[] = { PROTO("UDP"), { 0, NULL, NULL, 0, NULL, 0 } };
	static const struct object wrong[] = { OP(NOT), { 0, NULL, NULL, 0, NULL, 0 } };
	static struct nm_status status;
	EXPERTSTARTUPINFO startup = { .dwFrameNumber = INVALID_FRAME_NUMBER };
	struct nm_run_config cfg = { .capture = capture, .startup = &startup, .status = &status };
	HFILTER u = make(udp), w = make(wrong);
	HEXPERTKEY key;
	DWORD n, forward = GET_FRAME_NEXT_FORWARD, defer = FLAGS_DEFER_TO_UI_FILTER;

	(void)state;
	status.frame = status.first_frame = status.last_frame = NM_NO_FRAME_YET;
	assert_int_equal(door->run_open(&cfg, &key), NMERR_SUCCESS);
	assert_int_equal(take(key, forward, 0, (DWORD)-1, u, &n), NMERR_SUCCESS);
	assert_int_equal(n, 1);
	assert_int_equal(status.frames_seen, 1); /* it did not see the other */
	assert_int_equal(status.signs, 1);       /* but it was alive while it was passed by */
	assert_int_equal(take(key, forward, 0, 1, u, &n), NMERR_NO_MORE_FRAMES);
	assert_int_equal(n, 99);
	assert_int_equal(take(key, GET_FRAME_NEXT_BACKWARD, 0, 1, u, &n), NMERR_NO_MORE_FRAMES);
	assert_int_equal(take(key, GET_SPECIFIED_FRAME, 0, 0, u, &n), NMERR_FRAME_FAILED_FILTER);
	assert_int_equal(take(key, GET_SPECIFIED_FRAME, 0, 1, u, &n), NMERR_SUCCESS);
	assert_int_equal(take(key, forward, 0, 0, w, &n), NMERR_STACK_EMPTY);
	n = status.signs;
	assert_int_equal(FilterFindFrame(u, door->session_capture(), 0, NULL, NULL, 0, TRUE), 1);
	assert_int_equal(status.signs, n + 2);
	status.terminate = 1;
	assert_int_equal(
	    FilterFindFrame(u, door->session_capture(), 0, NULL, NULL, 0, TRUE), FILTER_CANCELED);
	status.terminate = 0;
	SetCurrentFilter(u); /* too late for this one */
	assert_int_equal(take(key, forward, defer, (DWORD)-1, NULL, &n), NMERR_SUCCESS);
	assert_int_equal(n, 0);
	assert_int_equal(status.judged, 0);
	door->run_close(key, NULL);
	assert_int_equal(door->run_open(&cfg, &key), NMERR_SUCCESS);
	assert_int_equal(DestroyFilter(u) | DestroyFilter(w), 0); /* it has a copy */
	assert_int_equal(take(key, forward, 0, (DWORD)-1, NULL, &n), NMERR_SUCCESS);
	assert_int_equal(n, 0);
	for (unsigned again = 0; again < 2; again++) {
		assert_int_equal(take(key, forward, defer, (DWORD)-1, NULL, &n), NMERR_SUCCESS);
		assert_int_equal(n, 1);
		assert_int_equal(status.judged, 2); /* each frame once */
		assert_int_equal(status.passed, 1);
	}
	assert_int_equal(take(key, forward, 0, 0, u, &n), NMERR_INVALID_HFILTER);
	door->run_close(key, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_object_means_what_it_says),
		cmocka_unit_test(handles_are_looked_up),
		cmocka_unit_test(a_parser_is_switched_off_and_on),
		cmocka_unit_test(protocol_tables_and_instances_name_a_parser_too),
		cmocka_unit_test(what_is_no_filter_or_no_parser_is_not_switched),
		cmocka_unit_test(the_owner_keeps_a_pointer_in_it),
		cmocka_unit_test(frames_and_instances_are_found),
		cmocka_unit_test(an_expert_gets_the_frames_that_pass),
	};

	return cmocka_run_group_tests(tests, setup, shut);
}
