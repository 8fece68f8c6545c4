/* SPDX-License-Identifier: MIT */
/* Files of one folder, on Windows. */
#include "system/folder.h"
#include "system/windows/errors.h"

#include <errno.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct nm_folder {
	HANDLE held; /* keeps it where it is */
	HANDLE find; /* INVALID_HANDLE_VALUE: nothing was asked for yet */
	char path[];
};

int nm_folder_open(const char *path, struct nm_folder **ret_f)
{
	size_t n = strlen(path) + 1;
	struct nm_folder *f = malloc(sizeof *f + n);
	DWORD is = GetFileAttributesA(path);
	int err = !f ? ENOMEM : is == INVALID_FILE_ATTRIBUTES ? nm_errno_of(GetLastError()) : 0;

	if (!err && !(is & FILE_ATTRIBUTE_DIRECTORY))
		err = ENOTDIR;
	if (!err) {
		f->held = CreateFileA(path, FILE_LIST_DIRECTORY, FILE_SHARE_READ | FILE_SHARE_WRITE,
		    NULL, OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
		if (f->held == INVALID_HANDLE_VALUE)
			err = nm_errno_of(GetLastError());
	}
	if (err) {
		free(f);
		return err;
	}
	f->find = INVALID_HANDLE_VALUE;
	memcpy(f->path, path, n);
	*ret_f = f;
	return 0;
}

int nm_folder_make(const char *path, struct nm_folder **ret_f)
{
	int err;

	if (!CreateDirectoryA(path, NULL))
		return GetLastError() == ERROR_ALREADY_EXISTS ? EEXIST
							      : nm_errno_of(GetLastError());
	err = nm_folder_open(path, ret_f);
	if (err)
		(void)RemoveDirectoryA(path);
	return err;
}

/* 0, or an errno value. */
static int join(char to[MAX_PATH], const struct nm_folder *f, const char *name)
{
	int n = snprintf(to, MAX_PATH, "%s/%s", f->path, name);

	return n < 0 || n >= MAX_PATH ? ENAMETOOLONG : 0;
}

/* False and GetLastError(): nothing. */
static bool next(struct nm_folder *f, WIN32_FIND_DATAA *ret)
{
	char all[MAX_PATH];

	if (f->find != INVALID_HANDLE_VALUE)
		return FindNextFileA(f->find, ret);
	if (join(all, f, "*") == 0)
		f->find = FindFirstFileA(all, ret);
	else
		SetLastError(ERROR_PATH_NOT_FOUND);
	return f->find != INVALID_HANDLE_VALUE;
}

int nm_folder_next(struct nm_folder *f, char ret_name[NM_FOLDER_NAME])
{
	WIN32_FIND_DATAA d;

	do {
		if (!next(f, &d))
			return GetLastError() == ERROR_NO_MORE_FILES ? 0
								     : -nm_errno_of(GetLastError());
	} while (strcmp(d.cFileName, ".") == 0 || strcmp(d.cFileName, "..") == 0);
	(void)snprintf(ret_name, NM_FOLDER_NAME, "%.255s", d.cFileName);
	return 1;
}

static int open_in(
    struct nm_folder *f, const char *name, DWORD access, DWORD how, DWORD links, int flags)
{
	char path[MAX_PATH];
	HANDLE h;
	int fd;

	if (join(path, f, name) != 0)
		return -ENAMETOOLONG;
	h = CreateFileA(path, access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
	    how, FILE_ATTRIBUTE_NORMAL | links, NULL);
	if (h == INVALID_HANDLE_VALUE)
		return -(nm_errno_of(GetLastError()));
	fd = _open_osfhandle((intptr_t)h, flags | _O_BINARY | _O_NOINHERIT);
	if (fd >= 0)
		return fd;
	(void)CloseHandle(h);
	return -EMFILE;
}

int nm_folder_read(struct nm_folder *f, const char *name, bool links, bool *ret_program)
{
	BY_HANDLE_FILE_INFORMATION info;
	char path[MAX_PATH];
	DWORD is = join(path, f, name) == 0 ? GetFileAttributesA(path) : INVALID_FILE_ATTRIBUTES;
	int fd;

	if (is != INVALID_FILE_ATTRIBUTES && !links && (is & FILE_ATTRIBUTE_REPARSE_POINT))
		return -ELOOP;
	if (is != INVALID_FILE_ATTRIBUTES && (is & FILE_ATTRIBUTE_DIRECTORY))
		return -ENOENT;
	fd = open_in(f, name, GENERIC_READ, OPEN_EXISTING, links ? 0 : FILE_FLAG_OPEN_REPARSE_POINT,
	    _O_RDONLY);
	if (fd < 0)
		return fd;
	*ret_program = false;
	if (GetFileType((HANDLE)_get_osfhandle(fd)) == FILE_TYPE_DISK &&
	    GetFileInformationByHandle((HANDLE)_get_osfhandle(fd), &info) &&
	    !(info.dwFileAttributes & (FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DEVICE)))
		return fd;
	(void)_close(fd);
	return -ENOENT;
}

int nm_folder_create(struct nm_folder *f, const char *name, bool program)
{
	(void)program;
	return open_in(f, name, GENERIC_WRITE, CREATE_NEW, 0, _O_WRONLY);
}

void nm_folder_remove(struct nm_folder *f, const char *name)
{
	char path[MAX_PATH];

	if (join(path, f, name) == 0)
		(void)DeleteFileA(path);
}

void nm_folder_close(struct nm_folder *f)
{
	if (!f)
		return;
	if (f->find != INVALID_HANDLE_VALUE)
		(void)FindClose(f->find);
	(void)CloseHandle(f->held);
	free(f);
}

int nm_folders_make(const char *path)
{
	char *copy = _strdup(path);
	int err = copy ? 0 : ENOMEM;

	for (char *p = copy; p && *p && !err; p++) {
		char was = *p;

		if (p == copy || !strchr("/\\", was) || p[-1] == ':')
			continue;
		*p = '\0';
		if (!CreateDirectoryA(copy, NULL) &&
		    GetFileAttributesA(copy) == INVALID_FILE_ATTRIBUTES)
			err = nm_errno_of(GetLastError());
		*p = was;
	}
	free(copy);
	return err;
}

int nm_folder_keep(const char *from, const char *to)
{
	if (MoveFileExA(from, to, 0))
		return 0;
	return GetFileAttributesA(to) != INVALID_FILE_ATTRIBUTES ? EEXIST
								 : nm_errno_of(GetLastError());
}
