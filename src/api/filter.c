/* SPDX-License-Identifier: MIT */
/* Display filters. */
#include "filter/filter.h"
#include "base/nmerr.h"
#include "expert/parsed.h"
#include "expert/session.h"

#include <time.h>

static const struct nm_filter_frames frames = {
	.source = CompareFrameSourceAddress,
	.destination = CompareFrameDestAddress,
	.time = nm_session_time,
};

static DWORD told(uint32_t err)
{
	if (err)
		nm_set_last_error(err);
	return err;
}

HFILTER WINAPI CreateFilter(VOID)
{
	return nm_filter_new(&frames);
}

DWORD WINAPI DestroyFilter(HFILTER hFilter)
{
	return told(nm_filter_free(hFilter));
}

HFILTER WINAPI FilterDuplicate(HFILTER hFilter)
{
	return nm_filter_copy(hFilter);
}

DWORD WINAPI FilterAddObject(HFILTER hFilter, LPFILTEROBJECT2 lpFilterObject)
{
	return told(nm_filter_add(hFilter, lpFilterObject));
}

DWORD WINAPI DisableParserFilter(HFILTER hFilter, HPARSER hParser)
{
	return told(nm_filter_switch(hFilter, hParser, false));
}

DWORD WINAPI EnableParserFilter(HFILTER hFilter, HPARSER hParser)
{
	return told(nm_filter_switch(hFilter, hParser, true));
}

/* Nothing is cached: a frame is judged again sooner than its bits would be found. */
VOID WINAPI FilterFlushBits(HFILTER hFilter)
{
	if (!nm_filter_is(hFilter))
		nm_set_last_error(NMERR_INVALID_HFILTER);
}

WINBOOL WINAPI FilterAttachesProperties(HFILTER hFilter)
{
	if (!nm_filter_is(hFilter))
		nm_set_last_error(NMERR_INVALID_HFILTER);
	return nm_filter_attaches(hFilter);
}

VOID WINAPI SetCurrentFilter(HFILTER hFilter)
{
	if (hFilter && !nm_filter_is(hFilter))
		nm_set_last_error(NMERR_INVALID_HFILTER);
	else
		nm_filter_set_current(hFilter);
}

HFILTER WINAPI GetCurrentFilter(VOID)
{
	return nm_filter_current();
}

/* ---- frames ---------------------------------------------------------------------------- */

static DWORD judge(HFRAME h, HFILTER filter)
{
	struct nm_parse *p = nm_parsed(h);
	bool passed = false;

	if (!p || told(nm_filter_test(filter, p, NULL, &passed)))
		return (DWORD)FILTER_FAIL_WITH_ERROR;
	return passed ? FILTER_PASSED : FILTER_FAILED;
}

DWORD WINAPI FilterFrame(HFRAME hFrame, HFILTER hFilter, HCAPTURE hCapture)
{
	if (!nm_filter_is(hFilter))
		return told(NMERR_INVALID_HFILTER), (DWORD)FILTER_FAIL_WITH_ERROR;
	if (!nm_session_from_handle(hCapture))
		return (DWORD)FILTER_FAIL_WITH_ERROR;
	return judge(hFrame, hFilter);
}

/* A search that tells its caller how far it is. */
struct search {
	HCAPTURE capture;
	HFILTER filter;
	STATUSPROC status;
	LPVOID instance;
	uint64_t every_ms, due_ms; /* 0: never */
};

static uint64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static struct search search_new(
    HCAPTURE capture, HFILTER filter, STATUSPROC status, LPVOID instance, DWORD every_ms)
{
	struct search s = { capture, filter, status, instance, status ? every_ms : 0, 0 };

	s.due_ms = s.every_ms ? now_ms() + s.every_ms : 0;
	return s;
}

static bool cancelled(struct search *s, DWORD n)
{
	if (!nm_session_goes_on())
		return true;
	if (!s->every_ms || now_ms() < s->due_ms)
		return false;
	s->due_ms = now_ms() + s->every_ms;
	return !s->status(n, s->capture, s->filter, s->instance);
}

