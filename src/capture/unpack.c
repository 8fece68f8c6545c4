/* SPDX-License-Identifier: MIT */
/* Four decoders behind one table. */
#include "capture/unpack.h"
#include "base/bytes.h"
#include "system/files.h"

#include <lz4frame.h>
#include <lzma.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

/* What liblzma may take: the dictionary, and under 1 MiB of state. */
#define XZ_MEMORY ((UINT64_C(1) << NM_UNPACK_DICTIONARY_LOG) + (UINT64_C(1) << 20))

struct codec {
	const char *name;
	uint8_t magic[6], n_magic;
	bool (*start)(struct nm_unpacker *u);
	enum nm_unpacked (*step)(struct nm_unpacker *u, const uint8_t **in, size_t *in_n,
	    uint8_t *out, size_t room, size_t *ret_n);
	void (*stop)(struct nm_unpacker *u);
};

struct nm_unpacker {
	const struct codec *codec;
	union {
		z_stream z;
		lzma_stream xz;
		ZSTD_DStream *zstd; /* owned */
		LZ4F_dctx *lz4;     /* owned */
	} s;
};

/* ---- gzip ---- */

static bool gzip_start(struct nm_unpacker *u)
{
	u->s.z = (z_stream){ .zalloc = NULL };
	return inflateInit2(&u->s.z, 16 + MAX_WBITS) == Z_OK;
}

static enum nm_unpacked gzip_step(struct nm_unpacker *u, const uint8_t **in, size_t *in_n,
    uint8_t *out, size_t room, size_t *ret_n)
{
	z_stream *z = &u->s.z;
	int r;

	z->next_in = *in;
	z->avail_in = (uInt)*in_n;
	z->next_out = out;
	z->avail_out = (uInt)room;
	r = inflate(z, Z_NO_FLUSH);
	*in = z->next_in;
	*in_n = z->avail_in;
	*ret_n = room - z->avail_out;
	if (r == Z_STREAM_END)
		return inflateReset(z) == Z_OK ? NM_UNPACKED_WHOLE : NM_UNPACKED_BAD;
	if (r == Z_MEM_ERROR)
		return NM_UNPACKED_NO_MEMORY;
	return r == Z_OK || r == Z_BUF_ERROR ? NM_UNPACKED_MORE : NM_UNPACKED_BAD;
}

static void gzip_stop(struct nm_unpacker *u)
{
	(void)inflateEnd(&u->s.z);
}

/* ---- xz ---- */

static bool xz_start(struct nm_unpacker *u)
{
	u->s.xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_stream_decoder(&u->s.xz, XZ_MEMORY, 0) == LZMA_OK;
}

static enum nm_unpacked xz_step(struct nm_unpacker *u, const uint8_t **in, size_t *in_n,
    uint8_t *out, size_t room, size_t *ret_n)
{
	lzma_stream *x = &u->s.xz;
	lzma_ret r;

	x->next_in = *in;
	x->avail_in = *in_n;
	x->next_out = out;
	x->avail_out = room;
	r = lzma_code(x, LZMA_RUN);
	*in = x->next_in;
	*in_n = x->avail_in;
	*ret_n = room - x->avail_out;
	if (r == LZMA_STREAM_END) /* the stream is set up anew, keeping its memory */
		return lzma_stream_decoder(x, XZ_MEMORY, 0) == LZMA_OK ? NM_UNPACKED_WHOLE
								       : NM_UNPACKED_NO_MEMORY;
	if (r == LZMA_MEM_ERROR)
		return NM_UNPACKED_NO_MEMORY;
	if (r == LZMA_MEMLIMIT_ERROR)
		return NM_UNPACKED_LARGE;
	return r == LZMA_OK || r == LZMA_BUF_ERROR ? NM_UNPACKED_MORE : NM_UNPACKED_BAD;
}

static void xz_stop(struct nm_unpacker *u)
{
	lzma_end(&u->s.xz);
}

/* ---- zstd ---- */

static bool zstd_start(struct nm_unpacker *u)
{
	u->s.zstd = ZSTD_createDStream();
	return u->s.zstd && !ZSTD_isError(ZSTD_initDStream(u->s.zstd)) &&
	       !ZSTD_isError(ZSTD_DCtx_setParameter(
		   u->s.zstd, ZSTD_d_windowLogMax, NM_UNPACK_DICTIONARY_LOG));
}

