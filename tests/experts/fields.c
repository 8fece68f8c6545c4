/* SPDX-License-Identifier: MIT */
/* A table of settings, sound or wrong, as built with -DTABLE=...; Run submits what it got: an
 * event with the blob's length, and one for each of its DWORDs that is not 0. */
#include "testexpert.h"

#define ALL        1
#define MORE       2
#define CONFIGURE  3
#define OVERLAP    4
#define TWICE      5
#define BADNAME    6
#define BADTYPE    7
#define BADSIZE    8
#define BADRANGE   9
#define BADDEFAULT 10
#define TOOFAR     11
#define ENDLESS    12
#define EMPTY      13
#define WILD       14
#define CONTROL    15
#define CRASH      16

struct config {
	DWORD length, number, truth, choice, flags;
	char text[8];
	WORD ports[4];
	DWORD more;
};

#define ROW(name, type, member, standard, range)                                                   \
	{                                                                                          \
		name, type, NMAPI_FIELD(struct config, member), standard, range, "help for " name  \
	}
#define NUMBER ROW("number", NMFIELD_UINT32, number, "7", "1..1000")

NMAPI_EXPORT const NMEXPERTFIELD NmExpertFields[] = {
#if TABLE == ENDLESS
#define TEN(n)                                                                                     \
	ROW("a" n, NMFIELD_BOOL, number, NULL, NULL),                                              \
	    ROW("b" n, NMFIELD_BOOL, number, NULL, NULL),                                          \
	    ROW("c" n, NMFIELD_BOOL, number, NULL, NULL),                                          \
	    ROW("d" n, NMFIELD_BOOL, number, NULL, NULL),                                          \
	    ROW("e" n, NMFIELD_BOOL, number, NULL, NULL)
	TEN("0"), TEN("1"), TEN("2"), TEN("3"), TEN("4"), TEN("5"), TEN("6"), TEN("7"), TEN("8"),
	TEN("9"), TEN("10"), TEN("11"), TEN("12"), TEN("13"), TEN("14")
#else
#if TABLE != EMPTY
	NUMBER,
#endif
#if TABLE == ALL || TABLE == MORE || TABLE == CONFIGURE
	ROW("truth", NMFIELD_BOOL, truth, "yes", NULL),
	ROW("choice", NMFIELD_CHOICE, choice, "b", "a|b|c"),
	ROW("flags", NMFIELD_FLAGS, flags, "x,z", "x|y|z"),
	ROW("text", NMFIELD_STRING, text, "abc", NULL),
	ROW("ports", NMFIELD_UINT16_LIST, ports, "80,8080", NULL),
#endif
#if TABLE == MORE
	ROW("more", NMFIELD_UINT32, more, "4000000000", NULL),
#elif TABLE == OVERLAP
	{ "wide", NMFIELD_STRING, 3, 2, NULL, NULL, NULL },
#elif TABLE == TWICE
	ROW("number", NMFIELD_UINT32, more, "0", NULL),
#elif TABLE == BADNAME
	ROW("Number", NMFIELD_UINT32, more, NULL, NULL),
#elif TABLE == BADTYPE
	ROW("odd", 7, more, NULL, NULL),
#elif TABLE == BADSIZE
	{ "odd", NMFIELD_UINT32, 16, 2, "1", NULL, NULL },
#elif TABLE == BADRANGE
	ROW("odd", NMFIELD_CHOICE, more, "a", "a||b"),
#elif TABLE == BADDEFAULT
	ROW("odd", NMFIELD_UINT32, more, "9", "1..8"),
#elif TABLE == TOOFAR
	{ "odd", NMFIELD_UINT32, 0xfffffffc, 4, "1", NULL, NULL },
#elif TABLE == WILD
	{ (LPCSTR)16, NMFIELD_UINT32, 16, 4, "1", NULL, NULL },
#elif TABLE == CONTROL
	{ "odd", NMFIELD_UINT32, 16, 4, "1", NULL, "\033[31mred" },
#endif
	{ NULL, 0, 0, 0, NULL, NULL, NULL },
#endif
};

#if TABLE == CONFIGURE
/* Keeps sixteen bytes of its own behind those of the table. */
NMAPI_EXPORT BOOL WINAPI Configure(
    HEXPERTKEY key, PEXPERTCONFIG *config, PEXPERTSTARTUPINFO startup, DWORD flags, HWND window)
{
	DWORD n = *config ? (*config)->RawConfigLength : 0;

	TEST_UNUSED_ARGUMENTS;
	if (n < 36)
		return FALSE;
	*config = ExpertReallocMemory(key, *config, 56, NULL);
	(*config)->RawConfigLength = 56;
	((DWORD *)*config)[1] = 99;
	((DWORD *)*config)[13] = 0x1234;
	return TRUE;
}
#endif

TEST_REGISTER("fields", TABLE == CONFIGURE ? EXPERT_ENUM_FLAG_CONFIGURABLE : 0)

TEST_RUN
{
	const DWORD *d = (const DWORD *)config;
	DWORD n = d ? d[0] : 0;
	BOOL good = test_submit(key, "length", "Value", NMCOLUMNTYPE_UINT32, n) == NMERR_SUCCESS;

	TEST_UNUSED_ARGUMENTS;
	if (TABLE == CRASH && n >= 8 && d[1] == 13)
		__builtin_trap();
	for (DWORD i = 1; i < n / 4 && good; i++) {
		char name[32];

		(void)snprintf(name, sizeof name, "dword %u", (unsigned)i);
		good = test_submit(key, name, "Value", NMCOLUMNTYPE_UINT32, d[i]) == NMERR_SUCCESS;
	}
	return good;
}
