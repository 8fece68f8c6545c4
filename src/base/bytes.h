/* SPDX-License-Identifier: MIT */
/* base/bytes.h -- reading and writing bytes whose origin is not trusted.
 *
 * Owns:     nothing.
 * Uses:     the C library only.
 * Threads:  pure functions; a cursor belongs to one thread.
 * Trust:    every byte behind a cursor is hostile; every take is bounded.
 */
#ifndef NM_BASE_BYTES_H
#define NM_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Unaligned loads and stores in a stated byte order. */
static inline uint16_t nm_le16(const void *p)
{
	uint16_t v;
	memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap16(v);
#endif
	return v;
}

static inline uint32_t nm_le32(const void *p)
{
	uint32_t v;
	memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap32(v);
#endif
	return v;
}

static inline uint64_t nm_le64(const void *p)
{
	uint64_t v;
	memcpy(&v, p, sizeof v);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

static inline uint16_t nm_be16(const void *p)
{
	return __builtin_bswap16(nm_le16(p));
}

static inline uint32_t nm_be32(const void *p)
{
	return __builtin_bswap32(nm_le32(p));
}

static inline uint64_t nm_be64(const void *p)
{
	return __builtin_bswap64(nm_le64(p));
}

static inline void nm_put_le16(void *p, uint16_t v)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap16(v);
#endif
	memcpy(p, &v, sizeof v);
}

static inline void nm_put_le32(void *p, uint32_t v)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap32(v);
#endif
	memcpy(p, &v, sizeof v);
}

static inline void nm_put_le64(void *p, uint64_t v)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	memcpy(p, &v, sizeof v);
}

/* A cursor over borrowed bytes that knows what is left. A take that does not
 * fit sets `bad`, returns zero or NULL, and so does every take after it: a
 * decoder may take a whole message and ask once at the end. */
struct nm_cur {
	const uint8_t *p; /* borrowed; next byte */
	size_t left;      /* bytes at p */
	bool bad;         /* a take did not fit */
};

static inline struct nm_cur nm_cur_over(const void *p, size_t n)
{
	return (struct nm_cur){ .p = p, .left = n };
}

/* n bytes, borrowed as long as the memory under the cursor; NULL when fewer
 * are left. n == 0 gives a pointer that must not be read. */
static inline const uint8_t *nm_cur_take(struct nm_cur *c, size_t n)
{
	const uint8_t *p = c->p;

	if (c->bad || n > c->left) {
		c->bad = true;
		return NULL;
	}
	c->p += n;
	c->left -= n;
	return p;
}

/* A whole message was read: nothing went wrong and nothing is left over. */
static inline bool nm_cur_whole(const struct nm_cur *c)
{
	return !c->bad && c->left == 0;
}

static inline uint8_t nm_cur_u8(struct nm_cur *c)
{
	const uint8_t *p = nm_cur_take(c, 1);
	return p ? *p : 0;
}

static inline uint16_t nm_cur_le16(struct nm_cur *c)
{
	const uint8_t *p = nm_cur_take(c, 2);
	return p ? nm_le16(p) : 0;
}

static inline uint32_t nm_cur_le32(struct nm_cur *c)
{
	const uint8_t *p = nm_cur_take(c, 4);
	return p ? nm_le32(p) : 0;
}

static inline uint64_t nm_cur_le64(struct nm_cur *c)
{
	const uint8_t *p = nm_cur_take(c, 8);
	return p ? nm_le64(p) : 0;
}

/* Checked arithmetic: false, and *ret untouched, when the result overflows. */
static inline bool nm_add_size(size_t a, size_t b, size_t *ret)
{
	size_t r;
	if (__builtin_add_overflow(a, b, &r))
		return false;
	*ret = r;
	return true;
}

static inline bool nm_mul_size(size_t a, size_t b, size_t *ret)
{
	size_t r;
	if (__builtin_mul_overflow(a, b, &r))
		return false;
	*ret = r;
	return true;
}

#endif