static enum nm_unpacked zstd_step(struct nm_unpacker *u, const uint8_t **in, size_t *in_n,
    uint8_t *out, size_t room, size_t *ret_n)
{
	ZSTD_inBuffer i = { *in, *in_n, 0 };
	ZSTD_outBuffer o = { out, room, 0 };
	size_t r = ZSTD_decompressStream(u->s.zstd, &o, &i);

	*in += i.pos;
	*in_n -= i.pos;
	*ret_n = o.pos;
	switch (ZSTD_getErrorCode(r)) {
	case ZSTD_error_no_error: break;
	case ZSTD_error_memory_allocation: return NM_UNPACKED_NO_MEMORY;
	case ZSTD_error_frameParameter_windowTooLarge: return NM_UNPACKED_LARGE;
	default: return NM_UNPACKED_BAD;
	}
	return r == 0 ? NM_UNPACKED_WHOLE : NM_UNPACKED_MORE;
}

static void zstd_stop(struct nm_unpacker *u)
{
	(void)ZSTD_freeDStream(u->s.zstd);
}

/* ---- lz4 ---- */

static bool lz4_start(struct nm_unpacker *u)
{
	return !LZ4F_isError(LZ4F_createDecompressionContext(&u->s.lz4, LZ4F_VERSION));
}

static enum nm_unpacked lz4_step(struct nm_unpacker *u, const uint8_t **in, size_t *in_n,
    uint8_t *out, size_t room, size_t *ret_n)
{
	size_t used = *in_n, made = room;
	size_t r = LZ4F_decompress(u->s.lz4, out, &made, *in, &used, NULL);

	*in += used;
	*in_n -= used;
	*ret_n = made;
	if (LZ4F_isError(r)) /* its codes have public names only */
		return strcmp(LZ4F_getErrorName(r), "ERROR_allocation_failed") == 0
			   ? NM_UNPACKED_NO_MEMORY
			   : NM_UNPACKED_BAD;
	return r == 0 ? NM_UNPACKED_WHOLE : NM_UNPACKED_MORE;
}

static void lz4_stop(struct nm_unpacker *u)
{
	(void)LZ4F_freeDecompressionContext(u->s.lz4);
}

/* ---- the table ---- */

static const struct codec codecs[] = {
	{ "gzip", { 0x1f, 0x8b, 8 }, 3, gzip_start, gzip_step, gzip_stop },
	{ "zstd", { 0x28, 0xb5, 0x2f, 0xfd }, 4, zstd_start, zstd_step, zstd_stop },
	{ "lz4", { 0x04, 0x22, 0x4d, 0x18 }, 4, lz4_start, lz4_step, lz4_stop },
	{ "xz", { 0xfd, '7', 'z', 'X', 'Z', 0 }, 6, xz_start, xz_step, xz_stop },
};

#define CODECS (sizeof codecs / sizeof *codecs)

#define SKIPPABLE_HEAD 8u

/* A frame that the decoders of zstd and lz4 pass over: one of 16 magic numbers, its length, and
 * what is for another program. pzstd begins each file with one. */
static bool is_skippable(const uint8_t *p, size_t n)
{
	return n >= 4 && (nm_le32(p) & ~UINT32_C(0xf)) == 0x184d2a50;
}

/* How much of it is in the first n bytes. */
static size_t skippable_bytes(const uint8_t *p, size_t n)
{
	uint64_t all = n < SKIPPABLE_HEAD ? n : SKIPPABLE_HEAD + (uint64_t)nm_le32(p + 4);

	return all < n ? (size_t)all : n;
}

const char *nm_unpack_detect(const uint8_t *p, size_t n)
{
	bool skipped = false;

	while (is_skippable(p, n)) {
		size_t frame = skippable_bytes(p, n);

		p += frame;
		n -= frame;
		skipped = true;
	}
	for (size_t i = 0; i < CODECS; i++)
		if (n >= codecs[i].n_magic && memcmp(p, codecs[i].magic, codecs[i].n_magic) == 0)
			return codecs[i].name;
	return skipped ? "zstd" : NULL;
}

struct nm_unpacker *nm_unpacker_new(const char *name)
{
	struct nm_unpacker *u = nm_prim_alloc(sizeof *u);

	for (size_t i = 0; u && i < CODECS; i++) {
		if (strcmp(codecs[i].name, name) != 0)
			continue;
		memset(u, 0, sizeof *u);
		u->codec = &codecs[i];
		if (u->codec->start(u))
			return u;
		u->codec->stop(u);
		break;
	}
	nm_prim_free(u);
	return NULL;
}

void nm_unpacker_free(struct nm_unpacker *u)
{
	if (!u)
		return;
	u->codec->stop(u);
	nm_prim_free(u);
}

enum nm_unpacked nm_unpack(struct nm_unpacker *u, const uint8_t **in, size_t *in_n, uint8_t *out,
    size_t room, size_t *ret_n)
{
	return u->codec->step(u, in, in_n, out, room, ret_n);
}
