/* SPDX-License-Identifier: MIT */
/* Libraries, as tests load them. */
#ifndef NM_TEST_WINDOWS_DLFCN_H
#define NM_TEST_WINDOWS_DLFCN_H

#define RTLD_NOW    0
#define RTLD_LOCAL  0
#define RTLD_NOLOAD 1

static inline void *dlopen(const char *path, int mode)
{
	HMODULE there;

	if (!(mode & RTLD_NOLOAD))
		return LoadLibraryA(path);
	return GetModuleHandleExA(0, path, &there) ? there : NULL; /* counted, as the other */
}

static inline void *dlsym(void *handle, const char *name)
{
	return (void *)(uintptr_t)GetProcAddress(handle, name);
}

static inline int dlclose(void *handle)
{
	return FreeLibrary(handle) ? 0 : -1;
}

#endif
