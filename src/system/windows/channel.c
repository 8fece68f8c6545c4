/* SPDX-License-Identifier: MIT */
/* Packets over two pipes on Windows: a head, what the descriptors are called in the process that
 * gets them, and the bytes. */
#include "system/channel.h"
#include "system/pipe.h"
#include "system/windows/errors.h"

#include <errno.h>
#include <io.h>
#include <string.h>

#define PIPE_HOLDS (4 * NM_CHANNEL_BYTES)

struct head {
	uint32_t bytes, fds;
	uint64_t handles[NM_CHANNEL_FDS]; /* in the process at the other end */
};

int nm_channel_new(struct nm_channel *ret_ours, struct nm_channel *ret_theirs)
{
	int err;

	*ret_ours = *ret_theirs = (struct nm_channel){ .in = -1, .out = -1 };
	err = nm_pipe_new(PIPE_HOLDS, &ret_theirs->in, &ret_ours->out);
	if (!err)
		err = nm_pipe_new(PIPE_HOLDS, &ret_ours->in, &ret_theirs->out);
	if (err) {
		nm_channel_close(ret_ours);
		nm_channel_close(ret_theirs);
	}
	return err;
}

void nm_channel_close(struct nm_channel *c)
{
	if (c->in >= 0)
		(void)_close(c->in);
	if (c->out >= 0 && c->out != c->in)
		(void)_close(c->out);
	c->in = c->out = -1;
}

static bool give(const struct nm_channel *c, int fd, uint64_t *ret)
{
	HANDLE there;

	if (!c->peer || !DuplicateHandle(GetCurrentProcess(), (HANDLE)_get_osfhandle(fd), c->peer,
			    &there, 0, FALSE, DUPLICATE_SAME_ACCESS))
		return false;
	*ret = (uint64_t)(uintptr_t)there;
	return true;
}

static bool write_all(int fd, const void *p, size_t n)
{
	for (size_t done = 0; done < n;) {
		int r = _write(fd, (const char *)p + done, (unsigned)(n - done));

		if (r <= 0)
			return false;
		done += (size_t)r;
	}
	return true;
}

bool nm_channel_send(
    const struct nm_channel *c, const void *p, size_t n, const int *fds, unsigned n_fds)
{
	struct head h = { .bytes = (uint32_t)n, .fds = n_fds };

	if (n > NM_CHANNEL_BYTES || n_fds > NM_CHANNEL_FDS)
		return false;
	for (unsigned i = 0; i < n_fds; i++)
		if (!give(c, fds[i], &h.handles[i]))
			return false; /* what it was given is gone when it ends */
	return write_all(c->out, &h, sizeof h) && write_all(c->out, p, n);
}

bool nm_channel_post(const struct nm_channel *c, const void *p, size_t n)
{
	return nm_channel_send(c, p, n, NULL, 0);
}

/* Our descriptors for the handles of a packet. */
static unsigned take_fds(const struct head *h, int *fds, unsigned most)
{
	unsigned n = 0;

	for (uint32_t i = 0; i < h->fds; i++) {
		HANDLE handle = (HANDLE)(uintptr_t)h->handles[i];
		int fd =
		    n < most ? _open_osfhandle((intptr_t)handle, _O_BINARY | _O_NOINHERIT) : -1;

		if (fd >= 0)
			fds[n++] = fd;
		else
			(void)CloseHandle(handle);
	}
	return n;
}

/* A whole packet is waited for: the pipe holds several, and who began one goes on. */
ssize_t nm_channel_recv(
    const struct nm_channel *c, void *buf, size_t cap, int *fds, unsigned most, unsigned *ret_fds)
{
	HANDLE pipe = (HANDLE)_get_osfhandle(c->in);
	DWORD there = 0, got = 0;
	struct head h;

	*ret_fds = 0;
	if (!PeekNamedPipe(pipe, &h, sizeof h, &got, &there, NULL))
		return 0;
	if (got < sizeof h)
		return -1;
	if (h.bytes > cap || h.fds > NM_CHANNEL_FDS)
		return 0;
	if (there < sizeof h + h.bytes)
		return -1;
	if (_read(c->in, &h, sizeof h) != (int)sizeof h)
		return 0;
	for (DWORD done = 0; done < h.bytes; done += got) {
		int r = _read(c->in, (char *)buf + done, h.bytes - done);

		if (r <= 0)
			return 0;
		got = (DWORD)r;
	}
	*ret_fds = take_fds(&h, fds, most);
	return (ssize_t)h.bytes;
}
