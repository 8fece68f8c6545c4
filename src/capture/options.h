/* SPDX-License-Identifier: MIT */
/* capture/options.h -- options of pcapng, encoded as they are written.
 *
 * Owns:     its bytes.
 * Uses:     system/files.h, base/.
 * Threads:  one list, one thread.
 * Trust:    values are hostile; a list has a limit, beyond which options are refused.
 */
#ifndef NM_CAPTURE_OPTIONS_H
#define NM_CAPTURE_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NM_OPTIONS_MAX (UINT32_C(512) << 10) /* bytes of the options of one block */

struct nm_options {
	uint8_t *p; /* owned; code, length, value, padding, one option after another */
	size_t n, room;
};

/* False: over the limit, or out of memory; the list is as before. */
bool nm_options_put(struct nm_options *o, uint16_t code, const void *p, uint16_t n);
void nm_options_done(struct nm_options *o);

#endif