DWORD WINAPI FilterFindFrame(HFILTER hFilter, HCAPTURE hCapture, DWORD nFrame,
    STATUSPROC StatusProc, LPVOID UIInstance, DWORD TimeDelta, WINBOOL FilterDirection)
{
	struct search s = search_new(hCapture, hFilter, StatusProc, UIInstance, TimeDelta);

	if (!nm_filter_is(hFilter))
		return told(NMERR_INVALID_HFILTER), FILTER_NO_MORE_FRAMES;
	if (!nm_session_from_handle(hCapture))
		return FILTER_NO_MORE_FRAMES;
	if (!FilterDirection && !nm_session_has_frame(nFrame)) {
		uint32_t total = nm_session_total();

		if (total == 0)
			return told(NMERR_FRAME_NOT_FOUND), FILTER_NO_MORE_FRAMES;
		nFrame = nFrame < total ? nFrame : total - 1;
	}
	for (uint32_t n = nFrame; nm_session_has_frame(n); n = FilterDirection ? n + 1 : n - 1) {
		DWORD answer;

		if (cancelled(&s, n))
			return FILTER_CANCELED;
		answer = judge(nm_frame_handle(n), hFilter);
		if (answer == FILTER_PASSED)
			return n;
		if (answer == (DWORD)FILTER_FAIL_WITH_ERROR)
			return FILTER_NO_MORE_FRAMES;
		if (n == (FilterDirection ? UINT32_MAX - 1 : 0))
			break;
	}
	return told(NMERR_FRAME_NOT_FOUND), FILTER_NO_MORE_FRAMES;
}

/* The first instance of the frame behind *key for which the filter is true; an NMERR code
 * when there is none to be had. */
static uint32_t find_instance(HFRAME h, HFILTER filter, PROPERTYINST **key, bool forward)
{
	struct nm_parse *p = nm_parsed(h);
	PROPERTYTABLE *t = p ? nm_parse_attach(p, NULL) : NULL;
	PROPERTYINST *first = t ? t->lpFirstPropertyInst : NULL;
	PROPERTYINST *end = t ? first + t->nTotalPropertyInsts : NULL;
	PROPERTYINST *i = *key ? *key : forward ? first - 1 : end;

	if (!t)
		return nm_last_error();
	if (*key && (i < first || i >= end))
		return NMERR_INVALID_PARAMETER;
	for (i = forward ? i + 1 : i - 1; i >= first && i < end; i = forward ? i + 1 : i - 1) {
		bool passed = false;
		uint32_t err = nm_filter_test(filter, p, i, &passed);

		if (err)
			return err;
		if (!passed)
			continue;
		*key = i;
		return NMERR_SUCCESS;
	}
	return NMERR_NO_ATTACHED_PROPERTIES;
}

HFRAME FilterFindPropertyInstance(HFRAME hFrame, HFILTER hMasterFilter, HCAPTURE hCapture,
    HFILTER hInstanceFilter, LPPROPERTYINST *lpPropRestartKey, STATUSPROC StatusProc,
    LPVOID UIInstance, DWORD TimeDelta, WINBOOL FilterForward)
{
	struct search s = search_new(hCapture, hInstanceFilter, StatusProc, UIInstance, TimeDelta);
	uint32_t n;

	if (!lpPropRestartKey)
		return told(NMERR_INVALID_PARAMETER), NULL;
	if (!nm_filter_is(hInstanceFilter) || (hMasterFilter && !nm_filter_is(hMasterFilter)))
		return told(NMERR_INVALID_HFILTER), NULL;
	if (!nm_session_from_handle(hCapture) || !nm_frame_number(hFrame, &n))
		return NULL;
	for (PROPERTYINST *key = *lpPropRestartKey; nm_session_has_frame(n); key = NULL) {
		HFRAME h = nm_frame_handle(n);
		DWORD answer = hMasterFilter ? judge(h, hMasterFilter) : FILTER_PASSED;
		uint32_t err = NMERR_NO_ATTACHED_PROPERTIES;

		if (cancelled(&s, n) || answer == (DWORD)FILTER_FAIL_WITH_ERROR)
			return NULL;
		if (answer == FILTER_PASSED)
			err = find_instance(h, hInstanceFilter, &key, FilterForward != 0);
		if (!err) {
			*lpPropRestartKey = key;
			return h;
		}
		if (err != NMERR_NO_ATTACHED_PROPERTIES)
			return told(err), NULL;
		if (n == (FilterForward ? UINT32_MAX - 1 : 0))
			break;
		n = FilterForward ? n + 1 : n - 1;
	}
	return told(NMERR_NO_ATTACHED_PROPERTIES), NULL;
}
