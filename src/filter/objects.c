/* SPDX-License-Identifier: MIT */
/* From the documented objects to a program: what each takes from the stack, and gives. */
#include "filter/program.h"
#include "base/nmerr.h"

#include <stdlib.h>
#include <string.h>

enum entry_kind {
	ENTRY_TRUTH,
	ENTRY_OPERAND,
	ENTRY_ADDRESS,
	ENTRY_OFF /* was switched off: stands for anything, and makes it true */
};

/* What the stack will hold when the program runs. */
struct entry {
	uint8_t kind;   /* enum entry_kind */
	uint32_t first; /* step it begins with */
	uint32_t operand;
	ADDRESS2 *address;
};

struct maker {
	struct nm_program *p;
	struct entry *stack;
	uint32_t n;
};

static uint32_t push(struct maker *m, struct entry e)
{
	m->stack[m->n++] = e;
	return NMERR_SUCCESS;
}

static uint32_t pop(struct maker *m, struct entry *ret)
{
	if (m->n == 0)
		return NMERR_STACK_EMPTY;
	*ret = m->stack[--m->n];
	return NMERR_SUCCESS;
}

static struct nm_step *add_step(struct maker *m, uint8_t op)
{
	return nm_program_step(m->p, op);
}

/* ---- operands ------------------------------------------------------------------------ */

static uint32_t add_operand(struct maker *m, struct nm_operand o, uint32_t first)
{
	m->p->operands[m->p->n_operands] = o;
	return push(m,
	    (struct entry){ .kind = ENTRY_OPERAND, .first = first, .operand = m->p->n_operands++ });
}

static uint32_t push_property(struct maker *m, HPROPERTY h)
{
	HPROTOCOL protocol = nm_property_protocol(h);

	if (!protocol)
		return NMERR_FILTER_INVALID_EXPRESSION;
	nm_protocol_set_add(&m->p->attach, nm_protocol_id(protocol));
	return add_operand(
	    m, (struct nm_operand){ .kind = OPERAND_PROPERTY, .property = h }, m->p->n_steps);
}

/* The bytes of an address of each action's type. */
static uint32_t address_bytes(uint32_t action)
{
	switch (action) {
	case FILTERACTION_ADDR_IPX: return 10;
	case FILTERACTION_ADDR_IP: return 4;
	case FILTERACTION_ADDR_IP6: return 16;
	default: return 6;
	}
}

static uint32_t push_const(struct maker *m, const FILTEROBJECT2 *o)
{
	struct nm_value v = { .kind = VALUE_BYTES, .n = o->ByteCount, .p = o->lpArray };

	switch (o->Action) {
	case FILTERACTION_VALUE:
		v = (struct nm_value){ .kind = VALUE_NUMBER,
			.number = o->Value,
			.n = 4,
			.p = (const uint8_t *)&o->Value };
		break;
	case FILTERACTION_LARGEINT:
		v.kind = VALUE_SIGNED;
		v.n = 8;
		memcpy(&v.number, v.p, 8);
		break;
	case FILTERACTION_TIME: {
		SYSTEMTIME t;

		memcpy(&t, v.p, sizeof t);
		v.kind = VALUE_TIME;
		v.n = sizeof t;
		v.number = nm_value_time(&t);
		break;
	}
	case FILTERACTION_STRING: v.kind = VALUE_TEXT; break;
	case FILTERACTION_ARRAY: break;
	case FILTERACTION_OID:
		v.kind = VALUE_OID;
		v.n = 4 * o->lpOID->Length;
		v.p = (const uint8_t *)o->lpOID->lpIdentifier;
		break;
	default:
		v.kind = VALUE_ADDRESS;
		v.n = address_bytes(o->Action);
		v.p = o->lpAddress->MACAddress;
		break;
	}
	return add_operand(
	    m, (struct nm_operand){ .kind = OPERAND_CONST, .value = v }, m->p->n_steps);
}

