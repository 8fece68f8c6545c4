/* SPDX-License-Identifier: MIT */
/* What a loaded shared object asks others for. */
#include "system/library.h"

#include <link.h>
#include <string.h>

/* Its symbol table, as the loader left it. */
struct symbols {
	const ElfW(Sym) * table;
	const char *names;
	size_t n; /* that may be imports; 0: not known */
};

/* With the newer hash, imports are the symbols before those that it finds. */
static struct symbols symbols_of(void *handle)
{
	struct symbols s = { .n = 0 };
	struct link_map *map = NULL;

	if (dlinfo(handle, RTLD_DI_LINKMAP, &map) || !map)
		return s;
	for (const ElfW(Dyn) *d = map->l_ld; d->d_tag != DT_NULL; d++) {
		const uint32_t *words = (const uint32_t *)(uintptr_t)d->d_un.d_ptr;

		switch (d->d_tag) {
		case DT_SYMTAB: s.table = (const ElfW(Sym) *)(uintptr_t)d->d_un.d_ptr; break;
		case DT_STRTAB: s.names = (const char *)(uintptr_t)d->d_un.d_ptr; break;
		case DT_HASH: s.n = words[1]; break;
		case DT_GNU_HASH: s.n = s.n ? s.n : words[1]; break;
		}
	}
	return s;
}

bool nm_object_imports(void *handle, const char *const *names, unsigned n)
{
	struct symbols s = symbols_of(handle);

	if (!s.table || !s.names || !s.n)
		return true;
	for (size_t i = 0; i < s.n; i++) {
		if (s.table[i].st_shndx != SHN_UNDEF)
			continue;
		for (unsigned k = 0; k < n; k++)
			if (strcmp(s.names + s.table[i].st_name, names[k]) == 0)
				return true;
	}
	return false;
}
