/* SPDX-License-Identifier: MIT */
/* Locales, on Windows: the one of C, whose characters are bytes. */
#include "system/locales.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

nm_locale nm_locale_new(void)
{
	static char plain[] = "C";

	return plain;
}

void nm_locale_free(nm_locale l)
{
	(void)l;
}

/* What was in force is NULL when it is what is wanted, as in netmon.exe. */
nm_locale nm_locale_enter(nm_locale l)
{
	const char *now = setlocale(LC_ALL, NULL);
	char *before = now && strcmp(now, l) != 0 ? _strdup(now) : NULL;

	if (before) {
		(void)_configthreadlocale(_ENABLE_PER_THREAD_LOCALE);
		(void)setlocale(LC_ALL, l);
	}
	return before;
}

void nm_locale_leave(nm_locale before)
{
	if (!before)
		return;
	(void)setlocale(LC_ALL, before);
	(void)_configthreadlocale(_DISABLE_PER_THREAD_LOCALE);
	free(before);
}
