/* SPDX-License-Identifier: MIT */
/* Text to a descriptor that is not ours to make non-blocking: others share it. */
#include "host/outlet.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void nm_outlet_init(struct nm_outlet *o, int fd)
{
	struct stat st;

	*o = (struct nm_outlet){ .fd = fd };
	if (fstat(fd, &st) == 0)
		o->prompt = S_ISREG(st.st_mode) || (S_ISCHR(st.st_mode) && !isatty(fd));
}

void nm_outlet_done(struct nm_outlet *o)
{
	free(o->buf);
	o->buf = NULL;
	o->at = o->n = o->room = 0;
}

static void fail(struct nm_outlet *o, int err)
{
	if (!o->err)
		o->err = err;
	o->at = o->n = 0;
}

/* What can be written without waiting: all into a file, else what a pipe takes in one
 * piece whenever it takes anything. 0: nothing now. */
static size_t piece(const struct nm_outlet *o, size_t n)
{
	struct pollfd p = { .fd = o->fd, .events = POLLOUT };

	if (o->prompt)
		return n;
	if (poll(&p, 1, 0) != 1 || !(p.revents & (POLLOUT | POLLERR | POLLHUP | POLLNVAL)))
		return 0;
	return n < PIPE_BUF ? n : PIPE_BUF;
}

/* How many of n bytes were written at once. */
static size_t write_some(struct nm_outlet *o, const uint8_t *p, size_t n)
{
	size_t done = 0, part;

	while (done < n && !o->err && (part = piece(o, n - done)) > 0) {
		ssize_t r = write(o->fd, p + done, part);

		if (r > 0)
			done += (size_t)r;
		else if (r < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			break;
		else if (r < 0 && errno != EINTR)
			fail(o, errno);
	}
	return done;
}

static bool make_room(struct nm_outlet *o, size_t n)
{
	size_t room = o->room ? o->room : 1 << 16;
	uint8_t *p;

	if (o->room - o->n >= n)
		return true;
	while (room - o->n < n)
		room *= 2;
	p = realloc(o->buf, room);
	if (!p)
		return false;
	o->buf = p;
	o->room = room;
	return true;
}

void nm_outlet_put(struct nm_outlet *o, const void *p, size_t n)
{
	size_t done = nm_outlet_waits(o) ? 0 : write_some(o, p, n);

	if (o->err || done == n)
		return;
	if (!make_room(o, n - done)) {
		fail(o, ENOMEM);
		return;
	}
	memcpy(o->buf + o->n, (const uint8_t *)p + done, n - done);
	o->n += n - done;
}

bool nm_outlet_waits(const struct nm_outlet *o)
{
	return o->at < o->n;
}

struct pollfd nm_outlet_poll(const struct nm_outlet *o)
{
	/* A file is always ready, and has nobody who could go away. */
	return (struct pollfd){ .fd = o->prompt || o->err ? -1 : o->fd,
		.events = nm_outlet_waits(o) ? POLLOUT : 0 };
}

void nm_outlet_polled(struct nm_outlet *o, short revents)
{
	if (revents & POLLERR)
		fail(o, EPIPE);
	if (revents & POLLNVAL)
		fail(o, EBADF);
	if (o->err || !nm_outlet_waits(o))
		return;
	o->at += write_some(o, o->buf + o->at, o->n - o->at);
	if (!nm_outlet_waits(o))
		o->at = o->n = 0;
}
