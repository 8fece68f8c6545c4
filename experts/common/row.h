/* SPDX-License-Identifier: MIT */
/* common/row.h -- an event as a row of a table, built on the stack.
 *
 *     union row r;
 *
 *     row_begin(&r, source, IDENT_SERVER, name);
 *     row_count(&r, column_names[FRAMES], frames);
 *     err = ExpertSubmitEvent(key, &r.ev);
 *
 * Owns:     nothing: names and texts are borrowed until the event is submitted.
 * Uses:     <netmon.h>.
 * Threads:  pure functions.
 *
 * Rows hide the fixed columns but for the event's name; what has a severity shows it.
 */
#ifndef EXPERTS_COMMON_ROW_H
#define EXPERTS_COMMON_ROW_H

#include <netmon.h>

#include <stdint.h>

#define ROW_COLUMNS 20u

union row {
	NMEVENTDATA ev;
	BYTE room[sizeof(NMEVENTDATA) + ROW_COLUMNS * sizeof(NMCOLUMNINFO)];
};

/* Text is char *, as the interface takes it; nothing is written to it. */
void row_begin(union row *r, char *source, DWORD ident, char *name);
void row_severity(union row *r, DWORD severity);

/* The value of one more column, to be filled in. At most ROW_COLUMNS. */
NMCOLUMNVARIANT *row_column(union row *r, char *name, NMCOLUMNTYPE type);

/* There is no 64-bit column: counts that need more are exact to 2^53. */
void row_count(union row *r, char *name, uint64_t n);
void row_frame(union row *r, char *name, DWORD frame);
void row_real(union row *r, char *name, double v);
void row_text(union row *r, char *name, char *text);

/* How much of the whole, rounded down; 0 of nothing. */
uint32_t row_percent(uint64_t part, uint64_t whole);

#endif
