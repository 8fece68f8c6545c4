/* SPDX-License-Identifier: MIT */
/* What experts say of themselves. */
#include "expert.h"

#include <inttypes.h>
#include <stdio.h>

#define NAME_MAX_BYTES 160

BOOL expert_register(PEXPERTENUMINFO ret, const char *name, const char *description)
{
	(void)snprintf(ret->szName, sizeof ret->szName, "%s", name);
	(void)snprintf(ret->szVendor, sizeof ret->szVendor, "nmapi");
	(void)snprintf(ret->szDescription, sizeof ret->szDescription, "%s", description);
	ret->Version = 0;
	ret->Flags = 0;
	return TRUE;
}

/* The number stands in the name: the row has no columns, so that it ends a table of any. */
DWORD expert_left_out(
    const struct expert_gap *g, DWORD severity, uint64_t n, const char *what, char *why)
{
	char name[NAME_MAX_BYTES];
	union row r;

	(void)snprintf(name, sizeof name, "%" PRIu64 " %s", n, what);
	row_begin(&r, g->source, g->ident, name);
	row_severity(&r, severity);
	r.ev.Justification = why;
	return ExpertSubmitEvent(g->key, &r.ev);
}

DWORD expert_stopped(const struct expert_gap *g, DWORD end, DWORD last)
{
	static char why[] =
	    "The host could not give the next frame. The rows are about the frames before it only.";
	static char last_name[] = "Last Frame";
	char name[NAME_MAX_BYTES];
	union row r;

	(void)snprintf(name, sizeof name, "Stopped early: error %u", (unsigned)end);
	row_begin(&r, g->source, g->ident, name);
	row_severity(&r, NMEVENT_SEVERITY_ERROR);
	r.ev.Justification = why;
	if (last != INVALID_FRAME_NUMBER)
		row_frame(&r, last_name, last);
	return ExpertSubmitEvent(g->key, &r.ev);
}

DWORD expert_end(const struct expert_gap *g, DWORD end, DWORD last, const char *text)
{
	DWORD err;

	if (end == NMERR_NO_MORE_FRAMES)
		return ExpertIndicateStatus(g->key, EXPERTSTATUS_RUNNING, 0, text, 99);
	err = expert_stopped(g, end, last);
	(void)ExpertIndicateStatus(g->key, EXPERTSTATUS_PROBLEM, end, NULL, -1);
	return err;
}
