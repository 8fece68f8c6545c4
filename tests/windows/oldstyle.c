/* SPDX-License-Identifier: MIT */
/* An expert as they were written for Windows alone: texts in resources, a DllMain that counts,
 * structured exception handling, threads and their own storage, wide characters.
 *
 * It submits an event for each thing that it tried, with what came of it. */
#include <windows.h>

#include <netmon.h>
#include <stdio.h>

#include "oldstyle.h"

static HINSTANCE self;
static LONG process_attaches, thread_attaches, thread_detaches;
static DWORD slot = TLS_OUT_OF_INDEXES;

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved)
{
	(void)reserved;
	switch (reason) {
	case DLL_PROCESS_ATTACH:
		self = module;
		process_attaches++;
		slot = TlsAlloc();
		return slot != TLS_OUT_OF_INDEXES;
	case DLL_THREAD_ATTACH: InterlockedIncrement(&thread_attaches); break;
	case DLL_THREAD_DETACH: InterlockedIncrement(&thread_detaches); break;
	case DLL_PROCESS_DETACH: TlsFree(slot); break;
	}
	return TRUE;
}

/* ---- events ----------------------------------------------------------------------------- */

static DWORD tell(HEXPERTKEY key, const char *name, const char *text, DWORD number)
{
	char name_copy[128], text_copy[512];
	DWORD err;
	NMEVENTDATA *e = ExpertAllocMemory(key, sizeof *e + sizeof e->Column[0], &err);

	if (!e)
		return err;
	lstrcpynA(name_copy, name, sizeof name_copy);
	lstrcpynA(text_copy, text, sizeof text_copy);
	e->EventIdent = 1;
	e->szEventName = name_copy;
	e->szDescription = text_copy;
	e->NumColumns = 1;
	e->Column[0].szColumnName = "Number";
	e->Column[0].VariantData.Type = NMCOLUMNTYPE_UINT32;
	e->Column[0].VariantData.Value.Uint32Val = number;
	err = ExpertSubmitEvent(key, e);
	ExpertFreeMemory(key, e);
	return err;
}

/* ---- resources -------------------------------------------------------------------------- */

static void tell_resources(HEXPERTKEY key)
{
	char text[200] = "";
	WCHAR wide[200] = L"";
	HRSRC raw = FindResourceA(self, MAKEINTRESOURCEA(IDR_TABLE), (LPCSTR)RT_RCDATA);
	const char *bytes = raw ? LockResource(LoadResource(self, raw)) : NULL;

	(void)LoadStringA(self, IDS_GREETING, text, sizeof text);
	(void)tell(key, "LoadStringA", text, (DWORD)lstrlenA(text));
	(void)LoadStringW(self, IDS_ACCENTS, wide, 200);
	(void)WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, sizeof text, NULL, NULL);
	(void)tell(key, "LoadStringW", text, (DWORD)lstrlenW(wide));
	(void)tell(key, "no such string", "", (DWORD)LoadStringA(self, 9999, text, sizeof text));
	(void)tell(key, "RCDATA", bytes ? bytes : "none", raw ? SizeofResource(self, raw) : 0);
}

/* ---- exceptions -------------------------------------------------------------------------- */

static void tell_exceptions(HEXPERTKEY key)
{
	volatile int *nowhere = (volatile int *)16, somewhere = 0;

	(void)tell(key, "access violation", "caught", exception_caught(nowhere, 1));
	(void)tell(key, "division by zero", "caught", exception_caught(&somewhere, 0));
	(void)tell(key, "no exception", "", exception_caught(&somewhere, 1));
	(void)tell(key, "RaiseException", "caught", exception_raised(0xE0000042));
	(void)tell(key, "__finally", "runs", (DWORD)exception_finally_runs);
}

/* ---- threads ------------------------------------------------------------------------------- */

struct job {
	HEXPERTKEY key;
	CRITICAL_SECTION lock;
	HANDLE go;
	DWORD sum, stored;
};

