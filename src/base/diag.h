/* SPDX-License-Identifier: MIT */
/* base/diag.h -- one sentence about what went wrong, for a person.
 *
 * Owns:     its own text. Library code never prints: it fills one of these and
 *           the caller decides.
 * Threads:  belongs to one thread.
 */
#ifndef NM_BASE_DIAG_H
#define NM_BASE_DIAG_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#define NM_DIAG_TEXT 512 /* bytes with the NUL; longer texts are cut on a character */

struct nm_diag {
	uint32_t code;           /* NMERR_*; 0 when nothing was reported */
	uint64_t offset;         /* byte offset in the input, or UINT64_MAX */
	char text[NM_DIAG_TEXT]; /* one line, no full stop, control characters escaped */
};

#define NM_NO_OFFSET UINT64_MAX

/* Fill *d (which may be NULL) and return code, so that callers can
 * `return nm_diag_set(d, NMERR_..., offset, "...", ...)`. */
uint32_t nm_diag_set(struct nm_diag *d, uint32_t code, uint64_t offset, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Copy src to dst for a person: bytes that are not printable UTF-8 become
 * \xNN. Writes at most size bytes with the NUL, and returns dst. */
char *nm_text_clean(char *dst, uint32_t size, const char *src);

/* As vsnprintf, but a text that is too long loses its middle, for "...": the end of a message
 * says why. Returns dst, which has 8 bytes or more. */
char *nm_text_fit(char *dst, size_t size, const char *fmt, va_list ap)
    __attribute__((format(printf, 3, 0)));

#endif
