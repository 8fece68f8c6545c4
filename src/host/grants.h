/* SPDX-License-Identifier: MIT */
/* host/grants.h -- what an engine and its workers get to see of this machine.
 *
 * Owns:     the descriptors.
 * Threads:  one.
 * Trust:    paths come from the user.
 */
#ifndef NM_HOST_GRANTS_H
#define NM_HOST_GRANTS_H

#include "host/host_int.h"

struct nm_grants {
	int full_fd, read_fd; /* where the engine may put what it unpacks; -1: none */
	int fds[NM_GRANT_MAX];
	unsigned n;
	int write_fd; /* --output-dir; -1: none */
};

/* All that the crew's options, its jobs' experts and its parsers need; fd is the capture, -1:
 * none. False, and the reason in `why`, when something that was asked for is not there. */
bool nm_grants_collect(
    struct nm_grants *g, const struct nm_crew *c, int fd, char why[NM_DIAG_TEXT]);
void nm_grants_done(struct nm_grants *g);

#endif
