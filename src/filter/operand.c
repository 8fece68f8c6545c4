/* SPDX-License-Identifier: MIT */
/* Values out of a frame, and what is computed from them. */
#include "filter/operand.h"
#include "base/bytes.h"

#include <string.h>

#define RECORD_HEADER 16u    /* of a FRAME, before its bytes */
#define MADE_MAX      65536u /* bytes of a value that is made */
#define NAMES_MAX     1024u  /* of frame.protocols */
#define NS_A_US       INT64_C(1000)

/* ---- properties -------------------------------------------------------------------------- */

static const PROPERTYINST *next_instance(
    struct nm_evaluation *e, HPROPERTY h, const PROPERTYINST *after)
{
	if (e->only)
		return !after && (HPROPERTY)e->only->lpPropertyInfo == h ? e->only : NULL;
	if (!e->attached) {
		(void)nm_parse_attach(e->parse, &e->program->attach);
		e->attached = true;
	}
	return nm_parse_find(e->parse, h, after, true);
}

static bool visit(struct nm_evaluation *e, const struct nm_value *v, nm_visit_fn fn, void *ctx)
{
	if (e->left == 0)
		return false;
	e->left--;
	return fn(ctx, v);
}

static bool each_element(struct nm_evaluation *e, const PROPERTYINST *i, uint8_t type,
    uint32_t mask, nm_visit_fn fn, void *ctx)
{
	struct nm_value v;

	for (uint32_t k = 0; e->left && nm_value_as(i, type, k, &v); k++) {
		if (mask)
			v.number = (int64_t)(((uint64_t)v.number & mask) >> __builtin_ctz(mask));
		if (visit(e, &v, fn, ctx))
			return true;
	}
	return false;
}

static bool each_of_property(
    struct nm_evaluation *e, const struct nm_operand *o, nm_visit_fn fn, void *ctx)
{
	const PROPERTYINST *i = NULL;

	while (e->left && (i = next_instance(e, o->property, i)) != NULL)
		if (each_element(e, i, i->lpPropertyInfo->DataType, 0, fn, ctx))
			return true;
	return false;
}

/* ---- layers ------------------------------------------------------------------------------- */

/* Is step `at` of the frame's protocols the one that `layer` means? */
static bool is_layer(const RECOGNIZEDATATABLE *t, unsigned at, int layer)
{
	WORD id = t->RecognizeData[at].ProtocolID;
	int n = 1;

	if (layer > 0)
		for (unsigned i = 0; i < at; i++)
			n += t->RecognizeData[i].ProtocolID == id;
	else
		for (unsigned i = at + 1; i < t->nRecognizeDatas; i++)
			n += t->RecognizeData[i].ProtocolID == id;
	return layer == 0 || n == (layer > 0 ? layer : -layer);
}

const RECOGNIZEDATA *nm_layer_of(const struct nm_evaluation *e, uint32_t protocol, int layer)
{
	const RECOGNIZEDATATABLE *t = nm_parse_recognize(e->parse);

	for (unsigned i = 0; i < t->nRecognizeDatas; i++)
		if (t->RecognizeData[i].ProtocolID == protocol && is_layer(t, i, layer))
			return &t->RecognizeData[i];
	return NULL;
}

/* The step whose parser attached it; -1: none, as with an instance of another frame. */
static int step_of(const struct nm_evaluation *e, const PROPERTYINST *i)
{
	const PROPERTYTABLE *t = nm_parse_attach(e->parse, &e->program->attach);
	size_t n = (size_t)(i - t->lpFirstPropertyInst);

	for (unsigned k = 0; k < t->nPropertyInstTables; k++)
		if (n - t->PropertyInstTable[k].nPropertyInstIndex <
		    t->PropertyInstTable[k].nPropertyInsts)
			return (int)k;
	return -1;
}

