/* SPDX-License-Identifier: MIT */
/* Errors of Windows among those of the C library. */
#include "system/windows/errors.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What has no errno value keeps the number that Windows gave it, above all that are one. */
#define NM_CODE_OF_WINDOWS 0x10000
#define NM_CODE_MOST       0xffff

int nm_errno_of(DWORD err)
{
	switch (err) {
	case ERROR_FILE_NOT_FOUND: return ENOENT;
	case ERROR_PATH_NOT_FOUND: return ENOTDIR;
	case ERROR_ACCESS_DENIED:
	case ERROR_SHARING_VIOLATION:
	case ERROR_LOCK_VIOLATION: return EACCES;
	case ERROR_INVALID_HANDLE: return EBADF;
	case ERROR_DISK_FULL:
	case ERROR_HANDLE_DISK_FULL: return ENOSPC;
	case ERROR_FILE_EXISTS:
	case ERROR_ALREADY_EXISTS: return EEXIST;
	case ERROR_DIR_NOT_EMPTY: return ENOTEMPTY;
	case ERROR_FILENAME_EXCED_RANGE: return ENAMETOOLONG;
	case ERROR_DIRECTORY: return ENOTDIR;
	case ERROR_PIPE_NOT_CONNECTED:
	case ERROR_BROKEN_PIPE:
	case ERROR_NO_DATA: return EPIPE;
	case ERROR_NOT_ENOUGH_MEMORY:
	case ERROR_COMMITMENT_LIMIT: return ENOMEM;
	default: return err <= NM_CODE_MOST ? NM_CODE_OF_WINDOWS + (int)err : EIO;
	}
}

/* What Windows says of it, in English where it can; "" where it says nothing. */
static void describe(DWORD code, char *buf, DWORD size)
{
	static const DWORD languages[] = { MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), 0 };
	DWORD n = 0;

	for (size_t i = 0; n == 0 && i < sizeof languages / sizeof *languages; i++)
		n = FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS |
				       FORMAT_MESSAGE_MAX_WIDTH_MASK,
		    NULL, code, languages[i], buf, size, NULL);
	while (n && (buf[n - 1] == ' ' || buf[n - 1] == '.'))
		n--;
	buf[n] = '\0';
}

#undef strerror

char *nm_error_text(int err)
{
	static _Thread_local char text[512];
	char what[400];
	int code = err - NM_CODE_OF_WINDOWS;

	if (code < 0 || code > NM_CODE_MOST)
		return strerror(err);
	describe((DWORD)code, what, sizeof what);
	(void)snprintf(text, sizeof text, "error %d of Windows%s%s", code, *what ? ": " : "", what);
	return text;
}
