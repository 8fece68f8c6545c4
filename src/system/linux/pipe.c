/* SPDX-License-Identifier: MIT */
/* Pipes and poll(). */
#include "system/pipe.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

int nm_pipe_new(size_t bytes, int *ret_read, int *ret_write)
{
	int p[2];

	if (pipe2(p, O_CLOEXEC) < 0)
		return errno;
	(void)fcntl(p[0], F_SETFL, O_NONBLOCK);
	(void)fcntl(p[0], F_SETPIPE_SZ, (int)bytes); /* a smaller pipe works too */
	*ret_read = p[0];
	*ret_write = p[1];
	return 0;
}

ssize_t nm_pipe_read(int fd, void *buf, size_t n)
{
	ssize_t r;

	do
		r = read(fd, buf, n);
	while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : r;
}

ssize_t nm_pipe_write(int fd, const void *buf, size_t n)
{
	ssize_t r;

	do
		r = write(fd, buf, n);
	while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : r;
}

bool nm_pipe_is_prompt(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (S_ISREG(st.st_mode) || (S_ISCHR(st.st_mode) && !isatty(fd)));
}

/* What a pipe takes in one piece whenever it takes anything. */
size_t nm_pipe_room(int fd, size_t n, bool prompt)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	if (prompt)
		return n;
	if (poll(&p, 1, 0) != 1 || !(p.revents & (POLLOUT | POLLERR | POLLHUP | POLLNVAL)))
		return 0;
	return n < PIPE_BUF ? n : PIPE_BUF;
}

int nm_pipe_awaitable(int fd)
{
	return fd;
}

static short events_of(const struct nm_awaited *a)
{
	return a->quiet ? 0 : a->out ? POLLOUT : POLLIN;
}

/* Who is nobody is left out: the system takes no more places than the process may have descriptors. */
bool nm_await(struct nm_awaited *a, unsigned n, int ms)
{
	struct pollfd p[NM_AWAIT_MAX];
	unsigned places = 0;
	int r;

	for (unsigned i = 0; i < n; i++)
		if (a[i].fd >= 0)
			p[places++] = (struct pollfd){ .fd = a[i].fd, .events = events_of(&a[i]) };
	r = poll(p, places, ms);
	places = 0;
	for (unsigned i = 0; i < n; i++) {
		short is = r < 0 || a[i].fd < 0 ? 0 : p[places++].revents;

		a[i].ready = is & (POLLIN | POLLOUT | POLLHUP);
		a[i].err = is & POLLNVAL ? EBADF : is & POLLERR ? EPIPE : 0;
	}
	return r >= 0 || errno == EINTR;
}
