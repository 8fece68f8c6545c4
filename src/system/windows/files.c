/* SPDX-License-Identifier: MIT */
/* Files, and memory that processes share, on Windows. Descriptors are the C library's. */
#include "system/files.h"
#include "system/windows/errors.h"

#include <errno.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static HANDLE handle_of(int fd)
{
	return (HANDLE)_get_osfhandle(fd);
}

bool nm_path_separates(char c)
{
	return c == '/' || c == '\\';
}

size_t nm_path_folder(const char *path)
{
	size_t n = strlen(path);

	while (n && !strchr("/\\:", path[n - 1]))
		n--;
	return n;
}

bool nm_path_has_folder(const char *path)
{
	return strpbrk(path, "/\\");
}

/* A file or folder, to ask about it. */
static HANDLE open_to_ask(const char *path)
{
	return CreateFileA(path, 0, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
	    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
}

static bool identity(const char *path, BY_HANDLE_FILE_INFORMATION *ret)
{
	HANDLE h = open_to_ask(path);
	bool ok = h != INVALID_HANDLE_VALUE && GetFileInformationByHandle(h, ret);

	if (h != INVALID_HANDLE_VALUE)
		(void)CloseHandle(h);
	return ok;
}

static bool is_one(const BY_HANDLE_FILE_INFORMATION *x, const BY_HANDLE_FILE_INFORMATION *y)
{
	return x->dwVolumeSerialNumber == y->dwVolumeSerialNumber &&
	       x->nFileIndexHigh == y->nFileIndexHigh && x->nFileIndexLow == y->nFileIndexLow;
}

bool nm_path_is_same(const char *a, const char *b)
{
	BY_HANDLE_FILE_INFORMATION x, y;

	return identity(a, &x) && identity(b, &y) && is_one(&x, &y);
}

bool nm_path_is_open_as(const char *path, int fd)
{
	BY_HANDLE_FILE_INFORMATION x, y;

	return identity(path, &x) && GetFileInformationByHandle((HANDLE)_get_osfhandle(fd), &y) &&
	       is_one(&x, &y);
}

int nm_path_is_plain(const char *path)
{
	const DWORD other =
	    FILE_ATTRIBUTE_DIRECTORY | FILE_ATTRIBUTE_REPARSE_POINT | FILE_ATTRIBUTE_DEVICE;
	DWORD is = GetFileAttributesA(path);

	if (is == INVALID_FILE_ATTRIBUTES)
		return nm_errno_of(GetLastError());
	return is & other ? EINVAL : 0;
}

bool nm_path_is_folder(const char *path)
{
	DWORD is = GetFileAttributesA(path);

	return is != INVALID_FILE_ATTRIBUTES && (is & FILE_ATTRIBUTE_DIRECTORY);
}

bool nm_path_is_absolute(const char *path)
{
	return nm_path_separates(path[0]) ||
	       (path[0] && path[1] == ':' && nm_path_separates(path[2]));
}

/* \\?\C:\a and \\?\UNC\server\a as people write them; false: it is neither. */
static bool shorten(char *path)
{
	const char share[] = "\\\\?\\UNC\\";
	size_t n = sizeof share - 1;

	if (strncmp(path, share, n) == 0)
		memmove(path + 2, path + n, strlen(path + n) + 1);
	else if (strncmp(path, share, 4) == 0 && nm_path_drive(path + 4))
		memmove(path, path + 4, strlen(path + 4) + 1);
	else
		return false;
	return true;
}

/* As the system knows what is open. NULL: it has no such name. */
static char *final_path(HANDLE h)
{
	DWORD n = GetFinalPathNameByHandleA(h, NULL, 0, 0); /* under Wine without the NUL */
	char *path = n ? malloc(n + 1) : NULL;

	if (path && GetFinalPathNameByHandleA(h, path, n + 1, 0) <= n && shorten(path))
		return path;
	free(path);
	return NULL;
}

char *nm_path_real(const char *path)
{
	HANDLE h = open_to_ask(path);
	char *real;

	if (h == INVALID_HANDLE_VALUE) {
		errno = nm_errno_of(GetLastError());
		return NULL;
	}
	real = final_path(h);
	(void)CloseHandle(h);
	return real ? real : _fullpath(NULL, path, 0);
}

#define SOCKET_TAG     0x80000023 /* IO_REPARSE_TAG_AF_UNIX */
#define NO_SUCH_DEVICE 433        /* ERROR_NO_SUCH_DEVICE */

/* What is there but can't be opened, for that reason. Wine tells of a socket of the host that no such
 * device is there, though a list of the folder has it as a file. */
static bool is_socket(const char *path, DWORD why)
{
	WIN32_FIND_DATAA d;
	HANDLE found;

	if (why != ERROR_CANT_ACCESS_FILE && why != NO_SUCH_DEVICE)
		return false;
	found = FindFirstFileA(path, &d);
	if (found == INVALID_HANDLE_VALUE)
		return false;
	(void)FindClose(found);
	return why == NO_SUCH_DEVICE || d.dwReserved0 == SOCKET_TAG;
}

static int open_to_read(const char *path, DWORD links)
{
	HANDLE h =
	    CreateFileA(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
		NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL | links, NULL);
	int fd;

	if (h == INVALID_HANDLE_VALUE) {
		DWORD err = GetLastError(), is = GetFileAttributesA(path);
		bool folder = is != INVALID_FILE_ATTRIBUTES && (is & FILE_ATTRIBUTE_DIRECTORY);

		if (folder)
			return -EISDIR;
		return is_socket(path, err) ? -ENXIO : -nm_errno_of(err);
	}
	fd = _open_osfhandle((intptr_t)h, _O_RDONLY | _O_BINARY | _O_NOINHERIT);
	if (fd >= 0)
		return fd;
	(void)CloseHandle(h);
	return -EMFILE;
}

size_t nm_path_drive(const char *path)
{
	char letter = path[0] | 0x20;

	return letter >= 'a' && letter <= 'z' && path[1] == ':' ? 2 : 0;
}

int nm_prim_open(const char *path)
{
	return open_to_read(path, 0);
}

int nm_prim_open_itself(const char *path)
{
	DWORD is = GetFileAttributesA(path);

	if (is != INVALID_FILE_ATTRIBUTES && (is & FILE_ATTRIBUTE_REPARSE_POINT))
		return -ELOOP;
	return open_to_read(path, FILE_FLAG_OPEN_REPARSE_POINT);
}

int nm_prim_stat(int fd, enum nm_prim_kind *ret_kind, uint64_t *ret_bytes)
{
	struct _stat64 st;

	if (_fstat64(fd, &st) < 0)
		return errno;
	*ret_bytes = 0;
	if (S_ISREG(st.st_mode)) {
		*ret_kind = NM_PRIM_FILE;
		*ret_bytes = (uint64_t)st.st_size;
	} else if (S_ISDIR(st.st_mode)) {
		*ret_kind = NM_PRIM_DIRECTORY;
	} else if (S_ISFIFO(st.st_mode)) {
		*ret_kind = NM_PRIM_STREAM;
	} else if (_isatty(fd)) {
		*ret_kind = NM_PRIM_TERMINAL;
	} else {
		*ret_kind = NM_PRIM_DEVICE;
	}
	return 0;
}

static OVERLAPPED at(uint64_t offset)
{
	return (OVERLAPPED){ .Offset = (DWORD)offset, .OffsetHigh = (DWORD)(offset >> 32) };
}

static DWORD piece(size_t n)
{
	return n > (1u << 30) ? 1u << 30 : (DWORD)n;
}

ssize_t nm_prim_pread(int fd, void *buf, size_t n, uint64_t offset)
{
	size_t done = 0;

	while (done < n) {
		OVERLAPPED where = at(offset + done);
		DWORD r = 0;

		if (!ReadFile(handle_of(fd), (char *)buf + done, piece(n - done), &r, &where)) {
			if (GetLastError() == ERROR_HANDLE_EOF || done > 0)
				break; /* the next call at that offset reports it */
			return -nm_errno_of(GetLastError());
		}
		if (r == 0)
			break;
		done += r;
	}
	return (ssize_t)done;
}

ssize_t pread(int fd, void *buf, size_t n, int64_t offset)
{
	ssize_t r = nm_prim_pread(fd, buf, n, (uint64_t)offset);

	if (r >= 0)
		return r;
	errno = (int)-r;
	return -1;
}

bool nm_prim_is_ready(int fd)
{
	DWORD n = 0;

	if (GetFileType(handle_of(fd)) != FILE_TYPE_PIPE)
		return true;
	return !PeekNamedPipe(handle_of(fd), NULL, 0, NULL, &n, NULL) || n > 0;
}

void nm_prim_wait(int fd)
{
	while (!nm_prim_is_ready(fd))
		Sleep(1);
}

ssize_t nm_prim_read(int fd, void *buf, size_t n)
{
	int r = _read(fd, buf, piece(n));

	return r >= 0 ? r : -errno;
}

bool nm_prim_rewind(int fd)
{
	return _lseeki64(fd, 0, SEEK_SET) == 0;
}

/* Nothing tells whether it only appends: then it does, unless there is nothing to append to. */
bool nm_prim_begins_here(int fd)
{
	return GetFileType(handle_of(fd)) == FILE_TYPE_DISK && _lseeki64(fd, 0, SEEK_CUR) == 0 &&
	       _filelengthi64(fd) == 0;
}

int nm_prim_pwrite(int fd, const void *buf, size_t n, uint64_t offset)
{
	size_t done = 0;

	while (done < n) {
		OVERLAPPED where = at(offset + done);
		DWORD r = 0;

		if (!WriteFile(
			handle_of(fd), (const char *)buf + done, piece(n - done), &r, &where))
			return nm_errno_of(GetLastError());
		if (r == 0)
			return ENOSPC;
		done += r;
	}
	return 0;
}

ssize_t pwrite(int fd, const void *buf, size_t n, int64_t offset)
{
	int err = nm_prim_pwrite(fd, buf, n, (uint64_t)offset);

	if (err == 0)
		return (ssize_t)n;
	errno = err;
	return -1;
}

int nm_prim_write(int fd, const void *buf, size_t n)
{
	size_t done = 0;

	while (done < n) {
		DWORD r = 0;

		if (!WriteFile(handle_of(fd), (const char *)buf + done, piece(n - done), &r, NULL))
			return nm_errno_of(GetLastError());
		if (r == 0)
			return ENOSPC;
		done += r;
	}
	return 0;
}

void nm_prim_close(int fd)
{
	(void)_close(fd);
}

/* It may be renamed while it is open. */
static int create(const char *name)
{
	HANDLE h = CreateFileA(name, GENERIC_READ | GENERIC_WRITE | DELETE,
	    FILE_SHARE_READ | FILE_SHARE_DELETE, NULL, CREATE_NEW, FILE_ATTRIBUTE_NORMAL, NULL);
	int fd;

	if (h == INVALID_HANDLE_VALUE)
		return GetLastError() == ERROR_PATH_NOT_FOUND ? -ENOENT
							      : -nm_errno_of(GetLastError());
	fd = _open_osfhandle((intptr_t)h, _O_RDWR | _O_BINARY | _O_NOINHERIT);
	if (fd >= 0)
		return fd;
	(void)CloseHandle(h);
	return -EMFILE;
}

int nm_prim_unique(char *name)
{
	size_t n = strlen(name);
	int fd = -EEXIST;

	if (n < 6 || strcmp(name + n - 6, "XXXXXX") != 0)
		return -EINVAL;
	for (unsigned tries = 0; tries < 1000 && fd == -EEXIST; tries++) {
		nm_name_at_random(name + n - 6);
		fd = create(name);
	}
	return fd;
}

int nm_prim_sync(int fd)
{
	return _commit(fd) < 0 ? errno : 0;
}

/* A file that somebody reads keeps its place, but not its name: it gives way. */
static bool move_over(const char *from, const char *to)
{
	char aside[MAX_PATH + 8];
	int n = snprintf(aside, sizeof aside, "%s.old-XXXXXX", to);
	DWORD err;

	if (n < 0 || (size_t)n >= sizeof aside)
		return false;
	nm_name_at_random(aside + n - 6);
	if (!MoveFileExA(to, aside, 0))
		return false;
	if (MoveFileExA(from, to, 0)) {
		(void)DeleteFileA(aside); /* it goes with its last reader */
		return true;
	}
	err = GetLastError();
	(void)MoveFileExA(aside, to, 0);
	SetLastError(err);
	return false;
}

int nm_prim_rename(const char *from, const char *to)
{
	DWORD err;

	if (MoveFileExA(from, to, MOVEFILE_REPLACE_EXISTING))
		return 0;
	err = GetLastError();
	if ((err == ERROR_ACCESS_DENIED || err == ERROR_SHARING_VIOLATION) && move_over(from, to))
		return 0;
	return nm_errno_of(err);
}

int nm_prim_replace(int fd, const char *part, const char *path)
{
	(void)fd;
	return nm_prim_rename(part, path);
}

/* ---- memory that processes share -------------------------------------------------- */

/* Handles of sections pass as descriptors do: they fit, as the system promises. */
static int as_number(HANDLE h)
{
	return (int)(intptr_t)h;
}

static HANDLE section_of(int fd)
{
	return (HANDLE)(intptr_t)fd;
}

void *nm_prim_shared_new(size_t bytes, int *ret_fd)
{
	HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL,
	    PAGE_READWRITE | SEC_RESERVE, (DWORD)((uint64_t)bytes >> 32), (DWORD)bytes, NULL);
	void *p = section ? MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, bytes) : NULL;

	if (p)
		*ret_fd = as_number(section);
	else if (section)
		(void)CloseHandle(section);
	return p;
}

