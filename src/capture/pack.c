/* SPDX-License-Identifier: MIT */
/* Four encoders behind one table. */
#include "capture/pack.h"
#include "system/files.h"

#include <lz4frame.h>
#include <lzma.h>
#include <stdint.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>

#define ROOM       (256u << 10)
#define LZ4_STEP   (64u << 10) /* what lz4 makes of it fits into ROOM, with its head and end */
#define GZIP_LEVEL 6
#define ZSTD_LEVEL 3
#define XZ_LEVEL   3 /* 32 MiB of memory; the next would double that */

struct codec {
	bool (*start)(struct nm_packer *p);
	bool (*step)(struct nm_packer *p, const uint8_t *in, size_t n, bool end);
	void (*stop)(struct nm_packer *p);
};

struct nm_packer {
	const struct codec *codec;
	nm_pack_sink sink;
	void *ctx;
	uint8_t *out; /* owned */
	union {
		z_stream z;
		lzma_stream xz;
		ZSTD_CCtx *zstd; /* owned */
		struct {
			LZ4F_cctx *c; /* owned */
			bool begun;
		} lz4;
	} s;
};

static bool give(struct nm_packer *p, size_t n)
{
	return n == 0 || p->sink(p->ctx, p->out, n);
}

/* ---- gzip ---- */

static bool gzip_start(struct nm_packer *p)
{
	p->s.z = (z_stream){ .zalloc = NULL };
	return deflateInit2(
		   &p->s.z, GZIP_LEVEL, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK;
}

static bool gzip_step(struct nm_packer *p, const uint8_t *in, size_t n, bool end)
{
	z_stream *z = &p->s.z;
	int r;

	z->next_in = in;
	z->avail_in = (uInt)n;
	do {
		z->next_out = p->out;
		z->avail_out = ROOM;
		r = deflate(z, end ? Z_FINISH : Z_NO_FLUSH);
		if (r == Z_STREAM_ERROR || !give(p, ROOM - z->avail_out))
			return false;
	} while (z->avail_out == 0 || (end && r != Z_STREAM_END));
	return true;
}

static void gzip_stop(struct nm_packer *p)
{
	(void)deflateEnd(&p->s.z);
}

/* ---- zstd ---- */

static bool zstd_start(struct nm_packer *p)
{
	p->s.zstd = ZSTD_createCCtx();
	return p->s.zstd &&
	       !ZSTD_isError(
		   ZSTD_CCtx_setParameter(p->s.zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL)) &&
	       !ZSTD_isError(ZSTD_CCtx_setParameter(p->s.zstd, ZSTD_c_checksumFlag, 1));
}

static bool zstd_step(struct nm_packer *p, const uint8_t *in, size_t n, bool end)
{
	ZSTD_inBuffer i = { in, n, 0 };
	size_t left;

	do {
		ZSTD_outBuffer o = { p->out, ROOM, 0 };

		left = ZSTD_compressStream2(p->s.zstd, &o, &i, end ? ZSTD_e_end : ZSTD_e_continue);
		if (ZSTD_isError(left) || !give(p, o.pos))
			return false;
	} while (i.pos < i.size || (end && left));
	return true;
}

static void zstd_stop(struct nm_packer *p)
{
	(void)ZSTD_freeCCtx(p->s.zstd);
}

/* ---- lz4 ---- */

static const LZ4F_preferences_t lz4_how = {
	.frameInfo = { .contentChecksumFlag = LZ4F_contentChecksumEnabled },
};

static bool lz4_start(struct nm_packer *p)
{
	p->s.lz4.begun = false;
	return LZ4F_compressBound(LZ4_STEP, &lz4_how) <= ROOM &&
	       !LZ4F_isError(LZ4F_createCompressionContext(&p->s.lz4.c, LZ4F_VERSION));
}

static bool lz4_give(struct nm_packer *p, size_t n)
{
	return !LZ4F_isError(n) && give(p, n);
}

static bool lz4_step(struct nm_packer *p, const uint8_t *in, size_t n, bool end)
{
	LZ4F_cctx *c = p->s.lz4.c;

	if (!p->s.lz4.begun && !lz4_give(p, LZ4F_compressBegin(c, p->out, ROOM, &lz4_how)))
		return false;
	p->s.lz4.begun = true;
	while (n > 0) {
		size_t some = n < LZ4_STEP ? n : LZ4_STEP;

		if (!lz4_give(p, LZ4F_compressUpdate(c, p->out, ROOM, in, some, NULL)))
			return false;
		in += some;
		n -= some;
	}
	return !end || lz4_give(p, LZ4F_compressEnd(c, p->out, ROOM, NULL));
}

static void lz4_stop(struct nm_packer *p)
{
	(void)LZ4F_freeCompressionContext(p->s.lz4.c);
}

/* ---- xz ---- */

static bool xz_start(struct nm_packer *p)
{
	p->s.xz = (lzma_stream)LZMA_STREAM_INIT;
	return lzma_easy_encoder(&p->s.xz, XZ_LEVEL, LZMA_CHECK_CRC64) == LZMA_OK;
}

static bool xz_step(struct nm_packer *p, const uint8_t *in, size_t n, bool end)
{
	lzma_stream *x = &p->s.xz;
	lzma_ret r;

	x->next_in = in;
	x->avail_in = n;
	do {
		x->next_out = p->out;
		x->avail_out = ROOM;
		r = lzma_code(x, end ? LZMA_FINISH : LZMA_RUN);
		if ((r != LZMA_OK && r != LZMA_STREAM_END && r != LZMA_BUF_ERROR) ||
		    !give(p, ROOM - x->avail_out))
			return false;
	} while (x->avail_in > 0 || (end && r != LZMA_STREAM_END));
	return true;
}

static void xz_stop(struct nm_packer *p)
{
	lzma_end(&p->s.xz);
}

/* ---- the table ---- */

static const struct codec codecs[NM_PACKINGS] = {
	[NM_PACKING_GZIP] = { gzip_start, gzip_step, gzip_stop },
	[NM_PACKING_ZSTD] = { zstd_start, zstd_step, zstd_stop },
	[NM_PACKING_LZ4] = { lz4_start, lz4_step, lz4_stop },
	[NM_PACKING_XZ] = { xz_start, xz_step, xz_stop },
};

struct nm_packer *nm_packer_new(enum nm_packing packing, nm_pack_sink sink, void *ctx)
{
	struct nm_packer *p = nm_prim_alloc(sizeof *p);

	if (!p)
		return NULL;
	memset(p, 0, sizeof *p);
	p->codec = &codecs[packing];
	p->sink = sink;
	p->ctx = ctx;
	p->out = nm_prim_alloc(ROOM);
	if (p->out && p->codec->start(p))
		return p;
	nm_packer_free(p);
	return NULL;
}

void nm_packer_free(struct nm_packer *p)
{
	if (!p)
		return;
	p->codec->stop(p);
	nm_prim_free(p->out);
	nm_prim_free(p);
}

bool nm_pack(struct nm_packer *p, const void *in, size_t n)
{
	return n == 0 || p->codec->step(p, in, n, false);
}

bool nm_pack_end(struct nm_packer *p)
{
	return p->codec->step(p, NULL, 0, true);
}
