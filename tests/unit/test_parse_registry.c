/* SPDX-License-Identifier: MIT */
/* Protocols, properties, settings, hand-off tables and follow sets, by tables; and all of
 * it with every allocation refused in turn. */
#include "base/nmerr.h"
#include "check.h"
#include "parse/parse.h"
#include "parse/parse_int.h"
#include "idle_parser.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- memory that is refused ------------------------------------------------------------ */

void *__real_nm_store_alloc(size_t n);
void *__wrap_nm_store_alloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_realloc(void *p, size_t n);
char *__real_strdup(const char *s);
char *__wrap_strdup(const char *s);

static unsigned calls, refused; /* the refused-th call fails; 0: none does */

static bool may(void)
{
	return ++calls != refused;
}

void *__wrap_nm_store_alloc(size_t n)
{
	return may() ? __real_nm_store_alloc(n) : NULL;
}

void *__wrap_calloc(size_t n, size_t size)
{
	return may() ? __real_calloc(n, size) : NULL;
}

void *__wrap_realloc(void *p, size_t n)
{
	return may() ? __real_realloc(p, n) : NULL;
}

char *__wrap_strdup(const char *s)
{
	return may() ? __real_strdup(s) : NULL;
}

/* ---- a parser ------------------------------------------------------------------------------ */

static const ENTRYPOINTS plain = { NULL, NULL, idle_recognize, idle_attach, NULL };
static const ENTRYPOINTS no_recognize = { NULL, NULL, NULL, idle_attach, NULL };
static const ENTRYPOINTS no_attach = { NULL, NULL, idle_recognize, NULL, NULL };

static PROPERTYINFO infos[] = {
	{ .Label = (char[]){ "Length" }, .DataType = PROP_TYPE_WORD },
	{ .Label = (char[]){ "length" }, .DataType = PROP_TYPE_BYTE },
	{ .Label = (char[]){ "Flags" }, .DataType = PROP_TYPE_BYTE },
	{ .Label = NULL, .DataType = PROP_TYPE_BYTE },
};

static int clean(void **state)
{
	(void)state;
	refused = 0;
	nm_parsers_unload();
	nm_set_last_error(0);
	return 0;
}

/* ---- protocols ------------------------------------------------------------------------------- */

