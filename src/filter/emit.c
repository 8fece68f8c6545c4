/* SPDX-License-Identifier: MIT */
/* Terms, checked against each other, as operands and tests of a program. */
#include "filter/direct.h"
#include "filter/syntax.h"

#include <ctype.h>

/* What stands on one side of an operator. */
struct side {
	const struct nm_term *t;
	bool literal;
	struct nm_name name; /* of a word, or of what a layer is taken of */
	struct nm_type type;
};

static bool look(struct nm_compiler *c, uint32_t term, struct side *ret);
static bool emit(struct nm_compiler *c, const struct side *s, uint32_t *ret);

static const struct nm_type any_number = { .kind = VALUE_SIGNED, .bytes = 8, .most = UINT64_MAX };

static bool is_number(const struct nm_type *t)
{
	return t->kind == VALUE_NUMBER || t->kind == VALUE_SIGNED;
}

static bool is_bytes(const struct nm_type *t)
{
	return t->kind == VALUE_BYTES || t->kind == VALUE_TEXT || t->kind == VALUE_ADDRESS;
}

static int shown(const struct nm_token *t)
{
	return t->n < 80 ? (int)t->n : 80;
}

/* "ip.ttl is a number; ..." */
static bool has_wrong_type(struct nm_compiler *c, const struct side *s, const char *wanted)
{
	const char *example, *words = nm_type_words(&s->type, &example);

	return nm_filter_fail(c->e, s->t->token.at, s->t->token.n, "%.*s is %s; %s",
	    shown(&s->t->token), c->lexer.text + s->t->token.at, words, wanted);
}

static bool is_name_like(const struct nm_compiler *c, const struct nm_term *t)
{
	return t->kind == TERM_WORD && isalpha((unsigned char)c->lexer.text[t->token.at]);
}

/* ---- what a term is ------------------------------------------------------------------------ */

static bool look_at_part(struct nm_compiler *c, const struct nm_term *t, struct side *ret)
{
	if (!look(c, t->left, ret))
		return false;
	if (ret->literal)
		return is_name_like(c, ret->t)
			   ? nm_name_unknown(c, ret->t->token)
			   : nm_fail_at(c, ret->t->token, "a field is needed here, not a constant");
	return true;
}

/* abs, max and min: constants may be among what they are of. */
static bool look_at_numbers(struct nm_compiler *c, const struct nm_term *t)
{
	const uint32_t parts[] = { t->left, t->right };
	struct side of;

	for (unsigned i = 0; i < 2; i++) {
		if (parts[i] == NM_NO_TERM)
			continue;
		if (!look(c, parts[i], &of))
			return false;
		if (!of.literal && !is_number(&of.type))
			return has_wrong_type(c, &of, "abs, max and min are of numbers");
	}
	return true;
}

static bool look_at_call(struct nm_compiler *c, const struct nm_term *t, struct side *ret)
{
	struct side of;

	ret->type = any_number;
	if (t->op >= FUNCTION_ABS)
		return look_at_numbers(c, t);
	if (!look_at_part(c, t, &of))
		return false;
	if (t->op == FUNCTION_LEN && !is_bytes(&of.type))
		return has_wrong_type(c, &of, "len is of text and bytes");
	if (t->op == FUNCTION_LOWER || t->op == FUNCTION_UPPER) {
		if (of.type.kind != VALUE_TEXT)
			return has_wrong_type(c, &of, "lower and upper are of text");
		ret->type = of.type;
	}
	if (t->op == FUNCTION_STRING) {
		if (!is_number(&of.type) && of.type.kind != VALUE_ADDRESS)
			return has_wrong_type(c, &of, "string is of numbers and addresses");
		ret->type = (struct nm_type){ .kind = VALUE_TEXT };
	}
	return true;
}

/* Arithmetic is of numbers; bits are also taken from bytes, of slices for one. */
static bool look_at_arith(struct nm_compiler *c, const struct nm_term *t, struct side *ret)
{
	struct side sides[2];
	unsigned n = t->op == ARITH_NEGATIVE ? 1 : 2;

	ret->type = any_number;
	for (unsigned i = 0; i < n; i++) {
		if (!look(c, i ? t->right : t->left, &sides[i]))
			return false;
		if (!sides[i].literal && !is_number(&sides[i].type) &&
		    !(t->op == ARITH_BITS && is_bytes(&sides[i].type)))
			return has_wrong_type(c, &sides[i], "arithmetic is of numbers");
	}
	return true;
}