static bool in_layer(const struct nm_evaluation *e, const PROPERTYINST *i, int layer)
{
	int step = layer && !e->only ? step_of(e, i) : 0;

	return layer == 0 ||
	       (step >= 0 && is_layer(nm_parse_recognize(e->parse), (unsigned)step, layer));
}

static const PROPERTYINST *next_of_row(struct nm_evaluation *e, const struct nm_operand *o,
    const struct nm_field *row, const PROPERTYINST *i)
{
	while (e->left && (i = next_instance(e, row->property, i)) != NULL) {
		if (in_layer(e, i, o->layer))
			return i;
		e->left--;
	}
	return NULL;
}

/* Has every instance of the row its promised place, so that nothing has to be attached? */
static bool is_at_its_place(struct nm_evaluation *e, const struct nm_field *row)
{
	const RECOGNIZEDATATABLE *t;
	PROPERTYINST i;

	if (!row->fixed_bytes || e->only)
		return false;
	t = nm_parse_recognize(e->parse);
	for (unsigned k = 0; k < t->nRecognizeDatas; k++)
		if (nm_parse_fixed(e->parse, row, k, &i) == NM_FIXED_CUT)
			return false;
	return true;
}

static bool each_at_its_place(struct nm_evaluation *e, const struct nm_operand *o,
    const struct nm_field *row, nm_visit_fn fn, void *ctx)
{
	const RECOGNIZEDATATABLE *t = nm_parse_recognize(e->parse);
	PROPERTYINST i;

	for (unsigned k = 0; k < t->nRecognizeDatas; k++)
		if (nm_parse_fixed(e->parse, row, k, &i) == NM_FIXED_THERE &&
		    is_layer(t, k, o->layer) && each_element(e, &i, row->type, row->mask, fn, ctx))
			return true;
	return false;
}

static bool each_of_row(struct nm_evaluation *e, const struct nm_operand *o,
    const struct nm_field *row, nm_visit_fn fn, void *ctx)
{
	const PROPERTYINST *i = NULL;

	if (is_at_its_place(e, row))
		return each_at_its_place(e, o, row, fn, ctx);
	while ((i = next_of_row(e, o, row, i)) != NULL)
		if (each_element(e, i, row->type, row->mask, fn, ctx))
			return true;
	return false;
}

static bool each_of_field(
    struct nm_evaluation *e, const struct nm_operand *o, nm_visit_fn fn, void *ctx)
{
	for (uint32_t r = 0; r < o->n; r++)
		if (each_of_row(e, o, &o->rows[r], fn, ctx))
			return true;
	return false;
}

/* Bytes of the frame from a place on. */
static bool bytes_from(const struct nm_evaluation *e, uint32_t at, struct nm_value *ret)
{
	const uint8_t *record = nm_parse_record(e->parse);
	uint32_t stored;

	if (!record)
		return false;
	stored = nm_le32(record + 12);
	if (at > stored)
		return false;
	*ret = (struct nm_value){
		.kind = VALUE_BYTES, .n = stored - at, .p = record + RECORD_HEADER + at
	};
	return true;
}

/* A protocol's bytes are what its summary stands for; without one, all that follows. */
static bool each_of_layer(
    struct nm_evaluation *e, const struct nm_operand *o, nm_visit_fn fn, void *ctx)
{
	const RECOGNIZEDATATABLE *t = nm_parse_recognize(e->parse);
	const PROPERTYTABLE *p = NULL;

	for (unsigned i = 0; i < t->nRecognizeDatas; i++) {
		const RECOGNIZEDATA *r = &t->RecognizeData[i];
		const PROPERTYINST *first = NULL;
		struct nm_value v;
		bool is_one = false;

		for (uint32_t k = 0; k < o->n; k++)
			is_one |= o->rows[k].protocol == r->ProtocolID;
		if (!is_one || !is_layer(t, i, o->layer) || !bytes_from(e, r->nProtocolOffset, &v))
			continue;
		if (r->ProtocolID != NM_FRAME_PROTOCOL) {
			p = p ? p : nm_parse_attach(e->parse, &e->program->attach);
			e->attached = true;
			if (i < p->nPropertyInstTables && p->PropertyInstTable[i].nPropertyInsts)
				first = &p->lpFirstPropertyInst[p->PropertyInstTable[i]
								    .nPropertyInstIndex];
		}
		if (first && first->lpPropertyInfo->DataType == PROP_TYPE_SUMMARY)
			(void)nm_value_of(first, 0, &v);
		if (visit(e, &v, fn, ctx))
			return true;
	}
	return false;
}

