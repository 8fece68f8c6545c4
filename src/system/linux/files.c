/* SPDX-License-Identifier: MIT */
/* The few things captures ask of the operating system, on Linux. */
#include "system/files.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#ifndef F_SEAL_FUTURE_WRITE
#define F_SEAL_FUTURE_WRITE 0x0010 /* Linux 5.1 */
#endif

size_t nm_path_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash + 1 - path) : 0;
}

bool nm_path_has_folder(const char *path)
{
	return strchr(path, '/');
}

static bool is_one(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool nm_path_is_same(const char *a, const char *b)
{
	struct stat sa, sb;

	return stat(a, &sa) == 0 && stat(b, &sb) == 0 && is_one(&sa, &sb);
}

bool nm_path_is_open_as(const char *path, int fd)
{
	struct stat sa, sb;

	return stat(path, &sa) == 0 && fstat(fd, &sb) == 0 && is_one(&sa, &sb);
}

int nm_path_is_plain(const char *path)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno;
	return S_ISREG(st.st_mode) ? 0 : EINVAL;
}

bool nm_path_is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool nm_path_is_absolute(const char *path)
{
	return *path == '/';
}

char *nm_path_real(const char *path)
{
	return realpath(path, NULL);
}

size_t nm_path_drive(const char *path)
{
	(void)path;
	return 0;
}

bool nm_path_separates(char c)
{
	return c == '/';
}

/* The system says ENXIO also of a device without a driver. */
static int open_to_read(const char *path, int links)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | links);
	int err = fd < 0 ? errno : 0;
	struct stat st;

	if (err == ENXIO && (stat(path, &st) < 0 || !S_ISSOCK(st.st_mode)))
		err = ENODEV;
	return err ? -err : fd;
}

int nm_prim_open(const char *path)
{
	return open_to_read(path, 0);
}

int nm_prim_open_itself(const char *path)
{
	return open_to_read(path, O_NOFOLLOW);
}

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

bool nm_prim_begins_here(int fd)
{
	return lseek(fd, 0, SEEK_CUR) == 0 && !(fcntl(fd, F_GETFL) & O_APPEND);
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

/* A pipe that somebody else set to non-blocking. False and errno: it can't be waited for. */
static bool wait_writable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	while (poll(&p, 1, -1) < 0)
		if (errno != EINTR)
			return false;
	return true;
}

int nm_prim_write(int fd, const void *buf, size_t n)
{
	size_t done = 0;

	while (done < n) {
		ssize_t r = write(fd, (const char *)buf + done, n - done);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0 && errno == EAGAIN && wait_writable(fd))
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

int nm_prim_unique(char *name)
{
	int fd = mkostemp(name, O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int nm_prim_sync(int fd)
{
	return fsync(fd) < 0 ? errno : 0;
}

int nm_prim_rename(const char *from, const char *to)
{
	return rename(from, to) < 0 ? errno : 0;
}

int nm_prim_replace(int fd, const char *part, const char *path)
{
	mode_t mask = umask(0);

	(void)umask(mask);
	return fchmod(fd, 0666 & ~mask) < 0 ? errno : nm_prim_rename(part, path);
}

/* A memory file of that size; -1: refused. */
static int new_memory(const char *name, size_t bytes)
{
	int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || ftruncate(fd, (off_t)bytes) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

/* Whoever maps it writable from here on is refused. */
static bool seal_memory(int fd)
{
	return fcntl(fd, F_ADD_SEALS,
		   F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_FUTURE_WRITE | F_SEAL_SEAL) == 0;
}

void *nm_prim_shared_new(size_t bytes, int *ret_fd)
{
	int fd = new_memory("nmapi-index", bytes);
	void *p = MAP_FAILED;

	if (fd < 0)
		return NULL;
	p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
	if (p != MAP_FAILED && seal_memory(fd)) {
		*ret_fd = fd;
		return p;
	}
	if (p != MAP_FAILED)
		(void)munmap(p, bytes);
	(void)close(fd);
	return NULL;
}

/* Whatever is touched is there. */
bool nm_prim_shared_ask(void *p, size_t from, size_t n)
{
	(void)p;
	(void)from;
	(void)n;
	return true;
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

/* Both mappings of a ring at p, which are there already as something else. */
static bool map_ring(void *p, size_t head, size_t bytes, int prot, int fd)
{
	const int flags = MAP_SHARED | MAP_NORESERVE | MAP_FIXED;
	char *again = (char *)p + head + bytes;

	return mmap(p, head + bytes, prot, flags, fd, 0) != MAP_FAILED &&
	       mmap(again, bytes, prot, flags, fd, (off_t)head) != MAP_FAILED;
}

void *nm_prim_ring_new(size_t head, size_t bytes, int *ret_fd)
{
	int fd = new_memory("nmapi-ring", head + bytes);
	void *p;

	if (fd < 0)
		return NULL;
	p = mmap(
	    NULL, head + 2 * bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p != MAP_FAILED && map_ring(p, head, bytes, PROT_READ | PROT_WRITE, fd) &&
	    seal_memory(fd)) {
		*ret_fd = fd;
		return p;
	}
	if (p != MAP_FAILED)
		(void)munmap(p, head + 2 * bytes);
	(void)close(fd);
	return NULL;
}

bool nm_prim_ring_seal(void *p, size_t head, size_t bytes, int fd)
{
	if (!map_ring(p, head, bytes, PROT_READ, fd))
		return false;
	(void)close(fd);
	return true;
}

void nm_prim_ring_free(void *p, size_t head, size_t bytes, int fd)
{
	nm_prim_shared_free(p, head + 2 * bytes, fd);
}

void *nm_prim_common_new(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

void nm_prim_unmap(void *p, size_t bytes)
{
	(void)munmap(p, bytes);
}

uint64_t nm_prim_now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void nm_prim_sleep_us(unsigned us)
{
	struct timespec ts = { .tv_sec = us / 1000000u, .tv_nsec = (long)(us % 1000000u) * 1000 };

	(void)nanosleep(&ts, NULL);
}
