/* SPDX-License-Identifier: MIT */
/* system/channel.h -- packets between two processes, and descriptors with them.
 *
 * A packet arrives whole or not at all. On Windows only who started the other process can send it
 * descriptors.
 *
 * Owns:     nothing; descriptors are the caller's.
 * Uses:     the operating system.
 * Threads:  one at each end.
 * Trust:    the other end may send anything: the caller checks what is in a packet.
 */
#ifndef NM_SYSTEM_CHANNEL_H
#define NM_SYSTEM_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define NM_CHANNEL_BYTES (64u << 10) /* of a packet, at most */
#define NM_CHANNEL_FDS   8           /* with a packet, at most */

struct nm_channel {
	int in, out; /* on Linux one socket; -1: none */
	void *peer;  /* on Windows the process that is sent descriptors, borrowed; NULL: none is */
};

/* The two ends of a new one; `theirs` goes to another process. 0, or an errno value. */
int nm_channel_new(struct nm_channel *ret_ours, struct nm_channel *ret_theirs);
void nm_channel_close(struct nm_channel *c);

/* Send n bytes at p and n_fds descriptors, which stay the caller's too. Waits while the other
 * end does not read. False: it is gone, or can't be sent these. */
bool nm_channel_send(
    const struct nm_channel *c, const void *p, size_t n, const int *fds, unsigned n_fds);

/* The same without descriptors; where it had to wait it does not send. */
bool nm_channel_post(const struct nm_channel *c, const void *p, size_t n);

/* One packet into buf, its bytes; its first `most` descriptors, close-on-exec, are the caller's
 * then, and others are closed. 0: the conversation is over; -1: nothing is there yet. */
ssize_t nm_channel_recv(
    const struct nm_channel *c, void *buf, size_t cap, int *fds, unsigned most, unsigned *ret_fds);

#endif
