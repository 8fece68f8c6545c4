/* SPDX-License-Identifier: MIT */
/* What a loaded library asks others for. */
#include "system/library.h"

#include <string.h>

static bool is_one_of(const char *name, const char *const *names, unsigned n)
{
	for (unsigned k = 0; k < n; k++)
		if (strcmp(name, names[k]) == 0)
			return true;
	return false;
}

/* Of one library that it imports from, as the linker wrote it; true also where that is gone. */
static bool takes_one_of(
    const char *base, const IMAGE_IMPORT_DESCRIPTOR *from, const char *const *names, unsigned n)
{
	const IMAGE_THUNK_DATA *t;

	if (!from->OriginalFirstThunk)
		return true;
	t = (const IMAGE_THUNK_DATA *)(const void *)(base + from->OriginalFirstThunk);
	for (; t->u1.AddressOfData; t++) {
		const IMAGE_IMPORT_BY_NAME *i;

		if (IMAGE_SNAP_BY_ORDINAL(t->u1.Ordinal))
			continue;
		i = (const IMAGE_IMPORT_BY_NAME *)(const void *)(base + t->u1.AddressOfData);
		if (is_one_of((const char *)i->Name, names, n))
			return true;
	}
	return false;
}

/* The loader has followed these tables already. */
bool nm_object_imports(void *handle, const char *const *names, unsigned n)
{
	const char *base = handle;
	const IMAGE_DOS_HEADER *dos = handle;
	const IMAGE_NT_HEADERS *nt = (const IMAGE_NT_HEADERS *)(const void *)(base + dos->e_lfanew);
	const IMAGE_DATA_DIRECTORY *d =
	    &nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
	const IMAGE_IMPORT_DESCRIPTOR *from =
	    (const IMAGE_IMPORT_DESCRIPTOR *)(const void *)(base + d->VirtualAddress);

	if (!d->VirtualAddress)
		return false;
	for (; from->Name && from->FirstThunk; from++)
		if (takes_one_of(base, from, names, n))
			return true;
	return false;
}
