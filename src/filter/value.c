/* SPDX-License-Identifier: MIT */
/* Values of property instances, and comparison by their kinds. */
#include "filter/value.h"
#include "base/bytes.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define OID_MAX 640u /* bytes of 128 sub-identifiers of 32 bits in BER */

/* ---- instances -------------------------------------------------------------------- */

/* How each type of property is taken; size 0: all of its bytes. */
static const struct {
	uint8_t kind, size;
	bool flip; /* big-endian unless IFLAG_SWAPPED */
} types[] = {
	[PROP_TYPE_VOID] = { VALUE_BYTES, 0, false },
	[PROP_TYPE_SUMMARY] = { VALUE_BYTES, 0, false },
	[PROP_TYPE_BYTE] = { VALUE_NUMBER, 1, false },
	[PROP_TYPE_WORD] = { VALUE_NUMBER, 2, false },
	[PROP_TYPE_DWORD] = { VALUE_NUMBER, 4, false },
	[PROP_TYPE_LARGEINT] = { VALUE_SIGNED, 8, false },
	[PROP_TYPE_ADDR] = { VALUE_ADDRESS, 6, false },
	[PROP_TYPE_TIME] = { VALUE_TIME, sizeof(SYSTEMTIME), false },
	[PROP_TYPE_STRING] = { VALUE_TEXT, 0, false },
	[PROP_TYPE_IP_ADDRESS] = { VALUE_ADDRESS, 4, false },
	[PROP_TYPE_IPX_ADDRESS] = { VALUE_ADDRESS, 10, false },
	[PROP_TYPE_BYTESWAPPED_WORD] = { VALUE_NUMBER, 2, true },
	[PROP_TYPE_BYTESWAPPED_DWORD] = { VALUE_NUMBER, 4, true },
	[PROP_TYPE_TYPED_STRING] = { VALUE_TEXT, 0, false },
	[PROP_TYPE_RAW_DATA] = { VALUE_BYTES, 0, false },
	[PROP_TYPE_COMMENT] = { VALUE_TEXT, 0, false },
	[PROP_TYPE_SRCFRIENDLYNAME] = { VALUE_TEXT, 0, false },
	[PROP_TYPE_DSTFRIENDLYNAME] = { VALUE_TEXT, 0, false },
	[PROP_TYPE_TOKENRING_ADDRESS] = { VALUE_ADDRESS, 6, false },
	[PROP_TYPE_FDDI_ADDRESS] = { VALUE_ADDRESS, 6, false },
	[PROP_TYPE_ETHERNET_ADDRESS] = { VALUE_ADDRESS, 6, false },
	[PROP_TYPE_OBJECT_IDENTIFIER] = { VALUE_OID, 0, false },
	[PROP_TYPE_VINES_IP_ADDRESS] = { VALUE_ADDRESS, 6, false },
	[PROP_TYPE_VAR_LEN_SMALL_INT] = { VALUE_NUMBER, 0, false },
	[PROP_TYPE_ATM_ADDRESS] = { VALUE_BYTES, 0, false },
	[PROP_TYPE_1394_ADDRESS] = { VALUE_BYTES, 0, false },
	[PROP_TYPE_IP6_ADDRESS] = { VALUE_ADDRESS, 16, false },
};

static uint64_t number_of(const uint8_t *p, uint32_t n, bool big_endian)
{
	uint64_t v = 0;

	for (uint32_t i = 0; i < n; i++)
		v = v << 8 | p[big_endian ? i : n - 1 - i];
	return v;
}

int64_t nm_value_time(const SYSTEMTIME *t)
{
	uint64_t v = t->wYear;

	v = v << 4 | (t->wMonth & 15u);
	v = v << 5 | (t->wDay & 31u);
	v = v << 5 | (t->wHour & 31u);
	v = v << 6 | (t->wMinute & 63u);
	v = v << 6 | (t->wSecond & 63u);
	return (int64_t)(v << 10 | (t->wMilliseconds & 1023u));
}

