/* SPDX-License-Identifier: MIT */
/* What Wine is elsewhere is Windows itself here. */
#include "host/wine.h"

bool nm_wine_find(enum nm_pe_machine machine, struct nm_wine *ret)
{
	static char wide[MAX_PATH], narrow[MAX_PATH];

	*ret = (struct nm_wine){ .loader = "", .server = "" };
	if (machine == NM_PE_X64 && sizeof(void *) == 8)
		ret->dlls = GetSystemDirectoryA(wide, sizeof wide) ? wide : NULL;
	if (machine == NM_PE_X86 && GetSystemWow64DirectoryA(narrow, sizeof narrow))
		ret->dlls = narrow;
	else if (machine == NM_PE_X86 && sizeof(void *) == 4)
		ret->dlls = GetSystemDirectoryA(wide, sizeof wide) ? wide : NULL;
	return ret->dlls != NULL;
}

const char *nm_wine_package(enum nm_pe_machine machine)
{
	return machine == NM_PE_X86 ? "a Windows that runs 32-bit programs"
				    : "a Windows for x86-64";
}
