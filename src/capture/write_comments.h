/* SPDX-License-Identifier: MIT */
/* capture/write_comments.h -- comments of frames for a Network Monitor file.
 *
 * Owns:     the table, until it is written (NM_COMMENT_TABLE_MAX bytes at most).
 * Uses:     system/files.h, base/.
 * Threads:  one.
 * Trust:    texts are hostile; what is no UTF-8 is replaced.
 */
#ifndef NM_CAPTURE_WRITE_COMMENTS_H
#define NM_CAPTURE_WRITE_COMMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NM_COMMENT_TABLE_MAX ((size_t)64 << 20)

struct nm_comment_table {
	uint8_t *p; /* owned */
	size_t n, room;
};

/* The comment of the frame whose record is at that place in the file: the first
 * line is the title, the others are the description. False: it is empty, over the
 * limit, or there is no memory. */
bool nm_comment_table_put(struct nm_comment_table *t, uint32_t record, const char *s, size_t n);
void nm_comment_table_done(struct nm_comment_table *t);

#endif