/* Numbers and times out of their bytes; a small number may have 1 to 8. */
static bool decode(struct nm_value *v, bool big_endian)
{
	SYSTEMTIME t;

	if (v->kind == VALUE_TIME) {
		memcpy(&t, v->p, sizeof t);
		v->number = nm_value_time(&t);
	} else if (v->kind == VALUE_NUMBER || v->kind == VALUE_SIGNED) {
		if (v->n == 0 || v->n > 8)
			return false;
		v->number = (int64_t)number_of(v->p, v->n, big_endian);
		if (v->n > 4)
			v->kind = VALUE_SIGNED;
	}
	return true;
}

enum nm_value_kind nm_value_kind_of(uint8_t type, uint32_t *ret_bytes)
{
	bool known = type < sizeof types / sizeof *types;

	*ret_bytes = known ? types[type].size : 0;
	return known ? (enum nm_value_kind)types[type].kind : VALUE_NONE;
}

bool nm_value_is_big_endian(uint8_t type, DWORD flags)
{
	bool flip = type < sizeof types / sizeof *types && types[type].flip;

	return flip != ((flags & IFLAG_SWAPPED) != 0);
}

bool nm_value_number(const struct nm_value *v, int64_t *ret)
{
	bool bytes = v->kind == VALUE_BYTES || v->kind == VALUE_ADDRESS;

	if (bytes && (v->n == 0 || v->n > 8))
		return false;
	if (!bytes && v->kind != VALUE_NUMBER && v->kind != VALUE_SIGNED)
		return false;
	*ret = bytes ? (int64_t)number_of(v->p, v->n, true) : v->number;
	return true;
}

uint32_t nm_value_text(const struct nm_value *v, char out[NM_VALUE_TEXT])
{
	const uint8_t *p = v->p;
	int n = 0;

	if (v->kind == VALUE_NUMBER || v->kind == VALUE_SIGNED)
		n = snprintf(out, NM_VALUE_TEXT, "%" PRId64, v->number);
	else if (v->kind == VALUE_ADDRESS && v->n == 6)
		n = snprintf(out, NM_VALUE_TEXT, "%02x:%02x:%02x:%02x:%02x:%02x", p[0], p[1], p[2],
		    p[3], p[4], p[5]);
	else if (v->kind == VALUE_ADDRESS && (v->n == 4 || v->n == 16) &&
		 inet_ntop(v->n == 4 ? AF_INET : AF_INET6, p, out, NM_VALUE_TEXT))
		n = (int)strlen(out);
	return (uint32_t)n;
}

bool nm_value_of(const PROPERTYINST *i, uint32_t element, struct nm_value *ret)
{
	return nm_value_as(i, i->lpPropertyInfo->DataType, element, ret);
}

bool nm_value_as(const PROPERTYINST *i, uint8_t type, uint32_t element, struct nm_value *ret)
{
	const PROPERTYINFO *info = i->lpPropertyInfo;
	bool extended = i->DataLength == 0xFFFF;
	const uint8_t *p = extended ? i->lpPropertyInstEx->Byte : i->lpByte;
	uint32_t n = extended ? i->lpPropertyInstEx->LengthEx : i->DataLength;
	size_t at;

	if (type >= sizeof types / sizeof *types || (!p && n))
		return false;
	at = (size_t)element * types[type].size;
	if (element && (info->DataQualifier != PROP_QUAL_ARRAY || !types[type].size))
		return false;
	if (types[type].size && at + types[type].size > n)
		return false;
	*ret = (struct nm_value){ .kind = types[type].kind,
		.wide = types[type].kind == VALUE_TEXT && i->IFlags & IFLAG_UNICODE,
		.n = types[type].size ? types[type].size : n,
		.p = n ? p + at : NULL };
	return decode(ret, nm_value_is_big_endian(type, i->IFlags));
}

/* ---- bytes and text ------------------------------------------------------------------ */

