/* SPDX-License-Identifier: MIT */
/* system/library.h -- shared objects, loaded with a reason people can act on.
 *
 * Owns:     nothing; a handle is the caller's, for nm_object_unload.
 * Uses:     the dynamic linker.
 * Threads:  any.
 * Trust:    the file is looked at before the linker maps it: it must be a shared
 *           object for this machine, and whole. Its constructors then run.
 */
#ifndef NM_SYSTEM_LIBRARY_H
#define NM_SYSTEM_LIBRARY_H

#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>

/* Load path; a folder that the user we became may not enter is passed by through
 * file_fd (-1: none). `now` resolves every symbol first. NULL and a sentence when it
 * can't be loaded. */
void *nm_object_load(const char *path, int file_fd, bool now, struct nm_diag *ret_diag);

/* A symbol into the pointer at ret_fn, without the cast that ISO C forbids; false and
 * NULL when there is none. */
bool nm_object_symbol(void *handle, const char *name, void *ret_fn);

/* The path of the loaded object that the address, of code or data, lies in, cut to size.
 * False: none is known. */
bool nm_object_path(const void *address, char *buf, size_t size);

/* Its destructors run, and its code is gone. */
void nm_object_unload(void *handle);

#endif
