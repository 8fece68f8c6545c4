/* SPDX-License-Identifier: MIT */
/* report/out.h -- buffered writing that never loses data silently.
 *
 * Owns:     the descriptor and the buffer.
 * Uses:     the operating system.
 * Threads:  belongs to one thread.
 *
 * The first error is kept: everything written after it is dropped, and every
 * function that returns a value returns that errno value from then on. The
 * caller ignores SIGPIPE if it wants to see EPIPE instead of ending.
 */
#ifndef NM_REPORT_OUT_H
#define NM_REPORT_OUT_H

#include <stdbool.h>
#include <stddef.h>

struct nm_out;

/* Create or cut the file at path; NULL or "-" is standard output, of which a
 * duplicate is used. With `whole` a file is made beside it, and takes its place
 * in nm_out_close() if all went well; what is no regular file is written in
 * place. 0 and *ret_o, or an errno value. */
int nm_out_open(const char *path, bool whole, struct nm_out **ret_o);

void nm_out_write(struct nm_out *o, const void *p, size_t n);
void nm_out_puts(struct nm_out *o, const char *s);

/* Keep err as the first error, for trouble met while making the output. */
void nm_out_fail(struct nm_out *o, int err);

/* Hand everything written so far to the system. 0 or the first error. */
int nm_out_flush(struct nm_out *o);
int nm_out_error(const struct nm_out *o);

bool nm_out_is_terminal(const struct nm_out *o);
/* Not a file for later: somebody may read while it is written. */
bool nm_out_is_read_along(const struct nm_out *o);
unsigned nm_out_columns(const struct nm_out *o); /* the terminal's; 0 when there is none */

/* Flush, close, free (NULL is fine). 0 or the first error. */
int nm_out_close(struct nm_out *o);

#endif
