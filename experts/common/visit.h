/* SPDX-License-Identifier: MIT */
/* common/visit.h -- every frame of the capture, and how a walk begins and ends.
 *
 * Owns:     nothing.
 * Uses:     layers.h, <netmon.h>.
 * Threads:  belongs to one.
 */
#ifndef EXPERTS_COMMON_VISIT_H
#define EXPERTS_COMMON_VISIT_H

#include "layers.h"

#include <netmon.h>

/* A frame; what is pointed at is good until the next one. */
struct seen {
	HFRAME handle;
	DWORD number;     /* from 0 */
	int64_t time;     /* microseconds since the capture began */
	uint32_t len;     /* bytes at p */
	uint32_t wire;    /* bytes it had */
	const uint8_t *p; /* borrowed */
	/* What is recognized in it; looking at it has its price. */
	const RECOGNIZEDATATABLE *stack;
	const PROPERTYTABLE *properties; /* NULL unless asked for */
};

struct visitor {
	HEXPERTKEY key;
	DWORD capture_mac; /* MAC_TYPE_* of the capture's first frames */
	/* Not NMERR_SUCCESS ends the walk. */
	DWORD (*frame)(struct visitor *v, const struct seen *f);
	void (*progress)(const struct visitor *v, char *text, size_t n); /* one line */
};

/* All frames that the user's filter lets through. NMERR_NO_MORE_FRAMES when all were
 * visited; else why not, an error of ExpertGetFrame's, ExpertIndicateStatus's or the
 * visitor's. *ret_last is the last frame visited, INVALID_FRAME_NUMBER for none. */
DWORD visit_frames(struct visitor *v, DWORD *ret_last);

/* The same, asking for more: FLAGS_ATTACH_PROPERTIES, or 0. */
DWORD visit_frames_with(struct visitor *v, DWORD flags, DWORD *ret_last);

/* The headers in it, by its own link type. */
void visit_layers(const struct visitor *v, const struct seen *f, struct layers *ret);

/* The configuration's DWORDs into those of an expert, whose defaults stay where the
 * stored ones are fewer. The first is RawConfigLength. raw may be NULL. */
void visit_config(const EXPERTCONFIG *raw, DWORD *dwords, size_t n);

/* For tables of hostile keys: nobody who makes a capture knows where a stack lies. */
uint64_t visit_seed(const void *on_stack);

#endif
