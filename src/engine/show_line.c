/* SPDX-License-Identifier: MIT */
/* A frame in one line, and the columns that it is made of. */
#include "base/civil.h"
#include "engine/show.h"

#include <arpa/inet.h>

#define NS_A_SECOND INT64_C(1000000000)
#define WIDTH_MOST  39u /* of an address: IPv6 */

/* ---- times --------------------------------------------------------------------------- */

static void put_fraction(struct nm_show *s, int64_t ns)
{
	nm_page_put(&s->page, ".", 1);
	if (s->fine)
		nm_page_padded(&s->page, (uint64_t)ns, 9, '0');
	else
		nm_page_padded(&s->page, (uint64_t)ns / 1000, 6, '0');
}

static unsigned digits(uint64_t v)
{
	unsigned n = 1;

	while (v > 9) {
		v /= 10;
		n++;
	}
	return n;
}

/* Seconds, with blanks before them up to a width. */
static void put_seconds(struct nm_show *s, int64_t ns, unsigned width)
{
	uint64_t v = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
	unsigned n = (ns < 0) + digits(v / NS_A_SECOND) + (s->fine ? 10u : 7u);

	nm_page_blanks(&s->page, width > n ? width - n : 0);
	if (ns < 0)
		nm_page_put(&s->page, "-", 1);
	nm_page_number(&s->page, v / NS_A_SECOND);
	put_fraction(s, (int64_t)(v % NS_A_SECOND));
}

/* between: what stands between date and time of day; 0: no date. */
static void put_date(struct nm_show *s, int64_t ns, char between)
{
	struct nm_civil c = nm_civil_from_ns(ns);
	int64_t rest = ns % NS_A_SECOND;

	if (between) {
		nm_page_padded(&s->page, c.year, 4, '0');
		nm_page_put(&s->page, "-", 1);
		nm_page_padded(&s->page, c.month, 2, '0');
		nm_page_put(&s->page, "-", 1);
		nm_page_padded(&s->page, c.day, 2, '0');
		nm_page_put(&s->page, &between, 1);
	}
	nm_page_padded(&s->page, c.hour, 2, '0');
	nm_page_put(&s->page, ":", 1);
	nm_page_padded(&s->page, c.minute, 2, '0');
	nm_page_put(&s->page, ":", 1);
	nm_page_padded(&s->page, c.second, 2, '0');
	put_fraction(s, rest < 0 ? rest + NS_A_SECOND : rest);
}

/* From one time to another; a frame that has none is none away. */
static int64_t away(int64_t from, int64_t to)
{
	int64_t ns;

	if (from == NM_NO_TIME || to == NM_NO_TIME || __builtin_sub_overflow(to, from, &ns))
		return 0;
	return ns;
}

static void put_clock(
    struct nm_show *s, const struct nm_shown *f, enum nm_frames_clock clock, unsigned width)
{
	switch (clock) {
	case NM_CLOCK_TIME:
	case NM_CLOCK_DATE:
		put_date(s, f->ns == NM_NO_TIME ? 0 : f->ns, clock == NM_CLOCK_DATE ? ' ' : 0);
		return;
	case NM_CLOCK_EPOCH: put_seconds(s, f->ns == NM_NO_TIME ? 0 : f->ns, width); return;
	case NM_CLOCK_DELTA: put_seconds(s, away(f->before_ns, f->ns), width); return;
	case NM_CLOCK_DELTA_SHOWN: put_seconds(s, away(f->shown_before_ns, f->ns), width); return;
	default: put_seconds(s, away(s->first_ns, f->ns), width);
	}
}

void nm_show_clock(struct nm_show *s, const struct nm_shown *f, enum nm_frames_clock clock)
{
	put_clock(s, f, clock, 0);
}

void nm_show_iso_time(struct nm_show *s, int64_t ns)
{
	put_date(s, ns, 'T');
	nm_page_put(&s->page, "Z", 1);
}

/* ---- what the parsers say ------------------------------------------------------------- */

bool nm_show_is_malformed(const struct nm_shown *f)
{
	const PROPERTYINST *i = f->properties->lpFirstPropertyInst;

	for (DWORD k = 0; k < f->properties->nTotalPropertyInsts; k++)
		if (i[k].IFlags & IFLAG_ERROR)
			return true;
	return false;
}

/* The innermost address of that side; NULL: none. */
static const PROPERTYINST *address(const struct nm_show *s, const struct nm_shown *f, bool source)
{
	for (unsigned i = f->innermost + 1; i-- > 0;) {
		const struct nm_show_role *r = &s->roles[f->protocols->RecognizeData[i].ProtocolID];
		HPROPERTY wanted = source ? r->source : r->destination;
		unsigned n;
		const PROPERTYINST *p = nm_show_instances(f, i, &n);

		for (unsigned k = 0; wanted && k < n; k++)
			if ((HPROPERTY)p[k].lpPropertyInfo == wanted)
				return &p[k];
	}
	return NULL;
}

static const struct nm_show_role *role(
    const struct nm_show *s, const struct nm_shown *f, unsigned i)
{
	return &s->roles[f->protocols->RecognizeData[i].ProtocolID];
}

