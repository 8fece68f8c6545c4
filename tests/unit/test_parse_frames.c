/* SPDX-License-Identifier: MIT */
/* Recognition, attachment, finding, text and the heap of a capture, with parsers that do
 * what a table says. */
#include "base/nmerr.h"
#include "check.h"
#include "parse/format.h"
#include "parse/parse.h"
#include "parse/parse_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- parsers by script ----------------------------------------------------------------- */

#define PARSERS 3 /* A, B, C */

/* What RecognizeFrame of each answers: a letter, bytes it takes, and whom it hands to.
 *   R4   recognized        N    not recognized    C    claimed    X4B  next protocol B
 *   X4-  next: nobody      X4?  next: no handle   S    a status that there is not
 *   <    a pointer before  >    one beyond        0    recognized, NULL */
static const char *script[PARSERS];
static void (*hook)(HFRAME frame, ULPBYTE p, DWORD left); /* of every AttachProperties */
static DWORD_PTR seen_instance[PARSERS];
static HPROTOCOL seen_before[PARSERS];
static DWORD seen_left[PARSERS], seen_before_at[PARSERS];
static void (*format_hook)(LPPROPERTYINST i);

static unsigned me(void)
{
	return nm_parse_running_protocol() - 2; /* FRAME is 1 */
}

static HPROTOCOL protocol(char letter)
{
	char name[2] = { letter, '\0' };

	return letter == '?' ? (HPROTOCOL)(uintptr_t)77 : nm_protocol_by_name(name);
}

static LPBYTE WINAPI recognize(HFRAME frame, ULPBYTE mac, ULPBYTE p, DWORD mac_type, DWORD left,
    HPROTOCOL before, DWORD before_at, LPDWORD status, LPHPROTOCOL next, PDWORD_PTR instance)
{
	const char *s = script[me()];
	unsigned n = s[0] && s[1] ? (unsigned)(s[1] - '0') : 0;

	(void)frame;
	(void)mac;
	assert_int_equal(mac_type, 7);
	seen_instance[me()] = *instance;
	seen_before[me()] = before;
	seen_before_at[me()] = before_at;
	seen_left[me()] = left;
	assert_null(*next);
	assert_int_equal(*status, PROTOCOL_STATUS_NOT_RECOGNIZED);
	*instance = 100 + me();
	switch (s[0]) {
	case 'R': *status = PROTOCOL_STATUS_RECOGNIZED; return p + n;
	case 'C': *status = PROTOCOL_STATUS_CLAIMED; return p + n;
	case 'X':
		*status = PROTOCOL_STATUS_NEXT_PROTOCOL;
		*next = s[2] == '-' ? NULL : protocol(s[2]);
		return p + n;
	case 'S': *status = 4; return p;
	case '<': *status = PROTOCOL_STATUS_RECOGNIZED; return p - 1;
	case '>': *status = PROTOCOL_STATUS_RECOGNIZED; return p + left + 1;
	case '0': *status = PROTOCOL_STATUS_RECOGNIZED; return NULL;
	default: return p;
	}
}

static LPBYTE WINAPI attach(HFRAME frame, ULPBYTE mac, ULPBYTE p, DWORD mac_type, DWORD left,
    HPROTOCOL before, DWORD before_at, DWORD_PTR instance)
{
	(void)mac;
	(void)mac_type;
	assert_ptr_equal(before, seen_before[me()]);
	assert_int_equal(before_at, seen_before_at[me()]);
	assert_int_equal(instance, seen_instance[me()]);
	if (hook)
		hook(frame, p, left);
	return NULL;
}

static DWORD WINAPI format(HFRAME frame, ULPBYTE mac, ULPBYTE p, DWORD n, LPPROPERTYINST i)
{
	(void)frame;
	(void)mac;
	(void)p;
	assert_int_equal(n, 1);
	if (format_hook)
		format_hook(i);
	else
		(void)nm_format_instance(i);
	return TRUE;
}

static PROPERTYINFO property = {
	.Label = (char[]){ "Byte" }, .DataType = PROP_TYPE_BYTE, .FormatStringSize = 40
};
static PROPERTYINFO other = {
	.Label = (char[]){ "Other" }, .DataType = PROP_TYPE_BYTE, .FormatStringSize = 40
};
static PROPERTYINFO stranger = { .Label = (char[]){ "Nobody's" } };

static VOID WINAPI do_register(HPROTOCOL h)
{
	if (h != protocol('A'))
		return;
	assert_int_equal(nm_database_create(h, 2), 0);
	(void)nm_property_add(h, &property);
	(void)nm_property_add(h, &other);
}

/* ---- a frame ----------------------------------------------------------------------------------- */

#define STORED 12u
#define FRAME  ((HFRAME)(uintptr_t)0x1000)

static uint8_t big[16 + 70000];
static struct nm_parse *parse;

static void set_frame(uint32_t stored)
{
	struct nm_frame f = { .record = big, .mac_type = 7, .link_type = 1, .number = 41 };

	memset(big, 0, 16);
	memcpy(big + 8, &stored, 4);
	memcpy(big + 12, &stored, 4);
	for (unsigned i = 0; i < sizeof big - 16; i++)
		big[16 + i] = (uint8_t)i;
	nm_parse_set(parse, FRAME, &f);
}

