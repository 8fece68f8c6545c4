/* SPDX-License-Identifier: MIT */
/* system/terminal.h -- standard streams, and how they show text.
 *
 * Owns:     nothing.
 * Uses:     the operating system.
 * Threads:  nm_standard_begin() at the start of a program; the rest from any.
 * Trust:    code points may be anything.
 */
#ifndef NM_SYSTEM_TERMINAL_H
#define NM_SYSTEM_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

/* What a program does first: the descriptors 0 to 2 are there and carry bytes as they are, and
 * a terminal shows UTF-8 and obeys sequences of control characters. What is written to a reader
 * that went away, or past the limit of a file's size, is an error (EPIPE, EFBIG) and no more. */
void nm_standard_begin(void);

/* What errno is to say after the C library could not write to one of them. */
int nm_standard_error(int err);

bool nm_is_terminal(int fd);

/* Columns and rows of the terminal at fd. False, and nothing stored, when it is none or does
 * not say. */
bool nm_terminal_size(int fd, unsigned *ret_columns, unsigned *ret_rows);

/* Is text to have colours? `asked`: 1 yes, 0 no; below that, on a terminal that knows them, unless the
 * user wants none anywhere (https://no-color.org: set and not empty). */
bool nm_wants_colour(int asked, bool terminal);

/* Columns that a character takes on a terminal of UTF-8: 0 to 2, or -1 for what is no character
 * that shows. The thread's locale is one of UTF-8. */
int nm_columns(uint32_t cp);

#endif