static bool bytes_at(
    const struct nm_evaluation *e, const struct nm_operand *o, struct nm_value *ret)
{
	const RECOGNIZEDATA *r = nm_layer_of(e, o->protocol, 0);

	if (!r || !bytes_from(e, (uint32_t)r->nProtocolOffset + o->offset, ret))
		return false;
	ret->open_end = true;
	return true;
}

/* ---- facts of the frame --------------------------------------------------------------------- */

static bool time_of(const struct nm_evaluation *e, uint32_t n, int64_t *ret)
{
	return e->program->frames && e->program->frames->time && e->program->frames->time(n, ret);
}

/* From another frame's time to this one's; there is none before the first. */
static bool time_since(const struct nm_evaluation *e, uint32_t from, int64_t *ret)
{
	int64_t a, b;

	return time_of(e, from, &a) && time_of(e, nm_parse_number(e->parse), &b) &&
	       !__builtin_sub_overflow(b, a, ret);
}

/* "eth:ip:tcp" */
static bool protocols_of(struct nm_evaluation *e, nm_visit_fn fn, void *ctx)
{
	const RECOGNIZEDATATABLE *t = nm_parse_recognize(e->parse);
	char names[NAMES_MAX];
	size_t at = 0;
	struct nm_value v = { .kind = VALUE_TEXT, .p = (const uint8_t *)names };

	for (unsigned i = 1; i < t->nRecognizeDatas; i++) {
		size_t rows, n;
		const struct nm_field *f = nm_fields_of(t->RecognizeData[i].ProtocolID, 0, &rows);
		const PROTOCOLINFO *info =
		    nm_protocol_info(nm_protocol_from_id(t->RecognizeData[i].ProtocolID));
		const char *name = f ? f->name : info ? (const char *)info->ProtocolName : "";

		n = strlen(name);
		if (n + 1 > sizeof names - at)
			break;
		if (at)
			names[at++] = ':';
		memcpy(names + at, name, n);
		at += n;
	}
	v.n = (uint32_t)at;
	return visit(e, &v, fn, ctx);
}

static bool each_fact(
    struct nm_evaluation *e, const struct nm_operand *o, nm_visit_fn fn, void *ctx)
{
	const uint8_t *record = nm_parse_record(e->parse);
	struct nm_value v = { .kind = VALUE_NUMBER };
	uint32_t n;

	if (!record)
		return false;
	n = nm_parse_number(e->parse);
	switch (o->op) {
	case FACT_NUMBER: v.number = (int64_t)n + 1; break;
	case FACT_LENGTH: v.number = nm_le32(record + 8); break;
	case FACT_STORED: v.number = nm_le32(record + 12); break;
	case FACT_PROTOCOLS: return protocols_of(e, fn, ctx);
	default:
		v.kind = VALUE_NANOS;
		if (o->op == FACT_TIME && !time_of(e, n, &v.number))
			return false;
		if (o->op == FACT_RELATIVE && !time_since(e, 0, &v.number))
			return false;
		if (o->op == FACT_DELTA && n && !time_since(e, n - 1, &v.number))
			return false;
	}
	return visit(e, &v, fn, ctx);
}

/* ---- slices ----------------------------------------------------------------------------------- */

/* What asked for the values of an operand that is made of others. */
struct maker {
	struct nm_evaluation *e;
	const struct nm_operand *o;
	nm_visit_fn fn;
	void *ctx;
	int64_t left; /* of arithmetic */
	uint32_t n;
};

