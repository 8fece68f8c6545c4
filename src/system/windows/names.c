/* SPDX-License-Identifier: MIT */
/* What the C library lacks here: functions of POSIX, and errors of the system. */
#include "system/windows/errors.h"

#include <direct.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *memmem(const void *hay, size_t n, const void *needle, size_t k)
{
	const char *p = hay, *end = p + n;

	if (k == 0)
		return (void *)(uintptr_t)hay;
	for (; n >= k && (p = memchr(p, *(const char *)needle, (size_t)(end - p) - k + 1)); p++) {
		if (memcmp(p, needle, k) == 0)
			return (void *)(uintptr_t)p;
		if ((size_t)(end - p) <= k)
			break;
	}
	return NULL;
}

char *mkdtemp(char *name)
{
	size_t n = strlen(name);

	if (n < 6 || strcmp(name + n - 6, "XXXXXX") != 0) {
		errno = EINVAL;
		return NULL;
	}
	for (unsigned tries = 0; tries < 1000; tries++) {
		(void)snprintf(
		    name + n - 6, 7, "%06x", (rand() ^ (GetCurrentProcessId() << 4)) & 0xffffff);
		if (_mkdir(name) == 0)
			return name;
		if (errno != EEXIST)
			return NULL;
	}
	return NULL;
}

char *strsep(char **s, const char *ends)
{
	char *begin = *s;
	size_t n;

	if (!begin)
		return NULL;
	n = strcspn(begin, ends);
	*s = begin[n] ? begin + n + 1 : NULL;
	begin[n] = '\0';
	return begin;
}

char *stpcpy(char *to, const char *from)
{
	size_t n = strlen(from);

	return (char *)memcpy(to, from, n + 1) + n;
}

char *strndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *copy = malloc(len + 1);

	if (!copy)
		return NULL;
	memcpy(copy, s, len);
	copy[len] = '\0';
	return copy;
}

/* By Linux' numbers, and in its words: the same report comes of the same end. */
char *strsignal(int sig)
{
	static const struct {
		int sig;
		const char *text;
	} texts[] = { { 4, "Illegal instruction" }, { 6, "Aborted" },
		{ 8, "Floating point exception" }, { 9, "Killed" }, { 11, "Segmentation fault" },
		{ 24, "CPU time limit exceeded" }, { 31, "Bad system call" } };
	static char other[32];

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (texts[i].sig == sig)
			return (char *)(uintptr_t)texts[i].text;
	(void)snprintf(other, sizeof other, "Unknown signal %d", sig);
	return other;
}

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
	case ERROR_BROKEN_PIPE:
	case ERROR_NO_DATA: return EPIPE;
	case ERROR_NOT_ENOUGH_MEMORY:
	case ERROR_COMMITMENT_LIMIT: return ENOMEM;
	default: return EIO;
	}
}
