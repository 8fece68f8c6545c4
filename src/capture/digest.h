/* SPDX-License-Identifier: MIT */
/* capture/digest.h -- the notes of a capture in short, for people.
 *
 * Owns:     nothing.
 * Uses:     notes.h.
 * Threads:  one.
 * Trust:    the capture is hostile; what is handed on is bounded by the limits below.
 */
#ifndef NM_CAPTURE_DIGEST_H
#define NM_CAPTURE_DIGEST_H

#include "capture/notes.h"

#define NM_DIGEST_TEXTS  1000u /* handed on, of all owners together; a process is one */
#define NM_DIGEST_PARTS  5u    /* of a process, one text each */
#define NM_DIGEST_TEXT   2000u /* bytes of each with the NUL; longer ones are cut */
#define NM_DIGEST_BLOCKS 16u   /* types of blocks that are told apart */
#define NM_DIGEST_LINKS  16u   /* link types, likewise */
#define NM_DIGEST_EVENTS 16u   /* providers of events, likewise */

enum {
	NM_COUNT_RECEIVED,
	NM_COUNT_DROPPED,
	NM_COUNT_ACCEPTED,
	NM_COUNT_OS_DROPPED,
	NM_COUNT_DELIVERED,
	NM_COUNTS
};

enum { NM_COUNTS_TAKEN, NM_COUNTS_STARTED, NM_COUNTS_ENDED, NM_COUNTS_TIMES };

struct nm_counters {
	uint8_t known, known_times; /* bit i: n[i], times[i] is in the file */
	uint64_t n[NM_COUNTS];
	int64_t times[NM_COUNTS_TIMES]; /* nanoseconds since 1970 */
};

struct nm_digest {
	uint32_t sections, processes;
	uint64_t frame_comments;
	uint64_t frame_drops; /* lost before some frame, as frames say themselves */
	uint32_t n_blocks;
	struct {
		uint32_t type; /* as in pcapng, or NM_NOTE_USER_DATA, NM_NOTE_NETWORK_INFO */
		uint64_t n;
	} blocks[NM_DIGEST_BLOCKS];
	uint64_t other_blocks;                            /* of further types */
	struct nm_counters counters[NM_FACTS_INTERFACES]; /* the last ones of each interface */
	uint64_t texts_left_out;                          /* beyond NM_DIGEST_TEXTS */
	bool cut;                                         /* nm_notes_cut() */
	uint64_t names_ipv4, names_ipv6;                  /* addresses with a name */

	/* of frames */
	uint32_t n_links;
	struct {
		uint32_t type;
		uint64_t n;
	} links[NM_DIGEST_LINKS];
	uint64_t other_links;                 /* frames of further types */
	uint64_t frames[NM_FACTS_INTERFACES]; /* of each interface */
	uint64_t cut_frames;                  /* stored shorter than they were on the wire */
	uint32_t cut_min, cut_max;            /* bytes that are stored of those */
	uint32_t n_providers;                 /* of events in Network Monitor files */
	struct {
		uint8_t id[16];
		uint64_t n;
	} providers[NM_DIGEST_EVENTS];
	uint64_t other_events; /* of further providers */
};

/* A text: comment, name, ...; the speed of an interface. A process's path is followed by
 * its number and what else the file has of it: each address, its port the value; the
 * format of the icon ("" for one that is not known), its length in bytes the value. */
struct nm_digest_text {
	enum nm_note_owner owner;
	uint32_t number;
	enum nm_note_code code;
	const char *text; /* borrowed; NUL-terminated, otherwise as in the file */
	uint64_t value;
};

typedef bool (*nm_digest_fn)(void *ctx, const struct nm_digest_text *t);

/* Read the notes of an indexed capture, and walk its frames where those differ. An
 * NMERR code of nm_notes_read() or nm_view_frame(). */
uint32_t nm_capture_digest(struct nm_capture *c, nm_digest_fn fn, void *ctx, struct nm_digest *ret);

#endif
