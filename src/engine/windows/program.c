/* SPDX-License-Identifier: MIT */
/* The streams of a program that loads plug-ins. */
#include "engine/windows/program.h"

#include <io.h>
#include <stdio.h>

/* A descriptor that plug-ins and the C library don't know, in place of a standard one; -1: none
 * is there. */
static int keep(int standard)
{
	int fd = _dup(standard);

	if (fd >= 0)
		(void)_setmode(fd, _O_BINARY);
	return fd;
}

bool nm_program_begin(int *ret_in, int *ret_out)
{
	int nothing;

	(void)SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
	*ret_in = keep(0);
	*ret_out = keep(1);
	(void)setvbuf(stdout, NULL, _IONBF, 0); /* as on Linux; another C library's is its own */
	nothing = _open("NUL", _O_RDONLY);
	return *ret_out >= 0 && nothing >= 0 && _dup2(nothing, 0) == 0 && _dup2(2, 1) == 0 &&
	       SetStdHandle(STD_INPUT_HANDLE, (HANDLE)_get_osfhandle(0)) &&
	       SetStdHandle(STD_OUTPUT_HANDLE, (HANDLE)_get_osfhandle(1));
}
