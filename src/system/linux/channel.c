/* SPDX-License-Identifier: MIT */
/* Packets over a socket of the local kind. */
#include "system/channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int nm_channel_new(struct nm_channel *ret_ours, struct nm_channel *ret_theirs)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return errno;
	*ret_ours = (struct nm_channel){ .in = pair[0], .out = pair[0] };
	*ret_theirs = (struct nm_channel){ .in = pair[1], .out = pair[1] };
	return 0;
}

void nm_channel_close(struct nm_channel *c)
{
	if (c->in >= 0)
		(void)close(c->in);
	c->in = c->out = -1;
}

bool nm_channel_send(
    const struct nm_channel *c, const void *p, size_t n, const int *fds, unsigned n_fds)
{
	_Alignas(struct cmsghdr) char ctl[CMSG_SPACE(sizeof(int) * NM_CHANNEL_FDS)] = { 0 };
	struct iovec iov = { .iov_base = (void *)(size_t)p, .iov_len = n };
	struct msghdr h = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t r;

	if (n > NM_CHANNEL_BYTES || n_fds > NM_CHANNEL_FDS)
		return false;
	if (n_fds > 0) {
		struct cmsghdr *m;

		h.msg_control = ctl;
		h.msg_controllen = CMSG_SPACE(sizeof(int) * n_fds);
		m = CMSG_FIRSTHDR(&h);
		m->cmsg_level = SOL_SOCKET;
		m->cmsg_type = SCM_RIGHTS;
		m->cmsg_len = CMSG_LEN(sizeof(int) * n_fds);
		memcpy(CMSG_DATA(m), fds, sizeof(int) * n_fds);
	}
	do
		r = sendmsg(c->out, &h, MSG_NOSIGNAL);
	while (r < 0 && errno == EINTR);
	return r == (ssize_t)n;
}

bool nm_channel_post(const struct nm_channel *c, const void *p, size_t n)
{
	return send(c->out, p, n, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)n;
}

static unsigned take_fds(struct msghdr *m, int *fds, unsigned most)
{
	unsigned n = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		size_t bytes = c->cmsg_len - CMSG_LEN(0);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < bytes / sizeof(int); i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof fd);
			if (n < most)
				fds[n++] = fd;
			else
				(void)close(fd);
		}
	}
	return n;
}

ssize_t nm_channel_recv(
    const struct nm_channel *c, void *buf, size_t cap, int *fds, unsigned most, unsigned *ret_fds)
{
	_Alignas(struct cmsghdr) char ctl[CMSG_SPACE(sizeof(int) * NM_CHANNEL_FDS)];
	struct iovec iov = { .iov_base = buf, .iov_len = cap };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = ctl, .msg_controllen = sizeof ctl
	};
	ssize_t n = recvmsg(c->in, &m, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	*ret_fds = 0;
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? -1 : 0;
	*ret_fds = take_fds(&m, fds, most);
	return n;
}
