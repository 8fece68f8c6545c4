/* SPDX-License-Identifier: MIT */
/* What of an expert a linker has to find in nmapi.lib; declared by hand, since compilers for
 * Visual C bring headers of their own. */
typedef unsigned long DWORD;

__declspec(dllimport) DWORD __stdcall ExpertGetFrame(
    void *key, DWORD direction, DWORD flags, DWORD frame, void *filter, void *ret);
__declspec(dllimport) extern unsigned char HexTable[];

int __stdcall Run(void *key, void *config, void *startup, DWORD flags, void *window)
{
	(void)config;
	(void)startup;
	(void)flags;
	(void)window;
	return ExpertGetFrame(key, 1, 0, HexTable[0], 0, 0) == 0;
}
