/* SPDX-License-Identifier: MIT */
/* capture/convoy.h -- processes that read one plain file keep together.
 *
 * Who indexes copies the file out of the page cache into a ring in memory (ring.h), and
 * stays a little ahead of the slowest reader that follows; readers find there what they
 * would have to fetch from the kernel once more, which costs four times as much. A reader
 * that is elsewhere, or whom the index does not wait for, reads the file by itself.
 *
 * Owns:     the ring, and what readers tell.
 * Uses:     ring.h, system/files.h.
 * Threads:  who indexes is one thread; any thread of a reader may read.
 * Trust:    readers are hostile. Whatever they tell, the index gets on by NM_CONVOY_PACE
 *           bytes in each millisecond, but for NM_CONVOY_MS once; they can't write into the
 *           ring. A reader waits for the index no longer than 2 ms, and after that no more.
 */
#ifndef NM_CAPTURE_CONVOY_H
#define NM_CAPTURE_CONVOY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef NM_CONVOY_BYTES
#define NM_CONVOY_BYTES (UINT32_C(4) << 20) /* of the ring */
#endif
#define NM_CONVOY_MS   20u /* how long the first reader may take to come */
#define NM_CONVOY_PACE (NM_CONVOY_BYTES / 8)

struct nm_convoy;

/* Over fd, which is borrowed. NULL: refused; all can do without. */
struct nm_convoy *nm_convoy_new(int fd);
void nm_convoy_free(struct nm_convoy *v); /* NULL is fine */

/* ---- who indexes ---- */

/* Whether readers will come that it is worth waiting for. */
void nm_convoy_expect(struct nm_convoy *v, bool expected);
void nm_convoy_reader_begin(struct nm_convoy *v, unsigned reader);
void nm_convoy_reader_end(struct nm_convoy *v, unsigned reader);

/* Whether the bytes at `at` are to be indexed later, when readers are closer. */
bool nm_convoy_waits(struct nm_convoy *v, uint64_t at);
int nm_convoy_due(
    const struct nm_convoy *v); /* microseconds to the next time to ask; -1: no need */

/* n bytes at offset, for itself and for others, until the next call; NULL: nobody follows,
 * or they can't be read so, and it has to read them by itself. */
uint8_t *nm_convoy_take(struct nm_convoy *v, uint64_t offset, size_t n);

/* It has read all. */
void nm_convoy_end(struct nm_convoy *v);

/* ---- a reader ---- */

/* In the child. False: the kernel refused. */
bool nm_convoy_make_reader(struct nm_convoy *v, unsigned reader);

/* It reads on at `from`: up to where? At least to `want` and at most to `better`; so far
 * nm_convoy_copy gives it, or it reads that by itself. */
uint64_t nm_convoy_await(struct nm_convoy *v, uint64_t from, uint64_t want, uint64_t better);

/* n bytes at offset; false: they are not in memory. */
bool nm_convoy_copy(struct nm_convoy *v, void *to, size_t n, uint64_t offset);

void nm_convoy_wait_far(struct nm_convoy *v, bool far); /* it waits for the whole index */

#endif