static void load(const char *settings)
{
	static const ENTRYPOINTS ep = { do_register, NULL, recognize, attach, format };

	nm_parse_free(parse);
	nm_parsers_unload();
	assert_true(nm_parsers_settings("FRAME", "[FRAME_HandoffSet]\n1 = A\n", NULL, NULL));
	assert_true(nm_parsers_settings(NULL, settings, NULL, NULL));
	for (const char *n = "A\0B\0C\0"; *n; n += 2)
		assert_non_null(nm_protocol_create(n, &ep));
	parse = nm_parse_new();
	assert_non_null(parse);
	hook = NULL;
	format_hook = NULL;
	for (unsigned i = 0; i < PARSERS; i++)
		script[i] = "N";
	set_frame(STORED);
}

static int unload(void **state)
{
	(void)state;
	nm_parse_free(parse);
	parse = NULL;
	nm_parsers_unload();
	return 0;
}

/* "A@0 B@4", without FRAME. */
static const char *found(void)
{
	static char text[1200];
	const RECOGNIZEDATATABLE *t = nm_parse_recognize(parse);
	size_t n = 0;

	text[0] = '\0';
	assert_int_equal(t->RecognizeData[0].ProtocolID, NM_FRAME_PROTOCOL);
	for (unsigned i = 1; i < t->nRecognizeDatas; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%s@%u", i > 1 ? " " : "",
		    (const char *)nm_protocols[t->RecognizeData[i].ProtocolID].info.ProtocolName,
		    t->RecognizeData[i].nProtocolOffset);
	return text;
}

/* ---- recognition ------------------------------------------------------------------------------------ */

