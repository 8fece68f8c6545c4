/* SPDX-License-Identifier: MIT */
/* A thread that copies from a file into a pipe. */
#include "system/follow.h"

#include "system/descriptors.h"
#include "system/files.h"
#include "system/pipe.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define PIPE_BYTES 65536u
#define LOOK_US    8000u /* between two looks whether the file has grown */

struct nm_follower {
	int file, out; /* owned */
	atomic_bool complete, over;
	pthread_t thread;
	char part[PIPE_BYTES];
};

static void *follow(void *arg)
{
	struct nm_follower *f = arg;
	uint64_t at = 0;

	while (!atomic_load(&f->over)) {
		bool complete = atomic_load(&f->complete); /* so what is read next is all */
		ssize_t n = nm_prim_pread(f->file, f->part, sizeof f->part, at);

		if (n < 0 || (n == 0 && complete))
			break;
		if (n == 0)
			nm_prim_sleep_us(LOOK_US);
		else if (nm_prim_write(f->out, f->part, (size_t)n))
			break;
		at += (uint64_t)n;
	}
	nm_prim_close(f->out);
	return NULL;
}

int nm_follower_begin(int fd, struct nm_follower **ret_f, int *ret_read)
{
	struct nm_follower *f = calloc(1, sizeof *f);
	int err;

	if (!f)
		return ENOMEM;
	f->file = nm_fd_to_read(fd);
	err = f->file < 0 ? errno : nm_pipe_new(PIPE_BYTES, ret_read, &f->out);
	if (!err) {
		err = pthread_create(&f->thread, NULL, follow, f);
		if (!err) {
			*ret_f = f;
			return 0;
		}
		nm_prim_close(*ret_read);
		nm_prim_close(f->out);
	}
	if (f->file >= 0)
		nm_prim_close(f->file);
	free(f);
	return err;
}

void nm_follower_complete(struct nm_follower *f)
{
	if (f)
		atomic_store(&f->complete, true);
}

void nm_follower_end(struct nm_follower *f)
{
	if (!f)
		return;
	atomic_store(&f->over, true);
	(void)pthread_join(f->thread, NULL);
	nm_prim_close(f->file);
	free(f);
}
