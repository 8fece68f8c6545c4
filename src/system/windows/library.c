/* SPDX-License-Identifier: MIT */
/* DLLs: looked at as bytes, then loaded. */
#include "system/library.h"
#include "base/dll.h"
#include "base/nmerr.h"
#include "system/files.h"

#include <netmon.h>

#include <stdio.h>
#include <string.h>

#if defined(__x86_64__)
#define OUR_MACHINE NM_PE_X64
#define OUR_NAME    "x86-64"
#elif defined(__i386__)
#define OUR_MACHINE NM_PE_X86
#define OUR_NAME    "32-bit x86"
#else
#define OUR_MACHINE NM_PE_ARM64
#define OUR_NAME    "arm64"
#endif

static bool refuse(struct nm_diag *d, const char *text)
{
	(void)nm_diag_set(d, NMERR_LOAD_EXPERT_FAILED, NM_NO_OFFSET, "%s", text);
	return false;
}

static bool read_bytes(void *ctx, void *buf, size_t n, uint64_t offset)
{
	return nm_prim_pread(*(int *)ctx, buf, n, offset) == (ssize_t)n;
}

static bool check_pe(int fd, uint64_t size, struct nm_diag *d)
{
	char text[NM_DIAG_TEXT];
	struct nm_pe pe;
	const char *why = nm_pe_open(&pe, read_bytes, &fd, size);

	if (!nm_dll_is_library(&pe, why, text, sizeof text))
		return refuse(d, text);
	if (pe.machine == OUR_MACHINE)
		return true;
	(void)nm_diag_set(d, NMERR_LOAD_EXPERT_FAILED, NM_NO_OFFSET,
	    "built for %s, this program is " OUR_NAME, nm_pe_machine_name(&pe));
	return false;
}

static bool check_file(const char *path, struct nm_diag *d)
{
	enum nm_prim_kind kind;
	uint64_t size;
	int fd = nm_prim_open(path), err;
	bool ok;

	if (fd < 0)
		return refuse(d, strerror(-fd));
	err = nm_prim_stat(fd, &kind, &size);
	if (err)
		ok = refuse(d, strerror(err));
	else if (kind != NM_PRIM_FILE)
		ok = refuse(d,
		    kind == NM_PRIM_DIRECTORY ? "a folder, not a library" : "not a regular file");
	else
		ok = check_pe(fd, size, d);
	nm_prim_close(fd);
	return ok;
}

struct wanting {
	char folder[MAX_PATH]; /* of the file that asks */
	char name[NM_PE_NAME]; /* the first that is not there */
};

/* Sets of functions have such names, and no file. */
static bool is_set(const char *name)
{
	return _strnicmp(name, "api-ms-win-", 11) == 0 || _strnicmp(name, "ext-ms-win-", 11) == 0;
}

static bool is_there(void *ctx, const char *name)
{
	struct wanting *w = ctx;
	char found[MAX_PATH];

	if (is_set(name) || GetModuleHandleA(name) ||
	    SearchPathA(w->folder, name, NULL, sizeof found, found, NULL) ||
	    SearchPathA(NULL, name, NULL, sizeof found, found, NULL))
		return true;
	(void)snprintf(w->name, sizeof w->name, "%s", name);
	return false;
}

/* The system does not say which. */
static void say_missing(struct nm_diag *d, const char *path)
{
	struct wanting w = { .folder = "." };
	size_t n = nm_path_folder(path);
	int fd = nm_prim_open(path);
	enum nm_prim_kind kind;
	struct nm_pe pe;
	uint64_t size;

	if (n && n < sizeof w.folder)
		(void)snprintf(w.folder, sizeof w.folder, "%.*s", (int)n, path);
	if (fd >= 0 && nm_prim_stat(fd, &kind, &size) == 0 &&
	    !nm_pe_open(&pe, read_bytes, &fd, size))
		nm_pe_each_import(&pe, is_there, &w);
	if (fd >= 0)
		nm_prim_close(fd);
	if (w.name[0])
		(void)nm_diag_set(d, NMERR_LOAD_EXPERT_FAILED, NM_NO_OFFSET,
		    "it needs %s, which is not there", w.name);
	else
		(void)refuse(d, "a library that one of its libraries needs is not there");
}

/* One line, as the system says it. */
static void say_error(struct nm_diag *d, const char *path, DWORD err)
{
	char text[256] = "";

	if (err == ERROR_MOD_NOT_FOUND) {
		say_missing(d, path);
		return;
	}
	if (err == ERROR_DLL_INIT_FAILED) {
		(void)refuse(d, "DllMain returned FALSE");
		return;
	}
	if (err >> 28 == 0xc) { /* of DllMain, which the loader took for an error */
		(void)nm_diag_set(d, NMERR_LOAD_EXPERT_FAILED, NM_NO_OFFSET,
		    "it crashed while it was loaded (exception 0x%08lx)", (unsigned long)err);
		return;
	}
	(void)FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL, err,
	    0, text, sizeof text, NULL);
	text[strcspn(text, "\r\n")] = '\0';
	(void)nm_diag_set(d, NMERR_LOAD_EXPERT_FAILED, NM_NO_OFFSET, "%s (error %lu)",
	    *text ? text : "the system refused it", (unsigned long)err);
}

void *nm_object_load(const char *path, int file_fd, bool now, struct nm_diag *d)
{
	HMODULE handle;

	(void)file_fd;
	(void)now; /* it always does */
	if (!check_file(path, d))
		return NULL;
	handle = LoadLibraryExA(path, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
	if (!handle)
		say_error(d, path, GetLastError());
	return handle;
}

bool nm_object_symbol(void *handle, const char *name, void *ret_fn)
{
	FARPROC p = GetProcAddress(handle, name);

	memcpy(ret_fn, &p, sizeof p);
	return p != NULL;
}

bool nm_object_path(const void *address, char *buf, size_t size)
{
	HMODULE module;

	return address && /* else it is the program's */
	       GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
				      GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
		   address, &module) &&
	       GetModuleFileNameA(module, buf, (DWORD)size) > 0;
}

bool nm_object_at(
    const void *pc, char *buf, size_t size, const char **ret_symbol, uint64_t *ret_offset)
{
	char path[MAX_PATH];
	HMODULE module;

	if (!nm_object_path(pc, path, sizeof path) ||
	    !GetModuleHandleExA(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
				    GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
		pc, &module))
		return false;
	(void)snprintf(buf, size, "%s", path + nm_path_folder(path));
	*ret_symbol = NULL;
	*ret_offset = (uintptr_t)pc - (uintptr_t)module;
	return true;
}

void nm_object_unload(void *handle)
{
	(void)FreeLibrary(handle);
}