static void every_answer_has_its_consequence(void **state)
{
	static const struct {
		const char *name, *settings, *script[PARSERS], *found;
		enum nm_offence offence;
	} rows[] = {
		{ "nobody", "", { "N", "N", "N" }, "", 0 },
		{ "recognized, no follow set", "", { "R4", "R4", "R4" }, "A@0", 0 },
		{ "recognized, then the follow set", "[A]\nFollowSet = B\n", { "R4", "C", "C" },
		    "A@0 B@4", 0 },
		{ "the follow set in its order", "[A]\nFollowSet = C, B\n", { "R4", "C", "C" },
		    "A@0 C@4", 0 },
		{ "the next of the follow set", "[A]\nFollowSet = C, B\n", { "R4", "C", "N" },
		    "A@0 B@4", 0 },
		{ "nobody of the follow set", "[A]\nFollowSet = C, B\n", { "R4", "N", "N" }, "A@0",
		    0 },
		{ "claimed", "[A]\nFollowSet = B\n", { "C4", "C", "C" }, "A@0", 0 },
		{ "handed on", "[A]\nFollowSet = B\n", { "X4C", "C", "R4" }, "A@0 C@4", 0 },
		{ "handed on, refused, then the follow set", "[A]\nFollowSet = B\n",
		    { "X4C", "C", "N" }, "A@0 B@4", 0 },
		{ "handed on, refused by all", "[A]\nFollowSet = B\n", { "X4C", "N", "N" }, "A@0",
		    0 },
		{ "handed to nobody", "[A]\nFollowSet = B\n", { "X4-", "C", "C" }, "A@0", 0 },
		{ "handed to what is no protocol", "[A]\nFollowSet = B\n", { "X4?", "C", "C" },
		    "A@0", 0 },
		{ "whoever is handed to has a follow set of its own",
		    "[A]\nFollowSet = A\n[C]\nFollowSet = B\n", { "X4C", "C", "R4" }, "A@0 C@4 B@8",
		    0 },
		{ "to the last byte", "[A]\nFollowSet = B\n[B]\nFollowSet = C\n",
		    { "R4", "R8", "C" }, "A@0 B@4", 0 },
		{ "no byte at all", "[A]\nFollowSet = B\n", { "R0", "C", "C" }, "A@0 B@0", 0 },
		{ "a status that there is not", "[FRAME]\nFollowSet = B\n", { "S", "C", "C" },
		    "B@0", 0 },
		{ "recognized and NULL is claimed", "[A]\nFollowSet = B\n", { "0", "C", "C" },
		    "A@0", 0 },
		{ "a pointer before", "[A]\nFollowSet = B\n", { "<", "C", "C" }, "A@0",
		    NM_OFFENCE_POINTER },
		{ "a pointer beyond", "[A]\nFollowSet = B\n", { ">", "C", "C" }, "A@0",
		    NM_OFFENCE_POINTER },
		{ "FRAME's follow set when the link has nobody", "[FRAME]\nFollowSet = C\n",
		    { "N", "C", "R4" }, "C@0", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		load(rows[i].settings);
		memcpy(script, rows[i].script, sizeof script);
		if (strcmp(found(), rows[i].found) != 0)
			fail_msg("%s: %s, not %s", rows[i].name, found(), rows[i].found);
		assert_int_equal(nm_guard_account()->n, rows[i].offence != 0);
		if (rows[i].offence) {
			assert_int_equal(nm_guard_account()->each[0].reason, rows[i].offence);
			assert_int_equal(nm_guard_account()->each[0].first_frame, 41);
			assert_string_equal(nm_guard_account()->each[0].protocol, "A");
		}
	}
}

static void a_circle_ends(void **state)
{
	(void)state;
	load("[A]\nFollowSet = B\n[B]\nFollowSet = A\n");
	script[0] = script[1] = "R0";
	(void)found();
	assert_int_equal(nm_parse_recognize(parse)->nRecognizeDatas, NM_STEPS_MAX + 1);
	assert_int_equal(nm_guard_account()->each[0].reason, NM_OFFENCE_CIRCLE);
	assert_int_equal(nm_guard_account()->each[0].count, 1);
}

/* A sender's doing: as many headers as fit. */
static void a_frame_of_many_headers_is_nobodys_fault(void **state)
{
	(void)state;
	load("[A]\nFollowSet = B\n[B]\nFollowSet = A\n");
	set_frame(NM_STEPS_MAX + 50);
	script[0] = script[1] = "R1";
	(void)nm_parse_recognize(parse);
	assert_int_equal(nm_parse_recognize(parse)->nRecognizeDatas, NM_STEPS_MAX + 1);
	assert_int_equal(nm_guard_account()->n, 0);
}

static void after_so_many_offences_it_is_tried_no_more(void **state)
{
	static const char *const limits[] = { "", "[NMAPI]\nOffences = 2\n",
		"[NMAPI]\nOffences = 0\n", "[NMAPI]\nOffences = x\n" };
	static const unsigned most[] = { NM_OFFENCES_ALLOWED, 2, 20, NM_OFFENCES_ALLOWED };

	(void)state;
	for (size_t k = 0; k < COUNT(limits); k++) {
		unsigned n = 0;

		load(limits[k]);
		script[0] = ">";
		for (unsigned i = 0; i < 20; i++) {
			set_frame(STORED);
			n += strcmp(found(), "A@0") == 0;
		}
		assert_int_equal(n, most[k]);
		assert_int_equal(nm_guard_account()->each[0].count, most[k]);
		assert_int_equal(nm_guard_account()->each[0].off, most[k] != 20);
		nm_guard_allow(NM_OFFENCES_ALLOWED);
	}
}

static void instance_data_goes_from_one_to_the_next(void **state)
{
	(void)state;
	load("[A]\nFollowSet = B\n[B]\nFollowSet = C\n");
	script[0] = "R4";
	script[1] = "R4";
	script[2] = "C";
	assert_string_equal(found(), "A@0 B@4 C@8");
	assert_int_equal(seen_instance[0], 0);
	assert_int_equal(seen_instance[1], 100);
	assert_int_equal(seen_instance[2], 101);
	assert_int_equal(nm_protocol_id(seen_before[0]), NM_FRAME_PROTOCOL);
	assert_ptr_equal(seen_before[2], protocol('B'));
	assert_int_equal(seen_before_at[2], 4);
	assert_int_equal(seen_left[0], STORED);
	assert_int_equal(seen_left[2], 4);
	(void)nm_parse_attach(parse, NULL); /* asserts that it is given the same */
}

static void frames_without_bytes_or_with_too_many_are_frames(void **state)
{
	(void)state;
	load("[A]\nFollowSet = B\n");
	script[0] = "R1";
	script[1] = "C";
	set_frame(0);
	assert_string_equal(found(), "");
	set_frame(1);
	assert_string_equal(found(), "A@0");
	set_frame(70000);
	assert_string_equal(found(), "A@0 B@1");
}

/* ---- attaching ----------------------------------------------------------------------------------------- */

struct call {
	/* offsets may lie outside; NOWHERE is NULL */
	DWORD length;
	int64_t offset;
	DWORD ex_length;
	bool ex_null;
	DWORD help, level, flags;
	HPROPERTY property; /* 0: the known one */
	HFRAME frame;       /* NULL: the frame's */
	/* what comes of it */
	uint32_t err; /* 0: TRUE */
	WORD got, got_ex;
	unsigned got_level, got_help;
	DWORD got_flags;
};

#define NOWHERE INT64_MIN
#define E       IFLAG_ERROR
#define X       0xFFFF

static struct call calls[] = {
	/* plain */
	{ 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0 },
	{ 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0 },
	{ 12, 0, 0, 1, 0, 15, IFLAG_SWAPPED, 0, 0, 0, 12, 0, 15, 0, IFLAG_SWAPPED },
	{ 13, 0, 0, 1, 0, 16, 0, 0, 0, 0, 12, 0, 0, 0, E },
	{ 2, 11, 0, 1, 0, 17, IFLAG_UNICODE, 0, 0, 0, 1, 0, 1, 0, IFLAG_UNICODE | E },
	{ 0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0 },
	{ 1, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, E },
	{ 1, 13, 0, 1, 0, 1, 0, 0, 0, NMERR_OUT_OF_RANGE, 0, 0, 0, 0, 0 },
	{ 1, -1, 0, 1, 0, 1, 0, 0, 0, NMERR_OUT_OF_RANGE, 0, 0, 0, 0, 0 },
	{ 1, NOWHERE, 0, 1, 0, 1, 0, 0, 0, NMERR_OUT_OF_RANGE, 0, 0, 0, 0, 0 },
	{ UINT32_MAX, 4, 0, 1, 0x12345, 1, 0, 0, 0, 0, 8, 0, 1, 0x345, E },
	{ 1, 0, 0, 1, 4095, 1, 0xFFFFFFFF, 0, 0, 0, 1, 0, 1, 4095, 0xFFFFFFFF },
	{ 1, 0, 0, 1, 0, 1, 0, (HPROPERTY)&stranger, 0, NMERR_INVALID_HPROPERTY, 0, 0, 0, 0, 0 },
	{ 1, 0, 0, 1, 0, 1, 0, 1, 0, NMERR_INVALID_HPROPERTY, 0, 0, 0, 0, 0 },
	{ 1, 0, 0, 1, 0, 1, 0, 0, (HFRAME)(uintptr_t)0x1001, NMERR_NOT_LOCKED, 0, 0, 0, 0, 0 },
	/* with a value of its own */
	{ 1, 0, 4, 0, 7, 2, 0, 0, 0, 0, 1, 4, 2, 7, 0 },
	{ 2, 0, 1, 0, 0, 2, IFLAG_SWAPPED, 0, 0, 0, 2, 1, 2, 0, IFLAG_SWAPPED },
	{ 2, 0, 2, 0, 0, 2, 0, 0, 0, 0, 2, 2, 2, 0, 0 },
	{ 2, 0, 3, 0, 0, 2, 0, 0, 0, 0, 2, 3, 2, 0, 0 },
	{ 2, 0, 8, 0, 0, 2, 0, 0, 0, 0, 2, 8, 2, 0, 0 },
	{ 0, NOWHERE, 8, 0, 0, 2, 0, 0, 0, 0, 0, 8, 2, 0, 0 },
	{ 9, NOWHERE, 16, 0, 0, 2, 0, 0, 0, 0, 0, 16, 2, 0, 0 },
	{ 13, 0, 300, 0, 0, 2, 0, 0, 0, 0, 12, 300, 2, 0, E },
	{ 1, 0, 65534, 0, 0, 2, 0, 0, 0, 0, 1, 65534, 2, 0, 0 },
	{ 1, 0, 65535, 0, 0, 2, 0, 0, 0, NMERR_INVALID_PARAMETER, 0, 0, 0, 0, 0 },
	{ 1, 13, 4, 0, 0, 2, 0, 0, 0, NMERR_OUT_OF_RANGE, 0, 0, 0, 0, 0 },
	{ 1, -1, 4, 0, 0, 2, 0, 0, 0, NMERR_OUT_OF_RANGE, 0, 0, 0, 0, 0 },
	{ 1, 0, 4, 1, 0, 2, 0, 0, 0, 0, 1, 0, 2, 0, 0 }, /* no value: plain */
	{ 1, 0, 4, 0, 0, 2, 0, (HPROPERTY)&stranger, 0, NMERR_INVALID_HPROPERTY, 0, 0, 0, 0, 0 },
	{ 1, 0, 4, 0, 0, 2, 0, 0, (HFRAME)(uintptr_t)0x1001, NMERR_NOT_LOCKED, 0, 0, 0, 0, 0 },
};

static BYTE value[70000];
static uint32_t errors[COUNT(calls)];
static bool attached[COUNT(calls)];

static void make_calls(HFRAME frame, ULPBYTE p, DWORD left)
{
	(void)left;
	for (size_t i = 0; i < COUNT(calls); i++) {
		const struct call *c = &calls[i];
		HPROPERTY h = c->property ? c->property : property.hProperty;
		ULPVOID at =
		    c->offset == NOWHERE ? NULL : (ULPVOID)((uintptr_t)p + (uintptr_t)c->offset);

		nm_set_last_error(0);
		if (c->ex_length)
			attached[i] = nm_attach_ex(c->frame ? c->frame : frame, h, c->length, at,
			    c->ex_length, c->ex_null ? NULL : value, c->help, c->level, c->flags);
		else
			attached[i] = nm_attach(c->frame ? c->frame : frame, h, c->length, at,
			    c->help, c->level, c->flags);
		errors[i] = nm_last_error();
	}
}

static void check_call(const struct call *c, const PROPERTYINST *i)
{
	const uint8_t *at = c->offset == NOWHERE ? NULL : big + 16 + c->offset;

	assert_int_equal(i->Level, c->got_level);
	assert_int_equal(i->HelpID, c->got_help);
	assert_int_equal(i->IFlags, c->got_flags);
	assert_null(i->szPropertyText);
	if (c->ex_length && !c->ex_null) {
		assert_int_equal(i->DataLength, X);
		assert_int_equal(i->lpPropertyInstEx->Length, c->got);
		assert_int_equal(i->lpPropertyInstEx->LengthEx, c->got_ex);
		assert_ptr_equal(i->lpPropertyInstEx->lpData, at);
		assert_memory_equal(i->lpPropertyInstEx->Byte, value, c->got_ex);
	} else {
		assert_int_equal(i->DataLength, c->got);
		assert_ptr_equal(i->lpData, at);
	}
}

/* The same for every type and qualifier: attaching asks for none of them. */
static void attaching_checks_every_argument(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof value; i++)
		value[i] = (BYTE)(i * 7);
	for (unsigned type = 0; type <= PROP_TYPE_IP6_ADDRESS; type++)
		for (unsigned qualifier = 0; qualifier <= PROP_QUAL_ARRAY; qualifier++) {
			const PROPERTYTABLE *t;
			const PROPERTYINST *i;

			load("");
			property.DataType = (BYTE)type;
			property.DataQualifier = (BYTE)qualifier;
			script[0] = "C";
			hook = make_calls;
			t = nm_parse_attach(parse, NULL);
			i = &t->lpFirstPropertyInst[t->PropertyInstTable[1].nPropertyInstIndex];
			for (size_t k = 0; k < COUNT(calls); k++) {
				assert_int_equal(errors[k], calls[k].err);
				assert_int_equal(attached[k], calls[k].err == 0);
				if (attached[k])
					check_call(&calls[k], i++);
			}
			assert_ptr_equal(i, t->lpFirstPropertyInst + t->nTotalPropertyInsts);
		}
	property.DataType = PROP_TYPE_BYTE;
	property.DataQualifier = PROP_QUAL_NONE;
}