static unsigned lower(unsigned c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* The next character, *at moves on; malformed UTF-8 gives its bytes, beyond Unicode. */
static uint32_t character(const struct nm_value *v, uint32_t *at)
{
	uint32_t c, left = v->n - *at, n = 0;
	const uint8_t *p = v->p + *at;

	if (v->wide) {
		c = nm_le16(p);
		*at += 2;
		if (c >= 0xD800 && c < 0xDC00 && left >= 4 && (nm_le16(p + 2) & 0xFC00) == 0xDC00) {
			*at += 2;
			c = 0x10000 + ((c & 0x3FF) << 10) + (nm_le16(p + 2) & 0x3FF);
		}
		return c;
	}
	c = *p;
	*at += 1;
	if (c < 0x80)
		return c;
	n = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : c >= 0xC0 ? 1 : 0;
	if (n == 0 || n >= left)
		return 0x200000 + c;
	c &= 0x3Fu >> n;
	for (uint32_t i = 1; i <= n; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0x200000 + *p;
		c = c << 6 | (p[i] & 0x3F);
	}
	*at += n;
	return c;
}

static uint32_t whole(const struct nm_value *v)
{
	return v->wide ? v->n & ~1u : v->n;
}

/* -1, 0, 1; *ret_used of a's bytes when b ended first or both did. */
static int text_order(const struct nm_value *a, uint32_t at, const struct nm_value *b, bool no_case,
    bool *ret_b_ended)
{
	uint32_t i = at, k = 0, na = whole(a), nb = whole(b);

	while (i < na && k < nb) {
		uint32_t ca = character(a, &i), cb = character(b, &k);

		if (no_case) {
			ca = lower(ca);
			cb = lower(cb);
		}
		if (ca != cb) {
			*ret_b_ended = false;
			return ca < cb ? -1 : 1;
		}
	}
	*ret_b_ended = k >= nb;
	return (i < na) - (k < nb);
}

/* Bytes of the same form need no decoding. */
static int bytes_order(const uint8_t *a, const uint8_t *b, uint32_t n, bool no_case)
{
	if (!no_case)
		return n ? memcmp(a, b, n) : 0;
	for (uint32_t i = 0; i < n; i++) {
		int d = (int)lower(a[i]) - (int)lower(b[i]);

		if (d)
			return d;
	}
	return 0;
}

/* The first bits of two addresses of n bytes. */
static int bits_order(const uint8_t *a, const uint8_t *b, uint32_t n, uint32_t bits)
{
	uint32_t whole_bytes = bits / 8;
	uint8_t mask = (uint8_t)(0xFF00u >> bits % 8);
	int d;

	if (whole_bytes >= n)
		return memcmp(a, b, n);
	d = whole_bytes ? memcmp(a, b, whole_bytes) : 0;
	return d ? d : (a[whole_bytes] & mask) - (b[whole_bytes] & mask);
}

static int order(const struct nm_value *a, const struct nm_value *b, bool no_case)
{
	uint32_t na = a->n, nb = b->n, least;
	bool ended;
	int d;

	if (b->masked && na == nb)
		return bits_order(a->p, b->p, na, b->bits);
	if (a->kind == VALUE_TEXT && b->kind == VALUE_TEXT && (a->wide || b->wide))
		return text_order(a, 0, b, no_case, &ended);
	if (a->open_end && na > nb)
		na = nb;
	if (b->open_end && nb > na)
		nb = na;
	least = na < nb ? na : nb;
	d = bytes_order(a->p, b->p, least, no_case);
	return d ? d : (na > nb) - (na < nb);
}

static bool contains(const struct nm_value *a, const struct nm_value *b, bool no_case)
{
	if (a->kind == VALUE_TEXT && a->wide) {
		for (uint32_t at = 0; at <= whole(a); at += 2) {
			bool found;

			(void)text_order(a, at, b, no_case, &found);
			if (found)
				return true;
		}
		return false;
	}
	if (b->n > a->n)
		return false;
	if (!no_case)
		return b->n == 0 || memmem(a->p, a->n, b->p, b->n);
	for (uint32_t at = 0; at + b->n <= a->n; at++)
		if (bytes_order(a->p + at, b->p, b->n, true) == 0)
			return true;
	return false;
}

/* ---- object identifiers ------------------------------------------------------------------ */

static uint32_t put_sub(uint8_t *to, uint64_t v)
{
	uint32_t n = 1, i;

	for (uint64_t rest = v >> 7; rest; rest >>= 7)
		n++;
	for (i = n; i-- > 0; v >>= 7)
		to[i] = (uint8_t)((v & 0x7F) | (i + 1 < n ? 0x80 : 0));
	return n;
}

/* Sub-identifiers (DWORDs) in BER; the first two become one if they begin an identifier. */
static uint32_t encode(const struct nm_value *oid, bool begins, uint8_t to[OID_MAX])
{
	uint32_t n = 0, count = oid->n / 4, i = 0;

	if (begins && count >= 2) {
		n = put_sub(to, (uint64_t)nm_le32(oid->p) * 40 + nm_le32(oid->p + 4));
		i = 2;
	}
	for (; i < count; i++)
		n += put_sub(to + n, nm_le32(oid->p + 4 * (size_t)i));
	return n;
}

/* Is [at, at + n) of a made of whole sub-identifiers, and these? */
static bool stands_at(const struct nm_value *a, uint32_t at, const uint8_t *p, uint32_t n)
{
	return n <= a->n && at <= a->n - n && (at == 0 || !(a->p[at - 1] & 0x80)) &&
	       (n == 0 || memcmp(a->p + at, p, n) == 0);
}

static bool oid_compare(const struct nm_value *a, enum nm_compare how, const struct nm_value *b)
{
	uint8_t first[OID_MAX], part[OID_MAX];
	uint32_t n_first = encode(b, true, first), n_part = encode(b, false, part);
	bool begins = stands_at(a, 0, first, n_first), equal = begins && n_first == a->n;

	switch (how) {
	case COMPARE_EQUAL: return equal;
	case COMPARE_NOT_EQUAL: return !equal;
	case COMPARE_OID_BEGINS: return begins;
	case COMPARE_OID_ENDS:
		return equal || (n_part < a->n && stands_at(a, a->n - n_part, part, n_part));
	default: break;
	}
	if (how != COMPARE_OID_CONTAINS && how != COMPARE_CONTAINS)
		return false;
	for (uint32_t at = 1; !begins && at <= a->n; at++)
		begins = stands_at(a, at, part, n_part);
	return begins;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static bool is_number(const struct nm_value *v)
{
	return v->kind == VALUE_NUMBER || v->kind == VALUE_SIGNED;
}

static bool is_bytes(const struct nm_value *v)
{
	return v->kind == VALUE_TEXT || v->kind == VALUE_BYTES;
}

static bool holds(int d, enum nm_compare how)
{
	switch (how) {
	case COMPARE_EQUAL: return d == 0;
	case COMPARE_NOT_EQUAL: return d != 0;
	case COMPARE_GREATER: return d > 0;
	case COMPARE_LESS: return d < 0;
	case COMPARE_GREATER_EQUAL: return d >= 0;
	case COMPARE_LESS_EQUAL: return d <= 0;
	default: return false;
	}
}

bool nm_value_compare(
    const struct nm_value *a, enum nm_compare how, bool no_case, const struct nm_value *b)
{
	uint64_t bits = (uint64_t)b->number;

	if (a->kind == VALUE_OID && b->kind == VALUE_OID)
		return oid_compare(a, how, b);
	if (how == COMPARE_CONTAINS)
		return contains(a, b, no_case);
	if (is_number(a) && is_number(b)) {
		if (how == COMPARE_BITS_ON)
			return ((uint64_t)a->number & bits) == bits;
		if (how == COMPARE_BITS_OFF)
			return ((uint64_t)a->number & bits) == 0;
		return holds((a->number > b->number) - (a->number < b->number), how);
	}
	if (a->kind == b->kind && (a->kind == VALUE_TIME || a->kind == VALUE_NANOS))
		return holds((a->number > b->number) - (a->number < b->number), how);
	if (a->kind == b->kind || (is_bytes(a) && is_bytes(b)))
		return holds(order(a, b, no_case), how);
	/* Of different kinds: their bytes are the same, or nothing can be said. */
	if (how != COMPARE_EQUAL && how != COMPARE_NOT_EQUAL)
		return false;
	return holds(order(a, b, no_case), how);
}
