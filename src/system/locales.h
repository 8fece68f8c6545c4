/* SPDX-License-Identifier: MIT */
/* system/locales.h -- the locale that reports are made in: UTF-8, with the decimal point of C.
 *
 * Owns:     a locale from nm_locale_new() is the caller's.
 * Uses:     the C library.
 * Threads:  a locale is put on the thread that asks, and taken off by the same.
 */
#ifndef NM_SYSTEM_LOCALES_H
#define NM_SYSTEM_LOCALES_H

/* What was or is in force; made by the functions below. */
typedef void *nm_locale;

/* NULL: out of memory. */
nm_locale nm_locale_new(void);

/* NULL is fine. It must not be in force. */
void nm_locale_free(nm_locale l);

/* Puts l on this thread, whatever the process uses. What was there before, for leaving. */
nm_locale nm_locale_enter(nm_locale l);
void nm_locale_leave(nm_locale before);

#endif
