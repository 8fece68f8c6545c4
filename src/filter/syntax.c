/* SPDX-License-Identifier: MIT */
/* A filter's text, read from left to right by what binds how strongly. */
#include "filter/syntax.h"
#include "base/nmerr.h"

#include <stdlib.h>
#include <string.h>

enum bond {
	BOND_NONE,
	BOND_OR,
	BOND_XOR,
	BOND_AND,
	BOND_NOT,
	BOND_COMPARE,
	BOND_BITS,
	BOND_SUM,
	BOND_PRODUCT,
	BOND_NEGATIVE
};

/* What has been read: truth that is emitted already, or a term that waits for its other side. */
struct thing {
	bool truth;
	uint32_t first; /* of truth: its first step */
	uint32_t term;
};

static bool read_expression(struct nm_compiler *c, enum bond least, struct thing *ret);

static bool next(struct nm_compiler *c)
{
	return nm_lex(&c->lexer, c->e);
}

static bool is_next(const struct nm_compiler *c, uint8_t kind)
{
	return c->lexer.token.kind == kind;
}

static bool expect(struct nm_compiler *c, uint8_t kind, const char *what)
{
	if (is_next(c, kind))
		return next(c);
	if (is_next(c, TOKEN_END))
		return nm_filter_fail(
		    c->e, c->lexer.token.at, 0, "the filter ends here, before %s", what);
	return nm_filter_fail(c->e, c->lexer.token.at, c->lexer.token.n, "here should be %s", what);
}

static bool new_term(struct nm_compiler *c, uint8_t kind, struct nm_token t, uint32_t *ret)
{
	if (c->n_terms == c->terms_room)
		return nm_fail_at(c, t, "this filter is too large");
	c->terms[c->n_terms] = (struct nm_term){ .kind = kind,
		.token = t,
		.left = NM_NO_TERM,
		.right = NM_NO_TERM,
		.next = NM_NO_TERM };
	*ret = c->n_terms++;
	return true;
}

/* A term made of others covers their text. */
static bool new_term_of(
    struct nm_compiler *c, uint8_t kind, uint32_t left, uint32_t right, uint32_t end, uint32_t *ret)
{
	struct nm_token t = c->terms[left].token;
	unsigned depth = c->terms[left].depth;

	if (right != NM_NO_TERM && c->terms[right].depth > depth)
		depth = c->terms[right].depth;
	t.n = end - t.at;
	if (depth >= NM_TERM_DEPTH_MAX)
		return nm_fail_at(c, t, "this is nested too deep");
	if (!new_term(c, kind, t, ret))
		return false;
	c->terms[*ret].left = left;
	c->terms[*ret].right = right;
	c->terms[*ret].depth = (uint8_t)(depth + 1);
	return true;
}

static bool to_truth(struct nm_compiler *c, struct thing *t)
{
	if (t->truth)
		return true;
	t->truth = true;
	t->first = c->p->n_steps;
	return nm_emit_present(c, t->term);
}

/* A term, where an operator needs one. */
static bool to_term(struct nm_compiler *c, const struct thing *t, struct nm_token op)
{
	if (!t->truth)
		return true;
	return nm_filter_fail(c->e, op.at, op.n,
	    "%.*s needs fields or constants, not something that is true or false", (int)op.n,
	    c->lexer.text + op.at);
}

/* ---- brackets --------------------------------------------------------------------------------- */

static bool read_index(struct nm_compiler *c, bool negative, int32_t *ret)
{
	struct nm_token t = c->lexer.token;
	uint32_t v = 0;

	if (t.kind != TOKEN_WORD)
		return nm_filter_fail(
		    c->e, t.at, t.n, "brackets hold places like [0:4], [2-3], [5] or [-4:]");
	for (uint32_t i = 0; i < t.n; i++) {
		char d = c->lexer.text[t.at + i];

		if (d < '0' || d > '9' || v > 100000)
			return nm_fail_at(c, t, "a place is a number up to 999999");
		v = v * 10 + (uint32_t)(d - '0');
	}
	*ret = negative ? -(int32_t)v : (int32_t)v;
	return nm_lex_index(&c->lexer, c->e);
}

static bool read_signed(struct nm_compiler *c, int32_t *ret)
{
	bool negative = is_next(c, TOKEN_MINUS);

	if (negative && !nm_lex_index(&c->lexer, c->e))
		return false;
	return read_index(c, negative, ret);
}

