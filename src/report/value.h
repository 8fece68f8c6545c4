/* SPDX-License-Identifier: MIT */
/* report/value.h -- what the values of an event mean, and their display text.
 *
 * Owns:     nothing.
 * Uses:     report/buf.h.
 * Threads:  pure functions.
 * Trust:    times and numbers are whatever an expert put there.
 */
#ifndef NM_REPORT_VALUE_H
#define NM_REPORT_VALUE_H

#include "nmhost.h"
#include "report/buf.h"

/* What the time of an event is. */
enum nm_when {
	NM_WHEN_UNSET,  /* all zero, or not a time */
	NM_WHEN_OFFSET, /* no year: hours to milliseconds since the capture began */
	NM_WHEN_DATE,   /* a date and a time of day */
};

enum nm_when nm_systime_kind(const struct nm_systime *t);

/* Days since 1899-12-30 to a date, rounded to a millisecond. The part after
 * the point counts forward from midnight for days before the epoch too, as OLE
 * dates do. False when it is no number or outside the years 100 to 9999. */
bool nm_vartime_systime(double days, struct nm_systime *ret_t);

/* "2026-09-20", "10:11:12.345", and "2026-09-20T10:11:12.345+0000". */
void nm_buf_date(struct nm_buf *b, const struct nm_systime *t);
void nm_buf_clock(struct nm_buf *b, const struct nm_systime *t);
void nm_buf_iso(struct nm_buf *b, const struct nm_systime *t);

/* Nanoseconds since 1970 as "2026-09-20T10:11:12.345678901+0000". */
void nm_buf_iso_ns(struct nm_buf *b, int64_t ns);

/* From one time to a later one; 0 when it is not later. No pair overflows. */
uint64_t nm_ns_between(int64_t from_ns, int64_t to_ns);

/* "uint8" ... "string": the type in machine-readable reports. Static. */
const char *nm_column_type_word(uint32_t type);

bool nm_column_is_number(uint32_t type);

/* How many columns of the i-th's name stand before it. */
unsigned nm_column_nth(const struct nm_event *ev, uint32_t i);

/* The first frame that an event names, from 0; NM_NO_FRAME when it names none. */
uint32_t nm_event_frame(const struct nm_event *ev);

/* Of an NM_WHEN_OFFSET: milliseconds. */
uint64_t nm_systime_offset_ms(const struct nm_systime *t);

/* A finding is an event that shows a severity, one of the six. */
bool nm_event_is_finding(const struct nm_event *ev);

/* "Retransmission: what it is, From 10.0.0.1:1001, Frame 12" on one line, cleaned: the name,
 * the description unless it is hidden, and columns but the one numbered `without`, until there
 * are `most` bytes. */
void nm_event_sentence(struct nm_buf *b, const struct nm_event *ev, uint32_t without, size_t most);

/* False when a FRAME column holds the number that stands for no frame. */
bool nm_column_has_frame(const struct nm_column *c);

/* The addresses: with separators as most tools print them ("00:11:..",
 * "0000abcd.00:11:..", "10.0.0.1"), or as Network Monitor shows them
 * ("001122..", "0000ABCD.001122..", "10.0.0.1"). Other types add nothing. */
enum nm_address_style { NM_ADDRESS_COLONS, NM_ADDRESS_PLAIN };
void nm_buf_address(struct nm_buf *b, const struct nm_column *c, enum nm_address_style style);

/* The display text of a value, on one line, cleaned. */
void nm_buf_column(struct nm_buf *b, const struct nm_column *c);

#endif
