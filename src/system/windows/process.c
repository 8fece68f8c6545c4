/* SPDX-License-Identifier: MIT */
/* What Windows counts. */
#include "system/process.h"

#include <tlhelp32.h>

unsigned nm_process_threads(uint32_t pid)
{
	HANDLE all = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
	THREADENTRY32 t = { .dwSize = sizeof t };
	unsigned n = 0;

	if (all == INVALID_HANDLE_VALUE)
		return 0;
	for (BOOL more = Thread32First(all, &t); more; more = Thread32Next(all, &t))
		n += t.th32OwnerProcessID == pid;
	(void)CloseHandle(all);
	return n;
}

unsigned nm_processors(void)
{
	SYSTEM_INFO i;

	GetSystemInfo(&i);
	return i.dwNumberOfProcessors < 1 ? 1 : i.dwNumberOfProcessors;
}
