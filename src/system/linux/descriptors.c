/* SPDX-License-Identifier: MIT */
/* Other descriptors for the same, on Linux. */
#include "system/descriptors.h"

#include <fcntl.h>
#include <stdio.h>

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

int nm_fd_of_name(const char *path)
{
	return open(path, O_PATH | O_CLOEXEC);
}

int nm_fd_of_folder(const char *path)
{
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}
