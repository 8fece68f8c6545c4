/* SPDX-License-Identifier: MIT */
/* Options, tags and chunks into a frame. */
#include "list.h"

/* In the byte order of the field. */
static uint32_t number(const struct field *f, const uint8_t *p)
{
	bool big = f->flags & IFLAG_SWAPPED || f->mask;

	switch (f->size) {
	case 1: return *p;
	case 2: return big ? be16(p) : le16(p);
	default: return big ? be32(p) : le32(p);
	}
}

bool element_attach(const struct header *h, const struct field *fields,
    const struct element *elements, unsigned n, uint32_t type)
{
	struct header part = *h;

	while (n > 0 && elements->type != type)
		elements++, n--;
	if (n == 0)
		return false;
	fields_attach(&part, &fields[elements->first], elements->n);
	for (unsigned i = 1; i < ELEMENTS_MOST && elements->every &&
			     part.left > (DWORD)elements->every + fields[elements->first].at;
	     i++) {
		part.p += elements->every;
		part.left -= elements->every;
		fields_attach(&part, &fields[elements->first], elements->n);
	}
	if (elements->attach)
		elements->attach(h);
	if (elements->list && h->left > elements->inner_at)
		list_attach(elements->list, h, elements->inner_at, h->left);
	return true;
}

/* Bytes of the element at p, of which `left` are there; 0: that can't be. */
static DWORD bytes_of(const struct list *l, const uint8_t *p, DWORD left)
{
	unsigned type_size = l->fields[l->type].size, size = l->fields[l->length].size;
	DWORD n;

	if (type_size == 1 && *p < l->singles)
		return 1;
	if (left < (DWORD)l->length_at + size)
		return 0;
	n = number(&l->fields[l->length], p + l->length_at) * (l->unit ? l->unit : 1u) +
	    l->uncounted;
	return n < (DWORD)l->length_at + size ? 0 : n;
}

static void attach_one(const struct list *l, const struct header *part, DWORD flags)
{
	const struct field *type = &l->fields[l->type], *length = &l->fields[l->length];
	DWORD head = (DWORD)length->at + length->size;
	uint32_t t;

	field_attach_at(part, type, type->at, type->size, flags);
	if (part->left < (DWORD)type->at + type->size)
		return;
	t = number(type, part->p + type->at);
	if (type->size == 1 && t < l->singles)
		return;
	if (l->also)
		fields_attach(part, &l->fields[l->also], 1);
	if (part->left > length->at)
		field_attach_at(part, length, length->at, length->size, flags);
	if (part->left < head + !l->bare)
		return;
	if (!element_attach(part, l->fields, l->elements, l->n_elements, t) && l->rest &&
	    part->left > head)
		field_attach_at(part, &l->fields[l->rest], head, part->left - head, 0);
}

/* Bytes of padding before `end`. */
static DWORD attach_padding(const struct list *l, const struct header *h, DWORD at, DWORD end)
{
	DWORD n = l->align - at % l->align;

	if (n > end - at)
		n = end - at;
	if (l->padding && n)
		field_attach_at(h, &l->fields[l->padding], at, n, 0);
	return n;
}

void list_attach(const struct list *l, const struct header *h, DWORD at, DWORD end)
{
	if (end > h->left)
		end = h->left;
	for (unsigned i = 0; i < ELEMENTS_MOST && at < end; i++) {
		struct header part = { h->frame, h->p + at, end - at };
		DWORD n = bytes_of(l, part.p, part.left);
		bool bad = n == 0 || n > part.left;

		if (!bad)
			part.left = n;
		attach_one(l, &part, bad ? IFLAG_ERROR : 0);
		if (bad || (l->ends && *part.p == 0))
			return;
		at += n;
		if (l->align && at % l->align)
			at += attach_padding(l, h, at, end);
	}
}
