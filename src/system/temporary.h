/* SPDX-License-Identifier: MIT */
/* system/temporary.h -- files that nobody else can name.
 *
 * Owns:     nothing; the descriptor is the caller's.
 * Threads:  any.
 */
#ifndef NM_SYSTEM_TEMPORARY_H
#define NM_SYSTEM_TEMPORARY_H

#include <stddef.h>

/* A new file without a name, to read and write, in the folder TMPDIR (not for a program with
 * more rights than its user) or /tmp. Its descriptor, or -1 and errno. */
int nm_temporary_file(void);

/* The same, but its name is put into the `size` bytes at `name` and stays until the caller
 * removes it. */
int nm_temporary_named(char *name, size_t size);

/* Why there is none, for people, into the `size` bytes at `text`: errno was err. */
void nm_temporary_refusal(int err, char *text, size_t size);

#endif