/* i:n, i-j, i, :n or i: */
static bool read_range(struct nm_compiler *c, struct nm_range *ret)
{
	*ret = (struct nm_range){ .to = NM_INDEX_END };
	if (!is_next(c, TOKEN_COLON)) {
		if (!read_signed(c, &ret->from))
			return false;
		ret->to = ret->from;
	}
	if (is_next(c, TOKEN_MINUS))
		return nm_lex_index(&c->lexer, c->e) && read_signed(c, &ret->to);
	if (!is_next(c, TOKEN_COLON))
		return true;
	ret->to = NM_INDEX_END;
	if (!nm_lex_index(&c->lexer, c->e))
		return false;
	if (is_next(c, TOKEN_COMMA) || is_next(c, TOKEN_UNBRACKET))
		return true;
	ret->is_length = true;
	if (is_next(c, TOKEN_MINUS) || !read_index(c, false, &ret->to) || ret->to == 0)
		return nm_filter_fail(c->e, c->lexer.token.at, c->lexer.token.n,
		    "behind the colon stands how many bytes, at least one");
	return true;
}

static bool read_slice(struct nm_compiler *c, uint32_t of, uint32_t *ret)
{
	uint32_t first = NM_NO_TERM, *link = &first, r = NM_NO_TERM;

	do {
		struct nm_range range;
		struct nm_token at;

		if (!nm_lex_index(&c->lexer, c->e))
			return false;
		at = c->lexer.token;
		if (!read_range(c, &range) || !new_term(c, TERM_RANGE, at, &r))
			return false;
		c->terms[r].range = range;
		*link = r;
		link = &c->terms[r].next;
	} while (is_next(c, TOKEN_COMMA));
	if (!is_next(c, TOKEN_UNBRACKET))
		return expect(c, TOKEN_UNBRACKET, "] or a comma");
	r = c->lexer.token.at + 1;
	return next(c) && new_term_of(c, TERM_SLICE, of, NM_NO_TERM, r, ret) &&
	       (c->terms[*ret].right = first, true);
}

static bool read_layer(struct nm_compiler *c, uint32_t of, uint32_t *ret)
{
	uint32_t end;
	int32_t n;

	if (!nm_lex_index(&c->lexer, c->e))
		return false;
	end = c->lexer.token.at + c->lexer.token.n;
	if (!is_next(c, TOKEN_WORD) || !read_index(c, false, &n))
		return nm_filter_fail(c->e, c->lexer.token.at, c->lexer.token.n,
		    "behind # stands which layer, like ip.addr#2");
	if (n < 1 || n > 1000)
		return nm_filter_fail(c->e, end - 1, 1, "layers count from 1");
	/* What stands behind was read as an index; it is read again as what it is. */
	c->lexer.at = end;
	if (!next(c) || !new_term_of(c, TERM_LAYER, of, NM_NO_TERM, end, ret))
		return false;
	c->terms[*ret].range.from = n;
	return true;
}

/* ---- terms ----------------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	uint8_t function;
} functions[] = {
	{ "len", FUNCTION_LEN },
	{ "count", FUNCTION_COUNT },
	{ "lower", FUNCTION_LOWER },
	{ "upper", FUNCTION_UPPER },
	{ "string", FUNCTION_STRING },
	{ "abs", FUNCTION_ABS },
	{ "max", FUNCTION_MAX },
	{ "min", FUNCTION_MIN },
};

static bool read_argument(struct nm_compiler *c, uint32_t *ret)
{
	struct nm_token before = c->lexer.token;
	struct thing of;

	if (!next(c) || !read_expression(c, BOND_BITS, &of) || !to_term(c, &of, before))
		return false;
	*ret = of.term;
	return true;
}

/* What a function is of, in parentheses, and where they end; max and min are of several,
 * two at a time. */
static bool read_arguments(struct nm_compiler *c, uint8_t function, uint32_t *end, uint32_t *ret)
{
	bool many = function == FUNCTION_MAX || function == FUNCTION_MIN;
	uint32_t left, right = NM_NO_TERM;

	if (!read_argument(c, &left))
		return false;
	while (many && is_next(c, TOKEN_COMMA)) {
		if (right != NM_NO_TERM) {
			if (!new_term_of(c, TERM_CALL, left, right, c->lexer.token.at, &left))
				return false;
			c->terms[left].op = function;
		}
		if (!read_argument(c, &right))
			return false;
	}
	*end = c->lexer.token.at + 1;
	return expect(c, TOKEN_CLOSE, ") behind what the function is of") &&
	       new_term_of(c, TERM_CALL, left, right, *end, ret);
}

