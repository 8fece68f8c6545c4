/* SPDX-License-Identifier: MIT */
/* What the C library lacks here: functions of POSIX, and errors of the system. */
#include "system/windows/errors.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

char *strndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = malloc(len + 1);

	if (!copy)
		return NULL;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

int nm_errno_of(DWORD err)
{
	switch (err) {
	case ERROR_FILE_NOT_FOUND: return ENOENT;
	case ERROR_PATH_NOT_FOUND: return ENOTDIR;
	case ERROR_ACCESS_DENIED:
	case ERROR_SHARING_VIOLATION:
	case ERROR_LOCK_VIOLATION: return EACCES;
	case ERROR_INVALID_HANDLE: return EBADF;
	case ERROR_DISK_FULL:
	case ERROR_HANDLE_DISK_FULL: return ENOSPC;
	case ERROR_BROKEN_PIPE:
	case ERROR_NO_DATA: return EPIPE;
	case ERROR_NOT_ENOUGH_MEMORY:
	case ERROR_COMMITMENT_LIMIT: return ENOMEM;
	default: return EIO;
	}
}
