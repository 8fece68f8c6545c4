/* SPDX-License-Identifier: MIT */
/* capture/records.h -- what Network Monitor puts between frames, told for people.
 *
 * Owns:     nothing.
 * Uses:     capture.h, base/.
 * Threads:  pure functions.
 * Trust:    records are hostile; nothing beyond their bytes is read, and a list ends
 *           where the record or the text does, whatever its counts say.
 */
#ifndef NM_CAPTURE_RECORDS_H
#define NM_CAPTURE_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NM_RECORD_PROVIDER 16u /* bytes of the name of who wrote an event: a GUID */

/* The text of a filter or of network info, NUL-terminated, several lines; false: the
 * link type is of none of them, or there is too little of it. */
bool nm_record_text(uint32_t link_type, const uint8_t *p, size_t n, char *dst, size_t room);

/* Who wrote an event; borrowed from p. NULL: it is no event, or too short. */
const uint8_t *nm_record_provider(uint32_t link_type, const uint8_t *p, size_t n);

#endif
