/* SPDX-License-Identifier: MIT */
/* What a report can't place yet, in a file without a name. */
#include "report/scratch.h"

#include "system/temporary.h"

#include <errno.h>
#include <unistd.h>

#define PART 16384u

/* What failed, when the C library does not say. */
static int error(void)
{
	return errno ? errno : EIO;
}

static int open_fd(struct nm_scratch *s, int fd)
{
	int err;

	*s = (struct nm_scratch){ 0 };
	if (fd < 0)
		return errno;
	s->file = fdopen(fd, "w+");
	if (s->file)
		return 0;
	err = errno;
	(void)close(fd);
	return err;
}

int nm_scratch_open(struct nm_scratch *s)
{
	return open_fd(s, nm_temporary_file());
}

int nm_scratch_open_named(struct nm_scratch *s, char *name, size_t size)
{
	int fd = nm_temporary_named(name, size), err = open_fd(s, fd);

	if (err && fd >= 0)
		(void)unlink(name);
	return err;
}

void nm_scratch_close(struct nm_scratch *s)
{
	if (s->file)
		(void)fclose(s->file);
	s->file = NULL;
}

int nm_scratch_write(struct nm_scratch *s, const void *p, size_t n)
{
	errno = 0;
	if (n && fwrite(p, 1, n, s->file) != n)
		return error();
	s->bytes += n;
	return 0;
}

int nm_scratch_seek(struct nm_scratch *s, uint64_t at)
{
	errno = 0;
	return fflush(s->file) == 0 && fseeko(s->file, (off_t)at, SEEK_SET) == 0 ? 0 : error();
}

int nm_scratch_read(struct nm_scratch *s, void *p, size_t n)
{
	errno = 0;
	return fread(p, 1, n, s->file) == n ? 0 : error();
}

void nm_scratch_copy(struct nm_scratch *s, struct nm_out *out)
{
	int err = nm_scratch_seek(s, 0);
	char part[PART];

	for (uint64_t left = s->bytes; left && !err && !nm_out_error(out);) {
		size_t n = left < sizeof part ? (size_t)left : sizeof part;

		err = nm_scratch_read(s, part, n);
		if (!err)
			nm_out_write(out, part, n);
		left -= n;
	}
	if (err)
		nm_out_fail(out, err);
}