static bool piece(
    const struct nm_value *v, const struct nm_range *r, uint32_t *ret_from, uint32_t *ret_n)
{
	int64_t n = v->n, from = r->from, end;

	from = from < 0 ? n + from : from;
	if (r->to == NM_INDEX_END)
		end = n;
	else if (r->is_length)
		end = from + r->to;
	else
		end = (r->to < 0 ? n + r->to : (int64_t)r->to) + 1;
	end = end > n ? n : end;
	if (from < 0 || from >= end)
		return false;
	*ret_from = (uint32_t)from;
	*ret_n = (uint32_t)(end - from);
	return true;
}

static __attribute__((noinline)) bool joined(struct maker *k, const struct nm_value *v)
{
	const struct nm_range *r = &k->e->program->ranges[k->o->first];
	uint8_t bytes[MADE_MAX];
	struct nm_value made = { .kind = VALUE_BYTES, .p = bytes };
	uint32_t from, n;

	for (uint32_t i = 0; i < k->o->n; i++) {
		if (!piece(v, &r[i], &from, &n))
			continue;
		n = n < MADE_MAX - made.n ? n : MADE_MAX - made.n;
		memcpy(bytes + made.n, v->p + from, n);
		made.n += n;
	}
	return made.n && visit(k->e, &made, k->fn, k->ctx);
}

static bool sliced(void *ctx, const struct nm_value *v)
{
	struct maker *k = ctx;
	struct nm_value made = { .kind = VALUE_BYTES };
	uint32_t from;

	if (!v->p)
		return false;
	if (k->o->n > 1)
		return joined(k, v);
	if (!piece(v, &k->e->program->ranges[k->o->first], &from, &made.n))
		return false;
	made.p = v->p + from;
	return visit(k->e, &made, k->fn, k->ctx);
}

/* ---- arithmetic --------------------------------------------------------------------------------- */

static bool worked_out(enum nm_arith op, int64_t a, int64_t b, int64_t *ret)
{
	switch (op) {
	case ARITH_PLUS: return !__builtin_add_overflow(a, b, ret);
	case ARITH_MINUS: return !__builtin_sub_overflow(a, b, ret);
	case ARITH_TIMES: return !__builtin_mul_overflow(a, b, ret);
	case ARITH_BITS: *ret = a & b; return true;
	default: break;
	}
	if (b == 0 || (a == INT64_MIN && b == -1))
		return false;
	*ret = op == ARITH_DIVIDED ? a / b : a % b;
	return true;
}

static bool with_right(void *ctx, const struct nm_value *v)
{
	struct maker *k = ctx;
	struct nm_value made = { .kind = VALUE_SIGNED };
	int64_t right;

	if (!nm_value_number(v, &right) && v->kind != VALUE_NANOS)
		return false;
	right = v->kind == VALUE_NANOS ? v->number : right;
	return worked_out((enum nm_arith)k->o->op, k->left, right, &made.number) &&
	       visit(k->e, &made, k->fn, k->ctx);
}

static bool with_left(void *ctx, const struct nm_value *v)
{
	struct maker *k = ctx;
	struct nm_value made = { .kind = VALUE_SIGNED };

	if (!nm_value_number(v, &k->left))
		return false;
	if (k->o->op != ARITH_NEGATIVE)
		return nm_operand_each(k->e, &k->e->program->operands[k->o->right], with_right, k);
	return !__builtin_sub_overflow(0, k->left, &made.number) &&
	       visit(k->e, &made, k->fn, k->ctx);
}

/* ---- functions ------------------------------------------------------------------------------------ */

