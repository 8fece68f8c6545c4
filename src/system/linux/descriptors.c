/* SPDX-License-Identifier: MIT */
/* Other descriptors for the same, on Linux. */
#include "system/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int nm_fd_copy(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

void nm_fd_path(int fd, char *buf, size_t size)
{
	(void)snprintf(buf, size, "/proc/self/fd/%d", fd);
}

int nm_fd_to_read(int fd)
{
	char path[32];

	nm_fd_path(fd, path, sizeof path);
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

/* The system says ENXIO also of a socket, and of a device without a driver. */
static bool is_pipe(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISFIFO(st.st_mode);
}

/* Writes to it wait all the same. */
int nm_fd_to_write(const char *path)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int flags = fd < 0 ? -1 : fcntl(fd, F_GETFL);

	if (fd < 0 && errno == ENXIO && !is_pipe(path))
		errno = ENODEV;
	if (fd < 0 || (flags >= 0 && fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) == 0))
		return fd;
	(void)close(fd);
	return -1;
}

int nm_fd_of_name(const char *path)
{
	return open(path, O_PATH | O_CLOEXEC);
}

int nm_fd_of_folder(const char *path)
{
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}