static bool read_call(struct nm_compiler *c, struct nm_token name, uint32_t *ret)
{
	size_t i = 0, n = sizeof functions / sizeof *functions;
	uint32_t end;

	while (i < n && (strlen(functions[i].name) != name.n ||
			    strncmp(functions[i].name, c->lexer.text + name.at, name.n) != 0))
		i++;
	if (i == n)
		return nm_filter_fail(c->e, name.at, name.n,
		    "%.*s is no function; there are len, count, lower, upper, string, abs, max and "
		    "min",
		    name.n < 80 ? (int)name.n : 80, c->lexer.text + name.at);
	if (!read_arguments(c, functions[i].function, &end, ret))
		return false;
	c->terms[*ret].op = functions[i].function;
	c->terms[*ret].token.at = name.at;
	c->terms[*ret].token.n = end - name.at;
	return true;
}

static bool read_word(struct nm_compiler *c, uint32_t *ret)
{
	struct nm_token t = c->lexer.token;
	uint8_t kind = t.kind == TOKEN_WORD     ? TERM_WORD
		       : t.kind == TOKEN_STRING ? TERM_STRING
						: TERM_CHAR;

	if (!next(c))
		return false;
	if (kind == TERM_WORD && is_next(c, TOKEN_OPEN)) {
		if (!read_call(c, t, ret))
			return false;
	} else if (!new_term(c, kind, t, ret)) {
		return false;
	}
	while (is_next(c, TOKEN_BRACKET) || is_next(c, TOKEN_HASH)) {
		uint32_t of = *ret;

		if (!(is_next(c, TOKEN_BRACKET) ? read_slice : read_layer)(c, of, ret))
			return false;
	}
	return true;
}

static bool read_group(struct nm_compiler *c, struct thing *ret)
{
	bool brace = is_next(c, TOKEN_BRACE);

	return next(c) && read_expression(c, BOND_NONE, ret) &&
	       expect(c, brace ? TOKEN_UNBRACE : TOKEN_CLOSE,
		   brace ? "} or an operator" : ") or an operator");
}

static bool read_not(struct nm_compiler *c, struct thing *ret)
{
	if (!next(c) || !read_expression(c, BOND_NOT, ret) || !to_truth(c, ret))
		return false;
	(void)nm_program_step(c->p, STEP_NOT);
	return true;
}

static bool read_negative(struct nm_compiler *c, struct thing *ret)
{
	struct nm_token minus = c->lexer.token;
	uint32_t of;

	if (!next(c) || !read_expression(c, BOND_NEGATIVE, ret) || !to_term(c, ret, minus))
		return false;
	of = ret->term;
	if (!new_term_of(c, TERM_ARITH, of, NM_NO_TERM,
		c->terms[of].token.at + c->terms[of].token.n, &ret->term))
		return false;
	c->terms[ret->term].op = ARITH_NEGATIVE;
	return true;
}

static bool read_quantified(struct nm_compiler *c, struct thing *ret)
{
	struct nm_token word = c->lexer.token;

	if (!next(c) || !read_expression(c, BOND_BITS, ret) || !to_term(c, ret, word))
		return false;
	c->terms[ret->term].quantifier = word.kind == TOKEN_ALL ? QUANTIFIER_ALL : QUANTIFIER_ANY;
	return true;
}

static bool read_first(struct nm_compiler *c, struct thing *ret)
{
	struct nm_token t = c->lexer.token;

	*ret = (struct thing){ .term = NM_NO_TERM };
	switch (t.kind) {
	case TOKEN_WORD:
	case TOKEN_STRING:
	case TOKEN_CHAR: return read_word(c, &ret->term);
	case TOKEN_OPEN:
	case TOKEN_BRACE: return read_group(c, ret);
	case TOKEN_NOT: return read_not(c, ret);
	case TOKEN_MINUS: return read_negative(c, ret);
	case TOKEN_ANY:
	case TOKEN_ALL: return read_quantified(c, ret);
	case TOKEN_END:
		return nm_filter_fail(
		    c->e, t.at, 0, "the filter ends here, where a field or a constant should be");
	default:
		return nm_filter_fail(c->e, t.at, t.n,
		    "here should be a field or a constant, not %.*s", (int)t.n,
		    c->lexer.text + t.at);
	}
}

/* ---- sets ----------------------------------------------------------------------------------------------- */

static bool read_member(struct nm_compiler *c, uint32_t *ret)
{
	struct nm_token at = c->lexer.token;
	struct thing low, high = { .term = NM_NO_TERM };

	if (!read_expression(c, BOND_BITS, &low) || !to_term(c, &low, at))
		return false;
	if (is_next(c, TOKEN_DOTS)) {
		at = c->lexer.token;
		if (!next(c) || !read_expression(c, BOND_BITS, &high) || !to_term(c, &high, at))
			return false;
	}
	return new_term_of(c, TERM_MEMBER, low.term, high.term, c->lexer.token.at, ret);
}

