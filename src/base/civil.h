/* SPDX-License-Identifier: MIT */
/* base/civil.h -- nanoseconds since 1970 and calendar dates, in UTC.
 *
 * Proleptic Gregorian calendar, no leap seconds, as pcap and SYSTEMTIME count.
 * Pure functions.
 */
#ifndef NM_BASE_CIVIL_H
#define NM_BASE_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

/* The members of SYSTEMTIME, in its order; day_of_week 0 is Sunday. */
struct nm_civil {
	uint16_t year, month, day_of_week, day, hour, minute, second, ms;
};

/* Days since 1970-01-01 of a date (month 1-12); valid for any year. */
static inline int64_t nm_days_from_civil(int64_t y, unsigned m, unsigned d)
{
	int64_t era;
	unsigned yoe, doy, doe;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = (unsigned)(y - era * 400);
	doy = (153 * (m + (m > 2 ? -3u : 9u)) + 2) / 5 + d - 1;
	doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
	return era * 146097 + (int64_t)doe - 719468;
}

/* Milliseconds since 1970. False when a member is outside its calendar range
 * (year 1601 to 30827, as Windows takes them); *ret_ms untouched then. */
static inline bool nm_civil_to_ms(const struct nm_civil *c, int64_t *ret_ms)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	unsigned last;
	int64_t s;

	if (c->year < 1601 || c->year > 30827 || c->month < 1 || c->month > 12)
		return false;
	last = days[c->month - 1];
	if (c->month == 2 && (c->year % 4 == 0 && (c->year % 100 != 0 || c->year % 400 == 0)))
		last = 29;
	if (c->day < 1 || c->day > last || c->hour > 23 || c->minute > 59 || c->second > 59 ||
	    c->ms > 999)
		return false;
	s = nm_days_from_civil(c->year, c->month, c->day) * 86400 + c->hour * 3600 +
	    c->minute * 60 + c->second;
	*ret_ms = s * 1000 + c->ms;
	return true;
}

/* Nanoseconds since 1970. False, and *ret_ns untouched, as above or when it does
 * not fit. */
static inline bool nm_civil_to_ns(const struct nm_civil *c, int64_t *ret_ns)
{
	int64_t ms, ns;

	if (!nm_civil_to_ms(c, &ms) || __builtin_mul_overflow(ms, INT64_C(1000000), &ns))
		return false;
	*ret_ns = ns;
	return true;
}

/* Exact for the years 0 to 65535, which is what the members hold. */
static inline struct nm_civil nm_civil_from_ms(int64_t ms)
{
	int64_t days = ms / 86400000 - (ms % 86400000 < 0);
	uint32_t rest = (uint32_t)(ms - days * 86400000);
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	unsigned doe = (unsigned)(z - era * 146097);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153;
	struct nm_civil c;

	c.day = (uint16_t)(doy - (153 * mp + 2) / 5 + 1);
	c.month = (uint16_t)(mp < 10 ? mp + 3 : mp - 9);
	c.year = (uint16_t)((int64_t)yoe + era * 400 + (c.month <= 2));
	c.day_of_week = (uint16_t)(((days + 4) % 7 + 7) % 7);
	c.ms = (uint16_t)(rest % 1000);
	c.second = (uint16_t)(rest / 1000 % 60);
	c.minute = (uint16_t)(rest / 60000 % 60);
	c.hour = (uint16_t)(rest / 3600000);
	return c;
}

/* Milliseconds are truncated downwards. Every int64_t has a date. */
static inline struct nm_civil nm_civil_from_ns(int64_t ns)
{
	return nm_civil_from_ms(ns / 1000000 - (ns % 1000000 < 0));
}

#endif
