/* SPDX-License-Identifier: MIT */
/* base/nmerr.h -- names and texts of the NMERR_ codes.
 *
 * The codes themselves are constants of <netmon.h>; nmerr.def lists each once
 * with the sentence a person reads. NMERR codes are the error vocabulary of
 * the whole library: internal functions return one (uint32_t), 0 is success.
 */
#ifndef NM_BASE_NMERR_H
#define NM_BASE_NMERR_H

#include <stdint.h>

/* "NMERR_OUT_OF_MEMORY", or NULL for a number that is no NMERR code. Static. */
const char *nm_err_name(uint32_t code);

/* One sentence without a full stop; "unknown error" for other numbers. Static. */
const char *nm_err_text(uint32_t code);

/* The calling thread's last error, as BhGetLastError and BhSetLastError see it. */
uint32_t nm_last_error(void);
void nm_set_last_error(uint32_t code);

#endif
