/* SPDX-License-Identifier: MIT */
/* Headers that are recognized without a call: which are, what comes of them, and what is no
 * description of a header. Whoever is asked claims. */
#include "check.h"
#include "parse/parse.h"
#include "parse/parse_int.h"

#include <stdio.h>
#include <string.h>

#define FRAME ((HFRAME)(uintptr_t)0x1000)
#define BYTES 24u

static PARSERHEADER given;   /* A's */
static HANDOFFTABLE *table;  /* 5: B, 300: C */
static HANDOFFTABLE another; /* nobody made it */
static unsigned asked[3];    /* A, B, C */
static unsigned attached;    /* calls of AttachProperties, whose property is not a row's */
static DWORD_PTR instance_seen;
static DWORD_PTR handed; /* to A, as instance data: B recognizes nothing but hands it */
static uint8_t record[16 + BYTES];
static struct nm_parse *parse;

static LPBYTE WINAPI recognize(HFRAME frame, ULPBYTE mac, ULPBYTE p, DWORD mac_type, DWORD left,
    HPROTOCOL before, DWORD before_at, LPDWORD status, LPHPROTOCOL next, PDWORD_PTR instance)
{
	unsigned me = nm_parse_running_protocol() - 2; /* FRAME is 1 */

	(void)frame;
	(void)mac;
	(void)mac_type;
	(void)left;
	(void)before;
	(void)before_at;
	asked[me]++;
	instance_seen = *instance;
	*status = PROTOCOL_STATUS_CLAIMED;
	if (me == 1 && handed) {
		*status = PROTOCOL_STATUS_NEXT_PROTOCOL;
		*next = nm_protocol_by_name("A");
		*instance = handed;
	}
	return p;
}

static LPBYTE WINAPI attach(HFRAME frame, ULPBYTE mac, ULPBYTE p, DWORD mac_type, DWORD left,
    HPROTOCOL before, DWORD before_at, DWORD_PTR instance)
{
	(void)frame;
	(void)mac;
	(void)mac_type;
	(void)left;
	(void)before;
	(void)before_at;
	(void)instance;
	attached += nm_parse_running_protocol() == 2;
	return p;
}

static PROPERTYINFO property = {
	.Label = (char[]){ "Byte" }, .DataType = PROP_TYPE_BYTE, .FormatStringSize = 40
};
static PARSERROW two_rows[2];
static DWORD first_row;

static VOID WINAPI do_register(HPROTOCOL h)
{
	if (h != nm_protocol_by_name("A"))
		return;
	(void)nm_handoff_create("SET", "X.INI", 9, 10, &table);
	(void)nm_database_create(h, 1);
	(void)nm_property_add(h, &property);
}

static DWORD WINAPI give_rows(
    HPROTOCOL h, DWORD first, const PARSERROWCALLS *host, const PARSERROW **ret)
{
	(void)host;
	if (h != nm_protocol_by_name("A"))
		return 0;
	first_row = first;
	two_rows[0] = (PARSERROW){ .hProperty = property.hProperty, .Offset = 1, .Length = 1 };
	two_rows[1] = (PARSERROW){ .hProperty = property.hProperty, .Offset = 4 }; /* to the end */
	*ret = two_rows;
	return 2;
}

PPARSERROWSPROC __wrap_nm_object_rows(unsigned object);
PPARSERROWSPROC __wrap_nm_object_rows(unsigned object)
{
	(void)object;
	return give_rows;
}

static WINBOOL WINAPI give_header(HPROTOCOL h, PPARSERHEADER ret)
{
	if (h != nm_protocol_by_name("A"))
		return FALSE;
	*ret = given;
	if (!ret->hTable)
		ret->hTable = table;
	ret->FirstRow += ret->nRows ? first_row : 0;
	return TRUE;
}

PPARSERHEADERPROC __wrap_nm_object_header(unsigned object);
PPARSERHEADERPROC __wrap_nm_object_header(unsigned object)
{
	(void)object;
	return give_header;
}