static uint32_t push_bytes(struct maker *m, const FILTEROBJECT2 *o)
{
	uint32_t id = nm_protocol_id(o->hProtocol);

	if (!id)
		return NMERR_FILTER_INVALID_EXPRESSION;
	return add_operand(m,
	    (struct nm_operand){ .kind = OPERAND_BYTES, .protocol = id, .offset = o->ByteOffset },
	    m->p->n_steps);
}

/* ---- truth values ----------------------------------------------------------------------- */

static uint32_t push_truth(struct maker *m, uint32_t first)
{
	return push(m, (struct entry){ .kind = ENTRY_TRUTH, .first = first });
}

static uint32_t push_test(struct maker *m, struct nm_test t, uint32_t first)
{
	add_step(m, STEP_TEST)->test = m->p->n_tests;
	m->p->tests[m->p->n_tests++] = t;
	return push_truth(m, first);
}

static uint32_t push_true(struct maker *m, uint32_t first)
{
	add_step(m, STEP_CONST)->value = true;
	return push_truth(m, first);
}

/* An object that is off is a true step of its own, until it proves to be an operand. */
static uint32_t push_off(struct maker *m)
{
	uint32_t first = m->p->n_steps;

	add_step(m, STEP_CONST)->value = true;
	return push(m, (struct entry){ .kind = ENTRY_OFF, .first = first });
}

static bool is_off(struct maker *m, const struct entry *e)
{
	if (e->kind != ENTRY_OFF)
		return false;
	m->p->steps[e->first].op = STEP_NOTHING;
	return true;
}

static bool is_truth(const struct entry *e)
{
	return e->kind == ENTRY_TRUTH || e->kind == ENTRY_OFF;
}

static uint32_t join(struct maker *m, uint8_t op)
{
	struct entry right, left;
	uint32_t err = pop(m, &right);

	err = err ? err : pop(m, &left);
	if (err)
		return err;
	if (!is_truth(&left) || !is_truth(&right))
		return NMERR_FILTER_INVALID_EXPRESSION;
	nm_program_join(m->p, op, right.first);
	return push_truth(m, left.first);
}

static uint32_t negate(struct maker *m)
{
	struct entry e;
	uint32_t err = pop(m, &e);

	if (err)
		return err;
	if (!is_truth(&e))
		return NMERR_FILTER_INVALID_EXPRESSION;
	(void)add_step(m, STEP_NOT);
	return push_truth(m, e.first);
}

/* ---- operators ----------------------------------------------------------------------------- */

/* Two operands, or as *ret_off an expression that is true because one is off. */
static uint32_t pop_operands(
    struct maker *m, struct entry *ret_left, struct entry *ret_right, bool *ret_off)
{
	uint32_t err = pop(m, ret_right);
	bool off;

	err = err ? err : pop(m, ret_left);
	if (err)
		return err;
	off = is_off(m, ret_right);
	*ret_off = is_off(m, ret_left) || off;
	if (!*ret_off && (ret_left->kind != ENTRY_OPERAND || ret_right->kind != ENTRY_OPERAND))
		return NMERR_FILTER_INVALID_EXPRESSION;
	return NMERR_SUCCESS;
}

static uint32_t compare(struct maker *m, enum nm_compare how, bool no_case)
{
	struct entry left, right;
	bool off;
	uint32_t err = pop_operands(m, &left, &right, &off);

	if (err)
		return err;
	if (off)
		return push_true(m, left.first);
	return push_test(m,
	    (struct nm_test){ .kind = TEST_COMPARE,
		.how = (uint8_t)how,
		.no_case = no_case,
		.left = left.operand,
		.right = right.operand },
	    left.first);
}

static uint32_t add_up(struct maker *m, enum nm_operand_kind kind)
{
	struct entry left, right;
	const struct nm_operand *all = m->p->operands;
	uint32_t depth;
	bool off;
	uint32_t err = pop_operands(m, &left, &right, &off);

	if (err)
		return err;
	if (off)
		return push_off(m);
	depth = all[left.operand].depth;
	if (all[right.operand].depth > depth)
		depth = all[right.operand].depth;
	if (depth >= NM_FILTER_SUMS_MAX)
		return NMERR_FILTER_INVALID_EXPRESSION;
	return add_operand(m,
	    (struct nm_operand){ .kind = (uint8_t)kind,
		.depth = (uint8_t)(depth + 1),
		.left = left.operand,
		.right = right.operand },
	    left.first);
}