static bool look(struct nm_compiler *c, uint32_t term, struct side *ret)
{
	const struct nm_term *t = &c->terms[term];

	*ret = (struct side){ .t = t };
	switch (t->kind) {
	case TERM_WORD:
		if (!nm_name_find(c, t->token, &ret->name))
			return false;
		ret->literal = ret->name.kind == NAME_NONE;
		ret->type = ret->name.type;
		return true;
	case TERM_SLICE:
		if (!look_at_part(c, t, ret))
			return false;
		if (!is_bytes(&ret->type))
			return has_wrong_type(c, ret, "slices are of text, bytes and addresses");
		ret->t = t;
		ret->type = (struct nm_type){ .kind = VALUE_BYTES };
		return true;
	case TERM_LAYER:
		if (!look_at_part(c, t, ret))
			return false;
		if (ret->name.kind != NAME_FIELD && ret->name.kind != NAME_LAYER)
			return nm_fail_at(c, ret->t->token, "this has no layers");
		ret->t = t;
		return true;
	case TERM_CALL: return look_at_call(c, t, ret);
	case TERM_ARITH: return look_at_arith(c, t, ret);
	default: ret->literal = true; return true;
	}
}

/* ---- operands ------------------------------------------------------------------------------- */

static uint32_t put_operand(struct nm_compiler *c, struct nm_operand o)
{
	c->p->operands[c->p->n_operands] = o;
	return c->p->n_operands++;
}

static bool emit_const(
    struct nm_compiler *c, const struct nm_term *t, const struct nm_type *type, uint32_t *ret)
{
	struct nm_operand o = { .kind = OPERAND_CONST };

	if (!nm_literal(c, t, type, &o.value))
		return false;
	*ret = put_operand(c, o);
	return true;
}

static void put_name(struct nm_compiler *c, const struct side *s, uint32_t *ret)
{
	struct nm_operand o = { .kind = OPERAND_FACT,
		.op = (uint8_t)s->name.fact,
		.rows = s->name.rows,
		.n = s->name.n };

	if (s->t->kind == TERM_LAYER)
		o.layer = (int16_t)s->t->range.from;
	if (s->name.kind == NAME_FIELD)
		o.kind = OPERAND_FIELD;
	if (s->name.kind == NAME_LAYER)
		o.kind = OPERAND_LAYER;
	*ret = put_operand(c, o);
}

/* Its values are wanted, so its protocols' properties are. */
static void emit_name(struct nm_compiler *c, const struct side *s, uint32_t *ret)
{
	for (uint32_t i = 0; i < s->name.n; i++)
		if (s->name.rows[i].property || s->name.rows[i].protocol != NM_FRAME_PROTOCOL)
			nm_protocol_set_add(&c->p->attach, s->name.rows[i].protocol);
	put_name(c, s, ret);
}

static bool emit_part(
    struct nm_compiler *c, uint32_t term, const struct nm_type *if_literal, uint32_t *ret)
{
	struct side s;

	if (!look(c, term, &s))
		return false;
	return s.literal ? emit_const(c, s.t, if_literal, ret) : emit(c, &s, ret);
}

static bool emit(struct nm_compiler *c, const struct side *s, uint32_t *ret)
{
	const struct nm_term *t = s->t;
	struct nm_operand o = { .op = t->op };

	if (t->kind == TERM_WORD || t->kind == TERM_LAYER)
		return emit_name(c, s, ret), true;
	if (!emit_part(c, t->left, &any_number, &o.left))
		return false;
	if (t->kind == TERM_CALL) {
		o.kind = OPERAND_FUNCTION;
		o.right = o.left;
		if (t->right != NM_NO_TERM && !emit_part(c, t->right, &any_number, &o.right))
			return false;
	}
	if (t->kind == TERM_ARITH) {
		o.kind = OPERAND_ARITH;
		if (t->op != ARITH_NEGATIVE && !emit_part(c, t->right, &any_number, &o.right))
			return false;
	}
	if (t->kind == TERM_SLICE) {
		o.kind = OPERAND_SLICE;
		o.first = c->p->n_ranges;
		for (uint32_t r = t->right; r != NM_NO_TERM; r = c->terms[r].next)
			c->p->ranges[c->p->n_ranges++] = c->terms[r].range;
		o.n = c->p->n_ranges - o.first;
	}
	*ret = put_operand(c, o);
	return true;
}

static bool put_test(struct nm_compiler *c, struct nm_test t)
{
	nm_direct_make(c->p, &t);
	nm_program_step(c->p, STEP_TEST)->test = c->p->n_tests;
	c->p->tests[c->p->n_tests++] = t;
	return true;
}

