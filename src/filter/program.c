/* SPDX-License-Identifier: MIT */
/* Running a filter's program over a frame. */
#include "filter/direct.h"
#include "filter/operand.h"

/* ---- comparisons ------------------------------------------------------------------------ */

/* Pairs of values, until one decides. */
struct pairs {
	struct nm_evaluation *e;
	const struct nm_test *t;
	const struct nm_operand *left, *right; /* the sides, or of a set's member the bounds */
	const struct nm_value *a;              /* the left one at hand */
	uint32_t n;
	bool decided;
};

static bool second_of_pair(void *ctx, const struct nm_value *b)
{
	struct pairs *k = ctx;

	k->n++;
	k->decided =
	    nm_value_compare(k->a, (enum nm_compare)k->t->how, k->t->no_case, b) != k->t->all;
	return k->decided;
}

static bool first_of_pair(void *ctx, const struct nm_value *a)
{
	struct pairs *k = ctx;

	k->a = a;
	return nm_operand_each(k->e, k->right, second_of_pair, k);
}

static bool compare(struct nm_evaluation *e, const struct nm_test *t)
{
	const struct nm_operand *all = e->program->operands;
	struct pairs k = { .e = e, .t = t, .left = &all[t->left], .right = &all[t->right] };

	(void)nm_operand_each(e, k.left, first_of_pair, &k);
	return t->all ? k.n && !k.decided : k.decided;
}

static bool compare_directly(struct nm_evaluation *e, const struct nm_test *t)
{
	enum nm_direct_answer a =
	    e->only ? DIRECT_UNKNOWN : nm_direct_test(e->program, t, e->parse);

	return a == DIRECT_UNKNOWN ? compare(e, t) : a == DIRECT_TRUE;
}

static bool not_below(void *ctx, const struct nm_value *bound)
{
	return nm_value_compare(((struct pairs *)ctx)->a, COMPARE_GREATER_EQUAL, false, bound);
}

static bool not_above(void *ctx, const struct nm_value *bound)
{
	return nm_value_compare(((struct pairs *)ctx)->a, COMPARE_LESS_EQUAL, false, bound);
}

static bool is_equal(void *ctx, const struct nm_value *v)
{
	return nm_value_compare(((struct pairs *)ctx)->a, COMPARE_EQUAL, false, v);
}

static bool is_member(void *ctx, const struct nm_value *a)
{
	struct pairs *k = ctx;
	const struct nm_operand *all = k->e->program->operands;
	const struct nm_member *m = &k->e->program->members[k->t->first];
	bool found = false;

	k->a = a;
	k->n++;
	for (uint32_t i = 0; i < k->t->n && !found; i++)
		found = m[i].high == UINT32_MAX
			    ? nm_operand_each(k->e, &all[m[i].low], is_equal, k)
			    : nm_operand_each(k->e, &all[m[i].low], not_below, k) &&
				  nm_operand_each(k->e, &all[m[i].high], not_above, k);
	k->decided = found != k->t->all;
	return k->decided;
}

static bool matches(void *ctx, const struct nm_value *a)
{
	struct pairs *k = ctx;

	k->n++;
	k->decided = nm_operand_matches(k->e, a, k->e->program->patterns[k->t->first]) != k->t->all;
	return k->decided;
}

static bool is_true(void *ctx, const struct nm_value *a)
{
	int64_t v;

	(void)ctx;
	return nm_value_number(a, &v) && v != 0;
}

static bool one_side(struct nm_evaluation *e, const struct nm_test *t, nm_visit_fn fn)
{
	struct pairs k = { .e = e, .t = t };

	(void)nm_operand_each(e, &e->program->operands[t->left], fn, &k);
	return t->all ? k.n && !k.decided : k.decided;
}

/* ---- tests ------------------------------------------------------------------------------ */

