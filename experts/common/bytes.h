/* SPDX-License-Identifier: MIT */
/* common/bytes.h -- numbers out of frame bytes, which lie at any address. */
#ifndef EXPERTS_COMMON_BYTES_H
#define EXPERTS_COMMON_BYTES_H

#include <stdint.h>
#include <string.h>

static inline unsigned be16(const uint8_t *p)
{
	return (unsigned)p[0] << 8 | p[1];
}

static inline uint32_t be32(const uint8_t *p)
{
	return (uint32_t)be16(p) << 16 | be16(p + 2);
}

static inline unsigned le16(const uint8_t *p)
{
	return (unsigned)p[1] << 8 | p[0];
}

static inline uint32_t le32(const uint8_t *p)
{
	return (uint32_t)le16(p + 2) << 16 | le16(p);
}

/* In the machine's own order: for sums and copies that do not care. */
static inline uint16_t raw16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

static inline uint32_t raw32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

static inline uint64_t raw64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof v);
	return v;
}

#endif