static bool read_set(struct nm_compiler *c, uint32_t *ret_first)
{
	uint32_t *link = ret_first;

	*link = NM_NO_TERM;
	if (!is_next(c, TOKEN_BRACE))
		return expect(c, TOKEN_BRACE, "a set, like {80, 443, 8000..8100}");
	do {
		uint32_t m;

		if (!next(c) || !read_member(c, &m))
			return false;
		*link = m;
		link = &c->terms[m].next;
	} while (is_next(c, TOKEN_COMMA));
	return expect(c, TOKEN_UNBRACE, "} or a comma");
}

/* ---- operators ------------------------------------------------------------------------------------------- */

static enum bond bond_of(uint8_t token)
{
	switch (token) {
	case TOKEN_OR: return BOND_OR;
	case TOKEN_XOR: return BOND_XOR;
	case TOKEN_AND: return BOND_AND;
	case TOKEN_BITS: return BOND_BITS;
	case TOKEN_PLUS:
	case TOKEN_MINUS: return BOND_SUM;
	case TOKEN_TIMES:
	case TOKEN_DIVIDED:
	case TOKEN_MODULO: return BOND_PRODUCT;
	case TOKEN_IN:
	case TOKEN_NOT: /* not in */
	case TOKEN_CONTAINS:
	case TOKEN_MATCHES:
	case TOKEN_EQ:
	case TOKEN_NE:
	case TOKEN_ALL_EQ:
	case TOKEN_ANY_NE:
	case TOKEN_GT:
	case TOKEN_LT:
	case TOKEN_GE:
	case TOKEN_LE: return BOND_COMPARE;
	default: return BOND_NONE;
	}
}

static bool read_join(struct nm_compiler *c, struct nm_token op, struct thing *left)
{
	struct thing right;
	uint8_t step = op.kind == TOKEN_AND ? STEP_AND : op.kind == TOKEN_OR ? STEP_OR : STEP_XOR;

	if (!to_truth(c, left) || !next(c) ||
	    !read_expression(c, (enum bond)(bond_of(op.kind) + 1), &right) || !to_truth(c, &right))
		return false;
	nm_program_join(c->p, step, right.first);
	return true;
}

static bool read_arith(struct nm_compiler *c, struct nm_token op, struct thing *left)
{
	static const uint8_t ariths[] = { [TOKEN_BITS] = ARITH_BITS,
		[TOKEN_PLUS] = ARITH_PLUS,
		[TOKEN_MINUS] = ARITH_MINUS,
		[TOKEN_TIMES] = ARITH_TIMES,
		[TOKEN_DIVIDED] = ARITH_DIVIDED,
		[TOKEN_MODULO] = ARITH_MODULO };
	struct thing right;
	uint32_t made;

	if (!to_term(c, left, op) || !next(c) ||
	    !read_expression(c, (enum bond)(bond_of(op.kind) + 1), &right) ||
	    !to_term(c, &right, op))
		return false;
	if (!new_term_of(c, TERM_ARITH, left->term, right.term,
		c->terms[right.term].token.at + c->terms[right.term].token.n, &made))
		return false;
	c->terms[made].op = ariths[op.kind];
	c->terms[made].quantifier = c->terms[left->term].quantifier;
	left->term = made;
	return true;
}

static bool read_in(struct nm_compiler *c, struct nm_token op, struct thing *left)
{
	bool negated = op.kind == TOKEN_NOT;
	uint32_t first = c->p->n_steps, members;

	if (!to_term(c, left, op) || !next(c))
		return false;
	if (negated && !expect(c, TOKEN_IN, "in, and a set"))
		return false;
	if (!read_set(c, &members) || !nm_emit_in(c, left->term, members))
		return false;
	if (negated)
		(void)nm_program_step(c->p, STEP_NOT);
	*left = (struct thing){ .truth = true, .first = first };
	return true;
}

/* a < b < c is a < b and b < c. */
static bool read_compare(struct nm_compiler *c, struct nm_token op, struct thing *left)
{
	uint32_t first = c->p->n_steps, term = left->term;
	bool again = false;

	if (!to_term(c, left, op))
		return false;
	for (;;) {
		uint32_t second = c->p->n_steps;
		struct thing right;

		if (!next(c) || !read_expression(c, BOND_BITS, &right) || !to_term(c, &right, op) ||
		    !nm_emit_compare(c, term, op, right.term))
			return false;
		if (again)
			nm_program_join(c->p, STEP_AND, second);
		again = true;
		term = right.term;
		op = c->lexer.token;
		if (bond_of(op.kind) != BOND_COMPARE || op.kind == TOKEN_IN || op.kind == TOKEN_NOT)
			break;
	}
	*left = (struct thing){ .truth = true, .first = first };
	return true;
}

