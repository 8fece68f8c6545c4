/* SPDX-License-Identifier: MIT */
/* Files of one's own, on Windows. */
#include "system/temporary.h"
#include "system/files.h"
#include "system/windows/errors.h"

#include <errno.h>
#include <io.h>
#include <stdio.h>
#include <string.h>

#define TRIES 100

/* A name that the system chooses for one process may be chosen for another before it is used;
 * this one is used as it is chosen. */
static HANDLE create(char path[MAX_PATH + 16], DWORD flags)
{
	DWORD n = GetTempPathA(MAX_PATH, path);
	HANDLE h = INVALID_HANDLE_VALUE;

	if (n == 0 || n > MAX_PATH)
		return h;
	memcpy(path + n, "nma", 3);
	for (unsigned i = 0; i < TRIES && h == INVALID_HANDLE_VALUE; i++) {
		nm_name_at_random(path + n + 3);
		h = CreateFileA(path, GENERIC_READ | GENERIC_WRITE,
		    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, CREATE_NEW,
		    FILE_ATTRIBUTE_TEMPORARY | flags, NULL);
		if (h == INVALID_HANDLE_VALUE && GetLastError() != ERROR_FILE_EXISTS)
			break;
	}
	return h;
}

/* A file of its own in the folder for such; gone with its last descriptor when asked for. */
static int new_file(char *name, size_t size, DWORD flags)
{
	char path[MAX_PATH + 16];
	HANDLE h = create(path, flags);
	int fd;

	if (h == INVALID_HANDLE_VALUE)
		return -nm_errno_of(GetLastError());
	if (name && strlen(path) >= size) {
		(void)CloseHandle(h);
		(void)DeleteFileA(path);
		return -ENAMETOOLONG;
	}
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

void nm_temporary_refusal(int err, char *text, size_t size)
{
	char path[MAX_PATH + 1];
	DWORD n = GetTempPathA(sizeof path, path);

	(void)snprintf(text, size,
	    "no temporary file can be made in %s: %s; TMP names another folder",
	    n > 0 && n < sizeof path ? path : "the folder for them", strerror(err));
}
