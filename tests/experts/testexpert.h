/* SPDX-License-Identifier: MIT */
/* testexpert.h -- what the test experts share. They use nothing but <netmon.h>.
 *
 * Each expert is one source file that registers under its own name.
 */
#ifndef TESTEXPERT_H
#define TESTEXPERT_H

#include <netmon.h>

#include <stdbool.h>
#include <stdio.h>

/* Register under name; the flags are EXPERT_ENUM_FLAG_*. */
static inline BOOL test_register(PEXPERTENUMINFO info, const char *name, DWORD flags)
{
	(void)snprintf(info->szName, sizeof info->szName, "%s", name);
	(void)snprintf(info->szVendor, sizeof info->szVendor, "nmapi tests");
	(void)snprintf(info->szDescription, sizeof info->szDescription, "a test of the host");
	info->Flags = flags;
	return TRUE;
}

/* An event with up to two columns. */
union test_event {
	NMEVENTDATA ev;
	BYTE room[sizeof(NMEVENTDATA) + 2 * sizeof(NMCOLUMNINFO)];
};

static inline NMCOLUMNINFO *test_column(NMEVENTDATA *ev, unsigned i)
{
	return (NMCOLUMNINFO *)(void *)((BYTE *)ev + sizeof *ev) + i;
}

/* Submit an event with a name and perhaps one column of a number. The texts are
 * copied by the call. */
static inline DWORD test_submit(
    HEXPERTKEY key, const char *name, const char *column, NMCOLUMNTYPE type, DWORD value)
{
	char name_copy[256], column_copy[64];
	union test_event e;

	memset(&e, 0, sizeof e);
	(void)snprintf(name_copy, sizeof name_copy, "%s", name);
	e.ev.EventIdent = 1;
	e.ev.szEventName = name_copy;
	if (column) {
		(void)snprintf(column_copy, sizeof column_copy, "%s", column);
		e.ev.NumColumns = 1;
		test_column(&e.ev, 0)->szColumnName = column_copy;
		test_column(&e.ev, 0)->VariantData.Type = type;
		test_column(&e.ev, 0)->VariantData.Value.Uint32Val = value;
	}
	return ExpertSubmitEvent(key, &e.ev);
}

/* The next frame forward; the walk begins with FrameNumber INVALID_FRAME_NUMBER. */
static inline DWORD test_next(HEXPERTKEY key, EXPERTFRAMEDESCRIPTOR *f)
{
	return ExpertGetFrame(key, GET_FRAME_NEXT_FORWARD, 0, f->FrameNumber, NULL, f);
}

/* A number that stands for everything an expert is told about a frame. */
static inline uint64_t test_frame_hash(const EXPERTFRAMEDESCRIPTOR *f)
{
	const BYTE *p = (const BYTE *)f->pFrame;
	uint64_t h = UINT64_C(0xcbf29ce484222325) ^ f->FrameNumber;
	DWORD stored;

	memcpy(&stored, p + 12, sizeof stored);
	for (size_t i = 0; i < 16u + (size_t)stored; i++)
		h = (h ^ p[i]) * UINT64_C(0x100000001b3);
	return h;
}

#define TEST_RUN                                                                                   \
	NMAPI_EXPORT BOOL WINAPI Run(HEXPERTKEY key, PEXPERTCONFIG config,                         \
	    PEXPERTSTARTUPINFO startup, DWORD flags, HWND window)

#define TEST_UNUSED_ARGUMENTS (void)config, (void)startup, (void)flags, (void)window

#define TEST_REGISTER(name, flags)                                                                 \
	NMAPI_EXPORT BOOL WINAPI Register(PEXPERTENUMINFO info)                                    \
	{                                                                                          \
		return test_register(info, name, flags);                                           \
	}

#endif
