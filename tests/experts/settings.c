/* SPDX-License-Identifier: MIT */
/* Configure counts its calls and leaves a configuration, or a wrong one, as built
 * with -DLEAVES=...; Run submits an event with the count. */
#include "testexpert.h"

enum leaves {
	LONGER,
	NOTHING,
	KEPT,
	FOREIGN,
	FREED,
	INTERIOR,
	LENGTH_0,
	LENGTH_3,
	LENGTH_TOO_LONG,
	TOO_SHORT_A_BLOCK,
	HUGE_CONFIG
};

struct settings {
	DWORD length, calls;
	BYTE more[16];
};

static PEXPERTCONFIG leave(HEXPERTKEY key, struct settings *s)
{
	static struct settings mine = { .length = sizeof mine };

	switch (LEAVES) {
	case NOTHING: return NULL;
	case FOREIGN: return (PEXPERTCONFIG)&mine;
	case FREED: (void)ExpertFreeMemory(key, s); break;
	case INTERIOR: return (PEXPERTCONFIG)(void *)&s->calls;
	case LENGTH_0: s->length = 0; break;
	case LENGTH_3: s->length = 3; break;
	case LENGTH_TOO_LONG: s->length = sizeof *s + 1; break;
	case TOO_SHORT_A_BLOCK: return ExpertAllocMemory(key, 3, NULL);
	case HUGE_CONFIG:
		s = ExpertReallocMemory(key, s, 1 << 20, NULL);
		s->length = 1 << 20;
		break;
	default: break;
	}
	return (PEXPERTCONFIG)s;
}

/* Neither frames nor events, and nothing to look at. */
static bool is_bare(HEXPERTKEY key, PEXPERTSTARTUPINFO startup, HWND window)
{
	EXPERTFRAMEDESCRIPTOR f;

	return !window && !startup->hCapture &&
	       ExpertGetFrame(key, GET_FRAME_NEXT_FORWARD, 0, INVALID_FRAME_NUMBER, NULL, &f) ==
		   NMERR_INVALID_HCAPTURE &&
	       test_submit(key, "from Configure", NULL, NMCOLUMNTYPE_UINT32, 0) ==
		   NMERR_EXPERT_REPORT_FAILED;
}

NMAPI_EXPORT BOOL WINAPI Configure(
    HEXPERTKEY key, PEXPERTCONFIG *config, PEXPERTSTARTUPINFO startup, DWORD flags, HWND window)
{
	DWORD before = *config ? (DWORD)ExpertMemorySize(key, *config) : 0;
	struct settings *s;

	(void)flags;
	if (!is_bare(key, startup, window) || (before && before != (*config)->RawConfigLength))
		return FALSE;
	s = ExpertReallocMemory(key, *config, sizeof *s, NULL);
	s->length = sizeof *s;
	s->calls++;
	*config = leave(key, s);
	return LEAVES != KEPT;
}

TEST_REGISTER("settings", EXPERT_ENUM_FLAG_CONFIGURABLE)

TEST_RUN
{
	struct settings *s = (struct settings *)config;
	DWORD calls = s && s->length == sizeof *s ? s->calls : 0;

	TEST_UNUSED_ARGUMENTS;
	if (s &&
	    (ExpertMemorySize(key, s) != sizeof *s || ExpertFreeMemory(key, s) != NMERR_SUCCESS))
		return FALSE;
	return test_submit(key, "settings", "Calls", NMCOLUMNTYPE_UINT32, calls) == NMERR_SUCCESS;
}