bool nm_prim_shared_ask(void *p, size_t from, size_t n)
{
	return VirtualAlloc((char *)p + from, n, MEM_COMMIT, PAGE_READWRITE) != NULL;
}

/* What was not asked for can't be written as it is. */
bool nm_prim_shared_seal(void *p, size_t bytes, int fd)
{
	MEMORY_BASIC_INFORMATION is;
	DWORD before;

	for (char *at = p, *end = at + bytes; at < end; at += is.RegionSize)
		if (!VirtualQuery(at, &is, sizeof is) ||
		    (is.State == MEM_COMMIT &&
			!VirtualProtect(at, is.RegionSize, PAGE_READONLY, &before)))
			return false;
	(void)CloseHandle(section_of(fd));
	return true;
}

void nm_prim_shared_free(void *p, size_t bytes, int fd)
{
	(void)bytes;
	(void)UnmapViewOfFile(p);
	if (fd >= 0)
		(void)CloseHandle(section_of(fd));
}

static void *view_at(HANDLE section, char *at, DWORD access, size_t offset, size_t n)
{
	return MapViewOfFileEx(section, access, 0, (DWORD)offset, n, at);
}

/* Both mappings of a ring where they fit beside each other. NULL: refused. Between finding
 * such a place and mapping there another thread may take it. */
