/* SPDX-License-Identifier: MIT */
/* The generic formatter and its helpers. */
#include "parse/format.h"
#include "base/bytes.h"
#include "base/nmerr.h"
#include "parse/parse.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Text that grows to the property's bound and then is cut. */
struct out {
	char *p;
	size_t n, size;
};

static struct out out_for(PROPERTYINST *i)
{
	struct out o = { .p = i->szPropertyText, .size = i->lpPropertyInfo->FormatStringSize };

	if (o.size)
		o.p[0] = '\0';
	return o;
}

static __attribute__((format(printf, 2, 3))) void put(struct out *o, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (o->n + 1 >= o->size)
		return;
	va_start(ap, fmt);
	n = vsnprintf(o->p + o->n, o->size - o->n, fmt, ap);
	va_end(ap);
	if (n > 0)
		o->n += (size_t)n < o->size - o->n ? (size_t)n : o->size - o->n - 1;
}

/* What most texts are made of goes without printf, which costs several times as much. */
static void put_bare(struct out *o, const char *s, size_t n)
{
	size_t room = o->n + 1 < o->size ? o->size - 1 - o->n : 0;

	n = n < room ? n : room;
	if (!room)
		return;
	memcpy(o->p + o->n, s, n);
	o->n += n;
	o->p[o->n] = '\0';
}

static bool usable(const PROPERTYINST *i)
{
	return i && i->lpPropertyInfo && i->szPropertyText;
}

static void put_label(struct out *o, const PROPERTYINST *i)
{
	const char *label = i->lpPropertyInfo->Label;

	if (label)
		put_bare(o, label, strlen(label));
	put_bare(o, " = ", 3);
}

/* The bytes of the value, in the frame or its own. */
static const uint8_t *value_of(const PROPERTYINST *i, size_t *ret_n)
{
	if (i->DataLength != 0xFFFF) {
		*ret_n = i->lpData ? i->DataLength : 0;
		return i->lpData;
	}
	*ret_n = i->lpPropertyInstEx->LengthEx;
	return i->lpPropertyInstEx->Byte;
}

static uint64_t load(const uint8_t *p, unsigned bytes, bool swapped)
{
	uint64_t v = 0;

	for (unsigned k = 0; k < bytes; k++)
		v |= (uint64_t)p[swapped ? bytes - 1 - k : k] << 8 * k;
	return v;
}

static bool is_swapped(const PROPERTYINST *i)
{
	uint8_t type = i->lpPropertyInfo->DataType;

	return i->IFlags & IFLAG_SWAPPED || type == PROP_TYPE_BYTESWAPPED_WORD ||
	       type == PROP_TYPE_BYTESWAPPED_DWORD;
}

/* A number of that many bytes; false: the instance has fewer. */
static bool number_of(const PROPERTYINST *i, unsigned bytes, uint64_t *ret)
{
	size_t n;
	const uint8_t *p = value_of(i, &n);

	if (n < bytes)
		return false;
	*ret = load(p, bytes, is_swapped(i));
	return true;
}

static void put_number(struct out *o, uint64_t v)
{
	char text[20 + 4 + 16 + 1], *end = text + sizeof text, *p = end;
	uint64_t rest = v;

	*--p = ')';
	do
		*--p = "0123456789ABCDEF"[rest & 15];
	while (rest >>= 4);
	p -= 4;
	memcpy(p, " (0x", 4);
	do
		*--p = (char)('0' + v % 10);
	while (v /= 10);
	put_bare(o, p, (size_t)(end - p));
}

/* ---- bytes and text ------------------------------------------------------------------------- */

static void put_bytes(struct out *o, const uint8_t *p, size_t n, const char *between)
{
	for (size_t k = 0; k < n; k++) {
		if (o->n + 8 >= o->size) {
			put(o, "...");
			return;
		}
		put(o, "%s%02X", k ? between : "", p[k]);
	}
}

void nm_format_hex(PROPERTYINST *i)
{
	struct out o;
	const uint8_t *p;
	size_t n;

	if (!usable(i))
		return;
	o = out_for(i);
	p = value_of(i, &n);
	put_label(&o, i);
	put_bytes(&o, p, n, "");
}

