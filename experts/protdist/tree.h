/* SPDX-License-Identifier: MIT */
/* tree.h -- how often each stack of protocols occurs.
 *
 * Owns:     its nodes, from a budget.
 * Uses:     common/budget.h, <netmon.h>.
 * Threads:  belongs to one.
 * Trust:    stacks come from parsers, who come from anybody: nodes and depth are capped,
 *           and frames whose stack finds no place are counted at the last node that is
 *           there, and as cut.
 *
 * A node is a protocol behind a certain stack of others. Frames are counted where their
 * stack ends; what stands above is added up when it is asked for.
 */
#ifndef PROTDIST_TREE_H
#define PROTDIST_TREE_H

#include "../common/budget.h"

#include <stdbool.h>
#include <stdint.h>

#define TREE_DEPTH 64u    /* protocols of a stack */
#define TREE_NODES 16384u /* at most */
#define TREE_ROOT  0u     /* of every frame; no protocol */

struct node {
	uint64_t frames, bytes;          /* of stacks that end here */
	uint64_t all_frames, all_bytes;  /* and behind it; see tree_sum() */
	uint32_t first;                  /* frame */
	uint32_t parent, child, sibling; /* numbers; TREE_ROOT: none */
	uint16_t protocol;               /* RECOGNIZEDATA.ProtocolID */
	uint16_t depth;                  /* of the root: 0 */
};

struct tree {
	struct budget *budget; /* borrowed */
	struct node *nodes;
	uint32_t n, room;
	uint32_t path[TREE_DEPTH]; /* nodes of the last frame's stack */
	unsigned depth;
	uint64_t cut; /* frames */
};

/* False: not even room for the root. */
bool tree_init(struct tree *t, struct budget *b);
void tree_done(struct tree *t);

/* Count a frame; returns its node. */
uint32_t tree_count(
    struct tree *t, const RECOGNIZEDATATABLE *stack, uint32_t frame, uint32_t bytes);

/* Fill in all_frames and all_bytes, of which the root's are those of the capture. */
void tree_sum(struct tree *t);

/* Depth first, the node with the most bytes before its siblings: the one after `at`, from
 * the root on. TREE_ROOT when that was the last. Call tree_sum() before. */
uint32_t tree_next(const struct tree *t, uint32_t at);

#endif
