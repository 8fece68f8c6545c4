/* SPDX-License-Identifier: MIT */
/* Values and texts of property instances. */
#include "base/bytes.h"
#include "engine/show.h"
#include "filter/value.h"

#include <arpa/inet.h>
#include <stdio.h>

#define JSON_EXACT (UINT64_C(1) << 53) /* beyond it readers of JSON lose digits */

const PROPERTYINST *nm_show_instances(const struct nm_shown *f, unsigned i, unsigned *ret_n)
{
	const PROPERTYINSTTABLE *t = &f->properties->PropertyInstTable[i];

	*ret_n = i < f->properties->nPropertyInstTables ? t->nPropertyInsts : 0;
	return f->properties->lpFirstPropertyInst + t->nPropertyInstIndex;
}

const char *nm_show_text(struct nm_show *s, const PROPERTYINST *i)
{
	if (!s->door->parse_text(s->parse, i, s->text, sizeof s->text))
		s->text[0] = '\0';
	return s->text;
}

static void put_number(struct nm_show *s, uint64_t v, bool json)
{
	bool quoted = json && v > JSON_EXACT;

	if (quoted)
		nm_page_put(&s->page, "\"", 1);
	nm_page_number(&s->page, v);
	if (quoted)
		nm_page_put(&s->page, "\"", 1);
}

static void put_text(struct nm_show *s, const char *p, size_t n, bool json)
{
	if (json)
		nm_page_json(&s->page, p, n);
	else
		(void)nm_page_text(&s->page, p, n);
}

/* Characters beyond the first plane are two units; half of one is none. */
static size_t from_utf16(char *out, size_t size, const uint8_t *p, size_t n)
{
	size_t o = 0;

	for (size_t k = 0; k + 1 < n && o + 4 < size; k += 2) {
		uint32_t c = nm_le16(p + k);

		if (!c)
			break;
		if (c >= 0xd800 && c < 0xdc00 && k + 3 < n &&
		    (nm_le16(p + k + 2) & 0xfc00) == 0xdc00) {
			c = 0x10000 + ((c & 0x3ff) << 10) + (nm_le16(p + k + 2) & 0x3ffu);
			k += 2;
		}
		if (c < 0x80) {
			out[o++] = (char)c;
		} else if (c < 0x800) {
			out[o++] = (char)(0xc0 | c >> 6);
			out[o++] = (char)(0x80 | (c & 63));
		} else if (c < 0x10000) {
			out[o++] = (char)(0xe0 | c >> 12);
			out[o++] = (char)(0x80 | (c >> 6 & 63));
			out[o++] = (char)(0x80 | (c & 63));
		} else {
			out[o++] = (char)(0xf0 | c >> 18);
			out[o++] = (char)(0x80 | (c >> 12 & 63));
			out[o++] = (char)(0x80 | (c >> 6 & 63));
			out[o++] = (char)(0x80 | (c & 63));
		}
	}
	return o;
}

static void put_string(struct nm_show *s, const struct nm_value *v, bool json)
{
	if (v->wide)
		put_text(s, s->text, from_utf16(s->text, sizeof s->text, v->p, v->n), json);
	else
		put_text(s, (const char *)v->p, v->n ? strnlen((const char *)v->p, v->n) : 0, json);
}

static size_t put_pairs(char *out, const uint8_t *p, size_t n, char between)
{
	static const char hex[] = "0123456789abcdef";
	size_t o = 0;

	for (size_t k = 0; k < n; k++) {
		if (k && between)
			out[o++] = between;
		out[o++] = hex[p[k] >> 4];
		out[o++] = hex[p[k] & 15];
	}
	return o;
}

static size_t ipv4_text(char *out, const uint8_t *p)
{
	size_t o = 0;

	for (unsigned k = 0; k < 4; k++) {
		if (p[k] >= 100)
			out[o++] = (char)('0' + p[k] / 100);
		if (p[k] >= 10)
			out[o++] = (char)('0' + p[k] / 10 % 10);
		out[o++] = (char)('0' + p[k] % 10);
		out[o++] = '.';
	}
	return o - 1;
}

