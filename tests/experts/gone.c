/* SPDX-License-Identifier: MIT */
/* The library that needslib needs: linked, but not there under its name. */
#include <netmon.h>

NMAPI_EXPORT int gone(void);

int gone(void)
{
	return 1;
}