static DWORD WINAPI work(void *arg)
{
	struct job *j = arg;

	(void)WaitForSingleObject(j->go, INFINITE);
	(void)TlsSetValue(slot, (void *)(ULONG_PTR)7);
	for (DWORD i = 0; i < 1000; i++) {
		EXPERTFRAMEDESCRIPTOR f;

		EnterCriticalSection(&j->lock);
		if (ExpertGetFrame(j->key, GET_SPECIFIED_FRAME, 0, i % 10, NULL, &f) == 0)
			j->sum += f.FrameNumber;
		LeaveCriticalSection(&j->lock);
	}
	EnterCriticalSection(&j->lock);
	j->stored += (DWORD)(ULONG_PTR)TlsGetValue(slot);
	LeaveCriticalSection(&j->lock);
	return 0;
}

static void tell_threads(HEXPERTKEY key)
{
	struct job j = { .key = key, .go = CreateEventA(NULL, TRUE, FALSE, NULL) };
	LONG attached = thread_attaches, detached = thread_detaches;
	HANDLE h[4];

	InitializeCriticalSection(&j.lock);
	for (int i = 0; i < 4; i++)
		h[i] = CreateThread(NULL, 0, work, &j, 0, NULL);
	SetEvent(j.go);
	(void)WaitForMultipleObjects(4, h, TRUE, INFINITE);
	for (int i = 0; i < 4; i++)
		(void)CloseHandle(h[i]);
	(void)CloseHandle(j.go);
	DeleteCriticalSection(&j.lock);
	(void)tell(key, "threads", "sum of frame numbers", j.sum);
	(void)tell(key, "TLS", "four times seven", j.stored);
	(void)tell(key, "DllMain", "thread attaches", (DWORD)(thread_attaches - attached));
	(void)tell(key, "DllMain", "thread detaches", (DWORD)(thread_detaches - detached));
}

/* ---- the system -------------------------------------------------------------------------------- */

static void tell_system(HEXPERTKEY key, const EXPERTSTARTUPINFO *startup)
{
	char path[MAX_PATH] = "", text[64], *name;
	WCHAR wide[64];
	int n = MultiByteToWideChar(CP_UTF8, 0, "gr\xc3\xbc\xc3\x9f", -1, wide, 64);
	HANDLE capture = CreateFileA(
	    startup->szCaptureFile, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);

	(void)GetModuleFileNameA(self, path, sizeof path);
	name = strrchr(path, '\\');
	(void)tell(key, "GetModuleFileName", name ? name + 1 : path,
	    GetFileAttributesA(path) != INVALID_FILE_ATTRIBUTES);
	(void)tell(key, "MultiByteToWideChar", "characters and the end", (DWORD)n);
	(void)snprintf(text, sizeof text, "%ls %.3f %lld", L"wide", 1.5, 1LL << 40);
	(void)tell(key, "snprintf", text, (DWORD)sizeof(long));
	(void)tell(key, "szCaptureFile", "can be opened", capture != INVALID_HANDLE_VALUE);
	if (capture != INVALID_HANDLE_VALUE)
		(void)CloseHandle(capture);
	(void)tell(key, "GetTickCount", "counts", GetTickCount() != 0);
	(void)tell(key, "DllMain", "process attaches", (DWORD)process_attaches);
}

/* ---- entry points ------------------------------------------------------------------------------ */

__declspec(dllexport) BOOL WINAPI Register(PEXPERTENUMINFO info)
{
	(void)LoadStringA(self, IDS_NAME, info->szName, sizeof info->szName);
	(void)LoadStringA(self, IDS_VENDOR, info->szVendor, sizeof info->szVendor);
	(void)LoadStringA(self, IDS_DESCRIPTION, info->szDescription, sizeof info->szDescription);
	return TRUE;
}

__declspec(dllexport) BOOL WINAPI
    Run(HEXPERTKEY key, PEXPERTCONFIG config, PEXPERTSTARTUPINFO startup, DWORD flags, HWND window)
{
	(void)config;
	(void)flags;
	(void)window;
	tell_resources(key);
	tell_exceptions(key);
	tell_threads(key);
	tell_system(key, startup);
	return TRUE;
}
