/* SPDX-License-Identifier: MIT */
/* No parser: what it does while it is loaded is MISDEED. */
#include <windows.h>

#define EXIT  1
#define CRASH 2
#define LOOP  3

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved);

BOOL WINAPI DllMain(HINSTANCE self, DWORD reason, LPVOID reserved)
{
	static volatile int zero;
	volatile int *volatile nowhere = NULL;

	(void)self;
	(void)reserved;
	if (reason != DLL_PROCESS_ATTACH)
		return TRUE;
#if MISDEED == EXIT
	ExitProcess(3);
#elif MISDEED == CRASH
	*nowhere = 1;
#else
	while (!zero)
		;
#endif
	(void)zero;
	(void)nowhere;
	return TRUE;
}
