/* SPDX-License-Identifier: MIT */
/* Other descriptors for the same, on Windows. */
#include "system/descriptors.h"
#include "system/windows/errors.h"

#include <errno.h>
#include <io.h>
#include <string.h>

#define SHARED     (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)
#define LONG_NAMES "\\\\?\\" /* what stands before a name that the system tells */

static int as_descriptor(HANDLE h, int flags)
{
	int fd = -1;

	if (h == NULL || h == INVALID_HANDLE_VALUE) {
		errno = nm_errno_of(GetLastError());
		return -1;
	}
	fd = _open_osfhandle((intptr_t)h, flags | _O_BINARY | _O_NOINHERIT);
	if (fd < 0) {
		(void)CloseHandle(h);
		errno = EMFILE;
	}
	return fd;
}

int nm_fd_copy(int fd)
{
	HANDLE h = NULL, self = GetCurrentProcess();

	if (!DuplicateHandle(
		self, (HANDLE)_get_osfhandle(fd), self, &h, 0, FALSE, DUPLICATE_SAME_ACCESS))
		h = NULL;
	return as_descriptor(h, 0);
}

int nm_fd_to_read(int fd)
{
	return as_descriptor(
	    ReOpenFile((HANDLE)_get_osfhandle(fd), GENERIC_READ, SHARED, 0), _O_RDONLY);
}

/* No pipe has a name among files. */
int nm_fd_to_write(const char *path)
{
	return _open(path, _O_WRONLY | _O_BINARY | _O_NOINHERIT);
}

int nm_fd_of_name(const char *path)
{
	return as_descriptor(CreateFileA(path, FILE_READ_ATTRIBUTES, SHARED, NULL, OPEN_EXISTING,
				 FILE_FLAG_BACKUP_SEMANTICS, NULL),
	    _O_RDONLY);
}

void nm_fd_path(int fd, char *buf, size_t size)
{
	DWORD n = GetFinalPathNameByHandleA((HANDLE)_get_osfhandle(fd), buf, (DWORD)size, 0);

	if (n == 0 || n >= size)
		*buf = '\0';
	else if (strncmp(buf, LONG_NAMES, strlen(LONG_NAMES)) == 0)
		memmove(buf, buf + strlen(LONG_NAMES), n + 1 - strlen(LONG_NAMES));
}

int nm_fd_of_folder(const char *path)
{
	DWORD is = GetFileAttributesA(path);

	if (is == INVALID_FILE_ATTRIBUTES || is & FILE_ATTRIBUTE_DIRECTORY)
		return nm_fd_of_name(path);
	errno = ENOTDIR;
	return -1;
}
