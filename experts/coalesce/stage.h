/* SPDX-License-Identifier: MIT */
/* stage.h -- what joining datagrams and joining streams have in common: memory, the plan, where
 * frames go, and what is told of them.
 *
 * Owns:     the plan. The output is borrowed.
 * Uses:     memory.h, plan.h, output.h.
 * Threads:  belongs to one.
 *
 * The capture is walked twice. The first walk writes nothing, keeps no bytes of TCP and marks in the plan with which
 * frames that what is joined is complete; the second, which comes to the same decisions,
 * writes each joined frame at that place, so that the new capture is in the order of time.
 */
#ifndef COALESCE_STAGE_H
#define COALESCE_STAGE_H

#include "output.h"
#include "pieces.h"
#include "plan.h"

#define SHOWN_MOST 100u /* rows of each kind that are kept */

/* Bytes that came twice and were not the same. */
struct differing {
	struct address src, dst;
	bool v6, tcp;
	uint32_t frame;
	uint64_t bytes;
};

struct counts {
	uint64_t copied;    /* frames, as they are */
	uint64_t joined;    /* frames, out of more than one */
	uint64_t link_cut;  /* frames without the link header, whose kind is not known */
	uint64_t no_link;   /* frames that were left out since nobody says what they begin with */
	uint64_t no_memory; /* frames that were copied since there was no memory to join them */
	uint64_t differing; /* frames with bytes that came before and were not the same */
	uint64_t late;      /* joined frames that are behind their place in the order of time */
};

struct stage {
	struct memory memory;
	struct plan plan;
	struct output *output; /* NULL: the first walk */
	bool keeps[LINKS];     /* frames of the link can be written */
	bool joins[LINKS];     /* and so can what is joined behind its header */
	bool comments;         /* say in each joined frame what it was joined out of */
	uint32_t most;         /* bytes of a joined IP packet */
	uint32_t frame;        /* that is being looked at */
	int64_t time;
	struct counts counts; /* of the second walk */
	struct differing shown[SHOWN_MOST];
	uint32_t n_shown;
};

static inline bool stage_plans(const struct stage *s)
{
	return s->output == NULL;
}

/* A frame as it is, or one that was joined before; ip is its outermost IP header, NULL: none. */
void stage_copy(struct stage *s, const struct packet *p, const uint8_t *ip);

/* A frame that was joined out of `pieces` ones, `first` to the one being looked at. */
void stage_write(
    struct stage *s, struct out_frame *f, uint32_t first, uint32_t last, uint32_t pieces);

/* What is joined is complete with that frame, which was looked at before. */
void stage_mark(struct stage *s, uint32_t frame, enum mark mark);
bool stage_is_marked(const struct stage *s, enum mark mark);

/* Tell about bytes that differ; the frame is that being looked at. */
void stage_differs(struct stage *s, const struct address *src, const struct address *dst, bool v6,
    bool tcp, uint64_t bytes);

#endif
