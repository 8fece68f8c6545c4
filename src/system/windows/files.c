/* SPDX-License-Identifier: MIT */
/* Files, and memory that processes share, on Windows. Descriptors are the C library's. */
#include "system/files.h"
#include "system/windows/errors.h"

#include <errno.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static HANDLE handle_of(int fd)
{
	return (HANDLE)_get_osfhandle(fd);
}

size_t nm_path_folder(const char *path)
{
	size_t n = strlen(path);

	while (n && !strchr("/\\:", path[n - 1]))
		n--;
	return n;
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
		int r = _write(fd, (const char *)buf + done, piece(n - done));

		if (r <= 0)
			return r < 0 ? errno : ENOSPC;
		done += (size_t)r;
	}
	return 0;
}

void nm_prim_close(int fd)
{
	(void)_close(fd);
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
	HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE,
	    (DWORD)((uint64_t)bytes >> 32), (DWORD)bytes, NULL);
	void *p = section ? MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, bytes) : NULL;

	if (p)
		*ret_fd = as_number(section);
	else if (section)
		(void)CloseHandle(section);
	return p;
}

bool nm_prim_shared_seal(void *p, size_t bytes, int fd)
{
	DWORD before;

	if (!VirtualProtect(p, bytes, PAGE_READONLY, &before))
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

/* A ring serves processes that were forked, which there are none of here: streams go
 * through a temporary file. */
void *nm_prim_ring_new(size_t head, size_t bytes, int *ret_fd)
{
	(void)head;
	(void)bytes;
	(void)ret_fd;
	return NULL;
}

bool nm_prim_ring_seal(void *p, size_t head, size_t bytes, int fd)
{
	(void)p;
	(void)head;
	(void)bytes;
	(void)fd;
	return false;
}

void nm_prim_ring_free(void *p, size_t head, size_t bytes, int fd)
{
	(void)head;
	nm_prim_shared_free(p, bytes, fd);
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