static uint32_t exists(struct maker *m, HPROPERTY h)
{
	struct entry e;
	uint32_t err = h ? push_property(m, h) : NMERR_SUCCESS;

	err = err ? err : pop(m, &e);
	if (err)
		return err;
	if (is_off(m, &e))
		return push_true(m, e.first);
	if (e.kind != ENTRY_OPERAND)
		return NMERR_FILTER_INVALID_EXPRESSION;
	return push_test(m, (struct nm_test){ .kind = TEST_PRESENT, .left = e.operand }, e.first);
}

static uint32_t push_address(struct maker *m, ADDRESS2 *a)
{
	return push(
	    m, (struct entry){ .kind = ENTRY_ADDRESS, .first = m->p->n_steps, .address = a });
}

static bool is_address(const struct entry *e)
{
	return e->kind == ENTRY_ADDRESS || e->kind == ENTRY_OFF;
}

/* Two addresses, or one, which is then the source for FROM, the destination for TO. */
static uint32_t direction(struct maker *m, enum nm_test_kind kind)
{
	struct nm_test t = { .kind = (uint8_t)kind };
	struct entry last, other = { .kind = ENTRY_TRUTH };
	uint32_t first, err = pop(m, &last);
	bool two, off;

	if (err)
		return err;
	if (!is_address(&last))
		return NMERR_FILTER_INVALID_EXPRESSION;
	two = m->n && m->stack[m->n - 1].kind == ENTRY_ADDRESS;
	if (two)
		(void)pop(m, &other);
	first = two ? other.first : last.first;
	off = is_off(m, &last);
	if (off)
		return push_true(m, first);
	t.a = two ? other.address : NULL;
	t.b = last.address;
	return push_test(m, t, first);
}

static uint32_t protocols(struct maker *m, const FILTEROBJECT2 *o)
{
	struct nm_test t = { .kind = TEST_PROTOCOLS };

	if (o->Action == FILTERACTION_PROTOCOLSEXIST)
		t.protocols = o->lpProtocolTable;
	else if (o->hProtocol == (HPROTOCOL)(intptr_t)PROTOCOL_NUM_ANY)
		t.kind = TEST_ANY_PROTOCOL;
	else if (nm_protocol_id(o->hProtocol))
		t.protocol = o->hProtocol;
	else
		return NMERR_FILTER_INVALID_EXPRESSION;
	return push_test(m, t, m->p->n_steps);
}

/* Comparisons: how, and whether case counts. */
static const struct {
	uint8_t action, how;
	bool no_case;
} comparisons[] = {
	{ FILTERACTION_CONTAINSNC, COMPARE_CONTAINS, true },
	{ FILTERACTION_CONTAINS, COMPARE_CONTAINS, false },
	{ FILTERACTION_EQUALNC, COMPARE_EQUAL, true },
	{ FILTERACTION_EQUAL, COMPARE_EQUAL, false },
	{ FILTERACTION_NOTEQUALNC, COMPARE_NOT_EQUAL, true },
	{ FILTERACTION_NOTEQUAL, COMPARE_NOT_EQUAL, false },
	{ FILTERACTION_GREATERNC, COMPARE_GREATER, true },
	{ FILTERACTION_GREATER, COMPARE_GREATER, false },
	{ FILTERACTION_LESSNC, COMPARE_LESS, true },
	{ FILTERACTION_LESS, COMPARE_LESS, false },
	{ FILTERACTION_GREATEREQUALNC, COMPARE_GREATER_EQUAL, true },
	{ FILTERACTION_GREATEREQUAL, COMPARE_GREATER_EQUAL, false },
	{ FILTERACTION_LESSEQUALNC, COMPARE_LESS_EQUAL, true },
	{ FILTERACTION_LESSEQUAL, COMPARE_LESS_EQUAL, false },
	{ FILTERACTION_AREBITSON, COMPARE_BITS_ON, false },
	{ FILTERACTION_AREBITSOFF, COMPARE_BITS_OFF, false },
	{ FILTERACTION_ARRAYEQUAL, COMPARE_EQUAL, false },
	{ FILTERACTION_OID_CONTAINS, COMPARE_OID_CONTAINS, false },
	{ FILTERACTION_OID_BEGINS_WITH, COMPARE_OID_BEGINS, false },
	{ FILTERACTION_OID_ENDS_WITH, COMPARE_OID_ENDS, false },
};

