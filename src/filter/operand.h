/* SPDX-License-Identifier: MIT */
/* filter/operand.h -- the values that operands have in a frame.
 *
 * Owns:     nothing. Values are visited, not collected: what has to be made (joined slices,
 *           letters in lower case) lives on the stack while its visitor runs.
 * Uses:     parse/, regex.h.
 * Threads:  any; one evaluation by one.
 * Trust:    frames and filters are hostile: the work on one frame is bounded, and what is
 *           beyond is as if it were not there.
 */
#ifndef NM_FILTER_OPERAND_H
#define NM_FILTER_OPERAND_H

#include "filter/program.h"

#define NM_FILTER_WORK_MAX 4000000u /* values looked at in one frame */

/* One frame's evaluation. */
struct nm_evaluation {
	const struct nm_program *program;
	struct nm_parse *parse;
	const PROPERTYINST *only; /* stands for all instances of all properties; NULL: none does */
	uint32_t left;            /* of NM_FILTER_WORK_MAX */
	bool attached;
};

/* True ends the visit. */
typedef bool (*nm_visit_fn)(void *ctx, const struct nm_value *v);

/* Each value of an operand, in the order of the frame. True when a visit ended it. */
bool nm_operand_each(
    struct nm_evaluation *e, const struct nm_operand *o, nm_visit_fn fn, void *ctx);

/* Even an instance whose value can't be read is there. */
bool nm_operand_is_present(struct nm_evaluation *e, const struct nm_operand *o);

bool nm_operand_matches(
    struct nm_evaluation *e, const struct nm_value *v, const struct nm_regex *r);

/* The first layer of a protocol, or the one that `layer` says; NULL: none. */
const RECOGNIZEDATA *nm_layer_of(const struct nm_evaluation *e, uint32_t protocol, int layer);

#endif
