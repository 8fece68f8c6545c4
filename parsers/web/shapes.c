/* SPDX-License-Identifier: MIT */
/* Numbers and vectors into a frame. */
#include "shapes.h"

#include "../common/times.h"

static DWORD number(const uint8_t *p, unsigned size)
{
	return size == 1 ? *p : size == 2 ? be16(p) : be24(p);
}

DWORD vector_at(const struct header *h, DWORD at, unsigned length, struct header *ret)
{
	DWORD n;

	*ret = (struct header){ h->frame, h->p + h->left, 0 };
	if (at > h->left || h->left - at < length)
		return h->left;
	n = number(h->p + at, length);
	at += length;
	ret->p = h->p + at;
	ret->left = n < h->left - at ? n : h->left - at;
	return at + ret->left;
}

/* A row has 1, 2, 4 or 8 bytes: one of 4 has a number of three as its value. */
void number_attach(
    const struct header *h, const struct field *f, DWORD at, unsigned size, DWORD flags)
{
	uint32_t n;

	if (at >= h->left)
		return;
	if (size != 3 || h->left - at < size) {
		field_attach_at(h, f, at, size, flags);
		return;
	}
	n = be24(h->p + at);
	field_attach_value(h, f, at, size, &n, sizeof n, flags);
}

static uint64_t be64(const uint8_t *p)
{
	return (uint64_t)be32(p) << 32 | be32(p + 4);
}

static DWORD attach_plain(const struct header *h, const struct field *f, DWORD at)
{
	DWORD size = f->size ? f->size : h->left - at;

	if (f->type != PROP_TYPE_TIME || h->left - at < size)
		field_attach_at(h, f, at, size, 0);
	else if (size == 4)
		time_attach(h, f, at, size, be32(h->p + at), 0);
	else
		time_attach(h, f, at, size, (int64_t)(be64(h->p + at) / 1000),
		    (WORD)(be64(h->p + at) % 1000));
	return size < h->left - at ? at + size : h->left;
}

static void attach_content(
    const struct header *v, const struct field *fields, const struct shape *s, DWORD beyond)
{
	DWORD step = s->each ? fields[s->each].size : 0, at = 0;

	if (s->content && v->left)
		field_attach_at(v, &fields[s->content], 0, v->left, 0);
	for (unsigned i = 0; s->each && i < ELEMENTS_MOST && i * step < v->left; i++)
		field_attach_at(v, &fields[s->each], i * step, step, 0);
	for (unsigned i = 0; s->inner && i < ELEMENTS_MOST && at < v->left; i++)
		at = shapes_attach(v, fields, s->inner, s->n, at, beyond);
}

static DWORD attach_vector(const struct header *h, const struct field *fields,
    const struct shape *s, DWORD at, DWORD beyond)
{
	bool has_length = h->left - at >= s->length;
	struct header v;
	DWORD end = vector_at(h, at, s->length, &v);
	bool is_cut = has_length && number(h->p + at, s->length) > v.left;

	number_attach(h, &fields[s->row], at, s->length, is_cut ? beyond : 0);
	attach_content(&v, fields, s, is_cut ? beyond : IFLAG_ERROR);
	return end;
}

DWORD shapes_attach(const struct header *h, const struct field *fields, const struct shape *s,
    unsigned n, DWORD at, DWORD beyond)
{
	for (; n > 0 && at < h->left; n--, s++)
		at = s->length ? attach_vector(h, fields, s, at, beyond)
			       : attach_plain(h, &fields[s->row], at);
	return at;
}
