/* SPDX-License-Identifier: MIT */
/* Memory that two processes see, on Windows: a file that goes with its last handle. */
#include "system/shared.h"
#include "system/temporary.h"
#include "system/windows/errors.h"

#include <errno.h>
#include <io.h>

int nm_shared_memory(const char *name)
{
	(void)name;
	return nm_temporary_file();
}

void *nm_shared_map(int fd, size_t bytes)
{
	HANDLE file = fd < 0 ? INVALID_HANDLE_VALUE : (HANDLE)_get_osfhandle(fd);
	HANDLE section =
	    file == INVALID_HANDLE_VALUE /* which would be memory of our own */
		? NULL
		: CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, (DWORD)bytes, NULL);
	void *p = section ? MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, bytes) : NULL;

	if (!p)
		errno = nm_errno_of(GetLastError());
	if (section)
		(void)CloseHandle(section);
	return p;
}

void nm_shared_unmap(void *p, size_t bytes)
{
	(void)bytes;
	if (p)
		(void)UnmapViewOfFile(p);
}

/* No file is cut that somebody has mapped. */
bool nm_shared_outlive(void *p, size_t bytes)
{
	(void)p;
	(void)bytes;
	return true;
}