static char *map_ring(HANDLE section, size_t head, size_t bytes)
{
	for (unsigned tries = 0; tries < 16; tries++) {
		char *p = VirtualAlloc(NULL, head + 2 * bytes, MEM_RESERVE, PAGE_NOACCESS);

		if (!p)
			return NULL;
		(void)VirtualFree(p, 0, MEM_RELEASE);
		if (!view_at(section, p, FILE_MAP_WRITE, 0, head + bytes))
			continue;
		if (view_at(section, p + head + bytes, FILE_MAP_WRITE, head, bytes))
			return p;
		(void)UnmapViewOfFile(p);
	}
	return NULL;
}

void *nm_prim_ring_new(size_t head, size_t bytes, int *ret_fd)
{
	HANDLE section = CreateFileMappingA(
	    INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, (DWORD)(head + bytes), NULL);
	char *p = section ? map_ring(section, head, bytes) : NULL;

	if (p)
		*ret_fd = as_number(section);
	else if (section)
		(void)CloseHandle(section);
	return p;
}

bool nm_prim_ring_seal(void *p, size_t head, size_t bytes, int fd)
{
	DWORD before;

	return VirtualProtect((char *)p + head + bytes, bytes, PAGE_READONLY, &before) &&
	       nm_prim_shared_seal(p, head + bytes, fd);
}

void nm_prim_ring_free(void *p, size_t head, size_t bytes, int fd)
{
	(void)UnmapViewOfFile((char *)p + head + bytes);
	nm_prim_shared_free(p, head + bytes, fd);
}

void *nm_prim_common_new(size_t bytes)
{
	return VirtualAlloc(NULL, bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

void nm_prim_unmap(void *p, size_t bytes)
{
	(void)VirtualFree(p, bytes, MEM_DECOMMIT);
}

uint64_t nm_prim_now_ms(void)
{
	return GetTickCount64();
}

void nm_prim_sleep_us(unsigned us)
{
	Sleep(us / 1000 + (us % 1000 != 0));
}
