/* SPDX-License-Identifier: MIT */
/* system/windows/errors.h -- errors of Windows as the C library numbers them, exceptions as Linux does,
 * and names of new files. */
#ifndef NM_SYSTEM_WINDOWS_ERRORS_H
#define NM_SYSTEM_WINDOWS_ERRORS_H

/* The errno value for what GetLastError said. What has no other is a number above all of those, and
 * strerror() says then what Windows says of it; what is no number of Win32's is EIO. */
int nm_errno_of(DWORD err);

/* Signals by Linux' numbers, which reports go by. */
enum {
	NM_LINUX_SIGILL = 4,
	NM_LINUX_SIGTRAP = 5,
	NM_LINUX_SIGABRT = 6,
	NM_LINUX_SIGFPE = 8,
	NM_LINUX_SIGKILL = 9,
	NM_LINUX_SIGSEGV = 11,
	NM_LINUX_SIGTERM = 15,
	NM_LINUX_SIGXCPU = 24,
};

/* The number that Linux gives the signal which is most like the exception;
 * SIGABRT for what has no other. */
int nm_signal_of_exception(DWORD code);

/* Six characters of hexadecimal that nobody expects, and the NUL that is behind them. */
void nm_name_at_random(char *s);

#endif
