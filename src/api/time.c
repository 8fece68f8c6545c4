/* SPDX-License-Identifier: MIT */
/* Calendar times. */
#include "base/civil.h"
#include "base/nmerr.h"
#include "netmon.h"

_Static_assert(sizeof(struct nm_civil) == sizeof(SYSTEMTIME), "members in the same order");

/* The last millisecond of a year that SYSTEMTIME takes: 30827-12-31T23:59:59.999. */
#define LAST_MS  INT64_C(910670515199999)
#define FIRST_MS INT64_C(-11644473600000) /* 1601-01-01 */

SYSTEMTIME *WINAPI AdjustSystemTime(SYSTEMTIME *SystemTime, __int64 TimeDelta)
{
	int64_t delta_ms = TimeDelta / 1000 - (TimeDelta % 1000 < 0);
	struct nm_civil civil;
	int64_t ms;

	if (!SystemTime)
		return nm_set_last_error(NMERR_INVALID_PARAMETER), NULL;
	memcpy(&civil, SystemTime, sizeof civil);
	if (!nm_civil_to_ms(&civil, &ms) || delta_ms > LAST_MS - ms || delta_ms < FIRST_MS - ms) {
		nm_set_last_error(NMERR_INVALID_PARAMETER);
		return SystemTime; /* as it was: there is no such time */
	}
	civil = nm_civil_from_ms(ms + delta_ms);
	memcpy(SystemTime, &civil, sizeof civil);
	return SystemTime;
}
