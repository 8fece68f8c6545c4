/* SPDX-License-Identifier: MIT */
/* hostile_windows.h -- misdeeds by Windows' own calls: a part of hostile.c. */
#ifndef HOSTILE_WINDOWS_H
#define HOSTILE_WINDOWS_H

#include <winsock2.h>

#include <io.h>
#include <tlhelp32.h>
#include <windows.h>

#define HANDLES_TRIED 4096 /* they count up in fours */

/* ---- what has a like on Linux, under the same name ------------------------------ */

MISDEED_FN(stopself)
{
	(void)key;
	(void)SuspendThread(GetCurrentThread());
}

MISDEED_FN(sleep)
{
	(void)key;
	Sleep(INFINITE);
}

/* Without a console, for which Wine would begin one more. */
static bool start_process(void)
{
	char line[] = "cmd.exe /c pause";
	STARTUPINFOA how = { .cb = sizeof how };
	PROCESS_INFORMATION is;

	if (!CreateProcessA(NULL, line, NULL, NULL, TRUE, DETACHED_PROCESS, NULL, NULL, &how, &is))
		return false;
	(void)CloseHandle(is.hThread);
	(void)CloseHandle(is.hProcess);
	return true;
}

/* A process that would outlive the run. */
MISDEED_FN(forkchild)
{
	(void)key;
	(void)start_process();
}

MISDEED_FN(forkbomb)
{
	(void)key;
	for (unsigned i = 0; i < 1000 && start_process(); i++)
		;
}

MISDEED_FN(exec)
{
	(void)key;
	result = !start_process();
}

MISDEED_FN(openwrite)
{
	HANDLE h = CreateFileA(
	    "Z:\\tmp\\written-by-an-expert", GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);

	(void)key;
	result = h == INVALID_HANDLE_VALUE;
}

MISDEED_FN(socket)
{
	const struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = 0x5000, /* 80 */
		.sin_addr.s_addr = 0x0100007f };
	WSADATA data;
	SOCKET s =
	    WSAStartup(0x0202, &data) == 0 ? socket(AF_INET, SOCK_STREAM, 0) : INVALID_SOCKET;

	(void)key;
	result = s == INVALID_SOCKET ||
		 connect(s, (const struct sockaddr *)&to, sizeof to) == SOCKET_ERROR;
}

MISDEED_FN(closefds)
{
	(void)key;
	for (int fd = 0; fd < 64; fd++)
		(void)close(fd);
	for (uintptr_t h = 4; h < HANDLES_TRIED; h += 4)
		(void)CloseHandle((HANDLE)h);
}

MISDEED_FN(garbagefds)
{
	char junk[4096];
	DWORD n;

	(void)key;
	memset(junk, 0xa5, sizeof junk);
	for (uintptr_t h = 4; h < HANDLES_TRIED; h += 4)
		if (GetFileType((HANDLE)h) != FILE_TYPE_UNKNOWN)
			(void)WriteFile((HANDLE)h, junk, sizeof junk, &n, NULL);
}

/* Every process it can see but itself. */
MISDEED_FN(killparent)
{
	HANDLE list = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
	PROCESSENTRY32 p = { .dwSize = sizeof p };

	(void)key;
	for (BOOL more = Process32First(list, &p); more; more = Process32Next(list, &p)) {
		HANDLE h = p.th32ProcessID == GetCurrentProcessId()
			       ? NULL
			       : OpenProcess(PROCESS_TERMINATE, FALSE, p.th32ProcessID);

		if (h)
			(void)TerminateProcess(h, 1);
	}
}

MISDEED_FN(locale)
{
	(void)key;
	(void)setlocale(LC_ALL, "German");
	(void)_putenv("TZ=NPT-5:45");
	(void)_putenv("LC_ALL=tr_TR");
	_tzset();
}

static LONG WINAPI go_on(EXCEPTION_POINTERS *e)
{
	(void)e;
	return EXCEPTION_CONTINUE_EXECUTION;
}

MISDEED_FN(handlecrash)
{
	(void)key;
	(void)AddVectoredExceptionHandler(1, go_on);
	write_to_nothing();
}

/* ---- ends of the process ---------------------------------------------------------- */

MISDEED_FN(exitprocess)
{
	(void)key;
	ExitProcess(7);
}

MISDEED_FN(terminateself)
{
	(void)key;
	(void)TerminateProcess(GetCurrentProcess(), 9);
}

MISDEED_FN(exitthread)
{
	(void)key;
	ExitThread(5);
}

/* ---- exceptions ------------------------------------------------------------------- */

MISDEED_FN(realdivide)
{
	volatile int a = 5;

	(void)key;
	zero = a / zero;
}

MISDEED_FN(illegal)
{
	(void)key;
	__asm__ volatile("ud2");
}

MISDEED_FN(privileged)
{
	(void)key;
	__asm__ volatile("hlt");
}

MISDEED_FN(breakpoint)
{
	(void)key;
	__asm__ volatile("int3");
}

MISDEED_FN(ownexception)
{
	(void)key;
	RaiseException(0xE0001234, EXCEPTION_NONCONTINUABLE, 0, NULL);
}

MISDEED_FN(nofilter)
{
	(void)key;
	(void)SetUnhandledExceptionFilter(NULL);
	write_to_nothing();
}