/* ---- presence ----------------------------------------------------------------------------------- */

bool nm_emit_present(struct nm_compiler *c, uint32_t term)
{
	struct nm_test t = { .kind = TEST_PRESENT };
	struct side s;

	if (!look(c, term, &s))
		return false;
	if (s.t->quantifier)
		return nm_fail_at(c, s.t->token, "any and all stand before a comparison");
	if (s.literal)
		return is_name_like(c, s.t) ? nm_name_unknown(c, s.t->token)
					    : nm_fail_at(c, s.t->token,
						  "a constant alone is neither true nor false; "
						  "compare it with a field");
	if (s.t->kind == TERM_CALL || (s.t->kind == TERM_ARITH && s.t->op != ARITH_BITS))
		return nm_fail_at(c, s.t->token,
		    "a number alone is neither true nor false; compare it, like len(tcp.payload) > "
		    "100");
	if (s.name.kind == NAME_LAYER && s.t->kind != TERM_SLICE) {
		t.kind = TEST_LAYERS;
		put_name(c, &s, &t.left);
		return put_test(c, t);
	}
	if (s.t->kind == TERM_ARITH)
		t.kind = TEST_TRUE;
	return emit(c, &s, &t.left) && put_test(c, t);
}

/* ---- comparisons ---------------------------------------------------------------------------------- */

static const struct {
	uint8_t token, how, mirrored;
	bool all;
} operators[] = {
	{ TOKEN_EQ, COMPARE_EQUAL, TOKEN_EQ, false },
	{ TOKEN_NE, COMPARE_NOT_EQUAL, TOKEN_NE, true },
	{ TOKEN_ALL_EQ, COMPARE_EQUAL, TOKEN_ALL_EQ, true },
	{ TOKEN_ANY_NE, COMPARE_NOT_EQUAL, TOKEN_ANY_NE, false },
	{ TOKEN_GT, COMPARE_GREATER, TOKEN_LT, false },
	{ TOKEN_LT, COMPARE_LESS, TOKEN_GT, false },
	{ TOKEN_GE, COMPARE_GREATER_EQUAL, TOKEN_LE, false },
	{ TOKEN_LE, COMPARE_LESS_EQUAL, TOKEN_GE, false },
	{ TOKEN_CONTAINS, COMPARE_CONTAINS, 0, false },
};

static bool can_compare(const struct nm_type *a, const struct nm_type *b)
{
	if (a->kind == VALUE_BYTES || b->kind == VALUE_BYTES)
		return is_bytes(a) && is_bytes(b);
	if (is_number(a))
		return is_number(b);
	return a->kind == b->kind && (a->kind != VALUE_ADDRESS || a->bytes == b->bytes);
}

/* "TCP" beside a number or text is the name of a value: a protocol's bytes can't be meant. */
static void settle(struct side *s, const struct side *other)
{
	s->literal |= s->t->kind == TERM_WORD && s->name.kind == NAME_LAYER && !other->literal &&
		      (is_number(&other->type) || other->type.kind == VALUE_TEXT);
}

static bool cant_compare(struct nm_compiler *c, const struct side *a, const struct side *b)
{
	const char *example;

	return nm_filter_fail(c->e, a->t->token.at, b->t->token.at + b->t->token.n - a->t->token.at,
	    "%.*s is %s and %.*s is %s: they can't be compared", shown(&a->t->token),
	    c->lexer.text + a->t->token.at, nm_type_words(&a->type, &example), shown(&b->t->token),
	    c->lexer.text + b->t->token.at, nm_type_words(&b->type, &example));
}

static bool quantify(struct nm_test *t, const struct side *s)
{
	if (s->t->quantifier)
		t->all = s->t->quantifier == QUANTIFIER_ALL;
	return true;
}

static bool emit_matches(struct nm_compiler *c, const struct side *left, uint32_t right)
{
	const struct nm_term *t = &c->terms[right];
	struct nm_test test = { .kind = TEST_MATCH, .first = c->p->n_patterns };
	struct nm_value pattern;
	char why[256];
	size_t at;

	if (left->type.kind != VALUE_TEXT && left->type.kind != VALUE_BYTES)
		return has_wrong_type(c, left, "matches is of text and bytes");
	if (t->kind != TERM_STRING && t->kind != TERM_WORD)
		return nm_fail_at(c, t->token, "matches needs a pattern in quotes, like \"^GET \"");
	if (!nm_literal_piece(c, t, &(struct nm_type){ .kind = VALUE_TEXT }, &pattern) ||
	    !emit(c, left, &test.left))
		return false;
	if (c->p->n_patterns == NM_REGEX_MOST)
		return nm_fail_at(c, t->token, "a filter has 64 patterns at most");
	c->p->patterns[c->p->n_patterns] = nm_regex_new(pattern.p, pattern.n, &at, why);
	if (!c->p->patterns[c->p->n_patterns]) {
		c->no_memory = !why[0];
		return nm_filter_fail(c->e, t->token.at, t->token.n, "this is no pattern: %s", why);
	}
	c->p->n_patterns++;
	(void)quantify(&test, left);
	return put_test(c, test);
}