static void long_lengths_fit_their_field(void **state)
{
	(void)state;
	load("");
	set_frame(70000);
	script[0] = "C";
	calls[0].length = 70000; /* the others' offsets lie in this frame too */
	hook = make_calls;
	(void)nm_parse_attach(parse, NULL);
	assert_int_equal(nm_parse_find(parse, property.hProperty, NULL, true)->DataLength, 0xFFFE);
	calls[0].length = 1;
}

static void attach_one(HFRAME frame, ULPBYTE p, DWORD left)
{
	(void)left;
	(void)nm_attach(frame, property.hProperty, 1, p, 0, 1, 0);
	(void)nm_attach(frame, other.hProperty, 1, p + 1, 0, 1, 0);
	(void)nm_attach(frame, property.hProperty, 1, p + 2, 0, 1, 0);
}

static void nothing_is_attached_but_by_attach_properties(void **state)
{
	(void)state;
	load("");
	script[0] = "C";
	assert_false(nm_attach(FRAME, property.hProperty, 1, big + 16, 0, 1, 0));
	assert_int_equal(nm_last_error(), NMERR_NOT_LOCKED);
	assert_false(nm_attach_ex(FRAME, property.hProperty, 1, big + 16, 1, value, 0, 1, 0));
	assert_false(nm_attach(NULL, property.hProperty, 1, big + 16, 0, 1, 0));
	hook = attach_one;
	(void)nm_parse_attach(parse, NULL);
	assert_false(nm_attach(FRAME, property.hProperty, 1, big + 16, 0, 1, 0));
	assert_int_equal(nm_last_error(), NMERR_NOT_LOCKED);
}

