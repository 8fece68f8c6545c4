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
#include "filter/regex.h"
#include "filter/value.h"

#include <stdatomic.h>

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
	OPERAND_SUM,   /* of 32 bits, of the first values, as documented */
	OPERAND_DIFFERENCE,
	/* of the text language */
	OPERAND_FIELD,   /* every property of `rows` */
	OPERAND_LAYER,   /* the bytes of every protocol of `rows` */
	OPERAND_FACT,    /* of the frame: `op` is an enum nm_fact */
	OPERAND_SLICE,   /* the pieces ranges[first] to [first + n), joined, of left */
	OPERAND_ARITH,   /* `op` is an enum nm_arith; of left, and right unless it has one side */
	OPERAND_FUNCTION /* `op` is an enum nm_function; of left, and right of max and min */
};

enum nm_fact {
	FACT_NUMBER,
	FACT_LENGTH,
	FACT_STORED,
	FACT_TIME,     /* since 1970 */
	FACT_RELATIVE, /* since the first frame */
	FACT_DELTA,    /* since the frame before */
	FACT_PROTOCOLS
};

enum nm_arith {
	ARITH_PLUS,
	ARITH_MINUS,
	ARITH_TIMES,
	ARITH_DIVIDED,
	ARITH_MODULO,
	ARITH_BITS,
	ARITH_NEGATIVE
};
enum nm_function {
	FUNCTION_LEN,
	FUNCTION_COUNT,
	FUNCTION_LOWER,
	FUNCTION_UPPER,
	FUNCTION_STRING,
	FUNCTION_ABS,
	FUNCTION_MAX, /* of left and right */
	FUNCTION_MIN
};

struct nm_operand {
	uint8_t kind; /* enum nm_operand_kind */
	uint8_t op;
	uint8_t depth;
	uint16_t offset;
	int16_t layer; /* the n-th of its protocol's layers, from the end if negative; 0: all */
	uint32_t left, right; /* operands */
	uint32_t protocol;
	uint32_t first, n;
	HPROPERTY property;
	const struct nm_field *rows; /* n of them, the registry's or the program's */
	struct nm_value value;
};

#define NM_INDEX_END INT32_MAX

/* A piece of a value; places from its end are negative. */
struct nm_range {
	int32_t from;
	int32_t to; /* how many, or the last one; NM_INDEX_END: to the end */
	bool is_length;
};

/* Of a set: what is equal to operand `low`, or lies between the two. */
struct nm_member {
	uint32_t low, high; /* UINT32_MAX as high: one value */
};

enum nm_test_kind {
	TEST_COMPARE,
	TEST_PRESENT,   /* left has a value */
	TEST_PROTOCOLS, /* any of `protocols` is in the frame */
	TEST_ANY_PROTOCOL,
	TEST_FROM, /* addresses a and b; either may be NULL */
	TEST_TO,
	TEST_FROMTO,
	/* of the text language */
	TEST_LAYERS, /* left's protocols are there */
	TEST_IN,     /* left is in members[first] to [first + n) */
	TEST_MATCH,  /* left matches pattern number `first` */
	TEST_TRUE    /* left has a value that is not 0 */
};

/* How a comparison is decided by bytes at a place: see direct.h. */
enum nm_direct_kind { DIRECT_NOT, DIRECT_NUMBER, DIRECT_ADDRESS, DIRECT_LONG_ADDRESS };

struct nm_direct {
	uint8_t kind; /* enum nm_direct_kind */
	uint8_t bytes;
	bool little;
	uint8_t shift;    /* of a number, behind its mask */
	int64_t number;   /* that it is compared with */
	uint64_t mask[2]; /* of a number, or of what an address begins with */
	uint64_t want[2]; /* of an address */
};

struct nm_test {
	uint8_t kind; /* enum nm_test_kind */
	uint8_t how;  /* enum nm_compare */
	bool no_case;
	bool all; /* for every value of left and right, of which there are some; else for any */
	uint32_t left, right; /* operands */
	uint32_t first, n;
	const PROTOCOLTABLE *protocols;
	HPROTOCOL protocol;
	ADDRESS2 *a, *b;
	struct nm_direct direct;
};

/* How much a program has room for. */
struct nm_program_room {
	uint32_t steps, tests, operands, ranges, members, data;
};

struct nm_program {
	_Atomic uint32_t uses; /* filters that have it */
	uint32_t n_steps, n_tests, n_operands, n_ranges, n_members, n_patterns, n_data;
	struct nm_step *steps; /* owned, like what follows */
	struct nm_test *tests;
	struct nm_operand *operands;
	struct nm_range *ranges;
	struct nm_member *members;
	struct nm_regex *patterns[NM_REGEX_MOST];
	uint8_t *data; /* what constants and rows of its own point into */
	struct nm_protocol_set attach;
	const struct nm_filter_frames *frames;
};

struct nm_program *nm_program_room(const struct nm_program_room *room); /* NULL: no memory */
struct nm_step *nm_program_step(struct nm_program *p, uint8_t op);
/* AND, OR or XOR of what has just been made and what stands before it, whose first step is
 * `right`. */
void nm_program_join(struct nm_program *p, uint8_t op, uint32_t right);

/* What the objects mean; they are borrowed as long as the program lives. NMERR_SUCCESS,
 * NMERR_STACK_EMPTY, NMERR_FILTER_INVALID_EXPRESSION or NMERR_OUT_OF_MEMORY. */
uint32_t nm_program_new(const FILTEROBJECT2 *first, uint32_t n, const struct nm_filter_frames *f,
    struct nm_program **ret);
struct nm_program *nm_program_share(struct nm_program *p);
void nm_program_free(struct nm_program *p); /* when nobody shares it any more */

bool nm_program_run(const struct nm_program *p, struct nm_parse *parse, const PROPERTYINST *only);

#endif
