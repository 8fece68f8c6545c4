/* SPDX-License-Identifier: MIT */
/* What the C library lacks here: functions of POSIX. */
#include "system/windows/errors.h"

#include <direct.h>
#include <errno.h>
#include <stdbool.h>
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

int nm_clock_gettime(struct timespec *ret)
{
	LARGE_INTEGER now, a_second;

	(void)QueryPerformanceFrequency(&a_second);
	(void)QueryPerformanceCounter(&now);
	ret->tv_sec = now.QuadPart / a_second.QuadPart;
	ret->tv_nsec = (long)(now.QuadPart % a_second.QuadPart * 1000000000 / a_second.QuadPart);
	return 0;
}

int nm_nanosleep(const struct timespec *t)
{
	Sleep((DWORD)(t->tv_sec * 1000 + (t->tv_nsec + 999999) / 1000000));
	return 0;
}

void nm_name_at_random(char *s)
{
	unsigned number;

	if (rand_s(&number) != 0)
		number = GetTickCount() ^ GetCurrentProcessId() << 8;
	(void)snprintf(s, 7, "%06x", number & 0xffffff);
}

char *mkdtemp(char *name)
{
	size_t n = strlen(name);

	if (n < 6 || strcmp(name + n - 6, "XXXXXX") != 0) {
		errno = EINVAL;
		return NULL;
	}
	for (unsigned tries = 0; tries < 1000; tries++) {
		nm_name_at_random(name + n - 6);
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

/* Room for one more byte behind n of *line. */
static bool make_room(char **line, size_t *room, size_t n)
{
	size_t more = *room ? 2 * *room : 128;
	char *bigger;

	if (n + 1 < *room)
		return true;
	bigger = realloc(*line, more);
	if (!bigger)
		return false;
	*line = bigger;
	*room = more;
	return true;
}

ssize_t getline(char **line, size_t *room, FILE *f)
{
	size_t n = 0;
	int c;

	if (!*line)
		*room = 0;
	while ((c = getc(f)) != EOF) {
		if (!make_room(line, room, n + 1))
			return -1;
		(*line)[n++] = (char)c;
		if (c == '\n')
			break;
	}
	if (n == 0)
		return -1;
	(*line)[n] = '\0';
	return (ssize_t)n;
}
