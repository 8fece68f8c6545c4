/* SPDX-License-Identifier: MIT */
/* capture/pack.h -- plain bytes in, compressed bytes out.
 *
 * The counterpart of unpack.h, by the same libraries and with their own checksums.
 *
 * Owns:     the encoder's state, up to 32 MiB (xz), and a buffer of 256 KiB.
 * Uses:     zlib, libzstd, liblz4, liblzma.
 * Threads:  one encoder, one thread.
 * Trust:    the bytes may be anything.
 */
#ifndef NM_CAPTURE_PACK_H
#define NM_CAPTURE_PACK_H

#include <stdbool.h>
#include <stddef.h>

enum nm_packing {
	NM_PACKING_NONE,
	NM_PACKING_GZIP,
	NM_PACKING_ZSTD,
	NM_PACKING_LZ4,
	NM_PACKING_XZ,
	NM_PACKINGS, /* how many there are */
};

struct nm_packer;

/* Takes compressed bytes. False: it can take no more. */
typedef bool (*nm_pack_sink)(void *ctx, const void *p, size_t n);

/* Not for NM_PACKING_NONE. NULL: out of memory. */
struct nm_packer *nm_packer_new(enum nm_packing packing, nm_pack_sink sink, void *ctx);
void nm_packer_free(struct nm_packer *p);

/* False: the sink took no more, or there is no memory; nothing can follow. */
bool nm_pack(struct nm_packer *p, const void *in, size_t n);

/* The end of the stream; once, after all of nm_pack. */
bool nm_pack_end(struct nm_packer *p);

#endif
