/* SPDX-License-Identifier: MIT */
/* Appending numbers and strings to a bounded buffer, and reading strings back. */
#include "wire/wire.h"

void nm_enc_bytes(struct nm_enc *o, const void *p, size_t n)
{
	if (o->full || n > o->cap - o->n) {
		o->full = true;
		return;
	}
	if (n)
		memcpy(o->p + o->n, p, n);
	o->n += n;
}

void nm_enc_u8(struct nm_enc *o, uint8_t v)
{
	nm_enc_bytes(o, &v, 1);
}

void nm_enc_u16(struct nm_enc *o, uint16_t v)
{
	uint8_t b[2];

	nm_put_le16(b, v);
	nm_enc_bytes(o, b, sizeof b);
}

void nm_enc_u32(struct nm_enc *o, uint32_t v)
{
	uint8_t b[4];

	nm_put_le32(b, v);
	nm_enc_bytes(o, b, sizeof b);
}

void nm_enc_u64(struct nm_enc *o, uint64_t v)
{
	uint8_t b[8];

	nm_put_le64(b, v);
	nm_enc_bytes(o, b, sizeof b);
}

#define STR_NULL UINT32_C(0xFFFFFFFF)

void nm_enc_str(struct nm_enc *o, const char *s)
{
	size_t n;

	if (!s) {
		nm_enc_u32(o, STR_NULL);
		return;
	}
	n = strnlen(s, NM_TEXT_MAX);
	nm_enc_u32(o, (uint32_t)n);
	nm_enc_bytes(o, s, n);
	nm_enc_u8(o, 0);
}

const char *nm_cur_str(struct nm_cur *c)
{
	uint32_t n = nm_cur_le32(c);
	const uint8_t *p;

	if (c->bad || n == STR_NULL)
		return NULL;
	p = n <= NM_TEXT_MAX ? nm_cur_take(c, (size_t)n + 1) : NULL;
	if (!p || memchr(p, 0, (size_t)n + 1) != p + n) {
		c->bad = true;
		return NULL;
	}
	return (const char *)p;
}
