/* SPDX-License-Identifier: MIT */
/* common/times.h -- points in time of a header, whatever it counts them in.
 *
 * Threads:  no state.
 */
#ifndef PARSERS_COMMON_TIMES_H
#define PARSERS_COMMON_TIMES_H

#include "fields.h"

/* Kinds of fields: a time in 4 or 8 bytes; in a text, of as many as are told. */
#define TIME_4(at_) .type = PROP_TYPE_TIME, .at = (at_), .size = 4
#define TIME_8(at_) .type = PROP_TYPE_TIME, .at = (at_), .size = 8
#define TIME_TEXT   .type = PROP_TYPE_TIME

#define TIME_UNKNOWN INT64_MIN /* shown as a time of nothing but zeros */

/* The field, of the `size` bytes at `at`, as so many seconds since the beginning of 1970,
 * UTC, and thousandths; what is no date is TIME_UNKNOWN. */
void time_attach(const struct header *h, const struct field *f, DWORD at, DWORD size,
    int64_t seconds, WORD milliseconds);

#endif
