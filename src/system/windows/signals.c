/* SPDX-License-Identifier: MIT */
/* Signals. Windows has few, but reports tell of those of Linux, by its numbers. */
#include "system/windows/errors.h"

#include <stddef.h>
#include <stdio.h>

static const char *const names[] = {
	[1] = "Hangup",
	[2] = "Interrupt",
	[3] = "Quit",
	[4] = "Illegal instruction",
	[5] = "Trace/breakpoint trap",
	[6] = "Aborted",
	[7] = "Bus error",
	[8] = "Floating point exception",
	[9] = "Killed",
	[10] = "User defined signal 1",
	[11] = "Segmentation fault",
	[12] = "User defined signal 2",
	[13] = "Broken pipe",
	[14] = "Alarm clock",
	[15] = "Terminated",
	[16] = "Stack fault",
	[17] = "Child exited",
	[18] = "Continued",
	[19] = "Stopped (signal)",
	[20] = "Stopped",
	[21] = "Stopped (tty input)",
	[22] = "Stopped (tty output)",
	[23] = "Urgent I/O condition",
	[24] = "CPU time limit exceeded",
	[25] = "File size limit exceeded",
	[26] = "Virtual timer expired",
	[27] = "Profiling timer expired",
	[28] = "Window changed",
	[29] = "I/O possible",
	[30] = "Power failure",
	[31] = "Bad system call",
};

int nm_signal_of_exception(DWORD code)
{
	switch (code) {
	case EXCEPTION_ACCESS_VIOLATION:
	case EXCEPTION_GUARD_PAGE:
	case EXCEPTION_IN_PAGE_ERROR:
	case EXCEPTION_STACK_OVERFLOW: return NM_LINUX_SIGSEGV;
	case EXCEPTION_ILLEGAL_INSTRUCTION:
	case EXCEPTION_PRIV_INSTRUCTION: return NM_LINUX_SIGILL;
	case EXCEPTION_BREAKPOINT:
	case EXCEPTION_SINGLE_STEP: return NM_LINUX_SIGTRAP;
	case EXCEPTION_INT_DIVIDE_BY_ZERO:
	case EXCEPTION_INT_OVERFLOW:
	case EXCEPTION_FLT_DIVIDE_BY_ZERO:
	case EXCEPTION_FLT_INVALID_OPERATION:
	case EXCEPTION_FLT_OVERFLOW:
	case EXCEPTION_FLT_UNDERFLOW: return NM_LINUX_SIGFPE;
	default: return NM_LINUX_SIGABRT;
	}
}

const char *sigdescr_np(int sig)
{
	return sig > 0 && (size_t)sig < sizeof names / sizeof names[0] ? names[sig] : NULL;
}

char *strsignal(int sig)
{
	static _Thread_local char text[64];
	const char *name = sigdescr_np(sig);

	if (name)
		(void)snprintf(text, sizeof text, "%s", name);
	else
		(void)snprintf(text, sizeof text, "Unknown signal %d", sig);
	return text;
}
