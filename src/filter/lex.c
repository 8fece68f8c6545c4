/* SPDX-License-Identifier: MIT */
/* A filter's text as tokens. */
#include "filter/lex.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool nm_filter_fail(struct nm_filter_error *e, uint32_t at, uint32_t n, const char *fmt, ...)
{
	va_list ap;

	e->at = at;
	e->n = n;
	va_start(ap, fmt);
	(void)vsnprintf(e->text, sizeof e->text, fmt, ap);
	va_end(ap);
	return false;
}

/* ---- words ----------------------------------------------------------------------------- */

static const struct {
	const char *word;
	uint8_t kind;
} words[] = {
	{ "not", TOKEN_NOT },
	{ "and", TOKEN_AND },
	{ "or", TOKEN_OR },
	{ "xor", TOKEN_XOR },
	{ "in", TOKEN_IN },
	{ "contains", TOKEN_CONTAINS },
	{ "matches", TOKEN_MATCHES },
	{ "any", TOKEN_ANY },
	{ "all", TOKEN_ALL },
	{ "eq", TOKEN_EQ },
	{ "any_eq", TOKEN_EQ },
	{ "ne", TOKEN_NE },
	{ "all_ne", TOKEN_NE },
	{ "all_eq", TOKEN_ALL_EQ },
	{ "any_ne", TOKEN_ANY_NE },
	{ "gt", TOKEN_GT },
	{ "lt", TOKEN_LT },
	{ "ge", TOKEN_GE },
	{ "le", TOKEN_LE },
	{ "bitand", TOKEN_BITS },
	{ "bitwise_and", TOKEN_BITS },
};

/* The longest first. */
static const struct {
	const char sign[4];
	uint8_t n, kind;
} signs[] = {
	{ "===", 3, TOKEN_ALL_EQ },
	{ "!==", 3, TOKEN_ANY_NE },
	{ "==", 2, TOKEN_EQ },
	{ "!=", 2, TOKEN_NE },
	{ "~=", 2, TOKEN_ANY_NE },
	{ ">=", 2, TOKEN_GE },
	{ "<=", 2, TOKEN_LE },
	{ "&&", 2, TOKEN_AND },
	{ "||", 2, TOKEN_OR },
	{ "^^", 2, TOKEN_XOR },
	{ "..", 2, TOKEN_DOTS },
	{ "(", 1, TOKEN_OPEN },
	{ ")", 1, TOKEN_CLOSE },
	{ "{", 1, TOKEN_BRACE },
	{ "}", 1, TOKEN_UNBRACE },
	{ "[", 1, TOKEN_BRACKET },
	{ "]", 1, TOKEN_UNBRACKET },
	{ ",", 1, TOKEN_COMMA },
	{ "#", 1, TOKEN_HASH },
	{ "!", 1, TOKEN_NOT },
	{ "~", 1, TOKEN_MATCHES },
	{ ">", 1, TOKEN_GT },
	{ "<", 1, TOKEN_LT },
	{ "&", 1, TOKEN_BITS },
	{ "+", 1, TOKEN_PLUS },
	{ "-", 1, TOKEN_MINUS },
	{ "*", 1, TOKEN_TIMES },
	{ "/", 1, TOKEN_DIVIDED },
	{ "%", 1, TOKEN_MODULO },
};

static bool is_letter(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* May a prefix length follow? Then so far it is an address: digits, dots and colons. */
static bool is_address_like(const char *p, uint32_t n)
{
	unsigned dots = 0, colons = 0;

	for (uint32_t i = 0; i < n; i++) {
		if (!isxdigit((unsigned char)p[i]) && p[i] != '.' && p[i] != ':')
			return false;
		dots += p[i] == '.';
		colons += p[i] == ':';
	}
	return dots == 3 || colons >= 2;
}

/* Bytes of the word at p; 0: none begins here. A dash is part of it between letters, as in
 * aa-bb-cc and 2024-05-01; a minus has blanks around it. */
static uint32_t word_bytes(const char *p)
{
	uint32_t n = 0;

	if (!is_letter(*p) && !(*p == ':' && (p[1] == ':' || isxdigit((unsigned char)p[1]))))
		return 0;
	for (;; n++) {
		char c = p[n];

		if (is_letter(c) || c == ':')
			continue;
		if ((c == '.' && is_letter(p[n + 1])) || (c == '-' && n && is_letter(p[n + 1])))
			continue;
		if (c == '/' && isdigit((unsigned char)p[n + 1]) && is_address_like(p, n))
			continue;
		return n;
	}
}

static uint8_t word_kind(const char *p, uint32_t n)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strlen(words[i].word) == n && strncasecmp(words[i].word, p, n) == 0)
			return words[i].kind;
	return TOKEN_WORD;
}

/* ---- quotes ------------------------------------------------------------------------------ */

/* Bytes of the string or character at p; 0: it has no end. */
static uint32_t quoted_bytes(const char *p, bool raw)
{
	uint32_t n = raw ? 2 : 1;
	char quote = p[n - 1];

	for (; p[n] && p[n] != quote; n++)
		if (p[n] == '\\' && p[n + 1])
			n++;
	return p[n] ? n + 1 : 0;
}

