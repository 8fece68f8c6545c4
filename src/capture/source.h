/* SPDX-License-Identifier: MIT */
/* capture/source.h -- the bytes of a capture, wherever they come from.
 *
 * A plain file is read in place, also while another process still writes it. A
 * stream (a pipe, or a compressed file) is taken in by the process that opened it,
 * for itself and its forked children; how, and why every part of it can be read
 * again, is in stream.h.
 *
 * Owns:     the stream. Borrows the file.
 * Uses:     system/files.h, stream.h, convoy.h, unpack.h.
 * Threads:  until a stream has ended, the process that opened it does that and reads
 *           with one thread; later, and in readers, any may read.
 * Trust:    what comes in is hostile; a stream that never ends is cut where
 *           there is no more room for it, and that is told as damage.
 */
#ifndef NM_CAPTURE_SOURCE_H
#define NM_CAPTURE_SOURCE_H

#include "base/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define NM_BYTES_UNKNOWN ((uint64_t)INT64_MAX) /* the end of a stream has not come yet */

struct nm_source;

/* Use this file for the next stream instead of making one: for a process that may
 * make none. full_fd is read and written by the process that opens the stream,
 * read_fd, the same file, by its forked children; -1: make one. Both are borrowed. */
void nm_source_use_temporary(int full_fd, int read_fd);

/* Over fd, which is borrowed and must stay open. NMERR_SUCCESS, or an NMERR code
 * and *d: it can't be read, holds nothing, or is no file and no stream. */
uint32_t nm_source_open(int fd, struct nm_source **ret_s, struct nm_diag *d);

/* The same over a plain file that another process writes, from its begin on, until *coming, which is
 * borrowed, is zero; what it holds is not unpacked. Any thread may read it. */
uint32_t nm_source_open_growing(
    int fd, const _Atomic uint32_t *coming, struct nm_source **ret_s, struct nm_diag *d);
void nm_source_close(struct nm_source *s); /* NULL is fine */

/* ---- readers: forked children, each with a number below NM_READERS_MAX (ring.h) ---- */

/* Whether some will come: until then not so much is taken in that the first ones would miss it. */
void nm_source_expect_readers(struct nm_source *s, bool expected);
/* Before the fork; and when that process has ended, however it did. */
void nm_source_reader_begin(struct nm_source *s, unsigned reader);
void nm_source_reader_end(struct nm_source *s, unsigned reader);
/* In the child: reads only. False: the kernel refused. */
bool nm_source_make_reader(struct nm_source *s, unsigned reader);
/* In the child: it waits for what only the end tells. */
void nm_source_wait_far(struct nm_source *s, bool far);
/* Whether the bytes at `at` of a plain file are to be indexed later, when readers are closer
 * (convoy.h): nm_source_due says when. */
bool nm_source_waits(struct nm_source *s, uint64_t at);
/* The index is complete. Where that is not the end of a stream nothing more is taken in: the
 * temporary file has what was. */
void nm_source_all_read(struct nm_source *s);

/* Give readers what they wait for; the work is bounded. */
void nm_source_serve(struct nm_source *s);

/* When taking in or serving is worth it again: microseconds, 0 at once, -1 not before
 * nm_source_input has something. */
int nm_source_due(const struct nm_source *s);

/* All of it will be wanted more than once. */
void nm_source_keep(struct nm_source *s);

enum nm_wait {
	NM_WAIT_NOT, /* take what is there; a reader or a slow pipe gets less */
	NM_WAIT,     /* until the bytes are there or the end is known */
};

/* Is a thread told to stop, which another may say at any time? NULL: nobody says it. */
static inline bool nm_is_told(const volatile uint32_t *stop)
{
	return stop && __atomic_load_n(stop, __ATOMIC_RELAXED);
}

/* See to it that the bytes before `end` are there, and those before `better` if
 * that costs no waiting, for who reads on at `from`. Returns how many there are;
 * *ret_total is their number when the end is known, else NM_BYTES_UNKNOWN. *stop
 * non-zero (may be NULL) ends this wait, and those of reading. */
uint64_t nm_source_await(struct nm_source *s, uint64_t from, uint64_t end, uint64_t better,
    enum nm_wait wait, const volatile uint32_t *stop, uint64_t *ret_total);

/* As nm_prim_pread, within what nm_source_await said is there. */
ssize_t nm_source_pread(const struct nm_source *s, void *buf, size_t n, uint64_t offset);

/* The same without a copy, until the next nm_source_await; NULL: only with one. */
uint8_t *nm_source_lend(const struct nm_source *s, uint64_t offset, size_t n);

bool nm_source_is_stream(const struct nm_source *s);       /* its size is known when it has ended */
const char *nm_source_packing(const struct nm_source *s);  /* "gzip", ...; NULL: not compressed */
uint64_t nm_source_input_bytes(const struct nm_source *s); /* taken in so far, before unpacking */

/* What can be polled for more input; -1 when there is nothing to wait for. */
int nm_source_input(const struct nm_source *s);

/* May any thread of this process read it now? */
bool nm_source_is_open_to_all(const struct nm_source *s);

/* Where the bytes are read from: the descriptor a reader must keep open. */
int nm_source_fd(const struct nm_source *s);

/* Why the stream ended before its time, for the process that pulls; NULL: it
 * did not. */
const struct nm_diag *nm_source_harm(const struct nm_source *s);

#endif
