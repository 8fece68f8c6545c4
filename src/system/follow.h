/* SPDX-License-Identifier: MIT */
/* system/follow.h -- a pipe that brings what a file holds, from its begin, while the file grows.
 *
 * Owns:     a thread, a place of its own in the file, the end of the pipe that is written to.
 * Uses:     pipes and threads of the operating system.
 * Threads:  one begins, says that all is there, and ends.
 * Trust:    who reads may be slow, which delays only the thread, and may go away; nm_standard_begin()
 *           was called, so that this is an error and not an end.
 */
#ifndef NM_SYSTEM_FOLLOW_H
#define NM_SYSTEM_FOLLOW_H

struct nm_follower; /* one pipe */

/* Follow the file behind fd, which is borrowed. The end to read from is the caller's to close;
 * it does not pass to another program unasked. 0, or an errno value. */
int nm_follower_begin(int fd, struct nm_follower **ret_f, int *ret_read);

/* The file grows no more: the pipe ends behind its last byte. NULL is fine. */
void nm_follower_complete(struct nm_follower *f);

/* The pipe ends with what it has. To be said when nobody has its other end open any more, or when it
 * is complete: waits until what it is writing is read or can't be. NULL is fine. */
void nm_follower_end(struct nm_follower *f);

#endif
