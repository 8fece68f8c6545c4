/* SPDX-License-Identifier: MIT */
/* engine/linux/workers.h -- workers that the engine forks.
 *
 * Owns:     their processes, until they are reaped.
 * Uses:     serve.h, sandbox/.
 * Threads:  one.
 * Trust:    workers are hostile; what they write into their status page is only looked at.
 */
#ifndef NM_ENGINE_LINUX_WORKERS_H
#define NM_ENGINE_LINUX_WORKERS_H

#include "engine/serve.h"

#include <sys/types.h>

#define NM_WORKERS_MAX 64 /* side by side; the supervisor asks for no more */

struct nm_workers {
	struct {
		pid_t pid; /* 0: free */
		uint32_t index;
		struct nm_status *status; /* mapped */
	} each[NM_WORKERS_MAX];
};

/* ---- workers.c ---- */

/* Take up those that have ended, and tell how. */
bool nm_workers_reap(struct nm_engine *e);

/* Have those look around that are inside a parser, which may be waiting for what never comes: no
 * processor time tells that. */
void nm_workers_nudge(const struct nm_engine *e);

bool nm_workers_are_there(const struct nm_engine *e);
void nm_workers_end(struct nm_engine *e); /* all, at once */

/* ---- become.c: in the child ---- */

struct nm_birth {
	struct nm_engine *e;
	const struct nm_ctl_start *start;
	const int *fds; /* NM_START_FDS */
	struct nm_status *status;
	unsigned slot; /* its number among readers of the capture */
	pid_t engine;  /* its parent, unless that is gone */
};

_Noreturn void nm_worker_become(const struct nm_birth *b);

/* The n bytes in memory that came with START; NULL: none, or no memory. */
const uint8_t *nm_worker_config(int fd, uint32_t n);

/* Close all but 0 to 2 and these. */
void nm_close_others(const int *keep, unsigned n);

#endif