/* UTF-16 becomes UTF-8; letters in the case that the function wants, 0: as they are. */
static uint32_t put_text(const struct nm_value *v, int function, uint8_t to[MADE_MAX])
{
	uint32_t n = 0;

	for (uint32_t at = 0, c; at < v->n && n + 4 <= MADE_MAX; to[n - 1] = (uint8_t)c) {
		c = v->p[at++];
		if (v->wide) {
			c |= at < v->n ? (uint32_t)v->p[at] << 8 : 0;
			at++;
		}
		if (function == FUNCTION_LOWER && c >= 'A' && c <= 'Z')
			c += 32;
		if (function == FUNCTION_UPPER && c >= 'a' && c <= 'z')
			c -= 32;
		if (v->wide && c >= 0x800)
			to[n++] = (uint8_t)(0xE0 | c >> 12);
		if (v->wide && c >= 0x80)
			to[n++] = (uint8_t)(c >= 0x800 ? 0x80 | (c >> 6 & 63) : 0xC0 | c >> 6);
		if (v->wide && c >= 0x80)
			c = 0x80 | (c & 63);
		n++;
	}
	return n;
}

static __attribute__((noinline)) bool in_case(void *ctx, const struct nm_value *v)
{
	struct maker *k = ctx;
	uint8_t bytes[MADE_MAX];
	struct nm_value made = { .kind = VALUE_TEXT, .p = bytes };

	made.n = put_text(v, k->o->op, bytes);
	return visit(k->e, &made, k->fn, k->ctx);
}

static bool as_text(void *ctx, const struct nm_value *v)
{
	struct maker *k = ctx;
	char text[NM_VALUE_TEXT];
	struct nm_value made = { .kind = VALUE_TEXT, .p = (const uint8_t *)text };

	made.n = nm_value_text(v, text);
	return made.n && visit(k->e, &made, k->fn, k->ctx);
}

static bool without_sign(void *ctx, const struct nm_value *v)
{
	struct maker *k = ctx;
	struct nm_value made = { .kind = VALUE_SIGNED };

	if (!nm_value_number(v, &made.number) || made.number == INT64_MIN)
		return false;
	if (made.number < 0)
		made.number = -made.number;
	return visit(k->e, &made, k->fn, k->ctx);
}

struct extreme {
	bool is_max, any;
	int64_t number;
};

static bool keep_extreme(void *ctx, const struct nm_value *v)
{
	struct extreme *x = ctx;
	int64_t n;

	if (!nm_value_number(v, &n))
		return false;
	if (!x->any || (x->is_max ? n > x->number : n < x->number))
		x->number = n;
	x->any = true;
	return false;
}

/* Of all values of both sides, of which one may have none. */
static bool each_extreme(
    struct nm_evaluation *e, const struct nm_operand *o, nm_visit_fn fn, void *ctx)
{
	struct extreme x = { .is_max = o->op == FUNCTION_MAX };
	struct nm_value v = { .kind = VALUE_SIGNED };

	(void)nm_operand_each(e, &e->program->operands[o->left], keep_extreme, &x);
	(void)nm_operand_each(e, &e->program->operands[o->right], keep_extreme, &x);
	v.number = x.number;
	return x.any && visit(e, &v, fn, ctx);
}

static bool length_of(void *ctx, const struct nm_value *v)
{
	struct maker *k = ctx;
	struct nm_value made = { .kind = VALUE_NUMBER, .number = v->n };

	return visit(k->e, &made, k->fn, k->ctx);
}

static bool count_one(void *ctx, const struct nm_value *v)
{
	(void)v;
	((struct maker *)ctx)->n++;
	return false;
}

static bool each_of_function(
    struct nm_evaluation *e, const struct nm_operand *o, nm_visit_fn fn, void *ctx)
{
	struct maker k = { .e = e, .o = o, .fn = fn, .ctx = ctx };
	const struct nm_operand *left = &e->program->operands[o->left];
	struct nm_value v = { .kind = VALUE_NUMBER };

	switch (o->op) {
	case FUNCTION_LEN: return nm_operand_each(e, left, length_of, &k);
	case FUNCTION_STRING: return nm_operand_each(e, left, as_text, &k);
	case FUNCTION_ABS: return nm_operand_each(e, left, without_sign, &k);
	case FUNCTION_MAX:
	case FUNCTION_MIN: return each_extreme(e, o, fn, ctx);
	case FUNCTION_COUNT: break;
	default: return nm_operand_each(e, left, in_case, &k);
	}
	(void)nm_operand_each(e, left, count_one, &k);
	v.number = k.n;
	return k.n && visit(e, &v, fn, ctx);
}

