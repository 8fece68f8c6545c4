/* SPDX-License-Identifier: MIT */
/* What Linux counts. */
#include "system/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void nm_processes_look(void)
{
	/* each process is a file of its own */
}

unsigned nm_process_threads(uint32_t pid)
{
	char path[64], line[1024];
	const char *p;
	size_t n;
	FILE *f;

	(void)snprintf(path, sizeof path, "/proc/%u/stat", pid);
	f = fopen(path, "re");
	if (!f)
		return 0;
	n = fread(line, 1, sizeof line - 1, f);
	(void)fclose(f);
	line[n] = '\0';
	p = strrchr(line, ')'); /* the name before it may hold anything */
	for (int field = 2; p && field < 20; field++)
		p = strchr(p + 1, ' ');
	return p ? (unsigned)strtoul(p + 1, NULL, 10) : 0;
}

unsigned nm_processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : (unsigned)n;
}
