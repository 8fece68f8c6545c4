/* SPDX-License-Identifier: MIT */
/* Elements of ASN.1's basic encoding into a frame. */
#include "ber.h"
#include "times.h"

#define DEPTH_MAX  32u /* of elements in elements */
#define HEAD_MAX   6u  /* bytes that the host's function reads */
#define NUMBER_MAX 8u
#define BIT_STRING 0x03u

bool ber_at(const struct header *h, DWORD at, struct ber *ret)
{
	uint8_t head[HEAD_MAX] = { 0 };
	DWORD there = at < h->left ? h->left - at : 0, head_bytes, told;
	ULPBYTE content;

	memcpy(head, h->p + (there ? at : 0), there < HEAD_MAX ? there : HEAD_MAX);
	if (there < 2 || !BERGetHeader(head, &ret->tag, &head_bytes, &told, &content) ||
	    head_bytes > there)
		return false;
	ret->at = at + head_bytes;
	ret->told = told;
	ret->size = told < there - head_bytes ? told : there - head_bytes;
	return true;
}

uint64_t ber_bits(const uint8_t *p, DWORD n, bool is_signed)
{
	uint64_t v = is_signed && n > 0 && p[0] & 0x80 ? UINT64_MAX : 0;

	for (DWORD i = 0; i < n; i++)
		v = v << 8 | p[i];
	return v;
}

bool ber_number(const struct header *h, const struct ber *b, int64_t *ret)
{
	if (b->size == 0 || b->size > NUMBER_MAX || b->size < b->told)
		return false;
	*ret = (int64_t)ber_bits(h->p + b->at, b->size, true);
	return true;
}

/* "20160825131903Z" (GeneralizedTime as Kerberos has it); false: it is not. */
static bool time_of(const uint8_t *p, DWORD n, int64_t *ret)
{
	static const uint8_t ends[] = { 4, 6, 8, 10, 12, 14 };
	int64_t v[COUNT(ends)] = { 0 }, year, days;

	if (n != 15 || p[14] != 'Z')
		return false;
	for (unsigned i = 0, at = 0; i < COUNT(ends); i++)
		for (; at < ends[i]; at++) {
			if (p[at] < '0' || p[at] > '9')
				return false;
			v[i] = v[i] * 10 + (p[at] - '0');
		}
	if (v[1] < 1 || v[1] > 12)
		return false;
	/* Days of years that begin in March, so that a leap day is the last one. */
	year = v[0] - (v[1] <= 2);
	days = year * 365 + year / 4 - year / 100 + year / 400 +
	       (153 * (v[1] + (v[1] > 2 ? -3 : 9)) + 2) / 5 + v[2] - 1 - 719468;
	*ret = ((days * 24 + v[3]) * 60 + v[4]) * 60 + v[5];
	return true;
}

/* A row of text or bytes has the content, one of a bit whether it is true, others the
 * number that it is. */
static void attach_value(
    const struct header *h, const struct field *f, const struct ber *b, DWORD flags)
{
	DWORD unused = b->tag == BIT_STRING && b->size > 0; /* a byte that counts unused bits */
	int64_t v;

	if (f->type == PROP_TYPE_TIME)
		time_attach(
		    h, f, b->at, b->size, time_of(h->p + b->at, b->size, &v) ? v : TIME_UNKNOWN, 0);
	else if (f->size == 0)
		field_attach_at(h, f, b->at + unused, b->size - unused, flags);
	else if (f->mask && b->size == 1)
		field_attach_value(h, f, b->at, 1, &(uint8_t){ h->p[b->at] != 0 }, 1, flags);
	else if (ber_number(h, b, &v) && (f->size == 8 || v == (int32_t)v || v == (uint32_t)v))
		field_attach_value(h, f, b->at, b->size, &v, f->size, flags);
	else
		field_attach_at(h, f, b->at, 0, flags | IFLAG_ERROR);
}

/* Behind the count of unused ones; what a short string lacks is 0. */
static void attach_bits(const struct header *h, const struct field *f, const struct ber *b)
{
	uint32_t v = 0;

	for (DWORD i = 1; i < 5; i++)
		v = v << 8 | (i < b->size ? h->p[b->at + i] : 0);
	field_attach_value(h, f, b->at + 1, b->size - 1, &v, 4, 0);
}

struct walk {
	const struct header *h;
	const struct field *fields;
	unsigned depth, elements;
};

static void attach_all(
    struct walk *w, const struct rule *rules, unsigned n, DWORD at, DWORD end, uint64_t told_end);

static void attach_one(
    struct walk *w, const struct rule *r, const struct ber *b, DWORD start, DWORD flags)
{
	struct ber in = *b;

	if (r->heading)
		field_attach_at(
		    w->h, &w->fields[r->heading], start, b->at + b->size - start, flags);
	if (r->wrapped && (!ber_at(w->h, b->at, &in) || in.at > b->at + b->size))
		return;
	if (r->wrapped && in.size > b->at + b->size - in.at) {
		in.size = b->at + b->size - in.at;
		flags |= in.told > b->told ? IFLAG_ERROR : 0;
	}
	if (r->row)
		attach_value(w->h, &w->fields[r->row], &in, flags);
	if (r->bits && in.size > 1)
		attach_bits(w->h, &w->fields[r->bits], &in);
	if (r->inside)
		attach_all(w, r->inside, r->n, in.at, in.at + in.size, in.at + in.told);
}

static void attach_all(
    struct walk *w, const struct rule *rules, unsigned n, DWORD at, DWORD end, uint64_t told_end)
{
	unsigned from = 0;
	struct ber b;

	if (w->depth == DEPTH_MAX)
		return;
	w->depth++;
	for (DWORD next; w->elements < ELEMENTS_MOST && at < end && from < n &&
			 ber_at(w->h, at, &b) && b.at <= end;
	     at = next) {
		DWORD flags = b.at + b.told > told_end ? IFLAG_ERROR : 0;
		unsigned i = from;

		if (b.size > end - b.at)
			b.size = end - b.at;
		next = b.at + b.size;
		while (i < n && rules[i].tag != b.tag)
			i++;
		if (i == n)
			continue;
		w->elements++;
		attach_one(w, &rules[i], &b, at, flags);
		if (!rules[i].many)
			from = i + 1;
	}
	w->depth--;
}

void ber_attach(const struct header *h, const struct field *fields, const struct rule *rules,
    unsigned n, DWORD at, DWORD end)
{
	struct walk w = { h, fields, 0, 0 };

	attach_all(&w, rules, n, at, end, UINT64_MAX);
}
