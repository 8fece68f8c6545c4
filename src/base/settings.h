/* SPDX-License-Identifier: MIT */
/* base/settings.h -- settings by name: rows of NMEXPERTFIELD, the bytes that they name, and
 * what people write for them.
 *
 * Owns:     nothing.
 * Uses:     netmon.h for the rows, diag.h for sentences.
 * Threads:  pure functions.
 * Trust:    rows, bytes and text are anybody's. Rows must have passed nm_settings_check()
 *           before anything else is done with them; strings in them are NUL-terminated.
 */
#ifndef NM_BASE_SETTINGS_H
#define NM_BASE_SETTINGS_H

#include "base/diag.h"

#include <netmon.h>
#include <stdbool.h>
#include <stddef.h>

#define NM_SETTINGS_MOST  (NMFIELD_MAX - 1)
#define NM_SETTINGS_BYTES 65536u /* of a blob, with its length */
#define NM_SETTING_TEXT   16384u /* bytes of any value as text, with the NUL */

/* The rows are a table: every one by itself, none beside another's bytes or name. False and a
 * sentence that names the row. */
bool nm_settings_check(const NMEXPERTFIELD *rows, unsigned n, struct nm_diag *d);

/* Bytes of the blob, with its length. */
uint32_t nm_settings_length(const NMEXPERTFIELD *rows, unsigned n);

/* What became of bytes that were stored. */
struct nm_settings_kept {
	unsigned missing;  /* settings beyond their end: these have their defaults */
	unsigned wrong;    /* settings whose value fits no more: likewise */
	const char *first; /* of those, borrowed; NULL: none */
};

/* The blob of nm_settings_length() bytes: defaults, and over them what fits of stored[0..n),
 * an EXPERTCONFIG (NULL: none). */
struct nm_settings_kept nm_settings_fill(
    const NMEXPERTFIELD *rows, unsigned n_rows, const uint8_t *stored, size_t n, uint8_t *blob);

/* Put what people write into the blob; false and why it is no value, with the valid ones; then
 * the blob is as it was. */
bool nm_setting_put(const NMEXPERTFIELD *row, const char *text, uint8_t *blob, struct nm_diag *d);

/* The value in the blob as people write it, in buf, which has NM_SETTING_TEXT bytes. */
const char *nm_setting_text(const NMEXPERTFIELD *row, const uint8_t *blob, char *buf);

/* The row of this name, or NULL and in *ret_near the name that may be meant (NULL: none). */
const NMEXPERTFIELD *nm_setting_find(
    const NMEXPERTFIELD *rows, unsigned n, const char *name, size_t name_n, const char **ret_near);

/* Bytes of a name at s that a '=' follows; 0: s begins with none. */
size_t nm_setting_name(const char *s);

/* Settings stand one behind another: "a=1,b=2". Where a value holds a ',' and what looks like a
 * name, another mark parts them, which then stands before the first, too: "+a=1,c=3+b=2". */
#define NM_SETTING_MARKS "+;|"

/* What parts the settings that s begins with: ',' or one of the marks; '\0': it begins with none. */
char nm_settings_mark(const char *s);

/* "number", "yes or no", "one of", "some of", "text", "numbers". Static. */
const char *nm_setting_kind(uint32_t type);

#endif