static void a_protocol_needs_a_name_and_two_entry_points(void **state)
{
	static const struct {
		const char *name;
		const ENTRYPOINTS *ep;
		uint32_t err; /* 0: it is created */
	} rows[] = {
		{ "A", &plain, 0 },
		{ "FIFTEEN_LETTERS", &plain, 0 },
		{ "SIXTEEN__LETTERS", &plain, NMERR_INVALID_PARAMETER },
		{ "", &plain, NMERR_INVALID_PARAMETER },
		{ NULL, &plain, NMERR_INVALID_PARAMETER },
		{ "B", NULL, NMERR_INVALID_PARAMETER },
		{ "B", &no_recognize, NMERR_INVALID_PARSER_DLL },
		{ "B", &no_attach, NMERR_INVALID_PARSER_DLL },
		{ "A", &plain, NMERR_PROTOCOL_ALREADY_ENABLED },
		{ "a", &plain, NMERR_PROTOCOL_ALREADY_ENABLED },
		{ "FRAME", &plain, NMERR_PROTOCOL_ALREADY_ENABLED },
		{ "B", &plain, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		HPROTOCOL h;

		nm_set_last_error(0);
		h = nm_protocol_create(rows[i].name, rows[i].ep);
		assert_int_equal(nm_last_error(), rows[i].err);
		assert_int_equal(h == NULL, rows[i].err != 0);
		if (!h)
			continue;
		assert_ptr_equal(nm_protocol_by_name(rows[i].name), h);
		assert_ptr_equal(nm_protocol_from_id(nm_protocol_id(h)), h);
		assert_string_equal((char *)nm_protocol_info(h)->ProtocolName, rows[i].name);
		assert_int_equal(nm_protocol_info(h)->ProtocolID, nm_protocol_id(h));
	}
	assert_int_equal(nm_protocol_id(nm_protocol_by_name("frame")), NM_FRAME_PROTOCOL);
}

static void there_are_so_many_protocols_and_no_more(void **state)
{
	char name[16];
	uint32_t n = 1; /* FRAME */

	(void)state;
	for (;; n++) {
		(void)snprintf(name, sizeof name, "P%u", n);
		if (!nm_protocol_create(name, &plain))
			break;
	}
	assert_int_equal(n, NM_PROTOCOLS_MAX);
	assert_int_equal(nm_last_error(), NMERR_TOO_MANY_PROTOCOLS);
	nm_parsers_seal();
	assert_int_equal(nm_protocols_enabled()->nProtocols, NM_PROTOCOLS_MAX);
}

static void what_is_no_protocol_is_told(void **state)
{
	HPROTOCOL h = nm_protocol_create("A", &plain);
	HPROTOCOL made_up[] = { NULL, (HPROTOCOL)(uintptr_t)1, (HPROTOCOL)(void *)infos,
		(HPROTOCOL)(uintptr_t)0x4e50000000000000, (HPROTOCOL)(uintptr_t)0x4e50000000000fff,
		(HPROTOCOL)(uintptr_t)0x4e500000ffffffff, (HPROTOCOL)(uintptr_t)UINT64_MAX };

	(void)state;
	for (size_t i = 0; i < COUNT(made_up); i++) {
		assert_null(nm_protocol_info(made_up[i]));
		assert_int_equal(nm_last_error(), NMERR_INVALID_HPROTOCOL);
		assert_int_equal(nm_protocol_id(made_up[i]), 0);
		assert_int_equal(nm_database_create(made_up[i], 1), NMERR_INVALID_HPROTOCOL);
		assert_int_equal(nm_database_destroy(made_up[i]), NMERR_INVALID_HPROTOCOL);
		assert_int_equal(nm_property_add(made_up[i], &infos[0]), 0);
		assert_int_equal(nm_property_by_label(made_up[i], "x"), 0);
		nm_protocol_destroy(made_up[i]);
	}
	assert_null(nm_protocol_by_name("NOBODY"));
	assert_int_equal(nm_last_error(), NMERR_PROTOCOL_NOT_FOUND);
	assert_null(nm_protocol_by_name(NULL));
	assert_null(nm_protocol_from_id(0));
	assert_null(nm_protocol_from_id(99));
	assert_non_null(nm_protocol_info(h));
}

static void a_destroyed_protocol_is_gone_and_its_name_free(void **state)
{
	HPROTOCOL h = nm_protocol_create("A", &plain), again;

	(void)state;
	assert_int_equal(nm_database_create(h, 1), 0);
	assert_int_equal(nm_property_add(h, &infos[0]), (HPROPERTY)&infos[0]);
	nm_protocol_destroy(h);
	assert_int_equal(nm_protocol_id(h), 0);
	assert_null(nm_protocol_by_name("A"));
	assert_null(nm_property_info((HPROPERTY)&infos[0]));
	nm_protocol_destroy(h);
	again = nm_protocol_create("A", &plain);
	assert_true(again && again != h);
	/* After sealing nothing goes and nothing comes. */
	nm_parsers_seal();
	nm_protocol_destroy(again);
	assert_ptr_equal(nm_protocol_by_name("A"), again);
	assert_null(nm_protocol_create("LATE", &plain));
	assert_int_equal(nm_last_error(), NMERR_TOO_MANY_PROTOCOLS);
}

/* ---- properties -------------------------------------------------------------------------------- */

static void a_property_needs_a_database_and_a_label(void **state)
{
	HPROTOCOL a = nm_protocol_create("A", &plain), b = nm_protocol_create("B", &plain);

	(void)state;
	assert_int_equal(nm_property_add(a, &infos[0]), 0);
	assert_int_equal(nm_last_error(), NMERR_NO_PROPERTY_DATABASE);
	assert_int_equal(nm_database_destroy(a), NMERR_NO_PROPERTY_DATABASE);
	assert_int_equal(nm_database_create(a, 0), 0);
	assert_int_equal(nm_database_create(a, 1), 0); /* an empty one is replaced */
	assert_int_equal(nm_database_create(a, UINT32_MAX), NMERR_OUT_OF_MEMORY);
	assert_int_equal(nm_property_add(a, NULL), 0);
	assert_int_equal(nm_last_error(), NMERR_INVALID_HPROPERTY);
	assert_int_equal(nm_property_add(a, &infos[3]), 0);
	for (size_t i = 0; i < 3; i++) {
		assert_int_equal(nm_property_add(a, &infos[i]), (HPROPERTY)&infos[i]);
		assert_int_equal(infos[i].hProperty, (HPROPERTY)&infos[i]);
	}
	assert_int_equal(nm_property_add(a, &infos[0]), 0); /* twice */
	assert_int_equal(nm_last_error(), NMERR_INVALID_HPROPERTY);
	assert_int_equal(nm_database_create(b, 1), 0);
	assert_int_equal(nm_property_add(b, &infos[0]), 0); /* somebody else's */
	assert_int_equal(nm_database_create(a, 9), NMERR_INTERNAL_EXCEPTION);
	assert_int_equal(nm_protocol_info(a)->PropertyDatabase->nProperties, 3);
	assert_ptr_equal(nm_protocol_info(a)->PropertyDatabase->PropertyInfo[2], &infos[2]);
	assert_ptr_equal(nm_property_protocol((HPROPERTY)&infos[1]), a);
	nm_parsers_seal();
	assert_int_equal(nm_database_create(b, 1), NMERR_ACCESS_DENIED);
	assert_int_equal(nm_database_destroy(a), NMERR_ACCESS_DENIED);
	assert_int_equal(nm_property_add(b, &infos[3]), 0);
}

static void a_label_is_found_as_it_is_and_then_in_any_case(void **state)
{
	HPROTOCOL a = nm_protocol_create("A", &plain);

	(void)state;
	assert_int_equal(nm_property_by_label(a, "Length"), 0); /* no database */
	assert_int_equal(nm_database_create(a, 3), 0);
	for (size_t i = 0; i < 3; i++)
		(void)nm_property_add(a, &infos[i]);
	assert_int_equal(nm_property_by_label(a, "Length"), (HPROPERTY)&infos[0]);
	assert_int_equal(nm_property_by_label(a, "length"), (HPROPERTY)&infos[1]);
	assert_int_equal(nm_property_by_label(a, "LENGTH"), (HPROPERTY)&infos[0]);
	assert_int_equal(nm_property_by_label(a, "flags"), (HPROPERTY)&infos[2]);
	assert_int_equal(nm_property_by_label(a, "Flag"), 0);
	assert_int_equal(nm_last_error(), NMERR_PROPERTY_NOT_FOUND);
	assert_int_equal(nm_property_by_label(a, NULL), 0);
	assert_int_equal(nm_last_error(), NMERR_INVALID_PARAMETER);
}

/* Handles are told from numbers whatever else is known, in any order of going. */
static void handles_are_exact(void **state)
{
	enum { MANY = 20000 };
	PROPERTYINFO *all = calloc(MANY, sizeof *all);
	HPROTOCOL h[3] = { nm_protocol_create("A", &plain), nm_protocol_create("B", &plain),
		nm_protocol_create("C", &plain) };
	char label[] = "x";

	(void)state;
	for (unsigned k = 0; k < 3; k++)
		assert_int_equal(nm_database_create(h[k], 4), 0);
	for (unsigned i = 0; i < MANY; i++) {
		all[i].Label = label;
		assert_false(nm_property_is((HPROPERTY)&all[i]));
		assert_int_equal(nm_property_add(h[i % 3], &all[i]), (HPROPERTY)&all[i]);
	}
	assert_int_equal(nm_database_destroy(h[1]), 0);
	for (unsigned i = 0; i < MANY; i++) {
		HPROPERTY p = (HPROPERTY)&all[i];

		assert_int_equal(nm_property_is(p), i % 3 != 1);
		assert_true(!nm_property_is_quickly(p) || i % 3 != 1);
		assert_ptr_equal(nm_property_protocol(p), i % 3 != 1 ? h[i % 3] : NULL);
		assert_false(nm_property_is(p + 1));
		assert_false(nm_property_is_quickly(p + 8));
	}
	for (HPROPERTY p = 0; p < 70000; p++)
		assert_false(nm_property_is(p) || nm_property_is_quickly(p));
	assert_false(
	    nm_property_is((HPROPERTY)UINT64_MAX) || nm_property_is_quickly((HPROPERTY)UINT64_MAX));
	nm_parsers_unload();
	free(all);
}

/* ---- settings ------------------------------------------------------------------------------------ */

static void settings_are_read_as_people_write_them(void **state)
{
	static const struct {
		const char *text, *section, *key, *value; /* NULL: not there */
	} rows[] = {
		{ "[TCP]\nFollowSet = A, B\n", "TCP", "FollowSet", "A, B" },
		{ "[tcp]\n  followset=A\n", "TCP", "FollowSet", "A" },
		{ "[TCP]\r\nFollowSet = A\r\n", "TCP", "FollowSet", "A" },
		{ "[TCP]\nComment = \"in quotes\"\n", "TCP", "Comment", "in quotes" },
		{ "[TCP]\nComment = \"half\n", "TCP", "Comment", "\"half" },
		{ "[TCP]\nComment =\n", "TCP", "Comment", "" },
		{ "; [UDP]\n[TCP]\n;Comment = x\n", "TCP", "Comment", NULL },
		{ "[TCP]\nComment = one\nComment = two\n", "TCP", "Comment", "two" },
		{ "[TCP]\nbroken\nComment = x\n", "TCP", "Comment", "x" },
		{ "[TCP\nComment = x\n", "TCP", "Comment", NULL },
		{ "Comment = x\n", "TCP", "Comment", NULL },
		{ "[UDP]\nComment = x\n", "TCP", "Comment", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *got;

		nm_parsers_unload();
		assert_true(nm_parsers_settings(NULL, rows[i].text, NULL, NULL));
		got = nm_setting_get("", rows[i].section, rows[i].key);
		if (rows[i].value)
			assert_string_equal(got, rows[i].value);
		else
			assert_null(got);
	}
}

static unsigned said_line, said;

static void hear(void *ctx, unsigned line, const char *why)
{
	assert_ptr_equal(ctx, &said);
	assert_true(*why);
	said_line = line;
	said++;
}

static void a_line_that_says_nothing_is_told_once(void **state)
{
	static const struct {
		const char *text;
		unsigned line; /* 0: none is told */
	} rows[] = {
		{ "", 0 },
		{ "\n\n  \n", 0 },
		{ "[A]\nkey = value\n", 0 },
		{ "[A]\nkey: value", 0 },
		{ "[A]\nkey =\n", 0 },
		{ "; comment\n# another\n[A]\n", 0 },
		{ "[A]\nno value\n", 2 },
		{ "key = value\n", 1 },
		{ "[A]\n = value\n", 2 },
		{ "\n[A\nx\n", 0 }, /* two: below */
		{ "[]\n", 1 },
		{ "[TCP_HandoffSet]\n80 = HTTP\n0x1F = X\n1f = Y\n", 0 },
		{ "[TCP_HandoffSet]\neighty = HTTP\n", 2 },
		{ "[TCP_HandoffSet]\n0x = HTTP\n", 2 },
		{ "[TCP_HandoffSet]\n12345678901 = HTTP\n", 2 },
		{ "[TCP]\neighty = HTTP\n", 0 },
		{ "\xef\xbb\xbf[A]\nkey = value\n", 0 },
		{ "\xef\xbb\xbf[A]\nno value\n", 2 },
	};
	char longest[300];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		said = said_line = 0;
		assert_true(nm_parsers_settings("X.INI", rows[i].text, hear, &said));
		if (strcmp(rows[i].text, "\n[A\nx\n") == 0)
			assert_int_equal(said, 2);
		else
			assert_int_equal(said, rows[i].line != 0);
		assert_true(!rows[i].line || said_line == rows[i].line);
	}
	memset(longest, 'v', sizeof longest);
	memcpy(longest, "[A]\nk = ", 8);
	longest[4 + 199] = '\0';
	said = 0;
	assert_true(nm_parsers_settings(NULL, longest, hear, &said));
	assert_int_equal(said, 0);
	longest[4 + 199] = 'v';
	longest[4 + 200] = '\0';
	assert_true(nm_parsers_settings(NULL, longest, hear, &said));
	assert_int_equal(said, 1);
}

static void a_persons_word_stands_against_a_parsers(void **state)
{
	(void)state;
	assert_true(nm_setting_put("F", "S", "1", "PARSER", false));
	assert_true(nm_setting_put("F", "S", "1", "SECOND", false)); /* the first stays */
	assert_string_equal(nm_setting_get("f", "s", "1"), "PARSER");
	assert_true(nm_setting_put("F", "S", "1", "PERSON", true));
	assert_true(nm_setting_put("F", "S", "1", "THIRD", false));
	assert_string_equal(nm_setting_get("F", "S", "1"), "PERSON");
	assert_true(nm_setting_append("P", "FollowSet", "A"));
	assert_true(nm_setting_append("P", "FollowSet", "B"));
	assert_true(nm_setting_append("P", "FollowSet", "a"));
	assert_string_equal(nm_setting_get("", "P", "FollowSet"), "A, B");
	assert_true(nm_setting_put("", "P", "FollowSet", "C", true));
	assert_true(nm_setting_append("P", "FollowSet", "D"));
	assert_string_equal(nm_setting_get("", "P", "FollowSet"), "C");
	assert_null(nm_setting_get("G", "S", "1"));
}

static void section_parsers_says_whose_a_protocol_is(void **state)
{
	static const struct {
		const char *file, *protocol;
		bool allowed;
	} rows[] = {
		{ "tcpip.so", "TCP", true },
		{ "TCPIP.DLL", "udp", true },
		{ "other.so", "TCP", false },
		{ "other.so", "UDP", false },
		{ "other.so", "NEW", true },
		{ "tcpip2.so", "TCP", false },
		{ "my.parser.so", "MINE", true },
		{ "my.so", "MINE", false },
		{ "tcpip.so", "TC", true },
	};

	(void)state;
	assert_true(nm_parsers_settings(
	    NULL, "[PARSERS]\nTCPIP.DLL = 0: IP, TCP,UDP\nmy.parser.so = MINE\n", NULL, NULL));
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(
		    nm_setting_allows(rows[i].file, rows[i].protocol), rows[i].allowed);
}

/* ---- what parsers say of themselves ------------------------------------------------------------- */

static PF_HANDOFFSET *handoff(const char *protocol, DWORD value, DWORD base)
{
	PF_HANDOFFSET *s = calloc(1, sizeof *s + sizeof *s->Entry);

	s->nEntries = 1;
	(void)strcpy(s->Entry[0].szIniFile, "C:\\parsers\\X.INI");
	(void)strcpy(s->Entry[0].szIniSection, "SET");
	(void)strcpy(s->Entry[0].szProtocol, protocol);
	s->Entry[0].dwHandOffValue = value;
	s->Entry[0].ValueFormatBase = base;
	return s;
}

static PF_FOLLOWSET *follow(const char *protocol)
{
	PF_FOLLOWSET *s = calloc(1, sizeof *s + sizeof *s->Entry);

	s->nEntries = 1;
	(void)strcpy(s->Entry[0].szProtocol, protocol);
	return s;
}

static void four_sets_become_settings(void **state)
{
	PF_PARSERDLLINFO *info = calloc(1, sizeof *info + sizeof *info->ParserInfo);
	PF_PARSERINFO *p = info->ParserInfo;

	(void)state;
	info->nParsers = 1;
	(void)strcpy(p->szProtocolName, "ME");
	(void)strcpy(p->szComment, "what I am");
	p->pWhoCanPrecedeMe = follow("BELOW");
	p->pWhoCanFollowMe = follow("ABOVE");
	p->pWhoHandsOffToMe = handoff("", 255, 16);
	p->pWhoDoIHandOffTo = handoff("OTHER", 255, 10);
	assert_true(nm_install(info));
	assert_string_equal(nm_setting_get("", "ME", "Comment"), "what I am");
	assert_string_equal(nm_setting_get("", "BELOW", "FollowSet"), "ME");
	assert_string_equal(nm_setting_get("", "ME", "FollowSet"), "ABOVE");
	assert_string_equal(nm_setting_get("X", "SET", "FF"), "ME");
	assert_string_equal(nm_setting_get("X", "SET", "255"), "OTHER");
	/* Texts without an end are left out, or refused where they name the protocol. */
	memset(p->pWhoCanPrecedeMe->Entry[0].szProtocol, 'x', NAME_BYTES);
	memset(p->pWhoDoIHandOffTo->Entry[0].szIniFile, 'x', MAX_PATH);
	assert_true(nm_install(info));
	memset(p->szProtocolName, 'x', sizeof p->szProtocolName);
	assert_false(nm_install(info));
	info->nParsers = NM_PROTOCOLS_MAX + 1;
	assert_false(nm_install(info));
	free(p->pWhoCanPrecedeMe);
	free(p->pWhoCanFollowMe);
	free(p->pWhoHandsOffToMe);
	free(p->pWhoDoIHandOffTo);
	free(info);
}

/* ---- hand-off tables --------------------------------------------------------------------------- */

static void hand_off_tables_hold_what_there_is(void **state)
{
	static const struct {
		const char *text; /* of section SET */
		uint32_t base, most, n, item;
		const char *protocol; /* whose the item is; NULL: nobody's */
		DWORD_PTR inst;
	} rows[] = {
		{ "80 = A\n", 10, 10, 1, 80, "A", 0 },
		{ "80 = a\n", 10, 10, 1, 80, "A", 0 },
		{ "80 = A\n", 16, 10, 1, 0x80, "A", 0 },
		{ "0x80 = A\n", 16, 10, 1, 0x80, "A", 0 },
		{ "80 = A, 7\n", 10, 10, 1, 80, "A", 7 },
		{ "80 = A 10\n", 16, 10, 1, 0x80, "A", 16 },
		{ "80 = A\n", 10, 10, 1, 81, NULL, 0 },
		{ "80 = NOBODY\n", 10, 10, 0, 80, NULL, 0 },
		{ "80 = NOBODY\n443 = B\n", 10, 10, 1, 443, "B", 0 },
		{ "80 = A\n080 = B\n", 10, 10, 1, 80, "A", 0 }, /* the first */
		{ "3 = A\n1 = B\n2 = A\n", 10, 10, 3, 1, "B", 0 },
		{ "3 = A\n1 = B\n2 = A\n", 10, 2, 2, 2, NULL, 0 },
		{ "3 = A\n", 10, 0, 0, 3, NULL, 0 },
		{ "FF = A\n", 10, 10, 0, 15, NULL, 0 },
		{ "4294967295 = A\n", 10, 10, 1, UINT32_MAX, "A", 0 },
		{ "4294967296 = A\n", 10, 10, 0, 0, NULL, 0 },
		{ "-1 = A\n", 10, 10, 0, UINT32_MAX, NULL, 0 },
		{ "80 =\n", 10, 10, 0, 80, NULL, 0 },
	};
	char text[200];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		HANDOFFTABLE *t = (HANDOFFTABLE *)(uintptr_t)1;
		DWORD_PTR inst = 99;
		HPROTOCOL h;

		nm_parsers_unload();
		(void)snprintf(text, sizeof text, "[SET]\n%s", rows[i].text);
		assert_true(nm_parsers_settings("X.INI", text, NULL, NULL));
		(void)nm_protocol_create("A", &plain);
		(void)nm_protocol_create("B", &plain);
		assert_int_equal(
		    nm_handoff_create("set", "/somewhere/x.ini", rows[i].most, rows[i].base, &t),
		    rows[i].n);
		assert_int_equal(t != NULL, rows[i].n != 0);
		h = nm_handoff_find(t, rows[i].item, &inst);
		assert_ptr_equal(
		    h, rows[i].protocol ? nm_protocol_by_name(rows[i].protocol) : NULL);
		assert_int_equal(inst, rows[i].protocol ? rows[i].inst : 99);
		assert_ptr_equal(nm_handoff_find(t, rows[i].item, NULL), h);
		for (uint32_t k = 1; k < rows[i].n; k++)
			assert_true(t->hot_Entries[k - 1].hoe_ProtIdentNumber <
				    t->hot_Entries[k].hoe_ProtIdentNumber);
		nm_handoff_destroy(t);
		assert_true(!t || !nm_handoff_find(t, rows[i].item, NULL));
	}
}

