/* SPDX-License-Identifier: MIT */
/* Constants: numbers, text, bytes, addresses and times, as the other side needs them. */
#include "base/bytes.h"
#include "base/civil.h"
#include "filter/syntax.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define WORD_BYTES  128u
#define NS_A_SECOND INT64_C(1000000000)

void *nm_compiler_room(struct nm_compiler *c, uint32_t n)
{
	uint32_t at = (c->p->n_data + 7) & ~7u;

	if (at > c->data_room || n > c->data_room - at) {
		(void)nm_filter_fail(c->e, 0, 0, "this filter is too large");
		return NULL;
	}
	c->p->n_data = at + n;
	return c->p->data + at;
}

/* ---- types in words ------------------------------------------------------------------------ */

static const struct {
	uint8_t kind;
	uint8_t bytes; /* 0: any */
	const char *words, *example;
} types[] = {
	{ VALUE_ADDRESS, 4, "an IPv4 address", "192.168.0.1 or 10.0.0.0/8" },
	{ VALUE_ADDRESS, 16, "an IPv6 address", "fe80::1 or 2001:db8::/32" },
	{ VALUE_ADDRESS, 6, "a hardware address", "00:11:22:33:44:55" },
	{ VALUE_ADDRESS, 0, "an address", "00:00:00:01:00:11:22:33:44:55" },
	{ VALUE_NUMBER, 0, "a number", "80, 0x50 or 'P'" },
	{ VALUE_SIGNED, 0, "a number", "80, 0x50 or 'P'" },
	{ VALUE_TEXT, 0, "text", "\"example\"" },
	{ VALUE_BYTES, 0, "bytes", "aa:bb:cc or \"text\"" },
	{ VALUE_TIME, 0, "a time", "\"2024-05-01 12:00:00\"" },
	{ VALUE_OID, 0, "an object identifier", "1.3.6.1.4" },
	{ VALUE_NANOS, 0, "a time in seconds", "0.25" },
};

const char *nm_type_words(const struct nm_type *type, const char **ret_example)
{
	*ret_example = "";
	if (type->kind == VALUE_NANOS && type->moment) {
		*ret_example = "\"2024-05-01 12:00:00.5\" or 1714564800.5";
		return "a moment";
	}
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i].kind == type->kind &&
		    (!types[i].bytes || types[i].bytes == type->bytes)) {
			*ret_example = types[i].example;
			return types[i].words;
		}
	return "something else";
}

static bool is_none_of(struct nm_compiler *c, const struct nm_term *t, const struct nm_type *type)
{
	const char *example, *words = nm_type_words(type, &example);

	return nm_filter_fail(c->e, t->token.at, t->token.n,
	    "%.*s is not %s, which is written like %s",
	    (int)(t->token.n < WORD_BYTES ? t->token.n : WORD_BYTES), c->lexer.text + t->token.at,
	    words, example);
}

/* ---- numbers --------------------------------------------------------------------------------- */

/* Decimal, 0x, 0b, or octal with a 0; false: it is none, or larger than 64 bits. */
static bool unsigned_number(const char *s, uint64_t *ret)
{
	unsigned base = 10;
	uint64_t v = 0;

	if (s[0] == '0' && s[1]) {
		base = tolower(s[1]) == 'x' ? 16 : tolower(s[1]) == 'b' ? 2 : 8;
		s += base == 8 ? 1 : 2;
	}
	if (!*s)
		return false;
	for (; *s; s++) {
		unsigned digit = isdigit((unsigned char)*s) ? (unsigned)(*s - '0')
							    : (unsigned)(tolower(*s) - 'a' + 10);

		if (!isxdigit((unsigned char)*s) || digit >= base ||
		    __builtin_mul_overflow(v, base, &v) || __builtin_add_overflow(v, digit, &v))
			return false;
	}
	*ret = v;
	return true;
}

/* The value that is called so; false: none is. */
static bool labeled(const struct _SET *s, uint8_t type, const char *name, uint64_t *ret)
{
	for (DWORD i = 0; s && s->lpVoidTable && i < s->nEntries; i++) {
		const char *label;

		switch (type) {
		case PROP_TYPE_BYTE:
			label = s->lpLabeledByteTable[i].Label;
			*ret = s->lpLabeledByteTable[i].Value;
			break;
		case PROP_TYPE_WORD:
		case PROP_TYPE_BYTESWAPPED_WORD:
			label = s->lpLabeledWordTable[i].Label;
			*ret = s->lpLabeledWordTable[i].Value;
			break;
		case PROP_TYPE_DWORD:
		case PROP_TYPE_BYTESWAPPED_DWORD:
			label = s->lpLabeledDwordTable[i].Label;
			*ret = s->lpLabeledDwordTable[i].Value;
			break;
		default: return false;
		}
		if (label && strcasecmp(label, name) == 0)
			return true;
	}
	return false;
}

static bool truth_word(const char *s, uint64_t *ret)
{
	*ret = strcasecmp(s, "true") == 0;
	return *ret || strcasecmp(s, "false") == 0;
}

