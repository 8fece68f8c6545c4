/* SPDX-License-Identifier: MIT */
/* filter/syntax.h -- shared by the files that make a program from text, and nobody else.
 *
 *   syntax.c    reads the text; truth values are emitted as they are read
 *   emit.c      checks terms (what stands beside an operator) and emits operands and tests
 *   names.c     finds fields and protocols, and what is near to a name that is none
 *   literal.c   makes constants of the type that the other side has
 *
 * Every function that returns a bool has told what is wrong when it is false.
 */
#ifndef NM_FILTER_SYNTAX_H
#define NM_FILTER_SYNTAX_H

#include "filter/lex.h"
#include "filter/program.h"

#define NM_TERM_DEPTH_MAX 16u /* slices, functions and arithmetic within each other */
#define NM_NO_TERM        UINT32_MAX

enum nm_term_kind {
	TERM_WORD,
	TERM_STRING,
	TERM_CHAR,
	TERM_SLICE, /* of left; right is the first of its ranges */
	TERM_RANGE, /* of a slice */
	TERM_LAYER, /* left, number range.from */
	TERM_CALL,  /* of left, and right if there is one */
	TERM_ARITH,
	TERM_MEMBER /* of a set: left, or left to right */
};

enum nm_quantifier { QUANTIFIER_NONE, QUANTIFIER_ANY, QUANTIFIER_ALL };

struct nm_term {
	uint8_t kind; /* enum nm_term_kind */
	uint8_t op;   /* enum nm_function, enum nm_arith */
	uint8_t depth;
	uint8_t quantifier;
	struct nm_token token; /* where it stands in the text */
	uint32_t left, right, next;
	struct nm_range range;
};

/* What values a term has. */
struct nm_type {
	uint8_t kind; /* enum nm_value_kind; VALUE_NONE: a constant, which fits the other side */
	bool moment;  /* VALUE_NANOS since 1970, not between two moments */
	uint32_t bytes;
	uint64_t most;            /* of numbers */
	const PROPERTYINFO *info; /* with names for values; NULL: none */
};

enum nm_name_kind { NAME_NONE, NAME_FIELD, NAME_LAYER, NAME_FACT };

struct nm_name {
	uint8_t kind; /* enum nm_name_kind */
	enum nm_fact fact;
	const struct nm_field *rows;
	uint32_t n;
	struct nm_type type;
};

struct nm_compiler {
	struct nm_lexer lexer;
	struct nm_filter_error *e;
	struct nm_program *p;
	uint32_t data_room;
	struct nm_term *terms; /* owned; one for each byte of the text at most */
	uint32_t n_terms, terms_room;
	unsigned depth;
	bool no_memory;
};

/* ---- syntax.c ---- */

/* What nm_filter_compile makes a filter of; errors as there. */
uint32_t nm_program_read(const char *text, const struct nm_filter_frames *f,
    struct nm_program **ret, struct nm_filter_error *ret_error);

/* ---- emit.c ---- */

/* Each emits a test. `op` is the operator's token. */
bool nm_emit_present(struct nm_compiler *c, uint32_t term);
bool nm_emit_compare(struct nm_compiler *c, uint32_t left, struct nm_token op, uint32_t right);
bool nm_emit_in(struct nm_compiler *c, uint32_t left, uint32_t first_member);

/* ---- names.c ---- */

/* What a word names; NAME_NONE: nothing. False: out of room. */
bool nm_name_find(struct nm_compiler *c, struct nm_token word, struct nm_name *ret);
bool nm_name_unknown(struct nm_compiler *c, struct nm_token word); /* false */

/* ---- literal.c ---- */

/* The constant that a term is, as a value of that type. */
bool nm_literal(struct nm_compiler *c, const struct nm_term *t, const struct nm_type *type,
    struct nm_value *ret);
/* For `contains`: a piece of text or bytes. */
bool nm_literal_piece(struct nm_compiler *c, const struct nm_term *t, const struct nm_type *type,
    struct nm_value *ret);
/* "an IPv4 address", and how one is written */
const char *nm_type_words(const struct nm_type *type, const char **ret_example);

/* Room for n bytes that live as long as the program; NULL: the filter is too large. */
void *nm_compiler_room(struct nm_compiler *c, uint32_t n);

static inline bool nm_fail_at(struct nm_compiler *c, struct nm_token t, const char *text)
{
	return nm_filter_fail(c->e, t.at, t.n, "%s", text);
}

#endif
