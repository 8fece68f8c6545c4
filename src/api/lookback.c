/* SPDX-License-Identifier: MIT */
/* MAXLOOKBACK of Nmapi.ini. */
#include "api/lookback.h"
#include "system/files.h"
#include "system/library.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define INI_MAX 65536u /* bytes looked at */

static const char key[] = "MAXLOOKBACK";

static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

/* A decimal number alone up to the line's end; 0: it is none, or too big. */
static uint32_t number(const char *p, const char *end)
{
	uint64_t v = 0;

	if (end > p && end[-1] == '\r')
		end--;
	p = skip_blanks(p, end);
	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	for (; p < end; p++) {
		if (*p < '0' || *p > '9' || v > UINT32_MAX)
			return 0;
		v = v * 10 + (uint32_t)(*p - '0');
	}
	return v > UINT32_MAX ? 0 : (uint32_t)v;
}

/* The part behind the equals sign when the line sets the key; else NULL. */
static const char *value_of(const char *p, const char *end)
{
	size_t n = sizeof key - 1;

	p = skip_blanks(p, end);
	if ((size_t)(end - p) < n || strncasecmp(p, key, n) != 0)
		return NULL;
	p = skip_blanks(p + n, end);
	return p < end && *p == '=' ? p + 1 : NULL;
}

uint32_t nm_lookback_from_text(const char *text, size_t n)
{
	const char *end = text + n;

	for (const char *p = text, *eol; p < end; p = eol + 1) {
		const char *value;

		eol = memchr(p, '\n', (size_t)(end - p));
		if (!eol)
			eol = end;
		value = value_of(p, eol);
		if (value) {
			uint32_t v = number(value, eol);

			return v ? v : NM_LOOKBACK_DEFAULT;
		}
	}
	return NM_LOOKBACK_DEFAULT;
}

static uint32_t read_file(const char *path)
{
	int fd = nm_prim_open(path);
	uint32_t v = NM_LOOKBACK_DEFAULT;
	char *text;
	ssize_t n;

	if (fd < 0)
		return v;
	text = malloc(INI_MAX);
	n = text ? nm_prim_pread(fd, text, INI_MAX, 0) : -1; /* refuses what is no file */
	if (n > 0)
		v = nm_lookback_from_text(text, (size_t)n);
	free(text);
	nm_prim_close(fd);
	return v;
}

static uint32_t from_install_folder(void)
{
	char lib[4096], path[sizeof lib + sizeof "nmapi/Nmapi.ini"];

	if (!nm_object_path(key, lib, sizeof lib))
		return NM_LOOKBACK_DEFAULT;
	lib[nm_path_folder(lib)] = '\0';
	(void)snprintf(path, sizeof path, "%snmapi/Nmapi.ini", lib);
	return read_file(path);
}

/* Two threads may both read it the first time: they find the same. */
uint32_t nm_lookback(void)
{
	static _Atomic uint32_t known;
	uint32_t v = atomic_load_explicit(&known, memory_order_relaxed);

	if (v == 0) {
		v = from_install_folder();
		atomic_store_explicit(&known, v, memory_order_relaxed);
	}
	return v;
}
