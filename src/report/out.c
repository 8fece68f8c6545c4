/* SPDX-License-Identifier: MIT */
/* Buffered writing that never loses data silently. */
#include "report/out.h"

#include "system/descriptors.h"
#include "system/files.h"
#include "system/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define OUT_BYTES 65536 /* one write per 64 KiB: below 1 % of the cost of formatting that much */

struct nm_out {
	int fd;       /* owned */
	int err;      /* first errno value; 0 while all is well */
	bool created; /* the file was not there before */
	bool begun;   /* something was written, and what the file held is gone */
	char *part;   /* owned: the file beside the one at path that will replace it; or NULL */
	size_t n;
	char data[OUT_BYTES];
	char path[]; /* "" for standard output */
};

static int open_file(const char *path, int more)
{
	int fd;

	do
		fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY | more, 0666);
	while (fd < 0 && errno == EINTR);
	return fd;
}

/* An existing file keeps what it holds until there is something to write. */
static void open_fd(struct nm_out *o)
{
	if (!*o->path) {
		o->fd = nm_fd_copy(STDOUT_FILENO);
		return;
	}
	o->fd = open_file(o->path, O_EXCL);
	o->created = o->fd >= 0;
	if (o->fd < 0 && errno == EEXIST)
		o->fd = open_file(o->path, 0);
}

/* A link stays: what it leads to is replaced. 0 or an errno value. */
static int open_part(struct nm_out *o)
{
	char *real = nm_path_real(o->path);
	int n = asprintf(&o->part, "%s.part-XXXXXX", real ? real : o->path);

	free(real);
	if (n < 0) {
		o->part = NULL;
		return ENOMEM;
	}
	o->fd = nm_prim_unique(o->part);
	o->created = o->fd >= 0;
	return o->created ? 0 : -o->fd;
}

static bool is_in_place(const char *path)
{
	struct stat st;

	return !*path || (stat(path, &st) == 0 && !S_ISREG(st.st_mode));
}

/* What was made takes its place. 0 or an errno value. */
static int keep_part(struct nm_out *o)
{
	char *path = strndup(o->part, strlen(o->part) - strlen(".part-XXXXXX"));
	int err = path ? nm_prim_replace(o->fd, o->part, path) : ENOMEM;

	free(path);
	return err;
}

int nm_out_open(const char *path, bool whole, struct nm_out **ret_o)
{
	size_t n = path && strcmp(path, "-") != 0 ? strlen(path) : 0;
	struct nm_out *o = malloc(sizeof *o + n + 1);
	int err;

	if (!o)
		return ENOMEM;
	o->created = o->begun = false;
	memcpy(o->path, n ? path : "", n + 1);
	o->part = NULL;
	if (whole && !is_in_place(o->path)) {
		err = open_part(o);
	} else {
		open_fd(o);
		err = o->fd < 0 ? errno : 0;
	}
	if (err) {
		free(o->part);
		free(o);
		return err;
	}
	o->err = 0;
	o->n = 0;
	*ret_o = o;
	return 0;
}

int nm_out_flush(struct nm_out *o)
{
	if (!o->begun && o->n) {
		o->begun = true;
		/* Only a file has a length; what is none says so in another way on each system. */
		if (*o->path && !nm_out_is_read_along(o) && ftruncate(o->fd, 0) < 0)
			nm_out_fail(o, errno);
	}
	if (o->err == 0)
		o->err = nm_prim_write(o->fd, o->data, o->n);
	o->n = 0;
	return o->err;
}

void nm_out_write(struct nm_out *o, const void *p, size_t n)
{
	const char *s = p;

	while (n && o->err == 0) {
		size_t room = OUT_BYTES - o->n;
		size_t part = n < room ? n : room;

		memcpy(o->data + o->n, s, part);
		o->n += part;
		s += part;
		n -= part;
		if (o->n == OUT_BYTES)
			(void)nm_out_flush(o);
	}
}

void nm_out_puts(struct nm_out *o, const char *s)
{
	nm_out_write(o, s, strlen(s));
}

void nm_out_fail(struct nm_out *o, int err)
{
	if (o->err == 0)
		o->err = err;
}

int nm_out_error(const struct nm_out *o)
{
	return o->err;
}

bool nm_out_is_terminal(const struct nm_out *o)
{
	return nm_is_terminal(o->fd);
}

bool nm_out_is_read_along(const struct nm_out *o)
{
	struct stat st;

	return fstat(o->fd, &st) == 0 && !S_ISREG(st.st_mode);
}

unsigned nm_out_columns(const struct nm_out *o)
{
	unsigned columns, rows;

	return nm_terminal_size(o->fd, &columns, &rows) ? columns : 0;
}

int nm_out_close(struct nm_out *o)
{
	int err;

	if (!o)
		return 0;
	err = nm_out_flush(o);
	if (err == 0 && o->part && o->begun)
		err = keep_part(o);
	/* The descriptor is gone even after EINTR; EIO, ENOSPC and EDQUOT are
	 * writes that a network file system reports only now. */
	if (close(o->fd) < 0 && errno != EINTR && err == 0)
		err = errno;
	if (o->part && (err || !o->begun))
		(void)unlink(o->part);
	else if (o->created && !o->begun)
		(void)unlink(o->path); /* the run came to nothing: so does its report */
	free(o->part);
	free(o);
	return err;
}
