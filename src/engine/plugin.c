/* SPDX-License-Identifier: MIT */
/* An expert's shared object and its entry points. */
#include "system/lock.h"
#include "system/library.h"
#include "engine/engine.h"

#include <link.h>
#include <string.h>

static bool refuse(struct nm_diag *d, const char *text)
{
	(void)nm_diag_set(d, NMERR_LOAD_EXPERT_FAILED, NM_NO_OFFSET, "%s", text);
	return false;
}

bool nm_plugin_load(const char *path, int file_fd, struct nm_plugin *ret, struct nm_diag *d)
{
	memset(ret, 0, sizeof *ret);
	ret->handle = nm_object_load(path, file_fd, true, d);
	if (!ret->handle)
		return false;
	(void)nm_object_symbol(ret->handle, "DllMain", &ret->dll_main);
	(void)nm_object_symbol(ret->handle, EXPERTENTRY_CONFIGURE, &ret->configure);
	(void)nm_object_symbol(ret->handle, EXPERTENTRY_FIELDS, &ret->fields);
	if (!nm_object_symbol(ret->handle, EXPERTENTRY_REGISTER, &ret->do_register))
		return refuse(d, "no entry point Register: not an expert, or it is not exported");
	if (!nm_object_symbol(ret->handle, EXPERTENTRY_RUN, &ret->run))
		return refuse(d, "no entry point Run: not an expert, or it is not exported");
	if (ret->dll_main && !ret->dll_main((HINSTANCE)ret->handle, 1, NULL)) {
		ret->dll_main = NULL;
		return refuse(d, "DllMain returned FALSE");
	}
	return true;
}

void nm_plugin_unload(struct nm_plugin *p)
{
	if (p->dll_main)
		(void)p->dll_main((HINSTANCE)p->handle, 0, NULL);
	/* A thread of its own may still be in its code: then it ends with the process. */
	if (p->handle && nm_one_thread())
		nm_object_unload(p->handle);
	p->handle = NULL;
}

/* ---- what it imports ------------------------------------------------------------------- */

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

bool nm_plugin_handles_signals(const struct nm_plugin *p)
{
	static const char *const names[] = { "signal", "sigaction", "bsd_signal", "sysv_signal",
		"__sysv_signal", "sigset", "sigvec", "syscall" };
	struct symbols s = symbols_of(p->handle);

	if (!s.table || !s.names || !s.n)
		return true; /* not known: play safe */
	for (size_t i = 0; i < s.n; i++) {
		if (s.table[i].st_shndx != SHN_UNDEF)
			continue;
		for (size_t k = 0; k < sizeof names / sizeof *names; k++)
			if (strcmp(s.names + s.table[i].st_name, names[k]) == 0)
				return true;
	}
	return false;
}
