/* SPDX-License-Identifier: MIT */
/* Running a filter's program over a frame. */
#include "filter/program.h"
#include "base/bytes.h"

#define RECORD_HEADER 16u /* of a FRAME, before its bytes */

/* One frame's evaluation. */
struct evaluation {
	const struct nm_program *program;
	struct nm_parse *parse;
	const PROPERTYINST *only;
	bool attached;
};

/* A walk over an operand's values. */
struct walk {
	const struct nm_operand *operand;
	const PROPERTYINST *instance;
	uint32_t element;
	bool begun;
};

/* ---- values ----------------------------------------------------------------------- */

static const PROPERTYINST *next_instance(
    struct evaluation *e, HPROPERTY h, const PROPERTYINST *after)
{
	if (e->only)
		return !after && (HPROPERTY)e->only->lpPropertyInfo == h ? e->only : NULL;
	if (!e->attached) {
		(void)nm_parse_attach(e->parse, &e->program->attach);
		e->attached = true;
	}
	return nm_parse_find(e->parse, h, after, true);
}

static bool next_of_property(struct evaluation *e, struct walk *w, struct nm_value *ret)
{
	HPROPERTY h = w->operand->property;

	if (w->begun && w->instance && nm_value_of(w->instance, ++w->element, ret))
		return true;
	if (w->begun && !w->instance)
		return false;
	w->begun = true;
	while ((w->instance = next_instance(e, h, w->instance)) != NULL) {
		w->element = 0;
		if (nm_value_of(w->instance, 0, ret))
			return true;
	}
	return false;
}

static const RECOGNIZEDATA *protocol_in(const struct evaluation *e, uint32_t id)
{
	const RECOGNIZEDATATABLE *t = nm_parse_recognize(e->parse);

	for (unsigned i = 0; i < t->nRecognizeDatas; i++)
		if (t->RecognizeData[i].ProtocolID == id)
			return &t->RecognizeData[i];
	return NULL;
}

static bool bytes_at(const struct evaluation *e, const struct nm_operand *o, struct nm_value *ret)
{
	const RECOGNIZEDATA *r = protocol_in(e, o->protocol);
	const uint8_t *record = nm_parse_record(e->parse);
	uint32_t stored, at;

	if (!r || !record)
		return false;
	stored = nm_le32(record + 12);
	at = (uint32_t)r->nProtocolOffset + o->offset;
	if (at > stored)
		return false;
	*ret = (struct nm_value){ .kind = VALUE_BYTES,
		.open_end = true,
		.n = stored - at,
		.p = record + RECORD_HEADER + at };
	return true;
}

static bool next_value(struct evaluation *e, struct walk *w, struct nm_value *ret);

/* 32 bits, as documented; no deeper than NM_FILTER_SUMS_MAX. */
static bool sum(struct evaluation *e, const struct nm_operand *o, struct nm_value *ret)
{
	struct walk left = { .operand = &e->program->operands[o->left] };
	struct walk right = { .operand = &e->program->operands[o->right] };
	struct nm_value a, b;
	uint32_t v;

	if (!next_value(e, &left, &a) || !next_value(e, &right, &b))
		return false;
	v = o->kind == OPERAND_SUM ? (uint32_t)a.number + (uint32_t)b.number
				   : (uint32_t)a.number - (uint32_t)b.number;
	*ret = (struct nm_value){ .kind = VALUE_NUMBER, .number = v };
	return true;
}

static bool next_value(struct evaluation *e, struct walk *w, struct nm_value *ret)
{
	const struct nm_operand *o = w->operand;

	if (o->kind == OPERAND_PROPERTY)
		return next_of_property(e, w, ret);
	if (w->begun)
		return false;
	w->begun = true;
	if (o->kind == OPERAND_BYTES)
		return bytes_at(e, o, ret);
	if (o->kind == OPERAND_SUM || o->kind == OPERAND_DIFFERENCE)
		return sum(e, o, ret);
	*ret = o->value;
	return true;
}

/* ---- tests ---------------------------------------------------------------------------- */

/* True for one pair of values at least. */
static bool compare(struct evaluation *e, const struct nm_test *t)
{
	struct walk left = { .operand = &e->program->operands[t->left] };
	struct nm_value a, b;

	while (next_value(e, &left, &a)) {
		struct walk right = { .operand = &e->program->operands[t->right] };

		while (next_value(e, &right, &b))
			if (nm_value_compare(&a, (enum nm_compare)t->how, t->no_case, &b))
				return true;
	}
	return false;
}

static bool any_protocol(const struct evaluation *e, const PROTOCOLTABLE *t)
{
	for (uint32_t i = 0; i < t->nProtocols; i++) {
		uint32_t id = nm_protocol_id(t->hProtocol[i]);

		if (id && protocol_in(e, id))
			return true;
	}
	return false;
}

/* Source a and destination b; NULL is any. */
static bool goes(const struct evaluation *e, ADDRESS2 *a, ADDRESS2 *b)
{
	HFRAME h = nm_parse_frame(e->parse);

	return (!a || e->program->addresses->source(h, a)) &&
	       (!b || e->program->addresses->destination(h, b));
}

static bool run_test(struct evaluation *e, const struct nm_test *t)
{
	struct walk w = { .operand = &e->program->operands[t->left] };
	struct nm_value v;

	switch (t->kind) {
	case TEST_COMPARE: return compare(e, t);
	case TEST_PRESENT:
		/* even an instance whose value can't be read is there */
		return w.operand->kind == OPERAND_PROPERTY
			   ? next_instance(e, w.operand->property, NULL) != NULL
			   : next_value(e, &w, &v);
	case TEST_PROTOCOLS:
		return t->protocols ? any_protocol(e, t->protocols)
				    : protocol_in(e, nm_protocol_id(t->protocol)) != NULL;
	case TEST_ANY_PROTOCOL: return nm_parse_recognize(e->parse)->nRecognizeDatas != 0;
	case TEST_FROM: return goes(e, t->b, t->a);
	case TEST_TO: return goes(e, t->a, t->b);
	case TEST_FROMTO: return goes(e, t->a, t->b) || goes(e, t->b, t->a);
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

static void do_step(struct evaluation *e, struct stack *s, const struct nm_step *step)
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
	struct evaluation e = { .program = p, .parse = parse, .only = only };
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
