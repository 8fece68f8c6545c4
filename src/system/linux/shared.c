/* SPDX-License-Identifier: MIT */
/* Memory that two processes see, on Linux. */
#include "system/shared.h"

#include <sys/mman.h>
#include <unistd.h>

int nm_shared_memory(const char *name)
{
	return memfd_create(name, MFD_CLOEXEC);
}

void *nm_shared_map(int fd, size_t bytes)
{
	void *p = ftruncate(fd, (off_t)bytes) == 0
		      ? mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
		      : MAP_FAILED;

	return p == MAP_FAILED ? NULL : p;
}

void nm_shared_unmap(void *p, size_t bytes)
{
	if (p)
		(void)munmap(p, bytes);
}