static void what_is_no_table_is_refused(void **state)
{
	HANDOFFTABLE strange = { .hot_sig = 1 }, *t;
	char value[16];

	(void)state;
	assert_true(nm_parsers_settings("X.INI", "[SET]\n1 = A\nRAW = 1\n", NULL, NULL));
	(void)nm_protocol_create("A", &plain);
	assert_int_equal(nm_handoff_create("SET", "X.INI", 9, 8, &t), 0);
	assert_int_equal(nm_last_error(), NMERR_INVALID_PARAMETER);
	assert_int_equal(nm_handoff_create("SET", "", 9, 10, &t), 0);
	assert_int_equal(nm_handoff_create("OTHER", "X.INI", 9, 10, &t), 0);
	assert_int_equal(nm_last_error(), NMERR_FILE_NOT_FOUND);
	assert_null(t);
	assert_null(nm_handoff_find(NULL, 1, NULL));
	assert_null(nm_handoff_find(&strange, 1, NULL));
	nm_handoff_destroy(NULL);
	nm_handoff_destroy(&strange);
	assert_true(nm_ini_value("x", "set", "raw", value, sizeof value));
	assert_string_equal(value, "1");
	assert_false(nm_ini_value("x", "set", "cooked", value, sizeof value));
	/* One that is made late can be given back, one from loading can't be. */
	assert_int_equal(nm_handoff_create("SET", "X", 9, 10, &t), 1);
	nm_parsers_seal();
	nm_handoff_destroy(t);
	assert_non_null(nm_handoff_find(t, 1, NULL));
	assert_int_equal(nm_handoff_create("SET", "X", 9, 10, &t), 1);
	assert_non_null(nm_handoff_find(t, 1, NULL));
	nm_handoff_destroy(t);
}

