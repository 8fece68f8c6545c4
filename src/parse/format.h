/* SPDX-License-Identifier: MIT */
/* parse/format.h -- property instances as text.
 *
 * Every function writes to szPropertyText of an instance, at most FormatStringSize
 * bytes with the NUL; lines end with a NUL, the last with two.
 *
 * Owns:     nothing.
 * Uses:     base/, the types of <netmon.h>.
 * Threads:  pure functions.
 * Trust:    values are frame bytes of any length; labels and sets are the parser's.
 */
#ifndef NM_PARSE_FORMAT_H
#define NM_PARSE_FORMAT_H

#include "netmon.h"

/* The generic formatter: NMERR_SUCCESS, NMERR_INVALID_PARAMETER (NULL, no buffer),
 * NMERR_INVALID_HPROPERTY. */
uint32_t nm_format_instance(PROPERTYINST *i);

/* A number of 1, 2, 4 or 8 bytes. */
void nm_format_number(PROPERTYINST *i, unsigned bytes, uint32_t base);
void nm_format_labeled(PROPERTYINST *i, unsigned bytes);
void nm_format_flags(PROPERTYINST *i, unsigned bytes);
void nm_format_time(PROPERTYINST *i);
void nm_format_string(PROPERTYINST *i);
void nm_format_hex(PROPERTYINST *i);

/* The picture of `bits` bits of value under mask and a NUL; returns bits. */
uint32_t nm_bit_picture(char *out, unsigned bits, uint32_t value, uint32_t mask);

/* "M/D/YYYY H:MM:SS.mmm", at most 32 bytes. */
void nm_time_text(char *out, size_t size, const SYSTEMTIME *t);

/* The label of value in a set of labeled 1, 2 or 4 byte numbers; NULL: none. */
char *nm_label_of(const struct _SET *s, unsigned bytes, uint64_t value);

/* Multi-line text of at most n bytes -> lines separated by line feeds, cut. */
void nm_text_lines(char *out, size_t size, const char *text, size_t n);

#endif