static void attach_for_ever(HFRAME frame, ULPBYTE p, DWORD left)
{
	(void)left;
	for (unsigned i = 0; i < NM_INSTANCES_MAX + 10; i++)
		(void)nm_attach(frame, property.hProperty, 1, p, 0, 1, 0);
	assert_int_equal(nm_last_error(), NMERR_OUT_OF_MEMORY);
	assert_false(nm_attach_ex(frame, property.hProperty, 1, p, 2, value, 0, 1, 0));
}

static void attach_much(HFRAME frame, ULPBYTE p, DWORD left)
{
	unsigned n = 0;

	(void)left;
	while (nm_attach_ex(frame, property.hProperty, 1, p, 60000, value, 0, 1, 0))
		n++;
	assert_in_range(n, 60, 70); /* 4 MiB */
}

static void instances_and_their_values_have_a_limit(void **state)
{
	(void)state;
	load("[A]\nFollowSet = B\n");
	script[0] = "R4";
	script[1] = "C";
	hook = attach_for_ever;
	assert_int_equal(nm_parse_attach(parse, NULL)->nTotalPropertyInsts, NM_INSTANCES_MAX);
	assert_int_equal(nm_guard_account()->each[0].reason, NM_OFFENCE_MANY);
	assert_int_equal(nm_guard_account()->each[0].count, 1);
	load("");
	script[0] = "C";
	hook = attach_much;
	(void)nm_parse_attach(parse, NULL);
	assert_int_equal(nm_guard_account()->each[0].reason, NM_OFFENCE_MANY);
}

static void tables_of_instances_are_one_for_each_protocol(void **state)
{
	const PROPERTYTABLE *t;
	struct nm_protocol_set only = { { 0 } };

	(void)state;
	load("[A]\nFollowSet = B\n[B]\nFollowSet = C\n");
	script[0] = script[1] = "R4";
	script[2] = "C";
	hook = attach_one;
	t = nm_parse_attach(parse, NULL);
	assert_int_equal(t->nPropertyInstTables, 4);
	assert_int_equal(t->nTotalPropertyInsts, 5 + 9);
	for (unsigned i = 1; i < 4; i++) {
		assert_int_equal(t->PropertyInstTable[i].nPropertyInsts, 3);
		assert_int_equal(t->PropertyInstTable[i].nPropertyInstIndex, 5 + 3 * (i - 1));
	}
	/* Some only, and then all after all. */
	set_frame(STORED);
	nm_protocol_set_add(&only, nm_protocol_id(protocol('B')));
	t = nm_parse_attach(parse, &only);
	assert_int_equal(t->nTotalPropertyInsts, 3);
	assert_int_equal(t->PropertyInstTable[2].nPropertyInsts, 3);
	assert_int_equal(t->PropertyInstTable[3].nPropertyInsts, 0);
	assert_int_equal(nm_parse_attach(parse, NULL)->nTotalPropertyInsts, 14);
}

/* ---- finding and text ------------------------------------------------------------------------------- */

static void instances_are_found_forward_and_backward(void **state)
{
	PROPERTYINST *first, *second;

	(void)state;
	load("");
	script[0] = "C";
	hook = attach_one;
	assert_null(nm_parse_find(parse, property.hProperty, NULL, true)); /* not attached */
	(void)nm_parse_attach(parse, NULL);
	first = nm_parse_find(parse, property.hProperty, NULL, true);
	assert_int_equal(*first->lpByte, 0);
	second = nm_parse_find(parse, property.hProperty, first, true);
	assert_int_equal(*second->lpByte, 2);
	assert_null(nm_parse_find(parse, property.hProperty, second, true));
	assert_ptr_equal(nm_parse_find(parse, property.hProperty, NULL, false), second);
	assert_ptr_equal(nm_parse_find(parse, property.hProperty, second, false), first);
	assert_null(nm_parse_find(parse, property.hProperty, first, false));
	assert_null(nm_parse_find(parse, (HPROPERTY)&stranger, NULL, true));
	assert_null(nm_parse_find(parse, property.hProperty, first - 100, true));
	assert_null(nm_parse_find(parse, property.hProperty, first + 70000, false));
}

