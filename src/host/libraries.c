/* SPDX-License-Identifier: MIT */
/* Which libraries a Windows expert finds: those beside it, and the system's. */
#include "host/wine.h"
#include "system/files.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct places_for {
	char folder[4200]; /* of the expert */
	struct nm_wine wine;
};

/* As Windows does it: letters of either case. */
static bool is_in(const char *folder, const char *name)
{
	DIR *d = opendir(folder);
	struct dirent *e;
	bool found = false;

	while (d && !found && (e = readdir(d)))
		found = strcasecmp(e->d_name, name) == 0;
	if (d)
		(void)closedir(d);
	return found;
}

/* Names that Windows itself leads to other libraries. */
static bool is_alias(const char *name)
{
	return strncasecmp(name, "api-ms-win-", 11) == 0 ||
	       strncasecmp(name, "ext-ms-win-", 11) == 0;
}

static bool has_library(void *ctx, enum nm_pe_machine machine, const char *name)
{
	const struct places_for *p = ctx;

	(void)machine;
	return strcasecmp(name, "nmapi.dll") == 0 || is_alias(name) || is_in(p->folder, name) ||
	       is_in(p->wine.dlls, name);
}

static bool read_bytes(void *ctx, void *buf, size_t n, uint64_t offset)
{
	return nm_prim_pread(*(int *)ctx, buf, n, offset) == (ssize_t)n;
}

bool nm_wine_look(const char *path, int fd, struct nm_dll *ret)
{
	struct places_for p = { .folder = "." };
	const struct nm_dll_search search = { has_library, &p };
	size_t n = nm_path_folder(path);
	enum nm_prim_kind kind;
	uint64_t bytes;
	char head[2];

	if (nm_prim_stat(fd, &kind, &bytes) || kind != NM_PRIM_FILE ||
	    !read_bytes(&fd, head, sizeof head, 0) || memcmp(head, "MZ", 2) != 0)
		return false;
	if (n)
		(void)snprintf(p.folder, sizeof p.folder, "%.*s", (int)n, path);
	if (nm_dll_look(ret, read_bytes, &fd, bytes, NULL) && nm_wine_find(ret->machine, &p.wine))
		(void)nm_dll_look(ret, read_bytes, &fd, bytes, &search);
	return true;
}
