/* SPDX-License-Identifier: MIT */
/* capture/stream_int.h -- what the files of a stream share: stream.c (taking in, reading)
 * and spill.c (the temporary file). */
#ifndef NM_CAPTURE_STREAM_INT_H
#define NM_CAPTURE_STREAM_INT_H

#include "capture/feed.h"
#include "system/files.h"
#include "capture/ring.h"
#include "capture/stream.h"

struct nm_stream {
	struct nm_ring *ring; /* owned */
	int ring_fd;
	void *readers; /* owned; see ring.h */
	int fd;        /* the temporary file: owned, unless lent */
	int read_fd;   /* borrowed; the same to read only; -1: none */
	bool lent;
	const volatile uint32_t *stop; /* borrowed; of the last wait */

	struct nm_ring_reader *me; /* in a reader */
	unsigned own;              /* its number */

	/* the writer */
	struct nm_feed feed;
	struct nm_feed again; /* unpacks once more what is no longer there */
	uint8_t *piece;       /* owned; what it unpacks goes through this */
	bool must_keep;       /* a pipe: nothing of it may be lost */
	bool keeping;         /* what leaves the ring is written */
	bool full;            /* the temporary file took no more */
	bool expecting;       /* no reader has come yet */
	bool blocked;         /* readers are behind */
	uint64_t blocked_at, blocked_ms;
	struct nm_diag harm;
};

#define NM_PATIENCE_MS 250u

/* Take the temporary file that was lent, or make one. NMERR_SUCCESS, or an NMERR code and *d. */
uint32_t nm_spill_open(struct nm_stream *s, struct nm_diag *d);
void nm_spill_close(struct nm_stream *s);

/* From here on what leaves the ring is written. False: there is no room for it. */
bool nm_spill_begin(struct nm_stream *s);

/* Write what comes before byte `to`. 0, or an errno value: it is no longer kept. */
int nm_spill_until(struct nm_stream *s, uint64_t to);

/* Read some bytes at offset, up to n. 0: they are not in the file. */
ssize_t nm_spill_read(const struct nm_stream *s, void *buf, size_t n, uint64_t offset);

/* Unpack once more, a bounded part of what is missing before byte `to`. False: that
 * can't be done. */
bool nm_spill_again(struct nm_stream *s, uint64_t to);

#endif
