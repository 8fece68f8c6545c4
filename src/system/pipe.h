/* SPDX-License-Identifier: MIT */
/* system/pipe.h -- pipes between processes, and waiting for several of them.
 *
 * Owns:     nothing; descriptors are the caller's.
 * Uses:     the operating system.
 * Threads:  any.
 * Trust:    who is at the other end may write anything, nothing, or go away.
 */
#ifndef NM_SYSTEM_PIPE_H
#define NM_SYSTEM_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define NM_AWAIT_MAX 160

/* A pipe that holds about so many bytes until they are read, or fewer where the system grants no more. Neither end
 * passes to another program unasked. 0, or an errno value. */
int nm_pipe_new(size_t bytes, int *ret_read, int *ret_write);

/* What is there now, up to n bytes. 0 at the end; minus an errno value, -EAGAIN for nothing yet. Only for the read end
 * of nm_pipe_new(), and for others that the caller found ready. */
ssize_t nm_pipe_read(int fd, void *buf, size_t n);

/* How many of n bytes a write to fd takes without waiting; 0: none now. `prompt` as nm_pipe_is_prompt() says. */
size_t nm_pipe_room(int fd, size_t n, bool prompt);

/* Writes to it wait for nobody: a file, or a device that is no terminal. */
bool nm_pipe_is_prompt(int fd);

/* Some of n bytes: how many; minus an errno value, -EAGAIN for none now. */
ssize_t nm_pipe_write(int fd, const void *buf, size_t n);

/* What brings the stream behind fd, and can be awaited: fd itself, or, where the system can't look into
 * that (Wine can't into a pipe of its host), a pipe that a thread fills from it from now on; fd is then the
 * thread's. */
int nm_pipe_awaitable(int fd);

struct nm_awaited {
	int fd;     /* -1: nobody */
	bool out;   /* room to write is awaited; else bytes to read, or the end of them */
	bool quiet; /* nothing is awaited of it but that it breaks */
	bool ready; /* what is awaited is there */
	int err; /* EPIPE: nobody is at the other end of what is written to; EBADF: it is no descriptor; 0: neither */
};

/* Sleep until something is ready or broken, or `ms` have passed, and say what. At most
 * NM_AWAIT_MAX; fds of one pipe may stand there once. False: the system can't wait. */
bool nm_await(struct nm_awaited *a, unsigned n, int ms);

#endif