static bool number(struct nm_compiler *c, const struct nm_term *t, const struct nm_type *type,
    const char *s, struct nm_value *ret)
{
	uint64_t v = 0;
	bool known = t->kind == TERM_CHAR;

	if (known)
		v = (uint8_t)*s;
	if (!known && t->kind == TERM_WORD)
		known = unsigned_number(s, &v) || truth_word(s, &v);
	if (!known && type->info && type->info->DataQualifier == PROP_QUAL_LABELED_SET)
		known = labeled(type->info->lpSet, type->info->DataType, s, &v);
	if (!known)
		return is_none_of(c, t, type);
	if (v > type->most)
		return nm_filter_fail(c->e, t->token.at, t->token.n,
		    "%.*s is too large: %llu is the most", (int)t->token.n,
		    c->lexer.text + t->token.at, (unsigned long long)type->most);
	*ret = (struct nm_value){ .kind = VALUE_SIGNED, .number = (int64_t)v };
	return true;
}

/* ---- times --------------------------------------------------------------------------------------- */

/* ".25" in nanoseconds; digits beyond are cut. */
static const char *fraction(const char *s, int64_t *ret)
{
	int64_t unit = NS_A_SECOND / 10;

	*ret = 0;
	if (*s != '.' || !isdigit((unsigned char)s[1]))
		return s;
	for (s++; isdigit((unsigned char)*s); s++, unit /= 10)
		*ret += (*s - '0') * unit;
	return s;
}

static bool seconds(const char *s, int64_t *ret)
{
	char *end;
	int64_t part;
	unsigned long long whole;

	if (!isdigit((unsigned char)*s))
		return false;
	whole = strtoull(s, &end, 10);
	s = fraction(end, &part);
	return !*s && whole < INT64_MAX / NS_A_SECOND &&
	       (*ret = (int64_t)whole * NS_A_SECOND + part, true);
}

/* "2024-05-01", "... 12:00", "...T12:00:00.25Z"; in UTC. */
static bool moment(const char *s, struct nm_civil *ret, int64_t *ret_ns)
{
	unsigned year, month, day, hour = 0, minute = 0, second = 0;
	int n = 0;

	if (sscanf(s, "%4u-%2u-%2u%n", &year, &month, &day, &n) != 3 || n < 8)
		return false;
	s += n;
	*ret_ns = 0;
	if (*s == ' ' || *s == 'T' || *s == 't') {
		if (sscanf(s + 1, "%2u:%2u%n", &hour, &minute, &n) != 2)
			return false;
		s += 1 + n;
		if (*s == ':') {
			if (sscanf(s, ":%2u%n", &second, &n) != 1)
				return false;
			s = fraction(s + n, ret_ns);
		}
	}
	s += *s == 'Z' || *s == 'z';
	*ret = (struct nm_civil){ .year = (uint16_t)year,
		.month = (uint16_t)month,
		.day = (uint16_t)day,
		.hour = (uint16_t)hour,
		.minute = (uint16_t)minute,
		.second = (uint16_t)second };
	return !*s && year <= UINT16_MAX;
}

static bool time_value(const struct nm_type *type, const char *s, struct nm_value *ret)
{
	struct nm_civil civil;
	int64_t part, whole;
	SYSTEMTIME t;

	*ret = (struct nm_value){ .kind = type->kind };
	if (type->kind == VALUE_NANOS && seconds(s, &ret->number))
		return true;
	if ((type->kind == VALUE_NANOS && !type->moment) || !moment(s, &civil, &part) ||
	    !nm_civil_to_ns(&civil, &whole) || __builtin_add_overflow(whole, part, &ret->number))
		return false;
	if (type->kind == VALUE_TIME) {
		civil.ms = (uint16_t)(part / 1000000);
		memcpy(&t, &civil, sizeof t);
		ret->number = nm_value_time(&t);
	}
	return true;
}

/* ---- bytes and addresses ------------------------------------------------------------------------- */

/* Pairs of digits with colons, dashes or dots between them, or in one piece; their number,
 * 0: it is nothing of the kind. */
static uint32_t hex_bytes(const char *s, uint8_t *to, uint32_t most)
{
	uint32_t n = 0;
	char between = 0;

	s += *s == ':';
	while (n < most && isxdigit((unsigned char)s[0]) && isxdigit((unsigned char)s[1])) {
		unsigned v;

		(void)sscanf(s, "%2x", &v);
		to[n++] = (uint8_t)v;
		s += 2;
		if (*s && strchr(":-.", *s) && (n == 1 || !between || between == *s))
			between = *s++;
		else if (between == ':' || between == '-')
			break;
	}
	return *s ? 0 : n;
}

static bool bytes(struct nm_compiler *c, const char *s, uint32_t n, struct nm_value *ret)
{
	uint8_t *to = nm_compiler_room(c, n + 1);
	uint64_t v;

	if (!to)
		return false;
	*ret = (struct nm_value){ .kind = VALUE_BYTES, .p = to };
	if (strncasecmp(s, "0x", 2) == 0 && n % 2 == 0) {
		ret->n = hex_bytes(s + 2, to, n);
	} else if (n == 1 && unsigned_number(s, &v)) {
		to[0] = (uint8_t)v;
		ret->n = 1;
	} else {
		ret->n = hex_bytes(s, to, n);
	}
	return true;
}