static int unload(void **state)
{
	(void)state;
	nm_parse_free(parse);
	parse = NULL;
	nm_parsers_unload();
	return 0;
}

static void load(const PARSERHEADER *header, const char *first, const char *settings)
{
	static const ENTRYPOINTS ep = { do_register, NULL, recognize, attach, NULL };
	char frame[64];

	(void)unload(NULL);
	given = *header;
	(void)snprintf(frame, sizeof frame, "[FRAME_HandoffSet]\n1 = %s\n", first);
	assert_true(nm_parsers_settings("FRAME", frame, NULL, NULL));
	assert_true(nm_parsers_settings("X", "[SET]\n5 = B\n300 = C\n", NULL, NULL));
	assert_true(nm_parsers_settings(NULL, settings, NULL, NULL));
	for (const char *n = "A\0B\0C\0"; *n; n += 2)
		assert_non_null(nm_protocol_create(n, &ep));
	parse = nm_parse_new();
	assert_non_null(parse);
	memset(asked, 0, sizeof asked);
	attached = 0;
}

/* "A@0 B@4", without FRAME. */
static const char *found(const uint8_t *bytes, uint32_t n)
{
	struct nm_frame f = { .record = record, .mac_type = 7, .link_type = 1 };
	static char text[64];
	const RECOGNIZEDATATABLE *t;
	size_t at = 0;

	memset(record, 0, 16);
	memcpy(record + 12, &n, 4);
	memcpy(record + 16, bytes, n);
	nm_parse_set(parse, FRAME, &f);
	t = nm_parse_recognize(parse);
	text[0] = '\0';
	for (unsigned i = 1; i < t->nRecognizeDatas; i++)
		at += (size_t)snprintf(text + at, sizeof text - at, "%s%c@%u", i > 1 ? " " : "",
		    (char)('A' + t->RecognizeData[i].ProtocolID - 2),
		    t->RecognizeData[i].nProtocolOffset);
	return text;
}

/* ---- what comes of a header ------------------------------------------------------------ */

#define NUMBER .Least = 4, .NextOffset = 2, .NextLength = 2
#define LENGTH                                                                                     \
	.Flags = PARSERHEADER_LENGTH, .LengthOffset = 1, .LengthMask = 0xF0, .LengthFactor = 2
#define TOTAL       .Flags = PARSERHEADER_TOTAL, .TotalOffset = 0
#define TELLS       .Flags = PARSERHEADER_TOTAL | PARSERHEADER_TELLS, .TotalOffset = 0
#define FRAME_BYTES 12u

