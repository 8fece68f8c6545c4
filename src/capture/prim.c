/* SPDX-License-Identifier: MIT */
/* The few things captures ask of the operating system, on Linux. */
#include "capture/prim.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010 /* Linux 5.1 */
#endif

int nm_prim_stat(int fd, enum nm_prim_kind *ret_kind, uint64_t *ret_bytes)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return errno;
	*ret_bytes = 0;
	if (S_ISREG(st.st_mode)) {
		*ret_kind = NM_PRIM_FILE;
		*ret_bytes = (uint64_t)st.st_size;
	} else if (S_ISDIR(st.st_mode)) {
		*ret_kind = NM_PRIM_DIRECTORY;
	} else if (S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode)) {
		*ret_kind = NM_PRIM_STREAM;
	} else if (isatty(fd)) {
		*ret_kind = NM_PRIM_TERMINAL;
	} else {
		*ret_kind = NM_PRIM_DEVICE;
	}
	return 0;
}

ssize_t nm_prim_pread(int fd, void *buf, size_t n, uint64_t offset)
{
	size_t done = 0;

	while (done < n) {
		ssize_t r = pread(fd, (char *)buf + done, n - done, (off_t)(offset + done));

		if (r == 0)
			break;
		if (r < 0) {
			if (errno == EINTR)
				continue;
			if (done > 0)
				break; /* the next call at that offset reports it */
			return -errno;
		}
		done += (size_t)r;
	}
	return (ssize_t)done;
}

void nm_prim_wait(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	while (poll(&p, 1, -1) < 0 && errno == EINTR)
		;
}

bool nm_prim_is_ready(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

ssize_t nm_prim_read(int fd, void *buf, size_t n)
{
	for (;;) {
		ssize_t r = read(fd, buf, n);

		if (r >= 0)
			return r;
		if (errno == EAGAIN)
			nm_prim_wait(fd);
		else if (errno != EINTR)
			return -errno;
	}
}

bool nm_prim_rewind(int fd)
{
	return lseek(fd, 0, SEEK_SET) == 0;
}

int nm_prim_pwrite(int fd, const void *buf, size_t n, uint64_t offset)
{
	size_t done = 0;

	while (done < n) {
		ssize_t r = pwrite(fd, (const char *)buf + done, n - done, (off_t)(offset + done));

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return r < 0 ? errno : ENOSPC;
		done += (size_t)r;
	}
	return 0;
}

int nm_prim_write(int fd, const void *buf, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t r = write(fd, (const char *)buf + done, n - done);

		if (r < 0 && errno == EINTR)
			continue;
		if (r <= 0)
			return r < 0 ? errno : ENOSPC;
		done += (size_t)r;
	}
	return 0;
}

int nm_prim_temporary(void)
{
	const char *dir = getenv("TMPDIR");
	int fd, high;

	fd = open(dir && *dir ? dir : "/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		fd = memfd_create("nmapi-spill", MFD_CLOEXEC);
	if (fd < 0 || fd > STDERR_FILENO)
		return fd < 0 ? -errno : fd;
	high = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (high < 0)
		high = -errno;
	(void)close(fd);
	return high;
}

void nm_prim_close(int fd)
{
	(void)close(fd);
}

void *nm_prim_alloc(size_t n)
{
	return malloc(n);
}

void *nm_prim_realloc(void *p, size_t n)
{
	return realloc(p, n);
}

void nm_prim_free(void *p)
{
	free(p);
}

void *nm_prim_shared_new(size_t bytes, int *ret_fd)
{
	const int seals = F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL;
	int fd = memfd_create("nmapi-index", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	void *p;

	if (fd < 0)
		return NULL;
	if (ftruncate(fd, (off_t)bytes) < 0)
		goto close_fd;
	p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
	if (p == MAP_FAILED)
		goto close_fd;
	if (fcntl(fd, F_ADD_SEALS, seals) < 0)
		goto unmap;
	*ret_fd = fd;
	return p;

unmap:
	(void)munmap(p, bytes);
close_fd:
	(void)close(fd);
	return NULL;
}

bool nm_prim_shared_seal(void *p, size_t bytes, int fd)
{
	if (mmap(p, bytes, PROT_READ, MAP_SHARED | MAP_NORESERVE | MAP_FIXED, fd, 0) == MAP_FAILED)
		return false;
	(void)close(fd);
	return true;
}

void nm_prim_shared_free(void *p, size_t bytes, int fd)
{
	(void)munmap(p, bytes);
	if (fd >= 0)
		(void)close(fd);
}

void nm_prim_sleep_us(unsigned us)
{
	struct timespec ts = { .tv_sec = us / 1000000u, .tv_nsec = (long)(us % 1000000u) * 1000 };

	(void)nanosleep(&ts, NULL);
}