/* Reads on as long as what follows binds at least so strongly. */
static bool read_operators(struct nm_compiler *c, enum bond least, struct thing *ret)
{
	for (;;) {
		struct nm_token op = c->lexer.token;
		enum bond bond = bond_of(op.kind);
		bool good;

		if (bond == BOND_NONE || bond < least)
			return true;
		switch (bond) {
		case BOND_OR:
		case BOND_XOR:
		case BOND_AND: good = read_join(c, op, ret); break;
		case BOND_COMPARE:
			good =
			    (op.kind == TOKEN_IN || op.kind == TOKEN_NOT ? read_in : read_compare)(
				c, op, ret);
			break;
		default: good = read_arith(c, op, ret);
		}
		if (!good)
			return false;
	}
}

static bool read_expression(struct nm_compiler *c, enum bond least, struct thing *ret)
{
	bool good;

	if (c->depth == NM_FILTER_DEPTH_MAX)
		return nm_fail_at(c, c->lexer.token, "this is nested too deep");
	c->depth++;
	good = read_first(c, ret) && read_operators(c, least, ret);
	c->depth--;
	return good;
}

/* ---- the filter -------------------------------------------------------------------------------------------- */

static bool read_filter(struct nm_compiler *c)
{
	struct thing all;

	if (!next(c))
		return false;
	if (is_next(c, TOKEN_END))
		return true;
	if (!read_expression(c, BOND_NONE, &all) || !to_truth(c, &all))
		return false;
	if (is_next(c, TOKEN_END))
		return true;
	return nm_filter_fail(c->e, c->lexer.token.at, c->lexer.token.n,
	    "here should be an operator or the end, not %.*s", (int)c->lexer.token.n,
	    c->lexer.text + c->lexer.token.at);
}

/* Each byte of the text makes at most so much; an operand in a chain is emitted twice. */
static bool make_room(struct nm_compiler *c, uint32_t n)
{
	const struct nm_program_room room = { .steps = 2 * n + 2,
		.tests = n + 2,
		.operands = 2 * n + 4,
		.ranges = 2 * n + 2,
		.members = n + 2,
		.data = 24 * n + 4096 };

	c->data_room = room.data;
	c->terms_room = n + 4;
	c->p = nm_program_room(&room);
	c->terms = calloc(c->terms_room, sizeof *c->terms);
	return c->p && c->terms;
}

uint32_t nm_program_read(const char *text, const struct nm_filter_frames *f,
    struct nm_program **ret, struct nm_filter_error *ret_error)
{
	struct nm_compiler c = { .lexer = { .text = text }, .e = ret_error };
	size_t n = strnlen(text, NM_FILTER_TEXT_MAX + 1);
	uint32_t last = nm_last_error();
	bool good;

	*ret_error = (struct nm_filter_error){ 0 };
	if (n > NM_FILTER_TEXT_MAX) {
		(void)nm_filter_fail(ret_error, NM_FILTER_TEXT_MAX, 0,
		    "a filter has %u bytes at most", NM_FILTER_TEXT_MAX);
		return NMERR_FILTER_INVALID_EXPRESSION;
	}
	c.no_memory = !make_room(&c, (uint32_t)n);
	good = !c.no_memory && read_filter(&c);
	nm_set_last_error(last);
	free(c.terms);
	if (good) {
		c.p->frames = f;
		*ret = c.p;
		return NMERR_SUCCESS;
	}
	nm_program_free(c.p);
	return c.no_memory ? NMERR_OUT_OF_MEMORY : NMERR_FILTER_INVALID_EXPRESSION;
}

uint32_t nm_filter_compile(const char *text, const struct nm_filter_frames *f, HFILTER *ret,
    struct nm_filter_error *ret_error)
{
	struct nm_program *p = NULL;
	uint32_t err = nm_program_read(text, f, &p, ret_error);
	HFILTER h = err ? NULL : nm_filter_of_program(p);

	if (!err && !h) {
		nm_program_free(p);
		err = NMERR_OUT_OF_MEMORY;
	}
	if (err == NMERR_OUT_OF_MEMORY)
		(void)nm_filter_fail(ret_error, 0, 0, "there is no memory for the filter");
	if (h)
		*ret = h;
	return err;
}
