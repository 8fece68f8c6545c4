/* SPDX-License-Identifier: MIT */
/* An expert's shared object and its entry points. */
#include "base/lock.h"
#include "base/object.h"
#include "engine/engine.h"

#include <dlfcn.h>
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
		(void)dlclose(p->handle);
	p->handle = NULL;
}