/* The summary of the innermost protocol; *ret_n bytes. */
static const char *info(struct nm_show *s, const struct nm_shown *f, size_t *ret_n)
{
	unsigned n;
	const PROPERTYINST *p = nm_show_instances(f, f->innermost, &n);
	const char *text = n ? nm_show_text(s, p) : "";

	*ret_n = strcspn(text, "\n");
	return text;
}

/* ---- columns ------------------------------------------------------------------------------ */

/* "eth:ip:tcp"; FRAME is named only where there is nothing else. */
static void put_protocols(struct nm_show *s, const struct nm_shown *f)
{
	for (unsigned i = 0; i < f->protocols->nRecognizeDatas; i++) {
		const char *name = role(s, f, i)->second;

		if (i == 0 && f->protocols->nRecognizeDatas > 1)
			continue;
		if (i > 1)
			nm_page_put(&s->page, ":", 1);
		(void)nm_page_text(&s->page, name, strlen(name));
	}
}

static void put_string(struct nm_show *s, const char *p, size_t n, bool json)
{
	if (json)
		nm_page_json(&s->page, p, n);
	else
		(void)nm_page_text(&s->page, p, n);
}

static void put_address(struct nm_show *s, const PROPERTYINST *i, bool json)
{
	if (i)
		nm_show_value(s, i, NULL, json);
	else if (json)
		nm_page_puts(&s->page, "null");
}

void nm_show_column(struct nm_show *s, const struct nm_shown *f, unsigned column, bool json)
{
	const char *text;
	size_t n;

	switch (column) {
	case NM_SHOW_NUMBER: nm_page_number(&s->page, (uint64_t)f->number + 1); return;
	case NM_SHOW_LENGTH: nm_page_number(&s->page, f->wire); return;
	case NM_SHOW_SOURCE: put_address(s, address(s, f, true), json); return;
	case NM_SHOW_DESTINATION: put_address(s, address(s, f, false), json); return;
	case NM_SHOW_PROTOCOLS: put_protocols(s, f); return;
	case NM_SHOW_PROTOCOL:
		text = role(s, f, f->innermost)->name;
		put_string(s, text, strlen(text), json);
		return;
	case NM_SHOW_INFO:
		text = info(s, f, &n);
		put_string(s, text, n, json);
		return;
	default: nm_show_clock(s, f, (enum nm_frames_clock)(column - NM_SHOW_CLOCK));
	}
}

/* ---- the line -------------------------------------------------------------------------------- */

/* Columns move to the right as they have to, and stay there. */
static unsigned widened(unsigned *width, size_t n)
{
	if (n > *width)
		*width = (unsigned)n;
	return *width - (unsigned)n;
}

static void put_sides(struct nm_show *s, const struct nm_shown *f)
{
	char from[NM_SHOW_ADDRESS] = "", to[NM_SHOW_ADDRESS] = "";
	size_t n_from = nm_show_address(s, address(s, f, true), from);
	size_t n_to = nm_show_address(s, address(s, f, false), to);

	nm_page_blanks(&s->page, widened(&s->source_width, n_from));
	nm_page_put(&s->page, from, n_from);
	nm_page_puts(&s->page, n_from || n_to ? " \xe2\x86\x92 " : "   ");
	nm_page_put(&s->page, to, n_to);
	nm_page_blanks(&s->page, widened(&s->destination_width, n_to));
}

static void put_name(struct nm_show *s, const struct nm_shown *f)
{
	const char *name = role(s, f, f->innermost)->name;
	size_t n = nm_page_text(&s->page, name, strlen(name));

	nm_page_ink(&s->page, NM_INK_PLAIN);
	nm_page_blanks(&s->page, widened(&s->protocol_width, n));
}

static void put_info(struct nm_show *s, const struct nm_shown *f)
{
	size_t n;
	const char *text = info(s, f, &n);

	if (f->protocols->nRecognizeDatas > 1) {
		(void)nm_page_text(&s->page, text, n);
		return;
	}
	nm_page_puts(&s->page, "not recognized, link type ");
	nm_page_number(&s->page, f->link_type);
}

void nm_show_line(struct nm_show *s, const struct nm_shown *f)
{
	bool bad = nm_show_is_malformed(f);

	(void)widened(&s->number_width, digits((uint64_t)f->number + 1));
	nm_page_padded(&s->page, (uint64_t)f->number + 1, s->number_width, ' ');
	nm_page_put(&s->page, " ", 1);
	nm_page_ink(&s->page, NM_INK_FAINT);
	put_clock(s, f, s->how->clock, s->time_width);
	nm_page_ink(&s->page, NM_INK_PLAIN);
	nm_page_put(&s->page, " ", 1);
	put_sides(s, f);
	nm_page_put(&s->page, " ", 1);
	nm_page_ink(&s->page, bad ? NM_INK_BAD : NM_INK_NAME);
	put_name(s, f);
	nm_page_put(&s->page, " ", 1);
	nm_page_padded(&s->page, f->wire, 5, ' ');
	nm_page_put(&s->page, " ", 1);
	put_info(s, f);
	if (bad) {
		nm_page_ink(&s->page, NM_INK_BAD);
		nm_page_puts(&s->page, " [malformed]");
		nm_page_ink(&s->page, NM_INK_PLAIN);
	}
	nm_page_put(&s->page, "\n", 1);
}