static void put_array(struct out *o, const PROPERTYINST *i, unsigned bytes)
{
	size_t n;
	const uint8_t *p = value_of(i, &n);

	if (bytes == 1 || n % bytes) {
		put_bytes(o, p, n, " ");
		return;
	}
	for (size_t k = 0; k < n; k += bytes) {
		if (o->n + 2 * bytes + 6 >= o->size) {
			put(o, "...");
			return;
		}
		put(o, "%s%0*" PRIX64, k ? " " : "", (int)(2 * bytes),
		    load(p + k, bytes, is_swapped(i)));
	}
}

static void put_utf8(struct out *o, uint32_t c)
{
	if (c < 0x20 || c == 0x7f || (c >= 0xd800 && c < 0xe000))
		put(o, ".");
	else if (c < 0x80)
		put(o, "%c", (int)c);
	else if (o->n + 4 >= o->size)
		o->n = o->size; /* no half characters */
	else if (c < 0x800)
		put(o, "%c%c", (int)(0xc0 | c >> 6), (int)(0x80 | (c & 63)));
	else
		put(o, "%c%c%c", (int)(0xe0 | c >> 12), (int)(0x80 | (c >> 6 & 63)),
		    (int)(0x80 | (c & 63)));
}

static void put_string(struct out *o, const PROPERTYINST *i)
{
	size_t n;
	const uint8_t *p = value_of(i, &n);

	if (i->IFlags & IFLAG_UNICODE) {
		for (size_t k = 0; k + 1 < n && (p[k] || p[k + 1]); k += 2)
			put_utf8(o, nm_le16(p + k));
		return;
	}
	for (size_t k = 0; k < n && p[k]; k++)
		put(o, "%c", p[k] >= 0x20 && p[k] < 0x7f ? p[k] : '.');
}

