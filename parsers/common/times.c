/* SPDX-License-Identifier: MIT */
/* Points in time into a frame. */
#include "system.h"

#include "times.h"

void time_attach(const struct header *h, const struct field *f, DWORD at, DWORD size,
    int64_t seconds, WORD milliseconds)
{
	SYSTEMTIME t = { 0 };
	struct tm tm;

	if (seconds != TIME_UNKNOWN && (int64_t)(time_t)seconds == seconds &&
	    utc_of((time_t)seconds, &tm) && tm.tm_year >= 0 && tm.tm_year <= UINT16_MAX - 1900)
		t = (SYSTEMTIME){ .wYear = (WORD)(tm.tm_year + 1900),
			.wMonth = (WORD)(tm.tm_mon + 1),
			.wDayOfWeek = (WORD)tm.tm_wday,
			.wDay = (WORD)tm.tm_mday,
			.wHour = (WORD)tm.tm_hour,
			.wMinute = (WORD)tm.tm_min,
			.wSecond = (WORD)tm.tm_sec,
			.wMilliseconds = milliseconds };
	field_attach_value(h, f, at, size, &t, sizeof t, 0);
}