static const struct {
	const char *name;
	PARSERHEADER header;
	uint8_t bytes[FRAME_BYTES]; /* whoever is asked before A hands on `handed` */
	const char *found;
	unsigned asked_a;
	DWORD_PTR instance; /* seen by who was asked last */
	DWORD_PTR handed;
	uint32_t n; /* bytes; 0: all */
} rows[] = {
	{ "a number of two bytes", { NUMBER }, { [2] = 1, 44 }, "A@0 C@4", 0, 8, 0, 0 },
	{ "nobody's number: the follow set", { NUMBER }, { [2] = 1, 45 }, "A@0 B@4", 0, 8, 0, 0 },
	{ "beyond all numbers", { NUMBER }, { [2] = 255, 255 }, "A@0 B@4", 0, 8, 0, 0 },
	{ "a number of a byte", { .Least = 4, .NextOffset = 2, .NextLength = 1 }, { [2] = 5, 44 },
	    "A@0 B@4", 0, 8, 0, 0 },
	{ "of two numbers the lower one first",
	    { .Flags = PARSERHEADER_LOWER_FIRST, .Least = 6, .NextLength = 2 }, { 1, 44, 0, 5 },
	    "A@0 B@6", 0, 6, 0, 0 },
	{ "and then the other", { .Flags = PARSERHEADER_LOWER_FIRST, .Least = 6, .NextLength = 2 },
	    { 1, 44, 0, 6 }, "A@0 C@6", 0, 6, 0, 0 },
	{ "a number as great as it must be", { NUMBER, .NextLeast = 300 }, { [2] = 1, 44 },
	    "A@0 C@4", 0, 8, 0, 0 },
	{ "a smaller one", { NUMBER, .NextLeast = 301 }, { [2] = 1, 44 }, "A@0", 1, 0, 0, 0 },
	{ "the frame's MAC type", { NUMBER, .MacType = 7 }, { [2] = 1, 44 }, "A@0 C@4", 0, 8, 0,
	    0 },
	{ "another MAC type", { NUMBER, .MacType = 8 }, { [2] = 1, 44 }, "A@0", 1, 0, 0, 0 },
	{ "the header takes all there is", { NUMBER }, { [3] = 5 }, "A@0", 0, 0, 0, 4 },
	{ "a byte less", { NUMBER }, { [3] = 5 }, "A@0", 1, 0, 0, 3 },
	{ "its own length", { NUMBER, LENGTH }, { 0, 0x3F, 0, 5 }, "A@0 B@6", 0, 6, 0, 0 },
	{ "a length shorter than that", { NUMBER, LENGTH }, { 0, 0x1F, 0, 5 }, "A@0", 1, 0, 0, 0 },
	{ "a length beyond the end", { NUMBER, LENGTH }, { 0, 0xF0, 0, 5 }, "A@0", 0, 0, 0, 0 },
	{ "a total less than there is", { NUMBER, TOTAL }, { 0, 9, 0, 5 }, "A@0 B@4", 0, 5, 0, 0 },
	{ "a total of more than there is", { NUMBER, TOTAL }, { 0, 99, 0, 5 }, "A@0 B@4", 0, 8, 0,
	    0 },
	{ "which is told", { NUMBER, TELLS }, { 0, 99, 0, 5 }, "A@0 B@4", 0, 95, 0, 0 },
	{ "a total of nothing", { NUMBER, TOTAL }, { 0, 0, 0, 5 }, "A@0", 1, 0, 0, 0 },
	{ "a total of the header", { NUMBER, TOTAL }, { 0, 4, 0, 5 }, "A@0", 1, 0, 0, 0 },
	{ "a total without the header", { NUMBER, TOTAL, .TotalPlus = 4 }, { 0, 1, 0, 5 },
	    "A@0 B@4", 0, 1, 0, 0 },
	{ "a condition that holds", { NUMBER, .Conditions = { [1] = { 0, 0x00F0, 0x0040 } } },
	    { 9, 0x4F, 0, 5 }, "A@0 B@4", 0, 8, 0, 0 },
	{ "one that does not", { NUMBER, .Conditions = { [1] = { 0, 0x00F0, 0x0040 } } },
	    { 9, 0x5F, 0, 5 }, "A@0", 1, 0, 0, 0 },
	{ "the first one counts too", { NUMBER, .Conditions = { { 0, 0xFF00, 0x0800 } } },
	    { 9, 0x5F, 0, 5 }, "A@0", 1, 0, 0, 0 },
};

static void a_usual_header_is_recognized_without_a_call(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		load(&rows[i].header, "A", "[A]\nFollowSet = B\n");
		if (strcmp(found(rows[i].bytes, rows[i].n ? rows[i].n : FRAME_BYTES),
			rows[i].found) != 0 ||
		    asked[0] != rows[i].asked_a)
			fail_msg("%s: %s, asked %u", rows[i].name,
			    found(rows[i].bytes, rows[i].n ? rows[i].n : FRAME_BYTES), asked[0]);
		if (strlen(rows[i].found) > 3)
			assert_int_equal(instance_seen, rows[i].instance);
	}
}