void nm_format_string(PROPERTYINST *i)
{
	struct out o;

	if (!usable(i))
		return;
	o = out_for(i);
	put_label(&o, i);
	put_string(&o, i);
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* The label of a number, which then is still to be put. False: there is none, and its bytes have been put. */
static bool begin_number(PROPERTYINST *i, unsigned bytes, struct out *ret_o, uint64_t *ret_v)
{
	if (!usable(i))
		return false;
	if (!number_of(i, bytes, ret_v)) {
		nm_format_hex(i);
		return false;
	}
	*ret_o = out_for(i);
	put_label(ret_o, i);
	return true;
}

void nm_format_number(PROPERTYINST *i, unsigned bytes, uint32_t base)
{
	struct out o;
	uint64_t v;

	if (!begin_number(i, bytes, &o, &v))
		return;
	if (base == 16)
		put(&o, "0x%0*" PRIX64, (int)(2 * bytes), v);
	else
		put_number(&o, v);
}

char *nm_label_of(const struct _SET *s, unsigned bytes, uint64_t value)
{
	for (DWORD k = 0; s && s->lpVoidTable && k < s->nEntries; k++) {
		switch (bytes) {
		case 1:
			if (s->lpLabeledByteTable[k].Value == value)
				return s->lpLabeledByteTable[k].Label;
			break;
		case 2:
			if (s->lpLabeledWordTable[k].Value == value)
				return s->lpLabeledWordTable[k].Label;
			break;
		case 4:
			if (s->lpLabeledDwordTable[k].Value == value)
				return s->lpLabeledDwordTable[k].Label;
			break;
		case 8:
			if ((uint64_t)s->lpLabeledLargeIntTable[k].Value.QuadPart == value)
				return s->lpLabeledLargeIntTable[k].Label;
			break;
		default: return NULL;
		}
	}
	return NULL;
}

void nm_format_labeled(PROPERTYINST *i, unsigned bytes)
{
	struct out o;
	uint64_t v;
	const char *label;

	if (!begin_number(i, bytes, &o, &v))
		return;
	label = nm_label_of(i->lpPropertyInfo->lpSet, bytes, v);
	if (label)
		put(&o, "%s", label);
	else
		put_number(&o, v);
}

uint32_t nm_bit_picture(char *out, unsigned bits, uint32_t value, uint32_t mask)
{
	for (unsigned b = 0; b < bits; b++) {
		uint32_t bit = UINT32_C(1) << (bits - 1 - b);

		out[b] = mask & bit ? value & bit ? '1' : '0' : '.';
	}
	out[bits] = '\0';
	return bits;
}

void nm_format_flags(PROPERTYINST *i, unsigned bytes)
{
	const struct _SET *s;
	struct out o;
	uint64_t v;
	char picture[33];

	if (!usable(i))
		return;
	if (!number_of(i, bytes, &v) || bytes > 4) {
		nm_format_hex(i);
		return;
	}
	o = out_for(i);
	s = i->lpPropertyInfo->lpSet;
	for (DWORD k = 0; s && s->lpLabeledBit && k < s->nEntries; k++) {
		const LABELED_BIT *b = &s->lpLabeledBit[k];
		const char *label;

		if (b->BitNumber >= 8 * bytes)
			continue;
		if (o.n && o.n + 1 < o.size)
			o.n++; /* the NUL ends the line */
		label = v >> b->BitNumber & 1 ? b->LabelOn : b->LabelOff;
		(void)nm_bit_picture(picture, 8 * bytes, (uint32_t)v, UINT32_C(1) << b->BitNumber);
		put(&o, "%s = %s", picture, label ? label : "");
	}
}

static void put_range(struct out *o, const RANGE *r, uint64_t v)
{
	put_number(o, v);
	if (!r)
		return;
	put(o, " Range:(");
	put_number(o, r->MinValue);
	put(o, " - ");
	put_number(o, r->MaxValue);
	put(o, ")");
}

static bool in_set(const struct _SET *s, unsigned bytes, uint64_t v)
{
	for (DWORD k = 0; s && s->lpVoidTable && k < s->nEntries; k++)
		if (load(s->lpByteTable + (size_t)k * bytes, bytes, false) == v)
			return true;
	return false;
}

static void format_by_qualifier(PROPERTYINST *i, unsigned bytes)
{
	const PROPERTYINFO *info = i->lpPropertyInfo;
	struct out o = out_for(i);
	uint64_t v;

	if (info->DataQualifier == PROP_QUAL_BITFIELD)
		return;
	if (info->DataQualifier == PROP_QUAL_ARRAY || !number_of(i, bytes, &v)) {
		put_label(&o, i);
		put_array(&o, i, info->DataQualifier == PROP_QUAL_ARRAY ? bytes : 1);
		return;
	}
	switch (info->DataQualifier) {
	case PROP_QUAL_RANGE:
		put_label(&o, i);
		put_range(&o, info->lpRange, v);
		return;
	case PROP_QUAL_SET:
		put_label(&o, i);
		put_number(&o, v);
		put(&o,
		    in_set(info->lpSet, bytes, v) ? " Matches Set Value" : " Unknown Set Value");
		return;
	case PROP_QUAL_LABELED_SET: nm_format_labeled(i, bytes); return;
	case PROP_QUAL_FLAGS:
	case PROP_QUAL_LABELED_BITFIELD: nm_format_flags(i, bytes); return;
	case PROP_QUAL_CONST:
		if (v == info->Value)
			return;
		put_label(&o, i);
		put_number(&o, v);
		put(&o, " (expected ");
		put_number(&o, info->Value);
		put(&o, ")");
		return;
	default: put_label(&o, i); put_number(&o, v);
	}
}

/* ---- times and addresses ----------------------------------------------------------------------- */

void nm_time_text(char *out, size_t size, const SYSTEMTIME *t)
{
	(void)snprintf(out, size, "%u/%u/%u %u:%02u:%02u.%03u", t->wMonth, t->wDay, t->wYear,
	    t->wHour, t->wMinute, t->wSecond, t->wMilliseconds);
}

void nm_format_time(PROPERTYINST *i)
{
	struct out o;
	const uint8_t *p;
	SYSTEMTIME t;
	char text[48];
	size_t n;

	if (!usable(i))
		return;
	p = value_of(i, &n);
	if (n < sizeof t) {
		nm_format_hex(i);
		return;
	}
	memcpy(&t, p, sizeof t);
	nm_time_text(text, sizeof text, &t);
	o = out_for(i);
	put_label(&o, i);
	put(&o, "%s", text);
}

/* "1.3.6.1.2.1"; what breaks the encoding ends it. */
static void put_oid(struct out *o, const uint8_t *p, size_t n)
{
	uint64_t v = 0;
	bool first = true;

	for (size_t k = 0; k < n; k++) {
		v = v << 7 | (p[k] & 0x7f);
		if (p[k] & 0x80)
			continue;
		if (first) {
			uint64_t top = v < 80 ? v / 40 : 2;

			put(o, "%" PRIu64 ".%" PRIu64, top, v - 40 * top);
		} else {
			put(o, ".%" PRIu64, v);
		}
		first = false;
		v = 0;
	}
}

/* What has a text of its own whatever the qualifier; false: shown as bytes. */
static bool put_address(struct out *o, const PROPERTYINST *i)
{
	char text[INET6_ADDRSTRLEN];
	size_t n;
	const uint8_t *p = value_of(i, &n);

	switch (i->lpPropertyInfo->DataType) {
	case PROP_TYPE_IP_ADDRESS:
		if (n < 4)
			return false;
		put(o, "%u.%u.%u.%u", p[0], p[1], p[2], p[3]);
		return true;
	case PROP_TYPE_IP6_ADDRESS:
		if (n < 16)
			return false;
		put(o, "%s", inet_ntop(AF_INET6, p, text, sizeof text));
		return true;
	case PROP_TYPE_IPX_ADDRESS:
		if (n < 10)
			return false;
		put_bytes(o, p, 4, "");
		put(o, ".");
		put_bytes(o, p + 4, 6, "");
		return true;
	case PROP_TYPE_VINES_IP_ADDRESS:
		if (n < 6)
			return false;
		put(o, "%" PRIu64 ":%" PRIu64, load(p, 4, true), load(p + 4, 2, true));
		return true;
	case PROP_TYPE_OBJECT_IDENTIFIER: put_oid(o, p, n); return true;
	default: return false;
	}
}

/* Bytes of a number of that type; 0: it is none. */
static unsigned number_bytes(const PROPERTYINST *i)
{
	size_t n;

	switch (i->lpPropertyInfo->DataType) {
	case PROP_TYPE_BYTE: return 1;
	case PROP_TYPE_WORD:
	case PROP_TYPE_BYTESWAPPED_WORD: return 2;
	case PROP_TYPE_DWORD:
	case PROP_TYPE_BYTESWAPPED_DWORD: return 4;
	case PROP_TYPE_LARGEINT: return 8;
	case PROP_TYPE_VAR_LEN_SMALL_INT: (void)value_of(i, &n); return n <= 8 ? (unsigned)n : 0;
	default: return 0;
	}
}

static void format_other(PROPERTYINST *i)
{
	struct out o = out_for(i);
	size_t n;
	const uint8_t *p = value_of(i, &n);

	put_label(&o, i);
	if (!put_address(&o, i))
		put_bytes(&o, p, n, "");
}

static void format_by_type(PROPERTYINST *i)
{
	unsigned bytes = number_bytes(i);
	struct out o;

	switch (i->lpPropertyInfo->DataType) {
	case PROP_TYPE_VOID:
	case PROP_TYPE_COMMENT:
	case PROP_TYPE_SUMMARY:
	case PROP_TYPE_RAW_DATA:
		o = out_for(i);
		put(&o, "%s", i->lpPropertyInfo->Label ? i->lpPropertyInfo->Label : "");
		break;
	case PROP_TYPE_TIME: nm_format_time(i); break;
	case PROP_TYPE_STRING:
	case PROP_TYPE_TYPED_STRING:
	case PROP_TYPE_SRCFRIENDLYNAME:
	case PROP_TYPE_DSTFRIENDLYNAME: nm_format_string(i); break;
	case PROP_TYPE_VAR_LEN_SMALL_INT:
		o = out_for(i);
		put_label(&o, i);
		if (bytes)
			put(&o, "%" PRIu64,
			    load(value_of(i, &(size_t){ 0 }), bytes, is_swapped(i)));
		break;
	default:
		if (bytes)
			format_by_qualifier(i, bytes);
		else
			format_other(i);
	}
}

uint32_t nm_format_instance(PROPERTYINST *i)
{
	if (!i || !i->szPropertyText)
		return NMERR_INVALID_PARAMETER;
	if (!i->lpPropertyInfo)
		return NMERR_INVALID_HPROPERTY;
	format_by_type(i);
	return NMERR_SUCCESS;
}

/* ---- handing out ---------------------------------------------------------------------------------- */

void nm_text_lines(char *out, size_t size, const char *text, size_t n)
{
	size_t k = 0, most = n < size ? n : size;

	if (!size)
		return;
	while (k + 1 < most && (text[k] || text[k + 1])) {
		size_t line = strnlen(text + k, most - 1 - k);

		memcpy(out + k, text + k, line);
		k += line;
		if (k + 1 < most && text[k + 1])
			out[k++] = '\n';
	}
	if (k > 0 && out[k - 1] == '\n')
		k--;
	out[k] = '\0';
}
