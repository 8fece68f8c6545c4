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
#include <stdint.h>

/* Is DllMain called by the system's loader? Else it is a function like others. */
#if defined(_WIN32)
#define NM_LOADER_CALLS_DLLMAIN true
#else
#define NM_LOADER_CALLS_DLLMAIN false
#endif

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

/* Does it itself ask others for one of these functions? True also where that is not known. */
bool nm_object_imports(void *handle, const char *const *names, unsigned n);

/* What lies at an address of code: the base name of the file into buf, cut to size; its symbol
 * (NULL: none is known; it lives as long as the object) and how far behind that, or else behind
 * the object's beginning, the address is. False: nothing is known. May be called out of a
 * handler of faults. */
bool nm_object_at(
    const void *pc, char *buf, size_t size, const char **ret_symbol, uint64_t *ret_offset);

/* Its destructors run, and its code is gone. */
void nm_object_unload(void *handle);

#endif
