/* SPDX-License-Identifier: MIT */
/* What Windows counts. */
#include "system/process.h"

#include <stdlib.h>
#include <winternl.h>

#define ROOM      (64u << 10)
#define ROOM_MOST (16u << 20)
#define NO_ROOM   ((NTSTATUS)0xc0000004) /* STATUS_INFO_LENGTH_MISMATCH */

/* As they were at the last look; borrowed by nobody. NULL: not known. */
static const char *processes;

/* All in one call: Wine needs several for each thread of a snapshot by Toolhelp. The room is kept
 * for the next time; only the supervisor's one thread asks. */
void nm_processes_look(void)
{
	static char *list;
	static ULONG size;
	NTSTATUS is = NO_ROOM;

	while (is == NO_ROOM && size < ROOM_MOST) {
		ULONG n = 0;

		if (list)
			is = NtQuerySystemInformation(SystemProcessInformation, list, size, &n);
		if (is == NO_ROOM) {
			size = size ? 2 * size : ROOM;
			free(list);
			list = malloc(size);
			if (!list)
				size = 0;
		}
		if (!size)
			break;
	}
	processes = is == 0 ? list : NULL;
}

unsigned nm_process_threads(uint32_t pid)
{
	const char *at = processes;

	while (at) {
		const SYSTEM_PROCESS_INFORMATION *p = (const SYSTEM_PROCESS_INFORMATION *)at;

		if ((uintptr_t)p->UniqueProcessId == pid)
			return p->NumberOfThreads;
		at = p->NextEntryOffset ? at + p->NextEntryOffset : NULL;
	}
	return 0;
}

unsigned nm_processors(void)
{
	SYSTEM_INFO i;

	GetSystemInfo(&i);
	return i.dwNumberOfProcessors < 1 ? 1 : i.dwNumberOfProcessors;
}