/* The address before a slash, and how many bits of it count. */
static bool ip_address(struct nm_compiler *c, const char *s, uint32_t size, struct nm_value *ret)
{
	uint8_t *to = nm_compiler_room(c, size);
	const char *slash = strchr(s, '/');
	char text[WORD_BYTES];
	uint64_t bits = size * 8;

	if (!to)
		return false;
	(void)snprintf(text, sizeof text, "%.*s", slash ? (int)(slash - s) : (int)strlen(s), s);
	*ret = (struct nm_value){ .kind = VALUE_ADDRESS, .n = size, .p = to };
	if (inet_pton(size == 4 ? AF_INET : AF_INET6, text, to) != 1)
		ret->n = 0;
	if (slash && (!unsigned_number(slash + 1, &bits) || bits > size * 8))
		ret->n = 0;
	ret->masked = slash != NULL;
	ret->bits = (uint8_t)bits;
	return true;
}

static bool address(
    struct nm_compiler *c, const struct nm_type *type, const char *s, struct nm_value *ret)
{
	uint8_t *to;

	if (type->bytes == 4 || type->bytes == 16)
		return ip_address(c, s, type->bytes, ret);
	to = nm_compiler_room(c, (uint32_t)strlen(s) + 1);
	if (!to)
		return false;
	*ret = (struct nm_value){
		.kind = VALUE_ADDRESS, .n = hex_bytes(s, to, (uint32_t)strlen(s)), .p = to
	};
	if (ret->n != type->bytes)
		ret->n = 0;
	return true;
}

static bool oid(struct nm_compiler *c, const char *s, struct nm_value *ret)
{
	uint32_t room = 4 * ((uint32_t)strlen(s) / 2 + 1);
	uint8_t *to = nm_compiler_room(c, room);
	char *end;

	if (!to)
		return false;
	*ret = (struct nm_value){ .kind = VALUE_OID, .p = to };
	for (; isdigit((unsigned char)*s) && ret->n < room; s = *end == '.' ? end + 1 : end) {
		nm_put_le32(to + ret->n, (uint32_t)strtoul(s, &end, 10));
		ret->n += 4;
	}
	if (*s)
		ret->n = 0;
	return true;
}

/* ---- all of them --------------------------------------------------------------------------------- */

/* What the term says, with a NUL behind it. */
static char *spelled(struct nm_compiler *c, const struct nm_term *t, uint32_t *ret_n)
{
	uint8_t *to = nm_compiler_room(c, t->token.n + 1);

	if (!to)
		return NULL;
	*ret_n = t->token.n;
	if (t->kind == TERM_WORD)
		memcpy(to, c->lexer.text + t->token.at, t->token.n);
	else
		*ret_n = nm_unquote(c->lexer.text, t->token, to);
	to[*ret_n] = '\0';
	return (char *)to;
}

bool nm_literal(struct nm_compiler *c, const struct nm_term *t, const struct nm_type *type,
    struct nm_value *ret)
{
	uint32_t n;
	char *s = spelled(c, t, &n);
	bool text = t->kind != TERM_WORD;

	if (!s)
		return false;
	*ret = (struct nm_value){ .kind = VALUE_BYTES, .n = n, .p = (const uint8_t *)s };
	switch (type->kind) {
	case VALUE_NUMBER:
	case VALUE_SIGNED: return number(c, t, type, s, ret);
	case VALUE_TEXT: ret->kind = VALUE_TEXT; return true;
	case VALUE_BYTES:
		if (text)
			return true;
		if (!bytes(c, s, n, ret))
			return false;
		return ret->n || is_none_of(c, t, type);
	case VALUE_ADDRESS:
		if (n >= WORD_BYTES)
			return is_none_of(c, t, type);
		if (!address(c, type, s, ret))
			return false;
		return ret->n || is_none_of(c, t, type);
	case VALUE_TIME:
	case VALUE_NANOS: return time_value(type, s, ret) || is_none_of(c, t, type);
	case VALUE_OID:
		if (!oid(c, s, ret))
			return false;
		return ret->n || is_none_of(c, t, type);
	default: return is_none_of(c, t, type);
	}
}

bool nm_literal_piece(struct nm_compiler *c, const struct nm_term *t, const struct nm_type *type,
    struct nm_value *ret)
{
	uint32_t n;
	char *s = spelled(c, t, &n);

	if (!s)
		return false;
	if (t->kind == TERM_WORD && type->kind != VALUE_TEXT) {
		if (!bytes(c, s, n, ret))
			return false;
		if (ret->n)
			return true;
	}
	*ret = (struct nm_value){ .kind = type->kind == VALUE_TEXT ? VALUE_TEXT : VALUE_BYTES,
		.n = n,
		.p = (const uint8_t *)s };
	return true;
}
