/* SPDX-License-Identifier: MIT */
/* An expert's shared object and its entry points. */
#include "system/lock.h"
#include "system/library.h"
#include "engine/engine.h"

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
	if (!NM_LOADER_CALLS_DLLMAIN)
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

bool nm_plugin_handles_signals(const struct nm_plugin *p)
{
	static const char *const names[] = { "signal", "sigaction", "bsd_signal", "sysv_signal",
		"__sysv_signal", "sigset", "sigvec", "syscall", "AddVectoredExceptionHandler",
		"RtlAddVectoredExceptionHandler" };

	return nm_object_imports(p->handle, names, sizeof names / sizeof *names);
}