/* Behind B, which tells how many of 12 bytes are A's. */
static void what_the_header_before_told_bounds_it(void **state)
{
	static const struct {
		DWORD flags;
		DWORD_PTR told;
		const char *found;
		unsigned asked_a;
		DWORD_PTR instance;
	} told[] = {
		{ PARSERHEADER_WITHIN_INSTANCE, 9, "B@0 A@0 C@4", 0, 5 },
		{ PARSERHEADER_WITHIN_INSTANCE, 99, "B@0 A@0 C@4", 0, 8 },
		{ PARSERHEADER_WITHIN_INSTANCE, 4, "B@0 A@0", 0, 0 },
		{ PARSERHEADER_WITHIN_INSTANCE, 3, "B@0 A@0", 1, 0 },
		{ 0, 3, "B@0 A@0 C@4", 0, 8 },
	};
	static const uint8_t bytes[FRAME_BYTES] = { [2] = 1, 44 };

	(void)state;
	for (size_t i = 0; i < COUNT(told); i++) {
		const PARSERHEADER header = { NUMBER, .Flags = told[i].flags };

		load(&header, "B", "");
		handed = told[i].told;
		assert_string_equal(found(bytes, FRAME_BYTES), told[i].found);
		assert_int_equal(asked[0], told[i].asked_a);
		if (asked[2])
			assert_int_equal(instance_seen, told[i].instance);
		handed = 0;
	}
}

/* What is not such a header, or whose rows can't be, has its parser called. */
static void the_rows_of_a_usual_header_are_attached_without_a_call(void **state)
{
	static const struct {
		PARSERHEADER header;
		uint8_t bytes[FRAME_BYTES];
		unsigned calls;
		DWORD n, size; /* properties, and bytes of the last one */
		uint32_t stored;
	} cases[] = {
		{ { NUMBER, .nRows = 2 }, { [3] = 5 }, 0, 2, 8, 0 },
		{ { NUMBER, .nRows = 1 }, { [3] = 5 }, 0, 1, 1, 0 },
		{ { NUMBER, TOTAL, .nRows = 2 }, { [1] = 9, [3] = 5 }, 0, 2, 5, 0 },
		{ { NUMBER, .nRows = 2 }, { [3] = 5 }, 1, 0, 0, 4 },
		{ { NUMBER, LENGTH, .nRows = 2 }, { [1] = 0x2F, [3] = 5 }, 0, 2, 8, 0 },
		{ { NUMBER, LENGTH, .nRows = 2 }, { [1] = 0x3F, [3] = 5 }, 1, 0, 0, 0 },
		{ { NUMBER, .NextLeast = 9, .nRows = 2 }, { [3] = 5 }, 1, 0, 0, 0 },
		{ { NUMBER, .nRows = 0 }, { [3] = 5 }, 1, 0, 0, 0 },
		{ { NUMBER, .nRows = 3 }, { [3] = 5 }, 1, 0, 0, 0 },
		{ { NUMBER, .FirstRow = -1u, .nRows = 1 }, { [3] = 5 }, 1, 0, 0, 0 },
		{ { NUMBER, .FirstRow = 2, .nRows = 1 }, { [3] = 5 }, 1, 0, 0, 0 },
		{ { .Least = 2, .NextLength = 2, .nRows = 2 }, { [1] = 5 }, 1, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const PROPERTYINSTTABLE *of;
		const PROPERTYTABLE *t;

		load(&cases[i].header, "A", "");
		(void)found(cases[i].bytes, cases[i].stored ? cases[i].stored : FRAME_BYTES);
		t = nm_parse_attach(parse, NULL);
		of = &t->PropertyInstTable[1];
		if (attached != cases[i].calls || of->nPropertyInsts != cases[i].n)
			fail_msg(
			    "case %zu: %u calls, %u properties", i, attached, of->nPropertyInsts);
		if (cases[i].n)
			assert_int_equal(
			    t->lpFirstPropertyInst[of->nPropertyInstIndex + cases[i].n - 1]
				.DataLength,
			    cases[i].size);
	}
}

/* ---- what is no description of one ---------------------------------------------------------- */

static void what_makes_no_sense_is_passed_over(void **state)
{
	static const PARSERHEADER bad[] = {
		{ .Least = 4, .NextOffset = 3, .NextLength = 2 },
		{ .Least = 4, .NextOffset = 3, .NextLength = 1 },
		{ .Least = 4, .NextOffset = 2, .NextLength = 0 },
		{ .Least = 4, .NextOffset = 2, .NextLength = 4 },
		{ .Least = 1, .NextLength = 1 },
		{ NUMBER, .Flags = PARSERHEADER_LOWER_FIRST },
		{ .Flags = PARSERHEADER_LOWER_FIRST, .Least = 4, .NextLength = 1 },
		{ NUMBER, .Flags = 0x20 },
		{ NUMBER, .Flags = PARSERHEADER_LENGTH, .LengthFactor = 1 },
		{ NUMBER, .Flags = PARSERHEADER_LENGTH, .LengthMask = 1 },
		{ NUMBER, .Flags = PARSERHEADER_LENGTH, .LengthOffset = 3, .LengthMask = 1,
		    .LengthFactor = 1 },
		{ NUMBER, .Flags = PARSERHEADER_TOTAL, .TotalOffset = 3 },
		{ NUMBER, .Conditions = { { 3, 0, 0 } } },
		{ NUMBER, .Conditions = { [1] = { 0xFFFF, 0, 0 } } },
		{ NUMBER, .hTable = &another },
	};
	static const uint8_t bytes[FRAME_BYTES] = { [2] = 1, 44 };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		load(&bad[i], "A", "");
		(void)found(bytes, FRAME_BYTES);
		if (asked[0] != 1)
			fail_msg("description %zu", i);
	}
}

