/* SPDX-License-Identifier: MIT */
/* Events waiting for their turn: in memory first, then in a file without a name. */
#include "host/host_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

void nm_spool_init(struct nm_spool *s)
{
	*s = (struct nm_spool){ .fd = -1 };
}

void nm_spool_done(struct nm_spool *s)
{
	free(s->buf);
	if (s->fd >= 0)
		(void)close(s->fd);
	nm_spool_init(s);
}

static int spill(struct nm_spool *s)
{
	size_t done = 0;

	if (s->fd < 0) {
		s->fd = nm_temporary_file();
		if (s->fd < 0)
			return errno;
	}
	while (done < s->n) {
		ssize_t r =
		    pwrite(s->fd, s->buf + done, s->n - done, (off_t)(s->file_bytes + done));

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return r < 0 ? errno : EIO;
		done += (size_t)r;
	}
	s->file_bytes += s->n;
	s->n = 0;
	return 0;
}

int nm_spool_append(struct nm_spool *s, const void *p, size_t n)
{
	const uint8_t *src = p;

	if (!s->buf) {
		s->buf = malloc(NM_SPOOL_MEMORY);
		if (!s->buf)
			return ENOMEM;
	}
	while (n > 0) {
		size_t room = NM_SPOOL_MEMORY - s->n;
		size_t part = n < room ? n : room;
		int err = room == 0 ? spill(s) : 0;

		if (err)
			return err;
		if (room == 0)
			continue;
		memcpy(s->buf + s->n, src, part);
		s->n += part;
		src += part;
		n -= part;
	}
	return 0;
}

void nm_spool_clear(struct nm_spool *s)
{
	s->n = 0;
	s->file_bytes = 0;
	if (s->fd >= 0)
		(void)!ftruncate(s->fd, 0); /* what stays there is written over */
}

static ssize_t read_file(const struct nm_spool *s, uint64_t offset, uint8_t *p, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t r = pread(s->fd, p + done, n - done, (off_t)(offset + done));

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return r < 0 ? -errno : -EIO;
		done += (size_t)r;
	}
	return (ssize_t)n;
}

ssize_t nm_spool_read(const struct nm_spool *s, uint64_t offset, void *p, size_t n)
{
	uint64_t total = s->file_bytes + s->n;
	uint8_t *dst = p;
	size_t from_file, left;

	if (offset >= total)
		return 0;
	if (n > total - offset)
		n = (size_t)(total - offset);
	from_file = offset < s->file_bytes ? (size_t)(s->file_bytes - offset) : 0;
	if (from_file > n)
		from_file = n;
	if (from_file) {
		ssize_t r = read_file(s, offset, dst, from_file);

		if (r < 0)
			return r;
	}
	left = n - from_file;
	if (left)
		memcpy(dst + from_file, s->buf + (offset + from_file - s->file_bytes), left);
	return (ssize_t)n;
}
