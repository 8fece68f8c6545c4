/* SPDX-License-Identifier: MIT */
/* api/lookback.h -- how far a search for frames may go.
 *
 * Owns:     nothing; the file is read once per process.
 * Uses:     the operating system.
 * Threads:  any thread.
 * Trust:    the file is the administrator's; nonsense in it gives the default.
 */
#ifndef NM_API_LOOKBACK_H
#define NM_API_LOOKBACK_H

#include <stddef.h>
#include <stdint.h>

#define NM_LOOKBACK_DEFAULT UINT32_C(1000) /* frames */

/* The value of the first line MAXLOOKBACK=n in n bytes of text, whatever its
 * section; the default when there is none, or when it is no number above 0. */
uint32_t nm_lookback_from_text(const char *text, size_t n);

/* Frames, from Nmapi.ini in the folder nmapi beside this library. */
uint32_t nm_lookback(void);

#endif