/* ---- follow sets ------------------------------------------------------------------------------- */

static void follow_sets_keep_their_order_and_leave_out_who_is_not_there(void **state)
{
	static const struct {
		const char *list, *names;
	} rows[] = {
		{ "B, C", "B C" },
		{ "C,B", "C B" },
		{ "C ,\tB", "C B" },
		{ "B, NOBODY, C", "B C" },
		{ "b, c", "B C" },
		{ "A", "A" },
		{ ",, ,B,", "B" },
		{ "", "" },
		{ "A_NAME_THAT_IS_LONGER_THAN_ANY_PROTOCOL_CAN_HAVE_BY_FAR_AND_FARTHER_STILL, C",
		    "C" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[200], got[64] = "";
		const struct protocol *a;

		nm_parsers_unload();
		(void)snprintf(
		    text, sizeof text, "[A]\nFollowSet = %s\nComment = it\n", rows[i].list);
		assert_true(nm_parsers_settings(NULL, text, NULL, NULL));
		for (const char *n = "A\0B\0C\0"; *n; n += 2)
			(void)nm_protocol_create(n, &plain);
		nm_parsers_seal();
		a = nm_protocol_of(nm_protocol_by_name("A"));
		for (unsigned k = 0; a->follow[k]; k++) {
			(void)strcat(got, k ? " " : "");
			(void)strcat(got, (const char *)a->follow[k]->info.ProtocolName);
		}
		assert_string_equal(got, rows[i].names);
		assert_string_equal((const char *)a->info.Comment, "it");
	}
}

/* ---- every allocation refused in turn -------------------------------------------------------------- */

static void build(void)
{
	HANDOFFTABLE *t;
	HPROTOCOL a, b;

	(void)nm_parsers_settings(NULL, "[A]\nFollowSet = B\nComment = \"x\"\n", NULL, NULL);
	(void)nm_parsers_settings("X.INI", "[SET]\n1 = A\n2 = B\n", NULL, NULL);
	(void)nm_parsers_settings("FRAME.INI", "[FRAME_HandoffSet]\n1 = A\n", NULL, NULL);
	a = nm_protocol_create("A", &plain);
	b = nm_protocol_create("B", &plain);
	assert_true(a && b);
	(void)nm_database_create(a, 1);
	for (size_t i = 0; i < 3; i++)
		(void)nm_property_add(a, &infos[i]);
	(void)nm_handoff_create("SET", "X", 9, 10, &t);
	(void)nm_setting_append("B", "FollowSet", "A");
	nm_parsers_seal();
	for (size_t i = 0; i < 3; i++)
		if (nm_property_info((HPROPERTY)&infos[i]))
			assert_ptr_equal(nm_property_protocol((HPROPERTY)&infos[i]), a);
	assert_true(nm_link_candidates(1) && nm_link_candidates(77));
	nm_parsers_unload();
}

static void every_allocation_may_be_refused(void **state)
{
	unsigned total;

	(void)state;
	calls = 0;
	build();
	total = calls;
	assert_true(total > 20);
	for (refused = 1; refused <= total; refused++) {
		calls = 0;
		build();
	}
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, clean, clean)
	const struct CMUnitTest tests[] = {
		TEST(a_protocol_needs_a_name_and_two_entry_points),
		TEST(there_are_so_many_protocols_and_no_more),
		TEST(what_is_no_protocol_is_told),
		TEST(a_destroyed_protocol_is_gone_and_its_name_free),
		TEST(a_property_needs_a_database_and_a_label),
		TEST(a_label_is_found_as_it_is_and_then_in_any_case),
		TEST(handles_are_exact),
		TEST(settings_are_read_as_people_write_them),
		TEST(a_line_that_says_nothing_is_told_once),
		TEST(a_persons_word_stands_against_a_parsers),
		TEST(section_parsers_says_whose_a_protocol_is),
		TEST(four_sets_become_settings),
		TEST(hand_off_tables_hold_what_there_is),
		TEST(what_is_no_table_is_refused),
		TEST(follow_sets_keep_their_order_and_leave_out_who_is_not_there),
		TEST(every_allocation_may_be_refused),
	};

	return cmocka_run_group_tests_name("registry", tests, NULL, NULL);
}
