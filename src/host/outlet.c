/* SPDX-License-Identifier: MIT */
/* Text to a descriptor that is not ours to make non-blocking: others share it. */
#include "host/outlet.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void nm_outlet_init(struct nm_outlet *o, int fd)
{
	*o = (struct nm_outlet){ .fd = fd, .prompt = nm_pipe_is_prompt(fd) };
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

/* How many of n bytes were written at once. */
static size_t write_some(struct nm_outlet *o, const uint8_t *p, size_t n)
{
	size_t done = 0, part;

	while (done < n && !o->err && (part = nm_pipe_room(o->fd, n - done, o->prompt)) > 0) {
		ssize_t r = nm_pipe_write(o->fd, p + done, part);

		if (r > 0)
			done += (size_t)r;
		else if (r == -EAGAIN)
			break;
		else if (r < 0)
			fail(o, (int)-r);
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

struct nm_awaited nm_outlet_await(const struct nm_outlet *o)
{
	/* A file is always ready, and has nobody who could go away. */
	return (struct nm_awaited){
		.fd = o->prompt || o->err ? -1 : o->fd, .out = true, .quiet = !nm_outlet_waits(o)
	};
}

void nm_outlet_awaited(struct nm_outlet *o, const struct nm_awaited *a)
{
	if (a->err)
		fail(o, a->err);
	if (o->err || !nm_outlet_waits(o))
		return;
	o->at += write_some(o, o->buf + o->at, o->n - o->at);
	if (!nm_outlet_waits(o))
		o->at = o->n = 0;
}
