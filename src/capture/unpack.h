/* SPDX-License-Identifier: MIT */
/* capture/unpack.h -- compressed bytes in, plain bytes out.
 *
 * gzip, zstd, lz4 (frames) and xz, through their own libraries: one library for
 * all of them would bring a dozen others into every process.
 *
 * Owns:     the decoder's state, up to 64 MiB; a stream that needs more is refused.
 * Uses:     zlib, libzstd, liblz4, liblzma.
 * Threads:  one decoder, one thread.
 * Trust:    the bytes are hostile; work per call is bounded by the two buffers.
 */
#ifndef NM_CAPTURE_UNPACK_H
#define NM_CAPTURE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nm_unpacker;

/* What the first n bytes are compressed with: "gzip", "zstd", "lz4", "xz"; NULL:
 * none of these. Six bytes are enough, but for zstd and lz4 behind frames that
 * both pass over: "zstd" if the n bytes don't reach behind them. Static. */
const char *nm_unpack_detect(const uint8_t *p, size_t n);

/* A decoder for a name of nm_unpack_detect; NULL: out of memory. */
struct nm_unpacker *nm_unpacker_new(const char *name);
void nm_unpacker_free(struct nm_unpacker *u);

#define NM_UNPACK_DICTIONARY_LOG 26 /* 64 MiB */

enum nm_unpacked {
	NM_UNPACKED_MORE,  /* go on: with more input when none is left, else with more room */
	NM_UNPACKED_WHOLE, /* a stream ended here; another may follow */
	/* Nothing can follow these. */
	NM_UNPACKED_BAD,       /* no valid data */
	NM_UNPACKED_LARGE,     /* it was made with a dictionary of over 64 MiB */
	NM_UNPACKED_NO_MEMORY, /* out of memory */
};

/* Decode from *in (moved on, *in_n reduced) into out. *ret_n: bytes written. */
enum nm_unpacked nm_unpack(struct nm_unpacker *u, const uint8_t **in, size_t *in_n, uint8_t *out,
    size_t room, size_t *ret_n);

#endif
