/* SPDX-License-Identifier: MIT */
/* filter/program.h -- what a filter becomes: steps for a machine with a stack of truth
 * values. Each step pushes one or makes one of two; a step that decides what an AND or OR
 * comes to skips to it, so that properties are not looked for in vain.
 *
 * Owns:     its steps, tests, operands and constants. Immutable once made.
 * Uses:     parse/.
 * Threads:  any.
 * Trust:    made from hostile objects; run over hostile frames; never allocates then.
 */
#ifndef NM_FILTER_PROGRAM_H
#define NM_FILTER_PROGRAM_H

#include "filter/filter.h"
#include "filter/value.h"

#define NM_FILTER_OBJECTS_MAX 65535u /* documented */
#define NM_FILTER_SUMS_MAX    32u    /* PLUS and MINUS within each other */

enum nm_step_op { STEP_CONST, STEP_TEST, STEP_NOT, STEP_AND, STEP_OR, STEP_XOR, STEP_NOTHING };

struct nm_step {
	uint8_t op;       /* enum nm_step_op */
	bool value;       /* of STEP_CONST */
	bool skips, when; /* with this result on top, go on as if skip had just been done */
	uint32_t skip;
	uint32_t test;
};

enum nm_operand_kind {
	OPERAND_CONST,
	OPERAND_PROPERTY,
	OPERAND_BYTES, /* of the frame, from a place in a protocol on */
	OPERAND_SUM,
	OPERAND_DIFFERENCE
};

struct nm_operand {
	uint8_t kind; /* enum nm_operand_kind */
	uint8_t depth;
	uint16_t offset;
	uint32_t left, right; /* operands; of OPERAND_SUM and OPERAND_DIFFERENCE */
	uint32_t protocol;
	HPROPERTY property;
	struct nm_value value;
};

enum nm_test_kind {
	TEST_COMPARE,
	TEST_PRESENT,   /* left has a value */
	TEST_PROTOCOLS, /* any of `protocols` is in the frame */
	TEST_ANY_PROTOCOL,
	TEST_FROM, /* addresses a and b; either may be NULL */
	TEST_TO,
	TEST_FROMTO
};

struct nm_test {
	uint8_t kind; /* enum nm_test_kind */
	uint8_t how;  /* enum nm_compare */
	bool no_case;
	uint32_t left, right; /* operands */
	const PROTOCOLTABLE *protocols;
	HPROTOCOL protocol;
	ADDRESS2 *a, *b;
};

/* Steps, tests and operands are at most as many as objects. */
struct nm_program {
	uint32_t n_steps, n_tests, n_operands;
	struct nm_step *steps;
	struct nm_test *tests;
	struct nm_operand *operands;
	struct nm_protocol_set attach;
	const struct nm_filter_addresses *addresses;
};

/* What the objects mean; they are borrowed as long as the program lives. NMERR_SUCCESS,
 * NMERR_STACK_EMPTY, NMERR_FILTER_INVALID_EXPRESSION or NMERR_OUT_OF_MEMORY. */
uint32_t nm_program_new(const FILTEROBJECT2 *first, uint32_t n, const struct nm_filter_addresses *a,
    struct nm_program **ret);
void nm_program_free(struct nm_program *p);

bool nm_program_run(const struct nm_program *p, struct nm_parse *parse, const PROPERTYINST *only);

#endif
