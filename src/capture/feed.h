/* SPDX-License-Identifier: MIT */
/* capture/feed.h -- the plain bytes of a stream or a compressed file, one after another.
 *
 * Owns:     the decoder and 128 KiB of input. Borrows the descriptor.
 * Uses:     system/files.h, unpack.h.
 * Threads:  one feed, one thread.
 * Trust:    what comes in is hostile; work per call is bounded by the two buffers.
 */
#ifndef NM_CAPTURE_FEED_H
#define NM_CAPTURE_FEED_H

#include "base/diag.h"
#include "capture/unpack.h"

struct nm_feed {
	int fd;              /* borrowed */
	bool is_file;        /* read from `at` on, wherever others are in it; never waits */
	uint64_t at;         /* bytes taken in so far, before unpacking */
	const char *packing; /* NULL: the bytes are plain */
	struct nm_unpacker *unpacker; /* owned; NULL: the bytes are plain */
	uint8_t *in;                  /* owned */
	size_t in_at, in_n;
	int err;      /* of the read that failed; 0: none */
	bool between; /* a compressed stream is whole, and nothing of another was seen */
};

/* Look at the first bytes, waiting for them. NMERR_SUCCESS, or an NMERR code and *d;
 * done() is safe either way. */
uint32_t nm_feed_open(struct nm_feed *f, int fd, bool is_file, struct nm_diag *d);
void nm_feed_done(struct nm_feed *f);

/* The next call does not wait. */
bool nm_feed_is_ready(const struct nm_feed *f);

enum nm_fed {
	NM_FED_MORE, /* go on */
	NM_FED_END,
	NM_FED_HARMED, /* it ends here, before its time */
};

/* Put the next bytes into out: *ret_n of them, perhaps none. With HARMED *ret_code
 * and *ret_why (static) say why. */
enum nm_fed nm_feed_next(struct nm_feed *f, uint8_t *out, size_t room, size_t *ret_n,
    uint32_t *ret_code, const char **ret_why);

#endif
