/* SPDX-License-Identifier: MIT */
/* Pipes on Windows. Nothing there waits for several of them, so they are looked at in turn, at first often and then
 * every few milliseconds; what a pipe holds is more than comes in between. */
#include "system/pipe.h"
#include "system/files.h"
#include "system/windows/errors.h"
#include "system/windows/thread.h"

#include <errno.h>
#include <io.h>
#include <stdlib.h>

#define LOOK_MS 8          /* at most between two looks */
#define MOST    (1u << 20) /* bytes of one write */

int nm_pipe_new(size_t bytes, int *ret_read, int *ret_write)
{
	HANDLE in, out;

	if (!CreatePipe(&in, &out, NULL, (DWORD)bytes))
		return nm_errno_of(GetLastError());
	*ret_read = _open_osfhandle((intptr_t)in, _O_RDONLY | _O_BINARY | _O_NOINHERIT);
	*ret_write = _open_osfhandle((intptr_t)out, _O_BINARY | _O_NOINHERIT);
	if (*ret_read >= 0 && *ret_write >= 0)
		return 0;
	(void)(*ret_read >= 0 ? _close(*ret_read) : CloseHandle(in));
	(void)(*ret_write >= 0 ? _close(*ret_write) : CloseHandle(out));
	return EMFILE;
}

/* 0 where nobody writes any more, or minus an errno value. */
static ssize_t ended(void)
{
	int err = nm_errno_of(GetLastError());

	return err == EPIPE ? 0 : -err;
}

ssize_t nm_pipe_read(int fd, void *buf, size_t n)
{
	HANDLE h = (HANDLE)_get_osfhandle(fd);
	DWORD there = 0, r = 0;

	if (!PeekNamedPipe(h, NULL, 0, NULL, &there, NULL))
		return ended();
	if (there == 0)
		return -EAGAIN;
	if (!ReadFile(h, buf, n < there ? (DWORD)n : there, &r, NULL))
		return ended();
	return (ssize_t)r;
}

ssize_t nm_pipe_write(int fd, const void *buf, size_t n)
{
	HANDLE h = (HANDLE)_get_osfhandle(fd);
	DWORD r = 0;

	/* The C library says EINVAL where the reader went away. */
	return WriteFile(h, buf, n < MOST ? (DWORD)n : MOST, &r, NULL)
		   ? (ssize_t)r
		   : -nm_errno_of(GetLastError());
}

bool nm_pipe_is_prompt(int fd)
{
	return GetFileType((HANDLE)_get_osfhandle(fd)) == FILE_TYPE_DISK;
}

/* Nothing tells how much a pipe takes: who reads slowly makes the supervisor wait, whose jobs' deadlines wait too. */
size_t nm_pipe_room(int fd, size_t n, bool prompt)
{
	(void)fd;
	(void)prompt;
	return n;
}

#define PUMP_BYTES (64u << 10)

struct pump {
	int in, out; /* owned */
	char part[PUMP_BYTES];
};

/* Until there is no more, or nobody who reads. */
static DWORD WINAPI pump(void *arg)
{
	struct pump *p = arg;
	int n;

	do
		n = _read(p->in, p->part, sizeof p->part);
	while (n > 0 && nm_prim_write(p->out, p->part, (size_t)n) == 0);
	(void)_close(p->in);
	(void)_close(p->out);
	free(p);
	return 0;
}

int nm_pipe_awaitable(int fd)
{
	DWORD there;
	struct pump *p;
	HANDLE thread;
	int in;

	if (PeekNamedPipe((HANDLE)_get_osfhandle(fd), NULL, 0, NULL, &there, NULL) ||
	    nm_errno_of(GetLastError()) == EPIPE)
		return fd;
	p = malloc(sizeof *p);
	if (!p || nm_pipe_new(PUMP_BYTES, &in, &p->out)) {
		free(p);
		return fd; /* reading it waits */
	}
	p->in = fd;
	thread = nm_thread_begin(pump, p);
	if (thread) {
		(void)CloseHandle(thread);
		return in;
	}
	(void)_close(in);
	(void)_close(p->out);
	free(p);
	return fd;
}

static bool look(struct nm_awaited *a)
{
	HANDLE h = a->fd < 0 ? INVALID_HANDLE_VALUE : (HANDLE)_get_osfhandle(a->fd);
	DWORD there = 0;

	a->ready = false;
	a->err = 0;
	if (a->fd < 0 || a->quiet)
		return false;
	if (h == INVALID_HANDLE_VALUE)
		a->err = EBADF;
	else
		a->ready = a->out || !PeekNamedPipe(h, NULL, 0, NULL, &there, NULL) || there > 0;
	return a->ready || a->err;
}

bool nm_await(struct nm_awaited *a, unsigned n, int ms)
{
	ULONGLONG end = GetTickCount64() + (ULONGLONG)ms;
	DWORD pause = 0;
	bool any = false;

	for (;;) {
		for (unsigned i = 0; i < n; i++)
			any |= look(&a[i]);
		if (any || GetTickCount64() >= end)
			return true;
		Sleep(pause);
		pause = pause ? 2 * pause : 1;
		pause = pause > LOOK_MS ? LOOK_MS : pause;
	}
}