/* n: bytes of an address of some kind. */
static size_t address_text(char out[NM_SHOW_ADDRESS], const uint8_t *p, size_t n)
{
	switch (n) {
	case 4: return ipv4_text(out, p);
	case 16: (void)inet_ntop(AF_INET6, p, out, NM_SHOW_ADDRESS); return strlen(out);
	case 10:
		n = put_pairs(out, p, 4, 0);
		out[n++] = '.';
		return n + put_pairs(out + n, p + 4, 6, 0);
	default: return put_pairs(out, p, n < 16 ? n : 16, ':');
	}
}

size_t nm_show_address(const struct nm_show *s, const PROPERTYINST *i, char out[NM_SHOW_ADDRESS])
{
	struct nm_value v;

	return i && s->door->value_as(i, i->lpPropertyInfo->DataType, 0, &v) &&
		       v.kind == VALUE_ADDRESS
		   ? address_text(out, v.p, v.n)
		   : 0;
}

static void put_address(struct nm_show *s, const struct nm_value *v)
{
	char text[NM_SHOW_ADDRESS];

	nm_page_put(&s->page, text, address_text(text, v->p, v->n));
}

static void put_time(struct nm_show *s, const struct nm_value *v)
{
	char text[64];
	SYSTEMTIME t;

	memcpy(&t, v->p, sizeof t);
	(void)snprintf(text, sizeof text, "%04u-%02u-%02uT%02u:%02u:%02u.%03uZ", t.wYear, t.wMonth,
	    t.wDay, t.wHour, t.wMinute, t.wSecond, t.wMilliseconds);
	nm_page_puts(&s->page, text);
}

/* "1.3.6.1"; what breaks the encoding ends it. */
static void put_oid(struct nm_show *s, const struct nm_value *v)
{
	uint64_t sub = 0;
	bool first = true;

	for (uint32_t k = 0; k < v->n; k++) {
		sub = sub << 7 | (v->p[k] & 0x7f);
		if (v->p[k] & 0x80)
			continue;
		if (first)
			nm_page_number(&s->page, sub < 80 ? sub / 40 : 2);
		nm_page_put(&s->page, ".", 1);
		nm_page_number(&s->page, !first ? sub : sub < 80 ? sub % 40 : sub - 80);
		first = false;
		sub = 0;
	}
}

/* Its summary, or the heading that it is: text of the parser's. */
static bool has_only_text(const PROPERTYINST *i)
{
	uint8_t type = i->lpPropertyInfo->DataType;

	return type == PROP_TYPE_SUMMARY || type == PROP_TYPE_COMMENT || type == PROP_TYPE_VOID;
}

static void put_value(struct nm_show *s, const struct nm_value *v)
{
	switch (v->kind) {
	case VALUE_ADDRESS: put_address(s, v); return;
	case VALUE_TIME: put_time(s, v); return;
	case VALUE_OID: put_oid(s, v); return;
	default: nm_page_hex(&s->page, v->p, v->n, 0);
	}
}

void nm_show_value(struct nm_show *s, const PROPERTYINST *i, const struct nm_field *name, bool json)
{
	uint8_t type = name && name->property ? name->type : i->lpPropertyInfo->DataType;
	uint32_t mask = name ? name->mask : 0;
	struct nm_value v;

	if (has_only_text(i)) {
		const char *text = nm_show_text(s, i);

		put_text(s, text, strlen(text), json);
	} else if (!s->door->value_as(i, type, 0, &v)) {
		put_text(s, "", 0, json);
	} else if (v.kind == VALUE_NUMBER || v.kind == VALUE_SIGNED) {
		uint64_t bits = (uint64_t)v.number & mask;

		put_number(s, mask ? bits >> __builtin_ctz(mask) : (uint64_t)v.number, json);
	} else if (v.kind == VALUE_TEXT) {
		put_string(s, &v, json);
	} else {
		if (json)
			nm_page_put(&s->page, "\"", 1);
		put_value(s, &v);
		if (json)
			nm_page_put(&s->page, "\"", 1);
	}
}
