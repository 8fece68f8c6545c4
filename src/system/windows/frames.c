/* SPDX-License-Identifier: MIT */
/* Frames of calls, as exceptions go through them. */
#include "system/windows/frames.h"

#include <string.h>

#define ROOM  (64u << 10) /* for what handles an overflow of the stack */
#define LEAST 8192u
#define PAGE  4096u

/* ---- the outermost frame of ours -------------------------------------------------------- */

static void (*last_asked)(EXCEPTION_POINTERS *e);

/* Called by the system, by its address; not while frames are unwound. */
EXCEPTION_DISPOSITION nm_frames_handler(
    EXCEPTION_RECORD *e, void *frame, CONTEXT *context, void *dispatcher);

EXCEPTION_DISPOSITION nm_frames_handler(
    EXCEPTION_RECORD *e, void *frame, CONTEXT *context, void *dispatcher)
{
	EXCEPTION_POINTERS p = { e, context };

	(void)frame;
	(void)dispatcher;
	if (!(e->ExceptionFlags & (EXCEPTION_UNWINDING | EXCEPTION_EXIT_UNWIND)))
		last_asked(&p);
	return ExceptionContinueSearch;
}

#if defined(__x86_64__)
static __attribute__((noinline)) void call_below(void (*fn)(void *), void *arg)
{
	__asm__ volatile(".seh_handler nm_frames_handler, @except");
	fn(arg);
	__asm__ volatile("nop" ::: "memory"); /* so that the frame stays while fn runs */
}
#else
struct registration {
	uintptr_t next;
	void *handler;
};

static __attribute__((noinline)) void call_below(void (*fn)(void *), void *arg)
{
	volatile struct registration r = { __readfsdword(0), (void *)(uintptr_t)nm_frames_handler };

	__writefsdword(0, (uintptr_t)&r);
	fn(arg);
	__writefsdword(0, r.next);
}
#endif

void nm_frames_call(void (*fn)(void *), void *arg, void (*last)(EXCEPTION_POINTERS *))
{
	last_asked = last;
	call_below(fn, arg);
}

/* ---- the loader's ------------------------------------------------------------------------- */

enum owner { OTHERS, LOADER, SYSTEM };

/* Whose code is it? The system's libraries handle exceptions of their own. */
static enum owner owner_of(uintptr_t pc)
{
	MEMORY_BASIC_INFORMATION is;

	if (!VirtualQuery((const void *)pc, &is, sizeof is) || is.Type != MEM_IMAGE)
		return OTHERS;
	if (is.AllocationBase == (void *)GetModuleHandleA("ntdll.dll"))
		return LOADER;
	return is.AllocationBase == (void *)GetModuleHandleA("kernelbase.dll") ||
		       is.AllocationBase == (void *)GetModuleHandleA("kernel32.dll")
		   ? SYSTEM
		   : OTHERS;
}

#if defined(__x86_64__)
/* To the frame that called, when none of the one before could handle it. */
static bool step_out(CONTEXT *c)
{
	DWORD64 base, frame;
	RUNTIME_FUNCTION *f = RtlLookupFunctionEntry(c->Rip, &base, NULL);
	void *data;

	if (f)
		return !RtlVirtualUnwind(
		    UNW_FLAG_EHANDLER, base, c->Rip, f, c, &data, &frame, NULL);
	c->Rip = *(const DWORD64 *)c->Rsp; /* it has no frame */
	c->Rsp += sizeof c->Rip;
	return true;
}

bool nm_frames_are_loaders(const CONTEXT *at)
{
	enum owner owner = owner_of(at->Rip);
	ULONG_PTR low, top;
	CONTEXT c = *at;
	DWORD64 last;

	GetCurrentThreadStackLimits(&low, &top);
	if (owner != OTHERS)
		return false;
	do {
		last = c.Rip;
		if (!step_out(&c))
			return false;
		if (c.Rip != last) /* not for each frame of what calls itself */
			owner = owner_of(c.Rip);
	} while (owner == OTHERS && c.Rsp < top - sizeof c.Rip);
	return owner == LOADER;
}
#else
/* Frames that handle exceptions are in a list, the innermost first. */
bool nm_frames_are_loaders(const CONTEXT *at)
{
	const struct registration *r = (const struct registration *)__readfsdword(0);

	return owner_of(at->Eip) == OTHERS && (uintptr_t)r != UINTPTR_MAX &&
	       owner_of((uintptr_t)r->handler) == LOADER;
}
#endif

/* ---- room ------------------------------------------------------------------------------------ */

/* A system that commits a stack as it is used keeps that room by itself. Where all of it is
 * there from the beginning (Wine), the page that tells of the overflow is the last but one,
 * and we put one as far above it as we have asked for. */
void nm_frames_keep_room(void)
{
	MEMORY_BASIC_INFORMATION is;
	ULONG room = ROOM, ask;
	ULONG_PTR low, top;
	DWORD was;

	GetCurrentThreadStackLimits(&low, &top);
	while (room > LEAST && top - low < 4 * (ULONG_PTR)room)
		room /= 2;
	ask = room;
	if (SetThreadStackGuarantee(&ask) &&
	    VirtualQuery((const void *)(low + room), &is, sizeof is) && is.State == MEM_COMMIT)
		(void)VirtualProtect(
		    (void *)(low + room - PAGE), PAGE, PAGE_READWRITE | PAGE_GUARD, &was);
}

/* In every thread that comes after the first, also of experts. */
static void NTAPI on_thread(void *module, DWORD reason, void *reserved)
{
	(void)module;
	(void)reserved;
	if (reason == DLL_THREAD_ATTACH)
		nm_frames_keep_room();
}

/* The linker's list of what is called for threads; the C library sets it up. */
extern PIMAGE_TLS_CALLBACK nm_frames_on_thread;
PIMAGE_TLS_CALLBACK nm_frames_on_thread __attribute__((section(".CRT$XLD"), used)) = on_thread;