static uint32_t one_object(struct maker *m, const FILTEROBJECT2 *o)
{
	static ADDRESS2 any = { .Type = ADDRESS_TYPE_ANY };
	uint32_t first = m->p->n_steps;

	for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++)
		if (comparisons[i].action == o->Action)
			return compare(
			    m, (enum nm_compare)comparisons[i].how, comparisons[i].no_case);
	switch (o->Action) {
	case FILTERACTION_PROPERTY: return push_property(m, o->hProperty);
	case FILTERACTION_AND: return join(m, STEP_AND);
	case FILTERACTION_OR: return join(m, STEP_OR);
	case FILTERACTION_XOR: return join(m, STEP_XOR);
	case FILTERACTION_NOT: return negate(m);
	case FILTERACTION_PROPERTYEXIST: return exists(m, o->hProperty);
	case FILTERACTION_PLUS: return add_up(m, OPERAND_SUM);
	case FILTERACTION_MINUS: return add_up(m, OPERAND_DIFFERENCE);
	case FILTERACTION_ADDRESS: return push_address(m, o->lpAddress);
	case FILTERACTION_ADDRESSANY: return push_address(m, &any);
	case FILTERACTION_FROM: return direction(m, TEST_FROM);
	case FILTERACTION_TO: return direction(m, TEST_TO);
	case FILTERACTION_FROMTO: return direction(m, TEST_FROMTO);
	case FILTERACTION_PROTOCOLSEXIST:
	case FILTERACTION_PROTOCOLEXIST: return protocols(m, o);
	case FILTERACTION_DEREFPROPERTY: return push_bytes(m, o);
	case FILTERACTION_EXPRESSION: return NMERR_SUCCESS;
	case FILTERACTION_BOOL:
		add_step(m, STEP_CONST)->value = o->Value != 0;
		return push_truth(m, first);
	case FILTERACTION_NOEVAL: return push_off(m);
	case FILTERACTION_VALUE:
	case FILTERACTION_STRING:
	case FILTERACTION_ARRAY:
	case FILTERACTION_LARGEINT:
	case FILTERACTION_TIME:
	case FILTERACTION_ADDR_ETHER:
	case FILTERACTION_ADDR_TOKEN:
	case FILTERACTION_ADDR_FDDI:
	case FILTERACTION_ADDR_IPX:
	case FILTERACTION_ADDR_IP:
	case FILTERACTION_OID:
	case FILTERACTION_ADDR_VINES:
	case FILTERACTION_ADDR_IP6: return push_const(m, o);
	default: return NMERR_FILTER_INVALID_EXPRESSION;
	}
}

/* ---- the program ------------------------------------------------------------------------------ */

uint32_t nm_program_new(const FILTEROBJECT2 *first, uint32_t n, const struct nm_filter_frames *f,
    struct nm_program **ret)
{
	struct nm_program_room room = { .steps = n, .tests = n, .operands = n };
	struct maker m = { .p = nm_program_room(&room), .stack = calloc(n + 1, sizeof *m.stack) };
	uint32_t err = m.p && m.stack ? NMERR_SUCCESS : NMERR_OUT_OF_MEMORY;

	for (const FILTEROBJECT2 *o = first; !err && o; o = o->pNext)
		err = one_object(&m, o);
	if (!err && n && (m.n != 1 || !is_truth(&m.stack[0])))
		err = NMERR_FILTER_INVALID_EXPRESSION;
	free(m.stack);
	if (err) {
		nm_program_free(m.p);
		return err;
	}
	m.p->frames = f;
	*ret = m.p;
	return NMERR_SUCCESS;
}