static unsigned digit_of(char c)
{
	return c <= '9' ? (unsigned)(c - '0') : (unsigned)(tolower(c) - 'a' + 10);
}

/* The byte that an escape means; *i stands behind the backslash, then on its last letter. */
static uint8_t escape(const char *p, uint32_t *i, uint32_t end)
{
	static const char letters[] = "abfnrtv", means[] = "\a\b\f\n\r\t\v";
	const char *l = strchr(letters, p[*i]);
	unsigned v = 0, n = 0;

	if (l)
		return (uint8_t)means[l - letters];
	if (p[*i] == 'x' && *i + 1 < end && isxdigit((unsigned char)p[*i + 1])) {
		for (; n < 2 && *i + 1 < end && isxdigit((unsigned char)p[*i + 1]); n++)
			v = v * 16 + digit_of(p[++*i]);
		return (uint8_t)v;
	}
	if (p[*i] >= '0' && p[*i] <= '7') {
		v = digit_of(p[*i]);
		for (n = 1; n < 3 && *i + 1 < end && p[*i + 1] >= '0' && p[*i + 1] <= '7'; n++)
			v = v * 8 + digit_of(p[++*i]);
		return (uint8_t)v;
	}
	return (uint8_t)p[*i];
}

uint32_t nm_unquote(const char *text, struct nm_token t, uint8_t *to)
{
	const char *p = text + t.at;
	bool raw = *p == 'r' || *p == 'R';
	uint32_t n = 0, end = t.n - 1;

	for (uint32_t i = raw ? 2 : 1; i < end; i++) {
		if (p[i] != '\\') {
			to[n++] = (uint8_t)p[i];
		} else if (raw) { /* a backslash keeps the quote in, and stays */
			to[n++] = '\\';
			to[n++] = (uint8_t)p[++i];
		} else {
			i++;
			to[n++] = escape(p, &i, end);
		}
	}
	return n;
}

/* ---- tokens -------------------------------------------------------------------------------- */

static bool take(struct nm_lexer *l, uint8_t kind, uint32_t n)
{
	l->token = (struct nm_token){ kind, l->at, n };
	l->at += n;
	return true;
}

static void skip_blanks(struct nm_lexer *l)
{
	l->at += (uint32_t)strspn(l->text + l->at, " \t\r\n\f\v");
}

static bool take_quoted(struct nm_lexer *l, struct nm_filter_error *e, bool raw)
{
	const char *p = l->text + l->at;
	bool is_char = p[raw] == '\'';
	uint32_t n = quoted_bytes(p, raw);
	uint8_t one[8];

	if (n == 0)
		return nm_filter_fail(
		    e, l->at, (uint32_t)strlen(p), "the quote that begins here has no end");
	(void)take(l, is_char ? TOKEN_CHAR : TOKEN_STRING, n);
	if (is_char && (n > 6 || nm_unquote(l->text, l->token, one) != 1))
		return nm_filter_fail(e, l->token.at, n,
		    "single quotes hold one character, like 'a' or '\\n'; text has double quotes");
	return true;
}

static bool take_sign(struct nm_lexer *l, struct nm_filter_error *e)
{
	const char *p = l->text + l->at;
	const char *hint = "";

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (strncmp(signs[i].sign, p, signs[i].n) == 0)
			return take(l, signs[i].kind, signs[i].n);
	if (*p == '=')
		hint = "; equal is ==";
	else if (*p == '|')
		hint = "; or is ||";
	else if (*p == '^')
		hint = "; exclusive or is ^^";
	else if (*p == '$')
		hint = "; ${field} is of a frame that is selected, and none is here";
	if (isprint((unsigned char)*p))
		return nm_filter_fail(e, l->at, 1, "\"%c\" is no sign of the language%s", *p, hint);
	return nm_filter_fail(
	    e, l->at, 1, "a byte 0x%02x can stand only in quotes", (unsigned char)*p);
}

bool nm_lex(struct nm_lexer *l, struct nm_filter_error *e)
{
	const char *p;
	uint32_t n;

	skip_blanks(l);
	p = l->text + l->at;
	if (!*p)
		return take(l, TOKEN_END, 0);
	if (*p == '"' || *p == '\'')
		return take_quoted(l, e, false);
	if ((*p == 'r' || *p == 'R') && p[1] == '"')
		return take_quoted(l, e, true);
	n = word_bytes(p);
	if (n)
		return take(l, word_kind(p, n), n);
	return take_sign(l, e);
}

bool nm_lex_index(struct nm_lexer *l, struct nm_filter_error *e)
{
	const char *p;
	uint32_t n = 0;

	skip_blanks(l);
	p = l->text + l->at;
	if (*p == ':')
		return take(l, TOKEN_COLON, 1);
	while (is_letter(p[n]))
		n++;
	return n ? take(l, TOKEN_WORD, n) : nm_lex(l, e);
}