static void who_is_off_is_not_recognized(void **state)
{
	static const PARSERHEADER header = { NUMBER };
	static const uint8_t bytes[FRAME_BYTES] = { [2] = 1, 44 };

	(void)state;
	load(&header, "A", "[FRAME]\nFollowSet = B\n");
	assert_string_equal(found(bytes, FRAME_BYTES), "A@0 C@4");
	nm_switch_off(nm_protocol_of(nm_protocol_by_name("A")));
	assert_string_equal(found(bytes, FRAME_BYTES), "B@0");
	load(&header, "A", "");
	nm_switch_off(nm_protocol_of(nm_protocol_by_name("C")));
	assert_string_equal(found(bytes, FRAME_BYTES), "A@0");
	assert_int_equal(asked[0], 0);
}

static void a_person_can_have_every_parser_asked(void **state)
{
	static const PARSERHEADER header = { NUMBER };
	static const uint8_t bytes[FRAME_BYTES] = { [2] = 1, 44 };

	(void)state;
	load(&header, "A", "[NMAPI]\nHeaders = 0\n");
	assert_string_equal(found(bytes, FRAME_BYTES), "A@0");
	assert_int_equal(asked[0], 1);
	load(&header, "A", "[NMAPI]\nHeaders = 1\n");
	assert_string_equal(found(bytes, FRAME_BYTES), "A@0 C@4");
	assert_int_equal(asked[0], 0);
}

/* Of headers that go on for ever so many are recognized, and it is nobody's fault. */
static void headers_end(void **state)
{
	static const PARSERHEADER header = { .Least = 2, .NextLength = 2 };
	struct nm_frame f = { .mac_type = 7, .link_type = 1 };
	static uint8_t many[16 + 4 * NM_STEPS_MAX];
	uint32_t n = sizeof many - 16;

	(void)state;
	load(&header, "A", "[A]\nFollowSet = A\n");
	memcpy(many + 12, &n, 4);
	f.record = many;
	nm_parse_set(parse, FRAME, &f);
	assert_int_equal(nm_parse_recognize(parse)->nRecognizeDatas, NM_STEPS_MAX + 1);
	assert_int_equal(nm_guard_account()->n, 0);
	assert_int_equal(asked[0], 0);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_teardown(fn, unload)
	const struct CMUnitTest tests[] = {
		TEST(a_usual_header_is_recognized_without_a_call),
		TEST(what_the_header_before_told_bounds_it),
		TEST(the_rows_of_a_usual_header_are_attached_without_a_call),
		TEST(what_makes_no_sense_is_passed_over),
		TEST(who_is_off_is_not_recognized),
		TEST(a_person_can_have_every_parser_asked),
		TEST(headers_end),
	};

	return cmocka_run_group_tests_name("parse header", tests, NULL, NULL);
}
