/* SPDX-License-Identifier: MIT */
/* capture/carry.h -- the notes of a capture on their way into another file.
 *
 * Owns:     the options of sections and interfaces and the areas of a Network Monitor
 *           file (NM_CARRY_MAX bytes at most), and the options of one frame and of one
 *           block of counters.
 * Uses:     notes.h, options.h.
 * Threads:  one.
 * Trust:    notes are hostile; what goes beyond a limit is counted as lost.
 */
#ifndef NM_CAPTURE_CARRY_H
#define NM_CAPTURE_CARRY_H

#include "capture/convert.h"
#include "capture/notes.h"
#include "capture/options.h"

#define NM_CARRY_MAX (UINT32_C(16) << 20)

/* What Network Monitor keeps beside frames, as it is; owned. */
struct nm_carry_area {
	uint8_t *p;
	uint32_t n;
};

/* One block of them. */
struct nm_carry_counters {
	struct nm_options options;
	uint32_t interface;
	int64_t taken_ns, started_ns, ended_ns; /* NM_NO_TIME: not said */
	uint32_t said;                          /* bits: codes of notes met */
};

/* Where blocks go that stand between frames; called while nm_carry_frame runs. */
struct nm_carry_sink {
	void (*block)(void *ctx, uint32_t type, const uint8_t *body, uint32_t n);
	void (*counters)(void *ctx, struct nm_carry_counters *counters);
	/* A section but the first begins; `interfaces`: how many were met before it. */
	void (*section)(void *ctx, uint32_t number, uint32_t interfaces);
	void *ctx;
};

struct nm_carry {
	struct nm_target_format target;
	struct nm_carry_sink sink;
	struct nm_conversion *lost; /* borrowed */
	struct nm_notes *notes;     /* owned */

	struct nm_carry_list {
		struct nm_options *p; /* owned; by number */
		uint32_t n;
	} sections, interfaces;
	size_t bytes;      /* of all of these */
	bool said_comment; /* the capture's own was met */
	/* Network Monitor to Network Monitor */
	bool netmon, same; /* from there; from there and to it */
	struct nm_carry_area user_data, statistics, network_info, processes;
	uint32_t n_processes;        /* entries in `processes` */
	bool has_comments, has_more; /* of frames; something between or on frames to carry */

	uint32_t number; /* the frame that is read for */
	struct nm_options frame;
	uint32_t frame_comments;
	struct nm_carry_counters counters; /* not given yet */
};

/* Read all notes of an indexed capture once: options of sections and interfaces are
 * kept, and what the target can't hold is counted in *lost. An NMERR code: out of
 * memory. nm_carry_done() is safe either way. */
uint32_t nm_carry_init(struct nm_carry *x, struct nm_capture *c, const struct nm_target_format *t,
    const struct nm_carry_sink *sink, struct nm_conversion *lost);

/* What stands before frame n goes to the sink; its own options are in x->frame.
 * NM_NOTES_ALL: the rest of the file. */
uint32_t nm_carry_frame(struct nm_carry *x, uint32_t n);

/* The options of section or interface i; NULL: it has none. */
const struct nm_options *nm_carry_section(const struct nm_carry *x, uint32_t i);
const struct nm_options *nm_carry_interface(const struct nm_carry *x, uint32_t i);

/* The frame that was read last can't be written. */
void nm_carry_lose_frame(struct nm_carry *x);

void nm_carry_done(struct nm_carry *x);

#endif