static bool any_protocol(const struct nm_evaluation *e, const PROTOCOLTABLE *t)
{
	for (uint32_t i = 0; i < t->nProtocols; i++) {
		uint32_t id = nm_protocol_id(t->hProtocol[i]);

		if (id && nm_layer_of(e, id, 0))
			return true;
	}
	return false;
}

static bool any_layer(const struct nm_evaluation *e, const struct nm_operand *o)
{
	for (uint32_t i = 0; i < o->n; i++)
		if (nm_layer_of(e, o->rows[i].protocol, o->layer))
			return true;
	return false;
}

/* Source a and destination b; NULL is any. */
static bool goes(const struct nm_evaluation *e, ADDRESS2 *a, ADDRESS2 *b)
{
	HFRAME h = nm_parse_frame(e->parse);

	return (!a || e->program->frames->source(h, a)) &&
	       (!b || e->program->frames->destination(h, b));
}

static bool run_test(struct nm_evaluation *e, const struct nm_test *t)
{
	const struct nm_operand *left = &e->program->operands[t->left];

	switch (t->kind) {
	case TEST_COMPARE: return t->direct.kind ? compare_directly(e, t) : compare(e, t);
	case TEST_PRESENT: return nm_operand_is_present(e, left);
	case TEST_PROTOCOLS:
		return t->protocols ? any_protocol(e, t->protocols)
				    : nm_layer_of(e, nm_protocol_id(t->protocol), 0) != NULL;
	case TEST_ANY_PROTOCOL: return nm_parse_recognize(e->parse)->nRecognizeDatas != 0;
	case TEST_FROM: return goes(e, t->b, t->a);
	case TEST_TO: return goes(e, t->a, t->b);
	case TEST_FROMTO: return goes(e, t->a, t->b) || goes(e, t->b, t->a);
	case TEST_LAYERS: return any_layer(e, left);
	case TEST_IN: return one_side(e, t, is_member);
	case TEST_MATCH: return one_side(e, t, matches);
	case TEST_TRUE: return nm_operand_each(e, left, is_true, NULL);
	default: return false;
	}
}

/* ---- steps -------------------------------------------------------------------------------- */

struct stack {
	uint64_t bits[NM_FILTER_OBJECTS_MAX / 64 + 1];
	uint32_t n;
};

static void push(struct stack *s, bool v)
{
	uint64_t bit = UINT64_C(1) << s->n % 64, *word = &s->bits[s->n / 64];

	*word = v ? *word | bit : *word & ~bit;
	s->n++;
}

static bool pop(struct stack *s)
{
	s->n--;
	return s->bits[s->n / 64] >> s->n % 64 & 1;
}

static void do_step(struct nm_evaluation *e, struct stack *s, const struct nm_step *step)
{
	bool right;

	switch (step->op) {
	case STEP_CONST: push(s, step->value); break;
	case STEP_TEST: push(s, run_test(e, &e->program->tests[step->test])); break;
	case STEP_NOT: push(s, !pop(s)); break;
	case STEP_AND:
		right = pop(s);
		push(s, pop(s) && right);
		break;
	case STEP_OR:
		right = pop(s);
		push(s, pop(s) || right);
		break;
	case STEP_XOR:
		right = pop(s);
		push(s, pop(s) != right);
		break;
	default: break;
	}
}

static bool top(const struct stack *s)
{
	return s->bits[(s->n - 1) / 64] >> (s->n - 1) % 64 & 1;
}

bool nm_program_run(const struct nm_program *p, struct nm_parse *parse, const PROPERTYINST *only)
{
	struct nm_evaluation e = {
		.program = p, .parse = parse, .only = only, .left = NM_FILTER_WORK_MAX
	};
	struct stack s; /* only what is pushed is read */

	s.n = 0;
	s.bits[0] = 0;
	for (uint32_t i = 0; i < p->n_steps; i++) {
		do_step(&e, &s, &p->steps[i]);
		while (p->steps[i].skips && p->steps[i].when == top(&s))
			i = p->steps[i].skip;
	}
	return s.n == 0 || top(&s);
}
