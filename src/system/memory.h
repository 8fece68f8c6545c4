/* SPDX-License-Identifier: MIT */
/* system/memory.h -- address space and pages, as the heap asks for them.
 *
 * Owns:     nothing.
 * Threads:  any thread; no call keeps state.
 * Trust:    callers pass ranges inside what nm_prim_reserve gave them.
 *
 * Every address and size below is a multiple of NM_PRIM_PAGE. A port implements
 * this header and nothing else; a test replaces single calls by linker wraps.
 */
#ifndef NM_SYSTEM_MEMORY_H
#define NM_SYSTEM_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#define NM_PRIM_PAGE 4096u /* bytes; what charges are counted in */

/* The largest page of any machine that the system runs on. */
#if defined(_WIN32)
#define NM_PAGE_MOST 4096u
#else
#define NM_PAGE_MOST (64u << 10)
#endif

/* True when the system's pages are no larger than unit bytes, which is what
 * giving back memory in such units needs. */
bool nm_prim_fits(size_t unit);

/* n bytes of address space that nobody may touch yet and that cost nothing;
 * NULL when the system refuses. */
void *nm_prim_reserve(size_t n);

/* Gives back a whole reservation. */
void nm_prim_release(void *p, size_t n);

/* Makes [p, p+n) of a reservation readable and writable; pages that were never
 * written, or were dropped since, read as zero. False: nothing has changed. */
bool nm_prim_commit(void *p, size_t n);

/* Drops the contents of [p, p+n): the pages go back to the system and read as
 * zero when touched again. False: the contents may still be there. */
bool nm_prim_drop(void *p, size_t n);

/* Makes [p, p+n) fault on any access and drops its contents. False: accessible
 * as before. */
bool nm_prim_seal(void *p, size_t n);

/* n bytes, readable, writable and zero, that cost something once they are touched, whatever
 * that is; NULL when the system refuses. Given back with nm_prim_release. */
void *nm_pages_new(size_t n);

enum nm_access { NM_ACCESS_NONE, NM_ACCESS_READ, NM_ACCESS_WRITE };

/* What may be done with [p, p+n), which is of nm_pages_new or of a program's own data, from
 * here on; the contents stay. False: as before. */
bool nm_pages_allow(void *p, size_t n, enum nm_access access);

/* At least n bytes from the start of a page on, zero, which nm_whole_free takes without their
 * size; NULL when there are none. */
void *nm_whole_new(size_t n);
void nm_whole_free(void *p);

/* Once per process before nm_prim_barrier; false when the system has no such
 * barrier, and then nm_prim_barrier must not be called. */
bool nm_prim_barrier_ready(void);

/* Returns after every running thread of the process has gone through a full
 * memory barrier. Costs microseconds, so that the other side costs nothing. */
void nm_prim_barrier(void);

#endif