static bool emit_contains(
    struct nm_compiler *c, struct side *left, struct side *right, struct nm_test t)
{
	struct nm_operand o = { .kind = OPERAND_CONST };

	if (!is_bytes(&left->type))
		return has_wrong_type(c, left, "contains is of text, bytes and protocols");
	if (!right->literal && !is_bytes(&right->type))
		return has_wrong_type(c, right, "only text and bytes can be contained");
	if (!emit(c, left, &t.left))
		return false;
	if (right->literal) {
		if (!nm_literal_piece(c, right->t, &left->type, &o.value))
			return false;
		t.right = put_operand(c, o);
	} else if (!emit(c, right, &t.right)) {
		return false;
	}
	return put_test(c, t);
}

static size_t operator_of(uint8_t token)
{
	size_t i = 0;

	while (operators[i].token != token)
		i++;
	return i;
}

static bool both_constant(struct nm_compiler *c, const struct side *left, struct nm_token op)
{
	if (is_name_like(c, left->t))
		return nm_name_unknown(c, left->t->token);
	return nm_fail_at(c, op, "there is a constant on both sides; one has to be a field");
}

bool nm_emit_compare(struct nm_compiler *c, uint32_t left, struct nm_token op, uint32_t right)
{
	struct side l, r;
	struct nm_test t = { .kind = TEST_COMPARE };
	size_t i;

	if (!look(c, left, &l))
		return false;
	if (op.kind == TOKEN_MATCHES)
		return l.literal ? both_constant(c, &l, op) : emit_matches(c, &l, right);
	if (!look(c, right, &r))
		return false;
	settle(&r, &l);
	if (l.literal && (r.literal || op.kind == TOKEN_CONTAINS))
		return both_constant(c, &l, op);
	if (l.literal) {
		struct side s = l;

		l = r;
		r = s;
		op.kind = operators[operator_of(op.kind)].mirrored;
	}
	i = operator_of(op.kind);
	t.how = operators[i].how;
	t.all = operators[i].all;
	(void)quantify(&t, &l);
	(void)quantify(&t, &r);
	if (op.kind == TOKEN_CONTAINS)
		return emit_contains(c, &l, &r, t);
	if (!r.literal && !can_compare(&l.type, &r.type))
		return cant_compare(c, &l, &r);
	return emit(c, &l, &t.left) &&
	       (r.literal ? emit_const(c, r.t, &l.type, &t.right) : emit(c, &r, &t.right)) &&
	       put_test(c, t);
}

/* ---- sets -------------------------------------------------------------------------------------------- */

static bool emit_member(
    struct nm_compiler *c, const struct side *left, uint32_t term, uint32_t *ret)
{
	struct side s;

	if (!look(c, term, &s))
		return false;
	settle(&s, left);
	if (s.literal)
		return emit_const(c, s.t, &left->type, ret);
	return can_compare(&left->type, &s.type) ? emit(c, &s, ret) : cant_compare(c, left, &s);
}

bool nm_emit_in(struct nm_compiler *c, uint32_t left, uint32_t first_member)
{
	struct nm_test t = { .kind = TEST_IN, .first = c->p->n_members };
	struct side l;

	if (!look(c, left, &l))
		return false;
	if (l.literal)
		return both_constant(c, &l, l.t->token);
	if (!emit(c, &l, &t.left))
		return false;
	for (uint32_t m = first_member; m != NM_NO_TERM; m = c->terms[m].next) {
		struct nm_member *to = &c->p->members[c->p->n_members++];

		to->high = UINT32_MAX;
		if (!emit_member(c, &l, c->terms[m].left, &to->low) ||
		    (c->terms[m].right != NM_NO_TERM &&
			!emit_member(c, &l, c->terms[m].right, &to->high)))
			return false;
		t.n++;
	}
	(void)quantify(&t, &l);
	return put_test(c, t);
}
