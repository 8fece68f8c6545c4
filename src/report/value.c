/* SPDX-License-Identifier: MIT */
/* What the values of an event mean, and their display text. */
#include "report/value.h"

#include "report/words.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>

#define MS_PER_DAY      86400000.0
#define OLE_EPOCH_DAYS  25569     /* from 1899-12-30 to 1970-01-01 */
#define OLE_FIRST_DAY   (-657434) /* 0100-01-01 */
#define OLE_LAST_DAY    2958465   /* 9999-12-31 */
#define FIRST_FILE_YEAR 1601      /* SYSTEMTIME has no date before it */

static unsigned days_in_month(unsigned year, unsigned month)
{
	static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

static bool is_clock(const struct nm_systime *t)
{
	return t->hour < 24 && t->minute < 60 && t->second < 60 && t->ms < 1000;
}

enum nm_when nm_systime_kind(const struct nm_systime *t)
{
	static const struct nm_systime unset;

	if (memcmp(t, &unset, sizeof unset) == 0 || !is_clock(t))
		return NM_WHEN_UNSET;
	if (t->year < FIRST_FILE_YEAR)
		return NM_WHEN_OFFSET;
	if (t->year > 9999 || t->month < 1 || t->month > 12)
		return NM_WHEN_UNSET;
	if (t->day < 1 || t->day > days_in_month(t->year, t->month))
		return NM_WHEN_UNSET;
	return NM_WHEN_DATE;
}

/* The Gregorian date of a day counted from 1970-01-01, by whole 400-year eras
 * that begin in March, so that the leap day comes last. */
static void date_of_day(int64_t day, struct nm_systime *ret_t)
{
	int64_t z = day + 719468; /* from 0000-03-01 */
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	unsigned doe = (unsigned)(z - era * 146097);
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153;
	unsigned month = mp < 10 ? mp + 3 : mp - 9;

	ret_t->year = (uint16_t)(yoe + (unsigned)(era * 400) + (month <= 2));
	ret_t->month = (uint16_t)month;
	ret_t->day = (uint16_t)(doy - (153 * mp + 2) / 5 + 1);
	ret_t->day_of_week = (uint16_t)(((day + 4) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

bool nm_vartime_systime(double days, struct nm_systime *ret_t)
{
	double whole = trunc(days);
	uint32_t ms;
	int64_t day;

	if (!(days > OLE_FIRST_DAY - 1.0 && days < OLE_LAST_DAY + 1.0))
		return false;
	day = (int64_t)whole;
	ms = (uint32_t)lround(fabs(days - whole) * MS_PER_DAY);
	if (ms >= (uint32_t)MS_PER_DAY) {
		ms = 0;
		day++;
	}
	if (day > OLE_LAST_DAY)
		return false;
	date_of_day(day - OLE_EPOCH_DAYS, ret_t);
	ret_t->hour = (uint16_t)(ms / 3600000);
	ret_t->minute = (uint16_t)(ms / 60000 % 60);
	ret_t->second = (uint16_t)(ms / 1000 % 60);
	ret_t->ms = (uint16_t)(ms % 1000);
	return true;
}

void nm_buf_date(struct nm_buf *b, const struct nm_systime *t)
{
	nm_buf_printf(b, "%04u-%02u-%02u", t->year, t->month, t->day);
}

void nm_buf_clock(struct nm_buf *b, const struct nm_systime *t)
{
	nm_buf_printf(b, "%02u:%02u:%02u.%03u", t->hour, t->minute, t->second, t->ms);
}

void nm_buf_iso(struct nm_buf *b, const struct nm_systime *t)
{
	nm_buf_date(b, t);
	nm_buf_puts(b, "T");
	nm_buf_clock(b, t);
	nm_buf_puts(b, "+0000");
}

void nm_buf_iso_ns(struct nm_buf *b, int64_t ns)
{
	int64_t s = ns / 1000000000, rest = ns % 1000000000;
	struct nm_systime t = { 0 };
	int64_t day;

	if (rest < 0) {
		rest += 1000000000;
		s--;
	}
	day = s / 86400;
	if (s % 86400 < 0)
		day--;
	s -= day * 86400;
	date_of_day(day, &t);
	nm_buf_date(b, &t);
	nm_buf_printf(b, "T%02d:%02d:%02d.%09d+0000", (int)(s / 3600), (int)(s / 60 % 60),
	    (int)(s % 60), (int)rest);
}

uint64_t nm_ns_between(int64_t from_ns, int64_t to_ns)
{
	return to_ns > from_ns ? (uint64_t)to_ns - (uint64_t)from_ns : 0;
}

static const struct {
	const char *word;
	bool number; /* shown to the right */
} types[NM_COL_TYPES] = {
	[NM_COL_UINT8] = { "uint8", true },
	[NM_COL_SINT8] = { "sint8", true },
	[NM_COL_UINT16] = { "uint16", true },
	[NM_COL_SINT16] = { "sint16", true },
	[NM_COL_UINT32] = { "uint32", true },
	[NM_COL_SINT32] = { "sint32", true },
	[NM_COL_FLOAT64] = { "float64", true },
	[NM_COL_FRAME] = { "frame", true },
	[NM_COL_YESNO] = { "yesno", false },
	[NM_COL_ONOFF] = { "onoff", false },
	[NM_COL_TRUEFALSE] = { "truefalse", false },
	[NM_COL_MACADDR] = { "macaddr", false },
	[NM_COL_IPXADDR] = { "ipxaddr", false },
	[NM_COL_IPADDR] = { "ipaddr", false },
	[NM_COL_VARTIME] = { "vartime", false },
	[NM_COL_STRING] = { "string", false },
};

const char *nm_column_type_word(uint32_t type)
{
	return type < NM_COL_TYPES ? types[type].word : "unknown";
}

bool nm_column_is_number(uint32_t type)
{
	return type < NM_COL_TYPES && types[type].number;
}

bool nm_column_has_frame(const struct nm_column *c)
{
	return c->type == NM_COL_FRAME && c->v.u < NM_NO_FRAME;
}

static void add_mac(struct nm_buf *b, const uint8_t *mac, enum nm_address_style style)
{
	for (unsigned i = 0; i < 6; i++) {
		if (style == NM_ADDRESS_PLAIN)
			nm_buf_printf(b, "%02X", mac[i]);
		else
			nm_buf_printf(b, "%s%02x", i ? ":" : "", mac[i]);
	}
}

void nm_buf_address(struct nm_buf *b, const struct nm_column *c, enum nm_address_style style)
{
	const uint8_t *a = c->v.b;

	if (c->type == NM_COL_IPADDR)
		nm_buf_printf(b, "%u.%u.%u.%u", a[0], a[1], a[2], a[3]);
	if (c->type == NM_COL_MACADDR)
		add_mac(b, a, style);
	if (c->type == NM_COL_IPXADDR) {
		nm_buf_printf(b,
		    style == NM_ADDRESS_PLAIN ? "%02X%02X%02X%02X." : "%02x%02x%02x%02x.", a[0],
		    a[1], a[2], a[3]);
		add_mac(b, a + 4, style);
	}
}

static void add_vartime(struct nm_buf *b, double days)
{
	struct nm_systime t = { 0 };

	if (!nm_vartime_systime(days, &t)) {
		nm_buf_printf(b, "%g", days);
		return;
	}
	nm_buf_date(b, &t);
	nm_buf_puts(b, " ");
	nm_buf_clock(b, &t);
}

static void add_float(struct nm_buf *b, double d)
{
	if (isnan(d))
		nm_buf_puts(b, "nan"); /* its sign means nothing to a reader */
	else
		nm_buf_printf(b, "%f", d);
}

void nm_buf_column(struct nm_buf *b, const struct nm_column *c)
{
	switch (c->type) {
	case NM_COL_UINT8:
	case NM_COL_UINT16:
	case NM_COL_UINT32: nm_buf_printf(b, "%" PRIu64, c->v.u); break;
	case NM_COL_SINT8:
	case NM_COL_SINT16:
	case NM_COL_SINT32: nm_buf_printf(b, "%" PRId64, c->v.s); break;
	case NM_COL_FLOAT64: add_float(b, c->v.d); break;
	case NM_COL_FRAME:
		if (nm_column_has_frame(c))
			nm_buf_printf(b, "%" PRIu64, c->v.u + 1);
		break;
	case NM_COL_YESNO: nm_buf_puts(b, c->v.u ? "Yes" : "No"); break;
	case NM_COL_ONOFF: nm_buf_puts(b, c->v.u ? "On" : "Off"); break;
	case NM_COL_TRUEFALSE: nm_buf_puts(b, c->v.u ? "True" : "False"); break;
	case NM_COL_MACADDR:
	case NM_COL_IPXADDR:
	case NM_COL_IPADDR: nm_buf_address(b, c, NM_ADDRESS_PLAIN); break;
	case NM_COL_VARTIME: add_vartime(b, c->v.d); break;
	case NM_COL_STRING: nm_buf_clean(b, c->v.str, NM_LINES_ESCAPE); break;
	default: break; /* the decoder lets no other type through */
	}
}

unsigned nm_column_nth(const struct nm_event *ev, uint32_t i)
{
	unsigned nth = 0;

	for (uint32_t k = 0; k < i; k++)
		nth += strcmp(ev->columns[k].name, ev->columns[i].name) == 0;
	return nth;
}

uint32_t nm_event_frame(const struct nm_event *ev)
{
	for (uint32_t i = 0; i < ev->n_columns; i++)
		if (nm_column_has_frame(&ev->columns[i]))
			return (uint32_t)ev->columns[i].v.u;
	return NM_NO_FRAME;
}

uint64_t nm_systime_offset_ms(const struct nm_systime *t)
{
	return ((t->hour * 60u + t->minute) * 60u + t->second) * UINT64_C(1000) + t->ms;
}

bool nm_event_is_finding(const struct nm_event *ev)
{
	return !(ev->flags & NM_HIDE_SEVERITY) && nm_severity_word(ev->severity);
}

void nm_event_sentence(struct nm_buf *b, const struct nm_event *ev, uint32_t without, size_t most)
{
	nm_buf_clean(b, ev->name, NM_LINES_ESCAPE);
	if (!(ev->flags & NM_HIDE_DESCRIPTION) && *ev->description) {
		nm_buf_puts(b, ": ");
		nm_buf_clean(b, ev->description, NM_LINES_ESCAPE);
	}
	for (uint32_t i = 0; i < ev->n_columns && b->n < most; i++) {
		if (i == without)
			continue;
		nm_buf_puts(b, ", ");
		nm_buf_clean(b, ev->columns[i].name, NM_LINES_ESCAPE);
		nm_buf_puts(b, " ");
		nm_buf_column(b, &ev->columns[i]);
	}
}
