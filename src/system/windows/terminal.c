/* SPDX-License-Identifier: MIT */
/* Standard streams and consoles, on Windows. */
#include "system/terminal.h"
#include "system/windows/errors.h"

#include <errno.h>
#include <io.h>
#include <stdio.h>
#include <stdlib.h>

static HANDLE console_of(int fd)
{
	intptr_t h = _isatty(fd) ? _get_osfhandle(fd) : -1;
	DWORD mode;

	/* Other devices, like NUL, claim to be one too. */
	return h != -1 && GetConsoleMode((HANDLE)h, &mode) ? (HANDLE)h : NULL;
}

static void begin_console(int fd)
{
	HANDLE h = console_of(fd);
	DWORD mode;

	if (!h || !GetConsoleMode(h, &mode))
		return;
	(void)SetConsoleOutputCP(CP_UTF8);
	(void)SetConsoleMode(
	    h, mode | ENABLE_PROCESSED_OUTPUT | ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}

void nm_standard_begin(void)
{
	_fmode = _O_BINARY;
	for (int fd = 0; fd < 3; fd++)
		if (_get_osfhandle(fd) == -1 || _get_osfhandle(fd) == -2) /* none, or no file */
			(void)_open("NUL", fd == 0 ? _O_WRONLY : _O_RDONLY);
		else
			(void)_setmode(fd, _O_BINARY);
	begin_console(1);
	begin_console(2);
}

/* Without a reader the C library says EINVAL. */
int nm_standard_error(int err)
{
	unsigned long of_system = _doserrno;

	return of_system && nm_errno_of(of_system) == EPIPE ? EPIPE : err;
}

bool nm_is_terminal(int fd)
{
	return console_of(fd) != NULL;
}

bool nm_terminal_size(int fd, unsigned *ret_columns, unsigned *ret_rows)
{
	HANDLE h = console_of(fd);
	CONSOLE_SCREEN_BUFFER_INFO info;

	if (!h || !GetConsoleScreenBufferInfo(h, &info))
		return false;
	*ret_columns = (unsigned)(info.srWindow.Right - info.srWindow.Left + 1);
	*ret_rows = (unsigned)(info.srWindow.Bottom - info.srWindow.Top + 1);
	return true;
}
