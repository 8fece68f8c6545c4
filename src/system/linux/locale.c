/* SPDX-License-Identifier: MIT */
/* Locales, on Linux. */
#include "system/locales.h"

#include <locale.h>

nm_locale nm_locale_new(void)
{
	locale_t l = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);

	return l ? l : newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

void nm_locale_free(nm_locale l)
{
	if (l)
		freelocale(l);
}

nm_locale nm_locale_enter(nm_locale l)
{
	return uselocale(l);
}

void nm_locale_leave(nm_locale before)
{
	(void)uselocale(before);
}
