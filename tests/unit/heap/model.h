/* SPDX-License-Identifier: MIT */
/* model.h -- a heap beside a model so simple that it can't be wrong.
 *
 * A *case* is a list of steps. Running one does each step on a real heap and on
 * the model, and compares everything that can be seen. Cases come from a random
 * generator, from a fuzzer's bytes, or from a text file; a failing one can be
 * shrunk and printed as such a file.
 */
#ifndef NM_TEST_HEAP_MODEL_H
#define NM_TEST_HEAP_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define MODEL_IDS 200 /* blocks that a case can tell apart */

enum step_kind {
	STEP_ALLOC,   /* block id of n bytes; frees what the id held */
	STEP_FREE,    /* block id */
	STEP_RESIZE,  /* block id to n bytes */
	STEP_ASK,     /* size of block id */
	STEP_DIRTY,   /* the bytes of block id up to its 16-byte limit are overwritten */
	STEP_FREED,   /* a wrong pointer: where block id was last */
	STEP_INSIDE,  /* a wrong pointer: n into block id, modulo its size */
	STEP_PAST,    /* a wrong pointer: n after block id's end */
	STEP_BEFORE,  /* a wrong pointer: n before block id */
	STEP_FOREIGN, /* a wrong pointer: the n-th of those that are no block of this heap */
	STEP_NUMBER,  /* a wrong pointer: made from n */
	STEP_STATS,   /* all figures */
	STEP_RENEW,   /* the heap ends and another begins */
	STEP_KINDS
};

struct step {
	uint8_t kind;
	uint8_t id;
	uint32_t n;
};

struct model_case {
	uint32_t quota_kib; /* 0: the default */
	uint32_t delay;     /* nm_heap_options.delay_blocks */
	uint32_t guard;     /* nm_heap_options.guard; 3: trace instead */
	size_t count;
	struct step *steps; /* owned by the caller */
};

/* What is wrong, in static text, and the step's number in *ret_at; NULL: nothing. */
const char *model_run(const struct model_case *c, size_t *ret_at);

/* count steps from a seed; the same seed gives the same case. */
void model_random(uint64_t seed, size_t count, struct model_case *ret);

/* A case from any bytes. */
void model_decode(const uint8_t *p, size_t n, struct model_case *ret);

/* As a text that model_parse reads; false: it isn't one. */
void model_print(const struct model_case *c, FILE *out);
bool model_parse(FILE *in, struct model_case *ret);

/* Tells whether a case still fails. */
typedef bool model_fails_fn(const struct model_case *c, void *arg);

/* Takes away steps, ids and bytes while the case still fails. */
void model_shrink(struct model_case *c, model_fails_fn *fails, void *arg);

/* Fails, or ends its process: run in a child of its own. arg is not used. */
bool model_fails_apart(const struct model_case *c, void *arg);

#endif
