/* SPDX-License-Identifier: MIT */
/* capture/ring.h -- the latest bytes of a stream, in memory that processes share.
 *
 * One process writes, its forked children read what is published. Bytes may be
 * overwritten while a reader copies them: it looks afterwards whether they were
 * still there, and what it copied counts only then.
 *
 *     0 .. again_to   kept_from .. kept_to        oldest ........ bytes
 *     in the temporary file                       in the ring
 *
 * With kept_to >= oldest nothing from kept_from on is lost; between again_to and
 * kept_from is what has to be unpacked again when it is wanted.
 *
 * Owns:     the ring. Uses: system/files.h.
 * Threads:  see above; the writer is one thread.
 * Trust:    readers can't write into it once they are sealed.
 */
#ifndef NM_CAPTURE_RING_H
#define NM_CAPTURE_RING_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for two of the largest blocks of lz4, the most that is unpacked at once: who takes in less
 * has less, which stays in the caches that the processors share. The rare window that is larger
 * is read through the temporary file. */
#ifndef NM_RING_BYTES
#define NM_RING_BYTES (UINT32_C(8) << 20)
#endif

#define NM_READERS_MAX 64u /* processes that read one stream at a time */

struct nm_ring {
	_Atomic uint64_t bytes;     /* of the stream, so far */
	_Atomic uint64_t oldest;    /* the first one that is still in memory */
	_Atomic uint64_t kept_from; /* UINT64_MAX: nothing is kept */
	_Atomic uint64_t kept_to;
	_Atomic uint64_t again_to;
	_Atomic uint32_t ended;
	_Atomic uint32_t lost; /* what is not in the ring or the file will never be */
	uint32_t size;         /* constant: bytes of room, a power of two */
};

/* What a reader wants of the writer: each has a page of its own, and can do no more with
 * it than be served badly. */
struct nm_ring_reader {
	_Atomic uint32_t active; /* set by the writer, before it forks the reader */
	_Atomic uint32_t far;    /* it waits for the end, and will want all the rest again */
	_Atomic uint64_t at;     /* it reads on from here */
	_Atomic uint64_t end;    /* up to here, which it may wait for */
	_Atomic uint64_t lost; /* the byte it waits for that is no longer there, plus 1; 0: none */
};

/* With room for `size` bytes, a power of two and whole pages. NULL: refused. */
struct nm_ring *nm_ring_new(uint32_t size, int *ret_fd);
bool nm_ring_seal(struct nm_ring *r, int fd);
void nm_ring_free(struct nm_ring *r, int fd);

static inline uint64_t nm_ring_get(const _Atomic uint64_t *p)
{
	return atomic_load_explicit(p, memory_order_acquire);
}

static inline void nm_ring_put(_Atomic uint64_t *p, uint64_t v)
{
	atomic_store_explicit(p, v, memory_order_release);
}

/* Where byte `offset` of the stream is, or goes; the ring's size from there on is in one piece. */
uint8_t *nm_ring_place(const struct nm_ring *r, uint64_t offset);

/* Copy n bytes that were published. False: they are not all there any more. */
bool nm_ring_copy(const struct nm_ring *r, void *to, size_t n, uint64_t offset);

/* The writer: no more will come. */
void nm_ring_end(struct nm_ring *r);
bool nm_ring_has_ended(const struct nm_ring *r);

/* The writer: what lies before `oldest` is about to be overwritten. */
void nm_ring_drop(struct nm_ring *r, uint64_t oldest);

/* Pages for NM_READERS_MAX readers; NULL: refused. */
void *nm_ring_readers_new(void);
struct nm_ring_reader *nm_ring_reader(void *readers, unsigned i);
void nm_ring_readers_free(void *readers);
/* The writer: before it forks the reader, and once that has ended. */
void nm_ring_reader_begin(void *readers, unsigned i);
void nm_ring_reader_end(void *readers, unsigned i);
bool nm_ring_reader_is_active(const struct nm_ring_reader *r);
/* In a reader: only its own page stays, until it leaves. */
struct nm_ring_reader *nm_ring_readers_keep(void *readers, unsigned own);
void nm_ring_reader_leave(struct nm_ring_reader *own);

#endif
