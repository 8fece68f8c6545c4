/* SPDX-License-Identifier: MIT */
/* Fields of a table into a frame, and text for them. */
#include "fields.h"

#include <stdarg.h>
#include <stdio.h>

static const PARSERROWCALLS *host;

void fields_take_calls(const PARSERROWCALLS *calls)
{
	host = calls;
}

static uint32_t number(const uint8_t *p, unsigned size)
{
	return size == 1 ? *p : size == 2 ? be16(p) : be32(p);
}

/* Bits become a number of the field's own size. */
static void attach_bits(const struct header *h, const struct field *f)
{
	uint32_t v = ((number(h->p + f->at, f->size) & f->mask) >> __builtin_ctz(f->mask)) *
		     (f->times ? f->times : 1u);
	uint8_t bytes[4] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
		(uint8_t)(v >> 24) };

	(void)AttachPropertyInstanceEx(h->frame, f->info.hProperty, f->size,
	    (ULPVOID)(uintptr_t)(h->p + f->at), f->size, bytes, 0, f->level, f->flags);
}

void fields_attach(const struct header *h, const struct field *f, unsigned n)
{
	if (f->row && host->AttachRows(h->frame, f->row, n, (ULPVOID)(uintptr_t)h->p, h->left))
		return;
	for (; n > 0; n--, f++) {
		if (f->at >= h->left)
			continue;
		if (f->size == 0)
			field_attach_at(h, f, f->at, h->left - f->at, 0);
		else if (f->size > h->left - f->at)
			field_attach_at(h, f, f->at, f->size, 0);
		else if (f->mask)
			attach_bits(h, f);
		else
			(void)AttachPropertyInstance(h->frame, f->info.hProperty, f->size,
			    (ULPVOID)(uintptr_t)(h->p + f->at), 0, f->level, f->flags);
	}
}

bool placed_attach(const struct parser *p, const struct header *h)
{
	return p->placed_row &&
	       host->AttachRows(h->frame, p->placed_row, p->placed_fields + p->n_placed,
		   (ULPVOID)(uintptr_t)h->p, h->left);
}

void field_attach_at(
    const struct header *h, const struct field *f, DWORD at, DWORD size, DWORD flags)
{
	if (at > h->left)
		return;
	if (size > h->left - at) {
		size = h->left - at;
		flags |= IFLAG_ERROR;
	}
	if (f->row)
		(void)host->AttachRow(
		    h->frame, f->row, (ULPVOID)(uintptr_t)(h->p + at), size, flags);
	else
		(void)AttachPropertyInstance(h->frame, f->info.hProperty, size,
		    (ULPVOID)(uintptr_t)(h->p + at), 0, f->level, f->flags | flags);
}

void field_attach_value(const struct header *h, const struct field *f, DWORD at, DWORD size,
    const void *value, DWORD value_size, DWORD flags)
{
	if (at > h->left)
		return;
	if (size > h->left - at) {
		size = h->left - at;
		flags |= IFLAG_ERROR;
	}
	(void)AttachPropertyInstanceEx(h->frame, f->info.hProperty, size,
	    (ULPVOID)(uintptr_t)(h->p + at), value_size, (ULPVOID)(uintptr_t)value, 0, f->level,
	    flags);
}

LPBYTE WINAPI claim_rest(UNUSED HFRAME frame, UNUSED ULPBYTE mac, UNUSED ULPBYTE p,
    UNUSED DWORD mac_type, UNUSED DWORD left, UNUSED HPROTOCOL before, UNUSED DWORD before_at,
    LPDWORD status, UNUSED LPHPROTOCOL next, UNUSED PDWORD_PTR instance)
{
	return rest_is_mine(status);
}

void text_put(LPPROPERTYINST i, const char *fmt, ...)
{
	size_t size = i->lpPropertyInfo->FormatStringSize;
	size_t n = size ? strnlen(i->szPropertyText, size - 1) : 0;
	va_list ap;

	if (n + 1 >= size)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(i->szPropertyText + n, size - n, fmt, ap);
	va_end(ap);
}

void text_label(LPPROPERTYINST i)
{
	text_put(i, "%s = ", i->lpPropertyInfo->Label);
}
