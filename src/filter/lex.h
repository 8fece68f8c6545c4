/* SPDX-License-Identifier: MIT */
/* filter/lex.h -- the words and signs of a filter.
 *
 * Owns:     nothing; tokens are places in the text.
 * Uses:     text.h.
 * Threads:  any.
 * Trust:    the text is hostile: its end is a NUL, and nothing beyond is read.
 */
#ifndef NM_FILTER_LEX_H
#define NM_FILTER_LEX_H

#include "filter/text.h"

enum nm_token_kind {
	TOKEN_END,
	TOKEN_WORD,   /* a name, a number, an address, bytes, a time: what it is, its place tells */
	TOKEN_STRING, /* with its quotes, r"" included */
	TOKEN_CHAR,   /* 'c', with its quotes */
	TOKEN_OPEN,   /* ( */
	TOKEN_CLOSE,
	TOKEN_BRACE, /* { */
	TOKEN_UNBRACE,
	TOKEN_BRACKET, /* [ */
	TOKEN_UNBRACKET,
	TOKEN_COMMA,
	TOKEN_DOTS, /* .. */
	TOKEN_HASH,
	TOKEN_COLON, /* in brackets only */
	TOKEN_NOT,
	TOKEN_AND,
	TOKEN_OR,
	TOKEN_XOR,
	TOKEN_IN,
	TOKEN_CONTAINS,
	TOKEN_MATCHES,
	TOKEN_ANY, /* the words */
	TOKEN_ALL,
	TOKEN_EQ,
	TOKEN_NE, /* all differ */
	TOKEN_ALL_EQ,
	TOKEN_ANY_NE,
	TOKEN_GT,
	TOKEN_LT,
	TOKEN_GE,
	TOKEN_LE,
	TOKEN_BITS, /* & */
	TOKEN_PLUS,
	TOKEN_MINUS,
	TOKEN_TIMES,
	TOKEN_DIVIDED,
	TOKEN_MODULO
};

struct nm_token {
	uint8_t kind; /* enum nm_token_kind */
	uint32_t at, n;
};

struct nm_lexer {
	const char *text;
	uint32_t at;
	struct nm_token token; /* the one to be taken next */
};

/* The next token into l->token. False and *e: what stands there is none. */
bool nm_lex(struct nm_lexer *l, struct nm_filter_error *e);

/* The same between brackets, where numbers stand alone: "0:2", "-4:", "1-3". */
bool nm_lex_index(struct nm_lexer *l, struct nm_filter_error *e);

/* What a string or character token says, without quotes and escapes, to `to`, which has
 * room for the token; its bytes. */
uint32_t nm_unquote(const char *text, struct nm_token t, uint8_t *to);

bool nm_filter_fail(struct nm_filter_error *e, uint32_t at, uint32_t n, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
