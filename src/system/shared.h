/* SPDX-License-Identifier: MIT */
/* system/shared.h -- memory that two processes see, by a descriptor.
 *
 * Owns:     nothing; descriptors and mappings are the caller's.
 * Uses:     the operating system.
 * Threads:  any.
 * Trust:    what another process may write to is hostile.
 */
#ifndef NM_SYSTEM_SHARED_H
#define NM_SYSTEM_SHARED_H

#include <stdbool.h>
#include <stddef.h>

/* Memory without a name that others can find, empty; `name` is for people who list it. Its
 * descriptor, close-on-exec, which is written to as a file is; or -1 and errno. */
int nm_shared_memory(const char *name);

/* The first `bytes` of it, or of a file, to read and write; it grows to that size. NULL and errno:
 * refused. The descriptor is not needed any more. */
void *nm_shared_map(int fd, size_t bytes);
void nm_shared_unmap(void *p, size_t bytes); /* NULL: nothing */

/* What was mapped is a file that a hostile process can cut: where that is gone, zeros are read from
 * here on, and to read it does not end this process. For one thread. False: no memory. */
bool nm_shared_outlive(void *p, size_t bytes);

#endif
