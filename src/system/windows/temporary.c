/* SPDX-License-Identifier: MIT */
/* Files of one's own, on Windows. */
#include "system/temporary.h"
#include "system/files.h"
#include "system/windows/errors.h"

#include <errno.h>
#include <io.h>
#include <string.h>

/* A file of its own in the folder for such; gone with its last descriptor when asked for. */
static int new_file(char *name, size_t size, DWORD flags)
{
	char folder[MAX_PATH], path[MAX_PATH];
	HANDLE h;
	int fd;

	if (!GetTempPathA(sizeof folder, folder) || !GetTempFileNameA(folder, "nma", 0, path))
		return -nm_errno_of(GetLastError());
	if (name && strlen(path) >= size)
		return -ENAMETOOLONG;
	h = CreateFileA(path, GENERIC_READ | GENERIC_WRITE | DELETE,
	    FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, CREATE_ALWAYS,
	    FILE_ATTRIBUTE_TEMPORARY | flags, NULL);
	if (h == INVALID_HANDLE_VALUE)
		return -nm_errno_of(GetLastError());
	if (name)
		memcpy(name, path, strlen(path) + 1);
	fd = _open_osfhandle((intptr_t)h, _O_RDWR | _O_BINARY | _O_NOINHERIT);
	if (fd >= 0)
		return fd;
	(void)CloseHandle(h);
	return -EMFILE;
}

static int with_errno(int fd)
{
	if (fd >= 0)
		return fd;
	errno = -fd;
	return -1;
}

int nm_prim_temporary(void)
{
	return new_file(NULL, 0, FILE_FLAG_DELETE_ON_CLOSE);
}

int nm_temporary_file(void)
{
	return with_errno(nm_prim_temporary());
}

int nm_temporary_named(char *name, size_t size)
{
	return with_errno(new_file(name, size, 0));
}