static void own_lines(LPPROPERTYINST i)
{
	memcpy(i->szPropertyText, "one\0two\0", 9);
}

static void own_pointer(LPPROPERTYINST i)
{
	static char elsewhere[64] = "elsewhere";

	i->szPropertyText = elsewhere;
}

static void fills_it(LPPROPERTYINST i)
{
	memset(i->szPropertyText, 'x', 42);
}

static void text_is_the_parsers_in_lines_and_cut(void **state)
{
	static const struct {
		void (*format)(LPPROPERTYINST i);
		DWORD size;
		const char *text;
	} rows[] = {
		{ NULL, 100, "Byte = 0 (0x0)" },
		{ NULL, 15, "Byte = 0 (0x0)" },
		{ NULL, 14, "Byte = 0 (0x0" },
		{ NULL, 5, "Byte" },
		{ NULL, 1, "" },
		{ own_lines, 100, "one\ntwo" },
		{ own_lines, 5, "one" },
		{ own_pointer, 100, "elsewhere" },
		{ fills_it, 100, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" },
	};
	PROPERTYINST *i, strange;
	char text[100];

	(void)state;
	load("");
	script[0] = "C";
	hook = attach_one;
	(void)nm_parse_attach(parse, NULL);
	i = nm_parse_find(parse, property.hProperty, NULL, true);
	for (size_t k = 0; k < COUNT(rows); k++) {
		memset(text, '#', sizeof text);
		format_hook = rows[k].format;
		assert_true(nm_parse_text(parse, i, text, rows[k].size));
		assert_string_equal(text, rows[k].text);
		assert_null(i->szPropertyText);
	}
	strange = *i;
	assert_false(nm_parse_text(parse, &strange, text, sizeof text));
	assert_false(nm_parse_text(parse, NULL, text, sizeof text));
	assert_false(nm_parse_text(parse, i + 100, text, sizeof text));
	assert_false(
	    nm_parse_text(parse, (PROPERTYINST *)(void *)((char *)i + 8), text, sizeof text));
	i->lpPropertyInfo = &stranger; /* somebody has written over it */
	assert_false(nm_parse_text(parse, i, text, sizeof text));
	i->lpPropertyInfo = &property;
	set_frame(STORED);
	assert_false(nm_parse_text(parse, i, text, sizeof text)); /* of another frame */
}

/* ---- the capture's heap ------------------------------------------------------------------------------- */

static void *kept;
static bool heap_ok[12];

static void use_heap(HFRAME frame, ULPBYTE p, DWORD left)
{
	char *q;

	(void)frame;
	(void)p;
	(void)left;
	if (me() == 1) { /* another protocol: its own pointer, the same heap */
		heap_ok[10] = nm_context_pointer() == NULL;
		heap_ok[11] = nm_context_size(kept) == 1000;
		return;
	}
	heap_ok[0] = nm_context_pointer() == kept;
	q = nm_context_alloc(10);
	heap_ok[1] = q && q[0] == 0 && q[9] == 0 && nm_context_size(q) == 10;
	memcpy(q, "0123456789", 10);
	q = nm_context_realloc(q, 1000);
	heap_ok[2] = q && memcmp(q, "0123456789\0\0", 12) == 0 && nm_context_size(q) == 1000;
	heap_ok[3] = nm_context_alloc(0) != NULL;
	heap_ok[4] = !nm_context_free(&kept) && nm_last_error();
	heap_ok[5] = nm_context_size(&kept) == 0 && nm_context_size(NULL) == 0;
	heap_ok[6] = !nm_context_free(NULL);
	heap_ok[7] = !nm_context_alloc(SIZE_MAX / 4) && nm_last_error() == NMERR_OUT_OF_MEMORY;
	heap_ok[8] = nm_context_size(q) == 1000;
	if (kept)
		heap_ok[9] = nm_context_free(kept) && !nm_context_free(kept);
	else
		heap_ok[9] = true;
	nm_context_set_pointer(q);
	kept = q;
}

static void the_captures_heap_is_open_inside_entry_points_only(void **state)
{
	(void)state;
	load("[A]\nFollowSet = B\n");
	script[0] = "R4";
	script[1] = "C";
	hook = use_heap;
	kept = NULL;
	assert_null(nm_context_alloc(1));
	assert_int_equal(nm_last_error(), NMERR_NOT_LOCKED);
	assert_null(nm_context_pointer());
	nm_context_set_pointer(&kept);
	for (unsigned round = 0; round < 3; round++) {
		memset(heap_ok, 0, sizeof heap_ok);
		set_frame(STORED);
		(void)nm_parse_attach(parse, NULL);
		for (size_t i = 0; i < COUNT(heap_ok); i++)
			if (!heap_ok[i])
				fail_msg("round %u, %zu", round, i);
	}
	assert_false(nm_context_free(kept));
	assert_int_equal(nm_context_size(kept), 0);
	assert_null(nm_context_realloc(kept, 5));
}

/* ---- tables of properties ----------------------------------------------------------------------- */

static PARSERROW given[8];
static DWORD n_given, first_row;
static const PARSERROWCALLS *row_calls;

static DWORD WINAPI give_rows(
    HPROTOCOL h, DWORD first, const PARSERROWCALLS *host, const PARSERROW **ret)
{
	if (h != protocol('A'))
		return 0;
	first_row = first;
	row_calls = host;
	for (DWORD i = 0; i < n_given; i++) /* as Register left them */
		if (given[i].hProperty == 0)
			given[i].hProperty = i % 2 ? other.hProperty : property.hProperty;
	*ret = given;
	return n_given;
}

PPARSERROWSPROC __wrap_nm_object_rows(unsigned object);
PPARSERROWSPROC __wrap_nm_object_rows(unsigned object)
{
	(void)object;
	return n_given ? give_rows : NULL;
}

static void load_rows(const PARSERROW *rows, DWORD n)
{
	memcpy(given, rows, n * sizeof *rows);
	n_given = n;
	load("");
	script[0] = "C";
}

static const PARSERROW good_rows[] = {
	{ .Offset = 0, .Length = 1, .Level = 1 },
	{ .Offset = 1, .Length = 2, .Level = 3, .IFlags = IFLAG_SWAPPED },
	{ .Offset = 4, .Length = 2, .Level = 2, .Mask = 0x0FF0, .Factor = 4 },
	{ .Offset = 6, .Length = 1, .Mask = 0x0C },
	{ .Offset = 2, .Length = 4, .Mask = 0xFFFFFFFC },
	{ .Offset = 3, .Level = 31, .IFlags = IFLAG_ERROR }, /* to the end */
	{ .Offset = 8, .Length = 3, .Level = 15 },
};

static DWORD rows_left;
static bool by_rows, rows_taken;

static DWORD bits_of(const PARSERROW *r, const uint8_t *p)
{
	DWORD v = 0;

	for (unsigned i = 0; i < r->Length; i++)
		v = v << 8 | p[i];
	return ((v & r->Mask) >> __builtin_ctz(r->Mask)) * (r->Factor ? r->Factor : 1);
}

static void attach_given(HFRAME frame, ULPBYTE p, DWORD left)
{
	(void)left;
	if (by_rows) {
		rows_taken = row_calls->AttachRows(frame, first_row, n_given, p, rows_left);
		return;
	}
	for (DWORD i = 0; i < n_given; i++) {
		const PARSERROW *r = &given[i];
		DWORD v = r->Mask ? bits_of(r, p + r->Offset) : 0;
		DWORD n = r->Length ? r->Length : rows_left - r->Offset;

		if (r->Mask)
			assert_true(nm_attach_ex(
			    frame, r->hProperty, n, p + r->Offset, n, &v, 0, r->Level, r->IFlags));
		else
			assert_true(nm_attach(
			    frame, r->hProperty, n, p + r->Offset, 0, r->Level, r->IFlags));
	}
}

static const PROPERTYINST *attached_by(bool rows, DWORD *ret_n)
{
	const PROPERTYTABLE *t;

	by_rows = rows;
	rows_taken = false;
	hook = attach_given;
	set_frame(STORED);
	t = nm_parse_attach(parse, NULL);
	*ret_n = t->PropertyInstTable[1].nPropertyInsts;
	return &t->lpFirstPropertyInst[t->PropertyInstTable[1].nPropertyInstIndex];
}

static void rows_give_what_single_calls_give(void **state)
{
	PROPERTYINST one[COUNT(good_rows)];
	PROPERTYINSTEX values[COUNT(good_rows)];
	const PROPERTYINST *i;
	DWORD n;

	(void)state;
	load_rows(good_rows, COUNT(good_rows));
	rows_left = STORED;
	i = attached_by(false, &n);
	assert_int_equal(n, COUNT(good_rows));
	memcpy(one, i, sizeof one);
	for (DWORD k = 0; k < n; k++)
		if (one[k].DataLength == X)
			values[k] = *one[k].lpPropertyInstEx;
	i = attached_by(true, &n);
	assert_true(rows_taken);
	assert_int_equal(n, COUNT(good_rows));
	assert_memory_equal(one, i, sizeof one);
	for (DWORD k = 0; k < n; k++)
		if (one[k].DataLength == X)
			assert_memory_equal(&values[k], i[k].lpPropertyInstEx,
			    offsetof(PROPERTYINSTEX, Byte) + values[k].LengthEx);
}

static void rows_that_do_not_all_lie_there_attach_nothing(void **state)
{
	DWORD n;

	(void)state;
	load_rows(good_rows, COUNT(good_rows));
	for (rows_left = 0; rows_left <= STORED + 1; rows_left++) {
		(void)attached_by(true, &n);
		assert_int_equal(rows_taken, rows_left >= 11 && rows_left <= STORED);
		assert_int_equal(n, rows_taken ? COUNT(good_rows) : 0);
	}
}

static void rows_of_which_one_is_none_are_not_taken(void **state)
{
	static const PARSERROW bad_rows[] = {
		{ .hProperty = 77, .Length = 1 },
		{ .hProperty = (HPROPERTY)&stranger, .Length = 1 },
		{ .Length = 3, .Mask = 1 },
		{ .Length = 0, .Mask = 1 },
		{ .Length = 0xFFFF },
	};
	DWORD n;

	(void)state;
	rows_left = STORED;
	for (size_t i = 0; i < COUNT(bad_rows); i++) {
		PARSERROW rows[2] = { good_rows[0], bad_rows[i] };

		load_rows(rows, 2);
		(void)attached_by(true, &n);
		assert_false(rows_taken);
		assert_int_equal(n, 0);
		load_rows(rows, 1);
		(void)attached_by(true, &n);
		assert_true(rows_taken);
		assert_int_equal(n, 1);
	}
}

/* What AttachRows refuses, by what is added to good arguments. */
static const struct {
	DWORD row, n, left;
	ptrdiff_t at;
	HFRAME frame;
	bool taken;
} row_arguments[] = {
	{ .taken = true },
	{ .row = 1, .n = -1u, .taken = true },
	{ .row = 1 },
	{ .row = -1u },
	{ .row = -2u },
	{ .row = 1000 },
	{ .n = 1 },
	{ .n = UINT32_MAX - 8 },
	{ .at = -1 },
	{ .at = 1 },
	{ .at = 70000 },
	{ .left = 1 },
	{ .frame = (HFRAME)(uintptr_t)0x2000 },
};
static bool row_taken[COUNT(row_arguments)];
static DWORD n_before[COUNT(row_arguments) + 1];

static void try_arguments(HFRAME frame, ULPBYTE p, DWORD left)
{
	for (size_t i = 0; i < COUNT(row_arguments); i++) {
		HFRAME h = row_arguments[i].frame ? row_arguments[i].frame : frame;

		n_before[i] = parse->n_instances;
		row_taken[i] = row_calls->AttachRows(h, first_row + row_arguments[i].row,
		    n_given + row_arguments[i].n, p + row_arguments[i].at,
		    left + row_arguments[i].left);
	}
	n_before[COUNT(row_arguments)] = parse->n_instances;
}

static void rows_are_refused_with_wrong_arguments(void **state)
{
	(void)state;
	load_rows(good_rows, COUNT(good_rows));
	hook = try_arguments;
	(void)nm_parse_attach(parse, NULL);
	for (size_t i = 0; i < COUNT(row_arguments); i++) {
		DWORD n = row_arguments[i].taken ? n_given + row_arguments[i].n : 0;

		if (row_taken[i] != row_arguments[i].taken || n_before[i + 1] - n_before[i] != n)
			fail_msg("arguments %zu", i);
	}
	assert_false(row_calls->AttachRows(FRAME, first_row, 1, big + 16, STORED));
	assert_false(row_calls->AttachRow(FRAME, first_row, big + 16, 1, 0));
	assert_int_equal(nm_last_error(), NMERR_NOT_LOCKED);
}

/* One row does what AttachPropertyInstance does, and fails as it fails. */
static void try_one(HFRAME frame, ULPBYTE p, DWORD left)
{
	for (DWORD at = 0; at <= left + 1; at++)
		for (DWORD n = 0; n <= left + 1; n++) {
			const PROPERTYINST *i = &parse->instances[parse->n_instances];
			bool one, row;

			nm_set_last_error(0);
			one = nm_attach(frame, given[1].hProperty, n, p + at, 0, 3,
			    IFLAG_SWAPPED | (n & IFLAG_ERROR));
			row =
			    row_calls->AttachRow(frame, first_row + 1, p + at, n, n & IFLAG_ERROR);
			assert_int_equal(one, at <= left);
			assert_int_equal(row, one);
			assert_int_equal(nm_last_error(), one ? 0 : NMERR_OUT_OF_RANGE);
			if (one)
				assert_memory_equal(&i[0], &i[1], sizeof *i);
		}
	assert_false(row_calls->AttachRow(frame, first_row + n_given, p, 1, 0));
	assert_int_equal(nm_last_error(), NMERR_INVALID_PARAMETER);
	assert_false(row_calls->AttachRow(frame, first_row - 1, p, 1, 0));
}

static void fill_up(HFRAME frame, ULPBYTE p, DWORD left)
{
	(void)left;
	while (parse->n_instances < NM_INSTANCES_MAX)
		assert_true(row_calls->AttachRow(frame, first_row, p, 1, 0));
	assert_false(row_calls->AttachRows(frame, first_row, 1, p, 1));
	assert_false(row_calls->AttachRow(frame, first_row, p, 1, 0));
	assert_int_equal(nm_last_error(), NMERR_OUT_OF_MEMORY);
}

static void one_row_is_attached_as_by_a_single_call(void **state)
{
	(void)state;
	load_rows(good_rows, COUNT(good_rows));
	hook = try_one;
	assert_true(nm_parse_attach(parse, NULL)->nTotalPropertyInsts > 100);
	hook = fill_up;
	set_frame(STORED);
	assert_int_equal(nm_parse_attach(parse, NULL)->nTotalPropertyInsts, NM_INSTANCES_MAX);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_teardown(fn, unload)
	const struct CMUnitTest tests[] = {
		TEST(every_answer_has_its_consequence),
		TEST(a_circle_ends),
		TEST(a_frame_of_many_headers_is_nobodys_fault),
		TEST(after_so_many_offences_it_is_tried_no_more),
		TEST(instance_data_goes_from_one_to_the_next),
		TEST(frames_without_bytes_or_with_too_many_are_frames),
		TEST(attaching_checks_every_argument),
		TEST(long_lengths_fit_their_field),
		TEST(nothing_is_attached_but_by_attach_properties),
		TEST(instances_and_their_values_have_a_limit),
		TEST(tables_of_instances_are_one_for_each_protocol),
		TEST(instances_are_found_forward_and_backward),
		TEST(text_is_the_parsers_in_lines_and_cut),
		TEST(the_captures_heap_is_open_inside_entry_points_only),
		TEST(rows_give_what_single_calls_give),
		TEST(rows_that_do_not_all_lie_there_attach_nothing),
		TEST(rows_of_which_one_is_none_are_not_taken),
		TEST(rows_are_refused_with_wrong_arguments),
		TEST(one_row_is_attached_as_by_a_single_call),
	};

	return cmocka_run_group_tests_name("frames through parsers", tests, NULL, NULL);
}
