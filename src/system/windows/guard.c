/* SPDX-License-Identifier: MIT */
/* What -fstack-protector refers to, as mingw's own libssp has it; that one asks CryptoAPI for the guard's value
 * whenever an image is loaded, which on Wine loads and unloads two dozen libraries, of TLS and fonts among them,
 * and whoever is ended while they are unloaded ends with a line of the loader's.
 *
 * The value is made of the same things as Visual C's: no secret of a cipher's strength, but another one in
 * each image of each process. */
#include <stdint.h>
#include <stdlib.h>
#include <windows.h>

#define MULTIPLIER 0xff51afd7ed558ccdu /* spreads each bit over all of them */

extern uintptr_t __stack_chk_guard;
_Noreturn void __stack_chk_fail(void);
_Noreturn void __chk_fail(void); /* of _FORTIFY_SOURCE */

uintptr_t __stack_chk_guard;

static uint64_t mixed(uint64_t sum, uint64_t more)
{
	sum = (sum ^ more) * MULTIPLIER;
	return sum ^ sum >> 32;
}

/* Before anything else of its image runs. */
__attribute__((constructor(101), no_stack_protector)) static void choose(void)
{
	LARGE_INTEGER ticks;
	FILETIME now;
	uint64_t sum;

	(void)QueryPerformanceCounter(&ticks);
	GetSystemTimeAsFileTime(&now);
	sum = mixed((uintptr_t)&ticks, (uint64_t)ticks.QuadPart);
	sum = mixed(sum, (uintptr_t)&__stack_chk_guard);
	sum = mixed(sum, (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime);
	sum = mixed(sum, (uint64_t)GetCurrentProcessId() << 32 | GetCurrentThreadId());
	/* No string is copied over its lowest byte. */
	__stack_chk_guard = (uintptr_t)sum & ~(uintptr_t)0xff;
}

/* As the C library of Linux ends it. */
_Noreturn static void end(const char *why, DWORD n)
{
	(void)WriteFile(GetStdHandle(STD_ERROR_HANDLE), why, n, &n, NULL);
	abort();
}

#define END(why) end(why, sizeof why - 1)

void __stack_chk_fail(void)
{
	END("*** stack smashing detected ***: terminated\n");
}

void __chk_fail(void)
{
	END("*** buffer overflow detected ***: terminated\n");
}
