/* SPDX-License-Identifier: MIT */
/* system/descriptors.h -- other descriptors for what one has, or for what has a name.
 *
 * All that are made are close-on-exec and the caller's; -1 and errno: refused.
 *
 * Owns:     nothing.
 * Uses:     the operating system.
 * Threads:  any.
 * Trust:    a name may be anything's.
 */
#ifndef NM_SYSTEM_DESCRIPTORS_H
#define NM_SYSTEM_DESCRIPTORS_H

#include <stddef.h>

/* The same once more, above those of the standard streams. */
int nm_fd_copy(int fd);

/* The same file, only to read, with a place of its own in it. */
int nm_fd_to_read(int fd);

/* What is there by that name, to write. ENXIO: a pipe that nobody reads yet; it is not waited for. */
int nm_fd_to_write(const char *path);

/* A file or folder, which it only names: nothing can be read through it. */
int nm_fd_of_name(const char *path);
int nm_fd_of_folder(const char *path); /* ENOTDIR: it is none */

/* A path by which this process can open the same file as long as fd is open; "" when there is
 * none. */
void nm_fd_path(int fd, char *buf, size_t size);

#endif
