/* SPDX-License-Identifier: MIT */
/* host/manifest.h -- what a crash capsule says of itself: capsule.json.
 *
 * Owns:     the strings of a manifest that was read.
 * Uses:     nmhost.h, base/, jansson.
 * Threads:  one.
 * Trust:    a manifest is a stranger's: its size is bounded, every member has its
 *           type and range checked, and no name in it leads out of the capsule.
 */
#ifndef NM_HOST_MANIFEST_H
#define NM_HOST_MANIFEST_H

#include "base/diag.h"
#include "nmhost.h"

#define NM_HASH_TEXT     65         /* SHA-256 in hexadecimal digits, and NUL */
#define NM_MANIFEST_MOST (1u << 20) /* bytes of capsule.json */
#define NM_MANIFEST_NAME "capsule.json"

/* How an expert ended, as far as it can be compared. */
struct nm_outcome {
	enum nm_verdict verdict;
	enum nm_phase phase;
	int signal;     /* 0: none */
	uint32_t frame; /* the last it was given, of the capsule's, from 0; NM_NO_FRAME: none */
};

enum nm_slice { NM_SLICE_NONE, NM_SLICE_LAST, NM_SLICE_ALL, NM_SLICES };

struct nm_manifest {
	char *expert_path, *expert_name;
	char expert_sha256[NM_HASH_TEXT];
	char *capture;        /* where the frames came from; to tell people */
	enum nm_slice slice;  /* none; the last before the end; all up to it */
	uint32_t first, last; /* frames of that capture, from 0; without a slice 0 */
	bool tried;           /* the slice alone ended the expert in the same way */
	bool netmon;          /* the frames are in frames.cap; else in frames.pcapng */
	/* settings of the run that bear on how it ends */
	uint64_t timeout_ms, stall_ms, memory_bytes, max_events, fail_alloc;
	uint32_t heap_guard, rest_blocks, max_threads;
	bool trace_memory;
	bool config;                       /* what Run got is in NM_CONFIG_NAME; else it got none */
	unsigned grants;                   /* paths that --allow-read and --output-dir had opened */
	char parsers_sha256[NM_HASH_TEXT]; /* nm_parsers_hash() */
	struct nm_outcome end;
	char *reason, *backtrace;
};

const char *nm_slice_word(enum nm_slice s); /* "none", "last", "all"; static */
#define NM_CONFIG_NAME "config.cfg"

const char *nm_frames_name(const struct nm_manifest *m);

/* Write it to the descriptor: 0 or an errno value. */
int nm_manifest_write(const struct nm_manifest *m, int fd);

/* Read one from n bytes. False and a sentence in d that names the member; then
 * there is nothing to free. */
bool nm_manifest_read(const char *bytes, size_t n, struct nm_manifest *ret, struct nm_diag *d);
void nm_manifest_done(struct nm_manifest *m);

#endif