/* ---- documented sums ------------------------------------------------------------------------------- */

static bool keep_first(void *ctx, const struct nm_value *v)
{
	*(struct nm_value *)ctx = *v;
	return true;
}

/* 32 bits, as documented; no deeper than NM_FILTER_SUMS_MAX. */
static bool sum(struct nm_evaluation *e, const struct nm_operand *o, struct nm_value *ret)
{
	const struct nm_operand *all = e->program->operands;
	struct nm_value a, b;
	uint32_t v;

	if (!nm_operand_each(e, &all[o->left], keep_first, &a) ||
	    !nm_operand_each(e, &all[o->right], keep_first, &b))
		return false;
	v = o->kind == OPERAND_SUM ? (uint32_t)a.number + (uint32_t)b.number
				   : (uint32_t)a.number - (uint32_t)b.number;
	*ret = (struct nm_value){ .kind = VALUE_NUMBER, .number = v };
	return true;
}

/* ---- all of them ------------------------------------------------------------------------------------- */

bool nm_operand_each(struct nm_evaluation *e, const struct nm_operand *o, nm_visit_fn fn, void *ctx)
{
	struct maker k = { .e = e, .o = o, .fn = fn, .ctx = ctx };
	struct nm_value v;

	switch (o->kind) {
	case OPERAND_CONST: return visit(e, &o->value, fn, ctx);
	case OPERAND_PROPERTY: return each_of_property(e, o, fn, ctx);
	case OPERAND_FIELD: return each_of_field(e, o, fn, ctx);
	case OPERAND_LAYER: return each_of_layer(e, o, fn, ctx);
	case OPERAND_FACT: return each_fact(e, o, fn, ctx);
	case OPERAND_BYTES: return bytes_at(e, o, &v) && visit(e, &v, fn, ctx);
	case OPERAND_SUM:
	case OPERAND_DIFFERENCE: return sum(e, o, &v) && visit(e, &v, fn, ctx);
	case OPERAND_SLICE: return nm_operand_each(e, &e->program->operands[o->left], sliced, &k);
	case OPERAND_ARITH:
		return nm_operand_each(e, &e->program->operands[o->left], with_left, &k);
	case OPERAND_FUNCTION: return each_of_function(e, o, fn, ctx);
	default: return false;
	}
}

static bool any_value(void *ctx, const struct nm_value *v)
{
	(void)ctx;
	(void)v;
	return true;
}

bool nm_operand_is_present(struct nm_evaluation *e, const struct nm_operand *o)
{
	if (o->kind == OPERAND_PROPERTY)
		return next_instance(e, o->property, NULL) != NULL;
	if (o->kind != OPERAND_FIELD)
		return nm_operand_each(e, o, any_value, NULL);
	for (uint32_t r = 0; r < o->n; r++)
		if (is_at_its_place(e, &o->rows[r])
			? each_at_its_place(e, o, &o->rows[r], any_value, NULL)
			: next_of_row(e, o, &o->rows[r], NULL) != NULL)
			return true;
	return false;
}

static __attribute__((noinline)) bool wide_matches(
    const struct nm_value *v, const struct nm_regex *r)
{
	uint8_t bytes[MADE_MAX];

	return nm_regex_match(r, bytes, put_text(v, -1, bytes));
}

bool nm_operand_matches(struct nm_evaluation *e, const struct nm_value *v, const struct nm_regex *r)
{
	/* A match may cost much more than a comparison. */
	e->left -= e->left < 1000 ? e->left : 1000;
	return v->kind == VALUE_TEXT && v->wide ? wide_matches(v, r)
						: nm_regex_match(r, v->p, v->n);
}