static LONG WINAPI swallow(EXCEPTION_POINTERS *e)
{
	(void)e;
	return EXCEPTION_EXECUTE_HANDLER;
}

/* Its own filter takes the exception for handled: the process ends by its code. */
MISDEED_FN(ownfilter)
{
	(void)key;
	(void)SetUnhandledExceptionFilter(swallow);
	write_to_nothing();
}

MISDEED_FN(endlessfilter)
{
	(void)key;
	(void)SetUnhandledExceptionFilter(go_on);
	write_to_nothing();
}

static LONG WINAPI leave_quietly(EXCEPTION_POINTERS *e)
{
	(void)e;
	ExitProcess(0);
}

/* The end is its own, and says nothing of the exception. */
MISDEED_FN(exitfilter)
{
	(void)key;
	(void)SetUnhandledExceptionFilter(leave_quietly);
	write_to_nothing();
}

/* Other handlers come first and second. */
static LONG WINAPI look_on(EXCEPTION_POINTERS *e)
{
	(void)e;
	return EXCEPTION_CONTINUE_SEARCH;
}

MISDEED_FN(onlookers)
{
	(void)key;
	for (unsigned i = 0; i < 100; i++)
		(void)AddVectoredExceptionHandler(i % 2, look_on);
	write_to_nothing();
}

/* ---- threads ---------------------------------------------------------------------- */

static DWORD WINAPI crash(void *arg)
{
	(void)arg;
	write_to_nothing();
	return 0;
}

static DWORD WINAPI overflow(void *arg)
{
	volatile int top = 0;

	(void)arg;
	return (DWORD)deeper(&top);
}

static DWORD WINAPI wait_for_ever(void *arg)
{
	(void)arg;
	Sleep(INFINITE);
	return 0;
}

static void run_beside(LPTHREAD_START_ROUTINE fn, SIZE_T stack)
{
	HANDLE h = CreateThread(NULL, stack, fn, NULL, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);

	if (h)
		(void)WaitForSingleObject(h, INFINITE);
}

MISDEED_FN(beside)
{
	(void)key;
	run_beside(crash, 0);
}

MISDEED_FN(overflowbeside)
{
	(void)key;
	run_beside(overflow, 0);
}

MISDEED_FN(smallstack)
{
	(void)key;
	run_beside(overflow, 64 << 10);
}

MISDEED_FN(threadflood)
{
	(void)key;
	for (unsigned i = 0; i < 1000; i++)
		(void)CreateThread(
		    NULL, 64 << 10, wait_for_ever, NULL, STACK_SIZE_PARAM_IS_A_RESERVATION, NULL);
	Sleep(INFINITE);
}

/* ---- memory ------------------------------------------------------------------------- */

MISDEED_FN(virtualhog)
{
	volatile char *p;

	(void)key;
	while ((p = VirtualAlloc(NULL, 16 << 20, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE)) != NULL)
		for (size_t i = 0; i < 16 << 20; i += 4096)
			p[i] = 1;
}

MISDEED_FN(reservehog)
{
	(void)key;
	for (SIZE_T n = (SIZE_T)1 << (ADDRESS_BITS == 64 ? 44 : 30); n >= 65536; n /= 2)
		while (VirtualAlloc(NULL, n, MEM_RESERVE, PAGE_NOACCESS))
			;
}

/* Of the C library, which may tell, crash or be silent; never a danger to others. */
MISDEED_FN(freetwice)
{
	void *volatile p = malloc(100), *volatile q = p;

	(void)key;
	free(p);
	free(q);
}

MISDEED_FN(wildfree)
{
	void *volatile p = (void *)(uintptr_t)0x12345678;

	(void)key;
	free(p);
}

MISDEED_FN(pastheap)
{
	char *p = HeapAlloc(GetProcessHeap(), 0, 64);

	(void)key;
	memset(p, 0xff, 4096);
	(void)HeapFree(GetProcessHeap(), 0, p);
	for (unsigned i = 0; i < 1000; i++)
		(void)HeapAlloc(GetProcessHeap(), 0, i);
}

/* ---- what the host needs -------------------------------------------------------------- */

MISDEED_FN(freehost)
{
	HMODULE host = GetModuleHandleA("nmapi.dll");

	(void)key;
	for (unsigned i = 0; i < 100 && FreeLibrary(host); i++)
		;
}

MISDEED_FN(freeself)
{
	HMODULE self = NULL;

	(void)key;
	if (GetModuleHandleExA(
		GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, (const char *)(uintptr_t)run_beside, &self))
		for (unsigned i = 0; i < 100 && FreeLibrary(self); i++)
			;
}

/* Rubbish into all memory that is shared with another process: the status page. */
MISDEED_FN(statuspage)
{
	MEMORY_BASIC_INFORMATION is;
	char *p = NULL;

	(void)key;
	for (; VirtualQuery(p, &is, sizeof is); p = (char *)is.BaseAddress + is.RegionSize) {
		if (is.Type == MEM_MAPPED && is.State == MEM_COMMIT && is.Protect == PAGE_READWRITE)
			memset(is.BaseAddress, 0xff, is.RegionSize);
		if ((char *)is.BaseAddress + is.RegionSize <= p)
			break;
	}
}

#endif
